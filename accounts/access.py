"""The only doors: to an organisation, to an invitation, and to addresses that somebody asks to be led to.

404 hides what one may not know, 403 refuses what a member may not do.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Invitation, Membership, Organisation
from accounts.permissions import GRANTS, VERBS, membership_of

# Addresses with a token in them are never a place to come back to: they would end up stored.
TOKEN_PAGES = ("/sign-in/", "/sign-out/", "/invite/", "/account/email/")


def own_address(request: HttpRequest, address: str | None) -> str:
    """The address when it is a path of this site and may be stored; otherwise an empty text.

    Against being led elsewhere (open redirects): a scheme, a host, `//` and `\\` are all refused.
    """
    if not address or len(address) > 500 or not address.startswith("/") or address.startswith(TOKEN_PAGES):
        return ""
    if not address.isprintable():
        return ""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def get_organisation(person, slug, verb=None):
    """Find an organisation of which this person is a member, and check that they may do this in it.

    It carries `membership` (the person's) and `verbs`. One that was merged into another is found by its own members:
    no membership moves with a merge (docs/rules.md 30), and here they leave, or invite whoever follows them.

    Raises:
        Http404: there is no such organisation for this person.
        PermissionDenied: they are a member, and may not do this.
        LookupError: no such verb.
    """
    if verb is not None and verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    organisation = get_object_or_404(Organisation, slug=slug)
    organisation.membership = membership_of(person, organisation)
    if organisation.membership is None:
        raise Http404
    organisation.verbs = GRANTS[organisation.membership.role]
    if verb and verb not in organisation.verbs:
        raise PermissionDenied
    return organisation


class OrganisationMixin:
    """For views of one's own organisation: `self.organisation`, and `organisation` and `verbs` in the template."""

    verb = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.organisation = get_organisation(request.user, kwargs["slug"], self.verb)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            organisation=self.organisation, verbs=self.organisation.verbs, **kwargs
        )


def invitations_in_hand(person):
    """Invitations that this person may settle: those they sent, and those into organisations that they own.

    Whoever sent one for an organisation that they have left has no say in it any more.
    """
    mine = Membership.objects.current().filter(person=person)
    owned = mine.filter(role=Membership.Role.OWNER).values("organisation")
    in_hand = Q(organisation__in=owned) | Q(on_behalf_of__in=owned)
    in_hand |= Q(invited_by=person, on_behalf_of__in=mine.values("organisation"))
    if person.is_staff:
        # The first Owner of an organisation is invited from the admin.
        in_hand |= Q(invited_by=person, on_behalf_of=None)
    return Invitation.objects.filter(in_hand)

"""What every action about a request for funding needs: the lock, for whom somebody acts, its steps, telling the other."""

from django.utils.translation import gettext as _

from accounts.audit import subject_of
from accounts.models import Membership
from accounts.notices import owe
from accounts.permissions import GRANTS, people_who_may
from partnerships.funding import VERB
from partnerships.models import FundingRequest, FundingStep


class CannotRequest(Exception):
    """A request for funding can't be written, sent, answered or taken back like this, or not any more."""


class ChangedMeanwhile(CannotRequest):
    """It is not what was read."""


class IsGone(CannotRequest):
    """It was a draft, and somebody has thrown it away."""


def lock(request, actor):
    """The request under its lock, and the one of the two for which the actor acts.

    Raises:
        CannotRequest: the actor works for neither of them, or belongs to both.
        IsGone
    """
    request = FundingRequest.objects.select_for_update().filter(pk=request.pk).first()
    if request is None:
        raise IsGone(_("Somebody threw this draft away meanwhile."))
    two = [request.sender_id, request.receiver_id]
    memberships = list(
        Membership.objects.current().filter(person=actor, organisation__in=two).select_related("organisation")
    )
    if len(memberships) != 1 or VERB not in GRANTS[memberships[0].role]:
        raise CannotRequest(_("You can’t do this for either of the two."))
    return request, memberships[0].organisation


def last_step(request):
    """The newest step of a request; None while it is a draft."""
    return request.steps.order_by("-number").first()


def add_step(request, kind, *, organisation, person, at, **what):
    """The next step of a request whose row the caller has locked."""
    before = last_step(request)
    number = before.number + 1 if before else 1
    return FundingStep.objects.create(
        request=request, number=number, kind=kind, organisation=organisation, person=person, at=at, **what
    )


def tell_of_request(step, organisation, *, kind, at):
    """Owe each Lead and Owner of an organisation one message of this kind about a step of a request."""
    request = step.request
    for person in people_who_may(VERB, [organisation])[organisation.pk]:
        owe(
            person,
            kind=kind,
            key=f"{kind.replace('_', '-')}:{step.pk}:p{person.pk}",
            at=at,
            subject=subject_of(request),
        )

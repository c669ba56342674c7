"""Whoever is invited as a partner and belongs to an organisation already brings that one, instead of a second of its kind."""

import datetime as dt

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.hooks import TAKEN_HOOKS
from accounts.models import Invitation, JoinRequest, Membership, Organisation, Person


class CannotBring(Exception):
    """This organisation can't be brought with this invitation."""


def organisations_to_bring(invitation: Invitation, person: Person) -> list[Organisation]:
    """Own organisations for which somebody may accept a partner's invitation, in place of the one it set up.

    Current ones of the invited kind for which they do the work, and which the invitation can still bring.
    None for an invitation among colleagues, or into an organisation that somebody has joined.
    """
    if invitation.on_behalf_of_id is None or invitation.organisation.memberships.exists():
        return []
    own = Membership.objects.current().filter(person=person).exclude(role=Membership.Role.READER)
    taken = {pk for hook in TAKEN_HOOKS for pk in hook(invitation)} | {invitation.on_behalf_of_id}
    return list(
        Organisation.objects.current()
        .filter(kind=invitation.organisation.kind, pk__in=own.values("organisation"))
        .exclude(pk__in=taken)
        .order_by("name", "pk")
    )


def bring(invitation: Invitation, pk: int, person: Person) -> Membership:
    """Let an invitation, whose row the caller has locked, be one of an organisation that is here already.

    Returns the person's membership in it.

    Raises:
        CannotBring: it is none of `organisations_to_bring`.
    """
    # Not against rows that refer to it: whoever holds a project and adds one would wait for us, and we for them.
    organisation = Organisation.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if organisation not in organisations_to_bring(invitation, person):
        raise CannotBring(_("Choose one of your organisations."))
    membership = Membership.objects.select_related("organisation", "person").get(
        organisation=organisation, person=person
    )
    empty = invitation.organisation
    invitation.organisation, invitation.role = organisation, membership.role
    invitation.save(update_fields=["organisation", "role"])
    _let_go(empty, organisation)
    return membership


def _let_go(empty, organisation):
    """Nobody ever belonged to it: it goes; where something refers to it, it is another name of the one that came."""
    referred = (
        Invitation.objects.filter(organisation=empty).exists()
        or JoinRequest.objects.filter(organisation=empty).exists()
    )
    if not referred:
        try:
            empty.delete()
        except ProtectedError:
            referred = True
    if referred:
        Organisation.objects.filter(pk=empty.pk).update(merged_into=organisation)


def close_the_door(invitation: Invitation, empty_pk: int, *, at: dt.datetime) -> None:
    """Once somebody has come, nobody from outside invites into that organisation any more (docs/rules.md 13)."""
    Invitation.objects.filter(
        organisation=empty_pk, accepted_at=None, withdrawn_at=None, on_behalf_of__isnull=False
    ).exclude(pk=invitation.pk).update(withdrawn_at=at)

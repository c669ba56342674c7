"""Members of an organisation: what they may do, who takes over when they leave, who asks to join."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actions.invitations import add_member
from accounts.audit import record, subject_of
from accounts.hooks import HELD_HOOKS, LEFT_HOOKS, ROLE_HOOKS
from accounts.models import JoinRequest, Membership, Organisation, Person
from accounts.notices import owe

Role = Membership.Role


class LastOwner(Exception):
    """An organisation can't be without an Owner."""


class NotAMember(Exception):
    """The membership has ended, or the person who should take over can't."""


class AlreadyDecided(Exception):
    """Somebody else has answered this request to join."""


def _lock(membership):
    """The membership as it is now, with its organisation's row locked, so that two changes can't cross."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    current = (
        Membership.objects.current().select_related("organisation", "person").filter(pk=membership.pk).first()
    )
    if current is None:
        raise NotAMember(_("This person is no member any more."))
    return current


def _keep_an_owner(membership):
    # Whoever is shut out of signing in can't look after anything.
    others = Membership.objects.current().filter(
        organisation=membership.organisation, role=Role.OWNER, person__is_active=True
    )
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise LastOwner(
            _("%(name)s needs an Owner. Make somebody else Owner first.") % {"name": membership.organisation}
        )


@transaction.atomic
def change_member(
    membership: Membership, *, role: str, may_sign: bool, actor: Person, at: dt.datetime
) -> Membership:
    """Give a member another role, or the right to sign.

    Raises:
        LastOwner: nobody else is Owner.
        NotAMember
    """
    membership = _lock(membership)
    before = {"role": membership.role, "may_sign": membership.may_sign}
    after = {"role": str(role), "may_sign": may_sign}
    if before == after:
        return membership
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role, membership.may_sign = role, may_sign
    membership.save(update_fields=["role", "may_sign"])
    if before["role"] != role:
        for hook in ROLE_HOOKS:
            hook(membership, at=at)
    record(
        "membership.changed", membership, actor=actor, at=at, organisation=membership.organisation,
        before=before, after=after,
    )  # fmt: skip
    return membership


def held_by(membership: Membership) -> list[str]:
    """What a member holds that somebody has to take over, as lines to read."""
    return [line for hook in HELD_HOOKS for line in hook(membership)]


def who_may_take_over(membership: Membership) -> QuerySet[Person]:
    """Colleagues who can take over what a member holds: a Reader could settle nothing of it."""
    able = (
        Membership.objects.current()
        .filter(organisation=membership.organisation_id, person__is_active=True)
        .exclude(role=Role.READER)
        .exclude(pk=membership.pk)
    )
    return Person.objects.filter(pk__in=able.values("person")).order_by("name", "pk")


def hand_over_checked(membership: Membership, successor: Person | None) -> Person | None:
    """The successor, when they can take over.

    Raises:
        NotAMember: they can't.
    """
    if successor is not None and successor not in who_may_take_over(membership):
        raise NotAMember(_("Choose a Lead or an Owner to take over."))
    return successor


@transaction.atomic
def end_membership(
    membership: Membership, *, hand_over_to: Person | None, actor: Person, at: dt.datetime
) -> None:
    """Somebody leaves, or is removed. What was theirs goes to a colleague; the membership is kept as ended.

    The other Owners, the colleague and whoever was removed are told.

    Arguments:
        hand_over_to: a Lead or Owner who takes over; None when there is nothing or nobody.

    Raises:
        LastOwner: nobody else is Owner.
        NotAMember: it has ended already, or the colleague is none who can take over.
    """
    membership = _lock(membership)
    organisation = membership.organisation
    _keep_an_owner(membership)
    colleagues = Membership.objects.current().filter(organisation=organisation).exclude(pk=membership.pk)
    hand_over_checked(membership, hand_over_to)
    membership.left_at, membership.may_sign = at, False
    membership.save(update_fields=["left_at", "may_sign"])
    record(
        "membership.ended", membership, actor=actor, at=at, organisation=organisation,
        hand_over_to=hand_over_to.pk if hand_over_to else None,
    )  # fmt: skip
    for hook in LEFT_HOOKS:
        hook(membership, hand_over_to=hand_over_to, actor=actor, at=at)
    told = {owner.person for owner in colleagues.filter(role=Role.OWNER).select_related("person")}
    if hand_over_to is not None:
        told.add(hand_over_to)
    if actor != membership.person:
        told.add(membership.person)
    for person in sorted(told - {actor}, key=lambda person: person.pk):
        owe(
            person, kind="member_left", key=f"member-left:{membership.pk}:{at.isoformat()}:p{person.pk}", at=at,
            subject=subject_of(membership), hand_over_to=hand_over_to.pk if hand_over_to else None,
        )  # fmt: skip


# Asking to join ----------------------------------------------------------------------------------


@transaction.atomic
def request_to_join(organisation: Organisation, *, actor: Person, at: dt.datetime) -> JoinRequest:
    """Ask to join an organisation that exists. Its Owners decide; the admin where it has none (docs/rules.md 25).

    Asking again changes nothing.
    """
    request, created = JoinRequest.objects.get_or_create(
        organisation=organisation, person=actor, decided_at=None, defaults={"created_at": at}
    )
    if created:
        record("join_request.filed", request, actor=actor, at=at, organisation=organisation, private=True)
        for person in who_decides(organisation):
            owe(
                person, kind="join_request", key=f"join-request:{request.pk}:p{person.pk}", at=at,
                subject=subject_of(request),
            )  # fmt: skip
    return request


def who_decides(organisation: Organisation) -> list[Person]:
    """The Owners of an organisation; staff where it has none, as after an import."""
    owners = Membership.objects.current().filter(organisation=organisation, role=Role.OWNER)
    people = Person.objects.filter(is_active=True)
    return list(people.filter(pk__in=owners.values("person")).order_by("pk")) or list(
        people.filter(is_staff=True).order_by("pk")
    )


@transaction.atomic
def decide_join_request(
    request: JoinRequest, *, accept: bool, role: str = Role.LEAD, actor: Person, at: dt.datetime
) -> JoinRequest:
    """Let somebody in, or not. They are told.

    Raises:
        AlreadyDecided
    """
    organisation = Organisation.objects.select_for_update().get(pk=request.organisation_id)
    request = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if request.decided_at is not None:
        raise AlreadyDecided(_("Somebody has answered this request already."))
    request.decided_at, request.decided_by, request.accepted = at, actor, accept
    request.save(update_fields=["decided_at", "decided_by", "accepted"])
    if accept:
        add_member(organisation, request.person, role, at=at)
    record("join_request.decided", request, actor=actor, at=at, organisation=organisation, accepted=accept)
    owe(
        request.person,
        kind="join_decided",
        key=f"join-decided:{request.pk}",
        at=at,
        subject=subject_of(request),
    )
    return request

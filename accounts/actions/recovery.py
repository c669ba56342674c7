"""Giving an account back to somebody who has lost every way in. It takes two of staff, and is told to many."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.people import AddressTaken, end_sessions
from accounts.audit import record, subject_of
from accounts.models import Membership, Person, Recovery, SignInLink
from accounts.models.person import normal_email
from accounts.notices import owe


class CannotRecover(Exception):
    """This account can't be recovered like this."""


@transaction.atomic
def ask_for_recovery(
    person: Person, *, reason: str, email: str = "", actor: Person, at: dt.datetime
) -> Recovery:
    """One of staff asks. Nothing changes before another one approves.

    Arguments:
        reason: who asked, and how staff know that it is really them.
        email: a new address, where the mailbox is lost as well.

    Raises:
        CannotRecover: it is their own account, a closed one, or one for which somebody has asked before.
        AddressTaken
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    email = normal_email(email)
    check_recovery(person, email=email, actor=actor)
    recovery = Recovery.objects.create(person=person, reason=reason, email=email, asked_by=actor, asked_at=at)
    record("recovery.asked", recovery, actor=actor, at=at)
    return recovery


def check_recovery(person: Person, *, email: str, actor: Person) -> None:
    """Whether this may be asked: the page says so beside what was typed, and the action asks again.

    Raises:
        CannotRecover, AddressTaken: see `ask_for_recovery`.
    """
    if person == actor:
        raise CannotRecover(_("Ask a colleague to recover your own account."))
    if not person.is_active:
        raise CannotRecover(_("This account is closed."))
    if Recovery.objects.filter(person=person, decided_at=None).exists():
        raise CannotRecover(_("Somebody has asked for this account already."))
    if email and Person.objects.filter(email=email).exists():
        raise AddressTaken(_("This address belongs to an account."))


@transaction.atomic
def decide_recovery(recovery: Recovery, *, approve: bool, actor: Person, at: dt.datetime) -> Recovery:
    """Another one of staff decides. Approved, every second factor and the password go, and every session ends.

    The person, at the old address as well, and the members of their organisations are told.

    Raises:
        CannotRecover: the same person asked, it is their own account, or it was decided before.
        AddressTaken
    """
    recovery = Recovery.objects.select_for_update().get(pk=recovery.pk)
    if recovery.decided_at is not None:
        raise CannotRecover(_("Somebody has decided already."))
    if actor.pk in (recovery.asked_by_id, recovery.person_id):
        raise CannotRecover(_("A second one of staff has to decide."))
    recovery.decided_by, recovery.decided_at, recovery.approved = actor, at, approve
    recovery.save(update_fields=["decided_by", "decided_at", "approved"])
    record("recovery.decided", recovery, actor=actor, at=at, approved=approve)
    if approve:
        _recover(recovery, at)
    return recovery


def _recover(recovery, at):
    person = Person.objects.select_for_update().get(pk=recovery.person_id)
    before = person.email
    if recovery.email:
        if Person.objects.filter(email=recovery.email).exclude(pk=person.pk).exists():
            raise AddressTaken(_("This address belongs to an account."))
        person.email = recovery.email
    person.set_unusable_password()
    person.save(update_fields=["email", "password"])
    Authenticator.objects.filter(user=person).delete()
    SignInLink.objects.filter(person=person, used_at=None).delete()
    end_sessions(person)
    subject = subject_of(recovery)
    if recovery.email:
        owe(
            None, address=before, kind="email_changed", key=f"recovered:{recovery.pk}:before", at=at, subject=subject
        )  # fmt: skip
    mine = Membership.objects.current().filter(person=person).values("organisation")
    members = Membership.objects.current().filter(organisation__in=mine).values("person")
    for told in Person.objects.filter(pk__in=members, is_active=True).order_by("pk") | Person.objects.filter(
        pk=person.pk
    ):
        owe(
            told, kind="account_recovered", key=f"recovered:{recovery.pk}:p{told.pk}", at=at, subject=subject
        )  # fmt: skip

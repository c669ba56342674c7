"""What people change about themselves, from their name to closing the account."""

import datetime as dt
from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions.members import LastOwner, hand_over_checked
from accounts.actions.sign_in import ONE_MAIL_EVERY, LinkNotValid
from accounts.audit import record, subject_of
from accounts.hooks import EXPORT_HOOKS, LEFT_HOOKS
from accounts.models import (
    CalendarFeed,
    EmailChange,
    Event,
    Invitation,
    JoinRequest,
    KeptPost,
    Membership,
    Notice,
    Organisation,
    Person,
    Recovery,
    SavedView,
    SignInLink,
    Snooze,
)
from accounts.notices import owe, void
from accounts.tokens import new_token, token_hash

CHANGE_LASTS = dt.timedelta(hours=24)

# What a person writes about themselves. Of the personal ones the history says only that they changed.
PROFILE = (
    "name", "called", "language", "time_zone", "theme", "phone", "needs", "needs_shared",
    "mail_turn", "mail_others", "mail_reminders", "mail_summary", "best_day", "best_hour",
)  # fmt: skip
PERSONAL = {"name", "called", "phone", "needs"}


class AddressTaken(Exception):
    """Somebody else has got this address in the meantime."""


@transaction.atomic
def change_person(person: Person, *, values: dict, actor: Person, at: dt.datetime) -> Person:
    """Change what is written about a person. Names and the like never stand in the history.

    Arguments:
        values: any of PROFILE, cleaned.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = {name: getattr(person, name) for name in PROFILE if name in values}
    changed = {name: values[name] for name in before if values[name] != before[name]}
    if not changed:
        return person
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    plain = set(changed) - PERSONAL
    record(
        "person.changed", person, actor=actor, at=at, fields=sorted(changed),
        before={name: before[name] for name in sorted(plain)},
        after={name: changed[name] for name in sorted(plain)},
    )  # fmt: skip
    return person


def finish_welcome(person: Person, *, at: dt.datetime) -> None:
    """The welcome pages are done, and don't come again."""
    Person.objects.filter(pk=person.pk, welcomed_at=None).update(welcomed_at=at)


# E-mail address ----------------------------------------------------------------------------------


@transaction.atomic
def ask_for_email_change(person: Person, email: str, *, at: dt.datetime) -> None:
    """Owe a link to the new address. Whether it has an account already is told to its owner only.

    Whoever asks twice within a minute gets one mail.

    Arguments:
        email: in its normal spelling.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    asked = EmailChange.objects.filter(person=person, email=email, created_at__gt=at - ONE_MAIL_EVERY)
    if asked.exists():
        return
    change = EmailChange.objects.create(
        person=person, email=email, created_at=at, expires_at=at + CHANGE_LASTS
    )
    record("person.email_change_asked", person, actor=person, at=at)
    key, subject = f"email-change:{change.pk}", subject_of(change)
    if Person.objects.filter(email=email).exclude(pk=person.pk).exists():
        owe(None, address=email, kind="email_change_taken", key=key, at=at, subject=subject)
    else:
        owe(None, address=email, kind="email_change", key=key, at=at, subject=subject)


def mint_email_change_link(change: EmailChange, *, at: dt.datetime) -> str:
    """Make the link that confirms a new address while its mail is being sent."""
    token = new_token()
    EmailChange.objects.filter(pk=change.pk).update(token_hash=token_hash(token))
    return settings.SITE_URL + reverse("accounts:email_change_confirm", args=[token])


def find_email_change(token: str, *, at: dt.datetime) -> EmailChange:
    """The change behind a token, as long as it counts. Looking uses nothing up.

    Raises:
        LinkNotValid
    """
    changes = EmailChange.objects.filter(
        token_hash=token_hash(token), used_at=None, expires_at__gt=at, person__is_active=True
    )
    change = changes.select_related("person").first()
    if change is None:
        raise LinkNotValid(_("This link no longer works."))
    return change


@transaction.atomic
def confirm_email_change(token: str, *, at: dt.datetime) -> Person:
    """From now on the person has the new address. The old one is told; links that were mailed there stop working.

    Raises:
        LinkNotValid
        AddressTaken
    """
    change = find_email_change(token, at=at)
    person = Person.objects.select_for_update().get(pk=change.person_id)
    if not EmailChange.objects.filter(pk=change.pk, used_at=None).update(used_at=at):
        raise LinkNotValid(_("This link no longer works."))
    before, person.email = person.email, change.email
    person.mail_returned_at = None
    try:
        with transaction.atomic():
            person.save(update_fields=["email", "mail_returned_at"])
    except IntegrityError as why:
        raise AddressTaken(_("This address belongs to another account.")) from why
    SignInLink.objects.filter(person=person, used_at=None).delete()
    EmailChange.objects.filter(person=person, used_at=None).delete()
    record("person.email_changed", person, actor=person, at=at)
    owe(
        None, address=before, kind="email_changed", key=f"email-changed:{change.pk}", at=at,
        subject=subject_of(person),
    )  # fmt: skip
    return person


# Leaving -----------------------------------------------------------------------------------------


def only_owner_of(person: Person) -> list[Organisation]:
    """Organisations that would be without an Owner if this person went."""
    owned = Organisation.objects.filter(
        pk__in=Membership.objects.current()
        .filter(person=person, role=Membership.Role.OWNER)
        .values("organisation")
    )
    # Whoever is shut out of signing in can't look after anything.
    others = (
        Membership.objects.current()
        .filter(role=Membership.Role.OWNER, person__is_active=True)
        .exclude(person=person)
    )
    return list(owned.exclude(pk__in=others.values("organisation")))


@transaction.atomic
def close_account(person: Person, *, successors: Mapping[int, Person] | None = None, at: dt.datetime) -> None:
    """Close an account and forget who it was. The key stays, so that history and signatures keep their author.

    Closing it again changes nothing. Whoever takes something over is told.

    Arguments:
        successors: the Lead or Owner who takes over, by the key of the membership that ends.

    Raises:
        LastOwner: they are the only Owner of an organisation.
        NotAMember: a successor is none who can take over.
    """
    successors = successors or {}
    mine = Membership.objects.current().filter(person=person)
    list(Organisation.objects.select_for_update().filter(pk__in=mine.values("organisation")).order_by("pk"))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.closed_at is not None:
        # The button was pressed twice.
        return
    if left_alone := only_owner_of(person):
        raise LastOwner(
            _("%(names)s needs an Owner. Make somebody else Owner first.")
            % {"names": ", ".join(str(organisation) for organisation in left_alone)}
        )
    record("person.closed", person, actor=person, at=at)
    memberships = list(mine.select_related("organisation"))
    heirs = {one.pk: hand_over_checked(one, successors.get(one.pk)) for one in memberships}
    mine.update(left_at=at, may_sign=False)
    for membership in memberships:
        heir = heirs[membership.pk]
        record(
            "membership.ended", membership, actor=person, at=at, organisation=membership.organisation,
            hand_over_to=heir.pk if heir else None,
        )  # fmt: skip
        for hook in LEFT_HOOKS:
            hook(membership, hand_over_to=heir, actor=person, at=at)
        if heir is not None:
            owe(
                heir, kind="member_left", key=f"member-left:{membership.pk}:{at.isoformat()}:p{heir.pk}",
                at=at, subject=subject_of(membership), hand_over_to=heir.pk,
            )  # fmt: skip
    nobody = f"closed-{person.pk}@closed.invalid"
    Invitation.objects.filter(email=person.email).update(email=nobody)
    Notice.objects.filter(address=person.email).update(address=nobody)
    void(recipient=person, reason=gettext_noop("The account is closed."), at=at)
    for model in (SignInLink, EmailChange, KeptPost, Snooze, SavedView, CalendarFeed):
        model.objects.filter(person=person).delete()
    JoinRequest.objects.filter(person=person, decided_at=None).delete()
    Recovery.objects.filter(person=person).update(email="", reason="")
    # The admin's own log names what it is about.
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk)
    ).update(object_repr="")
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    person.email, person.name, person.called, person.phone = nobody, "", "", ""
    person.needs, person.needs_shared = "", False
    person.is_active, person.is_staff, person.is_superuser, person.closed_at = False, False, False, at
    person.set_unusable_password()
    person.save()


def end_sessions(person: Person) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def personal_data(person: Person) -> dict:
    """Everything that is kept about a person, for themselves to take away."""
    memberships = person.memberships.select_related("organisation").order_by("pk")
    data = {
        "profile": {
            name: getattr(person, name)
            for name in ("email", *PROFILE, "paused_until", "mail_returned_at", "joined_at")
        },
        "memberships": [
            {
                "organisation": membership.organisation.name,
                "role": membership.role,
                "may_sign": membership.may_sign,
                "joined_at": membership.joined_at,
                "left_at": membership.left_at,
            }
            for membership in memberships
        ],
        "invitations": list(
            Invitation.objects.filter(email=person.email)
            .order_by("pk")
            .values("organisation__name", "created_at", "accepted_at", "declined_at")
        ),
        "requests_to_join": list(
            person.join_requests.order_by("pk").values("organisation__name", "created_at", "accepted")
        ),
        # What is in it, never its address: the file may lie anywhere.
        "calendar": CalendarFeed.objects.filter(person=person)
        .values("tasks", "dates", "organisation", "made_at")
        .first(),
        "sessions": list(
            UserSession.objects.filter(user=person).order_by("pk").values("created_at", "ip", "user_agent")
        ),
        "messages": list(
            Notice.objects.filter(recipient=person).order_by("pk").values("kind", "owed_at", "sent_at")
        ),
        "history": list(
            Event.objects.filter(actor=person).order_by("pk").values("at", "verb", "subject", "project")
        ),
    }
    for hook in EXPORT_HOOKS:
        data |= hook(person)
    return data

"""The messages of this app: who they are for by now, what their templates need, where their button leads."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.actions import mint_email_change_link, mint_invitation_link
from accounts.hooks import ABOUT_HOOKS, first_of
from accounts.models import EmailChange, Invitation, JoinRequest, Membership, Notice, Person, Recovery
from accounts.notices import NotWanted, Topic, kind

# As long as `actions.sign_in.LINK_LASTS`, which the page promises.
LINK_LASTS = dt.timedelta(minutes=30)

# Of what people write; the rest is on the page.
WORDS_OF_PEOPLE = 16
# Whoever asked for a link and got none for so long has asked again.
ASKED_KEEPS = dt.timedelta(hours=6)


@kind("sign_in_link", gettext_lazy("Link to sign in"), urgent=True, keeps=ASKED_KEEPS)
def sign_in_link(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": notice.params.get("next") or "/", "lasts": LINK_LASTS}


@kind("sign_in_unknown", gettext_lazy("Sign-in with an unknown address"), urgent=True, keeps=ASKED_KEEPS)
def sign_in_unknown(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": "/", "address": notice.address}


@kind("security_changed", gettext_lazy("A change of how they sign in"))
def security_changed(notice: Notice, _loaded, at: dt.datetime) -> dict:
    # A plain link: a mail that says "somebody changed your password" must not sign anybody in.
    return {"link": f"{settings.SITE_URL}/account/security/", "what": _changes()[notice.params["what"]]}


def _changes():
    return {
        "password_changed": _("Your password was changed."),
        "password_set": _("A password was set."),
        "totp_activated": _("An authenticator app was added."),
        "totp_deactivated": _("The authenticator app was removed."),
        "recovery_codes_generated": _("New recovery codes were made. The old ones stopped working."),
        "webauthn_added": _("A passkey was added."),
        "webauthn_removed": _("A passkey was removed."),
    }


# Invitations, members, addresses ------------------------------------------------------------------


def rows_of(model: type[Model], *related: str) -> Callable[[Sequence[Notice], dt.datetime], dict[str, Model]]:
    """A `load` that finds the rows of one model that messages are about, by their `subject`."""

    def load(notices, _at):
        keys = [int(notice.subject.rpartition(":")[2]) for notice in notices]
        rows = model.objects.select_related(*related).filter(pk__in=keys)
        return {f"{model._meta.label_lower}:{row.pk}": row for row in rows}

    return load


def row_of(notice: Notice, rows: dict[str, Model]) -> Model:
    """The row that a message is about.

    Raises:
        NotWanted: it is gone.
    """
    if notice.subject not in rows:
        raise NotWanted(gettext_noop("What it was about is gone."))
    return rows[notice.subject]


invitations = rows_of(Invitation, "organisation", "invited_by", "on_behalf_of", "passed_on_from")


def _settle(invitation):
    return {
        "path": reverse("accounts:invitation_settle", args=[invitation.pk]),
        "email": invitation.email,
        "organisation": str(invitation.organisation),
        "about": first_of(ABOUT_HOOKS, invitation),
    }


@kind("invite", gettext_lazy("Invitation"), load=invitations)
def invite(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    invitation = row_of(notice, rows)
    if invitation.is_answered or invitation.needs_confirmation or invitation.expires_at <= at:
        raise NotWanted(gettext_noop("The invitation is answered, withdrawn or too old."))
    return {
        "link": mint_invitation_link(invitation, at=at),
        "name": str(invitation.invited_by),
        "organisation": str(invitation.organisation),
        "partner": str(invitation.on_behalf_of or ""),
        "about": first_of(ABOUT_HOOKS, invitation),
        "message": Truncator(invitation.message).words(WORDS_OF_PEOPLE),
    }


@kind("invite_pass_on", gettext_lazy("An invitation was passed on"), load=invitations)
def invite_pass_on(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    invitation = row_of(notice, rows)
    if invitation.is_answered or not invitation.needs_confirmation:
        raise NotWanted(gettext_noop("The address is confirmed or refused already."))
    return _settle(invitation) | {"before": invitation.passed_on_from.email}


@kind("invite_declined", gettext_lazy("An invitation was declined"), topic=Topic.OTHERS, load=invitations)
def invite_declined(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    invitation = row_of(notice, rows)
    return _settle(invitation) | {"reason": Truncator(invitation.decline_reason).words(WORDS_OF_PEOPLE)}


@kind("invite_again", gettext_lazy("Asked for a new invitation"), topic=Topic.TURN, load=invitations)
def invite_again(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    invitation = row_of(notice, rows)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.passed_on_at:
        raise NotWanted(gettext_noop("The invitation is answered or withdrawn."))
    return _settle(invitation)


@kind(
    "join_request", gettext_lazy("Somebody asks to join"), load=rows_of(JoinRequest, "organisation", "person")
)
def join_request(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    request = row_of(notice, rows)
    if request.decided_at is not None:
        raise NotWanted(gettext_noop("Somebody has answered it."))
    organisation = request.organisation
    owns = Membership.objects.current().filter(
        organisation=organisation, person=notice.recipient, role=Membership.Role.OWNER
    )
    if owns.exists():
        path = reverse("accounts:member_list", args=[organisation.slug])
    else:
        path = reverse("admin:accounts_joinrequest_change", args=[request.pk])
    return {
        "path": path,
        "name": str(request.person),
        "email": request.person.email,
        "organisation": str(organisation),
    }


@kind("join_decided", gettext_lazy("Answer to who asked to join"), load=rows_of(JoinRequest, "organisation"))
def join_decided(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    request = row_of(notice, rows)
    path = reverse("accounts:organisation", args=[request.organisation.slug]) if request.accepted else "/"
    return {"path": path, "organisation": str(request.organisation), "accepted": bool(request.accepted)}


@kind("member_left", gettext_lazy("A member has left"), load=rows_of(Membership, "organisation", "person"))
def member_left(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    membership = row_of(notice, rows)
    mine = notice.recipient_id == membership.person_id
    successor = notice.params.get("hand_over_to")
    organisation = membership.organisation
    return {
        "path": "/" if mine else reverse("accounts:organisation", args=[organisation.slug]),
        "name": str(membership.person),
        "organisation": str(organisation),
        "mine": mine,
        "to_me": successor == notice.recipient_id,
        "successor": str(Person.objects.filter(pk=successor).first() or ""),
    }


@kind(
    "email_change",
    gettext_lazy("Link to change the address"),
    urgent=True,
    load=rows_of(EmailChange, "person"),
    keeps=ASKED_KEEPS,
)
def email_change(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    change = row_of(notice, rows)
    if change.used_at is not None or change.expires_at <= at:
        raise NotWanted(gettext_noop("The change is made, or its time is over."))
    return {"link": mint_email_change_link(change, at=at), "email": change.email}


@kind("email_change_taken", gettext_lazy("The new address has an account"), urgent=True, keeps=ASKED_KEEPS)
def email_change_taken(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": reverse("accounts:sign_in"), "email": notice.address}


@kind("email_changed", gettext_lazy("The address was changed"))
def email_changed(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": "/", "email": notice.address}


@kind("account_recovered", gettext_lazy("An account was given back"), load=rows_of(Recovery, "person"))
def account_recovered(notice: Notice, rows: dict, at: dt.datetime) -> dict:
    recovery = row_of(notice, rows)
    mine = notice.recipient_id == recovery.person_id
    return {"link": f"{settings.SITE_URL}/", "name": str(recovery.person), "mine": mine}


@kind("digest", gettext_lazy("Several messages in one"), carries=True)
def digest(notice: Notice, _loaded, at: dt.datetime) -> dict:
    # Its lines are put in by `sending.letters`, which knows what it carries.
    return {"path": "/"}


@kind("mail_test", gettext_lazy("A test"), urgent=True, keeps=ASKED_KEEPS)
def mail_test(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": reverse("portal:notifications")}

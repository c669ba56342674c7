"""Inviting people by e-mail, and what they and their inviters can answer."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.actions.bringing import bring, close_the_door
from accounts.actions.sign_in import ONE_MAIL_EVERY
from accounts.audit import record, subject_of
from accounts.hooks import ACCEPTED_HOOKS, DECLINED_HOOKS, REPLACED_HOOKS
from accounts.models import Event, Invitation, Membership, Organisation, Person
from accounts.models.person import normal_email
from accounts.notices import owe, void
from accounts.tokens import new_token, token_hash

INVITATION_LASTS = dt.timedelta(days=14)


class CannotInvite(Exception):
    """This address can't be invited, or not again."""


class InvitationGone(Exception):
    """The invitation was answered, withdrawn or passed on, is too old, or never existed. Which is not told."""


class WrongAccount(Exception):
    """The invitation is for another address than the one of whoever is signed in."""


class AccountExists(Exception):
    """The address has an account: its owner signs in before they answer."""


# Inviting ----------------------------------------------------------------------------------------


@transaction.atomic
def invite_member(
    organisation: Organisation,
    email: str,
    role: str = Membership.Role.LEAD,
    *,
    actor: Person,
    at: dt.datetime,
    message: str = "",
    on_behalf_of: Organisation | None = None,
) -> Invitation:
    """Invite somebody into an organisation. The mail leaves by itself.

    The caller has asked whether the actor may (`permissions.may`).

    Arguments:
        email: where the invitation goes; nobody else can accept it.
        message: a word to them, shown in the mail and on the page.
        on_behalf_of: the inviter's own organisation, where it is another one.

    Raises:
        CannotInvite: the address belongs to a member, has an open invitation, or is no plain address.
    """
    email = plain_address(email)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Membership.objects.current().filter(organisation=organisation, person__email=email).exists():
        raise CannotInvite(_("%(email)s is a member already.") % {"email": email})
    if Invitation.objects.open(at).filter(organisation=organisation, email=email).exists():
        raise CannotInvite(
            _("%(email)s has an open invitation. You can send it again on the members page.")
            % {"email": email}
        )
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        invited_by=actor,
        on_behalf_of=on_behalf_of,
        message=message,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    record(
        "invitation.sent",
        invitation,
        actor=actor,
        at=at,
        organisation=on_behalf_of or organisation,
        role=role,
    )
    _owe_invitation(invitation, at)
    return invitation


@transaction.atomic
def invite_new_organisation(
    kind: str,
    name: str,
    email: str,
    *,
    actor: Person,
    at: dt.datetime,
    on_behalf_of: Organisation | None,
    country: str = "",
    message: str = "",
) -> Invitation:
    """Set up an organisation that nobody belongs to yet, and invite its first Owner.

    It is set up even where one of that name exists: whether they are the same is for the invited person to say
    (`request_to_join`), and none of the inviter's business (docs/rules.md 25).

    Raises:
        CannotInvite: see `invite_member`.
    """
    organisation = Organisation(kind=kind, name=name, slug=free_slug(name), country=country)
    if on_behalf_of is not None:
        # A guess, until the invited person says.
        organisation.time_zone = on_behalf_of.time_zone
    organisation.save()
    record("organisation.set_up", organisation, actor=actor, at=at, organisation=on_behalf_of)
    return invite_member(
        organisation,
        email,
        Membership.Role.OWNER,
        actor=actor,
        at=at,
        message=message,
        on_behalf_of=on_behalf_of,
    )


def plain_address(email: str) -> str:
    """The address as it is kept. Look-alike letters would send an invitation to somebody else than it says.

    Raises:
        CannotInvite
    """
    email = normal_email(email)
    if not email.isascii():
        raise CannotInvite(_("Use an address with plain letters only."))
    return email


def free_slug(name: str) -> str:
    """An address for an organisation that no other has. It never changes again."""
    stem = slugify(name)[:70].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _owe_invitation(invitation, at):
    """The mail to a bare address: once for each time that the invitation is sent."""
    owe(
        None,
        address=invitation.email,
        kind="invite",
        key=f"invite:{invitation.pk}:{at.isoformat()}",
        at=at,
        subject=subject_of(invitation),
    )


def mint_invitation_link(invitation: Invitation, *, at: dt.datetime) -> str:
    """Make the link of an invitation while its mail is being sent. A link that was sent before stops working."""
    token = new_token()
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=token_hash(token))
    return settings.SITE_URL + reverse("accounts:invitation", args=[token])


# What the inviter does ---------------------------------------------------------------------------


@transaction.atomic
def send_invitation_again(invitation: Invitation, *, actor: Person, at: dt.datetime) -> Invitation:
    """Send an invitation once more, with a new link and a new fortnight. Also for one that is too old.

    After a "no thanks" it is a new invitation: what was answered stays as it was. Returns the one that is sent.
    Whoever presses twice within a minute sends one mail.

    Raises:
        InvitationGone: it was accepted, withdrawn or passed on.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.passed_on_at:
        raise InvitationGone(_("This invitation is answered or withdrawn."))
    if invitation.needs_confirmation:
        raise InvitationGone(_("Say first whether the new address is right."))
    sent = Event.objects.filter(verb="invitation.sent_again", subject=subject_of(invitation))
    if sent.filter(at__gt=at - ONE_MAIL_EVERY).exists():
        return invitation
    if invitation.declined_at:
        following = Invitation.objects.filter(passed_on_from=invitation, email=invitation.email).first()
        if following is not None:
            return send_invitation_again(following, actor=actor, at=at)
        successor = _succeed(invitation, invitation.email, at=at)
        record("invitation.sent_again", successor, actor=actor, at=at, organisation=_inviting(invitation))
        _owe_invitation(successor, at)
        return successor
    invitation.expires_at = at + INVITATION_LASTS
    invitation.save(update_fields=["expires_at"])
    void(kind="invite", subject=subject_of(invitation), reason=gettext_noop("Sent again."), at=at)
    record("invitation.sent_again", invitation, actor=actor, at=at, organisation=_inviting(invitation))
    _owe_invitation(invitation, at)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Person, at: dt.datetime) -> None:
    """Take an invitation back. Its link shows the same page as one that never existed.

    After a "no thanks" it says that they are left out for good: nobody waits to ask them again.

    Raises:
        InvitationGone: it was accepted, passed on, or withdrawn before.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.passed_on_at:
        raise InvitationGone(_("This invitation is answered or withdrawn."))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    void(subject=subject_of(invitation), reason=gettext_noop("The invitation was withdrawn."), at=at)
    record("invitation.withdrawn", invitation, actor=actor, at=at, organisation=_inviting(invitation))
    for hook in DECLINED_HOOKS:
        hook(invitation, at=at)


@transaction.atomic
def confirm_invitation(invitation: Invitation, *, actor: Person, at: dt.datetime) -> None:
    """Say yes to an address to which somebody passed an invitation on; only then is anything mailed there.

    Raises:
        InvitationGone: it does not wait for a word, or was withdrawn.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.is_answered or not invitation.needs_confirmation:
        raise InvitationGone(_("This invitation does not wait for you any more."))
    invitation.needs_confirmation = False
    invitation.expires_at = at + INVITATION_LASTS
    invitation.save(update_fields=["needs_confirmation", "expires_at"])
    record("invitation.confirmed", invitation, actor=actor, at=at, organisation=_inviting(invitation))
    _owe_invitation(invitation, at)


# What the invited person does --------------------------------------------------------------------


def find_invitation(token: str, *, at: dt.datetime) -> Invitation:
    """The invitation behind a token, as long as it can be answered. Looking uses nothing up.

    Raises:
        InvitationGone
    """
    invitation = (
        Invitation.objects.answerable(at)
        .filter(token_hash=token_hash(token))
        .select_related("organisation", "invited_by", "on_behalf_of")
        .first()
    )
    if invitation is None:
        raise InvitationGone(_("This invitation no longer works."))
    return invitation


def _lock(invitation, at):
    """The invitation with its row locked, as long as it can be answered."""
    locked = Invitation.objects.answerable(at).select_for_update().filter(pk=invitation.pk).first()
    if locked is None:
        raise InvitationGone(_("This invitation no longer works."))
    return locked


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, actor: Person | None, at: dt.datetime, own: int | None = None
) -> Membership:
    """Join the organisation. Of two who press at once, one joins.

    Arguments:
        actor: who is signed in; None for somebody who came by the link and has no account yet: they get one.
        own: the id of an own organisation that comes in place of the invited one (`organisations_to_bring`).

    Raises:
        InvitationGone
        CannotBring: this organisation can't come with it.
        WrongAccount: signed in with another address.
        AccountExists: not signed in, and the address has an account.
    """
    invitation = _lock(invitation, at)
    organisation = Organisation.objects.select_for_update().get(pk=invitation.organisation_id)
    person = actor
    if person is None:
        person = _new_person(invitation.email, organisation.time_zone, at)
    elif person.email != invitation.email:
        raise WrongAccount(_("This invitation is for another address."))
    if own is None:
        membership = add_member(organisation, person, invitation.role, at=at)
    else:
        membership = bring(invitation, own, person)
    if invitation.on_behalf_of_id is not None:
        close_the_door(invitation, organisation.pk, at=at)
    organisation = membership.organisation
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(
        "invitation.accepted",
        invitation,
        actor=person,
        at=at,
        organisation=organisation,
        role=membership.role,
    )
    for hook in ACCEPTED_HOOKS:
        hook(invitation, membership=membership, at=at)
    return membership


def _new_person(email, time_zone, at):
    """An account for somebody whose mailbox is proven. Who accepts two invitations at once gets one account."""
    language = get_language() or settings.LANGUAGE_CODE
    try:
        with transaction.atomic():
            return Person.objects.create_user(email, time_zone=time_zone, language=language, joined_at=at)
    except IntegrityError as why:
        raise AccountExists(_("This address has an account. Sign in to accept.")) from why


def add_member(organisation: Organisation, person: Person, role: str, *, at: dt.datetime) -> Membership:
    """Make somebody a member, or a member again. The first of an organisation becomes its Owner.

    For callers who have locked the organisation's row.
    """
    if (
        not Membership.objects.current()
        .filter(organisation=organisation, role=Membership.Role.OWNER)
        .exists()
    ):
        role = Membership.Role.OWNER
    membership, created = Membership.objects.get_or_create(
        organisation=organisation, person=person, defaults={"role": role, "joined_at": at}
    )
    if not created and membership.left_at is not None:
        membership.role, membership.left_at, membership.may_sign = role, None, False
        membership.save(update_fields=["role", "left_at", "may_sign"])
    return membership


@transaction.atomic
def decline_invitation(invitation: Invitation, *, reason: str = "", at: dt.datetime) -> None:
    """Say no. The inviter is told, with the reason when there is one.

    Raises:
        InvitationGone
    """
    invitation = _lock(invitation, at)
    invitation.declined_at, invitation.decline_reason = at, reason
    invitation.save(update_fields=["declined_at", "decline_reason"])
    record("invitation.declined", invitation, actor=None, at=at, organisation=_inviting(invitation))
    owe(
        invitation.invited_by,
        kind="invite_declined",
        key=f"invite-declined:{invitation.pk}",
        at=at,
        subject=subject_of(invitation),
    )
    for hook in DECLINED_HOOKS:
        hook(invitation, at=at)


@transaction.atomic
def pass_on_invitation(invitation: Invitation, email: str, *, at: dt.datetime) -> Invitation:
    """Name somebody else who should have it. The inviter confirms before anything is mailed there (docs/rules.md 25).

    Raises:
        InvitationGone
        CannotInvite: the address is no plain one, or the one it came to.
    """
    invitation = _lock(invitation, at)
    email = plain_address(email)
    if email == invitation.email:
        raise CannotInvite(_("That is the address it came to. Enter another one."))
    invitation.passed_on_at = at
    invitation.save(update_fields=["passed_on_at"])
    successor = _succeed(invitation, email, at=at, needs_confirmation=True)
    record("invitation.passed_on", invitation, actor=None, at=at, organisation=_inviting(invitation))
    owe(
        invitation.invited_by,
        kind="invite_pass_on",
        key=f"invite-pass-on:{successor.pk}",
        at=at,
        subject=subject_of(successor),
    )
    return successor


def _succeed(invitation, email, *, at, needs_confirmation=False):
    """An invitation like this one, in its place."""
    successor = Invitation.objects.create(
        organisation=invitation.organisation,
        email=email,
        role=invitation.role,
        invited_by=invitation.invited_by,
        on_behalf_of=invitation.on_behalf_of,
        message=invitation.message,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
        passed_on_from=invitation,
        needs_confirmation=needs_confirmation,
    )
    for hook in REPLACED_HOOKS:
        hook(invitation, successor=successor, at=at)
    return successor


def ask_for_new_invitation(token: str, *, at: dt.datetime) -> None:
    """Tell the inviter that somebody holds an invitation that is too old, or that they declined. Once a day.

    For any other token nothing happens, and nothing tells the difference.
    """
    invitation = (
        Invitation.objects.filter(
            token_hash=token_hash(token), accepted_at=None, withdrawn_at=None, passed_on_at=None
        )
        .exclude(declined_at=None, expires_at__gt=at)
        .select_related("invited_by")
        .first()
    )
    if invitation is not None:
        owe(
            invitation.invited_by,
            kind="invite_again",
            key=f"invite-again:{invitation.pk}:{at.date()}",
            at=at,
            subject=subject_of(invitation),
        )


def _inviting(invitation):
    """The organisation in whose history the line stands: the inviter's."""
    return invitation.on_behalf_of or invitation.organisation

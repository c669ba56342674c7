"""Answering an invitation, with an account or without, and what its sender settles."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import invitations_in_hand
from accounts.forms.organisations import AcceptForm, DeclineForm, PassOnForm
from accounts.hooks import ABOUT_HOOKS, OPENS_HOOKS, first_of
from accounts.models import Invitation
from accounts.views.sign_in import on_token_page, too_often


def _accept_form(request, invitation):
    """Asks whoever belongs to an organisation of the invited kind for whom they accept; nobody else is asked."""
    if not request.user.is_authenticated or request.user.email != invitation.email:
        return None
    organisations = actions.organisations_to_bring(invitation, request.user)
    accepting = request.resolver_match.url_name in ("invitation_accept", "invitation_join")
    return (
        AcceptForm(request.POST if accepting else None, organisations=organisations)
        if organisations
        else None
    )


def _page(request, invitation, token="", *, accept=None, pass_on=None, decline=None, status=200):
    context = {
        "invitation": invitation,
        "about": first_of(ABOUT_HOOKS, invitation),
        "token": token,
        "wrong_account": request.user.is_authenticated and request.user.email != invitation.email,
        "pass_on_form": pass_on or PassOnForm(),
        "decline_form": decline or DeclineForm(),
        "accept_form": accept or _accept_form(request, invitation),
        "form": accept or pass_on or decline,
    }
    return render(request, "accounts/invitation.html", context, status=status)


def _gone(request, token):
    """One page for an invitation that is answered, withdrawn, too old or was never sent."""
    return render(request, "accounts/invitation_gone.html", {"token": token}, status=404)


def _on_invitation(view):
    """Finds the invitation behind the token; otherwise shows the page that all those share."""

    def wrapper(request, token):
        try:
            return view(request, actions.find_invitation(token, at=timezone.now()), token)
        except actions.InvitationGone:
            return _gone(request, token)

    return on_token_page(wrapper)


@_on_invitation
@require_safe
def invitation(request, invitation, token):
    """Who invites, to what, what it costs, what they will see. Looking uses nothing up."""
    return _page(request, invitation, token)


@_on_invitation
@require_POST
def invitation_accept(request, invitation, token):
    """Join. Somebody without an account gets one: the link has shown that the mailbox is theirs."""
    actor = request.user if request.user.is_authenticated else None
    form = _accept_form(request, invitation)
    if form and not form.is_valid():
        return _page(request, invitation, token, accept=form, status=422)
    try:
        membership = _accepted(invitation, form, actor)
    except (actions.WrongAccount, actions.CannotBring):
        return redirect("accounts:invitation", token)
    except actions.AccountExists:
        # The link is good for two weeks, too long to sign in with: a fresh one is mailed to the same address.
        next = reverse("accounts:invitation_open", args=[invitation.pk])
        messages.info(request, _("You have an account already. Sign in to accept."))
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': next})}")
    if actor is None:
        return perform_login(request, membership.person, redirect_url=_after(invitation, membership))
    return redirect(_after(invitation, membership))


def _accepted(invitation, form, actor):
    own = form.cleaned_data["own"] if form else None
    return actions.accept_invitation(invitation, actor=actor, own=own, at=timezone.now())


def _after(invitation, membership):
    """First the welcome pages, where they were not finished; then what the invitation was about."""
    if membership.person.welcomed_at is None:
        return reverse("accounts:welcome_you")
    return first_of(OPENS_HOOKS, invitation) or reverse(
        "accounts:organisation", args=[membership.organisation.slug]
    )


@_on_invitation
@require_POST
def invitation_decline(request, invitation, token):
    """No thanks. The inviter is told politely."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, token, decline=form, status=422)
    actions.decline_invitation(invitation, reason=form.cleaned_data["reason"], at=timezone.now())
    return render(request, "accounts/invitation_declined.html", {"invitation": invitation})


@_on_invitation
@require_POST
def invitation_pass_on(request, invitation, token):
    """Not me. The inviter says yes to the new address before anything is mailed there."""
    form = PassOnForm(request.POST)
    if form.is_valid():
        try:
            successor = actions.pass_on_invitation(invitation, form.cleaned_data["email"], at=timezone.now())
        except actions.CannotInvite as why:
            form.add_error("email", str(why))
        else:
            context = {"invitation": invitation, "email": successor.email}
            return render(request, "accounts/invitation_passed_on.html", context)
    return _page(request, invitation, token, pass_on=form, status=422)


@_on_invitation
@require_POST
def invitation_switch(request, invitation, token):
    """Leave the account one is signed in with, and come back to the invitation."""
    logout(request)
    return redirect("accounts:invitation", token)


@on_token_page
@require_POST
def invitation_again(request, token):
    """Ask for a new one, in one tap. The answer is the same for every token."""
    if not ratelimit.consume(request, action="invite_again"):
        return render(
            request, "accounts/invitation_gone.html", {"token": token, "too_often": too_often()}, status=429
        )
    actions.ask_for_new_invitation(token, at=timezone.now())
    return render(request, "accounts/invitation_asked_again.html")


# For whoever is signed in ------------------------------------------------------------------------


def _for_me(request, pk):
    """An open invitation to the address of whoever is signed in."""
    open_ones = Invitation.objects.answerable(timezone.now()).filter(email=request.user.email)
    return get_object_or_404(open_ones.select_related("organisation", "invited_by", "on_behalf_of"), pk=pk)


@require_safe
def invitation_open(request, pk):
    """The same page for somebody who had an account: signing in has shown whose mailbox it is."""
    return _page(request, _for_me(request, pk))


@require_POST
def invitation_join(request, pk):
    """Accept without a token."""
    invitation = _for_me(request, pk)
    form = _accept_form(request, invitation)
    if form and not form.is_valid():
        return _page(request, invitation, accept=form, status=422)
    try:
        membership = _accepted(invitation, form, request.user)
    except actions.CannotBring:
        return redirect("accounts:invitation_open", pk)
    except actions.InvitationGone as why:
        raise Http404 from why
    return redirect(_after(invitation, membership))


def _in_hand(request, pk):
    found = invitations_in_hand(request.user).select_related("organisation", "on_behalf_of", "passed_on_from")
    return get_object_or_404(found, pk=pk)


@require_safe
def invitation_settle(request, pk):
    """For its sender: what became of it, and what can be done now."""
    invitation = _in_hand(request, pk)
    context = {
        "invitation": invitation,
        "about": first_of(ABOUT_HOOKS, invitation),
        "expired": not invitation.is_answered and invitation.expires_at <= timezone.now(),
        "can_send_again": not (
            invitation.accepted_at
            or invitation.withdrawn_at
            or invitation.passed_on_at
            or invitation.needs_confirmation
        ),
    }
    return render(request, "accounts/invitation_settle.html", context)


def _settle(request, pk, action, done):
    invitation = _in_hand(request, pk)
    try:
        action(invitation, actor=request.user, at=timezone.now())
    except actions.InvitationGone as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done % {"email": invitation.email})
    return redirect("accounts:invitation_settle", pk)


@require_POST
def invitation_confirm(request, pk):
    """Yes, this address may have it."""
    return _settle(request, pk, actions.confirm_invitation, _("The invitation is on its way to %(email)s."))


@require_POST
def invitation_resend(request, pk):
    return _settle(
        request, pk, actions.send_invitation_again, _("A new invitation is on its way to %(email)s.")
    )


@require_POST
def invitation_withdraw(request, pk):
    return _settle(request, pk, actions.withdraw_invitation, _("The invitation to %(email)s is withdrawn."))

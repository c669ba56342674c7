"""How somebody signs in: what is set up, what is still needed and why."""

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.account.forms import SetPasswordForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts.access import own_address
from accounts.devices import SECOND_FACTOR_LATER
from accounts.models import Membership
from accounts.views.sign_in import CAME_BY_LINK

# Whoever came by a link this recently has just shown that the mailbox is theirs.
LINK_PROVES_FOR = dt.timedelta(minutes=15)


@method_decorator(never_cache, name="dispatch")
class Security(TemplateView):
    """Passkeys, authenticator app, recovery codes, password and sessions on one page."""

    template_name = "accounts/security.html"

    def get_context_data(self, **kwargs):
        factors = list(Authenticator.objects.filter(user=self.request.user))
        by_type = {factor.type: factor for factor in factors}
        codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
        return super().get_context_data(
            passkeys=[factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
            app=by_type.get(Authenticator.Type.TOTP),
            codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class SecondFactor(TemplateView):
    """Why a second step is needed, and the two ways to set one up."""

    template_name = "accounts/second_factor.html"

    def get(self, request, *args, **kwargs):
        if not request.user.needs_second_factor or request.user.has_second_factor:
            return redirect("accounts:security")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        signs_for = Membership.objects.current().filter(person=self.request.user, may_sign=True)
        return super().get_context_data(
            signs_for=[membership.organisation for membership in signs_for.select_related("organisation")],
            can_wait=settings.SECOND_FACTOR_CAN_WAIT,
            **kwargs,
        )


@require_POST
def second_factor_later(request):
    """Not now. Only where the installation is for trying out."""
    if not settings.SECOND_FACTOR_CAN_WAIT:
        raise Http404
    request.session[SECOND_FACTOR_LATER] = True
    return redirect(own_address(request, request.POST.get("next")) or "/")


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PasswordForgotten(FormView):
    """A new password without the old one, for whoever has just come by a link to their mailbox."""

    form_class = SetPasswordForm
    template_name = "accounts/password_forgotten.html"

    def proven(self):
        came = self.request.session.get(CAME_BY_LINK) or {}
        since = timezone.now().timestamp() - came.get("at", 0)
        return came.get("person") == self.request.user.pk and since < LINK_PROVES_FOR.total_seconds()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def post(self, request, *args, **kwargs):
        if not self.proven():
            return redirect("accounts:password_forgotten")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        form.save()
        update_session_auth_hash(self.request, self.request.user)
        del self.request.session[CAME_BY_LINK]
        get_adapter().send_notification_mail("account/email/password_set", self.request.user)
        messages.success(self.request, _("Your password is set."))
        return redirect("accounts:security")

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(proven=self.proven(), **kwargs)

"""A person's own pages: settings, address, what is kept about them, and the way out."""

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from accounts import actions
from accounts.devices import THEME_COOKIE, WHO_COOKIE
from accounts.forms.people import AccountCloseForm, EmailChangeForm, SettingsForm
from accounts.views.sign_in import on_token_page, too_often


class Settings(FormView):
    """Everything that a person says about themselves."""

    template_name = "accounts/settings.html"
    form_class = SettingsForm

    def get_form(self, form_class=None):
        return SettingsForm.of(
            self.request.user, self.request.POST if self.request.method == "POST" else None
        )

    def form_valid(self, form):
        person = actions.change_person(
            self.request.user, values=form.cleaned_data, actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("Saved."))
        response = redirect("accounts:settings")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, person.language, max_age=365 * 24 * 3600, samesite="Lax",
            secure=settings.HTTPS,
        )  # fmt: skip
        response.set_cookie(
            THEME_COOKIE, person.theme, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.HTTPS,
            httponly=True,
        )  # fmt: skip
        translation.activate(person.language)
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@method_decorator(reauthentication_required(), name="dispatch")
class EmailChange(FormView):
    """A new address; it counts once the link that goes there was opened."""

    template_name = "accounts/email_change.html"
    form_class = EmailChangeForm

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        if email == self.request.user.email:
            form.add_error("email", _("That is your address already."))
            return self.form_invalid(form)
        if not email.isascii():
            form.add_error("email", _("Use an address with plain letters only."))
            return self.form_invalid(form)
        if not ratelimit.consume(self.request, action="email_change"):
            form.add_error(None, too_often())
            return self.form_invalid(form, status=429)
        actions.ask_for_email_change(self.request.user, email, at=timezone.now())
        return render(self.request, "accounts/email_change_sent.html", {"email": email})

    def form_invalid(self, form, status=422):
        return self.render_to_response(self.get_context_data(form=form), status=status)


@on_token_page
@require_http_methods(["GET", "HEAD", "POST"])
def email_change_confirm(request, token):
    """GET shows the new address and one button; POST makes it count."""
    at = timezone.now()
    try:
        if request.method != "POST":
            change = actions.find_email_change(token, at=at)
            return render(request, "accounts/email_change_confirm.html", {"change": change})
        person = actions.confirm_email_change(token, at=at)
    except actions.LinkNotValid:
        return render(request, "accounts/email_change_gone.html", status=404)
    except actions.AddressTaken:
        return render(request, "accounts/email_change_gone.html", {"taken": True}, status=409)
    return render(request, "accounts/email_change_done.html", {"email": person.email})


@never_cache
@require_safe
def data_download(request):
    """What is kept about the person, as a file."""
    response = JsonResponse(
        actions.personal_data(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-counterpart-data.json"'
    return response


@method_decorator([never_cache, reauthentication_required()], name="dispatch")
class AccountClose(FormView):
    """What closing means, whether it can be done now, and who takes over what one holds."""

    template_name = "accounts/account_close.html"
    form_class = AccountCloseForm

    @cached_property
    def held(self):
        """What the person holds, as lines to read, by the membership they hold it in."""
        lines = {
            membership: actions.held_by(membership) for membership in self.request.user.current_memberships
        }
        return {membership: held for membership, held in lines.items() if held}

    def get_form_kwargs(self):
        colleagues = {membership: actions.who_may_take_over(membership) for membership in self.held}
        asked = {membership: people for membership, people in colleagues.items() if people}
        return super().get_form_kwargs() | {"colleagues": asked}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        fields = {
            membership: context["form"][name] for name, membership in context["form"].memberships.items()
        }
        return context | {
            "only_owner_of": actions.only_owner_of(self.request.user),
            "holdings": [(one.organisation, held, fields.get(one)) for one, held in self.held.items()],
        }

    def form_valid(self, form):
        try:
            actions.close_account(self.request.user, successors=form.successors(), at=timezone.now())
        except (actions.LastOwner, actions.NotAMember) as why:
            form.add_error(None, str(why))
            return self.form_invalid(form)
        logout(self.request)
        response = render(self.request, "accounts/account_closed.html")
        response.delete_cookie(WHO_COOKIE)
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

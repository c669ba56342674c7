"""Who may pass: signed in, with a second factor where one is needed; their language and zone come along."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import kept
from accounts.devices import SECOND_FACTOR_LATER, who_was_here

# Pages that somebody without their second factor needs in order to set it up, or to leave.
WITHOUT_SECOND_FACTOR = ("/account/security/", "/account/password/", "/sign-out/", "/theme/", "/static/")


def asked_by_script(request) -> bool:
    """Whether a script asked, which would take the sign-in page for its answer."""
    return bool(request.htmx) or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in, except where the view says otherwise. Nothing that was written is lost on the way."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            # Public pages look at no session; they take their language from the browser.
            return None
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        self._put_in_place(request)
        if self._lacks_second_factor(request):
            if request.method == "POST":
                self._keep(request, request.user.pk)
            return redirect("accounts:second_factor")
        return None

    def handle_no_permission(self, request, view_func):
        if asked_by_script(request):
            # A redirect would end in the middle of the page, or look like a success.
            response = HttpResponse(_("Sign in to go on."), status=401, content_type="text/plain")
            if request.htmx and request.method == "GET":
                response["HX-Redirect"] = resolve_url(self.get_login_url(view_func))
            return response
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if request.method == "POST":
            self._keep(request, who_was_here(request))
        # The address of a form may answer to nothing but POST, so it is no place to come back to.
        return redirect(self.get_login_url(view_func))

    def __call__(self, request):
        response = self.get_response(request)
        timezone.deactivate()
        self._drop(request, response)
        return response

    @staticmethod
    def _drop(request, response):
        """Forget a kept form once the page it was meant for has taken it, or shows it again with an error."""
        taken = response.status_code < 400 or response.status_code in (409, 422)
        if request.method == "POST" and taken and not getattr(request, "kept_again", False):
            if kept.MARK in request.POST and request.user.is_authenticated:
                kept.drop(request.user, request.POST[kept.MARK])

    @staticmethod
    def _put_in_place(request):
        timezone.activate(request.user.zone)
        language = request.user.language
        if language in dict(settings.LANGUAGES) and language != translation.get_language():
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()

    @staticmethod
    def _lacks_second_factor(request):
        person = request.user
        if not getattr(person, "needs_second_factor", False) or person.has_second_factor:
            return False
        if settings.SECOND_FACTOR_CAN_WAIT and request.session.get(SECOND_FACTOR_LATER):
            return False
        return not request.path.startswith(WITHOUT_SECOND_FACTOR)

    @staticmethod
    def _keep(request, person_id):
        if person_id is None or request.path.startswith(("/account/", "/admin/", "/sign-in/", "/invite/")):
            return
        request.kept_again = True
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        kept.keep(person_id, request.path, fields, had_files=bool(request.FILES), at=timezone.now())

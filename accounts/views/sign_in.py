"""Getting in without remembering anything: an e-mail field, a link, one button."""

from functools import wraps

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView, TemplateView

from accounts import actions
from accounts.access import own_address
from accounts.forms.sign_in import SignInForm

# In the session of whoever asked: the address, where they were going, when, and whether a mail was on its way by then.
ASKED = "sign_in_asked"
# In the session of whoever came by a link: that they did, and when (`accounts.views.security`).
CAME_BY_LINK = "came_by_link"

# Where mail is read in a browser, by the end of the address.
WEBMAIL = {
    "gmail.com": ("Gmail", "https://mail.google.com/"),
    "googlemail.com": ("Gmail", "https://mail.google.com/"),
    "outlook.com": ("Outlook", "https://outlook.live.com/mail/"),
    "hotmail.com": ("Outlook", "https://outlook.live.com/mail/"),
    "live.com": ("Outlook", "https://outlook.live.com/mail/"),
    "yahoo.com": ("Yahoo Mail", "https://mail.yahoo.com/"),
    "yahoo.co.uk": ("Yahoo Mail", "https://mail.yahoo.com/"),
    "icloud.com": ("iCloud Mail", "https://www.icloud.com/mail"),
    "proton.me": ("Proton Mail", "https://mail.proton.me/"),
    "gmx.net": ("GMX", "https://www.gmx.net/"),
    "gmx.de": ("GMX", "https://www.gmx.net/"),
    "web.de": ("WEB.DE", "https://web.de/"),
}


def on_token_page(view):
    """For pages with a token in their address: kept by no cache, and told to no other site.

    `no-referrer` would make the form post `Origin: null`, which Django refuses.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return wrapper


def too_often():
    """What somebody reads who has tried too often."""
    return _("That was too often. Wait 10 minutes, or call us: %(phone)s.") % {"phone": settings.HELP_PHONE}


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignIn(FormView):
    """One field, one button. What comes next is the same for every address."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"

    def dispatch(self, request, *args, **kwargs):
        self.next = own_address(request, request.POST.get("next") or request.GET.get("next"))
        if request.user.is_authenticated:
            return redirect(self.next or settings.LOGIN_REDIRECT_URL)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        if not ratelimit.consume(self.request, action="sign_in", key=email):
            form.add_error(None, too_often())
            return self.render_to_response(self.get_context_data(form=form), status=429)
        at = timezone.now()
        actions.ask_for_sign_in_link(email, next=self.next, at=at)
        # Drawn from this browser alone: what the address has, and who else asked for it, is not told.
        before, minute = self.request.session.get(ASKED, {}), actions.minute_of(at)
        again = (before.get("email"), before.get("minute")) == (email, minute)
        self.request.session[ASKED] = {"email": email, "next": self.next, "minute": minute, "again": again}
        return redirect("accounts:sign_in_sent")

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        query = f"?{urlencode({'next': self.next})}" if self.next else ""
        # The same for the passkey's own form.
        hidden = format_html('<input type="hidden" name="next" value="{}">', self.next) if self.next else ""
        return super().get_context_data(next=self.next, query=query, redirect_field=hidden, **kwargs)


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignInSent(TemplateView):
    """ "Check your email": the address, how long the link works, and ways on when nothing comes."""

    template_name = "accounts/sign_in_sent.html"

    def get(self, request, *args, **kwargs):
        if ASKED not in request.session:
            return redirect("accounts:sign_in")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        asked = self.request.session[ASKED]
        name, url = WEBMAIL.get(asked["email"].rpartition("@")[2], ("", ""))
        return super().get_context_data(
            email=asked["email"],
            next=asked["next"],
            again=asked.get("again", False),
            webmail_name=name,
            webmail_url=url,
            **kwargs,
        )


def link_gone(request, status=404):
    """One page for a link that is used, too old, or was never given out. It tells nothing of an account."""
    context = {"form": SignInForm(), "next": ""}
    return render(request, "accounts/sign_in_link_gone.html", context, status=status)


def masked(email):
    """Enough of an address for its owner: m•••@example.org."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"


@on_token_page
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request, token):
    """GET shows one button and uses nothing up, so that a mail scanner can't. POST signs in."""
    at = timezone.now()
    if request.user.is_authenticated and (own := actions.own_link(request.user, token)):
        return redirect(own_address(request, own.next) or settings.LOGIN_REDIRECT_URL)
    try:
        if request.method != "POST":
            link = actions.find_sign_in_link(token, at=at)
        else:
            link = actions.open_sign_in_link(token, at=at)
    except actions.LinkNotValid:
        return link_gone(request)
    if request.method == "POST":
        return _enter(request, link, at)
    return render(request, "accounts/sign_in_link.html", {"email": masked(link.person.email), "link": link})


def _enter(request, link, at):
    if request.user.is_authenticated and request.user != link.person:
        logout(request)
    request.session.pop(ASKED, None)
    request.session[CAME_BY_LINK] = {"person": link.person_id, "at": at.timestamp()}
    next = own_address(request, link.next)
    return perform_login(request, link.person, redirect_url=next or None, email=link.person.email)

"""Three short pages for somebody new. What may be left out can be skipped."""

from allauth.core import ratelimit
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView

from accounts import actions
from accounts.forms.people import WelcomeGroupForm, WelcomeReachForm, WelcomeYouForm
from accounts.hooks import OPENS_HOOKS, first_of
from accounts.models import How, Invitation, Membership
from accounts.views.sign_in import too_often


class WelcomePage(FormView):
    """One page of the welcome. Each knows the next."""

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @cached_property
    def new_organisation(self):
        """The organisation that this person has just set foot in as its first Owner, and may still name.

        None once they were welcomed: whoever could come back at any time could ask for name after name.
        """
        if self.request.user.welcomed_at is not None:
            return None
        memberships = Membership.objects.current().filter(
            person=self.request.user, role=Membership.Role.OWNER
        )
        for membership in memberships.select_related("organisation").order_by("-joined_at", "-pk"):
            if membership.organisation.memberships.count() == 1:
                return membership.organisation
        return None

    def get_context_data(self, **kwargs):
        pages = 3 if self.new_organisation else 2
        number = {"you": 1, "group": 2, "reach": pages}[self.page]
        return super().get_context_data(number=number, pages=pages, **kwargs)

    def finish(self):
        """Home, with what they were invited to open."""
        person = self.request.user
        actions.finish_welcome(person, at=timezone.now())
        accepted = Invitation.objects.filter(accepted_by=person).order_by("-accepted_at", "-pk").first()
        opens = first_of(OPENS_HOOKS, accepted) if accepted else ""
        return redirect(opens or reverse("portal:home"))


class WelcomeYou(WelcomePage):
    """Name, how to be called, language and time zone."""

    page = "you"
    template_name = "accounts/welcome_you.html"
    form_class = WelcomeYouForm

    def get_form(self, form_class=None):
        return WelcomeYouForm.of(
            self.request.user, self.request.POST if self.request.method == "POST" else None
        )

    def form_valid(self, form):
        actions.change_person(
            self.request.user, values=form.cleaned_data, actor=self.request.user, at=timezone.now()
        )
        return redirect("accounts:welcome_group" if self.new_organisation else "accounts:welcome_reach")


class WelcomeGroup(WelcomePage):
    """Name and country of a new organisation, and whether it is one that exists."""

    page = "group"
    template_name = "accounts/welcome_group.html"
    form_class = WelcomeGroupForm

    def dispatch(self, request, *args, **kwargs):
        if self.new_organisation is None:
            return redirect("accounts:welcome_reach")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {"name": self.new_organisation.name, "country": self.new_organisation.country}

    def form_valid(self, form):
        if not ratelimit.consume(self.request, action="welcome_group"):
            form.add_error(None, too_often())
            return self.render_to_response(self.get_context_data(form=form), status=429)
        organisation = actions.change_organisation(
            self.new_organisation, values=form.cleaned_data, actor=self.request.user, at=timezone.now()
        )
        same = self.request.POST.get("same")
        known = {str(other.pk): other for other in actions.alike(organisation, at=timezone.now())}
        if same in known:
            actions.request_to_join(known[same], actor=self.request.user, at=timezone.now())
        elif known and same != "none":
            # Asked once, on the same page.
            return self.render_to_response(self.get_context_data(form=form, alike=list(known.values())))
        if "finish" in self.request.POST:
            # The next page asks nothing that is needed: from the mail to home it is four taps.
            return self.finish()
        return redirect("accounts:welcome_reach")


class WelcomeReach(WelcomePage):
    """How to reach the person. Nothing is required; the last page either way."""

    page = "reach"
    template_name = "accounts/welcome_reach.html"
    form_class = WelcomeReachForm

    def get_form(self, form_class=None):
        return WelcomeReachForm.of(
            self.request.user, self.request.POST if self.request.method == "POST" else None
        )

    def post(self, request, *args, **kwargs):
        if "skip" in request.POST:
            return self.finish()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        values = dict(form.cleaned_data)
        values["mail_reminders"] = How.DAILY if values.pop("reminders") else How.OFF
        actions.change_person(self.request.user, values=values, actor=self.request.user, at=timezone.now())
        return self.finish()

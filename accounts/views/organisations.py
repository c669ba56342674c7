"""One's own organisation: what it says of itself, who belongs to it, who asks to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, ListView, TemplateView

from accounts import actions
from accounts.access import OrganisationMixin, get_organisation
from accounts.countries import COUNTRIES, city
from accounts.forms.organisations import ROLES, SIGNATORY, OrganisationForm
from accounts.models import Invitation, JoinRequest, Organisation


class OrganisationList(ListView):
    """For those who belong to several, or to none. Who belongs to one is led there."""

    template_name = "accounts/organisation_list.html"
    context_object_name = "organisations"

    def get_queryset(self):
        return Organisation.objects.of(self.request.user).order_by("name", "pk")

    def get(self, request, *args, **kwargs):
        mine = list(self.get_queryset()[:2])
        if len(mine) == 1:
            return redirect("accounts:organisation", mine[0].slug)
        return super().get(request, *args, **kwargs)


class OrganisationDetail(OrganisationMixin, TemplateView):
    """The profile, and what the three roles mean."""

    template_name = "accounts/organisation.html"

    def get_context_data(self, **kwargs):
        organisation = self.organisation
        rows = [
            {"label": _("Name"), "value": organisation.name},
            {
                "label": _("Legal name"),
                "value": organisation.legal_name,
                "missing": _missing(organisation.legal_name),
            },
            {
                "label": _("Registration number"),
                "value": organisation.registration_number,
                "missing": _missing(organisation.registration_number),
            },
            {
                "label": _("Country"),
                "value": str(dict(COUNTRIES).get(organisation.country, organisation.country)),
                "missing": _missing(organisation.country),
            },
            {"label": _("Time zone"), "value": city(organisation.time_zone)},
            {
                "label": _("What it works on"),
                "value": organisation.conditions,
                "missing": _missing(organisation.conditions),
            },
            {
                "label": _("Reading contracts"),
                "value": _("Without a lawyer: 10 working days before anybody is reminded.")
                if organisation.reads_without_lawyer
                else _("5 working days before anybody is reminded."),
            },
            {
                "label": _("Directory"),
                "value": _("Listed: others find it when they plan.")
                if organisation.listed
                else _("Not listed"),
            },
        ]
        rows += [
            {"label": label, "value": link, "url": link, "action": _("Open"), "away": True}
            for label, link in organisation.policy_links
        ] or [{"label": _("Policies"), "value": "", "missing": _missing("")}]
        rows.append({"label": _("Bank details"), **bank_check_of(organisation)})
        return super().get_context_data(rows=rows, roles=[text for _role, text in ROLES], **kwargs)


def bank_check_of(organisation):
    """Who has checked to whom the bank account belongs, and when, as its own members read it."""
    if organisation.bank_checked_on is None:
        return {"value": "", "missing": _("Nobody has checked them here yet")}
    words = _("Checked on %(day)s by %(person)s, %(organisation)s")
    return {
        "value": words
        % {
            "day": date_format(organisation.bank_checked_on, "j F Y"),
            "person": organisation.bank_checked_by,
            "organisation": organisation.bank_checked_for,
        }
    }


def _missing(value):
    return "" if value else _("Not said yet")


class OrganisationEdit(OrganisationMixin, FormView):
    """The profile as a form."""

    verb = "edit_organisation"
    template_name = "accounts/organisation_edit.html"
    form_class = OrganisationForm

    def get_initial(self):
        initial = {name: getattr(self.organisation, name) for name in OrganisationForm.base_fields}
        return initial | {f"policy_{code}": link for code, link in self.organisation.policies.items()}

    def form_valid(self, form):
        actions.change_organisation(
            self.organisation, values=form.values(), actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("The profile is saved."))
        return redirect("accounts:organisation", self.organisation.slug)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class MemberList(OrganisationMixin, TemplateView):
    """Members with role and last sign-in; for Owners also open invitations and requests to join."""

    template_name = "accounts/member_list.html"

    def get_context_data(self, **kwargs):
        members = self.organisation.memberships.current().select_related("person")
        context = {
            "members": members.order_by("person__name", "pk"),
            "roles": [text for _role, text in ROLES],
            "signatory": SIGNATORY,
        }
        if "invite_member" in self.organisation.verbs:
            context["invitations"] = (
                Invitation.objects.filter(organisation=self.organisation, accepted_at=None, declined_at=None)
                .filter(withdrawn_at=None, passed_on_at=None)
                .order_by("-created_at", "-pk")
            )
            context["join_requests"] = (
                JoinRequest.objects.filter(organisation=self.organisation, decided_at=None)
                .select_related("person")
                .order_by("created_at", "pk")
            )
            context["now"] = timezone.now()
        return super().get_context_data(**context, **kwargs)


def _decide(request, slug, pk, *, accept, done):
    organisation = get_organisation(request.user, slug, "decide_join_request")
    asked = get_object_or_404(JoinRequest.objects.select_related("person"), organisation=organisation, pk=pk)
    try:
        actions.decide_join_request(asked, accept=accept, actor=request.user, at=timezone.now())
    except actions.AlreadyDecided as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done % {"name": asked.person})
    return redirect("accounts:member_list", slug)


@require_POST
def join_request_accept(request, slug, pk):
    """Let them in, as a Lead. The role can be changed on the members page."""
    return _decide(request, slug, pk, accept=True, done=_("%(name)s is a member now."))


@require_POST
def join_request_decline(request, slug, pk):
    return _decide(request, slug, pk, accept=False, done=_("%(name)s was told that the answer is no."))

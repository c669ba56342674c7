"""Projects in the admin: to understand where one stands, and to let an agency in. Nothing else is written here."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly, ReadOnlyInline
from accounts.models import Organisation
from partnerships.actions.joining import CannotJoin, let_agency_in
from partnerships.actions.stages import what_blocks
from partnerships.models import Participation, PlanPart, Project, Turn
from partnerships.rulesets.plan import part_of, rows_of


class ParticipationInline(ReadOnlyInline):
    """Partners come by the plan and by invitation only; agencies by the page above."""

    model = Participation
    fields = ["organisation", "side", "role", "acts_for", "joined_at", "left_at"]
    verbose_name_plural = _("who takes part")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "acts_for", "project")


class TurnInline(ReadOnlyInline):
    model = Turn
    fields = ["organisation", "kind", "since", "due_on"]
    verbose_name_plural = _("whose turn it is")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "project")


class AgencyForm(forms.Form):
    """Let an agency in that works for one of the partners. It reads the project and decides nothing."""

    agency = forms.ModelChoiceField(Organisation.objects.none(), label=_("Agency"))
    acts_for = forms.ModelChoiceField(Organisation.objects.none(), label=_("Acts for"))

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.current()
        self.fields["agency"].queryset = organisations.filter(kind=Organisation.Kind.AGENCY).exclude(
            pk__in=project.participations.filter(left_at=None).values("organisation")
        )
        self.fields["acts_for"].queryset = Organisation.objects.filter(
            pk__in=project.participations.partners().values("organisation")
        )


@admin.register(Project)
class ProjectAdmin(ReadOnly):
    list_display = ["title", "reference", "stage", "partner_names", "ends_on", "origin"]
    list_filter = ["stage", "origin", "result", "withdraw_reason", "created_at"]
    search_fields = ["=reference", "title", "participations__organisation__name"]
    search_help_text = _("Project reference or title, or name of an organisation")
    ordering = ["-pk"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    list_select_related = ["principle_set"]
    list_per_page = 50
    inlines = [ParticipationInline, TurnInline]
    fieldsets = [
        (None, {"fields": ["title", "reference", "origin", "created_by", "created_at", "principle_set"]}),
        (_("Where it stands"), {"fields": ["stage", "stage_since", "waits_for", "let_in"]}),
        (
            _("Time"),
            {"fields": ["starts_on", "ends_on", "year", "time_zone", "closed_early_on", "review_due_on"]},
        ),
        (
            _("Result for patients"),
            {"fields": ["result", "result_how", "result_by", "result_for", "result_at"]},
        ),
        (
            _("The end"),
            {
                "fields": [
                    "reviews_opened_at",
                    "closed_one_sided",
                    "completed_at",
                    "withdrawn_at",
                    "withdraw_reason",
                    "withdraw_note",
                ]
            },
        ),
    ]
    readonly_fields = ["waits_for", "let_in"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_partners()

    def get_urls(self):
        view = self.admin_site.admin_view(self.add_agency)
        return [path("<int:pk>/agency/", view, name="partnerships_project_agency"), *super().get_urls()]

    @admin.display(description=_("partners"))
    def partner_names(self, project):
        return ", ".join(row.organisation.name for row in project.partners)

    @admin.display(description=_("what it waits for"))
    def waits_for(self, project):
        reasons = what_blocks(project)
        if not reasons:
            return _("Nothing")
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ([reason] for reason in reasons))
        )

    @admin.display(description=_("agencies"))
    def let_in(self, project):
        address = reverse("admin:partnerships_project_agency", args=[project.pk])
        return format_html('<a href="{}">{}</a>', address, _("Let an agency in"))

    def add_agency(self, request, pk):
        """A page of its own: who is let in, and for whom they act."""
        if not request.user.has_perm("partnerships.add_participation"):
            raise PermissionDenied
        project = get_object_or_404(Project, pk=pk)
        form = AgencyForm(request.POST if request.method == "POST" else None, project=project)
        if request.method == "POST" and form.is_valid():
            try:
                let_agency_in(project, **form.cleaned_data, actor=request.user, at=timezone.now())
            except CannotJoin as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The agency is let in. Everybody on the project sees it."))
                return redirect("admin:partnerships_project_change", pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Let an agency in"),
            "project": project,
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/partnerships/project_agency.html", context, status=status)


@admin.register(PlanPart)
class PlanPartAdmin(ReadOnly):
    """The plan as it was written, version by version. Amounts are between those who pay and receive."""

    list_display = ["project", "code", "version", "organisation", "written_at", "complete", "agreed_at"]
    list_display_links = ["project", "code"]
    list_filter = ["code", "complete", "written_at"]
    list_select_related = ["project", "organisation"]
    search_fields = ["=project__reference", "project__title"]
    search_help_text = _("Project reference or title")
    ordering = ["-pk"]
    show_full_result_count = False
    fields = [
        "project", "code", "version", "organisation", "written_by", "written_at", "complete", "agreed_at", "words",
    ]  # fmt: skip
    readonly_fields = ["words"]

    @admin.display(description=_("what it says"))
    def words(self, part):
        rows = [row for row in rows_of(part_of(part.code), part.values) if not row.is_money]
        lines = ((row.column.title(), row.label, row.value) for row in rows)
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{} {}</dt><dd>{}</dd>", lines))

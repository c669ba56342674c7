"""Questions and comments about contracts, permissions to use a name, what agencies do: in the admin, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly
from partnerships.models import AgencyBrief, ContractComment, ContractQuestion, UsePermission


class Answered(admin.SimpleListFilter):
    title = _("answered")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(answered_at__isnull=self.value() == "no")
        return queryset


class Words(ReadOnly):
    """What people wrote on a project, the newest first."""

    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(ContractQuestion)
class ContractQuestionAdmin(Words):
    list_display = [
        "contract",
        "row",
        "item",
        "organisation",
        "asked_at",
        "due_on",
        "answered_at",
        "ended_at",
    ]
    list_filter = [Answered, "side", "row", "understood", "asked_at"]
    list_select_related = ["contract", "organisation"]
    search_fields = ["=contract__project__reference", "contract__project__title", "contract__title", "words"]
    search_help_text = _("Reference or title of the project, title of the contract, or words of the question")
    fields = readonly_fields = [
        "contract", "row", "item", "words", "follows", "organisation", "asked_by", "asked_at", "due_on", "answer",
        "answered_for", "answered_by", "answered_at", "ended_by", "ended_at", "understood",
    ]  # fmt: skip


@admin.register(ContractComment)
class ContractCommentAdmin(Words):
    list_display = ["contract", "row", "organisation", "written_at", "withdrawn_at", "cleared_at"]
    list_filter = ["row__code", "written_at"]
    list_select_related = ["row__contract", "organisation"]
    search_fields = ["=row__contract__project__reference", "row__contract__project__title", "words"]
    search_help_text = _("Reference or title of the project, or words of the comment")
    fields = readonly_fields = [
        "contract", "row", "words", "organisation", "written_by", "written_at", "changed_at", "withdrawn_at",
        "cleared_at",
    ]  # fmt: skip

    @admin.display(description=_("contract"))
    def contract(self, comment):
        return comment.row.contract


@admin.register(UsePermission)
class UsePermissionAdmin(Words):
    # Never `file`: what is uploaded goes out through the pages of the project only.
    list_display = ["what", "project", "giver", "holder", "until", "answer", "ended_at"]
    list_filter = ["what", "answer", "state", "until"]
    list_select_related = ["project", "giver", "holder"]
    search_fields = ["=project__reference", "project__title", "giver__name", "holder__name"]
    search_help_text = _("Reference or title of the project, or name of an organisation")
    fields = readonly_fields = [
        "project", "giver", "holder", "what", "item", "purpose", "place", "until", "file_name", "size", "sha256",
        "state", "renews", "written_for", "written_by", "written_at", "answer", "answer_words", "answered_by",
        "answered_at", "ended_for", "ended_by", "end_reason", "ended_at",
    ]  # fmt: skip


@admin.register(AgencyBrief)
class AgencyBriefAdmin(Words):
    list_display = ["agency", "project", "number", "role", "organisation", "written_at"]
    list_filter = ["participation__side", "written_at"]
    list_select_related = ["participation__organisation", "participation__project", "organisation"]
    search_fields = [
        "=participation__project__reference", "participation__project__title", "participation__organisation__name",
    ]  # fmt: skip
    search_help_text = _("Reference or title of the project, or name of the agency")
    fields = readonly_fields = [
        "agency", "project", "number", "role", "deliverables", "contacts", "holds", "organisation", "written_by",
        "written_at",
    ]  # fmt: skip

    @admin.display(description=_("agency"))
    def agency(self, brief):
        return brief.participation.organisation

    @admin.display(description=_("project"))
    def project(self, brief):
        return brief.participation.project

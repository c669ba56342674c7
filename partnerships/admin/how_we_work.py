"""How organisations work, in the admin: published versions, to look at. Drafts stay with those who write them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly, ReadOnlyInline
from partnerships.models import HowWeWork, WorkPaper, WorkStep


class StepInline(ReadOnlyInline):
    model = WorkStep
    fields = readonly_fields = ["position", "what", "who", "days", "measure"]


class PaperInline(ReadOnlyInline):
    model = WorkPaper
    # Never `file`: what is uploaded goes out through the pages of the organisation only.
    fields = readonly_fields = ["number", "name", "purpose", "file_name", "size", "state"]


@admin.register(HowWeWork)
class HowWeWorkAdmin(ReadOnly):
    list_display = ["organisation", "number", "contract_days", "checked_on", "published_by"]
    list_filter = ["organisation__kind", "checked_on"]
    list_select_related = ["organisation", "published_by"]
    search_fields = ["organisation__name", "=organisation__slug"]
    search_help_text = _("Name or address of the organisation")
    ordering = ["-published_at", "-pk"]
    show_full_result_count = False
    fields = readonly_fields = [
        "organisation", "number", "contract_days", "payment_days", "apply", "never_funded", "pays_time",
        "pays_travel", "pays_carers", "pays_legal", "independence", "contact", "contact_name", "contact_email",
        "deputy", "deputy_name", "deputy_email", "checked_on", "published_at", "published_by",
    ]  # fmt: skip
    inlines = [StepInline, PaperInline]

    def get_queryset(self, request):
        return super().get_queryset(request).published()

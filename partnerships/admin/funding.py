"""Requests for funding, in the admin: those that were sent, to look at. Drafts stay with those who write them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly, ReadOnlyInline
from partnerships.models import FundingRequest, FundingStep


class StepInline(ReadOnlyInline):
    model = FundingStep
    fields = readonly_fields = ["number", "kind", "organisation", "person", "at", "reason", "words", "by_day"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "person")


@admin.register(FundingRequest)
class FundingRequestAdmin(ReadOnly):
    list_display = ["title", "sender", "receiver", "state", "due_on", "written_at"]
    list_filter = ["state", "sender__kind", "steps__reason", "written_at"]
    list_select_related = ["sender", "receiver"]
    search_fields = ["=reference", "title", "sender__name", "receiver__name"]
    search_help_text = _("Reference, title or name of an organisation")
    ordering = ["-written_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = [
        "reference", "title", "sender", "receiver", "state", "turn_since", "due_on", "settled_at", "project",
        "written_by", "written_at",
    ]  # fmt: skip
    inlines = [StepInline]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(state=FundingRequest.State.DRAFT)

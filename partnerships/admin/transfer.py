"""Transfers and imports in the admin: to look at. What was published is not changed here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly
from partnerships.models import ImportRun, Transfer


@admin.register(Transfer)
class TransferAdmin(ReadOnly):
    list_display = ["year", "payer", "recipient", "amount", "currency", "category", "source_line"]
    list_filter = ["year", "currency", "category", "anonymous"]
    list_select_related = ["payer", "recipient"]
    search_fields = ["payer__name", "recipient__name", "purpose"]
    search_help_text = _("Name of who paid or received, or what for")
    ordering = ["-year", "-pk"]
    list_per_page = 50
    show_full_result_count = False


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    list_display = ["started_at", "source", "file_name", "rows_created", "actor"]
    list_select_related = ["actor"]
    search_fields = ["source", "file_name"]

    @admin.display(description=_("transfers created"))
    def rows_created(self, run):
        return run.report.get("created", 0)

"""Transfers and imports in the admin: to look at. What was published is not changed here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partnerships.models import ImportRun, Transfer


class LookOnly:
    """Nobody adds, changes or deletes here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Transfer)
class TransferAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["year", "payer", "recipient", "amount", "currency", "category", "source_line"]
    list_filter = ["year", "currency", "category", "anonymous"]
    list_select_related = ["payer", "recipient"]
    search_fields = ["payer__name", "recipient__name", "purpose"]
    list_per_page = 50
    show_full_result_count = False


@admin.register(ImportRun)
class ImportRunAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["started_at", "source", "file_name", "rows_created", "actor"]
    list_select_related = ["actor"]
    search_fields = ["source", "file_name"]

    @admin.display(description=_("transfers created"))
    def rows_created(self, run):
        return run.report.get("created", 0)

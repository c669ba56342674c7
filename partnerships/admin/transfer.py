"""Transfers and imports in the admin: to look at. What was published is not changed here."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.readonly import ReadOnly
from partnerships.models import ImportRun, Transfer

COUNTS = {
    "rows": _("rows read"),
    "created": _("transfers created"),
    "anonymous": _("of these without a name"),
    "skipped": _("transfers skipped, because they were here already"),
    "organisations_created": _("organisations created"),
    "organisations_matched": _("organisations matched"),
    "projects_created": _("projects created"),
    "spellings": _("other spellings of one organisation"),
    "repeats": _("rows that repeat another one exactly"),
    "doubtful": _("doubtful pairs"),
}


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
    fields = ["source", "file_name", "sha256", "started_at", "actor", "counts", "doubtful"]

    @admin.display(description=_("what it did"))
    def counts(self, run):
        rows = [(COUNTS[name], value) for name, value in run.report.items() if name in COUNTS]
        return format_html_join("", "{}: {}<br>", rows)

    @admin.display(description=_("perhaps the same organisation"))
    def doubtful(self, run):
        """Each pair with a link to the two of them, from where they are merged."""
        pairs = run.open_pairs()
        if not pairs:
            return _("No pair is left to look at.")
        listing = reverse("admin:accounts_organisation_changelist")
        rows = [
            (f"{listing}?id__in={one.pk},{other.pk}", one.name, other.name, round(100 * likeness))
            for one, other, likeness in pairs
        ]
        return format_html(
            "<p>{}</p><ul>{}</ul>",
            ngettext("%(count)s pair. Nothing was merged.", "%(count)s pairs. Nothing was merged.", len(rows))
            % {"count": len(rows)},
            format_html_join("", '<li><a href="{}">{} | {}</a>, {} %</li>', rows),
        )

    @admin.display(description=_("transfers created"))
    def rows_created(self, run):
        return run.report.get("created", 0)

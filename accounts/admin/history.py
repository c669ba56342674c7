"""History, read-only. Lines that only one organisation may read are not here, nor what is sealed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly
from accounts.hooks import HIDDEN_HISTORY_HOOKS
from accounts.models import Event


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["at", "verb", "actor", "organisation", "project", "subject"]
    list_filter = ["at"]
    list_select_related = ["actor", "organisation"]
    search_fields = ["=project", "=subject", "=actor__email", "verb"]
    search_help_text = _("Project reference, subject such as accounts.person:7, or the address of who did it")
    ordering = ["-pk"]
    show_full_result_count = False

    def get_queryset(self, request):
        """Without the lines of sealed reviews: masked ones would still tell by their place, or be found by a search."""
        lines = super().get_queryset(request).filter(audience=None)
        for hook in HIDDEN_HISTORY_HOOKS:
            lines = lines.exclude(hook())
        return lines

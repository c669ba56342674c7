"""Talk, in the admin: to look at. What a concern says and whom it names is shown to nobody here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly
from partnerships.models import TalkAnswer, TalkEntry

PRIVATE = _("private to the people named")


class Talk(ReadOnly):
    # No search by words: a search for those of a concern would find it.
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(TalkEntry)
class TalkEntryAdmin(Talk):
    list_display = ["kind", "project", "organisation", "written_at", "due_on", "answered_at", "withdrawn_at"]
    list_filter = ["kind", "outcome", "written_at"]
    list_select_related = ["project", "organisation"]
    search_fields = ["=project__reference", "project__title", "organisation__name"]
    search_help_text = _("Reference or title of the project, or name of an organisation")
    fields = readonly_fields = [
        "project", "kind", "words", "subject", "organisation", "who_wrote", "written_at", "version", "changed_at",
        "withdrawn_at", "asked", "who_is_asked", "waits_since", "due_on", "answered_at", "outcome", "later_on",
        "agreed_at", "raised_at", "ended_at",
    ]  # fmt: skip

    @admin.display(description=_("text"))
    def words(self, entry):
        return PRIVATE if entry.is_concern else entry.text

    @admin.display(description=_("written by"))
    def who_wrote(self, entry):
        return PRIVATE if entry.is_concern else entry.written_by

    @admin.display(description=_("which person is asked"))
    def who_is_asked(self, entry):
        return PRIVATE if entry.is_concern else entry.asked_person


@admin.register(TalkAnswer)
class TalkAnswerAdmin(Talk):
    list_display = ["entry", "project", "organisation", "outcome", "written_at", "withdrawn_at", "by_mail"]
    list_filter = ["outcome", "by_mail", "written_at"]
    list_select_related = ["entry__project", "organisation"]
    search_fields = ["=entry__project__reference", "entry__project__title", "organisation__name"]
    search_help_text = _("Reference or title of the project, or name of an organisation")
    fields = readonly_fields = [
        "entry", "project", "words", "outcome", "later_on", "version", "organisation", "who_wrote", "written_at",
        "changed_at", "withdrawn_at", "by_mail",
    ]  # fmt: skip

    @admin.display(description=_("project"))
    def project(self, answer):
        return answer.entry.project

    @admin.display(description=_("text"))
    def words(self, answer):
        return PRIVATE if answer.entry.is_concern else answer.text

    @admin.display(description=_("written by"))
    def who_wrote(self, answer):
        return PRIVATE if answer.entry.is_concern else answer.written_by

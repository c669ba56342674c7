"""Editions in the admin: a preview of the form, a check of the word budget, and a lock on what is in use."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.careful import CLEAN_WORDS, Careful, FewRows
from accounts.text import FIRST_YEAR, LAST_YEAR, DateField
from principles.actions import WORDS_ON_A_PAGE, over_budget
from principles.models import Level, Principle, PrincipleSet, Question


def is_locked(edition: PrincipleSet) -> bool:
    """Whether projects use it: asked once for a page, which wants to know for each row below it."""
    if not hasattr(edition, "locked"):
        edition.locked = edition.in_use()
    return edition.locked


class LockedWhenUsed:
    """No change and no deletion once projects use the edition; a new edition follows it instead.

    What an edition consists of is added and stays below its own page, so that nothing can be moved into another one.
    """

    def edition_of(self, row):
        return row

    def has_change_permission(self, request, obj=None):
        if obj is not None and is_locked(self.edition_of(obj)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        if obj is not None and is_locked(self.edition_of(obj)):
            return False
        return super().has_delete_permission(request, obj)


class LockedInline:
    """The rows below a page are locked with it. `obj` is the row that the page shows."""

    extra = 0
    formfield_overrides = CLEAN_WORDS
    formset = FewRows

    def open_to(self, obj):
        return obj is None or not is_locked(self.edition_of(obj))

    def edition_of(self, obj):
        return obj

    def has_add_permission(self, request, obj=None):
        return self.open_to(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.open_to(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.open_to(obj) and super().has_delete_permission(request, obj)


class AddedBelowItsOwner:
    """Rows of an edition are added on the page above them, where the lock is asked."""

    def has_add_permission(self, request):
        return False


class PrincipleInline(LockedInline, admin.StackedInline):
    model = Principle
    show_change_link = True


class LabelledDateTime(AdminSplitDateTime):
    """A day and a time, each with a name of its own for those who hear the page."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name

    def get_context(self, name, value, attrs):
        # Django marks both as wrong, and leaves it to a fieldset that is not there to say why.
        if attrs.get("aria-invalid"):
            attrs = attrs | {"aria-describedby": f"{attrs['id']}_error"}
        return super().get_context(name, value, attrs)


class Moment(forms.SplitDateTimeField):
    """A day and a time in the years that are taken everywhere: beyond them no zone can be reckoned with."""

    def compress(self, data_list):
        moment = super().compress(data_list)
        if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise forms.ValidationError(DateField.default_error_messages["year"], code="year")
        return moment


@admin.register(PrincipleSet)
class PrincipleSetAdmin(LockedWhenUsed, Careful):
    formfield_overrides = CLEAN_WORDS | {
        models.DateTimeField: {"form_class": Moment, "widget": LabelledDateTime}
    }
    list_display = ["edition", "title", "published_at", "used", "preview_link"]
    list_filter = ["published_at"]
    search_fields = ["edition", "title"]
    readonly_fields = ["used", "budget", "preview_link"]
    inlines = [PrincipleInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_use()

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", view, name="principles_principleset_preview"), *super().get_urls()]

    @admin.display(description=_("in use"))
    def used(self, edition):
        if not edition.pk or not edition.used_by:
            return _("Not in use")
        return ngettext(
            "Locked: %(count)s project uses it. Load a new edition to change the words.",
            "Locked: %(count)s projects use it. Load a new edition to change the words.",
            edition.used_by,
        ) % {"count": edition.used_by}

    @admin.display(description=_("word budget"))
    def budget(self, edition):
        if not edition.pk:
            return "–"
        problems = [
            (principle.name, problem)
            for principle in edition.principles.with_questions()
            for problem in over_budget(principle)
        ]
        if not problems:
            return _("Every page has at most %(limit)s words.") % {"limit": WORDS_ON_A_PAGE}
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", problems))

    @admin.display(description=_("preview"))
    def preview_link(self, edition):
        if not edition.pk:
            return "–"
        address = reverse("admin:principles_principleset_preview", args=[edition.pk])
        return format_html('<a href="{}">{}</a>', address, _("See the review form"))

    def preview(self, request, pk):
        """The review form of an edition, as partners see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(PrincipleSet, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of %(edition)s") % {"edition": edition},
            "edition": edition,
            "principles": [
                {"principle": principle, "problems": over_budget(principle)}
                for principle in edition.principles.with_questions()
            ],
        }
        return TemplateResponse(request, "admin/principles/preview.html", context)


class QuestionInline(LockedInline, admin.StackedInline):
    model = Question
    show_change_link = True

    def edition_of(self, obj):
        return obj.principle_set


class LevelInline(LockedInline, admin.TabularInline):
    model = Level
    max_num = 4

    def edition_of(self, obj):
        return obj.principle.principle_set


@admin.register(Principle)
class PrincipleAdmin(AddedBelowItsOwner, LockedWhenUsed, Careful):
    list_display = ["name", "number", "principle_set"]
    list_filter = ["principle_set"]
    list_select_related = ["principle_set"]
    search_fields = ["name", "question", "summary"]
    readonly_fields = ["principle_set"]
    inlines = [QuestionInline]

    def edition_of(self, row):
        return row.principle_set


@admin.register(Question)
class QuestionAdmin(AddedBelowItsOwner, LockedWhenUsed, Careful):
    list_display = ["short", "text", "principle", "pulse"]
    list_filter = ["principle__principle_set", "pulse"]
    list_select_related = ["principle__principle_set"]
    search_fields = ["short", "text"]
    readonly_fields = ["principle"]
    inlines = [LevelInline]

    def edition_of(self, row):
        return row.principle.principle_set

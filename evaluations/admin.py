"""Reviews and check-ins in the admin. Until reviews are open, also a superuser reads "sealed" and nothing else of them.

Check-ins are shared from the start: support reads what both sides read.
"""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly, ReadOnlyInline
from evaluations import sealing
from evaluations.models import Call, CheckIn, CheckInReply, Review
from partnerships.models import Project


class Standing(admin.SimpleListFilter):
    """Sent or not sent is what everybody on a project knows; nothing here tells more."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("missing", _("Not sent")),
            ("sealed", _("Sent, sealed")),
            ("open", _("Open")),
            ("excused", _("Excused")),
        ]

    def queryset(self, request, queryset):
        return {
            "missing": queryset.missing(),
            "sealed": queryset.filter(sent_at__isnull=False, opened_at=None),
            "open": queryset.filter(opened_at__isnull=False),
            "excused": queryset.filter(excused_at__isnull=False),
        }.get(self.value(), queryset)


class ProjectStage(admin.SimpleListFilter):
    title = _("stage of the project")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return Project.Stage.choices

    def queryset(self, request, queryset):
        return queryset.filter(project__stage=self.value()) if self.value() else queryset


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    """Nobody adds, changes or deletes a review here, and nobody opens one (docs/rules.md 13)."""

    list_display = ["project", "organisation", "standing", "due_on", "opened_at"]
    list_display_links = ["project"]
    list_filter = [Standing, ProjectStage]
    list_select_related = ["project", "organisation"]
    search_fields = ["=project__reference", "project__title", "organisation__name"]
    search_help_text = _("Project reference or title, or name of the organisation")
    ordering = ["-pk"]
    # Never when or by whom one was sent, how often, or what its organisation does with the draft.
    fields = ["project", "organisation", "standing", "due_on", "opened_at", "answers"]
    readonly_fields = fields
    show_full_result_count = False

    @admin.display(description=_("due"), ordering="project__review_due_on")
    def due_on(self, review):
        return review.project.review_due_on

    @admin.display(description=_("standing"))
    def standing(self, review):
        if review.opened_at:
            return _("Open")
        if review.excused_at:
            return _("Excused")
        return _("Sent, sealed") if review.sent_at else _("Not sent")

    @admin.display(description=_("answers"))
    def answers(self, review):
        """What the review says once it is open."""
        opened = sealing.opened(review.project)
        own = opened.of(review.organisation) if opened else None
        if own is None:
            return _("Sealed")
        rows = []
        for principle in review.project.principle_set.principles.prefetch_related("questions__levels"):
            for question in principle.questions.all():
                rows.append(
                    (question.text, _said(question, own.marks.get(question.pk)), _comment(own, question))
                )
        rows += [(said.text, said.label, said.comment) for said in own.helped]
        rows.append((_("Would you work together again?"), own.overall.again_label, ""))
        rows.append((_("One thing to keep"), own.overall.keep, ""))
        rows.append((_("One thing to change"), own.overall.change, ""))
        return format_html(
            "<table><tbody>{}</tbody></table>",
            format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>", rows),
        )


def _said(question, mark):
    if mark is None:
        return ""
    if mark.level is None:
        return sealing.OUTSIDE(mark.answer).label
    return next(level.label for level in question.levels.all() if level.value == mark.level)


def _comment(opened, question):
    mark = opened.marks.get(question.pk)
    return mark.comment if mark else ""


class CheckInStanding(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("closed", _("Closed"))]

    def queryset(self, request, queryset):
        return queryset.filter(closed_at__isnull=self.value() == "open") if self.value() else queryset


class CheckInReplies(ReadOnlyInline):
    model = CheckInReply
    fields = ["organisation", "state", "said_by", "said_at", "corrected_at", "line", "reason", "reason_words"]
    readonly_fields = fields


@admin.register(CheckIn)
class CheckInAdmin(ReadOnly):
    """A check-in with what became of it at each partner. Nobody adds, changes or deletes one here."""

    list_display = ["project", "number", "opened_at", "due_on", "closed_at"]
    list_display_links = ["project", "number"]
    list_filter = [CheckInStanding, ProjectStage]
    list_select_related = ["project"]
    search_fields = ["=project__reference", "project__title"]
    search_help_text = _("Project reference or title")
    ordering = ["-pk"]
    fields = ["project", "number", "opened_at", "opened_by", "due_on", "closed_at", "answers"]
    readonly_fields = fields
    inlines = [CheckInReplies]
    show_full_result_count = False

    @admin.display(description=_("answers"))
    def answers(self, check_in):
        """What each partner said, question by question, as both sides read it."""
        replies = list(check_in.replies.select_related("organisation").prefetch_related("answers__question"))
        rows = [
            (reply.organisation, answer.question.text, _checked(answer))
            for reply in replies
            for answer in reply.answers.all()
        ]
        if not rows:
            return _("Nobody has sent it")
        return format_html(
            "<table><tbody>{}</tbody></table>",
            format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>", rows),
        )


def _checked(answer):
    words = answer.get_outside_display() if answer.outside else answer.level
    return _("%(words)s, as last time") % {"words": words} if answer.as_before else words


@admin.register(Call)
class CallAdmin(ReadOnly):
    """A suggested call, and what became of it."""

    list_display = ["project", "organisation", "suggested_at", "state", "picked_at"]
    list_display_links = ["project"]
    list_filter = ["state"]
    list_select_related = ["project", "organisation"]
    search_fields = ["=project__reference", "project__title", "organisation__name"]
    search_help_text = _("Project reference or title, or name of the organisation")
    ordering = ["-pk"]
    fields = [
        "project", "organisation", "suggested_by", "suggested_at", "first_at", "second_at", "third_at", "state",
        "picked_at", "words", "answered_for", "answered_by", "answered_at",
    ]  # fmt: skip
    readonly_fields = fields
    show_full_result_count = False

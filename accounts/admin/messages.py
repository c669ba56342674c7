"""What people were told, for support: owed, sent, failed and why, held back and why, missed. To read, not to write.

The text of a message is not kept, and its links are nowhere to be found. What it says about a draft is hidden, and so
is what would tell when a sealed review was sent.
"""

import json

from django.contrib import admin, messages
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actions.messages import CannotSendAgain, send_again
from accounts.admin.readonly import ReadOnly
from accounts.hooks import HIDDEN_MESSAGES_HOOKS, MASKED_MESSAGES_HOOKS
from accounts.jobs import COUNTED, name_of
from accounts.models import JobRun, Notice
from accounts.notices import KINDS, in_words, label_of

STATES = {
    "owed": (_("Owed"), Q(sent_at=None, failed_at=None, voided_at=None, missed_at=None)),
    "returned": (_("Came back"), Q(returned_at__isnull=False)),
    "sent": (_("Sent"), Q(sent_at__isnull=False)),
    "failed": (_("Failed"), Q(failed_at__isnull=False)),
    "held_back": (_("Held back"), Q(voided_at__isnull=False)),
    "missed": (_("Missed"), Q(missed_at__isnull=False)),
}


HIDDEN = _("Hidden until the reviews open.")


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _rows) in STATES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(STATES[self.value()][1]) if self.value() in STATES else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return sorted(((name, label_of(name)) for name in KINDS), key=lambda choice: choice[1])

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    show_full_result_count = False
    list_per_page = 50
    list_display = ["owed_at", "about_what", "to", "state", "why", "leaves"]
    list_filter = [StateFilter, KindFilter, "owed_at"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__email", "address", "project", "message_id"]
    search_help_text = _("Address of the reader, reference of a project, or the Message-ID in a bounce")
    ordering = ["-pk"]
    actions = ["send_these_again"]
    fieldsets = [
        (None, {"fields": ["about_what", "to", "state", "why", "carried_by"]}),
        (_("About"), {"fields": ["project", "subject", "parameters"]}),
        (
            _("When"),
            {
                "fields": [
                    "owed_at",
                    "not_before",
                    "sent_at",
                    "failed_at",
                    "held_back_at",
                    "missed_at",
                    "returned_at",
                ]
            },
        ),
        (_("On its way"), {"fields": ["attempts", "retry_at", "claimed_until", "message_id"]}),
    ]
    readonly_fields = ["about_what", "to", "state", "why", "carried_by", "parameters", "held_back_at"]

    def get_queryset(self, request):
        return shown_messages(super().get_queryset(request))

    @admin.display(description=_("kind"), ordering="kind")
    def about_what(self, notice):
        return label_of(notice.kind)

    @admin.display(description=_("to"))
    def to(self, notice):
        return notice.recipient.email if notice.recipient else notice.address

    @admin.display(description=_("state"))
    def state(self, notice):
        return STATES[state_of(notice)][0]

    @admin.display(description=_("why"))
    def why(self, notice):
        name = state_of(notice)
        if name == "held_back" and notice.is_masked:
            return HIDDEN
        if name == "missed":
            return _("Too late to be sent.")
        if name == "returned":
            return notice.return_reason
        reasons = {"held_back": notice.void_reason, "failed": notice.last_error, "owed": notice.last_error}
        return in_words(reasons.get(name, ""))

    @admin.display(description=_("sent, or leaves"), ordering=F("not_before").asc())
    def leaves(self, notice):
        return notice.sent_at or (notice.retry_at or notice.not_before if state_of(notice) == "owed" else "")

    @admin.display(description=_("sent inside"))
    def carried_by(self, notice):
        # What is not shown does not tell by its number either.
        return (
            shown_messages(Notice.objects.filter(pk=notice.sent_with_id)).values_list("pk", flat=True).first()
            or ""
        )

    @admin.display(description=_("held back"))
    def held_back_at(self, notice):
        return HIDDEN if notice.voided_at and notice.is_masked else notice.voided_at

    @admin.display(description=_("parameters"))
    def parameters(self, notice):
        kind = KINDS.get(notice.kind)
        if kind is None or kind.masked:
            return _("Hidden: it is about a draft.")
        return json.dumps(notice.params, ensure_ascii=False, sort_keys=True)

    def has_send_again_permission(self, request):
        return request.user.has_perm("accounts.change_notice")

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_these_again(self, request, queryset):
        count = 0
        for notice in queryset.order_by("pk"):
            try:
                send_again(notice, actor=request.user, at=timezone.now())
                count += 1
            except CannotSendAgain as error:
                why = HIDDEN if notice.voided_at and notice.is_masked else error
                self.message_user(request, f"{label_of(notice.kind)}, {notice}: {why}", messages.WARNING)
        if count:
            words = ngettext("%(count)s message is owed again.", "%(count)s messages are owed again.", count)
            self.message_user(request, words % {"count": count}, messages.SUCCESS)


def shown_messages(messages):
    """Those that support may see, each with `is_masked`: whether why and when it was held back is not theirs to know.

    What by being there tells too much is left out: masked, it would still tell by its place, or be found by a search.
    """
    for hook in HIDDEN_MESSAGES_HOOKS:
        messages = messages.exclude(hook())
    masked = Q(pk__in=[])
    for hook in MASKED_MESSAGES_HOOKS:
        masked |= hook()
    return messages.annotate(is_masked=ExpressionWrapper(masked, output_field=BooleanField()))


def state_of(notice: Notice) -> str:
    """What has become of a message, in a word of STATES."""
    for name in ("returned", "sent", "failed", "missed"):
        if getattr(notice, f"{name}_at") is not None:
            return name
    return "held_back" if notice.voided_at is not None else "owed"


class JobFilter(admin.SimpleListFilter):
    title = _("job")
    parameter_name = "name"

    def lookups(self, request, model_admin):
        ran = JobRun.objects.order_by("name").values_list("name", flat=True).distinct()
        return [(name, name_of(name)) for name in ran]

    def queryset(self, request, queryset):
        return queryset.filter(name=self.value()) if self.value() else queryset


@admin.register(JobRun)
class JobRunAdmin(ReadOnly):
    show_full_result_count = False
    list_display = ["job", "started_at", "finished_at", "result"]
    list_filter = [JobFilter]
    ordering = ["-pk"]
    fields = ["job", "started_at", "finished_at", "result"]
    readonly_fields = ["job", "result"]

    @admin.display(description=_("job"), ordering="name")
    def job(self, run):
        return name_of(run.name)

    @admin.display(description=_("result"))
    def result(self, run):
        return ", ".join(f"{COUNTED.get(name, name)}: {_said(value)}" for name, value in run.detail.items())


def _said(value):
    """A count or the name of an error as it is; yes and no in words."""
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value

"""Requests to join an organisation that has no Owner: staff decide."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.admin.readonly import ReadOnly
from accounts.models import Invitation, JoinRequest


@admin.register(JoinRequest)
class JoinRequestAdmin(ReadOnly):
    list_display = ["person", "organisation", "created_at", "decided_at", "decided_by", "accepted"]
    list_filter = [("decided_at", admin.EmptyFieldListFilter), "accepted"]
    list_select_related = ["person", "organisation", "decided_by"]
    search_fields = ["person__email", "person__name", "organisation__name"]
    ordering = ["decided_at", "-created_at"]
    actions = ["let_in", "decline"]

    def has_decide_permission(self, request):
        return request.user.has_perm("accounts.change_joinrequest")

    @admin.action(description=_("Let them in"), permissions=["decide"])
    def let_in(self, request, queryset):
        self._decide(request, queryset, accept=True)

    @admin.action(description=_("Decline"), permissions=["decide"])
    def decline(self, request, queryset):
        self._decide(request, queryset, accept=False)

    def _decide(self, request, queryset, *, accept):
        for asked in queryset.select_related("person", "organisation"):
            if any(not person.is_staff for person in actions.who_decides(asked.organisation)):
                text = _("%(name)s has Owners: they decide.") % {"name": asked.organisation}
                self.message_user(request, text, messages.ERROR)
                continue
            try:
                actions.decide_join_request(asked, accept=accept, actor=request.user, at=timezone.now())
            except actions.AlreadyDecided as why:
                self.message_user(request, str(why), messages.ERROR)
            else:
                self.message_user(request, _("%(name)s: decided.") % {"name": asked.person}, messages.SUCCESS)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """What became of an invitation. Sent and withdrawn by whoever invites."""

    list_display = [
        "email",
        "organisation",
        "role",
        "invited_by",
        "created_at",
        "accepted_at",
        "declined_at",
        "withdrawn_at",
    ]
    list_filter = ["role", ("accepted_at", admin.EmptyFieldListFilter), "needs_confirmation"]
    list_select_related = ["organisation", "invited_by"]
    search_fields = ["email", "organisation__name", "invited_by__email"]
    ordering = ["-created_at", "-pk"]
    exclude = ["token_hash"]

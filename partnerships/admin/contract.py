"""Contracts in the admin: to look at. The files stay with the partners: support reads what they are, not what they say."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.admin.readonly import ReadOnly, ReadOnlyInline
from partnerships.models import (
    ChecklistItem,
    Contract,
    ContractApproval,
    ContractQuestion,
    ContractRow,
    ContractSignature,
    ContractTurn,
    ContractVersion,
)
from partnerships.rulesets.agreements import rule_set


class Signed(admin.SimpleListFilter):
    title = _("signed by all")
    parameter_name = "signed"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(signed_at__isnull=self.value() == "no")
        return queryset


class NamesByRules(ReadOnlyInline):
    """Rows that name something of the rule set by its code: support reads what it is called there."""

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("contract")

    @admin.display(description=_("item"))
    def item_name(self, row):
        code = getattr(row, "code", "") or getattr(row, "item", "")
        return rule_set(row.contract.ruleset).item_name(code) if code else "–"


class RowInline(ReadOnlyInline):
    model = ContractRow
    fields = readonly_fields = ["code", "text", "written_by", "written_at", "confirmed_by", "confirmed_at"]


class ChecklistInline(NamesByRules):
    model = ChecklistItem
    fields = readonly_fields = ["item_name", "answer", "words", "organisation", "said_by", "said_at"]


class QuestionInline(NamesByRules):
    model = ContractQuestion
    fk_name = "contract"
    fields = readonly_fields = [
        "row", "item_name", "words", "organisation", "asked_at", "due_on", "answer", "answered_for", "answered_at",
        "understood",
    ]  # fmt: skip


class VersionInline(ReadOnlyInline):
    model = ContractVersion
    # Never `file`: what is uploaded goes out through the pages of the project only.
    fields = readonly_fields = [
        "number", "file_name", "size", "pages", "state", "note", "organisation", "uploaded_by", "uploaded_at",
    ]  # fmt: skip


class TurnInline(ReadOnlyInline):
    model = ContractTurn
    fields = readonly_fields = ["organisation", "since", "until", "note"]


class SignatureInline(ReadOnlyInline):
    model = ContractSignature
    fields = readonly_fields = [
        "organisation", "signer", "signed_on", "scan_name", "scan_state", "recorded_by", "recorded_at",
    ]  # fmt: skip


class ApprovalInline(NamesByRules):
    model = ContractApproval
    fields = readonly_fields = [
        "version", "organisation", "name", "registered_as", "approved_on", "approved_by", "recorded_at",
    ]  # fmt: skip

    @admin.display(description=_("registration"))
    def registered_as(self, approval):
        return rule_set(approval.contract.ruleset).registration_name(approval.registration)


@admin.register(Contract)
class ContractAdmin(ReadOnly):
    list_display = ["title", "project", "number", "type", "how_much", "lies_with", "signed_at"]
    list_filter = [Signed, "type", "currency"]
    list_select_related = ["project"]
    search_fields = ["title", "=project__reference", "project__title"]
    search_help_text = _("Title of the contract, or reference or title of its project")
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False
    fields = readonly_fields = [
        "project", "number", "title", "amends", "type", "how_much", "starts_on", "ends_on", "lies_with", "ruleset",
        "unsettled_checks", "needs_approval", "outdated", "approved_at", "signed_at", "created_at",
    ]  # fmt: skip
    inlines = [
        RowInline,
        ChecklistInline,
        QuestionInline,
        VersionInline,
        TurnInline,
        ApprovalInline,
        SignatureInline,
    ]

    def get_queryset(self, request):
        now = ContractTurn.objects.filter(until=None).select_related("organisation")
        return super().get_queryset(request).prefetch_related(Prefetch("turns", now, to_attr="open_turns"))

    @admin.display(description=_("amount"))
    def how_much(self, contract):
        if contract.amount is None:
            return "–"
        amount = number_format(contract.amount, decimal_pos=2, use_l10n=True, force_grouping=True)
        return f"{amount} {contract.currency}"

    @admin.display(description=_("lies with"))
    def lies_with(self, contract):
        return contract.open_turns[0].organisation if contract.open_turns else "–"

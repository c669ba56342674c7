"""People: what support may help with, and what only their owner, or two of staff, may change."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.admin.careful import Careful
from accounts.admin.readonly import ReadOnlyInline
from accounts.audit import record
from accounts.models import Membership, Person, Recovery
from accounts.permissions import with_second_factor

# Rights over the admin itself are given by those who have them all.
RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]
HELPFUL = ["name", "called", "language", "time_zone", "mail_reminders"]


class MembershipInline(ReadOnlyInline):
    """Membership comes by an Owner's invitation only."""

    model = Membership
    fk_name = "person"
    fields = ["organisation", "role", "may_sign", "joined_at", "left_at"]
    verbose_name_plural = _("memberships (an Owner invites)")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "person")


class PersonForm(forms.ModelForm):
    """A person in the admin. Shutting somebody out must leave every organisation somebody who looks after it."""

    def clean_is_active(self):
        is_active = self.cleaned_data["is_active"]
        left_alone = actions.only_owner_of(self.instance) if self.instance.is_active and not is_active else []
        if left_alone:
            raise forms.ValidationError(
                _("%(names)s needs an Owner. Somebody else must be Owner first."),
                params={"names": ", ".join(str(organisation) for organisation in left_alone)},
            )
        return is_active


@admin.register(Person)
class PersonAdmin(Careful):
    form = PersonForm
    list_display = [
        "email",
        "name",
        "organisations_now",
        "second_factor",
        "is_staff",
        "is_active",
        "last_login",
    ]
    list_filter = ["is_active", "is_staff", "is_superuser", ("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["email", "name"]
    ordering = ["email"]
    list_per_page = 50
    inlines = [MembershipInline]
    actions = ["recover"]
    readonly_fields = ["email", "second_factor", "joined_at", "welcomed_at", "last_login", "closed_at"]
    fieldsets = [
        (None, {"fields": ["email", *HELPFUL]}),
        (_("Signing in"), {"fields": ["second_factor", "last_login", "is_active"]}),
        (_("Rights in this admin"), {"fields": RIGHTS}),
        (_("Dates"), {"fields": ["joined_at", "welcomed_at", "closed_at"]}),
    ]

    def get_queryset(self, request):
        here = Count("memberships", filter=Q(memberships__left_at=None))
        return with_second_factor(super().get_queryset(request)).annotate(organisation_count=here)

    @admin.display(description=_("organisations"), ordering="organisation_count")
    def organisations_now(self, person):
        return person.organisation_count

    @admin.display(description=_("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, person):
        return person.has_second_factor

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *RIGHTS, "is_active"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "user_permissions":
            # Each right names the kind of row it is about.
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, person, form, change):
        super().save_model(request, person, form, change)
        if form.changed_data:
            record(
                "person.changed",
                person,
                actor=request.user,
                at=timezone.now(),
                fields=sorted(form.changed_data),
            )

    @admin.action(description=_("Recover the account: ask a second one of staff"))
    def recover(self, request, queryset):
        if not request.user.has_perm("accounts.add_recovery"):
            raise PermissionDenied
        if queryset.count() != 1:
            self.message_user(request, _("Choose one person."), messages.WARNING)
            return None
        return redirect(f"../recovery/add/?person={queryset.get().pk}")


class RecoveryForm(forms.ModelForm):
    """Says beside the field why an account can't be given back like this. `actor` is who asks."""

    actor = None

    def clean(self):
        values = super().clean()
        if person := values.get("person"):
            try:
                actions.check_recovery(person, email=values.get("email", ""), actor=self.actor)
            except actions.CannotRecover as why:
                self.add_error("person", str(why))
            except actions.AddressTaken as why:
                self.add_error("email", str(why))
        return values


@admin.register(Recovery)
class RecoveryAdmin(Careful):
    """Two of staff: one asks here, another one approves or refuses."""

    form = RecoveryForm
    list_display = ["person", "asked_by", "asked_at", "decided_by", "decided_at", "approved"]
    list_filter = ["approved", ("decided_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "asked_by", "decided_by"]
    search_fields = ["person__email", "person__name"]
    autocomplete_fields = ["person"]
    ordering = ["-asked_at", "-pk"]
    actions = ["approve", "refuse"]

    def get_fields(self, request, obj=None):
        asked = ["person", "reason", "email"]
        return (
            asked if obj is None else [*asked, "asked_by", "asked_at", "decided_by", "decided_at", "approved"]
        )

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.actor = request.user
        return form

    def has_change_permission(self, request, obj=None):
        # Decided by the actions of the list; nothing is edited.
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, recovery, form, change):
        values = form.cleaned_data
        made = actions.ask_for_recovery(
            values["person"],
            reason=values["reason"],
            email=values["email"],
            actor=request.user,
            at=timezone.now(),
        )
        recovery.pk = made.pk

    def add_view(self, request, form_url="", extra_context=None):
        try:
            return super().add_view(request, form_url, extra_context)
        except (actions.CannotRecover, actions.AddressTaken) as why:
            self.message_user(request, str(why), messages.ERROR)
            return redirect("admin:accounts_recovery_changelist")

    def log_addition(self, request, obj, message):
        obj.refresh_from_db()
        return super().log_addition(request, obj, message)

    @admin.action(description=_("Approve: take off second factors and password"), permissions=["change"])
    def approve(self, request, queryset):
        self._decide(request, queryset, approve=True)

    @admin.action(description=_("Refuse"), permissions=["change"])
    def refuse(self, request, queryset):
        self._decide(request, queryset, approve=False)

    def _decide(self, request, queryset, *, approve):
        for recovery in queryset:
            try:
                actions.decide_recovery(recovery, approve=approve, actor=request.user, at=timezone.now())
            except (actions.CannotRecover, actions.AddressTaken) as why:
                self.message_user(request, f"{recovery}: {why}", messages.ERROR)
            else:
                self.message_user(request, _("%(name)s: decided.") % {"name": recovery}, messages.SUCCESS)

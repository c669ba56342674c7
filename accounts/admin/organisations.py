"""Organisations: set up with their first Owner, corrected, merged when two are one."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actions import NOT_CHECKED, OF_THE_ENTITY
from accounts.admin.careful import Careful
from accounts.admin.readonly import ReadOnlyInline
from accounts.audit import record
from accounts.models import Membership, Organisation, OrganisationName
from accounts.text import MailAddressField, PlainTextField


class MembershipInline(ReadOnlyInline):
    """Membership comes by an Owner's invitation only (docs/rules.md 13)."""

    model = Membership
    fields = ["person", "role", "may_sign", "joined_at", "left_at"]
    verbose_name_plural = _("members (an Owner invites)")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation", "person")


class NameInline(ReadOnlyInline):
    model = OrganisationName
    fields = ["name"]
    verbose_name_plural = _("spellings from imports")


class SetUpForm(forms.ModelForm):
    """A new organisation comes with its first Owner."""

    owner_email = MailAddressField(
        label=_("E-mail of its first Owner"), help_text=_("An invitation goes there.")
    )
    message = PlainTextField(label=_("A word to them"), max_length=400, required=False, lines=True, rows=3)

    class Meta:
        model = Organisation
        fields = ["kind", "name", "country"]

    def clean_owner_email(self):
        try:
            return actions.plain_address(self.cleaned_data["owner_email"])
        except actions.CannotInvite as why:
            raise forms.ValidationError(str(why)) from why


class InviteOwnerForm(forms.Form):
    email = MailAddressField(label=_("E-mail of its first Owner"))


class HasMembers(admin.SimpleListFilter):
    title = _("members")
    parameter_name = "members"

    def lookups(self, request, model_admin):
        return [("yes", _("Somebody belongs to it")), ("no", _("Nobody yet"))]

    def queryset(self, request, queryset):
        current = Membership.objects.current().values("organisation")
        return {"yes": queryset.filter(pk__in=current), "no": queryset.exclude(pk__in=current)}.get(
            self.value(), queryset
        )


class LeftEmpty(admin.SimpleListFilter):
    """What invitations left behind is out of the way unless somebody asks for it."""

    title = _("left empty")
    parameter_name = "left"

    def lookups(self, request, model_admin):
        return [("empty", _("Nobody came when they were invited")), ("all", _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("Those in use")}, *others]

    def queryset(self, request, queryset):
        empty = Organisation.objects.left_empty(timezone.now()).values("pk")
        if self.value() == "all":
            return queryset
        return queryset.filter(pk__in=empty) if self.value() == "empty" else queryset.exclude(pk__in=empty)


@admin.register(Organisation)
class OrganisationAdmin(Careful):
    list_display = ["name", "kind", "country", "member_count", "origin", "listed", "merged_into"]
    list_filter = [
        LeftEmpty,
        "kind",
        HasMembers,
        "origin",
        "listed",
        ("merged_into", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["merged_into"]
    search_fields = ["name", "legal_name", "registration_number", "slug", "names__name"]
    ordering = ["name", "pk"]
    list_per_page = 50
    inlines = [MembershipInline, NameInline]
    actions = ["merge", "undo_merge", "invite_owner"]
    readonly_fields = ["policies", *NOT_CHECKED, "slug", "origin", "merged_into", "created_at"]
    fields = [
        "kind", "name", "legal_name", "registration_number", "country", "time_zone", "conditions",
        "reads_without_lawyer", "listed",
        "policies", *NOT_CHECKED, "slug", "origin", "merged_into", "created_at",
    ]  # fmt: skip

    def get_queryset(self, request):
        here = Count("memberships", filter=Q(memberships__left_at=None), distinct=True)
        return super().get_queryset(request).annotate(members_now=here)

    @admin.display(description=_("members"), ordering="members_now")
    def member_count(self, organisation):
        return organisation.members_now

    def has_delete_permission(self, request, obj=None):
        return False

    # Setting up ----------------------------------------------------------------------------------

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            kwargs["form"] = SetUpForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["kind", "name", "country", "owner_email", "message"]
        return super().get_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else super().get_readonly_fields(request, obj)

    def get_inlines(self, request, obj):
        return [] if obj is None else super().get_inlines(request, obj)

    def save_model(self, request, organisation, form, change):
        at = timezone.now()
        if not change:
            values = form.cleaned_data
            invitation = actions.invite_new_organisation(
                values["kind"], values["name"], values["owner_email"], country=values["country"],
                message=values["message"], on_behalf_of=None, actor=request.user, at=at,
            )  # fmt: skip
            organisation.pk = invitation.organisation_id
            organisation.refresh_from_db()
            return
        if OF_THE_ENTITY & set(form.changed_data):
            for name, value in NOT_CHECKED.items():
                setattr(organisation, name, value)
        super().save_model(request, organisation, form, change)
        if form.changed_data:
            record(
                "organisation.changed", organisation, actor=request.user, at=at, organisation=organisation,
                before={name: form.initial.get(name) for name in form.changed_data},
                after={name: form.cleaned_data[name] for name in form.changed_data},
            )  # fmt: skip

    @admin.action(description=_("Invite the first Owner"), permissions=["change"])
    def invite_owner(self, request, queryset):
        """For an organisation that nobody belongs to, as after an import."""
        organisation = self._one(request, queryset)
        if organisation is None:
            return None
        if organisation.members_now:
            self.message_user(request, _("It has members: an Owner invites."), messages.ERROR)
            return None
        form = InviteOwnerForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            try:
                invitation = actions.invite_member(
                    organisation, form.cleaned_data["email"], Membership.Role.OWNER, actor=request.user,
                    at=timezone.now(),
                )  # fmt: skip
            except actions.CannotInvite as why:
                form.add_error("email", str(why))
            else:
                text = _("An invitation is on its way to %(email)s.") % {"email": invitation.email}
                self.message_user(request, text, messages.SUCCESS)
                return None
        return self._ask(request, "invite_owner", form=form, organisations=[organisation])

    # Merging -------------------------------------------------------------------------------------

    @admin.action(description=_("Merge two into one"), permissions=["change"])
    def merge(self, request, queryset):
        """Two are chosen on the list; the page asks which name stays."""
        pair = list(queryset.order_by("pk")[:3])
        if len(pair) != 2:
            self.message_user(request, _("Choose exactly two organisations."), messages.WARNING)
            return None
        if reason := actions.refusal_to_merge(*pair) or actions.refusal_to_merge(*reversed(pair)):
            self.message_user(request, reason, messages.ERROR)
            return None
        stays = {str(one.pk): (one, other) for one, other in (pair, reversed(pair))}.get(
            request.POST.get("stays")
        )
        if "confirmed" in request.POST and stays:
            target, source = stays
            try:
                actions.merge(source, target, actor=request.user, at=timezone.now())
            except actions.CannotMerge as why:
                self.message_user(request, str(why), messages.ERROR)
            else:
                text = _("%(source)s is now another name for %(target)s.") % {
                    "source": source,
                    "target": target,
                }
                self.message_user(request, text, messages.SUCCESS)
                return redirect(reverse("admin:accounts_organisation_change", args=[target.pk]))
            return None
        unanswered = "confirmed" in request.POST
        return self._ask(request, "merge", organisations=pair, unanswered=unanswered)

    @admin.action(description=_("Undo a merge"), permissions=["change"])
    def undo_merge(self, request, queryset):
        for organisation in queryset:
            try:
                actions.undo_merge(organisation, actor=request.user, at=timezone.now())
            except actions.CannotMerge as why:
                self.message_user(request, f"{organisation}: {why}", messages.ERROR)
            else:
                text = _("%(name)s stands on its own again.") % {"name": organisation}
                self.message_user(request, text, messages.SUCCESS)

    def _one(self, request, queryset):
        if queryset.count() != 1:
            self.message_user(request, _("Choose one organisation."), messages.WARNING)
            return None
        return queryset.get()

    def _ask(self, request, action, **context):
        if not self.has_change_permission(request):
            raise PermissionDenied
        context |= self.admin_site.each_context(request) | {
            "opts": self.model._meta,
            "action": action,
            "title": {"merge": _("Which name stays?"), "invite_owner": _("Invite the first Owner")}[action],
        }
        return TemplateResponse(request, f"admin/accounts/organisation/{action}.html", context)

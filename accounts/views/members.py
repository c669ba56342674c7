"""A member of one's organisation: invited, given another role, seen off."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts import actions
from accounts.access import OrganisationMixin
from accounts.forms.organisations import HandOverForm, InviteMemberForm, MemberForm
from accounts.models import Membership
from accounts.views.sign_in import too_often


class MemberPage(OrganisationMixin, FormView):
    """A form in one's organisation that ends on the list of members."""

    def form_invalid(self, form, status=422):
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def done(self, text):
        messages.success(self.request, text)
        return redirect("accounts:member_list", self.organisation.slug)


class MemberInvite(MemberPage):
    """Invite somebody by e-mail."""

    verb = "invite_member"
    template_name = "accounts/member_invite.html"
    form_class = InviteMemberForm

    def form_valid(self, form):
        if not ratelimit.consume(self.request, action="invite"):
            form.add_error(None, too_often())
            return self.form_invalid(form, status=429)
        try:
            invitation = actions.invite_member(
                self.organisation, **form.cleaned_data, actor=self.request.user, at=timezone.now()
            )
        except actions.CannotInvite as why:
            form.add_error("email", str(why))
            return self.form_invalid(form)
        return self.done(_("An invitation is on its way to %(email)s.") % {"email": invitation.email})


class OfMember(MemberPage):
    """About one member: `self.membership`."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            members = Membership.objects.current().select_related("person", "organisation")
            self.membership = get_object_or_404(members, organisation=self.organisation, pk=kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(membership=self.membership, **kwargs)


class MemberEdit(OfMember):
    """Role, and the right to sign."""

    verb = "change_member"
    template_name = "accounts/member_edit.html"
    form_class = MemberForm

    def get_initial(self):
        return {"role": self.membership.role, "may_sign": self.membership.may_sign}

    def form_valid(self, form):
        try:
            actions.change_member(
                self.membership, **form.cleaned_data, actor=self.request.user, at=timezone.now()
            )
        except actions.LastOwner as why:
            form.add_error("role", str(why))
            return self.form_invalid(form)
        except actions.NotAMember as why:
            raise Http404 from why
        return self.done(_("The change is saved."))


class MemberRemove(OfMember):
    """Somebody leaves: what they hold is listed, and a colleague takes over."""

    verb = "remove_member"
    template_name = "accounts/member_remove.html"
    form_class = HandOverForm

    @cached_property
    def held(self):
        return actions.held_by(self.membership)

    def get_form_kwargs(self):
        colleagues = actions.who_may_take_over(self.membership)
        return super().get_form_kwargs() | {
            "colleagues": colleagues,
            "needed": bool(self.held) and colleagues.exists(),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(held=self.held, **kwargs)

    def form_valid(self, form):
        try:
            actions.end_membership(
                self.membership,
                hand_over_to=form.cleaned_data["hand_over_to"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except (actions.LastOwner, actions.NotAMember) as why:
            form.add_error(None, str(why))
            return self.form_invalid(form)
        return self.left()

    def left(self):
        return self.done(_("%(name)s is no longer a member.") % {"name": self.membership.person})


class MemberLeave(MemberRemove):
    """The same for oneself, whatever one's role."""

    verb = None
    template_name = "accounts/member_leave.html"

    def setup(self, request, *args, **kwargs):
        # One's own membership: there is no key in the address to mistake.
        MemberPage.setup(self, request, *args, **kwargs)
        if request.user.is_authenticated:
            self.membership = self.organisation.membership

    def left(self):
        messages.success(self.request, _("You have left %(name)s.") % {"name": self.organisation})
        return redirect("accounts:organisation_list")

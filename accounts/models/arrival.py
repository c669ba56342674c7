"""How people arrive: sign-in links, invitations, requests to join. Tokens are kept as hashes only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Membership, Organisation


class SignInLink(models.Model):
    """A link mailed to somebody who wants in: one purpose, one person, 30 minutes, once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    next = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class EmailChange(models.Model):
    """A new address that its owner has not confirmed yet. The link goes to the new address."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("new e-mail"))
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class KeptPost(models.Model):
    """A form that somebody sent when their session had ended. Offered to them, and to nobody else, after they sign in.

    It may hold sealed words: it is shown in no list, no export and no admin page, and is gone after use.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    # Pairs of name and value in the order in which they were sent.
    fields = models.JSONField()
    had_files = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "path"], name="one_kept_form_for_an_address"),
        ]


class InvitationQuerySet(models.QuerySet):
    def open(self, at):
        """Invitations that can still be answered."""
        return self.filter(
            accepted_at=None, declined_at=None, withdrawn_at=None, passed_on_at=None, expires_at__gt=at
        )

    def answerable(self, at):
        """Open, and not waiting for the inviter's word."""
        return self.open(at).filter(needs_confirmation=False)


class Invitation(models.Model):
    """An invitation by e-mail into an organisation. `partnerships` hangs a project on it where there is one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role, default=Membership.Role.LEAD)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Whose invitation it is, when a partner organisation is invited: the inviter's own.
    on_behalf_of = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    message = models.CharField(_("a word to them"), max_length=400, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # A passed-on invitation waits for the inviter's word before anything is mailed to the new address.
    passed_on_at = models.DateTimeField(null=True, blank=True)
    passed_on_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="passed_on_to"
    )
    needs_confirmation = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")

    def __str__(self):
        return f"{self.email} · {self.organisation}"

    @property
    def is_answered(self):
        """Whether nothing can be done about it any more: accepted, declined, withdrawn or passed on."""
        return any((self.accepted_at, self.declined_at, self.withdrawn_at, self.passed_on_at))


class JoinRequest(models.Model):
    """Somebody asks to join an organisation that exists already; its Owners (or an admin) decide."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests"
    )
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(decided_at=None),
                name="one_open_request_to_join",
            ),
        ]

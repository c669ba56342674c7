"""How people arrive: sign-in links, invitations, requests to join. Tokens are kept as hashes only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Membership, Organisation


class SignInLink(models.Model):
    """A link mailed to somebody who wants in: one purpose, one person, 30 minutes, once."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    next = models.CharField(_("page to go on to"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")


class EmailChange(models.Model):
    """A new address that its owner has not confirmed yet. The link goes to the new address."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    email = models.EmailField(_("new e-mail"))
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of e-mail")
        verbose_name_plural = _("changes of e-mail")


class KeptPost(models.Model):
    """A form that somebody sent when their session had ended. Offered to them, and to nobody else, after they sign in.

    It may hold sealed words: it is shown in no list, no export and no admin page, and is gone after use.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    path = models.CharField(_("address of the page"), max_length=500)
    # Pairs of name and value in the order in which they were sent.
    fields = models.JSONField(_("fields"))
    had_files = models.BooleanField(_("had files"), default=False)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
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

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role, default=Membership.Role.LEAD)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    # Whose invitation it is, when a partner organisation is invited: the inviter's own.
    on_behalf_of = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    message = models.CharField(_("a word to them"), max_length=400, blank=True)
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # A passed-on invitation waits for the inviter's word before anything is mailed to the new address.
    passed_on_at = models.DateTimeField(_("passed on at"), null=True, blank=True)
    passed_on_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on_to",
        verbose_name=_("passed on from"),
    )
    needs_confirmation = models.BooleanField(_("needs confirmation"), default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return f"{self.email} · {self.organisation}"

    @property
    def is_answered(self):
        """Whether nothing can be done about it any more: accepted, declined, withdrawn or passed on."""
        return any((self.accepted_at, self.declined_at, self.withdrawn_at, self.passed_on_at))


class JoinRequest(models.Model):
    """Somebody asks to join an organisation that exists already; its Owners (or an admin) decide."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="join_requests",
        verbose_name=_("person"),
    )
    created_at = models.DateTimeField(_("created at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    accepted = models.BooleanField(_("accepted"), null=True)

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

    def __str__(self):
        return f"{self.person} · {self.organisation}"

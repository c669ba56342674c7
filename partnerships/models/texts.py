"""The text of a file of a contract, read out of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.contract import ContractVersion


class ContractText(models.Model):
    """The text of a version, read once by a worker. A version without one was not read yet."""

    class State(models.TextChoices):
        READ = "read", _("Read")
        # A scan, a password, something broken, or far too much.
        UNREADABLE = "unreadable", _("Can’t be read")

    version = models.OneToOneField(
        ContractVersion, on_delete=models.CASCADE, related_name="text", verbose_name=_("version")
    )
    state = models.CharField(_("text"), max_length=12, choices=State)
    # A paragraph a line.
    text = models.TextField(_("text"), blank=True)
    pages_without_text = models.PositiveSmallIntegerField(_("pages without text"), default=0)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("text of a version")
        verbose_name_plural = _("texts of versions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="read") & ~Q(text="") | Q(state="unreadable", text=""),
                name="what_was_read_says_something",
            ),
        ]

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n") if self.text else []

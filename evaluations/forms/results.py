from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField


class ReplyForm(forms.Form):
    """One reply to what the others answered on a question."""

    text = PlainTextField(
        label=_("Your reply"),
        lines=True,
        rows=3,
        max_length=600,
        help_text=_("One reply for your organisation. It can’t be changed once it is sent."),
        error_messages={"required": _("Write your reply")},
    )

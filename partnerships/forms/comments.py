"""The form for a comment on a row of a contract."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField
from partnerships.forms.contract import ContractFormBase


class CommentForm(ContractFormBase):
    """A remark.

    Arguments:
        read: the fingerprint of what the row says, as it is shown.
    """

    read = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    words = PlainTextField(
        label=_("Your comment"),
        help_text=_("All partners read it. Nobody has to answer: to get an answer, ask a question."),
        max_length=300,
        lines=True,
        rows=3,
        error_messages={"required": _("Write your comment")},
    )

    def __init__(self, *args, read: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = read

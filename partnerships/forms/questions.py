"""Forms for questions about a contract: to ask, to answer."""

from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField
from partnerships.forms.contract import ContractFormBase


class QuestionForm(ContractFormBase):
    """What is not understood."""

    words = PlainTextField(
        label=_("What don’t you understand?"),
        help_text=_("A word, a sentence, or what it means for you. The other side answers in plain words."),
        max_length=400,
        lines=True,
        rows=3,
        error_messages={"required": _("Say what you don’t understand")},
    )


class ReplyForm(ContractFormBase):
    """What it means."""

    answer = PlainTextField(
        label=_("What does it mean, in plain words?"),
        help_text=_("Short sentences. If the contract should say it otherwise, change its words, too."),
        max_length=600,
        lines=True,
        rows=4,
        error_messages={"required": _("Say what it means")},
    )

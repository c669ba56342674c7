"""The form with which one side says that it understands what the other side wrote, row by row."""

from collections.abc import Mapping, Sequence

from crispy_forms.layout import Div, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from partnerships.contract import fingerprint
from partnerships.forms.contract import ReadForm, as_text
from partnerships.models import ContractRow
from principles.glossary import find_words


class RowToRead:
    """What a row says, above its box."""

    def __init__(self, row: ContractRow, ask_url: str):
        self.row, self.ask_url = row, ask_url

    def render(self, form, context, **_more):
        shown = {"row": self.row, "words": find_words(self.row.text), "ask_url": self.ask_url}
        return render_to_string("partnerships/row_to_confirm.html", shown)


class RowsConfirmForm(ReadForm):
    """A box to tick for each row. Nothing is ticked before somebody ticked it.

    Arguments:
        rows: what waits for this side.
        ask_urls: where to say that one is not understood, by its code.
    """

    def __init__(self, *args, rows: Sequence[ContractRow], ask_urls: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = as_text({row.code: fingerprint(row.text) for row in rows})
        self.codes = [row.code for row in rows]
        boxes = []
        for row in rows:
            self.fields[row.code] = forms.BooleanField(
                label=_("We understand “{row}”").format(row=row.get_code_display()), required=False
            )
            # Not "(optional)": a row that is left can be confirmed later, and has to be before anybody signs.
            self.fields[row.code].later = True
            boxes.append(Div(RowToRead(row, ask_urls[row.code]), row.code, css_class="panel panel-pad"))
        self.helper.layout = Layout("read", Div(*boxes, css_class="flow"))

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(code) for code in self.codes):
            self.add_error(next(iter(self.codes), None), _("Tick each row that you understand"))
        return cleaned

    def ticked(self) -> dict[str, str]:
        """The fingerprint of each row that was ticked, as it was read."""
        read = self.cleaned_data["read"]
        return {code: read.get(code, "") for code in self.codes if self.cleaned_data.get(code)}

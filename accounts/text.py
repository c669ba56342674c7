"""What people type: form fields that keep words, money and dates clean on both databases.

Every form takes its words through these fields, so that what is stored can go on a page, into a mail, a PDF
and a spreadsheet. A field refuses with a sentence; it never drops a word in silence.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext_lazy as _

from accounts.models.person import normal_email

FIRST_YEAR, LAST_YEAR = 1990, 2100
LARGEST_AMOUNT = Decimal("9999999999999.99")

# Marks that turn the reading direction round: with them, a name can show another ending than it has.
TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Characters without width: a text of nothing else is empty to a reader.
NO_WIDTH = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
)
# No living script stacks more marks on one letter; taller piles run over the lines above and below.
TALLEST_PILE = 8

HIDDEN_CHARACTERS = _(
    "This holds hidden characters that can't be kept. Type it again, or paste it as plain text."
)


def clean_text(value: str, *, lines: bool = False) -> str:
    """One spelling for one text: composed characters, plain line breaks, nothing invisible around it.

    Arguments:
        lines: keep line breaks; otherwise they become spaces.

    Raises:
        ValidationError: control characters, marks that turn the reading direction, lone surrogates, piles of accents.
    """
    # Piles are looked for first: composing a long one takes time that grows with its square.
    pile = 0
    for character in value:
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in "\t\r\n"):
            raise ValidationError(HIDDEN_CHARACTERS, code="hidden_characters")
        if character in TURNING_MARKS or ord(character) & 0xFFFE == 0xFFFE:
            raise ValidationError(HIDDEN_CHARACTERS, code="hidden_characters")
        pile = pile + 1 if category in ("Mn", "Me") else 0
        if pile > TALLEST_PILE:
            raise ValidationError(_("This has too many accents on one letter."), code="piled_accents")
    text = unicodedata.normalize("NFC", value).replace("\t", " ")
    text = re.sub("\r\n|[\r\u2028\u2029]", "\n", text)
    if not lines:
        text = re.sub(r" *\n[ \n]*", " ", text)
    if all(character in NO_WIDTH or character.isspace() for character in text):
        return ""
    return text.strip().strip("\ufeff\u200b\u2060").strip()


class PlainTextField(forms.CharField):
    """Words on one line, or several with `lines=True`. `max_length` counts characters as people do."""

    def __init__(self, *, lines=False, rows=4, **kwargs):
        self.lines = lines
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        return clean_text(str(value), lines=self.lines) or self.empty_value

    def has_changed(self, initial, data):
        return (initial or "") != (data or "").replace("\r\n", "\n")

    def widget_attrs(self, widget):
        # Browsers count `maxlength` in UTF-16 units, where an emoji is several: the server alone decides,
        # and a counter on the page reads this attribute.
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        if self.max_length is not None and not widget.is_hidden:
            attrs["data-limit"] = str(self.max_length)
        return attrs


class MailAddressField(forms.EmailField):
    """One e-mail address, in the spelling in which accounts are found."""

    default_error_messages = {"invalid": _("Enter an email address, like name@example.org.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 254)
        super().__init__(**kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        address = normal_email(clean_text(value))
        # The part before the sign holds 64 bytes at most (RFC 5321, 4.5.3.1.1).
        if len(address.rpartition("@")[0].encode()) > 64:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class LinkField(forms.URLField):
    """The address of a page elsewhere. Who reads it sees where it leads: plain letters, and nothing before an "@"."""

    default_error_messages = {"invalid": _("Enter the address of a page, like https://example.org/policy.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 300)
        super().__init__(assume_scheme="https", **kwargs)
        self.validators.append(_leads_where_it_says)

    def to_python(self, value):
        return super().to_python(clean_text(str(value)) if value not in self.empty_values else value)


def _leads_where_it_says(address):
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not parts.netloc.isascii():
        raise ValidationError(LinkField.default_error_messages["invalid"], code="invalid")


class MoneyField(forms.CharField):
    """An amount as people write it here: 1234.56 or 1,234.56. Never an exponent, never below nothing."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Enter an amount like 1,234.56."),
        "too_large": _("This amount is too large to be kept."),
        "decimals": _("Use at most two digits after the point."),
    }

    def __init__(self, *, max_value=LARGEST_AMOUNT, **kwargs):
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, Decimal):
            return value
        if len(value or "") > 40:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        # Digits of every script count; so do spaces that keep an amount together.
        typed = unicodedata.normalize("NFKC", super().to_python(value) or "")
        typed = "".join(str(unicodedata.decimal(c, c)) for c in typed).replace(" ", "").replace("'", "")
        if not typed:
            return None
        if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", typed, re.ASCII):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        whole, _point, cents = typed.replace(",", "").partition(".")
        if len(cents) > 2:
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        # Told by length first: a million digits are refused without being counted.
        if len(whole.lstrip("0")) > 15:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        amount = Decimal(f"{whole}.{cents or 0}").quantize(Decimal("0.01"))
        if amount > self.max_value:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        return amount

    def prepare_value(self, value):
        return f"{value:.2f}" if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (initial if initial != "" else None)
        except ValidationError:
            return True

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


class DateParts(forms.MultiWidget):
    """Day, month and year as three short inputs: quicker to type than a calendar, and it works everywhere."""

    template_name = "components/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        numbers = {"inputmode": "numeric", "autocomplete": "off"}
        parts = {
            "day": forms.TextInput(numbers | {"size": "2"}),
            "month": forms.TextInput({"autocomplete": "off", "size": "2"}),
            "year": forms.TextInput(numbers | {"size": "4"}),
        }
        super().__init__(parts, attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["label"] = label
        # The first input carries the field's own id, so that an error summary leads to it.
        context["widget"]["subwidgets"][0]["attrs"]["id"] = attrs.get("id", "")
        return context


def _month_number(typed):
    """The number of a month that is written as a number or by its name; None when it is neither."""
    if typed.isdecimal():
        return int(typed) if len(typed) <= 2 else None
    wanted = typed.casefold().rstrip(".")
    for number in MONTHS:
        if wanted in (str(MONTHS[number]).casefold(), str(MONTHS_3[number]).casefold()):
            return number
    return None


class DateField(forms.Field):
    """A day between 1990 and 2100, typed as day, month and year. The month may be a word."""

    widget = DateParts
    default_error_messages = {
        "required": _("Enter a day, a month and a year."),
        "invalid": _("Enter a day, a month and a year, like 27 11 2026."),
        "no_such_day": _("There is no such day. Check day and month."),
        "year": _("Write the year with four digits, from 1990 to 2100."),
    }

    def to_python(self, value):
        if value is None or isinstance(value, dt.date):
            return value
        if any(len(part or "") > 20 for part in value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        parts = [unicodedata.normalize("NFKC", str(part or "")).strip() for part in value]
        if not any(parts):
            return None
        day, month, year = parts
        month = _month_number(month)
        if month is None or not (day.isdecimal() and len(day) <= 2 and year.isdecimal()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(year) != 4 or not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return dt.date(int(year), month, int(day))
        except ValueError as error:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from error

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

"""What people type comes out clean, or is refused with a sentence."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.text import DateField, MailAddressField, MoneyField, PlainTextField


class Form(forms.Form):
    title = PlainTextField(max_length=200)
    why = PlainTextField(max_length=600, lines=True, required=False)
    day = DateField(required=False)
    amount = MoneyField(required=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoe\u0308 / Zoë", "Zoë / Zoë"),
        ("\U0001f469\U0001f3fd\u200d\U0001f52c trial", "\U0001f469\U0001f3fd\u200d\U0001f52c trial"),
        ("Budget\r\nBcc: all@c.example", "Budget Bcc: all@c.example"),
        ("\t=1", "=1"),
        ("＝1+1", "＝1+1"),
        ("{{ settings.SECRET_KEY }} & <b>", "{{ settings.SECRET_KEY }} & <b>"),
        ("\ufeffHandbook ", "Handbook"),
        ("W" * 200, "W" * 200),
        ("\U0001f600" * 200, "\U0001f600" * 200),
    ],
)
def test_words_are_kept_in_one_spelling(typed, kept):
    assert PlainTextField(max_length=200).clean(typed) == kept


def test_lines_are_kept_where_there_may_be_several():
    assert PlainTextField(lines=True).clean("one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize("typed", ["", "\u200b\u2060\ufeff", " \r\n\t ", "\u00a0\u200d"])
@pytest.mark.parametrize("lines", [True, False])
def test_what_cannot_be_seen_is_empty(typed, lines):
    with pytest.raises(ValidationError) as refused:
        PlainTextField(lines=lines).clean(typed)

    assert refused.value.code == "required"
    assert PlainTextField(lines=lines, required=False).clean(typed) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Pat\x00ient", "hidden_characters"),
        ("line\x01\x0b\x1b[31mred", "hidden_characters"),
        ("invoice\u202efdp.exe", "hidden_characters"),
        ("\ud800", "hidden_characters"),
        ("a\uffff", "hidden_characters"),
        ("Z" + "\u0300\u0316" * 2000, "piled_accents"),
        ("W" * 201, "max_length"),
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_what_would_break_a_page_a_file_or_a_mail_is_refused(typed, code, lines):
    with pytest.raises(ValidationError) as refused:
        PlainTextField(max_length=200, lines=lines).clean(typed)

    assert code in {error.code for error in refused.value.error_list}


def test_a_long_text_of_accents_is_refused_at_once():
    with pytest.raises(ValidationError):
        PlainTextField(lines=True).clean("\u0300\u0316" * 500_000)


def test_the_browser_is_not_told_a_length_it_would_count_otherwise():
    html = str(Form()["title"])

    assert 'data-limit="200"' in html
    assert "maxlength" not in html


def test_a_text_of_several_lines_is_unchanged_when_only_the_browser_changed_its_line_breaks():
    form = Form({"why": "one\r\ntwo"}, initial={"why": "one\ntwo"})

    assert form.changed_data == []


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.56", "1234.56"),
        ("1234.5", "1234.50"),
        ("12 000", "12000.00"),
        ("١٢٣", "123.00"),
        ("１２", "12.00"),
        ("0", "0.00"),
    ],
)
def test_amounts_are_read_as_written_here(typed, amount):
    assert str(MoneyField().clean(typed)) == amount


@pytest.mark.parametrize(
    "typed", ["1.234,56", "1e5", "-1", "12,34", "abc", "NaN", "9999999999999999.99", "1" + "0" * 30, "1.234"]
)
def test_other_amounts_are_refused(typed):
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


def test_an_amount_is_shown_as_it_would_be_typed():
    form = Form(initial={"amount": Decimal("1200.5000")})

    assert 'value="1200.50"' in str(form["amount"])


@pytest.mark.parametrize(
    ("day", "month", "year"), [("29", "2", "2028"), ("29", "February", "2028"), ("29", "feb.", "2028")]
)
def test_a_day_is_typed_in_three_parts(day, month, year):
    form = Form({"title": "T", "day_day": day, "day_month": month, "day_year": year})

    assert form.is_valid()
    assert form.cleaned_data["day"] == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["29", "2", "2027"], "no_such_day"),
        (["1", "1", "0001"], "year"),
        (["31", "12", "1899"], "year"),
        (["31", "12", "9999"], "year"),
        (["1", "1", "10000"], "year"),
        (["0", "0", "0000"], "year"),
        (["1", "1", "27"], "year"),
        (["1", "", "2027"], "invalid"),
        (["1", "smarch", "2027"], "invalid"),
        (["9" * 5000, "1", "2027"], "invalid"),
        (["1" + "\x00", "1", "2027"], "invalid"),
    ],
)
def test_other_days_are_refused(parts, code):
    with pytest.raises(ValidationError) as refused:
        DateField().clean(parts)

    assert refused.value.code == code


def test_a_day_left_empty_is_empty_or_asked_for():
    assert DateField(required=False).clean(["", "", ""]) is None
    with pytest.raises(ValidationError) as refused:
        DateField().clean(["", " ", ""])
    assert refused.value.code == "required"


def test_what_was_typed_for_a_day_is_still_there_after_an_error():
    form = Form({"day_day": "31", "day_month": "Feb", "day_year": "2027"})

    html = str(form["day"])

    assert not form.is_valid()
    assert 'value="31"' in html
    assert 'value="Feb"' in html
    assert 'id="id_day"' in html
    assert 'for="id_day"' in html


@pytest.mark.parametrize(
    "typed", ["a@b.example,c@d.example; e@f.example", "a" * 65 + "@example.com", "nobody", "a\x00@b.example"]
)
def test_what_is_not_one_address_is_refused(typed):
    with pytest.raises(ValidationError):
        MailAddressField().clean(typed)


def test_an_address_has_one_spelling():
    assert MailAddressField().clean(" A.User@Example.COM ") == "a.user@example.com"

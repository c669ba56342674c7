"""Forms and sentences of "How we work": days, the order of steps, contacts, promises beside what is measured."""

import pytest

from partnerships.forms.how_we_work import ContactForm, StepsForm
from partnerships.how_we_work import contract_line, read_draft
from partnerships.measured import TypicalDays
from tests.factories import make_organisation, make_person, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(side):
    """A Lead of an organisation of either kind."""
    return member_of(make_organisation(side))


def own(person):
    return person.organisations.get()


def steps_form(writer, **data):
    work = read_draft(own(writer))
    return StepsForm(data, values=work.values, read=work.marks, organisation=own(writer))


@pytest.mark.parametrize("days", ["1.5", "10.0", "-1", "0", "ten", "1e3", "366", "9" * 5000, "\x00", "1 000"])
def test_days_that_are_no_whole_number_are_refused_at_their_field(writer, days):
    form = steps_form(writer, step_1_what="We answer", step_1_days=days, contract_days=days)

    assert set(form.errors) == {"step_1_days", "contract_days"}


def test_days_may_be_left_open_and_a_step_without_words_says_so(writer):
    form = steps_form(writer, step_1_what="We answer", step_1_days="", step_2_what="", step_2_days="5")

    assert form.errors == {"step_2_what": ["Say what happens in this step, or empty it."]}


@pytest.mark.parametrize(("up", "order"), [("", "ABC"), ("2", "BAC"), ("4", "ACB"), ("3", "ABC")])
def test_a_step_moves_up_by_one_whatever_empty_rows_lie_between(writer, up, order):
    form = steps_form(writer, step_1_what="A", step_2_what="B", step_3_what="", step_4_what="C", up=up)

    assert form.is_valid()
    assert "".join(step["what"] for step in form.values()["steps"]) == order


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"contact_name": "Desk"}, ["contact_email"]),
        ({"contact_email": "desk@example.org"}, ["contact_name"]),
        ({"contact": "member", "contact_name": "Desk"}, []),
        ({"contact": "stranger"}, ["contact"]),
        ({}, []),
    ],
)
def test_a_contact_is_a_member_or_somebody_with_name_and_address(writer, data, wrong):
    people = {"member": str(writer.pk), "stranger": str(make_person().pk)}
    data = {name: people.get(value, value) for name, value in data.items()}
    work = read_draft(own(writer))

    form = ContactForm(data, values=work.values, read=work.marks, organisation=own(writer))

    assert list(form.errors) == wrong
    if data.get("contact") == str(writer.pk):
        assert (form.values()["contact"], form.values()["contact_name"]) == (writer.pk, "")


@pytest.mark.parametrize(
    ("promised", "typical", "line"),
    [
        (
            30,
            TypicalDays(41, 12, 9),
            "Contract in 30 working days (promised), 41 working days (typical of last 9)",
        ),
        (1, None, "Contract in 1 working day (promised)"),
        (None, TypicalDays(41, 12, 9), "Contract in 41 working days (typical of last 9)"),
        (None, None, ""),
    ],
)
def test_a_promise_stands_beside_what_is_measured(promised, typical, line):
    assert contract_line(promised, typical) == line

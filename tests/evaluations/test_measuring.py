"""Facts beside the opinions: each is measured from what was recorded, and says how."""

import pytest

from evaluations.actions.measuring import (
    MEASURES,
    answer_days,
    company_inputs,
    contract_days,
    group_inputs,
    measured,
    promises_kept,
    questions_answered,
)
from evaluations.models import CarriedItem, MeasuredFact, Promise
from partnerships.actions.contract import answer_question, ask_about_row
from partnerships.actions.talk import answer_entry
from partnerships.models import Contract
from tests.evaluations.opened import signed_project
from tests.factories import DAY, NOON, make_project, member_of, other_side, partner_of, person_on
from tests.partnerships.contracts import complete, people_of
from tests.partnerships.talking import said
from tests.partnerships.work import described

pytestmark = pytest.mark.django_db


def signed(project, *, days=28, start=NOON):
    contract = Contract.objects.create(project=project, title="Grant", type="grant", created_at=start)
    Contract.objects.filter(pk=contract.pk).update(approved_at=start, signed_at=start + days * DAY)
    return contract


def test_a_project_of_which_nothing_was_recorded_has_no_facts():
    assert measured(make_project(stage="review")) == {}


def test_days_to_the_contract_are_working_days_against_the_promise():
    project = make_project(stage="review")
    signed(project)
    assert contract_days(project) == (20, None)

    company = partner_of(project, "company")
    described(company, member_of(company, "owner"), contract_days=15)

    assert contract_days(project) == (20, 15)


def test_of_questions_it_counts_the_answered_ones_and_the_days_in_the_middle(side, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    project, me, them = people_of(side)
    contract = complete(project, me, at=NOON)
    for row, days in (("what", 1), ("why", 2), ("who", 7), ("when", None)):
        question = ask_about_row(contract, row, words="What is that?", actor=them, at=NOON)
        if days:
            answer_question(question, answer="This.", actor=me, at=NOON + days * DAY)

    assert questions_answered(project) == (3, 4)
    # A day, two days, and a week with five working days.
    assert answer_days(project) == (2, None)


def test_of_promises_that_were_brought_it_counts_those_that_were_kept(side):
    earlier = signed_project(promises=[{"side": side}, {"side": other_side(side)}])
    project = make_project(stage="review")
    promises = list(Promise.objects.filter(project=earlier))
    for promise in promises:
        CarriedItem.objects.create(
            project=project, promise=promise, brought_by=person_on(project, side), brought_at=NOON
        )
    Promise.objects.filter(pk=promises[0].pk).update(
        state=Promise.State.DONE, settled_at=NOON, settled_by=person_on(earlier, side)
    )

    assert promises_kept(project) == (1, 2)


def test_of_inputs_it_counts_for_each_side_what_the_other_used(side):
    project = make_project(stage="deliver")
    me, them = person_on(project, side), person_on(project, other_side(side))
    for outcome in ("used", "not_used", None):
        entry = said(project, me, "input", text=f"Please: {outcome}")
        if outcome:
            answer_entry(entry, outcome=outcome, text="Because.", actor=them, at=NOON + DAY)

    figures = {"group": group_inputs(project), "company": company_inputs(project)}

    assert figures == {side: (1, 3), other_side(side): None}


def test_every_fact_has_a_function_with_words_and_says_how_it_was_measured():
    for name, measure in MEASURES.items():
        assert measure.__doc__
        fact = MeasuredFact(name=name, value=3, of=4)
        assert fact.how
        assert "3" in fact.text
    assert {*MEASURES, MeasuredFact.Name.DAYS_TO_CONTRACT} == set(MeasuredFact.Name)

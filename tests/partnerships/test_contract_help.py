"""Help beside the checklist: what to ask for, who helps, and whether the company pays for advice."""

import re

import pytest
from django.urls import reverse

from partnerships.rulesets.agreements import rule_sets
from partnerships.rulesets.contract_help import contract_help
from partnerships.rulesets.reading import MOST_WORDS
from tests.factories import make_project, member_of, partner_of, person_on
from tests.partnerships.contracts import complete
from tests.partnerships.work import described

pytestmark = pytest.mark.django_db


def checklist_of(client, side, says=None):
    """The checklist as somebody of one side reads it. `says`: what the company has published about paying for advice."""
    project = make_project(stage="contract")
    person = person_on(project, side)
    company = partner_of(project, "company")
    if says is not None:
        described(company, member_of(company), pays_legal=says)
    contract = complete(project, person)
    client.force_login(person)
    address = reverse("partnerships:checklist_detail", args=[project.reference, contract.number])
    return company, " ".join(client.get(address).text.split())


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (True, "{name} pays for legal advice."),
        (False, "{name} does not pay for legal advice."),
        (None, "{name} has not said whether it pays for legal advice. Ask before you sign."),
    ],
)
def test_both_sides_read_whether_the_company_pays_for_advice(client, side, says, words):
    company, page = checklist_of(client, side, says)

    assert words.format(name=company.name) in page
    assert ("How they work" in page) == (says is not None)


def test_what_to_ask_for_stands_at_the_items_that_have_words_and_at_no_others(client, side):
    _company, page = checklist_of(client, side)

    assert page.count("What you can ask for") == len(contract_help().words)
    for code, words in contract_help().words.items():
        item = page[page.index(f'id="item_{code}"') :].partition("</li>")[0]
        assert words.replace("'", "&#x27;") in item


def test_who_helps_is_named_with_a_safe_link_and_what_nobody_checked_says_so(client, side):
    _company, page = checklist_of(client, side)

    assert [place.address for place in contract_help().places] == re.findall(
        r'<a href="(https://[^"]+)" rel="external noreferrer">', page
    )
    assert ("No person has checked these words" in page) == (contract_help().last_checked is None)


def test_words_are_for_items_that_there_are_and_each_item_of_fairness_has_some():
    for rules in rule_sets():
        parts = {part.code: part for kind in rules.kinds for part in kind.parts}
        assert {item.code for item in parts["fairness"].items} == set(contract_help().words)


def test_what_helps_to_read_is_easy_to_read_itself():
    sentences = [
        sentence
        for words in contract_help().words.values()
        for sentence in re.split(r"(?<=[.?])\s+", words.replace(" … ", " x "))
    ]

    assert [one for one in sentences if len(one.split()) > MOST_WORDS] == []

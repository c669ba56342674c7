"""The files of rules for agreements: whole, within the limits of what is stored, and refused when they contradict themselves."""

import datetime as dt

import pytest

from partnerships.models import ChecklistItem, Contract
from partnerships.rulesets.agreements import FOLDER, read, rule_set, rule_set_for, rule_sets

ANSWERS = set(ChecklistItem.Answer.values)


@pytest.fixture(params=rule_sets(), ids=lambda rules: rules.code)
def rules(request):
    return request.param


def test_every_kind_of_contract_has_its_checklist_and_its_duties(rules):
    assert {kind.code for kind in rules.kinds} == set(Contract.Type.values)
    for kind in rules.kinds:
        assert kind.required
        assert kind.duties
        assert len(kind.items) == len({item.code for item in kind.items})


def test_what_is_stored_of_a_rule_set_fits(rules):
    assert len(rules.code) <= Contract._meta.get_field("ruleset").max_length
    longest = ChecklistItem._meta.get_field("code").max_length
    assert [
        item.code for item in rules.items if len(item.code) > longest or not item.code.isidentifier()
    ] == []


def test_every_part_has_a_source_and_every_item_words(rules):
    assert rules.source
    assert rules.last_checked is None or isinstance(rules.last_checked, dt.date)
    for kind in rules.kinds:
        assert all(part.name and part.source for part in kind.parts)
        # The form of a part carries a fingerprint of each of its answers.
        assert all(len(part.items) * 38 <= 1000 for part in kind.parts)
    assert all(item.name and item.hint for item in rules.items)


def test_a_contradiction_is_about_an_item_of_its_kind_and_leads_to_another_one(rules):
    for kind in rules.kinds:
        for one in kind.contradictions:
            assert one.answer in ANSWERS
            assert one.item in {item.code for item in kind.items}
            assert one.becomes
            assert kind.code not in one.becomes


def test_the_newest_rule_set_of_a_country_is_found():
    assert rule_set_for("GB") == rule_set("gb-2021")
    assert rule_set_for("ES") is None
    with pytest.raises(LookupError):
        rule_set("gb-1066")
    with pytest.raises(LookupError):
        rule_set("gb-2021").kind("loan")


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ('code = "given"', 'code = "activity"', ValueError),
        ('code = "gb-2021"', 'code = "gb-2022"', ValueError),
        ('parts = ["service", "fairness"]', 'parts = ["servce"]', KeyError),
        ('duties = ["approval", ', 'duties = ["aproval", ', KeyError),
        ('item = "no_service"', 'item = "noservice"', KeyError),
        ('becomes = ["service"]', 'becomes = ["loan"]', KeyError),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path, before, after, error):
    text = (FOLDER / "gb-2021.toml").read_text()
    assert before in text
    (tmp_path / "gb-2021.toml").write_text(text.replace(before, after, 1))

    with pytest.raises(error):
        read(tmp_path / "gb-2021.toml")


def test_the_day_on_which_a_person_checked_it_is_read(tmp_path):
    text = (FOLDER / "gb-2021.toml").read_text()
    (tmp_path / "gb-2021.toml").write_text(f"last_checked = 2026-11-03\n{text}")

    assert read(tmp_path / "gb-2021.toml").last_checked == dt.date(2026, 11, 3)

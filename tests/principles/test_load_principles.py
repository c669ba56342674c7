"""Loading the reviewed file: twice is once, and what is in use stands."""

import json
import tomllib

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Event
from principles.actions import (
    DATA,
    BadPrinciples,
    EditionInUse,
    load_principles,
    over_budget,
    read_principles,
)
from principles.models import Level, Principle, PrincipleSet, Question
from tests.factories import NOON, make_project

pytestmark = pytest.mark.django_db


def changed_copy(tmp_path, before, after):
    text = DATA.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "principles.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


def a_file(tmp_path, change):
    """The reviewed file with one change to what it holds, written as TOML again."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    change(data["principle"])
    lines = [f"{name} = {json.dumps(data[name])}" for name in ("edition", "title")]
    for level in data["level"]:
        lines += ["[[level]]", *(f"{name} = {json.dumps(value)}" for name, value in level.items())]
    for principle in data["principle"]:
        questions = principle.pop("question_bank")
        lines += ["[[principle]]", *(f"{name} = {json.dumps(value)}" for name, value in principle.items())]
        for question in questions:
            lines += ["[[principle.question_bank]]"]
            lines += [f"{name} = {json.dumps(value)}" for name, value in question.items()]
    path = tmp_path / "principles.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def stored(edition="2026-11"):
    """Every word of an edition, in the shape of the file."""
    principles = Principle.objects.filter(principle_set__edition=edition)
    return [
        {
            name: getattr(principle, name)
            for name in (
                "number",
                "code",
                "name",
                "question",
                "summary",
                "for_groups",
                "for_companies",
                "opening_question",
            )
        }
        | {
            "question_bank": [
                {
                    "code": question.code,
                    "short": question.short,
                    "text": question.text,
                    "help": question.help,
                    "pulse": question.pulse,
                    "levels": [(level.value, level.label, level.text) for level in question.levels.all()],
                }
                for question in principle.questions.order_by("position")
            ]
        }
        for principle in principles.order_by("number")
    ]


def in_file(path=DATA):
    """The same of a file, without the code that loads it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    labels = [(level["value"], level["label"]) for level in data["level"]]
    for principle in data["principle"]:
        for question in principle["question_bank"]:
            question["levels"] = [
                (*label, text) for label, text in zip(labels, question["levels"], strict=True)
            ]
            question.setdefault("help", "")
            question.setdefault("pulse", False)
    return data["principle"]


def test_the_file_holds_five_principles_with_three_questions_of_four_levels():
    principles = in_file()
    questions = [question for principle in principles for question in principle["question_bank"]]

    assert [principle["number"] for principle in principles] == [1, 2, 3, 4, 5]
    assert [len(principle["question_bank"]) for principle in principles] == [3] * 5
    assert [len(question["levels"]) for question in questions] == [4] * 15
    assert [sum(q["pulse"] for q in principle["question_bank"]) for principle in principles] == [1] * 5
    texts = [text for question in questions for _value, _label, text in question["levels"]]
    assert (len(set(texts)), all(texts)) == (60, True)


def test_loading_gives_exactly_the_texts_of_the_file():
    load_principles(at=NOON)

    assert stored() == in_file()
    assert PrincipleSet.objects.get().title == "Five principles for equal partnerships"


def without_a_question(principles):
    del principles[0]["question_bank"][0]


def without_a_principle(principles):
    # The last but one: the one behind it moves up.
    del principles[3]
    principles[3]["number"] = 4


def with_questions_swapped(principles):
    bank = principles[1]["question_bank"]
    bank[0], bank[2] = bank[2], bank[0]


def with_principles_swapped(principles):
    principles[0]["number"], principles[4]["number"] = 5, 1


def with_one_question_replaced(principles):
    bank = principles[2]["question_bank"]
    bank.insert(0, bank.pop() | {"code": "new", "short": "New"})


CHANGES = [
    without_a_question,
    without_a_principle,
    with_questions_swapped,
    with_principles_swapped,
    with_one_question_replaced,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_removed_or_moved_in_the_file_reaches_an_edition_that_nobody_uses(tmp_path, change):
    load_principles(at=NOON)
    path = a_file(tmp_path, change)

    loaded = load_principles(path, at=NOON)
    again = load_principles(path, at=NOON)

    assert stored() == sorted(in_file(path), key=lambda principle: principle["number"])
    assert (loaded.changed > 0, again.changed) == (True, 0)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_removed_or_moved_in_the_file_is_refused_for_an_edition_in_use(tmp_path, change):
    make_project(principle_set=load_principles(at=NOON).edition)
    before = stored()

    with pytest.raises(EditionInUse):
        load_principles(a_file(tmp_path, change), at=NOON)

    assert stored() == before


def test_an_edition_in_use_that_is_as_in_the_file_is_left_alone():
    make_project(principle_set=load_principles(at=NOON).edition)

    again = load_principles(at=NOON)

    assert (again.created, again.changed) == (False, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p[1].update(number=1), "The principles need the numbers 1 to 5."),
        (lambda p: p[1].update(number="2"), "The principles need the numbers 1 to 5."),
        (lambda p: p[1].update(code="patients-first"), "patients-first stands there twice."),
        (lambda p: p[0]["question_bank"][1].update(code="need"), "need stands there twice."),
        (lambda p: p[0].update(name="x" * 61), "name: Ensure this value has at most 60 characters"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_with_its_reason(tmp_path, change, message):
    load_principles(at=NOON)
    before = stored()

    with pytest.raises(BadPrinciples, match=message):
        load_principles(a_file(tmp_path, change), at=NOON)

    assert stored() == before


def test_loading_again_changes_nothing():
    load_principles(at=NOON)
    again = load_principles(at=NOON)

    assert (again.created, again.changed) == (False, 0)
    assert Event.objects.filter(verb="principles.loaded").count() == 1


def test_a_corrected_text_reaches_an_edition_that_nobody_uses(tmp_path):
    load_principles(at=NOON)

    load_principles(changed_copy(tmp_path, "We assumed the need", "Nobody asked"), at=NOON)

    assert Level.objects.get(question__code="need", value=1).text == "Nobody asked"


def test_an_edition_in_use_is_refused_whole(tmp_path):
    edition = load_principles(at=NOON).edition
    make_project(principle_set=edition)

    with pytest.raises(EditionInUse):
        load_principles(changed_copy(tmp_path, "We assumed the need", "Nobody asked"), at=NOON)

    assert Level.objects.get(question__code="need", value=1).text == "We assumed the need"


def test_a_new_edition_follows_and_a_project_keeps_its_own(tmp_path):
    project = make_project(principle_set=load_principles(at=NOON).edition)

    load_principles(changed_copy(tmp_path, '"2026-11"', '"2027-05"'), at=NOON)

    project.refresh_from_db()
    assert (PrincipleSet.objects.current().edition, project.principle_set.edition) == ("2027-05", "2026-11")


def test_every_page_is_within_its_word_budget():
    edition = load_principles(at=NOON).edition

    assert {p.name: over_budget(p) for p in edition.principles.with_questions()} == {
        p.name: [] for p in edition.principles.all()
    }


def test_too_many_words_are_named():
    edition = load_principles(at=NOON).edition
    Question.objects.filter(code="need").update(text="word " * 15)

    (problem,) = over_budget(edition.principles.with_questions().get(number=1))

    assert "14" in problem


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('edition = "2026-11"', ""),
        ('levels = ["We assumed the need", ', "levels = ["),
        ('name = "Patients first"', ""),
        ("[[level]]", "[[level"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_loaded(tmp_path, before, after):
    path = changed_copy(tmp_path, before, after)

    with pytest.raises(BadPrinciples):
        load_principles(path, at=NOON)

    assert PrincipleSet.objects.count() == 0


def test_load_principles_says_what_it_did(capsys, tmp_path):
    call_command("load_principles")
    call_command("load_principles")

    assert capsys.readouterr().out == "Loaded edition 2026-11.\nEdition 2026-11 is as in the file.\n"
    with pytest.raises(CommandError):
        call_command("load_principles", tmp_path / "missing.toml")


def test_the_file_is_read_as_reviewed():
    assert read_principles()["labels"] == ["No", "Partly", "Mostly", "Yes"]

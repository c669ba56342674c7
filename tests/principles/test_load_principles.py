"""Loading the reviewed file: twice is once, and what is in use stands."""

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


def test_the_file_holds_five_principles_with_three_questions_of_four_levels():
    load_principles(at=NOON)

    counts = (
        PrincipleSet.objects.count(),
        Principle.objects.count(),
        Question.objects.count(),
        Level.objects.count(),
    )
    assert counts == (1, 5, 15, 60)
    assert Question.objects.filter(pulse=True).count() == 5


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

"""Editions in the admin: what is in use is read there, and nothing is added to it by any way round."""

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.urls import reverse

from principles.actions import load_principles
from principles.models import Level, Principle, PrincipleSet, Question
from tests.factories import NOON, make_person, make_principles, make_project

pytestmark = pytest.mark.django_db

MODELS = {"principleset": PrincipleSet, "principle": Principle, "question": Question}
ROWS = [PrincipleSet, Principle, Question, Level]
NEW = {
    "principle": {
        "number": 6,
        "code": "sixth",
        "name": "Sixth",
        "question": "And this?",
        "summary": "More",
        "for_groups": "More",
        "for_companies": "More",
        "opening_question": "More?",
    },
    "question": {"position": 4, "code": "fourth", "short": "Fourth", "text": "And that?", "help": ""},
    "level": {"value": 4, "label": "Maybe", "text": "It depends"},
}


@pytest.fixture
def superuser(client):
    superuser = make_person("Sue Port", is_staff=True, is_superuser=True)
    client.force_login(superuser)
    return superuser


@pytest.fixture
def used():
    edition = make_principles()
    make_project(principle_set=edition)
    return edition


@pytest.fixture
def unused():
    return make_principles("2027-05")


def rows():
    return [list(model.objects.order_by("pk").values()) for model in ROWS]


def page(model, verb, *args):
    return reverse(f"admin:principles_{model}_{verb}", args=args)


def inline(prefix, parent, children, **new):
    """What the page of a row posts for the rows below it, with a new one at the end."""
    children = list(children.order_by("pk"))
    data = {f"{prefix}-TOTAL_FORMS": len(children) + bool(new), f"{prefix}-INITIAL_FORMS": len(children)}
    for place, child in enumerate(children):
        data |= {f"{prefix}-{place}-{name}": value for name, value in model_to_dict(child).items()}
    if new:
        new |= {parent._meta.model_name if prefix != "principles" else "principle_set": parent.pk}
        data |= {f"{prefix}-{len(children)}-{name}": value for name, value in new.items()}
    return {name: value for name, value in data.items() if value not in (None, False)}


def whole(row):
    return {
        name: "" if value is None else value
        for name, value in model_to_dict(row).items()
        if value is not False
    }


def forms_of(edition):
    """For each page above rows: the row, its own fields, and the rows below with one more."""
    principle = edition.principles.first()
    question = principle.questions.first()
    return {
        "principleset": (edition, inline("principles", edition, edition.principles, **NEW["principle"])),
        "principle": (principle, inline("questions", principle, principle.questions, **NEW["question"])),
        "question": (question, inline("levels", question, question.levels)),
    }


@pytest.mark.parametrize("model", ["principle", "question"])
def test_nothing_is_added_outside_the_page_of_its_owner(client, superuser, used, model):
    owner = {"principle_set": used.pk, "principle": used.principles.first().pk}
    before = rows()

    opened = client.get(page(model, "add"))
    sent = client.post(
        page(model, "add"), owner | NEW[model] | inline("questions", used, Question.objects.none())
    )

    assert (opened.status_code, sent.status_code) == (403, 403)
    assert rows() == before


@pytest.mark.parametrize("model", MODELS)
def test_an_edition_in_use_is_neither_changed_nor_deleted_nor_added_to(client, superuser, used, model):
    row, below = forms_of(used)[model]
    before = rows()

    answers = [
        client.post(page(model, "change", row.pk), whole(row) | below).status_code,
        client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code,
        client.post(
            page(model, "changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        ).status_code,
    ]

    # That projects hold on to an edition is said on a page.
    assert answers == [403, 403, 200 if model == "principleset" else 403]
    assert rows() == before


@pytest.mark.parametrize("model", MODELS)
def test_an_edition_that_nobody_uses_is_changed_and_added_to(client, superuser, unused, model):
    row, below = forms_of(unused)[model]
    field = {"principleset": "title", "principle": "name", "question": "short"}[model]
    counts = [len(found) for found in rows()]
    more = {"principleset": [0, 1, 0, 0], "principle": [0, 0, 1, 0], "question": [0, 0, 0, 0]}[model]
    typed = whole(row) | {field: "Better words"} | below
    if model == "principleset":
        typed |= {"published_at_0": "2026-11-23", "published_at_1": "12:00:00"}

    answer = client.post(page(model, "change", row.pk), typed)

    row.refresh_from_db()
    assert (answer.status_code, getattr(row, field)) == (302, "Better words")
    assert [len(found) for found in rows()] == [count + new for count, new in zip(counts, more, strict=True)]


@pytest.mark.parametrize("model", ["principle", "question"])
def test_a_row_of_another_edition_cannot_be_moved_into_one_in_use(client, superuser, used, unused, model):
    row, below = forms_of(unused)[model]
    target = {"principle_set": used.pk, "principle": used.principles.first().pk}
    moved = {"number": 6, "position": 4}

    answer = client.post(page(model, "change", row.pk), whole(row) | below | moved | target)

    row.refresh_from_db()
    edition = row.principle_set if model == "principle" else row.principle.principle_set
    assert (answer.status_code, edition) == (302, unused)
    assert (used.principles.count(), Question.objects.filter(principle__principle_set=used).count()) == (
        5,
        15,
    )


@pytest.mark.parametrize("model", ["principleset", "principle", "question", "level"])
def test_the_database_refuses_to_change_an_edition_in_use(used, unused, model):
    table = {**MODELS, "level": Level}[model]
    edition = {
        "principleset": "pk",
        "principle": "principle_set",
        "question": "principle__principle_set",
        "level": "question__principle__principle_set",
    }[model]
    of_used, of_unused = (table.objects.filter(**{edition: found.pk}) for found in (used, unused))
    owner = {"principle": "principle_set", "question": "principle", "level": "question"}.get(model)
    field = {"principleset": "title", "principle": "name", "question": "short", "level": "label"}[model]
    forbidden = [lambda: of_used.update(**{field: "Changed"})]
    if owner:
        theirs = getattr(of_used.first(), owner)
        forbidden += [
            lambda: of_used.first().delete(),
            lambda: of_unused.filter(pk=of_unused.last().pk).update(**{owner: theirs} | number_of(model)),
            lambda: table.objects.create(**{owner: theirs} | NEW[model] | number_of(model)),
        ]
        if model == "level":
            forbidden.pop()  # A question has each of its four levels already.

    for change in forbidden:
        with pytest.raises(IntegrityError, match="that projects use stays as it is"), transaction.atomic():
            change()

    assert of_unused.update(**{field: "Changed"}) == of_used.count()
    unused.delete()


def number_of(model):
    return {"principle": {"number": 7}, "question": {"position": 7}, "level": {}}[model]


def test_the_preview_shows_every_question_with_its_levels(client, superuser):
    edition = load_principles(at=NOON).edition

    shown = client.get(page("principleset", "preview", edition.pk))

    questions = list(Question.objects.values_list("text", flat=True))
    levels = list(Level.objects.values_list("text", flat=True))
    assert (len(questions), len(levels)) == (15, 60)
    for text in [*questions, *levels]:
        assert f">{text}<" in shown.text.replace("&#x27;", "'") or f": {text}<" in shown.text, text
    assert "words to read" not in shown.text


def test_what_is_too_long_is_named_on_the_preview_and_on_the_page_of_the_edition(client, superuser, unused):
    question = Question.objects.filter(principle__principle_set=unused).first()
    question.text = "long " * 15
    question.save()

    shown = [client.get(page("principleset", verb, unused.pk)).text for verb in ("preview", "change")]

    assert ["has more than 14 words." in text for text in shown] == [True, True]


def test_an_edition_within_its_budget_says_so(client, superuser, unused):
    shown = client.get(page("principleset", "change", unused.pk)).text

    assert "Every page has at most 200 words." in shown


def test_an_edition_in_use_says_that_it_is_locked(client, superuser, used, unused):
    locked = "Locked: 1 project uses it. Load a new edition to change the words."

    on_page = client.get(page("principleset", "change", used.pk)).text
    on_list = client.get(page("principleset", "changelist")).text
    on_other = client.get(page("principleset", "change", unused.pk)).text

    assert (locked in on_page, locked in on_list) == (True, True)
    assert (locked in on_other, "Not in use" in on_other, "Not in use" in on_list) == (False, True, True)
    assert ['name="_save"' in text for text in (on_page, on_other)] == [False, True]


@pytest.mark.parametrize("editions", [1, 20])
@pytest.mark.parametrize("model", MODELS)
def test_a_list_asks_the_same_number_of_questions(
    client, superuser, used, model, editions, django_assert_num_queries
):
    for number in range(editions):
        make_principles(f"2028-{number}")
    client.get(page(model, "changelist"))

    with django_assert_num_queries({"principleset": 5, "principle": 6, "question": 6}[model]):
        assert client.get(page(model, "changelist")).status_code == 200


def test_staff_without_the_right_to_look_sees_no_preview(client):
    edition = make_principles()
    client.force_login(make_person("Staff Member", is_staff=True))

    answer = client.get(page("principleset", "preview", edition.pk))

    assert answer.status_code == 403

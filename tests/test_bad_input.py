"""Bad input (tests/data/bad_inputs.json) against every form, search, filter, import and upload of the site.

Forms are found by walking the access table as people do, so a new form is covered without being named here. What is
asked of an answer stands in tests/bad_inputs/judge.py, and is the same on SQLite and PostgreSQL. On SQLite the cases
are dealt out over the fields of a form; on PostgreSQL each case goes into every field.
"""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from partnerships.models import Transfer
from tests.access.pages import PAGES
from tests.bad_inputs import corpus
from tests.bad_inputs.addresses import paths, queries
from tests.bad_inputs.judge import refused
from tests.bad_inputs.outcome import ask, unfit
from tests.bad_inputs.site import SCENES, places
from tests.bad_inputs.trial import NEEDS_MORE, Trial
from tests.bad_inputs.uploads import broken_off, uploads
from tests.walk import World

pytestmark = pytest.mark.django_db

FULL = pytest.mark.services
# Every form of every scene: minutes of asking. SQLite sees the forms of three, with plan, contract and review among them.
ON_BOTH = {"shape", "contract", "review"}
EACH_SCENE = pytest.mark.parametrize(
    "scene", [scene if scene in ON_BOTH else pytest.param(scene, marks=FULL) for scene in SCENES]
)
WITH_FILES = {
    "partnerships:version_add",
    "partnerships:signature_record",
    "partnerships:paper_add",
    "partnerships:paper_edit",
    "partnerships:permission_ask",
    "partnerships:permission_give",
    "partnerships:talk_write",
    "partnerships:talk_answer",
}

# Addresses to which nobody can type anything: a button, and at most what the page itself put beside it.
BUTTONS_ONLY = {
    "accounts:invitation_switch",
    "accounts:join_request_accept",
    "accounts:join_request_decline",
    "accounts:kept_drop",
    "accounts:second_factor_later",
    "accounts:unsubscribe",
    "evaluations:choice_take_back",
    "evaluations:conclusion_take_back",
    "evaluations:review_close",
    "evaluations:review_reopen",
    "partnerships:amendment_take_up",
    "partnerships:contract_take_back",
    "partnerships:decision_agree",
    "partnerships:funding_bank_check",
    "partnerships:how_we_work_ask",
    "partnerships:interest_end",
    "partnerships:interest_same",
    "partnerships:partner_choose",
    "partnerships:partner_leave_out",
    "partnerships:plan_agree",
    "partnerships:plan_send",
    "partnerships:project_keep_open",
    "partnerships:scan_confirm",
    "partnerships:signature_remove",
    "partnerships:suggestion_accept",
    "partnerships:suggestion_decline",
    "partnerships:suggestion_take_back",
    "partnerships:talk_close",
    "partnerships:talk_draft_drop",
    "partnerships:talk_raise",
    "partnerships:view_delete",
    "portal:task_wake",
    "portal:turn_nudge",
}


@pytest.fixture(autouse=True)
def _files_lie_aside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def whole():
    """Whether each case goes into every field: minutes of asking, on PostgreSQL only."""
    return connection.vendor == "postgresql"


def today():
    return timezone.now().date()


def test_every_case_of_the_corpus_is_used_or_is_played_elsewhere():
    assert corpus.USED | set(corpus.ELSEWHERE) == set(corpus.CASES)
    assert corpus.USED & set(corpus.ELSEWHERE) == set()

    for _reason, test in corpus.ELSEWHERE.values():
        if test:
            path, _colons, name = test.partition("::")
            assert f"def {name}(" in (Path(settings.BASE_DIR) / path).read_text(), test


# Forms ----------------------------------------------------------------------------------------------


@EACH_SCENE
def test_every_form_refuses_bad_input_at_its_field_or_keeps_it_whole(scene):
    world = World(scene)
    problems = {}

    for place in places(world, scene):
        if place.form.method == "post":
            trial = Trial(place, today(), whole())
            trial.run()
            problems |= trial.problems

    assert problems == {}


@FULL
def test_every_address_that_takes_words_was_found_by_walking():
    found = {place.route for scene in SCENES for place in places(World(scene), scene)}

    posts = {name for name, page in PAGES.items() if page.method == "post"}
    assert posts - found == BUTTONS_ONLY
    assert set(NEEDS_MORE) <= found
    assert found >= WITH_FILES


# Addresses, searches and filters --------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES)
def test_no_search_filter_or_page_minds_a_bad_query(scene, monkeypatch):
    people = ("anonymous", "group lead") if whole() else ("group lead",)

    asked = list(queries(World(scene), scene, monkeypatch, people=people, whole=whole()))

    assert [entry for entry in asked if entry[2]] == []


@pytest.mark.parametrize("scene", SCENES)
def test_no_address_minds_what_stands_between_its_slashes(scene):
    names = [name for name, page in PAGES.items() if page.scene == scene and page.args]
    world, found = World(scene), []
    for name in names:
        with transaction.atomic():
            found += [entry for entry in paths(world, name, whole=whole()) if entry[2]]
            transaction.set_rollback(True)

    assert found == []


# Uploads --------------------------------------------------------------------------------------------


def test_every_upload_refuses_what_it_can_not_be_and_keeps_the_rest_of_the_form():
    tried, problems = set(), []
    for place in places(World("contract"), "contract"):
        for field in place.form.of("file"):
            trial = Trial(place, today(), whole())
            for case, file, is_refused in uploads(whole()):
                tried.add((place.route, case))
                file.seek(0)
                outcome = trial.ask({field.name: [file]})
                problem = unfit(outcome, seconds=5)
                if is_refused and not problem:
                    problem = refused(place, outcome, trial.base, [field.name])
                if any(mark in word for word in outcome.words for mark in "\0\r\u202e"):
                    problem = "stored a name with hidden characters"
                problems += [(place.route, case, file.name[:20], problem)] if problem else []
            # Django's check of the token reads the form first, and refuses what it can't read.
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = place.client.cookies.copy()
            outcome = ask(strict, place.form.action, b"", **broken_off(field.name, trial.base))
            if outcome.response.status_code != 403 or unfit(outcome):
                problems.append((place.route, "F14", unfit(outcome) or outcome.response.status_code))

    assert {route for route, _case in tried} == WITH_FILES
    assert problems == []


# Import ---------------------------------------------------------------------------------------------

COLUMNS = (
    (Path(__file__).parent / "data" / "patient_organisation_payments_2011_2014.csv")
    .read_text()
    .split("\n")[0]
)
ROW = ["Abbott", "", "Lungenliga", "", "10", "CHF", "x", "2014", "False"]


def imported(path, column, value):
    row = list(ROW)
    row[column] = value
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.strip().split(","))
        writer.writerow(row)
    try:
        call_command("import_transfers", path, verbosity=0)
    except CommandError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("case", "value"),
    [
        (case, value)
        for case in (*corpus.WORDS_REFUSED, *corpus.WORDS_EMPTY, *corpus.WORDS_KEPT)
        for value in corpus.values(case)
    ],
)
def test_the_import_refuses_a_bad_name_with_its_line_or_keeps_it_whole(case, value, tmp_path):
    if isinstance(value, bytes):
        value = value.decode(errors="surrogateescape")

    complaint = imported(tmp_path / "rows.csv", 2, value)

    if case in corpus.WORDS_KEPT and case != "T04":
        assert complaint is None
        assert Transfer.objects.get().recipient.name == " ".join(corpus.kept(value, lines=False).split())
    else:
        assert "Line " in complaint
        assert Transfer.objects.count() == 0


@pytest.mark.parametrize("case", [*corpus.AMOUNTS_REFUSED, *corpus.AMOUNTS_KEPT])
def test_the_import_refuses_amounts_that_could_be_read_in_two_ways(case, tmp_path):
    # A list of payments has repayments, below nothing.
    for value in [value for value in corpus.values(case) if value != "-1"]:
        complaint = imported(tmp_path / "rows.csv", 4, value)

        assert "Line 2" in complaint
        assert Transfer.objects.count() == 0

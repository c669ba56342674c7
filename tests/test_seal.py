"""The seal: before every organisation has sent, nobody learns of another's review more than "sent" or "not sent".

Canaries: each organisation writes words that stand nowhere else; everybody asks for everything. Twin worlds: two
states that differ in the other side's sealed answers alone answer this side alike, byte by byte.
"""

import ast
import datetime as dt
import difflib
import itertools
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Notice
from accounts.notices import KINDS
from evaluations import sealing
from evaluations.models import Review, answer
from partnerships.actions.closing import withdraw_project
from partnerships.actions.talk import change_entry
from partnerships.models import Project
from principles.models import Question
from tests.browse import fields_of, signed_in, signed_in_by_link
from tests.factories import DAY, NOON, member_of, other_side, partner_of
from tests.letters import SCENES, when
from tests.partnerships.talking import answered as talk_answered
from tests.partnerships.talking import said
from tests.seal import (
    CANARY,
    SEALED_TABLES,
    SOUGHT,
    SealedWorld,
    canaries_in,
    canary,
    earlier_projects,
    letters,
    mail_text,
    rows_outside_the_seal,
    send,
    sweep,
    text_of,
    url,
    walk,
    words_in,
    write_review,
)
from tests.walk import World

pytestmark = pytest.mark.django_db

# The whole cast, two organisations on a side: minutes of asking, on PostgreSQL only.
FULL = pytest.mark.services
WHOLE = connection.vendor == "postgresql"

# Who posts to every address as well. Each stands for a kind of reader; the others only look.
ALSO_POST = {"group lead", "company lead", "group reader", "company agency", "superuser"}
# Who asks for the admin as well.
STAFF = {"staff", "staff reading", "superuser"}


def leaks(world, name, *, near=True):
    """Where this person reads sealed words that are not theirs to read."""
    allowed = world.may_read(name)
    methods = ("get", "post") if name in ALSO_POST else ("get",)
    found = []
    for seen in walk(world.project, world.person(name), methods=methods, with_admin=name in STAFF, near=near):
        assert seen.status < 500, seen.where
        found += [(seen.where, key) for key in canaries_in(seen.text) - allowed]
    return found


def own_words(world, organisation):
    """The sealed words that an organisation's Lead reads on their own pages: on the screen, and on paper."""
    client = world.writers[organisation.pk]
    return [words_in(text_of(client.get(url(name, world.project)))) for name in ("copy", "copy_pdf")]


def each_reads_all_of_its_own(world):
    """The search is not empty: each single word is there for who wrote it, on the own pages and on paper."""
    for organisation in world.partners:
        wrote = world.words[organisation.pk]
        assert len(wrote) >= 19
        assert canaries_in(" ".join(wrote)) == {organisation.pk}
        assert own_words(world, organisation) == [wrote, wrote]
    assert len(set().union(*world.words.values())) == sum(map(len, world.words.values()))


def near_to(side):
    """Who would gain most while this side has not sent: they ask for everything."""
    return [
        "anonymous",
        f"{other_side(side)} lead",
        f"{side} reader",
        f"{side} agency",
        "both sides",
        "superuser",
    ]


def test_nobody_near_reads_a_word_of_anothers_sealed_review(side):
    world = SealedWorld(side)
    each_reads_all_of_its_own(world)

    assert {name: found for name in near_to(side) if (found := leaks(world, name))} == {}


@FULL
def test_with_two_organisations_on_each_side_nobody_reads_a_word_of_anothers_sealed_review():
    """Everybody of both sides asks for the words of all four; who is missing makes no difference to the seal."""
    world = SealedWorld("group", partners=2)
    each_reads_all_of_its_own(world)
    far = world.people.keys() - near_to("group")

    assert {name: found for name in near_to("group")[1:3] if (found := leaks(world, name))} == {}
    assert {name: found for name in sorted(far) if (found := leaks(world, name, near=False))} == {}


def opened_pages(project):
    """The results in each of their shapes, as the addresses that together show all of them."""
    reference = project.reference
    for name in ("results", "results_print", "results_pdf"):
        yield name, [reverse(f"evaluations:{name}", args=[reference])]
    yield (
        "results_principle",
        [reverse("evaluations:results_principle", args=[reference, number]) for number in range(1, 6)],
    )


def words_of_opened_pages(world, person):
    """Which sealed words somebody reads in each shape of the results."""
    client = signed_in(person) if person else Client()
    return {
        name: set().union(*(words_in(text_of(client.get(address))) for address in addresses))
        for name, addresses in opened_pages(world.project)
    }


def every_word_by_shape(world):
    """What stands in each shape of the results: all of it, and in the five pages of principles all but the last page's."""
    words = set().union(*world.words.values())
    comments = {word for word in words if re.search(r"p\dq\d", word)}
    return {
        name: comments if name == "results_principle" else words
        for name, _pages in opened_pages(world.project)
    }


def test_once_open_each_single_word_is_there_for_the_partners_on_screen_and_on_paper(side):
    world = SealedWorld(side)
    assert {name: set() for name, _pages in opened_pages(world.project)} == words_of_opened_pages(
        world, world.person(f"{other_side(side)} lead")
    )

    world.open()

    everything = every_word_by_shape(world)
    for name in (f"{side} lead", f"{other_side(side)} lead"):
        assert words_of_opened_pages(world, world.person(name)) == everything
    nobody = {name: set() for name in everything}
    for name in ("anonymous", f"{side} agency", "superuser", "both sides"):
        assert words_of_opened_pages(world, world.person(name)) == nobody


@FULL
def test_what_opens_is_read_by_the_partners_and_by_nobody_else():
    world = SealedWorld("company", partners=2)

    world.open()

    partners = {
        f"{s} {role}" for s in ("group", "company") for role in ("lead", "owner", "reader", "signatory")
    }
    partners |= {name for name in world.people if name.startswith("lead of ")}
    everything = every_word_by_shape(world)
    nothing = {name: set() for name in everything}
    read = {name: words_of_opened_pages(world, person) for name, person in world.people.items()}
    assert read == {name: everything if name in partners else nothing for name in world.people}
    for name in set(world.people) - partners:
        pages = [seen.text for seen in walk(world.project, world.person(name), parts=["/results"])]
        assert canaries_in(" ".join(pages)) == set()


# Mails ----------------------------------------------------------------------------------------------


def test_what_helped_is_read_where_it_came_from_by_partners_of_both_projects_and_nobody_else(side):
    world = SealedWorld(side, partners=2)
    (earlier,) = earlier_projects(world.project)
    place = f"/projects/{earlier.reference}/learnings/"

    def told():
        read = {}
        for name, person in world.people.items():
            pages = [seen.text for seen in walk(world.project, person, parts=[place])]
            read[name] = canaries_in(" ".join(pages))
        return read

    assert set().union(*told().values()) == set()

    world.open()

    # Whoever joined for the later project was no partner there, and reads its results instead.
    there = {f"{s} {role}" for s in ("group", "company") for role in ("lead", "owner", "reader", "signatory")}
    everything = {organisation.pk for organisation in world.partners}
    assert told() == {name: everything if name in there else set() for name in world.people}


def test_no_mail_and_no_row_outside_the_seal_holds_a_sealed_word(side):
    world = SealedWorld(side)
    # Ten in the morning of the second reminder, a working day: all that a sweep may owe is owed by then.
    at = dt.datetime.combine(world.project.review_due_on, dt.time(12), tzinfo=dt.UTC) - 7 * DAY
    sweep(at)

    mails = list(letters(at))

    assert {notice.kind for notice, _text in mails} >= {"review_opens", "review_reminder", "other_sent"}
    assert [notice.kind for notice, text in mails if CANARY in text] == []
    assert {table for table, row in rows_outside_the_seal() if CANARY in row} == set()
    # What the database holds behind the seal is found by the same search.
    with connection.cursor() as cursor:
        for table in ("evaluations_answer", "evaluations_helpanswer"):
            cursor.execute(f"SELECT comment FROM {table}")
            assert canaries_in(repr(cursor.fetchall())) == {o.pk for o in world.partners}


def plant(review):
    """Fill a review with sealed words, as far as it can still be written."""
    questions = Question.objects.filter(principle__principle_set=review.project.principle_set_id)
    person, word = member_of(review.organisation), canary(review.organisation, "")
    entries = [sealing.Entry(question.pk, 1, f"{word}q{question.pk}") for question in questions]
    sealing.save_answers(review, entries, actor=person, at=NOON)
    sealing.save_overall(
        review, sealing.OverallEntry("no", f"{word}keep", f"{word}change"), actor=person, at=NOON
    )


@pytest.fixture
def _every_review_holds_canaries(monkeypatch):
    """Whatever a scene answers, it answers with sealed words."""
    for module in ("tests.letters", "tests.factories", "tests.evaluations.opened"):
        monkeypatch.setattr(f"{module}.answer_all", lambda review, **options: plant(review))


def sealed_words():
    with connection.cursor() as cursor:
        cursor.execute("SELECT comment FROM evaluations_answer")
        return words_in(repr(cursor.fetchall()))


@FULL
@pytest.mark.usefixtures("_every_review_holds_canaries")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_of_mail_holds_a_sealed_word_in_its_subject_its_headers_or_its_bodies(kind):
    SCENES[kind]()
    for review in Review.objects.missing().select_related("project", "organisation"):
        if sealing.is_writable(review):
            plant(review)

    written = list(letters(when(kind)))

    assert kind in {notice.kind for notice, _text in written}
    assert [notice.kind for notice, text in written if CANARY in text] == []
    if not Project.objects.exclude(reviews_opened_at=None).exists():
        # Once open, the draft of the joint conclusion quotes them.
        assert {table for table, row in rows_outside_the_seal() if CANARY in row} == set()
    assert (sealed_words() != set()) == Review.objects.exists()


def test_the_search_in_mails_finds_a_word_in_every_part_of_one():
    """It is not empty: what stood in a header, encoded, or in either body would be found."""
    found = {}
    for place in ("subject", "header", "text", "html"):
        mail = EmailMultiAlternatives("Hellö", "Wörds", to=["ada@example.org"])
        word = f"ü {CANARY}7wkeep {'long ' * 30}"
        mail.subject += word if place == "subject" else ""
        mail.extra_headers = {"X-Note": word} if place == "header" else {}
        mail.body += word if place == "text" else ""
        mail.attach_alternative(f"<p>{word if place == 'html' else ''}</p>", "text/html")
        found[place] = canaries_in(mail_text(mail))

    assert found == {key: {7} for key in found}


@pytest.mark.parametrize("page", ["principle", "helped"])
def test_an_error_tells_nobody_what_was_typed(side, page, caplog, settings):
    settings.ADMINS = [("Operator", "operator@example.org")]
    world = World("review brought")
    address, save = {
        "principle": (url("principle", world.project, 1), "save_answers"),
        "helped": (url("helped", world.project), "save_helped"),
    }[page]
    client = signed_in(world.person(f"{side} lead"))
    client.raise_request_exception = False
    word = canary(world.organisation(side), "typed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, save, lambda *args, **kwargs: 1 / 0)
        response = client.post(address, {"q1": "1" if page == "principle" else "no", "q1-why": word})

    from django.core import mail

    assert response.status_code == 500
    assert CANARY not in response.content.decode()
    assert CANARY not in caplog.text
    assert all(CANARY not in str(message.message()) for message in mail.outbox)


@pytest.mark.parametrize("page", ["principle", "helped"])
def test_a_form_kept_from_an_ended_session_is_offered_to_its_writer_alone(side, page):
    world = World("review brought")
    address = url(page, world.project, *([1] if page == "principle" else []))
    writer = world.person(f"{side} lead")
    client = signed_in_by_link(writer)
    client.session.flush()

    client.post(address, {"q1": "1", "q1-why": canary(world.organisation(side), "kept")})

    client.force_login(writer)
    assert CANARY in client.get("/kept/").text
    for name in world.people:
        if name != f"{side} lead":
            seen = walk(
                world.project,
                world.person(name),
                with_admin=name == "superuser" and page == "principle",
                parts=("/kept/", "/review/", "/account/data/"),
            )
            assert [page.where for page in seen if CANARY in page.text] == []


# Twin worlds ----------------------------------------------------------------------------------------

MASKED = [
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), ""),
    (re.compile(r'name="page" value="[^"]*"'), ""),
    (re.compile(r"nonce-[\w+/=-]+"), ""),
    (re.compile(r'name="once" value="[^"]*"'), ""),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"), "date and time"),
    (re.compile(r"\b\d\d? \w{3} \d{4}, (\d\d?(:\d\d)? [ap]\.m\.|noon|midnight)"), "date and time"),
    (re.compile(r"\b\d\d:\d\d(:\d\d)?\b"), "hh:mm"),
    # Minted anew each time: for a mail and its reader, for a new passkey, for a new app with its picture to scan.
    (re.compile(r"/sign-in/link/[\w-]+/"), "/sign-in/link/"),
    (re.compile(r"\w{24}@counterpart"), "@counterpart"),
    # Made for each mail: when it was put together, and what stands between its parts.
    (re.compile(r"^Date: .*", re.M), ""),
    (re.compile(r'boundary="[^"]*"'), ""),
    (re.compile(r'"challenge": "[\w-]+"'), ""),
    (re.compile(r'src="data:image/svg\+xml;base64,[^"]*"'), ""),
    (re.compile(r'secret">[A-Z2-7]{32}<'), ""),
    (re.compile(r"Content-Length: \d+"), ""),
    (re.compile(r"%PDF.*", re.S), "pdf"),
]


def masked(text):
    for pattern, instead in MASKED:
        text = pattern.sub(instead, text)
    return text


def picture(world, names, parts=("",)):
    """All that these people can get out of the site, and how many questions it cost.

    Arguments:
        parts: only addresses outside the admin that have one of these in them.
    """
    pages = {}
    for name in names:
        with_admin, near = name == "superuser", name.endswith(" lead")
        for seen in walk(world.project, world.person(name), with_admin=with_admin, parts=parts, near=near):
            pages[name, seen.where] = (seen.status, masked(seen.text), seen.queries)
    side = {person.pk for person in (world.person(name) for name in names) if person is not None}
    mails = [
        (notice.kind, notice.recipient_id, masked(text))
        for notice, text in letters()
        if notice.recipient_id in side
    ]
    return pages, mails


@contextmanager
def same_numbers():
    """Rows made inside are numbered alike each time: PostgreSQL's counters go on when a transaction is undone."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        counters = cursor.fetchall()
        yield
        for name, last in counters:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', last or 1, last is not None])


def twins(world, names, *, one, other, parts=("",)):
    """The pictures of two worlds that differ in what one writer does."""
    pictures = []
    for play in (one, other):
        with same_numbers(), transaction.atomic():
            play()
            pictures.append(picture(world, names, parts))
            transaction.set_rollback(True)
    return pictures


def differences(first, second):
    """Where two pictures differ, each with the first lines that do."""
    assert first[0].keys() == second[0].keys()
    pages = {
        place: told_apart(first[0][place], second[0][place])
        for place in first[0]
        if first[0][place] != second[0][place]
    }
    mails = [mail for mail in first[1] if mail not in second[1]]
    return pages | {("mails", "owed"): mails} if mails else pages


def told_apart(one, other):
    lines = difflib.unified_diff(one[1].splitlines(), other[1].splitlines(), lineterm="", n=0)
    return [(one[0], other[0]), (one[2], other[2]), *itertools.islice(lines, 2, 8)]


def readers_near(side, *more):
    """Who looks at both twins: whoever would gain most, and on PostgreSQL these more."""
    return [f"{other_side(side)} lead", *(more if WHOLE else [])]


def test_whether_the_other_side_has_begun_changes_not_a_byte(side):
    world = World("review brought")
    writer = signed_in(world.person(f"{side} lead"))
    write_review(signed_in(world.person(f"{other_side(side)} lead")), world.project, level=3, word="ours")

    first, second = twins(
        world,
        readers_near(side, "both sides"),
        one=lambda: None,
        other=lambda: write_review(writer, world.project, word=f"{SOUGHT} many words"),
    )

    assert differences(first, second) == {}


def test_who_of_the_other_side_has_begun_to_write_changes_not_a_byte(side):
    world = World("review brought")
    unnamed = signed_in(member_of(world.organisation(side), name="Somebody Unnamed"))

    first, second = twins(
        world,
        # Their own Reader may know it, and who administers the site sees that there is a row of history more.
        readers_near(side, f"{other_side(side)} agency"),
        one=lambda: None,
        other=lambda: write_review(unnamed, world.project, word=f"{SOUGHT} many words"),
    )

    assert differences(first, second) == {}


@pytest.mark.parametrize("partners", [1, pytest.param(2, marks=FULL)])
def test_what_the_other_side_has_sent_changes_not_a_byte(side, partners):
    world = World("review brought", groups=partners, companies=partners)
    writer = signed_in(world.person(f"{side} lead"))
    write_review(signed_in(world.person(f"{other_side(side)} lead")), world.project, level=3, word="ours")
    theirs = other_side(side)
    everybody = [f"{theirs} reader", f"{side} reader", f"{theirs} agency", "both sides", "superuser"]

    def play(**said):
        write_review(writer, world.project, **said)
        assert send(writer, world.project).status_code == 302

    first, second = twins(
        world,
        readers_near(side, *(everybody if partners == 1 else [])),
        one=lambda: play(level=4),
        other=lambda: play(level=1, word=f"{SOUGHT} bitter words", repeat=2),
    )

    assert differences(first, second) == {}


def test_whether_it_helped_changes_not_a_byte_while_it_is_sealed(side):
    """Twins that differ in nothing but this page: what is chosen, what is said, and whether anything is."""
    world = World("review brought")
    writer = signed_in(world.person(f"{side} lead"))
    for each in (side, other_side(side)):
        write_review(signed_in(world.person(f"{each} lead")), world.project, level=3, word="ours")
    assert send(writer, world.project).status_code == 302

    def play(**said):
        writer.post(reverse("evaluations:review_reopen", args=[world.project.reference]))
        fields = fields_of(writer.get(url("helped", world.project))) | said
        assert writer.post(url("helped", world.project), fields).status_code == 302
        assert send(writer, world.project).status_code == 302

    first, second = twins(
        world,
        readers_near(side, f"{side} reader"),
        one=lambda: play(**{"q1": "yes", "q1-why": "", "q2-why": ""}),
        other=lambda: play(**{"q1": "no", "q1-why": f"{SOUGHT} bitter words", "q2": "little"}),
    )

    assert differences(first, second) == {}


def test_the_twins_are_told_apart_once_the_reviews_are_open(side):
    """The comparison is not empty: the same difference shows as soon as everybody has sent."""
    world = World("review brought")
    writer = signed_in(world.person(f"{side} lead"))
    other = signed_in(world.person(f"{other_side(side)} lead"))
    write_review(other, world.project, level=3)

    def play(**said):
        write_review(writer, world.project, **said)
        send(writer, world.project)
        send(other, world.project)

    first, second = twins(
        world,
        [f"{other_side(side)} lead"],
        one=lambda: play(level=4),
        other=lambda: play(level=1, word=f"{SOUGHT} bitter words"),
        parts=["/results/"],
    )

    assert any("/results/" in where[1] for where in differences(first, second))


def test_the_only_difference_is_sent_or_not_sent(side):
    """What may differ, and where: this is all that the other side learns from a sealed review."""
    world = World("review brought")
    writer = signed_in(world.person(f"{side} lead"))
    write_review(writer, world.project)
    reader = f"{other_side(side)} lead"

    first, second = twins(
        world,
        [reader],
        one=lambda: None,
        other=lambda: send(writer, world.project),
        parts=["/review/"],
    )

    places = {where[1] for where in differences(first, second) if where[0] == reader}
    reference = world.project.reference
    assert f"GET /projects/{reference}/review/" in places
    assert "Not sent yet" in first[0][reader, f"GET /projects/{reference}/review/"][1]
    assert "Sent, sealed" in second[0][reader, f"GET /projects/{reference}/review/"][1]


# One door -------------------------------------------------------------------------------------------

APPS = ("accounts", "principles", "partnerships", "evaluations", "portal", "config")
SEALED = {answer.Answer, answer.HelpAnswer, answer.Overall}
DOOR = {"evaluations/models/answer.py", "evaluations/models/guards.py"} | {
    f"evaluations/sealing/{name}.py"
    for name in ("choices", "drafts", "opening", "reading", "saving", "standing")
}


def modules():
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            name = str(path.relative_to(settings.BASE_DIR))
            if "migrations" not in path.parts and name not in DOOR:
                yield name, ast.parse(path.read_text())


@pytest.mark.once
def test_no_module_but_the_door_names_the_sealed_tables():
    """What finds a model by its name, or asks the database itself, is looked for in tests/test_raw_queries.py."""
    names = re.compile(
        r"evaluations_(answer|helpanswer|overall)\b|evaluations\.(models\.)?(answer|helpanswer|overall)\b",
        re.I,
    )
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and names.search(node.value)
    ]

    assert found == []


@pytest.mark.once
def test_no_module_but_the_door_imports_the_answers():
    found = []
    for name, tree in modules():
        if name == "evaluations/models/__init__.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and "models.answer" in node.module:
                found.append(name)
            if isinstance(node, ast.ImportFrom) and node.module == "evaluations.models":
                found += [name for alias in node.names if alias.name == "answer"]
            if isinstance(node, ast.Import):
                found += [name for alias in node.names if "models.answer" in alias.name]

    assert found == []


@pytest.mark.once
def test_no_query_reaches_the_answers_through_another_model():
    """Not by name either: no other model has a way to them."""
    sealed = SEALED
    assert {model._meta.db_table for model in sealed} == SEALED_TABLES
    for model in {rel.related_model for m in sealed for rel in m._meta.get_fields() if rel.is_relation}:
        ways = [
            field.name
            for field in model._meta.get_fields(include_hidden=False)
            if field.related_model in sealed
        ]
        assert ways == [], model


def test_the_admin_knows_neither_answers_nor_the_closing_page():
    assert SEALED & set(admin.site._registry) == set()
    shown = {
        inline.model for site in admin.site._registry.values() for inline in getattr(site, "inlines", [])
    }
    assert shown & SEALED == set()


@FULL
def test_withdrawn_or_not_a_sealed_review_never_opens_to_the_other_side(side):
    world = SealedWorld(side)
    mine = world.missing
    theirs = partner_of(world.project, other_side(side))
    withdraw_project(world.project, reason="other", actor=world.person(f"{side} lead"), at=NOON)
    withdraw_project(world.project, reason="other", actor=world.person(f"{other_side(side)} lead"), at=NOON)

    assert Project.objects.get(pk=world.project.pk).stage == "withdrawn"
    assert {name: found for name in world.people if (found := leaks(world, name, near=False))} == {}
    assert [own_words(world, organisation) for organisation in (mine, theirs)] == [
        [world.words[organisation.pk]] * 2 for organisation in (mine, theirs)
    ]
    assert (
        Event.objects.filter(verb="reviews.opened").count()
        == Notice.objects.filter(kind="all_sent").count()
        == 0
    )
    assert (
        signed_in(world.person(f"{side} lead"))
        .get(reverse("evaluations:results", args=[world.project.reference]))
        .status_code
        == 302
    )


# Talk -----------------------------------------------------------------------------------------------


class TalkingWorld(World):
    """Each side has said something of each kind in Talk, and brought up a concern that names the Leads alone."""

    def __init__(self):
        super().__init__("contract")
        self.concern, self.shared = f"{SOUGHT}concern", f"{SOUGHT}shared"
        for side in ("group", "company"):
            me, them = self.person(f"{side} lead"), self.person(f"{other_side(side)} lead")
            for kind in ("question", "decision", "input", "note", "concern"):
                word = self.concern if kind == "concern" else self.shared
                entry = said(self.project, me, kind, text=f"{word} of the {side}")
                talk_answered(entry, them, f"{word} answered by the other")
                change_entry(entry, text=f"{word} of the {side}, changed", actor=me, at=NOON + DAY)

    def read_by(self, name, word, **options):
        """Where this person reads a word."""
        pages = walk(self.project, self.person(name), with_admin=name in STAFF, **options)
        return [seen.where for seen in pages if word in seen.text]


def test_a_concern_is_read_by_those_named_and_by_nobody_else_anywhere():
    world = TalkingWorld()
    others = [name for name in world.people if name not in ("group lead", "company lead")]
    near = [
        name for name in others if name.split()[0] in ("group", "company", "both", "superuser", "anonymous")
    ]

    assert {name: found for name in near if (found := world.read_by(name, world.concern))} == {}
    # The search is not empty: those named find it on every page where it could be.
    for name in ("group lead", "company lead"):
        found = world.read_by(
            name, world.concern, parts=["/talk/", world.project.get_absolute_url(), "download"]
        )
        assert len(found) >= 3


def test_what_is_said_in_talk_is_read_by_the_partners_and_by_no_stranger():
    world = TalkingWorld()

    for name in ("group reader", "company owner", "company signatory"):
        assert world.read_by(name, world.shared, parts=["/talk/"])
    for name in ("group agency", "other company", "nobody", "former group", "both sides"):
        assert world.read_by(name, world.shared) == []


def test_no_mail_and_no_line_of_history_or_message_holds_a_word_of_a_concern():
    world = TalkingWorld()
    sweep(NOON + 9 * DAY)

    mails = [text for notice, text in letters(NOON + DAY) if notice.kind.startswith("concern")]

    assert mails
    assert [text for text in mails if SOUGHT in text] == []
    assert not [row for table, row in rows_outside_the_seal() if "talk" not in table and world.concern in row]

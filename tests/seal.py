"""Everything that somebody can ask the site for, and what of the sealed reviews they get to see."""

import email
import email.policy
import inspect
import itertools
import logging
import re
import zlib
from dataclasses import dataclass
from unittest.mock import patch

from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import switch_on_calendar, token_of_calendar
from accounts.models import Notice
from accounts.sending.gathering import sort_due
from accounts.sending.letters import write
from evaluations import reminders as of_reviews
from evaluations import sealing
from evaluations.models import Review
from partnerships import reminders as of_projects
from partnerships.models import PlanPart, TalkEntry
from tests.browse import fields_of, signed_in
from tests.factories import NOON, member_of
from tests.pdf import pdf_text
from tests.walk import World, named_urls

# What every search is asked for. Sealed words of the canaries and of the twins begin with it.
SOUGHT = "qzx"
# Where the calendar feed of each person stands, with the page about it.
CALENDAR = "/account/calendar/"
# A word that nothing else on the site contains; behind it the organisation that wrote it, and where.
CANARY = f"{SOUGHT}v"
FOUND = re.compile(rf"{CANARY}(\d+)w")
SEALED_TABLES = {"evaluations_answer", "evaluations_helpanswer", "evaluations_overall"}
WORD = re.compile(rf"{CANARY}\d+w\w+")
# The search for a word prints it again: the walk asks for the beginning only.
QUERIES = ["", f"?q={SOUGHT}", "?o=1.2.3.4.5&sort=-sent_at&order=sent&stage=review&turn=mine&page=1"]
# Pages of an earlier project that tell of its promises and learnings.
WHERE_IT_CAME_FROM = (
    "evaluations:promise_list",
    "evaluations:conclusion_detail",
    "evaluations:conclusion_pdf",
    "portal:project_overview",
)
# What gathers a person's own from everywhere.
OF_A_PERSON = ("accounts:data_download", "accounts:kept_list")
# How the names of pages end that search or sort.
LISTED = ("_list", "home", "export", "plan_who", "search")


def canary(organisation, place):
    return f"{CANARY}{organisation.pk}w{place}"


def canaries_in(text):
    """The organisations whose sealed words stand in a text, by key."""
    return {int(key) for key in FOUND.findall(text)}


def words_in(text):
    """The single sealed words that stand in a text."""
    return set(WORD.findall(text))


def url(name, project, *args):
    return reverse(f"evaluations:review_{name}", args=[project.reference, *args])


# Writing, as people do it ---------------------------------------------------------------------------


def write_review(client, project, *, level=1, word="", repeat=1):
    """Fill in every page of the own review through the site.

    Returns the words that stand in it then: one for each field, each its own.
    """
    for turn in range(repeat):
        words = set()
        for number in range(1, 6):
            page = client.get(url("principle", project, number))
            fields = fields_of(page)
            for position in (1, 2, 3):
                fields |= {
                    f"q{position}": str((level + turn - 1) % 4 + 1),
                    f"q{position}-why": word and f"{word}p{number}q{position}t{turn}",
                }
            assert client.post(url("principle", project, number), fields).status_code == 302
            words |= {text for name, text in fields.items() if name.endswith("-why")}
        asked = project.help_questions.count()
        if asked:
            fields = fields_of(client.get(url("helped", project)))
            for position in range(1, asked + 1):
                fields |= {
                    f"q{position}": sealing.HELPED.values[(level + turn - 1) % 4],
                    f"q{position}-why": word and f"{word}helped{position}t{turn}",
                }
            words |= {text for name, text in fields.items() if name.endswith("-why")}
            assert client.post(url("helped", project), fields).status_code == 302
        fields = fields_of(client.get(url("overall", project)))
        fields |= {
            "again": "no",
            "keep": word and f"{word}keep{turn}",
            "change": word and f"{word}change{turn}",
        }
        assert client.post(url("overall", project), fields).status_code == 302
        words |= {fields["keep"], fields["change"]}
    return words


def send(client, project):
    page = client.get(url("check", project)).content.decode()
    return client.post(url("send", project), {"seen": re.findall(r'name="seen" value="(\d+)"', page)})


class SealedWorld(World):
    """Every organisation has written its review, with canaries; all but the last partner of one side have sent.

    `writers` holds a Lead at their browser for each organisation, by key; `words` what they wrote.
    """

    def __init__(self, missing_side, *, partners=1):
        super().__init__("review brought", groups=partners, companies=partners)
        self.partners = [row.organisation for row in self.project.participations.partners().order_by("pk")]
        sides = dict(self.project.participations.values_list("organisation", "side"))
        self.missing = [o for o in self.partners if sides[o.pk] == missing_side][-1]
        self.writers, self.words = {}, {}
        for organisation in self.partners:
            names = [
                f"{side} lead" for side in ("group", "company") if organisation == self.organisation(side)
            ]
            if names:
                person = self.person(names[0])
            else:
                person = self.people[f"lead of {organisation.pk}"] = member_of(organisation)
            self.writers[organisation.pk] = signed_in(person)
            self.words[organisation.pk] = write_review(
                self.writers[organisation.pk], self.project, word=canary(organisation, "")
            )
        for organisation in self.partners:
            if organisation != self.missing:
                assert send(self.writers[organisation.pk], self.project).status_code == 302
        assert sealing.opened(self.project) is None

    def open(self):
        response = send(self.writers[self.missing.pk], self.project)
        assert response.url == reverse("evaluations:results", args=[self.project.reference])

    def may_read(self, name):
        """The organisations whose sealed words this person may read, by key: those they write for."""
        if name.endswith((" lead", " owner")):
            return {self.organisation(name.split()[0]).pk}
        if name.startswith("lead of "):
            return {int(name.removeprefix("lead of "))}
        return set()


# The part of a plan that says who takes part looks for organisations, and for nothing of a project.
LOOKS_FOR_PARTNERS = "partnerships:plan_part"


# Asking for everything ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """An answer of the site, as text."""

    address: str
    method: str
    status: int
    text: str
    queries: int

    @property
    def where(self):
        return f"{self.method} {self.address}"


def addresses(project):
    """Every address outside the admin, with everything that could stand in it. A new kind of part needs a line here."""
    reviews_of_project = Review.objects.filter(project=project).order_by("pk").values_list("pk", flat=True)
    entries = list(TalkEntry.objects.filter(project=project).order_by("pk").values_list("pk", flat=True))
    taking_part = project.participations.select_related("organisation").order_by("role", "pk")
    partners = [row.organisation.slug for row in taking_part if row.role == row.Role.PARTNER]
    others = [row.organisation.slug for row in taking_part if row.role != row.Role.PARTNER]
    parts = {
        "reference": [project.reference],
        "number": [1, 4],
        "position": [1],
        "version": [1],
        "pk": sorted({1, *reviews_of_project[:1]}),
        "slug": [*partners, *others[:1]],
        "paper": [1],
        "answer": [1],
        "file": [1],
        "key": [f"review:{project.reference}"],
        "token": ["unknown"],
    }
    for name, pattern in named_urls():
        if name == "portal:health":
            # Told in numbers, of jobs and not of projects; they change with the time this process has run.
            continue
        names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        here = dict(parts)
        if "code" in names:
            here["code"] = codes_of(name)
        if name.startswith("partnerships:talk_"):
            here["pk"] = entries or [1]
        for values in itertools.product(*(here[part] for part in names)):
            yield name, reverse(name, kwargs=dict(zip(names, values, strict=True)))
    # What was brought along tells in the project where it came from whether it helped.
    for earlier in earlier_projects(project):
        for name in WHERE_IT_CAME_FROM:
            yield name, reverse(name, args=[earlier.reference])


def codes_of(name):
    """What can stand for a code in the addresses of this name: some of each kind that has codes."""
    kinds = {
        "principles:": ["clear-processes"],
        "evaluations:conclusion_": ["well", "different"],
        "partnerships:how_we_work_": ["steps"],
        "partnerships:checklist_": ["fairness", "written"],
        "partnerships:plan_": PlanPart.Code.values[:2],
        "partnerships:row_": ["why"],
        "partnerships:funding_": ["why"],
        "partnerships:talk_": ["question", "concern"],
    }
    found = [codes for beginning, codes in kinds.items() if name.startswith(beginning)]
    assert len(found) == 1, f"{name}: which codes are there?"
    return found[0]


def earlier_projects(project):
    """The projects from which this one brought promises or learnings along."""
    asked = project.help_questions.select_related("promise__project", "part__conclusion__project")
    return {(row.promise or row.part.conclusion).project for row in asked}


def admin_addresses():
    """Every page of the admin: lists, searched and sorted, and each row with its history."""
    yield "admin", reverse("admin:index")
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        for query in QUERIES:
            yield "admin", reverse(f"admin:{label}_changelist") + query
        yield "admin", reverse(f"admin:{label}_add")
        for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:8]:
            for page in ("change", "delete", "history"):
                yield "admin", reverse(f"admin:{label}_{page}", args=[pk])


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF-"):
        return pdf_text(content)
    if content.startswith(b"\x1f\x8b"):
        content = zlib.decompress(content, wbits=31)
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items() if name != "Set-Cookie")
    return f"{headers}\n{content.decode(errors='replace')}"


def walk(project, person, *, methods=("get",), with_admin=False, parts=("",), near=True):
    """Ask for everything as this person, one request after the other, each undone again.

    Arguments:
        near: whether to ask for what belongs to no project as well: to organisations, accounts, the guide.
        parts: only addresses outside the admin that have one of these in them.
    """
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    cookies = client.cookies.copy()
    places = [
        (name, address)
        for name, address in addresses(project)
        if any(part in address for part in parts)
        and (near or project.reference in address or name.endswith(LISTED) or name in OF_A_PERSON)
    ]
    for name, address in places:
        listed = name.endswith(LISTED)
        for query in QUERIES if listed else [""]:
            for method in methods:
                # What belongs to no project has no words of a review to take in.
                if method == "get" or project.reference in address:
                    seen = _ask(client, cookies, method, address + query)
                    searches = method == "get" and 'name="q"' in seen.text.partition("</header>")[2]
                    assert listed or not searches or name == LOOKS_FOR_PARTNERS, (
                        f"{name} searches: LISTED needs it"
                    )
                    yield seen
    if person is not None and any(part in CALENDAR for part in parts):
        yield from _feed_of(person, cookies)
    if with_admin:
        for _name, address in list(admin_addresses()):
            yield _ask(client, cookies, "get", address)


def _feed_of(person, cookies):
    """What their calendar program gets, and the page that leads to it. The address is alike in every world."""
    with transaction.atomic(), patch("accounts.actions.calendars.new_token", lambda: f"seed of {person.pk}"):
        shown = {"tasks": True, "dates": True, "organisation": True}
        token = token_of_calendar(switch_on_calendar(person, shown=shown, at=NOON))
        client = Client(raise_request_exception=False)
        about = _ask(client, cookies, "get", CALENDAR)
        feed = _ask(client, Client().cookies, "get", reverse("portal:calendar_feed", args=[token]))
        transaction.set_rollback(True)
    assert "BEGIN:VCALENDAR" in feed.text or not person.is_active
    return [about, feed]


def _ask(client, cookies, method, address):
    client.cookies = cookies.copy()
    asked = 0

    def counted(execute, *args):
        nonlocal asked
        asked += 1
        return execute(*args)

    # Most answers are refusals, and writing each with its traceback costs more than making it.
    logging.disable(logging.ERROR)
    try:
        # Counted without keeping them: writing down every query costs more than asking it.
        with transaction.atomic(), connection.execute_wrapper(counted):
            response = getattr(client, method)(address)
            text = text_of(response)
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)
    return Seen(address, method.upper(), response.status_code, text, asked)


def sweep(at):
    """Owe every reminder that the apps know and that is due by this instant."""
    for module in (of_projects, of_reviews):
        for name, function in vars(module).items():
            of_the_module = inspect.isfunction(function) and function.__module__ == module.__name__
            if (
                of_the_module
                and not name.startswith("_")
                and list(inspect.signature(function).parameters) == ["at"]
            ):
                function(at=at)
    sort_due(at)


def mail_text(mail):
    """A mail as it travels, read again: every header and every part, decoded."""
    parsed = email.message_from_bytes(mail.message().as_bytes(), policy=email.policy.default)
    headers = [f"{name}: {value}" for name, value in parsed.items()]
    bodies = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
    return "\n".join([*headers, *bodies])


def letters(at=NOON):
    """Every mail that is owed, written at this instant, as text."""
    notices = list(Notice.objects.select_related("recipient").order_by("pk"))
    for letter in write(notices, at=at):
        if not isinstance(letter.outcome, Exception):
            yield letter.notice, mail_text(letter.outcome)


def rows_outside_the_seal():
    """Every row of the database but the answers themselves, as text, by table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in SEALED_TABLES:
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    yield table, repr(row)

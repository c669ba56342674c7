"""Every word for people can be translated: in the code by its syntax, on pages and in mails by a made-up language.

The made-up language puts «marks» around everything that is translated. What a page then shows without marks is either
what people wrote, or words that no translator would ever get to see.
"""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from accounts.models import Notice
from accounts.notices import in_words
from accounts.sending.letters import write
from tests.access.audience import OK
from tests.access.pages import PAGES
from tests.letters import SCENES as LETTERS
from tests.letters import when
from tests.pdf import pdf_text
from tests.pseudo import made_up_language, outside, shown_outside, written_by_people
from tests.test_access import ask, browse_as
from tests.test_admin_access import SUPERUSER, YES, everything, request_of
from tests.walk import EVERYBODY, SCENES, World

APPS = ("accounts", "principles", "partnerships", "evaluations", "portal", "config")
# Every page and every mail, in a language that nobody speaks: minutes of asking, once for both databases.
FULL = pytest.mark.services

# The names under which makemessages finds texts in Python (django/core/management/commands/makemessages.py).
KNOWN = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
# Errors of the program: nobody reads them on a page.
OF_THE_PROGRAM = {
    "ValueError", "TypeError", "LookupError", "KeyError", "RuntimeError", "NotImplementedError",
    "ImproperlyConfigured", "CommandError",
}  # fmt: skip
# Arguments and attributes that people read, be it a single word.
READ = {
    "verbose_name", "verbose_name_plural", "help_text", "label", "empty_label", "short_description", "description",
    "search_help_text", "title", "subtitle", "message", "reason", "site_header", "site_title", "index_title",
    "empty_value_display",
}  # fmt: skip
# Words for whoever runs the software, at a terminal or in a log, and what the demo's made-up people wrote.
NOT_FOR_PEOPLE = ("/management/", "/demo/", "/migrations/", "/guards.py", "config/")
# Names of things, and words for browsers.
NAMES = {
    "Samsung Internet", "Mac OS", "Yahoo Mail", "iCloud Mail", "Proton Mail", "Atkinson Extended",
    "Atkinson Hyperlegible Next, DejaVu Sans, sans-serif", "username webauthn", "panel panel-pad", "halves mb-3",
    "private, no-store",
}  # fmt: skip
WORDS = re.compile(r"[A-Za-z’]{2,},? [A-Za-z’]{2,}")


def modules():
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            yield str(path.relative_to(settings.BASE_DIR)), ast.parse(path.read_text())


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def marked(tree):
    """Nodes of texts that are translated, or are no words for people: documentation, errors of the program, the log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.body and isinstance(node.body[0], ast.Expr):
                yield id(node.body[0].value)
        elif isinstance(node, ast.Call):
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if called(node) in KNOWN | OF_THE_PROGRAM or owner in ("logger", "re"):
                yield from (id(inner) for inner in ast.walk(node))


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def fixed(node):
    """What stands fixed in a value: the text itself, or the pieces of an f-string between what it takes in."""
    return [one for one in (node.values if isinstance(node, ast.JoinedStr) else [node]) if is_text(one)]


def read_by_people(tree):
    """Texts in places that people read: (node, where)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in READ:
            choices = (
                [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            )
            for value in choices:
                yield from ((text, node.arg) for text in fixed(value))
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in READ:
            yield from ((text, node.targets[0].id) for text in fixed(node.value))
        elif isinstance(node, ast.ClassDef) and any("Choices" in ast.dump(base) for base in node.bases):
            for member in node.body:
                if isinstance(member, ast.Assign) and isinstance(member.value, ast.Tuple):
                    yield from ((text, "a choice") for text in fixed(member.value.elts[-1]))
        elif isinstance(node, ast.Call) and called(node) in ("add_error", "ValidationError"):
            for argument in node.args[called(node) == "add_error" :]:
                yield from ((text, called(node)) for text in fixed(argument))


def unmarked(source_tree):
    """Texts for people that no translator gets to see: (line, text)."""
    fine = set(marked(source_tree))
    places = {id(text): where for text, where in read_by_people(source_tree)}
    for text in filter(is_text, ast.walk(source_tree)):
        # Only words: no tags, and nothing of a tag that is put together from pieces.
        words = re.sub(r"<[^>]*(>|$)|^[^<>]*>", " ", text.value)
        wordy = WORDS.search(words) and text.value not in NAMES
        if id(text) not in fine and (wordy or (id(text) in places and re.search("[A-Za-z]", words))):
            yield text.lineno, text.value


@pytest.mark.once
def test_every_text_in_the_code_that_people_read_is_marked_for_translation():
    found = {
        f"{name}:{line}": text
        for name, tree in modules()
        if not any(part in f"/{name}" for part in NOT_FOR_PEOPLE)
        for line, text in unmarked(tree)
    }

    assert found == {}


UNMARKED = [
    'raise NotAsked("This is not asked any more.")',
    'messages.success(request, "It is saved.")',
    'messages.success(request, f"{name} was invited.")',
    'raise ValidationError("Required")',
    'form.add_error("name", "Required")',
    'name = models.CharField(verbose_name="name")',
    'name = forms.CharField(label="Name")',
    'class Meta:\n    verbose_name = "project"',
    'class Stage(models.TextChoices):\n    SHAPE = "shape", "Shaping"',
    'void(reason="gone", at=at)',
    'words = "yes, of course" if fine else other',
    'format_html("<b>Not sent</b>")',
]  # fmt: skip
MARKED = [
    'raise NotAsked(_("This is not asked any more."))',
    'name = forms.CharField(label=gettext_lazy("Name"))',
    'raise ValueError("This needs a side.")',
    'logger.warning("The broker is away")',
    '"""What it is for."""',
    'class Stage(models.TextChoices):\n    SHAPE = "shape", _("Shaping")',
    'format_html("<b class=\\"wide open\\">{}</b>", word)',
]  # fmt: skip


@pytest.mark.once
def test_the_search_finds_texts_that_are_not_marked_and_no_others():
    assert [source for source in UNMARKED if not list(unmarked(ast.parse(source)))] == []
    assert [source for source in MARKED if list(unmarked(ast.parse(source)))] == []


@pytest.mark.once
def test_texts_are_marked_under_names_that_makemessages_knows():
    strange = [
        f"{name}:{node.lineno} {alias.asname or alias.name}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and (alias.asname or alias.name) not in KNOWN
    ]

    assert strange == []


@pytest.mark.once
def test_what_is_marked_is_a_text_that_stands_there():
    """makemessages reads the code: it finds no text that is put together while running."""
    made_up = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in KNOWN and node.args
        if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]

    assert made_up == []


# The made-up language -----------------------------------------------------------------------------------

# What stands unmarked for a reason: the product's name, addresses, units, names of files and of programs.
UNTRANSLATED = re.compile(r"\S+@\S+|https?://\S+|\b\w+/\w+(/\w+)?\b|\bCounterpart\b|\b[A-Z2-7]{32}\b")


WORD = re.compile("[A-Za-z]{2,}")


def left_over(blocks, written):
    """Words that are neither translated nor written by people. In a drawing on paper the spaces between them are lost."""
    blocks = [text for block in blocks if WORD.search(text := UNTRANSLATED.sub(" ", block))]
    # Thousands of words are known, and a pattern of all of them takes longer than the page: these few can stand there.
    shown = "\n".join(squeezed(text) for text in blocks)
    patterns = (
        rf"(?<!\w){re.escape(words)}(?!\w)".replace("\\ ", r"\s*")
        for words in written
        if squeezed(words) in shown
    )
    known = re.compile("|".join(patterns) or "(?!)")
    for text in blocks:
        rest = known.sub(" ", text)
        if WORD.search(rest):
            yield " ".join(rest.split())


def squeezed(text):
    return "".join(text.split())


def words_of(response):
    """What an answer says outside the marks, be it a page, a paper, a table or a sentence for a script."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    messages = [outside(str(message)) for message in get_messages(response.wsgi_request)]
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if "pdf" in kind and content.startswith(b"%PDF-"):
        # A fingerprint is broken where its line ends.
        said = [re.sub(r"\b[0-9a-f]{8,}( [0-9a-f]+)*\b", "", outside(pdf_text(content)))]
    elif "json" in kind:
        said = [outside(str(json.loads(content).get("message", "")))]
    elif kind in ("text/csv", "text/plain"):
        said = [outside(line) for line in content.decode().splitlines()]
    else:
        said = shown_outside(content.decode()) if "html" in kind else []
    return [*said, *messages]


def who_may(page):
    order = ["group lead", "company lead", "group owner", "superuser", "anonymous", *EVERYBODY]
    return next(who for who in order if page.expected()[who] == OK)


@FULL
@pytest.mark.django_db
@pytest.mark.parametrize("scene", SCENES)
def test_pages_show_no_word_that_is_not_translated(client, scene):
    found = {}
    with made_up_language():
        world = World(scene)
        for name, page in PAGES.items():
            if page.scene != scene:
                continue
            browse_as(client, world, who_may(page))
            with transaction.atomic():
                arguments, written = page.arguments(world), written_by_people()
                for method in {page.method, "post"}:
                    asked = replace(page, method=method, data=page.data if method == page.method else None)
                    response = ask(client, world, who_may(page), asked, name, arguments)
                    # What the page is, and not a way to the sign-in.
                    assert method != page.method or response.status_code in page.ok, name
                    if words := list(left_over(words_of(response), written)):
                        found[f"{method} {name}"] = words
                transaction.set_rollback(True)

    assert found == {}


@FULL
@pytest.mark.django_db
def test_pages_of_errors_show_no_word_that_is_not_translated(client):
    with made_up_language():
        world = World("shape")
        strict = Client(enforce_csrf_checks=True)
        not_allowed = reverse("partnerships:project_edit", args=[world.project.reference])
        answers = {}
        for who in ("anonymous", "group reader", "other group"):
            browse_as(client, world, who)
            answers[404, who] = client.get("/nowhere/")
            answers[403, who, "without token"] = strict.post(reverse("accounts:sign_in"), {"email": "a"})
            answers[400, who] = client.get("/", headers={"host": "evil.example"})
        answers[404, "of others"] = client.get(not_allowed)
        browse_as(client, world, "group reader")
        answers[403, "not allowed"] = client.get(not_allowed)
        answers[500, "our mistake"] = server_error(RequestFactory().get("/nowhere/"))
        found = {}
        for where, answer in answers.items():
            assert answer.status_code == where[0], where
            blocks = shown_outside(answer.content.decode())
            assert "<h1>" in answer.content.decode(), where
            found[where] = list(left_over(blocks, written_by_people()))

    assert {where: words for where, words in found.items() if words} == {}


def left_over_in_the_admin(response, written):
    """Words that are not translated, but for what Django and the packages themselves leave in English."""
    known = {"True", "False", "None"} | {
        str(model._meta.verbose_name) for model in apps.get_models() if model._meta.app_label not in APPS
    }
    for words in left_over(words_of(response), written):
        # How the rows of an inline form are named for its script, and keys of what is kept as JSON.
        rest = re.sub(r'^{"name": "#.*|"\w+":', "", words)
        for name in sorted(known, key=len, reverse=True):
            rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", rest)
        if re.search(r"[A-Za-z]{2,}", rest):
            yield words


@FULL
@pytest.mark.django_db
def test_the_admin_shows_no_word_that_is_not_translated(client):
    """Its index, and of each model the list, one row, and the empty form where one is offered."""
    found = {}
    with made_up_language():
        world = everything()
        client.force_login(world.person("superuser"))
        written = written_by_people()
        addresses = [reverse("admin:index")]
        for model, pages in SUPERUSER.items():
            label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            row = admin.site._registry[model].get_queryset(request_of(world)).first()
            addresses += [reverse(f"{label}_changelist"), reverse(f"{label}_change", args=[row.pk])]
            addresses += [reverse(f"{label}_add")] if pages["add"] == YES else []
        for address in addresses:
            response = client.get(address)
            assert response.status_code == YES, address
            if words := list(left_over_in_the_admin(response, written)):
                found[address] = words

    assert found == {}


@FULL
@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_mails_say_no_word_that_is_not_translated(kind):
    with made_up_language():
        LETTERS[kind]()
        notices = Notice.objects.filter(kind=kind).select_related("recipient").order_by("pk")
        letters = write(list(notices), at=when(kind))
        written = written_by_people()
        found = [
            word
            for letter in letters
            for part in (letter.outcome.subject, letter.outcome.body, letter.outcome.alternatives[0].content)
            for word in left_over(
                shown_outside(part) if "<html" in part else outside(part).split("\n"), written
            )
        ]

    assert letters
    assert found == []


def test_what_is_not_marked_is_found_wherever_it_stands():
    page = """
        <title>«Title»</title><p>«Yes, <b>of course</b>» «and» no</p><img alt="Bare">
        <input type="submit" value="Go on"><input value="typed"><button data-ask="Are you sure">«Send»</button>
        <p>«Said by» Ada</p><script>let not_shown</script>
    """

    assert shown_outside(page) == ["no", "Bare", "Go on", "Are you sure", "Ada"]


@pytest.mark.django_db
def test_why_a_message_is_held_back_is_told_in_the_language_of_who_reads_it():
    with made_up_language():
        assert (
            in_words("The project is in another stage: shape") == "«The project is in another stage»: shape"
        )
        assert [in_words("The account is closed."), in_words("")] == ["«The account is closed.»", ""]

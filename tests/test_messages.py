"""Every kind of message: that it is known, and what its mail looks like."""

import ast
import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from accounts.models import Notice
from accounts.notices import KINDS
from accounts.sending.letters import write
from tests.letters import AFTER, SCENES, when

APPS = ("accounts", "principles", "partnerships", "evaluations", "portal")
# Functions whose `kind=` names a kind of message. A kind that reaches `owe` as a variable comes from one of them.
OWING = {"owe", "tell_the_missing", "_ask_the_others", "tell_of_it", "tell_of_request", "tell_about_entry"}


def owed_kinds():
    """The kinds that code owes: {kind: where}. A kind that can't be read from the code is a mistake of its own."""
    found = {}
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                keywords = {keyword.arg: keyword.value for keyword in node.keywords}
                if name == "Reminder":
                    found[ast.literal_eval(node.args[1])] = path
                elif name in OWING and isinstance(keywords.get("kind"), ast.Constant):
                    found[keywords["kind"].value] = path
                elif name in OWING:
                    assert isinstance(keywords.get("kind"), ast.Name), f"{path}:{node.lineno} names no kind"
    return found


def test_every_kind_that_is_owed_is_registered_has_a_template_and_a_scene():
    owed = owed_kinds()

    assert len(owed) > 20
    assert sorted(set(owed) - set(KINDS)) == []
    # What carries others is owed by nobody else.
    assert set(KINDS) - set(owed) == {kind.name for kind in KINDS.values() if kind.carries}
    assert sorted(set(KINDS) - set(SCENES)) == []
    for kind in KINDS.values():
        get_template(kind.template)


def test_every_template_has_a_kind():
    names = {path.stem for path in (Path(settings.BASE_DIR) / "templates/emails").glob("*.txt")}

    assert names - {"base", "parts"} == set(KINDS)


@pytest.fixture(autouse=True)
def _say_what_is_missing(monkeypatch):
    """A name that a template spells otherwise than its kind shows up in the mail."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "{{ missing }}")


def letters(kind, at=AFTER):
    """The letters of this kind after its scene."""
    SCENES[kind]()
    notices = list(Notice.objects.filter(kind=kind).select_related("recipient").order_by("pk"))
    assert notices, f"The scene of {kind} owes none"
    return write(notices, at=at)


def words(text):
    return re.sub(r"https?://\S+", "", text).split()


def visible(markup):
    """What a reader sees of the HTML part."""
    body = re.sub(r"(?s)<style.*?</style>|<title.*?</title>", "", markup)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_mail_is_short_has_one_button_and_says_the_same_in_both_parts(kind):
    for letter in letters(kind, when(kind)):
        mail = letter.outcome
        assert not isinstance(mail, Exception), mail
        it_is_short_and_says_for_whom_and_why(mail)
        it_has_one_button_that_leads_to_this_site(mail)
        both_parts_say_the_same(mail)
        its_sentences_are_short(mail)
        no_blank_is_left_open(mail)


def it_is_short_and_says_for_whom_and_why(mail):
    assert len(words(mail.body)) <= 90
    assert len(mail.subject) <= 60
    assert "\n" not in mail.subject
    assert mail.body.startswith("Hello")
    assert "You get " in mail.body
    assert settings.HELP_EMAIL in mail.body
    assert settings.HELP_PHONE in mail.body


def it_has_one_button_that_leads_to_this_site(mail):
    (link,) = re.findall(r'class="button" href="([^"]+)"', mail.alternatives[0].content)
    assert link.startswith(f"{settings.SITE_URL}/")
    assert f"\n{html.unescape(link)}\n" in mail.body


def both_parts_say_the_same(mail):
    logo, *said = words(visible(mail.alternatives[0].content))
    assert logo == "Counterpart"
    written = [word for word in words(mail.body) if word != "--"]
    assert [word.rstrip(":") for word in said] == [word.rstrip(":") for word in written]


def its_sentences_are_short(mail):
    assert "!" not in mail.body
    for sentence in re.split(r"(?<=[.?])\s|\n", mail.body):
        assert len(words(sentence)) <= 20, sentence


def no_blank_is_left_open(mail):
    assert not re.search(r"\{\{|\}\}|\{%|\bNone\b|“”", mail.subject + mail.body)
    assert not re.match(r"\W", mail.subject)

"""No query is written past the models, and no model is found past its import: so the seal has one door.

Read from the syntax of every module, migrations too. What is needed stands in ALLOWED with its reason; a new place, or
one that is there no more, turns this file red.
"""

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

APPS = ("accounts", "principles", "partnerships", "evaluations", "portal", "config")

# Names that write a query, reach the database itself, or find a model by its name. As attributes, imported names and
# texts handed to `getattr`, whatever they hang on.
QUERIES = {
    "RawSQL", "raw", "extra", "raw_query", "RawQuery", "RawQuerySet", "RunSQL", "_raw_delete",
    "cursor", "chunked_cursor", "execute", "executemany", "executescript", "callproc", "mogrify",
    "connection", "connections", "get_connection", "db_connection",
}  # fmt: skip
MODELS = {
    "get_model", "get_models", "all_models", "get_app_config", "get_app_configs", "get_registered_model",
    "model_class", "get_model_by_name", "apps",
}  # fmt: skip
# Words with another meaning elsewhere: they count on a query set, an import from Django or a call alone.
ONLY_CALLED = {"raw", "extra", "execute"}
# Packages that speak to a database, and ways to import by a name that is made up while running.
DRIVERS = {"sqlite3", "psycopg", "psycopg2", "MySQLdb", "oracledb"}
BY_NAME = {"import_module", "import_string", "__import__", "eval", "exec", "compile", "attrgetter", "globals"}

# By module: what each of its functions uses, and why. "" stands for what is outside all of them, the imports.
WORDS = "makes the columns that hold the words of a text, and takes them away again"
TRIGGER = "makes the trigger that refuses changes, and takes it away again"
ALLOWED = {
    "accounts/apps.py": (
        {"": ["django.db.backends.signals.connection_created"]},
        "SQLite learns to fold letters, which PostgreSQL has from a migration",
    ),
    "accounts/jobs.py": (
        {"": ["apps"], "name_of": ["apps", "get_app_configs"]},
        "the words that each app has for its jobs; no model is found by it",
    ),
    "accounts/migrations/0001_squashed_0006_plural_of_requests.py": (
        {"forbid": ["connection", "execute"], "allow": ["connection", "execute"]},
        TRIGGER,
    ),
    "accounts/migrations/0004_history_is_never_changed.py": (
        {"forbid": ["connection", "execute"], "allow": ["connection", "execute"]},
        TRIGGER,
    ),
    "accounts/migrations/0011_who_wants_no_reminders.py": (
        {"keep_what_was_chosen": ["get_model"], "as_it_was": ["get_model"]},
        "keeps what people had chosen",
    ),
    "accounts/notices.py": ({"ring": ["get_connection"]}, "rings once for each transaction"),
    "accounts/sending/delivery.py": (
        {"": ["connection"], "_insist": ["connection", "connection"]},
        "closes a connection that broke, unless a transaction is open",
    ),
    "accounts/sending/post.py": (
        {"": ["get_connection"], "Post._try": ["get_connection"]},
        "the mail server: a name of django.core.mail",
    ),
    "evaluations/migrations/0010_check_ins_and_calls.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0001_squashed_0015_interests_of_people.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0009_editions_in_use_stay.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0013_published_how_we_work_stays.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0015_interests_of_people.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0016_permissions_to_use_a_name.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0018_approval_and_signing_of_a_contract.py": (
        {
            "ask_for_approval": ["get_model"],
            "install": ["connection", "execute"],
            "remove": ["connection", "execute"],
        },
        f"open contracts of kinds that are approved are marked; {TRIGGER}",
    ),
    "partnerships/migrations/0019_rows_confirmed.py": (
        {"say_who_wrote": ["get_model"] * 4},
        "rows of contracts learn who wrote them, and which a signature confirms",
    ),
    "partnerships/migrations/0020_questions_about_contracts.py": (
        {"ask_what_was_unclear": ["get_model"] * 3},
        "what stands unclear in checklists becomes a question",
    ),
    "partnerships/migrations/0023_requests_for_funding.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0026_what_agencies_do_stays.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0029_talk.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "partnerships/migrations/0030_words_for_the_search.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        WORDS,
    ),
    "partnerships/migrations/0031_words_of_talk.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        WORDS,
    ),
    "partnerships/models/guards.py": (
        {
            "": ["connections"],
            "lift": ["connections", "connections", "cursor", "execute"],
            "put_back": ["connections", "connections", "connections", "cursor", "execute"],
        },
        "SQLite remakes a table in a migration: its triggers are lifted and put back",
    ),
    "evaluations/migrations/0001_squashed_0009_whether_what_was_brought_helped.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "evaluations/migrations/0004_answers_stay_once_opened.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "evaluations/migrations/0009_whether_what_was_brought_helped.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        TRIGGER,
    ),
    "evaluations/migrations/0012_words_for_the_search.py": (
        {"install": ["connection", "execute"], "remove": ["connection", "execute"]},
        WORDS,
    ),
    "evaluations/models/__init__.py": (
        {"": ["evaluations.models.answer"]},
        "Django learns of the model here",
    ),
    "evaluations/models/guards.py": (
        {
            "": ["connections"],
            "lift": ["connections", "connections", "cursor", "execute"],
            "put_back": ["connections", "connections", "connections", "cursor", "execute"],
        },
        "SQLite remakes a table in a migration: its triggers are lifted and put back",
    ),
    "evaluations/sealing/choices.py": (
        {
            "": [
                "evaluations.models.answer.Answer",
                "evaluations.models.answer.HelpAnswer",
                "evaluations.models.answer.Overall",
            ]
        },
        "the door: what can be answered",
    ),
    "evaluations/sealing/drafts.py": (
        {
            "": [
                "evaluations.models.answer.Answer",
                "evaluations.models.answer.HelpAnswer",
                "evaluations.models.answer.Overall",
            ]
        },
        "the door: what the own organisation wrote",
    ),
    "evaluations/sealing/opening.py": (
        {
            "": [
                "evaluations.models.answer.Answer",
            ]
        },
        "the door: values are kept when the reviews open",
    ),
    "evaluations/sealing/reading.py": (
        {
            "": [
                "evaluations.models.answer.Answer",
                "evaluations.models.answer.HelpAnswer",
                "evaluations.models.answer.Overall",
            ]
        },
        "the door: what others read once it is open",
    ),
    "evaluations/sealing/saving.py": (
        {
            "": [
                "evaluations.models.answer.Answer",
                "evaluations.models.answer.HelpAnswer",
                "evaluations.models.answer.Overall",
            ]
        },
        "the door: writing",
    ),
    "evaluations/sealing/standing.py": (
        {
            "": [
                "evaluations.models.answer.Answer",
            ]
        },
        "the door: how far the own organisation is",
    ),
    "portal/health.py": (
        {"": ["connection"], "_database": ["connection", "cursor", "execute"]},
        "asks the database whether it answers",
    ),
    "config/settings_test.py": (
        {"": ["config.settings.*"]},
        "the settings of the tests are all settings and a few",
    ),
}


class Finder(ast.NodeVisitor):
    """Collects (function, what) of everything that may pass the models by."""

    def __init__(self):
        self.found, self.inside, self.connections = [], [], set()

    def note(self, node, what):
        self.found.append((".".join(self.inside), what))

    def _scope(self, node):
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _scope

    def visit_Import(self, node):
        for alias in node.names:
            if alias.name.split(".")[0] in DRIVERS or alias.name.startswith("django.db.backends"):
                self.note(node, alias.name)
            if alias.name in ("django.apps", "importlib") or "models.answer" in alias.name:
                self.note(node, alias.name)

    def visit_ImportFrom(self, node):
        module = node.module or ""
        for alias in node.names:
            whole = f"{module}.{alias.name}"
            if module.split(".")[0] in DRIVERS or module.startswith("django.db.backends"):
                self.note(node, whole)
            elif module.startswith("django") and alias.name in QUERIES | MODELS - {"connection"}:
                self.note(node, alias.name)
                self.connections.add(alias.asname or alias.name)
            elif (
                alias.name in BY_NAME
                or alias.name == "*"
                or module.endswith("models.answer")
                or (alias.name == "answer" and (node.level or module.endswith("models")))
            ):
                self.note(node, whole)

    def visit_Name(self, node):
        # What was imported under another name is what it is; `eval` and its like need no import.
        if node.id in self.connections and isinstance(node.ctx, ast.Load):
            self.note(node, f"{node.id}")
        elif node.id in BY_NAME and isinstance(node.ctx, ast.Load):
            self.note(node, node.id)

    def visit_Attribute(self, node):
        name, owner = node.attr, getattr(node.value, "id", getattr(node.value, "attr", ""))
        if name in QUERIES | MODELS and name not in ONLY_CALLED and isinstance(node.ctx, ast.Load):
            # A socket, a mail server: `self.connection` is a database's only where Django's is imported.
            if name not in ("connection", "apps") or owner in ("db", "schema_editor", "transaction", "_meta"):
                self.note(node, name)
        elif name in ONLY_CALLED and getattr(node, "called", False):
            self.note(node, name)
        elif name == "answer" and owner == "models":
            self.note(node, "models.answer")
        self.generic_visit(node)

    def visit_Call(self, node):
        node.func.called = True
        named = getattr(node.func, "id", "")
        if named in ("getattr", "methodcaller") or getattr(node.func, "attr", "") == "methodcaller":
            for value in node.args:
                if isinstance(value, ast.Constant) and value.value in QUERIES | MODELS | {
                    "Answer",
                    "Overall",
                }:
                    self.note(node, f"{named or 'methodcaller'} {value.value}")
        self.generic_visit(node)


def found_in(source):
    finder = Finder()
    finder.visit(ast.parse(source))
    return finder.found


def found_in_product():
    """What the code uses, by module and function."""
    used = {}
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            functions = defaultdict(list)
            for function, what in sorted(found_in(path.read_text())):
                functions[function].append(what)
            if functions:
                used[str(path.relative_to(settings.BASE_DIR))] = dict(functions)
    return used


def test_nothing_writes_its_own_query_or_finds_a_model_by_name_but_what_is_listed_with_its_reason():
    assert found_in_product() == {module: functions for module, (functions, _why) in ALLOWED.items()}


CAUGHT = {
    "a raw query": 'Review.objects.raw("SELECT 1")',
    "extra columns": 'rows.filter(pk=1).extra(select={"a": "b"})',
    "a raw expression": 'from django.db.models.expressions import RawSQL\nrows.annotate(a=RawSQL("1", []))',
    "a raw expression, renamed": "from django.db.models.expressions import RawSQL as Value",
    "a raw expression, by its module": 'rows.annotate(a=expressions.RawSQL("1", []))',
    "a cursor": "from django.db import connection\nconnection.cursor()",
    "a connection, renamed": "from django.db import connection as door\ndoor.ops",
    "a connection by its alias": 'from django.db import connections\nconnections["default"]',
    "a connection by its module": "from django import db\ndb.connection.introspection",
    "a connection of a transaction": "from django.db import transaction\ntransaction.get_connection()",
    "a cursor of anything": "self.door.cursor()",
    "a statement": 'door.execute("SELECT 1")',
    "many statements": 'door.executemany("SELECT 1", [])',
    "a migration": "from django.db import migrations\nmigrations.RunSQL('SELECT 1')",
    "a driver": "import sqlite3",
    "a driver of PostgreSQL": "from psycopg2 import connect",
    "a backend": "from django.db.backends.sqlite3.base import DatabaseWrapper",
    "an attribute by its text": 'getattr(rows, "raw")("SELECT 1")',
    "a method by its text": 'from operator import methodcaller\nmethodcaller("cursor")(door)',
    "the registry": "from django.apps import apps",
    "the registry, renamed": "from django.apps import apps as known",
    "the registry by its module": "import django.apps",
    "the registry of a model": "Review._meta.apps",
    "a model by its name": 'known.get_model("evaluations", "Answer")',
    "all models": "known.get_models()",
    "all models of an app": 'known.all_models["evaluations"]',
    "an app's own models": 'known.get_app_config("evaluations").models',
    "a model by its content type": "kind.model_class()",
    "a module by its name": 'import importlib\nimportlib.import_module("evaluations.models.answer")',
    "a module by its name, imported": 'from importlib import import_module\nimport_module("a")',
    "an attribute by a path": 'from django.utils.module_loading import import_string\nimport_string("a.b")',
    "the import itself": '__import__("evaluations.models.answer")',
    "code in a text": 'eval("1")',
    "the answers": "from evaluations.models.answer import Answer",
    "the answers' module": "from evaluations.models import answer",
    "the answers' module, from beside it": "from . import answer",
    "the answers' module, whole": "import evaluations.models.answer as them",
    "the answers' module, as an attribute": "from evaluations import models\nmodels.answer.Answer",
    "the answers, by their text": 'getattr(models, "Answer")',
    "everything": "from evaluations.models import *",
}  # fmt: skip

INNOCENT = {
    "a socket": 'connection = socket.create_connection(("a", 1))\nconnection.sendall(b"")',
    "a mail server": "self.connection.open()",
    "empty forms": "formset.extra",
    "a button": '_("Answer")',
    "rows": "Review.objects.filter(pk=1).exists()",
    "the configuration of an app": "from django.apps import AppConfig",
}


@pytest.mark.parametrize("how", CAUGHT)
def test_a_way_past_the_models_is_caught(how):
    assert found_in(CAUGHT[how]) != []


@pytest.mark.parametrize("what", INNOCENT)
def test_what_only_sounds_alike_is_not(what):
    assert found_in(INNOCENT[what]) == []

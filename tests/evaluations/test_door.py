"""The seal is a package with one door: nobody outside reaches its modules, nor a name that it does not offer.

What an import contract can't see: a module or a name reached as an attribute. Read from the syntax of every module.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model

from evaluations import sealing

pytestmark = pytest.mark.once

APPS = ("accounts", "principles", "partnerships", "evaluations", "portal", "config")
PACKAGE = Path(settings.BASE_DIR) / "evaluations" / "sealing"
MODULES = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
OFFERED = set(sealing.__all__)
# A module of the package, by its name in a text.
BY_TEXT = re.compile(rf"\bsealing\.({'|'.join(sorted(MODULES))})\b")


class Finder(ast.NodeVisitor):
    """Collects every use of the package that is not one of the names it offers."""

    def __init__(self):
        self.found, self.doors, self.used_well = [], set(), set()

    def visit_Import(self, node):
        # Under its whole name the package is an attribute of another; only `from` keeps to names.
        self.found += [alias.name for alias in node.names if alias.name.startswith("evaluations.sealing")]

    def visit_ImportFrom(self, node):
        path = (node.module or "").split(".")
        for alias in node.names:
            if path[-1] == "sealing":
                if alias.name not in OFFERED:
                    self.found.append(f"{node.module}.{alias.name}")
            elif "sealing" in path:
                self.found.append(node.module)
            elif alias.name == "sealing":
                self.doors.add(alias.asname or alias.name)

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in self.doors and node.attr in OFFERED:
            return
        if node.attr == "sealing":
            self.found.append(ast.unparse(node))
        self.generic_visit(node)

    def visit_Name(self, node):
        # The package alone: handed to `getattr`, kept under another name.
        if node.id in self.doors:
            self.found.append(node.id)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and BY_TEXT.search(node.value):
            self.found.append(node.value)


def found_in(source):
    finder = Finder()
    tree = ast.parse(source)
    # Imports first: a function may use what stands further down.
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            finder.visit_ImportFrom(node)
    finder.found.clear()
    finder.visit(tree)
    return finder.found


def test_nobody_outside_reaches_into_the_seal():
    found = {
        str(path.relative_to(settings.BASE_DIR)): ways
        for app in APPS
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py"))
        if PACKAGE not in path.parents and (ways := found_in(path.read_text()))
    }

    assert found == {}


def test_the_door_has_the_names_it_offers_and_its_modules_and_no_others():
    names = {name for name in vars(sealing) if not name.startswith("_")}

    assert MODULES.isdisjoint(OFFERED)
    assert names == OFFERED | MODULES


def test_the_door_hands_out_no_model():
    handed_out = [getattr(sealing, name) for name in sealing.__all__]

    assert [it for it in handed_out if isinstance(it, type) and issubclass(it, Model)] == []


CAUGHT = {
    "a module": "from evaluations.sealing import drafts",
    "a name of a module": "from evaluations.sealing.drafts import draft_of",
    "the answers, from a module": "from evaluations.sealing.saving import Answer",
    "the answers, from the door": "from evaluations.sealing import Answer",
    "a module, from beside it": "from .sealing import drafts",
    "a name of a module, from beside it": "from .sealing.drafts import draft_of",
    "a module, whole": "import evaluations.sealing.drafts",
    "a module, whole and renamed": "import evaluations.sealing.drafts as own",
    "the package, whole": "import evaluations.sealing",
    "a module, as an attribute": "from evaluations import sealing\nsealing.saving.Answer",
    "a module of the package, renamed": "from evaluations import sealing as door\ndoor.saving",
    "a module of the package, from beside it": "from . import sealing\nsealing.saving",
    "an attribute of the app": "import evaluations\nevaluations.sealing.saving",
    "an attribute before its import": "def read():\n    sealing.saving\nfrom evaluations import sealing",
    "an attribute by its text": 'from evaluations import sealing\ngetattr(sealing, "saving")',
    "the package under another name": "from evaluations import sealing\ndoor = sealing",
    "a module by its name": 'sys.modules["evaluations.sealing.saving"]',
}  # fmt: skip

INNOCENT = {
    "a name that is offered": "from evaluations.sealing import HELPED, Entry",
    "the door": "from evaluations import sealing\nsealing.save_answers(review, [sealing.Entry(1)])",
    "a choice": "from evaluations import sealing\nsealing.OUTSIDE.DONT_KNOW",
    "a text about it": '"""See `evaluations.sealing`."""',
}


@pytest.mark.parametrize("how", CAUGHT)
def test_a_way_into_the_seal_is_caught(how):
    assert found_in(CAUGHT[how]) != []


@pytest.mark.parametrize("what", INNOCENT)
def test_what_goes_through_the_door_is_not(what):
    assert found_in(INNOCENT[what]) == []

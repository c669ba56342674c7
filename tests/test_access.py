"""The access table: every address × everybody. An address without a row turns this file red.

How to add a row: name of the address → `Page(audience, ...)` in tests/access/pages.py. The audience says who gets what
(tests/access/audience.py); deviations go into `but`. Group and company stand in the same audience, so a row cannot
favour a side. `scene` is the state of the project (tests/walk.py), `args` makes the address' arguments from a World
(tests/access/arguments.py), `data` what is posted, `ok` what success answers.

Where `args` takes a `side`, the row is asked twice, with the sides exchanged in what is built and in what is expected.
What `args` makes has a twin in OF_OTHERS (tests/access/others.py): the same of somebody else, which nobody here may
reach. Where there is no such thing, NOBODYS says why.
"""

import re
from copy import deepcopy
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.access.arguments import a_passkey
from tests.access.audience import OK, SIGN_IN, across
from tests.access.others import NOBODYS, NOTHING, OF_OTHERS
from tests.access.pages import PAGES
from tests.walk import (
    EVERYBODY,
    World,
    named_urls,
)

pytestmark = pytest.mark.django_db


# With three worlds for each address the whole table takes minutes: these questions are asked on PostgreSQL only.
FULL = pytest.mark.services


def urls():
    return dict(named_urls())


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(urls()) == set(PAGES)


def test_only_public_pages_skip_the_sign_in():
    open_to_all = {
        name for name, pattern in urls().items() if not getattr(pattern.callback, "login_required", True)
    }

    assert open_to_all == {name for name, page in PAGES.items() if page.expected()["anonymous"] == OK}


def browse_as(client, world, who):
    """Be this person at the browser. In a world each signs in once: what a request does to a session is undone."""
    client.cookies.clear()
    if world.person(who) is None:
        return
    if who not in world.sessions:
        client.force_login(world.person(who))
        world.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[who]


def in_each_scene(rows):
    """Ask all the rows of a scene in one test: a world takes many times as long to build as a row takes to ask."""
    return pytest.mark.parametrize("scene", sorted({PAGES[name].scene for name, *_whose in rows}))


def rows_of(scene, rows):
    """The rows of a scene, each with a world of its own as it stands at first; what was done to it is undone."""
    built = World(scene)
    for who in built.people:
        browse_as(Client(), built, who)
    for row in rows:
        if PAGES[row[0]].scene == scene:
            with transaction.atomic():
                yield deepcopy(built), PAGES[row[0]], *row
                transaction.set_rollback(True)


def ask(client, world, who, page, name, arguments):
    """Answer of one person's request, rolled back, as a status."""
    browse_as(client, world, who)
    address = reverse(name, kwargs=arguments)
    data = page.data(world) if callable(page.data) else page.data
    with transaction.atomic():
        response = getattr(client, page.method)(address, data or {})
        transaction.set_rollback(True)
    return response


ROWS = [(name, side) for name in sorted(PAGES) for side in PAGES[name].sides]


# Those who stand on a side, for whom the second time is another question.
SIDED = [who for who in EVERYBODY if who != across(who)]


@in_each_scene(ROWS)
def test_everybody_gets_what_the_table_says(client, scene):
    wrong = {}
    for world, page, name, whose in rows_of(scene, ROWS):
        arguments = page.arguments(world, whose)
        expected = page.expected(whose or "group")
        for who in SIDED if whose == "company" else EVERYBODY:
            status = ask(client, world, who, page, name, arguments).status_code
            got = OK if status in page.ok and expected[who] == OK else status
            if got != expected[who]:
                wrong[name, whose, who] = (got, expected[who])

    assert wrong == {}


LOOKED_AT = [(name,) for name in sorted(PAGES) if PAGES[name].method == "get"]


@FULL
@in_each_scene(LOOKED_AT)
def test_looking_changes_nothing(client, scene):
    written = []

    def watch(execute, sql, params, many, context):
        if (
            re.match(r"\s*(INSERT|UPDATE|DELETE)", sql, re.I)
            and "django_session" not in sql
            and "usersession" not in sql
        ):
            written.append(sql)
        return execute(sql, params, many, context)

    for world, page, name in rows_of(scene, LOOKED_AT):
        arguments = page.arguments(world)
        for who in ("anonymous", "group lead", "company owner"):
            browse_as(client, world, who)
            with connection.execute_wrapper(watch):
                for method in ("get", "head", "options"):
                    getattr(client, method)(reverse(name, kwargs=arguments))

    assert written == []


def test_every_row_with_arguments_says_what_the_same_of_others_is():
    kinds = {page.args for page in PAGES.values() if page.args}

    assert kinds == set(OF_OTHERS) | set(NOBODYS)
    assert not set(OF_OTHERS) & set(NOBODYS)


def body(response, address):
    """What a page says and the next one will, without the address and the token that every page has anew."""
    messages = [str(message) for message in get_messages(response.wsgi_request)]
    words = "\n".join([response.content.decode(), *messages]).replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", words)


def swaps(ours, theirs):
    """Ways to ask for what belongs to others, each beside one for what does not exist.

    Each part alone, under one's own others, and all of them together.
    """
    foreign = [part for part in ours if ours[part] != theirs[part]]
    assert foreign
    for parts in [[part] for part in foreign] + ([foreign] if len(foreign) > 1 else []):
        yield ours | {part: theirs[part] for part in parts}, ours | {part: NOTHING[part] for part in parts}


OTHERS = [(name, whose) for name, whose in ROWS if PAGES[name].args in OF_OTHERS]


@pytest.mark.once
@in_each_scene(OTHERS)
def test_what_belongs_to_others_answers_like_what_does_not_exist(client, scene):
    for world, page, name, whose in rows_of(scene, OTHERS):
        ours, theirs = page.arguments(world, whose), OF_OTHERS[page.args](world)

        # Those who may most. Staff confirm who they are before they come near a passkey, theirs or not.
        askers = ["group owner", "company owner", *(["superuser"] if page.args is not a_passkey else [])]
        for there, nowhere in swaps(ours, theirs):
            for who in askers:
                answers = [ask(client, world, who, page, name, arguments) for arguments in (there, nowhere)]

                asked = (name, whose, who, there, nowhere)
                assert [answer.status_code for answer in answers] == [404, 404], asked
                bodies = [
                    body(answer, reverse(name, kwargs=arguments))
                    for answer, arguments in zip(answers, (there, nowhere), strict=True)
                ]
                assert bodies[0] == bodies[1], asked


# Every method ---------------------------------------------------------------------------------------

# Each view names its methods, or is one of Django's classes that do: reading, writing and removing for one of each
# kind of person, and every method for one who may.
ONE_OF_EACH = (
    "anonymous",
    "disabled group",
    "nobody",
    "superuser",
    "other group",
    "former company",
    "invited group",
    "group reader",
    "company signatory",
    "group lead",
    "company owner",
    "group agency",
    "both sides",
)


# What others get is in the table; one of them asks in every way there is.
METHODS = ("post", "delete")


ALL_METHODS = ("get", "head", "options", "post", "put", "patch", "delete")


@FULL
@in_each_scene(ROWS)
def test_no_method_opens_what_the_rows_own_does_not(client, scene):
    found = []
    for world, page, name, whose in rows_of(scene, ROWS):
        arguments = page.arguments(world, whose)
        expected = page.expected(whose or "group")
        for who in ONE_OF_EACH:
            for method in ALL_METHODS if who == "group lead" else METHODS:
                asked = replace(page, method=method, data=page.data if method == page.method else None)
                response = ask(client, world, who, asked, name, arguments)
                if not is_fine(response, expected[who]):
                    found.append((name, whose, who, method, response.status_code))

    assert found == []


def is_fine(response, expected):
    """Whether another method opens no more than the row says."""
    status = response.status_code
    if expected == OK:
        return status < 500
    if expected == SIGN_IN:
        return status == 405 or (status == 302 and response.url.startswith(reverse("accounts:sign_in")))
    return status in (expected, 405)

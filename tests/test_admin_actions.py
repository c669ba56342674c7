"""The actions on lists of the admin: for whom each does something, and that no key of another row makes it do more.

An action that is registered without a row turns this file red. A row says on which rows the action is pressed, and what
its own page asks for.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from accounts.actions import request_to_join
from accounts.models import JoinRequest, Notice, Organisation, Person, Recovery
from accounts.notices import owe
from principles.models import Principle, PrincipleSet, Question
from tests.bad_inputs.outcome import ask, unfit
from tests.browse import signed_in
from tests.factories import NOON, make_organisation, make_person, make_principles
from tests.test_admin_access import request_of
from tests.walk import World

pytestmark = pytest.mark.django_db


def who_asks_to_join(world):
    return [request_to_join(make_organisation(), actor=make_person(), at=NOON).pk], {}


def a_message_that_failed(world):
    owe(make_person(), kind="review_opens", key="failed", at=NOON, subject="x:1", project=world.project)
    Notice.objects.update(failed_at=NOON)
    return [Notice.objects.get().pk], {}


def two_that_are_one(world):
    pair = [make_organisation(name=name).pk for name in ("Larkfield", "Larkfield Society")]
    return pair, {"confirmed": "Merge", "stays": pair[0]}


def one_that_was_merged(world):
    return [make_organisation(name="Larkfield Society", merged_into=make_organisation()).pk], {}


def one_that_nobody_belongs_to(world):
    return [make_organisation(origin="imported").pk], {"confirmed": "Send", "email": "first@example.org"}


def somebody(world):
    return [world.person("group lead").pk], {}


def somebody_to_recover(world):
    asked_by = world.person("staff")
    recovery = Recovery.objects.create(person=make_person(), reason="Lost", asked_by=asked_by, asked_at=NOON)
    return [recovery.pk], {}


def to_delete(make):
    return lambda world: ([make().pk], {"post": "yes"})


def a_draft():
    return make_principles("2027-01")


ACTIONS = {
    (JoinRequest, "let_in"): who_asks_to_join,
    (JoinRequest, "decline"): who_asks_to_join,
    (Notice, "send_these_again"): a_message_that_failed,
    (Organisation, "merge"): two_that_are_one,
    (Organisation, "undo_merge"): one_that_was_merged,
    (Organisation, "invite_owner"): one_that_nobody_belongs_to,
    (Person, "recover"): somebody,
    (Recovery, "approve"): somebody_to_recover,
    (Recovery, "refuse"): somebody_to_recover,
    (Group, "delete_selected"): to_delete(lambda: Group.objects.create(name="Support")),
    (PrincipleSet, "delete_selected"): to_delete(a_draft),
    (Principle, "delete_selected"): to_delete(lambda: a_draft().principles.first()),
    (Question, "delete_selected"): to_delete(lambda: a_draft().principles.first().questions.first()),
}
# Leads to a form, and changes nothing by itself.
LEADS_ON = {(Person, "recover")}
ROWS = pytest.mark.parametrize(("model", "action"), ACTIONS, ids=lambda part: getattr(part, "__name__", part))


def press(person, model, action, keys, data, query=""):
    listing = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    sent = {name: [str(value)] for name, value in data.items()}
    outcome = ask(
        signed_in(person), listing + query, sent | {"action": [action], "_selected_action": [*map(str, keys)]}
    )
    assert not unfit(outcome), (action, keys)
    return outcome


def test_every_action_of_the_admin_has_a_row_and_every_row_an_action():
    request = request_of(World())

    found = {
        (model, name)
        for model, options in admin.site._registry.items()
        for name in options.get_actions(request)
    }

    assert found == set(ACTIONS)


@ROWS
def test_whoever_may_only_look_at_a_list_runs_none_of_its_actions(model, action):
    world = World()
    keys, data = ACTIONS[model, action](world)
    # May write everything but what this list shows, and may look at that.
    others = make_person("Other Staff", is_staff=True)
    label = {"content_type__app_label": model._meta.app_label, "content_type__model": model._meta.model_name}
    rights = Permission.objects.exclude(**label) | Permission.objects.filter(codename__startswith="view_")
    needed = rights.exclude(codename="add_recovery") if action == "recover" else rights
    others.user_permissions.set(needed.distinct())

    seen = {}
    for who, person in {
        **{name: world.person(name) for name in ("group owner", "staff", "staff reading", "superuser")},
        "staff of other lists": others,
    }.items():
        outcome = press(person, model, action, keys, data)
        leads_on = outcome.response.status_code == 302 and "/recovery/add/" in outcome.response.url
        seen[who] = bool(outcome.changed) or ((model, action) in LEADS_ON and leads_on)

    assert seen == dict.fromkeys(seen, False) | {"superuser": True}


@ROWS
def test_keys_of_rows_that_are_not_in_the_list_make_an_action_do_nothing(model, action):
    world = World()
    keys, data = ACTIONS[model, action](world)
    superuser = world.person("superuser")
    here = set(model._default_manager.values_list("pk", flat=True))
    there = [
        pk for other in admin.site._registry for pk in other._default_manager.values_list("pk", flat=True)
    ]
    of_another_model = next(pk for pk in [*sorted(there, reverse=True), 10**9] if pk not in here)
    nothing = [
        [of_another_model],
        [999_999_999],
        ["x"],
        ["1.5"],
        ["-1"],
        ["\0"],
        ["9" * 30],
        [f"{keys[0]},x"],
        [],
    ]

    for wrong in nothing:
        # Of two that are merged, one is right.
        sent = [*keys[1:], *wrong] if action == "merge" else wrong
        outcome = press(superuser, model, action, sent, data)
        assert not outcome.changed, wrong
        assert "/recovery/add/" not in outcome.response.get("Location", ""), wrong


@ROWS
def test_an_action_reaches_no_row_that_the_list_was_narrowed_to_leave_out(model, action):
    world = World()
    keys, data = ACTIONS[model, action](world)
    superuser = world.person("superuser")

    for across in ("0", "1"):
        outcome = press(
            superuser, model, action, keys, data | {"select_across": across}, query="?id__in=999999999"
        )
        assert not outcome.changed
        assert "/recovery/add/" not in outcome.response.get("Location", "")

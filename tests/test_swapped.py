"""Keys inside forms: one of somebody else's is refused like one that does not exist, and nothing changes."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from evaluations.models import Promise
from partnerships.models import PlanPart
from tests.browse import signed_in
from tests.evaluations import opened
from tests.factories import member_of, other_side, partner_of
from tests.walk import World

pytestmark = pytest.mark.django_db


def test_a_partner_that_one_may_not_know_is_not_chosen(side):
    world = World("shape")
    client = signed_in(world.person(f"{side} lead"))
    address = reverse("partnerships:partner_choose", args=[world.project.reference])
    stranger = partner_of(world.other, other_side(side))

    answers = [
        client.post(address, {"organisation": slug}) for slug in (stranger.slug, "nobody-of-this-name")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not PlanPart.objects.filter(project=world.project).exists()
    assert not world.project.participations.filter(organisation=stranger).exists()


def test_a_conclusion_goes_to_nobody_outside_the_project():
    world = World("writing")
    client = signed_in(world.person("group lead"))
    address = reverse("evaluations:conclusion_send", args=[world.project.reference])
    before = world.project.conclusion.pen_id
    strangers = [partner_of(world.other, side).pk for side in ("group", "company")]

    for wanted in [*strangers, 999_999_999, world.organisation("group").pk]:
        client.post(address, {"to": str(wanted)})

        world.project.conclusion.refresh_from_db()
        assert world.project.conclusion.pen_id == before


def test_a_promise_is_given_by_nobody_of_another_organisation(side):
    world = World("learned")
    client = signed_in(world.person(f"{side} lead"))
    address = reverse("evaluations:promise_add", args=[world.project.reference])
    fields = {
        "what": "Send agendas",
        "principle": opened.principle(world.project).pk,
        "when": "date",
        "date": "2027-03-01",
    }
    strangers = [world.person(f"other {side}"), world.person(f"{other_side(side)} lead")]

    answers = [client.post(address, fields | {"owner": person.pk}) for person in strangers]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not Promise.objects.filter(what="Send agendas").exists()


def test_nobody_outside_takes_over_from_a_member_who_is_removed(side):
    world = World("shape")
    organisation = world.organisation(side)
    client = signed_in(world.person(f"{side} owner"))
    leaver = world.membership(f"{side} lead")
    strangers = [
        world.person(f"other {side}"),
        world.person(f"{other_side(side)} lead"),
        member_of(organisation, "lead", is_active=False),
    ]
    address = reverse("accounts:member_remove", args=[organisation.slug, leaver.pk])

    answers = [client.post(address, {"hand_over_to": person.pk}) for person in strangers]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert Membership.objects.current().filter(pk=leaver.pk).exists()

"""Keys inside forms: one of somebody else's is refused like one that does not exist, and nothing changes."""

import re

import pytest
from django.urls import reverse

from accounts.models import Membership
from evaluations.models import CarriedItem, Promise
from partnerships.actions.plan import send_plan
from partnerships.models import PlanPart, PlanSuggestion
from tests.browse import signed_in
from tests.evaluations import opened
from tests.evaluations.test_carrying import learned, next_project
from tests.factories import NOON, member_of, other_side, partner_of, person_on, write_plan
from tests.seal import text_of
from tests.test_access import body
from tests.walk import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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


def test_a_partner_in_the_address_that_one_may_not_know_finds_what_an_unknown_one_finds(side):
    world = World("shape")
    client = signed_in(world.person(f"{side} lead"))
    ours, theirs = (partner_of(project, other_side(side)) for project in (world.project, world.other))

    def shown(name, slug):
        arguments = [world.project.reference] if name == "plan_who" else []
        response = client.get(reverse(f"partnerships:{name}", args=arguments), {"partner": slug, "q": slug})
        assert response.status_code == 200
        words = text_of(response).replace(slug, "")
        return re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", words)

    for name in ("project_list", "project_export", "project_add", "plan_who"):
        nobody = shown(name, "x" * len(theirs.slug))
        assert theirs.name not in nobody
        assert shown(name, theirs.slug) == nobody, name
    # It is not empty: a partner whom one knows is found.
    assert shown("project_list", ours.slug) != shown("project_list", "x" * len(ours.slug))


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


@pytest.mark.parametrize("stage", ["shape", "agree"])
def test_nobody_brings_a_promise_or_a_learning_of_others_into_a_project(side, stage):
    """Offered is what came of earlier projects of the same partners; the page takes nothing else, typed in or not."""
    earlier, strangers = learned(side), learned(side)
    # One partner was there, the others were not: what these two promised is no business of the next ones.
    half = learned(side, **{"groups" if side == "group" else "companies": [partner_of(earlier, side)]})
    draft = opened.opened_project().promises.create(what="In a draft", position=1)
    project = next_project(earlier)
    writer = person_on(project, side)
    if stage == "agree":
        write_plan(project, writer)
        send_plan(project, actor=writer, at=NOON)
    client = signed_in(writer)
    address = reverse("partnerships:plan_part", args=[project.reference, "learnings"])
    base = str(client.get(address).context["form"].initial["base"])

    def bring(*keys):
        return client.post(address, {"base": base, "items": keys, "note": "It helped."})

    own = keys_of(earlier)
    foreign = [*keys_of(strangers), *keys_of(half), f"promise:{draft.pk}"]
    before = PlanPart.objects.filter(project=project).count()

    for key in foreign:
        nothing = f"{key.partition(':')[0]}:999999999"
        answers = [(bring(one), one) for one in (key, nothing)]
        assert [answer.status_code for answer, _one in answers] == [422, 422]
        assert len({body(answer, one) for answer, one in answers}) == 1, key
        # Beside what one may bring it is refused as well, and nothing of it is kept.
        assert bring(own[0], key).status_code == 422
    # The number of a promise is no learning, and the other way round.
    crossed = f"learning:{foreign[0].partition(':')[2]}"
    assert crossed in own or bring(crossed).status_code == 422
    assert PlanPart.objects.filter(project=project).count() == before
    assert not CarriedItem.objects.exists()
    assert not PlanSuggestion.objects.exists()

    assert bring(*own).status_code == 302
    assert CarriedItem.objects.filter(project=project).count() == (2 if stage == "shape" else 0)
    assert PlanSuggestion.objects.count() == (0 if stage == "shape" else 1)


def keys_of(project):
    """What a project has to bring along, as the form of the next one names it."""
    learning = project.conclusion.parts.get(code="different")
    return [f"promise:{project.promises.get().pk}", f"learning:{learning.pk}"]

"""Promises and learnings that go from one project of the same partners into the next."""

import pytest

from accounts.models import Event
from evaluations.actions.carrying import carried_into, carry, offers_to_carry
from evaluations.actions.promises import keep_promise
from evaluations.models import CarriedItem
from partnerships.actions.plan import offers_for, write_version
from partnerships.models import PlanPart
from tests.evaluations.opened import opened_project, signed_project
from tests.factories import (
    DAY,
    NOON,
    add_partner,
    make_organisation,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db

LATER = NOON + 90 * DAY


def learned(side, **fields):
    """A completed project with a promise of this side."""
    return signed_project(promises=[{"side": side}], **fields)


def next_project(earlier, *, also=None, without=None):
    """A new project of the same partners; `also`: a side on which somebody new takes part."""
    partners = {
        side: [row.organisation for row in earlier.participations.filter(side=side).order_by("pk")]
        for side in ("group", "company")
    }
    if also:
        partners[also].append(make_organisation(also, "Newcomer"))
    return make_project(groups=partners["group"], companies=partners["company"], starts_on=None, ends_on=None)


def keys(offers):
    return [(offer.key, offer.ticked) for offer in offers]


def bring(project, *wanted, person, organisation):
    """Write the plan's part with these keys, as its page does."""
    values = {"items": [{"key": key, "text": "…"} for key in wanted]}
    return write_version(
        project, PlanPart.Code.LEARNINGS, values=values, actor=person, organisation=organisation, at=LATER
    )


def test_the_same_partners_are_offered_open_promises_ticked_and_learnings_not(side):
    earlier = learned(side)
    promise, part = earlier.promises.get(), earlier.conclusion.parts.get(code="different")
    project = next_project(earlier)

    for who in (side, other_side(side)):
        offers = offers_for(project, partner_of(project, who))
        assert keys(offers) == [(f"promise:{promise.pk}", True), (f"learning:{part.pk}", False)]

    assert offers[0].text == "Send agendas five days before"
    assert offers[0].note == (
        f"{promise.owner}, {promise.organisation}, by 7 December 2026, from {earlier.title}"
    )
    assert (offers[1].text, offers[1].note) == ("We start with the contract.", f"Learned in {earlier.title}")


def test_what_is_settled_is_offered_no_longer(side):
    earlier = learned(side)
    promise = earlier.promises.get()
    keep_promise(promise, actor=promise.owner, at=LATER)

    assert [
        offer.key.split(":")[0] for offer in offers_to_carry(next_project(earlier), promise.organisation)
    ] == ["learning"]


def test_an_unsigned_conclusion_leaves_nothing(side):
    earlier = opened_project()

    assert offers_to_carry(next_project(earlier), partner_of(earlier, side)) == []


def test_other_partners_are_offered_nothing(side):
    earlier = learned(side)
    only_one_side = make_project(
        **{f"{'groups' if side == 'group' else 'companies'}": [partner_of(earlier, side)]}
    )

    assert offers_to_carry(only_one_side, partner_of(earlier, side)) == []
    assert offers_to_carry(make_project(), partner_of(earlier, side)) == []


def test_one_organisation_in_common_on_each_side_is_enough_but_a_newcomer_is_named(side):
    earlier = learned(side, public=False)
    project = next_project(earlier, also=side)

    offers = offers_to_carry(project, partner_of(earlier, other_side(side)))

    assert [offer.ticked for offer in offers] == [False, False]
    for offer in offers:
        assert offer.note.endswith("Newcomer took no part in it and will read this.")


def test_a_newcomer_is_offered_nothing(side):
    earlier = learned(side)
    project = next_project(earlier, also=side)
    newcomer = project.participations.get(organisation__name="Newcomer").organisation

    assert offers_to_carry(project, newcomer) == []


def test_partners_who_are_named_in_the_plan_count_before_they_have_come(side):
    earlier = learned(side)
    here, there = partner_of(earlier, side), partner_of(earlier, other_side(side))
    project = make_project(groups=[], companies=[])
    add_partner(project, here, side)
    person = member_of(here)
    who = {"partners": [{"id": there.pk, "name": there.name, "side": other_side(side)}]}
    write_version(project, "who", values=who, actor=person, organisation=here, at=LATER)

    assert [offer.ticked for offer in offers_to_carry(project, here)] == [True, False]


def test_saving_the_part_keeps_the_link_and_both_sides_read_it(side):
    earlier = learned(side)
    promise, part = earlier.promises.get(), earlier.conclusion.parts.get(code="different")
    project = next_project(earlier)
    person = member_of(partner_of(project, side))

    bring(
        project,
        f"promise:{promise.pk}",
        f"learning:{part.pk}",
        person=person,
        organisation=partner_of(project, side),
    )

    for who in ("group", "company"):
        carried = carried_into(project, partner_of(project, who))
        assert [(item.promise, item.part) for item in carried] == [(promise, None), (None, part)]
    assert Event.objects.get(verb="learnings.carried").detail == {"items": 2}


def test_a_later_version_drops_what_it_no_longer_brings(side):
    earlier = learned(side)
    promise, part = earlier.promises.get(), earlier.conclusion.parts.get(code="different")
    project = next_project(earlier)
    by = {"person": member_of(partner_of(project, side)), "organisation": partner_of(project, side)}
    bring(project, f"promise:{promise.pk}", f"learning:{part.pk}", **by)
    first = CarriedItem.objects.get(part=part)

    bring(project, f"learning:{part.pk}", **by)
    bring(project, f"learning:{part.pk}", **by)

    assert list(CarriedItem.objects.all()) == [first]


def test_nobody_brings_what_they_may_not_read(side):
    strangers = learned(side)
    earlier = learned(side)
    project = next_project(earlier)
    draft = opened_project().promises.create(what="In a draft", position=1)

    bring(
        project,
        f"promise:{strangers.promises.get().pk}",
        f"learning:{strangers.conclusion.parts.get(code='different').pk}",
        f"promise:{draft.pk}",
        "promise:9999999999999999999999",
        "promise:x",
        "nonsense",
        person=member_of(partner_of(project, side)),
        organisation=partner_of(project, side),
    )

    assert not CarriedItem.objects.exists()


def test_a_newcomer_reads_what_is_public_and_nothing_else(side):
    earlier = learned(side, public=True)
    between_us = learned(
        side, public=False, groups=[partner_of(earlier, "group")], companies=[partner_of(earlier, "company")]
    )
    project = next_project(earlier, also=side)
    newcomer = project.participations.get(organisation__name="Newcomer").organisation
    mine = [
        *(f"promise:{promise.pk}" for promise in (earlier.promises.get(), between_us.promises.get())),
        *(f"learning:{one.conclusion.parts.get(code='different').pk}" for one in (earlier, between_us)),
    ]
    bring(project, *mine, person=member_of(partner_of(project, side)), organisation=partner_of(project, side))

    assert len(carried_into(project, partner_of(project, side))) == 4
    assert [item.part for item in carried_into(project, newcomer)] == [
        earlier.conclusion.parts.get(code="different")
    ]


def test_offers_cost_the_same_for_one_and_for_many(side, django_assert_num_queries):
    earlier = learned(side)
    project = next_project(earlier)
    organisation = partner_of(project, side)
    with django_assert_num_queries(5):
        assert len(offers_to_carry(project, organisation)) == 2

    for _number in range(3):
        learned(side, groups=[partner_of(earlier, "group")], companies=[partner_of(earlier, "company")])
    with django_assert_num_queries(5):
        assert len(offers_to_carry(project, organisation)) == 8


def test_a_part_with_nothing_to_bring_carries_nothing(side):
    project = make_project()
    person = person_on(project, side)

    part = write_version(
        project,
        "learnings",
        values={"items": []},
        actor=person,
        organisation=partner_of(project, side),
        at=NOON,
    )
    carry(project, part, actor=person, at=NOON)

    assert carried_into(project, partner_of(project, side)) == []

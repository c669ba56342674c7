"""For whom a person acts on a project."""

import pytest

from accounts.models import Event
from partnerships.actions.people import (
    ActsForNobody,
    CannotChooseSide,
    choose_side,
    everybody_to_tell,
    named,
    sides_to_choose,
    whom_to_tell,
)
from partnerships.models import ProjectPerson
from partnerships.permissions import acting_participation
from tests.factories import (
    DAY,
    NOON,
    join,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db


def on_both_sides(project, first):
    """A person who joined this side's organisation first, and the other side's a day later."""
    person = member_of(partner_of(project, first))
    later = join(person, partner_of(project, other_side(first)))
    later.joined_at = NOON + DAY
    later.save()
    return person


def test_naming_somebody_again_changes_nothing(side):
    project = make_project()
    person = member_of(partner_of(project, side))

    rows = {named(project, person, partner_of(project, side), NOON).pk for _ in range(3)}

    assert len(rows) == 1
    assert Event.objects.count() == 1


def test_somebody_named_for_one_side_is_refused_for_the_other(side):
    project = make_project()
    person = person_on(project, side)

    with pytest.raises(ActsForNobody):
        named(project, person, partner_of(project, other_side(side)), NOON)


def test_the_other_side_does_not_read_that_somebody_has_begun_to_write(side):
    project = make_project()
    named(project, member_of(partner_of(project, side)), partner_of(project, side), NOON)

    theirs = Event.objects.of_project(project.reference, [partner_of(project, other_side(side))])
    ours = Event.objects.of_project(project.reference, [partner_of(project, side)])

    assert (list(theirs), [event.verb for event in ours]) == ([], ["person.named"])


def test_who_belongs_to_one_side_has_nothing_to_choose(side):
    project = make_project()

    assert sides_to_choose(project, member_of(partner_of(project, side))) == []


@pytest.mark.parametrize("stage", ["shape", "agree", "contract", "deliver"])
def test_who_belongs_to_both_sides_chooses_before_reviews_are_written(stage, side):
    project = make_project(stage=stage)
    person = on_both_sides(project, side)

    assert sides_to_choose(project, person) == [
        partner_of(project, side),
        partner_of(project, other_side(side)),
    ]


@pytest.mark.parametrize("stage", ["review", "learn", "completed"])
def test_later_only_the_side_joined_first_is_left(stage, side):
    project = make_project(stage=stage, result="reached")
    person = on_both_sides(project, side)

    assert sides_to_choose(project, person) == [partner_of(project, side)]


@pytest.mark.parametrize(("stage", "free"), [("deliver", True), ("review", False)])
def test_who_left_one_side_for_the_other_never_reads_both_seals(stage, free, side):
    project = make_project(stage=stage)
    person = on_both_sides(project, side)
    person.memberships.filter(organisation=partner_of(project, side)).update(left_at=NOON + DAY)

    assert sides_to_choose(project, person) == ([partner_of(project, other_side(side))] if free else [])


def test_the_choice_is_made_once_and_everybody_reads_it(side):
    project = make_project()
    person = on_both_sides(project, "group")

    choose_side(project, partner_of(project, side), actor=person, at=NOON)

    assert acting_participation(person, project).side == side
    assert Event.objects.get().audience is None
    with pytest.raises(CannotChooseSide):
        choose_side(project, partner_of(project, other_side(side)), actor=person, at=NOON)
    assert ProjectPerson.objects.count() == 1


def test_nobody_chooses_an_organisation_that_is_not_theirs(side):
    project = make_project()

    with pytest.raises(CannotChooseSide):
        choose_side(project, partner_of(project, other_side(side)), actor=person_on(project, side), at=NOON)


def test_messages_go_to_those_named_or_to_all_who_do_the_work(side):
    project = make_project()
    organisation = partner_of(project, side)
    lead, owner = member_of(organisation, "lead", name="A Lead"), member_of(organisation, "owner", name="B")
    member_of(organisation, "reader")

    before = whom_to_tell(project, organisation)
    named(project, owner, organisation, NOON)

    assert (before, whom_to_tell(project, organisation)) == ([lead, owner], [owner])


def test_everybody_can_be_told_but_one_organisation(side):
    project = make_project()
    ours, theirs = person_on(project, side), person_on(project, other_side(side))

    assert set(everybody_to_tell(project)) == {ours, theirs}
    assert everybody_to_tell(project, but=partner_of(project, side)) == [theirs]

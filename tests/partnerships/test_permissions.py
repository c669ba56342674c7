"""Who acts for whom on a project."""

import pytest
from django.http import Http404

from accounts.models import Person
from partnerships.access import get_project
from partnerships.models import Participation, Project, ProjectPerson
from partnerships.permissions import GRANTS, acting_participation, acting_people, may, verbs_of
from tests.factories import (
    NOON,
    add_agency,
    join,
    make_person,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.walk import World

pytestmark = pytest.mark.django_db


def test_a_member_acts_for_their_own_organisation(side):
    project = make_project()
    person = member_of(partner_of(project, side))

    assert acting_participation(person, project).organisation == partner_of(project, side)
    assert verbs_of(person, project) == GRANTS["lead"]


def test_a_reader_sees_the_project_and_may_do_nothing(side):
    project = make_project()
    reader = member_of(partner_of(project, side), "reader")

    assert list(Project.objects.visible_to(reader)) == [project]
    assert verbs_of(reader, project) == set()


SIGNING = {"record_signature", "sign_conclusion"}


@pytest.mark.parametrize("may_sign", [True, False])
@pytest.mark.parametrize("role", ["reader", "lead", "owner"])
def test_readers_sign_when_they_are_named_for_it_and_who_works_always_does(side, role, may_sign):
    project = make_project()
    person = person_on(project, side, role)
    person.memberships.update(may_sign=may_sign)

    found = [
        verbs_of(person, project),
        get_project(person, project.reference).verbs,
        *(acting.verbs for acting in acting_people(project)),
    ]

    expected = GRANTS["lead"] if role != "reader" else SIGNING if may_sign else set()
    assert found == [expected] * 3
    assert [may(person, verb, project) for verb in sorted(SIGNING)] == [bool(expected)] * 2


def test_a_signatory_signs_for_their_own_organisation_alone(side):
    project = make_project()
    agent, elsewhere = member_of(add_agency(project, partner_of(project, side)), "reader"), make_project()
    signatory = member_of(partner_of(project, side), "reader")
    signatory.memberships.update(may_sign=True)
    agent.memberships.update(may_sign=True)
    join(signatory, partner_of(elsewhere, side), "reader")

    assert [verbs_of(signatory, project), verbs_of(signatory, elsewhere)] == [SIGNING, set()]
    assert verbs_of(agent, project) == set()


def test_a_stranger_does_not_know_that_the_project_exists():
    make_project()

    assert list(Project.objects.visible_to(make_person())) == []


def test_a_superuser_has_no_shortcut():
    make_project()

    assert list(Project.objects.visible_to(make_person(is_staff=True, is_superuser=True))) == []


def test_somebody_on_both_sides_acts_for_neither_until_they_are_named(side):
    project = make_project()
    person = member_of(partner_of(project, side))
    join(person, partner_of(project, other_side(side)))

    assert acting_participation(person, project) is None
    assert list(Project.objects.visible_to(person)) == [project]


def test_somebody_named_for_one_side_never_acts_for_the_other(side):
    project = make_project()
    person = person_on(project, side)
    join(person, partner_of(project, other_side(side)))

    assert acting_participation(person, project).side == side


def test_who_changes_to_the_other_side_acts_for_nobody(side):
    project = make_project()
    person = member_of(partner_of(project, side))
    person.memberships.update(left_at=NOON)
    join(person, partner_of(project, other_side(side)))

    assert acting_participation(person, project) is None


def test_who_was_named_and_left_acts_for_nobody(side):
    project = make_project()
    person = person_on(project, side)
    person.memberships.update(left_at=NOON)

    assert acting_participation(person, project) is None
    assert list(Project.objects.visible_to(person)) == []


def test_an_agency_may_do_nothing(side):
    project = make_project()
    person = member_of(add_agency(project, partner_of(project, side)))

    assert acting_participation(person, project).role == Participation.Role.AGENCY
    assert verbs_of(person, project) == set()


def test_a_misspelt_verb_is_an_error_not_a_no():
    project = make_project()

    with pytest.raises(LookupError):
        may(person_on(project, "group"), "write_reveiw", project)


def test_a_person_is_named_on_a_project_once(side):
    project = make_project()
    person = person_on(project, side)

    with pytest.raises(Exception, match="UNIQUE|unique|a_person_acts"):
        ProjectPerson.objects.create(
            project=project, person=person, acting_for=partner_of(project, other_side(side)), joined_at=NOON
        )


def test_everybody_who_acts_is_found_from_the_other_end_too():
    world = World()
    world.person("group reader").memberships.update(left_at=NOON)

    found = {acting.person: (acting.participation, acting.verbs) for acting in acting_people(world.project)}

    expected = {
        person: (acting_participation(person, world.project), verbs_of(person, world.project))
        for person in filter(None, world.people.values())
        # Work is handed to nobody whose account is switched off.
        if person.is_active and acting_participation(person, world.project)
    }
    assert found == expected
    assert len(found) == 9


def test_the_door_to_a_project_judges_as_the_rule_does():
    world = World(groups=2)
    both, moved = person_on(world.project, "group"), member_of(partner_of(world.project, "group"))
    member = member_of(partner_of(world.project, "company"))
    join(member, partner_of(world.project, "group"))
    join(both, partner_of(world.project, "company"))
    moved.memberships.update(left_at=NOON)
    join(moved, partner_of(world.project, "company"))
    world.project.participations.filter(role=Participation.Role.AGENCY).update(left_at=NOON)
    found, on_pages, expected = {}, {}, {}

    for pk in Person.objects.values_list("pk", flat=True):
        person = Person.objects.get(pk=pk)
        visible = Project.objects.visible_to(person).filter(pk=world.project.pk).exists()
        expected[pk] = (visible, acting_participation(person, world.project))
        try:
            found[pk] = (True, get_project(person, world.project.reference).acting)
        except Http404:
            found[pk] = (False, None)
        known = Participation.objects.acted_by(person, known=True).filter(project=world.project).first()
        on_pages[pk] = (visible, known)

    assert found == on_pages == expected
    assert {acting is None for visible, acting in found.values() if visible} == {True, False}


def test_people_are_found_by_what_they_may_do_and_for_whom_they_act(side):
    project = make_project()
    lead, _reader = person_on(project, side), person_on(project, side, "reader")
    other = person_on(project, other_side(side))

    signers = acting_people(project, verb="sign_conclusion")

    assert [acting.person for acting in signers] == [lead, other]
    mine = acting_people(project, verb="sign_conclusion", organisation=partner_of(project, side))
    assert [(acting.person, acting.named) for acting in mine] == [(lead, True)]


def test_who_cannot_sign_in_acts_for_nobody(side):
    project = make_project()
    person_on(project, side, is_active=False)

    assert acting_people(project) == []


def test_finding_people_takes_three_queries(django_assert_num_queries):
    world = World()

    with django_assert_num_queries(3):
        acting_people(world.project)

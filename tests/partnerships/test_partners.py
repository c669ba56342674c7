"""Choosing partners for a project, with the sides swapped."""

import pytest

from accounts.actions.invitations import (
    InvitationGone,
    accept_invitation,
    confirm_invitation,
    decline_invitation,
    pass_on_invitation,
    send_invitation_again,
    withdraw_invitation,
)
from accounts.hooks import ABOUT_HOOKS, OPENS_HOOKS, first_of
from accounts.models import Invitation, Notice
from partnerships.actions.partners import (
    CannotChoosePartner,
    choose_partner,
    invite_partner,
    leave_out_partner,
)
from partnerships.actions.plan import CannotChangePlan, save_part, send_plan
from partnerships.actions.project import CannotStart, rename_project, start_project
from partnerships.actions.stages import what_blocks
from partnerships.actions.suggestions import accept_suggestion
from partnerships.models import Participation, PlanSuggestion, Project, Turn
from partnerships.permissions import acting_participation, organisations_known_to
from partnerships.plan import read_plan
from tests.factories import (
    NOON,
    PLAN,
    agree_plan,
    make_organisation,
    make_person,
    make_principles,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    write_plan,
)

pytestmark = pytest.mark.django_db


def make_partner(kind, **fields):
    """A listed organisation with somebody to answer."""
    partner = make_organisation(kind, listed=True, **fields)
    member_of(partner)
    return partner


def start(person, title="Carer handbook", **more):
    return start_project(title, organisation=person.organisations.get(), actor=person, at=NOON, **more)


def partners(project):
    return [entry["name"] for entry in read_plan(project).part("who").values.get("partners", [])]


# Starting


def test_either_side_starts_a_project_and_acts_for_it(side):
    edition = make_principles()
    person = member_of(make_organisation(side))

    project = start(person)

    assert (project.title, project.stage, project.principle_set) == ("Carer handbook", "shape", edition)
    assert [(p.organisation, p.side) for p in project.participations.all()] == [
        (person.organisations.get(), side)
    ]
    assert [(row.person, row.acting_for) for row in project.people.all()] == [
        (person, person.organisations.get())
    ]
    assert [(turn.organisation, turn.kind) for turn in Turn.objects.all()] == [
        (person.organisations.get(), "plan")
    ]


def test_the_same_form_sent_twice_starts_one_project(side):
    make_principles()
    person = member_of(make_organisation(side))

    assert start(person, reference="bcdfghjk") == start(person, reference="bcdfghjk")
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", ["reader", None])
def test_who_does_no_work_for_an_organisation_starts_nothing_for_it(side, role):
    make_principles()
    organisation = make_organisation(side)
    person = member_of(organisation, role) if role else make_person()

    with pytest.raises(CannotStart):
        start_project("Handbook", organisation=organisation, actor=person, at=NOON)


def test_an_agency_starts_nothing():
    make_principles()
    person = member_of(make_organisation("agency"), "owner")

    with pytest.raises(CannotStart):
        start(person)


def test_without_principles_no_project_starts(side):
    with pytest.raises(CannotStart):
        start(member_of(make_organisation(side)))


def test_a_project_gets_another_title(side):
    project = make_project(title="Handbook")

    rename_project(project, title="Carer handbook", actor=person_on(project, side), at=NOON)

    project.refresh_from_db()
    assert project.title == "Carer handbook"


# Knowing


def test_one_knows_ones_own_listed_ones_and_those_on_ones_projects(side):
    project = make_project()
    person = person_on(project, side)
    listed = make_organisation(other_side(side), listed=True)
    make_organisation(other_side(side))
    make_organisation("agency", listed=True)
    merged = make_organisation(other_side(side), listed=True)
    merged.merged_into = listed
    merged.save()

    assert set(organisations_known_to(person)) == {
        partner_of(project, "group"),
        partner_of(project, "company"),
        listed,
    }


# Choosing


def test_a_chosen_partner_does_not_see_the_draft(side):
    make_principles()
    person = member_of(make_organisation(side))
    partner = make_partner(other_side(side))
    theirs = member_of(partner)
    project = start(person)

    choose_partner(project, partner, actor=person, at=NOON)

    assert partners(project) == [person.organisations.get().name, partner.name]
    assert read_plan(project).part("who").is_complete
    assert list(Project.objects.visible_to(theirs)) == []


def test_choosing_twice_is_choosing_once_and_one_may_think_again(side):
    make_principles()
    person = member_of(make_organisation(side))
    partner = make_partner(other_side(side))
    project = start(person)
    for _ in range(2):
        choose_partner(project, partner, actor=person, at=NOON)
    chosen = partners(project)

    leave_out_partner(project, str(partner.pk), actor=person, at=NOON)

    assert chosen == [person.organisations.get().name, partner.name]
    assert partners(project) == [person.organisations.get().name]
    assert read_plan(project).part("who").is_complete is False


def test_nobody_chooses_an_organisation_they_may_not_know(side):
    make_principles()
    person = member_of(make_organisation(side))
    project = start(person)

    with pytest.raises(CannotChoosePartner):
        choose_partner(project, make_organisation(other_side(side)), actor=person, at=NOON)


def test_an_organisation_where_nobody_could_answer_is_invited_and_not_chosen(side):
    make_principles()
    person = member_of(make_organisation(side))
    project = start(person)
    empty = make_organisation(other_side(side), listed=True)
    member_of(empty, "reader")

    with pytest.raises(CannotChoosePartner):
        choose_partner(project, empty, actor=person, at=NOON)


def test_who_takes_part_is_not_left_out(side):
    project = make_project()
    person = person_on(project, side)

    with pytest.raises(CannotChoosePartner):
        leave_out_partner(project, str(partner_of(project, other_side(side)).pk), actor=person, at=NOON)


def test_two_of_one_side_are_no_project(side):
    make_principles()
    person = member_of(make_organisation(side))
    project = start(person)

    choose_partner(project, make_partner(side), actor=person, at=NOON)

    assert read_plan(project).part("who").is_complete is False


def test_one_more_partner_needs_the_word_of_all_and_then_agrees_to_the_plan(side):
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    agree_plan(project, reader)
    third = make_partner(side)
    theirs = member_of(third)

    choose_partner(project, third, actor=writer, at=NOON)
    before = list(Project.objects.visible_to(theirs))
    accept_suggestion(project, PlanSuggestion.objects.get(), actor=reader, at=NOON)
    project.refresh_from_db()
    joined = (project.stage, read_plan(project).owed_by(third))
    agree_plan(project, theirs)
    project.refresh_from_db()

    assert before == []
    assert (joined[0], len(joined[1])) == ("agree", 6)
    assert project.stage == "contract"


def test_who_stands_alone_on_a_sent_plan_may_still_name_a_partner(side):
    make_principles()
    person = member_of(make_organisation(side))
    project = start(person)
    alone = {
        "partners": [],
        "invited": [{"name": "Larkfield", "email": "a@example.org", "side": other_side(side)}],
    }
    write_plan(project, person, who=alone)
    Project.objects.update(stage="agree")
    partner = make_partner(other_side(side))

    choose_partner(project, partner, actor=person, at=NOON)

    assert Participation.objects.filter(project=project, organisation=partner).exists()


@pytest.mark.parametrize("stage", ["review", "learn", "completed", "withdrawn"])
def test_nobody_joins_once_reviews_are_written(stage, side):
    project = make_project(stage=stage, result="reached", withdraw_reason="other", withdrawn_at=NOON)
    partner = make_partner(side)

    with pytest.raises(CannotChangePlan):
        choose_partner(project, partner, actor=person_on(project, side), at=NOON)


def test_the_name_of_a_part_is_kept_with_what_was_written(side):
    project = make_project()
    part = save_part(project, "what", values=PLAN["what"], base=0, actor=person_on(project, side), at=NOON)

    assert str(part) == "What will happen 1"


# Inviting


def invited_project(side, email="new@example.org"):
    """A complete plan for a partner who is not here yet."""
    make_principles()
    person = member_of(make_organisation(side))
    project = start(person)
    invite_partner(
        project,
        name="Meadow House",
        side=other_side(side),
        email=email,
        message="Join us",
        actor=person,
        at=NOON,
    )
    for code, values in PLAN.items():
        save_part(project, code, values=values, base=0, actor=person, at=NOON)
    return project, person


def test_an_invited_partner_completes_the_part_and_is_asked_once_the_plan_is_sent(side):
    project, person = invited_project(side)
    before = (read_plan(project).part("who").is_complete, Invitation.objects.count())

    send_plan(project, actor=person, at=NOON)

    invitation = Invitation.objects.get()
    assert before == (True, 0)
    assert (invitation.email, invitation.organisation.name, invitation.organisation.kind) == (
        "new@example.org",
        "Meadow House",
        other_side(side),
    )
    assert (invitation.on_behalf_of, invitation.message) == (person.organisations.get(), "Join us")
    assert [n.kind for n in Notice.objects.all()] == ["invite"]


def test_the_plan_waits_for_who_has_not_joined(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    project.refresh_from_db()

    assert (project.stage, what_blocks(project)[0]) == ("agree", "Meadow House has not joined yet.")
    assert read_plan(project).is_agreed is False
    assert Turn.objects.count() == 0


def test_who_accepts_takes_part_and_answers_to_the_plan(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    invitation = Invitation.objects.get()

    membership = accept_invitation(invitation, actor=None, at=NOON)
    joined = (partner_of(project, other_side(side)), [turn.organisation for turn in Turn.objects.all()])
    agree_plan(project, membership.person)
    project.refresh_from_db()

    assert joined == (membership.organisation, [membership.organisation])
    assert acting_participation(membership.person, project).side == other_side(side)
    assert project.stage == "contract"


def test_the_invitation_says_what_it_is_about_and_opens_the_plan(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    invitation = Invitation.objects.get()

    assert first_of(ABOUT_HOOKS, invitation) == project.title
    assert first_of(OPENS_HOOKS, invitation) == f"/projects/{project.reference}/plan/"


def test_after_a_no_the_plan_says_that_a_side_is_missing(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)

    decline_invitation(Invitation.objects.get(), at=NOON)

    missing = {"group": "No company takes part.", "company": "No patient group takes part."}[side]
    assert what_blocks(Project.objects.get())[0] == missing


def test_a_second_invited_partner_who_declines_holds_nobody_up(side):
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    invite_partner(project, name="Third", side=side, email="third@example.org", actor=writer, at=NOON)
    send_plan(project, actor=writer, at=NOON)
    agree_plan(project, reader)
    waiting = Project.objects.get().stage

    decline_invitation(Invitation.objects.get(), at=NOON)

    assert (waiting, Project.objects.get().stage) == ("agree", "contract")


def test_a_passed_on_invitation_keeps_its_project(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)

    successor = pass_on_invitation(Invitation.objects.get(), "colleague@example.org", at=NOON)
    confirm_invitation(successor, actor=person, at=NOON)
    membership = accept_invitation(successor, actor=None, at=NOON)

    assert partner_of(project, other_side(side)) == membership.organisation


def test_who_accepts_too_late_has_an_account_and_no_project(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    Project.objects.update(stage="review")

    membership = accept_invitation(Invitation.objects.get(), actor=None, at=NOON)

    assert list(Project.objects.visible_to(membership.person)) == []


def test_inviting_twice_is_inviting_once(side):
    make_principles()
    person = member_of(make_organisation(side))
    project = start(person)
    asked = {
        "name": "Meadow",
        "side": other_side(side),
        "email": "a@example.org",
        "actor": person,
        "at": NOON,
    }

    for _ in range(2):
        invite_partner(project, **asked)

    assert [entry["email"] for entry in read_plan(project).part("who").values["invited"]] == ["a@example.org"]
    with pytest.raises(CannotChoosePartner):
        invite_partner(project, **asked | {"name": "Another name"})


def test_who_was_put_on_the_list_can_be_left_out(side):
    project, person = invited_project(side)

    leave_out_partner(project, "new@example.org", actor=person, at=NOON)

    assert read_plan(project).part("who").values["invited"] == []


# What becomes of an invitation


def invited_third(side, stage="agree"):
    """A plan of two partners that names a third one, invited with the word of both."""
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    third = {"name": "Meadow House", "side": side, "email": "third@example.org", "actor": writer, "at": NOON}
    if stage == "agree":
        invite_partner(project, **third)
    send_plan(project, actor=writer, at=NOON)
    agree_plan(project, reader)
    if stage != "agree":
        Project.objects.update(stage=stage)
        invite_partner(project, **third)
        accept_suggestion(project, PlanSuggestion.objects.get(), actor=reader, at=NOON)
    return project, writer, reader


def named_in_who(project):
    return [row.value for row in read_plan(project).part("who").rows()]


@pytest.mark.parametrize("stage", ["agree", "contract", "deliver"])
@pytest.mark.parametrize("answer", ["decline", "withdraw"])
def test_the_plan_goes_on_without_who_does_not_come_and_names_them_no_more(side, stage, answer):
    project, writer, _reader = invited_third(side, stage)
    before = named_in_who(project)

    if answer == "decline":
        decline_invitation(Invitation.objects.get(), at=NOON)
    else:
        withdraw_invitation(Invitation.objects.get(), actor=writer, at=NOON)

    assert "Meadow House" in before
    assert named_in_who(project) == [name for name in before if name != "Meadow House"]
    assert read_plan(project).is_agreed
    assert [notice.kind for notice in Notice.objects.filter(kind="invite")] == ["invite"]
    assert [row.invitation.email for row in read_plan(project).said_no] == (
        ["third@example.org"] if answer == "decline" else []
    )


def test_after_it_was_withdrawn_the_same_address_is_invited_with_one_mail(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    withdraw_invitation(Invitation.objects.get(), actor=person, at=NOON)
    Notice.objects.all().delete()

    invite_partner(
        project, name="Meadow House", side=other_side(side), email="new@example.org", actor=person, at=NOON
    )

    assert [notice.address for notice in Notice.objects.filter(kind="invite")] == ["new@example.org"]
    assert [row.invitation.email for row in read_plan(project).invited] == ["new@example.org"]


def test_after_a_no_the_same_address_is_invited_once_everybody_agrees(side):
    project, writer, reader = invited_third(side, "contract")
    decline_invitation(Invitation.objects.get(), at=NOON)

    invite_partner(project, name="Meadow", side=side, email="third@example.org", actor=writer, at=NOON)
    accept_suggestion(project, PlanSuggestion.objects.get(state="open"), actor=reader, at=NOON)

    plan = read_plan(project)
    assert ([row.invitation.email for row in plan.invited], plan.said_no) == (["third@example.org"], [])
    assert Notice.objects.filter(kind="invite").count() == 2
    with pytest.raises(InvitationGone):
        send_invitation_again(Invitation.objects.earliest("pk"), actor=writer, at=NOON)


def test_who_is_asked_again_stands_in_the_plan_again_and_may_come(side):
    project, writer, _reader = invited_third(side)
    before = named_in_who(project)
    decline_invitation(Invitation.objects.get(), at=NOON)

    again = send_invitation_again(Invitation.objects.get(), actor=writer, at=NOON)
    asked = (named_in_who(project), [row.invitation for row in read_plan(project).invited])
    membership = accept_invitation(again, actor=None, at=NOON)

    assert asked == (before, [again])
    assert named_in_who(project) == before
    assert [row.value for row in read_plan(project).part("who").rows()].count("Meadow House") == 1
    assert membership.organisation in read_plan(project).organisations


def test_who_is_left_out_for_good_is_named_nowhere(side):
    project, writer, _reader = invited_third(side)
    decline_invitation(Invitation.objects.get(), at=NOON)

    withdraw_invitation(Invitation.objects.get(), actor=writer, at=NOON)

    plan = read_plan(project)
    assert (plan.invited, plan.said_no) == ([], [])


def test_a_suggestion_to_leave_out_who_said_no_has_come_about(side):
    project, writer, _reader = invited_third(side, "contract")
    leave_out_partner(project, "third@example.org", actor=writer, at=NOON)

    decline_invitation(Invitation.objects.get(), at=NOON)

    assert read_plan(project).part("who").suggestion is None
    assert PlanSuggestion.objects.latest("pk").state == "replaced"


def test_another_suggestion_about_who_takes_part_waits_on(side):
    project, writer, reader = invited_third(side, "contract")
    fourth = make_partner(side)
    choose_partner(project, fourth, actor=writer, at=NOON)

    decline_invitation(Invitation.objects.get(), at=NOON)
    accept_suggestion(project, PlanSuggestion.objects.get(state="open"), actor=reader, at=NOON)

    assert fourth.name in named_in_who(project)
    assert "Meadow House" not in named_in_who(project)
    assert fourth in read_plan(project).organisations


def test_who_has_come_can_not_be_invited_anew(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    accept_invitation(Invitation.objects.get(), actor=None, at=NOON)

    with pytest.raises(CannotChoosePartner):
        invite_partner(project, name="Other", side=side, email="new@example.org", actor=person, at=NOON)


def test_passing_on_and_saying_no_there_invites_nobody_else(side):
    project, person = invited_project(side)
    send_plan(project, actor=person, at=NOON)
    successor = pass_on_invitation(Invitation.objects.get(), "colleague@example.org", at=NOON)
    confirm_invitation(successor, actor=person, at=NOON)

    decline_invitation(successor, at=NOON)

    assert Invitation.objects.count() == 2
    assert named_in_who(project) == [person.organisations.get().name]

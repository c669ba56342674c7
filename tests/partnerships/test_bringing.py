"""Whoever is invited as a partner brings the organisation they belong to, with the sides swapped."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import (
    CannotBring,
    accept_invitation,
    confirm_invitation,
    decline_invitation,
    invite_member,
    mint_invitation_link,
    pass_on_invitation,
    send_invitation_again,
)
from accounts.models import Invitation, Membership, Organisation
from partnerships.actions.partners import invite_partner
from partnerships.actions.plan import save_part, send_plan
from partnerships.actions.project import start_project
from partnerships.models import Project
from partnerships.permissions import acting_participation
from partnerships.plan import read_plan
from tests.factories import (
    NOON,
    PLAN,
    join,
    make_organisation,
    make_person,
    make_principles,
    member_of,
    other_side,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

MAY = "may@example.org"


@pytest.fixture
def invited(side):
    """A project of one side, and the invitation of May for the other."""
    make_principles()
    person = member_of(make_organisation(side, name="Aldermoor"))
    project = start_project("Handbook", organisation=person.organisations.get(), actor=person, at=NOON)
    invite_partner(project, name="Typed Name", side=other_side(side), email=MAY, actor=person, at=NOON)
    for code, values in PLAN.items():
        save_part(project, code, values=values, base=0, actor=person, at=NOON)
    send_plan(project, actor=person, at=NOON)
    # Answered within the fortnight, whatever the clock of the one who runs the test says.
    Invitation.objects.update(expires_at="2100-01-01T00:00Z")
    return project, person, Invitation.objects.get()


@pytest.fixture
def northfield(side):
    """An organisation of the invited kind that is not listed: nobody outside knows of it."""
    return make_organisation(other_side(side), name="Northfield")


def path_of(invitation):
    """The path behind the mailed link."""
    return mint_invitation_link(invitation, at=NOON).partition("8000")[2]


def open_page(client, invitation, person):
    client.force_login(person)
    return client.get(reverse("accounts:invitation_open", args=[invitation.pk]))


def accept(client, invitation, person, **data):
    client.force_login(person)
    return client.post(reverse("accounts:invitation_join", args=[invitation.pk]), data)


@pytest.mark.parametrize("role", ["owner", "lead"])
def test_whoever_belongs_to_an_organisation_brings_it_and_colleagues_see_the_project(
    client, invited, northfield, role
):
    project, _person, invitation = invited
    colleague, may = member_of(northfield, "reader"), member_of(northfield, role, email=MAY)
    before = (
        Organisation.objects.count(),
        "For whom do you accept?" in open_page(client, invitation, may).content.decode(),
    )

    answer = accept(client, invitation, may, own=northfield.pk)

    assert answer["Location"] == f"/projects/{project.reference}/plan/"
    assert (before, Organisation.objects.count()) == ((3, True), 2)
    assert list(Project.objects.visible_to(colleague)) == [project]
    assert acting_participation(may, project).organisation == northfield
    assert list(may.memberships.values_list("organisation", "role")) == [(northfield.pk, role)]
    client.force_login(colleague)
    page = client.get(f"/projects/{project.reference}/plan/").content.decode()
    assert "Northfield" in page
    assert "Typed Name" not in page


def test_the_inviter_learns_which_one_it_is_with_the_yes_and_reads_no_other_name(client, invited, northfield):
    project, person, invitation = invited
    may = member_of(northfield, email=MAY)
    settle = reverse("accounts:invitation_settle", args=[invitation.pk])
    plan = f"/projects/{project.reference}/plan/"
    client.force_login(person)
    before = client.get(settle).content + client.get(plan).content

    accept(Client(), invitation, may, own=northfield.pk)

    after = client.get(settle).content + client.get(plan).content
    assert (b"Northfield" in before, b"Typed Name" in before) == (False, True)
    assert (b"Northfield" in after, b"Typed Name" in after) == (True, False)
    assert [row.value for row in read_plan(project).part("who").rows()] == ["Aldermoor", "Northfield"]


def test_by_the_mailed_link_the_same_is_asked(client, invited, northfield):
    project, _person, invitation = invited
    may = member_of(northfield, email=MAY)
    path = path_of(invitation)
    client.force_login(may)

    asked = client.get(path)
    unanswered = client.post(path + "accept/")
    answer = client.post(path + "accept/", {"own": northfield.pk})

    assert "For whom do you accept?" in asked.content.decode()
    assert (unanswered.status_code, answer.status_code) == (422, 302)
    assert "Choose for whom you accept." in unanswered.content.decode()
    assert project.participations.filter(organisation=northfield).exists()


def test_whoever_accepts_for_another_organisation_sets_up_the_invited_one(client, invited, northfield):
    project, _person, invitation = invited
    may = member_of(northfield, email=MAY)

    accept(client, invitation, may, own="another")

    assert {row.name for row in may.organisations.all()} == {"Northfield", "Typed Name"}
    assert not project.participations.filter(organisation=northfield).exists()
    assert acting_participation(may, project).organisation.name == "Typed Name"


@pytest.mark.parametrize("why", ["reader", "left", "other kind", "foreign", "merged", "none", "no number"])
def test_what_is_not_ones_own_to_bring_is_refused(client, side, invited, northfield, why):
    project, _person, invitation = invited
    may = member_of(northfield, email=MAY)
    other = make_organisation(side if why == "other kind" else other_side(side), name="Larkfield")
    if why in ("reader", "left", "other kind", "merged"):
        join(may, other, "reader" if why == "reader" else "owner")
    if why == "left":
        Membership.objects.filter(organisation=other).update(left_at=NOON)
    if why == "merged":
        Organisation.objects.filter(pk=other.pk).update(merged_into=northfield)
    posted = {"none": "0", "no number": "1\x00"}.get(why, other.pk)

    page = open_page(client, invitation, may).content.decode()
    answer = accept(client, invitation, may, own=posted)

    assert "Larkfield" not in page
    assert answer.status_code == 422
    assert not Invitation.objects.get().is_answered
    assert project.participations.count() == 1
    if why not in ("none", "no number"):
        with pytest.raises(CannotBring):
            accept_invitation(invitation, actor=may, own=other.pk, at=NOON)


def test_one_that_is_on_the_project_is_not_brought_again(client, invited, northfield, side):
    project, _person, invitation = invited
    may = member_of(northfield, email=MAY)
    project.participations.create(organisation=northfield, side=other_side(side), joined_at=NOON)

    page = open_page(client, invitation, may).content.decode()

    assert "For whom do you accept?" not in page
    with pytest.raises(CannotBring):
        accept_invitation(invitation, actor=may, own=northfield.pk, at=NOON)


def test_nobody_else_is_asked_and_nothing_changes_for_them(client, invited):
    project, _person, invitation = invited
    other = make_organisation(invitation.organisation.kind)
    path = path_of(invitation)

    page = client.get(path)
    client.post(path + "accept/", {"own": other.pk})

    assert "For whom do you accept?" not in page.content.decode()
    assert Organisation.objects.filter(name="Typed Name", memberships__person__email=MAY).count() == 1
    assert project.participations.filter(organisation__name="Typed Name").count() == 1


def test_a_colleagues_invitation_asks_nothing(client, side, northfield):
    owner = member_of(make_organisation(other_side(side), name="Larkfield"), "owner")
    may = member_of(northfield, email=MAY)
    invitation = invite_member(owner.organisations.get(), MAY, actor=owner, at=NOON)
    Invitation.objects.update(expires_at="2100-01-01T00:00Z")

    assert "For whom do you accept?" not in open_page(client, invitation, may).content.decode()
    with pytest.raises(CannotBring):
        accept_invitation(invitation, actor=may, own=northfield.pk, at=NOON)


def test_an_invitation_that_was_passed_on_leaves_no_organisation_without_members(invited, northfield):
    project, person, first = invited
    may = member_of(northfield, email="june@example.org")
    second = pass_on_invitation(first, may.email, at=NOON)
    confirm_invitation(second, actor=person, at=NOON)

    accept_invitation(second, actor=may, own=northfield.pk, at=NOON)

    assert not Organisation.objects.current().filter(name="Typed Name").exists()
    assert Organisation.objects.get(name="Typed Name").merged_into == northfield
    assert [p.organisation.name for p in project.participations.order_by("pk")] == ["Aldermoor", "Northfield"]


@pytest.mark.parametrize("brings", [True, False])
def test_once_somebody_has_come_nobody_from_outside_is_asked_into_their_organisation(
    invited, northfield, brings
):
    _project, person, first = invited
    decline_invitation(first, at=NOON)
    second = send_invitation_again(first, actor=person, at=NOON)
    june = (
        member_of(northfield, email="june@example.org") if brings else make_person(email="june@example.org")
    )
    third = pass_on_invitation(second, june.email, at=NOON)
    confirm_invitation(third, actor=person, at=NOON)

    accept_invitation(third, actor=june, own=northfield.pk if brings else None, at=NOON)

    first.refresh_from_db()
    assert first.withdrawn_at == NOON
    assert Membership.objects.filter(person__email=MAY).count() == 0


def test_whoever_acts_for_a_partner_here_goes_on_doing_so(invited, northfield):
    project, person, invitation = invited
    Invitation.objects.update(email=person.email)
    join(person, northfield, "lead")
    invitation.refresh_from_db()

    accept_invitation(invitation, actor=person, own=northfield.pk, at=NOON)

    assert acting_participation(person, project).organisation.name == "Aldermoor"
    assert project.participations.filter(organisation=northfield).exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_it_at_once_one_does(invited, northfield):
    project, _person, invitation = invited
    may = member_of(northfield, email=MAY)
    bring = partial(accept_invitation, invitation, actor=may, own=northfield.pk, at=NOON)

    outcomes = at_once(bring, bring, bring)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "InvitationGone",
        "InvitationGone",
        "Membership",
    ]
    assert project.participations.filter(organisation=northfield).count() == 1
    assert not Organisation.objects.filter(name="Typed Name").exists()

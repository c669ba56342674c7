"""An organisation that an invitation set up and to which nobody came is kept, and is nobody to find."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Organisation
from partnerships.actions.plan import send_plan
from partnerships.models import Participation, Transfer
from tests.factories import DAY, NOON, make_organisation, make_person, make_project, other_side
from tests.partnerships.test_admin_contract import paid
from tests.partnerships.test_partners import invited_project

pytestmark = pytest.mark.django_db

NAME = "Meadow House"


@pytest.fixture
def invited(side):
    """A project whose other partner is invited by a name that somebody typed."""
    project, person = invited_project(side)
    send_plan(project, actor=person, at=timezone.now())
    return project, person, Invitation.objects.get()


def is_left_empty(at=None):
    return Organisation.objects.left_empty(at or timezone.now()).filter(name=NAME).exists()


def answered(how, invitation, person):
    at = timezone.now()
    if how == "declined":
        actions.decline_invitation(invitation, at=at)
    elif how == "withdrawn":
        actions.withdraw_invitation(invitation, actor=person, at=at)
    elif how == "passed on and declined":
        following = actions.pass_on_invitation(invitation, "june@example.org", at=at)
        actions.confirm_invitation(following, actor=person, at=at)
        actions.decline_invitation(following, at=at)


@pytest.mark.parametrize("how", ["declined", "withdrawn", "passed on and declined"])
def test_after_a_no_it_is_nobody_to_find(invited, how):
    _project, person, invitation = invited
    before = is_left_empty()

    answered(how, invitation, person)

    assert (before, is_left_empty()) == (False, True)


def test_without_an_answer_it_is_waited_for_until_a_month_after_it_ran_out(invited):
    _project, _person, invitation = invited

    days = (0, 29, 31)
    assert [is_left_empty(invitation.expires_at + number * DAY) for number in days] == [False, False, True]


def test_who_is_asked_again_is_found_again(invited):
    _project, person, invitation = invited
    actions.decline_invitation(invitation, at=timezone.now())

    following = actions.send_invitation_again(invitation, actor=person, at=timezone.now())
    asked = is_left_empty()
    actions.accept_invitation(following, actor=None, at=timezone.now())

    assert (asked, is_left_empty()) == (False, False)


USES = {
    "somebody belonged to it": lambda shell: shell.memberships.create(person=make_person(), left_at=NOON),
    "somebody asks to join it": lambda shell: actions.request_to_join(shell, actor=make_person(), at=NOON),
    "it was on a project": lambda shell: Participation.objects.create(
        project=make_project(), organisation=shell, side=shell.kind, joined_at=NOON, left_at=NOON
    ),
    "another was merged into it": lambda shell: make_organisation(shell.kind, merged_into=shell),
    "it paid": lambda shell: Transfer.objects.filter(pk=paid().pk).update(payer=shell),
    "it received": lambda shell: Transfer.objects.filter(pk=paid().pk).update(recipient=shell),
    "it came from an import": lambda shell: Organisation.objects.filter(pk=shell.pk).update(
        origin="imported"
    ),
    "staff invited its Owner, too": lambda shell: actions.invite_member(
        shell, "owner@example.org", actor=make_person(), at=NOON
    ),
}


@pytest.mark.parametrize("use", USES)
def test_what_something_refers_to_is_not_left_empty(invited, use):
    _project, _person, invitation = invited
    actions.decline_invitation(invitation, at=timezone.now())

    USES[use](invitation.organisation)

    assert not is_left_empty()


def test_an_organisation_without_any_invitation_is_not_left_empty(side):
    make_organisation(side, name=NAME)

    assert not is_left_empty()


# Where people would meet it -----------------------------------------------------------------------


def test_who_arrives_with_the_same_name_is_not_asked_whether_they_are_it(invited, side):
    _project, _person, invitation = invited
    newcomer = make_organisation(other_side(side), name="Meadow House")
    before = actions.alike(newcomer, at=timezone.now())

    actions.decline_invitation(invitation, at=timezone.now())

    assert before == [invitation.organisation]
    assert actions.alike(newcomer, at=timezone.now()) == []


def test_the_admin_lists_it_only_when_asked(client, invited):
    _project, _person, invitation = invited
    client.force_login(make_person(is_staff=True, is_superuser=True))
    listed = reverse("admin:accounts_organisation_changelist")
    actions.decline_invitation(invitation, at=timezone.now())

    def shown(**query):
        return NAME in [row.name for row in client.get(listed, query).context["cl"].result_list]

    assert [shown(), shown(q="Meadow"), shown(left="empty"), shown(left="all")] == [False, False, True, True]
    # Support still finds the page that history and invitations lead to.
    change = reverse("admin:accounts_organisation_change", args=[invitation.organisation_id])
    assert client.get(change).status_code == 200


def test_the_plan_still_says_who_said_no(client, invited):
    project, person, invitation = invited
    actions.decline_invitation(invitation, reason="No time this year.", at=timezone.now())
    client.force_login(person)

    who = client.get(reverse("partnerships:plan_part", args=[project.reference, "who"])).text
    history = client.get(reverse("portal:project_overview", args=[project.reference])).text

    assert is_left_empty()
    assert (NAME in who, "Said no on" in who) == (True, True)
    assert f"{NAME} does not take part." in history

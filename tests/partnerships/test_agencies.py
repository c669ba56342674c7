"""Agencies on a project: what each does is written down, both sides read it, and removal ends what it sees."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Event, Notice
from accounts.sending.letters import write
from partnerships.actions.agencies import (
    BriefedMeanwhile,
    CannotBrief,
    CannotRemoveAgency,
    remove_agency,
    write_brief,
)
from partnerships.actions.closing import withdraw_project
from partnerships.actions.joining import CannotJoin, let_agency_in
from partnerships.models import AgencyBrief
from tests.browse import signed_in
from tests.factories import DAY, NOON, add_agency, member_of, other_side, partner_of, person_on
from tests.partnerships.contracts import people_of

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
BRIEF = {
    "role": "Writes and lays out the booklet.",
    "deliverables": "A booklet of 24 pages in March.",
    "contacts": "Ada Moor there, Maria Lopes here.",
    "holds": "Twelve photographs.",
}


def with_agency(side, **fields):
    """A project, a Lead of this side whose agency is on it, a Lead of the other side, and the agency's row."""
    project, me, them = people_of(side, **fields)
    agency = add_agency(project, partner_of(project, side))
    return project, me, them, project.participations.get(organisation=agency)


def briefed(row, actor, number=0, at=NOON, **words):
    return write_brief(row, **BRIEF | words, number=number, actor=actor, at=at)


def letters():
    """The mails about agencies that would leave now: their text by kind and reader."""
    notices = list(Notice.objects.filter(kind__startswith="agency_").select_related("recipient"))
    return {
        (letter.notice.kind, letter.notice.recipient): letter.outcome.body
        for letter in write(notices, at=NOON)
        if not isinstance(letter.outcome, Exception)
    }


def url(name, row):
    return reverse(f"partnerships:agency_{name}", args=[row.project.reference, row.organisation.slug])


def overview(person, project):
    return signed_in(person).get(reverse("portal:project_overview", args=[project.reference])).text


def test_what_an_agency_does_is_written_in_versions_by_the_partner_it_works_for(side):
    _project, me, them, row = with_agency(side)

    first = briefed(row, me)
    assert briefed(row, me) == first
    briefed(row, me, number=1, role="Prints the booklet.", at=LATER)

    assert list(row.briefs.values_list("number", "role")) == [
        (1, BRIEF["role"]),
        (2, "Prints the booklet."),
    ]
    with pytest.raises(CannotBrief, match="works for"):
        briefed(row, them, number=2, role="Decides everything.")
    with pytest.raises(BriefedMeanwhile):
        briefed(row, me, number=1, role="Something else.")
    assert Event.objects.filter(verb="project.agency_briefed").count() == 2


def test_both_sides_and_the_agency_read_it_and_other_agencies_do_not(side):
    project, me, them, row = with_agency(side)
    agent = member_of(row.organisation, "owner")
    other_agent = member_of(add_agency(project, partner_of(project, other_side(side))), "owner")
    assert "Its role is not written down" in overview(them, project)

    signed_in(me).post(url("edit", row), BRIEF)

    texts = [BRIEF["role"] in overview(person, project) for person in (me, them, agent, other_agent)]
    assert texts == [True, True, True, False]
    assert url("edit", row) in overview(me, project)
    assert url("edit", row) not in overview(them, project)


def test_the_pages_of_an_agency_are_for_the_partner_it_works_for(side):
    project, me, them, row = with_agency(side)
    reader = person_on(project, side, "reader")
    agent = member_of(row.organisation, "owner")

    for name in ("edit", "remove"):
        codes = [signed_in(person).get(url(name, row)).status_code for person in (me, reader, them, agent)]
        assert codes == [200, 403, 403, 404]


def test_what_is_missing_stands_at_its_field_and_what_was_typed_stays(side):
    _project, me, _them, row = with_agency(side)

    answer = signed_in(me).post(url("edit", row), BRIEF | {"role": "", "contacts": ""})
    nothing = signed_in(me).post(url("remove", row), {"returned": " "})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "role": ["Say what its role is"],
        "contacts": ["Name its contacts"],
    }
    assert BRIEF["deliverables"] in answer.text
    assert nothing.context["form"].errors == {"returned": ["Say what became of what it holds"]}
    row.refresh_from_db()
    assert row.left_at is None


def test_what_a_colleague_wrote_meanwhile_is_shown_before_it_is_replaced(side):
    _project, me, _them, row = with_agency(side)
    client = signed_in(me)
    briefed(row, me)
    mine = BRIEF | {"role": "Prints the booklet.", "number": "0"}

    first = client.post(url("edit", row), mine)
    number = first.context["form"]["number"].value()
    second = client.post(url("edit", row), mine | {"number": number})

    assert first.status_code == 422
    assert BRIEF["role"] in first.text
    assert "Prints the booklet." in first.text
    assert second.status_code == 302
    assert row.briefs.newest().get().role == "Prints the booklet."


def test_removal_is_confirmed_on_a_page_of_its_own_and_ends_what_the_agency_sees(side):
    project, me, them, row = with_agency(side)
    agent = member_of(row.organisation, "owner")
    address = reverse("portal:project_overview", args=[project.reference])
    briefed(row, me)
    client = signed_in(me)
    assert BRIEF["holds"] in client.get(url("remove", row)).text
    assert signed_in(agent).get(address).status_code == 200

    with pytest.raises(CannotRemoveAgency, match="works for"):
        remove_agency(row, returned="Nothing.", actor=them, at=NOON)
    client.post(url("remove", row), {"returned": "The photographs were deleted."})

    assert signed_in(agent).get(address).status_code == 404
    assert client.get(url("remove", row)).status_code == 404
    assert "The photographs were deleted." in overview(them, project)
    assert BRIEF["role"] not in overview(them, project)
    assert AgencyBrief.objects.count() == 1
    remove_agency(row, returned="Once more.", actor=me, at=LATER)
    assert Event.objects.filter(verb="project.agency_removed").count() == 1


def test_its_people_and_the_partners_are_told_and_whoever_removed_it_is_not(side):
    project, me, them, row = with_agency(side)
    colleague, agent = person_on(project, side), member_of(row.organisation, "owner")

    for _ in range(2):
        remove_agency(row, returned="The photographs were deleted.", actor=me, at=NOON)
    mails = letters()

    assert set(mails) == {("agency_removed", them), ("agency_removed", colleague), ("agency_left", agent)}
    assert all("The photographs were deleted." in body for body in mails.values())
    assert project.reference not in mails["agency_left", agent]


def test_of_an_agency_that_is_let_in_again_nobody_hears_that_it_left(side):
    project, me, _them, row = with_agency(side)
    member_of(row.organisation, "owner")
    remove_agency(row, returned="Nothing held.", actor=me, at=NOON)

    let_agency_in(project, agency=row.organisation, acts_for=partner_of(project, side), actor=me, at=NOON)

    assert letters() == {}


def test_the_database_changes_and_deletes_no_brief(side):
    _project, me, _them, row = with_agency(side)
    brief = briefed(row, me)

    for change in (
        lambda: AgencyBrief.objects.filter(pk=brief.pk).update(role="Something else."),
        lambda: AgencyBrief.objects.filter(pk=brief.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            change()
    assert briefed(row, me, number=1, role="Prints it.").number == 2


def test_an_agency_that_was_removed_comes_back_to_the_partner_it_worked_for_alone(side):
    project, me, _them, row = with_agency(side)
    own, other = partner_of(project, side), partner_of(project, other_side(side))
    with pytest.raises(CannotJoin, match="already"):
        let_agency_in(project, agency=row.organisation, acts_for=own, actor=me, at=NOON)
    remove_agency(row, returned="Nothing held.", actor=me, at=NOON)

    with pytest.raises(CannotJoin, match="another partner"):
        let_agency_in(project, agency=row.organisation, acts_for=other, actor=me, at=LATER)
    again = let_agency_in(project, agency=row.organisation, acts_for=own, actor=me, at=LATER)

    assert (again.pk, again.left_at) == (row.pk, None)


def test_on_a_project_that_is_over_nothing_is_written_down_and_an_agency_may_still_go(side):
    project, me, _them, row = with_agency(side)
    withdraw_project(project, reason="other", note="", actor=me, at=NOON)

    with pytest.raises(CannotBrief, match="over"):
        briefed(row, me)
    assert remove_agency(row, returned="Nothing held.", actor=me, at=NOON).left_at == NOON


def test_the_database_takes_no_brief_that_says_half_of_it(side):
    _project, me, _them, row = with_agency(side)
    brief = AgencyBrief(
        participation=row, number=1, role="", deliverables="A booklet.", contacts="Ada.",
        organisation=row.acts_for, written_by=me, written_at=NOON,
    )  # fmt: skip

    with pytest.raises(ValidationError, match="says_everything"):
        brief.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        brief.save()


def test_the_overview_asks_the_same_number_of_questions_for_many_agencies(side, django_assert_num_queries):
    project, me, _them, row = with_agency(side)
    briefed(row, me)
    for _ in range(9):
        more = add_agency(project, partner_of(project, side))
        briefed(project.participations.get(organisation=more), me)
    address = reverse("portal:project_overview", args=[project.reference])
    client = signed_in(me)
    client.get(address)

    # One more than on a project without agencies: what all of them do.
    with django_assert_num_queries(14):
        client.get(address)


def test_words_on_a_version_that_never_was_are_kept_and_saved_the_next_time(side):
    _project, me, _them, row = with_agency(side)
    client = signed_in(me)

    answer = client.post(url("edit", row), BRIEF | {"number": "11"})

    assert answer.status_code == 422
    assert BRIEF["role"] in answer.text
    again = client.post(url("edit", row), BRIEF | {"number": answer.context["form"].data["number"]})
    assert again.status_code == 302
    assert row.briefs.count() == 1

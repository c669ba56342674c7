"""Published rulings in which an agency acted between a company and a group: would it happen here?

Each test is named by the reference of its ruling, and goes through the pages that people use.
"""

import pytest
from django.urls import reverse

from partnerships.models import UsePermission
from tests.browse import signed_in
from tests.factories import add_agency, member_of, partner_of
from tests.partnerships.contracts import people_of
from tests.partnerships.permits import WORDS, day_of, in_a_year

pytestmark = pytest.mark.django_db


def test_auth_2528_8_12_an_agency_has_a_written_role_and_gives_nothing_away_by_itself(side):
    """AUTH/2528/8/12 (G18): an agency of the company handed its press release to a patient group."""
    # Given an agency that works for one side
    project, me, them = people_of(side)
    agency = add_agency(project, partner_of(project, side))
    agent = member_of(agency, "owner")
    mine, theirs, its = signed_in(me), signed_in(them), signed_in(agent)
    overview = reverse("portal:project_overview", args=[project.reference])
    edit, remove = (
        reverse(f"partnerships:agency_{name}", args=[project.reference, agency.slug])
        for name in ("edit", "remove")
    )

    # Then both sides are told that nobody has written down what it does
    for client in (mine, theirs):
        assert "Its role is not written down" in client.get(overview).text

    # When it tries to ask for something, to give something, or to write its own role, then there is no such page
    for name in ("permission_ask", "permission_give"):
        address = reverse(f"partnerships:{name}", args=[project.reference])
        assert its.post(address, WORDS | day_of("until", in_a_year())).status_code == 404
    assert its.post(edit, {"role": "Speaks for the company."}).status_code == 404
    assert not UsePermission.objects.exists()

    # When the partner it works for writes down role, deliverables, contacts and what it holds
    brief = {
        "role": "Lays out the booklet. Sends nothing to anybody.",
        "deliverables": "The layout of the booklet.",
        "contacts": "Ada Moor there.",
        "holds": "The text of the booklet.",
    }
    mine.post(edit, brief)

    # Then both sides read it, and the history says who wrote it for whom
    for client in (mine, theirs):
        page = client.get(overview).text
        assert all(words in page for words in brief.values())
        assert f"wrote down what {agency.name} does here." in page

    # When it is removed, then what became of what it held is confirmed first, and it sees nothing any more
    assert mine.post(remove, {"returned": ""}).status_code == 422
    assert its.get(overview).status_code == 200
    mine.post(remove, {"returned": "The text was deleted."})
    assert its.get(overview).status_code == 404
    assert "The text was deleted." in theirs.get(overview).text

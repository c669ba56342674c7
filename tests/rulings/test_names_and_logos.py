"""Published rulings in which a group's name stood on a company's material: would it happen here?

Each test is named by the reference of its ruling, and goes through the pages that people use.
"""

import pytest
from django.urls import reverse

from partnerships.models import UsePermission
from tests import files
from tests.browse import signed_in
from tests.factories import DAY, other_side, partner_of
from tests.partnerships.contracts import people_of
from tests.partnerships.permits import day_of, in_a_year

pytestmark = pytest.mark.django_db

BOOKLET = {
    "what": "both",
    "purpose": "To show who wrote the booklet: the charity chapters 1 to 3, the company chapter 4.",
    "place": "On the cover of the melanoma booklet, as a PDF on the website of the company.",
}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, project, *more):
    return reverse(f"partnerships:permission_{name}", args=[project.reference, *more])


def test_auth_3394_10_20_a_booklet_with_a_name_on_it_needs_the_permission_for_that_use_and_item(side):
    """AUTH/3394/10/20 (G16): a booklet was "in association with" a charity, and nobody could tell what that meant."""
    # Given a joint project on which nobody has given a permission
    project, me, them = people_of(side)
    mine, theirs = signed_in(me), signed_in(them)
    overview = reverse("portal:project_overview", args=[project.reference])

    # Then the project says so to both sides
    for client in (mine, theirs):
        page = client.get(overview).text
        assert "None on record" in page
        assert "Nobody may use the other’s name, logo or words yet." in page

    # When one side asks without saying what for or where, then it is refused at the fields
    empty = mine.post(url("ask", project), {"what": "both"} | day_of("until", in_a_year()))
    assert {"purpose", "place"} <= set(empty.context["form"].errors)
    assert not UsePermission.objects.exists()

    # When it asks with the exact cover, then nothing is on record until the other side has read it and said yes
    cover = files.upload(files.pdf(1, note="cover"), "cover.pdf")
    mine.post(url("ask", project), BOOKLET | day_of("until", in_a_year()) | {"file": cover})
    permission = UsePermission.objects.get()
    assert not permission.is_given
    assert "Nobody may use the other’s name, logo or words yet." in mine.get(overview).text
    read = theirs.get(url("answer", project, permission.pk)).text
    assert BOOKLET["place"] in read
    assert url("file", project, permission.pk) in read
    # And whoever asked can't say yes for them
    assert mine.post(url("answer", project, permission.pk), {"answer": "given"}).status_code == 403
    theirs.post(url("answer", project, permission.pk), {"answer": "given"})
    assert "1 permission holds." in mine.get(overview).text

    # When the same name is to stand on another item, then the first permission does not cover it
    other = files.upload(files.pdf(1, note="another cover"), "cover.pdf")
    mine.post(url("ask", project), BOOKLET | day_of("until", in_a_year()) | {"file": other})
    second = UsePermission.objects.exclude(pk=permission.pk).get()
    assert not second.is_given
    assert second.sha256 != permission.sha256
    assert f"Waiting for {partner_of(project, other_side(side)).name}" in mine.get(url("list", project)).text

    # When it is withdrawn, then the project says again that there is none
    theirs.post(url("end", project, permission.pk), {"reason": "The text leans towards one treatment."})
    theirs.post(url("answer", project, second.pk), {"answer": "refused", "words": "The same text."})
    page = mine.get(overview).text
    assert "None on record" in page
    assert "The text leans towards one treatment." in mine.get(url("detail", project, permission.pk)).text


def test_auth_3394_10_20_a_permission_does_not_outlive_its_last_day(side):
    """AUTH/3394/10/20 (G16): what may be used ends; without a renewal the project says so, to both sides."""
    project, me, them = people_of(side)
    mine, theirs = signed_in(me), signed_in(them)
    mine.post(url("give", project), BOOKLET | day_of("until", in_a_year()))
    permission = UsePermission.objects.get()

    # When the holder asks for longer, then the earlier last day stands until the other side says yes
    theirs.post(url("renew", project, permission.pk), day_of("until", permission.until + 365 * DAY))
    later = UsePermission.objects.exclude(pk=permission.pk).get()
    permission.refresh_from_db()
    assert permission.until == in_a_year()
    assert not later.is_given
    mine.post(url("answer", project, later.pk), {"answer": "given"})
    assert "It is renewed until" in theirs.get(url("detail", project, permission.pk)).text

"""The pages on which permissions to use a name or a logo are asked for, answered, renewed and ended."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.actions.uses import end_permission
from partnerships.models import UsePermission
from tests import files
from tests.browse import signed_in
from tests.factories import DAY, add_agency, member_of, other_side, partner_of, person_on
from tests.partnerships.contracts import people_of
from tests.partnerships.permits import WORDS, an_item, asked, day_of, given, in_a_year, offered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, project, *more):
    return reverse(f"partnerships:permission_{name}", args=[project.reference, *more])


def typed(**changed):
    return WORDS | day_of("until", in_a_year()) | changed


def test_an_empty_list_says_so_and_leads_to_asking_and_giving(side):
    project, me, _them = people_of(side)

    page = signed_in(me).get(url("list", project)).text
    reader = signed_in(person_on(project, side, "reader")).get(url("list", project)).text

    assert "No permission on record" in page
    assert url("ask", project) in page
    assert url("give", project) in page
    assert "Nobody has asked for one" in reader
    assert url("ask", project) not in reader


def test_one_side_asks_and_the_other_answers_with_conditions(side):
    project, me, them = people_of(side)
    mine, theirs = signed_in(me), signed_in(them)
    giver = partner_of(project, other_side(side)).name
    place = WORDS["place"]

    mine.post(url("ask", project), typed(file=files.upload()))
    permission = UsePermission.objects.get()
    assert f"Waiting for {giver}" in mine.get(url("list", project)).text
    listed = theirs.get(url("list", project)).text
    assert "1 permission waits for your answer" in listed
    assert "Your turn" in listed
    assert url("answer", project, permission.pk) in theirs.get(reverse("portal:home")).text
    form = theirs.get(url("answer", project, permission.pk)).text
    assert f"May {partner_of(project, side).name} use your logo?" in form
    assert place in form
    assert url("file", project, permission.pk) in form

    done = theirs.post(
        url("answer", project, permission.pk),
        {"answer": "conditions", "words": "Only in this edition."},
        follow=True,
    )

    assert "Given with conditions" in done.text
    page = mine.get(url("detail", project, permission.pk)).text
    assert "Only in this edition." in page
    assert "Given with conditions" in page
    assert url("answer", project, permission.pk) not in theirs.get(reverse("portal:home")).text


def test_the_overview_says_what_is_on_record_and_leads_there(side):
    project, me, them = people_of(side)
    overview = reverse("portal:project_overview", args=[project.reference])

    before = signed_in(me).get(overview).text
    given(project, me, them)
    after = signed_in(me).get(overview).text

    assert "None on record" in before
    assert "Nobody may use the other’s name, logo or words yet." in before
    assert url("list", project) in before
    assert "1 permission holds." in after


def test_agencies_see_nothing_of_permissions(side):
    project, me, them = people_of(side)
    agent = member_of(add_agency(project, partner_of(project, side)), "owner")
    permission = given(project, me, them, upload=an_item())
    client = signed_in(agent)

    overview = client.get(reverse("portal:project_overview", args=[project.reference])).text
    codes = [
        client.get(url(*parts)).status_code
        for parts in (
            ("list", project),
            ("detail", project, permission.pk),
            ("file", project, permission.pk),
        )
    ]

    assert codes == [404, 404, 404]
    assert "Names and logos" not in overview
    assert "permission" not in overview


def test_a_reader_reads_everything_and_is_offered_nothing(side):
    project, me, _them = people_of(side)
    permission = asked(project, me)
    client = signed_in(person_on(project, other_side(side), "reader"))

    listed = client.get(url("list", project)).text
    page = client.get(url("detail", project, permission.pk)).text

    assert "Your organisation’s turn" in listed
    assert WORDS["purpose"] in page
    assert [url(name, project, permission.pk) in page for name in ("answer", "end", "renew")] == [False] * 3


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"purpose": ""}, "purpose", "Say what it is for"),
        ({"place": ""}, "place", "Say where it appears"),
        ({"what": "quotation"}, "item", "Say what exactly in words, or add a file"),
        ({"what": "tune"}, "what", None),
        ({"until_day": "31", "until_month": "2"}, "until", None),
        ({"until_year": "2020"}, "until", "The last day can't lie behind."),
        ({"file": "html"}, "file", None),
        ({"file": "empty"}, "file", None),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(side, changed, field, words):
    project, me, _them = people_of(side)
    contents = {"html": files.HTML, "empty": b""}
    if "file" in changed:
        changed = {"file": files.upload(contents[changed["file"]], "cover.pdf")}

    answer = signed_in(me).post(url("ask", project), typed(item="", **changed))

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    if words:
        assert errors[field] == [words]
    kept = "purpose" if field != "purpose" else "place"
    assert WORDS[kept] in answer.text
    assert not UsePermission.objects.exists()


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, None),
        ({"answer": "refused"}, "Say why not"),
        ({"answer": "conditions"}, "Say your conditions"),
        (
            {"answer": "given", "words": "But only once."},
            "Choose “Yes, with conditions”, or leave this empty",
        ),
    ],
)
def test_an_answer_that_says_half_of_it_is_refused_at_its_field(side, posted, words):
    project, me, them = people_of(side)
    permission = asked(project, me)

    answer = signed_in(them).post(url("answer", project, permission.pk), posted)

    assert answer.status_code == 422
    if words:
        assert answer.context["form"].errors["words"] == [words]
    assert posted.get("words", "") in answer.text
    permission.refresh_from_db()
    assert permission.is_open


def test_a_given_permission_is_renewed_and_ended_on_pages_of_their_own(side):
    project, me, them = people_of(side)
    permission = given(project, me, them)
    mine, theirs = signed_in(me), signed_in(them)
    page = theirs.get(url("detail", project, permission.pk)).text
    assert url("renew", project, permission.pk) in page
    assert "Withdraw it" in page

    early = mine.post(url("renew", project, permission.pk), day_of("until", permission.until))
    done = mine.post(
        url("renew", project, permission.pk), day_of("until", permission.until + 30 * DAY), follow=True
    )
    nothing = theirs.post(url("end", project, permission.pk), {"reason": ""})
    ended = theirs.post(url("end", project, permission.pk), {"reason": "The logo has changed."}, follow=True)

    assert early.context["form"].errors["until"] == ["Choose a later day than the one so far."]
    assert "The permission that it renews" in done.text
    assert nothing.context["form"].errors["reason"] == ["Say why it ends"]
    assert "Withdrawn" in ended.text
    assert "The logo has changed." in mine.get(url("detail", project, permission.pk)).text


def test_there_is_no_page_on_which_a_permission_is_edited(side):
    project, me, them = people_of(side)
    permission = given(project, me, them)

    signed_in(me).post(url("detail", project, permission.pk), typed(purpose="For an advert."))
    again = signed_in(them).post(url("answer", project, permission.pk), {"answer": "refused", "words": "No."})

    permission.refresh_from_db()
    assert (permission.purpose, permission.answer) == (WORDS["purpose"], "given")
    assert again.status_code == 422
    assert "It was answered or taken back meanwhile." in again.text


def test_what_the_scanner_has_not_seen_is_for_the_side_that_added_it(side, settings):
    project, me, them = people_of(side)
    settings.CLAMAV_SOCKET = "/nowhere/clamd.ctl"

    said = signed_in(me).post(url("ask", project), typed(file=files.upload()), follow=True)
    permission = UsePermission.objects.get()
    codes = [signed_in(one).get(url("file", project, permission.pk)).status_code for one in (me, them)]
    page = signed_in(them).get(url("answer", project, permission.pk)).text
    refused = signed_in(them).post(url("answer", project, permission.pk), {"answer": "given"})

    assert "waits for the virus scanner" in said.text
    assert codes == [200, 404]
    assert url("file", project, permission.pk) not in page
    assert "Until then it can only be refused." in refused.text


def test_among_several_partners_one_is_chosen_and_others_read_and_do_nothing(side):
    project, me, _them = people_of(side, groups=2, companies=2)
    others = project.participations.partners().exclude(organisation=partner_of(project, side))
    chosen = others.order_by("-pk").first().organisation
    third = member_of(others.exclude(organisation=chosen).first().organisation)

    nobody = signed_in(me).post(url("ask", project), typed())
    signed_in(me).post(url("ask", project), typed(partner=chosen.slug))

    assert nobody.context["form"].errors["partner"] == ["Choose a partner"]
    permission = UsePermission.objects.get()
    assert permission.giver == chosen
    client = signed_in(third)
    assert client.get(url("detail", project, permission.pk)).status_code == 200
    assert [client.get(url(name, project, permission.pk)).status_code for name in ("answer", "end", "renew")] == [
        403, 403, 403,
    ]  # fmt: skip


def test_a_list_says_what_ends_and_what_has_ended(side):
    project, me, them = people_of(side)
    today = timezone.now().astimezone(project.zone).date()
    given(project, me, them, until=today + 30 * DAY, place="On a poster.")
    offered(project, me, at=timezone.now() - 90 * DAY, until=today - DAY, place="On a stand.")
    gone = given(project, me, them, place="On a card.")
    end_permission(gone, reason="No card.", actor=me, at=timezone.now())

    tags = {
        one.permission.place: one.status[0].partition(" on ")[0]
        for one in signed_in(me).get(url("list", project)).context["shown"]
    }

    assert tags == {"On a poster.": "Ends", "On a stand.": "Ended", "On a card.": "Given back"}

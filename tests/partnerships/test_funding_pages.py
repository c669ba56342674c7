"""The pages of requests for funding, as people use them: both sides walk the same way."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from accounts.forms.organisations import OrganisationForm
from partnerships.actions.funding import CannotRequest, write_request
from partnerships.models import FundingRequest, Project
from tests.browse import fields_of, signed_in
from tests.factories import DAY, NOON, PLAN, make_organisation, member_of
from tests.partnerships.funding import ahead, answer, drafted, sent, two
from tests.partnerships.test_funding_requests import promising
from tests.partnerships.work import described

pytestmark = pytest.mark.django_db


def day_of(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def words(response):
    return html.unescape(response.text)


def as_posted(code):
    """A part as a form posts it."""
    values = PLAN[code] | (ahead() if code == "when" else {})
    posted = {}
    for name, value in values.items():
        if name.endswith("_on"):
            posted |= day_of(name, dt.date.fromisoformat(value))
        else:
            posted[name] = value
    if code == "brings":
        posted |= {"group_currency": "GBP"}
    return posted


def test_from_the_first_page_to_a_project_nothing_is_typed_twice(side):
    _sender, asker, receiver, answerer = two(side)
    ours, theirs = signed_in(asker), signed_in(answerer)
    adding = reverse("partnerships:funding_add", args=[receiver.slug])
    assert adding in ours.get(reverse("partnerships:partner_detail", args=[receiver.slug])).text

    page = ours.post(adding, {"title": "Carer handbook"}).url
    for code in ("why", "what", "brings", "when"):
        response = ours.post(f"{page}parts/{code}/", as_posted(code) | {"base": "0"})
        assert response.status_code == 302, words(response)
    assert response.url == f"{page}send/"
    assert theirs.get(page).status_code == 404
    response = ours.get(f"{page}send/")
    assert "Legal Name Ltd" in words(response)
    assert ours.post(f"{page}send/", fields_of(response)).status_code == 302

    assert "Decide on a request" in words(theirs.get("/")) or "Answer a proposal" in words(theirs.get("/"))
    form = fields_of(theirs.get(f"{page}answer/"))
    given = form | {"answer": "accepted"} | day_of("by_day", NOON.date() + 400 * DAY)
    response = theirs.post(f"{page}answer/", given)

    project = Project.objects.get()
    assert response.url == project.get_absolute_url()
    assert [client.get(response.url).status_code for client in (ours, theirs)] == [200, 200]
    assert "Carers find no help at night." in words(ours.get(f"{response.url}plan/"))
    assert project.get_absolute_url() in ours.get(page).text


def test_a_no_without_a_reason_is_asked_for_it_and_keeps_the_words(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver, when=ahead())
    client = signed_in(answerer)
    page = f"{request.get_absolute_url()}answer/"

    refused = client.post(page, {"read": "1", "answer": "declined", "words": "We fund no <b>costs</b>."})

    assert refused.status_code == 422
    assert "Choose what stands against it" in words(refused)
    assert "We fund no <b>costs</b>." in words(refused)
    client.post(page, {"read": "1", "answer": "declined", "words": "No <b>costs</b>.", "reason": "budget"})
    told = signed_in(asker).get(request.get_absolute_url())
    assert "Budget, or people’s time." in words(told)
    assert "No &lt;b&gt;costs&lt;/b&gt;." in told.text


def test_what_is_written_while_a_colleague_sends_it_is_still_there(side, monkeypatch):
    sender, asker, receiver, _answerer = two(side)
    draft = drafted(sender, asker, receiver)
    browser = signed_in(asker)
    address = reverse("partnerships:funding_part", args=[draft.reference, "why"])
    posted = fields_of(browser.get(address)) | {"need": "Carers ask at night, too."}

    def refuse(*_args, **_more):
        raise CannotRequest("This can’t be changed now.")

    monkeypatch.setattr("partnerships.actions.funding.write_request", refuse)
    response = browser.post(address, posted)

    assert response.status_code == 422
    assert "This can’t be changed now." in words(response)
    assert "Carers ask at night, too." in words(response)


def test_a_reason_that_was_pressed_is_dropped_with_a_yes(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver, when=ahead())
    given = {"read": "1", "answer": "accepted", "reason": "law"} | day_of("by_day", NOON.date() + 400 * DAY)

    signed_in(answerer).post(f"{request.get_absolute_url()}answer/", given)

    assert request.steps.last().reason == ""
    assert Project.objects.count() == 1


def test_two_colleagues_at_one_part_see_both_texts(side):
    sender, asker, receiver, _answerer = two(side)
    request = drafted(sender, asker, receiver, parts=["why"])
    page = f"{request.get_absolute_url()}parts/why/"
    client = signed_in(asker)
    write_request(
        request, "why", values=PLAN["why"] | {"need": "Theirs."}, base=1, actor=member_of(sender), at=NOON
    )

    clash = client.post(page, PLAN["why"] | {"need": "Mine.", "base": "1"})

    assert clash.status_code == 409
    assert "Theirs." in words(clash)
    assert "Mine." in words(clash)
    assert client.post(page, fields_of(clash)).status_code == 302
    request.refresh_from_db()
    assert request.values_of("why")["need"] == "Mine."


def test_what_changed_since_it_was_read_is_shown_and_not_sent(side):
    sender, asker, receiver, _answerer = two(side)
    request = drafted(sender, asker, receiver, when=ahead())
    client = signed_in(asker)
    read = fields_of(client.get(f"{request.get_absolute_url()}send/"))
    write_request(
        request, "why", values=PLAN["why"] | {"need": "New."}, base=1, actor=member_of(sender), at=NOON
    )

    refused = client.post(f"{request.get_absolute_url()}send/", read)

    assert refused.status_code == 422
    assert "Read it again, then send it." in words(refused)
    assert "New." in words(refused)
    assert client.post(f"{request.get_absolute_url()}send/", fields_of(refused)).status_code == 302


def test_the_list_says_whose_turn_it_is_and_shows_no_draft_of_others(side):
    sender, asker, receiver, answerer = two(side)
    sent(sender, asker, receiver, title="Waits", when=ahead())
    drafted(sender, asker, receiver, title="Half written")
    answer(sent(sender, asker, receiver, title="Refused"), "declined", answerer)
    own = reverse("partnerships:funding_list", args=[sender.slug])
    theirs = reverse("partnerships:funding_list", args=[receiver.slug])

    ours_said, theirs_said = words(signed_in(asker).get(own)), words(signed_in(answerer).get(theirs))

    assert all(title in ours_said for title in ("Waits", "Half written", "Refused", "Their turn", "Drafts"))
    assert "1 request for funding waits for you" in theirs_said
    assert "Half written" not in theirs_said
    assert signed_in(answerer).get(own).status_code == 404
    reader = signed_in(member_of(receiver, "reader"))
    assert "Your organisation’s turn" in words(reader.get(theirs))


def test_the_list_can_be_narrowed_to_one_partner_and_names_nobody_else(side):
    sender, asker, receiver, _answerer = two(side)
    sent(sender, asker, receiver, title="Between the two")
    stranger = make_organisation(receiver.kind, name="Unknown Stranger")
    client = signed_in(asker)
    page = reverse("partnerships:funding_list", args=[sender.slug])

    assert "Between the two" in words(client.get(f"{page}?partner={receiver.slug}"))
    for wanted in (stranger.slug, "nobody", "%00"):
        narrowed = client.get(f"{page}?partner={wanted}")
        assert narrowed.status_code == 200
        assert "Unknown Stranger" not in words(narrowed)


def test_how_they_work_leads_to_asking_for_whom_it_is_for(side):
    sender, asker, receiver, answerer = two(side)
    described(receiver, answerer, template=False)
    page = reverse("partnerships:how_we_work", args=[receiver.slug])
    adding = reverse("partnerships:funding_add", args=[receiver.slug])

    assert adding in signed_in(asker).get(page).text
    for other in (
        answerer,
        member_of(sender, "reader"),
        member_of(make_organisation(receiver.kind)),
        member_of(make_organisation("agency")),
    ):
        client = signed_in(other)
        assert adding not in client.get(page).text
        assert client.get(adding).status_code == 403


def test_the_page_holds_days_against_what_was_promised(side):
    sender, asker, receiver, answerer = two(side)
    promising(receiver, answerer, days=10)
    request = sent(sender, asker, receiver, when=ahead())

    said = words(signed_in(asker).get(request.get_absolute_url()))

    assert "They say 10 working days." in said
    assert f"Waiting for {receiver.name} until Monday 7 December" in said


def test_a_company_writes_down_that_it_has_checked_the_bank_details():
    group, asker, company, payer = two("group")
    request = sent(group, asker, company, when=ahead())
    page, button = (
        request.get_absolute_url(),
        reverse("partnerships:funding_bank_check", args=[request.reference]),
    )
    assert button in signed_in(payer).get(page).text
    assert button not in signed_in(asker).get(page).text

    assert signed_in(asker).post(button).status_code == 403
    signed_in(payer).post(button)

    profile = words(signed_in(asker).get(reverse("accounts:organisation", args=[group.slug])))
    assert f"by {payer}, {company}" in profile
    assert button not in signed_in(payer).get(page).text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,hello",
        "ftp://example.org/policy",
        "https://example.org@evil.example/",
        "https://exаmple.org/",  # a Cyrillic letter
        "not an address",
    ],
)
def test_a_policy_leads_to_a_page_that_says_where_it_leads(address):
    good = {"name": "Group", "country": "GB", "time_zone": "Europe/London"}
    form = OrganisationForm(good | {"policy_conflicts": address})

    assert "policy_conflicts" in form.errors
    assert OrganisationForm(good | {"policy_conflicts": "https://example.org/p"}).is_valid()


def test_the_profile_is_written_by_owners_and_read_by_all(side):
    organisation = make_organisation(side)
    client = signed_in(member_of(organisation, "owner"))
    edit = reverse("accounts:organisation_edit", args=[organisation.slug])
    assert "Policy: Personal data" in words(client.get(edit))
    typed = {
        "name": "Group",
        "country": "GB",
        "time_zone": "Europe/London",
        "policy_data": "example.org/privacy",
    }

    assert client.post(edit, typed).status_code == 302

    organisation.refresh_from_db()
    assert organisation.policies == {"data": "https://example.org/privacy"}
    shown = signed_in(member_of(organisation, "reader")).get(
        reverse("accounts:organisation", args=[organisation.slug])
    )
    assert 'href="https://example.org/privacy" rel="external noreferrer"' in shown.text


def test_nobody_else_reads_a_request(side):
    sender, asker, receiver, _answerer = two(side)
    request = sent(sender, asker, receiver)
    stranger = signed_in(member_of(make_organisation(side, listed=True), "owner"))

    for name in ("detail", "send", "answer", "withdraw"):
        assert (
            stranger.get(reverse(f"partnerships:funding_{name}", args=[request.reference])).status_code == 404
        )
    assert FundingRequest.objects.count() == 1

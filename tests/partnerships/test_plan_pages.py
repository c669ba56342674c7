"""The pages of the plan: what they show, keep and refuse, with the sides swapped."""

import datetime as dt
import unicodedata

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.actions.invitations import decline_invitation
from accounts.models import Event, Invitation, Notice
from partnerships.actions import plan as plan_actions
from partnerships.actions.partners import choose_partner, invite_partner
from partnerships.actions.plan import Offer, save_part, send_plan
from partnerships.actions.project import start_project
from partnerships.actions.suggestions import accept_suggestion, suggest_part
from partnerships.models import PlanPart, PlanSuggestion, Project
from partnerships.plan import read_plan
from tests.factories import (
    NOON,
    PLAN,
    add_agency,
    agree_plan,
    make_organisation,
    make_principles,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    write_plan,
)

pytestmark = pytest.mark.django_db

NEXT_YEAR = timezone.now().year + 1
WHY = PLAN["why"]
WHEN = {
    "starts_on_day": "11", "starts_on_month": "1", "starts_on_year": str(NEXT_YEAR),
    "ends_on_day": "25", "ends_on_month": "6", "ends_on_year": str(NEXT_YEAR), "rhythm": "6",
}  # fmt: skip


def address(name, project, *args):
    return reverse(f"partnerships:{name}", args=[project.reference, *args])


def words(response):
    return response.content.decode()


@pytest.fixture
def shape(side, client):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    client.force_login(writer)
    return project, writer, reader


@pytest.fixture
def sent(side, client):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    project.refresh_from_db()
    client.force_login(reader)
    return project, writer, reader


# Writing


def test_a_project_is_started_with_its_name_alone(client, side):
    make_principles()
    person = member_of(make_organisation(side))
    client.force_login(person)

    response = client.post(reverse("partnerships:project_add"), {"title": "Carer handbook"})

    project = Project.objects.get()
    assert response.url == address("plan_detail", project)
    assert (project.title, project.created_by) == ("Carer handbook", person)


def test_the_form_of_a_new_project_sent_twice_makes_one(client, side):
    make_principles()
    client.force_login(member_of(make_organisation(side)))
    page = client.get(reverse("partnerships:project_add"))
    data = {"title": "Handbook", "once": page.context["form"]["once"].value()}

    first, second = (client.post(reverse("partnerships:project_add"), data) for _ in range(2))

    assert first.url == second.url
    assert Project.objects.count() == 1
    assert Event.objects.filter(verb="project.started").count() == 1


@pytest.mark.parametrize("once", ["", "bcdfghjk", "bcdfghjk:forged"])
def test_nobody_chooses_the_reference_of_a_project(client, side, once):
    make_principles()
    client.force_login(member_of(make_organisation(side)))

    client.post(reverse("partnerships:project_add"), {"title": "Handbook", "once": once})

    assert Project.objects.get().reference != "bcdfghjk"


def test_who_works_for_several_says_for_whom(client):
    make_principles()
    person = member_of(make_organisation("group"))
    other = make_organisation("company")
    person.memberships.create(organisation=other, role="lead")
    client.force_login(person)

    refused = client.post(reverse("partnerships:project_add"), {"title": "Handbook"})
    client.post(reverse("partnerships:project_add"), {"title": "Handbook", "organisation": other.slug})

    assert refused.status_code == 422
    assert partner_of(Project.objects.get(), "company") == other


def test_the_start_page_lists_six_parts_with_their_state(client, shape):
    project, writer, _reader = shape
    save_part(project, "why", values={"need": "Help."}, base=0, actor=writer, at=NOON)
    save_part(project, "what", values=PLAN["what"], base=0, actor=writer, at=NOON)

    page = client.get(address("plan_detail", project))

    assert [(item["title"], item["status"]) for item in page.context["items"]] == [
        ("Who with?", "Not started"),
        ("Why for patients?", "Started"),
        ("What will happen?", "Done"),
        ("Who brings what?", "Not started"),
        ("When?", "Not started"),
        ("Which learnings do we bring?", "Not started"),
    ]
    assert "1 of 6 parts is done" in words(page)


def test_a_part_is_kept_and_leads_on_to_the_next_open_one(client, shape):
    project, _writer, _reader = shape

    response = client.post(address("plan_part", project, "why"), WHY | {"base": "0"})

    assert response.url == address("plan_who", project)
    assert read_plan(project).part("why").values == WHY


def test_the_last_part_leads_to_the_check_page(client, shape):
    project, writer, _reader = shape
    write_plan(project, writer)

    response = client.post(address("plan_part", project, "why"), WHY | {"base": "1", "need": "More help."})

    assert response.url == address("plan_check", project)


def test_half_a_part_is_kept_for_later(client, shape):
    project, _writer, _reader = shape

    response = client.post(
        address("plan_part", project, "why"), {"need": "Help at night.", "base": "0", "later": "1"}
    )

    assert response.url == address("plan_detail", project)
    assert read_plan(project).part("why").values == {"need": "Help at night."}
    assert read_plan(project).part("why").is_complete is False


def test_an_empty_required_field_is_named_and_the_rest_is_still_there(client, shape):
    project, _writer, _reader = shape

    response = client.post(address("plan_part", project, "why"), WHY | {"told": "\u200b", "base": "0"})

    assert response.status_code == 422
    assert response.context["form"].errors == {"told": ["Say who told you about the need"]}
    assert "Carers find no help at night." in words(response)
    assert "<title>Error:" in words(response)
    assert PlanPart.objects.count() == 0


GOOD = {
    "why": WHY,
    "what": PLAN["what"],
    "when": WHEN,
    "brings": PLAN["brings"] | {"group_currency": "GBP", "company_money": "100"},
}
BAD = [
    ("why", "need", "Pat\x00ient"),
    ("why", "need", "x" * 601),
    ("why", "need", "Z" + "\u0300\u0316" * 250),
    ("what", "activity_1", "invoice\u202efdp.exe"),
    ("brings", "company_money", "1e5"),
    ("brings", "company_money", "1.234,56"),
    ("brings", "company_money", "-1"),
    ("brings", "company_money", "9999999999999999.99"),
    ("brings", "company_currency", "XXX"),
    ("when", "rhythm", "5"),
]
EMPTY = [("what", "activity_1", " \r\n\t "), ("brings", "independence", "\u2060"), ("why", "told", "")]


@pytest.mark.parametrize(
    ("code", "field", "typed", "how"),
    [(*case, {}) for case in BAD + EMPTY] + [(*case, {"later": "1"}) for case in BAD],
)
def test_what_can_not_be_kept_is_refused_at_its_field(client, shape, code, field, typed, how):
    project, _writer, _reader = shape

    response = client.post(
        address("plan_part", project, code), GOOD[code] | {field: typed, "base": "0"} | how
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert PlanPart.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    ["Zoe\u0308", "\U0001f469\U0001f3fd\u200d\U0001f52c trial", "{{ x }}{% y %}<b>&", "=1+1", "W" * 200],
)
def test_what_people_write_is_shown_as_they_wrote_it(client, shape, typed):
    project, _writer, _reader = shape

    client.post(address("plan_part", project, "what"), {"activity_1": typed, "base": "0"})
    page = client.get(address("plan_check", project))

    assert escape(unicodedata.normalize("NFC", typed)) in words(page)


def test_amounts_are_kept_exactly_and_shown_with_their_currency(client, shape):
    project, _writer, _reader = shape
    data = PLAN["brings"] | {"company_money": "1,234.56", "company_currency": "CHF", "group_currency": "GBP"}

    client.post(address("plan_part", project, "brings"), data | {"base": "0"})

    values = read_plan(project).part("brings").values
    assert (values["company_money"], values["company_currency"]) == ("1234.56", "CHF")
    assert "group_currency" not in values
    assert "1,234.56 CHF" in words(client.get(address("plan_check", project)))


def test_dates_are_kept_as_days(client, shape):
    project, _writer, _reader = shape

    client.post(address("plan_part", project, "when"), WHEN | {"base": "0"})

    assert read_plan(project).part("when").values == {
        "starts_on": f"{NEXT_YEAR}-01-11",
        "ends_on": f"{NEXT_YEAR}-06-25",
        "rhythm": "6",
    }


def test_an_end_before_the_start_names_both(client, shape):
    project, _writer, _reader = shape

    response = client.post(
        address("plan_part", project, "when"), WHEN | {"ends_on_month": "1", "ends_on_day": "10", "base": "0"}
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"starts_on", "ends_on"}


@pytest.mark.parametrize("year", ["0001", "1899", "9999", "10000", "2020"])
def test_days_out_of_reach_are_refused(client, shape, year):
    project, _writer, _reader = shape

    response = client.post(
        address("plan_part", project, "when"),
        WHEN | {"ends_on_year": year, "starts_on_year": "2019", "base": "0"},
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["ends_on"]


def test_a_colleagues_words_are_shown_beside_ones_own(client, shape):
    project, _writer, reader = shape
    save_part(project, "what", values={"activity_1": "Theirs"}, base=0, actor=reader, at=NOON)

    response = client.post(address("plan_part", project, "what"), {"activity_1": "Mine", "base": "0"})

    assert response.status_code == 409
    assert [(row.before, row.value) for row in response.context["rows"]] == [("Theirs", "Mine")]
    assert response.context["form"]["base"].value() == 1
    assert read_plan(project).part("what").values == {"activity_1": "Theirs"}


def test_after_a_conflict_ones_own_words_can_be_saved(client, shape):
    project, _writer, reader = shape
    save_part(project, "what", values={"activity_1": "Theirs"}, base=0, actor=reader, at=NOON)
    conflict = client.post(address("plan_part", project, "what"), {"activity_1": "Mine", "base": "0"})

    client.post(
        address("plan_part", project, "what"),
        {"activity_1": "Mine", "base": conflict.context["form"]["base"].value()},
    )

    assert read_plan(project).part("what").values == {"activity_1": "Mine"}


def test_the_same_part_sent_twice_is_one_version(client, shape):
    project, _writer, _reader = shape

    answers = [
        client.post(address("plan_part", project, "why"), WHY | {"base": "0"}).status_code for _ in range(2)
    ]

    assert answers == [302, 302]
    assert PlanPart.objects.count() == 1


@pytest.mark.parametrize("base", ["x", "-1", "9" * 30])
def test_a_forged_version_is_no_error_of_ours(client, shape, base):
    project, _writer, _reader = shape

    response = client.post(address("plan_part", project, "why"), WHY | {"base": base})

    assert response.status_code in (409, 422)
    assert PlanPart.objects.count() == 0


@pytest.mark.parametrize("code", ["nothing", "who2", "1", "%00"])
def test_there_are_six_parts(client, shape, code):
    project, _writer, _reader = shape

    assert client.get(f"/projects/{project.reference}/plan/{code}/").status_code == 404


# Learnings


def test_without_offers_the_page_says_so_and_counts_as_done_once_saved(client, shape, monkeypatch):
    monkeypatch.setattr(plan_actions, "OFFERS", [])
    project, _writer, _reader = shape

    page = client.get(address("plan_part", project, "learnings"))
    client.post(address("plan_part", project, "learnings"), {"base": "0"})

    assert "Your reviews will fill this." in words(page)
    assert read_plan(project).part("learnings").is_complete


def test_offers_are_ticked_and_kept_by_their_key(client, shape, monkeypatch):
    offers = [
        Offer("promise:1", "Agendas 5 days before", note="Promise of 2025", ticked=True),
        Offer("learning:2", "Start with the steps"),
    ]
    monkeypatch.setattr(plan_actions, "OFFERS", [lambda project, organisation: offers])
    project, _writer, _reader = shape

    page = client.get(address("plan_part", project, "learnings"))
    client.post(
        address("plan_part", project, "learnings"), {"base": "0", "items": ["promise:1", "learning:2"]}
    )
    forged = client.post(address("plan_part", project, "learnings"), {"base": "1", "items": ["promise:99"]})

    assert page.context["form"].initial["items"] == ["promise:1"]
    assert forged.status_code == 422
    assert read_plan(project).part("learnings").values == {
        "items": [
            {"key": "promise:1", "text": "Agendas 5 days before"},
            {"key": "learning:2", "text": "Start with the steps"},
        ]
    }


# Who


def test_a_partner_is_found_by_name_and_chosen(client, side):
    make_principles()
    ours = make_organisation(side)
    person = member_of(ours)
    partner = make_organisation(other_side(side), name="Zoë Alliance", listed=True)
    member_of(partner)
    make_organisation(other_side(side), name="Zoë hidden")
    project = start_project("Handbook", organisation=ours, actor=person, at=NOON)
    client.force_login(person)

    found = client.get(address("plan_who", project), {"q": "zoe\u0308 all"})
    client.post(address("partner_choose", project), {"organisation": partner.slug})

    assert list(found.context["found"]) == [partner]
    assert read_plan(project).part("who").is_complete


@pytest.mark.parametrize("q", ["\x00", "%", "_", "\\", "'", '"', "x" * 5000])
def test_a_strange_search_is_answered(client, shape, q):
    project, _writer, _reader = shape

    assert client.get(address("plan_who", project), {"q": q}).status_code == 200


@pytest.mark.parametrize("slug", ["", "nobody", "a\x00b", "x" * 5000])
def test_an_organisation_that_is_not_there_is_not_chosen(client, shape, slug):
    project, _writer, _reader = shape

    assert client.post(address("partner_choose", project), {"organisation": slug}).status_code == 404


def test_an_unknown_organisation_answers_like_one_that_is_not_there(client, shape):
    project, _writer, _reader = shape
    secret = make_organisation("company")
    member_of(secret)

    assert client.post(address("partner_choose", project), {"organisation": secret.slug}).status_code == 404


# Sending and answering


def test_the_check_page_sends(client, shape):
    project, writer, _reader = shape
    write_plan(project, writer)

    page = client.get(address("plan_check", project))
    for _ in range(2):
        client.post(address("plan_send", project))

    project.refresh_from_db()
    assert "Check the plan, then send it" in words(page)
    assert project.stage == "agree"
    assert Notice.objects.filter(kind="plan_sent").count() == 1


def test_an_incomplete_plan_is_not_sent(client, shape):
    project, _writer, _reader = shape

    page = client.get(address("plan_check", project))
    answer = client.post(address("plan_send", project), follow=True)

    assert "not complete yet" in words(page)
    assert "Still missing" in words(answer)


def test_the_other_side_reads_six_blocks_and_agrees_to_each(client, sent):
    project, _writer, _reader = sent

    before = words(client.get(address("plan_detail", project)))
    for code in ("who", "why", "what", "brings", "when", "learnings"):
        client.post(address("plan_agree", project, code), {"version": "1"})
    after = words(client.get(address("plan_detail", project)))

    assert "Read the plan. 6 parts, about 6 minutes" in before
    assert "The plan is agreed" in after
    assert Project.objects.get().stage == "contract"


@pytest.mark.parametrize("version", ["", "2", "x", "-1", "9" * 5000])
def test_agreeing_to_another_version_is_told(client, sent, version):
    project, _writer, _reader = sent

    answer = client.post(address("plan_agree", project, "why"), {"version": version}, follow=True)

    assert "Somebody changed this part" in words(answer)
    assert read_plan(project).part("why").is_agreed is False


def test_a_suggestion_is_prefilled_with_what_stands_and_shows_old_and_new(client, sent):
    project, writer, _reader = sent

    form = client.get(address("plan_part", project, "what")).context["form"]
    client.post(
        address("plan_part", project, "what"),
        {"activity_1": "Write it", "activity_2": "Print 2,000 copies", "base": "1", "note": "Shorter."},
    )
    client.force_login(writer)
    page = words(client.get(address("plan_detail", project)))

    assert form.initial["activity_1"] == "Write the handbook"
    assert "Write the handbook" in page
    assert "Write it" in page
    assert "Shorter." in page


def test_the_same_suggestion_twice_is_one(client, sent):
    project, _writer, _reader = sent
    data = {"activity_1": "Write it", "base": "1", "note": ""}

    answers = [client.post(address("plan_part", project, "what"), data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert PlanSuggestion.objects.count() == 1


def test_a_suggestion_that_says_the_same_is_refused_with_words(client, sent):
    project, _writer, _reader = sent

    answer = client.post(address("plan_part", project, "what"), PLAN["what"] | {"base": "1", "note": ""})

    assert answer.status_code == 422
    assert "This says the same as before" in words(answer)


def test_another_suggestion_meanwhile_is_a_conflict_that_loses_nothing(client, sent):
    project, writer, _reader = sent
    theirs = suggest_part(
        project, "what", values={"activity_1": "Theirs"}, note="", base=1, actor=writer, at=NOON
    )

    answer = client.post(
        address("plan_part", project, "what"), {"activity_1": "Mine", "base": "1", "note": "n"}
    )

    assert answer.status_code == 409
    assert [(row.before, row.value) for row in answer.context["rows"]] == [("Theirs", "Mine")]
    assert answer.context["form"]["read"].value() == theirs.pk
    assert PlanSuggestion.objects.get().state == "open"


@pytest.mark.parametrize(
    ("name", "state"), [("suggestion_accept", "accepted"), ("suggestion_decline", "declined")]
)
def test_a_suggestion_is_answered_by_a_button(client, sent, name, state):
    project, writer, reader = sent
    suggestion = suggest_part(
        project, "what", values={"activity_1": "Mine"}, note="", base=1, actor=reader, at=NOON
    )
    client.force_login(writer)

    client.post(address(name, project, suggestion.pk))

    suggestion.refresh_from_db()
    assert suggestion.state == state


def test_a_suggestion_of_another_project_is_not_found(client, sent, side):
    project, _writer, _reader = sent
    other = make_project()
    theirs = person_on(other, side)
    write_plan(other, theirs)
    send_plan(other, actor=theirs, at=NOON)
    suggestion = suggest_part(
        other, "what", values={"activity_1": "X"}, note="", base=1,
        actor=person_on(other, other_side(side)), at=NOON,
    )  # fmt: skip

    assert client.post(address("suggestion_accept", project, suggestion.pk)).status_code == 404
    assert client.post(address("suggestion_accept", project, 99999999999999999999)).status_code == 404


def test_a_running_project_says_for_whom_its_change_waits(client, sent):
    project, writer, reader = sent
    agree_plan(project, reader)
    project.refresh_from_db()
    Project.objects.filter(pk=project.pk).update(stage="deliver")
    project.refresh_from_db()
    later = PLAN["when"] | {"ends_on": f"{NEXT_YEAR}-12-01"}

    suggest_part(project, "when", values=later, note="", base=1, actor=reader, at=NOON)
    page = words(client.get(address("plan_detail", project)))

    assert f"Change waits for {writer.organisations.get().name}." in page
    project.refresh_from_db()
    assert (project.stage, project.ends_on) == ("deliver", dt.date(2027, 6, 25))


def test_an_agency_reads_the_plan_without_the_money(client, sent, side):
    project, _writer, _reader = sent
    agent = member_of(add_agency(project, partner_of(project, side)))
    client.force_login(agent)

    plan = words(client.get(address("plan_detail", project)))
    overview = words(client.get(project.get_absolute_url()))

    assert "Print 2,000 copies" in plan
    assert "12,000" not in plan
    assert "12,000" not in overview


def test_the_draft_for_a_partner_who_is_chosen_is_not_shown_to_them(client, side):
    make_principles()
    ours = make_organisation(side)
    person = member_of(ours)
    partner = make_organisation(other_side(side), listed=True)
    stranger = member_of(partner)
    project = start_project("Handbook", organisation=ours, actor=person, at=NOON)
    choose_partner(project, partner, actor=person, at=NOON)
    client.force_login(stranger)

    assert client.get(address("plan_detail", project)).status_code == 404


@pytest.mark.parametrize("versions", [1, 30])
def test_the_page_of_the_plan_asks_the_same_number_of_questions(
    client, sent, django_assert_num_queries, versions
):
    project, writer, reader = sent

    for number in range(versions):
        suggestion = suggest_part(
            project, "what", values={"activity_1": f"Step {number}"}, note="", base=number + 1,
            actor=writer, at=NOON,
        )  # fmt: skip
        accept_suggestion(project, suggestion, actor=reader, at=NOON)

    with django_assert_num_queries(10):
        client.get(address("plan_detail", project))


# Inviting


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "\u200b"),
        ("name", "a\x00b"),
        ("name", "x" * 201),
        ("email", "nobody"),
        ("email", "a@b.example,c@d.example; e@f.example"),
        ("email", "m\u0131ke@example.org"),
        ("email", "a" * 65 + "@example.com"),
        ("side", "agency"),
        ("message", "x" * 401),
    ],
)
def test_a_bad_invitation_is_refused_at_its_field_and_keeps_the_rest(client, shape, field, typed):
    project, _writer, _reader = shape
    good = {"name": "Meadow House", "email": "a@example.org", "side": "group", "message": "Hello there"}

    response = client.post(address("partner_invite", project), good | {field: typed})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert PlanPart.objects.count() == 0


def test_whoever_is_invited_stands_on_the_list_and_can_be_left_out(client, side):
    make_principles()
    person = member_of(make_organisation(side))
    client.force_login(person)
    project = start_project("Handbook", organisation=person.organisations.get(), actor=person, at=NOON)
    invited = {"name": "Meadow House", "email": "a@example.org", "side": other_side(side), "message": ""}
    client.post(address("partner_invite", project), invited)

    page = client.get(address("plan_who", project))
    client.post(address("partner_leave_out", project), {"key": "a@example.org"})

    assert "Meadow House" in words(page)
    assert '<input type="hidden" name="key" value="a@example.org">' in words(page)
    assert "Meadow House" not in words(client.get(address("plan_who", project)))


def test_who_has_not_joined_yet_is_named_and_the_sender_may_settle_it(client, side):
    make_principles()
    person = member_of(make_organisation(side))
    client.force_login(person)
    project = start_project("Handbook", organisation=person.organisations.get(), actor=person, at=NOON)
    client.post(
        address("partner_invite", project),
        {"name": "Meadow House", "email": "a@example.org", "side": other_side(side), "message": ""},
    )
    for code, values in PLAN.items():
        save_part(project, code, values=values, base=0, actor=person, at=NOON)
    client.post(address("plan_send", project))

    page = words(client.get(address("plan_detail", project)))

    assert "Meadow House was invited on" in page
    assert "/invitations/" in page


@pytest.mark.parametrize("stage", ["agree", "contract", "deliver"])
def test_who_said_no_is_named_as_such_and_both_pages_lead_to_where_it_is_settled(client, side, stage):
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    invite_partner(project, name="Meadow House", side=side, email="third@example.org", actor=writer, at=NOON)
    send_plan(project, actor=writer, at=NOON)
    agree_plan(project, reader)
    invitation = Invitation.objects.get()
    decline_invitation(invitation, at=NOON)
    Project.objects.update(stage=stage)
    settle = reverse("accounts:invitation_settle", args=[invitation.pk])

    for person, may in ((writer, False), (reader, True)):
        client.force_login(person)
        for name in ("plan_detail", "plan_who"):
            page = words(client.get(address(name, project)))
            assert "Said no on " in page
            assert (f'href="{settle}"' in page) is may
            assert "Not joined yet" not in page
    # Whoever agreed last has invited them.
    client.force_login(reader)
    asked = words(client.get(settle))
    client.post(reverse("accounts:invitation_withdraw", args=[invitation.pk]))

    assert "Invite again" in asked
    assert "Leave them out" in asked
    for name in ("plan_detail", "plan_who"):
        assert "Meadow House" not in words(client.get(address(name, project)))
    assert "Leave them out" not in words(client.get(settle))


def test_who_is_awaited_can_be_settled_from_the_page_of_who_takes_part(client, side):
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    client.force_login(writer)
    invite_partner(project, name="Meadow House", side=side, email="third@example.org", actor=writer, at=NOON)
    before = words(client.get(address("plan_who", project)))

    accept_suggestion(project, PlanSuggestion.objects.get(), actor=reader, at=NOON)
    page = words(client.get(address("plan_who", project)))

    assert "Not invited yet: everybody here agrees first." in before
    assert "Not joined yet" in page
    # Whoever agreed last has invited them.
    assert Invitation.objects.get().invited_by == reader
    client.force_login(reader)
    settle = reverse("accounts:invitation_settle", args=[Invitation.objects.get().pk])
    assert f'href="{settle}"' in words(client.get(address("plan_who", project)))

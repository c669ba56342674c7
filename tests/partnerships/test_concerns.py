"""Concerns: private to the people named, answered within five working days, raised to the Owners, closed by who has one."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.models import Event, Notice
from accounts.sending.letters import write
from partnerships.access import get_project
from partnerships.actions.talk import (
    CannotTalk,
    change_entry,
    close_concern,
    raise_concern,
    withdraw_entry,
)
from partnerships.models import TalkEntry, TalkNamed
from partnerships.permissions import acting_people
from partnerships.reminders import remind_talk
from partnerships.talk import Circle, people_in_circle
from portal import waiting
from portal.overview import read_overview
from tests.browse import signed_in
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    add_partner,
    make_organisation,
    make_person,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.talking import WORDS, answered, said, two
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(side):
    """A concern of a Lead of this side, with everybody around it by name."""
    project, me, them = two(side)
    people = {"me": me, "them": them, "project": project}
    for name, which in (("our", side), ("their", other_side(side))):
        organisation = partner_of(project, which)
        people[f"{name} owner"] = member_of(organisation, "owner")
        people[f"{name} reader"] = member_of(organisation, "reader")
        people[f"{name} colleague"] = member_of(organisation)
        people[f"{name} agency"] = member_of(add_agency(project, organisation), "owner")
    return people


def named_in(entry):
    return {row.person for row in entry.named.select_related("person")}


def readers(entry, people):
    """Who of these reads it, by every way there is: the queryset, the page, the history."""
    project, found = entry.project, {}
    for name, person in people.items():
        if name == "project":
            continue
        by_rows = TalkEntry.objects.visible_to(person).filter(pk=entry.pk).exists()
        page = signed_in(person).get(entry.get_absolute_url())
        overview = signed_in(person).get(project.get_absolute_url()).text
        assert by_rows == (page.status_code == 200) == (entry.text in page.text), name
        # The newest three are on the overview, and its history says that there was one.
        assert by_rows == (entry.text in overview), name
        assert by_rows == ("brought up a concern" in overview), name
        if by_rows:
            found[name] = person
    return set(found)


def test_only_the_people_named_read_a_concern_and_no_colleague_of_theirs(cast):
    entry = said(cast["project"], cast["me"], "concern")

    assert named_in(entry) == {cast["me"], cast["them"]}
    assert readers(entry, cast) == {"me", "them"}


def test_the_leads_of_both_are_those_who_work_on_the_project(cast):
    project = cast["project"]
    everybody = acting_people(project)
    own, other = (
        next(one.organisation.pk for one in everybody if one.person == cast[name]) for name in ("me", "them")
    )

    def circle(which):
        return {one.person for one in people_in_circle(project, which, everybody, own, other, cast["me"].pk)}

    assert circle(Circle.LEADS) == {cast["me"], cast["them"]}
    assert circle(Circle.OWNERS) == {cast["me"], cast["them"], cast["our owner"], cast["their owner"]}


def test_it_has_a_clock_of_five_working_days_and_only_those_asked_are_reminded(cast):
    entry = said(cast["project"], cast["me"], "concern")

    assert entry.due_on == dt.date(2026, 11, 30)
    for day in range(20):
        remind_talk(at=NOON + day * DAY)
    owed = Notice.objects.filter(kind="concern_waits").order_by("pk")
    assert [(notice.recipient, notice.not_before.date()) for notice in owed] == [
        (cast["them"], dt.date(2026, 11, 26)),
        (cast["them"], dt.date(2026, 11, 30)),
    ]


def test_it_waits_on_the_home_of_those_asked_and_of_nobody_else_and_home_says_no_word_of_it(cast):
    entry = said(cast["project"], cast["me"], "concern")

    waits = {
        name
        for name, person in cast.items()
        if name != "project"
        and f"talk:{entry.pk}" in [task.key for task in waiting.tasks_for(person, at=NOON)]
    }

    assert waits == {"them"}
    assert entry.text not in signed_in(cast["them"]).get("/").text


def test_mails_about_it_hold_no_word_of_it_and_go_to_those_named_alone(cast):
    entry = said(cast["project"], cast["me"], "concern")
    answered(entry, cast["them"], "That must not happen.")
    raise_concern(entry, actor=cast["them"], at=NOON)

    notices = list(
        Notice.objects.filter(kind__startswith="concern").select_related("recipient").order_by("pk")
    )

    assert [(notice.kind, notice.recipient) for notice in notices] == [
        ("concern_named", cast["them"]),
        ("concern_answered", cast["me"]),
        ("concern_named", cast["our owner"]),
        ("concern_named", cast["their owner"]),
    ]
    for letter in write(notices, at=NOON):
        if not isinstance(letter.outcome, Exception):
            text = letter.outcome.body + letter.outcome.subject
            assert WORDS["concern"] not in text
            assert "must not happen" not in text


def test_any_of_those_named_raises_it_to_both_owners_once(cast):
    entry = said(cast["project"], cast["me"], "concern")
    with pytest.raises(CannotTalk, match="not yours"):
        raise_concern(entry, actor=cast["their colleague"], at=NOON)

    raise_concern(entry, actor=cast["them"], at=NOON)
    raise_concern(entry, actor=cast["me"], at=NOON)

    assert named_in(entry) == {cast["me"], cast["them"], cast["our owner"], cast["their owner"]}
    assert readers(entry, cast) == {"me", "them", "our owner", "their owner"}
    assert Event.objects.filter(verb="concern.raised").count() == 1


def test_an_owner_named_from_the_start_answers_for_who_is_asked(cast):
    entry = said(cast["project"], cast["me"], "concern", circle=Circle.OWNERS)
    entry.refresh_from_db()

    answered(entry, cast["their owner"], "I look into it.")

    assert entry.raised_at == NOON
    entry.refresh_from_db()
    assert entry.answered_at == NOON


def test_whoever_brought_it_up_closes_it_and_nobody_else(cast):
    entry = said(cast["project"], cast["me"], "concern", circle=Circle.OWNERS)
    for name in ("them", "our owner", "their owner"):
        with pytest.raises(CannotTalk, match="brought a concern up"):
            close_concern(entry, actor=cast[name], at=NOON)

    close_concern(entry, actor=cast["me"], at=NOON)
    close_concern(entry, actor=cast["me"], at=NOON)

    entry.refresh_from_db()
    assert entry.ended_at == NOON
    assert Event.objects.filter(verb="concern.closed").count() == 1
    with pytest.raises(CannotTalk, match="closed"):
        answered(entry, cast["them"])


def test_once_its_author_has_left_a_colleague_named_in_it_closes_it(cast):
    entry = said(cast["project"], cast["me"], "concern", circle=Circle.OWNERS)

    cast["me"].memberships.update(left_at=NOON)

    with pytest.raises(CannotTalk):
        close_concern(entry, actor=cast["their owner"], at=NOON)
    close_concern(entry, actor=cast["our owner"], at=NOON)
    entry.refresh_from_db()
    assert entry.ended_at == NOON


def test_who_leaves_loses_it_at_once_and_is_told_nothing_more(cast):
    entry = said(cast["project"], cast["me"], "concern")

    cast["them"].memberships.update(left_at=NOON)

    assert not TalkEntry.objects.visible_to(type(cast["them"]).objects.get(pk=cast["them"].pk)).exists()
    assert signed_in(cast["them"]).get(entry.get_absolute_url()).status_code == 404
    (letter,) = write(list(Notice.objects.filter(kind="concern_named").select_related("recipient")), at=NOON)
    assert isinstance(letter.outcome, Exception)


def test_who_acts_for_another_organisation_by_now_reads_it_no_more(cast, side):
    project = cast["project"]
    entry = said(project, cast["me"], "concern")
    theirs = cast["them"]

    theirs.project_roles.filter(project=project).delete()
    theirs.memberships.update(left_at=NOON)
    third = make_organisation(side)
    add_partner(project, third, side)
    theirs.memberships.create(organisation=third, role="lead", joined_at=NOON)
    theirs.project_roles.create(project=project, acting_for=third, joined_at=NOON)

    again = type(theirs).objects.get(pk=theirs.pk)
    assert get_project(again, project.reference).acting.organisation == third
    assert signed_in(again).get(entry.get_absolute_url()).status_code == 404
    assert not TalkEntry.objects.visible_to(again).exists()


def test_its_words_are_found_by_no_search_and_its_kind_only_by_those_named(cast):
    entry = said(cast["project"], cast["me"], "concern")
    answered(entry, cast["them"], "Shouting is no way to talk.")
    page = f"/projects/{cast['project'].reference}/talk/"

    for name, query, found in (
        ("me", "q=shouted", False),
        ("me", "q=Shouting", False),
        ("me", "kind=concern", True),
        ("their colleague", "kind=concern", False),
        ("their colleague", "q=shouted", False),
    ):
        listed = signed_in(cast[name]).get(f"{page}?{query}").text.split('id="all-title"')[-1]
        assert (WORDS["concern"] in listed) == found, (name, query)


def test_the_admin_shows_no_word_of_it_no_name_and_no_line_of_its_history(cast):
    entry = said(cast["project"], cast["me"], "concern")
    answer = answered(entry, cast["them"], "Shouting is no way to talk.")
    admin = signed_in(make_person(is_staff=True, is_superuser=True))
    places = [
        "/admin/partnerships/talkentry/", f"/admin/partnerships/talkentry/{entry.pk}/change/",
        "/admin/partnerships/talkanswer/", f"/admin/partnerships/talkanswer/{answer.pk}/change/",
        "/admin/accounts/event/", "/admin/accounts/event/?q=concern",
    ]  # fmt: skip

    for place in places:
        page = admin.get(place)
        assert page.status_code == 200, place
        for secret in (WORDS["concern"], "Shouting", str(cast["me"]), "concern.brought_up"):
            assert secret not in page.text, (place, secret)
    for place in ("talkentry", "talkanswer"):
        assert "0 entries" in admin.get(f"/admin/partnerships/{place}/?q=shouted").text or (
            entry.get_kind_display()
            not in admin.get(f"/admin/partnerships/{place}/?q=shouted").text.split("</h1>")[1]
        )


def test_a_concern_that_was_changed_or_withdrawn_stays_among_those_named(cast):
    entry = said(cast["project"], cast["me"], "concern")
    change_entry(entry, text="I was shouted at twice.", actor=cast["me"], at=NOON + DAY)
    entry.refresh_from_db()
    assert readers_of_page(entry, cast) == {"me", "them"}

    withdraw_entry(entry, actor=cast["me"], at=NOON + DAY)

    assert Event.objects.filter(verb__startswith="concern.").count() == 3
    page = signed_in(cast["them"]).get(entry.get_absolute_url()).text
    assert "Withdrawn" in page
    assert "shouted" not in page


def readers_of_page(entry, people):
    return {
        name
        for name, person in people.items()
        if name != "project" and signed_in(person).get(entry.get_absolute_url()).status_code == 200
    }


def test_between_two_of_several_partners_the_third_learns_nothing(side):
    project, me, them = two(side, groups=2, companies=2)
    third = [
        member_of(row.organisation, "owner")
        for row in project.participations.order_by("pk")
        if row.organisation not in (partner_of(project, side), partner_of(project, other_side(side)))
    ]
    asked = partner_of(project, other_side(side))
    entry = said(project, me, "concern", circle=Circle.OWNERS, asked=asked)

    assert named_in(entry) == {me, them}
    for person in third:
        assert signed_in(person).get(entry.get_absolute_url()).status_code == 404
        assert (
            read_overview(
                get_project(person, project.reference), [person.organisations.first().pk], person=person
            ).talk
            == []
        )


def test_nobody_to_tell_on_the_other_side_is_said(side):
    project, me, them = two(side)
    them.memberships.update(role="reader")

    with pytest.raises(CannotTalk, match="nobody to ask"):
        said(project, me, "concern")


def test_a_stranger_gets_the_same_answer_as_for_what_is_not_there(cast):
    entry = said(cast["project"], cast["me"], "concern")
    for person in (cast["their colleague"], make_person()):
        client = signed_in(person)
        there = client.get(entry.get_absolute_url())
        nowhere = client.get(entry.get_absolute_url().replace(f"/{entry.pk}/", "/999999/"))
        # Each page has a token of its own against forged forms.
        same = [re.sub(r'value="\w{64}"', "", answer.text) for answer in (there, nowhere)]
        assert there.status_code == nowhere.status_code == 404
        assert same[0] == same[1].replace("/999999/", f"/{entry.pk}/")
    assert Client().get(entry.get_absolute_url()).status_code == 302


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_raised_by_two_at_once_it_names_each_owner_once():
    project, me, them = two("group")
    owner = person_on(project, "company", "owner")
    entry = said(project, me, "concern")

    at_once(*[lambda one=one: raise_concern(entry, actor=one, at=NOON) for one in (me, them)])

    assert TalkNamed.objects.filter(entry=entry, person=owner).count() == 1
    assert Event.objects.filter(verb="concern.raised").count() == 1

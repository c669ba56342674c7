"""The pen of the joint conclusion: taking it over from somebody who lets it lie."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Event, Notice
from evaluations.actions.conclusions import NotYourTurn, save_conclusion, send_conclusion, start_conclusion
from evaluations.actions.pen import NotYet, may_take_back, may_take_pen, pen_is_safe_until, take_pen
from evaluations.actions.signing import sign_conclusion
from evaluations.actions.written import Written, WrittenPart, standing
from evaluations.models import TakenPen
from partnerships.models import Turn
from portal.history import line_of
from tests.evaluations.opened import a_promise, last_partner, opened_project, signed_project, three_parts
from tests.factories import DAY, NOON, member_of, other_side, partner_of, person_on

pytestmark = pytest.mark.django_db

LONG_AFTER = NOON + 8 * DAY
UNSENT = three_parts(hard=WrittenPart("Between our walls.", disagreed=True, view="Our own view."))


def lying(side, *, sent=True, saved=True, **fields):
    """A conclusion whose pen the other side has let lie, with words they saved and did not send.

    Gives the project, the conclusion, somebody of this side, and the holder's writer.
    """
    project = opened_project(**fields)
    me, holder = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me if sent else holder, at=NOON)
    if sent:
        words = Written(three_parts(), {1: a_promise(project, me, days=60)})
        to = partner_of(project, other_side(side))
        send_conclusion(conclusion, to=to, actor=me, at=NOON, written=words)
    if saved:
        save_conclusion(conclusion, Written(UNSENT), actor=holder, at=NOON)
    conclusion.refresh_from_db()
    return project, conclusion, me, holder


def url(name, project):
    return reverse(f"evaluations:conclusion_{name}", args=[project.reference])


def test_a_pen_that_lies_is_taken_and_what_was_sent_stands_again(side):
    project, conclusion, me, holder = lying(side)
    before = conclusion.revision

    take_pen(conclusion, actor=me, at=LONG_AFTER)

    conclusion.refresh_from_db()
    assert (conclusion.pen, conclusion.touched_at) == (partner_of(project, side), LONG_AFTER)
    stands = standing(conclusion.content(), partner_of(project, side))
    assert stands.parts == three_parts()
    assert stands.promises[1] == a_promise(project, me, days=60)
    # A number of its own: nobody signs these words with what they read of others.
    assert conclusion.revision == before + 1
    assert [turn.organisation for turn in project.turns.all()] == [partner_of(project, side)]
    assert [
        (one.recipient, one.params["kept"]) for one in Notice.objects.filter(kind="conclusion_taken")
    ] == [(holder, True)]
    assert not Notice.objects.unsent().filter(kind="conclusion_turn", recipient=holder).exists()


def test_what_was_not_sent_is_kept_for_its_writer_alone(client, side):
    project, conclusion, me, holder = lying(side)
    take_pen(conclusion, actor=me, at=LONG_AFTER)

    client.force_login(holder)
    kept = client.get(url("kept", project))
    assert ("Between our walls." in kept.text, "Our own view." in kept.text) == (True, True)
    assert url("kept", project) in client.get(url("detail", project)).text

    client.force_login(me)
    assert client.get(url("kept", project)).status_code == 404
    for name in ("detail", "edit"):
        page = client.get(url(name, project)).text
        assert page.count("Between our walls.") + page.count("Our own view.") == 0
        assert url("kept", project) not in page


def test_a_draft_that_was_never_sent_begins_anew_and_stays_with_its_writer(client, side):
    project, conclusion, me, holder = lying(side, sent=False)

    take_pen(conclusion, actor=me, at=LONG_AFTER)

    conclusion.refresh_from_db()
    assert {part.drafted for part in conclusion.parts.all()} == {True}
    assert conclusion.last_turn() is None
    client.force_login(me)
    assert "Between our walls." not in client.get(url("edit", project)).text
    client.force_login(holder)
    assert "is writing the first draft" in client.get(url("detail", project)).text
    assert "Between our walls." in client.get(url("kept", project)).text


def test_sentences_that_were_only_offered_are_not_kept_as_their_words(client, side):
    project, conclusion, me, holder = lying(side, sent=False, saved=False)
    offered = standing(conclusion.content(), partner_of(project, other_side(side))).parts
    save_conclusion(conclusion, Written(offered | {"well": WrittenPart("Ours.")}), actor=holder, at=NOON)

    take_pen(conclusion, actor=me, at=LONG_AFTER)

    client.force_login(holder)
    [kept] = client.get(url("kept", project)).context["kept"]
    assert [(one["label"], one["text"]) for one in kept["places"]] == [("What went well", "Ours.")]


@pytest.mark.parametrize("sent", [True, False])
def test_who_wrote_nothing_loses_nothing(side, sent):
    project, conclusion, me, _holder = lying(side, sent=sent, saved=False)
    before = conclusion.content()

    take_pen(conclusion, actor=me, at=LONG_AFTER)

    conclusion.refresh_from_db()
    assert conclusion.content() == before
    assert TakenPen.objects.get().unsent == {}
    assert [one.params["kept"] for one in Notice.objects.filter(kind="conclusion_taken")] == [False]
    assert not may_take_back(conclusion, partner_of(project, side), conclusion.last_turn())


def test_seven_whole_days_where_the_project_is(side):
    project, conclusion, me, _holder = lying(side)
    day = NOON.date() + 7 * DAY
    midnight = dt.datetime.combine(day + DAY, dt.time(), tzinfo=project.zone).astimezone(dt.UTC)
    second = dt.timedelta(seconds=1)

    assert pen_is_safe_until(conclusion) == day
    with pytest.raises(NotYet, match="in the last 7 days"):
        take_pen(conclusion, actor=me, at=midnight - second)
    take_pen(conclusion, actor=me, at=midnight)

    conclusion.refresh_from_db()
    assert conclusion.pen == partner_of(project, side)


def test_saving_and_sending_each_begin_the_seven_days_again(side):
    project, conclusion, _me, holder = lying(side, saved=False)
    here, there = partner_of(project, side), partner_of(project, other_side(side))

    save_conclusion(conclusion, Written(UNSENT), actor=holder, at=NOON + 5 * DAY)
    conclusion.refresh_from_db()
    assert not may_take_pen(conclusion, here, at=LONG_AFTER)
    assert may_take_pen(conclusion, here, at=LONG_AFTER + 5 * DAY)

    send_conclusion(conclusion, to=here, actor=holder, at=NOON + 6 * DAY)
    conclusion.refresh_from_db()
    assert not may_take_pen(conclusion, there, at=LONG_AFTER + 5 * DAY)
    assert may_take_pen(conclusion, there, at=LONG_AFTER + 6 * DAY)


def test_pressing_save_without_a_change_does_not_hold_the_pen(side):
    project, conclusion, me, holder = lying(side)

    save_conclusion(conclusion, Written(UNSENT), actor=holder, at=NOON + 6 * DAY)

    take_pen(conclusion, actor=me, at=LONG_AFTER)
    conclusion.refresh_from_db()
    assert conclusion.pen == partner_of(project, side)


def test_more_time_that_all_granted_is_theirs(side):
    project, conclusion, me, _holder = lying(side)
    granted = NOON.date() + 20 * DAY
    project.turns.filter(kind=Turn.Kind.CONCLUSION).update(due_on=granted)

    assert pen_is_safe_until(conclusion) == granted
    with pytest.raises(NotYet):
        take_pen(conclusion, actor=me, at=NOON + 15 * DAY)


def test_taking_it_twice_takes_it_once(side):
    project, conclusion, me, _holder = lying(side)
    colleague = member_of(partner_of(project, side))

    take_pen(conclusion, actor=me, at=LONG_AFTER)
    take_pen(conclusion, actor=colleague, at=LONG_AFTER)

    assert TakenPen.objects.count() == 1
    assert Event.objects.filter(verb="conclusion.pen_taken").count() == 1
    assert Notice.objects.filter(kind="conclusion_taken").count() == 1


def test_who_is_taken_the_pen_saves_nothing_and_sees_what_was_typed(client, side):
    project, conclusion, me, holder = lying(side)
    client.force_login(holder)
    read = client.get(url("edit", project)).context["form"]
    take_pen(conclusion, actor=me, at=LONG_AFTER)

    response = client.post(
        reverse("evaluations:conclusion_part", args=[project.reference, "well"]),
        {
            "well_text": "Typed too late.",
            "well_disagreed": "on",
            "well_view": "And our view.",
            "well_read": read["well_read"].value(),
        },
    )

    assert response.status_code == 409
    assert "Typed too late." in response.text
    assert "And our view." in response.text
    with pytest.raises(NotYourTurn):
        send_conclusion(conclusion, to=partner_of(project, side), actor=holder, at=LONG_AFTER)


def test_it_goes_back_the_same_way(side):
    project, conclusion, me, holder = lying(side)
    take_pen(conclusion, actor=me, at=LONG_AFTER)
    conclusion.refresh_from_db()

    take_pen(conclusion, actor=holder, at=LONG_AFTER + 8 * DAY)

    conclusion.refresh_from_db()
    assert conclusion.pen == partner_of(project, other_side(side))
    # This side had written nothing since: nothing is kept, and the others keep what was theirs.
    kept = [TakenPen.objects.kept_for(partner_of(project, one)).count() for one in (side, other_side(side))]
    assert kept == [0, 1]


def test_what_stands_after_taking_can_be_signed_by_both(side):
    _project, conclusion, me, holder = lying(side)
    take_pen(conclusion, actor=me, at=LONG_AFTER)
    conclusion.refresh_from_db()

    for person in (holder, me):
        sign_conclusion(conclusion, revision=conclusion.last_turn().revision, actor=person, at=LONG_AFTER)

    conclusion.refresh_from_db()
    assert conclusion.signed_at == LONG_AFTER


def test_who_has_left_promises_nothing_when_it_stands_again(side):
    project, conclusion, me, _holder = lying(side)
    colleague = member_of(partner_of(project, side))
    me.memberships.update(left_at=NOON)

    take_pen(conclusion, actor=colleague, at=LONG_AFTER)

    promise = conclusion.promises.get()
    assert (promise.what, promise.owner, promise.organisation) == (
        "Send agendas five days before",
        None,
        None,
    )


def test_only_who_signs_takes_it():
    project = opened_project(groups=2, excused="group")
    excused = last_partner(project, "group")
    conclusion = start_conclusion(project, actor=person_on(project, "company"), at=NOON)

    assert not may_take_pen(conclusion, excused, at=LONG_AFTER)
    with pytest.raises(NotYourTurn):
        take_pen(conclusion, actor=member_of(excused), at=LONG_AFTER)


def test_a_signed_conclusion_has_no_pen_to_take(side):
    project = signed_project(result="")

    with pytest.raises(NotYourTurn, match="Everybody has signed"):
        take_pen(project.conclusion, actor=person_on(project, side), at=LONG_AFTER)


def test_history_says_who_took_it_from_whom(side):
    project, conclusion, me, _holder = lying(side)

    take_pen(conclusion, actor=me, at=LONG_AFTER)

    event = Event.objects.get(verb="conclusion.pen_taken")
    assert event.audience is None
    there = partner_of(project, other_side(side))
    assert line_of(event).text.endswith(f"took over the joint conclusion, which {there} had let lie.")


def test_the_page_offers_it_when_it_may_be_taken_and_asks_before(client, side):
    project, conclusion, me, holder = lying(side)
    client.force_login(me)
    waiting = client.get(url("detail", project)).text
    assert ("for 7 whole days" in waiting, url("take", project) in waiting) == (True, False)
    assert client.get(url("take", project)).url == url("detail", project)
    refused = client.post(url("take", project), follow=True)
    assert "so it stays with them" in refused.text

    conclusion.touched_at = conclusion.touched_at - 30 * DAY
    conclusion.save()
    assert url("take", project) in client.get(url("detail", project)).text
    assert "has saved and sent nothing for 7 days" in client.get(url("take", project)).text
    taken = client.post(url("take", project), follow=True)

    assert "It is with you now." in taken.text
    assert "You took it over on" in taken.text
    conclusion.refresh_from_db()
    assert conclusion.pen == partner_of(project, side)
    client.force_login(holder)
    assert url("take", project) not in client.get(url("detail", project)).text

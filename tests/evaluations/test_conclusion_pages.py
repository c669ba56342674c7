"""The pages of the joint conclusion: what each side sees, writes, sends and signs."""

import pytest
from django.urls import reverse

from evaluations.actions.conclusions import send_conclusion, start_conclusion
from evaluations.actions.written import Written, WrittenPart
from evaluations.models import Conclusion
from tests.evaluations.opened import (
    a_promise,
    opened_project,
    principle,
    signed_project,
    three_parts,
)
from tests.factories import (
    NOON,
    make_project,
    make_reviews,
    member_of,
    other_side,
    partner_of,
    person_on,
    signatory_on,
)

pytestmark = pytest.mark.django_db


def url(name, project):
    return reverse(f"evaluations:conclusion_{name}", args=[project.reference])


def text_of(response):
    return " ".join(response.content.decode().split())


def fields_of(form):
    """What a browser would post from this form without touching it."""
    data = {}
    for name, field in form.fields.items():
        bound = form[name]
        value = bound.value()
        if name.endswith("_date"):
            for part, typed in zip(("day", "month", "year"), field.widget.decompress(value), strict=True):
                data[f"{name}_{part}"] = typed
        elif value not in (None, False, ""):
            data[name] = "on" if value is True else value
    return data


def form_on(client, project):
    return client.get(url("edit", project)).context["form"]


def started(client, side, **fields):
    """An opened project whose conclusion this side has started, with the starter signed in."""
    project = opened_project(**fields)
    me = person_on(project, side)
    client.force_login(me)
    client.post(url("start", project))
    return project, me


def test_before_the_reviews_open_the_page_says_that_it_comes_later(client, side):
    project = make_project(stage="review")
    make_reviews(project)
    client.force_login(person_on(project, side))

    response = client.get(url("detail", project))

    assert "It comes after the reviews." in text_of(response)
    assert client.post(url("start", project)).status_code == 404
    assert not Conclusion.objects.exists()


def test_starting_leads_straight_to_the_words(client, side):
    project = opened_project()
    client.force_login(person_on(project, side))

    response = client.post(url("start", project))

    assert response.url == url("edit", project)
    text = text_of(client.get(response.url))
    assert text.count("Draft, change freely") == 3
    assert "What took the most time was …" in text


def test_whoever_comes_second_is_led_to_the_page_to_read(client, side):
    project = opened_project()
    start_conclusion(project, actor=person_on(project, other_side(side)), at=NOON)
    client.force_login(person_on(project, side))

    assert client.post(url("start", project)).url == url("detail", project)
    assert client.get(url("edit", project)).url == url("detail", project)


def test_nobody_reads_a_draft_before_it_is_sent(client, side):
    project, _me = started(client, side)
    data = fields_of(form_on(client, project)) | {"well_text": "Between these walls."}
    client.post(url("edit", project), data)

    client.force_login(person_on(project, other_side(side)))
    text = text_of(client.get(url("detail", project)))

    assert "Between these walls." not in text
    assert f"{partner_of(project, side)} is writing the first draft" in text
    assert client.get(reverse("evaluations:conclusion_pdf", args=[project.reference])).status_code == 404


def test_changes_after_the_first_sending_stay_with_the_writer_too(client, side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    there = partner_of(project, other_side(side))
    send_conclusion(conclusion, to=there, actor=me, at=NOON, written=Written(three_parts()))
    client.force_login(them)
    client.post(url("edit", project), fields_of(form_on(client, project)) | {"well_text": "Half a thou"})

    client.force_login(me)
    text = text_of(client.get(url("detail", project)))

    assert "Half a thou" not in text
    assert "We met every week." in text


def test_what_was_typed_is_kept_and_shown_again(client, side):
    project, me = started(client, side)
    them = person_on(project, other_side(side))
    data = fields_of(form_on(client, project)) | {
        "well_text": "We met every week.\r\nAlways on time.",
        "well_public": "on",
        "hard_disagreed": "on",
        "hard_view": "It took 9 weeks.",
        "promise-1_what": "Agendas five days before",
        "promise-1_owner": them.pk,
        "promise-1_principle": principle(project, 4).pk,
        "promise-1_when": "weeks",
        "promise-3_what": "Say thank you",
    }

    response = client.post(url("edit", project), data)

    assert response.url == url("detail", project)
    form = form_on(client, project)
    assert form["well_text"].value() == "We met every week.\nAlways on time."
    assert (form["well_public"].value(), form["hard_disagreed"].value()) == (True, True)
    assert form["hard_view"].value() == "It took 9 weeks."
    assert form["promise-1_date"].value() == form.today + (form.relative_days()["weeks"] - form.today)
    assert form["promise-3_what"].value() == "Say thank you"
    assert me != them


def test_a_fourth_promise_that_is_posted_is_passed_over_and_the_rest_is_kept(client, side):
    project, me = started(client, side)
    promises = {
        f"promise-{position}_{name}": value
        for position in (1, 2, 3, 4)
        for name, value in {
            "what": f"Promise {position}",
            "owner": me.pk,
            "principle": principle(project, 4).pk,
            "when": "weeks",
        }.items()
    }

    response = client.post(url("edit", project), fields_of(form_on(client, project)) | promises)

    assert response.url == url("detail", project)
    assert [promise.what for promise in project.promises.all()] == ["Promise 1", "Promise 2", "Promise 3"]
    page = text_of(client.get(url("detail", project)))
    assert ("Promise 3" in page, "Promise 4" in page) == (True, False)


def test_a_promise_can_be_taken_from_the_reviews_without_typing(client, side):
    project, me = started(client, side, **{side: {"level": 3, "change": "Agendas five days before"}})
    data = fields_of(form_on(client, project)) | {
        "promise-1_offer": "1",
        "promise-1_owner": me.pk,
        "promise-1_principle": principle(project, 4).pk,
        "promise-1_when": "month",
    }

    client.post(url("edit", project), data)

    assert project.promises.get().what == "Agendas five days before"


def test_an_offer_from_a_question_knows_its_principle(client, side):
    project, me = started(client, side, **{side: 1, other_side(side): 4})
    data = fields_of(form_on(client, project)) | {
        "promise-1_offer": "1",
        "promise-1_owner": me.pk,
        "promise-1_when": "month",
    }

    client.post(url("edit", project), data)

    promise = project.promises.get()
    assert (promise.what, promise.principle) == ("It looked like yes", principle(project, 1))


def a_draft_is_offered(client, side, **fields):
    """The level that went least well, and what somebody wants to change: the draft is the one with a principle."""
    answers = {side: {"level": 1, "change": "Agendas five days before"}, other_side(side): 4}
    project, me = started(client, side, **answers | fields)
    return project, me, fields_of(form_on(client, project))


def test_the_first_promise_begins_with_a_draft_that_lacks_only_who_and_when(client, side):
    project, me, data = a_draft_is_offered(client, side)
    field = form_on(client, project).fields["promise-1_offer"]

    client.post(url("edit", project), data | {"promise-1_owner": me.pk, "promise-1_when": "weeks"})

    assert ("A draft." in str(field.help_text), data["promise-1_offer"]) == (True, "2")
    promise = project.promises.get()
    assert (promise.position, promise.what, promise.principle) == (
        1,
        "It looked like yes",
        principle(project, 1),
    )
    assert (promise.owner, promise.due_on is not None) == (me, True)


def test_nobody_and_no_day_is_chosen_beforehand(client, side):
    _project, _me, data = a_draft_is_offered(client, side)

    chosen = [name for name, value in data.items() if value and name.startswith("promise-")]
    assert [name for name in chosen if not name.endswith("_read")] == ["promise-1_offer", "promise-1_drafted"]


def test_a_draft_that_is_left_alone_is_no_promise(client, side):
    project, _me, data = a_draft_is_offered(client, side)

    client.post(url("edit", project), data)
    client.post(url("send", project), data)

    assert not project.promises.exists()
    assert Conclusion.objects.get().turns.get().content["promises"] == []


def test_a_draft_that_is_left_alone_is_no_promise_when_a_colleague_writes_one_meanwhile(client, side):
    project, me, data = a_draft_is_offered(client, side)
    theirs = data | {"promise-2_what": "Say thank you", "promise-2_owner": me.pk, "promise-2_when": "weeks"}
    client.post(url("edit", project), theirs)

    client.post(url("edit", project), data | {"well_text": "We met every week."})

    assert [promise.what for promise in project.promises.all()] == ["Say thank you"]
    assert form_on(client, project)["promise-1_offer"].value() == ""


def test_another_offer_than_the_draft_is_kept_as_it_was_chosen(client, side):
    project, _me, data = a_draft_is_offered(client, side)

    client.post(url("edit", project), data | {"promise-1_offer": "1"})

    promise = project.promises.get()
    assert (promise.what, promise.owner, promise.principle) == ("Agendas five days before", None, None)


def test_own_words_stand_in_place_of_the_draft(client, side):
    project, _me, data = a_draft_is_offered(client, side)

    client.post(url("edit", project), data | {"promise-1_what": "Call first"})

    promise = project.promises.get()
    assert (promise.what, promise.principle) == ("Call first", None)


def test_offers_stand_under_their_principle_and_what_somebody_wrote_comes_first(client, side):
    project, _me, _data = a_draft_is_offered(client, side)

    choices = form_on(client, project).fields["promise-1_offer"].choices

    assert choices[1] == ("Said in your reviews", [("1", "Agendas five days before")])
    assert choices[2][0] == principle(project, 1).name
    numbers = [number for _heading, offers in choices[1:] for number, _what in offers]
    assert sorted(numbers) == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("field", "typed", "message", "anchor"),
    [
        ("well_text", "Pat\x00ient", "hidden characters", "well_text"),
        ("well_text", "x" * 4001, "at most 4000", "well_text"),
        ("promise-1_what", "x" * 201, "at most 200", "promise-1_what"),
        ("promise-1_owner", "999999", "Choose somebody from the list.", "promise-1_owner"),
        ("promise-1_owner", "x" * 50, "Choose somebody from the list.", "promise-1_owner"),
        ("promise-1_principle", "999999", "Choose a principle from the list.", "promise-1_principle"),
        ("promise-1_when", "date", "Enter the date", "promise-1_date"),
        ("promise-1_date_day", "31", "Enter a day, a month and a year", "promise-1_date"),
    ],
)
def test_what_cannot_be_kept_is_explained_and_everything_else_stays(
    client, side, field, typed, message, anchor
):
    project, _me = started(client, side)
    data = fields_of(form_on(client, project)) | {"hard_text": "Keep me.", field: typed}

    response = client.post(url("edit", project), data)

    assert response.status_code == 422
    text = text_of(response)
    assert message in text
    assert f'href="#id_{anchor}"' in text
    assert "Keep me." in text
    assert not project.promises.exists()


def test_a_day_that_has_passed_is_refused(client, side):
    project, _me = started(client, side)
    data = fields_of(form_on(client, project)) | {
        "promise-1_when": "date",
        "promise-1_date_day": "1",
        "promise-1_date_month": "march",
        "promise-1_date_year": "2026",
    }

    response = client.post(url("edit", project), data)

    assert "Choose a day that is still to come." in text_of(response)


def test_sending_keeps_what_stands_in_the_boxes(client, side):
    project, _me = started(client, side)
    them = person_on(project, other_side(side))
    data = fields_of(form_on(client, project)) | {"well_text": "We met every week."}

    response = client.post(url("send", project), data)

    assert response.url == url("detail", project)
    client.force_login(them)
    page = client.get(url("detail", project))
    text = text_of(page)
    assert "We met every week." in text
    assert "The joint conclusion is with you" in text
    assert "Accept and sign" in text


def test_sending_from_the_page_to_read_needs_no_form(client, side):
    project, _me = started(client, side)

    client.post(url("send", project), {"to": partner_of(project, other_side(side)).pk})

    assert Conclusion.objects.get().pen == partner_of(project, other_side(side))


def test_with_several_partners_somebody_is_chosen(client, side):
    project, _me = started(client, side, groups=2, companies=2)

    refused = client.post(url("send", project), {"to": "999"}, follow=True)

    assert "Choose to whom it goes next." in text_of(refused)
    assert Conclusion.objects.get().pen == partner_of(project, side)


def test_the_reader_sees_what_changed_since_they_sent_it(client, side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    here, there = partner_of(project, side), partner_of(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    send_conclusion(conclusion, to=there, actor=me, at=NOON, written=Written(three_parts()))
    changed = Written(
        three_parts(hard=WrittenPart("The contract took 9 weeks.")), {1: a_promise(project, them)}
    )
    send_conclusion(conclusion, to=here, actor=them, at=NOON, written=changed)
    client.force_login(me)

    shown = client.get(url("detail", project)).context["shown"]

    assert [(part.code, part.before.text if part.before else None) for part in shown.parts] == [
        ("well", None),
        ("hard", "The contract took long."),
        ("different", None),
    ]
    assert [promise.is_new for promise in shown.promises] == [True]


def test_signing_sends_words_that_the_others_do_not_know_yet_and_says_so(client, side):
    project, _me = started(client, side)
    name = partner_of(project, other_side(side)).name
    page = client.get(url("detail", project))

    client.post(url("sign", project), {"revision": page.context["shown"].revision})
    client.force_login(person_on(project, other_side(side)))
    theirs = client.get(url("detail", project))

    assert f"Sign and send to {name}" in text_of(page)
    assert f"Send to {name} without signing" in text_of(page)
    assert f"If {name} changes a word, it is taken off and you are asked again." in text_of(page)
    assert "Accept and sign" in text_of(theirs)
    assert "Sign and send" not in text_of(theirs)
    client.post(url("sign", project), {"revision": theirs.context["shown"].revision})
    project.refresh_from_db()
    assert project.stage == "completed"


def test_who_has_changed_a_word_signs_and_sends_it_back(client, side):
    project, _me = started(client, side)
    client.post(url("sign", project), {"revision": Conclusion.objects.get().revision})
    client.force_login(person_on(project, other_side(side)))
    client.post(url("edit", project), fields_of(form_on(client, project)) | {"well_text": "All went well."})

    page = text_of(client.get(url("detail", project)))

    assert f"Sign and send to {partner_of(project, side).name}" in page
    assert "Accept and sign" not in page


def test_nothing_is_signed_before_it_is_finished(client, side):
    project, _me = started(client, side)
    data = fields_of(form_on(client, project)) | {"promise-2_what": "Say thank you"}
    client.post(url("edit", project), data)

    page = text_of(client.get(url("detail", project)))

    assert "Promise 2 needs a name." in page
    assert ("Sign and send" in page, "without signing" in page) == (False, False)
    assert f"Send to {partner_of(project, other_side(side)).name}" in page


def test_signing_twice_ends_in_a_completed_project(client, side):
    project, me = started(client, side)
    them = person_on(project, other_side(side))
    revision = Conclusion.objects.get().revision

    client.post(url("sign", project), {"revision": revision})
    client.post(url("sign", project), {"revision": revision})
    client.force_login(them)
    response = client.post(url("sign", project), {"revision": revision}, follow=True)

    assert "Everybody has signed." in text_of(response)
    project.refresh_from_db()
    assert project.stage == "completed"
    assert me != them


def test_a_signatory_signs_and_finds_nothing_else_to_press(client, side):
    project, _me = started(client, side)
    client.post(url("send", project), {"to": partner_of(project, other_side(side)).pk})
    client.force_login(signatory_on(project, other_side(side)))
    before = client.get(url("detail", project))

    client.post(url("sign", project), {"revision": before.context["shown"].revision})

    after = client.get(url("detail", project))
    assert url("sign", project) in before.text
    assert "Sign it, or change it." not in before.text
    assert Conclusion.objects.get().signatures.get().organisation == partner_of(project, other_side(side))
    assert "You have signed" in after.text
    for name in ("edit", "send", "take_back"):
        assert url(name, project) not in before.text + after.text


def test_an_unfinished_conclusion_says_what_is_missing_before_and_after_pressing(client, side):
    project, _me = started(client, side)
    data = fields_of(form_on(client, project)) | {"well_text": "", "promise-2_what": "Something"}
    client.post(url("edit", project), data)

    page = text_of(client.get(url("detail", project)))
    response = client.post(url("sign", project), {"revision": Conclusion.objects.get().revision})

    for sentence in ("“What went well” is empty.", "Promise 2 needs a name.", "Promise 2 needs a date."):
        assert sentence in page
        assert sentence in text_of(response)
    assert response.status_code == 422
    assert 'href="#part-promise-2"' in text_of(response)


def test_a_signature_for_older_words_is_refused(client, side):
    project, _me = started(client, side)
    client.post(url("edit", project), fields_of(form_on(client, project)) | {"well_text": "New."})

    response = client.post(url("sign", project), {"revision": 1}, follow=True)

    assert "This was changed after you read it." in text_of(response)


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "１"])
def test_a_signature_needs_a_number(client, side, revision):
    project, _me = started(client, side)

    assert client.post(url("sign", project), {"revision": revision}).status_code in (302, 404)
    assert not Conclusion.objects.get().signatures.exists()


def test_who_writes_is_warned_that_a_change_takes_signatures_off(client, side):
    project, _me = started(client, side)
    them = person_on(project, other_side(side))
    client.post(url("sign", project), {"revision": 1})
    client.force_login(them)

    name = partner_of(project, side)
    assert f"{name} has signed. If you change a word, that signature is taken off" in text_of(
        client.get(url("edit", project))
    )
    assert f"{name} has signed. A change takes that signature off" in text_of(
        client.get(url("detail", project))
    )


def test_two_colleagues_get_both_texts_and_choose(client, side):
    project, _me = started(client, side)
    mine = fields_of(form_on(client, project)) | {"well_text": "Mine.", "hard_text": "My hard part."}
    theirs = fields_of(form_on(client, project)) | {
        "well_text": "Theirs.",
        "different_text": "Their third part.",
    }
    colleague = member_of(partner_of(project, side))
    client.force_login(colleague)
    client.post(url("edit", project), theirs)

    response = client.post(url("edit", project), mine)

    assert response.status_code == 409
    text = text_of(response)
    assert "Your colleague changed this too" in text
    assert "Theirs." in text
    assert "Mine." in text
    form = response.context["form"]
    # What only one of them changed needs no choice.
    assert (form["hard_text"].value(), form["different_text"].value()) == (
        "My hard part.",
        "Their third part.",
    )

    again = dict(form.data.items())
    client.post(url("edit", project), again | {"well_keep": "theirs"})

    stored = Conclusion.objects.get().content()["parts"]
    assert [stored[code]["text"] for code in ("well", "hard", "different")] == [
        "Theirs.",
        "My hard part.",
        "Their third part.",
    ]


def test_two_colleagues_on_the_same_promise_choose_too(client, side):
    project, me = started(client, side)
    base = fields_of(form_on(client, project))
    client.post(url("edit", project), base | {"promise-1_what": "Theirs", "promise-1_owner": me.pk})

    response = client.post(url("edit", project), base | {"promise-1_what": "Mine"})

    assert response.status_code == 409
    assert [conflict["name"] for conflict in response.context["conflicts"]] == ["promise-1_keep"]

    again = dict(response.context["form"].data.items())
    client.post(url("edit", project), again | {"promise-1_keep": "mine"})
    assert [(promise.what, promise.owner) for promise in project.promises.all()] == [("Mine", None)]


@pytest.mark.parametrize("name", ["edit", "send"])
def test_words_that_come_too_late_are_shown_to_be_copied(client, side, name):
    project, me = started(client, side)
    mine = fields_of(form_on(client, project)) | {"well_text": "Twenty minutes of work."}
    send_conclusion(Conclusion.objects.get(), to=partner_of(project, other_side(side)), actor=me, at=NOON)

    response = client.post(url(name, project), mine)

    assert response.status_code == 409
    text = text_of(response)
    assert f"{partner_of(project, other_side(side))} is writing now." in text
    assert "Twenty minutes of work." in text


def test_the_page_says_why_a_signed_project_is_not_completed(client, side):
    project = signed_project(result="")
    client.force_login(person_on(project, side))

    text = text_of(client.get(url("detail", project)))

    assert "Not completed yet" in text
    assert "The result for patients is not recorded." in text


def test_readers_read_and_are_offered_nothing_to_press(client, side):
    project = signed_project(result="")
    client.force_login(person_on(project, side, "reader"))

    text = text_of(client.get(url("detail", project)))

    assert "Your joint conclusion is signed" in text
    for name in ("sign", "send", "edit", "start"):
        assert url(name, project) not in text


@pytest.mark.parametrize("promises", [1, 3])
@pytest.mark.parametrize("name", ["detail", "edit"])
def test_the_pages_ask_the_database_the_same_number_of_times(
    client, side, promises, name, django_assert_num_queries
):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    written = Written(three_parts(), {number: a_promise(project, them) for number in range(1, promises + 1)})
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=NOON, written=written)
    client.force_login(them)
    expected = {"detail": 16, "edit": 25}

    with django_assert_num_queries(expected[name]):
        client.get(url(name, project))


def test_a_project_that_ended_offers_nothing_to_start_or_sign(client, side):
    project = opened_project()
    project.stage, project.withdrawn_at, project.withdraw_reason = "withdrawn", NOON, "other"
    project.save()
    client.force_login(person_on(project, side))

    pages = [client.get(url("detail", project)), client.get(f"/projects/{project.reference}/results/")]

    assert "This project ended without one." in text_of(pages[0])
    for page in pages:
        assert url("start", project) not in text_of(page)


def test_the_sender_is_offered_to_take_it_back(client, side):
    project, _me = started(client, side)
    client.post(url("send", project), {})

    assert url("take_back", project) in text_of(client.get(url("detail", project)))
    response = client.post(url("take_back", project), follow=True)

    assert "The joint conclusion is with you" in text_of(response)

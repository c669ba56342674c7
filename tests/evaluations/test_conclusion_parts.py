"""Writing the joint conclusion one part at a time, as on a phone."""

import pytest
from django.urls import reverse

from evaluations.actions.conclusions import save_conclusion, send_conclusion, start_conclusion
from evaluations.actions.written import Written, WrittenPart
from evaluations.models import Conclusion
from tests.evaluations.opened import a_promise, opened_project, principle, three_parts
from tests.evaluations.test_conclusion_pages import fields_of, text_of
from tests.factories import NOON, member_of, other_side, partner_of, person_on

pytestmark = pytest.mark.django_db


def url(project, code="", name="part"):
    return reverse(f"evaluations:conclusion_{name}", args=[project.reference, *([code] if code else [])])


def started(client, side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    client.force_login(me)
    return project, conclusion, me


def form_on(client, project, code):
    return client.get(url(project, code)).context["form"]


def test_each_part_has_its_page_and_only_its_own_fields(client, side):
    project, _conclusion, _me = started(client, side)

    places = {code: form_on(client, project, code).places for code in ("well", "hard", "different")}

    assert places == {
        "well": ["well"],
        "hard": ["hard"],
        "different": ["different", "promise-1", "promise-2", "promise-3"],
    }


@pytest.mark.parametrize("code", ["promise-1", "none", "WELL"])
def test_there_is_no_other_part(client, side, code):
    project, _conclusion, _me = started(client, side)

    assert client.get(url(project, code)).status_code == 404
    assert client.post(url(project, code), {"well_text": "x"}).status_code == 404


def test_saving_leads_from_part_to_part_and_keeps_the_others(client, side):
    project, conclusion, me = started(client, side)
    words = Written(three_parts(), {2: a_promise(project, me)})
    save_conclusion(conclusion, words, actor=me, at=NOON)
    following = [url(project, "hard"), url(project, "different"), url(project, name="detail")]

    for code, leads_to in zip(("well", "hard", "different"), following, strict=True):
        data = fields_of(form_on(client, project, code)) | {f"{code}_text": f"New {code}."}
        assert client.post(url(project, code), data).url == leads_to

    conclusion.refresh_from_db()
    assert [part.text for part in conclusion.parts.all()] == ["New well.", "New hard.", "New different."]
    # What a page does not show it does not touch: neither the mark on the part nor the promise.
    assert conclusion.parts.get(code="different").public
    assert [promise.position for promise in conclusion.promises.all()] == [2]


def test_a_promise_is_written_with_the_last_part(client, side):
    project, conclusion, me = started(client, side)
    data = fields_of(form_on(client, project, "different")) | {
        "promise-1_what": "Agendas five days before",
        "promise-1_owner": me.pk,
        "promise-1_principle": principle(project, 4).pk,
        "promise-1_when": "weeks",
    }

    client.post(url(project, "different"), data)

    assert conclusion.promises.get().what == "Agendas five days before"


def test_finishing_later_leads_to_the_page_to_read(client, side):
    project, conclusion, _me = started(client, side)
    data = fields_of(form_on(client, project, "well")) | {"well_text": "Half a thought.", "later": "1"}

    response = client.post(url(project, "well"), data)

    assert response.url == url(project, name="detail")
    assert conclusion.parts.get(code="well").text == "Half a thought."


def test_what_cannot_be_kept_is_explained_on_the_page_of_the_part(client, side):
    project, _conclusion, _me = started(client, side)
    data = fields_of(form_on(client, project, "well")) | {"well_text": "x" * 4001}

    response = client.post(url(project, "well"), data)

    assert response.status_code == 422
    assert 'href="#id_well_text"' in response.text
    assert response.context["form"].places == ["well"]


def test_two_colleagues_in_different_parts_never_meet(client, side):
    project, conclusion, me = started(client, side)
    mine = fields_of(form_on(client, project, "well")) | {"well_text": "Mine."}
    theirs = fields_of(form_on(client, project, "hard")) | {"hard_text": "Theirs."}
    client.force_login(member_of(partner_of(project, side)))
    client.post(url(project, "hard"), theirs)

    client.force_login(me)
    assert client.post(url(project, "well"), mine).status_code == 302

    texts = {part.code: part.text for part in conclusion.parts.all()}
    assert (texts["well"], texts["hard"]) == ("Mine.", "Theirs.")


@pytest.mark.parametrize(("keep", "stored"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_two_colleagues_in_the_same_part_get_both_texts_and_choose(client, side, keep, stored):
    project, conclusion, _me = started(client, side)
    mine = fields_of(form_on(client, project, "different")) | {
        "different_text": "Mine.",
        "promise-2_what": "My promise",
    }
    theirs = Written({"different": WrittenPart("Theirs."), "hard": WrittenPart("Their hard part.")})
    save_conclusion(conclusion, theirs, actor=member_of(partner_of(project, side)), at=NOON)

    response = client.post(url(project, "different"), mine)

    assert response.status_code == 409
    assert ("Mine." in response.text, "Theirs." in response.text) == (True, True)
    again = response.context["form"].data.dict() | {"different_keep": keep}
    assert client.post(url(project, "different"), again).url == url(project, name="detail")
    texts = {part.code: part.text for part in conclusion.parts.all()}
    assert (texts["different"], texts["hard"]) == (stored, "Their hard part.")
    assert [promise.what for promise in conclusion.promises.all()] == ["My promise"]


def test_who_lost_the_pen_sees_what_they_typed(client, side):
    project, conclusion, me = started(client, side)
    data = fields_of(form_on(client, project, "well")) | {"well_text": "Typed in the train."}
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=NOON)

    response = client.post(url(project, "well"), data)

    assert (response.status_code, "Typed in the train." in response.text) == (409, True)
    assert client.get(url(project, "well")).url == url(project, name="detail")


def test_who_writes_a_part_is_warned_that_a_change_takes_signatures_off(client, side):
    project, _conclusion, _me = started(client, side)
    client.post(url(project, name="sign"), {"revision": Conclusion.objects.get().revision})
    client.force_login(person_on(project, other_side(side)))

    page = text_of(client.get(url(project, "different")))

    assert (
        f"{partner_of(project, side)} has signed. If you change a word, that signature is taken off" in page
    )


def test_the_list_says_how_far_each_part_is(client, side):
    project, conclusion, me = started(client, side)
    words = {"well": WrittenPart("We met every week."), "hard": WrittenPart("")}
    save_conclusion(conclusion, Written(words, {1: a_promise(project, me, days=60)}), actor=me, at=NOON)

    parts = client.get(url(project, name="edit")).context["parts"]

    assert [(part["status"], part["hint"]) for part in parts] == [
        ("Written", ""),
        ("Not written yet", ""),
        ("Draft", "With 1 promise"),
    ]


def test_a_refused_form_is_shown_whole_on_a_narrow_page_too(client, side):
    project, _conclusion, _me = started(client, side)
    plain = client.get(url(project, name="edit"))
    data = fields_of(plain.context["form"]) | {"well_text": "x" * 4001}

    refused = client.post(url(project, name="edit"), data)

    assert ("as-a-whole" in plain.text, "by-part" in plain.text) == (True, True)
    assert ("as-a-whole" in refused.text, "by-part" in refused.text) == (False, False)


@pytest.mark.parametrize("promises", [1, 3])
def test_the_page_of_a_part_asks_the_database_the_same_number_of_times(
    client, side, promises, django_assert_num_queries
):
    project, conclusion, me = started(client, side)
    given = {number: a_promise(project, me, days=60) for number in range(1, promises + 1)}
    save_conclusion(conclusion, Written(three_parts(), given), actor=me, at=NOON)

    with django_assert_num_queries(25):
        client.get(url(project, "different"))


def a_passed_promise(project, person):
    """Long before any day on which a page may be asked."""
    return a_promise(project, person, days=-30)


@pytest.mark.parametrize("signed", [True, False])
def test_a_day_that_has_passed_is_explained_at_its_promise_and_leads_to_a_new_one(client, side, signed):
    project, conclusion, me = started(client, side)
    them = person_on(project, other_side(side))
    save_conclusion(conclusion, Written(three_parts(), {1: a_passed_promise(project, me)}), actor=me, at=NOON)
    conclusion.refresh_from_db()
    if signed:
        conclusion.signatures.create(
            organisation=partner_of(project, side), person=me, revision=conclusion.revision, signed_at=NOON
        )
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    waiting = client.get(url(project, name="detail"))
    client.force_login(them)

    page = client.get(url(project, name="detail"))
    refused = client.post(url(project, name="sign"), {"revision": conclusion.revision})
    writing = client.get(url(project, "different"))

    assert f"{partner_of(project, other_side(side))} can choose a new one." in text_of(waiting)
    name = partner_of(project, side)
    for answer in (page, refused):
        assert f'href="{url(project, "different")}#promise-1"' in answer.text
        assert (f"A new day takes the signature of {name} off" in text_of(answer)) is signed
    assert (refused.status_code, 'href="#part-promise-1"' in refused.text) == (422, True)
    assert "The day of promise 1 has passed." in refused.text
    assert 'id="promise-1"' in writing.text
    assert "The day of this promise has passed." in writing.text
    assert conclusion.signatures.count() == signed

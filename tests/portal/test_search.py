"""The search: what is found by whom, in which words, and what never is."""

import html
import re
import unicodedata

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import Organisation
from accounts.words import HasWords, fold, says, spans, words_of
from evaluations.models import ConclusionPart, Promise
from partnerships.actions.talk import withdraw_entry
from partnerships.models import Participation, Project
from portal.search import SHOWN, find
from portal.search.hits import excerpt
from portal.views.search import EXAMPLES
from tests.browse import signed_in
from tests.evaluations.opened import opened_project, signed_project
from tests.factories import (
    NOON,
    add_agency,
    make_organisation,
    make_person,
    make_principles,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.talking import said
from tests.walk import OUTSIDERS, READERS, WRITERS, World

pytestmark = pytest.mark.django_db


def found(person, typed):
    """What somebody finds, by group: the titles in their order, or the words where the title says only what it is."""
    return {
        group.code: [hit.text if group.code in ("learnings", "talk") else hit.title for hit in group.hits]
        for group in find(person, typed)
    }


def ask(person, typed):
    return signed_in(person).get(reverse("portal:search"), {"q": typed})


# What is found ----------------------------------------------------------------------------------------


def test_a_project_is_found_by_its_title_and_by_its_partner(side):
    project = make_project(title="Night line for carers")
    company = partner_of(project, other_side(side))
    Organisation.objects.filter(pk=company.pk).update(name="Northwind Aid")
    person = person_on(project, side)

    for typed in ("night", "CARERS", "line night", "carer", "northwind"):
        assert found(person, typed)["projects"] == ["Night line for carers"], typed
    assert found(person, "northwind")["partners"] == ["Northwind Aid"]
    assert found(person, "night southwind") == {}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Café für Angehörige", "cafe fur"),
        ("Cafe fur Angehorige", "Café für"),
        ("Ligue Rhône-Alpes", "rhone alpes"),
        ("Straße der Łódź-Gruppe", "strasse lodz"),
        ("Ærø Gruppen", "aero gruppen"),
        ("Mu\u0308ller-Stiftung", "müller"),
        ("دليل مقدمي الرعاية", "دليل"),
        ("Руководство для близких", "РУКОВОДСТВО"),
        ("患者 手帳", "患者"),
        ("Carers’ handbook (2nd edition)", "handbook 2nd"),
        ("100% for patients", "100%"),
    ],
)
def test_accents_capitals_and_other_scripts_make_no_difference(name, typed):
    project = make_project(title=unicodedata.normalize("NFC", name))

    assert found(person_on(project, "group"), typed) == {"projects": [project.title]}


# SQLite looks for the letters as they are, and has no columns of words.
@pytest.mark.services
def test_on_postgresql_any_form_of_a_word_is_found():
    project = make_project(title="Meeting families about the studies")
    person = person_on(project, "group")

    for typed in ("meetings", "family", "study", "the meeting about a study"):
        assert found(person, typed)["projects"] == [project.title], typed
    # Too common to tell anything.
    assert "projects" not in found(person, "the")


def test_promises_and_learnings_are_found_by_the_partners_of_the_project(side):
    project = signed_project(promises=[{"side": side, "what": "Agendas five days before"}])
    person = person_on(project, side)

    assert found(person, "agendas") == {"learnings": ["Agendas five days before"]}
    assert found(person, "start contract")["learnings"] == ["We start with the contract."]
    assert found(member_of(make_organisation(side)), "agendas") == {}


def test_the_guide_is_found_by_everybody():
    make_principles()
    person = make_person()

    assert found(person, "mutual expertise")["guide"][0] == "Mutual expertise"
    assert found(person, "indemnity")["guide"] == ["indemnity"]


def test_each_example_finds_something(db):
    from django.core.management import call_command

    call_command("load_principles", verbosity=0)
    person = make_person()
    text = signed_in(person).get(reverse("portal:search")).text

    assert len(EXAMPLES) == 3
    for example in EXAMPLES:
        assert f'?q={example}"' in text
        assert found(person, str(example))


# What is not ------------------------------------------------------------------------------------------


def test_everybody_finds_what_they_may_know_and_nothing_else():
    world = World("learned")
    Project.objects.filter(pk=world.project.pk).update(title="Zebrafinch")
    Promise.objects.filter(project=world.project).update(what="Zebrafinch promised")
    ConclusionPart.objects.filter(conclusion__project=world.project).update(text="Zebrafinch learned")
    hidden = make_organisation(name="Zebrafinch Trust")

    for who, person in world.people.items():
        if person is None or who.startswith("disabled"):
            continue
        titles = found(person, "zebrafinch")
        if who in OUTSIDERS:
            assert titles == {}, who
            continue
        assert titles.pop("projects") == ["Zebrafinch"], who
        learned = ["Zebrafinch learned"] * 3 + ["Zebrafinch promised"]
        assert titles == ({"learnings": learned} if who in READERS + WRITERS else {}), who
    # Listed, it is found by everybody who is signed in.
    Organisation.objects.filter(pk=hidden.pk).update(listed=True)
    assert found(world.person("nobody"), "zebrafinch") == {"partners": ["Zebrafinch Trust"]}


def test_what_is_said_in_talk_is_found_by_the_partners_and_concerns_and_what_was_withdrawn_by_nobody(side):
    project = make_project(stage="deliver", title="Handbook")
    me, them = person_on(project, side), person_on(project, other_side(side))
    for kind in ("question", "note", "concern"):
        said(project, me, kind, text=f"Zebrafinches {kind}")
    withdraw_entry(said(project, me, "note", text="Zebrafinch gone"), actor=me, at=NOON)
    agency = member_of(add_agency(project, partner_of(project, side)))

    for person in (me, them, member_of(partner_of(project, side), "reader")):
        assert found(person, "zebrafinch") == {"talk": ["Zebrafinches note", "Zebrafinches question"]}
    for person in (agency, member_of(make_organisation(side))):
        assert found(person, "zebrafinch") == {}


def test_drafts_of_promises_and_of_conclusions_are_found_by_nobody(side):
    project = opened_project()
    person = person_on(project, side)
    Promise.objects.create(project=project, what="Zebrafinch", state="draft")

    assert found(person, "zebrafinch") == {}


def test_a_text_on_which_they_do_not_agree_is_found_by_nobody(side):
    project = signed_project()
    ConclusionPart.objects.filter(code="hard").update(text="Zebrafinch", disagreed=True)

    assert found(person_on(project, side), "zebrafinch") == {}


def test_who_has_left_finds_nothing_of_it(side):
    project = make_project(title="Zebrafinch")
    person = person_on(project, side)
    person.memberships.update(left_at="2026-11-23T12:00Z")

    assert found(person, "zebrafinch") == {}


def test_a_partner_that_has_left_names_no_project(side):
    project = make_project(title="Handbook")
    gone = make_organisation(other_side(side), "Zebrafinch")
    Participation.objects.create(
        project=project, organisation=gone, side=other_side(side), joined_at="2026-11-23T12:00Z",
        left_at="2026-11-24T12:00Z",
    )  # fmt: skip

    assert found(person_on(project, side), "zebrafinch") == {}


# The page ---------------------------------------------------------------------------------------------


def test_the_words_that_were_found_are_marked_and_nothing_is_markup(side):
    project = make_project(title="Carers’ <b>handbook</b> & more")

    text = ask(person_on(project, side), "handbook carer").text

    assert "<mark>Carers</mark>’ &lt;b&gt;<mark>handbook</mark>&lt;/b&gt; &amp; more" in text


def test_more_than_a_few_are_listed_where_their_kind_is(side):
    own = make_organisation(side)
    for number in range(SHOWN + 2):
        make_project(
            title=f"Zebrafinch {number}", stage="completed", result="reached", **{f"{_plural(side)}": [own]}
        )
    person = member_of(own)

    text = ask(person, "zebrafinch").text
    address = html.unescape(re.search(r'href="([^"]+)">See all in projects', text)[1])

    assert len(re.findall(r'<li class="hit">', text)) == SHOWN
    listed = signed_in(person).get(address).text
    assert all(f"Zebrafinch {number}" in listed for number in range(SHOWN + 2))
    assert "The first results for" in text


def _plural(side):
    return {"group": "groups", "company": "companies"}[side]


def test_every_link_to_all_of_them_finds_them_in_the_list_too(side):
    own = make_organisation(side)
    person = member_of(own)
    for number in range(SHOWN + 1):
        make_organisation(name=f"Zoë Zebrafinch {number}", listed=True)
        project = signed_project(
            promises=[{"side": side, "what": f"Zoë zebrafinch {number}"}], **{_plural(side): [own]}
        )
        Project.objects.filter(pk=project.pk).update(title=f"Zoë Zebrafinch {number}")

    groups = {group.code: group for group in find(person, "zebrafinch zoe")}

    assert sorted(groups) == ["learnings", "partners", "projects"]
    for group in groups.values():
        listed = signed_in(person).get(group.more).text
        assert all(f"ebrafinch {number}" in listed for number in range(SHOWN + 1)), group.code


def test_nothing_found_says_how_to_go_on():
    text = ask(make_person(), "zebrafinch").text

    assert "Nothing found for “zebrafinch”" in text
    assert "Look for fewer words" in text
    assert text.count('class="chip"') == 3


def test_an_empty_search_shows_examples_and_asks_for_nothing():
    person = make_person()
    client = signed_in(person)
    client.get("/search/")

    for query in ("", "?q=", "?q=%20%20", "?q=%E2%80%8B"):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/search/{query}")
        assert response.status_code == 200
        assert "For example" in response.text
        assert len(captured) == 3


@pytest.mark.parametrize(
    "typed",
    [
        "' OR 1=1 --", '"', "'", "''", "\\", "a\\", "%", "_", "100%", "a & b | !c", "<->", "(a", "a:*", ":*", "!", "&&",
        "a:b", "☃", "🎗️", "ab" * 50, "a " * 50, "<script>", "{{ 7 }}", "word" * 20, "ı İ ſ ẞ", "-a", "*", "the", "und",
        "दिशा", "กำ", "e\u0301", "\u0301", "٣", "½", "a'b", "o’neil", "x-y-z", "user@example.org", "http://example.org/a?b=c",
    ],
)  # fmt: skip
def test_no_sign_means_anything_to_the_database(typed):
    project = make_project(title=f"Project {typed}"[:120])

    response = ask(person_on(project, "group"), typed)

    assert response.status_code == 200
    assert html.escape(typed) in response.text or not words_of(typed) or len(typed) > 99


@pytest.mark.parametrize("typed", ["a\x00b", "a\u202eb", "x" * 101, "e" + "\u0301" * 20])
def test_what_can_not_be_looked_for_is_said_at_the_box_and_stays_there(typed):
    response = ask(make_person(), typed)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    if "\x00" not in typed:
        assert html.escape(typed) in response.text


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_as_often_for_many_as_for_one(side, count):
    own = make_organisation(side)
    for _ in range(count):
        project = signed_project(
            promises=[{"side": side, "what": "Handbook first"}], title="Handbook", **{_plural(side): [own]}
        )
        Organisation.objects.filter(pk=partner_of(project, other_side(side)).pk).update(name="Handbook Aid")
    client = signed_in(member_of(own))
    client.get("/search/?q=handbook")

    with CaptureQueriesContext(connection) as captured:
        response = client.get("/search/?q=handbook")

    assert response.text.count('<li class="hit">') == 3 * min(count, SHOWN)
    assert len(captured) == 8


def test_the_box_stands_on_every_page_of_whoever_is_signed_in_and_asks_for_nothing():
    person = make_person()

    for place in ("/account/", "/guide/", "/projects/"):
        assert 'action="/search/"' in signed_in(person).get(place).text
    response = signed_in(person).get("/nowhere/")
    assert response.status_code == 404


# Words ------------------------------------------------------------------------------------------------


def test_words_are_folded_and_cut_out_of_what_was_typed():
    assert words_of("  Café, für-ALLE! (2nd) ") == ["cafe", "fur", "alle", "2nd"]
    assert words_of("' & | ! :* <-> \\ % _") == []
    assert len(words_of("a " * 50)) == 8
    assert words_of("x" * 99) == ["x" * 40]


def test_no_words_are_in_no_text():
    make_project()

    assert not Project.objects.filter(HasWords("title", [])).exists()


def test_the_database_folds_letters_as_we_do():
    """Every letter of Europe and many others: what is kept and what is looked for must meet."""
    letters = "".join(
        chr(code) for code in (*range(0x21, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x1F00))
    )
    letters = unicodedata.normalize("NFC", letters)

    with connection.cursor() as cursor:
        differ = []
        for letter in letters:
            cursor.execute("SELECT counterpart_fold(%s)", [letter])
            told = cursor.fetchone()[0]
            if (
                told != fold(letter)
                and letter.isalpha()
                and letter.isascii() is False
                and ord(letter) < 0x180
            ):
                differ.append((letter, told, fold(letter)))

    assert differ == []


@pytest.mark.services
def test_another_language_searches_without_a_column_of_its_own():
    make_project(title="Häuser für Kranke")

    with translation.override("de"):
        rows = Project.objects.filter(HasWords("title", words_of("Haus")))
        assert "german" in str(rows.query)
        assert [row.title for row in rows] == ["Häuser für Kranke"]


def test_a_long_text_is_cut_around_the_first_word():
    text = (
        "Some words come first. " * 20 + "Then the handbook was printed. " + "And more came after it. " * 20
    )

    shown = excerpt(text, ["handbook"])

    assert "handbook" in shown
    assert (shown[:2], shown[-2:]) == ("… ", " …")
    assert len(shown) < 200
    assert excerpt("Short.", ["handbook"]) == "Short."


def test_a_word_is_found_from_its_beginning_in_any_of_its_forms():
    assert [
        "Families meet carers’ cafés"[a:b]
        for a, b in spans("Families meet carers’ cafés", ["family", "cafe"])
    ] == ["Families", "cafés"]
    assert says("We met the families.", ["family", "met"])
    assert not says("We met the families.", ["family", "carer"])
    assert not says("Anything", [])

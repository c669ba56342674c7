"""Interests of people on a project: declared by each in versions, decided about by both sides, asked before signing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Event, Notice
from partnerships.actions.contract import (
    InterestsNotDeclared,
    add_version,
    record_signature,
    write_rows,
)
from partnerships.actions.interests import (
    CannotDecide,
    CannotDeclare,
    DecidedMeanwhile,
    add_interest,
    agree_decision,
    ask_again,
    change_interest,
    confirm_interests,
    decide_interest,
    declare_none,
    end_interest,
    note_absence,
)
from partnerships.actions.leaving import personal_data
from partnerships.actions.people import ActsForNobody
from partnerships.interests import MOST_INTERESTS, read_declared, undeclared_of, undeclared_words
from partnerships.models import Interest, InterestDeclaration, projects_asking
from portal import waiting
from tests.browse import signed_in
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    join,
    make_person,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    signatory_on,
)
from tests.partnerships.contracts import (
    TODAY,
    a_scan,
    all_declare,
    begun,
    checked,
    others_confirm,
    people_of,
    settle,
)
from tests.partnerships.contracts import WORDS as ROWS
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
WORDS = {"what": "I was paid for a talk.", "with_whom": "Kestrel Biosciences", "since": "2024"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def declared(project, person, at=NOON, **words):
    add_interest(project, **WORDS | words, actor=person, at=at)
    return read_declared(project, person).interests[-1].interest


def decided(interest, actor, at=NOON, **values):
    values = {
        "decided": "Takes no part in choosing the printer.",
        "decided_by": "Ada Moor, compliance",
        "decided_on": TODAY,
        "number": 0,
    } | values
    return decide_interest(interest, actor=actor, at=at, **values)


def unsigned(contract, actor):
    """Why this person can't sign; empty when they can."""
    try:
        with transaction.atomic():
            record_signature(contract, signer="Ada", signed_on=TODAY, scan=a_scan(), actor=actor, at=NOON)
            transaction.set_rollback(True)
    except InterestsNotDeclared as error:
        return str(error)
    return ""


def said(declaration):
    return [(one.what, one.with_whom, one.since) for one in declaration.interests.all()]


def titles(person, at=NOON):
    return [task.title for task in waiting.tasks_for(person, at=at)]


ASK, ASK_AGAIN = "Declare your interests", "Do your interests still hold?"


# Declaring -------------------------------------------------------------------------------------------


def test_each_declaration_is_a_version_and_the_earlier_ones_stay(side):
    project, me, _them = people_of(side)

    declare_none(project, number=0, actor=me, at=NOON)
    first = declared(project, me)
    declared(project, me, what="My brother works there.")
    change_interest(first, **WORDS | {"since": "2023"}, actor=me, at=LATER)
    confirm_interests(project, number=4, actor=me, at=LATER)

    versions = InterestDeclaration.objects.filter(person=me).order_by("number")
    assert [(one.number, one.kind) for one in versions] == [
        (1, "none"), (2, "some"), (3, "some"), (4, "some"), (5, "same"),
    ]  # fmt: skip
    talk, brother = (WORDS["what"], WORDS["with_whom"], "2024"), "My brother works there."
    assert [len(said(one)) for one in versions] == [0, 1, 2, 2, 2]
    assert said(versions[1]) == [talk]
    assert said(versions[4])[0] == (*talk[:2], "2023")
    assert said(versions[4])[1][0] == brother
    assert versions[4].made_at == LATER


def test_the_last_interest_that_ends_leaves_none(side):
    project, me, _them = people_of(side)
    talk = declared(project, me)
    brother = declared(project, me, what="My brother works there.")

    end_interest(talk, actor=me, at=NOON)
    kind_after_one = read_declared(project, me).newest.kind
    end_interest(brother, actor=me, at=NOON)
    end_interest(brother, actor=me, at=NOON)

    own = read_declared(project, me)
    assert (kind_after_one, own.newest.kind, own.interests, own.number) == ("some", "none", [], 4)


def test_the_same_said_twice_is_one_version(side):
    project, me, _them = people_of(side)

    for _ in range(2):
        declare_none(project, number=0, actor=me, at=NOON)
    for _ in range(2):
        add_interest(project, **WORDS, actor=me, at=NOON)
    for _ in range(2):
        confirm_interests(project, number=2, actor=me, at=NOON)

    assert read_declared(project, me).number == 3
    assert Event.objects.filter(verb__startswith="interest.").count() == 3


def test_a_button_that_was_shown_before_another_declaration_changes_nothing(side):
    project, me, _them = people_of(side)
    declared(project, me)

    for press in (declare_none, confirm_interests):
        with pytest.raises(CannotDeclare, match="meanwhile"):
            press(project, number=0, actor=me, at=NOON)

    assert len(read_declared(project, me).interests) == 1


def test_nothing_can_be_confirmed_before_anything_was_declared(side):
    project, me, _them = people_of(side)

    with pytest.raises(CannotDeclare, match="not declared anything"):
        confirm_interests(project, number=0, actor=me, at=NOON)


def test_nobody_declares_more_than_anybody_reads(side):
    project, me, _them = people_of(side)
    for number in range(MOST_INTERESTS):
        declared(project, me, what=f"Fee {number}")

    with pytest.raises(CannotDeclare, match="very many"):
        declared(project, me, what="One more")


def test_nothing_is_declared_or_decided_once_a_project_is_over(side):
    project, me, them = people_of(side)
    talk = declared(project, me)
    decision = decided(talk, them)
    project.stage, project.result = "completed", "reached"
    project.save()

    for act in (
        lambda: declare_none(project, number=1, actor=me, at=NOON),
        lambda: declared(project, me, what="More"),
        lambda: end_interest(talk, actor=me, at=NOON),
        lambda: ask_again(project, at=NOON),
    ):
        with pytest.raises(CannotDeclare, match="over"):
            act()
    for act in (
        lambda: decided(talk, them, number=1),
        lambda: agree_decision(decision, actor=me, at=NOON),
    ):
        with pytest.raises(CannotDecide, match="over"):
            act()


def test_who_acts_for_nobody_declares_nothing():
    project, _me, _them = people_of("group")
    both = make_person()
    join(both, partner_of(project, "group"))
    join(both, partner_of(project, "company"))

    with pytest.raises(ActsForNobody):
        declare_none(project, number=0, actor=both, at=NOON)

    assert not InterestDeclaration.objects.exists()


@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize(
    "model",
    ["interestask", "interestdeclaration", "interest", "interestdecision", "interestdecisionagreement"],
)
def test_the_database_lets_nobody_change_what_was_declared_or_decided(model, verb):
    project, me, them = people_of("group")
    decided(declared(project, me), them)
    ask_again(project, at=NOON)
    table = f"partnerships_{model}"
    statement = f"UPDATE {table} SET id = id" if verb == "update" else f"DELETE FROM {table}"

    with (
        pytest.raises(DatabaseError, match="stays as it is"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert connection.introspection.table_names().count(table) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0


def test_the_database_takes_no_declaration_made_for_somebody_else(side):
    project, me, them = people_of(side)
    row = InterestDeclaration(
        project=project, person=them, organisation=partner_of(project, other_side(side)),
        number=1, kind="none", made_by=me, made_at=NOON,
    )  # fmt: skip

    with pytest.raises(ValidationError, match="interests_are_declared_by_oneself"):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_declarations_at_once_are_two_versions():
    project, me, _them = people_of("group")

    at_once(
        lambda: declared(project, me, what="One"),
        lambda: declared(project, me, what="Two"),
    )

    own = read_declared(project, me)
    assert (own.number, {shown.interest.what for shown in own.interests}) == (2, {"One", "Two"})


# Before signing --------------------------------------------------------------------------------------


def ready(side):
    """A contract that lacks nothing, on which nobody has declared anything."""
    project, me, them = people_of(side)
    contract = begun(project, me)
    write_rows(contract, texts=ROWS, actor=me, at=NOON)
    others_confirm(contract)
    add_version(contract, checked(), actor=me, at=NOON)
    settle(contract, me)
    return project, contract, me, them


def test_nobody_signs_before_everybody_of_their_own_side_has_declared(side):
    project, contract, me, them = ready(side)
    colleague, reader = person_on(project, side), signatory_on(project, side)

    names = sorted([str(me), str(colleague), str(reader)])
    assert unsigned(contract, me) == (
        f"{names[0]}, {names[1]} and {names[2]} have not declared their interests."
    )
    declare_none(project, number=0, actor=me, at=NOON)
    declared(project, reader)
    assert unsigned(contract, me) == f"{colleague} has not declared their interests."
    declare_none(project, number=0, actor=colleague, at=NOON)
    assert unsigned(contract, me) == ""
    # The other side has declared nothing, and is kept from signing by itself alone.
    assert unsigned(contract, them) == f"{them} has not declared their interests."


def test_an_agency_keeps_from_signing_whom_it_acts_for_and_nobody_else(side):
    project, contract, me, them = ready(side)
    agent = member_of(add_agency(project, partner_of(project, other_side(side))), "owner")
    for person in (me, them):
        declare_none(project, number=0, actor=person, at=NOON)

    assert unsigned(contract, me) == ""
    assert unsigned(contract, them) == f"{agent} has not declared their interests."
    declare_none(project, number=0, actor=agent, at=NOON)
    assert unsigned(contract, them) == ""


def test_who_left_or_never_worked_on_the_project_is_not_waited_for(side):
    project, contract, me, _them = ready(side)
    declare_none(project, number=0, actor=me, at=NOON)
    gone = person_on(project, side)
    gone.memberships.update(left_at=NOON)
    member_of(partner_of(project, side), "reader")

    assert unsigned(contract, me) == ""


def test_the_signatory_themself_declares_first(side):
    _project, contract, me, _them = ready(side)
    project = contract.project
    declare_none(project, number=0, actor=me, at=NOON)
    newcomer = member_of(partner_of(project, side))

    assert unsigned(contract, newcomer) == f"{newcomer} has not declared their interests."


def test_a_colleague_who_can_not_be_asked_keeps_nobody_from_signing_and_is_asked_still(side):
    project, contract, me, them = ready(side)
    ill = person_on(project, side)
    declare_none(project, number=0, actor=me, at=NOON)

    with pytest.raises(CannotDeclare, match="own side"):
        note_absence(project, ill, reason="Away until March.", actor=them, at=NOON)
    with pytest.raises(CannotDeclare, match="your own interests"):
        note_absence(project, me, reason="Away.", actor=me, at=NOON)
    for _ in range(2):
        note_absence(project, ill, reason="Away until March.", actor=me, at=NOON)

    assert unsigned(contract, me) == ""
    (note,) = InterestDeclaration.objects.filter(person=ill)
    assert (note.kind, note.made_by, note.reason) == ("absent", me, "Away until March.")
    assert ASK in titles(ill)
    declare_none(project, number=1, actor=ill, at=NOON)
    assert ASK not in titles(ill)
    with pytest.raises(CannotDeclare, match="by now"):
        note_absence(project, ill, reason="Away.", actor=me, at=NOON)


def test_asked_again_everybody_answers_again_before_anybody_signs(side):
    project, contract, me, them = ready(side)
    declared(project, me)
    declare_none(project, number=0, actor=them, at=NOON)

    ask_again(project, at=LATER)

    assert undeclared_words(undeclared_of(project, partner_of(project, side)))
    assert unsigned(contract, me) == f"{me} has not declared their interests."
    assert [ASK_AGAIN in titles(person) for person in (me, them)] == [True, True]
    later = LATER + DAY
    confirm_interests(project, number=1, actor=me, at=later)
    declare_none(project, number=1, actor=them, at=later)
    assert [unsigned(contract, person) for person in (me, them)] == ["", ""]
    assert [{ASK, ASK_AGAIN} & set(titles(person)) for person in (me, them)] == [set(), set()]
    assert [(one.kind, one.made_at) for one in InterestDeclaration.objects.filter(person=me)] == [
        ("some", NOON), ("same", later),
    ]  # fmt: skip


def test_the_pages_of_the_contract_name_who_has_not_declared(side):
    project, contract, me, _them = ready(side)
    client = signed_in(me)
    address = reverse("partnerships:signature_record", args=[project.reference, 1])
    interests = reverse("partnerships:interest_list", args=[project.reference])

    page = client.get(contract.get_absolute_url()).text
    signing = client.get(address).text
    posted = client.post(
        address, {"signer": "Ada", "signed_on_day": "2", "signed_on_month": "11", "signed_on_year": "2026"}
    )

    assert f"{me} has not declared their interests." in page
    assert address not in page
    assert f"{me} has not declared their interests." in signing
    assert interests in page
    assert interests in signing
    assert posted.status_code == 422
    assert f"{me} has not declared their interests." in posted.text
    assert not contract.signatures.exists()
    all_declare(project)
    page = client.get(contract.get_absolute_url()).text
    assert "has not declared" not in page
    assert address in page


# Deciding --------------------------------------------------------------------------------------------


def test_both_sides_agree_to_what_was_decided(side):
    project, me, them = people_of(side)
    reader = person_on(project, side, "reader")
    interest = declared(project, reader)

    decision = decided(interest, them)
    assert [one.organisation for one in decision.agreements.all()] == [partner_of(project, other_side(side))]
    for _ in range(2):
        agree_decision(decision, actor=me, at=LATER)

    assert {one.organisation.kind for one in decision.agreements.all()} == {"group", "company"}
    assert list(
        Event.objects.filter(verb__startswith="interest.dec").order_by("pk").values_list("verb", flat=True)
    ) == ["interest.declared", "interest.decided", "interest.decision_agreed"]


def test_a_decision_holds_for_the_same_words_and_not_for_others(side):
    project, me, them = people_of(side)
    interest = declared(project, me)
    decision = decided(interest, them)

    confirm_interests(project, number=1, actor=me, at=LATER)
    said_again = read_declared(project, me).interests[0].interest
    change_interest(said_again, **WORDS | {"since": "2020"}, actor=me, at=LATER)
    changed = read_declared(project, me).interests[0].interest

    assert (said_again.root_id, changed.root_id) == (interest.pk, changed.pk)
    assert list(Interest.objects.get(pk=said_again.root_id).decisions.all()) == [decision]
    assert not changed.decisions.exists()


def test_another_decision_takes_the_place_of_the_first_and_everybody_agrees_anew(side):
    project, me, them = people_of(side)
    interest = declared(project, person_on(project, side, "reader"))
    first = decided(interest, them)
    agree_decision(first, actor=me, at=NOON)

    with pytest.raises(DecidedMeanwhile):
        decided(interest, me, decided="Leaves the project.")
    second = decided(interest, me, decided="Leaves the project.", number=1)

    assert [one.organisation for one in second.agreements.all()] == [partner_of(project, side)]
    with pytest.raises(DecidedMeanwhile, match="newer"):
        agree_decision(first, actor=them, at=NOON)
    # The same once more is agreeing to it.
    assert decided(interest, them, decided="Leaves the project.", number=1) == second
    assert second.agreements.count() == 2


def test_nobody_decides_about_their_own_interest_while_a_colleague_can(side):
    project, me, them = people_of(side)
    interest = declared(project, me)

    # Alone in their organisation, somebody has to say yes to what the other side wrote.
    agree_decision(decided(interest, them), actor=me, at=NOON)
    address = reverse("partnerships:interest_decide", args=[project.reference, interest.pk])
    assert address in page_of(project, me).text
    colleague = person_on(project, side)

    with pytest.raises(CannotDecide, match="own interest"):
        decided(interest, me, decided="No conflict.", number=1)
    assert [address in page_of(project, person).text for person in (me, colleague, them)] == [
        False,
        True,
        True,
    ]


def test_a_decision_lies_behind_and_no_agency_takes_it(side):
    project, me, them = people_of(side)
    interest = declared(project, me)
    agent = member_of(add_agency(project, partner_of(project, side)), "owner")

    with pytest.raises(CannotDecide, match="lie ahead"):
        decided(interest, them, decided_on=TODAY + dt.timedelta(days=3))
    with pytest.raises(ActsForNobody):
        decided(interest, agent)
    assert not interest.decisions.exists()


# Asking ----------------------------------------------------------------------------------------------


def test_home_asks_who_is_on_the_project_and_writes_to_nobody(side):
    project, me, _them = people_of(side)
    named_reader = person_on(project, side, "reader")
    unnamed = member_of(partner_of(project, side))
    agent = member_of(add_agency(project, partner_of(project, side)), "owner")
    quiet_agent = member_of(project.participations.get(role="agency").organisation, "reader")

    asked = [ASK in titles(person) for person in (me, named_reader, unnamed, agent, quiet_agent)]

    assert asked == [True, True, False, True, False]
    declare_none(project, number=0, actor=me, at=NOON)
    assert ASK not in titles(me)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("stage", "is_asked"),
    [("shape", False), ("agree", False), ("contract", True), ("deliver", True), ("review", False)],
)
def test_people_are_asked_while_there_is_something_to_sign_or_to_do(side, stage, is_asked):
    project = make_project(stage=stage)

    assert projects_asking(person_on(project, side)).exists() is is_asked


def test_what_somebody_declared_is_among_their_own_data(side):
    project, me, _them = people_of(side)
    declared(project, me)

    (found,) = personal_data(me)["interests"]

    assert (found["project"], found["version"], found["interests"]) == (
        project.title,
        1,
        [{"what": WORDS["what"], "with_whom": WORDS["with_whom"], "since": "2024"}],
    )


# Pages -----------------------------------------------------------------------------------------------


def page_of(project, person):
    return signed_in(person).get(reverse("partnerships:interest_list", args=[project.reference]))


def test_both_sides_read_the_same_and_agencies_their_own_alone(side):
    project, me, them = people_of(side)
    agency = add_agency(project, partner_of(project, side))
    agent = member_of(agency, "owner")
    declared(project, me, what="Paid for a talk.")
    declared(project, agent, what="We also work for a competitor.")

    both = [page_of(project, person).text for person in (me, them, person_on(project, side, "reader"))]
    theirs = page_of(project, agent).text

    for text in both:
        assert "Paid for a talk." in text
        assert "We also work for a competitor." in text
    assert "We also work for a competitor." in theirs
    assert "Paid for a talk." not in theirs
    assert partner_of(project, side).name not in theirs.partition("<main")[2].partition("own-title")[2]
    for word in ("contract", "sign"):
        assert word not in theirs.partition("own-title")[2].partition("</main>")[0].lower()


def test_agencies_find_nothing_of_interests_in_the_history(side):
    project, me, _them = people_of(side)
    agent = member_of(add_agency(project, partner_of(project, side)), "owner")
    declare_none(project, number=0, actor=me, at=NOON)
    overview = reverse("portal:project_overview", args=[project.reference])

    assert "declared their interests" in signed_in(me).get(overview).text
    assert "declared their interests" not in signed_in(agent).get(overview).text


def test_none_is_one_press_and_so_is_that_nothing_has_changed(client, side):
    project, me, _them = people_of(side)
    client.force_login(me)

    for name, number in (("interest_none", 0), ("interest_same", 1)):
        answer = client.post(reverse(f"partnerships:{name}", args=[project.reference]), {"number": number})
        assert answer["Location"] == reverse("partnerships:interest_list", args=[project.reference])

    assert [one.kind for one in InterestDeclaration.objects.order_by("number")] == ["none", "same"]
    assert "Nothing has changed, said on" in page_of(project, me).text


@pytest.mark.parametrize("number", ["", "x", "1\0", "-1", "99999999999999999999", "7"])
@pytest.mark.parametrize("name", ["interest_none", "interest_same"])
def test_a_button_with_a_forged_version_declares_nothing(client, name, number):
    project, me, _them = people_of("group")
    client.force_login(me)

    answer = client.post(reverse(f"partnerships:{name}", args=[project.reference]), {"number": number})

    assert answer.status_code == 302
    assert not InterestDeclaration.objects.exists()


def test_a_form_that_lacks_something_says_so_and_keeps_the_rest(client, side):
    project, me, _them = people_of(side)
    client.force_login(me)

    answer = client.post(
        reverse("partnerships:interest_add", args=[project.reference]), WORDS | {"since": ""}
    )

    assert answer.status_code == 422
    assert "Say since when; a year is enough" in answer.text
    assert WORDS["what"] in answer.text
    assert not InterestDeclaration.objects.exists()


def test_a_decision_that_crosses_another_is_shown_with_it(client, side):
    project, me, them = people_of(side)
    interest = declared(project, person_on(project, side, "reader"))
    decided(interest, them, decided="Leaves the room.")
    client.force_login(me)
    address = reverse("partnerships:interest_decide", args=[project.reference, interest.pk])
    data = {
        "number": "0", "decided": "Stays in the room.", "decided_by": "Lena",
        "decided_on_day": "2", "decided_on_month": "11", "decided_on_year": "2026",
    }  # fmt: skip

    answer = client.post(address, data)

    assert answer.status_code == 422
    assert "Leaves the room." in answer.text
    assert "Stays in the room." in answer.text
    again = client.post(address, data | {"number": answer.context["form"].data["number"]})
    assert again.status_code == 302
    assert interest.decisions.count() == 2


def test_the_page_says_who_was_not_asked_and_who_has_left(side):
    project, me, them = people_of(side)
    away, gone = person_on(project, side), person_on(project, side)
    note_absence(project, away, reason="Away until March.", actor=me, at=NOON)
    declare_none(project, number=0, actor=gone, at=NOON)
    gone.memberships.update(left_at=NOON)
    declare_none(project, number=0, actor=them, at=NOON)

    text = page_of(project, them).text

    assert "Away until March." in text
    assert "No longer on this project" in text
    assert "1 person has not declared their interests" in text


def test_a_decision_on_a_number_that_never_was_is_kept_and_saved_the_next_time(client, side):
    project, me, them = people_of(side)
    interest = declared(project, me)
    client.force_login(them)
    address = reverse("partnerships:interest_decide", args=[project.reference, interest.pk])
    data = {
        "number": "11", "decided": "Stays in the room.", "decided_by": "Lena",
        "decided_on_day": "2", "decided_on_month": "11", "decided_on_year": "2026",
    }  # fmt: skip

    answer = client.post(address, data)

    assert answer.status_code == 422
    assert "Stays in the room." in answer.text
    again = client.post(address, data | {"number": answer.context["form"].data["number"]})
    assert again.status_code == 302
    assert interest.decisions.count() == 1

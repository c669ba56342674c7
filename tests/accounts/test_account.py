"""One's own account: settings, address, data, and the way out."""

import datetime as dt
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import EmailChange, Event, Invitation, KeptPost, Notice, Person, SignInLink, Snooze
from tests.factories import DAY, NOON, add_second_factor, join, make_organisation, make_person, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def person(client):
    person = make_person("Ada Byron", email="ada@example.org")
    client.force_login(person)
    return person


TYPED = {
    "name": "Ada Lovelace",
    "called": "Ada",
    "time_zone": "Europe/Berlin",
    "theme": "dark",
    "phone": "020 7946 0018",
    "needs": "Breaks",
    "needs_shared": "on",
}


# Settings ----------------------------------------------------------------------------------------


def test_settings_are_kept(client, person):
    answer = client.post("/account/", TYPED)

    person.refresh_from_db()
    assert answer["Location"] == "/account/"
    assert {name: getattr(person, name) for name in TYPED} == TYPED | {
        "needs_shared": True,
    }


def test_the_history_says_that_a_name_changed_and_never_to_what(client, person):
    client.post("/account/", TYPED)

    event = Event.objects.get()
    assert event.detail["fields"] == [
        "called",
        "name",
        "needs",
        "needs_shared",
        "phone",
        "theme",
        "time_zone",
    ]
    assert event.detail["after"] == {
        "needs_shared": True,
        "theme": "dark",
        "time_zone": "Europe/Berlin",
    }
    assert "Lovelace" not in json.dumps(event.detail)


def test_saving_the_same_again_writes_nothing(client, person):
    client.post("/account/", TYPED)
    client.post("/account/", TYPED)

    assert Event.objects.count() == 1


def test_rights_and_address_are_not_changed_by_extra_fields(client, person):
    client.post(
        "/account/",
        TYPED | {"is_staff": "1", "email": "eve@example.org", "id": "1", "closed_at": "2020-01-01"},
    )

    person.refresh_from_db()
    assert (person.is_staff, person.email, person.closed_at) == (False, "ada@example.org", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b"),
        ("name", "W" * 121),
        ("called", "a\x00b"),
        ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
        ("phone", "x" * 41),
        ("needs", "x" * 401),
        ("needs", "\u202e"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field_and_the_rest_stays(client, person, field, value):
    response = client.post("/account/", TYPED | {field: value})

    person.refresh_from_db()
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors.keys() == {field}
    assert {name: form[name].value() for name in ("name", "called") if name != field} == {
        name: TYPED[name] for name in ("name", "called") if name != field
    }
    assert person.name == "Ada Byron"


def test_a_page_is_shown_in_the_readers_own_zone(client, person):
    client.post("/account/", TYPED | {"time_zone": "Asia/Tokyo"})

    page = client.get(reverse("usersessions_list"))

    assert timezone.get_current_timezone_name() == "UTC"
    assert page.status_code == 200


# Address -----------------------------------------------------------------------------------------


def ask(client, email):
    return client.post("/account/email/", {"email": email})


def confirm_path(change=None):
    change = change or EmailChange.objects.get()
    return actions.mint_email_change_link(change, at=timezone.now()).partition("8000")[2]


def test_a_new_address_counts_once_its_owner_has_opened_the_link(client, person):
    asked = ask(client, "Ada@Example.NET")
    before = Person.objects.get(pk=person.pk).email
    path = confirm_path()
    looked = Client().get(path)
    unchanged = Person.objects.get(pk=person.pk).email
    done = Client().post(path)

    person.refresh_from_db()
    assert (asked.status_code, looked.status_code, done.status_code) == (200, 200, 200)
    assert (before, unchanged, person.email) == ("ada@example.org", "ada@example.org", "ada@example.net")
    assert list(Notice.objects.order_by("pk").values_list("kind", "address")) == [
        ("email_change", "ada@example.net"),
        ("email_changed", "ada@example.org"),
    ]


def test_an_address_that_has_an_account_looks_the_same_and_is_told_to_its_owner_only(client, person):
    make_person(email="eve@example.org")

    free, taken = ask(client, "new@example.org"), ask(client, "eve@example.org")

    def words(response, email):
        return response.content.decode().replace(email, "").partition("csrfmiddlewaretoken")[0]

    assert words(free, "new@example.org") == words(taken, "eve@example.org")
    assert list(Notice.objects.order_by("pk").values_list("kind", "address")) == [
        ("email_change", "new@example.org"),
        ("email_change_taken", "eve@example.org"),
    ]


def test_an_address_that_was_taken_in_the_meantime_is_not_given_twice(client, person):
    ask(client, "new@example.org")
    path = confirm_path()
    make_person(email="new@example.org")

    response = client.post(path)

    person.refresh_from_db()
    assert response.status_code == 409
    assert person.email == "ada@example.org"


def test_links_that_were_mailed_to_the_old_address_stop_working(client, person):
    old = actions.mint_sign_in_link(person, at=timezone.now()).partition("8000")[2]
    ask(client, "first@example.net")
    first = confirm_path()
    ask(client, "second@example.net")
    second = confirm_path(EmailChange.objects.get(email="second@example.net"))

    Client().post(second)

    assert Client().get(old).status_code == 404
    assert Client().post(first).status_code == 404
    person.refresh_from_db()
    assert person.email == "second@example.net"


def test_a_link_works_once_and_for_a_day(client, person):
    ask(client, "new@example.org")
    path = confirm_path()
    client.post(path)
    change = EmailChange.objects.create(
        person=person, email="late@example.org", created_at=NOON, expires_at=timezone.now()
    )

    assert client.post(path).status_code == 404
    assert client.get(confirm_path(change)).status_code == 404
    assert client.get("/account/email/unknown/").status_code == 404


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@example.org",
        "ADA@example.org",
        "mıke@example.org",
        "a" * 65 + "@example.com",
        "a@b.c; d@e.f",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_the_field(client, person, email):
    response = ask(client, email)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"email"}
    assert not Notice.objects.exists()


def test_changing_the_address_asks_who_is_there(client, person):
    add_second_factor(person)

    answer = client.get("/account/email/")

    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


# Data --------------------------------------------------------------------------------------------


def test_what_is_kept_comes_as_a_file_of_ones_own(client, person):
    organisation = make_organisation(name="Larkfield")
    join(person, organisation, "owner")
    client.post("/account/", TYPED)
    make_person("Somebody Else", email="else@example.org")

    response = client.get("/account/data/")

    data = json.loads(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="my-counterpart-data.json"'
    assert data["profile"]["name"] == "Ada Lovelace"
    assert [membership["organisation"] for membership in data["memberships"]] == ["Larkfield"]
    assert [line["verb"] for line in data["history"]] == ["person.changed"]
    assert "else@example.org" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_apps_above_add_what_they_keep(client, person, monkeypatch):
    monkeypatch.setattr("accounts.actions.people.EXPORT_HOOKS", [lambda person: {"projects": [person.email]}])

    assert json.loads(client.get("/account/data/").content)["projects"] == ["ada@example.org"]


# Closing -----------------------------------------------------------------------------------------


def test_a_closed_account_keeps_its_key_and_forgets_who_it_was(client, person):
    organisation = make_organisation()
    owner = member_of(organisation, "owner")
    join(person, organisation)
    invitation = actions.invite_member(organisation, "ada.b@example.org", actor=owner, at=timezone.now())
    Invitation.objects.filter(pk=invitation.pk).update(email="ada@example.org")
    Notice.objects.update(address="ada@example.org")
    Snooze.objects.create(person=person, task_key="plan:x", until=NOON.date())
    KeptPost.objects.create(
        person=person, path="/", fields=[["a", "Ada"]], created_at=NOON, expires_at=timezone.now() + DAY
    )
    actions.mint_sign_in_link(person, at=timezone.now())
    line = Event.objects.create(
        at=NOON, actor=person, verb="contract.signed", subject="partnerships.contract:1"
    )

    response = client.post("/account/close/")

    person.refresh_from_db()
    assert response.status_code == 200
    assert (str(person), person.email, person.is_active) == (
        "Former member",
        f"closed-{person.pk}@closed.invalid",
        False,
    )
    assert (person.name, person.called, person.phone, person.needs) == ("", "", "", "")
    assert Event.objects.get(pk=line.pk).actor == person
    assert person.memberships.get().left_at is not None
    assert not any(model.objects.filter(person=person).exists() for model in (Snooze, KeptPost, SignInLink))
    everything = str([list(model.objects.values()) for model in (Person, Invitation, Notice, Event)])
    assert "ada@example.org" not in everything
    assert "Ada Byron" not in everything


def test_nobody_gets_in_any_more(client, person):
    add_second_factor(person)
    elsewhere = Client()
    path = actions.mint_sign_in_link(person, at=timezone.now()).partition("8000")[2]
    elsewhere.post(path)

    actions.close_account(person, at=timezone.now())

    assert client.get("/account/").status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert not Authenticator.objects.exists()
    actions.ask_for_sign_in_link("ada@example.org", at=timezone.now())
    assert Notice.objects.latest("pk").kind == "sign_in_unknown"


def test_what_was_owed_to_them_is_held_back(person):
    actions.ask_for_sign_in_link("ada@example.org", at=NOON)

    actions.close_account(person, at=NOON + DAY)

    assert Notice.objects.get().void_reason == "The account is closed."


def test_the_address_is_free_again(person):
    actions.close_account(person, at=NOON)

    assert make_person(email="ada@example.org").pk != person.pk


def test_the_last_owner_hands_over_first(client, person):
    organisation = make_organisation(name="Larkfield")
    join(person, organisation, "owner")
    member_of(organisation, "lead")

    shown = client.get("/account/close/").content.decode()
    refused = client.post("/account/close/")
    member_of(organisation, "owner")
    done = client.post("/account/close/")

    person.refresh_from_db()
    assert "Larkfield has no other Owner" in shown
    assert (refused.status_code, done.status_code) == (422, 200)
    assert person.closed_at is not None


@pytest.fixture
def holds_a_promise(monkeypatch):
    monkeypatch.setattr(
        "accounts.actions.members.HELD_HOOKS", [lambda membership: ["A promise: agendas by Friday"]]
    )


def handed_over():
    """Who took over, by organisation."""
    ended = Event.objects.filter(verb="membership.ended")
    return {event.organisation: event.detail["hand_over_to"] for event in ended}


def test_closing_lists_what_one_holds_and_asks_who_takes_over_in_each_organisation(
    client, person, holds_a_promise
):
    first, second = join(person, make_organisation()), join(person, make_organisation("company"))
    heirs = {membership: member_of(membership.organisation) for membership in (first, second)}
    reader = member_of(first.organisation, "reader")
    typed = {f"successor_{membership.pk}": heir.pk for membership, heir in heirs.items()}
    page = "/account/close/"

    shown = client.get(page).text
    refused = [
        client.post(page, typed | {f"successor_{first.pk}": somebody})
        for somebody in ("", reader.pk, person.pk, heirs[second].pk)
    ]
    done = client.post(page, typed)

    person.refresh_from_db()
    assert shown.count("A promise: agendas by Friday") == 2
    assert f"Who takes over at {second.organisation.name}?" in shown
    assert [(answer.status_code, answer.context["form"].errors.keys()) for answer in refused] == [
        (422, {f"successor_{first.pk}"})
    ] * 4
    assert f'value="{heirs[second].pk}" selected' in refused[0].text
    assert (done.status_code, person.is_active) == (200, False)
    assert handed_over() == {one.organisation: heir.pk for one, heir in heirs.items()}
    told = Notice.objects.filter(kind="member_left").values_list("recipient", flat=True)
    assert set(told) == {heir.pk for heir in heirs.values()}


def test_an_account_closes_when_nobody_can_take_over(client, person, holds_a_promise):
    organisation = make_organisation()
    join(person, organisation)
    member_of(organisation, "reader")

    shown = client.get("/account/close/").text
    done = client.post("/account/close/")

    assert "Nobody else there can take it over." in shown
    assert (done.status_code, handed_over()) == (200, {organisation: None})


def test_a_successor_who_cannot_take_over_is_refused_whoever_asks(person):
    membership = join(person, make_organisation())
    reader = member_of(membership.organisation, "reader")

    with pytest.raises(actions.NotAMember):
        actions.close_account(person, successors={membership.pk: reader}, at=NOON)

    person.refresh_from_db()
    assert person.is_active


def test_apps_above_hear_that_somebody_left(person, monkeypatch):
    organisation = make_organisation()
    join(person, organisation)
    heard = []

    def hook(membership, *, hand_over_to, actor, at):
        heard.append((membership.organisation, hand_over_to, actor))

    monkeypatch.setattr("accounts.actions.people.LEFT_HOOKS", [hook])

    actions.close_account(person, at=NOON)

    assert heard == [(organisation, None, person)]


def test_closing_an_account_twice_is_closing_it_once(person):
    for minutes in range(2):
        actions.close_account(person, at=NOON + minutes * dt.timedelta(minutes=1))

    person.refresh_from_db()
    assert person.closed_at == NOON
    assert Event.objects.filter(verb="person.closed").count() == 1

"""Inviting, accepting, declining, passing on."""

import re
from functools import partial

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions, hooks
from accounts.audit import subject_of
from accounts.models import Event, Invitation, Membership, Notice, Organisation, Person
from tests.factories import DAY, NOON, join, make_organisation, make_person, member_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture(params=["group", "company", "agency"])
def kind(request):
    return request.param


@pytest.fixture
def organisation():
    return make_organisation(name="Larkfield Group")


@pytest.fixture
def owner(organisation):
    return member_of(organisation, "owner", name="Ada Byron")


def invite(organisation, owner, email="mary@example.org", role="lead", *, at=None, **options):
    return actions.invite_member(organisation, email, role, actor=owner, at=at or timezone.now(), **options)


def path_of(invitation, verb="", *, at=None):
    """The path behind the mailed link."""
    url = actions.mint_invitation_link(invitation, at=at or timezone.now())
    return url.partition("8000")[2] + (f"{verb}/" if verb else "")


def owed(kind):
    return list(Notice.objects.filter(kind=kind).values_list("recipient__email", "address", "subject"))


def signed_in(client):
    return client.session.get("_auth_user_id")


# Inviting ----------------------------------------------------------------------------------------


def test_an_invitation_is_owed_recorded_and_lasts_two_weeks(organisation, owner):
    invitation = invite(organisation, owner, " Mary@Example.org", "reader", at=NOON, message="Hello")

    assert (invitation.email, invitation.role, invitation.expires_at) == (
        "mary@example.org",
        "reader",
        NOON + 14 * DAY,
    )
    assert owed("invite") == [(None, "mary@example.org", f"accounts.invitation:{invitation.pk}")]
    assert list(Event.objects.values_list("verb", "actor", "organisation", "detail")) == [
        ("invitation.sent", owner.pk, organisation.pk, {"role": "reader"})
    ]
    assert Invitation.objects.get().token_hash is None


@pytest.mark.parametrize("email", ["mary@example.org", "MARY@example.org"])
def test_a_member_is_not_invited_again(organisation, owner, email):
    member_of(organisation, email="mary@example.org")

    with pytest.raises(actions.CannotInvite, match="is a member already"):
        invite(organisation, owner, email)


def test_an_open_invitation_is_not_doubled(organisation, owner):
    invite(organisation, owner, "mary@example.org")

    with pytest.raises(actions.CannotInvite, match="has an open invitation"):
        invite(organisation, owner, "Mary@Example.ORG")

    assert len(owed("invite")) == 1


def test_one_person_may_be_invited_into_two_organisations(organisation, owner):
    other = make_organisation("company")
    invite(organisation, owner)
    invite(other, member_of(other, "owner"))

    assert len(owed("invite")) == 2


def test_a_twin_of_an_address_is_not_invited(organisation, owner):
    with pytest.raises(actions.CannotInvite, match="plain letters"):
        invite(organisation, owner, "mıke@example.org")


def test_a_new_partner_is_set_up_with_nobody_in_it(kind):
    company = make_organisation("company", name="Aldermoor Pharma", time_zone="Europe/Berlin")
    lead = member_of(company)

    invitation = actions.invite_new_organisation(
        kind, "Northfield", "may@example.org", actor=lead, at=NOON, on_behalf_of=company, country="DE"
    )

    new = invitation.organisation
    assert (new.kind, new.name, new.slug, new.country, new.time_zone) == (
        kind, "Northfield", "northfield", "DE", "Europe/Berlin",
    )  # fmt: skip
    assert list(new.members.all()) == []
    assert (invitation.role, invitation.on_behalf_of) == ("owner", company)


def test_a_partner_of_a_known_name_is_set_up_beside_it_and_the_inviter_learns_nothing():
    make_organisation(name="Northfield", slug="northfield")
    company = make_organisation("company")

    invitation = actions.invite_new_organisation(
        "group", "Northfield", "may@example.org", actor=member_of(company), at=NOON, on_behalf_of=company
    )

    assert invitation.organisation.slug == "northfield-2"


@pytest.mark.parametrize("name", ["北の患者会", "!!!", "W" * 200, "Zoë & Co."])
def test_every_name_gets_an_address_of_its_own(name):
    slugs = {actions.free_slug(name)}
    make_organisation(name=name, slug=slugs.copy().pop())
    slugs.add(actions.free_slug(name))

    assert len(slugs) == 2
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", slug) for slug in slugs)


# The page ----------------------------------------------------------------------------------------


def test_the_page_says_who_invites_to_what_and_what_it_costs(client, organisation, owner):
    page = client.get(path_of(invite(organisation, owner, message="We met in Leeds."))).content.decode()

    assert "Join Larkfield Group on Counterpart" in page
    assert "Ada Byron would like to work with you here." in page
    assert "We met in Leeds." in page
    assert "No fee, no advertising." in page
    assert "Accept and continue" in page


def test_a_partners_invitation_names_the_partner_and_the_project(client, monkeypatch):
    company = make_organisation("company", name="Aldermoor Pharma")
    invitation = actions.invite_new_organisation(
        "group", "Northfield", "may@example.org", actor=member_of(company, name="Tom Berger"),
        at=timezone.now(), on_behalf_of=company,
    )  # fmt: skip
    monkeypatch.setattr(hooks, "ABOUT_HOOKS", [])
    monkeypatch.setattr("accounts.views.invitations.ABOUT_HOOKS", [lambda invitation: "Patient panel 2026"])

    page = client.get(path_of(invitation)).content.decode()

    assert "Aldermoor Pharma invites Northfield" in page
    assert "Tom Berger at Aldermoor Pharma would like to plan a project with you" in page
    assert "Patient panel 2026" in page


def test_looking_uses_nothing_up(client, organisation, owner):
    path = path_of(invite(organisation, owner))

    for method in ("head", "get", "options", "get"):
        getattr(client, method)(path)

    assert not Invitation.objects.get().is_answered
    assert client.get(path).status_code == 200


def test_the_page_is_named_to_no_other_site(client, organisation, owner):
    for path in (path_of(invite(organisation, owner)), "/invite/unknown/"):
        response = client.get(path)

        assert response["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response["Cache-Control"]


def gone(organisation, owner):
    """Paths of invitations that no longer work, each for another reason."""
    now = timezone.now()
    paths = {}

    def fresh(email, **options):
        return invite(organisation, owner, email, **options)

    used = fresh("used@example.org")
    paths["used"] = path_of(used)
    actions.accept_invitation(used, actor=None, at=now)
    paths["expired"] = path_of(fresh("old@example.org", at=now - 15 * DAY))
    withdrawn = fresh("withdrawn@example.org")
    paths["withdrawn"] = path_of(withdrawn)
    actions.withdraw_invitation(withdrawn, actor=owner, at=now)
    declined = fresh("declined@example.org")
    paths["declined"] = path_of(declined)
    actions.decline_invitation(declined, at=now)
    passed = fresh("passed@example.org")
    paths["passed on"] = path_of(passed)
    waiting = actions.pass_on_invitation(passed, "next@example.org", at=now)
    paths["waits for the inviter"] = path_of(waiting)
    again = fresh("again@example.org")
    paths["replaced by a newer link"] = path_of(again)
    path_of(again)
    good = path_of(fresh("good@example.org"))
    token = good.split("/")[-2]
    paths["one character changed"] = good.replace(token, token[:-1] + ("A" if token[-1] != "A" else "B"))
    paths["upper case"] = good.replace(token, token.upper())
    paths["truncated"] = good.replace(token, token[:-1])
    paths["NUL"] = "/invite/a%00b/"
    return paths


@pytest.mark.parametrize(
    ("method", "verb"),
    [("get", ""), ("post", "accept"), ("post", "decline"), ("post", "pass-on"), ("post", "switch")],
)
def test_invitations_that_do_not_work_all_show_one_page(organisation, owner, method, verb):
    pages = {}
    for why, path in gone(organisation, owner).items():
        response = getattr(Client(), method)(path + (f"{verb}/" if verb else ""))
        body = response.content.decode()
        body = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"|action="/invite/[^"]*"', "", body)
        pages[why] = (response.status_code, body)

    assert {status for status, _body in pages.values()} == {404}
    assert len(set(pages.values())) == 1


# Accepting ---------------------------------------------------------------------------------------


def test_somebody_new_accepts_with_one_press_and_is_a_member(client, organisation, owner):
    answer = client.post(path_of(invite(organisation, owner, role="reader"), "accept"))

    person = Person.objects.get(email="mary@example.org")
    assert answer["Location"] == "/welcome/you/"
    assert signed_in(client) == str(person.pk)
    assert list(person.memberships.values_list("organisation", "role", "may_sign")) == [
        (organisation.pk, "reader", False)
    ]
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, False)


def test_accepting_is_recorded_without_a_name(organisation, owner):
    membership = actions.accept_invitation(invite(organisation, owner, at=NOON), actor=None, at=NOON + DAY)

    event = Event.objects.latest("pk")
    assert (event.verb, event.actor, event.at, event.detail) == (
        "invitation.accepted",
        membership.person,
        NOON + DAY,
        {"role": "lead"},
    )


def test_extra_fields_change_nothing(client, organisation, owner):
    other = make_organisation("company")
    path = path_of(invite(organisation, owner, role="reader"), "accept")

    client.post(
        path, {"is_staff": "1", "role": "owner", "organisation": other.pk, "email": "eve@example.org"}
    )

    person = Person.objects.get(email="mary@example.org")
    assert list(person.memberships.values_list("organisation", "role")) == [(organisation.pk, "reader")]
    assert not person.is_staff


def test_the_first_of_an_organisation_becomes_its_owner():
    empty = make_organisation(origin="imported")
    invitation = invite(empty, make_person(is_staff=True), role="reader")

    assert actions.accept_invitation(invitation, actor=None, at=timezone.now()).role == "owner"


def test_whoever_has_an_account_signs_in_before_they_accept(client, organisation, owner):
    mary = make_person(email="mary@example.org")
    invitation = invite(organisation, owner)

    answer = client.post(path_of(invitation, "accept"))

    assert answer["Location"] == f"/sign-in/?next=%2Finvitations%2F{invitation.pk}%2F"
    assert signed_in(client) is None
    assert not mary.memberships.exists()


def test_and_then_accepts_on_a_page_without_a_token(client, organisation, owner):
    mary = make_person(email="mary@example.org")
    invitation = invite(organisation, owner)
    client.force_login(mary)

    page = client.get(reverse("accounts:invitation_open", args=[invitation.pk]))
    answer = client.post(reverse("accounts:invitation_join", args=[invitation.pk]))

    assert page.status_code == 200
    assert answer["Location"] == f"/org/{organisation.slug}/"
    assert list(mary.organisations.all()) == [organisation]


def test_that_page_is_there_for_nobody_else(client, organisation, owner):
    invitation = invite(organisation, owner)

    for person in (make_person(email="eve@example.org"), owner):
        client.force_login(person)
        assert client.get(reverse("accounts:invitation_open", args=[invitation.pk])).status_code == 404
        assert client.post(reverse("accounts:invitation_join", args=[invitation.pk])).status_code == 404
        assert client.get(reverse("accounts:invitation_open", args=[0])).status_code == 404


def test_the_wrong_account_sees_both_addresses_and_can_switch(client, organisation, owner):
    client.force_login(make_person(email="eve@example.org"))
    invitation = invite(organisation, owner)
    path = path_of(invitation)

    page = client.get(path).content.decode()
    refused = client.post(path + "accept/")
    switched = client.post(path + "switch/")

    assert "mary@example.org" in page
    assert "eve@example.org" in page
    assert "Accept and continue" not in page
    assert refused["Location"] == path
    assert not Invitation.objects.get().is_answered
    assert switched["Location"] == path
    assert signed_in(client) is None
    assert client.get(path).status_code == 200


def test_the_right_account_accepts_by_the_link(client, organisation, owner):
    mary = make_person(email="mary@example.org")
    client.force_login(mary)

    answer = client.post(path_of(invite(organisation, owner), "accept"))

    assert answer["Location"] == f"/org/{organisation.slug}/"
    assert list(mary.organisations.all()) == [organisation]


def test_whoever_was_a_member_before_is_one_again_without_the_old_rights(organisation, owner):
    mary = member_of(organisation, "owner", email="mary@example.org")
    mary.memberships.update(left_at=NOON, may_sign=True)

    actions.accept_invitation(invite(organisation, owner, role="reader"), actor=mary, at=timezone.now())

    assert list(mary.memberships.values_list("role", "left_at", "may_sign")) == [("reader", None, False)]


def test_what_hangs_on_an_invitation_hears_of_its_acceptance(organisation, owner, monkeypatch):
    heard = []
    hook = lambda invitation, *, membership, at: heard.append((invitation.pk, membership.person.email))  # noqa: E731
    monkeypatch.setattr("accounts.actions.invitations.ACCEPTED_HOOKS", [hook])
    invitation = invite(organisation, owner)

    actions.accept_invitation(invitation, actor=None, at=timezone.now())

    assert heard == [(invitation.pk, "mary@example.org")]


def test_what_hangs_on_an_invitation_can_refuse_and_nothing_is_half_done(organisation, owner, monkeypatch):
    def refuse(invitation, *, membership, at):
        raise RuntimeError("not now")

    monkeypatch.setattr("accounts.actions.invitations.ACCEPTED_HOOKS", [refuse])
    invitation = invite(organisation, owner)

    with pytest.raises(RuntimeError):
        actions.accept_invitation(invitation, actor=None, at=timezone.now())

    assert not Person.objects.filter(email="mary@example.org").exists()
    assert not Invitation.objects.get().is_answered


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_joins():
    organisation = make_organisation()
    invitation = invite(organisation, member_of(organisation, "owner"))
    accept = partial(actions.accept_invitation, invitation, actor=None, at=timezone.now())

    outcomes = at_once(accept, accept, accept)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "InvitationGone",
        "InvitationGone",
        "Membership",
    ]
    assert Membership.objects.filter(person__email="mary@example.org").count() == 1
    assert Event.objects.filter(verb="invitation.accepted").count() == 1


# Saying no ---------------------------------------------------------------------------------------


def test_no_thanks_is_told_with_its_reason(client, organisation, owner):
    invitation = invite(organisation, owner)

    page = client.post(path_of(invitation, "decline"), {"reason": "We are full until summer."})

    invitation.refresh_from_db()
    assert "Thank you for answering" in page.content.decode()
    assert invitation.decline_reason == "We are full until summer."
    assert owed("invite_declined") == [(owner.email, "", f"accounts.invitation:{invitation.pk}")]
    assert not Person.objects.filter(email="mary@example.org").exists()


def test_no_thanks_needs_no_reason(client, organisation, owner):
    assert client.post(path_of(invite(organisation, owner), "decline")).status_code == 200
    assert Invitation.objects.get().declined_at is not None


@pytest.mark.parametrize("reason", ["x" * 401, "a\x00b", "‮fdp.exe"])
def test_a_reason_that_cannot_be_kept_is_refused_and_stays_there(client, organisation, owner, reason):
    response = client.post(path_of(invite(organisation, owner), "decline"), {"reason": reason})

    assert response.status_code == 422
    assert response.context["decline_form"]["reason"].value() == reason
    assert "There is a problem" in response.content.decode()
    assert not Invitation.objects.get().is_answered


# Passing it on -----------------------------------------------------------------------------------


def test_nothing_is_mailed_to_the_new_address_before_the_inviter_says_yes(client, organisation, owner):
    first = invite(organisation, owner, message="We met in Leeds.")

    page = client.post(path_of(first, "pass-on"), {"email": "May@Example.org"}).content.decode()
    second = Invitation.objects.get(email="may@example.org")

    assert "We ask Ada Byron first." in page
    assert [address for _person, address, _subject in owed("invite")] == ["mary@example.org"]
    assert owed("invite_pass_on") == [(owner.email, "", f"accounts.invitation:{second.pk}")]
    assert (second.passed_on_from, second.needs_confirmation, second.message) == (
        first,
        True,
        "We met in Leeds.",
    )
    assert client.get(path_of(second)).status_code == 404


def test_the_inviter_confirms_and_the_new_address_gets_it(client, organisation, owner):
    second = actions.pass_on_invitation(invite(organisation, owner), "may@example.org", at=timezone.now())
    client.force_login(owner)

    page = client.get(reverse("accounts:invitation_settle", args=[second.pk])).content.decode()
    client.post(reverse("accounts:invitation_confirm", args=[second.pk]))

    assert "May may@example.org have it?" in page
    assert "mary@example.org" in page
    assert [address for _person, address, _subject in owed("invite")][-1] == "may@example.org"
    assert Client().get(path_of(second)).status_code == 200


def test_the_inviter_says_no(client, organisation, owner):
    second = actions.pass_on_invitation(invite(organisation, owner), "may@example.org", at=timezone.now())
    client.force_login(owner)

    client.post(reverse("accounts:invitation_withdraw", args=[second.pk]))
    client.post(reverse("accounts:invitation_confirm", args=[second.pk]))

    assert [address for _person, address, _subject in owed("invite")] == ["mary@example.org"]


@pytest.mark.parametrize("email", ["", "may", "mary@example.org", "mıke@example.org", "a@b.c, d@e.f"])
def test_an_address_that_cannot_have_it_is_refused_at_the_field(client, organisation, owner, email):
    response = client.post(path_of(invite(organisation, owner), "pass-on"), {"email": email})

    assert response.status_code == 422
    assert response.context["pass_on_form"].errors.keys() == {"email"}
    assert Invitation.objects.count() == 1
    assert not Invitation.objects.get().is_answered


def test_what_hangs_on_an_invitation_follows_it(organisation, owner, monkeypatch):
    followed = []
    hook = lambda invitation, *, successor, at: followed.append((invitation.pk, successor.pk))  # noqa: E731
    monkeypatch.setattr("accounts.actions.invitations.REPLACED_HOOKS", [hook])
    first = invite(organisation, owner)

    second = actions.pass_on_invitation(first, "may@example.org", at=timezone.now())

    assert followed == [(first.pk, second.pk)]


# A new one ---------------------------------------------------------------------------------------


def test_asking_for_a_new_one_tells_the_inviter_once_a_day(client, organisation, owner):
    path = path_of(invite(organisation, owner, at=timezone.now() - 15 * DAY), "again")

    first, second = client.post(path), client.post(path)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(owed("invite_again")) == 1


def test_asking_with_any_other_token_says_the_same_and_does_nothing(organisation, owner):
    good = path_of(invite(organisation, owner, "good@example.org"), "again")
    old = path_of(invite(organisation, owner, "old@example.org", at=timezone.now() - 15 * DAY), "again")
    pages = set()
    for path in (good, old, "/invite/unknown/again/"):
        body = Client().post(path).content.decode()
        pages.add(re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", body))

    assert len(pages) == 1
    assert len(owed("invite_again")) == 1


def test_asking_is_limited(client):
    answers = [client.post("/invite/unknown/again/").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_the_inviter_sends_a_new_one_with_one_tap_and_the_old_link_stops(client, organisation, owner):
    invitation = invite(organisation, owner, at=timezone.now() - 15 * DAY)
    old = path_of(invitation)
    client.force_login(owner)

    client.post(reverse("accounts:invitation_resend", args=[invitation.pk]))

    assert len(Notice.objects.filter(kind="invite").unsent()) == 1
    new = path_of(invitation)
    assert Client().get(new).status_code == 200
    assert Client().get(old).status_code == 404


def test_after_a_no_a_new_invitation_is_another_one(organisation, owner):
    first = invite(organisation, owner)
    actions.decline_invitation(first, reason="Not now", at=timezone.now())

    second = actions.send_invitation_again(first, actor=owner, at=timezone.now())

    first.refresh_from_db()
    assert second.pk != first.pk
    assert (first.decline_reason, second.email) == ("Not now", first.email)


def test_an_invitation_sent_again_twice_within_a_minute_leaves_once(organisation, owner):
    for answer in ("none", "no"):
        first, now = invite(organisation, owner, f"{answer}@example.org"), timezone.now()
        if answer == "no":
            actions.decline_invitation(first, reason="Not now", at=now)

        again, twice = (actions.send_invitation_again(first, actor=owner, at=now) for _ in "ab")
        later = actions.send_invitation_again(first, actor=owner, at=now + DAY)

        assert again == twice == later
        lines = Event.objects.filter(verb="invitation.sent_again", subject=subject_of(again))
        assert [line.at for line in lines.order_by("pk")] == [now, now + DAY]


def test_what_was_accepted_is_not_sent_again(client, organisation, owner):
    invitation = invite(organisation, owner)
    actions.accept_invitation(invitation, actor=None, at=timezone.now())
    client.force_login(owner)

    for name in ("invitation_resend", "invitation_withdraw", "invitation_confirm"):
        client.post(reverse(f"accounts:{name}", args=[invitation.pk]))

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    assert len(owed("invite")) == 1


def test_an_invitation_is_settled_by_its_side_only(client):
    company, group = make_organisation("company"), make_organisation("group")
    lead = member_of(company)
    invitation = actions.invite_new_organisation(
        "group", "Northfield", "may@example.org", actor=lead, at=timezone.now(), on_behalf_of=company
    )
    address = reverse("accounts:invitation_settle", args=[invitation.pk])

    seen = {}
    for name, person in {
        "who sent it": lead,
        "their owner": member_of(company, "owner"),
        "their colleague": member_of(company),
        "another group": member_of(group, "owner"),
        "nobody": make_person(),
        "superuser": make_person(is_staff=True, is_superuser=True),
    }.items():
        client.force_login(person)
        seen[name] = client.get(address).status_code
    lead.memberships.update(left_at=NOON)
    client.force_login(lead)

    assert seen == {
        "who sent it": 200,
        "their owner": 200,
        "their colleague": 404,
        "another group": 404,
        "nobody": 404,
        "superuser": 404,
    }
    assert client.get(address).status_code == 404


# Arriving ----------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(client):
    """The first Owner of a new group, signed in, before the welcome pages."""
    company = make_organisation("company")
    invitation = actions.invite_new_organisation(
        "group",
        "Northfield",
        "may@example.org",
        actor=member_of(company),
        at=timezone.now(),
        on_behalf_of=company,
    )
    client.post(path_of(invitation, "accept"))
    return Person.objects.get(email="may@example.org")


def test_three_required_fields_and_four_presses_from_the_mail_to_home(client, newcomer):
    you = client.post("/welcome/you/", {"name": "May Hill", "time_zone": "Europe/London"})
    group = client.post("/welcome/group/", {"name": "Northfield Patients", "country": "GB"})
    home = client.post("/welcome/reach/", {"skip": "1"})

    newcomer.refresh_from_db()
    assert [you["Location"], group["Location"], home["Location"]] == [
        "/welcome/group/",
        "/welcome/reach/",
        "/",
    ]
    assert (newcomer.name, newcomer.welcomed_at is not None) == ("May Hill", True)
    assert newcomer.organisations.get().name == "Northfield Patients"


def test_after_the_organisation_the_rest_can_wait(client, newcomer):
    wrong = client.post("/welcome/group/", {"name": "", "country": "GB", "finish": "1"})
    home = client.post("/welcome/group/", {"name": "Northfield Patients", "country": "GB", "finish": "1"})

    newcomer.refresh_from_db()
    assert (wrong.status_code, home["Location"], newcomer.welcomed_at is not None) == (422, "/", True)
    assert newcomer.organisations.get().name == "Northfield Patients"


def test_only_name_organisation_and_country_are_required(client, newcomer):
    required = {}
    for page in ("you", "group", "reach"):
        form = client.get(f"/welcome/{page}/").context["form"]
        given = {name for name, field in form.fields.items() if form.get_initial_for_field(field, name)}
        required[page] = {name for name, field in form.fields.items() if field.required} - given

    assert required == {"you": {"name"}, "group": {"country"}, "reach": set()}


def test_a_colleague_is_not_asked_about_the_organisation(client, organisation, owner):
    client.post(path_of(invite(organisation, owner), "accept"))

    you = client.post("/welcome/you/", {"name": "Mary", "time_zone": "Europe/London"})

    assert you["Location"] == "/welcome/reach/"
    assert client.get("/welcome/group/")["Location"] == "/welcome/reach/"


def test_whoever_leaves_in_the_middle_comes_back_to_the_welcome_pages(newcomer):
    other_device = Client()
    link = actions.mint_sign_in_link(newcomer, "/guide/", at=timezone.now()).partition("8000")[2]

    assert other_device.post(link)["Location"] == "/welcome/you/"


def test_how_to_reach_somebody_is_kept(client, newcomer):
    client.post(
        "/welcome/reach/",
        {"reminders": "on", "best_day": "1", "phone": "020 7946 0018", "needs": "Breaks\nLarge print"},
    )

    newcomer.refresh_from_db()
    assert (newcomer.mail_reminders, newcomer.best_day, newcomer.phone, newcomer.needs, newcomer.needs_shared) == (
        "daily", 1, "020 7946 0018", "Breaks\nLarge print", False,
    )  # fmt: skip


def test_an_organisation_of_the_same_name_is_offered_and_only_files_a_request(client, newcomer):
    known = make_organisation(name="Northfield  (NF)")
    its_owner = member_of(known, "owner")
    make_organisation("company", name="Northfield")
    form = {"name": "Northfield", "country": "GB"}

    asked = client.post("/welcome/group/", form)
    answer = client.post("/welcome/group/", form | {"same": known.pk})

    assert asked.context["alike"] == [known]
    assert answer["Location"] == "/welcome/reach/"
    assert list(newcomer.organisations.all()) == [Organisation.objects.get(slug="northfield")]
    assert owed("join_request") == [
        (its_owner.email, "", f"accounts.joinrequest:{newcomer.join_requests.get().pk}")
    ]


def test_an_organisation_of_another_name_cannot_be_slipped_in(client, newcomer):
    other = make_organisation(name="Somebody Else")

    client.post("/welcome/group/", {"name": "Northfield", "country": "GB", "same": other.pk})

    assert not newcomer.join_requests.exists()


def test_another_organisation_of_the_same_name_goes_on_by_itself(client, newcomer):
    make_organisation(name="Northfield")

    answer = client.post("/welcome/group/", {"name": "Northfield", "country": "GB", "same": "none"})

    assert answer["Location"] == "/welcome/reach/"
    assert not newcomer.join_requests.exists()


def test_whoever_was_welcomed_cannot_come_back_to_ask_for_names(client, newcomer):
    make_organisation(name="Northfield")
    client.post("/welcome/reach/", {"skip": "1"})

    for answer in (
        client.get("/welcome/group/"),
        client.post("/welcome/group/", {"name": "Northfield", "country": "GB"}),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/welcome/reach/")
        assert b"Northfield" not in answer.content


def test_names_are_not_asked_for_one_after_the_other(client, newcomer):
    answers = [
        client.post("/welcome/group/", {"name": f"Northfield {number}", "country": "GB", "same": "none"})
        for number in range(11)
    ]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Wait 10 minutes, or call us" in answers[-1].content.decode()
    assert answers[-1].context["form"]["name"].value() == "Northfield 10"
    assert newcomer.organisations.get().name == "Northfield 9"


BAD_NAMES = [
    "",
    " \r\n\t ",
    "\u200b\u2060\ufeff",
    "Pat\x00ient",
    "line\x01\x0b\x1b[31mred",
    "invoice\u202efdp.exe",
    "Z" + "\u0316\u0300" * 2000,
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_cannot_be_kept_is_refused_at_the_field(client, newcomer, name):
    response = client.post("/welcome/you/", {"name": name, "time_zone": "Europe/London", "called": "May"})

    newcomer.refresh_from_db()
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert response.context["form"]["called"].value() == "May"
    assert newcomer.name == ""


@pytest.mark.parametrize(
    "name",
    [
        "👩🏽‍🔬 trial 🇬🇧",
        "Zoë",
        "W" * 120,
        "<b>A & B</b>",
        "{{ settings.SECRET_KEY }}{% load x %}",
        "=1+1",
        "O'Neil; DROP",
    ],
)
def test_a_name_that_is_odd_is_kept_as_it_is_and_shown_as_text(client, newcomer, name):
    client.post("/welcome/you/", {"name": name, "time_zone": "Europe/London"})

    newcomer.refresh_from_db()
    page = client.get("/account/").content.decode()
    assert newcomer.name == name
    assert "<b>A & B</b>" not in page


@pytest.mark.parametrize("time_zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe/London\x00"])
def test_a_time_zone_comes_from_the_list(client, newcomer, time_zone):
    response = client.post("/welcome/you/", {"name": "May", "time_zone": time_zone})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"time_zone"}


def test_whoever_joined_twice_is_still_one_person(organisation, owner):
    other = make_organisation("company")
    first = actions.accept_invitation(invite(organisation, owner), actor=None, at=timezone.now())
    join(owner, other, "owner")

    second = actions.accept_invitation(invite(other, owner), actor=first.person, at=timezone.now())

    assert first.person == second.person

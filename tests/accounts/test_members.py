"""Who belongs to an organisation, what they may do there, and how they leave."""

from functools import partial

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Event, JoinRequest, Membership, Notice, Organisation
from accounts.permissions import GRANTS, may, verbs_of
from tests.factories import DAY, NOON, join, make_organisation, make_person, member_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture(params=["group", "company", "agency"])
def organisation(request):
    return make_organisation(request.param, name="Larkfield")


@pytest.fixture
def owner(organisation):
    return member_of(organisation, "owner", name="Ada Byron")


def membership(person):
    return person.memberships.get()


def owed(kind):
    return list(
        Notice.objects.filter(kind=kind).order_by("recipient").values_list("recipient__name", flat=True)
    )


def address(name, organisation, *args):
    return reverse(f"accounts:{name}", args=[organisation.slug, *args])


# Permissions -------------------------------------------------------------------------------------


def test_only_owners_settle_who_belongs_in_every_kind_of_organisation(organisation, owner):
    lead, reader = member_of(organisation, "lead"), member_of(organisation, "reader")

    assert verbs_of(owner, organisation) == GRANTS["owner"]
    # Leads say how the organisation works, and ask others to; who belongs to it is not theirs to settle.
    assert verbs_of(lead, organisation) == {"write_how_we_work", "ask_how_they_work", "settle_funding"}
    assert verbs_of(reader, organisation) == set()


def test_elsewhere_an_owner_may_nothing(owner):
    assert verbs_of(owner, make_organisation()) == set()


def test_a_right_ends_with_the_membership(organisation, owner):
    membership(owner).delete()
    join(owner, organisation, "owner")
    owner.memberships.update(left_at=NOON)

    assert verbs_of(owner, organisation) == set()


def test_a_misspelt_verb_does_not_look_like_no(organisation, owner):
    with pytest.raises(LookupError, match="invite_members"):
        may(owner, "invite_members", organisation)


def test_a_superuser_has_no_shortcut(client, organisation):
    client.force_login(make_person(is_staff=True, is_superuser=True))

    assert client.get(address("organisation", organisation)).status_code == 404


# Pages -------------------------------------------------------------------------------------------


def test_whoever_belongs_to_one_organisation_is_led_to_it(client, organisation, owner):
    client.force_login(owner)

    assert client.get("/org/")["Location"] == f"/org/{organisation.slug}/"


def test_whoever_belongs_to_several_chooses(client, organisation, owner):
    other = make_organisation("company", name="Aldermoor")
    join(owner, other)
    client.force_login(owner)

    assert list(client.get("/org/").context["organisations"]) == [other, organisation]


def test_whoever_belongs_to_none_is_told_what_to_do(client):
    client.force_login(make_person())

    page = client.get("/org/").content.decode()

    assert "You belong to no organisation" in page


def test_the_members_page_names_roles_and_signatories(client, organisation, owner):
    reader = member_of(organisation, "reader", name="Rhea Der")
    reader.memberships.update(may_sign=True)
    client.force_login(owner)

    page = client.get(address("member_list", organisation)).content.decode()

    assert "2 people belong to Larkfield" in page
    assert "Rhea Der" in page
    assert "Reader, signatory" in page
    assert "Lead: does the work on projects" in page


def test_invitations_and_requests_are_for_owners_to_see(client, organisation, owner):
    actions.invite_member(organisation, "mary@example.org", actor=owner, at=timezone.now())
    actions.request_to_join(organisation, actor=make_person("Grace Hopper"), at=NOON)

    seen = {}
    for name, person in {"owner": owner, "lead": member_of(organisation)}.items():
        client.force_login(person)
        page = client.get(address("member_list", organisation)).content.decode()
        seen[name] = ("mary@example.org" in page, "Grace Hopper asks to join" in page)

    assert seen == {"owner": (True, True), "lead": (False, False)}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_members_page_takes_the_same_queries_for_one_and_for_thirty(
    client, organisation, owner, rows, django_assert_num_queries
):
    for number in range(rows):
        member_of(organisation)
        actions.invite_member(organisation, f"m{number}@example.org", actor=owner, at=timezone.now())
        actions.request_to_join(organisation, actor=make_person(), at=NOON)
    client.force_login(owner)
    client.get(address("member_list", organisation))

    with django_assert_num_queries(8):
        client.get(address("member_list", organisation))


# Inviting ----------------------------------------------------------------------------------------


def test_an_owner_invites(client, organisation, owner):
    client.force_login(owner)

    answer = client.post(
        address("member_invite", organisation),
        {"email": "Mary@Example.org", "role": "reader", "message": "Hello\nMary"},
    )

    invitation = organisation.invitations.get()
    assert answer["Location"] == address("member_list", organisation)
    assert (invitation.email, invitation.role, invitation.message, invitation.invited_by) == (
        "mary@example.org",
        "reader",
        "Hello\nMary",
        owner,
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "a@b.example,c@d.example; e@f.example"}, "email"),
        ({"email": "a" * 65 + "@example.com"}, "email"),
        ({"email": "mıke@example.org"}, "email"),
        ({"email": "member@example.org"}, "email"),
        ({"role": "boss"}, "role"),
        ({"role": ""}, "role"),
        ({"message": "x" * 401}, "message"),
        ({"message": "a\x00b"}, "message"),
    ],
)
def test_an_invitation_that_cannot_be_sent_is_refused_at_its_field(client, organisation, owner, data, field):
    member_of(organisation, email="member@example.org")
    client.force_login(owner)
    typed = {"email": "mary@example.org", "role": "lead", "message": "Hello"} | data

    response = client.post(address("member_invite", organisation), typed)

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors.keys() == {field}
    assert {name: form[name].value() for name in typed} == typed
    assert not organisation.invitations.exists()


def test_sending_the_form_twice_invites_once(client, organisation, owner):
    client.force_login(owner)
    typed = {"email": "mary@example.org", "role": "lead"}

    client.post(address("member_invite", organisation), typed)
    second = client.post(address("member_invite", organisation), typed)

    assert "has an open invitation" in second.content.decode()
    assert organisation.invitations.count() == 1
    assert Notice.objects.filter(kind="invite").count() == 1


def test_invitations_are_limited(client, organisation, owner, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invite": "2/h/user"}
    client.force_login(owner)

    answers = [
        client.post(
            address("member_invite", organisation), {"email": f"m{number}@example.org", "role": "lead"}
        ).status_code
        for number in range(3)
    ]

    assert answers == [302, 302, 429]


# Roles -------------------------------------------------------------------------------------------


def test_a_changed_role_is_recorded_with_before_and_after(client, organisation, owner):
    reader = member_of(organisation, "reader")
    client.force_login(owner)

    client.post(
        address("member_edit", organisation, membership(reader).pk), {"role": "lead", "may_sign": "on"}
    )

    event = Event.objects.get()
    assert (membership(reader).role, membership(reader).may_sign) == ("lead", True)
    assert (event.verb, event.actor, event.detail) == (
        "membership.changed",
        owner,
        {"before": {"role": "reader", "may_sign": False}, "after": {"role": "lead", "may_sign": True}},
    )


def test_changing_nothing_writes_nothing(organisation, owner):
    actions.change_member(membership(owner), role="owner", may_sign=False, actor=owner, at=NOON)

    assert not Event.objects.exists()


def test_the_last_owner_stays_owner(client, organisation, owner):
    member_of(organisation, "lead")
    client.force_login(owner)

    response = client.post(address("member_edit", organisation, membership(owner).pk), {"role": "lead"})

    assert response.status_code == 422
    assert response.context["form"].errors["role"] == [
        "Larkfield needs an Owner. Make somebody else Owner first."
    ]
    assert membership(owner).role == "owner"


def test_an_owner_who_has_left_does_not_count(organisation, owner):
    former = member_of(organisation, "owner")
    former.memberships.update(left_at=NOON)

    with pytest.raises(actions.LastOwner):
        actions.change_member(membership(owner), role="lead", may_sign=False, actor=owner, at=NOON)


def test_an_owner_who_cannot_sign_in_does_not_count(organisation, owner):
    member_of(organisation, "owner", is_active=False)

    with pytest.raises(actions.LastOwner):
        actions.end_membership(membership(owner), hand_over_to=None, actor=owner, at=NOON)
    with pytest.raises(actions.LastOwner):
        actions.close_account(owner, at=NOON)


def test_with_a_second_owner_the_first_may_step_back(organisation, owner):
    member_of(organisation, "owner")

    actions.change_member(membership(owner), role="reader", may_sign=False, actor=owner, at=NOON)

    assert membership(owner).role == "reader"


def test_a_member_of_another_organisation_cannot_be_changed_from_here(client, organisation, owner):
    other = make_organisation()
    theirs = membership(member_of(other, "reader"))
    client.force_login(owner)

    for name in ("member_edit", "member_remove"):
        assert client.post(address(name, organisation, theirs.pk), {"role": "owner"}).status_code == 404
        assert client.post(address(name, other, theirs.pk), {"role": "owner"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.role, theirs.left_at) == ("reader", None)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_step_back_at_once_one_stays():
    organisation = make_organisation()
    owners = [member_of(organisation, "owner") for _ in "ab"]
    steps = [
        partial(actions.change_member, membership(person), role="lead", may_sign=False, actor=person, at=NOON)
        for person in owners
    ]

    outcomes = at_once(*steps)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastOwner", "Membership"]
    assert Membership.objects.filter(organisation=organisation, role="owner").count() == 1


# Leaving -----------------------------------------------------------------------------------------


def test_whoever_is_removed_sees_nothing_from_the_next_click_on_and_everybody_is_told(
    client, organisation, owner
):
    leaver, heir = member_of(organisation, name="Lee Ver"), member_of(organisation, name="Hei Er")
    second_owner = member_of(organisation, "owner", name="Second Owner")
    membership(leaver)
    client.force_login(leaver)
    before = client.get(address("organisation", organisation)).status_code

    actions.end_membership(membership(leaver), hand_over_to=heir, actor=owner, at=NOON)

    assert (before, client.get(address("organisation", organisation)).status_code) == (200, 404)
    assert membership(leaver).left_at == NOON
    assert set(owed("member_left")) == {"Lee Ver", "Hei Er", second_owner.name}
    assert Event.objects.get().detail == {"hand_over_to": heir.pk}


def test_what_they_held_goes_to_the_colleague(organisation, owner, monkeypatch):
    leaver, heir = member_of(organisation), member_of(organisation)
    handed = []

    def hook(ended, *, hand_over_to, actor, at):
        handed.append((ended.person, hand_over_to, actor, at))

    monkeypatch.setattr("accounts.actions.members.LEFT_HOOKS", [hook])

    actions.end_membership(membership(leaver), hand_over_to=heir, actor=owner, at=NOON)

    assert handed == [(leaver, heir, owner, NOON)]


def test_the_page_lists_what_they_hold_and_asks_who_takes_over(client, organisation, owner, monkeypatch):
    leaver, heir = member_of(organisation), member_of(organisation)
    monkeypatch.setattr(
        "accounts.actions.members.HELD_HOOKS", [lambda held: ["A promise: agendas by Friday"]]
    )
    client.force_login(owner)
    page = address("member_remove", organisation, membership(leaver).pk)

    shown = client.get(page).content.decode()
    nobody = client.post(page, {"hand_over_to": ""})
    answer = client.post(page, {"hand_over_to": heir.pk})

    assert "A promise: agendas by Friday" in shown
    assert (nobody.status_code, nobody.context["form"].errors.keys()) == (422, {"hand_over_to"})
    assert answer["Location"] == address("member_list", organisation)
    assert membership(leaver).left_at is not None


@pytest.mark.parametrize("who", ["stranger", "former member", "themselves", "reader", "shut out"])
def test_only_a_member_takes_over(client, organisation, owner, who):
    leaver = member_of(organisation)
    former = member_of(organisation)
    former.memberships.update(left_at=NOON)
    heir = {
        "stranger": make_person(),
        "former member": former,
        "themselves": leaver,
        "reader": member_of(organisation, "reader"),
        "shut out": member_of(organisation, is_active=False),
    }[who]
    client.force_login(owner)

    response = client.post(
        address("member_remove", organisation, membership(leaver).pk), {"hand_over_to": heir.pk}
    )

    assert response.status_code == 422
    assert membership(leaver).left_at is None
    with pytest.raises(actions.NotAMember):
        actions.end_membership(membership(leaver), hand_over_to=heir, actor=owner, at=NOON)


def test_readers_are_not_offered_to_take_over(client, organisation, owner):
    leaver, lead, _reader = (member_of(organisation, role) for role in ("lead", "lead", "reader"))
    client.force_login(owner)

    page = client.get(address("member_remove", organisation, membership(leaver).pk))

    assert set(page.context["form"].fields["hand_over_to"].queryset) == {owner, lead}


def test_everybody_may_leave_by_themselves(client, organisation, owner):
    reader = member_of(organisation, "reader")
    client.force_login(reader)

    answer = client.post(address("member_leave", organisation))

    assert answer["Location"] == "/org/"
    assert membership(reader).left_at is not None
    assert owed("member_left") == [owner.name]


def test_the_last_owner_cannot_leave(client, organisation, owner):
    member_of(organisation)
    client.force_login(owner)

    response = client.post(address("member_leave", organisation))

    assert response.status_code == 422
    assert "needs an Owner" in response.content.decode()
    assert membership(owner).left_at is None


def test_leaving_twice_is_once(organisation, owner):
    leaver = member_of(organisation)
    actions.end_membership(membership(leaver), hand_over_to=None, actor=owner, at=NOON)

    with pytest.raises(actions.NotAMember):
        actions.end_membership(membership(leaver), hand_over_to=None, actor=owner, at=NOON + DAY)

    assert membership(leaver).left_at == NOON
    assert Event.objects.count() == 1


# Asking to join ----------------------------------------------------------------------------------


def test_owners_decide_who_joins(client, organisation, owner):
    grace = make_person("Grace Hopper")
    asked = actions.request_to_join(organisation, actor=grace, at=NOON)
    client.force_login(owner)

    client.post(address("join_request_accept", organisation, asked.pk))

    asked.refresh_from_db()
    assert (asked.accepted, asked.decided_by) == (True, owner)
    assert list(grace.memberships.values_list("organisation", "role")) == [(organisation.pk, "lead")]
    assert owed("join_request") == [owner.name]
    assert owed("join_decided") == ["Grace Hopper"]


def test_a_no_lets_nobody_in(client, organisation, owner):
    grace = make_person()
    asked = actions.request_to_join(organisation, actor=grace, at=NOON)
    client.force_login(owner)

    client.post(address("join_request_decline", organisation, asked.pk))

    assert not grace.memberships.exists()
    assert JoinRequest.objects.get().accepted is False


def test_the_second_answer_comes_too_late(client, organisation, owner):
    grace = make_person()
    asked = actions.request_to_join(organisation, actor=grace, at=NOON)
    actions.decide_join_request(asked, accept=False, actor=owner, at=NOON)
    client.force_login(member_of(organisation, "owner"))

    answer = client.post(address("join_request_accept", organisation, asked.pk), follow=True)

    assert "Somebody has answered this request already." in answer.content.decode()
    assert not grace.memberships.exists()


def test_asking_twice_is_asking_once(organisation, owner):
    grace = make_person()

    first = actions.request_to_join(organisation, actor=grace, at=NOON)
    second = actions.request_to_join(organisation, actor=grace, at=NOON + DAY)

    assert first == second
    assert owed("join_request") == [owner.name]


def test_a_request_of_another_organisation_is_not_there(client, organisation, owner):
    other = make_organisation()
    member_of(other, "owner")
    asked = actions.request_to_join(other, actor=make_person(), at=NOON)
    client.force_login(owner)

    assert client.post(address("join_request_accept", organisation, asked.pk)).status_code == 404
    assert client.post(address("join_request_accept", other, asked.pk)).status_code == 404


def test_staff_are_asked_where_there_is_no_owner(organisation):
    make_person("Sue Port", is_staff=True)
    make_person("Gone Staff", is_staff=True, is_active=False)

    actions.request_to_join(organisation, actor=make_person(), at=NOON)

    assert owed("join_request") == ["Sue Port"]


# Profile -----------------------------------------------------------------------------------------

PROFILE = {
    "name": "Larkfield Patients",
    "legal_name": "Larkfield Patients CIO",
    "registration_number": "1187654",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "conditions": "Rare lung diseases",
    "listed": "on",
}


def test_a_profile_is_changed_with_before_and_after_in_the_history(client, organisation, owner):
    client.force_login(owner)

    answer = client.post(address("organisation_edit", organisation), PROFILE)

    organisation.refresh_from_db()
    event = Event.objects.get()
    assert answer["Location"] == address("organisation", organisation)
    assert {name: getattr(organisation, name) for name in PROFILE} == PROFILE | {"listed": True}
    assert event.verb == "organisation.changed"
    assert (event.detail["before"]["name"], event.detail["after"]["name"]) == (
        "Larkfield",
        "Larkfield Patients",
    )


def test_kind_address_and_alias_are_not_changed_by_extra_fields(client, organisation, owner):
    kind, slug = organisation.kind, organisation.slug
    other = make_organisation(kind)
    client.force_login(owner)

    client.post(
        address("organisation_edit", organisation),
        PROFILE
        | {"kind": "company", "slug": "mine", "merged_into": other.pk, "id": other.pk, "origin": "imported"},
    )

    organisation.refresh_from_db()
    assert (organisation.kind, organisation.slug, organisation.merged_into, organisation.origin) == (
        kind, slug, None, "workspace",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b\u2060\ufeff"),
        ("name", "Pat\x00ient"),
        ("name", "W" * 201),
        ("legal_name", "invoice\u202efdp.exe"),
        ("country", "XX"),
        ("country", ""),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_a_profile_that_cannot_be_kept_is_refused_at_its_field(client, organisation, owner, field, value):
    client.force_login(owner)

    response = client.post(address("organisation_edit", organisation), PROFILE | {field: value})

    organisation.refresh_from_db()
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors.keys() == {field}
    assert form["conditions"].value() == "Rare lung diseases"
    assert organisation.name == "Larkfield"


# Merging -----------------------------------------------------------------------------------------


def test_a_merged_organisation_is_another_name_for_the_other_and_can_stand_alone_again(organisation):
    target, staff = make_organisation(organisation.kind), make_person(is_staff=True)

    actions.merge(organisation, target, actor=staff, at=NOON)
    organisation.refresh_from_db()
    merged = organisation.merged_into
    actions.undo_merge(organisation, actor=staff, at=NOON)

    organisation.refresh_from_db()
    assert (merged, organisation.merged_into) == (target, None)
    assert list(Event.objects.order_by("pk").values_list("verb", "actor")) == [
        ("organisation.merged", staff.pk),
        ("organisation.merge_undone", staff.pk),
    ]


def test_what_cannot_be_one_is_not_merged():
    group, company, staff = (
        make_organisation("group"),
        make_organisation("company"),
        make_person(is_staff=True),
    )
    merged = make_organisation("group", merged_into=group)

    for source, target in ((group, company), (group, group), (merged, group), (group, merged)):
        with pytest.raises(actions.CannotMerge):
            actions.merge(source, target, actor=staff, at=NOON)

    assert not Event.objects.exists()


def test_what_stands_against_a_merge_says_so(organisation, monkeypatch):
    target = make_organisation(organisation.kind)
    monkeypatch.setattr(
        "accounts.actions.organisations.MERGE_REFUSALS", [lambda source, target: "A review is sealed."]
    )

    with pytest.raises(actions.CannotMerge, match="A review is sealed"):
        actions.merge(organisation, target, actor=make_person(is_staff=True), at=NOON)


def test_an_organisation_that_was_merged_is_not_found_any_more_and_its_members_keep_its_pages(
    client, organisation, owner
):
    lead, target = member_of(organisation), make_organisation(organisation.kind)
    organisation.listed = True
    organisation.save()
    actions.merge(organisation, target, actor=make_person(is_staff=True), at=NOON)
    names = ["organisation", "organisation_edit", "member_list", "member_invite", "member_leave"]

    answers = {}
    for who, person in {"owner": owner, "lead": lead, "of the other": member_of(target, "owner")}.items():
        client.force_login(person)
        answers[who] = [client.get(address(name, organisation)).status_code for name in names]

    assert answers == {
        "owner": [200, 200, 200, 200, 200],
        "lead": [200, 403, 200, 403, 200],
        "of the other": [404, 404, 404, 404, 404],
    }
    assert not Organisation.objects.current().filter(pk=organisation.pk).exists()
    assert organisation not in Organisation.objects.visible_to(make_person())


def test_after_a_merge_people_still_come_and_go(client, organisation, owner):
    reader, asker = member_of(organisation, "reader"), make_person("Grace Hopper")
    before = actions.invite_member(organisation, "mary@example.org", actor=owner, at=timezone.now())
    asked = actions.request_to_join(organisation, actor=asker, at=NOON)
    actions.merge(organisation, make_organisation(organisation.kind), actor=owner, at=NOON)

    mary = actions.accept_invitation(before, actor=None, at=timezone.now()).person
    client.force_login(owner)
    client.post(address("member_invite", organisation), {"email": "joan@example.org", "role": "lead"})
    client.post(address("join_request_accept", organisation, asked.pk))
    later = organisation.invitations.get(email="joan@example.org")
    joan = actions.accept_invitation(later, actor=None, at=timezone.now()).person
    client.force_login(reader)
    left = client.post(address("member_leave", organisation))

    members = organisation.memberships.current().values_list("person", flat=True)
    assert set(members) == {owner.pk, mary.pk, asker.pk, joan.pk}
    assert left["Location"] == "/org/"


def test_a_name_is_alike_whatever_its_spelling():
    ours = make_organisation("group", name="Österreich-Müller-Stiftung (OMS)")
    same = [
        make_organisation("group", name=name)
        for name in (
            "Oesterreich Mueller Stiftung",
            "ÖSTERREICH MÜLLER STIFTUNG",
            "“Österreich” Müller‐Stiftung",
        )
    ]
    make_organisation("company", name="Österreich-Müller-Stiftung")
    make_organisation("group", name="Österreich-Müller-Stiftung Nord")
    make_organisation("group", name="Oesterreich Mueller Stiftung", merged_into=ours)

    assert set(actions.alike(ours, at=NOON)) == set(same)

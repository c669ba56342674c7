"""The admin of people and organisations: what staff may do, and what nobody may."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.audit import record
from accounts.models import (
    Event,
    Invitation,
    JoinRequest,
    KeptPost,
    Membership,
    Notice,
    Organisation,
    Person,
    Recovery,
)
from tests.factories import NOON, add_second_factor, join, make_organisation, make_person, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(client):
    superuser = make_person("Sue Port", email="sue@example.org", is_staff=True, is_superuser=True)
    client.force_login(superuser)
    return superuser


def act(client, model, action, *rows, **data):
    """An action of a list, as its form posts it."""
    return client.post(
        reverse(f"admin:accounts_{model}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]} | data,
        follow=True,
    )


def no_inlines(*prefixes):
    """What the page of a row posts for inlines that nobody may write."""
    return {f"{prefix}-{name}_FORMS": "0" for prefix in prefixes for name in ("TOTAL", "INITIAL")}


MODELS = ["organisation", "person", "event", "joinrequest", "invitation", "recovery"]


def test_what_opens_accounts_or_may_hold_sealed_words_is_not_in_the_admin():
    registered = {model._meta.label_lower for model in admin.site._registry}

    hidden = {
        "accounts.keptpost", "accounts.signinlink", "accounts.emailchange", "mfa.authenticator",
        "usersessions.usersession", "account.emailaddress", "sessions.session",
    }  # fmt: skip
    assert registered & hidden == set()
    assert KeptPost._meta.label_lower in hidden


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_takes_the_same_queries_for_one_and_for_thirty(
    client, superuser, model, rows, django_assert_max_num_queries
):
    fill(rows, superuser)
    address = reverse(f"admin:accounts_{model}_changelist")
    client.get(address)

    with django_assert_max_num_queries(10):
        assert client.get(address, {"q": "a"}).status_code == 200


def fill(rows, superuser):
    for number in range(rows):
        organisation = make_organisation(name=f"Larkfield {number}", origin="imported")
        owner = member_of(organisation, "owner")
        actions.invite_member(organisation, f"m{number}@example.org", actor=owner, at=timezone.now())
        actions.request_to_join(organisation, actor=make_person(), at=NOON)
        record("organisation.changed", organisation, actor=owner, at=NOON, organisation=organisation)
        actions.ask_for_recovery(owner, reason="Called", actor=superuser, at=NOON)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_an_organisation_takes_the_same_queries_for_one_member_and_for_thirty(
    client, superuser, rows, django_assert_max_num_queries
):
    organisation = make_organisation()
    for _ in range(rows):
        member_of(organisation)

    with django_assert_max_num_queries(12):
        client.get(reverse("admin:accounts_organisation_change", args=[organisation.pk]))


@pytest.mark.parametrize("query", ["\x00", "%", "_", "\\", "'", '"', "é", "x" * 5000])
def test_odd_searches_find_nothing_and_break_nothing(client, superuser, query):
    for model in MODELS:
        response = client.get(reverse(f"admin:accounts_{model}_changelist"), {"q": query})

        assert response.status_code == 200


# Organisations -----------------------------------------------------------------------------------


def test_an_organisation_is_set_up_together_with_its_owners_invitation(client, superuser):
    client.post(
        reverse("admin:accounts_organisation_add"),
        {
            "kind": "group",
            "name": "Larkfield",
            "country": "GB",
            "owner_email": "Ada@Example.org",
            "message": "Hi",
        },
    )

    organisation = Organisation.objects.get()
    invitation = Invitation.objects.get()
    assert (organisation.slug, organisation.kind, list(organisation.members.all())) == (
        "larkfield",
        "group",
        [],
    )
    assert (invitation.organisation, invitation.email, invitation.role, invitation.invited_by) == (
        organisation, "ada@example.org", "owner", superuser,
    )  # fmt: skip
    assert Notice.objects.get().kind == "invite"


@pytest.mark.parametrize("field", ["kind", "name", "owner_email"])
def test_an_organisation_is_not_set_up_without(client, superuser, field):
    typed = {
        "kind": "group",
        "name": "Larkfield",
        "country": "GB",
        "owner_email": "ada@example.org",
        field: "",
    }

    response = client.post(reverse("admin:accounts_organisation_add"), typed)

    assert response.context["adminform"].form.errors.keys() == {field}
    assert not Organisation.objects.exists()


def test_nobody_is_made_a_member_in_the_admin(client, superuser):
    organisation = make_organisation()
    owner = member_of(organisation, "owner")
    page = client.get(reverse("admin:accounts_organisation_change", args=[organisation.pk])).content.decode()

    client.post(
        reverse("admin:accounts_organisation_change", args=[organisation.pk]),
        {
            "kind": "group", "name": "Larkfield", "country": "GB", "time_zone": "Europe/London",
            "memberships-TOTAL_FORMS": "2", "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": owner.memberships.get().pk, "memberships-0-role": "reader",
            "memberships-0-organisation": organisation.pk, "memberships-0-DELETE": "on",
            "memberships-1-person": superuser.pk, "memberships-1-role": "owner",
            "memberships-1-organisation": organisation.pk,
        }
        | no_inlines("names"),
    )  # fmt: skip

    assert str(owner) in page
    assert 'name="memberships-0-role"' not in page
    assert list(Membership.objects.values_list("person", "role")) == [(owner.pk, "owner")]
    assert Membership not in admin.site._registry


def test_a_change_in_the_admin_is_in_the_history_with_before_and_after(client, superuser):
    organisation = make_organisation(name="Larkfield", country="GB")

    client.post(
        reverse("admin:accounts_organisation_change", args=[organisation.pk]),
        {
            "kind": "company",
            "name": "Larkfield",
            "country": "GB",
            "time_zone": "Europe/London",
            "slug": "other",
        }
        | no_inlines("memberships", "names"),
    )

    organisation.refresh_from_db()
    event = Event.objects.get()
    assert (organisation.kind, organisation.slug == "other") == ("company", False)
    assert (event.actor, event.detail) == (
        superuser,
        {"before": {"kind": "group"}, "after": {"kind": "company"}},
    )


def test_the_first_owner_of_an_imported_organisation_is_invited(client, superuser):
    organisation = make_organisation(origin="imported")

    asked = act(client, "organisation", "invite_owner", organisation)
    act(client, "organisation", "invite_owner", organisation, confirmed="1", email="ada@example.org")

    assert "first Owner" in asked.content.decode()
    assert Invitation.objects.values_list("organisation", "email", "role").get() == (
        organisation.pk, "ada@example.org", "owner",
    )  # fmt: skip


def test_where_there_are_members_an_owner_invites(client, superuser):
    organisation = make_organisation()
    member_of(organisation, "owner")

    act(client, "organisation", "invite_owner", organisation, confirmed="1", email="eve@example.org")

    assert not Invitation.objects.exists()


def test_two_organisations_are_merged_after_a_page_that_asks(client, superuser):
    one, other = make_organisation(name="Larkfield"), make_organisation(name="Larkfield Group")

    asked = act(client, "organisation", "merge", one, other)
    untouched = Organisation.objects.filter(merged_into=None).count()
    act(client, "organisation", "merge", one, other, confirmed="1", stays=other.pk)

    one.refresh_from_db()
    assert "Which name stays?" in asked.content.decode()
    assert untouched == 2
    assert one.merged_into == other


def test_a_merge_that_is_refused_says_why(client, superuser, monkeypatch):
    one, other = make_organisation(), make_organisation()
    monkeypatch.setattr(
        "accounts.actions.organisations.MERGE_REFUSALS", [lambda source, target: "A review is sealed."]
    )

    response = act(client, "organisation", "merge", one, other, confirmed="1", stays=other.pk)

    assert "A review is sealed." in response.content.decode()
    assert Organisation.objects.filter(merged_into=None).count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_exactly_two_are_merged(client, superuser, count):
    rows = [make_organisation() for _ in range(count)]

    act(client, "organisation", "merge", *rows, confirmed="1", stays=rows[0].pk)

    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_a_merge_is_undone(client, superuser):
    target = make_organisation()
    merged = make_organisation(merged_into=target)

    act(client, "organisation", "undo_merge", merged)

    merged.refresh_from_db()
    assert merged.merged_into is None


# People ------------------------------------------------------------------------------------------


def test_address_and_second_factor_are_read_only(client, superuser):
    person = make_person("Ada Byron", email="ada@example.org")
    add_second_factor(person)

    client.post(
        reverse("admin:accounts_person_change", args=[person.pk]),
        {
            "name": "Ada Lovelace", "language": "en-gb", "time_zone": "Europe/London", "is_active": "on",
            "mail_reminders": "off",
            "email": "eve@example.org", "password": "x", "closed_at": "2020-01-01",
        }
        | no_inlines("memberships"),
    )  # fmt: skip

    person.refresh_from_db()
    assert (person.name, person.email, person.closed_at) == ("Ada Lovelace", "ada@example.org", None)
    assert Authenticator.objects.filter(user=person).exists()
    assert Event.objects.get().detail == {"fields": ["mail_reminders", "name"]}


@pytest.mark.parametrize(("owners", "shut_out"), [(1, False), (2, True)])
def test_nobody_shuts_out_the_last_owner_of_an_organisation(client, superuser, owners, shut_out):
    organisation = make_organisation(name="Larkfield")
    person, *_others = [member_of(organisation, "owner") for _ in range(owners)]
    typed = {"name": "Ada", "language": "en-gb", "time_zone": "Europe/London", "mail_reminders": "daily"}

    response = client.post(
        reverse("admin:accounts_person_change", args=[person.pk]), typed | no_inlines("memberships")
    )

    person.refresh_from_db()
    assert person.is_active is not shut_out
    if not shut_out:
        assert response.context["adminform"].form.errors == {
            "is_active": ["Larkfield needs an Owner. Somebody else must be Owner first."]
        }


def test_people_are_neither_added_nor_deleted_here(client, superuser):
    person = make_person()

    assert client.get(reverse("admin:accounts_person_add")).status_code == 403
    assert client.post(reverse("admin:accounts_person_delete", args=[person.pk])).status_code == 403
    assert Person.objects.filter(pk=person.pk).exists()


def test_staff_give_nobody_more_rights_than_they_have(client):
    from django.contrib.auth.models import Permission

    staff = make_person(is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=["view_person", "change_person"]))
    person = make_person()
    client.force_login(staff)

    for target in (person, staff):
        client.post(
            reverse("admin:accounts_person_change", args=[target.pk]),
            {
                "name": "New Name", "language": "en-gb", "time_zone": "Europe/London", "is_active": "on",
                "mail_reminders": "daily",
                "is_staff": "on", "is_superuser": "on",
            }
            | no_inlines("memberships"),
        )  # fmt: skip

    person.refresh_from_db()
    staff.refresh_from_db()
    assert (person.name, person.is_staff, person.is_superuser, staff.is_superuser) == (
        "New Name",
        False,
        False,
        False,
    )


def test_staff_without_rights_see_no_lists(client):
    client.force_login(make_person(is_staff=True))

    for model in MODELS:
        assert client.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 403


# Recovery ----------------------------------------------------------------------------------------


@pytest.fixture
def locked_out():
    person = make_person("Ada Byron", email="ada@example.org", password="correct horse battery")
    add_second_factor(person)
    join(person, make_organisation(), "owner")
    return person


def test_an_account_is_recovered_by_two_of_staff_and_everybody_there_is_told(client, superuser, locked_out):
    colleague = member_of(locked_out.organisations.get())
    session = Client()
    session.force_login(locked_out)
    second = Client()
    second.force_login(make_person("Hal Per", is_staff=True, is_superuser=True))

    client.post(
        reverse("admin:accounts_recovery_add"),
        {"person": locked_out.pk, "reason": "Called from the known number", "email": "ada.new@example.org"},
    )
    recovery = Recovery.objects.get()
    act(client, "recovery", "approve", recovery)
    by_one = Recovery.objects.get().decided_at
    act(second, "recovery", "approve", recovery)

    locked_out.refresh_from_db()
    assert by_one is None
    assert (locked_out.email, locked_out.has_usable_password()) == ("ada.new@example.org", False)
    assert not Authenticator.objects.filter(user=locked_out).exists()
    assert list(Notice.objects.order_by("kind", "recipient").values_list("kind", "recipient", "address")) == [
        ("account_recovered", locked_out.pk, ""),
        ("account_recovered", colleague.pk, ""),
        ("email_changed", None, "ada@example.org"),
    ]
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "recovery.asked",
        "recovery.decided",
    ]


def test_refused_nothing_changes(superuser, locked_out):
    recovery = actions.ask_for_recovery(locked_out, reason="?", actor=superuser, at=NOON)

    actions.decide_recovery(recovery, approve=False, actor=make_person(is_staff=True), at=NOON)

    assert Authenticator.objects.filter(user=locked_out).exists()
    assert not Notice.objects.exists()


def test_nobody_recovers_an_account_alone_or_their_own(superuser, locked_out):
    recovery = actions.ask_for_recovery(locked_out, reason="?", actor=superuser, at=NOON)

    for actor in (superuser, locked_out):
        with pytest.raises(actions.CannotRecover):
            actions.decide_recovery(recovery, approve=True, actor=actor, at=NOON)
    with pytest.raises(actions.CannotRecover):
        actions.ask_for_recovery(superuser, reason="?", actor=superuser, at=NOON)
    with pytest.raises(actions.CannotRecover):
        actions.ask_for_recovery(locked_out, reason="again", actor=make_person(is_staff=True), at=NOON)


def test_the_database_itself_wants_two(superuser, locked_out):
    recovery = actions.ask_for_recovery(locked_out, reason="?", actor=superuser, at=NOON)

    for decided_by in (superuser, locked_out):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recovery.objects.filter(pk=recovery.pk).update(decided_by=decided_by)


# Requests, history -------------------------------------------------------------------------------


def test_staff_decide_where_there_is_no_owner_and_only_there(client, superuser):
    empty, owned = make_organisation(origin="imported"), make_organisation()
    member_of(owned, "owner")
    requests = [actions.request_to_join(one, actor=make_person(), at=NOON) for one in (empty, owned)]

    response = act(client, "joinrequest", "let_in", *requests)

    assert "has Owners: they decide." in response.content.decode()
    assert list(JoinRequest.objects.order_by("pk").values_list("accepted", flat=True)) == [True, None]
    assert empty.memberships.get().role == "owner"


def test_history_is_looked_at_and_never_written(client, superuser):
    event = record("organisation.changed", make_organisation(), actor=superuser, at=NOON)
    change = reverse("admin:accounts_event_change", args=[event.pk])

    assert client.get(change).status_code == 200
    assert client.post(change, {"verb": "organisation.merged"}).status_code == 403
    assert client.get(reverse("admin:accounts_event_add")).status_code == 403
    assert client.post(reverse("admin:accounts_event_delete", args=[event.pk])).status_code == 403
    act(client, "event", "delete_selected", event, post="yes")
    assert Event.objects.get().verb == "organisation.changed"


def test_a_line_that_one_organisation_keeps_to_itself_is_not_in_the_admin(client, superuser):
    organisation = make_organisation()
    event = record(
        "review.saved",
        organisation,
        actor=member_of(organisation),
        at=NOON,
        organisation=organisation,
        private=True,
    )

    assert "review.saved" not in client.get(reverse("admin:accounts_event_changelist")).content.decode()
    assert client.get(reverse("admin:accounts_event_change", args=[event.pk])).status_code == 302


def test_no_page_shows_a_token(client, superuser):
    organisation = make_organisation()
    invitation = actions.invite_member(
        organisation, "m@example.org", actor=member_of(organisation, "owner"), at=timezone.now()
    )
    actions.mint_invitation_link(invitation, at=timezone.now())
    invitation.refresh_from_db()

    page = client.get(reverse("admin:accounts_invitation_change", args=[invitation.pk])).content.decode()

    assert "m@example.org" in page
    assert invitation.token_hash not in page

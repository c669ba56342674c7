"""What the forms of the admin say about what they can't take, beside what was typed."""

import pytest
from django.urls import reverse

from accounts.models import Invitation, Organisation, Recovery
from principles.models import PrincipleSet
from tests.browse import signed_in
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser():
    return make_person("Sue Port", email="sue@example.org", is_staff=True, is_superuser=True)


def errors(response):
    return {
        name: [str(word) for word in words] for name, words in response.context["adminform"].errors.items()
    }


def test_the_first_owner_of_an_organisation_has_an_address_of_plain_letters(superuser):
    address = reverse("admin:accounts_organisation_add")
    typed = {"kind": "group", "name": "Larkfield", "country": "GB", "owner_email": "m\u0131ke@example.org"}

    response = signed_in(superuser).post(address, typed)

    assert errors(response) == {"owner_email": ["Use an address with plain letters only."]}
    assert 'value="Larkfield"' in response.content.decode()
    assert not Organisation.objects.filter(name="Larkfield").exists()
    assert not Invitation.objects.exists()


def test_an_account_that_cannot_be_given_back_says_why_beside_the_person_and_keeps_the_reason(superuser):
    client, address = signed_in(superuser), reverse("admin:accounts_recovery_add")
    other, closed = make_person(), make_person(is_active=False)

    asked = [
        ({"person": superuser.pk}, "person", "Ask a colleague to recover your own account."),
        ({"person": closed.pk}, "person", "This account is closed."),
        ({"person": other.pk, "email": closed.email}, "email", "This address belongs to an account."),
    ]

    for typed, field, words in asked:
        response = client.post(address, typed | {"reason": "Lost the phone"})
        assert errors(response) == {field: [words]}
        assert "Lost the phone" in response.content.decode()
    assert not Recovery.objects.exists()


def test_pressing_merge_without_a_choice_is_answered_with_words(superuser):
    pair = [make_organisation(name=name).pk for name in ("Larkfield", "Larkfield Society")]
    chosen = {"action": "merge", "_selected_action": pair}
    client, listing = signed_in(superuser), reverse("admin:accounts_organisation_changelist")

    assert "Choose the name that stays." not in client.post(listing, chosen).content.decode()
    for stays in ({}, {"stays": "x"}):
        page = client.post(listing, chosen | {"confirmed": "Merge"} | stays).content.decode()
        assert "Choose the name that stays." in page
    assert not Organisation.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize(
    ("rows", "words"), [("21", "Add at most 20 at once."), ("9" * 30, "Please submit at most 1000 forms.")]
)
def test_a_page_takes_no_more_new_rows_than_anybody_types_at_once(superuser, rows, words):
    edition = PrincipleSet.objects.create(edition="2027-01", title="Next")
    address = reverse("admin:principles_principleset_change", args=[edition.pk])
    counts = {"principles-TOTAL_FORMS": rows, "principles-INITIAL_FORMS": "0"}

    response = signed_in(superuser).post(address, {"edition": "2027-01", "title": "Changed"} | counts)

    assert words in response.content.decode()
    edition.refresh_from_db()
    assert edition.title == "Next"

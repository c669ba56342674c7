"""What every answer says to the browser, error pages included."""

import pytest
from django.test import Client

from tests.factories import make_person


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("/sign-in/", None),
        ("/guide/", None),
        ("/account/", "person"),
        ("/nowhere/", None),
        ("/admin/", "staff"),
        ("/invite/unknown/", None),
    ],
)
def test_no_page_may_use_the_device_but_for_passkeys(address, who):
    client = Client()
    if who:
        client.force_login(make_person(is_staff=who == "staff"))

    policy = dict(part.split("=") for part in client.get(address)["Permissions-Policy"].split(", "))

    assert {feature for feature, allowed in policy.items() if allowed != "()"} == {
        "publickey-credentials-get",
        "publickey-credentials-create",
    }
    assert policy["camera"] == policy["microphone"] == policy["geolocation"] == "()"


@pytest.mark.django_db
def test_a_refused_host_gets_them_too():
    response = Client().get("/sign-in/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "camera=()" in response["Permissions-Policy"]

"""Published rulings about agreements that were missing, or not certified, before the work began: would it happen here?

Each test is named by the reference of its ruling, and goes through the pages that people use.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Project
from tests import files
from tests.factories import DAY, other_side, person_on
from tests.partnerships.contracts import all_declare, approver_of, complete, people_of

pytestmark = pytest.mark.django_db

UNSIGNED = "Started without agreement"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract, *more):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, *more])


def sign(client, person, contract):
    client.force_login(person)
    page = client.get(url("contract_sign", contract))
    content = page.context["form"]["content"].value()
    sent = {"content": content, "signer": str(person), "authority": "on"}
    return client.post(url("contract_sign", contract), sent, follow=True).text


def approve(client, person, contract):
    client.force_login(person)
    page = client.get(url("contract_approve", contract))
    today = timezone.now().astimezone(contract.project.zone).date()
    day = {"approved_on_day": today.day, "approved_on_month": today.month, "approved_on_year": today.year}
    form = page.context.get("form")
    sent = {"name": str(person), "registration": "doctor", "content": form["content"].value() if form else ""}
    return client.post(url("contract_approve", contract), sent | day, follow=True).text


def stage_of(contract):
    return Project.objects.get(pk=contract.project_id).stage


def test_auth_2736_9_14_support_without_a_signed_and_approved_agreement_is_seen_by_everybody(client, side):
    """AUTH/2736/9/14 (G01, G02): agreements were missing, or not certified, and nobody saw it for years."""
    # Given a project whose start has passed, with a grant that nobody has signed or approved
    project, me, them = people_of(side)
    contract = complete(project, me, at=timezone.now())
    start = timezone.now().astimezone(project.zone).date() - DAY
    Project.objects.filter(pk=project.pk).update(starts_on=start, ends_on=None)
    listed = reverse("partnerships:project_list")

    # When anyone opens the project or the list, then both say so, to both sides alike, and what is missing is named
    for person in (me, them, person_on(project, other_side(side), "reader")):
        client.force_login(person)
        overview = client.get(project.get_absolute_url()).text
        assert UNSIGNED in overview
        assert "The contract is not approved yet." in overview
        assert "The contract waits for the signature of" in overview
        assert f"{UNSIGNED}</span>" in client.get(listed).text
        assert project.title in client.get(listed, {"start": "unsigned"}).text

    # When both sign, then it is still not delivered: the approval is missing
    all_declare(project)
    for person in (me, them):
        sign(client, person, contract)
    assert stage_of(contract) == "contract"
    assert UNSIGNED in client.get(project.get_absolute_url()).text

    # When somebody of the company who did not write it approves it, then it begins, and nothing is flagged
    approve(client, approver_of(contract), contract)
    assert stage_of(contract) == "deliver"
    assert UNSIGNED not in client.get(project.get_absolute_url()).text
    assert f"{UNSIGNED}</span>" not in client.get(listed).text


def test_auth_2528_8_12_who_writes_a_text_does_not_certify_it_and_a_changed_text_is_certified_anew(client):
    """AUTH/2528/8/12 (G02): a text was handed to a patient group without the certification it needed."""
    # Given an agreement that the company wrote
    project, company, group = people_of("company")
    contract = complete(project, company, at=timezone.now())

    # When its author, or the group, tries to approve it, then it is refused and said who can
    assert "Somebody who did not write it approves it." in approve(client, company, contract)
    assert "approves it." in approve(client, group, contract)
    # When a colleague approves it, then name, registration and day stand there for both sides
    approver = approver_of(contract)
    assert f"{approver}, Registered medical practitioner, approved version 1 on" in approve(
        client, approver, contract
    )

    # When the text changes, then the page says before that the approval is cancelled, and after it all begins anew
    client.force_login(group)
    form = client.get(url("version_add", contract))
    assert "Saving a change cancels that, and it is approved again." in form.text
    sent = {"note": "", "read": "", "knows": form.context["form"]["knows"].value()}
    client.post(url("version_add", contract), sent | {"file": files.upload(files.pdf(3), "new.pdf")})
    assert "Not approved yet" in client.get(contract.get_absolute_url()).text
    all_declare(project)
    for person in (company, group):
        sign(client, person, contract)
    assert stage_of(contract) == "contract"


def test_auth_3594_12_21_material_made_together_is_certified_before_it_goes_out_and_said_from_the_start(
    client,
):
    """AUTH/3594/12/21 (G02): the complainant held that material of a campaign with a group needed certification."""
    # Given a joint project, in which a group and a company make material together
    project, company, _group = people_of("company")
    contract = complete(project, company, type="joint")
    client.force_login(company)

    # When either opens it, then the duty stands there, and no approval of the agreement is asked in its place
    page = client.get(contract.get_absolute_url()).text
    assert "Material that you make together is approved before it goes out." in page
    assert "Not approved yet" not in page


def test_where_nothing_has_to_be_approved_signatures_are_enough(client, side):
    """The other way round: a rail must not cry wolf for kinds that the rules let go without approval."""
    project, me, them = people_of(side)
    contract = complete(project, me, type="service")
    all_declare(project)
    for person in (me, them):
        sign(client, person, contract)

    assert stage_of(contract) == "deliver"

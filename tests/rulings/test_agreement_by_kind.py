"""Published rulings about agreements that lacked something or were of the wrong kind: would it happen here?

Each test is named by the reference of its ruling, and goes through the pages that people use.
"""

import pytest
from django.urls import reverse

from accounts.models import Event
from tests.factories import make_organisation, other_side, partner_of, person_on
from tests.partnerships.contracts import begun, complete, people_of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract, *more):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, *more])


def filled(client, address, *, follow=False, **typed):
    """Send the form of a page, with some of it typed anew."""
    form = client.get(address).context["form"]
    values = {name: str(form[name].value()) for name in form.fields if form[name].value() is not None}
    return client.post(address, values | typed, follow=follow)


def try_to_sign(client, contract):
    return filled(
        client, url("contract_sign", contract), follow=True, signer="Some Body", authority="on"
    ).text


def test_auth_3676_7_22_a_grant_without_the_statement_on_acknowledgement_is_not_signed(client, side):
    """AUTH/3676/7/22 (G03): the grant agreement for a website lacked that support must be apparent from the start."""
    # Given an agreement whose checklist lacks one item: that all know the support must be apparent from the start
    project, me, them = people_of(side)
    contract = complete(project, me, title="Website, grant")
    client.force_login(me)
    filled(client, url("checklist_answer", contract, "agreement"), acknowledged="")

    # When either side tries to complete it
    for person in (me, them):
        client.force_login(person)
        page = client.get(contract.get_absolute_url()).text
        answer = try_to_sign(client, contract)

        # Then it is refused, and the item is named, on the contract as well
        assert "“Support is acknowledged from the start” is not answered yet." in answer
        assert "1 item is missing" in page
        assert "Support is acknowledged from the start" in page
        assert url("signature_record", contract) not in page
        assert url("contract_sign", contract) not in page
    assert not contract.signatures.exists()
    # And nobody gets round it by saying that it does not apply
    words = {"acknowledged": "not_applicable", "acknowledged-words": "It is a small grant."}
    assert filled(client, url("checklist_answer", contract, "agreement"), **words).status_code == 422

    # When the item is met, then it can be signed
    filled(client, url("checklist_answer", contract, "agreement"), acknowledged="met")
    try_to_sign(client, contract)
    assert contract.signatures.exists()


def test_auth_2736_9_14_sponsoring_a_meeting_of_a_group_is_an_agreement_with_its_duties(client, side):
    """AUTH/2736/9/14 (G13): meetings of patient groups were sponsored outside the rules for patient groups."""
    # Given a sponsored meeting, begun like any agreement with a group
    project, me, _them = people_of(side)
    contract = begun(project, me, title="Annual meeting, sponsorship", type="sponsorship")
    client.force_login(me)

    # When its partners open it
    page = client.get(contract.get_absolute_url()).text

    # Then what follows from the kind stands there: acknowledged, and published each year
    assert "Everything that comes of it shows from the start who gave support." in page
    assert "The company publishes once a year what it gave, one row for each transfer." in page
    # And without a signed agreement the project stays in Contract, and says why
    try_to_sign(client, contract)
    project.refresh_from_db()
    overview = client.get(reverse("portal:project_overview", args=[project.reference])).text
    assert (project.stage, contract.signatures.count()) == ("contract", 0)
    assert "19 items of the checklist are not settled." in overview


def test_auth_3594_12_21_a_company_that_shapes_the_work_is_no_giver_at_arms_length(client, side):
    """AUTH/3594/12/21 (G13): "no influence" was declared while the company chose the areas to be reached."""
    # Given a grant in which somebody says that the group is not independent of the company
    project, me, _them = people_of(side)
    contract = complete(project, me, title="Cholesterol programme, grant")
    client.force_login(me)
    words = {"independence": "not_met", "independence-words": "The company chooses the areas to be reached."}
    filled(client, url("checklist_answer", contract, "attest"), **words)

    # When it is opened, then both sides read that this contradicts the kind, and which kinds may fit
    for person in (me, person_on(project, other_side(side))):
        client.force_login(person)
        page = client.get(contract.get_absolute_url()).text
        assert "“Each partner stays independent” does not fit the kind “Grant”." in page
        assert "Kinds that may fit: Joint project, Contracted service." in page
        # And nobody signs it as a grant
        assert "contradicts this kind of contract" in try_to_sign(client, contract)
    assert not contract.signatures.exists()

    # When it becomes a joint project, then who decides what has to be written down, and still nobody signs before
    filled(client, url("contract_kind", contract), type="joint", reason="The company chooses the areas.")
    page = client.get(contract.get_absolute_url()).text
    assert "Who decides what is written down." in page
    assert "Who decides what" in page
    assert "“Who decides what” is not answered yet." in try_to_sign(client, contract)


def test_lif_ign_277_the_rules_follow_from_the_partners_and_no_kind_changes_unseen(client, side):
    """LIF IGN 277 (G13): a project with a cancer network was filed under another kind, for the second time."""
    # Given a contract: its rules come from the countries of its partners, and no page asks for them
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, them)
    client.force_login(me)
    assert contract.ruleset == "gb-2021"

    # When somebody changes its kind without a reason, then it is refused
    refused = filled(client, url("contract_kind", contract), type="joint")
    contract.refresh_from_db()
    assert (refused.status_code, contract.type) == (422, "grant")
    assert refused.context["form"].errors == {"reason": ["Say why the kind changes"]}

    # When they give one, then before, after and reason stand in the history of both, and signatures start again
    for kind, reason in (("joint", "We work on it together."), ("donation", "It is a gift after all.")):
        filled(client, url("contract_kind", contract), type=kind, reason=reason)
    client.force_login(them)
    history = client.get(url("contract_history", contract)).text
    overview = client.get(reverse("portal:project_overview", args=[project.reference])).text
    assert not contract.signatures.exists()
    assert [event.detail for event in Event.objects.filter(verb="contract.kind_changed").order_by("pk")] == [
        {"before": "grant", "after": "joint", "why": "We work on it together."},
        {"before": "joint", "after": "donation", "why": "It is a gift after all."},
    ]
    for text in ("from Grant to Joint project", "from Joint project to Donation", "It is a gift after all."):
        assert text in history
    # So who repeats it is seen, beside the first time, on the project as well
    name = partner_of(project, side).name
    assert (
        f"({name}) changed the kind of the contract from Grant to Joint project: We work on it together."
        in overview
    )
    assert f"({name}) changed the kind of the contract from Joint project to Donation" in overview


def test_where_no_partner_has_rules_of_its_country_nothing_is_ticked_in_its_place(client):
    """The other way round: a rail must not cry wolf where nobody wrote down rules."""
    project, me, _them = people_of(
        "group",
        groups=[make_organisation("group", country="ES")],
        companies=[make_organisation("company", country="DE")],
    )
    contract = complete(project, me)
    client.force_login(me)

    assert "Checklist" not in client.get(contract.get_absolute_url()).text
    try_to_sign(client, contract)
    assert contract.signatures.exists()

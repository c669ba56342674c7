"""The demo: ten projects in every stage, once, and never beside real data."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Notice, Organisation, Person
from evaluations import sealing
from evaluations.models import CarriedItem, Promise
from partnerships.models import AgencyBrief, ContractComment, FundingRequest, Project, UsePermission
from portal import demo
from tests.factories import NOON, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("demo", here=True, verbosity=0)


def test_demo_has_a_project_in_every_stage(loaded):
    assert set(Project.objects.values_list("stage", flat=True)) == set(Project.Stage.values)
    assert Project.objects.count() == 10


def test_demo_shows_sealed_and_opened_reviews_a_late_one_and_carried_promises(loaded):
    sealed = Project.objects.get(title="Carer handbook")
    late = Project.objects.get(title="Rare voices film")

    assert sealing.opened(sealed) is None
    assert [status.sent for status in sealing.statuses(sealed)].count(True) == 1
    assert sealing.opened(Project.objects.get(title="Screening van")) is not None
    assert (NOON.date() - late.review_due_on).days > 0
    assert sorted(Promise.objects.exclude(state="draft").values_list("state", flat=True)) == [
        "done",
        "open",
        "open",
    ]
    assert CarriedItem.objects.exists()


def test_demo_shows_whether_what_was_brought_along_helped(loaded):
    project = Project.objects.get(title="Carer handbook")
    group, company = (
        sealing.own_helped(review) for review in project.reviews.order_by("organisation__name").reverse()
    )

    assert [question.text for question in project.help_questions.order_by("position")] == [
        "Plan the mentors' travel into the budget",
        "Share agendas 5 days before each meeting",
    ]
    assert [draft.answer for draft in group.values()] == ["little"]
    assert sorted(draft.answer for draft in company.values()) == ["dont_know", "yes"]


def test_demo_shows_a_request_that_waits_and_one_that_became_a_project(loaded, client):
    waits, accepted = FundingRequest.objects.order_by("state").reverse()

    assert (waits.state, accepted.state) == ("sent", "accepted")
    assert accepted.project.stage == Project.Stage.AGREE
    client.force_login(Person.objects.get(email="company@demo.example"))
    assert "Decide on a request of Larkfield Lupus Group (demo)" in client.get("/").text
    page = client.get(waits.get_absolute_url()).text
    assert "They say" not in page
    assert "You say 15 working days." in page


def test_demo_owes_nobody_a_message(loaded):
    assert not Notice.objects.unsent().exists()


def test_demo_loads_once(loaded, capsys):
    call_command("demo", here=True)

    assert "The demo is here already." in capsys.readouterr().out
    assert Project.objects.count() == 10


def test_demo_refuses_beside_real_organisations():
    make_organisation(name="Real Group")

    with pytest.raises(CommandError, match="real organisations"):
        call_command("demo", here=True, verbosity=0)

    assert list(Organisation.objects.values_list("name", flat=True)) == ["Real Group"]
    assert not Person.objects.exists()


@pytest.mark.parametrize("address", list(demo.SIGN_INS))
def test_demo_people_sign_in_with_the_printed_password(loaded, address):
    assert Person.objects.get(email=address).check_password(demo.PASSWORD)


@pytest.mark.parametrize("address", ["group@demo.example", "company@demo.example"])
def test_every_page_of_a_demo_project_opens(loaded, client, address):
    client.force_login(Person.objects.get(email=address))

    for page in ("/", "/projects/", "/partners/", "/learnings/"):
        assert client.get(page).status_code == 200
    partner = client.get("/partners/aldermoor-demo/").text
    assert "Contract in 10 working days (promised)" in partner
    assert "(typical of last 3)" in partner
    for page in ("", "pdf/"):
        assert client.get(f"/partners/aldermoor-demo/how-we-work/{page}").status_code == 200
    for project in Project.objects.visible_to(Person.objects.get(email=address)):
        assert client.get(project.get_absolute_url()).status_code == 200


def test_demo_shows_an_interest_with_what_was_decided_about_it(loaded, client):
    client.force_login(Person.objects.get(email="company@demo.example"))
    panel = Project.objects.get(title="Patient panel 2027")

    text = client.get(f"/projects/{panel.reference}/interests/").text

    assert "I was paid for two talks at company meetings." in text
    assert "Larkfield Lupus Group (demo) has not agreed to it yet." in text
    assert "Declare your interests" in client.get("/").text


def test_demo_refuses_on_a_server_because_everybody_knows_its_passwords(settings):
    settings.EMBEDDED = False

    with pytest.raises(CommandError, match="--here"):
        call_command("demo", verbosity=0)

    assert not Person.objects.exists()


def test_demo_says_how_to_sign_in_where_it_is_tried_out(settings, tmp_path, capsys):
    settings.EMBEDDED, settings.MEDIA_ROOT = True, tmp_path

    call_command("demo")

    assert demo.PASSWORD in capsys.readouterr().out


def test_demo_shows_what_stands_beside_a_contract(loaded):
    project = Project.objects.get(title="Patient panel 2027")

    assert project.contracts.get().questions.filter(answered_at__isnull=False).count() == 1
    assert ContractComment.objects.filter(row__contract__project=project).count() == 1
    assert UsePermission.objects.open().filter(project=project).count() == 1
    assert AgencyBrief.objects.get(participation__project=project).organisation.slug == "aldermoor-demo"

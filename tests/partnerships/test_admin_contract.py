"""Contracts, transfers and imports in the admin: to look at, and nothing else."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.actions import personal_data
from accounts.models import Organisation
from partnerships.actions.agencies import write_brief
from partnerships.actions.contract import answer_question, ask_about_row, comment_on_row
from partnerships.imports import import_transfers
from partnerships.models import Contract, ContractQuestion, ImportRun, Transfer
from tests.factories import NOON, add_agency, make_person, make_project, partner_of
from tests.partnerships.contracts import complete, people_of, sign
from tests.partnerships.permits import asked

pytestmark = pytest.mark.django_db

PAYMENTS = Path(__file__).parents[1] / "data" / "patient_organisation_payments_2011_2014.csv"


@pytest.fixture
def superuser(client):
    person = make_person("Sue Port", is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def list_of(model):
    return reverse(f"admin:partnerships_{model}_changelist")


def paid(number=1):
    project = make_project(stage="agree")
    run = ImportRun.objects.create(
        source="A list", file_name="list.csv", sha256="0" * 64, started_at=NOON, report={"created": 3}
    )
    return Transfer.objects.create(
        project=project, payer=partner_of(project, "company"), recipient=partner_of(project, "group"),
        amount="10", currency="CHF", year=2014, import_run=run, purpose=f"Payment {number}",
    )  # fmt: skip


def test_support_reads_a_contract_and_gets_no_file(client, superuser):
    project, me, _them = people_of("group")
    contract = complete(project, me)
    sign(contract, me)

    listed = client.get(list_of("contract"), {"signed": "no", "q": project.reference}).text
    page = client.get(reverse("admin:partnerships_contract_change", args=[contract.pk])).text

    assert "12,000.00 GBP" in listed
    assert partner_of(project, "company").name in listed
    assert contract.title not in client.get(list_of("contract"), {"signed": "yes"}).text
    assert "In plain words: why." in page
    assert "contract.pdf" in page
    assert contract.versions.get().file.name not in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("model", [Contract, Transfer, ImportRun])
def test_nobody_adds_changes_or_deletes(model, rf, superuser):
    request = rf.get("/")
    request.user = superuser
    page = admin.site.get_model_admin(model)

    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("model, queries", [("contract", 6), ("transfer", 6), ("importrun", 5)])
def test_a_list_takes_as_many_queries_for_30_rows_as_for_one(
    client, superuser, django_assert_num_queries, model, queries, count
):
    for number in range(count):
        if model == "contract":
            project, me, _them = people_of("group")
            complete(project, me)
        else:
            paid(number)
    client.get(list_of(model))

    with django_assert_num_queries(queries):
        answer = client.get(list_of(model))

    assert len(answer.context["cl"].result_list) == count


def test_staff_without_rights_sees_none_of_it(client):
    client.force_login(make_person("Staff Member", is_staff=True))

    statuses = [client.get(list_of(model)).status_code for model in ("contract", "transfer", "importrun")]

    assert statuses == [403, 403, 403]


def test_every_doubtful_pair_of_an_import_stays_on_its_page_until_it_is_merged(
    client, superuser, django_assert_max_num_queries
):
    report = import_transfers(PAYMENTS, source="published", at=NOON)
    page = reverse("admin:partnerships_importrun_change", args=[ImportRun.objects.get().pk])

    with django_assert_max_num_queries(8):
        first = client.get(page).content.decode()
    doubt = report.doubtful[0]
    together = f"id__in={doubt.one.pk},{doubt.other.pk}"
    listed = client.get(reverse("admin:accounts_organisation_changelist") + f"?{together}")
    Organisation.objects.filter(pk=doubt.one.pk).update(merged_into=doubt.other.pk)
    later = client.get(page).content.decode()

    assert len(report.doubtful) > 100
    assert first.count("id__in=") == len(report.doubtful)
    assert set(listed.context["cl"].queryset) == set(
        Organisation.objects.filter(pk__in=[doubt.one.pk, doubt.other.pk])
    )
    assert together in first
    assert together not in later


# Words about contracts, permissions and agencies ------------------------------------------------------------


def words_on_a_project(_number):
    """A question and a comment about a contract, a permission that is asked for, and what an agency does."""
    project, me, them = people_of("group")
    contract = complete(project, me)
    ask_about_row(contract, "cost", words="What is reasonable?", actor=them, at=NOON)
    comment_on_row(contract, "cost", words="Last year it was less.", actor=them, at=NOON)
    asked(project, me)
    agency = add_agency(project, partner_of(project, "group"))
    row = project.participations.get(organisation=agency)
    words = {"role": "Writes.", "deliverables": "A booklet.", "contacts": "Ada Moor.", "holds": "Pictures."}
    write_brief(row, number=0, actor=me, at=NOON, **words)
    return project, me, them


WORDS_OF = ("contractquestion", "contractcomment", "usepermission", "agencybrief")


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("model", WORDS_OF)
def test_a_list_of_words_takes_few_queries_and_is_found_by_the_project(
    client, superuser, django_assert_max_num_queries, model, count
):
    for number in range(count):
        project, _me, _them = words_on_a_project(number)
    client.get(list_of(model))

    with django_assert_max_num_queries(6):
        answer = client.get(list_of(model))

    assert len(answer.context["cl"].result_list) == count
    found = client.get(list_of(model), {"q": project.reference}).context["cl"].result_list
    assert len(found) == 1
    page = client.get(reverse(f"admin:partnerships_{model}_change", args=[found[0].pk])).text
    assert 'name="_save"' not in page


def test_questions_are_filtered_by_whether_they_were_answered(client, superuser):
    words_on_a_project(1)

    counts = [
        len(client.get(list_of("contractquestion"), {"answered": said}).context["cl"].result_list)
        for said in ("yes", "no")
    ]

    assert counts == [0, 1]


def test_whoever_wrote_it_takes_their_own_words_away_and_not_those_of_others():
    _project, me, them = words_on_a_project(1)
    answer_question(ContractQuestion.objects.get(), answer="What we agree.", actor=me, at=NOON)

    mine, theirs = personal_data(me), personal_data(them)

    assert [row["role"] for row in mine["agency_briefs"]] == ["Writes."]
    assert [row["what"] for row in mine["permissions"]] == ["logo"]
    assert [(row["asked"], row["answer"]) for row in mine["contract_questions"]] == [(None, "What we agree.")]
    assert [(row["asked"], row["answer"]) for row in theirs["contract_questions"]] == [
        ("What is reasonable?", None)
    ]
    assert [row["words"] for row in theirs["contract_comments"]] == ["Last year it was less."]
    assert (mine["contract_comments"], theirs["permissions"], theirs["agency_briefs"]) == ([], [], [])

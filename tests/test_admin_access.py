"""The access table of the admin: every model it registers × its pages × everybody who might open them.

A model that is registered without a row turns this file red. Group and company are asked for alike.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.actions import request_to_join
from accounts.jobs import job
from accounts.models import Event, Invitation, JobRun, JoinRequest, Notice, Organisation, Person, Recovery
from accounts.notices import owe
from evaluations.models import Call, CheckIn, Review
from partnerships.actions.agencies import write_brief
from partnerships.actions.contract import ask_about_row, comment_on_row
from partnerships.models import (
    AgencyBrief,
    Contract,
    ContractComment,
    ContractQuestion,
    FundingRequest,
    HowWeWork,
    ImportRun,
    PlanPart,
    Project,
    TalkAnswer,
    TalkEntry,
    Transfer,
    UsePermission,
)
from principles.models import Principle, PrincipleSet, Question
from tests.factories import DAY, NOON, make_person, write_plan
from tests.partnerships.contracts import complete
from tests.partnerships.funding import sent
from tests.partnerships.permits import asked as asked_for_use
from tests.partnerships.talking import answered as talk_answered
from tests.partnerships.talking import said
from tests.partnerships.work import described
from tests.walk import World

pytestmark = pytest.mark.django_db

PAGES = ("list", "add", "change", "delete", "history")
YES, NO, SIGN_IN = 200, 403, 302
# Support reads and writes nothing: not even a superuser.
READ_ONLY = {"list": YES, "add": NO, "change": YES, "delete": NO, "history": YES}
# What a superuser gets. Whoever may only view gets the same pages to read, and no other.
SUPERUSER = {
    Event: READ_ONLY,
    Notice: READ_ONLY,
    JobRun: READ_ONLY,
    Invitation: READ_ONLY,
    JoinRequest: READ_ONLY,
    Review: READ_ONLY,
    # Shared between the partners, and a record.
    CheckIn: READ_ONLY,
    Call: READ_ONLY,
    Contract: READ_ONLY,
    ContractQuestion: READ_ONLY,
    ContractComment: READ_ONLY,
    UsePermission: READ_ONLY,
    AgencyBrief: READ_ONLY,
    TalkEntry: READ_ONLY,
    TalkAnswer: READ_ONLY,
    Project: READ_ONLY,
    PlanPart: READ_ONLY,
    HowWeWork: READ_ONLY,
    # Drafts of theirs stay with who writes them.
    FundingRequest: READ_ONLY,
    Transfer: READ_ONLY,
    ImportRun: READ_ONLY,
    # Rights of staff, given by the group: Django's own pages.
    Group: dict.fromkeys(PAGES, YES),
    # Nobody is made or removed: people come by invitation, and history keeps its authors.
    Person: READ_ONLY,
    Organisation: READ_ONLY | {"add": YES},
    # A second person decides; what was asked is changed by nobody.
    Recovery: READ_ONLY | {"add": YES},
    # Projects use this edition: it stays as it is.
    PrincipleSet: READ_ONLY | {"add": YES},
    # Principles and questions are added on the page of what they belong to.
    Principle: READ_ONLY,
    Question: READ_ONLY,
}


def everything():
    """A world in which each registered model has a row."""
    world = World("shape")
    Group.objects.create(name="Support")
    lead = world.person("group lead")
    write_plan(world.project, lead)
    world.project.stage = "contract"
    world.project.save()
    contract = complete(world.project, lead)
    comment_on_row(contract, "cost", words="Last year it was less.", actor=lead, at=NOON)
    ask_about_row(contract, "cost", words="Why?", actor=world.person("company lead"), at=NOON)
    asked_for_use(world.project, lead)
    row = world.project.participations.filter(role="agency", acts_for=world.organisation("group")).first()
    words = {"role": "Writes.", "deliverables": "A booklet.", "contacts": "Ada Moor.", "number": 0}
    write_brief(row, actor=lead, at=NOON, **words)
    talk_answered(said(world.project, lead, at=NOON), world.person("company lead"), at=NOON)
    described(world.organisation(), lead)
    sent(world.organisation(), lead, world.organisation("company"))
    Review.objects.create(project=world.project, organisation=world.organisation(), created_at=NOON)
    check_in = CheckIn.objects.create(project=world.project, number=1, opened_at=NOON, due_on=NOON.date())
    for side in ("group", "company"):
        reply = check_in.replies.create(
            organisation=world.organisation(side), state="sent", said_at=NOON, said_by=lead, line="Slow."
        )
        for question in Question.objects.filter(pulse=True):
            reply.answers.create(question=question, level=2)
    Call.objects.create(
        project=world.project,
        organisation=world.organisation(),
        suggested_by=lead,
        suggested_at=NOON,
        first_at=NOON + DAY,
        second_at=NOON + 2 * DAY,
        third_at=NOON + 3 * DAY,
    )
    request_to_join(world.organisation(), actor=make_person(), at=NOON)
    owe(lead, kind="review_opens", key="for-the-admin", at=NOON, subject="x:1", project=world.project)
    with job("tidy", at=NOON) as detail:
        detail["runs"] = 3
    Recovery.objects.create(person=lead, reason="Lost", asked_by=world.person("staff"), asked_at=NOON)
    run = ImportRun.objects.create(source="A list", file_name="list.csv", sha256="0" * 64, started_at=NOON)
    Transfer.objects.create(
        project=world.project,
        payer=world.organisation("company"),
        recipient=world.organisation("group"),
        amount=100,
        currency="EUR",
        year=2026,
        import_run=run,
    )
    return world


def who_gets_what(model):
    """What each kind of person gets on the pages of a model."""
    superuser = SUPERUSER[model]
    may_view = dict.fromkeys(PAGES, YES) | {"add": NO, "delete": NO}
    return {
        **dict.fromkeys(
            ("anonymous", "group lead", "company lead", "disabled group"), dict.fromkeys(PAGES, SIGN_IN)
        ),
        "staff": dict.fromkeys(PAGES, NO),
        "staff reading": may_view,
        "superuser": superuser,
    }


def test_every_model_of_the_admin_has_a_row_and_every_row_a_model():
    assert set(SUPERUSER) == set(admin.site._registry)


def asked(client, address):
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    assert response.status_code != SIGN_IN or response.url.startswith(
        (reverse("admin:login"), reverse("accounts:sign_in"))
    )
    return response.status_code


def test_everybody_gets_of_the_admin_what_the_table_says():
    world = everything()

    wrong = {}
    for who in ("anonymous", "group lead", "company lead", "disabled group", *STAFF):
        client = Client()
        if world.person(who) is not None:
            client.force_login(world.person(who))
        for model in admin.site._registry:
            label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            pk = admin.site._registry[model].get_queryset(request_of(world)).first().pk
            addresses = {
                "list": reverse(f"{label}_changelist"),
                "add": reverse(f"{label}_add"),
                **{page: reverse(f"{label}_{page}", args=[pk]) for page in ("change", "delete", "history")},
            }
            seen = {page: asked(client, address) for page, address in addresses.items()}
            if seen != who_gets_what(model)[who]:
                wrong[who, model.__name__] = seen

    assert wrong == {}


def request_of(world):
    request = RequestFactory().get("/admin/")
    request.user = world.person("superuser")
    return request


STAFF = ("staff", "staff reading", "superuser")


@pytest.mark.parametrize("who", STAFF)
def test_no_bulk_action_of_the_admin_reaches_what_its_list_does_not_show(who):
    """Django's own deletion of many is offered for groups of rights only, and keys that are typed in change nothing."""
    world = everything()
    client = Client()
    client.force_login(world.person(who))

    for model in set(admin.site._registry) - {Group}:
        before = sorted(model._default_manager.values_list("pk", flat=True))
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        data = {"action": "delete_selected", "_selected_action": [str(pk) for pk in before], "post": "yes"}
        with transaction.atomic():
            response = client.post(address, data)
            after = sorted(model._default_manager.values_list("pk", flat=True))
            transaction.set_rollback(True)

        assert response.status_code < 500, model
        assert after == before, model

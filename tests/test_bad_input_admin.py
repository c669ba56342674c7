"""Bad input (tests/data/bad_inputs.json) against the forms, searches, filters and addresses of the admin, by a superuser.

Forms are found on every page of every registered model and on our own pages, so a new one is covered without being
named here. Many fields of the admin are alike: the cases are dealt out over the fields of a form, and numbers, days
and words with a rule of their own are tried once in each form that has any. On PostgreSQL each bad query goes into
every filter, and each bad key into every page of every model.
"""

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.bad_inputs.admin import AdminTrial, furnished, label, places
from tests.bad_inputs.admin_addresses import filters, paths, queries
from tests.browse import signed_in

pytestmark = pytest.mark.django_db

# Every address of the admin to which something can be typed or chosen.
WRITTEN = {
    *(f"admin:accounts_{name}" for name in (
        "organisation_add", "organisation_change", "organisation_changelist", "person_change", "person_changelist",
        "recovery_add", "recovery_changelist", "joinrequest_changelist", "notice_changelist",
    )),
    *(f"admin:auth_group_{page}" for page in ("add", "change", "changelist", "delete")),
    *(f"admin:principles_principleset_{page}" for page in ("add", "change", "changelist", "delete")),
    *(f"admin:principles_{name}_{page}" for name in ("principle", "question")
      for page in ("change", "changelist", "delete")),
    "admin:partnerships_project_agency",
}  # fmt: skip


def whole():
    """Whether each bad query goes into every filter, and each bad key into every page: on PostgreSQL only."""
    return connection.vendor == "postgresql"


def test_every_form_of_the_admin_refuses_bad_input_at_its_field_or_keeps_it_whole():
    problems, routes = {}, set()

    for place in places(furnished()):
        trial = AdminTrial(place, timezone.now().date(), whole=False)
        trial.run()
        routes.add(place.route)
        problems |= trial.problems

    assert problems == {}
    assert routes == WRITTEN


def test_no_list_of_the_admin_minds_a_bad_search_filter_order_page_or_date():
    found = [entry for entry in queries(furnished(), whole=whole()) if entry[1]]

    assert found == []


def test_no_address_of_the_admin_minds_what_stands_between_its_slashes():
    found = [entry for entry in paths(furnished(), whole=whole()) if entry[1]]

    assert found == []


def test_a_list_of_the_admin_answers_no_question_about_a_column_that_it_has_no_filter_for():
    """Passwords, tokens, parameters of masked messages, who sent a sealed review: none is guessed letter by letter."""
    world = furnished()
    client = signed_in(world.person("superuser"))
    answers = {}

    for model in admin.site._registry:
        offered = {name.partition("__")[0] for name in filters(model, world)} | {"id"}
        offered.add(admin.site._registry[model].date_hierarchy)
        listing = reverse(f"{label(model)}_changelist")
        for column in model._meta.get_fields():
            if column.name not in offered:
                asked = f"{listing}?{column.name}__startswith=1"
                answers[asked] = client.get(asked).status_code

    assert answers[reverse("admin:accounts_person_changelist") + "?password__startswith=1"] == 400
    assert reverse("admin:evaluations_review_changelist") + "?sent_at__startswith=1" in answers
    assert {asked: status for asked, status in answers.items() if status != 400} == {}

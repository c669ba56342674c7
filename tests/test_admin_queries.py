"""Pages of single rows in the admin: none asks the database the same once for each row below it.

Lists stand in tests/test_queries.py. Here every page of `everything` is opened, with several of all that may be below it.
"""

import re
from collections import Counter

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from partnerships.actions.contract import add_version, write_rows
from tests import files
from tests.factories import NOON, add_agency, join, make_organisation, member_of
from tests.partnerships.contracts import checked
from tests.test_admin_access import everything, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Who looks, what a page is about and what stands beside it may be of one kind.
MOST = 3


def much_below_everything():
    world = everything()
    contract = world.project.contracts.get()
    for number in range(5):
        writer = world.person("group lead" if number % 2 else "company lead")
        write_rows(contract, texts={"why": f"Because of {number}."}, actor=writer, at=NOON)
        add_version(contract, checked(files.pdf(1, note=str(number))), actor=writer, at=NOON)
        member_of(world.organisation())
        join(world.person("group lead"), make_organisation())
        add_agency(world.project, world.organisation())
    return world


def kinds_of_questions(questions):
    """How often each question was asked, whatever row it was about."""
    return Counter(re.sub(r"\b\d+\b|'[^']*'", "?", question["sql"]) for question in questions)


def test_no_page_of_the_admin_asks_the_same_once_for_each_row_below_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = much_below_everything()
    client, found = Client(), {}
    client.force_login(world.person("superuser"))

    for model, page in admin.site._registry.items():
        first = page.get_queryset(request_of(world)).order_by("pk").first()
        row = world.person("group lead") if model is Person else first
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as questions:
            assert client.get(address).status_code == 200
        often = [sql for sql, times in kinds_of_questions(questions).items() if times > MOST]
        found |= {address: often} if often else {}

    assert found == {}

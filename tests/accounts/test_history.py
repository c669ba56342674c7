"""History is written once. The database refuses everything else."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.audit import record
from accounts.models import Event
from tests.factories import NOON, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return record("organisation.changed", make_organisation(), actor=make_person(), at=NOON)


def refused(write):
    with pytest.raises(DatabaseError, match="history is never changed"), transaction.atomic():
        write()


def test_a_line_of_history_cannot_be_changed(event):
    refused(lambda: Event.objects.filter(pk=event.pk).update(verb="organisation.merged"))

    assert Event.objects.get().verb == "organisation.changed"


def test_a_line_of_history_cannot_be_deleted(event):
    refused(event.delete)
    refused(lambda: Event.objects.all().delete())

    assert Event.objects.get() == event


def test_plain_sql_is_refused_too(event):
    def write(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    refused(lambda: write("UPDATE accounts_event SET actor_id = NULL"))
    refused(lambda: write("DELETE FROM accounts_event"))

    assert Event.objects.get().actor_id == event.actor_id


@pytest.mark.django_db(transaction=True)
def test_the_refusal_holds_for_tests_that_commit(event):
    refused(lambda: Event.objects.update(verb="organisation.merged"))


@pytest.mark.django_db(transaction=True)
def test_the_refusal_survives_the_tidying_up_between_tests(event):
    refused(lambda: Event.objects.all().delete())


def test_a_person_in_the_history_cannot_be_deleted(event):
    with pytest.raises(DatabaseError), transaction.atomic():
        event.actor.delete()

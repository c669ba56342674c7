"""What has happened in a database before a fault: played in a process of its own, with the settings of the house."""

import itertools
import json
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Notice, Person  # noqa: E402
from accounts.notices import new_message_id  # noqa: E402
from partnerships.actions.closing import finish_delivery  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import DAY, make_organisation, make_project, member_of  # noqa: E402


def prepare():
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_principles", verbosity=0)


def owe(count, prefix="person"):
    """Somebody's password was changed: so many messages to so many people, due now."""
    now = timezone.now()
    start = Person.objects.count()
    people = Person.objects.bulk_create(
        Person(email=f"{prefix}{start + number}@example.org", name=f"{prefix.title()} {number}")
        for number in range(int(count))
    )
    Notice.objects.bulk_create(
        Notice(
            key=f"{prefix}:{person.pk}",
            kind="security_changed",
            recipient=person,
            params={"what": "password_changed"},
            owed_at=now,
            not_before=now,
            message_id=new_message_id(),
        )
        for person in people
    )


def reviews(people, projects, days_ago):
    """Each of so many people leads so many projects whose reviews opened so many days ago. Prints their addresses."""
    opened = timezone.now() - int(days_ago) * DAY
    addresses = []
    for number in range(int(people)):
        group = make_organisation("group", country="GB")
        addresses.append(member_of(group, email=f"lead{number}@example.org").email)
        for _project in range(int(projects)):
            ended = (opened - DAY).date()
            project = make_project(groups=[group], stage="deliver", starts_on=None, ends_on=ended)
            finish_delivery(project, at=opened)
    # The first message was sent in time.
    Notice.objects.filter(kind="review_opens").update(sent_at=opened)
    return addresses


@transaction.atomic  # The beats run already: none may find a project before its leads are there.
def ended_projects(count, prefix):
    """Projects whose last day was yesterday, with a lead on each side."""
    yesterday = (timezone.now() - DAY).date()
    for number in range(int(count)):
        project = make_project(stage="deliver", starts_on=None, ends_on=yesterday)
        for row in project.participations.select_related("organisation"):
            member_of(row.organisation, email=f"{prefix}-{row.side}{number}@example.org")


def owners(count):
    """Owners who are signed in. Prints the cookie of each, and the page on which they invite."""
    found = []
    for _number in range(int(count)):
        organisation = make_organisation("group")
        person = member_of(organisation, "owner", name="Ada Byron", welcomed_at=timezone.now())
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session["second_factor_later"] = True
        session.save()
        page = f"/org/{organisation.slug}/members/invite/"
        found.append({"cookies": f"{settings.SESSION_COOKIE_NAME}={session.session_key}", "path": page})
    return found


if __name__ == "__main__":
    # Numbers that no earlier scene gave.
    factories._numbers = itertools.count(time.time_ns() // 1_000_000 % 10**9)
    name, *arguments = sys.argv[1:]
    print(json.dumps(globals()[name](*arguments)))

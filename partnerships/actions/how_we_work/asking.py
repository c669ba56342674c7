"""Asking an organisation to say how it works."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe
from accounts.permissions import GRANTS, people_who_may
from partnerships.models import WorkQuestion

# Asked again, nobody is told again before this is over.
ASKED_KEEPS = dt.timedelta(days=30)


class CannotAsk(Exception):
    """This organisation can't be asked, or not for this one."""


def who_may_ask(person: Person, organisation: Organisation) -> list[Organisation]:
    """For which of their organisations somebody may ask this one. Agencies ask nobody, and nobody asks oneself."""
    return [
        membership.organisation
        for membership in person.current_memberships
        if "ask_how_they_work" in GRANTS[membership.role]
        and membership.organisation.kind != Organisation.Kind.AGENCY
        and membership.organisation.merged_into_id is None
        and membership.organisation_id != organisation.pk
    ]


def asked_lately(organisation: Organisation, asked_for: list[Organisation], *, at: dt.datetime) -> set[int]:
    """Keys of those for which this organisation was asked within the last 30 days."""
    recent = WorkQuestion.objects.filter(
        organisation=organisation, asked_for__in=asked_for, asked_at__gt=at - ASKED_KEEPS
    )
    return set(recent.values_list("asked_for", flat=True))


@transaction.atomic
def ask_how_they_work(
    organisation: Organisation, *, asked_for: Organisation, actor: Person, at: dt.datetime
) -> bool:
    """Ask an organisation to say how it works: its Leads and Owners get a message, once in 30 days for each asker.

    Returns whether they are told now; not when they were asked for the same organisation lately.

    Raises:
        CannotAsk: they have said it already, or the person can't ask for this organisation.
    """
    # One question at a time: two taps at one instant are one.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if asked_for not in who_may_ask(actor, organisation):
        raise CannotAsk(_("You can't ask for this organisation."))
    if organisation.how_we_work.published().exists():
        raise CannotAsk(_("They have described it by now."))
    if asked_lately(organisation, [asked_for], at=at):
        return False
    question = WorkQuestion.objects.create(
        organisation=organisation, asked_for=asked_for, asked_by=actor, asked_at=at
    )
    for person in people_who_may("write_how_we_work", [organisation])[organisation.pk]:
        owe(
            person,
            kind="how_we_work_asked",
            key=f"how-we-work-asked:{question.pk}:p{person.pk}",
            at=at,
            subject=subject_of(organisation),
            organisation=asked_for.name,
        )
    record("how_we_work.asked", organisation, actor=actor, at=at, organisation=asked_for)
    return True

"""Promises after the signatures: keeping them, dropping them with a reason, adding more, carrying them on."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import void
from evaluations.models import Conclusion, Promise
from partnerships.actions.people import acting_organisation
from partnerships.models import Project
from partnerships.permissions import acting_people
from principles.models import Principle

State = Promise.State


class CannotSettle(Exception):
    """This promise can't be marked by this person, or not any more."""


class CannotAdd(Exception):
    """A promise can't be added now, or not for this person."""


def who_can_promise(project: Project, organisation: Organisation | None = None) -> list:
    """People who may give a promise on a project, with the organisation for which they act.

    Those named on the project; where an organisation has named nobody yet, all its Leads and Owners.

    Arguments:
        organisation: only its people.
    """
    able = acting_people(project, verb="settle_promise", organisation=organisation)
    with_names = {acting.organisation.pk for acting in able if acting.named}
    return [acting for acting in able if acting.named or acting.organisation.pk not in with_names]


@transaction.atomic
def add_promise(
    project: Project,
    *,
    what: str,
    owner: Person,
    due_on: dt.date,
    principle: Principle,
    actor: Person,
    at: dt.datetime,
) -> Promise:
    """Give one more promise after the conclusion is signed.

    For one's own organisation only: a promise for the other side is written into the conclusion, which both sign.
    Giving the same promise again changes nothing.

    Raises:
        CannotAdd: the conclusion is not signed yet, or that person does not act for the actor's organisation.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if not Conclusion.objects.filter(project=project, signed_at__isnull=False).exists():
        raise CannotAdd(_("You can add promises when the joint conclusion is signed."))
    if owner not in [acting.person for acting in who_can_promise(project, organisation)]:
        raise CannotAdd(_("Choose somebody from your own organisation."))
    given = {"what": what, "owner": owner, "due_on": due_on, "principle": principle}
    same = project.promises.open().filter(**given).first()
    if same is not None:
        return same
    last = project.promises.order_by("-position").values_list("position", flat=True).first() or 0
    promise = Promise.objects.create(
        project=project,
        position=last + 1,
        organisation=organisation,
        state=State.OPEN,
        **given,
    )
    record(
        "promise.made",
        promise,
        actor=actor,
        at=at,
        project=project,
        organisation=organisation,
        due_on=due_on.isoformat(),
    )
    return promise


def keep_promise(promise: Promise, *, how: str = "", actor: Person, at: dt.datetime) -> Promise:
    """Mark a promise as done, with how one knows, if somebody says so. Doing it twice changes nothing.

    Raises:
        CannotSettle: it was given by another organisation, or dropped.
    """
    return _settle(promise, State.DONE, how, actor=actor, at=at)


def drop_promise(promise: Promise, *, why: str, actor: Person, at: dt.datetime) -> Promise:
    """Take a promise back and say why. Doing it twice changes nothing.

    Raises:
        CannotSettle: it was given by another organisation, or it is done.
        ValueError: no reason.
    """
    if not why:
        raise ValueError("A dropped promise needs a reason.")
    return _settle(promise, State.DROPPED, why, actor=actor, at=at)


@transaction.atomic
def _settle(promise: Promise, state: str, words: str, *, actor: Person, at: dt.datetime) -> Promise:
    promise = Promise.objects.select_for_update(of=("self",)).select_related("project").get(pk=promise.pk)
    organisation = acting_organisation(promise.project, actor, at)
    if promise.state == state and promise.organisation_id == organisation.pk:
        return promise
    if promise.organisation_id != organisation.pk:
        raise CannotSettle(_("This is a promise of the other side. They mark it."))
    if promise.state != State.OPEN:
        raise CannotSettle(_("This promise is settled already."))
    promise.state = state
    promise.settled_at, promise.settled_by, promise.settled_how = at, actor, words
    promise.save(update_fields=["state", "settled_at", "settled_by", "settled_how"])
    void(reason=gettext_noop("settled"), at=at, subject=subject_of(promise))
    record(
        f"promise.{state}",
        promise,
        actor=actor,
        at=at,
        project=promise.project,
        organisation=organisation,
        before=str(State.OPEN),
        after=str(state),
    )
    return promise

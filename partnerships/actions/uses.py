"""Permissions to use a name or a logo: asked for or given unasked, answered, renewed, ended. One rule for both sides."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record, subject_of
from accounts.days import local_day
from accounts.files import Upload, kept
from accounts.models import Organisation, Person
from accounts.notices import owe
from partnerships.actions.people import acting_organisation, whom_to_tell
from partnerships.models import FileState, Project, UsePermission

Answer = UsePermission.Answer
What = UsePermission.What

FOLDER = "permissions"
FILE_FIELDS = ("file", "file_name", "content_type", "size", "sha256")
# What a renewal says again, and what tells two permissions apart.
WORDS = ("what", "item", "purpose", "place")


class CannotPermit(Exception):
    """A permission can't be asked for, answered, renewed or ended like this, or not any more."""


class _AlreadyThere(Exception):
    def __init__(self, permission):
        self.permission = permission


# Asking and giving -----------------------------------------------------------------------------------


def ask_permission(
    project: Project,
    *,
    giver: Organisation,
    what: str,
    purpose: str,
    place: str,
    until: dt.date,
    item: str = "",
    upload: Upload | None = None,
    actor: Person,
    at: dt.datetime,
) -> UsePermission:
    """Ask another partner whether one's own organisation may use something of theirs. Their Leads and Owners are told.

    The same words asked twice are asked once, while nobody has answered them.

    Arguments:
        item: what exactly, in words; words or a file where it is a quotation, a photograph or a person.
        until: the last day of use, at the earliest today as the project counts its days.

    Raises:
        CannotPermit: the project was withdrawn, the day has passed, it is given already, they are no partner here.
        CannotKeepFile: the disk did not take the file.
        ActsForNobody: the actor acts for no partner.
    """
    words = {"what": what, "item": item, "purpose": purpose, "place": place, "until": until}
    return _write(project, giver, words, upload, is_asked=True, actor=actor, at=at)


def give_permission(
    project: Project,
    *,
    holder: Organisation,
    what: str,
    purpose: str,
    place: str,
    until: dt.date,
    item: str = "",
    conditions: str = "",
    upload: Upload | None = None,
    actor: Person,
    at: dt.datetime,
) -> UsePermission:
    """Let another partner use something of one's own, without having been asked. Their Leads and Owners are told.

    Raises:
        CannotPermit, CannotKeepFile, ActsForNobody: as in `ask_permission`.
    """
    words = {"what": what, "item": item, "purpose": purpose, "place": place, "until": until}
    return _write(project, holder, words, upload, is_asked=False, conditions=conditions, actor=actor, at=at)


def _write(project, other, words, upload, *, is_asked, conditions="", actor, at):
    try:
        # Around the transaction: when it fails, its commit included, no file stays behind.
        with kept(upload, FOLDER) as stored, transaction.atomic():
            project, own, today = _lock(project, actor, at)
            if other.pk == own.pk or not project.participations.partners().filter(organisation=other):
                raise CannotPermit(_("They are no other partner on this project."))
            if words["until"] < today:
                raise CannotPermit(_("The last day can't lie behind."))
            giver, holder = (other, own) if is_asked else (own, other)
            _refuse_twice(project, giver, holder, words, upload, own, conditions, today)
            return _create(
                project, giver, holder, own, words | _file_of(upload, stored),
                answer="" if is_asked else Answer.CONDITIONS if conditions else Answer.GIVEN,
                answer_words=conditions, actor=actor, at=at,
            )  # fmt: skip
    except _AlreadyThere as found:
        return found.permission


def _refuse_twice(project, giver, holder, words, upload, own, conditions, today):
    sha256 = upload.sha256 if upload else ""
    same = UsePermission.objects.filter(
        project=project, giver=giver, holder=holder, sha256=sha256, ended_at=None, **words
    ).exclude(answer=Answer.REFUSED)
    for permission in same.order_by("-pk"):
        if permission.written_for_id == own.pk and permission.answer_words == conditions:
            if permission.is_open or permission.is_unasked:
                raise _AlreadyThere(permission)
        if permission.holds(today) and own == holder:
            raise CannotPermit(_("You have this permission already."))


def _create(project, giver, holder, own, words, *, answer, answer_words, renews=None, actor, at):
    permission = UsePermission.objects.create(
        project=project,
        giver=giver,
        holder=holder,
        written_for=own,
        written_by=actor,
        written_at=at,
        renews=renews,
        answer=answer,
        answer_words=answer_words,
        answered_by=actor if answer else None,
        answered_at=at if answer else None,
        **words,
    )
    other = holder if answer else giver
    record(
        "permission.offered" if answer else "permission.asked", permission, actor=actor, at=at,
        project=project, organisation=own, after=other.name,
    )  # fmt: skip
    people = whom_to_tell(project, other)
    if answer:
        _tell_of(permission, people, kind="permission_given", at=at)
    else:
        _tell_of(permission, people, kind="permission_asked", at=at)
    return permission


def _file_of(upload, stored):
    if upload is None:
        return {}
    return {
        "file": stored,
        "file_name": upload.name,
        "content_type": upload.kind.content_type,
        "size": upload.size,
        "sha256": upload.sha256,
        "state": FileState.HELD if upload.held else FileState.CLEAN,
    }


@transaction.atomic
def renew_permission(
    permission: UsePermission, *, until: dt.date, actor: Person, at: dt.datetime
) -> UsePermission:
    """The same use for longer: asked for by whoever holds it, given anew by whoever gave it, conditions included.

    It is a permission of its own: the earlier one stays as it was given.

    Arguments:
        until: the new last day, later than the one so far.

    Raises:
        CannotPermit: it is not given, it is renewed or its renewal is asked for already, or the day is no later one.
        ActsForNobody
    """
    project, own, today = _lock(permission.project, actor, at)
    permission = _again(permission, own)
    if not permission.is_given or permission.state == FileState.REMOVED:
        raise CannotPermit(_("Only what is given can be renewed."))
    for later in permission.renewals.filter(ended_at=None).exclude(answer=Answer.REFUSED):
        if later.until == until and later.written_for_id == own.pk:
            return later
        if later.is_given:
            raise CannotPermit(_("It is renewed already."))
        if not later.has_passed(today):
            raise CannotPermit(_("Its renewal is asked for already."))
    if until <= permission.until or until < today:
        raise CannotPermit(_("Choose a later day than the one so far."))
    words = {name: getattr(permission, name) for name in (*WORDS, *FILE_FIELDS, "state")} | {"until": until}
    gives = own.pk == permission.giver_id
    return _create(
        project, permission.giver, permission.holder, own, words,
        answer=permission.answer if gives else "", answer_words=permission.answer_words if gives else "",
        renews=permission, actor=actor, at=at,
    )  # fmt: skip


# Answering and ending --------------------------------------------------------------------------------


@transaction.atomic
def answer_permission(
    permission: UsePermission, *, answer: str, words: str = "", actor: Person, at: dt.datetime
) -> UsePermission:
    """Give what was asked, give it with conditions, or refuse it. Whoever asked is told. The same answer twice is one.

    Arguments:
        words: the conditions, or why not; empty when it is simply given.

    Raises:
        CannotPermit: others were asked, it was answered or taken back meanwhile, its day has passed, or nobody has
            seen the exact item yet.
        ActsForNobody
    """
    project, own, today = _lock(permission.project, actor, at)
    permission = _again(permission, own)
    if own.pk != permission.giver_id:
        raise CannotPermit(_("Whose name or logo it is answers this."))
    if (permission.answer, permission.answer_words, permission.ended_at) == (answer, words, None):
        return permission
    if not permission.is_open:
        raise CannotPermit(_("It was answered or taken back meanwhile."))
    if answer in UsePermission.GIVEN:
        if permission.has_passed(today):
            raise CannotPermit(_("Its last day has passed. They have to ask anew."))
        if permission.state == FileState.HELD:
            raise CannotPermit(_("Its file waits for the virus scanner. Until then it can only be refused."))
        if permission.state == FileState.REMOVED:
            raise CannotPermit(_("The virus scanner removed its file. They have to ask anew."))
    permission.answer, permission.answer_words = answer, words
    permission.answered_by, permission.answered_at = actor, at
    permission.save(update_fields=["answer", "answer_words", "answered_by", "answered_at"])
    record(
        f"permission.{answer}", permission, actor=actor, at=at, project=project, organisation=own,
        after=permission.holder.name,
    )  # fmt: skip
    _tell_of(permission, [permission.written_by], kind="permission_answered", at=at)
    return permission


def may_end(permission: UsePermission, organisation: Organisation, today: dt.date) -> bool:
    """Whether this organisation may end it: what holds, either of the two; what is only asked for, whoever asked.

    What was renewed goes with its renewal.
    """
    if permission.holds(today):
        if permission.renewals.given().exists():
            return False
        return organisation.pk in (permission.giver_id, permission.holder_id)
    return permission.is_open and organisation.pk == permission.holder_id


@transaction.atomic
def end_permission(
    permission: UsePermission, *, reason: str, actor: Person, at: dt.datetime
) -> UsePermission:
    """Withdraw what was given, give back what is not needed, or take back what was asked. The other one is told.

    The earlier permissions that it renewed end with it: nobody withdraws a year to find that a month of it holds still.

    It may be ended on a project that is over, too: the booklet is still out there.

    Raises:
        CannotPermit: it holds no more, or it is not theirs to end.
        ActsForNobody
    """
    project, own, today = _lock(permission.project, actor, at, only_going_on=False)
    permission = _again(permission, own)
    if permission.ended_for_id == own.pk and permission.end_reason == reason:
        return permission
    if not may_end(permission, own, today):
        raise CannotPermit(_("There is nothing to end here any more."))
    _end(permission, own, reason, actor, at)
    earlier = permission.renews if permission.answer else None
    while earlier is not None and earlier.is_given:
        _end(earlier, own, reason, actor, at)
        earlier = earlier.renews
    record("permission.ended", permission, actor=actor, at=at, project=project, organisation=own, why=reason)
    other = permission.holder if own.pk == permission.giver_id else permission.giver
    _tell_of(permission, whom_to_tell(project, other), kind="permission_ended", at=at)
    return permission


def _end(permission, own, reason, actor, at):
    permission.ended_for, permission.ended_by = own, actor
    permission.end_reason, permission.ended_at = reason, at
    permission.save(update_fields=["ended_for", "ended_by", "end_reason", "ended_at"])


def _lock(project, actor, at, *, only_going_on=True):
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.origin != Project.Origin.WORKSPACE:
        raise CannotPermit(_("This project was read from a published list."))
    if only_going_on and project.stage == Project.Stage.WITHDRAWN:
        raise CannotPermit(_("This project was withdrawn."))
    return project, acting_organisation(project, actor, at), local_day(at, project.zone)


def _again(permission, organisation):
    """As it stands under the lock of its project, for one of the two whose permission it is."""
    permission = UsePermission.objects.select_related("project", "giver", "holder", "written_by").get(
        pk=permission.pk
    )
    if organisation.pk not in (permission.giver_id, permission.holder_id):
        raise CannotPermit(_("This permission is between others."))
    return permission


def _tell_of(permission, people, *, kind, at):
    for person in people:
        owe(
            person,
            kind=kind,
            key=f"{kind.replace('_', '-')}:{permission.pk}:p{person.pk}",
            at=at,
            subject=subject_of(permission),
            project=permission.project,
        )

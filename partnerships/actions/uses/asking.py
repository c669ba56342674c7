"""Asking for a permission to use a name or a logo, giving one unasked, renewing one."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.files import Upload, kept
from accounts.models import Organisation, Person
from partnerships.actions.people import whom_to_tell
from partnerships.actions.uses.shared import CannotPermit, lock, permission_again, tell_of_it
from partnerships.models import FileState, Project, UsePermission

Answer = UsePermission.Answer

FOLDER = "permissions"
FILE_FIELDS = ("file", "file_name", "content_type", "size", "sha256")
# What a renewal says again, beside the file.
WORDS = ("what", "item", "purpose", "place")


class _AlreadyThere(Exception):
    def __init__(self, permission):
        self.permission = permission


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
            project, own, today = lock(project, actor, at)
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
        tell_of_it(permission, people, kind="permission_given", at=at)
    else:
        tell_of_it(permission, people, kind="permission_asked", at=at)
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
    project, own, today = lock(permission.project, actor, at)
    permission = permission_again(permission, own)
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

"""Publishing "How we work": the draft becomes a version that never changes."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import local_day
from accounts.models import Organisation, Person
from accounts.notices import void
from partnerships.actions.how_we_work.writing import locked_draft, stored_draft
from partnerships.how_we_work import WorkPage, read_published


class CannotPublish(Exception):
    """It is not complete, or not what the publisher read."""


@transaction.atomic
def publish(organisation: Organisation, *, content: str, actor: Person, at: dt.datetime) -> WorkPage:
    """Publish the draft as the next version. Without a draft, say that what is published was checked and still holds.

    Either way the newest version says when it was last checked; twice on one day it is said once.

    Arguments:
        content: the fingerprint of what the publisher read.

    Raises:
        CannotPublish: something is missing, or somebody changed it meanwhile.
    """
    read = locked_draft(organisation)
    if read.content != content:
        raise CannotPublish(_("Somebody changed this meanwhile. Read it again, then publish."))
    today = local_day(at, read.organisation.zone)
    newest = read_published(read.organisation)
    if newest is not None and newest.content == content and newest.page.checked_on == today:
        # Sent twice, or opened for writing and put back as it was.
        if read.is_draft:
            read.page.delete()
        return newest
    missing = read.missing()
    if missing:
        raise CannotPublish(" ".join(missing))
    draft = stored_draft(read, actor=actor, at=at)
    page = draft.page
    page.number = newest.page.number + 1 if newest else 1
    page.published_at, page.published_by, page.checked_on = at, actor, today
    page.save(update_fields=["number", "published_at", "published_by", "checked_on"])
    record(
        "how_we_work.published", page, actor=actor, at=at, organisation=read.organisation, version=page.number
    )  # fmt: skip
    if newest is not None:
        void(
            reason=gettext_noop("a newer version was published"),
            at=at,
            kind="how_we_work_check",
            subject=subject_of(newest.page),
        )
    void(
        reason=gettext_noop("it was published"),
        at=at,
        kind="how_we_work_asked",
        subject=subject_of(read.organisation),
    )
    return draft

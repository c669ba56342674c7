"""Permissions to use a name or a logo as they are read: in words, with what waits for whom."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.days import local_day
from partnerships.models import FileState, Project, UsePermission

Answer = UsePermission.Answer
What = UsePermission.What

# From so many days before the last day on, a permission is said to end.
SOON = dt.timedelta(days=60)

TITLES = {
    What.NAME: gettext_lazy("Name of {giver}"),
    What.LOGO: gettext_lazy("Logo of {giver}"),
    What.BOTH: gettext_lazy("Name and logo of {giver}"),
    What.QUOTATION: gettext_lazy("Quotation of {giver}"),
    What.PHOTOGRAPH: gettext_lazy("Photograph of {giver}"),
    What.SPOKESPERSON: gettext_lazy("Somebody of {giver} who speaks"),
}
# What the organisation is asked whose it is.
QUESTIONS = {
    What.NAME: gettext_lazy("May {holder} use your name?"),
    What.LOGO: gettext_lazy("May {holder} use your logo?"),
    What.BOTH: gettext_lazy("May {holder} use your name and logo?"),
    What.QUOTATION: gettext_lazy("May {holder} quote you?"),
    What.PHOTOGRAPH: gettext_lazy("May {holder} use your photograph?"),
    What.SPOKESPERSON: gettext_lazy("May one of your people speak for {holder}?"),
}


def title_of(permission: UsePermission) -> str:
    """What it is about, such as "Logo of Rare Voices"."""
    return str(TITLES[permission.what]).format(giver=permission.giver.name)


def question_of(permission: UsePermission) -> str:
    """What the organisation is asked whose it is."""
    return asked_for(permission.what, permission.holder.name)


def asked_for(what: str, holder: str) -> str:
    """What is asked, by the code of what is to be used and the name of who would use it."""
    return str(QUESTIONS[what]).format(holder=holder)


@dataclass
class ShownPermission:
    """One permission as the members of one partner read it.

    Arguments:
        own: the key of the partner that its reader acts for.
        may_settle: whether its reader asks and answers there.
    """

    permission: UsePermission
    own: int
    may_settle: bool
    today: dt.date
    # The one that was given in its place, and the one that is asked for.
    renewed_by: UsePermission | None = None
    renewal_asked: UsePermission | None = None

    @property
    def title(self) -> str:
        return title_of(self.permission)

    @property
    def waits(self) -> bool:
        return self.permission.is_open and not self.permission.has_passed(self.today)

    @property
    def waits_for_us(self) -> bool:
        return self.waits and self.permission.giver_id == self.own

    @property
    def holds(self) -> bool:
        """Whether it is what the holder goes by: given, not over, and no later one in its place."""
        return self.permission.holds(self.today) and self.renewed_by is None

    @property
    def is_missed(self) -> bool:
        """Whether it was given, its last day has passed, and nothing came in its place."""
        passed = self.permission.is_given and self.permission.has_passed(self.today)
        return passed and self.renewed_by is None

    @property
    def ends_soon(self) -> bool:
        return self.holds and self.permission.until - SOON <= self.today

    @property
    def may_be_renewed(self) -> bool:
        free = self.renewed_by is None and self.renewal_asked is None
        clean = self.permission.state != FileState.REMOVED
        return self.permission.is_given and free and clean

    @property
    def status(self) -> tuple[str, str]:
        """Where it stands, in words, and the tone of the tag."""
        permission = self.permission
        if permission.ended_at:
            return self._ended(), "plain"
        if permission.is_open:
            return self._waiting()
        if permission.answer == Answer.REFUSED:
            return _("Refused"), "plain"
        if self.renewed_by:
            return _("Renewed"), "plain"
        day = date_format(permission.until, "j M Y")
        if permission.has_passed(self.today):
            return _("Ended on {day}").format(day=day), "late"
        if self.ends_soon:
            return _("Ends on {day}").format(day=day), "wait"
        if permission.answer == Answer.CONDITIONS:
            return _("Given with conditions"), "ok"
        return _("Given"), "ok"

    def _waiting(self):
        if not self.waits:
            return _("Never answered"), "plain"
        if not self.waits_for_us:
            return _("Their turn"), "wait"
        if self.may_settle:
            return _("Your turn"), "turn"
        return _("Your organisation’s turn"), "wait"

    def _ended(self):
        if not self.permission.answer:
            return _("Taken back")
        if self.permission.ended_for_id == self.permission.giver_id:
            return _("Withdrawn")
        return _("Given back")


def read_permissions(project: Project, at: dt.datetime) -> list[ShownPermission]:
    """Every permission of a project that came from `access.get_project`, the newest first. One query."""
    today = local_day(at, project.zone)
    own, may_settle = project.acting.organisation_id, "settle_permissions" in project.verbs
    rows = UsePermission.objects.filter(project=project).select_related("giver", "holder")
    shown = {row.pk: ShownPermission(row, own, may_settle, today) for row in rows.order_by("-pk")}
    for one in shown.values():
        _put_beside(shown.get(one.permission.renews_id), one.permission, today)
    return list(shown.values())


def read_permission(permission: UsePermission, project: Project, at: dt.datetime) -> ShownPermission:
    """One permission, with what came in its place."""
    today = local_day(at, project.zone)
    verbs = project.verbs
    shown = ShownPermission(permission, project.acting.organisation_id, "settle_permissions" in verbs, today)
    for later in permission.renewals.all():
        _put_beside(shown, later, today)
    return shown


def _put_beside(earlier, later, today):
    if earlier is None:
        return
    if later.is_given:
        earlier.renewed_by = later
    elif later.is_open and not later.has_passed(today):
        earlier.renewal_asked = later


@dataclass(frozen=True)
class InShort:
    """What the first page of a project says about permissions: a tag and a sentence."""

    label: str
    tone: str
    text: str


def permissions_in_short(shown: list[ShownPermission]) -> InShort:
    """Where the permissions of a project stand. Without one on record it says so, and what that means (G16)."""
    ours = sum(one.waits_for_us for one in shown)
    missed = sum(one.is_missed for one in shown)
    holding = sum(one.holds for one in shown)
    waiting = sum(one.waits for one in shown)
    if ours:
        may_settle = next(one.may_settle for one in shown if one.waits_for_us)
        text = ngettext("{count} question waits for you.", "{count} questions wait for you.", ours)
        label = _("Your turn") if may_settle else _("Your organisation’s turn")
        return InShort(label, "turn" if may_settle else "wait", text.format(count=ours))
    if missed:
        text = ngettext(
            "{count} permission has ended and is not renewed.",
            "{count} permissions have ended and are not renewed.",
            missed,
        )
        return InShort(_("Ended"), "late", text.format(count=missed))
    if holding:
        text = ngettext("{count} permission holds.", "{count} permissions hold.", holding)
        return InShort(_("On record"), "ok", text.format(count=holding))
    text = _("Nobody may use the other’s name, logo or words yet.")
    if waiting:
        return InShort(_("Their turn"), "wait", text)
    return InShort(_("None on record"), "wait", text)

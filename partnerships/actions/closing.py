"""How a project ends: by its date, early, withdrawn; and the result for patients, which closing records first."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record
from accounts.days import has_passed, local_day
from accounts.models import Invitation, Notice, Organisation, Person
from accounts.notices import owe, void
from partnerships.actions.people import acting_organisation, everybody_to_tell, whom_to_tell
from partnerships.actions.stages import BLOCKS, enter_stage, settled
from partnerships.actions.turns import give_turn, take_turn
from partnerships.frame import partners_of
from partnerships.models import ClosingAgreement, Project, Turn

Stage = Project.Stage

# Reviews are due this long after they open (docs/rules.md 19).
TIME_TO_REVIEW = dt.timedelta(days=21)

# While reviews are sealed, withdrawing needs every sender's consent. The hook notes the consent of the organisation
# and answers whose is still missing: hook(project, *, organisation, actor, at) → organisations.
CONSENTS: list[Callable[..., list[Organisation]]] = []


class CannotClose(Exception):
    """The project can't be closed, or kept open, like this."""


class CannotWithdraw(Exception):
    """The project can't be withdrawn now."""


class CannotRecordResult(Exception):
    """The result can't be recorded now."""


@transaction.atomic
def close_early(
    project: Project, *, actor: Person, at: dt.datetime, reason: str = "", note: str = ""
) -> Project:
    """Propose to end a project before its date, or agree to it. The last partner's word ends it at once.

    Arguments:
        reason: why, a `ClosingAgreement.Reason`; the first word needs it.

    Raises:
        CannotClose: it is not running, or the proposal gives no reason.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage != Stage.DELIVER:
        raise CannotClose(_("Only a project that is running can be closed early."))
    agreed = set(project.closing_agreements.values_list("organisation", flat=True))
    if organisation.pk in agreed:
        return project
    if not agreed and not reason:
        raise CannotClose(_("Say why the project ends early."))
    agreement = ClosingAgreement.objects.create(
        project=project, organisation=organisation, person=actor, reason=reason, note=note, agreed_at=at
    )
    partners = list(project.participations.partners().select_related("organisation"))
    record(
        "project.closing_agreed" if agreed else "project.closing_proposed", project, actor=actor, at=at,
        project=project, organisation=organisation, reason=reason,
    )  # fmt: skip
    if not agreed:
        for person in everybody_to_tell(project, but=organisation):
            owe(
                person,
                kind="closing_proposed",
                key=f"closing-proposed:{agreement.pk}:p{person.pk}",
                at=at,
                project=project,
                title=project.title,
                reference=project.reference,
                organisation=organisation.name,
                note=note,
            )
    for partner in partners:
        if partner.organisation_id in agreed | {organisation.pk}:
            take_turn(project, Turn.Kind.CLOSING, organisation=partner.organisation, at=at)
        else:
            give_turn(project, partner.organisation, Turn.Kind.CLOSING, at=at)
    if {partner.organisation_id for partner in partners} <= agreed | {organisation.pk}:
        project.closed_early_on = local_day(at, project.zone)
        project.save(update_fields=["closed_early_on"])
        record(
            "project.closed_early", project, actor=actor, at=at, project=project, organisation=organisation,
            before=project.ends_on.isoformat() if project.ends_on else "",
            after=project.closed_early_on.isoformat(),
        )  # fmt: skip
        _end_delivery(project, actor=actor, at=at)
        for person in everybody_to_tell(project):
            owe(
                person,
                kind="project_closed_early",
                key=f"project-closed-early:{project.pk}:p{person.pk}",
                at=at,
                project=project,
                title=project.title,
                reference=project.reference,
            )
    return project


@transaction.atomic
def keep_open(project: Project, *, actor: Person, at: dt.datetime) -> Project:
    """Take a proposal to close early back, or say no to it. The project goes on to its end date.

    The partners that had agreed are told, and whoever had got the question.

    Raises:
        CannotClose: nobody proposes it any longer.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    agreements = list(project.closing_agreements.all())
    if project.stage != Stage.DELIVER or not agreements:
        raise CannotClose(_("Nobody proposes to close this project early."))
    _tell_of_no(project, agreements, organisation=organisation, at=at)
    void(
        reason=gettext_noop("closing early was not agreed"),
        at=at,
        kind="closing_proposed",
        project=project.reference,
    )
    project.closing_agreements.all().delete()
    take_turn(project, Turn.Kind.CLOSING, at=at)
    record("project.kept_open", project, actor=actor, at=at, project=project, organisation=organisation)
    return project


def _tell_of_no(
    project: Project, agreements: list[ClosingAgreement], *, organisation: Organisation, at: dt.datetime
) -> None:
    """Owe the answer to everybody else who waits for it: a question that nobody has got needs none."""
    agreed = {agreement.organisation_id for agreement in agreements}
    question = Notice.objects.filter(key__startswith=f"closing-proposed:{agreements[0].pk}:")
    asked = set(question.exclude(sent_at=None).values_list("recipient", flat=True))
    for partner in project.participations.partners().select_related("organisation").order_by("pk"):
        if partner.organisation_id == organisation.pk:
            continue
        for person in whom_to_tell(project, partner.organisation):
            if partner.organisation_id in agreed or person.pk in asked:
                owe(
                    person,
                    kind="project_kept_open",
                    key=f"project-kept-open:{agreements[0].pk}:p{person.pk}",
                    at=at,
                    project=project,
                    organisation=organisation.name,
                    taken_back=organisation.pk in agreed,
                )


@transaction.atomic
def finish_delivery(project: Project, *, at: dt.datetime) -> bool:
    """End Deliver when the end date has passed in the project's zone. Running it again changes nothing.

    Returns whether the project went on to Review with this call.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.stage != Stage.DELIVER or project.ends_on is None:
        return False
    if not has_passed(project.ends_on, at=at, zone=project.zone):
        return False
    _end_delivery(project, actor=None, at=at)
    return True


def _end_delivery(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    project.review_due_on = local_day(at, project.zone) + TIME_TO_REVIEW
    project.save(update_fields=["review_due_on"])
    take_turn(project, Turn.Kind.PLAN, at=at)
    take_turn(project, Turn.Kind.CLOSING, at=at)
    # Who must send a review is fixed from now on: nobody joins any more (docs/rules.md 9).
    Invitation.objects.open(at).filter(project_invitation__project=project).update(withdrawn_at=at)
    enter_stage(project, Stage.REVIEW, actor=actor, at=at)
    if not project.result:
        for partner in project.participations.partners().select_related("organisation"):
            give_turn(project, partner.organisation, Turn.Kind.RESULT, at=at)


@transaction.atomic
def withdraw_project(
    project: Project, *, reason: str, note: str = "", actor: Person, at: dt.datetime
) -> list[Organisation]:
    """Withdraw a project with a type of reason. While reviews are sealed, every sender has to consent.

    Returns whose consent is still missing: empty when the project is withdrawn.

    Raises:
        CannotWithdraw: it is over already, or consent can't be given now.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage in (Stage.COMPLETED, Stage.WITHDRAWN):
        raise CannotWithdraw(_("This project is over already."))
    if project.stage == Stage.REVIEW:
        if not CONSENTS:
            raise CannotWithdraw(_("While reviews are sealed, this project can't be withdrawn."))
        missing = [
            other
            for hook in CONSENTS
            for other in hook(project, organisation=organisation, actor=actor, at=at)
        ]
        if missing:
            return missing
    void(reason=gettext_noop("the project was withdrawn"), at=at, project=project.reference)
    Invitation.objects.open(at).filter(project_invitation__project=project).update(withdrawn_at=at)
    take_turn(project, at=at)
    project.withdrawn_at, project.withdraw_reason, project.withdraw_note = at, reason, note
    project.save(update_fields=["withdrawn_at", "withdraw_reason", "withdraw_note"])
    enter_stage(project, Stage.WITHDRAWN, actor=actor, at=at)
    record(
        "project.withdrawn",
        project,
        actor=actor,
        at=at,
        project=project,
        organisation=organisation,
        reason=reason,
    )
    for person in everybody_to_tell(project, but=organisation):
        owe(
            person,
            kind="project_withdrawn",
            key=f"project-withdrawn:{project.pk}:p{person.pk}",
            at=at,
            project=project,
            title=project.title,
            reference=project.reference,
            organisation=organisation.name,
            reason=str(reason),
            note=note,
        )
    return []


@transaction.atomic
def record_result(project: Project, *, result: str, how: str, actor: Person, at: dt.datetime) -> Project:
    """Record what the project reached for patients. "Not reached" is a valid answer, an empty one is not.

    Either side records it; recording it again corrects it, and history keeps what stood before.

    Raises:
        CannotRecordResult: the project has not started or is over, or nothing was said.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage not in (Stage.DELIVER, Stage.REVIEW, Stage.LEARN):
        raise CannotRecordResult(
            _("The result is recorded once the project runs, and until it is completed.")
        )
    if result not in Project.Result.values or not how:
        raise CannotRecordResult(_("Say what was reached, and how you know."))
    if (project.result, project.result_how) == (result, how):
        return project
    before = project.result
    project.result, project.result_how = result, how
    project.result_by, project.result_for, project.result_at = actor, organisation, at
    project.save(update_fields=["result", "result_how", "result_by", "result_for", "result_at"])
    take_turn(project, Turn.Kind.RESULT, at=at)
    record(
        "project.result_recorded", project, actor=actor, at=at, project=project, organisation=organisation,
        before=before, after=result,
    )  # fmt: skip
    settled(project, actor=actor, at=at)
    project.refresh_from_db()
    return project


def _what_delivery_waits_for(project: Project) -> list[str]:
    reasons = []
    if project.ends_on is None:
        reasons.append(_("The project has no end date. Agree on one in the plan."))
    else:
        reasons.append(
            _("The end date, {day}, has not passed.").format(day=date_format(project.ends_on, "l j F Y"))
        )
    turns = getattr(project, "open_turns", None)
    if turns is None:
        turns = list(project.turns.all())
    asked = {turn.organisation_id for turn in turns if turn.kind == Turn.Kind.CLOSING}
    if asked:
        names = [row.organisation.name for row in partners_of(project) if row.organisation_id in asked]
        reasons.append(
            _("Closing early waits for {organisations}.").format(organisations=get_text_list(names, _("and")))
        )
    return reasons


def _what_completing_waits_for(project: Project) -> list[str]:
    return [] if project.result else [_("The result for patients is not recorded.")]


BLOCKS[Stage.DELIVER].append(_what_delivery_waits_for)
BLOCKS[Stage.LEARN].append(_what_completing_waits_for)

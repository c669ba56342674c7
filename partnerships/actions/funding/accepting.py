"""What a yes makes of a request for funding: a project, with the plan filled in by the words that were sent."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record
from accounts.models import Membership, Organisation, Person
from accounts.notices import void
from partnerships.actions.funding.shared import CannotRequest
from partnerships.actions.people import named
from partnerships.actions.plan import next_version, offers_for, send_plan, settle, write_version
from partnerships.actions.project import CannotStart, start_project
from partnerships.funding import CODES, today_for
from partnerships.models import FundingRequest, FundingStep, PlanAgreement, PlanPart, Project

Code = PlanPart.Code


def project_from(
    request: FundingRequest,
    sent: FundingStep,
    *,
    receiver: Organisation,
    actor: Person,
    at: dt.datetime,
) -> Project:
    """Start the project of a request whose row the caller has locked, and send its plan.

    What the sender wrote stands in the plan as theirs, and they have agreed to it by sending it. What the receiver
    adds, open promises between the two, waits for their word.

    Arguments:
        sent: the step that was read and is accepted.

    Raises:
        CannotRequest: its end has passed meanwhile, or no project can be started.
    """
    sender, parts = request.sender, sent.content["parts"]
    if parts["when"]["ends_on"] < today_for(request, at).isoformat():
        raise CannotRequest(_("Its end has passed meanwhile. Ask them for other days."))
    if sender.merged_into_id is not None:
        raise CannotRequest(_("They are not here under this name any more."))
    try:
        project = start_project(sent.content["title"], organisation=receiver, actor=actor, at=at)
    except CannotStart as error:
        raise CannotRequest(str(error)) from error
    record(
        "project.from_request", project, actor=actor, at=at, project=project, organisation=receiver,
        after=sender.name,
    )  # fmt: skip
    two = [{"id": one.pk, "name": one.name, "side": one.kind} for one in (sender, receiver)]
    who = {"partners": two, "invited": []}
    write_version(project, Code.WHO, values=who, actor=actor, organisation=receiver, at=at)
    for code in CODES:
        next_version(project, code, parts[code], sent.person, sender, sent.at)
    ticked = [
        {"key": offer.key, "text": offer.text} for offer in offers_for(project, receiver) if offer.ticked
    ]
    write_version(
        project, Code.LEARNINGS, values={"items": ticked}, actor=actor, organisation=receiver, at=at
    )
    project = send_plan(project, actor=actor, at=at)
    # What the answer says, they need not be told twice.
    void(
        reason=gettext_noop("the answer to the request says it"),
        at=at,
        kind="plan_sent",
        project=project.reference,
    )
    agreed = project.plan_parts.filter(code__in=[Code.WHO, *CODES])
    PlanAgreement.objects.bulk_create(
        PlanAgreement(part=part, organisation=sender, person=sent.person, agreed_at=at) for part in agreed
    )
    if Membership.objects.current().filter(person=sent.person, organisation=sender).exists():
        named(project, sent.person, sender, at)
    settle(project, actor=actor, organisation=receiver, at=at)
    return project

"""Messages about a contract."""

import datetime as dt

from django.utils.translation import gettext_lazy, gettext_noop

from accounts.days import local_day, working_days_between
from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from partnerships.contract_days import signing_only
from partnerships.messages.projects import WORDS_IN_MAIL, OnProjects, about, key_in, live, shortened
from partnerships.models import Project
from partnerships.versions import new_to

Stage = Project.Stage


def on_contract(notice: Notice, on: OnProjects, **words) -> dict:
    """
    Raises:
        NotWanted: the contract is gone.
    """
    project, contract = on.project(notice), on.contracts.get(key_in(notice))
    if contract is None:
        raise NotWanted(gettext_noop("The contract is gone."))
    return about(project, "partnerships:contract_detail", contract.number, **words)


@kind("contract_turn", gettext_lazy("The contract is with them"), topic=Topic.TURN, load=OnProjects)
def contract_turn(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    acting = on.acting(notice)
    if on.contract_turns.get(key_in(notice)) != acting.organisation.pk:
        raise NotWanted(gettext_noop("The contract lies elsewhere by now."))
    signs_only = "write_contract" not in acting.verbs
    if signs_only and not ("record_signature" in acting.verbs and key_in(notice) in on.to_sign):
        raise NotWanted(gettext_noop("There is nothing for this person to sign."))
    words = {name: notice.params[name] for name in ("organisation", "signed")}
    approve = notice.params.get("approve", False)
    if approve and on.contracts[key_in(notice)].approved_at is not None:
        raise NotWanted(gettext_noop("It was approved."))
    copy = notice.params.get("copy", False)
    told = on_contract(notice, on, signs_only=signs_only, approve=approve, copy=copy, changed=None, **words)
    # Who signs or approves reads all of it; who goes on working on it starts with what is new.
    if signs_only or approve or words["signed"]:
        return told
    pk = key_in(notice)
    changed = new_to(acting.organisation.pk, on.versions.get(pk, []), on.every_turn.get(pk, []))
    if changed is None:
        return told
    project, number = on.project(notice), on.contracts[pk].number
    return told | about(
        project, "partnerships:version_changes", number, changed.number, changed=changed.number
    )


@kind("contract_given", gettext_lazy("A colleague gave you the contract"), topic=Topic.TURN, load=OnProjects)
def contract_given(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    acting, turn = on.acting(notice), on.turns_of_contracts.get(key_in(notice))
    if turn is None or turn.until is not None or turn.holder_id != notice.recipient_id:
        raise NotWanted(gettext_noop("The contract lies elsewhere by now."))
    if "write_contract" not in acting.verbs:
        raise NotWanted(gettext_noop("This person may not work on the contract any more."))
    return about(
        on.project(notice),
        "partnerships:contract_detail",
        turn.contract.number,
        person=str(turn.given_by),
        word=shortened(turn.given_word, WORDS_IN_MAIL),
    )


@kind("contract_waits", gettext_lazy("The contract waits"), load=OnProjects, reminder=True)
def contract_waits(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    acting, turn = on.acting(notice), on.turns_of_contracts.get(key_in(notice))
    if turn is None or turn.until is not None or turn.contract.signed_at is not None:
        raise NotWanted(gettext_noop("The contract lies elsewhere by now."))
    project = on.project(notice)
    signs_only = signing_only(acting)
    if signs_only and turn.contract_id not in on.to_sign:
        raise NotWanted(gettext_noop("There is nothing for this person to sign."))
    came_on, today = local_day(turn.since, project.zone), local_day(at, project.zone)
    return about(
        project,
        "partnerships:contract_detail",
        turn.contract.number,
        organisation=turn.organisation.name,
        ours=turn.organisation_id == acting.organisation.pk,
        days=working_days_between(came_on, today, turn.organisation.country),
        signs_only=signs_only,
    )


@kind(
    "start_near",
    gettext_lazy("The start is near and the contract is not ready"),
    load=OnProjects,
    reminder=True,
)
def start_near(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Project.Stage.AGREE, Project.Stage.CONTRACT)
    if project.pk in on.ready_to_start:
        raise NotWanted(gettext_noop("It is signed by all."))
    return about(
        project,
        starts_on=project.starts_on,
        agreed=project.stage == Project.Stage.CONTRACT,
        started=project.pk in on.with_a_contract,
    )


@kind("contract_ends", gettext_lazy("A contract ends soon"), load=OnProjects, reminder=True)
def contract_ends(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    live(on.project(notice), Project.Stage.CONTRACT, Project.Stage.DELIVER)
    if key_in(notice) in on.followed:
        raise NotWanted(gettext_noop("A later contract goes on."))
    words = on_contract(notice, on)
    return words | {"ends_on": on.contracts[key_in(notice)].ends_on}


@kind("contract_signed", gettext_lazy("A contract is signed by all"), topic=Topic.OTHERS, load=OnProjects)
def contract_signed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on)


@kind("contract_unsigned", gettext_lazy("Signatures were taken off"), topic=Topic.OTHERS, load=OnProjects)
def contract_unsigned(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on, organisation=notice.params["organisation"])


@kind("scan_waits", gettext_lazy("A signed copy waits to be confirmed"), topic=Topic.TURN, load=OnProjects)
def scan_waits(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    acting, signature = on.acting(notice), on.signatures.get(key_in(notice))
    if signature is None:
        raise NotWanted(gettext_noop("The signature was taken back or cleared."))
    if signature.counts:
        raise NotWanted(gettext_noop("It was confirmed."))
    project = on.project(notice)
    if signature.contract.signed_at is not None or project.stage in (Stage.COMPLETED, Stage.WITHDRAWN):
        raise NotWanted(gettext_noop("The contract can't change any more."))
    if "record_signature" not in acting.verbs:
        raise NotWanted(gettext_noop("This person may not confirm it any more."))
    return about(
        project,
        "partnerships:contract_detail",
        signature.contract.number,
        organisation=signature.organisation.name,
        signer=signature.signer,
        signed_on=signature.signed_on,
        writes="write_contract" in acting.verbs,
    )


@kind("amendment_behind", gettext_lazy("An amendment fell behind"), topic=Topic.TURN, load=OnProjects)
def amendment_behind(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    words = on_contract(notice, on, signed=notice.params["signed"])
    amendment = on.contracts[key_in(notice)]
    if not amendment.outdated or on.project(notice).stage in (Stage.COMPLETED, Stage.WITHDRAWN):
        raise NotWanted(gettext_noop("It was taken up."))
    return words | {"amendment": amendment.title}


@kind("contract_unapproved", gettext_lazy("Only the approval is missing"), topic=Topic.TURN, load=OnProjects)
def contract_unapproved(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on, organisation=notice.params["organisation"])


@kind(
    "contract_file_removed",
    gettext_lazy("A file of a contract was removed"),
    topic=Topic.OTHERS,
    load=OnProjects,
)
def contract_file_removed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on)


@kind("contract_dropped", gettext_lazy("A contract was dropped"), topic=Topic.OTHERS, load=OnProjects)
def contract_dropped(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    words = {name: notice.params[name] for name in ("organisation", "contract")}
    return about(on.project(notice), "partnerships:contract_list", **words)

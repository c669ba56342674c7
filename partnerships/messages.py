"""The messages of this app: who they are for by now, what their templates need, where their button leads."""

import datetime as dt
import textwrap
from collections.abc import Sequence

from django.db.models import Model
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_noop

from accounts.days import local_day
from accounts.models import Notice, Organisation
from accounts.notices import NotWanted, kind
from accounts.permissions import people_who_may
from partnerships.models import (
    Contract,
    ContractQuestion,
    ContractTurn,
    HowWeWork,
    Participation,
    PlanSuggestion,
    Project,
    TimeRequest,
    UsePermission,
)
from partnerships.permissions import Acting, acting_on
from partnerships.questions import about_of
from partnerships.uses import question_of, title_of

Stage = Project.Stage

# A title takes this much of a subject: a phone shows about 50 characters of it.
TITLE_IN_SUBJECT = 28
# So much of what somebody wrote stands in a mail; all of it stands on the page behind the button.
WORDS_IN_MAIL = 100


class OnProjects:
    """What messages about projects need, loaded for a whole batch when the first of them asks.

    Every message asks it for its project, and so for its reader's place on it: who has left a project, or acts for
    nobody there, hears nothing of it.
    """

    def __init__(self, notices: Sequence[Notice], at: dt.datetime):
        self.notices = notices
        self.at = at

    @cached_property
    def projects(self) -> dict[str, Project]:
        references = {notice.project for notice in self.notices}
        return {project.reference: project for project in Project.objects.filter(reference__in=references)}

    @cached_property
    def _acting(self) -> dict[tuple[int, int], Acting]:
        people = {notice.recipient_id for notice in self.notices}
        found = acting_on(self.projects.values(), people=people)
        return {(pk, acting.person.pk): acting for pk, everybody in found.items() for acting in everybody}

    def _keys(self, model) -> set[int]:
        label = f"{model._meta.label_lower}:"
        return {key_in(notice) for notice in self.notices if notice.subject.startswith(label)}

    def rows(self, model) -> dict[int, Model]:
        """The rows of a model that the messages are about, by their key."""
        return model.objects.in_bulk(self._keys(model))

    def project(self, notice: Notice) -> Project:
        """
        Raises:
            NotWanted: the project is gone, or the reader acts for none of its partners.
        """
        self.acting(notice)
        return self.projects[notice.project]

    def acting(self, notice: Notice) -> Acting:
        """
        Raises:
            NotWanted: see `project`.
        """
        project = self.projects.get(notice.project)
        if project is None:
            raise NotWanted(gettext_noop("The project is gone."))
        acting = self._acting.get((project.pk, notice.recipient_id))
        if acting is None or acting.participation.role != Participation.Role.PARTNER:
            raise NotWanted(gettext_noop("This person is no longer on the project."))
        return acting

    @cached_property
    def suggestions(self) -> dict[int, PlanSuggestion]:
        return self.rows(PlanSuggestion)

    @cached_property
    def contracts(self) -> dict[int, Contract]:
        return self.rows(Contract)

    @cached_property
    def contract_turns(self) -> dict[int, int]:
        """With which organisation each contract lies now."""
        turns = ContractTurn.objects.filter(contract__in=self.contracts, until=None)
        return dict(turns.values_list("contract", "organisation"))

    @cached_property
    def to_sign(self) -> set[int]:
        """The contracts that wait for nothing but the signature of where they lie."""
        waiting = Contract.objects.waiting_for_signature().filter(pk__in=self.contracts)
        return set(waiting.values_list("pk", flat=True))

    @cached_property
    def questions(self) -> dict[int, ContractQuestion]:
        keys = self._keys(ContractQuestion)
        rows = ContractQuestion.objects.filter(pk__in=keys)
        rows = rows.select_related("contract__project", "organisation", "answered_for")
        return {row.pk: row for row in rows}

    @cached_property
    def use_permissions(self) -> dict[int, UsePermission]:
        keys = self._keys(UsePermission)
        rows = UsePermission.objects.filter(pk__in=keys).select_related("giver", "holder", "ended_for")
        return {row.pk: row for row in rows}

    @cached_property
    def renewed(self) -> set[int]:
        """The permissions in whose place a later one was given."""
        later = UsePermission.objects.given().filter(renews__in=self.use_permissions)
        return set(later.values_list("renews", flat=True))

    @cached_property
    def time_requests(self) -> dict[int, TimeRequest]:
        return self.rows(TimeRequest)


def key_in(notice: Notice) -> int:
    """The key of the row that a message is about."""
    return int(notice.subject.rpartition(":")[2] or 0)


def shortened(words: str, length: int) -> str:
    """Words for a subject, cut between two of them where that is possible."""
    cut = textwrap.shorten(words, length, placeholder="…")
    return Truncator(words).chars(length) if cut == "…" else cut


def about(project: Project, page: str = "portal:project_overview", *args, **words) -> dict:
    """What a message about a project always shows: its title, for the text and short for the subject, and its page."""
    return {
        "title": project.title,
        "short": shortened(project.title, TITLE_IN_SUBJECT),
        "path": reverse(page, args=[project.reference, *args]),
    } | words


def live(project: Project, *stages: str) -> Project:
    """
    Raises:
        NotWanted: the project is in none of these stages any more.
    """
    if project.stage not in stages:
        raise NotWanted(f"{gettext_noop('The project is in another stage')}: {project.stage}")
    return project


# The plan ----------------------------------------------------------------------------------------


@kind("plan_sent", load=OnProjects)
def plan_sent(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.SHAPE, Stage.AGREE)
    return about(project, "partnerships:plan_detail", organisation=notice.params["organisation"])


@kind("plan_suggested", load=OnProjects)
def plan_suggested(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = on.project(notice)
    suggestion = on.suggestions.get(key_in(notice))
    if suggestion is None or suggestion.state != PlanSuggestion.State.OPEN:
        raise NotWanted(gettext_noop("The suggestion was answered."))
    words = {name: notice.params[name] for name in ("organisation", "part")}
    return about(project, "partnerships:plan_detail", **words)


@kind("plan_answered", load=OnProjects)
def plan_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    words = {name: notice.params[name] for name in ("organisation", "part", "accepted")}
    return about(on.project(notice), "partnerships:plan_detail", **words)


@kind("plan_agreed", load=OnProjects)
def plan_agreed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return about(on.project(notice))


# The contract ------------------------------------------------------------------------------------


def on_contract(notice: Notice, on: OnProjects, **words) -> dict:
    """
    Raises:
        NotWanted: the contract is gone.
    """
    project, contract = on.project(notice), on.contracts.get(key_in(notice))
    if contract is None:
        raise NotWanted(gettext_noop("The contract is gone."))
    return about(project, "partnerships:contract_detail", contract.number, **words)


@kind("contract_turn", load=OnProjects)
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
    return on_contract(notice, on, signs_only=signs_only, approve=approve, **words)


@kind("contract_signed", load=OnProjects)
def contract_signed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on)


@kind("contract_unsigned", load=OnProjects)
def contract_unsigned(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on, organisation=notice.params["organisation"])


@kind("contract_unapproved", load=OnProjects)
def contract_unapproved(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on, organisation=notice.params["organisation"])


@kind("contract_file_removed", load=OnProjects)
def contract_file_removed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_contract(notice, on)


@kind("contract_dropped", load=OnProjects)
def contract_dropped(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    words = {name: notice.params[name] for name in ("organisation", "contract")}
    return about(on.project(notice), "partnerships:contract_list", **words)


def on_question(notice: Notice, on: OnProjects, **words) -> tuple[ContractQuestion, dict]:
    """The question that a message is about, and what its template needs.

    Raises:
        NotWanted: it is gone or settled, or its contract can't change any more.
    """
    project, question = on.project(notice), on.questions.get(key_in(notice))
    if question is None:
        raise NotWanted(gettext_noop("The contract is gone."))
    if question.ended_at is not None:
        raise NotWanted(gettext_noop("It was settled."))
    if question.contract.signed_at is not None or project.stage in (Stage.COMPLETED, Stage.WITHDRAWN):
        raise NotWanted(gettext_noop("The contract can't change any more."))
    words = {
        "organisation": question.organisation.name,
        "about": about_of(question),
        "question": shortened(question.words, WORDS_IN_MAIL),
        "due_on": question.due_on,
    } | words
    return question, about(
        project, "partnerships:question_detail", question.contract.number, question.pk, **words
    )


@kind("question_asked", load=OnProjects)
def question_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    question, words = on_question(notice, on)
    if question.is_answered:
        raise NotWanted(gettext_noop("It was answered."))
    return words


@kind("question_waits", load=OnProjects, reminder=True)
def question_waits(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return question_asked(notice, on, at)


@kind("question_answered", load=OnProjects)
def question_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    question, words = on_question(notice, on)
    return words | {"organisation": question.answered_for.name}


# Permissions to use a name or a logo ------------------------------------------------------------


def on_permission(notice: Notice, on: OnProjects, **words) -> tuple[UsePermission, dict]:
    """The permission that a message is about, and what its template needs.

    Raises:
        NotWanted: the project is gone or was withdrawn, or the reader is no longer on it.
    """
    project = on.project(notice)
    if project.stage == Stage.WITHDRAWN:
        raise NotWanted(gettext_noop("The project was withdrawn."))
    permission = on.use_permissions[key_in(notice)]
    words = {
        "what": title_of(permission),
        "holder": permission.holder.name,
        "place": shortened(permission.place, WORDS_IN_MAIL),
    } | words
    return permission, about(project, "partnerships:permission_detail", permission.pk, **words)


@kind("permission_asked", load=OnProjects)
def permission_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    if not permission.is_open:
        raise NotWanted(gettext_noop("It was answered or taken back."))
    return words | {"question": question_of(permission)}


@kind("permission_answered", load=OnProjects)
def permission_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    return words | {"giver": permission.giver.name, "answer": permission.answer, "until": permission.until}


@kind("permission_given", load=OnProjects)
def permission_given(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    if not permission.is_given:
        raise NotWanted(gettext_noop("It has ended by now."))
    return words | {"giver": permission.giver.name, "until": permission.until}


@kind("permission_ended", load=OnProjects)
def permission_ended(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    return words | {
        "organisation": permission.ended_for.name,
        "reason": shortened(permission.end_reason, WORDS_IN_MAIL),
    }


@kind("permission_file_removed", load=OnProjects)
def permission_file_removed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_permission(notice, on)[1]


@kind("permission_ends", load=OnProjects, reminder=True)
def permission_ends(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    if not permission.holds(local_day(at, on.project(notice).zone)):
        raise NotWanted(gettext_noop("It has ended by now."))
    if permission.pk in on.renewed:
        raise NotWanted(gettext_noop("It is renewed."))
    return words | {"until": permission.until}


# More time ---------------------------------------------------------------------------------------


@kind("time_asked", load=OnProjects)
def time_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = on.project(notice)
    request = on.time_requests.get(key_in(notice))
    if request is None or request.answered_at is not None:
        raise NotWanted(gettext_noop("It was answered."))
    return about(
        project,
        "partnerships:time_request",
        request.pk,
        organisation=notice.params["organisation"],
        due_on=request.due_on,
    )


@kind("time_answered", load=OnProjects)
def time_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    due_on = parse_date(notice.params["due_on"])
    return about(on.project(notice), accepted=notice.params["accepted"], due_on=due_on)


# The end -----------------------------------------------------------------------------------------


@kind("closing_proposed", load=OnProjects)
def closing_proposed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.DELIVER)
    return about(project, organisation=notice.params["organisation"])


@kind("project_kept_open", load=OnProjects)
def project_kept_open(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.DELIVER)
    words = {name: notice.params[name] for name in ("organisation", "taken_back")}
    return about(project, ends_on=project.ends_on, **words)


@kind("project_closed_early", load=OnProjects)
def project_closed_early(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return about(on.project(notice))


@kind("project_withdrawn", load=OnProjects)
def project_withdrawn(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    reason = Project.WithdrawReason(notice.params["reason"]).label
    return about(on.project(notice), organisation=notice.params["organisation"], reason=reason)


# How organisations work --------------------------------------------------------------------------


class OnHowWeWork:
    """What messages about "How we work" need: organisations, their newest versions, and who writes there."""

    def __init__(self, notices: Sequence[Notice], at: dt.datetime):
        self.notices = notices

    def _keys(self, model) -> set[int]:
        label = f"{model._meta.label_lower}:"
        return {key_in(notice) for notice in self.notices if notice.subject.startswith(label)}

    @cached_property
    def versions(self) -> dict[int, HowWeWork]:
        newest = HowWeWork.objects.newest().filter(pk__in=self._keys(HowWeWork))
        return {page.pk: page for page in newest.select_related("organisation")}

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        """Those that were asked, and have published nothing yet."""
        described = HowWeWork.objects.published().values("organisation")
        asked = (
            Organisation.objects.current().filter(pk__in=self._keys(Organisation)).exclude(pk__in=described)
        )
        return {organisation.pk: organisation for organisation in asked}

    @cached_property
    def _writers(self) -> dict[int, list]:
        pages = {page.organisation_id for page in self.versions.values()}
        return people_who_may("write_how_we_work", pages | set(self.organisations))

    def writing_page(self, notice: Notice, organisation: Organisation) -> str:
        """
        Raises:
            NotWanted: the reader does not write there any more.
        """
        if all(person.pk != notice.recipient_id for person in self._writers[organisation.pk]):
            raise NotWanted(gettext_noop("This person no longer writes for the organisation."))
        return reverse("partnerships:how_we_work_edit", args=[organisation.slug])


@kind("how_we_work_asked", load=OnHowWeWork)
def how_we_work_asked(notice: Notice, on: OnHowWeWork, at: dt.datetime) -> dict:
    organisation = on.organisations.get(key_in(notice))
    if organisation is None:
        raise NotWanted(gettext_noop("It is described by now."))
    return {
        "path": on.writing_page(notice, organisation),
        "asker": notice.params["organisation"],
        "short": shortened(notice.params["organisation"], TITLE_IN_SUBJECT),
    }


@kind("how_we_work_check", load=OnHowWeWork, reminder=True)
def how_we_work_check(notice: Notice, on: OnHowWeWork, at: dt.datetime) -> dict:
    page = on.versions.get(key_in(notice))
    if page is None:
        raise NotWanted(gettext_noop("There is a newer version."))
    return {
        "path": on.writing_page(notice, page.organisation),
        "organisation": page.organisation.name,
        "checked_on": page.checked_on,
    }

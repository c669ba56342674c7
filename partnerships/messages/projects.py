"""What messages about projects share: their project, their reader's place on it, and the words they all show."""

import datetime as dt
import textwrap
from collections.abc import Sequence

from django.db.models import Exists, Model, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_noop

from accounts.models import Notice
from accounts.notices import NotWanted
from partnerships.models import (
    Contract,
    ContractQuestion,
    ContractSignature,
    ContractTurn,
    ContractVersion,
    Participation,
    PlanSuggestion,
    Project,
    TalkAnswer,
    TalkEntry,
    TalkNamed,
    TimeRequest,
    UsePermission,
)
from partnerships.permissions import Acting, acting_on

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
        turns = [turn for rows in self.every_turn.values() for turn in rows if turn.until is None]
        return {turn.contract_id: turn.organisation_id for turn in turns}

    @cached_property
    def versions(self) -> dict[int, list[ContractVersion]]:
        """The versions of each contract, without their files."""
        rows = ContractVersion.objects.filter(contract__in=self.contracts)
        return _by_contract(rows.only("contract", "number", "organisation", "uploaded_at"))

    @cached_property
    def every_turn(self) -> dict[int, list[ContractTurn]]:
        """All turns of each contract."""
        return _by_contract(ContractTurn.objects.filter(contract__in=self.contracts))

    @cached_property
    def turns_of_contracts(self) -> dict[int, ContractTurn]:
        """The turns that messages are about, by their key."""
        keys = self._keys(ContractTurn)
        rows = ContractTurn.objects.filter(pk__in=keys).select_related("organisation", "contract", "given_by")
        return {row.pk: row for row in rows}

    @cached_property
    def ready_to_start(self) -> set[int]:
        """The projects with a contract that all have signed, by their key."""
        signed = Contract.objects.filter(project__in=self.projects.values(), signed_at__isnull=False)
        return set(signed.values_list("project", flat=True))

    @cached_property
    def with_a_contract(self) -> set[int]:
        """The projects on which somebody has started a contract, by their key."""
        started = Contract.objects.filter(project__in=self.projects.values())
        return set(started.values_list("project", flat=True))

    @cached_property
    def followed(self) -> set[int]:
        """The contracts after whose end a later one goes on."""
        later = Contract.objects.filter(
            project=OuterRef("project"), signed_at__isnull=False, ends_on__gt=OuterRef("ends_on")
        )
        return set(Contract.objects.filter(Exists(later), pk__in=self.contracts).values_list("pk", flat=True))

    @cached_property
    def to_sign(self) -> set[int]:
        """The contracts that wait for nothing but the signature of where they lie."""
        asked = {*self.contracts, *(turn.contract_id for turn in self.turns_of_contracts.values())}
        waiting = Contract.objects.waiting_for_signature().filter(pk__in=asked)
        return set(waiting.values_list("pk", flat=True))

    @cached_property
    def signatures(self) -> dict[int, ContractSignature]:
        keys = self._keys(ContractSignature)
        rows = ContractSignature.objects.filter(pk__in=keys).select_related("organisation", "contract")
        return {row.pk: row for row in rows}

    @cached_property
    def participations(self) -> dict[int, Participation]:
        """The parts in projects that messages are about, also those that have ended, by their key."""
        rows = Participation.objects.filter(pk__in=self._keys(Participation)).select_related("organisation")
        return {row.pk: row for row in rows}

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
    def talk_entries(self) -> dict[int, TalkEntry]:
        rows = TalkEntry.objects.filter(pk__in=self._keys(TalkEntry))
        rows = rows.select_related("project", "organisation", "asked", "written_by").prefetch_related(
            "answers"
        )
        return {row.pk: row for row in rows}

    @cached_property
    def talk_answers(self) -> dict[int, TalkAnswer]:
        """The answers that messages about entries tell of, by their key."""
        keys = {notice.params["answer"] for notice in self.notices if "answer" in notice.params}
        rows = TalkAnswer.objects.filter(pk__in=keys).select_related("organisation", "written_by")
        return {row.pk: row for row in rows}

    @cached_property
    def named_in_concerns(self) -> set[tuple[int, int, int]]:
        """Concern, person and organisation, by their keys: who may read which."""
        rows = TalkNamed.objects.filter(entry__in=self.talk_entries)
        return set(rows.values_list("entry", "person", "organisation"))

    @cached_property
    def time_requests(self) -> dict[int, TimeRequest]:
        return self.rows(TimeRequest)


def _by_contract(rows) -> dict[int, list]:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.contract_id, []).append(row)
    return found


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

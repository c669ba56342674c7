"""How an organisation works, read once: the newest version, an older one, or what its editors would publish next."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.days import local_day
from accounts.models import Membership, Organisation
from partnerships.contract import fingerprint, fingerprints
from partnerships.measured import Measured, TypicalDays
from partnerships.models import FileState, HowWeWork, WorkPaper, WorkStep
from partnerships.rulesets.how_we_work import CONTACT, MONEY, PAYS, PROPOSED, STEPS

Measure = WorkStep.Measure
FIELDS = tuple(name for part in (STEPS, MONEY, CONTACT) for name in part.fields if name != "steps")
STEP_FIELDS = ("what", "who", "days", "measure")


@dataclass(frozen=True)
class Person:
    """Whom to ask. `left`: a member who was named has left the organisation since."""

    name: str
    email: str
    left: bool = False


@dataclass
class WorkPage:
    """What an organisation says about how it works.

    Arguments:
        page: the version; a row that is not stored while nothing is.
        steps, papers: in their order.
        left: members among the contacts who have left.
    """

    organisation: Organisation
    page: HowWeWork
    steps: list[WorkStep]
    papers: list[WorkPaper]
    left: frozenset[int] = field(default=frozenset())

    @property
    def is_stored(self) -> bool:
        return self.page.pk is not None

    @property
    def is_draft(self) -> bool:
        return self.page.number is None

    @property
    def values(self) -> dict[str, object]:
        """What the forms write, by name: the columns, and the steps as they follow each other."""
        found = {name: getattr(self.page, f"{name}_id" if name in PEOPLE else name) for name in FIELDS}
        return found | {"steps": [{name: getattr(step, name) for name in STEP_FIELDS} for step in self.steps]}

    @property
    def marks(self) -> dict[str, str]:
        """The fingerprint of each value, for forms to carry."""
        return fingerprints(comparable(self.values))

    @property
    def content(self) -> str:
        """The fingerprint of all that is published."""
        papers = [[paper.number, paper.name, paper.purpose, paper.sha256] for paper in self.papers]
        return fingerprint(json.dumps([comparable(self.values), papers], sort_keys=True, default=str))

    @property
    def contact(self) -> Person | None:
        return self._person("contact")

    @property
    def deputy(self) -> Person | None:
        return self._person("deputy")

    def _person(self, who):
        member = getattr(self.page, who)
        if member is not None:
            return Person(str(member), member.email, left=member.pk in self.left)
        name = getattr(self.page, f"{who}_name")
        return Person(name, getattr(self.page, f"{who}_email")) if name else None

    @property
    def pays_for(self) -> list[str]:
        return [str(label) for name, label in PAYS.items() if getattr(self.page, name)]

    @property
    def pays_not_for(self) -> list[str]:
        return [str(label) for name, label in PAYS.items() if not getattr(self.page, name)]

    def missing(self) -> list[str]:
        """What has to be there before it can be published, as sentences."""
        sentences = []
        if not self.steps:
            sentences.append(_("There is no step yet."))
        if not any(step.days for step in self.steps) and self.page.contract_days is None:
            sentences.append(_("No step says in how many days, and neither does the whole contract."))
        if self.contact is None:
            sentences.append(_("Say whom to ask."))
        elif self.contact.left:
            sentences.append(_("{name} has left. Say whom to ask now.").format(name=self.contact.name))
        if self.deputy is not None and self.deputy.left:
            sentences.append(_("{name} has left. Say who else can be asked.").format(name=self.deputy.name))
        for paper in self.papers:
            if paper.file and paper.state == FileState.HELD:
                sentences.append(_("“{file}” is not checked for viruses yet.").format(file=paper.file_name))
            if paper.file and paper.state == FileState.REMOVED:
                sentences.append(
                    _("“{file}” was removed by the virus scanner. Choose another file.").format(
                        file=paper.file_name
                    )
                )
        return sentences


PEOPLE = ("contact", "deputy")


def comparable(values: Mapping[str, object]) -> dict[str, object]:
    """Values as their fingerprints are taken: steps as one text."""
    steps = values.get("steps")
    return dict(values) | ({"steps": json.dumps(steps)} if steps is not None else {})


def words_of_steps(steps: list[dict]) -> str:
    """Steps as lines to read: number, what, who, days, measured."""
    lines = []
    for number, step in enumerate(steps, start=1):
        parts = [step["what"], step["who"], in_days(step["days"]) if step["days"] else ""]
        measured = str(Measure(step["measure"]).label) if step["measure"] else ""
        lines.append(f"{number}. " + " · ".join(part for part in (*parts, measured) if part))
    return "\n".join(lines)


def in_days(days: int) -> str:
    return ngettext("{days} working day", "{days} working days", days).format(days=days)


# Reading ----------------------------------------------------------------------------------------------


def _read(organisation, page):
    people = [pk for pk in (page.contact_id, page.deputy_id) if pk]
    here = set()
    if people:
        memberships = Membership.objects.current().filter(organisation=organisation, person__in=people)
        here = set(memberships.values_list("person", flat=True))
    return WorkPage(
        organisation=organisation,
        page=page,
        steps=list(page.steps.order_by("position")),
        papers=list(page.papers.order_by("number")),
        left=frozenset(set(people) - here),
    )


def _versions(organisation):
    return HowWeWork.objects.filter(organisation=organisation).select_related(
        "contact", "deputy", "changed_by"
    )


def read_published(organisation: Organisation, number: int | None = None) -> WorkPage | None:
    """A published version, the newest when none is named; None when there is none. Four queries."""
    versions = _versions(organisation).published().order_by("-number")
    page = (versions if number is None else versions.filter(number=number)).first()
    return _read(organisation, page) if page else None


def read_draft(organisation: Organisation) -> WorkPage:
    """What editors go on with: the draft, or what is published, or the steps that are proposed. Writes nothing."""
    page = _versions(organisation).filter(number=None).first()
    if page is not None:
        return _read(organisation, page)
    return read_published(organisation) or proposed(organisation)


def proposed(organisation: Organisation) -> WorkPage:
    """Where nothing is written yet: steps to change freely."""
    steps = [
        WorkStep(position=number, what=str(what), who=str(who), measure=measure)
        for number, (what, who, measure) in enumerate(PROPOSED, start=1)
    ]
    return WorkPage(organisation, HowWeWork(organisation=organisation), steps, [])


def promised_turn_days(organisation_id: int) -> int | None:
    """In how many working days an organisation says it answers while a contract lies with it."""
    return promised_days(organisation_id, Measure.OWN)


def promised_days(organisation_id: int, measure: str) -> int | None:
    """In how many working days an organisation says that a step is done which is measured like this."""
    return (
        WorkStep.objects.filter(
            page__in=HowWeWork.objects.newest().filter(organisation=organisation_id),
            measure=measure,
            days__isnull=False,
        )
        .order_by("position")
        .values_list("days", flat=True)
        .first()
    )


def who_pays_for_advice(organisations: Iterable[Organisation]) -> list[tuple[Organisation, bool | None]]:
    """Whether each of these says that it pays for legal advice; None where it has published nothing. One query."""
    organisations = list(organisations)
    said = dict(
        HowWeWork.objects.newest()
        .filter(organisation__in=organisations)
        .values_list("organisation", "pays_legal")
    )
    return [(organisation, said.get(organisation.pk)) for organisation in organisations]


# To read ----------------------------------------------------------------------------------------------


def contract_line(promised: int | None, typical: TypicalDays | None) -> str:
    """A contract in days: promised, and as it typically is; empty where neither is known."""
    parts = []
    if promised is not None:
        parts.append(_("{days} (promised)").format(days=in_days(promised)))
    if typical is not None:
        parts.append(
            _("{days} (typical of last {count})").format(days=in_days(typical.total), count=typical.contracts)
        )
    return _("Contract in {days}").format(days=", ".join(parts)) if parts else ""


def typical_of(step: WorkStep, measured: Measured) -> str:
    """What a step typically takes, where its days can be measured and may be told."""
    contracts, answers = measured.contracts, measured.answers
    match step.measure:
        case Measure.CONTRACT if contracts:
            days, count = contracts.total, contracts.contracts
        case Measure.OWN if contracts:
            days, count = contracts.own, contracts.contracts
        case Measure.FUNDING if answers:
            days, count = answers.days, answers.requests
        case _:
            return ""
    return _("{days} (typical of last {count})").format(days=in_days(days), count=count)


def recheck_on(page: HowWeWork) -> dt.date:
    """Twelve months after it was last checked."""
    return a_year_after(page.checked_on, 1)


def a_year_after(day: dt.date, years: int) -> dt.date:
    """The same day some years later; a leap day becomes the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def a_year_before(day: dt.date) -> dt.date:
    """The last day of which the same day a year later has come by this one."""
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else dt.date(day.year - 1, 2, 28)


def checked_words(page: HowWeWork, *, at: dt.datetime) -> tuple[str, bool]:
    """When it was last checked, in words, and whether that is more than twelve months ago."""
    day = date_format(page.checked_on, "j F Y")
    if local_day(at, page.organisation.zone) > recheck_on(page):
        return _("Last checked on {day}, more than a year ago. Ask whether it still holds.").format(
            day=day
        ), True
    return _("Last checked on {day}.").format(day=day), False

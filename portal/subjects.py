"""What an entry in Talk may be about, and where that is: one place that knows every app's things (docs/decisions/008)."""

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from evaluations.models import CheckIn, Promise
from partnerships.models import ContractRow, Project
from partnerships.rulesets.plan import PARTS
from partnerships.talk import PLAN_PART, About

CONTRACT_ROW = "partnerships.contractrow:"
PROMISE = "evaluations.promise:"
CHECK_IN = "evaluations.checkin:"
WORDS = 60
MOST = 100


def offered(project: Project) -> list[tuple[str, list[tuple[str, str]]]]:
    """Parts of the plan, rows of contracts, check-ins and promises on a project, in groups to choose from. Three queries."""
    rows = _rows(project).exclude(text="").order_by("contract__number", "code")[:MOST]
    promises = Promise.objects.made().filter(project=project).order_by("pk")[:MOST]
    check_ins = CheckIn.objects.filter(project=project).order_by("-number")[:MOST]
    return [
        (_("The plan"), [(f"{PLAN_PART}{part.code}", str(part.label)) for part in PARTS]),
        (_("The contract"), [(f"{CONTRACT_ROW}{row.pk}", _name_of_row(row)) for row in rows]),
        (_("Check-ins"), [(f"{CHECK_IN}{one.pk}", _name_of_check_in(one)) for one in check_ins]),
        (_("Promises"), [(f"{PROMISE}{promise.pk}", _shortened(promise.what)) for promise in promises]),
    ]


def named(project: Project, subjects: set[str]) -> dict[str, About]:
    """What these subjects are called and where they are. At most three queries."""
    found = {}
    parts = {part.code: part.label for part in PARTS}
    plan = reverse("partnerships:plan_detail", args=[project.reference])
    for subject in subjects:
        code = subject.removeprefix(PLAN_PART)
        if subject.startswith(PLAN_PART) and code in parts:
            label = _("The plan: {part}").format(part=parts[code])
            found[subject] = About(label, f"{plan}#{code}")
    for row in _rows(project).filter(pk__in=_keys(subjects, CONTRACT_ROW)):
        row.contract.project = project
        url = f"{row.contract.get_absolute_url()}#row_{row.code}"
        found[f"{CONTRACT_ROW}{row.pk}"] = About(_name_of_row(row), url)
    for one in CheckIn.objects.filter(project=project, pk__in=_keys(subjects, CHECK_IN)):
        url = reverse("evaluations:check_in_detail", args=[project.reference, one.number])
        found[f"{CHECK_IN}{one.pk}"] = About(_name_of_check_in(one), url)
    promises = reverse("evaluations:promise_list", args=[project.reference])
    for promise in Promise.objects.made().filter(project=project, pk__in=_keys(subjects, PROMISE)):
        label = _("Promise: {what}").format(what=_shortened(promise.what))
        found[f"{PROMISE}{promise.pk}"] = About(label, promises)
    return found


def _rows(project):
    return ContractRow.objects.filter(contract__project=project).select_related("contract")


def _name_of_row(row):
    return _("{row} ({contract})").format(row=row.get_code_display(), contract=_shortened(row.contract.title))


def _name_of_check_in(check_in):
    return _("Check-in {number}").format(number=check_in.number)


def _shortened(words):
    return Truncator(words).chars(WORDS)


def _keys(subjects, beginning):
    keys = [subject.removeprefix(beginning) for subject in subjects if subject.startswith(beginning)]
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]

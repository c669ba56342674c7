"""The kinds of things that are searched. Each is one query, begins with what is visible to the person, and never looks
into what is sealed or not yet shared: reviews, drafts, plans that one side still writes, what was asked or declined."""

from collections.abc import Callable

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.countries import country_name
from accounts.models import Person, organisation_called
from accounts.words import HasWords, says, words_of
from evaluations.models import ConclusionPart, Promise
from partnerships.models import Participation, Project, TalkEntry, project_called
from partnerships.permissions import organisations_known_to
from portal.search.hits import SHOWN, Group, Hit, excerpt
from principles.glossary import glossary
from principles.models import Question


def find(person: Person, typed: str) -> list[Group]:
    """What somebody finds by some words, in groups that are not empty. A constant number of queries.

    Arguments:
        typed: cleaned by a form. Words are looked for all together, each from its beginning.
    """
    words = words_of(typed)
    if not words:
        return []
    groups = (group(person, words, typed) for group in GROUPS)
    return [group for group in groups if group.hits]


def projects(person: Person, words: list[str], typed: str) -> Group:
    """Projects by their title or by who takes part, the newest first."""
    beside = (
        Participation.objects.partners()
        .filter(project=OuterRef("pk"))
        .exclude(organisation__in=person.organisation_ids())
        .order_by("side", "pk")
    )
    found = (
        Project.objects.visible_to(person)
        .in_workspace()
        .filter(project_called(words))
        .annotate(partner=Subquery(beside.values("organisation__name")[:1]))
        .only("reference", "title", "stage")
        .order_by("-created_at", "-pk")
    )
    rows = list(found[: SHOWN + 1])
    hits = [
        Hit(
            title=row.title,
            path=row.get_absolute_url(),
            kind=row.get_stage_display(),
            about=_("with %(partner)s") % {"partner": row.partner} if row.partner else "",
        )
        for row in rows
    ]
    address = reverse("partnerships:project_list") + "?" + urlencode({"q": typed, "state": "all"})
    return _group("projects", _("Projects"), "document", hits, address, _("See all in projects"))


def partners(person: Person, words: list[str], typed: str) -> Group:
    """Organisations that one works with, or that want to be found, by name or by what they work on."""
    found = (
        organisations_known_to(person)
        .exclude(pk__in=person.organisation_ids())
        .filter(organisation_called(words))
        .only("slug", "name", "kind", "country", "conditions")
        .order_by("name", "pk")
    )
    hits = [
        Hit(
            title=row.name,
            path=reverse("partnerships:partner_detail", args=[row.slug]),
            kind=", ".join(filter(None, [row.get_kind_display(), country_name(row.country)])),
            text=row.conditions,
        )
        for row in found[: SHOWN + 1]
    ]
    address = reverse("partnerships:partner_list") + "?" + urlencode({"q": typed})
    return _group("partners", _("Partners"), "people", hits, address, _("See all in partners"))


def learnings(person: Person, words: list[str], typed: str) -> Group:
    """Signed conclusions and promises of projects on which the person acts for a partner, as on the page of learnings."""
    acted = Participation.objects.partners().acted_by(person, known=True).values("project")
    promises = (
        Promise.objects.made()
        .filter(HasWords("what", words), project__in=acted, project__conclusion__signed_at__isnull=False)
        .order_by()
        .annotate(
            of_kind=Value("promise", CharField()),
            of_text=F("what"),
            of_at=F("project__conclusion__signed_at"),
            of_reference=F("project__reference"),
            of_project=F("project__title"),
            of_code=Value("", CharField()),
        )
    )
    parts = (
        # Where they did not agree, each side has a text of its own, and this one is nobody's.
        ConclusionPart.objects.filter(HasWords("text", words), disagreed=False)
        .filter(conclusion__project__in=acted, conclusion__signed_at__isnull=False)
        .order_by()
        .annotate(
            of_kind=Value("part", CharField()),
            of_text=F("text"),
            of_at=F("conclusion__signed_at"),
            of_reference=F("conclusion__project__reference"),
            of_project=F("conclusion__project__title"),
            of_code=F("code"),
        )
    )
    columns = ("of_kind", "of_text", "of_reference", "of_project", "of_code", "of_at", "pk")
    both = promises.values_list(*columns).union(parts.values_list(*columns), all=True)
    names = dict(ConclusionPart.Code.choices)
    hits = []
    for kind, text, reference, project, code, _at, _pk in both.order_by("-of_at", "of_kind", "pk")[
        : SHOWN + 1
    ]:
        if kind == "promise":
            path, title = reverse("evaluations:promise_list", args=[reference]), _("Promise")
        else:
            path, title = reverse("evaluations:conclusion_detail", args=[reference]), str(names[code])
        hits.append(Hit(title=title, path=path, about=project, text=excerpt(text, words)))
    address = reverse("evaluations:learning_list") + "?" + urlencode({"q": typed})
    return _group(
        "learnings", _("Promises and learnings"), "promise", hits, address, _("See all in learnings")
    )


def talk(person: Person, words: list[str], typed: str) -> Group:
    """What was said on the person's projects, the newest first. Concerns are never found by their words."""
    found = (
        TalkEntry.objects.visible_to(person)
        .filter(HasWords("text", words), withdrawn_at=None)
        .exclude(kind=TalkEntry.Kind.CONCERN)
        .select_related("project")
        .only("kind", "text", "project__title", "project__reference")
        .order_by("-written_at", "-pk")
    )
    rows = list(found[: SHOWN + 1])
    hits = [
        Hit(
            title=row.get_kind_display(),
            path=reverse("partnerships:talk_detail", args=[row.project.reference, row.pk]),
            about=row.project.title,
            text=excerpt(row.text, words),
        )
        for row in rows
    ]
    # Talk is listed project by project: that of the newest one looks for the same words.
    address = reverse("partnerships:talk_list", args=[rows[0].project.reference]) if rows else ""
    return _group(
        "talk", _("Talk"), "talk", hits, f"{address}?{urlencode({'q': typed})}", _("See more in Talk")
    )


def guide(person: Person, words: list[str], typed: str) -> Group:
    """Principles, with what they mean and their questions, and words of contracts. Open to everybody."""
    found = {}
    questions = Question.objects.in_current_edition().select_related("principle")
    for question in questions.order_by("principle__number", "position"):
        principle = question.principle
        told = [principle.question, principle.summary, principle.for_groups, principle.for_companies]
        told += [question.text, question.help]
        if says(" ".join([principle.name, *told]), words) and principle.pk not in found:
            best = next((text for text in told if says(text, words)), principle.question)
            found[principle.pk] = Hit(
                title=principle.name,
                path=principle.get_absolute_url(),
                kind=_("Principle %(number)s") % {"number": principle.number},
                text=excerpt(best, words),
            )
    page = reverse("principles:words")
    terms = [
        Hit(title=word.word, path=f"{page}#{word.code}", kind=_("Word of contracts"), text=word.meaning)
        for word in glossary()
        if says(f"{word.word} {word.meaning}", words)
    ]
    hits = [*found.values(), *terms]
    return _group("guide", _("Guide"), "bulb", hits, reverse("principles:guide"), _("Read the guide"))


def _group(code, title, icon, hits, address, words):
    more = len(hits) > SHOWN
    return Group(code, title, icon, hits[:SHOWN], address if more else "", words if more else "")


# A group more is a function more: it takes the person, the words as they are looked for, and what was typed. It may
# ask one query, of rows that are visible to the person (`tests/portal/test_search.py` counts, and looks at the seal).
GROUPS: list[Callable[[Person, list[str], str], Group]] = [projects, partners, learnings, talk, guide]

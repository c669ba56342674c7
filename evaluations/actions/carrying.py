"""What earlier projects of the same partners leave to the next one: open promises, and what they learned.

The plan's part "Learnings to bring" offers them and keeps the words that were chosen; the rows here keep the link, so
that both projects know of each other and the promise is settled once.
"""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.text import Truncator, get_text_list
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, Person
from evaluations.models import CarriedItem, ConclusionPart, HelpQuestion, Promise
from partnerships.actions.plan import Offer
from partnerships.models import Participation, PlanPart, Project
from partnerships.rulesets.plan import WHO, entries_of

Code = ConclusionPart.Code

MOST_LEARNINGS = 10
# A learning stands beside a box to tick; the whole of it is one link away.
LONGEST_LEARNING = 300


def carried_into(project: Project, organisation: Organisation) -> list[CarriedItem]:
    """What came into a project from earlier ones, as this organisation may read it: promises first, the next due first."""
    return list(CarriedItem.objects.brought_into(project, organisation))


def offers_to_carry(project: Project, organisation: Organisation) -> list[Offer]:
    """Open promises and learnings of earlier projects of this organisation with the same partners.

    The same partners: on each side at least one organisation took part in both. Open promises are ticked, unless
    somebody takes part now who did not then: whoever brings one along decides that they may read it.
    """
    together = _partners_of(project)
    earlier = _earlier_projects(project, organisation, together)
    promises = (
        Promise.objects.open()
        .filter(project__in=earlier)
        .select_related("owner", "organisation", "project")
        .order_by("due_on", "pk")
    )
    learnings = (
        ConclusionPart.objects.filter(
            conclusion__project__in=earlier,
            conclusion__signed_at__isnull=False,
            code=Code.DIFFERENT,
            disagreed=False,
        )
        .exclude(text="")
        .select_related("conclusion__project")
        .order_by("-conclusion__signed_at", "pk")[:MOST_LEARNINGS]
    )
    promises, learnings = list(promises), list(learnings)
    newcomers = _newcomers(
        together, {row.project_id for row in promises} | {row.conclusion.project_id for row in learnings}
    )
    offers = [
        Offer(
            key=f"promise:{promise.pk}",
            text=promise.what,
            note=_note(
                _("%(name)s, %(organisation)s, by %(day)s, from %(project)s")
                % {
                    "name": promise.owner,
                    "organisation": promise.organisation,
                    "day": date_format(promise.due_on, "j F Y"),
                    "project": promise.project,
                },
                newcomers[promise.project_id],
            ),
            ticked=not newcomers[promise.project_id],
        )
        for promise in promises
    ]
    return offers + [
        Offer(
            key=f"learning:{part.pk}",
            text=Truncator(" ".join(part.text.split())).chars(LONGEST_LEARNING),
            note=_note(
                _("Learned in %(project)s") % {"project": part.conclusion.project},
                [] if part.public else newcomers[part.conclusion.project_id],
            ),
        )
        for part in learnings
    ]


def carry(project: Project, part: PlanPart, *, actor: Person, at: dt.datetime) -> None:
    """Keep the link to what a new version of the plan's part brings along, and drop what it brings no longer.

    Called by `partnerships` inside the transaction that writes the version, with the project's row locked.
    """
    wanted = _keys_in(part).keys()
    carried = {_key_of(item): item for item in CarriedItem.objects.filter(project=project)}
    for key, item in carried.items():
        if key not in wanted:
            item.delete()
    promises, parts = _what_they_name(wanted - carried.keys(), [part.organisation_id])
    brought = {"project": project, "brought_by": actor, "brought_at": at}
    items = CarriedItem.objects.bulk_create(
        [
            *(CarriedItem(promise=promise, **brought) for promise in promises),
            *(CarriedItem(part=learned, **brought) for learned in parts),
        ]
    )
    if items:
        record(
            "learnings.carried",
            part,
            actor=actor,
            at=at,
            project=project,
            organisation=part.organisation,
            items=len(items),
        )


def ask_whether_it_helped(project: Project) -> list[HelpQuestion]:
    """Fix about what the reviews of a project ask "Did it help?": all that the agreed plan brings along, promises first.

    A change of the plan that not everybody has agreed to counts for nothing. Called once, when the project enters
    Review; the plan can't be changed from then on (docs/rules.md 14).
    """
    agreed = project.plan_parts.filter(code=PlanPart.Code.LEARNINGS, agreed_at__isnull=False)
    part = agreed.order_by("-version").first()
    words = _keys_in(part) if part else {}
    if not words:
        return []
    # Whoever wrote the last version, any partner may have brought along what it keeps.
    promises, parts = _what_they_name(words.keys(), project.participations.partners().values("organisation"))
    asked = [
        *({"promise": promise, "text": words["promise", promise.pk]} for promise in promises),
        *({"part": learned, "text": words["learning", learned.pk]} for learned in parts),
    ]
    return HelpQuestion.objects.bulk_create(
        HelpQuestion(project=project, position=position, **about)
        for position, about in enumerate(asked, start=1)
    )


def _keys_in(part: PlanPart) -> dict[tuple[str, int], str]:
    """What a version of the plan's part names, by kind and id, each with its words."""
    items = part.values.get("items", ())
    return {key: item["text"] for item in items if (key := _split(item["key"])) is not None}


def _what_they_name(keys, organisations):
    """The promises, the next due first, and the learnings behind such keys, as far as one of these organisations may read them."""
    readable = Participation.objects.partners().filter(organisation__in=organisations).values("project")
    promises = Promise.objects.made().filter(pk__in=_ids(keys, "promise"), project__in=readable)
    parts = ConclusionPart.objects.filter(
        pk__in=_ids(keys, "learning"),
        conclusion__project__in=readable,
        conclusion__signed_at__isnull=False,
    )
    return promises.order_by("due_on", "pk"), parts.order_by("pk")


def _partners_of(project: Project) -> dict[int, tuple[str, str]]:
    """Side and name of everybody who takes part, or is named in the plan to, by id."""
    rows = project.participations.partners().select_related("organisation")
    together = {row.organisation_id: (row.side, row.organisation.name) for row in rows}
    who = project.plan_parts.filter(code=WHO.code).order_by("-version").first()
    for entry in entries_of(who.values) if who else ():
        # Who was invited by e-mail has no id yet, and was in no earlier project.
        together.setdefault(entry.get("id", entry["name"]), (entry["side"], entry["name"]))
    return together


def _earlier_projects(project, organisation, together):
    def was_partner(ids):
        return Exists(
            Participation.objects.filter(
                project=OuterRef("pk"), organisation__in=ids, role=Participation.Role.PARTNER
            )
        )

    known = {key: side for key, (side, _name) in together.items() if isinstance(key, int)}
    both = Q()
    for wanted in Participation.Side.values:
        both &= Q(was_partner([pk for pk, side in known.items() if side == wanted]))
    mine = Participation.objects.partners().filter(organisation=organisation).values("project")
    return (
        Project.objects.in_workspace()
        .filter(both, pk__in=mine)
        .exclude(pk=project.pk)
        .order_by()
        .values("pk")
    )


def _newcomers(together, projects) -> dict[int, list[str]]:
    """For each earlier project, the names of those who take part now and were not in it."""
    there = {}
    rows = Participation.objects.filter(project__in=projects, role=Participation.Role.PARTNER)
    for project, organisation in rows.values_list("project", "organisation"):
        there.setdefault(project, set()).add(organisation)
    return {
        project: [name for key, (_side, name) in together.items() if key not in there.get(project, ())]
        for project in projects
    }


def _note(words, newcomers):
    if not newcomers:
        return words
    names = get_text_list(newcomers, _("and"))
    return _("%(words)s. %(names)s took no part in it and will read this.") % {"words": words, "names": names}


def _split(key):
    kind, _colon, number = str(key).partition(":")
    if kind in ("promise", "learning") and number.isascii() and number.isdecimal() and len(number) < 16:
        return kind, int(number)
    return None


def _key_of(item):
    return ("promise", item.promise_id) if item.promise_id else ("learning", item.part_id)


def _ids(keys, kind):
    return [number for name, number in keys if name == kind]

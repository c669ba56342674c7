"""Messages about everything that waits: the summary of the week, and the one that ends a pause."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, F, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Notice, Organisation, Person
from accounts.notices import NotWanted, Topic, kind
from partnerships.messages import OnProjects, key_in
from partnerships.models import WORKING, Participation, Turn
from portal.links import address_of_turn
from portal.waiting import turn_title, turns_of, turns_of_others


def turns_at_hand(people: Iterable[Person]) -> dict[int, tuple[int, int]]:
    """How many turns wait for each of these people, and how many for others on their projects, by their key.

    What it says is what home and the project list say. Most people are Lead or Owner of one organisation and belong to
    no other: theirs are counted for all of them at once.
    """
    people = list({person.pk: person for person in people}.values())
    prefetch_related_objects(people, "memberships__organisation")
    for person in people:
        person.every_membership = list(person.memberships.all())
    plain = {person.pk: person.every_membership[0].organisation_id for person in people if _is_plain(person)}
    organisations = set(plain.values())
    own, others = _turns_of_organisations(organisations)
    return {
        person.pk: (own[plain[person.pk]], others[plain[person.pk]])
        if person.pk in plain
        else (turns_of(person).count(), turns_of_others(person).count())
        for person in people
    }


def _is_plain(person):
    ever = person.every_membership
    return (
        len(ever) == 1
        and ever[0].left_at is None
        and ever[0].role in WORKING
        and ever[0].organisation.kind != Organisation.Kind.AGENCY
    )


def _turns_of_organisations(organisations):
    here = Participation.objects.filter(organisation__in=organisations, left_at=None)
    rows = here.values("organisation").annotate(
        own=Count("project__turns", filter=Q(project__turns__organisation=F("organisation"))),
        every=Count("project__turns"),
    )
    own, others = Counter(), Counter()
    for organisation, mine, every in rows.order_by().values_list("organisation", "own", "every"):
        own[organisation], others[organisation] = mine, every - mine
    return own, others


def _at_hand(notices: list[Notice], at: dt.datetime) -> dict[int, tuple[int, int]]:
    return turns_at_hand(notice.recipient for notice in notices)


@kind("weekly", gettext_lazy("Summary of the week"), load=_at_hand, carries=True, keeps=dt.timedelta(days=3))
def weekly(notice: Notice, at_hand: dict, at: dt.datetime) -> dict:
    own, others = at_hand[notice.recipient_id]
    # Its lines are put in by `sending.letters`, which knows what it carries.
    return {"path": reverse("portal:home"), "own": own, "others": others, "stands_alone": bool(own or others)}


@kind("pause_end", gettext_lazy("The end of a pause"), load=_at_hand, carries=True)
def pause_end(notice: Notice, at_hand: dict, at: dt.datetime) -> dict:
    own, _others = at_hand[notice.recipient_id]
    return {"path": reverse("portal:home"), "own": own, "stands_alone": True}


class OnTurns(OnProjects):
    """Turns that messages are about, with who asked."""

    @cached_property
    def turns(self) -> dict[int, Turn]:
        return self.rows(Turn)

    @cached_property
    def askers(self) -> dict[int, Person]:
        return Person.objects.in_bulk({notice.params["by"] for notice in self.notices})

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        return Organisation.objects.in_bulk({notice.params["of"] for notice in self.notices})


@kind("nudge", gettext_lazy("Asked how it goes"), topic=Topic.TURN, load=OnTurns)
def nudge(notice: Notice, on: OnTurns, at: dt.datetime) -> dict:
    project = on.project(notice)
    turn = on.turns.get(key_in(notice))
    if turn is None or turn.organisation_id != on.acting(notice).organisation.pk:
        raise NotWanted(gettext_noop("It is done, or somebody else’s turn."))
    return {
        "path": address_of_turn(turn, project),
        "title": turn_title(turn, project),
        "project": project.title,
        "name": str(on.askers[notice.params["by"]]),
        "organisation": on.organisations[notice.params["of"]].name,
    }

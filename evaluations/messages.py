"""The messages of this app: who they are for by now, what their templates need, where their button leads.

Nothing sealed goes into a message, and of check-ins only that one is open: what was said in it stands on its page. Of others' reviews: sent or not sent. Of the reader's own: whether it was begun,
asked when the message is written and kept nowhere.
"""

import datetime as dt
from collections import defaultdict

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.days import local_day, next_sending_time
from accounts.models import Notice, Organisation, Snooze
from accounts.notices import NotWanted, NotYet, Topic, kind
from evaluations import sealing
from evaluations.actions.pen import DAYS_UNTOUCHED
from evaluations.models import Call, CheckInReply, Conclusion, LateChoice, Promise, Review
from partnerships.messages import OnProjects, about, key_in, live, shortened
from partnerships.models import Project, Turn

Stage = Project.Stage

# A promise takes this much of a subject.
PROMISE_IN_SUBJECT = 34
NAME_IN_SUBJECT = 26
# So much of why no time fits stands in a mail; all of it stands on the page behind the button.
WORDS_IN_MAIL = 100


class OnReviews(OnProjects):
    """What messages about reviews, conclusions and promises need, loaded for a whole batch."""

    @cached_property
    def reviews(self) -> dict[tuple[str, int], Review]:
        """All reviews of these projects, by reference and organisation."""
        rows = Review.objects.filter(project__reference__in=self.projects).select_related("project")
        return {(review.project.reference, review.organisation_id): review for review in rows}

    def own_review(self, notice: Notice) -> Review:
        """The review of the reader's organisation, which is still to be sent.

        Raises:
            NotWanted: it is sent, or need not be sent any more.
        """
        project, organisation = self.project(notice), self.acting(notice).organisation
        live(project, Stage.REVIEW)
        review = self.reviews.get((project.reference, organisation.pk))
        if review is None or review.excused_at is not None:
            raise NotWanted(gettext_noop("This organisation need not send a review."))
        if review.sent_at is not None:
            raise NotWanted(gettext_noop("The review was sent."))
        return review

    @cached_property
    def _by_project(self) -> dict[str, list[Review]]:
        found = defaultdict(list)
        for (reference, _organisation), review in self.reviews.items():
            found[reference].append(review)
        return found

    def reviews_of(self, project: Project) -> list[Review]:
        return self._by_project[project.reference]

    @cached_property
    def begun(self) -> set[int]:
        """Reviews of the readers' organisations that somebody there has begun to answer."""
        pairs = {
            (review.project_id, review.organisation_id): review.pk
            for notice in self.notices
            if notice.kind == "review_reminder" and (review := self._about_review(notice))
        }
        begun = set()
        while pairs:
            # A project at a time for each organisation: that is how the door before the answers asks.
            some = dict(pairs.keys())
            for project, standing in sealing.progress_by_project(some.items()).items():
                if standing.done:
                    begun.add(pairs[project, some[project]])
            for pair in some.items():
                del pairs[pair]
        return begun

    @cached_property
    def _by_key(self) -> dict[int, Review]:
        return {review.pk: review for review in self.reviews.values()}

    def _about_review(self, notice):
        return self._by_key.get(key_in(notice))

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of the organisations that messages mention by their key."""
        keys = {
            notice.params[name]
            for notice in self.notices
            for name in ("about", "other")
            if name in notice.params
        }
        return dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))

    def other(self, notice: Notice) -> dict:
        """The organisation that did something which others may know of."""
        name = self.names.get(notice.params["about"], "")
        return {"organisation": name, "short_organisation": shortened(name, NAME_IN_SUBJECT)}

    @cached_property
    def replies(self) -> dict[int, CheckInReply]:
        """The replies to check-ins that messages are about, by their key."""
        rows = CheckInReply.objects.filter(pk__in=self._keys(CheckInReply)).select_related("check_in")
        return {row.pk: row for row in rows}

    @cached_property
    def calls(self) -> dict[int, Call]:
        return self.rows(Call)

    @cached_property
    def choices(self) -> dict[tuple[str, str, int | None], set[int]]:
        """Which organisations chose what while reviews are sealed, by reference, kind and whom it is about."""
        found = defaultdict(set)
        rows = LateChoice.objects.filter(project__reference__in=self.projects)
        for reference, choice, other, organisation in rows.values_list(
            "project__reference", "kind", "about", "organisation"
        ):
            found[reference, choice, other].add(organisation)
        return found

    @cached_property
    def conclusions(self) -> dict[str, Conclusion]:
        rows = Conclusion.objects.filter(project__reference__in=self.projects).select_related(
            "project", "pen"
        )
        return {conclusion.project.reference: conclusion for conclusion in rows}

    @cached_property
    def turns(self) -> set[tuple[str, int]]:
        """Organisations whose turn it is with a conclusion, by reference."""
        rows = Turn.objects.filter(project__reference__in=self.projects, kind=Turn.Kind.CONCLUSION)
        return set(rows.values_list("project__reference", "organisation"))

    @cached_property
    def promises(self) -> dict[int, Promise]:
        found = self.rows(Promise)
        prefetch_related_objects(list(found.values()), "owner")
        return found

    @cached_property
    def _snoozes(self) -> dict[tuple[int, str], dt.date]:
        people = {notice.recipient_id for notice in self.notices}
        rows = Snooze.objects.filter(person__in=people)
        return {
            (person, key): until for person, key, until in rows.values_list("person", "task_key", "until")
        }

    def put_aside(self, notice: Notice, task_key: str) -> None:
        """Let a reminder wait that its reader has put aside on home.

        Raises:
            NotYet: until ten o'clock of the day that they chose.
        """
        person = notice.recipient
        until = self._snoozes.get((person.pk, task_key))
        if until is not None and local_day(self.at, person.zone) < until:
            morning = dt.datetime.combine(until, dt.time(), tzinfo=person.zone).astimezone(dt.UTC)
            raise NotYet(
                f"{gettext_noop('Put aside until')}: {until}",
                until=next_sending_time(morning, person.zone, notice.params.get("country", "")),
            )


def _same_date(notice: Notice, due_on: dt.date | None) -> dt.date:
    if due_on is None or notice.params.get("due_on") != due_on.isoformat():
        raise NotWanted(gettext_noop("The date was moved."))
    return due_on


def _later(task_key: str) -> str:
    return reverse("portal:task_later", args=[task_key])


# Check-ins ---------------------------------------------------------------------------------------


def _check_in(notice, on):
    project, reply = live(on.project(notice), Stage.DELIVER), on.replies.get(key_in(notice))
    if reply is None or reply.organisation_id != on.acting(notice).organisation.pk:
        raise NotWanted(gettext_noop("This organisation was not asked."))
    if reply.state != CheckInReply.State.OPEN:
        raise NotWanted(gettext_noop("The check-in was answered."))
    check_in = reply.check_in
    task_key = f"check_in:{project.reference}:{check_in.number}"
    return project, check_in, task_key


@kind("check_in_opens", gettext_lazy("A check-in opens"), topic=Topic.TURN, load=OnReviews, gathered=True)
def check_in_opens(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project, check_in, task_key = _check_in(notice, on)
    words = {"due_on": check_in.due_on, "first": check_in.number == 1, "later": _later(task_key)}
    return about(project, "evaluations:check_in_detail", check_in.number, **words)


@kind("check_in_reminder", gettext_lazy("Reminder of a check-in"), load=OnReviews, reminder=True)
def check_in_reminder(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project, check_in, task_key = _check_in(notice, on)
    due_on = _same_date(notice, check_in.due_on)
    on.put_aside(notice, task_key)
    return about(project, "evaluations:check_in_detail", check_in.number) | {
        "due_on": due_on,
        "days": (due_on - local_day(at, project.zone)).days,
        "later": _later(task_key) if local_day(at, notice.recipient.zone) < due_on else "",
    }


@kind(
    "check_in_rhythm",
    gettext_lazy("The rhythm of check-ins changed"),
    topic=Topic.OTHERS,
    load=OnReviews,
    gathered=True,
)
def check_in_rhythm(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.DELIVER)
    words = {"weeks": notice.params["weeks"]}
    return about(project, "evaluations:check_in_list", **words) | on.other(notice)


@kind("call_suggested", gettext_lazy("A call is suggested"), topic=Topic.TURN, load=OnReviews)
def call_suggested(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project, call = live(on.project(notice), Stage.DELIVER), on.calls[key_in(notice)]
    if call.state != Call.State.OPEN:
        raise NotWanted(gettext_noop("The call was answered."))
    if call.third_at <= at:
        raise NotWanted(gettext_noop("The times have passed."))
    words = {"times": call.times}
    return about(project, "evaluations:call_answer", call.pk, **words) | on.other(notice)


@kind("call_answered", gettext_lazy("A call was answered"), topic=Topic.OTHERS, load=OnReviews)
def call_answered(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project, call = on.project(notice), on.calls[key_in(notice)]
    words = {"picked_at": call.picked_at, "reason": shortened(" ".join(call.words.split()), WORDS_IN_MAIL)}
    return about(project, "evaluations:check_in_list", **words) | on.other(notice)


# Reviews -----------------------------------------------------------------------------------------


@kind("review_opens", gettext_lazy("The review opens"), topic=Topic.TURN, load=OnReviews, gathered=True)
def review_opens(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    review = on.own_review(notice)
    project = on.project(notice)
    return about(project, "evaluations:review_start", due_on=project.review_due_on) | {
        "several": len(on.reviews_of(project)) > 2,
        "later": _later(f"review:{review.project.reference}"),
    }


@kind("review_reminder", gettext_lazy("Reminder of a review"), load=OnReviews, reminder=True, masked=True)
def review_reminder(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    review = on.own_review(notice)
    project = on.project(notice)
    due_on = _same_date(notice, project.review_due_on)
    task_key = f"review:{project.reference}"
    on.put_aside(notice, task_key)
    return about(project, "evaluations:review_start") | {
        "due_on": due_on,
        "late": local_day(at, project.zone) > due_on,
        "begun": review.pk in on.begun,
        "later": _later(task_key),
    }


@kind(
    "other_sent", gettext_lazy("The others have sent theirs"), topic=Topic.TURN, load=OnReviews, gathered=True
)
def other_sent(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    on.own_review(notice)
    project = on.project(notice)
    theirs = on.reviews.get((project.reference, notice.params["about"]))
    if theirs is None or theirs.sent_at is None:
        raise NotWanted(gettext_noop("They have taken theirs back."))
    missing = sum(review.sent_at is None and review.excused_at is None for review in on.reviews_of(project))
    return about(project, "evaluations:review_start", last=missing == 1) | on.other(notice)


@kind("review_shared", gettext_lazy("A review was shared"), topic=Topic.OTHERS, load=OnReviews, gathered=True)
def review_shared(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    on.own_review(notice)
    return about(on.project(notice), "evaluations:review_start") | on.other(notice)


@kind("all_sent", gettext_lazy("All reviews are open"), topic=Topic.OTHERS, load=OnReviews)
def all_sent(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = on.project(notice)
    return about(project, "evaluations:results", several=len(on.reviews_of(project)) > 2)


@kind("closed_one_sided", gettext_lazy("Closed, reviewed by one side"), topic=Topic.OTHERS, load=OnReviews)
def closed_one_sided(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = on.project(notice)
    return about(project, shared=any(review.shared_at for review in on.reviews_of(project)))


@kind("review_excused", gettext_lazy("An organisation was excused"), topic=Topic.OTHERS, load=OnReviews)
def review_excused(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    return about(on.project(notice))


def _asked(notice, on):
    project, reader = live(on.project(notice), Stage.REVIEW), on.acting(notice).organisation
    said = on.choices[(project.reference, notice.params["choice"], notice.params.get("other"))]
    if notice.params["about"] not in said:
        raise NotWanted(gettext_noop("It was taken back."))
    if reader.pk in said:
        raise NotWanted(gettext_noop("They have agreed."))
    return about(project, "evaluations:review_choices") | on.other(notice)


@kind("withdrawal_asked", gettext_lazy("Asked to withdraw the project"), topic=Topic.TURN, load=OnReviews)
def withdrawal_asked(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    return _asked(notice, on)


@kind("choice_asked", gettext_lazy("Asked to choose what happens"), topic=Topic.TURN, load=OnReviews)
def choice_asked(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    return _asked(notice, on) | {"excused": on.names.get(notice.params.get("other"), "")}


@kind("choice_declined", gettext_lazy("A choice was declined"), topic=Topic.OTHERS, load=OnReviews)
def choice_declined(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.REVIEW)
    return about(project, "evaluations:review_start", choice=notice.params["choice"]) | on.other(notice)


# The joint conclusion ----------------------------------------------------------------------------


@kind("conclusion_turn", gettext_lazy("The conclusion is with them"), topic=Topic.TURN, load=OnReviews)
def conclusion_turn(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.LEARN)
    conclusion = on.conclusions.get(project.reference)
    if conclusion is None or conclusion.pen != on.acting(notice).organisation:
        raise NotWanted(gettext_noop("It lies with another organisation."))
    words = {"organisation": notice.params["sender"], "signed": notice.params["signed"]}
    return about(project, "evaluations:conclusion_detail", **words)


@kind("conclusion_taken", gettext_lazy("The pen was taken"), topic=Topic.OTHERS, load=OnReviews)
def conclusion_taken(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.LEARN)
    conclusion = on.conclusions.get(project.reference)
    if conclusion is None or conclusion.signed_at is not None:
        raise NotWanted(gettext_noop("It is signed by everybody."))
    if conclusion.pen == on.acting(notice).organisation:
        raise NotWanted(gettext_noop("It is with them again."))
    words = {"organisation": notice.params["sender"], "kept": notice.params["kept"], "days": DAYS_UNTOUCHED}
    return about(project, "evaluations:conclusion_detail", **words)


@kind("conclusion_signed", gettext_lazy("The conclusion is signed"), topic=Topic.OTHERS, load=OnReviews)
def conclusion_signed(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    return about(on.project(notice), "evaluations:conclusion_detail")


@kind("conclusion_missing", gettext_lazy("The conclusion is missing"), load=OnReviews, reminder=True)
def conclusion_missing(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.LEARN)
    if (project.reference, on.acting(notice).organisation.pk) not in on.turns:
        raise NotWanted(gettext_noop("It is signed, or lies with another organisation."))
    task_key = f"conclusion:{project.reference}"
    on.put_aside(notice, task_key)
    return about(project, "evaluations:conclusion_detail") | {
        "begun": project.reference in on.conclusions,
        "later": _later(task_key),
    }


# Promises ----------------------------------------------------------------------------------------


def _promise(notice, on, at):
    project = on.project(notice)
    promise = on.promises.get(key_in(notice))
    if promise is None or promise.state != Promise.State.OPEN:
        raise NotWanted(gettext_noop("The promise is settled."))
    due_on = _same_date(notice, promise.due_on)
    mine = promise.owner_id == notice.recipient_id
    if mine:
        on.put_aside(notice, f"promise:{promise.pk}")
    # On its day and after there is no day left on which it could come back.
    can_wait = mine and local_day(at, notice.recipient.zone) < due_on
    what = " ".join(promise.what.split())
    return about(project, "evaluations:promise_list") | {
        "promise": what,
        "short_promise": shortened(what, PROMISE_IN_SUBJECT),
        "due_on": due_on,
        "days": (due_on - local_day(at, project.zone)).days,
        "mine": mine,
        "owner": promise.owner.get_full_name(),
        "later": _later(f"promise:{promise.pk}") if can_wait else "",
    }


@kind("promise_due", gettext_lazy("A promise is due"), load=OnReviews, reminder=True)
def promise_due(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    return _promise(notice, on, at)


@kind("promise_late", gettext_lazy("A promise is late"), load=OnReviews, reminder=True)
def promise_late(notice: Notice, on: OnReviews, at: dt.datetime) -> dict:
    return _promise(notice, on, at)

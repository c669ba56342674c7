"""Interests: declared by each person for themself, in versions; what is decided about them, by both sides."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.days import local_day
from accounts.models import Organisation, Person
from partnerships.actions.people import ActsForNobody, acting_organisation, named
from partnerships.interests import MOST_INTERESTS, Declared, asked_people, read_declared
from partnerships.models import (
    Interest,
    InterestAsk,
    InterestDecision,
    InterestDecisionAgreement,
    InterestDeclaration,
    Project,
)
from partnerships.permissions import acting_participation, acting_people

Kind = InterestDeclaration.Kind
Stage = Project.Stage

OVER = {Stage.COMPLETED, Stage.WITHDRAWN}
WORDS = ("what", "with_whom", "since")


class CannotDeclare(Exception):
    """The declaration can't be made, or not any more."""


class CannotDecide(Exception):
    """What was decided can't be written down or agreed to, or not by this person."""


class DecidedMeanwhile(CannotDecide):
    """Somebody wrote a decision down that this person has not read."""


# Declaring -------------------------------------------------------------------------------------------


@transaction.atomic
def declare_none(project: Project, *, number: int, actor: Person, at: dt.datetime) -> InterestDeclaration:
    """Somebody declares that they have no interest that matters. Interests that they had declared end with it.

    Arguments:
        number: the version they read before; 0 for none.

    Raises:
        CannotDeclare: the project is over, or they declared something else meanwhile.
        ActsForNobody: they act for nobody on the project.
    """
    project, organisation, own = _lock(project, actor, at)
    if own.number != number:
        said_none = own.newest is not None and own.newest.kind in (Kind.NONE, Kind.SAME)
        if said_none and not own.interests and not own.asked_again:
            return own.newest
        raise _changed()
    return _write(project, organisation, own, Kind.NONE, [], actor, at)


@transaction.atomic
def confirm_interests(
    project: Project, *, number: int, actor: Person, at: dt.datetime
) -> InterestDeclaration:
    """Somebody says that nothing has changed since they declared their interests: a version with a date of its own.

    Arguments:
        number: the version they read before.

    Raises:
        CannotDeclare: there is nothing to confirm, the project is over, or they declared something else meanwhile.
        ActsForNobody
    """
    project, organisation, own = _lock(project, actor, at)
    if own.standing is None:
        raise CannotDeclare(_("You have not declared anything yet."))
    if own.number != number:
        if own.newest.kind == Kind.SAME and not own.asked_again:
            return own.newest
        raise _changed()
    return _write(project, organisation, own, Kind.SAME, _kept(own), actor, at)


@transaction.atomic
def add_interest(
    project: Project, *, what: str, with_whom: str, since: str, actor: Person, at: dt.datetime
) -> InterestDeclaration:
    """Somebody declares an interest beside those they declared before. The same words twice are one interest.

    Raises:
        CannotDeclare: the project is over, or there are too many to read.
        ActsForNobody
    """
    project, organisation, own = _lock(project, actor, at)
    words = (what, with_whom, since)
    if words in [_words(one.interest) for one in own.interests] and not own.asked_again:
        return own.newest
    if len(own.interests) >= MOST_INTERESTS:
        raise CannotDeclare(_("These are very many. Put some of them together."))
    return _write(project, organisation, own, Kind.SOME, [*_kept(own), words], actor, at)


@transaction.atomic
def change_interest(
    interest: Interest, *, what: str, with_whom: str, since: str, actor: Person, at: dt.datetime
) -> InterestDeclaration:
    """Somebody says one of their interests in other words. It is decided about anew: the words are others.

    Raises:
        CannotDeclare: it is not among what they declared last, or the project is over.
        ActsForNobody
    """
    project, organisation, own = _lock(interest.declaration.project, actor, at)
    if interest.root_id not in [one.interest.root_id for one in own.interests]:
        raise _changed()
    words = (what, with_whom, since)
    if words == _words(interest):
        return own.newest
    kept = [words if kept == (interest.root_id, *_words(interest)) else kept for kept in _kept(own)]
    return _write(project, organisation, own, Kind.SOME, kept, actor, at)


@transaction.atomic
def end_interest(interest: Interest, *, actor: Person, at: dt.datetime) -> InterestDeclaration:
    """Somebody says that one of their interests has ended. After the last one they have none.

    Raises:
        CannotDeclare: the project is over.
        ActsForNobody
    """
    project, organisation, own = _lock(interest.declaration.project, actor, at)
    kept = [one for one in _kept(own) if one[0] != interest.root_id]
    if len(kept) == len(own.interests):
        return own.newest
    return _write(project, organisation, own, Kind.SOME if kept else Kind.NONE, kept, actor, at)


@transaction.atomic
def note_absence(
    project: Project, person: Person, *, reason: str, actor: Person, at: dt.datetime
) -> InterestDeclaration:
    """A colleague writes down why somebody can't be asked now. They are asked still when they are back.

    Without it, one person who is ill would keep their own side from signing for ever.

    Raises:
        CannotDeclare: they have declared, are not asked, or are of another organisation; or it is oneself.
        ActsForNobody: the actor acts for no partner.
    """
    project = _locked(project)
    organisation = acting_organisation(project, actor, at)
    if person == actor:
        raise CannotDeclare(_("You are here: declare your own interests."))
    asked = {one.person.pk: one for one in asked_people(acting_people(project))}
    theirs = asked.get(person.pk)
    if theirs is None or organisation.pk not in (theirs.organisation.pk, theirs.participation.acts_for_id):
        raise CannotDeclare(_("Only for colleagues of your own side."))
    own = read_declared(project, person)
    if own.is_absent:
        return own.newest
    if not own.is_missing:
        raise CannotDeclare(_("{name} has declared their interests by now.").format(name=person))
    return _write(project, theirs.organisation, own, Kind.ABSENT, [], actor, at, reason=reason)


@transaction.atomic
def ask_again(project: Project, *, at: dt.datetime) -> InterestAsk:
    """Ask everybody on a project whether their interests have changed. A check-in calls it when it opens.

    Each answers with a new version or says that nothing has changed; until then nobody signs for their side.
    """
    project = _locked(project)
    ask = InterestAsk.objects.create(project=project, asked_at=at)
    record("interest.asked_again", project, actor=None, at=at, project=project)
    return ask


def _locked(project):
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.stage in OVER:
        raise CannotDeclare(_("This project is over. What was declared stays as it is."))
    return project


def _lock(project, actor, at) -> tuple[Project, Organisation, Declared]:
    project = _locked(project)
    participation = acting_participation(actor, project)
    if participation is None:
        raise ActsForNobody(_("You act for nobody on this project."))
    # Agencies, too: whoever works on a project says what else they are bound to.
    named(project, actor, participation.organisation, at)
    return project, participation.organisation, read_declared(project, actor)


def _changed():
    return CannotDeclare(_("You declared something else meanwhile. Look at it, then say it again."))


def _words(interest):
    return tuple(getattr(interest, name) for name in WORDS)


def _kept(own):
    """What stands, to be written again: the key of its first version, then its words."""
    return [(one.interest.root_id, *_words(one.interest)) for one in own.interests]


def _write(project, organisation, own, kind, interests, actor, at, reason=""):
    """A new version. What is kept comes with the key of its first version, what is new without."""
    declaration = InterestDeclaration.objects.create(
        project=project,
        person=own.person,
        organisation=organisation,
        number=own.number + 1,
        kind=kind,
        reason=reason,
        made_by=actor,
        made_at=at,
    )
    for words in interests:
        first, words = (words[0], words[1:]) if len(words) > len(WORDS) else (None, words)
        Interest.objects.create(
            declaration=declaration, first_id=first, **dict(zip(WORDS, words, strict=True))
        )
    record(
        "interest.confirmed" if kind == Kind.SAME
        else "interest.absent" if kind == Kind.ABSENT
        else "interest.declared",
        declaration, actor=actor, at=at, project=project,
        organisation=organisation, number=declaration.number,
    )  # fmt: skip
    return declaration


# Deciding --------------------------------------------------------------------------------------------


def decides_alone(project: Project, interest: Interest, actor: Person, organisation: Organisation) -> bool:
    """Whether this person would decide about their own interest while a colleague could."""
    if interest.declaration.person_id != actor.pk:
        return False
    able = acting_people(project, verb="decide_interests", organisation=organisation)
    return any(one.person.pk != actor.pk for one in able)


@transaction.atomic
def decide_interest(
    interest: Interest,
    *,
    decided: str,
    decided_by: str,
    decided_on: dt.date,
    number: int,
    actor: Person,
    at: dt.datetime,
) -> InterestDecision:
    """Write down what was decided about an interest. The other partners agree to it; who writes it agrees by that.

    Arguments:
        decided_by: who decided, by name and role.
        decided_on: when, at the latest today as the project counts its days.
        number: the newest decision that the writer has read; 0 for none.

    Raises:
        CannotDecide: the day lies ahead, it is their own interest, or the project is over.
        DecidedMeanwhile: somebody else wrote one down.
        ActsForNobody: they act for no partner.
    """
    project, root, organisation = _lock_decision(interest, actor, at)
    if decided_on > local_day(at, project.zone):
        raise CannotDecide(_("The day of a decision can't lie ahead."))
    newest = root.decisions.order_by("-number").first()
    standing = newest.number if newest else 0
    if standing != number:
        said = (decided, decided_by, decided_on)
        if newest and (newest.decided, newest.decided_by, newest.decided_on) == said:
            return _agree(newest, project, organisation, actor, at)
        raise DecidedMeanwhile(_("Somebody wrote a decision down meanwhile. Read it, then save yours."))
    decision = InterestDecision.objects.create(
        interest=root,
        number=standing + 1,
        decided=decided,
        decided_by=decided_by,
        decided_on=decided_on,
        organisation=organisation,
        written_by=actor,
        written_at=at,
    )
    record(
        "interest.decided", decision, actor=actor, at=at, project=project, organisation=organisation,
        number=decision.number,
    )  # fmt: skip
    InterestDecisionAgreement.objects.create(
        decision=decision, organisation=organisation, person=actor, agreed_at=at
    )
    return decision


@transaction.atomic
def agree_decision(decision: InterestDecision, *, actor: Person, at: dt.datetime) -> InterestDecision:
    """Agree, for a partner, to what was decided. Agreeing twice changes nothing.

    Raises:
        DecidedMeanwhile: there is a newer decision.
        CannotDecide: it is their own interest, or the project is over.
        ActsForNobody
    """
    project, root, organisation = _lock_decision(decision.interest, actor, at)
    if root.decisions.filter(number__gt=decision.number).exists():
        raise DecidedMeanwhile(_("There is a newer decision. Read it first."))
    return _agree(decision, project, organisation, actor, at)


def _lock_decision(interest, actor, at):
    try:
        project = _locked(interest.declaration.project)
    except CannotDeclare as error:
        raise CannotDecide(str(error)) from None
    organisation = acting_organisation(project, actor, at)
    if decides_alone(project, interest, actor, organisation):
        raise CannotDecide(_("Nobody decides about their own interest. Ask a colleague."))
    return project, Interest.objects.get(pk=interest.root_id), organisation


def _agree(decision, project, organisation, actor, at):
    _agreement, created = InterestDecisionAgreement.objects.get_or_create(
        decision=decision, organisation=organisation, defaults={"person": actor, "agreed_at": at}
    )
    if created:
        record(
            "interest.decision_agreed", decision, actor=actor, at=at, project=project,
            organisation=organisation, number=decision.number,
        )  # fmt: skip
    return decision

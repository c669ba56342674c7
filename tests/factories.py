"""The smallest valid things, and one helper for each state that tests start from. Factories chain upwards."""

import datetime as dt
import itertools

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator

from accounts.models import Membership, Organisation, Person
from evaluations import sealing
from evaluations.models import Review
from partnerships.models import Participation, Project, ProjectPerson
from principles.models import Level, Principle, PrincipleSet, Question

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)  # a Monday, and a working day
DAY = dt.timedelta(days=1)

_numbers = itertools.count(1)


def make_person(name="", second_factor=None, **fields):
    """Somebody who has finished the welcome pages. Staff come with the second factor that they need."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@example.org")
    fields.setdefault("welcomed_at", NOON)
    person = Person.objects.create_user(name=name or f"Person {number}", **fields)
    if person.is_staff if second_factor is None else second_factor:
        add_second_factor(person)
    return person


def add_second_factor(person):
    """An authenticator app. Its secret is returned."""
    secret = "JBSWY3DPEHPK3PXP"
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": get_mfa_adapter().encrypt(secret)}
    )
    return secret


def make_organisation(kind="group", name="", **fields):
    number = next(_numbers)
    kinds = {"group": "Larkfield Group", "company": "Aldermoor Pharma", "agency": "Brightside Agency"}
    fields.setdefault("slug", f"organisation-{number}")
    fields.setdefault("country", "GB")
    return Organisation.objects.create(kind=kind, name=name or f"{kinds[kind]} {number}", **fields)


def member_of(organisation, role="lead", **fields):
    """A new person in this organisation."""
    person = make_person(**fields)
    join(person, organisation, role)
    return person


def join(person, organisation, role="lead"):
    return Membership.objects.create(person=person, organisation=organisation, role=role, joined_at=NOON)


def make_principles(edition="2026-11"):
    """A published edition: five principles of three questions with four levels each."""
    existing = PrincipleSet.objects.filter(edition=edition).first()
    if existing:
        return existing
    edition = PrincipleSet.objects.create(edition=edition, title="Five principles", published_at=NOON)
    names = [
        "Patients first",
        "Mutual expertise",
        "Clear processes",
        "Two-way dialogue",
        "Transparent collaboration",
    ]
    principles = Principle.objects.bulk_create(
        Principle(
            principle_set=edition,
            number=number,
            code=name.lower().replace(" ", "-"),
            name=name,
            question=f"Did we live up to {name.lower()}?",
            summary="What it means.",
            for_groups="What groups can do.",
            for_companies="What companies can do.",
            opening_question="What would you like to talk about first?",
        )
        for number, name in enumerate(names, start=1)
    )
    questions = Question.objects.bulk_create(
        Question(
            principle=principle,
            position=position,
            code=f"{principle.code}-{position}",
            short=f"{principle.name} {position}",
            text=f"Question {position} about {principle.name.lower()}?",
            pulse=position == 1,
        )
        for principle in principles
        for position in (1, 2, 3)
    )
    Level.objects.bulk_create(
        Level(question=question, value=value, label=label, text=f"It looked like {label.lower()}")
        for question in questions
        for value, label in enumerate(["No", "Partly", "Mostly", "Yes"], start=1)
    )
    return edition


def make_project(*, groups=1, companies=1, **fields):
    """A project in the workspace. `groups` and `companies`: how many partners, or the organisations."""
    fields.setdefault("title", f"Carer handbook {next(_numbers)}")
    fields.setdefault("stage_since", NOON)
    fields.setdefault("created_at", NOON)
    fields.setdefault("starts_on", dt.date(2026, 1, 12))
    fields.setdefault("ends_on", dt.date(2026, 11, 20))
    fields.setdefault("principle_set", make_principles())
    project = Project.objects.create(**fields)
    for side, wanted in (("group", groups), ("company", companies)):
        organisations = (
            [make_organisation(side) for _ in range(wanted)] if isinstance(wanted, int) else wanted
        )
        for organisation in organisations:
            add_partner(project, organisation, side)
    return project


def add_partner(project, organisation, side, **fields):
    return Participation.objects.create(
        project=project, organisation=organisation, side=side, joined_at=NOON, **fields
    )


def add_agency(project, acts_for):
    """A new agency on the project that works for this partner."""
    side = project.participations.get(organisation=acts_for).side
    agency = make_organisation("agency")
    add_partner(project, agency, side, role="agency", acts_for=acts_for)
    return agency


def partner_of(project, side):
    """The first partner organisation on a side."""
    partners = project.participations.filter(side=side, role="partner").select_related("organisation")
    return partners.order_by("pk").first().organisation


def person_on(project, side, role="lead", **fields):
    """A new person, named on the project, who acts for the first partner on this side."""
    organisation = partner_of(project, side)
    person = member_of(organisation, role, **fields)
    ProjectPerson.objects.create(project=project, person=person, acting_for=organisation, joined_at=NOON)
    return person


def signatory_on(project, side):
    """A Reader on this side who is named as a signatory, with the second factor that they need."""
    person = person_on(project, side, "reader", second_factor=True)
    person.memberships.update(may_sign=True)
    return person


def other_side(side):
    return {"group": "company", "company": "group"}[side]


def make_reviews(project):
    """An unsent review for each partner, as when the project enters Review."""
    for participation in project.participations.filter(role="partner").order_by("-side", "pk"):
        Review.objects.create(project=project, organisation=participation.organisation, created_at=NOON)


def review_of(project, side):
    """The review of the first partner on a side."""
    return project.reviews.get(organisation=partner_of(project, side))


def answer_all(review, *, level=3, comment="", again="yes", keep="", change=""):
    """Answer every question and the closing page, as a lead of the organisation."""
    person = member_of(review.organisation)
    asked = Question.objects.filter(principle__principle_set=review.project.principle_set_id)
    entries = [sealing.Entry(question.pk, level, comment) for question in asked]
    sealing.save_answers(review, entries, actor=person, at=NOON)
    entry = sealing.OverallEntry(again, keep, change)
    sealing.save_overall(review, entry, actor=person, at=NOON)


def make_sent(review, *, answers=True, at=NOON):
    """A review that is answered and sent; nothing opens."""
    if answers and not sealing.own_draft(review).answers:
        answer_all(review)
    Review.objects.filter(pk=review.pk).update(sent_at=at, sent_by=member_of(review.organisation), sends=1)
    review.refresh_from_db()


PLAN = {
    "why": {
        "need": "Carers find no help at night.",
        "told": "41 callers of our helpline.",
        "better": "Carers know whom to call.",
        "checked": "We ask 40 carers before and after.",
    },
    "what": {"activity_1": "Write the handbook", "activity_2": "Print 2,000 copies"},
    "brings": {
        "group_time": "Two days a month",
        "company_money": "12000.00",
        "company_currency": "GBP",
        "independence": "The group has the last word.",
    },
    "when": {"starts_on": "2027-01-11", "ends_on": "2027-06-25", "rhythm": "6"},
    "learnings": {"items": []},
}


def write_plan(project, actor, at=NOON, **parts):
    """Write all six parts of a plan that takes shape. `parts`: other values for some of them."""
    from partnerships.actions.plan import save_part

    partners = [
        {"id": row.organisation_id, "name": row.organisation.name, "side": row.side}
        for row in project.participations.partners().select_related("organisation")
    ]
    for code, values in ({"who": {"partners": partners, "invited": []}} | PLAN | parts).items():
        current = project.plan_parts.filter(code=code).order_by("-version").first()
        save_part(project, code, values=values, base=current.version if current else 0, actor=actor, at=at)


def agree_plan(project, actor, at=NOON):
    """Agree to everything that still needs this person's word."""
    from partnerships.actions.plan import agree_part
    from partnerships.plan import read_plan

    for part in read_plan(project).parts:
        agree_part(project, part.rule.code, version=part.version, actor=actor, at=at)

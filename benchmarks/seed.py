"""A large database in a minute: made by the server itself, row by row out of numbers. PostgreSQL only."""

import json

from django.db import connection
from django.utils import timezone

from accounts.models import Membership, Organisation, Person
from benchmarks.names import company_name, group_name
from evaluations.models import Review
from partnerships.models import Project
from principles.actions import load_principles
from principles.models import PrincipleSet

# At full size: as many organisations and projects as quality asks for, 15 answers to each review.
FULL = 100_000
LARGEST_COMPANY = 4_500
LEADS = {"company": "company-1", "group": "group-1"}
STAGES = [
    "shape",
    "agree",
    "contract",
    "deliver",
    "review",
    "learn",
    "completed",
    "completed",
    "completed",
    "completed",
]

PLAN = {
    "who": {},
    "why": {
        "need": "Carers look for advice in the first weeks after a diagnosis, and find leaflets for doctors.",
        "told": "Forty carers in two meetings in spring.",
        "better": "A carer finds the next step within five minutes.",
        "checked": "We ask 60 carers three months after the handbook is out.",
    },
    "what": {"activity_1": "Write the handbook with carers", "activity_2": "Test it in two towns"},
    "brings": {
        "group_time": "Two people, one day a week",
        "group_skills": "Knows what carers ask",
        "company_money": "12000.00",
        "company_currency": "GBP",
        "company_time": "One person, half a day a week",
        "independence": "The group decides what the handbook says.",
    },
    "when": {"starts_on": "2026-02-02", "ends_on": "2026-11-30", "rhythm": ""},
    "learnings": {},
}


def seed(projects: int) -> dict[str, Person]:
    """Fill an empty, migrated database.

    Arguments:
        projects: how many projects; everything else grows with it.

    Returns:
        `company` and `group`: a lead of the company with the most projects, and of one group.
    """
    load_principles(at=timezone.now())
    companies, groups = max(projects // 50, 20), max(projects // 12, 80)
    largest = projects * LARGEST_COMPANY // FULL
    numbers = {
        "projects": projects,
        "companies": companies,
        "groups": groups,
        "largest": largest,
        "edition": PrincipleSet.objects.get().pk,
        "stages": STAGES,
        "company_names": [company_name(n) for n in range(1, companies + 1)],
        "group_names": [group_name(n) for n in range(1, groups + 1)],
        "plan": json.dumps(PLAN),
        "now": timezone.now(),
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, numbers)
        cursor.execute("ANALYZE")
    for slug in LEADS.values():
        _lead(slug)
    return people()


def people() -> dict[str, Person]:
    """A lead of the company with the most projects, and of one group."""
    return {side: Person.objects.get(email=f"{slug}@bench.example") for side, slug in LEADS.items()}


def _lead(slug):
    organisation = Organisation.objects.get(slug=slug)
    person = Person.objects.create_user(f"{slug}@bench.example", name=slug, welcomed_at=timezone.now())
    Membership.objects.create(person=person, organisation=organisation, role="lead", joined_at=timezone.now())


def project_of(person: Person, stage: str) -> Project:
    """The first project of a lead in a stage."""
    return Project.objects.visible_to(person).filter(stage=stage).order_by("pk").first()


def review_of(person: Person, project: Project) -> Review:
    """The review of the lead's organisation on a project."""
    return Review.objects.visible_to(person).get(project=project)


STATEMENTS = [
    # Organisations: companies first, so that company n has the key n of its kind.
    """INSERT INTO accounts_organisation (kind, name, legal_name, registration_number, slug, country, time_zone,
           conditions, policies, reads_without_lawyer, listed, origin, created_at)
       SELECT kind, (CASE kind WHEN 'company' THEN %(company_names)s::text[] ELSE %(group_names)s::text[] END)[n], '', '', kind || '-' || n, 'GB', 'Europe/London', '', '{}', false, true, 'workspace', %(now)s
       FROM (SELECT 'company' AS kind, generate_series(1, %(companies)s) AS n
             UNION ALL SELECT 'group', generate_series(1, %(groups)s)) AS rows""",
    """CREATE TEMPORARY TABLE seeded AS
       SELECT n,
              translate(lpad(to_hex(n), 8, '0'), '0123456789abcdef', '23456789bcdfghjk') AS reference,
              (%(stages)s::text[])[1 + n %% 10] AS stage,
              'company-' || CASE WHEN n <= %(largest)s THEN 1 ELSE 2 + n %% (%(companies)s - 1) END AS company,
              'group-' || 1 + n %% %(groups)s AS "group"
       FROM generate_series(1, %(projects)s) AS n""",
    """INSERT INTO partnerships_project (reference, title, stage, stage_since, origin, principle_set_id, starts_on, ends_on,
           time_zone, created_at, result, result_how, closed_one_sided, withdraw_reason, withdraw_note, review_due_on,
           reviews_opened_at)
       SELECT reference, 'Handbook for carers ' || n, stage, %(now)s, 'workspace', %(edition)s,
              %(today)s::date - 300 - n %% 90, %(today)s::date - 40 + n %% 60, 'Europe/London', %(now)s::timestamptz - n * interval '1 minute',
              CASE stage WHEN 'completed' THEN 'reached' ELSE '' END, '', false, '', '',
              CASE WHEN stage IN ('review', 'learn', 'completed') THEN %(today)s::date + n %% 20 END,
              CASE WHEN stage IN ('learn', 'completed') THEN %(now)s::timestamptz END
       FROM seeded""",
    """CREATE TEMPORARY TABLE placed AS
       SELECT project.id AS project_id, seeded.stage, organisation.id AS organisation_id, organisation.kind AS side, seeded.n
       FROM seeded JOIN partnerships_project AS project USING (reference)
       JOIN accounts_organisation AS organisation ON organisation.slug IN (seeded.company, seeded."group")""",
    """INSERT INTO partnerships_participation (project_id, organisation_id, side, role, joined_at)
       SELECT project_id, organisation_id, side, 'partner', %(now)s FROM placed""",
    """INSERT INTO partnerships_turn (project_id, organisation_id, kind, ref, since, due_on)
       SELECT project_id, organisation_id,
              CASE stage WHEN 'contract' THEN 'contract' WHEN 'review' THEN 'review' WHEN 'learn' THEN 'conclusion' ELSE 'plan' END,
              '', %(now)s::timestamptz - n %% 30 * interval '1 day', %(today)s::date + n %% 20
       FROM placed
       WHERE stage IN ('agree', 'contract', 'review', 'learn') AND (n / 10 %% 2 = 0) = (side = 'group')""",
    """INSERT INTO evaluations_review (project_id, organisation_id, created_at, language, sent_at, sends, opened_at,
           answered_after_seeing, shown_to_readers)
       SELECT project_id, organisation_id, %(now)s, 'en-gb',
              CASE WHEN stage <> 'review' THEN %(now)s::timestamptz END, CASE WHEN stage <> 'review' THEN 1 ELSE 0 END, NULL,
              false, false
       FROM placed""",
    # Three people in each organisation.
    """INSERT INTO accounts_person (password, is_superuser, email, name, called, phone, needs, needs_shared, language, time_zone,
           theme, is_staff, is_active, joined_at, welcomed_at)
       SELECT '!', false, 'person-' || n || '@' || slug || '.example', 'Sam Carter ' || n, '', '020 7946 0018', '', false, 'en-gb',
              'Europe/London', 'system', false, true, %(now)s, %(now)s
       FROM accounts_organisation CROSS JOIN generate_series(1, 3) AS n""",
    """INSERT INTO accounts_membership (person_id, organisation_id, role, may_sign, joined_at)
       SELECT person.id, organisation.id, 'lead', false, %(now)s
       FROM accounts_person AS person
       JOIN accounts_organisation AS organisation ON split_part(person.email, '@', 2) = organisation.slug || '.example'""",
    """CREATE TEMPORARY TABLE writers AS
       SELECT organisation_id, min(person_id) AS id FROM accounts_membership GROUP BY organisation_id""",
    """INSERT INTO partnerships_planpart (project_id, code, version, "values", written_by_id, organisation_id, written_at, complete, agreed_at)
       SELECT project_id, code, 1, part, person.id, organisation_id, %(now)s, true,
              CASE WHEN stage NOT IN ('shape', 'agree') THEN %(now)s::timestamptz END
       FROM placed CROSS JOIN jsonb_each(%(plan)s::jsonb) AS parts (code, part)
       JOIN writers AS person USING (organisation_id)
       WHERE side = 'group'""",
    """INSERT INTO accounts_event (at, actor_id, verb, subject, project, organisation_id, detail)
       SELECT %(now)s::timestamptz - hours * interval '1 hour', person.id, verb, 'partnerships.project:' || project_id, reference,
              organisation_id, '{}'::jsonb
       FROM placed JOIN seeded USING (n)
       CROSS JOIN (VALUES ('project.started', 8), ('project.partner_joined', 6), ('plan.sent', 4), ('plan.agreed', 2)) AS told (verb, hours)
       JOIN writers AS person USING (organisation_id)
       WHERE side = 'group'""",
    # Sealed while they are written, as in life: the triggers refuse answers to a review that is open.
    """INSERT INTO evaluations_answer (review_id, question_id, level, outside, comment, revision, saved_by_id, saved_at, page)
       SELECT review.id, question.id, 1 + (review.id + question.id) %% 4, '',
              CASE WHEN question.position = 1 THEN 'What helped was an early list of steps, dates and papers.' ELSE '' END,
              1, person.id, %(now)s, ''
       FROM evaluations_review AS review CROSS JOIN principles_question AS question
       JOIN writers AS person USING (organisation_id)""",
    """INSERT INTO evaluations_overall (review_id, again, keep, change, revision, saved_by_id, saved_at, page)
       SELECT review.id, 'yes', 'Short meetings.', 'Papers earlier.', 1, person.id, %(now)s, ''
       FROM evaluations_review AS review JOIN writers AS person USING (organisation_id)""",
    """INSERT INTO evaluations_principlevalue (review_id, principle_id, total, answered, dont_know, not_here)
       SELECT review.id, principle.id, 3 + (review.id + principle.id) %% 10, 3, 0, 0
       FROM evaluations_review AS review JOIN partnerships_project AS project ON project.id = review.project_id
       CROSS JOIN principles_principle AS principle
       WHERE project.stage IN ('learn', 'completed')""",
    # What was learned: a conclusion of three parts and a promise for each project that is over.
    """INSERT INTO evaluations_conclusion (project_id, started_at, started_by_id, touched_at, revision, signed_at)
       SELECT project_id, %(now)s, organisation_id, %(now)s, 1, %(now)s::timestamptz - n * interval '1 minute'
       FROM placed WHERE stage = 'completed' AND side = 'group'""",
    """INSERT INTO evaluations_conclusionpart (conclusion_id, code, text, drafted, disagreed, public)
       SELECT conclusion.id, code, 'We met the carers early, and put the dates into one list from the first day on.', false, false, false
       FROM evaluations_conclusion AS conclusion CROSS JOIN (VALUES ('well'), ('hard'), ('different')) AS parts (code)""",
    """INSERT INTO evaluations_promise (project_id, conclusion_id, position, what, owner_id, organisation_id, due_on, principle_id, state, settled_how)
       SELECT placed.project_id, conclusion.id, 1, 'Papers reach the carers a week before', person.id, organisation_id, %(today)s::date + 60,
              (SELECT min(id) FROM principles_principle), 'open', ''
       FROM placed JOIN evaluations_conclusion AS conclusion ON conclusion.project_id = placed.project_id
       JOIN writers AS person USING (organisation_id)
       WHERE side = 'group'""",
    """UPDATE evaluations_review SET opened_at = %(now)s
       FROM partnerships_project AS project
       WHERE project.id = project_id AND project.stage IN ('learn', 'completed')""",
]

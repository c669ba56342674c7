"""What stands in an address: for each kind of arguments, what makes them from a World.

What a function makes has a twin in tests/access/others.py.
"""

from django.conf import settings
from django.utils import timezone

from accounts.actions import (
    invite_new_organisation,
    pass_on_invitation,
    request_to_join,
    switch_on_calendar,
)
from accounts.files import PDF, PNG
from accounts.models import JobRun, KeptPost, Organisation, SavedView, Snooze
from evaluations.actions import asking
from evaluations.actions.calls import suggest_call
from evaluations.actions.check_ins import add_check_in
from evaluations.actions.pen import take_pen
from evaluations.models import Conclusion, LateChoice
from partnerships.actions.contract import answer_checklist, comment_on_row, give_contract, write_rows
from partnerships.actions.interests import add_interest, decide_interest
from partnerships.actions.time import ask_for_time
from partnerships.actions.turns import give_turn
from partnerships.checklist import Said
from partnerships.models import Interest, PlanPart, PlanSuggestion, Turn
from tests import files
from tests.access.audience import OK, SIGN_IN, _audience
from tests.evaluations import opened
from tests.factories import DAY, NOON, make_person, other_side, partner_of, review_of
from tests.partnerships import funding
from tests.partnerships.contracts import (
    WORDS,
    amended_by,
    begun,
    checked,
    complete,
    made_ready,
    sign,
    signed_by_all,
)
from tests.partnerships.permits import an_item, asked, given
from tests.partnerships.talking import answered as talk_answered
from tests.partnerships.talking import said
from tests.partnerships.work import described
from tests.walk import (
    WRITERS,
)


def project(world):
    return {"reference": world.project.reference}


def project_of_others(world):
    return {"reference": world.other.reference}


def a_principle(world):
    return {"code": world.project.principle_set.principles.first().code}


def a_task(world):
    """A task of both partners: for everybody else there is no such task."""
    for side in ("group", "company"):
        give_turn(
            world.project, world.organisation(side), Turn.Kind.PLAN, at=NOON, due_on=world.today + 9 * DAY
        )
    return {"key": f"plan:{world.project.reference}"}


def a_turn_of_theirs(world):
    """It is the company's turn: the group may ask how it goes."""
    turn = give_turn(world.project, world.organisation("company"), Turn.Kind.PLAN, at=NOON)
    return {"pk": turn.pk}


def a_snoozed_task(world):
    arguments = a_task(world)
    for who in WRITERS:
        Snooze.objects.create(person=world.person(who), task_key=arguments["key"], until=world.today + DAY)
    return arguments


def a_saved_view(world, side="group"):
    """A view that one person saved: shared or not, only they remove it."""
    return view_of(world.person(f"{side} lead"))


def view_of(person):
    return {"pk": SavedView.objects.create(person=person, page="projects", name="Mine").pk}


def a_partner(world, side="group"):
    """A partner of the project: everybody on the project knows it, nobody else does while it is not listed."""
    return {"slug": world.organisation(side).slug}


def a_wish_for_time(world, side="group"):
    """A wish of one side: the other answers."""
    return wish_of(world.project, side, world.person(f"{side} lead"), world)


def a_choice(world):
    """The company wishes to withdraw the project: the group says no, or the company takes it back."""
    return choice_of(world.project, world.person("company lead"))


def choice_of(project, person):
    asking.choose(review_of(project, "company"), LateChoice.Kind.WITHDRAW, actor=person, at=NOON)
    return {"reference": project.reference, "pk": project.late_choices.get().pk}


def what_is_asked(world):
    a_choice(world)
    return project(world)


def wish_of(project, side, person, world):
    turn = give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON, due_on=world.today)
    wish = ask_for_time(turn, due_on=world.today + 7 * DAY, actor=person, at=timezone.now())
    return {"reference": project.reference, "pk": wish.pk}


def a_kept_form(world, side="group"):
    """A form that one person sent when their session had ended."""
    return form_of(world.person(f"{side} lead"))


def form_of(person):
    post = KeptPost.objects.create(
        person=person,
        path="/",
        fields=[["a", "b"]],
        created_at=timezone.now(),
        expires_at=timezone.now() + DAY,
    )
    return {"pk": post.pk}


def jobs_that_ran(world):
    now = timezone.now()
    for name in settings.CELERY_BEAT_SCHEDULE:
        JobRun.objects.create(name=name, started_at=now, finished_at=now)
    return {}


def a_check_in(world, side="group"):
    """One that either side added: both read it, and each answers for itself."""
    return check_in_of(world.project, world.person(f"{side} lead"))


def check_in_of(project, person):
    return {"reference": project.reference, "number": add_check_in(project, actor=person, at=NOON).number}


def a_call(world, side="group"):
    """Suggested by one side: the other chooses, and both read it."""
    return call_of(world.project, world.person(f"{side} lead"))


def call_of(project, person):
    at = timezone.now()
    call = suggest_call(project, times=[at + number * DAY for number in (1, 2, 3)], actor=person, at=at)
    return {"reference": project.reference, "pk": call.pk}


def calendars_of_everybody(world):
    """Each has a calendar feed that shows everything; which one is theirs is told by who asks."""
    shown = {"tasks": True, "dates": True, "organisation": True}
    for person in filter(None, world.people.values()):
        switch_on_calendar(person, shown=shown, at=timezone.now())
    return {}


def a_page_of_the_review(world):
    return project(world) | {"number": 1}


def who_is_missing(world):
    return project(world) | {"slug": world.project.reviews.missing().get().organisation.slug}


def our_organisation(world, side="group"):
    """A partner of the project, as one's own organisation: those of the other side have no such page."""
    return {"slug": world.organisation(side).slug}


def a_member_of_ours(world, side="group"):
    return our_organisation(world, side) | {"pk": world.membership(f"{side} lead").pk}


def somebody_who_asks_to_join_us(world, side="group"):
    return who_asks_to_join(world.organisation(side))


def who_asks_to_join(organisation):
    asked = request_to_join(organisation, actor=make_person(), at=NOON)
    return {"slug": organisation.slug, "pk": asked.pk}


def an_invitation_to(world, email, side="company"):
    return invitation_from(world.organisation(side), world.person(f"{side} lead"), email)


def invitation_from(organisation, person, email):
    kind = other_side(organisation.kind)
    return invite_new_organisation(
        kind, "Northfield", email, actor=person, at=timezone.now(), on_behalf_of=organisation
    )


def an_invitation_to_a_lead(world, side="group"):
    return {"pk": an_invitation_to(world, world.person(f"{side} lead").email, other_side(side)).pk}


def an_invitation_of_ours(world, side="group"):
    return {"pk": an_invitation_to(world, "may@example.org", side).pk}


def a_passed_on_invitation_of_ours(world, side="group"):
    return passed_on(an_invitation_to(world, "may@example.org", side))


def passed_on(invitation):
    return {"pk": pass_on_invitation(invitation, "june@example.org", at=timezone.now()).pk}


def no_token(world):
    return {"token": "unknown"}


def a_passkey(world):
    """One's own; most people here have none."""
    return {"pk": 0}


# Who started a contract drops it, and nobody else.
NOT_WHO_STARTED_IT = dict.fromkeys(("company lead", "company owner"), 403)


def a_contract(world):
    """A complete contract that the group started: either side may do everything with it, but drop it."""
    complete(world.project, world.person("group lead"))
    return project(world) | {"number": 1}


def a_contract_with_a_colleague(world):
    """The Lead of the group, who started it, says that they have it themselves."""
    arguments, lead = a_contract(world), world.person("group lead")
    give_contract(world.project.contracts.get(), lead, word="I read it.", actor=lead, at=NOON)
    return arguments


def rows_to_confirm(world):
    """A contract in plain words by the company: the group may confirm each row."""
    write_rows(
        begun(world.project, world.person("company lead")),
        texts=WORDS,
        actor=world.person("company lead"),
        at=NOON,
    )
    return project(world) | {"number": 1}


def a_row_to_ask_about(world):
    return rows_to_confirm(world) | {"code": "cost"}


def a_question_about_a_contract(world, side="group"):
    """What the Lead of one side asked about what the company wrote; or about an item of the checklist."""
    arguments = rows_to_confirm(world)
    return arguments | {"pk": question_about(world.project.contracts.get(), world.person(f"{side} lead")).pk}


def question_about(contract, person):
    said = {"amount": Said("unclear", "Which amount is it?")}
    answer_checklist(contract, said=said, actor=person, at=NOON)
    return contract.questions.get()


def a_comment_on_a_row(world, side="group"):
    """What the Lead of one side remarked on a row."""
    arguments = a_contract(world)
    comment = comment_on(world.project.contracts.get(), world.person(f"{side} lead"))
    return arguments | {"pk": comment.pk}


def comment_on(contract, person):
    return comment_on_row(contract, "cost", words="Last year it was less.", actor=person, at=timezone.now())


def a_contract_signed_by_all(world):
    """Signed on the page by both sides."""
    arguments = a_contract(world)
    signed_by_all(world.project.contracts.get(), world.person("group lead"), world.person("company lead"))
    return arguments


def an_amendment(world):
    """What changes a row of a contract that all have signed: it lacks nothing but signatures."""
    a_contract_signed_by_all(world)
    return amendment_of(world.project.contracts.get(), world.person("group lead"))


def amendment_of(contract, person, title="Six more months", **texts):
    texts = texts or {"why": "For carers, too."}
    amendment = made_ready(amended_by(contract, person, title=title, **texts), person)
    return {"reference": contract.project.reference, "number": amendment.number}


def an_outdated_amendment(world):
    """Another one was signed meanwhile, and changed another row."""
    arguments = an_amendment(world)
    base, people = (
        world.project.contracts.get(number=1),
        [world.person(f"{one} lead") for one in ("group", "company")],
    )
    other = amendment_of(base, people[1], title="Dearer paper", cost="Twice as much.")
    signed_by_all(world.project.contracts.get(number=other["number"]), *people)
    return arguments


def a_part_of_the_checklist(world):
    """A part that nobody has answered yet."""
    return a_contract(world) | {"code": "fairness"}


def a_file_of_a_contract(world):
    return a_contract(world) | {"version": 1}


def a_signed_copy(world):
    arguments = a_contract(world)
    scan = checked(files.png(), "signed.png", kinds=(PDF, PNG))
    signature = sign(world.project.contracts.get(), world.person("company lead"), scan=scan)
    return arguments | {"pk": signature.pk}


INTEREST = {"what": "Paid for a talk in 2024.", "with_whom": "Kestrel Biosciences", "since": "2024"}


def an_interest(world, side="group"):
    """What the Lead of one side declared: they alone say it otherwise."""
    return interest_of(world.project, world.person(f"{side} lead"))


def an_interest_of_a_reader(world, side="group"):
    """What somebody declared who decides about nothing."""
    return interest_of(world.project, world.person(f"{side} reader"))


def interest_of(project, person, **words):
    declaration = add_interest(project, **INTEREST | words, actor=person, at=NOON)
    interest = declaration.interests.last()
    return {"reference": project.reference, "pk": interest.pk}


def a_decision_about_an_interest(world, side="group"):
    """What the other side wrote down about it."""
    interest = Interest.objects.get(pk=an_interest_of_a_reader(world, side)["pk"])
    return decision_of(interest, world.person(f"{other_side(side)} lead"))


def decision_of(interest, person, **values):
    values = {
        "decided": "Takes no part in choosing the printer.",
        "decided_by": "Ada Moor, compliance",
        "decided_on": NOON.date(),
        "number": 0,
    } | values
    decision = decide_interest(interest, **values, actor=person, at=timezone.now())
    return {"reference": interest.declaration.project.reference, "pk": decision.pk}


def a_colleague_of_ours(world, side="group"):
    return project(world) | {"pk": world.person(f"{side} reader").pk}


# Whose name or logo it is answers, and not who asked.
NOT_WHO_ASKED = dict.fromkeys(("company lead", "company owner"), 403)


def a_permission(world, side="group"):
    """The other side asks for the logo of this one."""
    return permission_of(asked(world.project, world.person(f"{other_side(side)} lead"), upload=an_item()))


def a_given_permission(world, side="group"):
    """The other side asked, and this one said yes."""
    asking, answering = world.person(f"{other_side(side)} lead"), world.person(f"{side} lead")
    return permission_of(given(world.project, asking, answering, upload=an_item()))


def a_permission_that_ends_today(world, side="group"):
    """Any day from tomorrow on is a later one."""
    asking, answering = world.person(f"{other_side(side)} lead"), world.person(f"{side} lead")
    return permission_of(given(world.project, asking, answering, until=world.today))


def permission_of(permission):
    return {"reference": permission.project.reference, "pk": permission.pk}


# Whoever wrote something in Talk changes it, and no colleague.
NOT_WHO_SAID_IT = dict.fromkeys(("group owner", "company lead", "company owner"), 403)


def a_kind_of_entry(world):
    return project(world) | {"code": "question"}


def a_question_in_talk(world, side="group"):
    """The other side asks this one."""
    return entry_of(said(world.project, world.person(f"{other_side(side)} lead"), at=timezone.now()))


def a_file_in_talk(world, side="group"):
    asking = world.person(f"{other_side(side)} lead")
    entry = said(world.project, asking, uploads=[an_item()], at=timezone.now())
    return entry_of(entry) | {"file": entry.files.get().pk}


def a_note_of_ours(world, side="group"):
    return entry_of(said(world.project, world.person(f"{side} lead"), "note", at=timezone.now()))


def an_answer_of_ours(world, side="group"):
    entry = said(world.project, world.person(f"{other_side(side)} lead"), at=timezone.now())
    answer = talk_answered(entry, world.person(f"{side} lead"), at=timezone.now())
    return entry_of(entry) | {"answer": answer.pk}


def a_concern_of_ours(world, side="group"):
    """It names the Leads of both sides, and nobody else."""
    return entry_of(said(world.project, world.person(f"{side} lead"), "concern", at=timezone.now()))


def entry_of(entry):
    return {"reference": entry.project.reference, "pk": entry.pk}


# The partner that an agency works for says what it does.
NOT_WHOM_IT_WORKS_FOR = NOT_WHO_ASKED


def an_agency_of_ours(world, side="group"):
    agency = world.membership(f"{side} agency").organisation
    return project(world) | {"slug": agency.slug}


NOT_THEIR_COLLEAGUES = {"company lead": 404, "company owner": 404}


def who_says_how_they_work(world, side="group"):
    """A partner that has published how it works, with a template."""
    described(world.organisation(side), world.person(f"{side} lead"))
    return {"slug": world.organisation(side).slug}


def how_we_work_of_ours(world, side="group"):
    """The same, as one's own organisation."""
    return who_says_how_they_work(world, side)


def a_version_of_theirs(world, side="group"):
    return who_says_how_they_work(world, side) | {"number": 1}


def a_template_of_theirs(world, side="group"):
    return a_version_of_theirs(world, side) | {"paper": 1}


def a_paper_of_ours(world, side="group"):
    return how_we_work_of_ours(world, side) | {"paper": 1}


def a_part_of_ours(world, side="group"):
    return how_we_work_of_ours(world, side) | {"code": "steps"}


# Leads and Owners write for their organisation; its Readers are refused.
OUR_WRITERS = ("group lead", "group owner", "both sides")


OUR_READERS_MAY_NOT = dict.fromkeys(("group reader", "group signatory"), 403)


# Asking is for Leads and Owners of another organisation, and never for agencies.
ASK = _audience(anonymous=SIGN_IN, outsiders=404, readers=403, writers=403, agencies=403, both=OK)


ASKERS = dict.fromkeys(("company lead", "company owner"), OK)


def a_draft_of_ours(world, side="group"):
    """A request for funding, or a proposal, that one side has written and not sent."""
    return request_from(world.project, side, world.person(f"{side} lead"), is_sent=False)


def a_part_of_a_draft_of_ours(world, side="group"):
    return a_draft_of_ours(world, side) | {"code": "why"}


def a_request_of_ours(world, side="group"):
    """The same, sent to the other side."""
    return request_from(world.project, side, world.person(f"{side} lead"))


def a_request_to_us(world, side="group"):
    """What the other side has sent to this one."""
    return a_request_of_ours(world, other_side(side))


def a_group_whose_bank_details_nobody_checked(world):
    Organisation.objects.filter(pk=world.organisation().pk).update(legal_name="Larkfield CIO")
    return a_request_of_ours(world)


def request_from(project, side, person, *, is_sent=True):
    write = funding.sent if is_sent else funding.drafted
    sender, receiver = partner_of(project, side), partner_of(project, other_side(side))
    return {"reference": write(sender, person, receiver, when=funding.ahead()).reference}


# Whoever belongs to both sides reads, and answers for neither.
BOTH_READ, BOTH_MAY_NOT = {"both sides": OK}, {"both sides": 403}
NOT_WHO_WROTE = BOTH_MAY_NOT | dict.fromkeys(("company lead", "company owner"), 403)
ONLY_WHO_PAYS = BOTH_MAY_NOT | dict.fromkeys(("group lead", "group owner"), 403)
OUR_DRAFTS = dict.fromkeys(("group reader", "group signatory", "both sides"), 403)


def a_question(world):
    return project(world) | {"number": 3, "position": 2}


def a_principle_of_results(world):
    return project(world) | {"number": 3}


def a_part_of_the_conclusion(world):
    return project(world) | {"code": "different"}


def a_pen_that_lies(world, side="group"):
    """The other side has held the pen for a month and done nothing with it."""
    return pen_of(world.project, other_side(side))


def pen_of(project, side):
    pen = partner_of(project, side)
    Conclusion.objects.filter(project=project).update(pen=pen, touched_at=NOON - 30 * DAY)
    return {"reference": project.reference}


def a_pen_that_was_taken(world, side="group"):
    """The other side took it, from words that this side had not sent."""
    return words_kept_for(world.project, side, world.person(f"{other_side(side)} lead"))


def words_kept_for(project, side, taker):
    pen_of(project, side)
    project.conclusion.parts.filter(code="well").update(text="Not sent yet.", drafted=False)
    take_pen(project.conclusion, actor=taker, at=NOON)
    return {"reference": project.reference}


def a_promise(world, side="group"):
    """A promise of one side. The scene has one of the group; the company's is made beside it."""
    promise = opened.promise_of(world)
    if side == "company":
        owner = world.person("company lead")
        promise.pk, promise.position = None, 2
        promise.organisation, promise.owner = world.organisation(side), owner
        promise.save()
    return project(world) | {"pk": promise.pk}


NOBODY_OF_THE_OTHER_SIDE = {f"company {who}": 404 for who in ("reader", "signatory", "lead", "owner")}


def a_part(world):
    return project(world) | {"code": "why"}


def a_suggestion(world, side="group"):
    """Other words for a part of the plan, suggested by one side."""
    return suggestion_of(world.project, side, world.person(f"{side} lead"))


def suggestion_of(project, side, person):
    organisation = partner_of(project, side)
    part = PlanPart.objects.create(
        project=project,
        code="what",
        values={"activity_1": "Write"},
        written_by=person,
        organisation=organisation,
        written_at=NOON,
        complete=True,
    )
    suggestion = PlanSuggestion.objects.create(
        part=part,
        organisation=organisation,
        person=person,
        values={"activity_1": "Print"},
        made_at=NOON,
    )
    return {"reference": project.reference, "pk": suggestion.pk}

"""The access table: every address × everybody. An address without a row turns this file red.

How to add a row: name of the address → `Page(audience, ...)`. The audience says who gets what; deviations go into
`but`. Group and company stand in the same audience, so a row cannot favour a side. `scene` is the state of the project
(tests/walk.py), `args` makes the address' arguments from a World, `data` what is posted, `ok` what success answers,
`gone` what is answered to somebody who may when the key stands for nothing, or for something of others.

Where `args` takes a `side`, the row is asked twice, with the sides exchanged in what is built and in what is expected.
What `args` makes has a twin in OF_OTHERS: the same of somebody else, which nobody here may reach. Where there is no
such thing, NOBODYS says why.
"""

import inspect
import re
from dataclasses import dataclass, field, replace

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import invite_new_organisation, pass_on_invitation, request_to_join
from accounts.files import PDF, PNG
from accounts.models import JobRun, KeptPost, SavedView, Snooze
from evaluations.actions.pen import take_pen
from evaluations.models import Conclusion, LateChoice
from partnerships.actions.contract import add_version
from partnerships.actions.time import ask_for_time
from partnerships.actions.turns import give_turn
from partnerships.models import PlanPart, PlanSuggestion, Turn
from tests import files
from tests.evaluations import opened
from tests.factories import DAY, NOON, make_person, other_side, partner_of
from tests.partnerships.contracts import checked, complete, sign
from tests.partnerships.work import described
from tests.walk import (
    AGENCIES,
    DISABLED,
    EVERYBODY,
    OUTSIDERS,
    READERS,
    SIGNATORIES,
    WRITERS,
    World,
    named_urls,
)

pytestmark = pytest.mark.django_db

# With three worlds for each address the whole table takes minutes: these questions are asked on PostgreSQL only.
FULL = pytest.mark.services

OK, SIGN_IN = "ok", 302
STRANGERS = ["anonymous", *DISABLED]


def _audience(**answers):
    groups = {"outsiders": OUTSIDERS, "readers": READERS, "writers": WRITERS, "agencies": AGENCIES}
    table = dict.fromkeys(STRANGERS, answers["anonymous"]) | {"both sides": answers["both"]}
    for name, people in groups.items():
        table |= dict.fromkeys(people, answers[name])
    return table


# Anybody at all.
PUBLIC = _audience(anonymous=OK, outsiders=OK, readers=OK, writers=OK, agencies=OK, both=OK)
# Whoever is signed in; the page shows each their own.
SIGNED_IN = _audience(anonymous=SIGN_IN, outsiders=OK, readers=OK, writers=OK, agencies=OK, both=OK)
# Everybody on the project may look.
ON_PROJECT = _audience(anonymous=SIGN_IN, outsiders=404, readers=OK, writers=OK, agencies=OK, both=OK)
# Members of the partners, acting for one of them.
PARTNERS = _audience(anonymous=SIGN_IN, outsiders=404, readers=OK, writers=OK, agencies=404, both=404)
# Leads and Owners of the partners; others on the project are refused.
WRITE = _audience(anonymous=SIGN_IN, outsiders=404, readers=403, writers=OK, agencies=403, both=403)
# The same where agencies, and those who act for nobody, must not know that the page exists.
WRITE_SEALED = _audience(anonymous=SIGN_IN, outsiders=404, readers=404, writers=OK, agencies=404, both=404)


# Leads and Owners of the partners; their Readers are refused, and nobody else must know that the page exists.
PARTNERS_WRITE = _audience(anonymous=SIGN_IN, outsiders=404, readers=403, writers=OK, agencies=404, both=404)
# The same, and signatories among the Readers.
PARTNERS_SIGN = PARTNERS_WRITE | dict.fromkeys(SIGNATORIES, OK)


@dataclass(frozen=True)
class Page:
    audience: dict
    method: str = "get"
    scene: str = "shape"
    args: object = None
    data: object = None
    ok: tuple = (200,)
    gone: int = 404
    but: dict = field(default_factory=dict)

    def expected(self, side="group"):
        """Who gets what. Rows are written for what the group has; for the company's, everybody changes sides."""
        table = self.audience | self.but
        return table if side == "group" else {across(who): answer for who, answer in table.items()}

    @property
    def sides(self):
        sided = self.args and "side" in inspect.signature(self.args).parameters
        return ["group", "company"] if sided else [""]

    def arguments(self, world, side=""):
        if not self.args:
            return {}
        return self.args(world, side=side) if side else self.args(world)


def across(who):
    """Whoever stands in the same place on the other side."""
    return " ".join({"group": "company", "company": "group"}.get(word, word) for word in who.split())


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
    choice = LateChoice.objects.create(
        project=project,
        organisation=partner_of(project, "company"),
        kind=LateChoice.Kind.WITHDRAW,
        person=person,
        chosen_at=NOON,
    )
    return {"reference": project.reference, "pk": choice.pk}


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


def a_page_of_the_review(world):
    return project(world) | {"number": 1}


def who_is_missing(world):
    return project(world) | {"slug": world.project.reviews.missing().get().organisation.slug}


def only(*names):
    """Signed in, and one of these; for everybody else there is no such thing."""
    everybody = dict.fromkeys([*OUTSIDERS, *READERS, *WRITERS, *AGENCIES, "both sides"], 404)
    return dict.fromkeys(STRANGERS, SIGN_IN) | everybody | dict.fromkeys(names, OK)


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


OUR_MEMBERS = ("group reader", "group signatory", "group lead", "group owner", "both sides")
OUR_COLLEAGUES_MAY_NOT = dict.fromkeys(("group reader", "group signatory", "group lead", "both sides"), 403)
WHO_INVITED = ("group lead", "group owner")


# Who started a contract drops it, and nobody else.
NOT_WHO_STARTED_IT = dict.fromkeys(("company lead", "company owner"), 403)


def a_contract(world):
    """A complete contract that the group started: either side may do everything with it, but drop it."""
    complete(world.project, world.person("group lead"))
    return project(world) | {"number": 1}


def a_file_of_a_contract(world):
    return a_contract(world) | {"version": 1}


def a_signed_copy(world):
    arguments = a_contract(world)
    scan = checked(files.png(), "signed.png", kinds=(PDF, PNG))
    signature = sign(world.project.contracts.get(), world.person("company lead"), scan=scan)
    return arguments | {"pk": signature.pk}


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

# A wish is answered by the side that did not ask.
NOT_THE_ASKING_SIDE = {"group lead": 404, "group owner": 404}


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


# A promise is settled by the organisation that gave it.
NOT_THE_OTHER_SIDE = {"company lead": 403, "company owner": 403}


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


PAGES: dict[str, Page] = {
    # Pages that draw on everything
    "portal:home": Page(PUBLIC),
    "portal:accessibility": Page(PUBLIC),
    "portal:privacy": Page(PUBLIC),
    "portal:health": Page(PUBLIC, args=jobs_that_ran),
    "portal:task_later": Page(WRITE_SEALED, args=a_task),
    "portal:task_wake": Page(WRITE_SEALED, method="post", args=a_snoozed_task, ok=(302,)),
    # Signing in
    "accounts:sign_in": Page(PUBLIC, ok=(200, 302)),
    "accounts:sign_in_sent": Page(PUBLIC, ok=(302,)),
    "accounts:sign_in_link": Page(PUBLIC, args=no_token, ok=(404,)),
    "account_login": Page(PUBLIC, ok=(200, 302)),
    "mfa_login_webauthn": Page(PUBLIC, ok=(302,)),
    "mfa_authenticate": Page(PUBLIC, ok=(302,)),
    "account_inactive": Page(PUBLIC),
    "account_logout": Page(PUBLIC, ok=(200, 302)),
    "accounts:kept_list": Page(SIGNED_IN, ok=(302,)),
    "accounts:kept_drop": Page(only("group lead"), method="post", args=a_kept_form, ok=(302,)),
    # Invitations. What a token opens is shown in tests/accounts/test_invitations.py.
    "accounts:invitation": Page(PUBLIC, args=no_token, ok=(404,)),
    "accounts:invitation_accept": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_decline": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_pass_on": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_switch": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_again": Page(PUBLIC, method="post", args=no_token, ok=(200, 429)),
    "accounts:invitation_open": Page(only("group lead"), args=an_invitation_to_a_lead),
    # Whoever belongs to an organisation says first for whom they accept: an empty form is asked again.
    "accounts:invitation_join": Page(
        only("group lead"), method="post", args=an_invitation_to_a_lead, ok=(422,)
    ),
    "accounts:invitation_settle": Page(only(*WHO_INVITED), args=an_invitation_of_ours),
    "accounts:invitation_confirm": Page(
        only(*WHO_INVITED), method="post", args=a_passed_on_invitation_of_ours, ok=(302,)
    ),
    "accounts:invitation_resend": Page(
        only(*WHO_INVITED), method="post", args=an_invitation_of_ours, ok=(302,)
    ),
    "accounts:invitation_withdraw": Page(
        only(*WHO_INVITED), method="post", args=an_invitation_of_ours, ok=(302,)
    ),
    # Arriving
    "accounts:welcome_you": Page(SIGNED_IN),
    "accounts:welcome_group": Page(SIGNED_IN, ok=(200, 302)),
    "accounts:welcome_reach": Page(SIGNED_IN),
    # One's own organisation
    "accounts:organisation_list": Page(SIGNED_IN, ok=(200, 302)),
    "accounts:organisation": Page(only(*OUR_MEMBERS), args=our_organisation),
    "accounts:organisation_edit": Page(
        only("group owner"), args=our_organisation, but=OUR_COLLEAGUES_MAY_NOT
    ),
    "accounts:member_leave": Page(only(*OUR_MEMBERS), args=our_organisation),
    "accounts:member_list": Page(only(*OUR_MEMBERS), args=our_organisation),
    "accounts:member_invite": Page(only("group owner"), args=our_organisation, but=OUR_COLLEAGUES_MAY_NOT),
    "accounts:member_edit": Page(only("group owner"), args=a_member_of_ours, but=OUR_COLLEAGUES_MAY_NOT),
    "accounts:member_remove": Page(only("group owner"), args=a_member_of_ours, but=OUR_COLLEAGUES_MAY_NOT),
    "accounts:join_request_accept": Page(
        only("group owner"),
        method="post",
        args=somebody_who_asks_to_join_us,
        ok=(302,),
        but=OUR_COLLEAGUES_MAY_NOT,
    ),
    "accounts:join_request_decline": Page(
        only("group owner"),
        method="post",
        args=somebody_who_asks_to_join_us,
        ok=(302,),
        but=OUR_COLLEAGUES_MAY_NOT,
    ),
    # One's account
    "accounts:settings": Page(SIGNED_IN),
    "accounts:email_change": Page(SIGNED_IN, ok=(200, 302)),
    "accounts:email_change_confirm": Page(PUBLIC, args=no_token, ok=(404,)),
    "accounts:data_download": Page(SIGNED_IN),
    "accounts:account_close": Page(SIGNED_IN, ok=(200, 302)),
    # How one signs in. Who has a second factor already (staff here) shows it again before changing any.
    "accounts:security": Page(SIGNED_IN),
    "accounts:second_factor": Page(SIGNED_IN, ok=(302,)),
    "accounts:second_factor_later": Page(SIGNED_IN, method="post", ok=(404,)),
    "accounts:password_forgotten": Page(SIGNED_IN),
    "account_change_password": Page(SIGNED_IN, ok=(302,)),
    "account_set_password": Page(SIGNED_IN),
    "account_reauthenticate": Page(SIGNED_IN, ok=(302, 403)),
    "mfa_reauthenticate": Page(SIGNED_IN, ok=(200, 403)),
    "mfa_reauthenticate_webauthn": Page(SIGNED_IN, ok=(302, 403)),
    "mfa_index": Page(SIGNED_IN, ok=(302,)),
    "mfa_activate_totp": Page(SIGNED_IN, ok=(200, 302)),
    "mfa_deactivate_totp": Page(SIGNED_IN, ok=(302, 404)),
    "mfa_view_recovery_codes": Page(SIGNED_IN, ok=(404,)),
    "mfa_generate_recovery_codes": Page(SIGNED_IN, ok=(200, 302)),
    "mfa_download_recovery_codes": Page(SIGNED_IN, ok=(404,)),
    "mfa_list_webauthn": Page(SIGNED_IN),
    "mfa_add_webauthn": Page(SIGNED_IN, ok=(200, 302)),
    "mfa_edit_webauthn": Page(SIGNED_IN, args=a_passkey, ok=(302, 404)),
    "mfa_remove_webauthn": Page(SIGNED_IN, args=a_passkey, ok=(302, 404)),
    "usersessions_list": Page(SIGNED_IN),
    "accounts:theme_set": Page(PUBLIC, method="post", ok=(302,)),
    # The guide
    "principles:guide": Page(PUBLIC),
    "principles:words": Page(PUBLIC),
    "principles:principle_detail": Page(PUBLIC, args=a_principle),
    # The list of projects
    "partnerships:project_list": Page(SIGNED_IN),
    "partnerships:project_export": Page(SIGNED_IN),
    "partnerships:view_save": Page(SIGNED_IN, method="post", data={"name": "Mine", "query": ""}, ok=(302,)),
    "partnerships:view_delete": Page(
        SIGNED_IN
        | dict.fromkeys([*OUTSIDERS, *READERS, *WRITERS, *AGENCIES, "both sides"], 404)
        | {"group lead": OK},
        method="post",
        args=a_saved_view,
        ok=(302,),
    ),
    # The own review
    "evaluations:review_start": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_principle": Page(WRITE_SEALED, scene="review", args=a_page_of_the_review),
    "evaluations:review_save": Page(WRITE_SEALED, "post", scene="review", args=a_page_of_the_review),
    "evaluations:review_overall": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_overall_save": Page(WRITE_SEALED, "post", scene="review", args=project),
    "evaluations:review_check": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_send": Page(WRITE_SEALED, "post", scene="review", args=project, ok=(422,)),
    "evaluations:review_reopen": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_show": Page(WRITE_SEALED, "post", scene="review", args=project, ok=(302,)),
    "evaluations:review_copy": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_copy_pdf": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_questions": Page(PARTNERS, scene="review", args=project),
    "evaluations:review_shared": Page(PARTNERS, scene="review shared", args=project),
    "evaluations:review_late": Page(WRITE_SEALED, scene="review late", args=project),
    "evaluations:review_wait": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_close": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_share": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_excuse": Page(
        WRITE_SEALED, "post", scene="review late", args=who_is_missing, ok=(302,)
    ),
    "evaluations:review_choices": Page(WRITE_SEALED, scene="review late", args=what_is_asked),
    # It may have been taken back a moment ago: whoever answers is told that it is not asked any more.
    "evaluations:choice_decline": Page(
        WRITE_SEALED, "post", scene="review late", args=a_choice, ok=(302,), gone=302
    ),
    "evaluations:choice_take_back": Page(
        WRITE_SEALED, "post", scene="review late", args=a_choice, ok=(302,), gone=302
    ),
    # One project and its plan
    "portal:project_overview": Page(ON_PROJECT, args=project),
    "partnerships:project_add": Page(SIGNED_IN),
    "partnerships:project_edit": Page(WRITE, args=project),
    "partnerships:project_acting": Page(ON_PROJECT, args=project, ok=(200, 302)),
    "partnerships:result_record": Page(WRITE, scene="deliver", args=project),
    "partnerships:project_close": Page(WRITE, scene="deliver", args=project),
    "partnerships:project_keep_open": Page(WRITE, method="post", scene="deliver", args=project, ok=(302,)),
    "partnerships:project_withdraw": Page(WRITE, args=project),
    # Contracts
    "partnerships:contract_list": Page(PARTNERS, scene="contract", args=project),
    "partnerships:contract_add": Page(PARTNERS_WRITE, scene="contract", args=project),
    "partnerships:contract_detail": Page(PARTNERS, scene="contract", args=a_contract),
    "partnerships:contract_edit": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:rows_write": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:contract_history": Page(PARTNERS, scene="contract", args=a_contract),
    "partnerships:version_add": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:version_file": Page(PARTNERS, scene="contract", args=a_file_of_a_contract),
    "partnerships:version_changes": Page(PARTNERS, scene="contract", args=a_file_of_a_contract),
    "partnerships:contract_send": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:contract_drop": Page(
        PARTNERS_WRITE, scene="contract", args=a_contract, but=NOT_WHO_STARTED_IT
    ),
    "partnerships:signature_record": Page(PARTNERS_SIGN, scene="contract", args=a_contract),
    "partnerships:signature_remove": Page(
        PARTNERS_SIGN, method="post", scene="contract", args=a_contract, ok=(302,)
    ),
    "partnerships:signature_scan": Page(PARTNERS, scene="contract", args=a_signed_copy),
    "partnerships:plan_detail": Page(ON_PROJECT, args=project),
    "partnerships:plan_check": Page(WRITE, args=project),
    "partnerships:plan_send": Page(WRITE, method="post", args=project, ok=(302,)),
    "partnerships:plan_part": Page(WRITE, args=a_part),
    "partnerships:plan_agree": Page(WRITE, method="post", scene="agree", args=a_part, ok=(302,)),
    "partnerships:plan_who": Page(WRITE, args=project),
    "partnerships:partner_choose": Page(
        WRITE,
        method="post",
        args=project,
        data=lambda world: {"organisation": world.organisation("company").slug},
        ok=(302,),
    ),
    "partnerships:partner_invite": Page(WRITE, method="post", args=project, ok=(422,)),
    "partnerships:partner_leave_out": Page(WRITE, method="post", args=project, ok=(302,)),
    "partnerships:suggestion_accept": Page(WRITE, method="post", scene="agree", args=a_suggestion, ok=(302,)),
    "partnerships:suggestion_decline": Page(
        WRITE, method="post", scene="agree", args=a_suggestion, ok=(302,)
    ),
    "partnerships:suggestion_take_back": Page(
        WRITE, method="post", scene="agree", args=a_suggestion, ok=(302,)
    ),
    # Partners
    "partnerships:partner_list": Page(SIGNED_IN),
    "partnerships:partner_detail": Page(ON_PROJECT, args=a_partner),
    # How organisations work
    "partnerships:how_we_work": Page(ON_PROJECT, scene="contract", args=who_says_how_they_work),
    "partnerships:how_we_work_version": Page(ON_PROJECT, scene="contract", args=a_version_of_theirs),
    "partnerships:how_we_work_pdf": Page(ON_PROJECT, scene="contract", args=who_says_how_they_work),
    "partnerships:paper_file": Page(ON_PROJECT, scene="contract", args=a_template_of_theirs),
    "partnerships:how_we_work_ask": Page(
        ASK, method="post", scene="contract", args=a_partner, ok=(302,), but=ASKERS
    ),
    "partnerships:how_we_work_edit": Page(
        only(*OUR_WRITERS), scene="contract", args=how_we_work_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:how_we_work_part": Page(
        only(*OUR_WRITERS), scene="contract", args=a_part_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:how_we_work_publish": Page(
        only(*OUR_WRITERS),
        method="post",
        scene="contract",
        args=how_we_work_of_ours,
        ok=(302,),
        but=OUR_READERS_MAY_NOT,
    ),
    "partnerships:paper_add": Page(
        only(*OUR_WRITERS), scene="contract", args=how_we_work_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:paper_edit": Page(
        only(*OUR_WRITERS), scene="contract", args=a_paper_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:draft_paper_file": Page(
        only(*OUR_WRITERS), scene="contract", args=a_paper_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:paper_remove": Page(
        only(*OUR_WRITERS),
        method="post",
        scene="contract",
        args=a_paper_of_ours,
        ok=(302,),
        but=OUR_READERS_MAY_NOT,
    ),
    # More time
    "partnerships:time_request": Page(PARTNERS, args=a_wish_for_time),
    "partnerships:time_accept": Page(
        WRITE, method="post", args=a_wish_for_time, ok=(302,), but=NOT_THE_ASKING_SIDE
    ),
    "partnerships:time_decline": Page(
        WRITE, method="post", args=a_wish_for_time, ok=(302,), but=NOT_THE_ASKING_SIDE
    ),
    # Results
    "evaluations:results": Page(PARTNERS, scene="opened", args=project),
    "evaluations:results_print": Page(PARTNERS, scene="opened", args=project),
    "evaluations:results_pdf": Page(PARTNERS, scene="opened", args=project),
    "evaluations:results_principle": Page(PARTNERS, scene="opened", args=a_principle_of_results),
    "evaluations:results_reply": Page(
        PARTNERS_WRITE, method="post", scene="opened", args=a_question, data={"text": "Thank you."}, ok=(302,)
    ),
    # The joint conclusion
    "evaluations:conclusion_detail": Page(PARTNERS, scene="writing", args=project),
    "evaluations:conclusion_pdf": Page(PARTNERS, scene="learned", args=project),
    "evaluations:conclusion_start": Page(
        PARTNERS_WRITE, method="post", scene="opened", args=project, ok=(302,)
    ),
    # Who does not hold the pen is led to the page to read.
    "evaluations:conclusion_edit": Page(PARTNERS_WRITE, scene="writing", args=project, ok=(200, 302)),
    "evaluations:conclusion_part": Page(
        PARTNERS_WRITE, scene="writing", args=a_part_of_the_conclusion, ok=(200, 302)
    ),
    # Who holds the pen is led back.
    "evaluations:conclusion_take": Page(PARTNERS_WRITE, scene="writing", args=a_pen_that_lies, ok=(200, 302)),
    "evaluations:conclusion_kept": Page(
        PARTNERS, scene="writing", args=a_pen_that_was_taken, but=NOBODY_OF_THE_OTHER_SIDE
    ),
    "evaluations:conclusion_send": Page(
        PARTNERS_WRITE, method="post", scene="writing", args=project, ok=(302, 409)
    ),
    "evaluations:conclusion_take_back": Page(
        PARTNERS_WRITE, method="post", scene="writing", args=project, ok=(302,)
    ),
    "evaluations:conclusion_sign": Page(
        PARTNERS_SIGN, method="post", scene="writing", args=project, data={"revision": "1"}, ok=(302,)
    ),
    # Promises
    "evaluations:promise_list": Page(PARTNERS, scene="learned", args=project),
    "evaluations:promise_add": Page(PARTNERS_WRITE, scene="learned", args=project),
    "evaluations:promise_done": Page(PARTNERS_WRITE, scene="learned", args=a_promise, but=NOT_THE_OTHER_SIDE),
    "evaluations:promise_drop": Page(PARTNERS_WRITE, scene="learned", args=a_promise, but=NOT_THE_OTHER_SIDE),
    "evaluations:learning_list": Page(SIGNED_IN, scene="learned"),
}


def urls():
    return dict(named_urls())


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(urls()) == set(PAGES)


def test_only_public_pages_skip_the_sign_in():
    open_to_all = {
        name for name, pattern in urls().items() if not getattr(pattern.callback, "login_required", True)
    }

    assert open_to_all == {name for name, page in PAGES.items() if page.expected()["anonymous"] == OK}


def browse_as(client, world, who):
    """Be this person at the browser. In a world each signs in once: what a request does to a session is undone."""
    client.cookies.clear()
    if world.person(who) is None:
        return
    if who not in world.sessions:
        client.force_login(world.person(who))
        world.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[who]


def ask(client, world, who, page, name, arguments):
    """Answer of one person's request, rolled back, as a status."""
    browse_as(client, world, who)
    address = reverse(name, kwargs=arguments)
    data = page.data(world) if callable(page.data) else page.data
    with transaction.atomic():
        response = getattr(client, page.method)(address, data or {})
        transaction.set_rollback(True)
    return response


ROWS = [(name, side) for name in sorted(PAGES) for side in PAGES[name].sides]
# Those who stand on a side, for whom the second time is another question.
SIDED = [who for who in EVERYBODY if who != across(who)]


@pytest.mark.parametrize(("name", "whose"), ROWS)
def test_everybody_gets_what_the_table_says(client, name, whose):
    page = PAGES[name]
    world = World(page.scene)
    arguments = page.arguments(world, whose)
    expected = page.expected(whose or "group")
    people = SIDED if whose == "company" else EVERYBODY

    seen = {}
    for who in people:
        status = ask(client, world, who, page, name, arguments).status_code
        seen[who] = OK if status in page.ok and expected[who] == OK else status

    assert seen == {who: expected[who] for who in people}


@FULL
@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if page.method == "get"))
def test_looking_changes_nothing(client, name):
    page = PAGES[name]
    world = World(page.scene)
    arguments = page.arguments(world)
    written = []

    def watch(execute, sql, params, many, context):
        if (
            re.match(r"\s*(INSERT|UPDATE|DELETE)", sql, re.I)
            and "django_session" not in sql
            and "usersession" not in sql
        ):
            written.append(sql)
        return execute(sql, params, many, context)

    for who in ("anonymous", "group lead", "company owner"):
        browse_as(client, world, who)
        with connection.execute_wrapper(watch):
            for method in ("get", "head", "options"):
                getattr(client, method)(reverse(name, kwargs=arguments))

    assert written == []


# Where one may not go ---------------------------------------------------------------------------------
# What each kind of arguments would be for somebody else: their project, their organisation, their papers. Whoever makes
# them here is as much at home there as the people of the row are in theirs.

THEIR_LEAD = "other group"


def theirs_in(page_of_project):
    """The same page number or code in a project of others: only the project is anybody's own."""
    return lambda world: page_of_project(world) | project_of_others(world)


def a_contract_of_others(world):
    """Their second contract, of which the project here has none."""
    complete(world.other, world.person(THEIR_LEAD))
    world.other.contracts.update(number=2)
    return project_of_others(world) | {"number": 2}


def a_file_of_others(world):
    contract = world.other.contracts.get(number=a_contract_of_others(world)["number"])
    add_version(contract, checked(), actor=world.person(THEIR_LEAD), at=NOON)
    return project_of_others(world) | {"number": 2, "version": 2}


def a_signed_copy_of_others(world):
    arguments = a_contract_of_others(world)
    scan = checked(files.png(), "signed.png", kinds=(PDF, PNG))
    contract = world.other.contracts.get(number=arguments["number"])
    return arguments | {"pk": sign(contract, world.person("other company"), scan=scan).pk}


def their_organisation(world):
    return {"slug": partner_of(world.other, "group").slug}


def a_passkey_of_others(world):
    keys = Authenticator.objects.filter(user=world.person(THEIR_LEAD))
    return {"pk": keys.create(user=world.person(THEIR_LEAD), type="webauthn", data={"name": "Key"}).pk}


def a_task_of_others(world):
    turn_of_others(world)
    return {"key": f"plan:{world.other.reference}"}


def turn_of_others(world):
    for side in ("group", "company"):
        give_turn(world.other, partner_of(world.other, side), Turn.Kind.PLAN, at=NOON, due_on=world.today)


def their_invitation(world, email="their@example.org"):
    return invitation_from(partner_of(world.other, "group"), world.person(THEIR_LEAD), email)


def how_they_work_elsewhere(world):
    """A group that nobody here knows, described as well."""
    group, lead = partner_of(world.other, "group"), world.person(THEIR_LEAD)
    described(group, lead)
    return {"slug": group.slug}


OF_OTHERS = {
    project: project_of_others,
    a_part: theirs_in(a_part),
    a_page_of_the_review: theirs_in(a_page_of_the_review),
    a_question: theirs_in(a_question),
    a_principle_of_results: theirs_in(a_principle_of_results),
    who_is_missing: lambda world: project_of_others(world) | their_organisation(world),
    a_wish_for_time: lambda world: wish_of(world.other, "group", world.person(THEIR_LEAD), world),
    a_choice: lambda world: choice_of(world.other, world.person("other company")),
    what_is_asked: project_of_others,
    a_suggestion: lambda world: suggestion_of(world.other, "group", world.person(THEIR_LEAD)),
    a_part_of_the_conclusion: theirs_in(a_part_of_the_conclusion),
    a_pen_that_lies: lambda world: pen_of(world.other, "company"),
    a_pen_that_was_taken: lambda world: words_kept_for(world.other, "group", world.person("other company")),
    a_promise: lambda world: (
        project_of_others(world) | {"pk": world.other.promises.made().get(organisation__kind="group").pk}
    ),
    a_contract: a_contract_of_others,
    a_file_of_a_contract: a_file_of_others,
    a_signed_copy: a_signed_copy_of_others,
    a_task: a_task_of_others,
    a_snoozed_task: a_task_of_others,
    a_saved_view: lambda world: view_of(world.person(THEIR_LEAD)),
    a_kept_form: lambda world: form_of(world.person(THEIR_LEAD)),
    a_partner: their_organisation,
    our_organisation: their_organisation,
    a_member_of_ours: lambda world: their_organisation(world) | {"pk": world.membership(THEIR_LEAD).pk},
    somebody_who_asks_to_join_us: lambda world: who_asks_to_join(partner_of(world.other, "group")),
    an_invitation_to_a_lead: lambda world: {"pk": their_invitation(world, world.person(THEIR_LEAD).email).pk},
    an_invitation_of_ours: lambda world: {"pk": their_invitation(world).pk},
    a_passed_on_invitation_of_ours: lambda world: passed_on(their_invitation(world)),
    a_passkey: a_passkey_of_others,
    who_says_how_they_work: how_they_work_elsewhere,
    how_we_work_of_ours: how_they_work_elsewhere,
    a_version_of_theirs: lambda world: how_they_work_elsewhere(world) | {"number": 1},
    a_template_of_theirs: lambda world: how_they_work_elsewhere(world) | {"number": 1, "paper": 1},
    a_paper_of_ours: lambda world: how_they_work_elsewhere(world) | {"paper": 1},
    a_part_of_ours: lambda world: how_they_work_elsewhere(world) | {"code": "steps"},
}
NOBODYS = {
    no_token: "A token opens what it was made for to whoever holds it (tests/accounts/test_invitations.py).",
    jobs_that_ran: "The address has no parts.",
    a_principle: "The guide is public.",
}
# What stands in no row of any table, for each part of an address that names a row.
NOTHING = {
    "reference": "zzzzzzzz",
    "pk": 999_999_999,
    "number": 9_999,
    "version": 9_999,
    "paper": 9_999,
    "slug": "nobody-of-this-name",
    "key": "plan:zzzzzzzz",
}


def test_every_row_with_arguments_says_what_the_same_of_others_is():
    kinds = {page.args for page in PAGES.values() if page.args}

    assert kinds == set(OF_OTHERS) | set(NOBODYS)
    assert not set(OF_OTHERS) & set(NOBODYS)


def body(response, address):
    """What a page says and the next one will, without the address and the token that every page has anew."""
    messages = [str(message) for message in get_messages(response.wsgi_request)]
    words = "\n".join([response.content.decode(), *messages]).replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", words)


def swaps(ours, theirs):
    """Ways to ask for what belongs to others, each beside one for what does not exist.

    Each part alone, under one's own others, and all of them together.
    """
    foreign = [part for part in ours if ours[part] != theirs[part]]
    assert foreign
    for parts in [[part] for part in foreign] + ([foreign] if len(foreign) > 1 else []):
        yield (
            parts,
            ours | {part: theirs[part] for part in parts},
            ours | {part: NOTHING[part] for part in parts},
        )


@pytest.mark.parametrize(
    ("name", "whose"), [(name, whose) for name, whose in ROWS if PAGES[name].args in OF_OTHERS]
)
def test_what_belongs_to_others_answers_like_what_does_not_exist(client, name, whose):
    page = PAGES[name]
    world = World(page.scene)
    ours, theirs = page.arguments(world, whose), OF_OTHERS[page.args](world)

    # Those who may most. Staff confirm who they are before they come near a passkey, theirs or not.
    askers = ["group owner", "company owner", *(["superuser"] if page.args is not a_passkey else [])]
    for parts, there, nowhere in swaps(ours, theirs):
        for who in askers:
            answers = [ask(client, world, who, page, name, arguments) for arguments in (there, nowhere)]
            gone = page.gone if parts == ["pk"] and page.expected(whose or "group")[who] == OK else 404

            assert [answer.status_code for answer in answers] == [gone, gone], (who, there, nowhere)
            bodies = [
                body(answer, reverse(name, kwargs=arguments))
                for answer, arguments in zip(answers, (there, nowhere), strict=True)
            ]
            assert bodies[0] == bodies[1], (who, there)


# Every method ---------------------------------------------------------------------------------------

# Each view names its methods, or is one of Django's classes that do: reading, writing and removing for one of each
# kind of person, and every method for one who may.
ONE_OF_EACH = (
    "anonymous",
    "disabled group",
    "nobody",
    "superuser",
    "other group",
    "former company",
    "invited group",
    "group reader",
    "company signatory",
    "group lead",
    "company owner",
    "group agency",
    "both sides",
)
METHODS = ("get", "post", "delete")
ALL_METHODS = ("get", "head", "options", "post", "put", "patch", "delete")


@FULL
@pytest.mark.parametrize(("name", "whose"), ROWS)
def test_no_method_opens_what_the_rows_own_does_not(client, name, whose):
    page = PAGES[name]
    world = World(page.scene)
    arguments = page.arguments(world, whose)
    expected = page.expected(whose or "group")

    found = []
    for who in ONE_OF_EACH:
        for method in ALL_METHODS if who == "group lead" else METHODS:
            asked = replace(page, method=method, data=page.data if method == page.method else None)
            response = ask(client, world, who, asked, name, arguments)
            status = response.status_code
            if expected[who] == OK:
                fine = status < 500
            elif expected[who] == SIGN_IN:
                fine = status == 405 or (
                    status == 302 and response.url.startswith(reverse("accounts:sign_in"))
                )
            else:
                fine = status in (expected[who], 405)
            if not fine:
                found.append((who, method, status))

    assert found == []

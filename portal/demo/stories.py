"""Nine projects, each walked to its stage the way people do it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.files import PDF, UploadField
from accounts.models import Organisation, Person
from evaluations import sealing
from evaluations.actions import calls, check_ins, conclusions, promises, reviews, signing
from evaluations.check_ins import pulse_questions
from evaluations.models import Review
from partnerships.actions import (
    agencies,
    closing,
    contract,
    interests,
    joining,
    partners,
    plan,
    project,
    suggestions,
    uses,
)
from partnerships.checklist import Answer, Said, read_checklist
from partnerships.contract import fingerprint, read_contract
from partnerships.models import ContractRow, Participation, Project
from portal.demo import words
from portal.demo.talk import talk
from principles.models import Principle, Question

DAY = dt.timedelta(days=1)
OUTSIDE = {0: sealing.OUTSIDE.DONT_KNOW, 9: sealing.OUTSIDE.NOT_HERE}


@dataclass
class Walk:
    """One project on its way, with the two people who walk it.

    Arguments:
        now: the day on which the demo is loaded; every step is some days before it.
    """

    now: dt.datetime
    group: Organisation
    company: Organisation
    group_lead: Person
    company_lead: Person
    project: Project | None = None

    def at(self, days_ago: float) -> dt.datetime:
        return self.now - days_ago * DAY

    def day(self, days_ago: int) -> dt.date:
        return local_day(self.at(days_ago), self.project.zone if self.project else self.group.zone)

    def fresh(self) -> Project:
        self.project = Project.objects.get(pk=self.project.pk)
        return self.project

    # Shape, Agree

    def start(self, title: str, *, days_ago: float, by: str = "company") -> "Walk":
        starter, organisation = (
            (self.company_lead, self.company) if by == "company" else (self.group_lead, self.group)
        )
        partner = self.group if by == "company" else self.company
        self.project = project.start_project(
            title, organisation=organisation, actor=starter, at=self.at(days_ago)
        )
        partners.choose_partner(self.project, partner, actor=starter, at=self.at(days_ago))
        self.starter, self.other = starter, self.group_lead if by == "company" else self.company_lead
        return self

    def write(
        self, story: str, *, starts: int, ends: int, money: str = "", days_ago: float, all_parts=True
    ) -> "Walk":
        """Write the plan. `starts` and `ends` are days ago; below nothing lies ahead."""
        values = {
            "why": words.WHY[story],
            "what": {f"activity_{n}": text for n, text in enumerate(words.ACTIVITIES[story], start=1)},
            "brings": {
                "group_time": "Two days a month", "group_skills": "Lived experience, and a list of 300 carers",
                "company_money": money, "company_currency": "GBP" if money else "", "company_time": "One day a month",
                "independence": words.INDEPENDENCE,
            },
            "when": {
                "starts_on": self.day(starts).isoformat(), "ends_on": self.day(ends).isoformat(), "rhythm": "6",
            },
        }  # fmt: skip
        for code, wanted in values.items() if all_parts else list(values.items())[:2]:
            plan.save_part(
                self.project, code, values=wanted, base=0, actor=self.starter, at=self.at(days_ago)
            )
        return self

    def bring(self, *, days_ago: float) -> "Walk":
        """Bring in what is offered and ticked: the open promises of earlier projects."""
        organisation = self.company if self.starter == self.company_lead else self.group
        items = [
            {"key": offer.key, "text": offer.text}
            for offer in plan.offers_for(self.project, organisation)
            if offer.ticked
        ]
        plan.save_part(
            self.project,
            "learnings",
            values={"items": items},
            base=0,
            actor=self.starter,
            at=self.at(days_ago),
        )
        return self

    def send(self, *, days_ago: float) -> "Walk":
        plan.send_plan(self.fresh(), actor=self.starter, at=self.at(days_ago))
        return self

    def agree(
        self, *, days_ago: float, parts=("who", "why", "what", "brings", "when", "learnings")
    ) -> "Walk":
        for code in parts:
            version = self.project.plan_parts.filter(code=code).order_by("-version").first().version
            plan.agree_part(self.fresh(), code, version=version, actor=self.other, at=self.at(days_ago))
        return self

    # Contract, Deliver

    def draft_contract(self, story: str, *, days_ago: float, file_from: str = "group", **values) -> "Walk":
        """Start the contract, say in plain words what it says, and put a file in.

        Arguments:
            file_from: which side adds the file. Who did does not approve it.
        """
        at, project = self.at(days_ago), self.fresh()
        values |= {"starts_on": project.starts_on, "ends_on": project.ends_on}
        self.contract = contract.start_contract(project, values=values, actor=self.company_lead, at=at)
        texts = {
            "what": words.ACTIVITIES[story][0],
            "why": words.WHY[story]["better"],
            "who": _("The group leads the work. The company supports it."),
            "support": self.contract.get_type_display(),
            "when": _("From %(start)s to %(end)s.")
            % {
                "start": date_format(project.starts_on, "j F Y"),
                "end": date_format(project.ends_on, "j F Y"),
            },
            "cost": f"{values['amount']} {values['currency']}"
            if "amount" in values
            else _("No money passes."),
            "shown": _("“Supported by %(name)s” stands at the start of everything.")
            % {"name": self.company.name},
            "signs": f"{self.group_lead.name}, {self.company_lead.name}",
        }
        contract.write_rows(self.contract, texts=texts, actor=self.company_lead, at=at)
        content = (Path(__file__).parent / "agreement.pdf").read_bytes()
        upload = UploadField(kinds=[PDF]).clean(SimpleUploadedFile("agreement.pdf", content))
        writer = self.company_lead if file_from == "company" else self.group_lead
        contract.add_version(self.contract, upload, actor=writer, at=at)
        return self

    def confirm(self, *, days_ago: float, all_rows: bool = True) -> "Walk":
        """The group says that it understands the rows, all of them or all but one."""
        waiting = list(read_contract(self.contract).rows.values())
        read = {row.code: fingerprint(row.text) for row in waiting if row.text}
        if not all_rows:
            read.pop(ContractRow.Code.SHOWN)
        contract.confirm_rows(self.contract, read=read, actor=self.group_lead, at=self.at(days_ago))
        return self

    def check(self, *, days_ago: float) -> "Walk":
        """Answer the checklist: the company what the contract says, the group what is fair."""
        lines = read_checklist(self.contract).lines
        for person, required in ((self.company_lead, True), (self.group_lead, False)):
            said = {line.item.code: Said(Answer.MET) for line in lines if line.part.required == required}
            contract.answer_checklist(self.contract, said=said, actor=person, at=self.at(days_ago))
        return self

    def declare_none(self, person: Person, *, days_ago: float) -> "Walk":
        interests.declare_none(self.fresh(), number=0, actor=person, at=self.at(days_ago))
        return self

    def sign(self, *, days_ago: float) -> "Walk":
        """All is answered, both declare that they have no interests, the company approves it, then both sign."""
        self.confirm(days_ago=days_ago)
        self.check(days_ago=days_ago)
        for person in (self.group_lead, self.company_lead):
            self.declare_none(person, days_ago=days_ago)
        self.contract.refresh_from_db()
        if self.contract.needs_approval:
            contract.approve_contract(
                self.contract,
                name=self.company_lead.name,
                registration="pharmacist",
                approved_on=self.day(int(days_ago)),
                actor=self.company_lead,
                at=self.at(days_ago),
            )
        for person, name in (
            (self.group_lead, self.group_lead.name),
            (self.company_lead, self.company_lead.name),
        ):
            contract.sign_contract(
                self.contract,
                signer=name,
                content=read_contract(self.contract).content,
                proof=contract.Proof("192.0.2.7", self.at(days_ago)),
                actor=person,
                at=self.at(days_ago),
            )
        return self

    def result(self, result: str, how: str, *, days_ago: float) -> "Walk":
        closing.record_result(
            self.fresh(), result=result, how=how, actor=self.group_lead, at=self.at(days_ago)
        )
        return self

    def end(self) -> "Walk":
        """Enter Review on the day after the end, as the schedule does."""
        morning = dt.datetime.combine(self.fresh().ends_on + DAY, dt.time(7), tzinfo=self.project.zone)
        closing.finish_delivery(self.project, at=morning)
        return self

    # Review, Learn

    def say_what_helped(self, side: str, said: dict, *, days_ago: float) -> "Walk":
        """Answer "Did it help?" about promises that were brought along, by their words."""
        person = self.group_lead if side == Participation.Side.GROUP else self.company_lead
        organisation = self.group if side == Participation.Side.GROUP else self.company
        review = Review.objects.get(project=self.project, organisation=organisation)
        asked = self.project.help_questions.filter(text__in=said)
        entries = [sealing.Entry(question.pk, *said[question.text]) for question in asked]
        sealing.save_helped(review, entries, actor=person, at=self.at(days_ago))
        return self

    def answer(self, side: str, levels: dict, *, days_ago: float, send: bool) -> "Walk":
        person = self.group_lead if side == Participation.Side.GROUP else self.company_lead
        organisation = self.group if side == Participation.Side.GROUP else self.company
        review = Review.objects.get(project=self.project, organisation=organisation)
        questions = Question.objects.filter(
            principle__principle_set=self.project.principle_set, code__in=levels
        )
        entries = [
            sealing.Entry(
                question.pk,
                OUTSIDE.get(levels[question.code][0], levels[question.code][0]),
                levels[question.code][1],
            )
            for question in questions
        ]
        sealing.save_answers(review, entries, actor=person, at=self.at(days_ago))
        if send:
            sealing.save_overall(
                review,
                sealing.OverallEntry(
                    again="changed", keep="Short meetings with an agenda.", change="Papers earlier."
                ),
                actor=person,
                at=self.at(days_ago),
            )
            seen = {row.organisation_id for row in self.project.reviews.exclude(sent_at=None)}
            reviews.send_review(review, actor=person, at=self.at(days_ago), seen_senders=seen)
        return self

    def conclude(self, *promised, days_ago: float, sign: bool) -> "Walk":
        """Write the conclusion with promises (what, who, days ahead of today, principle), and sign it on both sides."""
        at = self.at(days_ago)
        conclusion = conclusions.start_conclusion(self.fresh(), actor=self.group_lead, at=at)
        written = conclusions.Written(
            parts={},
            promises={
                position: conclusions.WrittenPromise(
                    what=what,
                    owner=(self.group_lead if side == "group" else self.company_lead).pk,
                    due_on=self.day(-ahead),
                    principle=Principle.objects.get(
                        principle_set=self.project.principle_set, number=number
                    ).pk,
                )
                for position, (what, side, ahead, number) in enumerate(promised, start=1)
            },
        )
        conclusions.save_conclusion(conclusion, written, actor=self.group_lead, at=at)
        conclusion.refresh_from_db()
        if not sign:
            conclusions.send_conclusion(conclusion, to=self.company, actor=self.group_lead, at=at)
            return self
        for person in (self.group_lead, self.company_lead):
            conclusion.refresh_from_db()
            signing.sign_conclusion(conclusion, revision=conclusion.revision, actor=person, at=at)
        return self


def tell(cast, now: dt.datetime) -> None:
    """All nine stories."""

    def walk(group, company):
        return Walk(
            now,
            cast.organisations[group],
            cast.organisations[company],
            cast.lead_of(group),
            cast.lead_of(company),
        )

    completed(walk("larkfield-demo", "aldermoor-demo"))
    in_shape(walk("larkfield-demo", "aldermoor-demo"))
    in_agree(walk("larkfield-demo", "kestrel-demo"))
    panel = walk("larkfield-demo", "aldermoor-demo")
    in_contract(panel)
    beside_the_contract(panel, cast.organisations["brightpage-demo"])
    in_deliver(walk("larkfield-demo", "kestrel-demo"))
    in_review(walk("larkfield-demo", "aldermoor-demo"))
    late_review(walk("northfen-demo", "kestrel-demo"))
    in_learn(walk("northfen-demo", "aldermoor-demo"))
    withdrawn(walk("pulmon-claro-demo", "kestrel-demo"))


def completed(walk):
    walk.start("Peer mentors", days_ago=700).write(
        "mentors", starts=680, ends=390, money="12000.00", days_ago=699
    )
    walk.bring(days_ago=698).send(days_ago=697).agree(days_ago=690)
    walk.draft_contract(
        "mentors", days_ago=685, title="Peer mentors, grant", type="grant", amount="12000.00", currency="GBP"
    )
    walk.sign(days_ago=670)
    walk.result(
        "partly", "11 of 15 mentors still meet somebody. Waiting fell from 30 days to 9.", days_ago=395
    ).end()
    walk.answer("company", words.MENTORS_COMPANY, days_ago=380, send=True)
    walk.answer("group", words.MENTORS_GROUP, days_ago=378, send=True)
    walk.conclude(
        ("Share agendas 5 days before each meeting", "company", 4, 4),
        ("Plan the mentors' travel into the budget", "group", -2, 2),
        ("Say what became of each suggestion", "company", 40, 4),
        days_ago=360,
        sign=True,
    )
    done = walk.project.promises.get(position=3)
    promises.keep_promise(
        done, how="A list goes out after each meeting.", actor=walk.company_lead, at=walk.at(10)
    )


def in_shape(walk):
    walk.start("Peer mentors, year two", days_ago=6, by="group")
    walk.write("mentors", starts=-40, ends=-400, days_ago=5, all_parts=False).bring(days_ago=5)


def in_agree(walk):
    walk.start("Clinic waiting-times survey", days_ago=9)
    walk.write("survey", starts=-30, ends=-300, money="8500.00", days_ago=8).bring(days_ago=8).send(
        days_ago=7
    )
    walk.agree(days_ago=5, parts=("who", "why"))
    suggestions.suggest_part(
        walk.fresh(),
        "what",
        values={
            "activity_1": "Write the questions with members",
            "activity_2": "Ask 400 people, by phone too",
        },
        note="600 is too many for us, and not everybody is online.",
        base=1,
        actor=walk.group_lead,
        at=walk.at(5),
    )


def in_contract(walk):
    walk.start("Patient panel 2027", days_ago=45)
    walk.write("panel", starts=-20, ends=-320, money="15000.00", days_ago=44).bring(days_ago=44).send(
        days_ago=43
    )
    walk.agree(days_ago=35)
    walk.draft_contract(
        "panel",
        days_ago=30,
        file_from="company",
        title="Patient panel 2027, sponsorship",
        type="sponsorship",
        amount="15000.00",
        currency="GBP",
    )
    contract.send_contract(
        walk.contract, to=walk.group, note="Here is our first draft.", actor=walk.company_lead, at=walk.at(18)
    )
    walk.confirm(days_ago=12, all_rows=False)
    contract.send_contract(
        walk.contract,
        to=walk.company,
        note="We don't understand clause 7.",
        actor=walk.group_lead,
        at=walk.at(12),
    )
    contract.answer_checklist(
        walk.contract,
        said={
            code: Said(Answer.MET)
            for code in (
                "activity",
                "given",
                "objective",
                "named",
                "period",
                "amount",
                "healthcare",
                "summary",
            )
        },
        actor=walk.company_lead,
        at=walk.at(16),
    )
    contract.answer_checklist(
        walk.contract,
        said={
            "acknowledged": Said(Answer.UNCLEAR, "Clause 7 says “where appropriate”. Where is that?"),
            "last_word": Said(Answer.NOT_MET, "Clause 9 lets the company change our texts."),
            "recordings": Said(Answer.NOT_APPLICABLE, "Nothing is recorded."),
        },
        actor=walk.group_lead,
        at=walk.at(12),
    )

    declared = interests.add_interest(walk.fresh(), **words.INTEREST, actor=walk.group_lead, at=walk.at(11))
    interests.decide_interest(
        declared.interests.get(),
        **words.DECISION,
        decided_on=walk.day(10),
        number=0,
        actor=walk.company_lead,
        at=walk.at(10),
    )


def beside_the_contract(walk, agency):
    """A comment, a question that was answered, a permission that is asked for, and an agency with what it does."""
    contract.comment_on_row(
        walk.contract, "shown", words=words.COMMENT, actor=walk.group_lead, at=walk.at(11)
    )
    question = contract.ask_about_row(
        walk.contract, "cost", words=words.QUESTION, actor=walk.group_lead, at=walk.at(11)
    )
    contract.answer_question(question, answer=words.ANSWER, actor=walk.company_lead, at=walk.at(9))
    uses.ask_permission(
        walk.fresh(),
        giver=walk.group,
        **words.PERMISSION,
        until=walk.day(-300),
        actor=walk.company_lead,
        at=walk.at(6),
    )
    part = joining.let_agency_in(
        walk.fresh(), agency=agency, acts_for=walk.company, actor=walk.company_lead, at=walk.at(8)
    )
    agencies.write_brief(part, **words.BRIEF, number=0, actor=walk.company_lead, at=walk.at(8))


def in_deliver(walk):
    walk.start("Young voices podcast", days_ago=200).write("podcast", starts=170, ends=-35, days_ago=199)
    walk.bring(days_ago=199).send(days_ago=198).agree(days_ago=190)
    walk.draft_contract("podcast", days_ago=188, title="Young voices podcast, joint project", type="joint")
    walk.sign(days_ago=175)
    talk(
        walk.fresh(),
        group=walk.group,
        company=walk.company,
        group_lead=walk.group_lead,
        company_lead=walk.company_lead,
        now=walk.now,
    )
    checks_in(walk)


def checks_in(walk):
    """Four check-ins in which the two sides differ, one skipped; one is open, and the group asks for a call."""
    for days_ago, *both in words.CHECK_INS:
        check_in = check_ins.open_if_due(walk.fresh(), at=walk.at(days_ago))
        questions = pulse_questions(walk.project)
        for person, levels, line in ((walk.group_lead, *both[:2]), (walk.company_lead, *both[2:])):
            at = walk.at(days_ago - 2)
            if levels is None:
                check_ins.skip_check_in(
                    check_in, reason="away", words="Kai is back on Monday.", revision=0, actor=person, at=at
                )
                continue
            said = {
                question.pk: check_ins.Said(level) for question, level in zip(questions, levels, strict=True)
            }
            check_ins.send_check_in(check_in, said=said, line=line, revision=0, actor=person, at=at)
    check_ins.add_check_in(walk.fresh(), actor=walk.company_lead, at=walk.at(3))
    times = [walk.at(-days).replace(hour=hour, minute=0) for days, hour in ((2, 10), (3, 14), (6, 10))]
    calls.suggest_call(walk.project, times=times, actor=walk.group_lead, at=walk.at(1))


def in_review(walk):
    walk.start("Carer handbook", days_ago=330).write(
        "handbook", starts=300, ends=16, money="9000.00", days_ago=329
    )
    walk.bring(days_ago=329).send(days_ago=328).agree(days_ago=320)
    walk.draft_contract(
        "handbook",
        days_ago=318,
        title="Carer handbook, grant",
        type="grant",
        amount="9000.00",
        currency="GBP",
    )
    walk.sign(days_ago=301)
    walk.result("reached", "36 of 40 carers say that they now know whom to call.", days_ago=17).end()
    walk.say_what_helped("company", words.HANDBOOK_HELPED_COMPANY, days_ago=4)
    walk.answer("company", words.HANDBOOK_COMPANY, days_ago=4, send=True)
    walk.answer("group", words.HANDBOOK_GROUP, days_ago=2, send=False)
    walk.say_what_helped("group", words.HANDBOOK_HELPED_GROUP, days_ago=2)


def late_review(walk):
    walk.start("Rare voices film", days_ago=400).write("film", starts=360, ends=46, days_ago=399)
    walk.bring(days_ago=399).send(days_ago=398).agree(days_ago=390)
    walk.draft_contract("film", days_ago=388, title="Rare voices film, joint project", type="joint")
    walk.sign(days_ago=361)
    walk.result("not_reached", "Two of three families left. There is no film yet.", days_ago=47).end()
    walk.answer("group", words.FILM_GROUP, days_ago=40, send=True)


def in_learn(walk):
    walk.start("Screening van", days_ago=300).write(
        "van", starts=260, ends=30, money="20000.00", days_ago=299
    )
    walk.bring(days_ago=299).send(days_ago=298).agree(days_ago=290)
    walk.draft_contract(
        "van",
        days_ago=288,
        title="Screening van, donation",
        type="donation",
        amount="20000.00",
        currency="GBP",
    )
    walk.sign(days_ago=262)
    walk.result(
        "reached", "412 checks in 12 villages. The night shift still could not come.", days_ago=31
    ).end()
    walk.answer("group", words.VAN_GROUP, days_ago=20, send=True)
    walk.answer("company", words.VAN_COMPANY, days_ago=12, send=True)
    walk.conclude(
        ("Send one list of steps and papers at the start", "company", 30, 3), days_ago=8, sign=False
    )


def withdrawn(walk):
    walk.start("Travel fund for clinic visits", days_ago=120).write("van", starts=60, ends=-200, days_ago=119)
    walk.bring(days_ago=119).send(days_ago=118)
    closing.withdraw_project(
        walk.fresh(),
        reason=Project.WithdrawReason.NO_MEANS,
        note="We have nobody to run it this year.",
        actor=walk.group_lead,
        at=walk.at(100),
    )

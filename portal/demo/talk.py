"""What the demo's people say to each other while they work: something of each kind, some of it open."""

import datetime as dt

from accounts.models import Organisation, Person
from partnerships.actions.talk import answer_entry, write_entry
from partnerships.models import Project, TalkEntry

Kind = TalkEntry.Kind
DAY = dt.timedelta(days=1)


def talk(
    project: Project,
    *,
    group: Organisation,
    company: Organisation,
    group_lead: Person,
    company_lead: Person,
    now: dt.datetime,
) -> None:
    """Questions, decisions, inputs, a note and a concern of both sides."""

    def say(kind, text, who, days_ago, **more):
        other = company if who == group_lead else group
        asked = {"asked": other} if kind in TalkEntry.TO_ONE else {}
        return write_entry(project, kind=kind, text=text, **asked, **more, actor=who, at=now - days_ago * DAY)

    def answer(entry, text, who, days_ago, **more):
        answer_entry(entry, text=text, **more, actor=who, at=now - days_ago * DAY)

    delays = say(Kind.QUESTION, "How would you like to be told about delays?", group_lead, 60)
    answer(delays, "By mail, as soon as you know. A short call helps.", company_lead, 58)
    agendas = say(
        Kind.DECISION, "Agendas come five days before each meeting.", company_lead, 50,
        subject="partnerships.planpart:what",
    )  # fmt: skip
    answer(agendas, "", group_lead, 49, outcome="agreed", version=agendas.version)
    intro = say(
        Kind.INPUT, "The introduction speaks about us, not with us. Please rewrite it.", group_lead, 40
    )
    answer(intro, "Rewritten with your two editors.", company_lead, 36, outcome="used")
    music = say(Kind.INPUT, "Please leave out the music: some of us can’t listen over it.", group_lead, 30)
    answer(music, "The next series has none. This one is recorded.", company_lead, 27, outcome="not_used")
    say(Kind.NOTE, "The studio is closed in the last week of the year.", company_lead, 12)
    say(Kind.QUESTION, "May episode three name the clinic?", company_lead, 4)
    say(Kind.DECISION, "Episodes are published on Tuesdays.", group_lead, 2)
    say(Kind.CONCERN, "In the last meeting nobody let our youngest speaker finish.", group_lead, 1)

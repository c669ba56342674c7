"""Messages about questions that somebody asked because they did not understand a contract."""

import datetime as dt

from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from partnerships.messages.projects import WORDS_IN_MAIL, OnProjects, about, key_in, shortened
from partnerships.models import ContractQuestion, Project
from partnerships.questions import about_of

Stage = Project.Stage


def on_question(notice: Notice, on: OnProjects, **words) -> tuple[ContractQuestion, dict]:
    """The question that a message is about, and what its template needs.

    Raises:
        NotWanted: it is gone or settled, or its contract can't change any more.
    """
    project, question = on.project(notice), on.questions.get(key_in(notice))
    if question is None:
        raise NotWanted(gettext_noop("The contract is gone."))
    if question.ended_at is not None:
        raise NotWanted(gettext_noop("It was settled."))
    if question.contract.signed_at is not None or project.stage in (Stage.COMPLETED, Stage.WITHDRAWN):
        raise NotWanted(gettext_noop("The contract can't change any more."))
    words = {
        "organisation": question.organisation.name,
        "about": about_of(question),
        "question": shortened(question.words, WORDS_IN_MAIL),
        "due_on": question.due_on,
    } | words
    return question, about(
        project, "partnerships:question_detail", question.contract.number, question.pk, **words
    )


@kind("question_asked", gettext_lazy("A question about a contract"), topic=Topic.TURN, load=OnProjects)
def question_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    question, words = on_question(notice, on)
    if question.is_answered:
        raise NotWanted(gettext_noop("It was answered."))
    return words


@kind("question_waits", gettext_lazy("A question waits for an answer"), load=OnProjects, reminder=True)
def question_waits(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return question_asked(notice, on, at)


@kind("question_answered", gettext_lazy("A question is answered"), topic=Topic.OTHERS, load=OnProjects)
def question_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    question, words = on_question(notice, on)
    return words | {"organisation": question.answered_for.name}

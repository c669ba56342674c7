"""Projects that check in, for tests: opened, answered, skipped, and calls."""

from evaluations.actions.calls import answer_call, suggest_call
from evaluations.actions.check_ins import Said, add_check_in, open_if_due, send_check_in, skip_check_in
from evaluations.check_ins import pulse_questions
from tests.factories import DAY, NOON, make_project, person_on

LATER = NOON + 300 * DAY


def running(*, starts_on=None, ends_on=None, **fields):
    """A project in Deliver that has begun today and ends in 300 days, with a Lead of each side."""
    project = make_project(
        stage="deliver", starts_on=starts_on or NOON.date(), ends_on=ends_on or LATER.date(), **fields
    )
    project.lead = {side: person_on(project, side) for side in ("group", "company")}
    return project


def opened(project=None, *, at=NOON):
    """The check-in that opens by itself on this day."""
    check_in = open_if_due(project or running(), at=at)
    assert check_in is not None
    return check_in


def added(project, *, side="group", at=NOON):
    return add_check_in(project, actor=project.lead[side], at=at)


def answers(check_in, *, level=3, **others):
    """An answer to each question; `others` by the position of the question, such as `q2="dont_know"`."""
    questions = pulse_questions(check_in.project)
    return {
        question.pk: Said(others.get(f"q{position}", level))
        for position, question in enumerate(questions, start=1)
    }


def send(check_in, actor, *, at=NOON, line="", revision=0, **said):
    return send_check_in(
        check_in, said=answers(check_in, **said), line=line, revision=revision, actor=actor, at=at
    )


def skip(check_in, actor, *, at=NOON, reason="no_time", words="", revision=0):
    return skip_check_in(check_in, reason=reason, words=words, revision=revision, actor=actor, at=at)


def posted(check_in, *, level=3, line="", revision=0, **others):
    """The same as a form sends it."""
    fields = {f"q{position}": str(level) for position in range(1, 6)} | others
    return {name: value for name, value in fields.items() if value is not None} | {
        "line": line,
        "revision": revision,
    }


def times(at=NOON):
    return [at + 2 * DAY, at + 3 * DAY, at + 5 * DAY]


def suggested(project, *, side="group", at=NOON):
    return suggest_call(project, times=times(at), actor=project.lead[side], at=at)


def picked(call, actor, *, at=NOON):
    return answer_call(call, picked=call.second_at, words="", actor=actor, at=at)

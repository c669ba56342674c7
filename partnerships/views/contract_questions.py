"""Questions about a contract: one side asks, the other side answers, the asking side says whether that helped."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.actions import contract as actions
from partnerships.actions.contract.questions import opposite
from partnerships.forms.questions import QuestionForm, ReplyForm
from partnerships.questions import about_of, asked_before, read_question, waits_for_answer_of, words_of_days
from partnerships.views.contract import get_contract, page

REFUSALS = (actions.CannotAsk, actions.CannotAnswerQuestion, actions.ContractIsClosed)
WRITE = "write_contract"


def get_question(person, reference, number, pk, verb=None):
    """Find a question about a contract, for somebody who acts for a partner.

    Raises:
        Http404: there is no such question for this person.
        PermissionDenied: they may read it, and may not do this.
    """
    project, state = get_contract(person, reference, number)
    question = read_question(state.contract, pk)
    if question is None:
        raise Http404
    if verb and verb not in project.verbs:
        raise PermissionDenied
    return project, state, question


@require_http_methods(["GET", "HEAD", "POST"])
def row_ask(request, reference, number, code):
    """Ask the other side about a row that it wrote."""
    project, state = get_contract(request.user, reference, number, WRITE)
    row = state.rows.get(code)
    if row is None:
        raise Http404
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            question = actions.ask_about_row(
                state.contract, code, words=form.cleaned_data["words"], actor=request.user, at=timezone.now()
            )
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(state.contract)
        else:
            messages.success(request, _("The other side is asked. We tell them."))
            return redirect(question)
    status = 422 if request.method == "POST" else 200
    others = opposite(state, state.side_of(project.acting.organisation))
    return page(request, "row_ask", project, state, form=form, row=row, others=others, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def question_detail(request, reference, number, pk):
    """A question with its answer; for who owes the answer a form for it, for who asked one to ask again."""
    verb = WRITE if request.method == "POST" else None
    project, state, question = get_question(request.user, reference, number, pk, verb)
    own, at = project.acting.organisation, timezone.now()
    is_open = state.contract.signed_at is None and project.stage not in actions.OVER
    may = is_open and WRITE in project.verbs and question.ended_at is None
    asks = state.side_of(own) == question.side
    answers = may and waits_for_answer_of(question, state, own)
    asks_again = may and asks and question.is_answered
    form = None
    if answers or asks_again or request.method == "POST":
        form = (QuestionForm if asks else ReplyForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _sent(request, question, form, asks)
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(question)
    country = (
        question.answered_for or next(iter(opposite(state, question.side)), question.organisation)
    ).country
    return page(
        request,
        "question_detail",
        project,
        state,
        form=form if answers or asks_again or request.method == "POST" else None,
        question=question,
        about=about_of(question),
        row=state.rows.get(question.row),
        item=next((line.item for line in state.checklist.lines if line.item.code == question.item), None),
        days=words_of_days(question, at=at, country=country),
        answers=answers,
        asks_again=asks_again,
        may_settle=may and asks,
        is_open=is_open,
        earlier=asked_before(question),
        status=422 if request.method == "POST" else 200,
    )


def _sent(request, question, form, asks):
    if asks:
        following = actions.ask_question_again(
            question, words=form.cleaned_data["words"], actor=request.user, at=timezone.now()
        )
        messages.success(request, _("The other side is asked again. We tell them."))
        return redirect(following)
    actions.answer_question(
        question, answer=form.cleaned_data["answer"], actor=request.user, at=timezone.now()
    )
    messages.success(request, _("Your answer is sent. They say whether they understand it now."))
    return redirect(question)


@require_POST
def question_settle(request, reference, number, pk):
    """The asking side understands now."""
    _project, state, question = get_question(request.user, reference, number, pk, WRITE)
    try:
        actions.settle_question(question, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect(question)
    if question.row:
        messages.success(request, _("The question is settled. Confirm the row, if you understand all of it."))
    else:
        messages.success(request, _("The question is settled. Say now whether the item is met."))
    return redirect(state.contract)

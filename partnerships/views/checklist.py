"""The checklist of a contract: read by every partner, answered by either side; and the kind that it follows from."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.actions import contract as actions
from partnerships.contract import contradicted, fingerprints
from partnerships.forms.checklist import ChecklistForm, KindForm
from partnerships.how_we_work import who_pays_for_advice
from partnerships.models import Contract, Participation
from partnerships.questions import read_questions
from partnerships.rulesets.contract_help import contract_help
from partnerships.views.contract import changing, get_contract, page


def get_checklist(person, reference, number, verb=None):
    """Find a contract that has a checklist, for somebody who acts for a partner.

    Raises:
        Http404: there is no such contract for this person, or it was begun without a rule set.
        PermissionDenied: they may read it, and may not do this.
    """
    project, state = get_contract(person, reference, number, verb)
    if not state.checklist:
        raise Http404
    return project, state


@require_safe
def checklist_detail(request, reference, number):
    project, state = get_checklist(request.user, reference, number)
    is_open = state.contract.signed_at is None and project.stage not in actions.OVER
    return page(
        request,
        "checklist_detail",
        project,
        state,
        checklist=state.checklist,
        questions=[one for one in read_questions(state.contract) if one.item and one.ended_at is None],
        may_write=is_open and "write_contract" in project.verbs,
        contradicted=contradicted(state.checklist),
        help=contract_help(),
        advice=who_pays_for_advice(
            one.organisation for one in state.partners if one.side == Participation.Side.COMPANY
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_answer(request, reference, number, code):
    """One part of the checklist as a form."""
    project, state = get_checklist(request.user, reference, number, "write_contract")
    section = next((one for one in state.checklist.sections if one.part.code == code), None)
    if section is None:
        raise Http404
    names = {line.item.code: line.item.name for line in section.lines}
    form = ChecklistForm(
        request.POST or None,
        section=section,
        read=fingerprints({code: said for code, said in state.checklist.said.items() if code in names}),
    )

    def save(form, read, knows):
        try:
            actions.answer_checklist(
                state.contract, said=form.values(), read=read, actor=request.user, at=timezone.now()
            )
        except actions.CannotAnswer as error:
            form.refuse(error)

    return changing(
        request, project, state, form, save,
        name="checklist_answer",
        now=lambda state: state.checklist.said,
        labels=names.get,
        to=reverse("partnerships:checklist_detail", args=[reference, number]),
        shown=lambda place, said: said.shown,
        section_shown=section,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def contract_kind(request, reference, number):
    """Change the kind of a contract: what that brings with it is said before."""
    project, state = get_contract(request.user, reference, number, "write_contract")
    contract, rules = state.contract, state.checklist.rules
    form = KindForm(
        request.POST or None,
        kind=contract.type,
        rules=rules,
        read=fingerprints({"type": contract.type}),
        knows=state.clears,
    )

    def save(form, read, knows):
        actions.change_kind(
            contract,
            kind=form.cleaned_data["type"],
            reason=form.cleaned_data["reason"],
            read=read,
            knows=knows,
            actor=request.user,
            at=timezone.now(),
        )

    return changing(
        request, project, state, form, save,
        name="contract_kind",
        now=lambda state: {"type": state.contract.type},
        labels=lambda place: _("Kind of contract"),
        contradicted=contradicted(state.checklist),
        kinds=kinds_of(rules, contract.type),
    )  # fmt: skip


def kinds_of(rules, now):
    """What each kind brings with it, the present one first."""
    labels = dict(Contract.Type.choices)
    kinds = sorted(rules.kinds if rules else (), key=lambda kind: kind.code != now)
    return [
        {
            "label": labels[kind.code],
            "is_now": kind.code == now,
            "duties": [duty.text for duty in kind.duties],
            "required": len(kind.required),
        }
        for kind in kinds
    ]

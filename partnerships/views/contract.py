"""The contract of a project: what it says, where it lies, its files, its signatures. Agencies see nothing of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import subject_of
from accounts.days import local_day
from accounts.models import Event
from partnerships.access import partner_project
from partnerships.actions import contract as actions
from partnerships.comments import comments_of
from partnerships.confirmations import rows_for
from partnerships.contract import (
    changed_answers,
    changed_terms,
    contradicted,
    dropped_contracts,
    fingerprints,
    has_others,
    open_contract,
    read_contract,
    shown_terms,
    where_it_lies,
    words_of_term,
)
from partnerships.contract_days import reads_until
from partnerships.forms.contract import (
    RowsForm,
    SendForm,
    TermsForm,
    as_text,
)
from partnerships.how_we_work import promised_turn_days
from partnerships.interests import undeclared_of, undeclared_words
from partnerships.models import Contract, ContractRow, ContractWording
from partnerships.plain_words import shown_rows
from partnerships.questions import read_questions, shown_questions
from partnerships.side_by_side import amended, shown_elsewhere, side_by_side
from partnerships.versions import new_to
from partnerships.views.project import show

REFUSALS = (actions.ContractIsClosed, actions.CannotSign, actions.CannotSendContract)


class NotStarted(Http404):
    """Nobody has started the first contract of this project yet, or this one was dropped: the list says so."""


def get_contract(person, reference, number, verb=None):
    """Find a contract for somebody who acts for a partner, and read it.

    Raises:
        Http404: there is no such contract for this person; NotStarted when it is the first one, or was dropped.
        PermissionDenied: they may read it, and may not do this.
    """
    project = partner_project(person, reference)
    contract = project.contracts.select_related("amends").filter(number=number).first()
    if contract is None:
        dropped = {event.detail["number"] for event in dropped_contracts(project)}
        raise NotStarted if number == 1 or number in dropped else Http404
    if verb and verb not in project.verbs:
        raise PermissionDenied
    contract.project = project
    return project, read_contract(contract, partners=project.partners)


def page(request, name, project, state, *, status=200, **context):
    """A page of one contract."""
    return show(
        request,
        f"partnerships/{name}.html",
        project,
        section="contract",
        contract=state.contract,
        state=state,
        organisation=project.acting.organisation,
        side_by_side=side_by_side(state),
        status=status,
        **context,
    )


@require_safe
def contract_list(request, reference):
    """Leads to the one contract; lists several, and those that were dropped; says how to start one."""
    project = partner_project(request.user, reference)
    contracts = list(project.contracts.select_related("amends").order_by("number"))
    dropped = list(dropped_contracts(project).select_related("actor", "organisation"))
    if len(contracts) == 1 and not dropped:
        return redirect("partnerships:contract_detail", reference, contracts[0].number)
    return show(
        request,
        "partnerships/contract_list.html",
        project,
        section="contract",
        contracts=contracts,
        dropped=dropped,
        may_start=may_start(project, contracts),
        too_early=project.stage in ("shape", "agree"),
    )


def may_start(project, contracts):
    return (
        "write_contract" in project.verbs
        and project.stage in actions.MAY_START
        and all(contract.signed_at for contract in contracts if contract.amends_id is None)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contract_add(request, reference):
    project = partner_project(request.user, reference, "write_contract")
    started = open_contract(project)
    if started is not None:
        return redirect("partnerships:contract_detail", reference, started.number)
    organisation = project.acting.organisation
    initial = {"title": project.title, "starts_on": project.starts_on, "ends_on": project.ends_on}
    form = TermsForm(request.POST or None, initial=initial, country=organisation.country)
    if request.method == "POST" and form.is_valid():
        try:
            contract = actions.start_contract(
                project, values=form.values(), actor=request.user, at=timezone.now()
            )
        except actions.CannotStartContract as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The contract is started. Next: its plain words and its file."))
            return redirect("partnerships:contract_detail", reference, contract.number)
    return show(
        request,
        "partnerships/contract_add.html",
        project,
        section="contract",
        form=form,
        may_start=project.stage in actions.MAY_START,
        signed=project.contracts.exclude(signed_at=None).filter(amends=None).order_by("number").first(),
        status=422 if request.method == "POST" else 200,
    )


@require_safe
def contract_detail(request, reference, number):
    try:
        project, state = get_contract(request.user, reference, number)
    except NotStarted:
        # Where the turn to start one leads.
        return redirect("partnerships:contract_list", reference)
    contract, own, at = state.contract, project.acting.organisation, timezone.now()
    is_open = contract.signed_at is None and project.stage not in actions.OVER
    days = {side: state.days_of_side(side, at=at) for side in ("group", "company")}
    with_us = state.turn is not None and state.turn.organisation_id == own.pk
    promised = promised_turn_days(state.turn.organisation_id) if state.turn else None
    may_write = is_open and "write_contract" in project.verbs
    missing = state.missing_in_short() if is_open else []
    may_sign = is_open and "record_signature" in project.verbs and own.pk not in state.signatures
    waits = is_open and own.pk not in state.signatures
    questions = read_questions(contract)
    undeclared = undeclared_words(undeclared_of(project, own)) if waits else ""
    return page(
        request,
        "contract_detail",
        project,
        state,
        sentence=where_it_lies(state, own=own, at=at, promised=promised),
        days=days,
        total=max(sum(days.values()), 1),
        read_by=reads_until(state.turn, project) if is_open and state.turn else None,
        changed=new_to(own.pk, state.versions, state.turns) if is_open else None,
        with_us=with_us,
        own=own,
        sender=state.turns[-2].organisation if state.turn and len(state.turns) > 1 else None,
        missing=missing,
        checklist=state.checklist,
        contradicted=contradicted(state.checklist),
        terms=shown_terms(state, changing_kind=may_write),
        words=shown_rows(state, own, questions, is_open=is_open, may_write=may_write),
        questions=shown_questions(questions, state, own, at=at, is_open=is_open),
        may_confirm_rows=may_write and bool(rows_for(own, state.rows.values(), state.partners)),
        signed=[
            (partner, signature, signature is not None and state.may_confirm(signature, own))
            for partner in state.partners
            for signature in [state.signatures.get(partner.organisation_id)]
        ],
        may_confirm=is_open and "record_signature" in project.verbs,
        is_open=is_open,
        may_write=may_write,
        may_give=is_open and with_us and "write_contract" in project.verbs,
        may_send=is_open and with_us and len(state.organisations) > 1 and "write_contract" in project.verbs,
        may_sign=may_sign and not missing and not undeclared and project.stage not in ("shape", "agree"),
        undeclared=undeclared,
        # Whoever added the version reads on the page who approves it.
        may_approve=is_open and "approve_contract" in project.verbs and own in state.approvers,
        registration=registration_of(state),
        may_take_back=is_open and "record_signature" in project.verbs and own.pk in state.signatures,
        may_drop=is_open and "write_contract" in project.verbs and state.may_be_dropped_by(own),
        amended=amended(contract),
        may_amend=(
            contract.signed_at is not None
            and "write_contract" in project.verbs
            and project.stage in actions.MAY_START
        ),
        # What is cleared when an amendment takes up another one.
        knows=",".join(state.clears),
        has_others=has_others(contract),
        today=local_day(at, project.zone),
    )


def registration_of(state):
    """What the approver is registered as, in words; "" without an approval."""
    if state.approval is None:
        return ""
    return state.checklist.rules.approval.registrations.get(state.approval.registration, "")


# Changing it ----------------------------------------------------------------------------------------


def changing(
    request, project, state, form, save, *, name, now, labels, to=None, shown=words_of_term, **context
):
    """Save what a form says; show both texts when somebody changed the same, and ask before signatures go.

    Arguments:
        save: `(form, read, knows)` → anything.
        now: what stands, by the names of the form's fields.
        labels: the name of a field as people read it.
        to: where it goes on; to the contract without it.
        shown: `(field, value)` → the value as people read it.
        context: what else the page shows.
    """
    contract = state.contract
    if request.method == "POST" and form.is_valid():
        try:
            save(form, form.cleaned_data["read"], form.cleaned_data["knows"])
        except actions.ChangedSince as error:
            return conflict(
                request, project, contract, form, error,
                name=name, now=now, labels=labels, shown=shown, **context,
            )  # fmt: skip
        except actions.ClearsSignatures as error:
            return ask_again(request, project, contract, form, error, name=name, **context)
        except actions.ChangedElsewhere as error:
            return changed_elsewhere(request, project, contract, form, error, name=name, **context)
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(contract)
        else:
            # The form may have been refused while it was saved: then it says why.
            if not form.errors:
                messages.success(request, _("Saved. Both sides see it."))
                return redirect(to or contract)
    status = 422 if request.method == "POST" else 200
    return page(request, name, project, state, form=form, status=status, **context)


def conflict(request, project, contract, form, error, *, name, now, labels, shown, **context):
    """Both texts side by side. What was typed is kept, and saving it again takes the other one's place knowingly."""
    state = read_contract(contract_again(contract, project), partners=project.partners)
    standing, wanted = now(state), form.values()
    marks = fingerprints(standing)
    read = form.cleaned_data["read"] | {place: marks[place] for place in error.places}
    compared = [
        {
            "label": labels(place),
            "theirs": shown(place, standing[place]),
            "mine": shown(place, wanted[place]),
        }
        for place in error.places
    ]
    again = typed_again(form, request.POST, read=as_text(read))
    for place in error.places:
        again.add_error(place, _("Somebody changed this meanwhile. Choose what to keep."))
    return page(request, name, project, state, form=again, compared=compared, status=409, **context)


def changed_elsewhere(request, project, contract, form, error, *, name, **context):
    """Another open amendment changes the same: both texts, and what was typed is kept. Only one of the two can."""
    state = read_contract(contract_again(contract, project), partners=project.partners)
    elsewhere = shown_elsewhere(error.found, state, form.values())
    for row in elsewhere:
        words = _("The amendment “{title}” changes this, too. It says: {words}").format(
            title=row["amendment"].title, words=row["theirs"] or _("nothing")
        )
        form.add_error(row["place"], words)
    return page(request, name, project, state, form=form, elsewhere=elsewhere, status=409, **context)


def ask_again(request, project, contract, form, error, *, name, **context):
    """Somebody signed or approved meanwhile: say so before that goes."""
    state = read_contract(contract_again(contract, project), partners=project.partners)
    knows = ",".join(state.clears)
    again = typed_again(form, request.POST, knows=knows)
    again.add_error(None, str(error))
    return page(request, name, project, state, form=again, status=409, **context)


def contract_again(contract, project):
    fresh = get_object_or_404(Contract, pk=contract.pk)
    fresh.project = project
    return fresh


def typed_again(form, data, **hidden):
    """The same form with what was typed, knowing more."""
    data = data.copy()
    for name, value in hidden.items():
        data[name] = value
    form.data = data
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def contract_edit(request, reference, number):
    project, state = get_contract(request.user, reference, number, "write_contract")
    form = TermsForm(
        request.POST or None,
        initial=state.terms,
        read=fingerprints(state.terms),
        knows=state.clears,
        country=project.acting.organisation.country,
        with_kind=False,
    )

    def save(form, read, knows):
        actions.edit_contract(
            state.contract,
            values=form.values(),
            read=read,
            knows=knows,
            actor=request.user,
            at=timezone.now(),
        )

    return changing(
        request, project, state, form, save,
        name="contract_edit", now=lambda state: state.terms, labels=lambda place: form.fields[place].label,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def rows_write(request, reference, number):
    project, state = get_contract(request.user, reference, number, "write_contract")
    form = RowsForm(
        request.POST or None,
        initial=state.words,
        read=fingerprints(state.words),
        knows=state.clears,
        rows=state.rows,
    )

    def save(form, read, knows):
        actions.write_rows(
            state.contract, texts=form.values(), read=read, knows=knows, actor=request.user, at=timezone.now()
        )

    return changing(
        request, project, state, form, save,
        name="rows_write", now=lambda state: state.words, labels=lambda place: ContractRow.Code(place).label,
    )  # fmt: skip


@require_safe
def contract_history(request, reference, number):
    """Every wording of the rows, and every change of the terms."""
    project, state = get_contract(request.user, reference, number)
    wordings = ContractWording.objects.filter(row__contract=state.contract).select_related(
        "row", "organisation", "written_by"
    )
    by_row = {code.value: [] for code in ContractRow.Code}
    for wording in wordings.order_by("-pk"):
        by_row[wording.row.code].append(wording)
    remarked = {}
    for comment in comments_of(state.contract):
        remarked.setdefault(comment.row.code, []).append(comment)
    events = Event.objects.filter(
        subject=subject_of(state.contract),
        verb__in=["contract.changed", "contract.kind_changed", "contract.checked"],
    )
    events = list(events.select_related("actor", "organisation").order_by("-at", "-pk"))
    return page(
        request,
        "contract_history",
        project,
        state,
        rows=[
            (ContractRow.Code(code).label, found, remarked.get(code, []))
            for code, found in by_row.items()
            if found or code in remarked
        ],
        changes=[
            {"event": event, "terms": changed_terms(event.detail), "why": event.detail.get("why", "")}
            for event in events
            if event.verb != "contract.checked"
        ],
        checked=[
            {"event": event, "items": changed_answers(event.detail, state.checklist)}
            for event in events
            if event.verb == "contract.checked"
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contract_send(request, reference, number):
    project, state = get_contract(request.user, reference, number, "write_contract")
    own = project.acting.organisation_id
    partners = [organisation for organisation in state.organisations if organisation.pk != own]
    if not partners or state.turn is None:
        messages.error(request, _("There is nobody to send it to."))
        return redirect(state.contract)
    form = SendForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_contract(
                state.contract,
                to=form.to(),
                note=form.cleaned_data["note"],
                actor=request.user,
                at=timezone.now(),
            )
        except REFUSALS as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("The contract is with {name} now. We tell them.").format(name=form.to().name)
            )
        return redirect(state.contract)
    status = 422 if request.method == "POST" else 200
    return page(request, "contract_send", project, state, form=form, partners=partners, status=status)

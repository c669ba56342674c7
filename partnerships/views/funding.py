"""Requests for funding: asked for or proposed, sent, answered, taken back. Both sides have the same pages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import get_organisation
from accounts.actions import CannotCheckBank, record_bank_check
from accounts.models import Organisation
from partnerships.actions import funding as actions
from partnerships.forms.funding import AnswerForm, FundingForm, SendForm, TakeBackForm
from partnerships.forms.plan import PartForm
from partnerships.funding import (
    CODES,
    VERB,
    headline_of,
    mark_of,
    missing_parts,
    promised_to_answer,
    read_request,
    status_of,
    today_for,
    where_it_lies,
    who_may_request,
)
from partnerships.models import FundingRequest, FundingStep
from partnerships.rulesets.plan import part_of, rows_of
from partnerships.views.funding_shown import turn_of
from partnerships.views.how_we_work import known_organisation
from partnerships.views.project import posted

State, Kind = FundingRequest.State, FundingStep.Kind
ROWS = 50


def get_request(person, reference, verb=None):
    """Find a request of which this person may know, as they read it.

    Raises:
        Http404: there is none for them.
        PermissionDenied: they may read it, and not do this.
    """
    # PostgreSQL takes no NUL, and no reference holds one.
    if "\0" in reference:
        raise Http404
    rows = FundingRequest.objects.visible_to(person).select_related(
        "sender", "receiver", "project", "written_by"
    )
    request = get_object_or_404(rows, reference=reference)
    shown = read_request(request, person, timezone.now())
    if verb and verb not in shown.verbs:
        raise PermissionDenied
    return shown


def page(request, name, shown, *, form=None, status=None, **context):
    status = status or (422 if request.method == "POST" else 200)
    context |= {
        "shown": shown,
        "funding": shown.request,
        "headline": headline_of(shown.request),
        "form": form,
    }
    return render(request, f"partnerships/{name}.html", context, status=status)


@require_safe
def funding_list(request, slug):
    """The requests of one's own organisation: those that wait for somebody first, then drafts, then what is settled."""
    organisation = get_organisation(request.user, slug)
    if organisation.kind == Organisation.Kind.AGENCY:
        raise Http404
    rows = FundingRequest.objects.of(organisation)
    wanted = request.GET.get("partner", "").replace("\0", "")
    if wanted:
        rows = rows.filter(Q(sender__slug=wanted) | Q(receiver__slug=wanted))
    rank = Case(
        When(state=State.SENT, receiver=organisation, then=Value(1)),
        When(state=State.ASKED, sender=organisation, then=Value(1)),
        When(state__in=FundingRequest.OPEN, then=Value(2)),
        When(state=State.DRAFT, then=Value(3)),
        default=Value(4),
    )
    rows = rows.annotate(rank=rank).select_related("sender", "receiver").defer("parts")
    page_obj = Paginator(rows.order_by("rank", "-written_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    may_act = VERB in organisation.verbs
    shown = [
        {
            "request": one,
            "rank": one.rank,
            "other": one.other(organisation),
            "is_sender": one.sender_id == organisation.pk,
            "status": status_of(one, organisation, may_act=may_act),
        }
        for one in page_obj
    ]
    titles = {1: _("Your turn"), 2: _("Their turn"), 3: _("Drafts"), 4: _("Settled")}
    if not may_act:
        titles[1] = _("Your organisation’s turn")
    parts = [(title, [row for row in shown if row["rank"] == rank]) for rank, title in titles.items()]
    return render(
        request,
        "partnerships/funding_list.html",
        {
            "organisation": organisation,
            "parts": parts,
            "ours": len(parts[0][1]),
            "page_obj": page_obj,
            "may_act": may_act,
            # Named only where there is something between the two: others are nobody to know of.
            "partner": shown[0]["other"] if wanted and shown else None,
            "is_filtered": bool(wanted),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def funding_add(request, slug):
    """Start to ask this organisation for funding, or to propose it."""
    receiver = known_organisation(request.user, slug)
    senders = who_may_request(request.user, receiver)
    if not senders:
        raise PermissionDenied
    form = FundingForm(posted(request), organisations=senders)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_request(
                form.cleaned_data["title"],
                sender=form.organisation(),
                receiver=receiver,
                actor=request.user,
                at=timezone.now(),
                reference=form.cleaned_data["once"],
            )
        except actions.CannotRequest as error:
            form.add_error(None, str(error))
        else:
            return redirect(made)
    return render(
        request,
        "partnerships/funding_add.html",
        {"form": form, "receiver": receiver, "is_proposal": receiver.kind == Organisation.Kind.GROUP},
        status=422 if request.method == "POST" else 200,
    )


@require_safe
def funding_detail(request, reference):
    shown = get_request(request.user, reference)
    funding, at = shown.request, shown.at
    context = {}
    if shown.steps:
        sentence, spent = where_it_lies(shown, promised=promised_to_answer(funding.receiver_id))
        days = {one.kind: spent[one.pk] for one in (funding.sender, funding.receiver)}
        context = {
            "sentence": sentence,
            "group_days": days["group"],
            "company_days": days["company"],
            "total": max(sum(days.values()), 1),
        }
    return page(
        request,
        "funding_detail",
        shown,
        turn=turn_of(shown, today_for(funding, at)),
        missing=missing_parts(funding) if shown.may_write else [],
        may_check_bank=may_check_bank(shown),
        **context,
    )


def may_check_bank(shown):
    """Whether its reader may say that they have checked the group's bank details: whoever pays a group that asks."""
    other = shown.other
    return bool(
        shown.may_act
        and shown.own.kind == Organisation.Kind.COMPANY
        and shown.steps
        and shown.request.state != State.WITHDRAWN
        and other.legal_name
        and other.bank_checked_for_id != shown.own.pk
    )


@require_POST
def funding_bank_check(request, reference):
    """The company says that it has checked to whom the group's bank account belongs."""
    shown = get_request(request.user, reference, VERB)
    if shown.own.kind != Organisation.Kind.COMPANY or not shown.steps:
        raise PermissionDenied
    try:
        record_bank_check(shown.other, checked_for=shown.own, actor=request.user, at=timezone.now())
    except CannotCheckBank as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Written down. It is part of their profile from now on."))
    return redirect(shown.request)


@require_http_methods(["GET", "HEAD", "POST"])
def funding_part(request, reference, code):
    """One part, written while it is a draft, or after a question."""
    shown = get_request(request.user, reference, VERB)
    if code not in CODES or not shown.is_sender:
        raise Http404
    if not shown.may_write:
        return redirect(shown.request)
    later = "later" in request.POST
    form = part_form(shown, code, posted(request), draft=later)
    if request.method == "POST" and form.is_valid():
        try:
            funding = actions.write_request(
                shown.request,
                code,
                values=form.values(),
                base=form.cleaned_data["base"],
                actor=request.user,
                at=timezone.now(),
            )
        except actions.ChangedMeanwhile:
            return conflict(request, reference, code, form)
        except actions.CannotRequest as error:
            # Sent or thrown away by a colleague: what was written stays here, to be copied.
            form.add_error(None, str(error))
        else:
            if later:
                messages.success(request, _("Saved. Carry on whenever you like."))
            return redirect(funding if later else next_url(funding))
    return page(request, "funding_part", shown, form=form, rule=part_of(code))


def part_form(shown, code, data, *, draft=False):
    funding = shown.request
    return PartForm(
        data,
        rule=part_of(code),
        values=funding.values_of(code),
        version=funding.version_of(code),
        draft=draft,
        today=today_for(funding, shown.at),
        country=shown.own.country,
    )


def conflict(request, reference, code, form):
    """A colleague wrote the part meanwhile: both texts, nothing lost."""
    shown = get_request(request.user, reference, VERB)
    data = request.POST.copy()
    data["base"] = shown.request.version_of(code)
    again = part_form(shown, code, data)
    again.is_valid()
    theirs = shown.request.values_of(code)
    rows = rows_of(part_of(code), form.values(), theirs)
    return page(
        request,
        "funding_part",
        shown,
        form=again,
        rule=part_of(code),
        rows=rows,
        is_conflict=True,
        status=409,
    )


def next_url(funding):
    """The first part that is not complete; the page to send it when all are."""
    for part in missing_parts(funding):
        return reverse("partnerships:funding_part", args=[funding.reference, part.code])
    return reverse("partnerships:funding_send", args=[funding.reference])


@require_http_methods(["GET", "HEAD", "POST"])
def funding_send(request, reference):
    """All of it once more, with the profile, before it goes to the other side."""
    shown = get_request(request.user, reference, VERB)
    funding = shown.request
    if not shown.is_sender:
        raise PermissionDenied
    if request.method != "POST" and (not shown.may_write or missing_parts(funding)):
        return redirect(funding)
    form = SendForm(posted(request), read=mark_of(funding), question=funding.state == State.ASKED)
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_request(
                funding,
                read=form.cleaned_data["read"],
                words=form.cleaned_data["words"],
                actor=request.user,
                at=timezone.now(),
            )
        except actions.CannotRequest as error:
            form.add_error(None, str(error))
            # What is on the page now is what the next press sends.
            shown = get_request(request.user, reference, VERB)
            put(form, "read", mark_of(shown.request))
        else:
            messages.success(request, _("Sent. {name} is told.").format(name=funding.receiver.name))
            return redirect(funding)
    return page(request, "funding_send", shown, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def funding_answer(request, reference):
    """Yes, no, or a question."""
    shown = get_request(request.user, reference, VERB)
    funding = shown.request
    if shown.is_sender:
        raise PermissionDenied
    if request.method != "POST" and not shown.may_answer:
        return redirect(funding)
    number = shown.sent.number
    form = AnswerForm(posted(request), read=number, today=today_for(funding, shown.at))
    if request.method == "POST" and form.is_valid():
        try:
            after = actions.answer_request(
                funding, **form.cleaned_data, actor=request.user, at=timezone.now()
            )
        except actions.ChangedMeanwhile as error:
            form.add_error(None, str(error))
            put(form, "read", number)
        except actions.CannotRequest as error:
            form.add_error(None, str(error))
        else:
            return answered(request, after)
    return page(request, "funding_answer", shown, form=form, promised=promised_to_answer(funding.receiver_id))


def put(form, name, value):
    """Let a form that was sent carry another value when it is shown again."""
    form.data = form.data.copy()
    form.data[name] = value


def answered(request, funding):
    if funding.state == State.ACCEPTED:
        messages.success(request, _("It is a project now. Its plan is filled in, and they are told."))
        return redirect(funding.project)
    messages.success(request, _("Your answer is sent. {name} is told.").format(name=funding.sender.name))
    return redirect(funding)


@require_http_methods(["GET", "HEAD", "POST"])
def funding_withdraw(request, reference):
    """Take back what was sent, or throw a draft away."""
    shown = get_request(request.user, reference, VERB)
    funding = shown.request
    if not shown.is_sender:
        raise PermissionDenied
    if request.method != "POST" and not shown.may_withdraw:
        return redirect(funding)
    is_draft = funding.state == State.DRAFT
    form = TakeBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            if is_draft:
                actions.drop_request(funding, actor=request.user, at=timezone.now())
            else:
                actions.withdraw_request(
                    funding, words=form.cleaned_data["words"], actor=request.user, at=timezone.now()
                )
        except actions.CannotRequest as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The draft is gone.") if is_draft else _("Taken back. They are told.")
            )
            if is_draft:
                return redirect("partnerships:funding_list", funding.sender.slug)
            return redirect(funding)
    return page(request, "funding_withdraw", shown, form=form, is_draft=is_draft)

"""How an organisation works, for everybody who may know the organisation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files import as_attachment
from accounts.models import Organisation
from accounts.permissions import GRANTS
from partnerships.actions import how_we_work as actions
from partnerships.funding import who_may_request
from partnerships.how_we_work import (
    checked_words,
    contract_line,
    in_days,
    read_published,
    typical_of,
)
from partnerships.measured import Measured, measured_for
from partnerships.models import FileState, WorkStep
from partnerships.permissions import organisations_known_to
from partnerships.views.papers import paper

NOTHING_MEASURED = Measured()


def known_organisation(person, slug):
    """An organisation of which this person may know; of those that were merged, the one that was kept.

    Raises:
        Http404
    """
    known = organisations_known_to(person)
    kept = (
        Organisation.objects.filter(slug=slug).exclude(merged_into=None).values_list("merged_into", flat=True)
    )
    found = known.filter(slug=slug).first() or known.filter(pk__in=kept).first()
    if found is None:
        raise Http404
    return found


def context_of(work, *, at, measured=NOTHING_MEASURED):
    """What a page or a file says about how an organisation works.

    Arguments:
        measured: the days, where the reader may know them.
    """
    page = work.page
    checked, is_stale = checked_words(page, at=at) if page.number else ("", False)
    return {
        "work": work,
        "page": page,
        "organisation": work.organisation,
        "contract_line": contract_line(page.contract_days, measured.contracts),
        "steps": [
            {
                "step": step,
                "days": in_days(step.days) if step.days else "",
                "typical": typical_of(step, measured),
            }
            for step in work.steps
        ],
        "money": money_rows(work),
        "people": [
            (title, person)
            for title, person in ((_("Whom to ask"), work.contact), (_("In their place"), work.deputy))
            if person
        ],
        "checked": checked,
        "is_stale": is_stale,
    }


def days_told(person, work):
    """The measured days beside what is promised, where this person may know them."""
    promises_answers = any(step.measure == WorkStep.Measure.FUNDING for step in work.steps)
    return measured_for(person, work.organisation, answers=promises_answers)


def money_rows(work):
    """How to apply, what is paid for and how fast, as rows of a summary."""
    page = work.page
    not_said = _("Not said yet")
    rows = [
        (_("How to apply"), page.apply, not_said),
        (_("Never funded"), page.never_funded, not_said),
        (_("We pay for"), ", ".join(work.pays_for), not_said),
        (_("Nothing said about"), ", ".join(work.pays_not_for), _("Nothing: all of it is paid")),
        (
            _("Money is there in"),
            in_days(page.payment_days) if page.payment_days else "",
            _("No days promised"),
        ),
    ]
    if not work.pays_for:
        # Nobody has said what is paid: a list of what is not would say more than that.
        del rows[3]
    return [{"label": label, "value": value, "missing": "" if value else none} for label, value, none in rows]


def verbs_in_own(person, organisation):
    """What somebody may do in this organisation, if it is theirs."""
    roles = {membership.organisation_id: membership.role for membership in person.current_memberships}
    return GRANTS[roles[organisation.pk]] if organisation.pk in roles else set()


@require_safe
def how_we_work(request, slug):
    """The newest version; where there is none, a way to ask for one."""
    organisation = known_organisation(request.user, slug)
    if organisation.slug != slug:
        return redirect("partnerships:how_we_work", organisation.slug, permanent=True)
    work, at = read_published(organisation), timezone.now()
    may_write = "write_how_we_work" in verbs_in_own(request.user, organisation)
    is_own = any(one.organisation_id == organisation.pk for one in request.user.current_memberships)
    if work is None:
        askers = actions.who_may_ask(request.user, organisation)
        asked = actions.asked_lately(organisation, askers, at=at)
        return render(
            request,
            "partnerships/how_we_work_empty.html",
            {
                "organisation": organisation,
                "may_write": may_write,
                "is_own": is_own,
                "askers": [] if is_own else [asker for asker in askers if asker.pk not in asked],
                "asked": [asker for asker in askers if asker.pk in asked],
            },
        )
    context = context_of(work, measured=days_told(request.user, work), at=at)
    versions = organisation.how_we_work.published().order_by("-number")
    context |= {"may_write": may_write, "is_own": is_own, "versions": versions, "is_newest": True}
    context["may_request"] = bool(who_may_request(request.user, organisation))
    return render(request, "partnerships/how_we_work.html", context)


@require_safe
def how_we_work_version(request, slug, number):
    """One version as it was, without days that are measured now."""
    organisation = known_organisation(request.user, slug)
    work = read_published(organisation, number)
    if work is None:
        raise Http404
    newest = organisation.how_we_work.published().order_by("-number").first()
    context = context_of(work, at=timezone.now())
    context |= {"is_newest": newest == work.page, "is_version": True}
    return render(request, "partnerships/how_we_work.html", context)


@require_safe
def how_we_work_pdf(request, slug):
    """The newest version on one or two pages of paper."""
    organisation = known_organisation(request.user, slug)
    work = read_published(organisation)
    if work is None:
        raise Http404
    context = context_of(work, measured=days_told(request.user, work), at=timezone.now())
    return paper(
        request,
        "partnerships/how_we_work_pdf.html",
        context,
        file_name=f"how-we-work-{organisation.slug}.pdf",
        instead=reverse("partnerships:how_we_work", args=[organisation.slug]),
    )


@require_safe
def paper_file(request, slug, number, paper):
    """The template of a paper, as it was published."""
    organisation = known_organisation(request.user, slug)
    work = read_published(organisation, number)
    found = next((one for one in work.papers if one.number == paper), None) if work else None
    if found is None or not found.file or found.state != FileState.CLEAN:
        raise Http404
    return as_attachment(found.file, name=found.file_name, content_type=found.content_type)


@require_POST
def how_we_work_ask(request, slug):
    """Ask an organisation to say how it works, for one of one's own."""
    organisation = get_object_or_404(organisations_known_to(request.user), slug=slug)
    askers = actions.who_may_ask(request.user, organisation)
    wanted = request.POST.get("for", "")
    asker = next((one for one in askers if wanted in ("", one.slug)), None)
    if asker is None:
        raise PermissionDenied
    try:
        told = actions.ask_how_they_work(organisation, asked_for=asker, actor=request.user, at=timezone.now())
    except actions.CannotAsk as error:
        messages.error(request, str(error))
    else:
        words = (
            _("{name} is asked. They get a message.")
            if told
            else _("{name} was asked within the last 30 days.")
        )
        messages.success(request, words.format(name=organisation.name))
    return redirect("partnerships:how_we_work", organisation.slug)

"""Writing the joint conclusion with the pen: whole or part by part, handing it over, and when others wrote too."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.days import local_day
from accounts.models import Person
from accounts.templatetags.counterpart import form_errors
from evaluations.actions.conclusions import (
    ChangedSince,
    NotNow,
    NotYourTurn,
    save_conclusion,
    send_conclusion,
    signers,
)
from evaluations.actions.drafts import promise_offers
from evaluations.actions.written import fingerprint, standing
from evaluations.forms.conclusion import MINE, THEIRS, WITH_PROMISES, ConclusionForm
from evaluations.models import ConclusionPart
from evaluations.views.conclusion import get_conclusion, opened_project
from evaluations.views.conclusion_shown import ConclusionShown
from evaluations.views.crumbs import crumbs_of


def crumbs_with_conclusion(project):
    return crumbs_of(
        project, (_("Joint conclusion"), reverse("evaluations:conclusion_detail", args=[project.reference]))
    )


def make_form(project, conclusion, data=None, *, only=None) -> ConclusionForm:
    content = conclusion.content()
    return ConclusionForm(
        data,
        project=project,
        standing=standing(content, project.acting.organisation),
        drafted=[code for code, part in content["parts"].items() if part["drafted"]],
        offers=promise_offers(project),
        principles=project.principle_set.principles.all(),
        today=local_day(timezone.now(), project.zone),
        only=only,
    )


def writing_page(request, project, conclusion, form, *, only=None, status=200, conflicts=()):
    """The page to write on: everything, or one part of it."""
    shown = ConclusionShown(conclusion, project.acting.organisation)
    context = {
        "project": project,
        "organisation": project.acting.organisation,
        "verbs": project.verbs,
        "crumbs": crumbs_with_conclusion(project),
        "conclusion": conclusion,
        "form": form,
        "shown": shown,
        "conflicts": conflicts,
        "errors": form_errors(form),
    }
    if only is None:
        # What was refused is shown whole, however narrow the page: it holds what was typed.
        if not form.is_bound:
            context["parts"] = parts_to_write(project, shown)
        return render(request, "evaluations/conclusion_edit.html", context, status=status)
    codes = ConclusionPart.Code.values
    number = codes.index(only) + 1
    context |= {
        "code": only,
        "label": label_of(only),
        "number": number,
        "total": len(codes),
        "following": label_of(codes[number]) if number < len(codes) else "",
        "here": _("Part %(number)d") % {"number": number},
    }
    return render(request, "evaluations/conclusion_part.html", context, status=status)


def parts_to_write(project, shown) -> list[dict]:
    """The parts, each with its state and its own page: what a narrow page shows in place of the whole form."""
    missing = {place for place, _sentence in shown.missing}
    parts = []
    for code, part in shown.content["parts"].items():
        promises = len(shown.content["promises"]) if code == WITH_PROMISES else 0
        unfinished = code == WITH_PROMISES and any(place.startswith("promise-") for place in missing)
        if code in missing or unfinished:
            status, tone = (_("Not finished"), "turn") if unfinished else (_("Not written yet"), "plain")
        else:
            status, tone = (_("Draft"), "wait") if part["drafted"] else (_("Written"), "ok")
        hint = ngettext("With %(count)d promise", "With %(count)d promises", promises) % {"count": promises}
        if code == WITH_PROMISES and not promises:
            hint = _("Promises are here, too")
        parts.append(
            {
                "title": label_of(code),
                "url": reverse("evaluations:conclusion_part", args=[project.reference, code]),
                "hint": hint if code == WITH_PROMISES else "",
                "status": status,
                "tone": tone,
            }
        )
    return parts


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def conclusion_edit(request, reference):
    """Write, with the pen: the page, and keeping what was typed."""
    project = opened_project(request, reference, "write_conclusion")
    conclusion = get_conclusion(project)
    if request.method == "POST":
        return _keep(request, project, conclusion, send_to=None)
    if conclusion.pen != project.acting.organisation:
        return redirect("evaluations:conclusion_detail", reference)
    return writing_page(request, project, conclusion, make_form(project, conclusion))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def conclusion_part(request, reference, code):
    """Write one part with the pen, and go on to the next. The others stay as they are."""
    project = opened_project(request, reference, "write_conclusion")
    if code not in ConclusionPart.Code.values:
        raise Http404
    conclusion = get_conclusion(project)
    if request.method == "POST":
        return _keep(request, project, conclusion, send_to=None, only=code)
    if conclusion.pen != project.acting.organisation:
        return redirect("evaluations:conclusion_detail", reference)
    return writing_page(request, project, conclusion, make_form(project, conclusion, only=code), only=code)


@require_POST
def conclusion_send(request, reference):
    project = opened_project(request, reference, "write_conclusion")
    conclusion = get_conclusion(project)
    others = [one for one in signers(project) if one != project.acting.organisation]
    wanted = request.POST.get("to", "")
    only = others[0] if len(others) == 1 and not wanted else None
    to = next((one for one in others if str(one.pk) == wanted), only)
    if to is None:
        messages.error(request, _("Choose to whom it goes next."))
        return redirect("evaluations:conclusion_edit", reference)
    return _keep(request, project, conclusion, send_to=to)


def _keep(request, project, conclusion, *, send_to, only=None):
    """Keep what was typed, and hand it over where it goes to somebody. Nothing that was typed is ever lost."""
    # Only the text of a whole form is kept: a plain "send" button carries none.
    carried = f"{only or ConclusionPart.Code.WELL}_text" in request.POST
    form = make_form(project, conclusion, request.POST, only=only) if carried else None
    if form is not None and not form.is_valid():
        return writing_page(request, project, conclusion, form, only=only, status=422)
    written = form.written() if form is not None else None
    at = timezone.now()
    try:
        if send_to is not None:
            send_conclusion(conclusion, to=send_to, actor=request.user, at=at, written=written)
        elif written is not None:
            save_conclusion(conclusion, written, actor=request.user, at=at)
    except ChangedSince as clash:
        return _conflict_page(request, project, conclusion, form, clash.places, only=only)
    except (NotYourTurn, NotNow) as refusal:
        return _too_late_page(request, project, form, str(refusal))
    if send_to is not None:
        messages.success(
            request, _("Sent to %(name)s. They read it and sign, or change it.") % {"name": send_to}
        )
        return redirect("evaluations:conclusion_detail", project.reference)
    going_on = only is not None and "later" not in request.POST
    if going_on and (following := _after(only)):
        return redirect("evaluations:conclusion_part", project.reference, following)
    messages.success(request, _("Saved. Nobody else reads it until you send it."))
    return redirect("evaluations:conclusion_detail", project.reference)


def _after(code):
    """The part that comes after this one, if there is one."""
    codes = ConclusionPart.Code.values
    return next(iter(codes[codes.index(code) + 1 :]), None)


def _conflict_page(request, project, conclusion, form, places, *, only):
    """A colleague changed the same place: both texts, side by side, and every field as it was typed."""
    conclusion.refresh_from_db()
    fresh = make_form(project, conclusion, only=only)
    data = request.POST.copy()
    mine, stored_places = form.written().places(), fresh.standing.places()
    theirs = {place: stored_places[place] for place in fresh.places}
    for place, stored in theirs.items():
        untouched = place in mine and data.get(f"{place}_read") == fingerprint(mine[place])
        if untouched or place not in mine:
            fresh.fill(data, place, stored)
        data[f"{place}_read"] = fingerprint(stored)
        data.pop(f"{place}_keep", None)
    form = make_form(project, conclusion, data, only=only)
    conflicts = [
        {
            "id": f"conflict-{place}",
            "name": f"{place}_keep",
            "legend": label_of(place),
            "checked": MINE,
            "theirs": {"title": _("Your colleague’s"), "text": _in_words(theirs[place]), "value": THEIRS},
            "mine": {"title": _("Yours"), "text": _in_words(mine[place]), "value": MINE},
        }
        for place in places
    ]
    return writing_page(request, project, conclusion, form, only=only, status=409, conflicts=conflicts)


def _too_late_page(request, project, form, reason):
    """The pen has gone on, or everybody has signed: what was typed can't be kept, so it is shown to be copied."""
    typed = []
    if form is not None:
        stored = form.standing.places()
        typed = [
            {"label": label_of(place), "text": whole_words(words)}
            for place, words in form.written().places().items()
            if words != stored[place]
        ]
    context = {
        "project": project,
        "organisation": project.acting.organisation,
        "verbs": project.verbs,
        "crumbs": crumbs_with_conclusion(project),
        "reason": reason,
        "typed": typed,
    }
    return render(request, "evaluations/conclusion_too_late.html", context, status=409)


def label_of(place):
    if place.startswith("promise-"):
        return _("Promise %(number)s") % {"number": place.removeprefix("promise-")}
    return dict(ConclusionPart.Code.choices)[place]


def whole_words(words):
    """Everything that a part or a promise says, to be copied: the common words and the own view, whichever count."""
    if hasattr(words, "what"):
        return _in_words(words)
    return "\n".join(filter(None, [words.text, _in_words(words) if words.disagreed else words.view]))


def _in_words(words):
    """A part or a promise as text to compare."""
    if hasattr(words, "what"):
        owner = Person.objects.filter(pk=words.owner).first() if words.owner else None
        return "\n".join(filter(None, [words.what, str(owner or ""), str(words.due_on or "")]))
    if words.disagreed:
        return "\n".join([_("We don’t agree on this."), words.view])
    return words.text

"""The joint conclusion: reading it, writing it with the pen, handing it over, signing it."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import TemplateView

from accounts.days import local_day
from accounts.models import Organisation, Person
from accounts.templatetags.counterpart import form_errors
from evaluations.access import PartnerMixin, partner_project
from evaluations.actions.conclusions import (
    ChangedSince,
    NotNow,
    NotYourTurn,
    conclusion_due_on,
    fingerprint,
    save_conclusion,
    send_conclusion,
    signers,
    standing,
    start_conclusion,
)
from evaluations.actions.drafts import promise_offers
from evaluations.actions.signing import (
    ChangedSinceRead,
    NotASigner,
    NotReadyToSign,
    missing_from,
    sign_conclusion,
)
from evaluations.forms.conclusion import MINE, THEIRS, ConclusionForm
from evaluations.models import Conclusion, ConclusionPart
from evaluations.views.crumbs import crumbs_of
from partnerships.actions.stages import what_blocks
from principles.models import Principle


@dataclass(frozen=True)
class PartShown:
    code: str
    label: str
    text: str
    drafted: bool
    disagreed: bool
    public: bool
    views: list
    # What the reader's organisation last sent, where it differs.
    before: "PartShown | None" = None


@dataclass(frozen=True)
class PromiseShown:
    position: int
    what: str
    owner: Person | None
    organisation: Organisation | None
    due_on: dt.date | None
    principle: Principle | None
    is_new: bool = False


class ConclusionShown:
    """A conclusion as one organisation reads it: with the pen or signed as it stands, else as it was last handed over."""

    def __init__(self, conclusion: Conclusion, organisation: Organisation):
        self.conclusion = conclusion
        self.organisation = organisation
        turns = list(conclusion.turns.order_by("-pk")[:10])
        open_to_me = conclusion.is_open_to(organisation)
        self.last = last = turns[0] if turns else None
        self.content = conclusion.content() if open_to_me else (last.content if last else None)
        self.revision = conclusion.revision if open_to_me else (last.revision if last else None)
        mine = next((turn for turn in turns if turn.organisation_id == organisation.pk), None)
        changed_since = mine is not None and conclusion.signed_at is None and self.content is not None
        self.before = mine.content if changed_since else None
        self.sender = next((turn for turn in turns if turn.handed_to_id == organisation.pk), None)
        self.signers = signers(conclusion.project)
        self.signatures = {
            signature.organisation_id: signature
            for signature in conclusion.signatures.select_related("person", "organisation")
        }
        known = {one.pk: one for one in self.signers}
        self.organisations = known | {
            one.pk: one for one in Organisation.objects.filter(pk__in=self._mentioned() - set(known))
        }

    def _mentioned(self):
        content = self.content or {"parts": {}, "promises": []}
        said = {int(pk) for part in content["parts"].values() for pk in part["views"]}
        return said | {promise["organisation"] for promise in content["promises"] if promise["organisation"]}

    @property
    def parts(self):
        if self.content is None:
            return []
        labels = dict(ConclusionPart.Code.choices)
        shown = []
        for code, part in self.content["parts"].items():
            before = self.before["parts"].get(code) if self.before else None
            changed = before is not None and {**before, "drafted": 0} != {**part, "drafted": 0}
            shown.append(
                self._part(code, labels[code], part, self._part(code, "", before) if changed else None)
            )
        return shown

    def _part(self, code, label, part, before=None):
        views = [
            {
                "title": self.organisations[int(pk)].name,
                "text": text,
                "organisation": self.organisations[int(pk)],
            }
            for pk, text in part["views"].items()
        ]
        said = {view["organisation"].pk for view in views}
        views += [
            {"title": one.name, "text": "", "organisation": one} for one in self.signers if one.pk not in said
        ]
        views.sort(key=lambda view: view["organisation"] != self.organisation)
        return PartShown(
            code, label, part["text"], part["drafted"], part["disagreed"], part["public"], views, before
        )

    @property
    def promises(self):
        if self.content is None:
            return []
        rows = self.content["promises"]
        people = Person.objects.in_bulk({row["owner"] for row in rows if row["owner"]})
        principles = Principle.objects.in_bulk({row["principle"] for row in rows if row["principle"]})
        before = {row["position"]: row for row in self.before["promises"]} if self.before else None
        return [
            PromiseShown(
                position=row["position"],
                what=row["what"],
                owner=people.get(row["owner"]),
                organisation=self.organisations.get(row["organisation"]),
                due_on=dt.date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                principle=principles.get(row["principle"]),
                is_new=before is not None and before.get(row["position"]) != row,
            )
            for row in rows
        ]

    @property
    def missing(self):
        return missing_from(self.content) if self.content is not None else []

    @property
    def signing(self):
        """Every organisation that signs, with its signature or none."""
        return [(one, self.signatures.get(one.pk)) for one in self.signers]

    @property
    def signed_by_others(self):
        return [
            signature.organisation for pk, signature in self.signatures.items() if pk != self.organisation.pk
        ]

    @property
    def others(self):
        return [one for one in self.signers if one != self.organisation]

    @property
    def send_to(self):
        """Whom it can be sent to as it stands: nobody when they know these words already."""
        return self.others if self.last is None or self.last.revision != self.conclusion.revision else []

    @property
    def has_signed(self):
        return self.organisation.pk in self.signatures

    @property
    def may_sign(self):
        return self.organisation in self.signers and not self.has_signed and self.content is not None


def opened_project(request, reference, verb=None):
    """A project whose reviews have opened, for a partner.

    Raises:
        Http404: they have not.
    """
    project = partner_project(request.user, reference, verb)
    if project.reviews_opened_at is None:
        raise Http404
    return project


def get_conclusion(project) -> Conclusion:
    """Raises Http404 when none has been started."""
    conclusion = get_object_or_404(Conclusion.objects.select_related("pen", "started_by"), project=project)
    conclusion.project = project
    return conclusion


def reading_context(project) -> dict:
    """What the page of a conclusion shows, whatever its state."""
    organisation = project.acting.organisation
    conclusion = Conclusion.objects.filter(project=project).select_related("pen", "started_by").first()
    context = {
        "project": project,
        "organisation": organisation,
        "verbs": project.verbs,
        "crumbs": crumbs_of(project),
        "today": local_day(timezone.now(), project.zone),
        "due_on": conclusion_due_on(project),
        "conclusion": conclusion,
    }
    if conclusion is None:
        return context
    conclusion.project = project
    has_pen = conclusion.pen_id == organisation.pk
    return context | {
        "shown": ConclusionShown(conclusion, organisation),
        "has_pen": has_pen,
        "blocks": what_blocks(project) if conclusion.signed_at and project.stage == "learn" else [],
    }


@method_decorator(never_cache, name="dispatch")
class ConclusionDetail(PartnerMixin, TemplateView):
    template_name = "evaluations/conclusion_detail.html"

    def get(self, request, *args, **kwargs):
        if self.project.reviews_opened_at is None:
            raise Http404
        return self.render_to_response(self.get_context_data(**reading_context(self.project)))

    def get_context_data(self, **kwargs):
        return kwargs


@require_POST
def conclusion_start(request, reference):
    project = opened_project(request, reference, "write_conclusion")
    try:
        conclusion = start_conclusion(project, actor=request.user, at=timezone.now())
    except (NotNow, NotYourTurn) as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:conclusion_detail", reference)
    if conclusion.pen != project.acting.organisation:
        return redirect("evaluations:conclusion_detail", reference)
    return redirect("evaluations:conclusion_edit", reference)


def crumbs_with_conclusion(project):
    return crumbs_of(
        project, (_("Joint conclusion"), reverse("evaluations:conclusion_detail", args=[project.reference]))
    )


def make_form(project, conclusion, data=None) -> ConclusionForm:
    content = conclusion.content()
    return ConclusionForm(
        data,
        project=project,
        standing=standing(content, project.acting.organisation),
        drafted=[code for code, part in content["parts"].items() if part["drafted"]],
        offers=promise_offers(project),
        principles=project.principle_set.principles.all(),
        today=local_day(timezone.now(), project.zone),
    )


def writing_page(request, project, conclusion, form, *, status=200, conflicts=()):
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
    return render(request, "evaluations/conclusion_edit.html", context, status=status)


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


@require_POST
def conclusion_send(request, reference):
    project = opened_project(request, reference, "write_conclusion")
    conclusion = get_conclusion(project)
    others = [one for one in signers(project) if one != project.acting.organisation]
    wanted = request.POST.get("to", "")
    to = next((one for one in others if str(one.pk) == wanted), others[0] if len(others) == 1 else None)
    if to is None:
        messages.error(request, _("Choose to whom it goes next."))
        return redirect("evaluations:conclusion_edit", reference)
    return _keep(request, project, conclusion, send_to=to)


def _keep(request, project, conclusion, *, send_to):
    """Keep what was typed, and hand it over where it goes to somebody. Nothing that was typed is ever lost."""
    # Only the text of a whole form is kept: a plain "send" button carries none.
    form = make_form(project, conclusion, request.POST) if "well_text" in request.POST else None
    if form is not None and not form.is_valid():
        return writing_page(request, project, conclusion, form, status=422)
    written = form.written() if form is not None else None
    at = timezone.now()
    try:
        if send_to is not None:
            send_conclusion(conclusion, to=send_to, actor=request.user, at=at, written=written)
        elif written is not None:
            save_conclusion(conclusion, written, actor=request.user, at=at)
    except ChangedSince as clash:
        return _conflict_page(request, project, conclusion, form, clash.places)
    except (NotYourTurn, NotNow) as refusal:
        return _too_late_page(request, project, form, str(refusal))
    if send_to is not None:
        messages.success(
            request, _("Sent to %(name)s. They read it and sign, or change it.") % {"name": send_to}
        )
    else:
        messages.success(request, _("Saved. Nobody else reads it until you send it."))
    return redirect("evaluations:conclusion_detail", project.reference)


def _conflict_page(request, project, conclusion, form, places):
    """A colleague changed the same place: both texts, side by side, and every field as it was typed."""
    conclusion.refresh_from_db()
    fresh = make_form(project, conclusion)
    data = request.POST.copy()
    mine, theirs = form.written().places(), fresh.standing.places()
    for place, stored in theirs.items():
        untouched = place in mine and data.get(f"{place}_read") == fingerprint(mine[place])
        if untouched or place not in mine:
            fresh.fill(data, place, stored)
        data[f"{place}_read"] = fingerprint(stored)
        data.pop(f"{place}_keep", None)
    form = make_form(project, conclusion, data)
    conflicts = [
        {
            "id": f"conflict-{place}",
            "name": f"{place}_keep",
            "legend": _label_of(place),
            "checked": MINE,
            "theirs": {"title": _("Your colleague’s"), "text": _in_words(theirs[place]), "value": THEIRS},
            "mine": {"title": _("Yours"), "text": _in_words(mine[place]), "value": MINE},
        }
        for place in places
    ]
    return writing_page(request, project, conclusion, form, status=409, conflicts=conflicts)


def _too_late_page(request, project, form, reason):
    """The pen has gone on, or everybody has signed: what was typed can't be kept, so it is shown to be copied."""
    typed = []
    if form is not None:
        stored = form.standing.places()
        typed = [
            {"label": _label_of(place), "text": _in_words(words)}
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


def _label_of(place):
    if place.startswith("promise-"):
        return _("Promise %(number)s") % {"number": place.removeprefix("promise-")}
    return dict(ConclusionPart.Code.choices)[place]


def _in_words(words):
    """A part or a promise as text to compare."""
    if hasattr(words, "what"):
        owner = Person.objects.filter(pk=words.owner).first() if words.owner else None
        return "\n".join(filter(None, [words.what, str(owner or ""), str(words.due_on or "")]))
    if words.disagreed:
        return "\n".join([_("We don’t agree on this."), words.view])
    return words.text


@require_POST
def conclusion_sign(request, reference):
    project = opened_project(request, reference, "sign_conclusion")
    conclusion = get_conclusion(project)
    revision = request.POST.get("revision", "")
    if not (revision.isdecimal() and len(revision) < 9):
        raise Http404
    try:
        signed = sign_conclusion(conclusion, revision=int(revision), actor=request.user, at=timezone.now())
    except NotReadyToSign as refusal:
        errors = [{"anchor": f"part-{place}", "text": sentence} for place, sentence in refusal.missing]
        return render(
            request,
            "evaluations/conclusion_detail.html",
            reading_context(project) | {"errors": errors},
            status=422,
        )
    except (ChangedSinceRead, NotASigner, NotNow) as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:conclusion_detail", reference)
    if signed.signed_at:
        messages.success(request, _("Everybody has signed. Your promises count from now on."))
    else:
        messages.success(request, _("Signed for your organisation. The others have been told."))
    return redirect("evaluations:conclusion_detail", reference)

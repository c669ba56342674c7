"""Writing in Talk: an entry of each kind, answers, other words, withdrawing, raising and closing a concern, drafts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.days import local_day
from accounts.files import CannotKeepFile
from partnerships.actions import talk as actions
from partnerships.actions.people import ActsForNobody
from partnerships.forms.talk import ChangeForm, EntryForm, OutcomeForm, WordsForm
from partnerships.frame import others_on
from partnerships.models import TalkAnswer, TalkDraft, TalkEntry
from partnerships.permissions import acting_people
from partnerships.talk import VERB, Circle, offered_subjects, people_in_circle
from partnerships.views.project import posted
from partnerships.views.talk import get_entry, may_write, of_entry, page, talking_project

Kind = TalkEntry.Kind
REFUSALS = (actions.CannotTalk, ActsForNobody)
# What is posted beside the fields of the form.
NO_FIELDS = {"csrfmiddlewaretoken", "keep", "kept_form"}
MOST_FIELDS = 20
HEADINGS = {
    Kind.QUESTION: gettext_lazy("Ask a question"),
    Kind.DECISION: gettext_lazy("Propose a decision"),
    Kind.INPUT: gettext_lazy("Say what they should take up"),
    Kind.NOTE: gettext_lazy("Write a note"),
    Kind.CONCERN: gettext_lazy("Bring up a concern"),
}
LEDES = {
    Kind.QUESTION: gettext_lazy("They are told at once, and reminded after 3 and 7 working days."),
    Kind.DECISION: gettext_lazy(
        "It stands once every other partner has agreed, and shows on the overview then."
    ),
    Kind.INPUT: gettext_lazy("They say whether they used it, or why not. The results count both."),
    Kind.NOTE: gettext_lazy("All partners read it. Nobody has to answer."),
    Kind.CONCERN: gettext_lazy(
        "Only the people named below read it, and no colleague of theirs. They answer within 5 working days."
    ),
}
BUTTONS = {
    Kind.QUESTION: gettext_lazy("Ask"),
    Kind.DECISION: gettext_lazy("Propose it"),
    Kind.INPUT: gettext_lazy("Send it"),
    Kind.NOTE: gettext_lazy("Share it"),
    Kind.CONCERN: gettext_lazy("Tell them"),
}
SAID = {
    Kind.QUESTION: gettext_lazy("Asked. We tell them."),
    Kind.DECISION: gettext_lazy("Proposed. We tell them."),
    Kind.INPUT: gettext_lazy("Sent. We tell them."),
    Kind.NOTE: gettext_lazy("Shared."),
    Kind.CONCERN: gettext_lazy("The people named are told, and nobody else."),
}


@require_http_methods(["GET", "HEAD"])
def talk_add(request, reference):
    """What somebody wants to write."""
    project = talking_project(request.user, reference, VERB)
    if not may_write(project):
        messages.error(request, _("This project is over. What was said stays as it is."))
        return redirect("partnerships:talk_list", reference)
    kinds = [
        (kind, HEADINGS[kind], LEDES[kind]) for kind in Kind.values if kind == Kind.NOTE or others_on(project)
    ]
    return page(request, "talk_add", project, kinds=kinds)


@require_http_methods(["GET", "HEAD", "POST"])
def talk_write(request, reference, code):
    """One entry of a kind, to write, to keep as a draft, to post."""
    project = talking_project(request.user, reference, VERB)
    if code not in Kind.values:
        raise Http404
    if not may_write(project) or (code != Kind.NOTE and not others_on(project)):
        messages.error(request, _("There is nobody to ask here now."))
        return redirect("partnerships:talk_list", reference)
    at = timezone.now()
    everybody = acting_people(project)
    draft = TalkDraft.objects.filter(project=project, person=request.user, kind=code).first()
    if request.method == "POST" and "keep" in request.POST:
        return keep_draft(request, project, code, at)
    options = {
        "kind": code,
        "asked": who_can_be_asked(project, everybody),
        "circles": circles(project, everybody, request.user),
        "subjects": offered_subjects(project),
        "today": local_day(at, project.zone),
    }
    initial = initial_of(draft, options) if draft else {"about": request.GET.get("about", "")}
    form = EntryForm(posted(request), request.FILES or None, initial=initial, **options)
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.write_entry(
                project, kind=code, **words_of(form, project, everybody), actor=request.user, at=at
            )
        except CannotKeepFile as error:
            form.add_error("file", str(error))
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(SAID[code]))
            return redirect(entry)
    return page(
        request,
        "talk_write",
        project,
        form=form,
        kind=code,
        heading=HEADINGS[code],
        lede=LEDES[code],
        button=BUTTONS[code],
        draft=draft,
    )


def who_can_be_asked(project, everybody):
    """Whom a question can be put to: each other partner, and each of its people who writes here."""
    found = []
    for partner in others_on(project):
        people = [one for one in everybody if one.organisation.pk == partner.pk and VERB in one.verbs]
        found.append((partner.slug, _("{name}, whoever can").format(name=partner.name)))
        found += [(f"{partner.slug}:{one.person.pk}", f"{one.person}, {partner.name}") for one in people]
    return found


def circles(project, everybody, person):
    """Who would see a concern, with their names: for each other partner its leads, and with them the Owners."""
    own, found = project.acting.organisation_id, []
    for partner in others_on(project):
        for circle in Circle.values:
            people = people_in_circle(project, circle, everybody, own, partner.pk, person.pk)
            if not any(one.organisation.pk == partner.pk for one in people):
                continue
            names = [_("you")] + [
                _("{person} ({organisation})").format(person=one.person, organisation=one.organisation.name)
                for one in people
                if one.person.pk != person.pk
            ]
            label = _("{circle}: {names}").format(
                circle=Circle(circle).label, names=get_text_list(names, _("and"))
            )
            found.append((f"{circle}:{partner.slug}", label))
    return found


def words_of(form, project, everybody):
    """What was said in the form, by the names of the action's arguments."""
    said = form.cleaned_data
    words = {"text": said["text"], "subject": said.get("about", ""), "uploads": form.uploads()}
    words["answer_by"] = said.get("answer_by")
    partners = {partner.slug: partner for partner in others_on(project)}
    if said.get("who"):
        slug, _colon, person = said["who"].partition(":")
        words["asked"] = partners[slug]
        words["asked_person"] = next((one.person for one in everybody if str(one.person.pk) == person), None)
    if said.get("see"):
        words["circle"], _colon, slug = said["see"].partition(":")
        words["asked"] = partners[slug]
    return words


def initial_of(draft, options):
    """What stood in the form when the draft was kept, as far as it can be offered again."""
    form = EntryForm(draft.fields, **options)
    form.is_valid()
    return {name: draft.fields.get(name, "") for name in form.fields} | {
        "answer_by": form.cleaned_data.get("answer_by")
    }


def keep_draft(request, project, code, at):
    fields = [item for item in request.POST.items() if item[0] not in NO_FIELDS][:MOST_FIELDS]
    fields = {name[:50]: value for name, value in fields}
    if request.POST.get("text", "").strip():
        actions.keep_draft(project, code, fields=fields, actor=request.user, at=at)
        messages.success(request, _("Kept as a draft. Nobody but you sees it."))
    else:
        actions.drop_draft(project, code, actor=request.user)
    return redirect("partnerships:talk_list", project.reference)


@require_POST
def talk_draft_drop(request, reference, code):
    project = talking_project(request.user, reference, VERB)
    if code not in Kind.values:
        raise Http404
    actions.drop_draft(project, code, actor=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("partnerships:talk_list", reference)


# One entry -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def talk_answer(request, reference, pk):
    """Say something to an entry; for who is asked, with what their organisation decides."""
    project, entry = get_entry(request.user, reference, pk, VERB)
    if not may_write(project) or entry.is_closed:
        messages.error(request, _("Nothing can be added here any more."))
        return redirect(entry)
    form = answer_form(request, project, entry)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.answer_entry(
                entry,
                text=said["text"],
                outcome=said.get("outcome", ""),
                later_on=said.get("later_on"),
                version=said.get("version"),
                still_open=said.get("still_open", False),
                uploads=form.uploads(),
                actor=request.user,
                at=timezone.now(),
            )
        except actions.ChangedMeanwhile as error:
            messages.error(request, str(error))
            return redirect(entry)
        except CannotKeepFile as error:
            form.add_error("file", str(error))
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your answer is there. We tell them."))
            return redirect(entry)
    return page(request, "talk_answer", project, form=form, **of_entry(request, project, entry))


def answer_form(request, project, entry):
    """The form that fits: with an outcome for the partner that decides, otherwise for words alone."""
    own, sent = project.acting.organisation_id, (posted(request), request.FILES or None)
    decides = (entry.kind == Kind.INPUT and entry.asked_id == own) or (
        entry.kind == Kind.DECISION and entry.organisation_id != own and entry.agreed_at is None
    )
    # Whoever has decided may add words, too; the address says so.
    if decides and "words" not in request.GET:
        today = local_day(timezone.now(), project.zone)
        return OutcomeForm(*sent, kind=entry.kind, version=entry.version, today=today)
    asks_again = entry.kind == Kind.QUESTION and entry.organisation_id == own and bool(entry.answered_at)
    return WordsForm(*sent, may_ask_again=asks_again)


@require_http_methods(["GET", "HEAD", "POST"])
def talk_edit(request, reference, pk):
    """Other words for an own entry, and withdrawing it."""
    project, entry = own_entry(request, reference, pk)
    form = ChangeForm(posted(request), text=entry.text, version=entry.version)
    return changing(
        request, project, entry, form, lambda said: actions.change_entry(
            entry, text=said["text"], version=said["version"], actor=request.user, at=timezone.now()
        ), entry.changes_silently(timezone.now()) and not entry.answers.all(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def talk_answer_edit(request, reference, pk, answer):
    """Other words for an own answer, and withdrawing it."""
    project, entry, row = own_answer(request, reference, pk, answer)
    form = ChangeForm(
        posted(request),
        text=row.text,
        version=row.version,
        needs_words=row.outcome in TalkAnswer.NEED_WORDS,
    )
    return changing(
        request, project, entry, form, lambda said: actions.change_answer(
            row, text=said["text"], actor=request.user, at=timezone.now()
        ), row.changes_silently(timezone.now()), answer=row,
    )  # fmt: skip


def changing(request, project, entry, form, change, silently, *, answer=None):
    if not may_write(project) or entry.is_closed or (entry.agreed_at and answer is None):
        messages.error(request, _("This can’t be changed any more."))
        return redirect(entry)
    if request.method == "POST" and form.is_valid():
        try:
            change(form.cleaned_data)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changed."))
            return redirect(entry)
    return page(request, "talk_edit", project, form=form, entry=entry, answer=answer, silently=silently)


def own_entry(request, reference, pk):
    """Find an entry for whoever wrote it.

    Raises:
        Http404, PermissionDenied: as in `get_entry`; 403 for who reads what somebody else wrote.
    """
    project, entry = get_entry(request.user, reference, pk, VERB)
    if entry.written_by_id != request.user.pk:
        raise PermissionDenied
    return project, entry


def own_answer(request, reference, pk, answer):
    """Find an answer for whoever wrote it. Raises as `own_entry`."""
    project, entry = get_entry(request.user, reference, pk, VERB)
    row = get_object_or_404(TalkAnswer, pk=answer, entry=entry)
    row.entry = entry
    if row.written_by_id != request.user.pk:
        raise PermissionDenied
    return project, entry, row


def doing(request, entry, action, said):
    try:
        action(actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(entry)


@require_POST
def talk_withdraw(request, reference, pk):
    _project, entry = own_entry(request, reference, pk)
    said = _("It is withdrawn. That it was there stays to be read.")
    return doing(request, entry, lambda **who: actions.withdraw_entry(entry, **who), said)


@require_POST
def talk_answer_withdraw(request, reference, pk, answer):
    _project, entry, row = own_answer(request, reference, pk, answer)
    said = _("It is withdrawn. That it was there stays to be read.")
    return doing(request, entry, lambda **who: actions.withdraw_answer(row, **who), said)


@require_POST
def talk_raise(request, reference, pk):
    _project, entry = get_entry(request.user, reference, pk, VERB)
    said = _("The Owners of both read it now, and are told.")
    return doing(request, entry, lambda **who: actions.raise_concern(entry, **who), said)


@require_POST
def talk_close(request, reference, pk):
    _project, entry = get_entry(request.user, reference, pk, VERB)
    return doing(
        request, entry, lambda **who: actions.close_concern(entry, **who), _("The concern is closed.")
    )

"""Talk as it is read: what is open, all entries, one with its answers, files. Agencies see nothing of it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.days import local_day
from accounts.files import as_attachment
from partnerships.access import partner_project
from partnerships.actions.talk.concerns import may_close
from partnerships.forms.talk import FindForm
from partnerships.frame import others_on
from partnerships.models import Project, TalkAnswer, TalkDraft, TalkEntry, TalkFile
from partnerships.models.talk import OVER
from partnerships.permissions import acting_people
from partnerships.talk import VERB, days_open, may_open, read_open, show_entries, waits_for, with_all
from partnerships.views.contract_files import refuse_unchecked
from partnerships.views.project import show

PER_PAGE = 20
Kind = TalkEntry.Kind


def talking_project(person, reference, verb=None):
    """Find a project on which people talk, for somebody who acts for a partner.

    Raises:
        Http404, PermissionDenied: as in `partner_project`; 404 for what was read from a published list, too.
    """
    project = partner_project(person, reference, verb)
    if project.origin != Project.Origin.WORKSPACE:
        raise Http404
    return project


def get_entry(person, reference, pk, verb=None):
    """Find an entry that this person may read, on its project.

    Raises:
        Http404: there is none for them. To whom a concern is not told, there is none.
        PermissionDenied: they may read it, and only read.
    """
    project = talking_project(person, reference)
    entry = get_object_or_404(with_all(TalkEntry.objects.readable_on(project, person)), pk=pk)
    entry.project = project
    if verb and verb not in project.verbs:
        raise PermissionDenied
    return project, entry


def page(request, name, project, *, form=None, status=None, **context):
    status = status or (422 if request.method == "POST" else 200)
    return show(
        request, f"partnerships/{name}.html", project, section="talk", form=form, status=status, **context
    )


def goes_on(project):
    return project.stage not in OVER


def may_write(project):
    return VERB in project.verbs and goes_on(project)


@require_safe
def talk_list(request, reference):
    project = talking_project(request.user, reference)
    at, found = timezone.now(), FindForm(request.GET)
    entries = TalkEntry.objects.readable_on(project, request.user)
    wanted = (
        {"kind": found.cleaned_data.get("kind"), "q": found.cleaned_data.get("q")} if found.is_valid() else {}
    )
    if wanted.get("kind"):
        entries = entries.filter(kind=wanted["kind"])
    if wanted.get("q"):
        entries = with_words(entries, wanted["q"])
    pages = Paginator(with_all(entries).order_by("-written_at", "-pk"), PER_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    return page(
        request,
        "talk_list",
        project,
        filter_form=found,
        kinds=Kind.choices,
        wanted=wanted,
        filtered=any(wanted.values()),
        open_rows=read_open(project, request.user, at),
        page_obj=page_obj,
        shown=show_entries(list(page_obj), project, request.user),
        drafts=TalkDraft.objects.filter(project=project, person=request.user).order_by("-saved_at", "-pk"),
        may_write=may_write(project),
        has_others=bool(others_on(project)),
        own=project.acting.organisation,
        goes_on=goes_on(project),
    )


def with_words(entries, words):
    """Those in which these words stand, or in one of their answers. Concerns are never found by their words."""
    answered = TalkAnswer.objects.filter(entry=OuterRef("pk"), withdrawn_at=None, text__icontains=words)
    return entries.exclude(kind=Kind.CONCERN).filter(
        Q(text__icontains=words, withdrawn_at=None) | Exists(answered)
    )


@require_safe
def talk_detail(request, reference, pk):
    project, entry = get_entry(request.user, reference, pk)
    return page(request, "talk_detail", project, **of_entry(request, project, entry))


def of_entry(request, project, entry):
    """What the page of one entry shows."""
    at, own = timezone.now(), project.acting.organisation
    (shown,) = show_entries([entry], project, request.user)
    writes = may_write(project) and not entry.is_closed
    acting = {}
    named = []
    if entry.is_concern:
        named = list(entry.named.select_related("person", "organisation").order_by("pk"))
        acting = {one.person.pk: one.organisation.pk for one in acting_people(project)}
    ours = any(one.pk == own.pk for one in shown.waiting)
    today = local_day(at, project.zone)
    waiting = waits_for(entry, project)
    return {
        "entry": entry,
        "shown": shown,
        "own": own,
        "ours": ours,
        "may_answer": writes,
        "may_agree": writes and entry.kind == Kind.DECISION and ours,
        "may_edit": writes and shown.is_own and entry.agreed_at is None,
        "may_raise": writes and entry.is_concern and entry.raised_at is None,
        "may_close": writes and entry.is_concern and may_close(entry, request.user, own.pk, acting),
        # Who has left is named still, and reads it no more.
        "named": [(row, acting.get(row.person_id) == row.organisation_id) for row in named],
        "days": days_open(entry.waits_since, project, waiting[0].country, at) if waiting else "",
        "is_late": bool(waiting and entry.due_on and entry.due_on < today),
        "put_off": bool(entry.later_on and entry.later_on > today),
        "today": today,
    }


@require_safe
def talk_file(request, reference, pk, file):
    project, entry = get_entry(request.user, reference, pk)
    row = get_object_or_404(TalkFile, pk=file, entry=entry)
    written = row.answer or entry
    if written.withdrawn_at is not None or not may_open(row, project.acting.organisation):
        refuse_unchecked(row.state, row.organisation_id, project)
        raise Http404
    return as_attachment(row.file, name=row.file_name, content_type=row.content_type)

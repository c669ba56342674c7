"""Writing how one's own organisation works: Leads and Owners, in parts, until it is published."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import get_organisation
from accounts.files import CannotKeepFile, as_attachment
from accounts.models import Organisation
from partnerships.actions import how_we_work as actions
from partnerships.contract import fingerprints
from partnerships.forms.contract import as_text
from partnerships.forms.how_we_work import FORMS, PaperForm
from partnerships.how_we_work import in_days, read_draft, read_published, words_of_steps
from partnerships.models import FileState
from partnerships.rulesets.how_we_work import MOST_PAPERS, PARTS, PAYS
from partnerships.views.how_we_work import context_of


def own_organisation(person, slug):
    """The organisation for which somebody writes here. Agencies have no such page, nor has one that was merged.

    Raises:
        Http404: there is no such organisation for this person.
        PermissionDenied: they read there, and don't write.
    """
    organisation = get_organisation(person, slug)
    if organisation.kind == Organisation.Kind.AGENCY or organisation.merged_into_id is not None:
        raise Http404
    if "write_how_we_work" not in organisation.verbs:
        raise PermissionDenied
    return organisation


def show(request, template, own, *, status=200, **context):
    """A page of one's own organisation."""
    context |= {"organisation": own, "verbs": own.verbs}
    return render(request, f"partnerships/{template}.html", context, status=status)


@require_safe
def how_we_work_edit(request, slug):
    """Everything as it would be published, part by part, with a way to change each."""
    organisation = own_organisation(request.user, slug)
    work = read_draft(organisation)
    published = work if work.is_stored and not work.is_draft else read_published(organisation)
    return show(
        request,
        "how_we_work_edit",
        organisation,
        **context_of(work, at=timezone.now()),
        published=published.page if published else None,
        missing=work.missing() if work.is_stored else [],
        parts=PARTS,
        may_add=len(work.papers) < MOST_PAPERS,
    )


@require_POST
def how_we_work_publish(request, slug):
    organisation = own_organisation(request.user, slug)
    try:
        actions.publish(
            organisation, content=request.POST.get("content", ""), actor=request.user, at=timezone.now()
        )
    except actions.CannotPublish as error:
        messages.error(request, str(error))
        return redirect("partnerships:how_we_work_edit", slug)
    messages.success(request, _("Published. Everybody who may know you can read it."))
    return redirect("partnerships:how_we_work", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def how_we_work_part(request, slug, code):
    """One part of the draft. What somebody else saved meanwhile is shown beside what was typed."""
    organisation = own_organisation(request.user, slug)
    if code not in PARTS:
        raise Http404
    work = read_draft(organisation)
    data = request.POST if request.method == "POST" else None
    form = FORMS[code](data, values=work.values, read=work.marks, organisation=organisation)
    compared, status = [], 422 if data is not None else 200
    if data is not None and form.is_valid():
        try:
            actions.write_part(
                organisation,
                values=form.values(),
                read=form.cleaned_data["read"],
                actor=request.user,
                at=timezone.now(),
            )
        except actions.ChangedSince as error:
            (form, compared), status = conflict(request, organisation, form, error), 409
        else:
            messages.success(request, _("Saved. Only your colleagues see it until you publish."))
            if request.POST.get("up"):
                return redirect("partnerships:how_we_work_part", slug, code)
            return redirect("partnerships:how_we_work_edit", slug)
    return show(
        request, "how_we_work_part", organisation, part=PARTS[code], form=form, compared=compared, status=status
    )  # fmt: skip


def conflict(request, organisation, form, error):
    """The same form with what was typed, which takes the other's place knowingly when it is saved again."""
    now, wanted = read_draft(organisation), form.values()
    read = form.cleaned_data["read"] | {place: now.marks[place] for place in error.places}
    data = request.POST.copy()
    data["read"] = as_text(read)
    data["up"] = ""
    again = type(form)(data, values=now.values, read=now.marks, organisation=organisation)
    compared = []
    for place in error.places:
        field, label = form.place_of(place)
        compared.append(
            {
                "label": label,
                "theirs": words_of(place, now.values[place], form),
                "mine": words_of(place, wanted[place], form),
            }
        )
        again.add_error(field, _("Somebody changed this meanwhile. Choose what to keep."))
    return again, compared


def words_of(name, value, form):
    """A value of the draft as people read it."""
    if name == "steps":
        return words_of_steps(value)
    if name.endswith("_days"):
        return in_days(value) if value else ""
    if name in PAYS:
        return _("Yes") if value else _("No")
    if name in ("contact", "deputy"):
        return str(dict(form.fields[name].choices).get(str(value or ""), ""))
    return value


# Papers ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def paper_add(request, slug):
    organisation = own_organisation(request.user, slug)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_paper(
                organisation,
                name=said["name"],
                purpose=said["purpose"],
                upload=said["template"],
                actor=request.user,
                at=timezone.now(),
            )
        except (CannotKeepFile, actions.TooManyPapers) as error:
            form.add_error("template" if isinstance(error, CannotKeepFile) else None, str(error))
        else:
            messages.success(request, _("Added. Only your colleagues see it until you publish."))
            return redirect("partnerships:how_we_work_edit", slug)
    status = 422 if request.method == "POST" else 200
    return show(request, "paper_edit", organisation, form=form, paper=None, compared=[], status=status)


def paper_of(organisation, number):
    """A paper of what editors go on with.

    Raises:
        Http404
    """
    for paper in read_draft(organisation).papers:
        if paper.number == number:
            return paper
    raise Http404


def standing(paper):
    return {"name": paper.name, "purpose": paper.purpose}


@require_http_methods(["GET", "HEAD", "POST"])
def paper_edit(request, slug, paper):
    organisation = own_organisation(request.user, slug)
    found = paper_of(organisation, paper)
    form = PaperForm(
        request.POST or None, request.FILES or None, paper=found, read=fingerprints(standing(found))
    )
    compared, status = [], 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = {"name": said["name"], "purpose": said["purpose"]}
        try:
            actions.change_paper(
                organisation,
                paper,
                values=wanted,
                read=said["read"],
                upload=said["template"],
                without_file=said.get("without_file", False),
                actor=request.user,
                at=timezone.now(),
            )
        except CannotKeepFile as error:
            form.add_error("template", str(error))
        except actions.NoSuchPaper as error:
            messages.error(request, str(error))
            return redirect("partnerships:how_we_work_edit", slug)
        except actions.ChangedSince as error:
            found, status = paper_of(organisation, paper), 409
            now = standing(found)
            data = request.POST.copy()
            marks = fingerprints(now)
            data["read"] = as_text(said["read"] | {place: marks[place] for place in error.places})
            form = PaperForm(data, paper=found)
            compared = [
                {"label": form.fields[place].label, "theirs": now[place], "mine": wanted[place]}
                for place in error.places
            ]
            for place in error.places:
                form.add_error(place, _("Somebody changed this meanwhile. Choose what to keep."))
            if said["template"]:
                form.add_error("template", _("The file itself is fine. Choose it again."))
        else:
            messages.success(request, _("Saved. Only your colleagues see it until you publish."))
            return redirect("partnerships:how_we_work_edit", slug)
    return show(
        request, "paper_edit", organisation, form=form, paper=found, compared=compared, status=status
    )  # fmt: skip


@require_POST
def paper_remove(request, slug, paper):
    organisation = own_organisation(request.user, slug)
    paper_of(organisation, paper)
    actions.remove_paper(organisation, paper, actor=request.user, at=timezone.now())
    messages.success(request, _("The paper is taken off. Published versions keep it."))
    return redirect("partnerships:how_we_work_edit", slug)


@require_safe
def draft_paper_file(request, slug, paper):
    """The template of a paper in the draft, for those who write it, checked by the scanner or not yet."""
    found = paper_of(own_organisation(request.user, slug), paper)
    if not found.file or found.state == FileState.REMOVED:
        raise Http404
    return as_attachment(found.file, name=found.file_name, content_type=found.content_type)

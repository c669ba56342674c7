"""Check-ins: the page over time, one of them, skipping it, the rhythm. What one sends the others read at once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import View

from accounts.days import local_day
from evaluations.access import PartnerMixin
from evaluations.actions import check_ins as actions
from evaluations.charts import over_time
from evaluations.check_ins import (
    answers_of,
    calls_for_reader,
    check_ins_done,
    last_sent,
    next_check_in,
    own_first,
    pulse_questions,
    read_check_ins,
    reply_of,
    rhythm_of,
    standing_calls,
    words_of,
)
from evaluations.forms.check_ins import CheckInForm, RhythmForm, SkipForm
from evaluations.models import CheckInReply, CheckInSchedule
from partnerships.access import partner_project
from partnerships.actions.people import ActsForNobody
from partnerships.frame import partners_of
from partnerships.interests import read_declared
from partnerships.models import Project
from partnerships.views.project import posted

REFUSALS = (actions.CannotCheckIn, ActsForNobody)
State = CheckInReply.State


def page(request, name, project, *, status=200, **context):
    """A page of check-ins. `verbs` is what its reader may do, and nothing where nothing can be done any more."""
    context = {"project": project, "verbs": project.verbs, "section": "check-ins"} | context
    return render(request, f"evaluations/{name}.html", context, status=status)


def asks_for_interests(project, person):
    """What the reader declared, if they are asked about it again; None when they are not."""
    if person.pk not in project.named:
        return None
    own = read_declared(project, person)
    return own if own.newest is None or own.asked_again else None


@require_safe
@never_cache
def check_in_list(request, reference):
    """All check-ins over time, and the next one."""
    project = partner_project(request.user, reference)
    at, own = timezone.now(), project.acting.organisation
    check_ins = read_check_ins(project)
    questions = pulse_questions(project)
    weeks = rhythm_of(project)
    newest = check_ins[0] if check_ins else None
    chart = over_time(
        check_ins,
        questions,
        sides={row.organisation_id: row.side for row in project.everybody},
        own_id=own.pk,
    )
    running = project.stage == Project.Stage.DELIVER
    waits = bool(newest and any(reply.state == State.OPEN for reply in newest.every_reply))
    for check_in in check_ins:
        check_in.shown = own_first(check_in.every_reply, own.pk)
    mine = reply_of(newest, own) if newest else None
    return page(
        request,
        "check_in_list",
        project,
        check_ins=check_ins,
        chart=chart if chart.of else None,
        rhythm=CheckInSchedule.Weeks(weeks).label,
        next_on=next_check_in(project, weeks=weeks, last=newest),
        today=local_day(at, project.zone),
        done=check_ins_done(project),
        calls=calls_for_reader(project, standing_calls(project), at=at),
        running=running,
        open=newest if running and mine and mine.state == State.OPEN and newest.closed_at is None else None,
        waits=waits,
        others=get_text_list([row.organisation.name for row in _others(project)], _("and")),
        interests=asks_for_interests(project, request.user) if running else None,
    )


def _others(project):
    return [row for row in partners_of(project) if row.organisation_id != project.acting.organisation_id]


@require_POST
def check_in_add(request, reference):
    project = partner_project(request.user, reference, "check_in")
    try:
        check_in = actions.add_check_in(project, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect("evaluations:check_in_list", reference)
    return redirect("evaluations:check_in_detail", reference, check_in.number)


@require_http_methods(["GET", "HEAD", "POST"])
def check_in_rhythm(request, reference):
    project = partner_project(request.user, reference, "check_in")
    form = RhythmForm(posted(request), initial={"weeks": rhythm_of(project)})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        weeks = form.cleaned_data["weeks"]
        try:
            actions.change_rhythm(project, weeks=weeks, actor=request.user, at=timezone.now())
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            said = ngettext(
                "You check in every %(weeks)s week now. The other side is told.",
                "You check in every %(weeks)s weeks now. The other side is told.",
                weeks,
            )
            messages.success(request, said % {"weeks": weeks})
            return redirect("evaluations:check_in_list", reference)
    running = project.stage == Project.Stage.DELIVER
    return page(request, "check_in_rhythm", project, form=form, running=running, status=status)


class CheckInMixin(PartnerMixin):
    """For views of one check-in: `self.check_in` with its replies, and `self.reply` of the own organisation."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.read()

    def read(self):
        """Read all check-ins of the project as they stand now, and find this one.

        Raises:
            Http404: there is none with this number.
        """
        self.every = read_check_ins(self.project)
        self.check_in = next((one for one in self.every if one.number == self.kwargs["number"]), None)
        if self.check_in is None:
            raise Http404
        self.reply = reply_of(self.check_in, self.organisation)

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def to_check_in(self):
        return redirect("evaluations:check_in_detail", self.project.reference, self.check_in.number)

    @property
    def is_live(self):
        return (
            self.check_in.closed_at is None
            and self.project.stage == Project.Stage.DELIVER
            and self.reply is not None
            and "check_in" in self.project.verbs
        )


class CheckInDetail(CheckInMixin, View):
    """The five questions while they can be answered; after it what everybody said."""

    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request, *args, **kwargs):
        # Whoever only reads may look, and not send.
        self.verb = "check_in" if request.method == "POST" else None
        super().setup(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if self.writes():
            return self.form_page(self.make_form(None))
        return self.said_page()

    def writes(self):
        """Whether the page is the form: nothing is sent yet, or it is put right, or sent after it was skipped."""
        if not self.is_live or "read" in self.request.GET:
            return False
        if self.reply.state == State.OPEN:
            return True
        if "change" not in self.request.GET:
            return False
        return not self.reply.is_sent or actions.may_correct(self.check_in, self.reply, at=timezone.now())

    def make_form(self, data):
        own = self.reply or CheckInReply(check_in=self.check_in, organisation=self.organisation)
        if self.reply is None:
            own.said = []
        before = last_sent(self.every, self.organisation, before=self.check_in.number)
        return CheckInForm(data, questions=pulse_questions(self.project), own=own, before=before)

    def post(self, request, *args, **kwargs):
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.form_page(form, status=422) if self.is_live else self.said_page(status=409)
        try:
            actions.send_check_in(
                self.check_in,
                said=form.said(),
                line=form.cleaned_data["line"],
                revision=form.cleaned_data["revision"],
                actor=request.user,
                at=timezone.now(),
            )
        except REFUSALS as error:
            # Somebody was faster, or it is closed by now: what they said, and what was typed here.
            messages.error(request, str(error))
            self.read()
            return self.said_page(status=409, typed=form.cleaned_data["line"])
        messages.success(request, _("Sent. {names} can read it now.").format(names=self.other_names()))
        return self.to_check_in()

    def other_names(self):
        names = [reply.organisation.name for reply in self.others()]
        return get_text_list(names, _("and"))

    def others(self):
        return [one for one in self.check_in.every_reply if one.organisation_id != self.organisation.pk]

    def form_page(self, form, status=200):
        rubrics = form.rubrics()
        return page(
            self.request,
            "check_in",
            self.project,
            check_in=self.check_in,
            reply=self.reply,
            form=form,
            # Three screens of a phone.
            screens=[rubrics[:2], rubrics[2:4], rubrics[4:]],
            errors=form.problems(),
            others=self.others(),
            other_names=self.other_names(),
            sent_by_others=[one for one in self.others() if one.is_sent],
            revision=self.request.POST.get("revision", self.reply.revision)
            if status != 200
            else self.reply.revision,
            status=status,
        )

    def said_page(self, status=200, typed=""):
        at, questions = timezone.now(), pulse_questions(self.project)
        replies = own_first(self.check_in.every_reply, self.organisation.pk)
        before = {
            reply.organisation_id: answers_of(
                last_sent(self.every, reply.organisation, before=self.check_in.number)
            )
            for reply in replies
        }
        rows = [
            {
                "question": question,
                "said": [self._said(reply, question, before) for reply in replies if reply.is_sent],
            }
            for question in questions
        ]
        return page(
            self.request,
            "check_in_said",
            self.project,
            check_in=self.check_in,
            reply=self.reply,
            replies=replies,
            rows=rows if any(reply.is_sent for reply in replies) else [],
            calls=calls_for_reader(self.project, standing_calls(self.project), at=at),
            live=self.is_live,
            may_correct=self.is_live and actions.may_correct(self.check_in, self.reply, at=at),
            may_send=self.is_live and self.reply.state == State.SKIPPED,
            waits_for_reader=self.is_live and self.reply.state == State.OPEN,
            running=self.project.stage == Project.Stage.DELIVER,
            interests=asks_for_interests(self.project, self.request.user) if self.is_live else None,
            typed=typed if typed and typed != getattr(self.reply, "line", "") else "",
            status=status,
        )

    def _said(self, reply, question, before):
        answer = answers_of(reply).get(question.pk)
        words, earlier = (
            words_of(answer, question),
            words_of(before[reply.organisation_id].get(question.pk), question),
        )
        note = ""
        if answer is not None and answer.as_before:
            note = _("as last time")
        elif earlier and earlier != words:
            note = _("last time: {words}").format(words=earlier)
        return {"organisation": reply.organisation, "words": words, "note": note}


class CheckInSkip(CheckInMixin, View):
    """Skip one, for the own organisation, with a reason that the others read."""

    verb = "check_in"
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, *args, **kwargs):
        if not self.is_live or self.reply.state != State.OPEN:
            return self.to_check_in()
        return self.form_page(SkipForm(initial={"revision": self.reply.revision}))

    def post(self, request, *args, **kwargs):
        form = SkipForm(request.POST)
        if not form.is_valid():
            return self.form_page(form, status=422) if self.is_live else self.to_check_in()
        try:
            actions.skip_check_in(
                self.check_in,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                revision=form.cleaned_data["revision"],
                actor=request.user,
                at=timezone.now(),
            )
        except REFUSALS as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("Skipped. The others read why. You can still answer until the next one.")
            )
        return self.to_check_in()

    def form_page(self, form, status=200):
        return page(
            self.request, "check_in_skip", self.project, form=form, check_in=self.check_in, status=status
        )

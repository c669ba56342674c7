"""Bare Django pages of the same content: session, membership, SQL, template, and nothing else. What ours is measured against.

They show what ours show (the same rows, texts, fields and answers) as somebody would write it in an afternoon, with
nothing of our components, and no slower than need be.
"""

import re

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from accounts.models import Event, Membership, Organisation
from evaluations.models import ConclusionPart, Promise, Reply, Review
from evaluations.models.answer import Answer, Overall
from partnerships.models import Participation, Project
from principles.models import Level, Principle, Question

ROWS = 50
FEW = 5
MANY_PARTNERS = 100
NEWEST = 30


def _page(body):
    frame = (
        "<!doctype html><html lang='en'><head><title>Reference</title></head><body><header><nav><a href='/'>Home</a>"
        "</nav></header><main>%s</main><footer>Help</footer></body></html>"
    )
    return engines["django"].from_string(frame % body)


ROWS_OF_PROJECTS = (
    "<table>{% for p in page %}<tr><th><a href='/x/{{ p.reference }}/'>{{ p.title }}</a></th>"
    "<td>{{ p.get_stage_display }}</td><td>{% for o in p.participations.all %}{{ o.organisation.name }} {% endfor %}</td>"
    "<td>{% for t in p.turns.all %}{{ t.since|date:'j M' }} {{ t.due_on|date:'j M' }}{% endfor %}</td></tr>{% endfor %}</table>"
)
LIST = _page("<h1>{{ page.paginator.count }}</h1>" + ROWS_OF_PROJECTS)
FOUND = _page(
    "<h1>{{ page.paginator.count }}</h1><form>{{ form.as_div }}<button>Show</button></form>"
    + ROWS_OF_PROJECTS
)
SEARCH = _page(
    "<h1>Search</h1><form>{{ form.as_div }}<button>Search</button></form>{% for name, rows, more in groups %}{% if rows %}"
    "<section><h2>{{ name }}</h2><ul>{% for path, title, about, text in rows %}<li><h3><a href='/x/{{ path }}/'>{{ title }}</a></h3>"
    "<p>{{ about }}</p><p>{{ text }}</p></li>{% endfor %}</ul>{% if more %}<p><a href='/x/'>See all</a></p>{% endif %}</section>{% endif %}{% endfor %}"
)
DETAIL = _page(
    "<h1>{{ p.title }}</h1><p>{% for o in p.participations.all %}{{ o.organisation.name }} {% endfor %}</p>"
    "<p>{{ p.get_stage_display }} {{ p.starts_on }} {{ p.ends_on }}</p>"
    "{% for t in p.turns.all %}<p>{{ t.kind }} {{ t.since }}</p>{% endfor %}"
    "<ol>{% for code, label in stages %}<li>{{ label }}{% if code == p.stage %}: you are here, since {{ p.stage_since|date:'j M Y' }}{% endif %}</li>{% endfor %}</ol>"
    "{% for part in p.plan_parts.all %}<h2>{{ part.code }}</h2>{% for name, value in part.values.items %}<p>{{ name }}: {{ value }}</p>"
    "{% endfor %}<p>{% if part.agreements.all %}Agreed by {% for one in part.agreements.all %}{{ one.organisation_id }} {{ one.agreed_at|date:'j F Y' }}{% endfor %}"
    "{% else %}Not agreed yet.{% endif %}</p><p><a href='/x/{{ p.reference }}/plan/{{ part.code }}/'>Change {{ part.code }}</a></p>{% endfor %}"
    "{% for o in p.participations.all %}<h2>{{ o.organisation.name }}</h2>{% for m in members %}"
    "{% if m.organisation_id == o.organisation_id %}<p>{{ m.person.name }} {{ m.get_role_display }} <a href='mailto:{{ m.person.email }}'>{{ m.person.email }}</a>"
    " <a href='tel:{{ m.person.phone }}'>{{ m.person.phone }}</a></p>{% endif %}{% endfor %}{% endfor %}"
    "{% for e in events %}<p>{{ e.at }} {{ e.verb }} {{ e.actor.name }} ({{ e.organisation.name }})</p>{% endfor %}"
)
FORM = _page(
    "<h1>{{ principle.name }}</h1><p>{{ p.title }}: {% for o in others %}{{ o.organisation.name }} {{ o.sent_at|yesno:'has sent,waits' }}{% endfor %}</p>"
    "<form method='post'>{% csrf_token %}{% for q, answer in rows %}<fieldset><legend>{{ q.text }}</legend><p>{{ q.help }}</p>"
    "{% for l in q.levels.all %}<label><input type='radio' name='q{{ q.pk }}' value='{{ l.value }}'{% if l.value == answer.level %} checked{% endif %}>"
    "<b>{{ l.label }}</b> {{ l.text }}</label>{% endfor %}"
    "{% for value, label in outside %}<label><input type='radio' name='q{{ q.pk }}' value='{{ value }}'{% if value == answer.outside %} checked{% endif %}>"
    "{{ label }}</label>{% endfor %}"
    "<textarea name='c{{ q.pk }}'>{{ answer.comment }}</textarea></fieldset>{% endfor %}<button>Save</button></form>"
)
AXIS = "{% for x, label in ticks %}<line x1='{{ x }}%' x2='{{ x }}%' y1='0' y2='52'/><text x='{{ x }}%' y='70'>{{ label }}</text>{% endfor %}"
COMPARISON = _page(
    "<h1>{{ p.title }}</h1><p>Opened on {{ p.reviews_opened_at }}. Nobody can change them now.</p>"
    "<p>{% for review in reviews %}{{ review.organisation.name }} {% endfor %}</p>"
    "<ul>{% for principle, marks, gap, word, rows in table %}<li><h3><a href='#p{{ principle.number }}'>{{ principle.name }}</a></h3>"
    f"<svg width='100%' height='72'>{AXIS}"
    "{% for review, value, across, said in marks %}<circle cx='{{ across }}%' cy='26' r='8'/>{% endfor %}</svg>"
    "<p>{% for review, value, across, said in marks %}{{ review.organisation.name }}: {{ said }}. {% endfor %}</p><p>{{ word }}</p></li>{% endfor %}</ul>"
    "<details><summary>Show as a table</summary><table>{% for principle, marks, gap, word, rows in table %}<tr><th>{{ principle.name }}</th>"
    "{% for review, value, across, said in marks %}<td>{{ value|floatformat:1 }} {{ said }}</td>{% endfor %}<td>{{ gap|floatformat:1 }} {{ word }}</td></tr>{% endfor %}"
    "</table></details>"
    "{% for principle, marks, gap, word, rows in table %}<h2 id='p{{ principle.number }}'>{{ principle.name }}</h2><p>{{ word }}</p>"
    "<p>A question to start with: {{ principle.opening_question }}</p>"
    "<ul>{% for q, answers, word, replies in rows %}<li><h3>{{ q.short }}</h3><p>{{ word }}</p>"
    "<p>{% for a in answers %}{{ a.review.organisation.name }} said {{ a.word }}. {% endfor %}</p>"
    f"<svg width='100%' height='72'>{AXIS}"
    "{% for a in answers %}<circle cx='{{ a.across }}%' cy='26' r='8'/>{% endfor %}</svg>"
    "{% for a in answers %}<p><b>{{ a.review.organisation.name }}</b> said <b>{{ a.word }}</b></p><p>{{ a.comment|default:'No comment' }}</p>"
    "{% endfor %}{% for reply in replies %}<p>{{ reply.organisation.name }}: {{ reply.text }}</p>{% endfor %}"
    "<details><summary>Reply once to {{ q.short }}</summary>"
    "<form method='post' action='/x/{{ q.pk }}/'>{% csrf_token %}<label for='r{{ q.pk }}'>Your reply</label>"
    "<p>One reply for your organisation. It can’t be changed once it is sent.</p>"
    "<textarea name='text' id='r{{ q.pk }}'></textarea><button>Send the reply</button></form></details></li>{% endfor %}</ul>"
    "<p><a href='/x/{{ principle.number }}/'>Read both answers in full: {{ principle.name }}</a></p>{% endfor %}"
    "{% for o in overalls %}<h2>{{ o.review.organisation.name }}</h2><p>{{ o.get_again_display }} {{ o.keep }} {{ o.change }}</p>{% endfor %}"
)


def _mine(request):
    return Membership.objects.filter(person=request.user, left_at=None).values("organisation")


def _visible(request):
    return Project.objects.filter(
        pk__in=Participation.objects.filter(organisation__in=_mine(request), left_at=None).values("project")
    )


def _page_of_projects(request):
    live = _visible(request).exclude(stage__in=["completed", "withdrawn"]).order_by("ends_on", "pk")
    return Paginator(live.prefetch_related("participations__organisation", "turns"), ROWS).get_page(1)


class SearchForm(forms.Form):
    q = forms.CharField(max_length=100)


@login_required
def project_list(request):
    return HttpResponse(LIST.render({"page": _page_of_projects(request)}, request))


class FilterForm(forms.Form):
    q = forms.CharField(required=False)
    stage = forms.ChoiceField(choices=[("", "Any"), *Project.Stage.choices], required=False)
    partner = forms.ChoiceField(required=False)
    country = forms.ChoiceField(required=False)
    turn = forms.ChoiceField(
        choices=[("", "Any"), ("yours", "Yours"), ("theirs", "Theirs"), ("late", "Late")], required=False
    )
    ends_from = forms.DateField(required=False)
    ends_to = forms.DateField(required=False)
    order = forms.ChoiceField(
        choices=[("turn", "Turn"), ("title", "Title"), ("end", "End date"), ("new", "Newest")], required=False
    )


@login_required
def found(request):
    """The list with its filters: words, choices, partners unless there are hundreds, and their countries."""
    beside = Participation.objects.filter(project__in=_visible(request)).values("organisation")
    partners = list(
        Organisation.objects.filter(pk__in=beside)
        .order_by("name")
        .values_list("slug", "name", "country")[: MANY_PARTNERS + 1]
    )
    form = FilterForm(request.GET)
    if len(partners) > MANY_PARTNERS:
        del form.fields["partner"]
    else:
        form.fields["partner"].choices = [("", "Any"), *((slug, name) for slug, name, _country in partners)]
    form.fields["country"].choices = [
        ("", "Any"),
        *sorted({(country, country) for *_names, country in partners}),
    ]
    form.is_valid()
    return HttpResponse(FOUND.render({"page": _page_of_projects(request), "form": form}, request))


@login_required
def search(request):
    """A few of each kind that hold the letters, with the words marked: projects, organisations, promises, parts, guide."""
    form = SearchForm(request.GET)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    mine = list(_mine(request).values_list("organisation", flat=True))
    visible = Project.objects.filter(Exists(_visible_rows(mine)))
    beside = Participation.objects.filter(project=OuterRef("pk")).exclude(organisation__in=mine)
    projects = visible.filter(title__icontains=typed) | visible.filter(
        participations__organisation__name__icontains=typed
    )
    organisations = Organisation.objects.filter(listed=True).exclude(pk__in=mine)
    learned = {"conclusion__project__in": visible, "conclusion__signed_at__isnull": False}
    promises = Promise.objects.filter(what__icontains=typed, **learned).select_related("project")
    parts = ConclusionPart.objects.filter(text__icontains=typed, **learned)
    questions = Question.objects.filter(principle__name__icontains=typed).select_related("principle")
    groups = [
        ("Projects", _hits(projects.annotate(partner=beside.values("organisation__name")[:1]).order_by("-created_at"),
                           lambda row: (row.reference, row.title, f"{row.get_stage_display()} {row.partner}", ""))),
        ("Partners", _hits(organisations.filter(name__icontains=typed).order_by("name"),
                           lambda row: (row.slug, row.name, row.get_kind_display(), row.conditions))),
        ("Promises", _hits(promises, lambda row: (row.project.reference, "Promise", row.project.title, row.what))),
        ("Learnings", _hits(parts.select_related("conclusion__project"), lambda row: (
            row.conclusion.project.reference, row.get_code_display(), row.conclusion.project.title, row.text))),
        ("Guide", _hits(questions, lambda row: (
            row.principle.code, row.principle.name, row.short, row.principle.summary))),
    ]  # fmt: skip
    marks = re.compile("|".join(re.escape(word) for word in typed.split()), re.I)
    shown = [
        (name, [(path, *(_marked(text, marks) for text in texts)) for path, *texts in rows[:FEW]], rows[FEW:])
        for name, rows in groups
    ]
    return HttpResponse(SEARCH.render({"form": form, "groups": shown}, request))


def _visible_rows(mine):
    return Participation.objects.filter(project=OuterRef("pk"), organisation__in=mine)


def _hits(rows, told):
    return [told(row) for row in rows[: FEW + 1]]


def _marked(text, marks):
    return mark_safe(marks.sub(lambda match: f"<mark>{match[0]}</mark>", escape(text)))


@login_required
def detail(request, reference):
    found = _visible(request).prefetch_related(
        "participations__organisation", "turns", "plan_parts__agreements"
    )
    project = found.get(reference=reference)
    members = Membership.objects.filter(
        organisation__in=[row.organisation_id for row in project.participations.all()], left_at=None
    ).select_related("person")
    events = (
        Event.objects.filter(project=project.reference)
        .select_related("actor", "organisation")
        .order_by("-at")[:NEWEST]
    )
    context = {
        "p": project,
        "stages": Project.Stage.choices,
        "members": list(members),
        "events": list(events),
    }
    return HttpResponse(DETAIL.render(context, request))


@login_required
def form(request, reference):
    project = _visible(request).get(reference=reference)
    reviews = Review.objects.filter(project=project).select_related("organisation")
    reviews = reviews.annotate(is_mine=Exists(_mine(request).filter(organisation=OuterRef("organisation"))))
    review = next(review for review in reviews if review.is_mine)
    principle = Principle.objects.prefetch_related("questions__levels").get(
        principle_set=project.principle_set_id, number=1
    )
    questions = principle.questions.all()
    answers = {
        answer.question_id: answer for answer in Answer.objects.filter(review=review, question__in=questions)
    }
    if request.method == "POST":
        for question in questions:
            answer = answers[question.pk]
            answer.level, answer.comment = request.POST[f"q{question.pk}"], request.POST[f"c{question.pk}"]
            answer.saved_at, answer.saved_by = timezone.now(), request.user
            answer.save(update_fields=["level", "comment", "saved_at", "saved_by"])
        return HttpResponse(status=302)
    context = {
        "p": project,
        "principle": principle,
        "rows": [(question, answers.get(question.pk)) for question in questions],
        "others": [other for other in reviews if other.pk != review.pk],
        "outside": Answer.Outside.choices,
    }
    return HttpResponse(FORM.render(context, request))


@login_required
def comparison(request, reference):
    project = _visible(request).get(reference=reference)
    reviews = list(Review.objects.filter(project=project).select_related("organisation"))
    by_key = {review.pk: review for review in reviews}
    words = dict(
        Level.objects.filter(question__principle__principle_set=project.principle_set_id).values_list(
            "value", "label"
        )
    )
    answers, replies = {}, {}
    for answer in Answer.objects.filter(review__in=reviews):
        answer.review = by_key[answer.review_id]
        answer.word = words.get(answer.level) or answer.get_outside_display()
        answer.across = _across(answer.level or 1)
        answers.setdefault(answer.question_id, []).append(answer)
    for reply in Reply.objects.filter(project=project).select_related("organisation"):
        replies.setdefault(reply.question_id, []).append(reply)
    overalls = list(Overall.objects.filter(review__in=reviews))
    for overall in overalls:
        overall.review = by_key[overall.review_id]
    principles = Principle.objects.filter(principle_set=project.principle_set_id).prefetch_related(
        "questions"
    )
    table = []
    for principle in principles:
        rows, levels = [], {review.pk: [] for review in reviews}
        for question in principle.questions.all():
            given = answers.get(question.pk, [])
            for answer in given:
                if answer.level:
                    levels[answer.review_id].append(answer.level)
            _gap, word = _apart([answer.level for answer in given if answer.level])
            rows.append((question, given, word, replies.get(question.pk, [])))
        marks = []
        for review in reviews:
            value = sum(levels[review.pk]) / len(levels[review.pk]) if levels[review.pk] else None
            said = words[round(value)] if value else "not enough answers"
            marks.append((review, value, _across(value or 1), said))
        gap, word = _apart([value for _review, value, _x, _said in marks if value])
        table.append((principle, marks, gap, word, rows))
    context = {
        "p": project,
        "reviews": reviews,
        "table": table,
        "overalls": overalls,
        "ticks": [(_across(value), words[value]) for value in (1, 2, 3, 4)],
    }
    return HttpResponse(COMPARISON.render(context, request))


def _across(value):
    return round(4 + (value - 1) * 92 / 3, 2)


def _apart(values):
    """How far the sides are from each other, and the word for it."""
    if len(values) < 2:
        return None, "Nothing to compare"
    gap = max(values) - min(values)
    return gap, "See it alike" if gap < 0.6 else "A little apart" if gap < 4 / 3 else "Far apart"


urlpatterns = [
    path("list/", project_list),
    path("found/", found),
    path("search/", search),
    path("detail/<str:reference>/", detail),
    path("form/<str:reference>/", form),
    path("comparison/<str:reference>/", comparison),
]

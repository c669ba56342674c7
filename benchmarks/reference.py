"""Bare Django pages of the same content: session, membership, SQL, template, and nothing else. What ours is measured against.

They show what ours show (the same rows, texts, fields and answers) as somebody would write it in an afternoon, with
nothing of our components, and no slower than need be.
"""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from accounts.models import Event, Membership, Organisation
from evaluations.models import Reply, Review
from evaluations.models.answer import Answer, Overall
from partnerships.models import Participation, Project
from principles.models import Level, Principle

ROWS = 50
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
DETAIL = _page(
    "<h1>{{ p.title }}</h1><p>{{ p.get_stage_display }} {{ p.starts_on }} {{ p.ends_on }}</p>"
    "{% for t in p.turns.all %}<p>{{ t.kind }} {{ t.since }}</p>{% endfor %}"
    "{% for part in p.plan_parts.all %}<h2>{{ part.code }}</h2>{% for name, value in part.values.items %}<p>{{ name }}: {{ value }}</p>"
    "{% endfor %}{% endfor %}"
    "{% for o in p.participations.all %}<h2>{{ o.organisation.name }}</h2>{% for m in members %}"
    "{% if m.organisation_id == o.organisation_id %}<p>{{ m.person.name }} {{ m.get_role_display }} {{ m.person.email }}</p>{% endif %}"
    "{% endfor %}{% endfor %}"
    "{% for e in events %}<p>{{ e.at }} {{ e.verb }} {{ e.actor.name }}</p>{% endfor %}"
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
COMPARISON = _page(
    "<h1>{{ p.title }}</h1><table>{% for principle, values, rows in table %}<tr><th>{{ principle.name }}</th>"
    "{% for value in values %}<td>{{ value|floatformat:1 }}</td>{% endfor %}</tr>{% endfor %}</table>"
    "{% for principle, values, rows in table %}<h2>{{ principle.name }}</h2><p>{{ principle.opening_question }}</p>"
    "<ul>{% for q, answers, replies in rows %}<li><h3>{{ q.short }}</h3>"
    "<svg width='100%' height='52'>{% for tick in ticks %}<line x1='{{ tick }}%' x2='{{ tick }}%' y1='0' y2='52'/>{% endfor %}"
    "{% for a in answers %}<circle cx='{{ a.across }}%' cy='26' r='8'/>{% endfor %}</svg>"
    "{% for a in answers %}<p><b>{{ a.review.organisation.name }}</b> said <b>{{ a.word }}</b></p><p>{{ a.comment|default:'No comment' }}</p>"
    "{% endfor %}{% for reply in replies %}<p>{{ reply.organisation.name }}: {{ reply.text }}</p>{% endfor %}"
    "<form method='post' action='/x/{{ q.pk }}/'>{% csrf_token %}<label for='r{{ q.pk }}'>Reply</label>"
    "<textarea name='text' id='r{{ q.pk }}'></textarea><button>Send</button></form></li>{% endfor %}</ul>{% endfor %}"
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
def detail(request, reference):
    found = _visible(request).prefetch_related("participations__organisation", "turns", "plan_parts")
    project = found.get(reference=reference)
    members = Membership.objects.filter(
        organisation__in=[row.organisation_id for row in project.participations.all()], left_at=None
    ).select_related("person")
    events = Event.objects.filter(project=project.reference).select_related("actor").order_by("-at")[:NEWEST]
    return HttpResponse(
        DETAIL.render({"p": project, "members": list(members), "events": list(events)}, request)
    )


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
        answer.across = 4 + ((answer.level or 1) - 1) * 92 / 3
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
        rows = [
            (question, answers.get(question.pk, []), replies.get(question.pk, []))
            for question in principle.questions.all()
        ]
        values = []
        for review in reviews:
            levels = [
                a.level for _q, given, _r in rows for a in given if a.review_id == review.pk and a.level
            ]
            values.append(sum(levels) / len(levels) if levels else None)
        table.append((principle, values, rows))
    context = {"p": project, "table": table, "overalls": overalls, "ticks": [4, 34.67, 65.33, 96]}
    return HttpResponse(COMPARISON.render(context, request))


urlpatterns = [
    path("list/", project_list),
    path("found/", found),
    path("detail/<str:reference>/", detail),
    path("form/<str:reference>/", form),
    path("comparison/<str:reference>/", comparison),
]

"""Bare Django pages of the same content: session, membership, SQL, template, and nothing else. What ours is measured against."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from accounts.models import Membership
from evaluations.models import Review
from evaluations.models.answer import Answer
from partnerships.models import Participation, Project
from principles.models import Principle

ROWS = 50


def _page(body):
    frame = (
        "<!doctype html><html lang='en'><head><title>Reference</title></head><body><header><nav><a href='/'>Home</a>"
        "</nav></header><main>%s</main><footer>Help</footer></body></html>"
    )
    return engines["django"].from_string(frame % body)


LIST = _page(
    "<h1>{{ page.paginator.count }}</h1><table>{% for p in page %}<tr><th><a href='/x/{{ p.reference }}/'>{{ p.title }}</a></th>"
    "<td>{{ p.get_stage_display }}</td><td>{% for o in p.participations.all %}{{ o.organisation.name }} {% endfor %}</td>"
    "<td>{% for t in p.turns.all %}{{ t.since|date:'j M' }} {{ t.due_on|date:'j M' }}{% endfor %}</td></tr>{% endfor %}</table>"
)
DETAIL = _page(
    "<h1>{{ p.title }}</h1><p>{{ p.get_stage_display }} {{ p.starts_on }} {{ p.ends_on }}</p>"
    "{% for o in p.participations.all %}<p>{{ o.organisation.name }}</p>{% endfor %}"
    "{% for t in p.turns.all %}<p>{{ t.kind }} {{ t.since }}</p>{% endfor %}"
    "{% for part in p.plan_parts.all %}<p>{{ part.code }} {{ part.values }}</p>{% endfor %}"
)
FORM = _page(
    "<h1>{{ principle.name }}</h1><form method='post'>{% csrf_token %}{% for q in principle.questions.all %}<fieldset><legend>{{ q.text }}</legend>"
    "{% for l in q.levels.all %}<label><input type='radio' name='q{{ q.pk }}' value='{{ l.value }}'><b>{{ l.label }}</b> {{ l.text }}</label>{% endfor %}"
    "<textarea name='c{{ q.pk }}'></textarea></fieldset>{% endfor %}<button>Save</button></form>"
)
COMPARISON = _page(
    "<h1>{{ p.title }}</h1>{% for principle, rows in table %}<h2>{{ principle.name }}</h2><table>{% for q, answers in rows %}<tr><th>{{ q.text }}</th>"
    "{% for a in answers %}<td>{{ a.level }} {{ a.comment }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"
)


def _mine(request):
    return Membership.objects.filter(person=request.user, left_at=None).values("organisation")


def _visible(request):
    return Project.objects.filter(
        pk__in=Participation.objects.filter(organisation__in=_mine(request), left_at=None).values("project")
    )


@login_required
def project_list(request):
    live = _visible(request).exclude(stage__in=["completed", "withdrawn"]).order_by("ends_on", "pk")
    page = Paginator(live.prefetch_related("participations__organisation", "turns"), ROWS).get_page(1)
    return HttpResponse(LIST.render({"page": page}, request))


@login_required
def detail(request, reference):
    found = _visible(request).prefetch_related("participations__organisation", "turns", "plan_parts")
    return HttpResponse(DETAIL.render({"p": found.get(reference=reference)}, request))


@login_required
def form(request, reference):
    project = _visible(request).get(reference=reference)
    review = Review.objects.get(project=project, organisation__in=_mine(request))
    principle = Principle.objects.prefetch_related("questions__levels").get(
        principle_set=project.principle_set_id, number=1
    )
    answers = {answer.question_id: answer for answer in Answer.objects.filter(review=review)}
    if request.method == "POST":
        for question in principle.questions.all():
            answer = answers[question.pk]
            answer.level, answer.comment = request.POST[f"q{question.pk}"], request.POST[f"c{question.pk}"]
            answer.save(update_fields=["level", "comment"])
        return HttpResponse(status=302)
    return HttpResponse(FORM.render({"principle": principle, "answers": answers}, request))


@login_required
def comparison(request, reference):
    project = _visible(request).get(reference=reference)
    reviews = list(Review.objects.filter(project=project).select_related("organisation"))
    answers = {}
    for answer in Answer.objects.filter(review__in=reviews):
        answers.setdefault(answer.question_id, []).append(answer)
    principles = Principle.objects.filter(principle_set=project.principle_set_id).prefetch_related(
        "questions__levels"
    )
    table = [
        (principle, [(question, answers.get(question.pk, [])) for question in principle.questions.all()])
        for principle in principles
    ]
    return HttpResponse(COMPARISON.render({"p": project, "table": table}, request))


urlpatterns = [
    path("list/", project_list),
    path("detail/<str:reference>/", detail),
    path("form/<str:reference>/", form),
    path("comparison/<str:reference>/", comparison),
]

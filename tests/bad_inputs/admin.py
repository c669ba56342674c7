"""Walking the admin for its forms, as a superuser: what an add or change page, or a page of our own, asks for."""

from dataclasses import dataclass, replace

from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from principles.models import Question
from tests.bad_inputs import corpus
from tests.bad_inputs.filling import good
from tests.bad_inputs.outcome import unfit
from tests.bad_inputs.site import EVERYWHERE, Place, forms_on, route_of
from tests.bad_inputs.trial import Trial
from tests.browse import signed_in
from tests.factories import make_organisation, make_principles
from tests.test_admin_access import everything, request_of

# Fields with rules of their own, by the end of their names, and what is good for them.
SPELT = {
    "country": "GB",
    "time_zone": "Europe/London",
    "code": "a-code-{}",
    "edition": "2031-{}",
    "language": "en-gb",
}
# Numbers of which there is none yet among the rows of a page.
NEXT = {"number": "6", "position": "4", "value": "4"}
# The frame of the admin, on every page.
FRAME = {*EVERYWHERE, "admin:logout"}


def label(model):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


def furnished():
    """A world with a row of every model, of which some are free to be changed, and the ids of these."""
    world = everything()
    draft = make_principles("2027-01")
    # Its other principles are alike.
    draft.principles.filter(number__gt=2).delete()
    question = Question.objects.filter(principle__principle_set=draft).first()
    question.levels.filter(value=4).delete()
    make_organisation("agency", "An Agency")
    empty = make_organisation(name="Nobody Yet", origin="imported")
    world.rows = {"principleset": draft, "principle": question.principle, "question": question}
    world.rows |= {"organisation": empty, "person": world.person("group lead")}
    return world


def row(world, model):
    found = world.rows.get(model._meta.model_name)
    return found or admin.site._registry[model].get_queryset(request_of(world)).first()


def pages(world):
    """(name, address, what is posted to come there) of every page that may have a form."""
    for model in admin.site._registry:
        name, pk = label(model), row(world, model).pk
        yield f"{name}_changelist", reverse(f"{name}_changelist"), None
        # Whom an account is given back to is named by the page before it.
        about = f"?person={world.person('company lead').pk}" if name.endswith("_recovery") else ""
        yield f"{name}_add", reverse(f"{name}_add") + about, None
        for page in ("change", "delete", "history"):
            yield f"{name}_{page}", reverse(f"{name}_{page}", args=[pk]), None
    agency = "admin:partnerships_project_agency"
    yield agency, reverse(agency, args=[world.project.pk]), None
    preview = "admin:principles_principleset_preview"
    yield preview, reverse(preview, args=[world.rows["principleset"].pk]), None
    # The pages to which a choice in the list of organisations leads.
    one, other = world.rows["organisation"].pk, make_organisation(name="Nobody Either").pk
    listing = reverse("admin:accounts_organisation_changelist")
    yield "organisation merge", listing, {"action": "merge", "_selected_action": [one, other]}
    yield "organisation invite_owner", listing, {"action": "invite_owner", "_selected_action": [one]}


def places(world):
    """Every form of the admin, once."""
    client = signed_in(world.person("superuser"))
    for name, address, posted in pages(world):
        with transaction.atomic():
            response = client.post(address, posted) if posted else client.get(address)
            transaction.set_rollback(True)
        for form in forms_on(response) if response.status_code == 200 else ():
            if (
                form.method == "post"
                and (form.buttons or form.plain)
                and (route := route_of(form.action)) not in FRAME
            ):
                yield Place(name, address, "superuser", client, with_new_rows(form), route)


def with_new_rows(form):
    """The form after "Add another" was pressed below each table of it: what a script does, done here."""
    for name, total in list(form.fields.items()):
        if name.endswith("-TOTAL_FORMS") and name.replace("TOTAL_FORMS", "__prefix__-id") in form.fields:
            number = total.values[0]
            for old, found in list(form.fields.items()):
                if old.startswith(name.replace("TOTAL_FORMS", "__prefix__")):
                    new = old.replace("__prefix__", number)
                    at = found.id.replace("__prefix__", number)
                    form.fields[new] = replace(found, name=new, id=at)
            total.values = [str(int(number) + 1)]
    for name in [name for name in form.fields if "__prefix__" in name]:
        del form.fields[name]
    return form


@dataclass
class AdminTrial(Trial):
    """Every case that fits one form of the admin. Words are dealt out over all fields that take any, in one request.

    Numbers, days and times, and words with a rule of their own, are alike wherever they stand: one field of each kind
    is tried.
    """

    def run(self):
        super().run()
        # The admin answers 200 to what it refuses, too.
        outcome = self.ask({})
        if b'class="errorlist' in outcome.response.content:
            self.note("good words", "refused")

    @property
    def base(self):
        sent = good(self.place, self.today)
        for number, found in enumerate(self.form.fields.values()):
            if own := spelt(found.name):
                sent[found.name] = [SPELT[own].format(number)]
            elif found.kind == "day":
                sent[found.name] = [self.today.isoformat()]
            elif found.kind == "clock":
                sent[found.name] = ["10:00:00"]
            elif found.kind == "number" and not any(found.values):
                sent[found.name] = [NEXT[found.name.rpartition("-")[2]]]
        return sent

    def keys_of_others(self):
        """Support looks after everybody: a page shows who was chosen, and a search offers the others."""

    def wordy(self):
        return [found for found in super().wordy() if not spelt(found.name)]

    def words(self):
        super().words()
        tried = {spelt(found.name): found.name for found in super().wordy()}
        for kind, name in tried.items():
            for case in ("T01", "T11") if kind else ():
                self.refuse(case, {name: corpus.values(case)}, [name])

    def amounts(self):
        for name in [found.name for found in self.form.of("number")][-1:]:
            for case in corpus.AMOUNTS_REFUSED:
                for value in self.values(case):
                    self.refuse(f"{case} {value[:9]!r} in {name}", {name: [value]}, [name])

    def days(self):
        for found in self.form.of("day")[-1:]:
            for case in ("D05", "D08", "T01"):
                for value in corpus.values(case):
                    self.refuse(f"{case} {value[:9]!r}", {found.name: [value]}, [found.name])
        for found in self.form.of("clock")[-1:]:
            self.refuse("T01", {found.name: corpus.values("T01")}, [found.name])

    def forged(self):
        """Every choice, hidden field and button at once: one bad key among good ones is not told apart by the admin."""
        names = [found.name for found in self.form.of("choice", "hidden")]
        names += [name for name, _value in self.form.buttons if name not in names]
        for case in corpus.FORGED if names else ():
            for value in self.values(case):
                outcome = self.ask({name: [value] for name in names})
                stored = "stored a NUL" if any("\0" in word for word in outcome.words) else ""
                self.note(f"{case} forged", unfit(outcome) or stored)


def spelt(name):
    """The end of a field's name that has a rule of its own, or nothing."""
    end = name.rpartition("-")[2]
    return end if end in SPELT else ""

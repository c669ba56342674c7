"""Finding projects: filters that live in the address, so that any view can be mailed."""

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_name
from accounts.models import Organisation, organisation_called
from accounts.text import DateField, PlainTextField, clean_text
from accounts.words import words_of
from partnerships.models import Participation, Project, Turn, project_called

STAGES = [choice for choice in Project.Stage.choices if choice[0] != Project.Stage.WITHDRAWN] + [
    (Project.Stage.WITHDRAWN.value, Project.Stage.WITHDRAWN.label)
]
STARTS = [("unsigned", _("Started without agreement"))]
TURNS = [("yours", _("Yours")), ("theirs", _("Theirs")), ("late", _("Late"))]
ORDERS = {
    "turn": (_("Whose turn, then what is due first"), ["-your_turn", F("next_due").asc(nulls_last=True)]),
    "title": (_("Title"), ["title"]),
    "end": (_("End date"), [F("ends_on").asc(nulls_last=True)]),
    "new": (_("Newest first"), ["-created_at"]),
}
DEFAULT_ORDER = "turn"
MANY_PARTNERS = 100


class WordsFilter(django_filters.Filter):
    field_class = PlainTextField


class DayFilter(django_filters.Filter):
    field_class = DateField


class ProjectFilter(django_filters.FilterSet):
    """Filters and order of the project list. Unknown keys in the address are ignored.

    Arguments:
        person: whose turn "yours" means.
        today: what "late" is measured against.
    """

    q = WordsFilter(method="search", label=_("Title or partner"), max_length=100)
    stage = django_filters.ChoiceFilter(choices=STAGES, label=_("Stage"), empty_label=_("Any"))
    partner = django_filters.ChoiceFilter(method="with_partner", label=_("Partner"), empty_label=_("Any"))
    country = django_filters.ChoiceFilter(method="in_country", label=_("Country"), empty_label=_("Any"))
    turn = django_filters.ChoiceFilter(
        method="whose_turn", choices=TURNS, label=_("Turn"), empty_label=_("Any")
    )
    start = django_filters.ChoiceFilter(
        method="how_started", choices=STARTS, label=_("Start"), empty_label=_("Any")
    )
    order = django_filters.ChoiceFilter(
        method="ordered",
        choices=[(code, label) for code, (label, _fields) in ORDERS.items()],
        label=_("Order"),
        empty_label=None,
        null_label=None,
    )
    ends_from = DayFilter(field_name="ends_on", lookup_expr="gte", label=_("Ends from"))
    ends_to = DayFilter(field_name="ends_on", lookup_expr="lte", label=_("Ends until"))

    class Meta:
        model = Project
        fields = []

    def __init__(self, *args, person, today, partners, countries, **kwargs):
        self.person, self.today = person, today
        super().__init__(*args, **kwargs)
        chosen = self.data.get("partner")
        if len(partners) > MANY_PARTNERS:
            # Nobody reads through thousands of names: the search finds partners too, and says so.
            self.filters["q"].extra["help_text"] = _(
                "Part of a partner’s name finds every project with them."
            )
            partners = [(slug, name) for slug, name in partners if slug == chosen]
            if not chosen:
                del self.filters["partner"]
        if "partner" in self.filters:
            self.filters["partner"].extra["choices"] = partners
        self.filters["country"].extra["choices"] = countries

    @property
    def form(self):
        form = super().form
        form.helper = FormHelper()
        form.helper.form_tag = False
        form.helper.disable_csrf = True
        return form

    def search(self, queryset, name, value):
        try:
            words = clean_text(value)
        except ValidationError:
            return queryset.none()
        partner = Participation.objects.filter(project=OuterRef("pk"), organisation__name__icontains=words)
        # All that the search over everything finds, and what holds these letters in the middle of a word.
        return queryset.filter(Q(title__icontains=words) | Exists(partner) | project_called(words_of(words)))

    def with_partner(self, queryset, name, value):
        return queryset.filter(
            Exists(
                Participation.objects.filter(project=OuterRef("pk"), organisation__slug=value, left_at=None)
            )
        )

    def in_country(self, queryset, name, value):
        return queryset.filter(
            Exists(
                Participation.objects.filter(
                    project=OuterRef("pk"), organisation__country=value, left_at=None
                )
            )
        )

    def whose_turn(self, queryset, name, value):
        if value == "yours":
            return queryset.filter(your_turn=True)
        if value == "theirs":
            return queryset.filter(their_turn=True)
        late = Turn.objects.known_to(self.person).filter(project=OuterRef("pk"), due_on__lt=self.today)
        return queryset.filter(Exists(late))

    def how_started(self, queryset, name, value):
        return queryset.started_without_agreement(timezone.now())

    def ordered(self, queryset, name, value):
        # Applied last, by `in_order`, so that it is never applied twice.
        return queryset

    def in_order(self):
        """The filtered projects in the chosen order, always ending in the key."""
        code = self.form.cleaned_data.get("order") if self.form.is_valid() else ""
        _label, fields = ORDERS[code or DEFAULT_ORDER]
        queryset = self.qs
        if not code or code == DEFAULT_ORDER:
            due = Turn.objects.known_to(self.person).filter(project=OuterRef("pk"))
            due = due.order_by(F("due_on").asc(nulls_last=True))
            queryset = queryset.annotate(next_due=Subquery(due.values("due_on")[:1]))
        return queryset.order_by(*fields, "pk")


class PartnerFilter(django_filters.FilterSet):
    """Finding an organisation. Unknown keys in the address are ignored.

    Arguments:
        countries: codes of the countries to choose from.
    """

    q = WordsFilter(method="search", label=_("Name"), max_length=100)
    kind = django_filters.ChoiceFilter(
        choices=[choice for choice in Organisation.Kind.choices if choice[0] != Organisation.Kind.AGENCY],
        label=_("Kind"),
        empty_label=_("Any"),
    )
    country = django_filters.ChoiceFilter(label=_("Country"), empty_label=_("Any"))

    class Meta:
        model = Organisation
        fields = []

    def __init__(self, *args, countries, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(code, country_name(code)) for code in countries]
        self.filters["country"].extra["choices"] = sorted(named, key=lambda choice: choice[1])

    @property
    def form(self):
        form = super().form
        form.helper = FormHelper()
        form.helper.form_tag = False
        form.helper.disable_csrf = True
        return form

    def search(self, queryset, name, value):
        letters = Q(name__icontains=value) | Q(conditions__icontains=value)
        return queryset.filter(letters | organisation_called(words_of(value)))


class SaveViewForm(forms.Form):
    """A name for the filters and order that are shown, and who else sees them."""

    name = PlainTextField(max_length=60, label=_("Name of this view"))
    shared = forms.BooleanField(required=False, label=_("Share it with my organisation"))
    share_with = forms.ChoiceField(required=False, label=_("Share it with"))
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, organisations: list[Organisation], **kwargs):
        """
        Arguments:
            organisations: those of the person. One is a tick; among several they choose.
        """
        super().__init__(*args, **kwargs)
        self.organisations = {str(organisation.pk): organisation for organisation in organisations}
        if len(organisations) != 1:
            del self.fields["shared"]
        if len(organisations) < 2:
            del self.fields["share_with"]
        else:
            names = [(key, organisation.name) for key, organisation in self.organisations.items()]
            self.fields["share_with"].choices = [("", _("Nobody: it is for me alone")), *names]

    @property
    def organisation(self) -> Organisation | None:
        """With whom the view is shared, once the form is valid."""
        if self.cleaned_data.get("shared"):
            return next(iter(self.organisations.values()))
        return self.organisations.get(self.cleaned_data.get("share_with", ""))

"""Bad input in addresses of the admin: in keys of rows, in searches, filters, orders, pages and dates."""

from urllib.parse import quote, urlencode

from django.contrib import admin
from django.urls import reverse

from tests.bad_inputs import corpus
from tests.bad_inputs.admin import label, row
from tests.bad_inputs.outcome import ask, unfit
from tests.browse import signed_in
from tests.test_admin_access import request_of

# What every list reads, beside its filters.
OF_EVERY_LIST = ("q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters", "id__in")
FAR = "9" * 30
# Days as the admin's own links write them, and parts of days as its calendar does.
MOMENTS = ("0001-01-01 00:00:00+00:00", "9999-12-31 23:59:59+00:00", "10000-01-01", "0000-00-00", "x")
DAYS = (("2026", "13", "1"), ("2026", "2", "30"), ("0", "1", "1"), ("9999", "12", "31"), (FAR, "1", "1"))
PAGES = (
    "p=0",
    "p=-1",
    "p=999999999",
    "p=x",
    "o=x",
    f"o={FAR}",
    "o=-1.x.99",
    "e=1",
    "e=1&p=x",
    "all=x",
    "list=x",
)
ABUSE = (*PAGES, *corpus.values("R06"))
KEYS = ("%00", "1%00", "x", "-1", FAR, "1.5", "_00", "%ff", quote("' or 1=1"))


def filters(model, world):
    """The names that the filters of a list put into its address."""
    request = request_of(world)
    found = admin.site._registry[model].get_changelist_instance(request).get_filters(request)[0]
    return sorted({name for entry in found for name in entry.expected_parameters()})


def bad_queries(model, world, whole):
    """Bad values behind the question mark of one list: for each name by itself, or for many names in one."""
    names = [*OF_EVERY_LIST, *filters(model, world)]
    # As they stand in an address: those of R04 are partly written so already.
    values = [text if text.startswith("%") else quote(text) for text in corpus.values("R04")]
    values += [FAR, "-1", "x", ""]
    if whole:
        yield from (f"{name}={value}" for name in names for value in ("%00", FAR, "x"))
        yield from (f"q={value}" for value in values)
        yield from ABUSE
    else:
        yield from ("&".join(f"{name}={value}" for name in names) for value in ("%00", FAR))
        yield from (
            f"q={''.join(values)}",
            "id__in=1,x",
            f"id__in={FAR}",
            "e=1&p=x",
            f"o={FAR}&p=-1",
            "p=999999999",
        )
    for name in names:
        if name.endswith(("__gte", "__lt")):
            yield from (urlencode({name: moment}) for moment in (MOMENTS if whole else MOMENTS[:2]))
    if day := admin.site._registry[model].date_hierarchy:
        yield f"{day}__year=9999"
        for year, month, number in DAYS:
            yield f"{day}__year={year}&{day}__month={month}&{day}__day={number}"


def queries(world, *, whole):
    """(address, problem) of every list of the admin, asked with every bad query."""
    client = signed_in(world.person("superuser"))
    for model in admin.site._registry:
        listing = reverse(f"{label(model)}_changelist")
        for query in bad_queries(model, world, whole):
            yield f"{listing}?{query}"[:120], problem_at(client, f"{listing}?{query}")
    names = {"app_label": "accounts", "model_name": "recovery", "field_name": "person", "term": "a"}
    for changed in [{name: value} for name in names for value in ("\0", "x")] + [
        {"page": "x"},
        {"page": FAR},
    ]:
        address = f"{reverse('admin:autocomplete')}?{urlencode(names | changed)}"
        yield address, problem_at(client, address)


def paths(world, *, whole):
    """(address, problem) of every page of a row, asked for a row that can't be, and of pages that can't be."""
    client = signed_in(world.person("superuser"))
    addresses = ["/admin/%00/", "/admin/x/%00", "/admin/login/?next=%00", "/admin/jsi18n/?x=%00"]
    for key in KEYS if whole else ("%00", FAR):
        addresses += [f"/admin/r/{key}/1/", f"/admin/r/1/{key}/"]
        addresses += [
            f"/admin/partnerships/project/{key}/agency/",
            f"/admin/principles/principleset/{key}/preview/",
        ]
        addresses += [reverse("admin:accounts_recovery_add") + f"?person={key}&reason={key}&email={key}"]
        for model in admin.site._registry:
            good = row(world, model).pk
            for page in ("change", "delete", "history") if whole else ("change",):
                before, _good, after = reverse(f"{label(model)}_{page}", args=[good]).rpartition(f"/{good}/")
                assert after == f"{page}/"
                addresses.append(f"{before}/{key}/{after}")
    for address in addresses:
        yield address[:120], problem_at(client, address)


def problem_at(client, address):
    """What is wrong with the answer, or with the page that it leads to; empty when nothing is."""
    outcome = ask(client, address, method="get", follow=True)
    statuses = {outcome.response.status_code, outcome.followed or 200}
    return unfit(outcome) or ("" if statuses <= {200, 302, 400, 403, 404} else str(statuses))

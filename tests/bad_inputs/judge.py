"""What an answer to bad input has to be: a refusal at its field that loses nothing, or the whole of it kept."""

import re

from tests.bad_inputs.outcome import unfit
from tests.bad_inputs.site import forms_on, route_of

# What a browser never gives back.
NOT_GIVEN_BACK = ("password", "file", "hidden")


def shown_again(place, outcome):
    """The same form on the page that answered, or None."""
    names = set(place.form.fields)
    found = [
        form
        for form in forms_on(outcome.response)
        if form.method == place.form.method and names <= set(form.fields)
    ]
    same = [form for form in found if route_of(form.action) in (place.route, place.page)]
    return (same or found or [None])[0]


def has_message(response, field):
    """There are words in an element that is named as what describes the field."""
    page = response.content.decode()
    ids = [name for name in field.described.split() if "err" in name] + [f"{field.id}_error"]
    return any(re.search(rf'id="{re.escape(name)}"[^>]*>\s*(?:<[^>]+>\s*)*[^<\s]', page) for name in ids)


def given_back(form, sent, bad):
    """Names of fields that came back otherwise than they were sent."""
    return [
        name
        for name, field in form.fields.items()
        if name not in bad
        and field.kind not in NOT_GIVEN_BACK
        and name in sent
        and [value.strip() for value in sorted(field.values)]
        != [as_read(value) for value in sorted(sent[name])]
    ]


def as_read(value):
    """Browsers send line breaks in one way, and pages hold them in another."""
    return value.replace("\r\n", "\n").strip()


def refused(place, outcome, sent, bad):
    """What is wrong with a refusal, in words; empty when nothing is.

    Arguments:
        bad: names of the fields that hold something bad. A day is named by its first part.
    """
    if problem := unfit(outcome):
        return problem
    response = outcome.response
    if response.get("Content-Type", "").startswith("application/json"):
        return "" if response.status_code == 422 and response.json().get("message") else "taken by the script"
    if response.status_code not in (200, 400, 422):
        return f"not refused: {response.status_code}"
    if outcome.changed:
        return f"not refused: changed {sorted(outcome.changed)}"
    form = shown_again(place, outcome)
    if form is None:
        return f"{response.status_code} without the form"
    unmarked = [name for name in bad if not form.fields[name].invalid]
    if unmarked:
        return f"not marked: {unmarked}"
    silent = [name for name in bad if not has_message(response, form.fields[name])]
    if silent:
        return f"no message at {silent}"
    lost = given_back(form, sent, bad)
    return f"not given back: {lost}" if lost else ""


def taken(outcome, *wanted):
    """What is wrong with an acceptance; each of `wanted` has to be stored as it is."""
    if problem := unfit(outcome):
        return problem
    if not outcome.accepted:
        found = re.findall(r'<a href="#(\w[^"]*)">(.*?)</a>', outcome.response.content.decode())[:1]
        return f"refused: {outcome.response.status_code} {found}"
    if (outcome.followed or 200) >= 400:
        return f"the page after it: {outcome.followed}"
    words = outcome.words
    missing = [text for text in wanted if text not in words]
    return f"not stored: {missing[0][:60]!r}" if missing else ""

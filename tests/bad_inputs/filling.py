"""What a careful person would type into a form: good words everywhere, so that one bad thing stands out."""

import datetime as dt

from tests.bad_inputs.forms import DATE_PARTS

# Fields with rules of their own, by the name of the address: good for them.
GOOD = {
    "evaluations:conclusion_edit": {f"promise-{number}_when": "date" for number in (1, 2, 3)},
    "evaluations:conclusion_part": {f"promise-{number}_when": "date" for number in (1, 2, 3)},
    "partnerships:rows_confirm": {"why": "on"},
    "portal:task_later": {"when": "more"},
    "evaluations:promise_add": {"when": "date"},
    "partnerships:permission_answer": {"answer": "conditions"},
}
# How many days from today on a day is asked for; behind today where that is needed.
DAYS = {
    "partnerships:signature_record": -20,
    "partnerships:interest_decide": -20,
    "partnerships:contract_approve": -1,
}


def groups(form):
    """The names of the days of a form, without the parts."""
    return list(dict.fromkeys(field.name.rpartition("_")[0] for field in form.of("date")))


def as_day(name, day):
    """What is posted for one day, given as year-month-day."""
    year, month, rest = (day.split("-", 2) + ["", ""])[:3]
    return dict(zip((f"{name}{part}" for part in DATE_PARTS), ([rest], [month], [year]), strict=True))


def good(place, today):
    """A form filled in well: what a browser would post, as lists by name."""
    form = place.form
    sent = form.standing()
    for number, field in enumerate(form.fields.values()):
        if field.kind == "choice" and not any(sent.get(field.name, ())):
            options = [option for option in field.options if option]
            if field.required or field.radio:
                sent[field.name] = options[:1]
        elif field.kind in ("text", "lines"):
            sent[field.name] = [f"Plain words {number}"]
        elif field.kind == "email":
            sent[field.name] = [f"somebody{number}@example.org"]
        elif field.kind == "link":
            sent[field.name] = [f"https://example.org/policy/{number}"]
        elif field.kind == "money":
            sent[field.name] = [f"{number}234.50"]
        elif field.kind == "password":
            sent[field.name] = ["a long and quiet sentence"]
    for number, name in enumerate(groups(form), start=1):
        sent |= as_day(name, (today + dt.timedelta(days=DAYS.get(place.route, 20) + number)).isoformat())
    return sent | {name: [value] for name, value in GOOD.get(place.route, {}).items()}

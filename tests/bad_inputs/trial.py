"""Every case that fits one form, tried on it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.test import Client

from accounts.models import Membership, Organisation, Person
from tests.bad_inputs import corpus
from tests.bad_inputs.filling import as_day, good, groups
from tests.bad_inputs.judge import refused, taken
from tests.bad_inputs.outcome import ask, unfit
from tests.bad_inputs.site import Place

# Forms that a good word alone does not satisfy: for these, an answer without an error is all that is asked.
NEEDS_MORE = {
    "account_login": "the password of an account",
    "account_reauthenticate": "the password of an account",
    "mfa_activate_totp": "a code of this minute",
    "mfa_add_webauthn": "a device",
    "mfa_login_webauthn": "a device",
    "mfa_reauthenticate": "a code of this minute",
    "evaluations:review_send": "a whole review",
    "partnerships:signature_record": "a signed copy; tests/test_bad_input.py gives it one",
    "partnerships:version_add": "a file; tests/test_bad_input.py gives it one",
}
# Days that have to lie behind, or close to the day that a task is due: the odd days of the corpus are neither.
DAYS_BEHIND = {"partnerships:signature_record", "partnerships:interest_decide"}
DAYS_CLOSE = {"portal:mail_pause", "portal:task_later"}


@dataclass
class Trial:
    """One form, what a careful person would post from it, and the problems that were found.

    Arguments:
        whole: each case in every field; otherwise the cases are dealt out over the fields.
    """

    place: Place
    today: dt.date
    whole: bool
    problems: dict = field(default_factory=dict)
    posts: int = 0

    @cached_property
    def base(self):
        return good(self.place, self.today)

    @property
    def form(self):
        return self.place.form

    def ask(self, changes, **options):
        self.posts += 1
        files = bool(self.form.of("file"))
        sent = self.base | changes
        if files:
            sent = {name: values for name, values in sent.items() if values}
        return ask(self.place.client, self.form.action, sent, files=files, **options)

    def values(self, case):
        """All values of a case, or the two ends of its list."""
        found = corpus.values(case)
        return found if self.whole else list(dict.fromkeys((found[0], found[-1])))

    def note(self, case, problem):
        if problem:
            self.problems[f"{self.place}, {case}"] = problem

    def run(self):
        """Everything that fits this form."""
        base = self.ask({}, follow=True, look=rights)
        self.note("good words", unfit(base) if self.place.route in NEEDS_MORE else taken(base))
        if self.place.route in NEEDS_MORE:
            self.unanswered()
        else:
            self.words()
            self.addresses()
            self.amounts()
            self.days()
            if self.whole:
                self.extra_fields(base)
        self.forged()
        self.keys_of_others()
        self.without_token()

    def unanswered(self):
        cases = (
            (*corpus.WORDS_REFUSED, *corpus.WORDS_EMPTY, *corpus.WORDS_KEPT) if self.whole else ("T01", "T04")
        )
        for case in cases:
            for value in corpus.values(case):
                changes = {
                    found.name: [value] for found in self.form.of("text", "lines", "email", "password")
                }
                self.note(case, unfit(self.ask(changes)))

    def wordy(self):
        """The fields that take any words."""
        return self.form.of("text", "lines")

    def words(self):
        fields = self.wordy()
        if not fields:
            return
        names = [found.name for found in fields]
        bad = [(case, value) for case in corpus.WORDS_REFUSED for value in corpus.values(case)]
        for start in range(0, len(bad), 1 if self.whole else len(names)):
            dealt = {
                name: bad[(start + number * (not self.whole)) % len(bad)] for number, name in enumerate(names)
            }
            sent = {name: [value] for name, (_case, value) in dealt.items()}
            self.refuse(" ".join(sorted({case for case, _value in dealt.values()})), sent, names)
        # One bad field among good ones: what stands in the others is not lost.
        for name in names if self.whole else names[:1]:
            self.refuse("T01", {name: corpus.values("T01")}, [name])
        required = [found.name for found in fields if found.required]
        for case in corpus.WORDS_EMPTY:
            sent = dict.fromkeys(names, corpus.values(case))
            if required:
                self.refuse(case, sent, required)
            else:
                outcome = self.ask(sent)
                self.note(case, unfit(outcome) or self.unseen(outcome, corpus.values(case)[0]))
        self.keep(fields)

    def unseen(self, outcome, value):
        return "stored what nobody can see" if value in outcome.words else ""

    def keep(self, fields):
        """Texts that are odd and good: stored as they are, each field with its own."""
        texts = [(case, value) for case in corpus.WORDS_KEPT for value in corpus.values(case)]
        rounds = range(len(texts)) if self.whole else range(0, len(texts), len(fields))
        for start in rounds:
            sent, wanted, cases = {}, [], set()
            for number, found in enumerate(fields):
                case, text = texts[start if self.whole else (start + number) % len(texts)]
                own = text if case in ("T04", "T13") else f"{text} {number}"
                if value := corpus.fitted(own, found.limit):
                    sent[found.name] = [value]
                    wanted.append(corpus.kept(value, lines=found.kind == "lines"))
                    cases.add(case)
            if sent:
                self.note(" ".join(sorted(cases)), taken(self.ask(sent, follow=self.whole), *wanted))

    def addresses(self):
        names = [found.name for found in self.form.of("email")]
        for name in names:
            for case in corpus.ADDRESSES_REFUSED:
                self.refuse(case, {name: corpus.values(case)}, [name])
            for value in corpus.values("E05"):
                self.note("E05", taken(self.ask({name: [value]}), "a.user@example.com"))
            twin = self.ask({name: corpus.values("E06")})
            self.note("E06", unfit(twin) or ("stored" if "mike@example.org" in twin.words else ""))

    def amounts(self):
        names = [found.name for found in self.form.of("money")]
        for case in corpus.AMOUNTS_REFUSED if names else ():
            for value in self.values(case):
                self.refuse(case, {key: [value] for key in names}, names)
        for case, value, kept in (
            ("N01", corpus.values("N01")[0], "1234.56"),
            *zip(("N05", "N05"), corpus.values("N05"), ("123", "12"), strict=True),
        ):
            if names:
                outcome = self.ask({key: [value] for key in names}, follow=True)
                stored = any(is_amount(word, kept) for word in outcome.words)
                self.note(case, taken(outcome) or ("" if stored else f"not stored: {kept}"))

    def days(self):
        names = groups(self.form)
        if not names:
            return
        bad = [f"{name}_day" for name in names]
        for case in corpus.DAYS_REFUSED:
            for value in self.values(case):
                sent = {}
                for name in names:
                    sent |= as_day(name, value) if case == "D08" else {f"{name}_day": [value]}
                self.refuse(case, sent, bad)
        for case in corpus.DAYS_KEPT:
            sent, day = {}, corpus.ahead(corpus.values(case)[0], self.today)
            for name in names:
                sent |= as_day(name, day)
            if self.place.route in DAYS_BEHIND:
                self.refuse(case, sent, bad)
            elif self.place.route in DAYS_CLOSE:
                self.note(case, unfit(self.ask(sent)))
            else:
                self.note(case, taken(self.ask(sent, follow=True), day))
        if {"starts_on", "ends_on"} <= set(names):
            sent = as_day("starts_on", "2027-05-02") | as_day("ends_on", "2027-05-01")
            self.refuse("D09", sent, ["starts_on_day", "ends_on_day"])

    def refuse(self, case, changes, bad):
        # The other parts of a day are marked with it, and are not "the rest".
        around = {name for found in bad if found.endswith("_day") for name in as_day(found[:-4], "")}
        sent = {name: values for name, values in (self.base | changes).items() if name not in around}
        self.note(case, refused(self.place, self.ask(changes), sent, bad))

    def forged(self):
        """What nobody can type, but anybody can send: choices, buttons, hidden fields."""
        names = [found.name for found in self.form.of("choice", "hidden")]
        names += [name for name, _value in self.form.buttons[:1] if name not in names]
        values = [(case, value) for case in corpus.FORGED for value in corpus.values(case)]
        nul = ("T01", *corpus.values("T01"))
        tries = [(names, *pair) for pair in values] if self.whole else [(names, *nul)]
        if self.whole and len(names) > 1:
            tries += [([name], *nul) for name in names]
        for changed, case, value in tries if names else ():
            outcome = self.ask({key: [value] for key in changed})
            stored = "stored a NUL" if any("\0" in word for word in outcome.words) else ""
            self.note(f"{case} in {' '.join(changed)}"[:90], unfit(outcome) or stored)

    def keys_of_others(self):
        """Where a key is chosen, one that is not offered is refused: there is such a person, or such an organisation."""
        keys = {
            str(key) for model in (Person, Organisation) for key in model.objects.values_list("pk", flat=True)
        }
        for found in self.form.of("choice"):
            offered = set(filter(None, found.options))
            if not offered or not all(option.isdecimal() for option in offered):
                continue
            strange = sorted(keys - offered, key=int)
            for key in strange[-3:]:
                outcome = self.ask({found.name: [key]})
                taken_over = outcome.accepted and bool(outcome.changed)
                self.note(f"{key} as {found.name}", unfit(outcome) or ("accepted" if taken_over else ""))

    def extra_fields(self, plain):
        """R07: what a form does not have changes nothing."""
        extra = dict(pair.split("=") for pair in corpus.CASES["R07"]["value"].split("&"))
        other = Membership.objects.order_by("-pk").values_list("organisation", flat=True)[0]
        extra = {name: [value.replace("<other>", str(other))] for name, value in extra.items()}
        extra = {name: value for name, value in extra.items() if name not in self.form.fields}
        more = self.ask(extra, look=rights)
        same = (plain.looked, plain.changed) == (more.looked, more.changed)
        stored = any(word.startswith("2020-01-01") for word in more.words)
        self.note("R07", unfit(more) or ("" if same and not stored else "an extra field changed something"))

    def without_token(self):
        """R12: no token, and the token of somebody else's session."""
        others = {"csrfmiddlewaretoken": ["a" * 64]}
        for token in ({}, others) if self.whole else ({},):
            strict = Client(enforce_csrf_checks=True)
            for name, morsel in self.place.client.cookies.items():
                if name != "csrftoken":
                    strict.cookies[name] = morsel.value
            if token:
                strict.get("/sign-in/")
            self.posts += 1
            outcome = ask(strict, self.form.action, self.base | token)
            problem = "" if outcome.response.status_code == 403 else f"{outcome.response.status_code}"
            self.note("R12", unfit(outcome) or problem)


def is_amount(word, amount):
    """Databases keep different numbers of digits behind the point."""
    try:
        return Decimal(word) == Decimal(amount)
    except InvalidOperation:
        return False


def rights():
    """Who has which rights, in numbers: how many of a role in each organisation, how many of the staff."""
    held = Membership.objects.filter(left_at=None).order_by("organisation", "role")
    return list(held.values_list("organisation", "role")), Person.objects.filter(is_staff=True).count()

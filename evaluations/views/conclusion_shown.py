"""A conclusion as one organisation reads it."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.models import Organisation, Person
from evaluations.actions.conclusions import signers
from evaluations.actions.pen import may_take_back
from evaluations.actions.signing import day_has_passed, missing_from
from evaluations.models import Conclusion, ConclusionPart
from principles.models import Principle


@dataclass(frozen=True)
class PartShown:
    code: str
    label: str
    text: str
    drafted: bool
    disagreed: bool
    public: bool
    views: list
    # What the reader's organisation last sent, where it differs.
    before: "PartShown | None" = None


@dataclass(frozen=True)
class PromiseShown:
    position: int
    what: str
    owner: Person | None
    organisation: Organisation | None
    due_on: dt.date | None
    principle: Principle | None
    is_new: bool = False
    day_passed: bool = False


class ConclusionShown:
    """A conclusion as one organisation reads it: with the pen or signed as it stands, else as it was last handed over."""

    def __init__(self, conclusion: Conclusion, organisation: Organisation):
        self.today = local_day(timezone.now(), conclusion.project.zone)
        self.conclusion = conclusion
        self.organisation = organisation
        turns = list(conclusion.turns.order_by("-pk")[:10])
        open_to_me = conclusion.is_open_to(organisation)
        self.last = last = turns[0] if turns else None
        self.content = conclusion.content() if open_to_me else (last.content if last else None)
        self.revision = conclusion.revision if open_to_me else (last.revision if last else None)
        mine = next((turn for turn in turns if turn.organisation_id == organisation.pk), None)
        changed_since = mine is not None and conclusion.signed_at is None and self.content is not None
        self.before = mine.content if changed_since else None
        self.sender = next((turn for turn in turns if turn.handed_to_id == organisation.pk), None)
        self.taken_on = None
        if self.sender is not None and self.sender.was_taken:
            self.sender, self.taken_on = None, self.sender.handed_at
        self.signers = signers(conclusion.project)
        self.signatures = {
            signature.organisation_id: signature
            for signature in conclusion.signatures.select_related("person", "organisation")
        }
        known = {one.pk: one for one in self.signers}
        self.organisations = known | {
            one.pk: one for one in Organisation.objects.filter(pk__in=self._mentioned() - set(known))
        }

    def _mentioned(self):
        content = self.content or {"parts": {}, "promises": []}
        said = {int(pk) for part in content["parts"].values() for pk in part["views"]}
        return said | {promise["organisation"] for promise in content["promises"] if promise["organisation"]}

    @property
    def parts(self):
        if self.content is None:
            return []
        labels = dict(ConclusionPart.Code.choices)
        shown = []
        for code, part in self.content["parts"].items():
            before = self.before["parts"].get(code) if self.before else None
            changed = before is not None and {**before, "drafted": 0} != {**part, "drafted": 0}
            shown.append(
                self._part(code, labels[code], part, self._part(code, "", before) if changed else None)
            )
        return shown

    def _part(self, code, label, part, before=None):
        views = [
            {
                "title": self.organisations[int(pk)].name,
                "text": text,
                "organisation": self.organisations[int(pk)],
            }
            for pk, text in part["views"].items()
        ]
        said = {view["organisation"].pk for view in views}
        views += [
            {"title": one.name, "text": "", "organisation": one, "none": _("Nothing added")}
            for one in self.signers
            if one.pk not in said
        ]
        views.sort(key=lambda view: view["organisation"] != self.organisation)
        return PartShown(
            code, label, part["text"], part["drafted"], part["disagreed"], part["public"], views, before
        )

    @property
    def promises(self):
        if self.content is None:
            return []
        rows = self.content["promises"]
        people = Person.objects.in_bulk({row["owner"] for row in rows if row["owner"]})
        principles = Principle.objects.in_bulk({row["principle"] for row in rows if row["principle"]})
        before = {row["position"]: row for row in self.before["promises"]} if self.before else None
        return [
            PromiseShown(
                position=row["position"],
                what=row["what"],
                owner=people.get(row["owner"]),
                organisation=self.organisations.get(row["organisation"]),
                due_on=dt.date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                principle=principles.get(row["principle"]),
                is_new=before is not None and before.get(row["position"]) != row,
                day_passed=self.conclusion.signed_at is None and day_has_passed(row["due_on"], self.today),
            )
            for row in rows
        ]

    @property
    def missing(self):
        return missing_from(self.content, today=self.today) if self.content is not None else []

    @property
    def signing(self):
        """Every organisation that signs, with its signature or none."""
        return [(one, self.signatures.get(one.pk)) for one in self.signers]

    @property
    def signed_by_others(self):
        return [
            signature.organisation for pk, signature in self.signatures.items() if pk != self.organisation.pk
        ]

    @property
    def others(self):
        return [one for one in self.signers if one != self.organisation]

    @property
    def send_to(self):
        """Whom it can be sent to as it stands: nobody when they know these words already."""
        return self.others if self.last is None or self.last.revision != self.conclusion.revision else []

    @property
    def signing_sends_to(self):
        """To whom the signature of who holds the pen sends words that the others do not know yet, if to anybody."""
        if self.conclusion.pen_id != self.organisation.pk or not self.send_to:
            return None
        return next((one for one in self.others if one.pk not in self.signatures), None)

    @property
    def may_take_back(self):
        """Whether the reader handed it on, and nobody has changed a word since."""
        return may_take_back(self.conclusion, self.organisation, self.last)

    @property
    def has_signed(self):
        return self.organisation.pk in self.signatures

    @property
    def may_sign(self):
        return self.organisation in self.signers and not self.has_signed and self.content is not None

"""Who is called what, and a side's marks in words."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from evaluations.scoring import (
    COMPANY,
    DONT_KNOW,
    GROUP,
    NO_ANSWER,
    NOT_IN_PROJECT,
    SIDES,
    TOO_FEW,
    VALUE,
    Compared,
    Comparison,
    Organisation,
    OrganisationValue,
    SideValue,
    value_word,
)

SHAPES = {GROUP: "circle", COMPANY: "square"}


# Why a value is missing: on one side, and on both.
NO_VALUE = {
    DONT_KNOW: _("I don’t know"),
    NOT_IN_PROJECT: _("Not in this project"),
    TOO_FEW: _("not enough answers"),
    NO_ANSWER: _("no answer"),
}
NO_VALUES = {
    DONT_KNOW: _("Neither side knew"),
    NOT_IN_PROJECT: _("Not in this project"),
    TOO_FEW: _("Not enough answers"),
    NO_ANSWER: _("No answers"),
}
ONE_OF_A_SIDE = {GROUP: _("The group"), COMPANY: _("The company")}
SEVERAL_OF_A_SIDE = {GROUP: _("The groups"), COMPANY: _("The companies")}


@dataclass(frozen=True)
class Voices:
    """How the two sides and their organisations are named for one viewer, and in which order."""

    comparison: Comparison
    viewer_side: str | None = None
    viewer: Hashable | None = None

    @property
    def order(self) -> tuple[str, str]:
        """The viewer's own side first; the guide's order on a neutral page."""
        return (COMPANY, GROUP) if self.viewer_side == COMPANY else SIDES

    @cached_property
    def levels(self) -> tuple[str, ...]:
        return tuple(str(word) for word in self.comparison.levels)

    def side(self, side: str) -> str:
        return self._names[side]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {side: self._name(side, self.comparison.side(side)) for side in SIDES}

    def _name(self, side: str, organisations: tuple[Organisation, ...]) -> str:
        if side == self.viewer_side:
            return gettext("Your side") if len(organisations) > 1 else gettext("You")
        if len(organisations) == 1:
            return organisations[0].name
        return str((SEVERAL_OF_A_SIDE if organisations else ONE_OF_A_SIDE)[side])

    def legend(self, side: str) -> str:
        organisations = self.comparison.side(side)
        names = ", ".join(organisation.name for organisation in organisations)
        if names in ("", self.side(side)):
            return self.side(side)
        if len(organisations) == 1:
            return gettext("%(you)s, %(name)s") % {"you": self.side(side), "name": names}
        return gettext("%(side)s: %(names)s") % {"side": self.side(side), "names": names}

    def is_viewer(self, one: OrganisationValue) -> bool:
        alone = len(self.comparison.side(one.organisation.side)) == 1
        own_side = one.organisation.side == self.viewer_side
        return own_side and (alone or one.organisation.key == self.viewer)

    def organisation(self, one: OrganisationValue) -> str:
        return gettext("You") if self.is_viewer(one) else one.organisation.name

    def words(self, value: SideValue | OrganisationValue) -> str:
        """A value in words, or why there is none."""
        about = value.tally if isinstance(value, OrganisationValue) else value
        if about.value is not None:
            return str(value_word(about.value, self.levels))
        return str(NO_VALUE[about.standing])

    def sentence(self, result: Compared) -> str:
        """What the marks show, for those who do not see them."""
        return " ".join(self._clause(result.side(side), result.is_question) for side in self.order)

    def _clause(self, value: SideValue, is_question: bool) -> str:
        about = {"name": self.side(value.side), "words": self.words(value)}
        if len(value.organisations) > 1:
            each = "; ".join(
                gettext("%(name)s: %(words)s") % {"name": self.organisation(one), "words": self.words(one)}
                for one in value.organisations
            )
            return gettext("%(name)s: %(words)s (%(each)s).") % (about | {"each": each})
        if is_question and value.standing == VALUE:
            return gettext("%(name)s said %(words)s.") % about
        return gettext("%(name)s: %(words)s.") % about

    def gap(self, result: Compared) -> str:
        """The gap word; where there is nothing to compare and both sides have the same reason, the reason."""
        standings = {result.group.standing, result.company.standing}
        if len(standings) > 1 or VALUE in standings:
            return str(result.word)
        return str(NO_VALUES[standings.pop()])

    def notes(self, result: Compared) -> tuple[str, ...]:
        """What is outside the scale, always shown and counted apart (rule 5); and a side without a value."""
        notes = []
        one_reason = result.group.standing == result.company.standing
        for value in (result.side(side) for side in self.order):
            if value.standing != VALUE and not one_reason:
                notes.append(
                    gettext("%(name)s: %(words)s")
                    % {"name": self.side(value.side), "words": self.words(value)}
                )
            if value.standing in (VALUE, TOO_FEW):
                notes += [f"{self.side(value.side)}: {counted}" for counted in outside_the_scale(value)]
        return tuple(notes)


def outside_the_scale(value: SideValue) -> list[str]:
    """How often a side answered outside the scale, as far as it did."""
    counted = []
    if value.dont_know:
        counted.append(
            ngettext("%(count)d answer “I don’t know”", "%(count)d answers “I don’t know”", value.dont_know)
            % {"count": value.dont_know}
        )
    if value.not_here:
        counted.append(
            ngettext(
                "%(count)d answer “Not in this project”",
                "%(count)d answers “Not in this project”",
                value.not_here,
            )
            % {"count": value.not_here}
        )
    return counted

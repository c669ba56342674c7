"""Two versions of the file of a contract, as somebody reads them side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from partnerships.changes import ADDED, CHANGED, REMOVED, SAME, Row, compare, counts
from partnerships.models import ContractText, ContractTurn, ContractVersion, FileState
from principles.glossary import Word, find_words


@dataclass(frozen=True)
class Comparison:
    """What became of an older version.

    Attributes:
        newer, older: the two versions; older is None when there is nothing to compare with.
        others: further versions that the newer one can be compared with.
        reasons: why there is nothing to show, as sentences; empty when there is.
        gaps: what was not compared, as sentences.
        stretches: rows in order, cut where unchanged ones begin and end: (whether unchanged, rows).
    """

    newer: ContractVersion
    older: ContractVersion | None = None
    others: tuple[ContractVersion, ...] = ()
    notes: tuple[ContractVersion, ...] = ()
    reasons: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    stretches: tuple[tuple[bool, list[Row]], ...] = ()

    @property
    def changed(self) -> list[Row]:
        return [row for unchanged, rows in self.stretches if not unchanged for row in rows]

    @property
    def sentence(self) -> str:
        """How much changed, in one sentence."""
        number = counts(self.changed)
        if not self.changed:
            return _("Not a word of the text changed.")
        parts = [
            ngettext("{count} paragraph changed", "{count} paragraphs changed", number[CHANGED]),
            ngettext("{count} is new", "{count} are new", number[ADDED]),
            ngettext("{count} went", "{count} went", number[REMOVED]),
        ]
        kinds = (CHANGED, ADDED, REMOVED)
        return _("{changed}, {added}, {removed}.").format(
            **{kind: part.format(count=number[kind]) for kind, part in zip(kinds, parts, strict=True)}
        )

    @property
    def words(self) -> list[Word]:
        """Words of contracts that stand in what changed."""
        return find_words("\n".join(row.text for row in self.changed))


def can_open(version: ContractVersion, organisation: Organisation) -> bool:
    """What the scanner has not seen yet is for the side that uploaded it; what it removed, for nobody."""
    return version.state == FileState.CLEAN or (
        version.state == FileState.HELD and version.organisation_id == organisation.pk
    )


def new_to(
    organisation: int, versions: Iterable[ContractVersion], turns: Iterable[ContractTurn]
) -> ContractVersion | None:
    """The newest version, where somebody else added it since the contract last lay with this organisation.

    None for who never had the contract: to them all of it is new.

    Arguments:
        organisation: its key.
        versions, turns: those of one contract, in any order.
    """
    newest = max(versions, key=lambda version: version.number, default=None)
    ended = [turn.until for turn in turns if turn.organisation_id == organisation and turn.until]
    if newest is None or newest.organisation_id == organisation or not ended:
        return None
    return newest if newest.number > 1 and newest.uploaded_at >= max(ended) else None


def compare_versions(
    versions: Sequence[ContractVersion], number: int, since: int | None, *, organisation: Organisation
) -> Comparison | None:
    """Lay a version beside an older one. None when one of the two is not there for this organisation.

    Arguments:
        versions: all of the contract, the newest first.
        since: the number of the older one; the one before unless told.
    """
    open_to_us = [version for version in versions if can_open(version, organisation)]
    newer = next((version for version in open_to_us if version.number == number), None)
    if newer is None:
        return None
    before = [version for version in open_to_us if version.number < number]
    older = next((version for version in before if since in (None, version.number)), None)
    if older is None:
        return (
            Comparison(newer, reasons=(_("There is no version before this one."),)) if since is None else None
        )
    texts = {text.version_id: text for text in ContractText.objects.filter(version__in=[older, newer])}
    # The older one first, as they stand on the page.
    both = [(version, texts.get(version.pk)) for version in (older, newer)]
    reasons = tuple(reason for version, text in both if (reason := _why_not(version, text)))
    return Comparison(
        newer=newer,
        older=older,
        others=tuple(version for version in before if version != older),
        notes=tuple(
            version
            for version in reversed(open_to_us)
            if older.number < version.number <= number and version.note
        ),
        reasons=reasons,
        gaps=() if reasons else tuple(_gap(*one) for one in both if one[1].pages_without_text),
        stretches=() if reasons else _stretches(*(text.paragraphs for _version, text in both)),
    )


def _stretches(before, after):
    grouped = groupby(compare(before, after), key=lambda row: row.kind == SAME)
    return tuple((unchanged, list(rows)) for unchanged, rows in grouped)


def _why_not(version, text):
    if text is not None and text.state == ContractText.State.READ:
        return ""
    if version.state == FileState.HELD:
        sentence = _("Version {number} is not checked for viruses yet.")
    elif text is None:
        sentence = _("Version {number} is not read yet. Look again in a minute.")
    else:
        sentence = _(
            "Version {number} can’t be read here. It may be a scan without text, or have a password."
        )
    return sentence.format(number=version.number)


def _gap(version, text):
    return ngettext(
        "Version {number} has {count} page without text, such as a scan. It is not compared.",
        "Version {number} has {count} pages without text, such as scans. They are not compared.",
        text.pages_without_text,
    ).format(number=version.number, count=text.pages_without_text)

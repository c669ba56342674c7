"""What a search gives back: things that were found, in groups."""

from dataclasses import dataclass

from accounts.words import spans

# So many of a group at most; the others stand on the page of its kind.
SHOWN = 5
# Letters of a long text, around the first word that was found.
EXCERPT, BEFORE = 180, 60


@dataclass(frozen=True)
class Hit:
    """One thing that was found.

    Arguments:
        title: what it is called, or what it says.
        path: the page on which it stands.
        kind: what it is, in a few words of ours.
        about: where it belongs, in words in which something may have been found.
        text: words of it, as `excerpt` gives them.
    """

    title: str
    path: str
    kind: str = ""
    about: str = ""
    text: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind.

    Arguments:
        code: part of the page's anchors.
        more: where all of it is listed, when there is more than is shown.
        more_text: the words of that link.
    """

    code: str
    title: str
    icon: str
    hits: list[Hit]
    more: str = ""
    more_text: str = ""


def excerpt(text: str, words: list[str]) -> str:
    """The part of a long text in which the first of the words stands, cut between words."""
    text = " ".join(text.split())
    if len(text) <= EXCERPT:
        return text
    found = spans(text, words)
    start = max(found[0][0] - BEFORE, 0) if found else 0
    if start:
        start = text.find(" ", start) + 1 or start
    end = start + EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return f"{'… ' if start else ''}{text[start:end].rstrip()}{' …' if end < len(text) else ''}"

"""The corpus of bad input (tests/data/bad_inputs.json): its values, where each is used, and why some are not here."""

import datetime as dt
import json
import unicodedata
from pathlib import Path

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text())["cases"]
}

# Put into every field that takes words, one line or several.
WORDS_REFUSED = ("T01", "T02", "T07", "T11")
WORDS_EMPTY = ("T08", "T14")
WORDS_KEPT = ("T04", "T05", "T10", "T13", "T16", "T17", "T19", "T20", "X02", "X03", "E02")
# Put into every field of their kind.
ADDRESSES_REFUSED = ("E03", "E08", "T01")
ADDRESSES_KEPT = ("E05", "E06")
AMOUNTS_REFUSED = ("N02", "N04", "N08", "T01")
AMOUNTS_KEPT = ("N01", "N05")
DAYS_REFUSED = ("D05", "D08", "T01")
DAYS_KEPT = ("D02", "D03")
# Put into what nobody types, but anybody can send: choices and hidden fields.
FORGED = ("T01", "T04", "N08", "N11")
PATHS = ("N10", "N11")
QUERIES = ("R04", "R06")
FILES = ("F01", "F02", "F04", "F05", "F07", "F08", "F10", "F11", "F13", "F14")
POSTS = ("D09", "R07", "R12")

USED = {
    *WORDS_REFUSED, *WORDS_EMPTY, *WORDS_KEPT, *ADDRESSES_REFUSED, *ADDRESSES_KEPT, *AMOUNTS_REFUSED, *AMOUNTS_KEPT,
    *DAYS_REFUSED, *DAYS_KEPT, *FORGED, *PATHS, *QUERIES, *FILES, *POSTS,
}  # fmt: skip

# Cases that no form can be given: where they are played instead, or why there is nothing to play.
ELSEWHERE = {
    "N07": ("no sum is shared out here; money is summed nowhere over rows that people type", None),
    "D06": (
        "steps over two days",
        "tests/evaluations/test_reviews_late.py::test_the_projects_own_midnight_decides_what_is_late",
    ),
    "R01": ("a header", "tests/accounts/test_sign_in.py::test_a_foreign_host_is_refused"),
    "R03": (
        "a header and ten tries",
        "tests/accounts/test_sign_in.py::test_ten_tries_are_enough_whatever_the_client_says_its_address_is",
    ),
    "R09": (
        "two requests at once",
        "tests/partnerships/test_project_races.py::test_forms_pressed_twice_at_once_answer_twice_and_do_it_once",
    ),
    "R10": (
        "two people",
        "tests/partnerships/test_plan_pages.py::test_a_colleagues_words_are_shown_beside_ones_own",
    ),
    "R13": (
        "links of eight kinds",
        "tests/accounts/test_invitations.py::test_invitations_that_do_not_work_all_show_one_page",
    ),
}

# What the lists hold in words, as values. `ten to the thirtieth` and the like are typed as their digits.
SPELT = {"10**30": "1" + "0" * 30, "2**63": str(2**63), "\\t=1": "\t=1", "\\r=1": "\r=1"}


def values(identity):
    """Every value of a case, as it would be typed: text, or bytes where the corpus names them."""
    case = CASES[identity]
    value, how = case["value"], case["deliver"]
    if how == "hex":
        return [bytes.fromhex(value.replace(" ", ""))]
    if how == "build":
        if "template" in value:
            return [value["repeat"] * value["times"]]
        return [value.get("base", "") + value["repeat"] * value["times"] + value.get("suffix", "")]
    if how == "list":
        inside = value.strip("[]").removeprefix("one value each: ")
        return [SPELT.get(item.strip(), item.strip()) for item in inside.split(" | ")]
    return [value]


def fitted(text, limit):
    """One unbroken word is as long as its field allows; another text goes in whole or not at all."""
    if text == values("T13")[0]:
        return "W" * min(limit or 200, 4000)
    return text if limit is None or len(text) <= limit else None


def kept(text, *, lines):
    """How a text is stored that may be kept: composed, and on one line where there is only one."""
    # Bytes that are no text arrive as marks in place of them, and these are kept.
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return (text if lines else " ".join(text.split("\n"))).strip()


def ahead(day, today):
    """The same day of the first year in which it lies ahead: the corpus has days that pass."""
    year, rest = int(day[:4]), day[4:]
    while not _is_day(f"{year}{rest}") or dt.date.fromisoformat(f"{year}{rest}") <= today:
        year += 1
    return f"{year}{rest}"


def _is_day(text):
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False

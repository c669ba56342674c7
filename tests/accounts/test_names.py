"""Spellings that are one organisation, spellings that are not, and those that a person looks at."""

import csv
import itertools
import re
import time
from pathlib import Path

import pytest

from accounts.names import clean_name, doubtful_pairs, match_key, trigrams

PAYMENTS = Path(__file__).parents[1] / "data" / "patient_organisation_payments_2011_2014.csv"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aids Hilfe Schweiz", "AIDS--Hilfe Schweiz"),
        ("Magen Darm Liga Schweiz", "Magendarmliga Schweiz"),
        ("Schweizerische Diabetes-\nGesellschaft", "Schweizerische Diabetesgesellschaft"),
        ("Schweizerische Diabetes‐Gesellschaft", "Schweizerische Diabetes-Gesellschaft (SDG)"),
        ("Stiftung für Krebskranke", "STIFTUNG FUER KREBSKRANKE"),
        ("Association vaudoise du diabète", "Association Vaudoise du Diabete"),
        ("Weiße Feder", "Weisse Feder"),
        ("Ligue vaudoise contre le rhumatisme (LVR)", "Ligue Vaudoise contre le Rhumatisme"),
        ("Osteoporosis Foundation [IOF]", "Osteoporosis Foundation"),
        ("Zoe\u0308 Fund", "Zoë Fund"),
    ],
)
def test_spellings_of_one_organisation_have_one_key(one, other):
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Diabetesgesellschaft Basel", "Diabetesgesellschaft Wallis"),
        ("Krebsliga Bern", "Krebsliga Bern Jugend"),
        ("Kinderspital (Zürich)", "Kinderspital (Basel)"),
        ("Gesellschaft SDG", "Gesellschaft"),
    ],
)
def test_different_names_keep_different_keys(one, other):
    assert match_key(one) != match_key(other)


def test_a_name_that_is_only_an_abbreviation_in_brackets_keeps_a_key():
    assert match_key("(SDG)") == "sdg"


def test_a_name_reads_on_one_line_with_plain_hyphens():
    assert clean_name("Schweiz. Gesellschaft für Gastroenterologie\nSGG,") == (
        "Schweiz. Gesellschaft für Gastroenterologie SGG"
    )
    assert clean_name("Aids‐Hilfe\u00ad  beider\tBasel ") == "Aids-Hilfe beider Basel"


def test_alike_names_are_listed_the_most_alike_first():
    names = [
        "Knochenmarktransplantation",
        "Knochenmarkttransplantation",
        "Lungenliga Bern",
        "Kids Kidney Care",
    ]
    keys = [match_key(name) for name in names]

    assert [pair[:2] for pair in doubtful_pairs(keys)] == [(keys[0], keys[1])]


def test_a_name_with_an_abbreviation_in_front_is_listed():
    one, other = match_key("SPVG Psoriasis Gesellschaft"), match_key("Psoriasis Gesellschaft")

    assert [pair[:2] for pair in doubtful_pairs([one, other])] == [tuple(sorted([one, other]))]


def test_names_with_different_numbers_are_different():
    keys = [
        match_key(name) for name in ("Carers of District 3", "Carers of District 4", "Carers of District")
    ]

    found = {pair[:2] for pair in doubtful_pairs(keys)}

    assert found == {("carersofdistrict", "carersofdistrict3"), ("carersofdistrict", "carersofdistrict4")}


def published_keys():
    with PAYMENTS.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    names = {row["company"] for row in rows} | {row["payment_receiver"] for row in rows}
    return sorted({match_key(name) for name in names} - {""})


def compared_one_by_one(keys, limit):
    pairs = []
    for one, other in itertools.combinations(sorted(keys), 2):
        numbers = [re.findall(r"\d+", key) for key in (one, other)]
        if all(numbers) and numbers[0] != numbers[1]:
            continue
        a, b = trigrams(one), trigrams(other)
        likeness = len(a & b) / len(a | b)
        contained = min(len(one), len(other)) >= 12 and (one in other or other in one)
        if likeness >= limit or contained:
            pairs.append((one, other, round(likeness, 2)))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


@pytest.mark.parametrize("limit", [0.3, 0.6])
def test_no_doubtful_pair_of_the_published_names_is_missed(limit):
    keys = published_keys()

    assert len(keys) > 300
    assert doubtful_pairs(keys, limit=limit) == compared_one_by_one(keys, limit)


def test_only_pairs_with_a_new_name_are_asked_about():
    keys = published_keys()
    new = set(keys[::7])

    found = doubtful_pairs(keys, among=new)

    assert found == [pair for pair in doubtful_pairs(keys) if new & set(pair[:2])]
    assert found


def test_thousands_of_names_with_the_same_words_are_compared_in_seconds():
    keys = [match_key(f"Patients and carers of place {number:04d}") for number in range(4000)]
    began = time.process_time()

    assert doubtful_pairs(keys, among=keys[:40]) == []
    assert time.process_time() - began < 5

"""Spellings that are one organisation, spellings that are not, and those that a person looks at."""

import pytest

from accounts.names import clean_name, doubtful_pairs, match_key


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

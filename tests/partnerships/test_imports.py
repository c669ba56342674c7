"""Reading published payments: all or nothing, twice is once, and who is who."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Event, Organisation, OrganisationName
from partnerships import imports
from partnerships.imports import import_transfers
from partnerships.models import ImportRun, Participation, Project, Transfer
from partnerships.payments import BadFile
from tests.factories import NOON, make_organisation

pytestmark = pytest.mark.django_db

REAL = Path(__file__).parent.parent / "data" / "patient_organisation_payments_2011_2014.csv"
HEADING = "company,company_locality,payment_receiver,payment_receiver_locality,amount,currency,payment_purpose,year,is_anonymous"


def write(tmp_path, *rows, heading=HEADING, encoding="utf-8"):
    path = tmp_path / "payments.csv"
    path.write_bytes("\n".join([heading, *rows, ""]).encode(encoding))
    return path


def read(path, **options):
    return import_transfers(path, source="test", at=NOON, **options)


def everything():
    models = (Organisation, OrganisationName, Project, Participation, Transfer, ImportRun, Event)
    return {model.__name__: model.objects.count() for model in models}


def test_the_real_list_becomes_organisations_projects_and_transfers():
    report = read(REAL)

    assert (report.rows, report.created, report.skipped, len(report.repeats)) == (913, 913, 0, 8)
    assert Transfer.objects.count() == 913
    assert Organisation.objects.filter(kind="company").count() == 40
    totals = {c: Decimal(0) for c in ("CHF", "EUR", "USD", "SEK")}
    for transfer in Transfer.objects.all():
        totals[transfer.currency] += transfer.amount
    assert totals == real_totals()


def every_row():
    """Every row of everything that an import writes, whole."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Organisation, OrganisationName, Project, Participation, Transfer, ImportRun, Event)
    }


def real_totals():
    import csv

    totals = {}
    with REAL.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            totals[row["currency"]] = totals.get(row["currency"], Decimal(0)) + Decimal(row["amount"])
    return totals


def test_reading_the_real_list_twice_changes_nothing():
    read(REAL)
    before = every_row()

    report = read(REAL)

    assert (report.created, report.skipped) == (0, 913)
    assert every_row() == before


def test_a_dry_run_reports_the_same_and_writes_nothing():
    trial = read(REAL, dry_run=True)

    assert set(everything().values()) == {0}
    assert read(REAL).as_dict() == trial.as_dict()


def test_spellings_of_one_organisation_become_one(tmp_path):
    path = write(
        tmp_path,
        "Abbott,Baar,Aids-Hilfe Schweiz,,10,CHF,x,2014,False",
        '"Abbott",Baar,"AIDS--Hilfe\nSchweiz",,20,CHF,x,2013,False',
        "ABBOTT,Baar,Aids Hilfe Schweiz (AHS),,30,EUR,x,2014,False",
    )

    report = read(path)

    assert sorted(Organisation.objects.values_list("kind", "name")) == [
        ("company", "Abbott"),
        ("group", "Aids-Hilfe Schweiz"),
    ]
    assert report.spellings == {
        "Aids-Hilfe Schweiz": ["AIDS--Hilfe Schweiz", "Aids Hilfe Schweiz (AHS)"],
        "Abbott": ["ABBOTT"],
    }
    assert Project.objects.count() == 2


def test_doubtful_pairs_are_listed_and_not_merged(tmp_path):
    path = write(
        tmp_path,
        "Abbott,,Kantonspital St. Gallen,,10,CHF,x,2014,False",
        "Abbott,,Kantonsspital St. Gallen,,10,CHF,x,2014,False",
    )

    report = read(path)

    assert [(doubt.one.name, doubt.other.name) for doubt in report.doubtful] == [
        ("Kantonspital St. Gallen", "Kantonsspital St. Gallen")
    ]
    assert Organisation.objects.filter(kind="group").count() == 2


def test_an_organisation_of_the_workspace_is_matched_and_a_merged_one_followed(tmp_path):
    kept = make_organisation("group", name="Larkfield Lupus Group")
    make_organisation("group", name="Larkfield Lupus", merged_into=kept)
    path = write(
        tmp_path,
        "Abbott,,LARKFIELD LUPUS GROUP,,10,GBP,x,2014,False",
        "Abbott,,Larkfield-Lupus,,5,GBP,x,2014,False",
    )

    report = read(path)

    assert (report.organisations_created, report.organisations_matched) == (1, 1)
    assert set(Transfer.objects.values_list("recipient", flat=True)) == {kept.pk}


def test_projects_are_company_by_receiver_by_year_and_stay_outside_the_workspace(tmp_path):
    path = write(
        tmp_path,
        "Abbott,,Lungenliga,,10,CHF,x,2013,False",
        "Abbott,,Lungenliga,,20,CHF,y,2013,False",
        "Abbott,,Lungenliga,,30,CHF,z,2014,False",
    )

    read(path)

    assert list(Project.objects.order_by("year").values_list("year", "origin", "stage")) == [
        (2013, "imported", "completed"),
        (2014, "imported", "completed"),
    ]
    assert not Project.objects.in_workspace().exists()
    assert sorted(Participation.objects.values_list("side", flat=True)) == [
        "company",
        "company",
        "group",
        "group",
    ]


def test_a_payment_without_a_name_has_no_recipient(tmp_path):
    path = write(tmp_path, "Abbott,,Not named,,10,CHF,x,2014,True")

    report = read(path)

    transfer = Transfer.objects.get()
    assert (transfer.recipient, transfer.anonymous, report.anonymous) == (None, True, 1)
    assert Organisation.objects.count() == 1


def test_the_same_row_twice_is_two_payments_and_comes_again_as_two(tmp_path):
    row = "Abbott,,Lungenliga,,10,CHF,x,2014,False"
    path = write(tmp_path, row, row)

    assert read(path).created == 2
    assert read(path).skipped == 2


def test_a_longer_list_of_the_same_source_adds_only_what_is_new(tmp_path):
    first = "Abbott,,Lungenliga,,10,CHF,x,2014,False"
    read(write(tmp_path, first))

    report = read(write(tmp_path, "Roche,,Lungenliga,,7,CHF,x,2014,False", first))

    assert (report.created, report.skipped) == (1, 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",,Lungenliga,,10,CHF,x,2014,False", "company"),
        ("Abbott,,,,10,CHF,x,2014,False", "payment_receiver"),
        ("Abbott,,\u200b,,10,CHF,x,2014,False", "payment_receiver"),
        ("Abbott,,Lungenliga,,1e5,CHF,x,2014,False", "amount"),
        ("Abbott,,Lungenliga,,1_000,CHF,x,2014,False", "amount"),
        ("Abbott,,Lungenliga,,١٢٣,CHF,x,2014,False", "amount"),
        ('Abbott,,Lungenliga,,"1.234,56",CHF,x,2014,False', "amount"),
        ("Abbott,,Lungenliga,,1.23456,CHF,x,2014,False", "amount"),
        ("Abbott,,Lungenliga,,99999999999999,CHF,x,2014,False", "amount"),
        ("Abbott,,Lungenliga,,,CHF,x,2014,False", "amount"),
        ("Abbott,,Lungenliga,,10,Franken,x,2014,False", "currency"),
        ("Abbott,,Lungenliga,,10,CHF,x,14,False", "year"),
        ("Abbott,,Lungenliga,,10,CHF,x,99999999999999999999,False", "year"),
        ("Abbott,,Lungenliga,,10,CHF,x,2014,perhaps", "is_anonymous"),
        ("Abbott,,Lungen\x00liga,,10,CHF,x,2014,False", "payment_receiver"),
        ("Abbott,,Lungen\x0bliga,,10,CHF,x,2014,False", "payment_receiver"),
        (f"Abbott,,{'W' * 201},,10,CHF,x,2014,False", "payment_receiver"),
        ("Abbott,,Lungenliga,,10,CHF,x,2014,False,more", "–"),
        ("Abbott,,Lungenliga", "–"),
    ],
)
def test_a_bad_row_names_its_line_and_column_and_nothing_is_written(tmp_path, row, column):
    path = write(tmp_path, "Abbott,,Lungenliga,,10,CHF,x,2014,False", row)

    with pytest.raises(BadFile) as refused:
        read(path)

    assert (3, column) in [(problem.line, problem.column) for problem in refused.value.problems]
    assert set(everything().values()) == {0}


def test_a_bad_row_in_a_later_batch_takes_back_those_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 1)
    kept = make_organisation("group", name="Lungenliga")
    before, seen = every_row(), []
    good = [f"Company {number},,Group {number},,10,CHF,x,2014,False" for number in range(3)]
    path = write(tmp_path, *good, "Abbott,,Lungenliga,,ten,CHF,x,2014,False")

    with pytest.raises(BadFile):
        read(path, progress=lambda rows: seen.append((rows, Transfer.objects.count())))

    # They had been written by then, each as its batch was read.
    assert seen == [(1, 1), (2, 2), (3, 3)]
    assert every_row() == before
    assert list(Organisation.objects.all()) == [kept]


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_a_list_read_by_the_batch_says_how_far_it_is_and_reads_the_same(tmp_path, monkeypatch, batch):
    row = "Abbott,,Lungenliga,,10,CHF,x,2014,False"
    path = write(tmp_path, row, row, "Roche,,Lungenliga,,7,CHF,x,2013,False", row)
    whole = read(path, dry_run=True).as_dict()
    monkeypatch.setattr(imports, "BATCH", batch)
    seen = []

    report = read(path, progress=seen.append)

    assert report.as_dict() == whole
    assert seen == {1: [1, 2, 3, 4, 4], 2: [2, 4, 4], 5: [4]}[batch]
    before = every_row()
    assert (read(path).created, every_row()) == (0, before)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    path = write(
        tmp_path, 'Abbott,,"Lungen\n\nliga",,10,CHF,x,2014,False', "Abbott,,Lungenliga,,ten,CHF,x,2014,False"
    )

    with pytest.raises(BadFile) as refused:
        read(path)

    assert [problem.line for problem in refused.value.problems] == [5]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_refused_with_words_on_what_to_do(tmp_path, encoding):
    path = write(tmp_path, "Abbott,,Hôpital für Lungen,,10,CHF,x,2014,False", encoding=encoding)

    with pytest.raises(BadFile, match="UTF-8"):
        read(path)


def test_a_byte_order_mark_is_no_part_of_the_heading(tmp_path):
    assert read(write(tmp_path, "Abbott,,Lungenliga,,10,CHF,x,2014,False", encoding="utf-8-sig")).created == 1


@pytest.mark.parametrize("heading", ["company,amount", "a;b;c", ""])
def test_a_heading_without_the_columns_names_them(tmp_path, heading):
    with pytest.raises(BadFile, match="payment_receiver"):
        read(write(tmp_path, heading=heading))


def test_a_cell_of_ten_megabytes_is_refused(tmp_path):
    with pytest.raises(BadFile, match="2"):
        read(write(tmp_path, f"Abbott,,{'a' * 10_000_000},,10,CHF,x,2014,False"))


def printed(capsys, *arguments):
    """What the command says, line by line, and how it says how far it is."""
    call_command("import_transfers", *map(str, arguments))
    said = capsys.readouterr()
    return said.out.splitlines(), said.err.splitlines()


COUNTS_OF_THE_REAL_LIST = [
    "Rows read: 913",
    "Transfers created: 913, of which without a name: 0",
    "Transfers skipped, because they are here already: 0",
    "Organisations created: 432, matched: 0",
    "Projects created: 706",
    "Rows that repeat another one exactly, kept as payments of their own: "
    "lines 31, 43, 44, 55, 235, 540, 821, 878",
    "Different spellings of one organisation:",
]


def test_the_report_of_the_real_list_says_what_was_made_which_names_are_one_and_which_may_be(
    capsys, tmp_path
):
    lines, progress = printed(capsys, REAL, "--all")

    assert progress == ["913 rows read"]
    assert lines[:8] == ["Done.", *COUNTS_OF_THE_REAL_LIST]
    doubtful = lines.index("Perhaps the same, not merged (206 pairs to look at):")
    spellings, pairs, last = lines[8:doubtful], lines[doubtful + 1 : -1], lines[-1]
    assert (len(spellings), len(pairs)) == (34, 206)
    assert "  Parkinson Schweiz ← PARKINSON SCHWEIZ" in spellings
    assert (
        "  Schweizerische Hämophilie-Gesellschaft (SHG) ← Schweizerische Hämophilie Gesellschaft (SHG); "
        "Schweizerische Hämophilie-Gesellschaft"
    ) in spellings
    assert "  0.87  Kantonspital St. Gallen  |  Kantonsspital St. Gallen" in pairs
    assert last == "The admin lists them under this import, each with a link to merge the two."
    it_says_that_a_second_run_changed_nothing(capsys)
    it_says_what_of_a_longer_list_was_there(capsys, tmp_path)


def it_says_that_a_second_run_changed_nothing(capsys):
    before = every_row()

    lines, progress = printed(capsys, REAL)

    assert (lines, progress) == (
        [
            "Nothing in it is new: nothing was changed.",
            "Rows read: 913",
            "Transfers created: 0, of which without a name: 0",
            "Transfers skipped, because they are here already: 913",
            "Organisations created: 0, matched: 0",
            "Projects created: 0",
            COUNTS_OF_THE_REAL_LIST[5],
        ],
        ["913 rows read"],
    )
    assert every_row() == before


def it_says_what_of_a_longer_list_was_there(capsys, tmp_path):
    """One row more, of a company that is there, to a group that is there under another spelling, and to a new one."""
    company = Transfer.objects.order_by("pk").first().payer.name
    rows = [f"{company},,{name},,10,CHF,x,2014,False" for name in ("parkinson-schweiz", "Wholly New Group")]
    longer = tmp_path / "longer.csv"
    longer.write_text("\n".join([REAL.read_text(encoding="utf-8").rstrip("\n"), *rows, ""]), encoding="utf-8")

    lines, _progress = printed(capsys, longer)

    assert lines[:4] == [
        "Done.",
        "Rows read: 915",
        "Transfers created: 2, of which without a name: 0",
        "Transfers skipped, because they are here already: 913",
    ]
    assert lines[4:6] == ["Organisations created: 1, matched: 2", "Projects created: 2"]
    assert "  Parkinson Schweiz ← parkinson-schweiz" in lines


def test_a_dry_run_says_so_and_cuts_long_lists(capsys):
    lines, _progress = printed(capsys, REAL, "--dry-run")

    assert lines[:8] == ["Dry run: nothing was written.", *COUNTS_OF_THE_REAL_LIST]
    assert lines[-1] == "  and 186 more: --all lists them here."
    assert set(everything().values()) == {0}


def test_import_transfers_refuses_in_plain_words(tmp_path):
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_transfers", write(tmp_path, "Abbott,,Lungenliga,,ten,CHF,x,2014,False"))
    with pytest.raises(CommandError, match="no file"):
        call_command("import_transfers", tmp_path / "missing.csv")

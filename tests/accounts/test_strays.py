"""A file that an upload left on the disk without a row goes a day later, and nothing else does."""

import os

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.utils import timezone

from accounts.files import remove_strays, strays
from accounts.hooks import FILE_FIELDS
from accounts.models import JobRun
from accounts.tasks import tidy
from partnerships.actions.contract import add_version
from partnerships.models import ContractSignature, ContractVersion
from tests import files
from tests.factories import DAY
from tests.partnerships.contracts import PDF, begun, checked, complete, people_of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def signed():
    """A contract with a file and a signed copy: one of each is named by a row."""
    _project, me, _them = people_of("group")
    contract = complete(_project, me)
    sign(contract, me, scan=checked(files.PDF, kinds=[PDF]))
    return contract, me


def on_disk(media):
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def grow_old(media, days):
    """As if all that lies there had been written so long ago."""
    then = (timezone.now() - days * DAY).timestamp()
    for path in media.rglob("*"):
        os.utime(path, (then, then))


def test_every_field_that_names_a_file_is_known():
    fields = {
        field for model in apps.get_models() for field in model._meta.fields if isinstance(field, FileField)
    }

    assert set(FILE_FIELDS) == fields


class Killed(BaseException):
    """Stands for a process that ends between the disk and the database: nothing after it runs."""


def killed_midway(monkeypatch, contract, person):
    """An upload whose process is gone before its transaction is through. The file stays."""
    with monkeypatch.context() as patch:
        patch.setattr("accounts.files.keeping._take_away", lambda name: None)

        def end(*args, **kwargs):
            raise Killed

        patch.setattr("partnerships.actions.contract.files._add_version", end)
        with pytest.raises(Killed):
            add_version(contract, checked(files.pdf(2)), actor=person, at=timezone.now())


def test_what_a_killed_upload_left_goes_a_day_later(media, signed, monkeypatch):
    contract, person = signed
    named = on_disk(media)
    killed_midway(monkeypatch, contract, person)
    assert len(on_disk(media)) == len(named) + 1 == 3

    grow_old(media, days=0.9)
    assert (remove_strays(at=timezone.now()), len(on_disk(media))) == (0, 3)
    grow_old(media, days=1.1)
    tidy()

    assert on_disk(media) == named
    assert JobRun.objects.get(name="tidy").detail["files"] == 1
    assert sorted(ContractVersion.objects.values_list("file", flat=True)) == [
        name for name in named if name.startswith("contracts/")
    ]
    assert ContractSignature.objects.get().scan.name in named


def test_what_lies_in_other_folders_stays(media, signed):
    default_storage.save("notes/read-me.txt", ContentFile(b"Of the operator."))
    grow_old(media, days=9)

    assert remove_strays(at=timezone.now()) == 0
    assert "notes/read-me.txt" in on_disk(media)


def test_a_database_that_names_none_of_the_files_removes_none(media):
    default_storage.save("contracts/ab/of-another-database.pdf", ContentFile(files.PDF))
    grow_old(media, days=9)

    assert remove_strays(at=timezone.now()) == 0
    assert len(on_disk(media)) == 1


def test_without_any_folder_there_is_nothing_to_do(media):
    assert (remove_strays(at=timezone.now()), media.exists()) == (0, False)


def test_one_that_can_not_be_removed_holds_up_no_other(media, signed, monkeypatch, caplog):
    for name in ("a", "b"):
        default_storage.save(f"scans/ab/{name}.pdf", ContentFile(files.PDF))
    grow_old(media, days=9)
    delete = default_storage.delete

    def refuse(name):
        if name.endswith("a.pdf"):
            raise PermissionError(name)
        delete(name)

    monkeypatch.setattr(strays.default_storage, "delete", refuse)

    assert remove_strays(at=timezone.now()) == 1
    assert [name[-5:] for name in on_disk(media) if name.startswith("scans/ab/")] == ["a.pdf"]
    assert "can't be removed" in caplog.text


def test_a_project_without_files_is_no_reason_to_fail(media):
    project, me, _them = people_of("company")
    begun(project, me)

    assert remove_strays(at=timezone.now()) == 0

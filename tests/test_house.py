"""Rules of the house that no single app owns: what is installed, what may import what, what the database holds."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from packaging.markers import Marker

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s\\]+)")


def pins(name):
    """The packages of a requirements file with their versions, under their normal names."""
    found = [PIN.match(line) for line in (ROOT / name).read_text().splitlines()]
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): pin[2] for pin in found if pin}


def loose_lines(name):
    """Lines that ask for something without saying which version."""
    lines = [line.strip() for line in (ROOT / name).read_text().splitlines()]
    return [
        line for line in lines if line and not line.startswith(("#", "-", "--hash")) and not PIN.match(line)
    ]


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "constraints.txt", "requirements.lock"]
)
def test_every_requirement_has_one_version(name):
    assert pins(name)
    assert loose_lines(name) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements.lock"])
def test_the_constraints_hold_every_requirement_at_the_same_version(name):
    constraints = pins("constraints.txt")

    assert {package: constraints.get(package) for package in pins(name)} == pins(name)


def test_the_lock_holds_every_direct_requirement():
    assert pins("requirements.txt").keys() - pins("requirements.lock").keys() == set()


def test_no_package_of_the_lock_asks_for_more_than_its_own_source():
    """Our licence is permissive: nothing below it may demand the source of whoever runs the software for others."""
    said = {}
    for package in pins("requirements.lock"):
        # One that is for other systems is not installed here.
        with suppress(PackageNotFoundError):
            about = metadata(package)
            said[package] = " ".join(
                filter(
                    None, [about["License-Expression"], about["License"], *about.get_all("Classifier", [])]
                )
            )

    assert len(said) > 50
    # Pyphen may be taken under the MPL as well, psycopg2 is linked and not changed.
    assert {name for name, words in said.items() if re.search(r"\bL?GPL|General Public", words)} == {
        "psycopg2-binary", "pyphen",
    }  # fmt: skip
    assert {
        name for name, words in said.items() if re.search(r"AGPL|Affero|SSPL|Commons Clause", words)
    } == set()


def test_the_lock_holds_nothing_that_only_development_needs():
    direct = pins("requirements-dev.txt").keys() - pins("requirements.txt").keys()

    assert direct & pins("requirements.lock").keys() == set()


def test_every_package_in_the_lock_has_a_hash():
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text())
    packages = [entry for entry in entries if PIN.match(entry)]

    assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "constraints.txt", "requirements.lock"]
)
def test_no_requirement_names_the_host_it_came_from(name):
    text = (ROOT / name).read_text()

    assert re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links", text) == []


def test_the_installed_packages_are_those_of_the_constraints():
    from importlib.metadata import PackageNotFoundError, version

    def installed(package):
        try:
            return version(package)
        except PackageNotFoundError:
            return None

    elsewhere = {
        package
        for package, marker in re.findall(
            r"^([\w.-]+)==\S+ ; (.+)$", (ROOT / "constraints.txt").read_text(), re.M
        )
        if not Marker(marker).evaluate()
    }
    wanted = {package: pin for package, pin in pins("constraints.txt").items() if package not in elsewhere}
    assert {package: installed(package) for package in wanted} == wanted


@pytest.mark.django_db
def test_the_migrations_hold_every_model():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_the_apps_import_downwards_only_and_the_seal_has_one_door():
    lint = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout


def test_the_answers_are_offered_by_no_package():
    """The import contract sees modules: a name handed on by `evaluations.models` would pass it by."""
    from evaluations import models
    from evaluations.models import answer

    offered = {name for name in vars(models) if name in vars(answer) and not name.startswith("_")}
    own = {name for name in offered if getattr(vars(answer)[name], "__module__", "") == answer.__name__}
    assert own == set()


def test_nothing_reads_the_answers_past_their_door():
    """Ways round an import: asking the app registry, the admin, or the table by its name."""
    # The model, and the triggers that refuse changes to opened answers. The door imports the model and needs no such way.
    door = {"evaluations/models/answer.py", "evaluations/models/guards.py"}
    # A button may say “Answer”.
    ways = re.compile(r"""get_model\([^)]*(?i:answer)|(?<!_\()["']Answer["']|evaluations[_.](?i:answer)\b""")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for app in ("accounts", "principles", "partnerships", "evaluations", "portal", "config")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in door
        for line in path.read_text().splitlines()
        if ways.search(line)
    ]

    assert found == []


def test_a_deployment_as_described_draws_no_warning(tmp_path):
    """`check --deploy` under the settings of production, in a process of its own."""
    lines = (ROOT / ".ci" / "production.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path)} | values,
        capture_output=True,
        text=True,
    )

    assert (result.returncode, result.stderr) == (0, "")


def test_every_static_file_that_a_template_names_exists():
    """Production finds files by their hash and answers 500 for a name that is not there; development only 404."""
    named = {
        (str(template.relative_to(ROOT)), name)
        for template in (ROOT / "templates").rglob("*.*")
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", template.read_text())
    }

    assert named
    assert {(template, name) for template, name in named if not finders.find(name)} == set()


def test_static_files_can_be_collected_for_production(settings, tmp_path):
    """With their hashes: a style sheet that names a missing file stops this, as it would stop a deployment."""
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}

    call_command("collectstatic", interactive=False, stdout=StringIO())

    assert (tmp_path / "staticfiles.json").exists()


def test_every_setting_is_explained_to_operators():
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "config" / "settings.py").read_text()))
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read
    assert read - explained == set()
    # compose.yaml makes an address of the one; gunicorn's settings read the other.
    assert example - read == {"POSTGRES_PASSWORD", "WEB_PROCESSES"}


def test_every_scheduled_job_is_explained_to_operators():
    manual = (ROOT / "docs" / "operations.md").read_text()

    assert [name for name in settings.CELERY_BEAT_SCHEDULE if f"`{name}`" not in manual] == []


def services():
    """The services of compose.yaml, each as the text it stands for, with what it takes over from `x-app`."""
    text = (ROOT / "compose.yaml").read_text()
    shared, rest = text.split("\nservices:\n")
    parts = re.split(r"^  (\w+):\n", rest.split("\nvolumes:\n")[0], flags=re.M)[1:]
    return {
        name: body + shared if "<<: *app" in body else body
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def test_nothing_that_the_image_leaves_out_is_missed_by_what_its_services_start(tmp_path):
    """The image is made from less than the repository (.dockerignore). Nothing is built here: the rest stands alone."""
    left_out = [line for line in (ROOT / ".dockerignore").read_text().split() if "/" not in line]
    image = tmp_path / "app"
    image.mkdir()
    for part in ROOT.iterdir():
        if not any(part.match(pattern) for pattern in left_out):
            copy = shutil.copytree if part.is_dir() else shutil.copy
            copy(part, image / part.name)
    (image / "staticfiles").mkdir()
    assert {"tests", "docs", "benchmarks", ".git", ".venv", ".ci"} & set(os.listdir(image)) == set()
    lines = (ROOT / ".ci" / "production.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    commands = [
        "collectstatic --noinput --dry-run --verbosity 0",
        "check --deploy --fail-level WARNING",
        "help load_principles",
    ]
    done = subprocess.run(
        [sys.executable, "-c", IN_THE_IMAGE, *commands],
        cwd=image,
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path / "data")} | values,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (image / "bin" / "healthy").exists()


# What web, worker, beat and setup of compose.yaml start with, in one process.
IN_THE_IMAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import config.wsgi, config.gunicorn, config.beat
from config import celery_app
celery_app.loader.import_default_modules()
assert "accounts.tasks.send_notices" in celery_app.tasks
from django.core.management import execute_from_command_line
for command in sys.argv[1:]:
    execute_from_command_line(["manage.py", *command.split()])
"""


def test_containers_run_without_rights_and_say_whether_they_are_well():
    image = (ROOT / "Dockerfile").read_text()
    found = services()

    assert set(found) == {"setup", "web", "worker", "beat", "database", "redis"}
    assert [name for name, body in found.items() if '"beat"' in body] == ["beat"]
    assert re.findall(r"^USER (\d+)", image, re.M)[-1] != "0"
    assert "HEALTHCHECK" in image
    for name, body in found.items():
        ours = "build: ." in body
        assert ours or "user: " in body, name
        assert "read_only: true" in body and "cap_drop: [ALL]" in body if ours else "healthcheck:" in body, (
            name
        )

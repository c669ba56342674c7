"""What a log may hold: where it went wrong, and nothing that a person wrote or could sign in with."""

import json
import logging
import sys

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, connection, transaction
from django.urls import path

from config.logs import JsonFormatter, TextFormatter, scrub

SECRET = "They never asked us anything"
TWO_LINES = f"{SECRET}\nand more of it"


@login_not_required
def fail(request):
    raise RuntimeError(f"could not save {request.POST['comment']!r}")


urlpatterns = [path("fails/", fail)]


def logged(formatter, message, *args, error=None):
    """The line that a formatter makes, of an error with its traceback when one is given."""
    exc_info = None
    if error is not None:
        try:
            error()
        except Exception:
            exc_info = sys.exc_info()
        assert exc_info, "It should have raised."
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, exc_info)
    return formatter.format(record)


@pytest.fixture(params=[TextFormatter, JsonFormatter])
def formatter(request):
    return request.param()


def test_a_row_that_the_database_refuses_is_not_repeated(formatter, db):
    def refuse():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE comments (words text CONSTRAINT words_are_short CHECK (length(words) < 5))"
            )
            cursor.execute("INSERT INTO comments VALUES (%s)", [TWO_LINES])

    line = logged(formatter, "Internal Server Error: %s", "/projects/", error=refuse)

    assert "words_are_short" in line
    assert "refuse" in line
    assert SECRET not in line
    assert "and more of it" not in line


def test_a_value_that_cannot_be_read_is_not_repeated(formatter):
    line = logged(formatter, "Internal Server Error: %s", "/projects/", error=lambda: int(SECRET))

    assert "ValueError: invalid literal for int()" in line
    assert SECRET not in line


def test_the_name_of_a_missing_attribute_is_kept(formatter):
    line = logged(formatter, "Internal Server Error: %s", "/projects/", error=lambda: None.stage)

    assert "AttributeError: 'NoneType' object has no attribute 'stage'" in json.dumps(line) + line


def test_every_error_of_a_chain_is_described_and_scrubbed(formatter):
    def chain():
        try:
            raise IntegrityError(f"violates constraint\nDETAIL:  Failing row contains (1, {SECRET}).")
        except IntegrityError as error:
            raise RuntimeError(f"could not save “{SECRET}”") from error

    line = logged(formatter, "Task failed", error=chain)

    assert (
        line.index("IntegrityError") < line.index("which led to") < line.index("RuntimeError: could not save")
    )
    assert SECRET not in line


def test_an_error_inside_a_message_is_scrubbed(formatter):
    error = IntegrityError(f"violates constraint\nDETAIL:  Failing row contains ({SECRET}).")

    line = logged(formatter, "Task %s raised unexpected: %r", "accounts.tasks.send_notices", error)

    assert "violates constraint" in line
    assert SECRET not in line


@pytest.mark.parametrize(
    ("message", "scrubbed"),
    [
        (
            "Not Found: /sign-in/Zk3v9QpL0xTq8sWn5yRb1cUe7aHd2fJg/",
            "Not Found: /sign-in/…/",
        ),
        (
            "Not Found: /accounts/password/reset/key/3-c9k2x1-9f8e7d6c5b4a39281706/",
            "Not Found: /accounts/password/reset/key/…/",
        ),
        ("Not Found: /feed.ics?token=Zk3v9QpL0xTq8sWn5yRb1cUe7aHd2fJg", "Not Found: /feed.ics?token=…"),
        (
            "Forbidden: /projects/k3v9qpl0/contracts/12/sign/",
            "Forbidden: /projects/k3v9qpl0/contracts/12/sign/",
        ),
        ("Not Found: /guide/transparent-collaboration/", "Not Found: /guide/transparent-collaboration/"),
        (
            "Task accounts.tasks.sweep[0b5f8a52-4a0f-4a6e-9c52-1c2d3e4f5a6b] received",
            "Task accounts.tasks.sweep[0b5f8a52-4a0f-4a6e-9c52-1c2d3e4f5a6b] received",
        ),
    ],
)
def test_tokens_in_addresses_are_left_out_and_the_rest_stays_readable(message, scrubbed):
    assert scrub(message) == scrubbed


def test_a_json_line_is_one_line_with_level_logger_and_message():
    line = logged(JsonFormatter(), "Forbidden: %s", "/projects/k3v9qpl0/")

    values = json.loads(line)
    assert "\n" not in line
    assert (values["level"], values["logger"], values["message"]) == (
        "ERROR",
        "django.request",
        "Forbidden: /projects/k3v9qpl0/",
    )


def test_a_failing_page_is_logged_without_its_form_and_mailed_to_nobody(settings, client, caplog, mailoutbox):
    settings.ROOT_URLCONF = __name__
    settings.ADMINS = [("Ada", "ada@example.org")]
    client.raise_request_exception = False

    with caplog.at_level(logging.ERROR, logger="django.request"):
        answer = client.post("/fails/", {"comment": SECRET})

    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert answer.status_code == 500
    assert len(lines) == 1
    assert "RuntimeError: could not save" in lines[0]
    assert SECRET not in lines[0]
    assert mailoutbox == []

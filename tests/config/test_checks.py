"""What operators are told before people notice."""

import pytest

from config import checks

# The settings are read, not used: no connection is made with them.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")


@pytest.fixture(autouse=True)
def production(settings):
    """Settings of a deployment with nothing to complain about."""
    settings.EMBEDDED = False
    settings.SITE_URL = "https://counterpart.example.org"
    settings.CELERY_BROKER_URL = "redis://broker:6379/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Counterpart <hello@partners.org>"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}


def warnings():
    found = []
    for name in ("broker", "mail", "sending", "address", "database", "cache", "pdf"):
        found += getattr(checks, f"check_{name}")(None)
    return [warning.id.partition(".")[2] for warning in found]


def test_a_complete_deployment_draws_no_warning():
    assert warnings() == []


@pytest.mark.parametrize(
    ("name", "value", "warning"),
    [
        ("CELERY_BROKER_URL", "memory://", "W001"),
        ("CELERY_BROKER_URL", "filesystem://", "W002"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "W003"),
        ("DEFAULT_FROM_EMAIL", "Counterpart <hello@counterpart.example>", "W004"),
        ("SITE_URL", "http://partners.org", "W005"),
        ("SENDING_LEASE", 60, "W009"),
        ("EMAIL_TIMEOUT", 60, "W009"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "W006"),
        ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}}, "W007"),
    ],
)
def test_each_thing_left_out_is_named(settings, name, value, warning):
    setattr(settings, name, value)

    assert warnings() == [warning]


def test_plain_http_is_fine_on_ones_own_machine(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"

    assert warnings() == []


def test_one_machine_on_its_own_needs_no_server(settings):
    settings.EMBEDDED = True
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Counterpart <hello@counterpart.example>"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}}

    assert warnings() == []


def test_a_missing_pango_is_named(monkeypatch):
    def missing(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    import builtins

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", missing)

    assert warnings() == ["W008"]

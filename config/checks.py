"""What operators get wrong, said by `manage.py check --deploy` before people notice."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning, register


def is_local(url):
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@register("counterpart", deploy=True)
def check_broker(app_configs, **kwargs):
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return [
            Warning(
                "CELERY_BROKER_URL is memory://, which loses work without a word.",
                hint="Set it to redis://…, or leave it out to use the queue of files on one machine.",
                id="counterpart.W001",
            )
        ]
    if settings.CELERY_BROKER_URL.startswith("filesystem:") and not settings.EMBEDDED:
        return [
            Warning(
                "No broker is set: the queue lies in files, which web and worker see only on the same machine.",
                hint="Set CELERY_BROKER_URL=redis://host:6379/0.",
                id="counterpart.W002",
            )
        ]
    return []


@register("counterpart", deploy=True)
def check_mail(app_configs, **kwargs):
    found = []
    if not settings.EMBEDDED and settings.EMAIL_BACKEND.endswith(
        (".console.EmailBackend", ".dummy.EmailBackend")
    ):
        found.append(
            Warning(
                "Mail goes nowhere: nobody can be invited or sign in by link.",
                hint="Set EMAIL_URL=smtp+tls://user:password@host:587.",
                id="counterpart.W003",
            )
        )
    if not settings.EMBEDDED and ".example" in settings.DEFAULT_FROM_EMAIL.partition("@")[2].rstrip(">")[-8:]:
        found.append(
            Warning(
                "The sender of mail is the example address.",
                hint="Set DEFAULT_FROM_EMAIL to an address that your mail server may send from, and HELP_EMAIL.",
                id="counterpart.W004",
            )
        )
    return found


# A message takes several answers of the mail server, a batch takes half of the lease, and a database that comes
# back late another minute: see accounts/sending.
ANSWERS, RECORDING = 10, 60


@register("counterpart", deploy=True)
def check_sending(app_configs, **kwargs):
    needed = 2 * (ANSWERS * settings.EMAIL_TIMEOUT + RECORDING)
    if needed > settings.SENDING_LEASE:
        return [
            Warning(
                f"SENDING_LEASE is {settings.SENDING_LEASE}: with a slow mail server, two workers may send the same message.",
                hint=f"With EMAIL_TIMEOUT={settings.EMAIL_TIMEOUT}, set it to {needed} or more.",
                id="counterpart.W009",
            )
        ]
    return []


@register("counterpart", deploy=True)
def check_address(app_configs, **kwargs):
    if not settings.SITE_URL.startswith("https://") and not is_local(settings.SITE_URL):
        return [
            Warning(
                f"SITE_URL is {settings.SITE_URL}: sessions and answers would travel readable.",
                hint="Serve https and set SITE_URL=https://….",
                id="counterpart.W005",
            )
        ]
    return []


@register("counterpart", deploy=True)
def check_database(app_configs, **kwargs):
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and not settings.EMBEDDED:
        return [
            Warning(
                "The database is SQLite, which serves one machine and one writer at a time.",
                hint="Set DATABASE_URL=postgres://user:password@host:5432/name.",
                id="counterpart.W006",
            )
        ]
    return []


@register("counterpart", deploy=True)
def check_cache(app_configs, **kwargs):
    if (
        settings.CACHES["default"]["BACKEND"].endswith((".LocMemCache", ".FileBasedCache", ".DummyCache"))
        and not settings.EMBEDDED
    ):
        return [
            Warning(
                "No shared cache is set, so limits on sign-in attempts count only a part of them.",
                hint="Set CACHE_URL=rediscache://host:6379/1.",
                id="counterpart.W007",
            )
        ]
    return []


@register("counterpart", deploy=True)
def check_pdf(app_configs, **kwargs):
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return [
            Warning(
                "Pango is missing, so results can be printed but not downloaded as PDF.",
                hint="apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                id="counterpart.W008",
            )
        ]
    return []

"""Every setting, read from the environment. A value that cannot be used safely stops the start."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)

# Where the database file, uploads, queue and generated key live when nothing else is set up.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# On one machine without anything set up (`manage.py serve`), it may make its own key and serve plain http on localhost.
EMBEDDED = env.bool("EMBEDDED", default=DEBUG or sys.argv[1:2] == ["serve"])


def _secret_key():
    key = env.str("SECRET_KEY", default="")
    if key:
        return key
    if not EMBEDDED:
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a long random text (or EMBEDDED=true to try the software out)."
        )
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = _secret_key()
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "accounts",
    "principles",
    "partnerships",
    "evaluations",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Above the static files, which answer by themselves.
    "csp.middleware.CSPMiddleware",
    "config.headers.permissions_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'counterpart.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock when a transaction starts: with the default mode, two people
    # who send at once meet "database is locked" in the middle of their transactions.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache("CACHE_URL", default=f"filecache://{DATA_DIR / 'cache'}"),
}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # Sign-in counts attempts here, and must not fall with Redis.
    CACHES["default"]["BACKEND"] = "config.cache.SteadyRedisCache"

# People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "portal:home"

# Staff and those who sign for an organisation need a second factor. On one machine, for trying out, it can wait.
SECOND_FACTOR_CAN_WAIT = EMBEDDED

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up; allauth reads here that people may have passwords.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
# People arrive by an invitation or a link, both of which prove the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/10m/ip,5/10m/key",
    "reauthenticate": "10/10m/user",
    "sign_in": "10/10m/ip,10/10m/key",
    "invite": "30/h/user",
    "invite_again": "10/10m/ip",
    "welcome_group": "10/10m/user",
    "email_change": "10/h/user",
    "mail_test": "5/h/user",
}
# How many proxies in front add to X-Forwarded-For. With none, the header is somebody's claim and is not read.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate_webauthn": "accounts.forms.passkey.AuthenticatePasskeyForm",
    "login_webauthn": "accounts.forms.passkey.LoginPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.passkey.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.forms.passkey.AddPasskeyForm",
}
MFA_TOTP_ISSUER = "Counterpart"
# Browsers allow passkeys over plain http on localhost only; so do we.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# Words, places, time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Files ----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
if EMBEDDED:
    STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Uploads lie outside every web root; views hand them out after asking who may see them.
MEDIA_ROOT = DATA_DIR / "files"
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "accounts.files.uploads.CarefulUploadHandler",
]
# A virus scanner (clamd): the path of its socket, or host:port. Empty: uploads are not scanned.
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", default="")

# Mail -----------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="consolemail://"))
# For each answer of the mail server.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Counterpart <hello@counterpart.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
HELP_EMAIL = env.str("HELP_EMAIL", default="help@counterpart.example")
# The postal address under each message, where the law wants one.
SENDER_ADDRESS = env.str("SENDER_ADDRESS", default="")
HELP_PHONE = env.str("HELP_PHONE", default="020 7946 0018")
# The domain whose mail comes into a maildir that `manage.py read_replies` reads: people answer by mail then.
# Empty: mails say nothing of it.
MAIL_GATEWAY = env.str("MAIL_GATEWAY", default="")
# A restored copy of a database must not write to people: start it with SENDING=off.
SENDING = env.bool("SENDING", default=True)
# Seconds for which a worker holds the messages it is sending. What a killed worker held leaves afterwards.
SENDING_LEASE = env.int("SENDING_LEASE", default=600)

# Work in the background -----------------------------------------------------------------------

QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.2,
    }
else:
    # A broker behind a cable that was cut must not hold up pages that only wanted to ring.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long the broker is away, the worker waits for it.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Mails on the console are read by people: not one log line for each of theirs.
CELERY_WORKER_REDIRECT_STDOUTS = False
# Keeps nothing between two starts, and goes on when the clock is set back.
CELERY_BEAT_SCHEDULER = "config.beat:SteadyScheduler"


def _every(seconds, task):
    # A run that nobody fetched before the next one is due says nothing new: ten days without a worker
    # leave no pile behind.
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "send_notices": _every(60, "accounts.tasks.send_notices"),
    "owe_summaries": _every(600, "accounts.tasks.owe_summaries"),
    "end_deliveries": _every(300, "partnerships.tasks.end_deliveries"),
    "answer_by_silence": _every(600, "partnerships.tasks.answer_by_silence"),
    "check_files": _every(600, "partnerships.tasks.check_files"),
    "read_contracts": _every(600, "partnerships.tasks.read_contracts"),
    "remind_how_we_work": _every(3600, "partnerships.tasks.remind_how_we_work"),
    "remind_contracts": _every(3600, "partnerships.tasks.remind_contracts"),
    "remind_permissions": _every(3600, "partnerships.tasks.remind_permissions"),
    "remind_questions": _every(3600, "partnerships.tasks.remind_questions"),
    "remind_requests": _every(3600, "partnerships.tasks.remind_requests"),
    "open_check_ins": _every(300, "evaluations.tasks.open_check_ins"),
    "remind_check_ins": _every(600, "evaluations.tasks.remind_check_ins"),
    "remind_talk": _every(3600, "partnerships.tasks.remind_talk"),
    "remind_reviews": _every(600, "evaluations.tasks.remind_reviews"),
    "remind_conclusions": _every(600, "evaluations.tasks.remind_conclusions"),
    "remind_promises": _every(600, "evaluations.tasks.remind_promises"),
    "tidy": _every(3600, "accounts.tasks.tidy"),
}

# Protection -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Everything is off but passkeys, which fail without it.
PERMISSIONS_POLICY = dict.fromkeys(
    [
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
        "sync-xhr", "usb", "xr-spatial-tracking",
    ],
    "",
) | dict.fromkeys(["publickey-credentials-get", "publickey-credentials-create"], "self")  # fmt: skip
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
# Health checks come from inside, where nobody speaks https.
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
# A review is written over a day: the session outlives it.
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
# Scripts send forms as they stand, token included: none reads the cookie.
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS

# Diagnostics --------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="text" if EMBEDDED else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "config.logs.TextFormatter"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="WARNING" if EMBEDDED else "INFO"),
    },
    # Without Django's own handlers: they would print twice, and mail whole forms to ADMINS.
    # Kombu warns of a missing host, which a queue of files has not.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "kombu.connection": {"level": "ERROR"},
        # Both tell of each table of each font, for every PDF.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}

"""Django settings of the service, made from the environment. ``docs/settings.md`` explains every name read here."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from saleor_aftercare.conf import ANY_SALEOR
from saleor_aftercare.core.logging import logging_config
from saleor_aftercare.service import env as read

# Importing the app makes it Celery's current one, so that shared tasks reach our broker from every process.
from saleor_aftercare.service.celery import app as celery_app  # noqa: F401

PACKAGE = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")

env = read.Env(os.environ)

# -- the deployment's own settings --------------------------------------------------------------------------------

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.required("SECRET_KEY", "give a random text of at least 50 characters")
if SECRET_KEY and len(SECRET_KEY) < 50 and not DEBUG:
    env.wrong("SECRET_KEY", f"is too short with {len(SECRET_KEY)} characters; give at least 50")

PUBLIC_URL = env.parsed(
    "PUBLIC_URL",
    env.required("PUBLIC_URL", "give the origin under which Saleor and customers reach this service"),
    read.parse_origin,
    "http://127.0.0.1:8686",
)
if urlsplit(PUBLIC_URL).scheme != "https" and urlsplit(PUBLIC_URL).hostname not in LOOPBACK and not DEBUG:
    env.wrong("PUBLIC_URL", "must start with https:// unless it names this very machine or DEBUG is true")

ALLOWED_SALEOR_URLS = env.words("ALLOWED_SALEOR_URLS")
if not ALLOWED_SALEOR_URLS:
    env.required("ALLOWED_SALEOR_URLS", "list the GraphQL addresses of the Saleors that may install the app")
elif ALLOWED_SALEOR_URLS == (ANY_SALEOR,):
    if not DEBUG:
        env.wrong("ALLOWED_SALEOR_URLS", "may be * only when DEBUG is true; list the Saleors that may install the app")
else:
    ALLOWED_SALEOR_URLS = tuple(
        env.parsed("ALLOWED_SALEOR_URLS", url, read.parse_saleor_url, url) for url in ALLOWED_SALEOR_URLS
    )

ENCRYPTION_KEYS = tuple(
    env.parsed("ENCRYPTION_KEYS", key, read.parse_fernet_key, key) for key in env.words("ENCRYPTION_KEYS")
)
if not ENCRYPTION_KEYS:
    env.required("ENCRYPTION_KEYS", "give at least one Fernet key; secrets in the database are encrypted with it")

AFTERCARE_CLOCK_FILE = env.path("AFTERCARE_CLOCK_FILE")
DEMO_HOME_URL = env.text("DEMO_HOME_URL") or None
LINE_API_URL = env.text("LINE_API_URL").rstrip("/") or None
GRAPHQL_INTROSPECTION = env.boolean("GRAPHQL_INTROSPECTION", default=DEBUG)
#: May an address that a merchant typed in (a label program) lead into a private network, or be http?
OUTBOUND_PRIVATE_ADDRESSES = env.boolean("OUTBOUND_PRIVATE_ADDRESSES", default=DEBUG)

# -- Django -------------------------------------------------------------------------------------------------------

# Health checks ask this machine by these names. No link of ours is made from the Host header.
ALLOWED_HOSTS = [*(env.words("ALLOWED_HOSTS") or [urlsplit(PUBLIC_URL).hostname]), *LOOPBACK]
INSTALLED_APPS = ["saleor_aftercare", "anymail", "django.contrib.staticfiles"]
ROOT_URLCONF = "saleor_aftercare.service.urls"
WSGI_APPLICATION = "saleor_aftercare.service.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The proxy that ends TLS also sends people from http to https; frames are answered by frame-ancestors;
# HSTS speaks for our host alone, not for its neighbours and not for ever.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W005", "security.W008", "security.W021"]

MIDDLEWARE = [
    "saleor_aftercare.service.middleware.RequestContext",
    "saleor_aftercare.service.middleware.BodyLimit",
    "saleor_aftercare.service.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.parsed(
        "DATABASE_URL",
        env.required("DATABASE_URL", "give postgresql://user:password@host/name"),
        read.parse_database_url,
        {"ENGINE": "django.db.backends.postgresql", "NAME": "", "OPTIONS": {}},
    )
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Web threads come and go, a pool outlives them. Workers keep one plain connection each (0): Celery throws a pool away
# after every task.
_pool_size = env.integer("DATABASE_POOL_SIZE", 0, low=0, high=500)
if _pool_size:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600

BROKER_URL = env.parsed(
    "BROKER_URL",
    env.required("BROKER_URL", "give the address of a Valkey or Redis such as redis://host:6379/0"),
    read.parse_broker_url,
    "redis://127.0.0.1/0",
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": read.cache_url(BROKER_URL),
        "KEY_PREFIX": "aftercare",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# -- uploads, files, static ---------------------------------------------------------------------------------------

#: Bodies past this are refused before they are read: a webhook, a mutation, a form without files.
MAX_BODY_BYTES = 5 * MEGABYTE
#: Six photos of ten megabytes and the form around them, where customers and staff may attach files.
MAX_UPLOAD_BYTES = 61 * MEGABYTE
UPLOAD_PATHS = ("/graphql/", "/portal/")
#: Where mail services deliver whole mails, in whatever form.
MAIL_PATHS = ("/channels/",)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE

STATIC_URL = "/static/"
STATIC_ROOT = None
STORAGES = {
    # Customers' files stand in the database (core.files). The bundler has put a hash into every name already.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Files are served from the installed package: nothing is to be collected before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"-[A-Za-z0-9_-]{8}\.[a-z0-9.]+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# -- languages and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ja", _("Japanese"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- security -----------------------------------------------------------------------------------------------------

# A proxy in front ends TLS; what it says about the scheme is believed only where we are meant to be reached by https.
_https = PUBLIC_URL.startswith("https://")
if _https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_NAME = "aftercare_csrf"
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "saleor_aftercare.portal.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "aftercare_language"
LANGUAGE_COOKIE_SECURE = _https
LANGUAGE_COOKIE_SAMESITE = "Lax"

# -- mail ---------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.required("DEFAULT_FROM_EMAIL", "give the sender such as Shop <care@shop.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ANYMAIL = env.prefixed("ANYMAIL_")
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
_email_url = env.text("EMAIL_URL")
if bool(_email_url) == ("EMAIL_BACKEND" in os.environ):
    env.wrong("EMAIL_URL", "or EMAIL_BACKEND must be set, and not both; give smtp://user:password@host:587?tls=1")
_email: dict[str, Any] = env.parsed("EMAIL_URL", _email_url, read.parse_email_url, {})
EMAIL_HOST = _email.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = _email.get("EMAIL_TIMEOUT", 15)
#: Clients at Google and Microsoft, for shops that connect a mailbox without a client of their own.
OAUTH_CLIENTS = {
    "google": env.parsed("OAUTH_GOOGLE_CLIENT", env.text("OAUTH_GOOGLE_CLIENT"), read.parse_client, ("", "")),
    "microsoft": env.parsed("OAUTH_MICROSOFT_CLIENT", env.text("OAUTH_MICROSOFT_CLIENT"), read.parse_client, ("", "")),
}

# -- Celery -------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A lost broker must cost a request a moment at most: the sweep finds the job anyway.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 900}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "aftercare.jobs.sweep", "schedule": 5.0, "options": {"expires": 5.0}},
    "reconcile": {
        "task": "aftercare.reconcile",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "mailboxes": {"task": "aftercare.mailboxes", "schedule": 60.0, "options": {"expires": 60.0}},
    "exchanges": {
        "task": "aftercare.exchanges",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "deadlines": {"task": "aftercare.deadlines", "schedule": 60.0, "options": {"expires": 60.0}},
    "close_solved": {
        "task": "aftercare.close_solved",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "months": {"task": "aftercare.months", "schedule": 3600.0, "options": {"expires": 3600.0}},
    # Hourly, because the clock of a fixed schedule starts anew with every restart of beat.
    "prune": {"task": "aftercare.prune", "schedule": 3600.0, "options": {"expires": 3600.0}},
}

# -- watching it run ----------------------------------------------------------------------------------------------

LOG_FORMAT = env.choice("LOG_FORMAT", ("json", "console"))
LOGGING_CONFIG = "saleor_aftercare.core.logging.configure"
LOGGING = logging_config(LOG_FORMAT)
#: When set, /metrics wants it as a bearer token.
METRICS_TOKEN = env.text("METRICS_TOKEN")
SENTRY_DSN = env.text("SENTRY_DSN")

env.finish()

if SENTRY_DSN:
    from saleor_aftercare.service.errors import report_to_sentry

    report_to_sentry(SENTRY_DSN)

"""Django settings of the practice shop's own process: pages and an API, no database, no sessions.

The demo gives it the service's environment; these are the names it reads of it: SECRET_KEY, PUBLIC_URL (where
Aftercare answers), DEMO_HOME_URL (where this shop answers), AFTERCARE_DATA_DIR and AFTERCARE_CLOCK_FILE.
"""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent

SECRET_KEY = os.environ.get("SECRET_KEY") or "the-practice-shop-has-no-secrets-to-keep-0123456789"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

#: Where Aftercare answers, and where this shop does; both without a slash at the end.
AFTERCARE_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8686").rstrip("/")
PRACTICE_URL = os.environ.get("DEMO_HOME_URL", "http://127.0.0.1:8687/").rstrip("/")
AFTERCARE_DATA_DIR = os.environ.get("AFTERCARE_DATA_DIR", "")
AFTERCARE_CLOCK_FILE = os.environ.get("AFTERCARE_CLOCK_FILE", "")

INSTALLED_APPS: list[str] = []
ROOT_URLCONF = "saleor_aftercare.sandbox.urls"
WSGI_APPLICATION = "saleor_aftercare.sandbox.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "builtins": ["saleor_aftercare.sandbox.template_tags"],
        },
    }
]
DATABASES: dict[str, dict[str, str]] = {}
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
CSRF_COOKIE_NAME = "practice_csrf"
# The Dashboard's pages must tell framed apps their origin: App Bridge believes the referrer.
SECURE_REFERRER_POLICY = "origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

"""The service's settings with values for tests; needs no environment.

The database is an embedded PostgreSQL that conftest.py starts when the first test asks for it, each pytest-xdist
worker its own. With DATABASE_URL in the environment that server is used instead.
"""

import os
import tempfile
from pathlib import Path

#: This process's own folder; conftest.py makes and removes it.
SCRATCH = Path(tempfile.gettempdir()) / f"aftercare-tests-{os.getpid()}"
EMBEDDED = "DATABASE_URL" not in os.environ

os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "tests-only-" + "0123456789" * 5,
    "PUBLIC_URL": "https://aftercare.test",
    "ALLOWED_SALEOR_URLS": "https://shop.test/graphql/",
    "ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "DATABASE_URL": os.environ.get("DATABASE_URL", f"postgresql://postgres@/aftercare?host={SCRATCH}/postgres"),
    "BROKER_URL": f"redis+socket://{SCRATCH}/valkey/valkey.sock",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Shop <care@shop.test>",
    "LOG_FORMAT": "console",
}
for name in (
    "EMAIL_URL",
    "SENTRY_DSN",
    "AFTERCARE_CLOCK_FILE",
    "AFTERCARE_DATA_DIR",
    "DEMO_HOME_URL",
    "LINE_API_URL",
    "ALLOWED_HOSTS",
    "METRICS_TOKEN",
):
    os.environ.pop(name, None)

from saleor_aftercare.service.settings import *  # noqa: E402, F403
from saleor_aftercare.service.settings import DATABASES, INSTALLED_APPS  # noqa: E402

if EMBEDDED:
    # A pytest-xdist worker inherits the environment, and starts a server of its own.
    del os.environ["DATABASE_URL"]

# One migration history: max_migration.txt makes two branches conflict in git instead of at a deploy.
INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Jobs run when a test says so, through core.jobs.run_due(); a wake-up goes nowhere.
CELERY_BROKER_URL = "memory://"

"""django-helpdesk's list of tickets, timed in an environment of its own; run by ``bench.inbox``, prints JSON.

Arguments: the database's address without its name, and how many tickets there are to be.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

HOST, TICKETS = sys.argv[1], int(sys.argv[2])
ROUNDS = 5

import django
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    ROOT_URLCONF="__main__",
    SITE_ID=1,
    STATIC_URL="/static/",
    DATABASES={
        "default": {"ENGINE": "django.db.backends.postgresql", "NAME": "helpdesk", "HOST": HOST, "USER": "postgres"}
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.humanize",
        "django.contrib.messages",
        "django.contrib.admin",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    HELPDESK_TEAMS_MODE_ENABLED=False,
)
django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import include, path, reverse
from helpdesk.models import Queue, Ticket
from helpdesk.query import query_to_base64

urlpatterns = [path("", include(("helpdesk.urls", "helpdesk")))]

FILL = """
INSERT INTO helpdesk_ticket (queue_id, title, created, modified, submitter_email, status, on_hold, description,
  priority, secret_key, assigned_to_id)
SELECT %(queue)s, 'The handle of grinder ' || n || ' turns and nothing happens', now() - n * interval '1 minute',
  now() - n * interval '1 minute', 'c' || n %% 30000 || '@customer.test', 1 + n %% 5, false,
  'I have turned it for an hour now, both ways, and the beans are as whole as before.', 1 + n %% 5, md5(n::text),
  %(user)s FROM generate_series(1, %(tickets)s) AS n
"""


def main() -> None:
    """Fill, ask for the page of fifty that its own page asks for, and print the milliseconds."""
    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("bench", "bench@shop.test", "bench")
    queue = Queue.objects.create(title="Support", slug="support")
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"queue": queue.pk, "user": user.pk, "tickets": TICKETS})
        cursor.execute("ANALYZE")
    assert Ticket.objects.count() == TICKETS
    client = Client()
    client.force_login(user)
    query = query_to_base64({"filtering": {"status__in": [1, 2]}, "sorting": "created", "sortreverse": True})
    address = reverse("helpdesk:datatables_ticket_list", args=[query])
    wanted = {"draw": 1, "start": 0, "length": 50, "order[0][column]": 0, "order[0][dir]": "desc"}
    times = []
    for _round in range(ROUNDS + 1):
        begin, spent = time.perf_counter(), time.process_time()
        answer = client.get(address, wanted)
        times.append(((time.perf_counter() - begin) * 1000, (time.process_time() - spent) * 1000))
        assert answer.status_code == 200, answer.content[:300]
        assert len(answer.json()["data"]) == 50, answer.content[:300]
    wall, processor = (statistics.median(column) for column in zip(*times[1:], strict=True))
    print(json.dumps({"wall_ms": wall, "processor_ms": processor}))


main()

"""The inbox's list: a page of 50 of 100,000 tickets with a million messages, beside raw SQL and orjson.

The documents are the Dashboard's own. Both answers are the same JSON, which is checked, and both find out first who
asks and what that person may see (a token that was verified before, three statements), for a list that anybody may
read is another list. The second line leaves that out of the floor and keeps it in ours. Beside it stand the poll that
finds nothing new, and the same page of django-helpdesk on the same server, where ``HELPDESK_PYTHON`` names an
interpreter that has it (2.6.1).
"""

from __future__ import annotations

import hashlib
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import orjson
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

import saleor_aftercare
from bench._report import Result, report, side_by_side
from saleor_aftercare.access.actions import authenticate
from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.connection.jwks import verify_token
from saleor_aftercare.core import clock
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop
from saleor_aftercare.graphql.core.paging import encode_cursor
from saleor_aftercare.graphql.core.view import graphql_view
from saleor_aftercare.inbox.models import TicketLink
from saleor_aftercare.policies.queries import policy_of
from saleor_aftercare.returns.models import Return
from saleor_aftercare.service.embedded import Postgres
from tests import settings as test_settings
from tests.graphql.api import sign, staff_claims, trust
from tests.make import make_order, make_shop, make_staff

TICKETS, MESSAGES_EACH, PAGE = 100_000, 10, 50
ROUNDS = 200
DOCUMENTS = Path(saleor_aftercare.__file__).parent / "dashboard" / "src"

#: Every third ticket is active; four in ten are about a case.
FILL = (
    """INSERT INTO aftercare_ticket (shop_id, number, subject, state, state_since, channel, language, customer_name,
         customer_email, customer_user_id, assignee_id, created_at, updated_at, revision, last_message_at,
         last_message_preview, last_message_kind, last_message_id, unread, due_at, breach_at, priority, fields)
       SELECT %(shop)s, n, 'The handle of grinder ' || n || ' turns and nothing happens',
         (ARRAY['new', 'open', 'pending', 'solved', 'solved', 'closed', 'solved', 'solved', 'closed'])[1 + n %% 9],
         now(), (ARRAY['portal', 'email', 'api'])[1 + n %% 3], (ARRAY['en', 'ja'])[1 + n %% 2], 'Customer ' || n,
         'c' || n %% 30000 || '@customer.test', '', NULLIF(%(staff)s + n %% 20, %(staff)s), now(), now(), 0,
         now() - (%(tickets)s - n) * interval '1 minute',
         'I have turned it for an hour now, both ways, and the beans are as whole as before. What shall I do?',
         (ARRAY['customer', 'staff'])[1 + n %% 2], n, n %% 4 = 0, now() - (n %% 7 - 3) * interval '1 hour',
         now() - (n %% 7 - 3) * interval '1 hour', 1, '{}'
       FROM generate_series(1, %(tickets)s) AS n""",
    """INSERT INTO aftercare_ticketmessage (shop_id, ticket_id, kind, author_name, author_email, body, language, event,
         event_data, channel, is_automatic, quoted, has_remote_content, mentions, leaving, created_at)
       SELECT shop_id, id, (ARRAY['customer', 'staff'])[1 + n %% 2], customer_name, customer_email,
         repeat('I have turned it for an hour now, both ways. ', 4), language, '', '{}', '', false, '', false, '{}',
         '{}', now()
       FROM aftercare_ticket, generate_series(1, %(messages)s) AS n""",
    """INSERT INTO aftercare_ticketlink (shop_id, ticket_id, kind, case_id)
       SELECT shop_id, id, 'return', number FROM aftercare_ticket WHERE number %% 5 < 2""",
)


def dashboards_document(name: str) -> str:
    """One operation of the Dashboard with the fragments that it spreads, as the browser sends it."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.rglob("*.graphql")))
    parts = {
        (found["kind"] == "fragment", found["name"]): found[0]
        for found in re.finditer(
            r"^(?P<kind>fragment|query|mutation) (?P<name>\w+).*?^}", texts, re.MULTILINE | re.DOTALL
        )
    }
    wanted = [(False, name)]
    for one in wanted:
        spread = dict.fromkeys((True, inner) for inner in re.findall(r"\.\.\.(\w+)", parts[one]))
        wanted += [inner for inner in spread if inner not in wanted]
    return re.sub(r"\s+", " ", " ".join(parts[one] for one in wanted))


# -- the floor ---------------------------------------------------------------------------------------------------------

PAGE_SQL = """
SELECT t.id, t.number, t.subject, t.state, t.channel, t.language, t.customer_name, t.customer_email, t.last_message_at,
       t.last_message_preview, t.last_message_kind, t.unread, t.due_at, t.breach_at, s.id, s.name, s.email, s.user_id
FROM aftercare_ticket t LEFT JOIN aftercare_staffmember s ON s.id = t.assignee_id
WHERE t.shop_id = %s AND t.state IN ('new', 'open', 'pending', 'waiting', 'on_hold')
ORDER BY t.last_message_at DESC, t.id DESC LIMIT %s"""
LINKS_SQL = """
SELECT ticket_id, kind, case_id FROM aftercare_ticketlink WHERE shop_id = %s AND ticket_id = ANY(%s) ORDER BY id"""
COUNT_SQL = """
SELECT count(*) FROM (SELECT 1 FROM aftercare_ticket
WHERE shop_id = %s AND state IN ('new', 'open', 'pending', 'waiting', 'on_hold') LIMIT 10001) AS counted"""


SHOP_SQL = """
SELECT id, saleor_api_url, app_id, jwks_fetched_at FROM aftercare_shop
WHERE saleor_api_url = %s AND disconnected_at IS NULL"""
MEMBER_SQL = """
SELECT id, email, last_seen_at, groups, groups_at FROM aftercare_staffmember WHERE shop_id = %s AND user_id = %s"""
RULES_SQL = "SELECT group_name, role, money_limit, currency FROM aftercare_rolerule WHERE shop_id = %s"


class Floor:
    """The same answer by hand, for whoever the token names: everything that has to be done, and nothing besides."""

    def __init__(self, request: HttpRequest) -> None:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        asker = authenticate(token, api_url=request.headers["Saleor-Api-Url"])
        assert isinstance(asker, Staff)
        #: What tokens say whose signature was verified before, as ours keeps them too.
        self.known = {hashlib.sha256(token.encode()).digest(): verify_token(asker.shop, token)}

    def view(self, request: HttpRequest) -> HttpResponse:
        """Who asks, by a token that was seen before; what their role lets them see; and the page."""
        wanted = orjson.loads(request.body)
        assert wanted["variables"]["view"] == "OPEN"
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = self.known[hashlib.sha256(token.encode()).digest()]
        with connection.cursor() as cursor:
            cursor.execute(SHOP_SQL, [request.headers["Saleor-Api-Url"]])
            shop, api_url, app, _fetched_at = cursor.fetchone()
            assert claims["exp"] > time.time()
            assert (claims["iss"], claims["app"], claims["is_staff"]) == (api_url, app, True)
            cursor.execute(MEMBER_SQL, [shop, claims["user_id"]])
            me, _email, last_seen_at, groups, _groups_at = cursor.fetchone()
            assert last_seen_at > clock.now() - timedelta(minutes=15)
            cursor.execute(RULES_SQL, [shop])
            assert not [rule for rule in cursor.fetchall() if rule[0] in groups]
        assert "MANAGE_ORDERS" in claims["user_permissions"]
        return raw_view(request, shop, me)


def raw_view(_request: HttpRequest, shop: int, me: int) -> HttpResponse:
    """The same answer by hand, for anybody."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(PAGE_SQL, [shop, PAGE + 1])
        rows = cursor.fetchall()
        cursor.execute(LINKS_SQL, [shop, [row[0] for row in rows[:PAGE]]])
        returns: dict[int, list[dict[str, str]]] = {}
        for ticket, kind, case in cursor.fetchall():
            assert kind == "return"
            returns.setdefault(ticket, []).append({"id": to_global_id("Return", case)})
        cursor.execute(COUNT_SQL, [shop])
        count = cursor.fetchone()[0]
    nodes = [
        {
            "id": to_global_id("Ticket", row[0]),
            "number": row[1],
            "subject": row[2],
            "state": row[3].upper(),
            "channel": row[4].upper(),
            "language": row[5],
            "assignee": None
            if row[14] is None
            else {"id": to_global_id("StaffMember", row[14]), "name": row[15], "email": row[16], "isMe": row[14] == me},
            "customerName": row[6],
            "customerEmail": row[7],
            "lastMessageAt": row[8],
            "lastMessagePreview": row[9],
            "lastMessageKind": row[10].upper(),
            "unread": row[11],
            "dueAt": row[12],
            "breachAt": row[13],
            "overdue": row[12] < now,
            "returns": returns.get(row[0], []),
            "repairRequests": [],
            "sparePartRequests": [],
        }
        for row in rows[:PAGE]
    ]
    last = rows[PAGE - 1]
    page = {
        "edges": [{"node": node} for node in nodes],
        "pageInfo": {"hasNextPage": len(rows) > PAGE, "endCursor": encode_cursor(0, last[8], last[0])},
        "totalCount": count if count <= 10_000 else None,
    }
    return HttpResponse(orjson.dumps({"data": {"tickets": page}}), content_type="application/json")


# -- ours --------------------------------------------------------------------------------------------------------------


class Asker:
    """Requests of one member of staff."""

    def __init__(self, shop: Shop, document: str, **variables: Any) -> None:
        self.me = make_staff(shop, groups_at=clock.now())
        claims = staff_claims(self.me) | {"exp": int(time.time()) + 3600}
        self.headers = {
            "HTTP_AUTHORIZATION": f"Bearer {sign(claims)}",
            "HTTP_SALEOR_API_URL": shop.saleor_api_url,
            "HTTP_ACCEPT_LANGUAGE": "en",
        }
        self.body = orjson.dumps({"query": document, "variables": variables})
        self.factory = RequestFactory()

    def request(self) -> Any:
        """A fresh request, as the server hands it in."""
        return self.factory.post("/graphql/", self.body, content_type="application/json", **self.headers)


def fill(shop: Shop, staff: int) -> None:
    """Put the tickets, messages and cases there, by the database's own hands."""
    values = {"shop": shop.pk, "staff": staff, "tickets": TICKETS, "messages": MESSAGES_EACH}
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, values)
    order = make_order(shop)
    policy = policy_of(shop)
    cases = TicketLink.objects.filter(shop=shop).values_list("case_id", flat=True)
    now = clock.now()
    Return.objects.bulk_create(
        (
            Return(
                pk=case,
                shop=shop,
                number=f"RMA-{case}",
                order=order,
                policy=policy,
                state_since=now,
                verdict="accept",
                requested_at=now,
            )
            for case in cases
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure() -> Sequence[Result]:
    """Fill, compare the answers, and let both take turns."""
    shop = trust(make_shop())
    first = min(make_staff(shop).pk for _ in range(20))
    fill(shop, first)
    nothing = dict.fromkeys(("viewId", "search", "order", "after"))
    asker = Asker(shop, dashboards_document("InboxTickets"), view="OPEN", thorough=False, **nothing)
    ours = orjson.loads(graphql_view(asker.request()).content)
    floor = orjson.loads(raw_view(asker.request(), shop.pk, asker.me.pk).content)
    if ours != floor:
        raise AssertionError(f"The answers differ: {str(ours)[:2000]} … {str(floor)[:2000]}")
    by_hand = Floor(asker.request())
    jobs: dict[str, Callable[[int], object]] = {
        "open": lambda _turn: raw_view(asker.request(), shop.pk, asker.me.pk),
        "floor": lambda _turn: by_hand.view(asker.request()),
        "ours": lambda _turn: graphql_view(asker.request()),
    }
    times = side_by_side(jobs, rounds=ROUNDS)
    inside = {name: database_ms(job) for name, job in jobs.items()}
    size = len(by_hand.view(asker.request()).content)
    return report(
        (
            *poll(shop),
            *peer(wall_ms(lambda: graphql_view(asker.request()))),
            Result(
                name=f"inbox page of {PAGE} of {TICKETS:,} tickets",
                figure=times["ours"],
                floor=times["floor"],
                unit="CPU ms",
                target=1.5,
                floor_name="raw SQL + orjson for the same person",
                note=f"{size / 1000:.0f} kB of JSON; {TICKETS * MESSAGES_EACH:,} messages. PostgreSQL itself takes"
                f" {inside['ours']:.2f} CPU ms for ours and {inside['floor']:.2f} for the floor.",
            ),
            Result(
                name="the same page",
                figure=times["ours"],
                floor=times["open"],
                unit="CPU ms",
                target=None,
                floor_name="raw SQL + orjson for anybody",
            ),
        )
    )


def database_ms(job: Callable[[int], object]) -> float:
    """The processor time of the connection's server process for one turn, in milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        accounts = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    begin = int(accounts.read_text(encoding="ascii").split()[0])
    for turn in range(ROUNDS):
        job(turn)
    return (int(accounts.read_text(encoding="ascii").split()[0]) - begin) / ROUNDS / 1e6


def poll(shop: Shop) -> Sequence[Result]:
    """What the Dashboard asks every five seconds, when nothing has happened."""
    document = dashboards_document("InboxChanges")
    first = orjson.loads(graphql_view(Asker(shop, document, cursor=None).request()).content)
    asker = Asker(shop, document, cursor=first["data"]["changesSince"]["cursor"])
    times = side_by_side({"poll": lambda _turn: graphql_view(asker.request())}, rounds=ROUNDS)
    request, answer = asker.request(), graphql_view(asker.request())
    return (
        Result(
            name="poll with nothing new",
            figure=times["poll"],
            floor=5,
            unit="CPU ms",
            target=1,
            floor_name="what it may take",
        ),
        Result(
            name="its answer",
            figure=len(answer.content),
            floor=2_000,
            unit="bytes",
            target=1,
            floor_name="what it may be",
            note=f"The request's body has {len(request.body)} bytes.",
        ),
    )


def wall_ms(job: Callable[[], object]) -> float:
    """The median of the milliseconds of the wall, the database's part among them."""
    times = []
    for _turn in range(50):
        begin = time.perf_counter()
        job()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def peer(ours: float) -> Sequence[Result]:
    """The same page of django-helpdesk, on the same server, in an environment of its own."""
    python = os.environ.get("HELPDESK_PYTHON")
    if python is None:
        print("  django-helpdesk is left out: HELPDESK_PYTHON names no interpreter that has it.")
        return ()
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE helpdesk")
    script = Path(__file__).parent / "_helpdesk.py"
    host = str(test_settings.SCRATCH / "postgres")
    ended = subprocess.run([python, str(script), host, str(TICKETS)], check=True, capture_output=True, text=True)
    told = orjson.loads(ended.stdout.splitlines()[-1])
    return (
        Result(
            name=f"django-helpdesk's page of {PAGE} of {TICKETS:,} tickets",
            figure=told["wall_ms"],
            floor=ours,
            unit="ms of the wall",
            target=100,
            lower_is_better=False,
            floor_name="ours",
            note=f"{told['processor_ms']:,.0f} ms of them on its own processor, the rest in PostgreSQL.",
        ),
    )


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    server.start()
    try:
        server.create_database()
        call_command("migrate", verbosity=0)
        return measure()
    finally:
        connection.close()
        server.stop()


if __name__ == "__main__":
    run()

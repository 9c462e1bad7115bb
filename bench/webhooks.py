"""Webhooks over HTTP, verified and stored by two web processes, beside one process that does so without HTTP.

The floor is the least that keeps the promise: verify the detached JWS over the raw body, commit one row. It runs on one
psycopg connection without Django. The figure is the product's whole door: granian with two worker processes as in
production, Saleor's headers, every middleware, the row and the job that will look at it, the answer. Clients keep
their connections, which Saleor's workers do not: opening them would measure the kernel. Bodies are new every time and
about 5 kB, as real orders are. PostgreSQL is as durable as in the demo; the two take turns, so that a busy machine
hurts both alike.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import psycopg
from django.core.management import call_command
from django.db import connection

from bench._report import Result, report
from saleor_aftercare.connection.jwks import verify_detached
from saleor_aftercare.connection.models import InboundWebhook
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.sandbox import sign_detached
from saleor_aftercare.sandbox.tokens import KeyPair
from saleor_aftercare.service import commands
from saleor_aftercare.service.embedded import Postgres, Valkey
from tests import settings as test_settings

API_URL = "https://shop.test/graphql/"
APP_ID = "QXBwOjE="
ROUNDS, DELIVERIES = 5, 1500
CLIENTS = 6
BODY_BYTES = 5000

Delivery = tuple[bytes, str]


def deliveries(keys: KeyPair, count: int) -> list[Delivery]:
    """Signed bodies, no two alike."""
    found = []
    for _ in range(count):
        payload = {
            "__typename": "OrderUpdated",
            "issuedAt": datetime.now(UTC).isoformat(),
            "issuingPrincipal": None,
            "recipient": {"id": APP_ID},
            "order": {"id": os.urandom(16).hex(), "lines": "x" * (BODY_BYTES - 260)},
        }
        body = json.dumps(payload).encode()
        found.append((body, sign_detached(keys, body)))
    return found


def without_http(shop: Shop, url: str, batch: list[Delivery]) -> float:
    """Deliveries a second that one process verifies and commits."""
    insert = (
        "INSERT INTO aftercare_inboundwebhook (shop_id, digest, kind, body, received_at, state, error)"
        " VALUES (%s, %s, %s, %s, %s, 'received', '') ON CONFLICT DO NOTHING"
    )
    with psycopg.connect(url, autocommit=True) as database:
        begin = time.perf_counter()
        for body, signature in batch:
            verify_detached(shop, body, signature)
            digest = hashlib.sha256(body).hexdigest()
            database.execute(insert, [shop.pk, digest, "OrderUpdated", body, datetime.now(UTC)])
        return len(batch) / (time.perf_counter() - begin)


def request(body: bytes, signature: str) -> bytes:
    """A delivery as it stands on the wire."""
    head = (
        "POST /saleor/webhooks/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Saleor/3.23\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nSaleor-Event: order_updated\r\n"
        f"Saleor-Domain: shop.test\r\nSaleor-Api-Url: {API_URL}\r\nSaleor-Signature: {signature}\r\n\r\n"
    )
    return head.encode() + body


def over_http(port: int, batch: list[Delivery]) -> tuple[float, list[float]]:
    """Deliveries a second over kept connections, and how long each took in ms."""
    shares = [[request(*one) for one in batch[n::CLIENTS]] for n in range(CLIENTS)]
    took: list[float] = []
    together = threading.Barrier(CLIENTS + 1)

    def send(share: list[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            together.wait()
            for message in share:
                begin = time.perf_counter()
                wire.sendall(message)
                answer = b""
                while not answer.endswith(b"}") and (part := wire.recv(4096)):
                    answer += part
                took.append((time.perf_counter() - begin) * 1000)
                if not (answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"true}")):
                    together.abort()
                    raise RuntimeError(f"Not stored: {answer!r}")
            together.wait()

    threads = [threading.Thread(target=send, args=[share]) for share in shares]
    for thread in threads:
        thread.start()
    together.wait()
    begin = time.perf_counter()
    together.wait()
    elapsed = time.perf_counter() - begin
    for thread in threads:
        thread.join()
    return len(batch) / elapsed, took


def start_web(scratch: Path, database: str, broker: str) -> tuple[subprocess.Popen[bytes], int]:
    """Two web processes as ``aftercare web`` starts them, and their port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    argv = commands.web(host="127.0.0.1", port=port, workers=2, threads=4)
    environ = os.environ | commands.web_environ(scratch / "metrics", threads=4)
    environ |= {"DATABASE_URL": database, "BROKER_URL": broker, "LOG_FORMAT": "json"}
    environ["DJANGO_SETTINGS_MODULE"] = "saleor_aftercare.service.settings"
    with (scratch / "web.log").open("wb") as log:
        child = subprocess.Popen(argv, env=environ, stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, (scratch / "web.log").read_text()[-2000:]
            time.sleep(0.1)
        else:
            return child, port


def measure(scratch: Path, server: Postgres, valkey: Valkey) -> Sequence[Result]:
    """All rounds, the two taking turns."""
    keys = KeyPair.generate()
    now = datetime.now(UTC)
    shop = Shop.objects.create(
        saleor_api_url=API_URL, handle="bench", app_id=APP_ID, app_token="t", connected_at=now,
        jwks=keys.jwks(), jwks_fetched_at=now,
    )  # fmt: skip
    floors, figures, took = [], [], []
    web, port = start_web(scratch, server.url(), valkey.url)
    try:
        over_http(port, deliveries(keys, 300))
        for _ in range(ROUNDS):
            floors.append(without_http(shop, server.url(), deliveries(keys, DELIVERIES)))
            rate, times = over_http(port, deliveries(keys, DELIVERIES))
            figures.append(rate)
            took += times
    finally:
        web.terminate()
        web.wait(timeout=20)
    sent = 300 + ROUNDS * DELIVERIES
    assert Job.objects.count() == sent, "a delivery was answered and not stored"
    assert InboundWebhook.objects.count() == sent + ROUNDS * DELIVERIES
    p50, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
    return (
        Result(
            name="webhook over HTTP, two processes: verify, store, answer",
            figure=statistics.median(figures),
            floor=statistics.median(floors),
            unit="deliveries/s",
            target=0.95,
            lower_is_better=False,
            floor_name="one process, no HTTP",
            note=f"{CLIENTS} clients with kept connections on the same machine: p50 {p50:.1f} ms, p99 {p99:.1f} ms",
        ),
    )


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log")
    valkey = Valkey(scratch / "valkey", log=scratch / "valkey.log")
    server.start()
    try:
        valkey.start()
        server.create_database()
        call_command("migrate", verbosity=0)
        return report(measure(scratch, server, valkey))
    finally:
        connection.close()
        valkey.stop()
        server.stop()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    run()

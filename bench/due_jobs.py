"""Claiming due jobs from a million and from ten million rows, in batches of 100, beside Celery tasks that do nothing.

Nearly all rows wait for days up to three months away, 20,000 and some are due. Rows come due in about the order in
which they were written, as follow-ups do, give or take 50,000 rows. PostgreSQL runs as durable as in the demo.

A claim is what a worker pays before it can start a job: one UPDATE that leases a batch, and the rows of it. The peer is
one Celery worker process on an embedded Valkey that takes no-op tasks out of a full queue.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import redis
from django.core.management import call_command
from django.db import connection

from bench._report import Result, report
from saleor_aftercare.core import jobs
from saleor_aftercare.core.models import Job
from saleor_aftercare.service.embedded import Postgres, Valkey
from tests import settings as test_settings

MILLION = 1_000_000
SIZES = (MILLION, 10 * MILLION)
BATCH = 100
DUE, ROUNDS = 20_000, 5
NO_OPS = 6_000

_FILL = """
INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
SELECT NULL, 'followups.send', 'followup:' || n, jsonb_build_object('followup', n),
       now() + (n - %(low)s - %(due)s + (random() - 0.5) * 100000) / (%(high)s - %(low)s) * interval '90 days',
       'pending', 0, ''
FROM generate_series(%(low)s, %(high)s) n
"""


def fill(low: int, high: int) -> None:
    """Add the rows ``low``…``high``; indexes are built afterwards, which takes a third of the time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'aftercare_job' AND indexname LIKE 'job_%'")
        indexes = [row[0] for row in cursor.fetchall() if "UNIQUE" not in row[0]]
        for definition in indexes:
            cursor.execute(f"DROP INDEX {definition.split()[2]}")
        cursor.execute("ALTER TABLE aftercare_job DROP CONSTRAINT IF EXISTS job_key")
        cursor.execute(_FILL, {"low": low, "high": high, "due": DUE})
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("ALTER TABLE aftercare_job ADD CONSTRAINT job_key UNIQUE NULLS NOT DISTINCT (shop_id, key)")
        cursor.execute("VACUUM ANALYZE aftercare_job")
        cursor.execute("CHECKPOINT")


def claims_per_second() -> float:
    """Jobs that one worker claims a second: the median of five rounds of 4,000."""
    rates = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        claimed = 0
        while claimed < DUE // ROUNDS:
            batch = jobs.claim(BATCH)
            assert len(batch) == BATCH, "the bench ran out of due jobs"
            claimed += BATCH
        rates.append(claimed / (time.perf_counter() - begin))
    return statistics.median(rates)


def no_ops_per_second(scratch: Path) -> float:
    """No-op tasks that one Celery worker process takes out of a full queue in a second."""
    valkey = Valkey(scratch / "valkey", log=scratch / "valkey.log")
    valkey.start()
    client = redis.Redis(unix_socket_path=str(valkey.socket))
    environ = os.environ | {"BENCH_BROKER_URL": valkey.url}
    send = f"from bench._noop import nothing\nfor _ in range({NO_OPS}): nothing.delay()"
    worker = [sys.executable, "-m", "celery", "--app", "bench._noop", "--quiet", "worker", "--concurrency", "1"]
    worker += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    try:
        subprocess.run([sys.executable, "-c", send], env=environ, check=True)
        with (scratch / "worker.log").open("wb") as log:
            child = subprocess.Popen(worker, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            begin, first = wait_until_below(client, NO_OPS - 500)
            end, last = wait_until_below(client, 100)
        finally:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        return (first - last) / (end - begin)
    finally:
        client.close()
        valkey.stop()


def wait_until_below(client: redis.Redis, waiting: int) -> tuple[float, int]:
    """The moment when fewer tasks wait than that, and how many."""
    deadline = time.monotonic() + 120
    while (left := client.llen("celery")) >= waiting:
        assert time.monotonic() < deadline, "the Celery worker does not work"
        time.sleep(0.005)
    return time.perf_counter(), left


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log")
    server.start()
    rates: dict[int, float] = {}
    try:
        peer = no_ops_per_second(scratch)
        server.create_database()
        call_command("migrate", verbosity=0)
        filled = 0
        for size in SIZES:
            fill(filled + 1, size)
            filled = size
            rates[size] = claims_per_second()
            print(f"{size:,} rows: {rates[size]:,.0f} claimed a second", flush=True)
            Job.objects.filter(state="running").delete()
    finally:
        connection.close()
        server.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    small, large = (rates[size] for size in SIZES)
    return report(
        (
            Result(
                name="claim due jobs of 1 M rows",
                figure=small,
                floor=peer,
                unit="jobs/s",
                target=25,
                lower_is_better=False,
                floor_name="Celery no-op tasks, one process",
            ),
            Result(
                name="claim due jobs of 10 M rows",
                figure=1000 / large,
                floor=1000 / small,
                unit="ms a job",
                target=1.5,
                floor_name="of 1 M rows",
            ),
        )
    )


if __name__ == "__main__":
    run()

"""The durable schedule: rows that say when to do what, and the runner that leases them.

Celery is the engine, the row is the truth: ``schedule`` writes a row and wakes a worker after commit; ``sweep``
(beat, every few seconds) finds whatever is due, so a lost broker delays work and loses none of it.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from celery import shared_task
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from . import clock
from .errors import AftercareError, Conflict, ProviderUnavailable
from .models import Job, JobState, Shop, inserted

log = structlog.get_logger(__name__)

Handler = Callable[[Job], None]

#: A handler that runs longer than this is taken for dead, and its job goes to another worker.
LEASE = timedelta(minutes=5)
#: Rows that one claim takes.
BATCH = 100
#: Tries before a job waits for a person; with the backoff below that is about two days.
MAX_ATTEMPTS = 12

_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the only handler of jobs of ``kind``.

    It runs outside any transaction, under a lease, and must be idempotent: a worker may die after its work
    and before the row says so.
    """

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(kind, handler) is not handler:
            raise RuntimeError(f"Two handlers for jobs of kind {kind!r}")
        return handler

    return register


def schedule(
    kind: str,
    *,
    key: str,
    shop: Shop | None,
    due_at: datetime,
    payload: dict[str, Any] | None = None,
    again: bool = False,
) -> Job:
    """Write a job, once per ``(shop, key)``, in the caller's transaction; a second call returns the first row.

    A cancelled job of that key is revived with the new time and payload. With ``again`` so is one that has ended; one
    that is running at this moment runs once more afterwards, and one that waits for a later time is moved forward.
    """
    job = _new(kind, key=key, shop=shop, due_at=due_at, payload=payload or {})
    if job is None:
        with transaction.atomic():
            # Locked until the caller commits, so that no run misses what the caller is about to make true.
            job = Job.objects.select_for_update().get(shop=shop, key=key)
            _revive(job, due_at=due_at, payload=payload or {}, again=again)
    if job.state == JobState.PENDING:
        wake_when_due(due_at)
    return job


def wake_when_due(due_at: datetime) -> None:
    """After the commit of the caller's transaction wake a worker for jobs of that time, if it has come."""
    if due_at <= clock.now():
        transaction.on_commit(wake_soon)


#: One statement where get_or_create takes four: nearly every job is new, and every event has some.
_NEW = """
INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
VALUES (%s, %s, %s, %s, %s, 'pending', 0, '') ON CONFLICT (shop_id, key) DO NOTHING RETURNING id, created_at
"""


def _new(kind: str, *, key: str, shop: Shop | None, due_at: datetime, payload: dict[str, Any]) -> Job | None:
    """A row of its own; None when there is one of that key already."""
    job = Job(shop=shop, kind=kind, key=key, payload=payload, due_at=due_at)
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [job.shop_id, kind, key, json.dumps(payload), due_at])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, job.created_at = row
    inserted(job, pk)
    return job


def _revive(job: Job, *, due_at: datetime, payload: dict[str, Any], again: bool) -> None:
    if job.state == JobState.CANCELLED or (again and job.state in {JobState.DONE, JobState.FAILED}):
        job.state, job.due_at, job.payload = JobState.PENDING, due_at, payload
        job.attempts, job.finished_at, job.error = 0, None, ""
    elif again and job.state == JobState.RUNNING:
        # Its worker compares due_at when it is done, and finds that it moved: see _release.
        job.due_at = due_at + timedelta(microseconds=due_at == job.due_at)
        job.payload = payload
    elif again and job.state == JobState.PENDING and due_at < job.due_at:
        job.due_at, job.payload = due_at, payload
    else:
        return
    job.save()


def cancel(shop: Shop, key: str, *, at: datetime) -> bool:
    """Take back a job that has not started; False when there is none to take back."""
    rows = Job.objects.filter(shop=shop, key=key, state=JobState.PENDING)
    return rows.update(state=JobState.CANCELLED, finished_at=at) == 1


def reschedule(shop: Shop, key: str, *, due_at: datetime) -> bool:
    """Move a job that has not started; False when there is none."""
    moved = Job.objects.filter(shop=shop, key=key, state=JobState.PENDING).update(due_at=due_at) == 1
    if moved and due_at <= clock.now():
        transaction.on_commit(wake_soon)
    return moved


def retry(shop: Shop, pk: int, *, at: datetime) -> Job:
    """Put a FAILED job back to work; raises Conflict when it is not FAILED (any more) in this shop."""
    rows = Job.objects.filter(shop=shop, pk=pk, state=JobState.FAILED)
    if rows.update(state=JobState.PENDING, due_at=at, attempts=0, finished_at=None) != 1:
        raise Conflict("This job is not waiting for a retry.", "id")
    transaction.on_commit(wake_soon)
    return Job.objects.get(pk=pk)


def backoff(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure: 10 s doubling up to 12 h, ±20 % so that a herd spreads."""
    seconds = min(10 * 2 ** min(attempts - 1, 20), 12 * 3600)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  no secret, a spread


# -- running ---------------------------------------------------------------------------------------------------

# Losing a claim in a crash of the database is harmless: the job is then still pending. So nobody waits for the disk.
_CLAIM = """
UPDATE aftercare_job SET state = 'running', lease = %(lease)s, lease_until = %(until)s
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS in_a_hurry
WHERE id = ANY(ARRAY(
    SELECT id FROM aftercare_job WHERE state = 'pending' AND due_at <= %(now)s
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
))
RETURNING id, shop_id, kind, key, payload::text, due_at, attempts
"""
#: What a claimed job knows, in the order of the model's columns; the rest is read when somebody asks.
_CLAIMED = ("id", "shop_id", "kind", "key", "payload", "due_at", "state", "attempts", "lease", "lease_until")


def claim(limit: int = BATCH) -> list[Job]:
    """Lease up to ``limit`` due jobs to the caller, soonest due first; no two callers get the same."""
    lease, until = uuid.uuid4(), clock.real_now() + LEASE
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": lease, "now": clock.now(), "until": until, "limit": limit})
        rows = cursor.fetchall()
    rows.sort(key=lambda row: (row[5], row[0]))
    return [
        Job.from_db(
            connection.alias,
            _CLAIMED,
            (pk, shop, kind, key, orjson.loads(payload), due_at, JobState.RUNNING, attempts, lease, until),
        )
        for pk, shop, kind, key, payload, due_at, attempts in rows
    ]


def run(job: Job) -> JobState:
    """Run one leased job and write down how it went."""
    bound = log.bind(job=job.pk, kind=job.kind, shop=job.shop_id, attempt=job.attempts + 1)
    if not _start(job):
        bound.warning("job_lease_lost")
        return JobState.PENDING
    try:
        _handler(job.kind)(job)
    except ProviderUnavailable as error:
        wait = timedelta(seconds=error.retry_after_s) if error.retry_after_s else backoff(job.attempts)
        bound.warning("job_deferred", reason=error.code)
        return _give_back(job, error.message, after=wait)
    except AftercareError as error:
        bound.warning("job_refused", reason=error.code)
        return _release(job, JobState.FAILED, error.message)
    except Exception as error:  # noqa: BLE001  the edge: our bug is logged whole, and the job waits for mended code
        bound.exception("job_crashed")
        return _give_back(job, f"crashed: {type(error).__name__}", after=backoff(job.attempts))
    return _release(job, JobState.DONE)


def _handler(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"No handler for jobs of kind {kind!r}") from None


_START = """
UPDATE aftercare_job SET lease_until = %s, attempts = %s
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS in_a_hurry
WHERE id = %s AND lease = %s AND state = 'running'
"""


def _start(job: Job) -> bool:
    """Count the attempt and start the lease anew as the job's turn in its batch comes; False when it was taken away."""
    job.attempts += 1
    with connection.cursor() as cursor:
        cursor.execute(_START, [clock.real_now() + LEASE, job.attempts, job.pk, job.lease])
        return bool(cursor.rowcount)


def _give_back(job: Job, error: str, *, after: timedelta) -> JobState:
    if job.attempts >= MAX_ATTEMPTS:
        return _release(job, JobState.FAILED, error)
    return _release(job, JobState.PENDING, error, due_at=clock.now() + after)


# Nor does anybody wait for the disk here: a job whose end is lost in a crash of the database runs again when its lease
# is over, as it does after a crash of its worker. What the job itself has written is on the disk by then.
_RELEASE = """
UPDATE aftercare_job SET lease = NULL, lease_until = NULL, error = %(error)s,
  state = CASE WHEN due_at = %(was_due)s THEN %(state)s ELSE 'pending' END,
  attempts = CASE WHEN due_at = %(was_due)s THEN attempts ELSE 0 END,
  finished_at = CASE WHEN due_at = %(was_due)s THEN %(finished_at)s::timestamptz END,
  due_at = CASE WHEN due_at = %(was_due)s THEN %(due_at)s ELSE due_at END
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS in_a_hurry
WHERE id = %(id)s AND lease = %(lease)s AND state = 'running'
"""


def _release(job: Job, state: JobState, error: str = "", *, due_at: datetime | None = None) -> JobState:
    """End the lease. A job that somebody scheduled again meanwhile is due again, however this run ended."""
    values = {
        "id": job.pk,
        "lease": job.lease,
        "was_due": job.due_at,
        "due_at": due_at or job.due_at,
        "state": state.value,
        "error": error[:500],
        "finished_at": None if state == JobState.PENDING else clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, values)
    return state


def run_due(*, limit: int = 10_000) -> int:
    """Run everything that is due, including what that makes due; returns how many jobs ran, at most ``limit``."""
    ran = 0
    while ran < limit and (jobs := claim(min(BATCH, limit - ran))):
        for job in jobs:
            run(job)
        ran += len(jobs)
    return ran


def take_back_expired_leases() -> int:
    """Give the jobs of dead workers to living ones; returns how many.

    A job whose worker died every time has most likely killed them, and waits for a person.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE aftercare_job SET lease = NULL, lease_until = NULL,"
            " state = CASE WHEN attempts < %(most)s THEN 'pending' ELSE 'failed' END,"
            " error = CASE WHEN attempts < %(most)s THEN error ELSE 'every worker that ran it died' END,"
            " finished_at = CASE WHEN attempts < %(most)s THEN NULL ELSE %(now)s END"
            " WHERE state = 'running' AND lease_until < %(real_now)s",
            {"most": MAX_ATTEMPTS, "now": clock.now(), "real_now": clock.real_now()},
        )
        return int(cursor.rowcount)


#: Finished jobs stay this long, for whoever asks what happened.
KEPT_FOR = timedelta(days=90)
_PRUNE = """
DELETE FROM aftercare_job WHERE id = ANY(ARRAY(
    SELECT id FROM aftercare_job WHERE finished_at < %s AND state IN ('done', 'cancelled') LIMIT %s
))
"""


def prune(*, at: datetime, batch: int = 5000) -> int:
    """Delete jobs that ended well more than 90 days ago; returns how many. FAILED ones wait for a person."""
    deleted = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PRUNE, [at - KEPT_FOR, batch])
            rows = int(cursor.rowcount)
        deleted += rows
        if rows < batch:
            return deleted


# -- Celery ----------------------------------------------------------------------------------------------------


def wake() -> None:
    """Run what is due, a bounded share of it; more is left to the next wake-up so that workers share evenly."""
    if run_due(limit=5 * BATCH) >= 5 * BATCH:
        _wake_a_worker()


def sweep() -> None:
    """Every few seconds by beat: the safety net under :func:`wake`."""
    take_back_expired_leases()
    wake()


_wake_task: Any = shared_task(name="aftercare.jobs.wake", ignore_result=True)(wake)
shared_task(name="aftercare.jobs.sweep", ignore_result=True)(sweep)


class _WakeUps:
    """This process's wake-ups: at once after a quiet moment, else one for all that come within the next moment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_at = 0.0  #: monotonic seconds; a wake-up is on its way to workers for everything until then
        self.broken_until = 0.0

    def delay_s(self) -> float | None:
        """How long the wake-up for a row of this moment is to wait; None when one that sees it is on its way."""
        now = time.monotonic()
        with self.lock:
            if now < self.broken_until or self.next_at > now + QUIET_S:
                return None
            delay = max(0.0, self.next_at - now)
            self.next_at = now + QUIET_S if delay == 0 else self.next_at + QUIET_S
            return delay


#: Wake-ups closer together than this are one.
QUIET_S = 0.05
#: How long nobody waits for a broker that did not answer; the sweep finds the rows.
BROKEN_S = 5.0
_wake_ups = _WakeUps()


def wake_soon() -> None:
    """Wake a worker for rows that were committed just now."""
    delay = _wake_ups.delay_s()
    if delay is not None:
        _wake_a_worker(delay)


def _wake_a_worker(delay_s: float = 0.0) -> None:
    """Best effort: with the broker away, the row waits for the sweep."""
    try:
        _wake_task.apply_async(retry=False, countdown=delay_s or None)
    except OperationalError:
        log.warning("broker_unreachable")
        _wake_ups.broken_until = time.monotonic() + BROKEN_S

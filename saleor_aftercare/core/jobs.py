"""The durable schedule: rows that say when to do what, and the runner that leases them.

Celery is the engine, the row is the truth: ``schedule`` writes a row and wakes a worker after commit; ``sweep``
(beat, every few seconds) finds whatever is due, so a lost broker delays work and loses none of it.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from . import clock
from .errors import AftercareError, Conflict, ProviderUnavailable
from .models import Job, JobState, Shop

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

    A cancelled job of that key is revived with the new time and payload; with ``again`` also one that has ended.
    """
    job, created = Job.objects.get_or_create(
        shop=shop, key=key, defaults={"kind": kind, "payload": payload or {}, "due_at": due_at}
    )
    ended = {JobState.CANCELLED, JobState.DONE, JobState.FAILED} if again else {JobState.CANCELLED}
    if not created and job.state in ended:
        Job.objects.filter(pk=job.pk, state__in=ended).update(
            state=JobState.PENDING, due_at=due_at, payload=payload or {}, attempts=0, finished_at=None
        )
        job.refresh_from_db()
    if job.state == JobState.PENDING and due_at <= clock.now():
        transaction.on_commit(wake_soon)
    return job


def cancel(shop: Shop, key: str, *, at: datetime) -> bool:
    """Take back a job that has not started; False when there is none to take back."""
    rows = Job.objects.filter(shop=shop, key=key, state=JobState.PENDING)
    return rows.update(state=JobState.CANCELLED, finished_at=at) == 1


def reschedule(shop: Shop, key: str, *, due_at: datetime) -> bool:
    """Move a job that has not started; False when there is none."""
    return Job.objects.filter(shop=shop, key=key, state=JobState.PENDING).update(due_at=due_at) == 1


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
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


# -- running ---------------------------------------------------------------------------------------------------

_CLAIM = """
UPDATE aftercare_job SET state = 'running', lease = %(lease)s, lease_until = %(until)s, attempts = attempts + 1
WHERE id = ANY(ARRAY(
    SELECT id FROM aftercare_job WHERE state = 'pending' AND due_at <= %(now)s
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
))
RETURNING id, shop_id, kind, key, payload, due_at, state, attempts, lease, lease_until, error, finished_at, created_at
"""


def claim(limit: int = BATCH) -> list[Job]:
    """Lease up to ``limit`` due jobs to the caller, soonest due first; no two callers get the same."""
    return list(
        Job.objects.raw(
            _CLAIM,
            {
                "lease": uuid.uuid4(),
                "now": clock.now(),
                "until": clock.real_now() + LEASE,
                "limit": limit,
            },
        )
    )


def finish(jobs: Iterable[Job]) -> int:
    """Mark leased jobs as done; those whose lease somebody else took over are left alone."""
    jobs = list(jobs)
    if not jobs:
        return 0
    return Job.objects.filter(
        pk__in=[j.pk for j in jobs], lease=jobs[0].lease, state=JobState.RUNNING
    ).update(state=JobState.DONE, finished_at=clock.now(), lease=None, lease_until=None, error="")


def run(job: Job) -> JobState:
    """Run one leased job and write down how it went."""
    handler = _handlers.get(job.kind)
    bound = log.bind(job=job.pk, kind=job.kind, shop=job.shop_id, attempt=job.attempts)
    if not _renew(job):
        bound.warning("job_lease_lost")
        return JobState.PENDING
    try:
        if handler is None:
            raise LookupError(f"No handler for jobs of kind {job.kind!r}")
        handler(job)
    except ProviderUnavailable as error:
        wait = timedelta(seconds=error.retry_after_s) if error.retry_after_s else backoff(job.attempts)
        bound.warning("job_deferred", reason=error.code)
        return _give_back(job, error.message, after=wait)
    except AftercareError as error:
        bound.warning("job_refused", reason=error.code)
        return _release(job, JobState.FAILED, error.message)
    except Exception as error:  # the edge: our bug is logged whole, and the job waits for the mended code
        bound.exception("job_crashed")
        return _give_back(job, f"crashed: {type(error).__name__}", after=backoff(job.attempts))
    finish([job])
    return JobState.DONE


def _renew(job: Job) -> bool:
    """Start the lease anew as the job's turn in its batch comes; False when another worker has taken it."""
    rows = Job.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING)
    return rows.update(lease_until=clock.real_now() + LEASE) == 1


def _give_back(job: Job, error: str, *, after: timedelta) -> JobState:
    if job.attempts >= MAX_ATTEMPTS:
        return _release(job, JobState.FAILED, error)
    return _release(job, JobState.PENDING, error, due_at=clock.now() + after)


def _release(job: Job, state: JobState, error: str, **changes: Any) -> JobState:
    if state == JobState.FAILED:
        changes["finished_at"] = clock.now()
    Job.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING).update(
        state=state, error=error[:500], lease=None, lease_until=None, **changes
    )
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
    """Give the jobs of dead workers to living ones; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE aftercare_job SET state = 'pending', lease = NULL, lease_until = NULL"
            " WHERE state = 'running' AND lease_until < %s",
            [clock.real_now()],
        )
        return int(cursor.rowcount)


# -- Celery ----------------------------------------------------------------------------------------------------


@shared_task(name="aftercare.jobs.wake", ignore_result=True)
def wake() -> None:
    """Run what is due, a bounded share of it; more is left to the next wake-up so that workers share evenly."""
    if run_due(limit=5 * BATCH) >= 5 * BATCH:
        _wake_a_worker()


@shared_task(name="aftercare.jobs.sweep", ignore_result=True)
def sweep() -> None:
    """Every few seconds by beat: the safety net under :func:`wake`."""
    take_back_expired_leases()
    wake()


#: Wake-ups closer together than this are one: whoever runs finds everything that is due.
_QUIET_S = 0.05
_last_wake = 0.0


def wake_soon() -> None:
    """Wake a worker unless this process did a moment ago; then the next wake-up or the sweep finds the rows."""
    global _last_wake  # noqa: PLW0603  a moment of this process
    if time.monotonic() - _last_wake >= _QUIET_S:
        _last_wake = time.monotonic()
        _wake_a_worker()


def _wake_a_worker() -> None:
    """Best effort: with the broker away, the row waits for the sweep."""
    global _last_wake  # noqa: PLW0603
    try:
        wake.apply_async(retry=False)
    except OperationalError:
        log.warning("broker_unreachable")
        _last_wake = time.monotonic() + 5  # do not make every request wait for a dead broker

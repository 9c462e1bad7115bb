"""The durable schedule: rows that say when to do what, and the runner that leases them.

Celery is the engine, the row is the truth: ``schedule`` writes a row and wakes a worker after commit; ``sweep``
(beat, every few seconds) finds whatever is due, so a lost broker delays work and loses none of it.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from celery import shared_task
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from . import clock, leases
from .errors import AftercareError, Conflict, ProviderUnavailable
from .models import Job, JobState, Shop, inserted
from .waking import WakeUps

log = structlog.get_logger(__name__)

Handler = Callable[[Job], None]
#: Does jobs of one kind and shop in one go, and returns those that it has left to be done one by one.
Together = Callable[[Sequence[Job]], Iterable[Job]]

#: A handler that runs longer than this is taken for dead, and its job goes to another worker.
LEASE = timedelta(minutes=5)
#: Rows that one claim takes.
BATCH = 100
#: Tries before a job waits for a person; with the backoff below that is about two days.
MAX_ATTEMPTS = 12

_handlers: dict[str, Handler] = {}
_together: dict[str, tuple[Together, int]] = {}


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


def handles_together(kind: str, *, at_most: int) -> Callable[[Together], Together]:
    """As :func:`handles`, for work that costs less in company: the function gets up to ``at_most`` jobs of one shop.

    It does all of them in one transaction, or raises and has done nothing: then they run one after another, each alone
    in its sequence, and one that cannot be done takes none of the others with it. So does whatever it returns as left.
    A job that was tried before always runs alone, lest one that kills its workers brings others into disrepute.
    """

    def register(function: Together) -> Together:
        @handles(kind)
        def alone(job: Job) -> None:
            if list(function([job])):
                raise RuntimeError(f"A job of kind {kind!r} was left that had nobody to wait for")

        _together[kind] = function, at_most
        return function

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


def schedule_all(kind: str, jobs: Mapping[str, tuple[datetime, dict[str, Any]]], *, shop: Shop) -> None:
    """Write jobs by their keys, each once as :func:`schedule` does, in one statement."""
    if not jobs:
        return
    dues = [due_at for due_at, _payload in jobs.values()]
    payloads = [json.dumps(payload) for _due_at, payload in jobs.values()]
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ONES, [shop.pk, kind, list(jobs), payloads, dues])
        new = {key for (key,) in cursor.fetchall()}
    for key, (due_at, payload) in jobs.items():
        if key not in new:
            schedule(kind, key=key, shop=shop, due_at=due_at, payload=payload)
    if new:
        wake_when_due(min(dues))


_NEW_ONES = """
INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
SELECT %s, %s, key, payload::jsonb, due_at, 'pending', 0, ''
FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) WITH ORDINALITY AS new (key, payload, due_at, place)
ORDER BY place
ON CONFLICT (shop_id, key) DO NOTHING RETURNING key
"""


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
    if not leases.begin([job], until=clock.real_now() + LEASE):
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


def _give_back(job: Job, error: str, *, after: timedelta) -> JobState:
    if job.attempts >= MAX_ATTEMPTS:
        return _release(job, JobState.FAILED, error)
    return _release(job, JobState.PENDING, error, due_at=clock.now() + after)


def _release(job: Job, state: JobState, error: str = "", *, due_at: datetime | None = None) -> JobState:
    leases.end([job], state, error, due_at=due_at)
    return state


def run_claimed(claimed: Sequence[Job]) -> None:
    """Run leased jobs, soonest due first; with one whose kind is done together go its like that wait behind it."""
    ran: set[int] = set()
    for job in claimed:
        if job.pk not in ran:
            group = _company_of(job, claimed, ran)
            ran.update(one.pk for one in group)
            for one in _run_together(group) if len(group) > 1 else group:
                run(one)


def _company_of(job: Job, claimed: Sequence[Job], ran: Container[int]) -> list[Job]:
    """The job, and those that can be done together with it."""
    if job.kind not in _together or job.attempts:
        return [job]
    like = [one for one in claimed if (one.kind, one.shop_id, one.attempts) == (job.kind, job.shop_id, 0)]
    return [one for one in like if one.pk not in ran][: _together[job.kind][1]]


def _run_together(group: Sequence[Job]) -> list[Job]:
    """Run leased jobs in one go; returns those that are to run alone, as if they had not had their turn yet."""
    function, _at_most = _together[group[0].kind]
    ours = leases.begin(group, until=clock.real_now() + LEASE)
    bound = log.bind(kind=group[0].kind, shop=group[0].shop_id, jobs=len(ours))
    if len(ours) < len(group):
        bound.warning("job_lease_lost", lost=len(group) - len(ours))
    try:
        left = {job.pk for job in function(ours)} if ours else set()
    except Exception as error:  # noqa: BLE001  the edge: whichever of them it was says so when it runs alone
        bound.warning("jobs_run_one_by_one", reason=type(error).__name__)
        left = {job.pk for job in ours}
    leases.end([job for job in ours if job.pk not in left], JobState.DONE)
    alone = [job for job in ours if job.pk in left]
    for job in alone:
        job.attempts -= 1
    return alone


def run_due(*, limit: int = 10_000) -> int:
    """Run everything that is due, including what that makes due; returns how many jobs ran, at most ``limit``."""
    ran = 0
    while ran < limit and (jobs := claim(min(BATCH, limit - ran))):
        run_claimed(jobs)
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


_wake_ups = WakeUps()


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
        _wake_ups.note_that_broker_is_away()

"""The schedule: what is asked for once is done once, and nothing that was asked for is lost."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis
import time_machine
from django.db import connection, transaction
from kombu import pools

from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.service.celery import app
from saleor_aftercare.service.embedded import Valkey
from tests.make import DAY, NOON, make_job, make_shop

pytestmark = pytest.mark.django_db


def schedule(key="once", *, shop=None, due_at=NOON, **kwargs):
    return jobs.schedule("test.work", key=key, shop=shop, due_at=due_at, **kwargs)


def refuse(error):
    def act(_job):
        raise error

    return act


# -- asking ----------------------------------------------------------------------------------------------------------


def test_asking_twice_schedules_once_and_gives_the_first_row(handler):
    shop = make_shop()

    first = schedule(shop=shop, payload={"n": 1})
    second = schedule(shop=shop, payload={"n": 2}, due_at=NOON + DAY)

    assert second.pk == first.pk
    assert (second.payload, second.due_at) == ({"n": 1}, NOON)
    assert jobs.run_due() == 1
    assert handler.ran == ["once"]


def test_the_same_key_in_two_shops_and_in_none_is_three_jobs():
    rows = {schedule(shop=shop).pk for shop in (make_shop(), make_shop(), None)}

    assert len(rows) == 3
    assert schedule(shop=None).pk in rows


def test_asking_again_after_the_end_does_nothing_unless_it_is_meant(handler):
    shop = make_shop()
    schedule(shop=shop)
    jobs.run_due()

    schedule(shop=shop)
    jobs.run_due()
    assert handler.ran == ["once"]

    schedule(shop=shop, again=True, payload={"n": 2})
    jobs.run_due()
    assert handler.ran == ["once", "once"]
    assert Job.objects.get().payload == {"n": 2}


def test_a_job_that_is_scheduled_again_while_it_runs_runs_once_more(handler):
    shop = make_shop()
    schedule(shop=shop, payload={"n": 1})
    seen = []

    def act(job):
        seen.append(job.payload["n"])
        if len(seen) == 1:
            schedule(shop=shop, payload={"n": 2}, again=True)

    handler.act = act
    jobs.run_due()

    assert seen == [1, 2]
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.parametrize("error", [RuntimeError("bug"), InvalidInput("no"), ProviderUnavailable("later")])
def test_a_job_that_is_scheduled_again_while_it_fails_is_due_again_at_once(handler, error):
    shop = make_shop()
    schedule(shop=shop)

    def act(_job):
        if len(handler.ran) == 1:
            schedule(shop=shop, again=True)
            raise error

    handler.act = act
    jobs.run_due()

    assert handler.ran == ["once", "once"]
    assert (Job.objects.get().state, Job.objects.get().attempts) == (JobState.DONE, 1)


def test_asking_again_for_a_job_that_waits_moves_it_forward_and_never_back():
    shop = make_shop()
    schedule(shop=shop, due_at=NOON + DAY)

    assert schedule(shop=shop, due_at=NOON + 2 * DAY, again=True).due_at == NOON + DAY
    assert schedule(shop=shop, due_at=NOON, again=True).due_at == NOON
    assert Job.objects.count() == 1


def test_a_cancelled_job_does_not_run_and_can_be_revived(handler):
    shop = make_shop()
    schedule(shop=shop, payload={"n": 1})

    assert jobs.cancel(shop, "once", at=NOON)
    assert jobs.run_due() == 0

    schedule(shop=shop, payload={"n": 2})
    assert jobs.run_due() == 1
    assert Job.objects.get().payload == {"n": 2}


def test_only_a_job_that_waits_can_be_cancelled_or_moved():
    shop, other = make_shop(), make_shop()
    for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        make_job(shop, key=state, state=state)
        assert not jobs.cancel(shop, state, at=NOON)
        assert not jobs.reschedule(shop, state, due_at=NOON)
    waiting = make_job(shop, key="waiting")

    assert not jobs.cancel(other, "waiting", at=NOON)
    assert jobs.reschedule(shop, "waiting", due_at=NOON + DAY)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.due_at) == (JobState.PENDING, NOON + DAY)


def test_work_waits_for_its_time(handler):
    with time_machine.travel(NOON, tick=False):
        schedule("late", due_at=NOON + timedelta(seconds=1))
        schedule("now", due_at=NOON)
        assert jobs.run_due() == 1
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        assert jobs.run_due() == 1

    assert handler.ran == ["now", "late"]


def test_what_was_due_first_runs_first(handler):
    for key, minutes in (("c", 3), ("a", 1), ("b", 2)):
        schedule(key, due_at=NOON + timedelta(minutes=minutes))

    jobs.run_due()

    assert handler.ran == ["a", "b", "c"]


def test_what_a_job_makes_due_runs_too(handler):
    schedule("first")
    handler.act = lambda job: schedule("second") if job.key == "first" else None

    assert jobs.run_due() == 2
    assert handler.ran == ["first", "second"]


# -- failing ---------------------------------------------------------------------------------------------------------


def test_a_crash_is_logged_and_tried_again_until_it_is_mended(handler, caplog):
    schedule()
    handler.act = refuse(ZeroDivisionError("a bug"))

    with time_machine.travel(NOON, tick=False):
        jobs.run_due()
        job = Job.objects.get()
        assert (job.state, job.attempts, job.error) == (JobState.PENDING, 1, "crashed: ZeroDivisionError")
        assert timedelta(seconds=8) <= job.due_at - NOON <= timedelta(seconds=12)
    assert "job_crashed" in caplog.text

    handler.act = None
    with time_machine.travel(NOON + timedelta(seconds=13), tick=False):
        jobs.run_due()
    job.refresh_from_db()
    assert (job.state, job.error, job.lease) == (JobState.DONE, "", None)


def test_a_job_that_never_works_waits_for_a_person_after_twelve_attempts(handler):
    shop = make_shop()
    schedule(shop=shop)
    handler.act = refuse(RuntimeError("a bug"))
    at = NOON

    for _attempt in range(jobs.MAX_ATTEMPTS):
        with time_machine.travel(at, tick=False):
            assert jobs.run_due() == 1
        at = Job.objects.get().due_at

    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.FAILED, 12)
    with time_machine.travel(at + 365 * DAY, tick=False):
        assert jobs.run_due() == 0

    handler.act = None
    jobs.retry(shop, job.pk, at=at)
    assert jobs.run_due() == 1
    assert Job.objects.get().state == JobState.DONE


def test_a_retry_needs_a_failed_job_of_the_same_shop():
    shop, other = make_shop(), make_shop()
    failed = make_job(shop, state=JobState.FAILED)
    done = make_job(shop, state=JobState.DONE)

    for where, job in ((other, failed), (shop, done)):
        with pytest.raises(Conflict):
            jobs.retry(where, job.pk, at=NOON)

    assert Job.objects.filter(state=JobState.PENDING).count() == 0


@pytest.mark.parametrize("error", [InvalidInput("Wrong."), ProviderError("Rejected."), Conflict("Gone.")])
def test_what_a_retry_cannot_mend_is_not_retried(handler, error):
    schedule()
    handler.act = refuse(error)

    jobs.run_due()

    job = Job.objects.get()
    assert (job.state, job.error, job.attempts) == (JobState.FAILED, error.message, 1)
    assert job.finished_at is not None


def test_somebody_busy_is_asked_again_when_they_said(handler):
    schedule()
    handler.act = refuse(ProviderUnavailable("Busy.", retry_after_s=77))

    with time_machine.travel(NOON, tick=False):
        jobs.run_due()

    job = Job.objects.get()
    assert (job.state, job.due_at, job.error) == (JobState.PENDING, NOON + timedelta(seconds=77), "Busy.")


def test_a_job_that_nobody_handles_is_kept_for_a_newer_release(caplog):
    make_job(kind="test.from_the_future")

    with time_machine.travel(NOON, tick=False):
        jobs.run_due()

    assert (Job.objects.get().state, Job.objects.get().error) == (JobState.PENDING, "crashed: LookupError")


def test_a_kind_has_one_handler():
    with pytest.raises(RuntimeError, match=r"test\.work"):
        jobs.handles("test.work")(lambda _job: None)


def test_waiting_doubles_up_to_twelve_hours_and_spreads():
    waits = [[jobs.backoff(n).total_seconds() for _ in range(200)] for n in (1, 2, 5, 30)]

    for wait, middle in zip(waits, (10, 20, 160, 43_200), strict=True):
        assert middle * 0.8 <= min(wait) < middle < max(wait) <= middle * 1.2


# -- leases ----------------------------------------------------------------------------------------------------------


def test_the_job_of_a_dead_worker_goes_to_another_when_its_lease_is_over(handler):
    schedule()
    assert len(jobs.claim()) == 1  # and the worker dies here

    assert jobs.take_back_expired_leases() == 0
    with time_machine.travel(datetime.now(UTC) + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.take_back_expired_leases() == 1
        assert jobs.run_due() == 1

    assert handler.ran == ["once"]
    assert Job.objects.get().state == JobState.DONE


def test_moving_the_demos_clock_does_not_end_a_lease(settings, tmp_path):
    schedule()
    jobs.claim()
    settings.AFTERCARE_CLOCK_FILE = tmp_path / "clock"
    settings.AFTERCARE_CLOCK_FILE.write_text("+8640000")
    assert clock.now() > datetime.now(UTC) + 99 * DAY

    assert jobs.take_back_expired_leases() == 0


def test_a_worker_that_lost_its_lease_neither_runs_nor_ends_the_job(handler, caplog):
    schedule()
    (stale,) = jobs.claim()
    with time_machine.travel(datetime.now(UTC) + jobs.LEASE + timedelta(seconds=1)):
        jobs.take_back_expired_leases()
        (fresh,) = jobs.claim()

        assert jobs.run(stale) == JobState.PENDING
        assert handler.ran == []
        assert "job_lease_lost" in caplog.text
        assert jobs.run(fresh) == JobState.DONE

    assert handler.ran == ["once"]


def test_a_worker_that_loses_its_lease_while_it_runs_does_not_overrule_the_next_one(handler):
    schedule()
    (slow,) = jobs.claim()

    def act(_job):
        Job.objects.update(lease=uuid.uuid4())

    handler.act = act
    jobs.run(slow)

    assert Job.objects.get().state == JobState.RUNNING


def test_waiting_in_a_dead_workers_batch_costs_no_attempt(handler):
    for n in range(3):
        schedule(f"{n}")
    jobs.claim()

    with time_machine.travel(datetime.now(UTC) + jobs.LEASE + timedelta(seconds=1)):
        jobs.take_back_expired_leases()

    assert set(Job.objects.values_list("attempts", flat=True)) == {0}


def test_a_job_that_kills_every_worker_waits_for_a_person():
    job = make_job(kind="test.work", attempts=jobs.MAX_ATTEMPTS - 1)
    (claimed,) = jobs.claim()
    with pytest.raises(SystemExit):
        _die_while_running(claimed)

    with time_machine.travel(datetime.now(UTC) + jobs.LEASE + timedelta(seconds=1)):
        jobs.take_back_expired_leases()
        assert jobs.run_due() == 0

    job.refresh_from_db()
    assert (job.state, job.lease) == (JobState.FAILED, None)
    assert job.finished_at is not None


def _die_while_running(job):
    from tests.core.conftest import _handler

    _handler.act = refuse(SystemExit())
    try:
        jobs.run(job)
    finally:
        _handler.act = None


@pytest.mark.django_db(transaction=True)
def test_no_two_workers_ever_get_the_same_job():
    shop = make_shop()
    Job.objects.bulk_create(Job(shop=shop, kind="test.work", key=f"{n}", due_at=NOON) for n in range(500))
    taken: list[list[int]] = []
    together = threading.Barrier(4)

    def work():
        mine: list[int] = []
        together.wait()
        while batch := jobs.claim(7):
            mine += [job.pk for job in batch]
        taken.append(mine)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    everything = [pk for mine in taken for pk in mine]
    assert len(everything) == len(set(everything)) == 500


@pytest.mark.django_db(transaction=True)
def test_no_run_misses_what_the_caller_makes_true_in_the_same_transaction(handler):
    shop = make_shop()
    schedule(shop=shop)

    with transaction.atomic():
        schedule(shop=shop, again=True)
        assert _in_another_connection(jobs.claim) == []

    assert len(_in_another_connection(jobs.claim)) == 1


def _in_another_connection(ask):
    answer = []

    def work():
        answer.append(ask())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return answer[0]


# -- waking workers --------------------------------------------------------------------------------------------------


@pytest.fixture
def broker(valkey: Valkey) -> Iterator[redis.Redis]:
    """Celery on a real Valkey; gives a look into it."""
    before = app.conf.broker_url
    app.conf.broker_url = valkey.url
    _forget_connections()
    _rest()
    client = redis.Redis(unix_socket_path=str(valkey.socket))
    client.flushall()
    yield client
    client.close()
    app.conf.broker_url = before
    _forget_connections()
    _rest()


def _forget_connections():
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None


def _rest():
    jobs._wake_ups.__init__()


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_after_the_commit_and_not_before(broker):
    with transaction.atomic():
        schedule()
        assert broker.llen("celery") == 0

    assert broker.llen("celery") == 1


@pytest.mark.django_db(transaction=True)
def test_a_rollback_wakes_nobody_and_leaves_no_job(broker):
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        schedule()
        raise RuntimeError

    assert broker.llen("celery") == 0
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_work_of_tomorrow_wakes_nobody_today(broker):
    schedule(due_at=datetime.now(UTC) + DAY)

    assert broker.llen("celery") == 0


@pytest.mark.django_db(transaction=True)
def test_a_burst_wakes_at_once_and_then_a_few_times_only(broker):
    started = time.monotonic()
    for n in range(100):
        schedule(f"{n}")
    took = time.monotonic() - started

    assert 2 <= broker.llen("celery") <= 3 + took / jobs.QUIET_S


@pytest.mark.django_db(transaction=True)
def test_losing_the_broker_loses_no_work(broker, valkey, handler, caplog):
    schedule("before")
    assert broker.llen("celery") == 1

    valkey.stop()
    _rest()
    started = time.monotonic()
    schedule("meanwhile")
    schedule("meanwhile too")
    assert time.monotonic() - started < 3
    assert caplog.text.count("broker_unreachable") == 1

    valkey.start()
    assert redis.Redis(unix_socket_path=str(valkey.socket)).llen("celery") == 0  # it remembers nothing
    app.tasks["aftercare.jobs.sweep"]()

    assert sorted(handler.ran) == ["before", "meanwhile", "meanwhile too"]
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_a_wake_up_does_its_share_and_passes_the_rest_on(handler):
    shop = make_shop()
    Job.objects.bulk_create(Job(shop=shop, kind="test.work", key=f"{n}", due_at=NOON) for n in range(501))

    jobs.wake()

    assert len(handler.ran) == 500
    assert Job.objects.filter(state=JobState.PENDING).count() == 1


# -- forgetting ------------------------------------------------------------------------------------------------------


def test_jobs_that_ended_well_are_forgotten_after_ninety_days_and_failed_ones_never():
    old, young = NOON - 91 * DAY, NOON - 89 * DAY
    for state in JobState.values:
        lease = {"lease": uuid.uuid4(), "lease_until": NOON} if state == JobState.RUNNING else {}
        ended = state in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}
        make_job(state=state, key=f"old {state}", finished_at=old if ended else None, due_at=old, **lease)
        make_job(state=state, key=f"young {state}", finished_at=young if ended else None, due_at=old, **lease)

    assert jobs.prune(at=NOON, batch=1) == 2

    left = set(Job.objects.values_list("key", flat=True))
    assert "old done" not in left
    assert "old cancelled" not in left
    assert len(left) == 8

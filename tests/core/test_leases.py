"""Leases: one worker at a time, whoever dies; and when ended jobs are forgotten."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.models import Job, JobState
from tests.core.conftest import refuse
from tests.make import DAY, NOON, make_job, make_shop

pytestmark = pytest.mark.django_db


def schedule(key="once", *, shop=None, due_at=NOON, **kwargs):
    return jobs.schedule("test.work", key=key, shop=shop, due_at=due_at, **kwargs)


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

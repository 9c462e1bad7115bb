"""The schedule: what is asked for once is done once, and what fails is not forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.models import Job, JobState
from tests.core.conftest import refuse
from tests.make import DAY, NOON, make_job, make_shop

pytestmark = pytest.mark.django_db


def schedule(key="once", *, shop=None, due_at=NOON, **kwargs):
    return jobs.schedule("test.work", key=key, shop=shop, due_at=due_at, **kwargs)


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

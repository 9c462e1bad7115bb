"""Waking workers: soon after the commit, never before, and without the broker nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis
from django.db import transaction
from kombu import pools

from saleor_aftercare.core import jobs, waking
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.service.celery import app
from saleor_aftercare.service.embedded import Valkey
from tests.make import DAY, NOON, make_shop

pytestmark = pytest.mark.django_db


def schedule(key="once", *, shop=None, due_at=NOON, **kwargs):
    return jobs.schedule("test.work", key=key, shop=shop, due_at=due_at, **kwargs)


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

    assert 2 <= broker.llen("celery") <= 3 + took / waking.QUIET_S


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

"""Jobs that are done in company: as if each had run alone, only cheaper."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import InvalidInput, ProviderUnavailable
from saleor_aftercare.core.models import Job, JobState
from tests.crash import WorkerDied
from tests.make import NOON, make_job, make_shop, make_staff

pytestmark = pytest.mark.django_db


class Company:
    """The handler of jobs of kind ``test.together``: writes down each go, then does what a test wants."""

    def __init__(self) -> None:
        self.goes: list[list[str]] = []
        self.act: Callable[[Sequence[Job]], Sequence[Job]] | None = None

    def __call__(self, group: Sequence[Job]) -> Sequence[Job]:
        self.goes.append([job.key for job in group])
        return self.act(group) if self.act is not None else ()


_company = Company()
jobs.handles_together("test.together", at_most=3)(_company)


@pytest.fixture
def company() -> Iterator[Company]:
    _company.__init__()
    yield _company
    _company.__init__()


def schedule(*keys: str, shop=None) -> None:
    for key in keys:
        jobs.schedule("test.together", key=key, shop=shop, due_at=NOON)


def states() -> dict[str, tuple[str, int]]:
    return {key: (state, n) for key, state, n in Job.objects.values_list("key", "state", "attempts")}


def test_jobs_of_one_kind_are_done_together_in_their_order_up_to_so_many(company):
    schedule("a", "b", "c", "d", "e", shop=make_shop())

    assert jobs.run_due() == 5

    assert company.goes == [["a", "b", "c"], ["d", "e"]]
    assert set(states().values()) == {(JobState.DONE, 1)}
    assert not Job.objects.filter(finished_at=None).exists()


def test_a_go_is_of_one_shop_and_other_kinds_between_do_not_part_it(company, handler):
    first, second = make_shop(), make_shop()
    schedule("a", shop=first)
    jobs.schedule("test.work", key="other", shop=first, due_at=NOON)
    schedule("b", shop=second)
    schedule("c", shop=first)

    jobs.run_due()

    assert company.goes == [["a", "c"], ["b"]]
    assert handler.ran == ["other"]


def test_two_goes_or_one_take_as_many_statements_beside_the_work(company, django_assert_num_queries):
    schedule("a", "b", "c", shop=make_shop())

    with django_assert_num_queries(4):  # claimed, begun, ended, and nothing is left
        jobs.run_due()


def test_one_that_cannot_be_done_takes_none_of_the_others_with_it(company):
    shop = make_shop()
    schedule("a", "poison", "c", shop=shop)

    def act(group):
        with transaction.atomic():
            for job in group:
                make_staff(shop, email=f"{job.key}@komorebi.test")
                if job.key == "poison":
                    raise InvalidInput("no")
        return ()

    company.act = act
    jobs.run_due()

    assert company.goes == [["a", "poison", "c"], ["a"], ["poison"], ["c"]]
    assert states() == {"a": ("done", 1), "poison": ("failed", 1), "c": ("done", 1)}
    members = StaffMember.objects.filter(shop=shop)
    assert sorted(members.values_list("email", flat=True)) == ["a@komorebi.test", "c@komorebi.test"]


def test_what_is_down_for_now_waits_and_the_others_are_done(company):
    schedule("a", "b", shop=make_shop())

    def act(group):
        if any(job.key == "b" for job in group):
            raise ProviderUnavailable("later", retry_after_s=60)
        return ()

    company.act = act
    jobs.run_due()

    assert states() == {"a": ("done", 1), "b": ("pending", 1)}


def test_what_is_left_runs_alone_after_the_others_in_its_order(company):
    schedule("a", "b", "c", shop=make_shop())
    company.act = lambda group: [job for job in group if job.key != "b"] if len(group) > 1 else ()

    jobs.run_due()

    assert company.goes == [["a", "b", "c"], ["a"], ["c"]]
    assert set(states().values()) == {("done", 1)}


def test_whoever_leaves_a_job_that_is_alone_has_a_bug(company):
    schedule("a", shop=make_shop())
    company.act = lambda group: group

    jobs.run_due()

    assert states() == {"a": ("pending", 1)}
    assert Job.objects.get().error == "crashed: RuntimeError"


def test_a_job_that_was_tried_before_runs_alone(company):
    shop = make_shop()
    schedule("a", "b", shop=shop)
    make_job(shop, kind="test.together", key="again", attempts=1, due_at=NOON)

    jobs.run_due()

    assert company.goes == [["a", "b"], ["again"]]
    assert states()["again"] == ("done", 2)


def test_a_worker_that_dies_in_company_costs_each_one_try_and_then_they_run_alone(company):
    schedule("a", "killer", "c", shop=make_shop())

    def act(group):
        if any(job.key == "killer" for job in group):
            raise WorkerDied
        return ()

    company.act = act
    with pytest.raises(WorkerDied):
        jobs.run_due()
    with time_machine.travel(datetime.now(UTC) + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.take_back_expired_leases() == 3
        with pytest.raises(WorkerDied):
            jobs.run_due()
    with time_machine.travel(datetime.now(UTC) + 2 * jobs.LEASE + timedelta(seconds=2)):
        jobs.take_back_expired_leases()
        assert [job.key for job in jobs.claim()] == ["killer", "c"]

    assert company.goes == [["a", "killer", "c"], ["a"], ["killer"]]
    assert {key: attempts for key, (_state, attempts) in states().items()} == {"a": 2, "killer": 2, "c": 1}


def test_one_whose_lease_was_lost_is_not_done_with_the_others(company, caplog):
    schedule("a", "b", "c", shop=make_shop())
    claimed = jobs.claim()
    Job.objects.filter(key="b").update(lease_until=NOON)
    jobs.take_back_expired_leases()

    jobs.run_claimed(claimed)

    assert company.goes == [["a", "c"]]
    assert states() == {"a": ("done", 1), "b": ("pending", 0), "c": ("done", 1)}
    assert "job_lease_lost" in caplog.text


def test_a_job_that_is_scheduled_again_in_company_runs_once_more(company):
    shop = make_shop()
    schedule("a", "b", shop=shop)

    def act(_group):
        if len(company.goes) == 1:
            jobs.schedule("test.together", key="b", shop=shop, due_at=NOON, again=True)
        return ()

    company.act = act
    jobs.run_due()

    assert company.goes == [["a", "b"], ["b"]]
    assert states() == {"a": ("done", 1), "b": ("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_job_once_in_whatever_company(company):
    shop = make_shop()
    Job.objects.bulk_create(Job(shop=shop, kind="test.together", key=f"{n}", due_at=NOON) for n in range(60))
    together = threading.Barrier(2)

    def work():
        together.wait()
        while claimed := jobs.claim(7):
            jobs.run_claimed(claimed)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(int(key) for go in company.goes for key in go) == list(range(60))
    assert set(states().values()) == {("done", 1)}


def test_several_jobs_are_asked_for_in_one_statement_and_each_once(django_assert_num_queries):
    shop = make_shop()
    with django_assert_num_queries(1):
        jobs.schedule_all("test.work", {"a": (NOON, {"n": 1}), "b": (NOON, {"n": 2})}, shop=shop)
    jobs.cancel(shop, "a", at=NOON)

    jobs.schedule_all("test.work", {"a": (NOON, {"n": 3}), "b": (NOON, {"n": 4}), "c": (NOON, {"n": 5})}, shop=shop)
    jobs.schedule_all("test.work", {}, shop=shop)

    rows = Job.objects.order_by("key").values_list("key", "state", "payload")
    assert list(rows) == [("a", "pending", {"n": 3}), ("b", "pending", {"n": 2}), ("c", "pending", {"n": 5})]

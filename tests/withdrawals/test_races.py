"""Two who press one button at the same moment."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Job
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.returns.models import Return
from saleor_aftercare.withdrawals import actions, queries, tasks
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalState
from tests.make import DAY, NOON, make_order, make_withdrawal

from .conftest import declare

pytestmark = pytest.mark.django_db(transaction=True)

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def at_once(*runs: Any) -> list[Any]:
    """What each of them raised, or None; all start together."""
    start = threading.Barrier(len(runs))
    found: list[Any] = [None] * len(runs)

    def go(number: int, run: Any) -> None:
        start.wait()
        try:
            run()
        except Exception as error:  # noqa: BLE001  told to the test
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(number, run)) for number, run in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_form_confirmed_twice_at_once_is_one_declaration(shop):
    confirm = partial(declare, shop, key="form-a")

    assert at_once(confirm, confirm, confirm) == [None, None, None]
    assert Withdrawal.objects.count() == OutboundMessage.objects.count() == 1


def test_a_job_that_runs_twice_at_once_makes_one_return(shop):
    withdrawal = declare(shop, make_order(shop, delivered=NOON - DAY), as_guest=False)
    actions.judge(withdrawal, at=NOON, actor=MEI)
    job = Job.objects.get(kind="withdrawals.make_return")

    assert at_once(lambda: tasks.make_return(job), lambda: tasks.make_return(job)) == [None, None]
    assert Return.objects.count() == 1
    assert OutboundMessage.objects.filter(kind="withdrawals/in_force").count() == 1


def test_of_two_clerks_who_match_one_declaration_one_wins(shop):
    withdrawal = make_withdrawal(shop=shop, state=WithdrawalState.UNMATCHED)
    orders = [make_order(shop, delivered=NOON - DAY) for _ in range(2)]

    errors = at_once(*[lambda o=o: actions.match(withdrawal, order=o, at=NOON, actor=MEI) for o in orders])

    assert sorted(type(error).__name__ for error in errors) == ["Conflict", "NoneType"]


def test_what_waits_is_counted_for_the_metrics(shop):
    past = (NOON - DAY).date()
    order = make_order(shop, delivered=NOON - DAY)
    make_withdrawal(shop=shop, state=WithdrawalState.UNMATCHED)
    make_withdrawal(order)
    make_withdrawal(order, refund_due_on=past)
    held = declare(shop, order, as_guest=False)
    actions.judge(held, at=NOON, actor=MEI)
    Withdrawal.objects.filter(pk=held.pk).update(refund_due_on=past)
    tasks.make_return(Job.objects.get(kind="withdrawals.make_return"))

    seen = queries.waiting(at=NOON)

    assert (seen.in_force, seen.unmatched, seen.overdue) == (3, 1, 1)

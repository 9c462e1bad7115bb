"""Two who press one button at the same moment."""

from __future__ import annotations

from functools import partial

import pytest

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


def test_one_form_confirmed_twice_at_once_is_one_declaration(shop, at_once):
    confirm = partial(declare, shop, key="form-a")

    assert len({declared.pk for declared in at_once([confirm] * 3)}) == 1
    assert Withdrawal.objects.count() == OutboundMessage.objects.count() == 1


def test_a_job_that_runs_twice_at_once_makes_one_return(shop, at_once):
    withdrawal = declare(shop, make_order(shop, delivered=NOON - DAY), as_guest=False)
    actions.judge(withdrawal, at=NOON, actor=MEI)
    job = Job.objects.get(kind="withdrawals.make_return")

    assert at_once([lambda: tasks.make_return(job)] * 2) == [None, None]
    assert Return.objects.count() == 1
    assert OutboundMessage.objects.filter(kind="withdrawals/in_force").count() == 1


def test_of_two_clerks_who_match_one_declaration_one_wins(shop, at_once):
    withdrawal = make_withdrawal(shop=shop, state=WithdrawalState.UNMATCHED)
    orders = [make_order(shop, delivered=NOON - DAY) for _ in range(2)]

    outcomes = at_once([lambda o=o: actions.match(withdrawal, order=o, at=NOON, actor=MEI).pk for o in orders])

    assert sorted(map(str, outcomes)) == [str(withdrawal.pk), "CONFLICT"]


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

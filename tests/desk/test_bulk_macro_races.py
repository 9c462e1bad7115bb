"""A macro on many conversations: workers that die, and two at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, ProviderUnavailable
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job
from saleor_aftercare.desk import bulk, bulk_macros, macros
from saleor_aftercare.desk.macro_steps import Step
from saleor_aftercare.desk.models import BulkAction, BulkState, Macro
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from tests.crash import dies_at_statement
from tests.make import NOON

from .many import REPLY, SOLVE, TAG, Desk, Till, confirmed, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_anywhere_answers_each_customer_once_and_leaves_nobody_out(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(macros, "LOST_AFTER", timedelta(0))
    desk = Desk()
    macro = desk.macro(TAG, REPLY, Step("note", texts={"en": "Recalled."}), SOLVE)
    statement = 0
    while True:
        statement += 19
        tickets = desk.tickets(2)
        row = desk.planned(macro, tickets)
        confirmed(row)
        job = Job.objects.get(key=f"bulk:{row.pk}:running:0")
        died = dies_at_statement(statement, lambda job=job: bulk.work(job))  # type: ignore[misc]
        connection.close()
        bulk.work(job)

        row.refresh_from_db()
        assert (row.state, row.done, problems(row)) == (BulkState.DONE, 2, {})
        for ticket in tickets:
            kinds = ticket.messages.exclude(kind=MessageKind.SYSTEM).order_by("pk").values_list("kind", flat=True)
            assert list(kinds) == ["customer", "staff", "note"]
            assert ticket.messages.filter(event="ticket.moved").count() <= 1
            assert Ticket.objects.get(pk=ticket.pk).state == TicketState.SOLVED
        if not died:
            break


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_giving_money_gives_it_under_the_same_key_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(macros, "LOST_AFTER", timedelta(0))
    desk, till = Desk(), Till(monkeypatch)
    macro = desk.macro(Step("settle_return"))
    statement = 0
    while True:
        statement += 7
        till.given.clear()
        row = desk.planned(macro, desk.tickets(2))
        confirmed(row)
        job = Job.objects.get(key=f"bulk:{row.pk}:running:0")
        died = dies_at_statement(statement, lambda job=job: bulk.work(job))  # type: ignore[misc]
        connection.close()
        bulk.work(job)

        row.refresh_from_db()
        assert (row.state, problems(row)) == (BulkState.DONE, {})
        assert len(set(till.given)) == 2
        if not died:
            assert len(till.given) == 2
            break


def test_while_another_worker_is_at_a_conversation_it_is_looked_at_again_later(desk: Desk):
    tickets = desk.tickets(1)
    row = confirmed(desk.planned(desk.macro(REPLY), tickets))
    item = row.items.get()
    scene = bulk_macros.scene_of(row, tickets[0], clock.now())
    macro = Macro.objects.select_related("shop").get()
    run = macros.run(macro, scene, key=f"bulk-{row.pk}-{tickets[0].pk}", fingerprint=item.plan["fingerprint"])
    run.steps[0] |= {"state": "running", "at": clock.now().isoformat()}
    run.save()

    with pytest.raises(ProviderUnavailable) as later:
        bulk_macros.work(row.pk)

    assert later.value.retry_after_s == 120
    assert BulkAction.objects.get().done == 0
    assert OutboundMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_answer_each_customer_once(at_once: Any):
    desk = Desk()
    tickets = desk.tickets(4)
    row = desk.planned(desk.macro(REPLY), tickets)
    confirmed(row)

    at_once([lambda: bulk_macros.work(row.pk)] * 2)
    Job.objects.update(due_at=NOON)
    run_due()

    assert OutboundMessage.objects.count() == 4
    assert [spoken(ticket) for ticket in tickets] == [2] * 4


def spoken(ticket: Ticket) -> int:
    return ticket.messages.exclude(kind=MessageKind.SYSTEM).count()


@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_the_same_moment_it_is_done_once(at_once: Any):
    desk = Desk()
    row = desk.planned(desk.macro(REPLY), desk.tickets(2))

    outcomes = at_once([lambda: confirmed(BulkAction.objects.get(pk=row.pk)).state] * 2)
    run_due()

    assert sorted(outcomes) == sorted([BulkState.RUNNING, Conflict.code])
    assert OutboundMessage.objects.count() == 2

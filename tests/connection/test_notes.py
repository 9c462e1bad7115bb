"""Notes on the timeline of an order in Saleor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from saleor_aftercare.connection.commands import carry_out
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.connection.notes import note_on_order
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Job, JobState
from tests.crash import dies_at_statement

pytestmark = pytest.mark.django_db


def sold(house: Any) -> tuple[Any, Any]:
    placed = house.sell([(house.saleor.state.variants[0].sku, 1)])
    return placed, house.order(placed)


def note(order: Any, text: str = "Return RMA-1001: approved.", reference: str = "event:1") -> Job:
    return note_on_order(order, text=text, reference=reference, subject=("return", 1), at=clock.now())


def notes(placed: Any) -> list[str]:
    return [one.message for one in placed.events if one.type == "NOTE_ADDED"]


def test_a_note_stands_on_the_orders_timeline_once_however_often_it_is_asked_for(house):
    placed, order = sold(house)

    for _ in range(2):
        note(order, " 返品 RMA-1001 を承りました。 ")
        house.settle()

    assert notes(placed) == ["返品 RMA-1001 を承りました。"]


def test_the_same_words_about_two_events_are_two_notes(house):
    placed, order = sold(house)

    note(order, reference="event:1")
    note(order, reference="event:2")
    house.settle()

    assert notes(placed) == ["Return RMA-1001: approved."] * 2


def lost(house: Any, order: Any, *, arrived: bool) -> ShopCommand:
    """A second note of the same words whose answer was lost, be it that it arrived or not."""
    note(order, reference="event:1")
    house.settle()
    command = ShopCommand.objects.get()
    return ShopCommand.objects.create(
        shop=command.shop, kind=command.kind, reference="note:event:2", subject="return", subject_id=1,
        order_id=command.order_id, request=command.request, state=CommandState.UNKNOWN, state_since=clock.real_now(),
    )  # fmt: skip


def test_a_note_whose_answer_was_lost_is_found_by_its_words_and_not_written_again(house):
    placed, order = sold(house)
    command = lost(house, order, arrived=True)
    placed.events.append(placed.events[-1])

    carry_out(command, at=clock.now())

    assert command.state == CommandState.SENT
    assert len(notes(placed)) == 2


def test_a_note_that_never_arrived_is_written_after_a_while(house):
    placed, order = sold(house)
    command = lost(house, order, arrived=False)

    with pytest.raises(ProviderUnavailable):
        carry_out(command, at=clock.now())
    assert len(notes(placed)) == 1
    with time_machine.travel(clock.real_now() + timedelta(minutes=3)):
        carry_out(command, at=clock.now())

    assert command.state == CommandState.SENT
    assert len(notes(placed)) == 2


def test_a_worker_that_dies_leaves_one_note(house):
    placed, order = sold(house)
    job = note(order)
    from saleor_aftercare.connection.notes import write_note

    for statement in range(1, 40):
        if not dies_at_statement(statement, lambda: write_note(job)):
            break
        with time_machine.travel(clock.real_now() + timedelta(minutes=10), tick=False):
            try:
                write_note(job)
            except ProviderUnavailable:
                continue
        assert len(notes(placed)) <= 1

    assert notes(placed) == ["Return RMA-1001: approved."]


def test_a_note_that_saleor_does_not_take_fails_by_itself(house):
    _placed, order = sold(house)

    note(order, "   ")
    house.settle()

    assert [job.state for job in Job.objects.filter(kind="connection.order_note")] == [JobState.FAILED]
    assert ShopCommand.objects.get().error_code == "REQUIRED"

"""Parcels opened and counted at the warehouse."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections

from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Event, Job
from saleor_aftercare.returns.goods import Reception
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.reception import (
    LineReceived,
    outstanding,
    receive_return,
)
from tests.crash import dies_at_statement
from tests.make import DAY, NOON, Line, make_order, make_return

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
S = ReturnState
EAST = ("V2FyZWhvdXNlOjE=", "East")


def expected(quantity: int = 3, *, state: ReturnState = S.APPROVED, **values: Any) -> Return:
    """A return of one line that waits for its parcel."""
    order = make_order(lines=[Line(quantity=quantity, total=Decimal("30.00"))], delivered=NOON - DAY)
    return make_return(order, state=state, units={order.lines.get(): quantity}, **values)


def came(ret: Return, received: int, **values: Any) -> list[LineReceived]:
    return [LineReceived(ret.lines.get(), received, **values)]


def receive(ret: Return, lines: Sequence[LineReceived] | None = None, **values: Any) -> Reception:
    return receive_return(ret, lines=lines, **{"at": NOON, "actor": MEI} | values)


def counts(ret: Return) -> tuple[int | None, int, int]:
    line = ret.lines.get()
    return line.quantity_received, line.quantity_wrong, line.quantity_rejected


# -- counting --------------------------------------------------------------------------------------------------------


def test_everything_that_was_expected_is_received_when_nobody_says_otherwise():
    ret = expected(3)

    reception = receive(ret)

    assert counts(ret) == (3, 0, 0)
    assert (ret.state, ret.received_at, ret.uninspected) == (S.RECEIVED, NOON, 3)
    assert (reception.position, reception.received_by) == (1, "Mei Tanaka")
    assert Job.objects.filter(kind="returns.record").count() == 1
    assert Event.objects.get(kind="return.received").data == {
        "parcel": 1, "kept": False, "wrong": 0, "rejected": 0, "missing": 0, "late": "",
    }  # fmt: skip


def test_a_return_in_two_parcels_is_received_in_two():
    ret = expected(3)

    receive(ret, came(ret, 1))
    receive(ret, came(ret, 2), seen=1)

    assert counts(ret) == (3, 0, 0)
    assert list(ret.receptions.values_list("position", flat=True)) == [1, 2]
    assert [event.data["missing"] for event in Event.objects.filter(kind="return.received").order_by("pk")] == [2, 0]


def test_c1_11_something_else_came_in_place_of_a_unit():
    """C1.11: customer ships the wrong item."""
    ret = expected(3)

    receive(ret, came(ret, 1, wrong=2))

    assert counts(ret) == (1, 2, 0)
    assert outstanding(ret.lines.get()) == 0
    assert Event.objects.get(kind="return.received").data["wrong"] == 2


def test_c1_11_fewer_items_came_than_were_approved():
    """C1.11: the customer ships fewer items; the others stay expected."""
    ret = expected(3)

    receive(ret, came(ret, 2))

    assert outstanding(ret.lines.get()) == 1
    assert ret.uninspected == 2


def test_c1_11_only_something_else_was_in_the_parcel():
    """C1.11: nothing of what was asked back arrived, and the parcel was opened all the same."""
    ret = expected(1)

    receive(ret, came(ret, 0, wrong=1))

    assert (ret.state, counts(ret), ret.uninspected) == (S.RECEIVED, (0, 1, 0), 0)


def test_c1_12_receiving_gives_no_money_back():
    """C1.12: receive without refund."""
    ret = expected()

    receive(ret)

    kinds = set(Job.objects.values_list("kind", flat=True))
    assert not {kind for kind in kinds if kind.startswith("compensation.")}


@pytest.mark.parametrize("state", [S.EXPIRED, S.CANCELED])
def test_c1_12_the_parcel_of_a_return_that_nobody_expected_any_more_is_received(state):
    """C1.12: an RMA whose parcel comes after all."""
    ret = expected(2, state=state)

    receive(ret)

    assert (ret.state, counts(ret)) == (S.RECEIVED, (2, 0, 0))
    assert Event.objects.get(kind="return.received").data["late"] == state


@pytest.mark.parametrize("state", [S.EXPIRED, S.CANCELED])
def test_a_late_parcel_does_not_count_units_that_another_return_has_meanwhile(state):
    ret = expected(2, state=state)
    make_return(ret.order, state=S.APPROVED, units={ret.order.lines.get(): 1})

    with pytest.raises(Conflict, match="Only 1"):
        receive(ret, came(ret, 2))

    assert (Return.objects.get(pk=ret.pk).state, Reception.objects.count()) == (state, 0)
    assert receive(ret, came(ret, 1)).position == 1


def test_c1_20_the_parcel_of_a_declined_return_is_received_to_be_sent_back():
    """C1.20: decline, and the goods arrive all the same."""
    ret = expected(2, state=S.DECLINED)

    with pytest.raises(InvalidInput, match="Only 0"):
        receive(ret, came(ret, 2))
    receive(ret, came(ret, 2, rejected=2, reject_reason="It was worn."))

    assert (ret.state, counts(ret), ret.uninspected) == (S.RECEIVED, (2, 0, 2), 0)


def test_units_beyond_those_approved_are_received_only_to_be_rejected():
    ret = expected(3)
    ReturnLine.objects.filter(ret=ret).update(quantity_approved=2)

    with pytest.raises(InvalidInput, match="Only 2") as refused:
        receive(ret, came(ret, 3))
    receive(ret, came(ret, 3, rejected=1, reject_reason="Not part of what was agreed."))

    assert refused.value.field == "lines.0.received"
    assert counts(ret) == (3, 0, 1)


def test_units_that_never_left_the_warehouse_count_with_the_first_parcel():
    ret = expected(3)
    ReturnLine.objects.filter(ret=ret).update(unsent=2)

    receive(ret)

    assert counts(ret) == (3, 0, 0)
    assert ret.uninspected == 1, "what never left needs no second look"


def test_a_return_of_units_that_never_left_needs_no_parcel():
    ret = expected(2)
    ReturnLine.objects.filter(ret=ret).update(unsent=2)

    receive(ret, [])

    assert (ret.state, counts(ret), ret.uninspected) == (S.RECEIVED, (2, 0, 0), 0)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "negative": ({"received": -1}, "lines.0.received"),
    "more than asked": ({"received": 4}, "lines.0.received"),
    "more with the wrong ones": ({"received": 2, "wrong": 2}, "lines.0.wrong"),
    "more rejected than came": ({"received": 1, "rejected": 2, "reject_reason": "x"}, "lines.0.rejected"),
    "rejected without a reason": ({"received": 1, "rejected": 1, "reject_reason": " "}, "lines.0.rejectReason"),
    "an endless reason": ({"received": 1, "rejected": 1, "reject_reason": "x" * 2001}, "lines.0.rejectReason"),
    "nothing": ({"received": 0}, "lines"),
    "a number beyond all": ({"received": 10**12}, "lines.0.received"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_count_that_cannot_be_is_refused_and_nothing_changes(what):
    ret = expected(3)
    values, field = BAD[what]

    with pytest.raises(InvalidInput) as refused:
        receive(ret, [LineReceived(ret.lines.get(), **values)])

    assert refused.value.field == field
    assert (Return.objects.get(pk=ret.pk).state, counts(ret)) == (S.APPROVED, (None, 0, 0))
    assert not Event.objects.exists()


def test_another_returns_line_and_a_line_twice_are_refused():
    ret, other = expected(), expected()

    with pytest.raises(InvalidInput, match="not part"):
        receive(ret, came(other, 1))
    with pytest.raises(InvalidInput, match="twice"):
        receive(ret, came(ret, 1) * 2)


@pytest.mark.parametrize("state", [S.REQUESTED, S.MORE_INFO, S.RESOLVED])
def test_what_was_not_decided_or_is_settled_cannot_be_received(state):
    ret = expected(state=state)

    with pytest.raises(AftercareError):
        receive(ret, came(ret, 0, wrong=0) if state == S.RESOLVED else None)

    assert not Reception.objects.exists()


def test_the_same_request_again_is_the_same_parcel():
    ret = expected(3)

    first = receive(ret, came(ret, 1), key="phone-1")
    again = receive(ret, came(ret, 1), key="phone-1")

    assert first == again
    assert counts(ret) == (1, 0, 0)
    with pytest.raises(InvalidInput, match="something else"):
        receive(expected_in(ret.shop), key="phone-1")


def expected_in(shop: Any) -> Return:
    order = make_order(shop, delivered=NOON - DAY)
    return make_return(order, state=S.APPROVED)


def test_a_clerk_who_had_not_seen_the_other_parcel_gets_a_conflict():
    ret = expected(3)
    receive(ret, came(ret, 1))

    with pytest.raises(Conflict, match="meanwhile"):
        receive(ret, came(ret, 1))

    assert counts(ret) == (1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_receive_the_same_parcel_at_once_count_it_once():
    ret = expected(2)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def clerk(name: str) -> None:
        try:
            mine = Return.objects.get(pk=ret.pk)
            lines = came(mine, 1)
            ready.wait()
            receive(mine, lines, actor=Actor(ActorKind.STAFF, name, 1))
            outcomes.append("received")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(name,)) for name in ("Mei", "Ken")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(outcomes) == ["conflict", "received"]
    assert counts(ret) == (1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_who_dies_before_any_statement_leaves_all_or_nothing():
    n = 1
    while True:
        ret = expected(2)
        died = dies_at_statement(n, lambda ret=ret: receive(ret, came(ret, 2), key=f"crash-{ret.pk}"))
        found = Return.objects.get(pk=ret.pk).state, counts(ret), Reception.objects.filter(ret=ret).count()
        assert found in {(S.APPROVED, (None, 0, 0), 0), (S.RECEIVED, (2, 0, 0), 1)}
        if not died:
            break
        connection.close()
        receive(Return.objects.get(pk=ret.pk), came(ret, 2), key=f"crash-{ret.pk}")
        assert counts(ret) == (2, 0, 0)
        n += 1
    assert n > 8


# -- judging ---------------------------------------------------------------------------------------------------------

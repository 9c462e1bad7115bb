"""Goods that go back into Saleor's stock while others are shipped from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.connection.models import CommandState, Order, ShopCommand
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Event, Job, JobState
from saleor_aftercare.returns.goods import Booking, Inspection
from saleor_aftercare.returns.inspection import inspect, retry_booking, void_inspection
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.reception import receive_return
from saleor_aftercare.returns.stock import still_owed
from saleor_aftercare.sandbox import fulfill, pay_by_card, place_order
from tests.crash import dies_at_statement
from tests.house import House
from tests.make import NOON, make_return

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
SHIPMENTS = st.lists(st.integers(1, 5), max_size=3)


@given(
    start=st.integers(0, 50),
    units=st.integers(1, 20),
    rounds=st.lists(st.tuples(SHIPMENTS, SHIPMENTS, SHIPMENTS), max_size=6),
    told=st.lists(st.booleans(), min_size=20, max_size=20),
)
def test_however_shipments_and_our_writes_meet_no_unit_is_lost_or_doubled(start, units, rounds, told):
    """A shipment is taken before our write, which then puts it back, or after it; sometimes the answer is lost."""
    stock, shipped = start + 100, 0
    expected = stock + units - sum(sum(sum(part) for part in one) for one in rounds)
    owed, steps = units, 0
    waiting = list(rounds)
    while owed:
        early, inside, late = waiting.pop(0) if waiting else ([], [], [])
        base, before_base = stock, shipped
        stock, shipped = stock - sum(early), shipped + sum(early)
        before = stock if told[steps] else None
        stock, shipped = base + owed, shipped + sum(inside)
        stock, shipped = stock - sum(late), shipped + sum(late)
        owed = still_owed(base=base, owed=owed, before=before, now=stock, fulfilled=shipped - before_base)
        steps += 1
    for rest in waiting:
        stock -= sum(sum(part) for part in rest)

    assert stock == expected


@pytest.mark.parametrize("by", [-7, 7])
def test_what_somebody_else_set_between_our_look_and_our_write_is_set_again(by):
    assert still_owed(base=10, owed=2, before=10 + by, now=12, fulfilled=0) == by


def test_a_stocktaking_right_after_our_write_stays():
    assert still_owed(base=10, owed=2, before=10, now=99, fulfilled=1) == 0


# -- against the practice shop ----------------------------------------------------------------------------------------


class Shelf(dict[str, int]):
    """A variant's stock that lets something happen just before somebody writes it: Saleor's lock, seen from outside."""

    def __init__(self, held: dict[str, int]) -> None:
        super().__init__(held)
        self.first: list[Callable[[], Any]] = []

    def __setitem__(self, key: str, value: int) -> None:
        if self.first:
            self.first.pop(0)()
        super().__setitem__(key, value)


class Warehouse:
    """A sold and returned article, and the shelf that it lies on."""

    def __init__(self, house: House, quantity: int = 2) -> None:
        self.house = house
        self.variant = house.saleor.state.variants[0]
        self.sku = self.variant.sku
        self.place = house.saleor.state.warehouses[0].id
        order = house.order(house.sell([(self.sku, quantity)]))
        self.ret = make_return(order, state=ReturnState.APPROVED, units={order.lines.get(): quantity})
        receive_return(self.ret, lines=None, at=NOON, actor=MEI)
        house.settle()
        self.variant = next(v for v in house.saleor.state.variants if v.sku == self.sku)
        self.shelf = Shelf(self.variant.stock)
        self.variant.stock = self.shelf
        self.waiting = [self._order() for _ in range(4)]

    def _order(self) -> Any:
        saleor = self.house.saleor
        user = next(u for u in saleor.state.users if not u.is_staff)
        placed = place_order(saleor, user=user, lines=[(self.sku, 3)])
        pay_by_card(saleor, placed)
        return placed

    def ship(self) -> None:
        """Three units leave the warehouse."""
        fulfill(self.house.saleor, self.waiting.pop())

    def judge(self, quantity: int = 2) -> Inspection:
        return inspect(
            self.ret.lines.get(),
            quantity=quantity,
            grade="A",
            disposition="restock",
            warehouse=(self.place, "East"),
            note="",
            photos=(),
            at=NOON,
            actor=MEI,
        )

    @property
    def quantity(self) -> int:
        return self.shelf.get(self.place, 0)


@pytest.fixture
def goods(house: House) -> Warehouse:
    return Warehouse(house)


def steps() -> list[tuple[str, str]]:
    return list(ShopCommand.objects.filter(kind="restock").order_by("pk").values_list("reference", "state"))


def booked(found: Inspection) -> str:
    found.refresh_from_db()
    return found.booking


def test_units_are_back_in_the_chosen_warehouse_and_saleor_shows_them_as_returned(goods):
    before = goods.quantity

    found = goods.judge()
    goods.house.settle()

    assert (goods.quantity, booked(found)) == (before + 2, Booking.BOOKED)
    assert found.restocked_at is not None
    assert Event.objects.filter(kind="return.units_restocked").count() == 1
    order = Order.objects.get(pk=goods.ret.order_id)
    assert order.fulfillments.filter(status="RETURNED").exists()
    assert Return.objects.get(pk=goods.ret.pk).recorded_at is not None


def test_what_is_shipped_while_our_write_waits_for_the_lock_is_not_put_back(goods):
    before = goods.quantity
    goods.shelf.first = [goods.ship]

    found = goods.judge()
    goods.house.settle()

    assert (goods.quantity, booked(found)) == (before + 2 - 3, Booking.BOOKED)
    assert steps() == [(f"restock:{found.pk}:1", "sent"), (f"restock:{found.pk}:2", "sent")]


def test_a_stock_that_is_shipped_from_at_every_write_comes_out_right_all_the_same(goods):
    before = goods.quantity
    goods.shelf.first = [goods.ship, goods.ship]

    goods.judge()
    goods.house.settle()

    assert goods.quantity == before + 2 - 6


def test_a_lost_answer_is_read_back_and_never_added_twice(goods):
    before = goods.quantity
    goods.house.saleor.faults.add("lost", operation="AftercareRestock")

    found = goods.judge()
    goods.house.settle()
    Job.objects.filter(kind="returns.book_stock").update(due_at=NOON)
    goods.house.settle()

    assert (goods.quantity, booked(found)) == (before + 2, Booking.BOOKED)
    assert steps() == [(f"restock:{found.pk}:1", "sent")]


def test_a_write_that_was_never_carried_out_is_not_sent_late_with_its_old_sum(goods):
    before = goods.quantity
    goods.house.saleor.faults.add("timeout", operation="AftercareRestock")
    found = goods.judge()
    goods.house.settle()
    assert ShopCommand.objects.get(kind="restock").state == CommandState.UNKNOWN
    goods.ship()
    ShopCommand.objects.filter(kind="restock").update(state_since=NOON)
    Job.objects.filter(kind="returns.book_stock").update(due_at=NOON)
    goods.house.settle()

    assert (goods.quantity, booked(found)) == (before + 2 - 3, Booking.BOOKED)
    assert [state for _reference, state in steps()] == ["failed", "sent"]


def test_a_write_that_fails_in_the_middle_is_not_taken_for_done_although_the_mark_was_left(goods):
    before = goods.quantity

    def deadlock() -> None:
        raise RuntimeError("deadlock detected")

    goods.shelf.first = [deadlock]
    found = goods.judge()
    goods.house.settle()
    assert (goods.quantity, booked(found)) == (before, Booking.FAILED)

    retry_booking(found, at=NOON)
    goods.house.settle()

    assert (goods.quantity, booked(found)) == (before + 2, Booking.BOOKED)


def test_a_judgement_whose_units_are_being_booked_is_not_taken_back(goods):
    goods.house.saleor.faults.add("timeout", operation="AftercareRestock")
    found = goods.judge()
    goods.house.settle()

    with pytest.raises(Conflict, match="being booked"):
        void_inspection(found, at=NOON, actor=MEI)


def test_two_judgements_of_one_article_are_booked_one_after_the_other(goods):
    before = goods.quantity

    goods.judge(1)
    goods.judge(1)
    goods.house.settle()

    assert goods.quantity == before + 2
    assert Job.objects.filter(kind="returns.book_stock").count() == 1


def test_a_permission_that_was_taken_back_leaves_the_units_to_be_booked_by_hand(goods):
    before = goods.quantity
    goods.house.saleor.installed("saleor.aftercare").permissions.remove("MANAGE_PRODUCTS")

    found = goods.judge()
    goods.house.settle()

    assert (goods.quantity, booked(found)) == (before, Booking.BY_HAND)
    goods.house.saleor.installed("saleor.aftercare").permissions.append("MANAGE_PRODUCTS")
    retry_booking(found, at=NOON)
    goods.house.settle()
    assert (goods.quantity, booked(found)) == (before + 2, Booking.BOOKED)


def test_an_article_that_saleor_has_no_more_fails_with_saleors_words(goods):
    goods.house.saleor.state.variants.remove(goods.variant)

    found = goods.judge()
    goods.house.settle()

    assert booked(found) == Booking.FAILED
    assert found.booking_error.startswith("Saleor: ")
    assert Event.objects.filter(kind="return.restock_failed").count() == 1


def test_a_worker_that_dies_before_any_statement_is_followed_by_one_that_finishes_once(goods):
    n = 1
    while True:
        Inspection.objects.all().delete()
        Return.objects.filter(pk=goods.ret.pk).update(uninspected=2)
        goods.shelf[goods.place] = 40
        found = goods.judge()
        died = dies_at_statement(n, jobs.run_due)
        Job.objects.filter(state=JobState.RUNNING).update(lease_until=NOON)
        ShopCommand.objects.filter(state=CommandState.SENDING).update(state_since=NOON)
        jobs.take_back_expired_leases()
        Job.objects.filter(state=JobState.PENDING).update(due_at=NOON)
        goods.house.settle()
        assert (goods.quantity, booked(found)) == (42, Booking.BOOKED), n
        if not died:
            break
        n += 1
    assert n > 10

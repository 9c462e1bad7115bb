"""What arrived is judged, and what is not accepted goes home."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.returns.goods import Booking, Inspection
from saleor_aftercare.returns.inspection import booked_by_hand, inspect, retry_booking, void_inspection
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.reception import (
    LineRejected,
    decide_send_back,
    reject_units,
    send_back,
    to_inspect,
)
from tests.make import DAY, NOON
from tests.returns.test_reception import EAST, MEI, counts, expected, receive

pytestmark = pytest.mark.django_db


def judge(ret: Return, quantity: int = 1, **values: Any) -> Inspection:
    given = {
        "grade": "A", "disposition": "scrap", "warehouse": None, "note": "", "photos": (), "at": NOON, "actor": MEI,
    }  # fmt: skip
    return inspect(ret.lines.get(), quantity=quantity, **given | values)


def received(quantity: int = 3, *, may_book: bool = True) -> Return:
    ret = expected(quantity)
    if may_book:
        ret.shop.permissions = ["MANAGE_PRODUCTS"]
        ret.shop.save(update_fields=["permissions"])
    receive(ret)
    return ret


def waiting(ret: Return) -> int:
    found = Return.objects.get(pk=ret.pk).uninspected
    assert found == to_inspect(ret)
    return found


def test_units_are_judged_in_parts_and_never_more_than_came():
    ret = received(3)

    judge(ret, 2)
    with pytest.raises(InvalidInput, match="Between 1 and 1") as refused:
        judge(ret, 2)
    judge(ret, 1, grade="D")

    assert refused.value.field == "quantity"
    assert waiting(ret) == 0


def test_the_same_judgement_again_is_the_same_one():
    ret = received(3)

    assert judge(ret, 2, key="tablet-7") == judge(ret, 2, key="tablet-7")
    assert waiting(ret) == 1


def test_a_judgement_taken_back_frees_its_units():
    ret = received(2)
    wrong = judge(ret, 2)

    void_inspection(wrong, at=NOON, actor=MEI)
    right = judge(ret, 2, grade="C")

    assert waiting(ret) == 0
    assert list(Inspection.objects.filter(voided_at=None)) == [right]
    with pytest.raises(Conflict, match="already"):
        void_inspection(wrong, at=NOON, actor=MEI)


def test_units_for_the_stock_name_a_warehouse_and_are_booked_by_a_job():
    ret = received(1)

    with pytest.raises(InvalidInput) as refused:
        judge(ret, disposition="restock")
    found = judge(ret, disposition="restock", warehouse=EAST)

    assert refused.value.field == "warehouseId"
    assert (found.booking, found.warehouse_name) == (Booking.DUE, "East")
    assert Job.objects.get(kind="returns.book_stock").payload["warehouse"] == EAST[0]


def test_without_the_permission_for_stocks_somebody_books_by_hand():
    ret = received(1, may_book=False)

    found = judge(ret, disposition="restock", warehouse=EAST)

    assert found.booking == Booking.BY_HAND
    assert not Job.objects.filter(kind="returns.book_stock").exists()
    with pytest.raises(Refused, match="MANAGE_PRODUCTS"):
        retry_booking(found, at=NOON)
    booked_by_hand(found, at=NOON, actor=MEI)
    found.refresh_from_db()
    assert (found.booking, found.restocked_at) == (Booking.BOOKED, NOON)
    with pytest.raises(Conflict, match="in Saleor's stock"):
        void_inspection(found, at=NOON, actor=MEI)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"grade": "E"}, "grade"),
        ({"disposition": "eaten"}, "disposition"),
        ({"disposition": "scrap", "warehouse": EAST}, "warehouseId"),
        ({"note": "x" * 2001}, "note"),
        ({"quantity": 0}, "quantity"),
        ({"key": "k" * 81}, "key"),
    ],
)
def test_a_judgement_that_cannot_be_names_the_field(values, field):
    ret = received(1)

    with pytest.raises(InvalidInput) as refused:
        judge(ret, **values)

    assert refused.value.field == field
    assert waiting(ret) == 1


def test_nothing_is_judged_before_it_came():
    ret = expected(1)

    with pytest.raises(Conflict):
        judge(ret)


# -- what is not accepted --------------------------------------------------------------------------------------------


def test_c1_20_rejected_units_go_home_and_the_customer_reads_why():
    """C1.20: decline after arrival: who pays to ship back, and until when is it stored?"""
    ret = received(3)

    with pytest.raises(Refused, match="Nothing"):
        send_back(ret, tracking_number="", at=NOON, actor=MEI)
    reject_units(ret, lines=[LineRejected(ret.lines.get(), 2, "It was worn.")], at=NOON, actor=MEI)
    decide_send_back(ret, payer="customer", stored_until=(NOON + 30 * DAY).date(), at=NOON, actor=MEI)
    decide_send_back(ret, payer="customer", stored_until=(NOON + 30 * DAY).date(), at=NOON, actor=MEI)
    send_back(ret, tracking_number=" 4035 1 ", at=NOON, actor=MEI)

    found = Return.objects.get(pk=ret.pk)
    assert (found.sendback_payer, found.sendback_tracking, found.sendback_sent_at) == ("customer", "4035 1", NOON)
    assert (counts(ret), waiting(ret), ret.lines.get().reject_reason) == ((3, 0, 2), 1, "It was worn.")
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["return.received", "return.units_rejected", "return.send_back_decided", "return.sent_back"]
    with pytest.raises(Conflict, match="already"):
        send_back(ret, tracking_number="", at=NOON, actor=MEI)


def test_judged_units_are_not_rejected_behind_the_inspectors_back():
    ret = received(2)
    judge(ret, 1)

    with pytest.raises(InvalidInput, match="Between 1 and 1"):
        reject_units(ret, lines=[LineRejected(ret.lines.get(), 2, "Worn.")], at=NOON, actor=MEI)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"payer": "nobody"}, "payer"), ({"stored_until": (NOON - timedelta(days=1)).date()}, "storedUntil")],
)
def test_a_way_home_that_cannot_be_names_the_field(values, field):
    ret = received(1)
    reject_units(ret, lines=[LineRejected(ret.lines.get(), 1, "Worn.")], at=NOON, actor=MEI)

    with pytest.raises(InvalidInput) as refused:
        decide_send_back(ret, **{"payer": "merchant", "stored_until": NOON.date(), "at": NOON, "actor": MEI} | values)

    assert refused.value.field == field

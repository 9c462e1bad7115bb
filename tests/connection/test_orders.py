"""What we remember of orders: only newer news changes it, and nothing that was true once is forgotten."""

from __future__ import annotations

import copy
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from saleor_aftercare.connection import orders
from saleor_aftercare.connection.models import Fulfillment, FulfillmentLine, Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import Event, Shop
from tests.make import DAY, HOUR, NOON, make_fulfillment, make_order, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop(settings={"estimated_delivery_days": 4})


def money(amount: float) -> dict[str, Any]:
    return {"gross": {"amount": amount, "currency": "EUR"}}


def line(n: int, *, quantity: int = 2, total: float = 20.0, kind: str = "NORMAL", ships: bool = True) -> dict[str, Any]:
    return {
        "id": f"OrderLine:{n}",
        "quantity": quantity,
        "productName": f"Kettle {n}",
        "variantName": "Black",
        "productSku": f"KETTLE-{n}",
        "isShippingRequired": ships,
        "totalPrice": money(total),
        "thumbnail": {"url": "https://shop.test/kettle.webp"},
        "variant": {"id": f"V{n}", "product": {"id": f"P{n}", "productType": {"name": "Kettles", "kind": kind}}},
    }


def parcel(n: int, units: dict[int, int], *, status: str = "FULFILLED", **values: Any) -> dict[str, Any]:
    """A fulfilment with ``units`` of each line."""
    return {
        "id": f"Fulfillment:{n}",
        "fulfillmentOrder": n,
        "status": status,
        "trackingNumber": "",
        "created": NOON.isoformat(),
        "lines": [
            {"id": f"FulfillmentLine:{n}.{of}", "quantity": quantity, "orderLine": {"id": f"OrderLine:{of}"}}
            for of, quantity in units.items()
        ],
    } | values


ADDRESS = {
    "firstName": "花子", "lastName": "山田", "companyName": "", "streetAddress1": "神宮前3-14-8", "streetAddress2": "",
    "city": "渋谷区", "cityArea": "", "postalCode": "150-0001", "country": {"code": "JP"}, "countryArea": "東京都",
    "phone": "",
}  # fmt: skip


def payload(*, updated: datetime = NOON, lines: list[Any] | None = None, parcels: list[Any] = (), **values: Any) -> Any:
    """An order as Saleor tells it: two units each of two lines."""
    return {
        "id": "Order:1",
        "number": "26",
        "created": (NOON - DAY).isoformat(),
        "updatedAt": updated.isoformat(),
        "status": "UNFULFILLED",
        "userEmail": "Hanako@Example.com",
        "languageCodeEnum": "JA",
        "user": {"id": "User:6", "email": "hanako@example.com", "firstName": "花子", "lastName": "山田"},
        "channel": {"slug": "japan", "currencyCode": "EUR"},
        "billingAddress": ADDRESS,
        "shippingAddress": ADDRESS,
        "shippingMethodName": "Yamato",
        "shippingPrice": money(5.0),
        "total": money(45.0),
        "lines": [line(1), line(2)] if lines is None else lines,
        "fulfillments": list(parcels),
    } | values


def remember(shop: Shop, *, issued: datetime | None = None, **values: Any) -> Order:
    told = payload(**values)
    return orders.remember_order(shop, told, issued_at=issued or datetime.fromisoformat(told["updatedAt"]))


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def units(fulfillment: str) -> dict[str, tuple[int, int]]:
    rows = FulfillmentLine.objects.filter(fulfillment__saleor_id=fulfillment)
    return {row.order_line.saleor_id: (row.quantity, row.dispatched_quantity) for row in rows}


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_an_order_is_kept_as_saleor_tells_it(shop):
    order = remember(shop, parcels=[parcel(1, {1: 2, 2: 1}, trackingNumber="1234-5678")])

    order.refresh_from_db()
    assert (order.number, order.status, order.user_id, order.email) == (
        "26",
        "UNFULFILLED",
        "User:6",
        "hanako@example.com",
    )
    assert (order.customer_name, order.language, order.channel) == ("山田 花子", "ja", "japan")
    assert (order.total, order.shipping, order.currency) == (Decimal("45.00"), Decimal("5.00"), "EUR")
    first, second = order.lines.all()
    assert (first.saleor_id, first.quantity, first.total, first.sku) == ("OrderLine:1", 2, Decimal("20.00"), "KETTLE-1")
    assert (first.product_type, first.product_id, second.position) == ("Kettles", "P1", 1)
    fulfillment = order.fulfillments.get()
    assert (fulfillment.number, fulfillment.tracking_number, fulfillment.dispatched) == (1, "1234-5678", True)
    assert units("Fulfillment:1") == {"OrderLine:1": (2, 2), "OrderLine:2": (1, 1)}
    assert kinds() == ["fulfillment.dispatched"]


def test_the_same_order_id_in_two_shops_is_two_orders(shop):
    other = make_shop()

    remember(shop)
    remember(other)

    assert Order.objects.count() == 2
    assert orders.get_order(shop, "Order:1").shop == shop
    with pytest.raises(NotFound):
        orders.get_order_by_pk(other, orders.get_order(shop, "Order:1").pk)


def test_a_guest_a_gift_card_and_a_download_are_known_as_such(shop):
    order = remember(shop, user=None, lines=[line(1, kind="GIFT_CARD", ships=False)], parcels=[parcel(1, {1: 2})])

    row = order.lines.get()
    assert (order.user_id, row.is_gift_card, row.is_shipping_required) == ("", True, False)
    assert order.fulfillments.get().delivered_at == NOON  # nothing travels


def test_an_address_that_nobody_could_write_to_does_not_stop_an_order(shop):
    order = remember(shop, shippingAddress=ADDRESS | {"country": {"code": "XX"}}, billingAddress=None)

    assert (order.shipping_address, order.billing_address) == ({}, {})
    assert order.customer_name == "山田 花子"


def test_a_deleted_product_leaves_its_line(shop):
    order = remember(
        shop, lines=[line(1) | {"variant": None, "thumbnail": None, "variantName": None, "productSku": None}]
    )

    row = order.lines.get()
    assert (row.product_name, row.variant_id, row.product_id, row.sku) == ("Kettle 1", "", "", "")


# -- order of news -----------------------------------------------------------------------------------------------------


def test_older_news_changes_nothing(shop):
    remember(shop, updated=NOON + HOUR, status="FULFILLED", parcels=[parcel(1, {1: 2})])

    remember(shop, updated=NOON, status="UNFULFILLED", parcels=[])

    order = Order.objects.get()
    assert (order.status, order.updated_at) == ("FULFILLED", NOON + HOUR)
    assert not order.fulfillments.get().gone
    assert kinds() == ["fulfillment.dispatched"]


def test_of_two_news_of_the_same_state_the_later_one_counts(shop):
    """Saleor leaves ``updatedAt`` alone when a tracking number changes."""
    remember(shop, issued=NOON, parcels=[parcel(1, {1: 2})])
    remember(shop, issued=NOON + HOUR, parcels=[parcel(1, {1: 2}, trackingNumber="TRK-2")])
    remember(shop, issued=NOON + HOUR / 2, parcels=[parcel(1, {1: 2}, trackingNumber="TRK-1")])

    assert Fulfillment.objects.get().tracking_number == "TRK-2"


@pytest.mark.parametrize("order_of_arrival", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2)])
def test_news_in_any_order_and_twice_ends_in_the_newest_state_told_once(shop, order_of_arrival):
    story = [
        {"updated": NOON, "status": "UNFULFILLED"},
        {"updated": NOON + HOUR, "status": "PARTIALLY_FULFILLED", "parcels": [parcel(1, {1: 1})]},
        {"updated": NOON + 2 * HOUR, "status": "FULFILLED", "parcels": [parcel(1, {1: 1}), parcel(2, {1: 1, 2: 2})]},
        {"updated": NOON + 3 * HOUR, "status": "FULFILLED", "total": money(40.0),
         "parcels": [parcel(1, {1: 1}), parcel(2, {1: 1, 2: 2}, trackingNumber="TRK")]},
    ]  # fmt: skip

    for n in [*order_of_arrival, *order_of_arrival]:
        remember(shop, **copy.deepcopy(story[n]))

    order = Order.objects.get()
    assert (order.status, order.total, order.updated_at) == ("FULFILLED", Decimal("40.00"), NOON + 3 * HOUR)
    assert [f.tracking_number for f in order.fulfillments.order_by("number")] == ["", "TRK"]
    assert sorted(kinds()) == ["fulfillment.dispatched"] * 2


def test_a_cancelled_order_is_told_once(shop):
    remember(shop)
    remember(shop, updated=NOON + HOUR, status="CANCELED")
    remember(shop, updated=NOON + 2 * HOUR, status="CANCELED")

    assert kinds() == ["order.canceled"]


# -- parcels -----------------------------------------------------------------------------------------------------------


def test_a_parcel_that_saleor_deletes_after_its_return_stays_ours(shop):
    remember(shop, parcels=[parcel(1, {1: 2}, trackingNumber="TRK")])

    remember(shop, updated=NOON + HOUR, parcels=[parcel(2, {1: 2}, status="RETURNED")])

    ours = Fulfillment.objects.get(saleor_id="Fulfillment:1")
    assert (ours.gone, ours.dispatched, ours.tracking_number) == (True, True, "TRK")
    assert units("Fulfillment:1") == {"OrderLine:1": (0, 2)}
    assert not Fulfillment.objects.get(saleor_id="Fulfillment:2").dispatched
    assert kinds() == ["fulfillment.dispatched"]


def test_units_that_were_returned_are_no_longer_there_but_were_sent(shop):
    remember(shop, parcels=[parcel(1, {1: 2, 2: 2})])

    remember(shop, updated=NOON + HOUR, parcels=[parcel(1, {1: 1}), parcel(2, {1: 1, 2: 2}, status="RETURNED")])

    assert units("Fulfillment:1") == {"OrderLine:1": (1, 2), "OrderLine:2": (0, 2)}


def test_a_parcel_that_waits_for_approval_is_dispatched_when_it_is_approved(shop):
    remember(shop, parcels=[parcel(1, {1: 2}, status="WAITING_FOR_APPROVAL")])
    assert kinds() == []
    assert Fulfillment.objects.get().delivered_at is None

    remember(shop, updated=NOON + 3 * DAY, parcels=[parcel(1, {1: 2})])

    fulfillment = Fulfillment.objects.get()
    assert kinds() == ["fulfillment.dispatched"]
    assert fulfillment.shipped_at == NOON + 3 * DAY
    assert fulfillment.delivered_at == NOON + 7 * DAY


def test_a_cancelled_parcel_is_told_once(shop):
    remember(shop, parcels=[parcel(1, {1: 2})])
    for hours in (1, 2):
        remember(shop, updated=NOON + hours * HOUR, parcels=[parcel(1, {1: 2}, status="CANCELED")])

    assert kinds() == ["fulfillment.dispatched", "fulfillment.canceled"]


def test_an_empty_parcel_is_none(shop):
    remember(shop, parcels=[parcel(1, {})])

    assert kinds() == []


def test_a_line_that_an_edit_removed_keeps_its_row_with_nothing_in_it(shop):
    remember(shop)
    kept = OrderLine.objects.get(saleor_id="OrderLine:1").pk

    remember(shop, updated=NOON + HOUR, lines=[line(2, quantity=5, total=50.0), line(3)])

    rows = {row.saleor_id: (row.quantity, row.total) for row in OrderLine.objects.all()}
    assert rows == {
        "OrderLine:1": (0, Decimal(0)),
        "OrderLine:2": (5, Decimal("50.00")),
        "OrderLine:3": (2, Decimal("20.00")),
    }
    assert OrderLine.objects.get(saleor_id="OrderLine:1").pk == kept


# -- nonsense ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nonsense",
    [
        {"total": None}, {"total": money("ten")}, {"updatedAt": "yesterday"}, {"updatedAt": "2026-01-01T00:00:00"},
        {"lines": None},
        {"lines": [{}]}, {"lines": [line(1) | {"quantity": None}]}, {"channel": None}, {"fulfillments": None},
        {"id": None}, {"status": "x" * 41}, {"lines": [line(1, quantity=-1)]},
        {"fulfillments": [parcel(1, {9: 1})]}, {"fulfillments": [parcel(1, {1: 1}, created=None)]},
    ],
)  # fmt: skip
def test_what_is_no_order_changes_nothing(shop, nonsense):
    remember(shop, parcels=[parcel(1, {1: 2})])
    told = payload(updated=NOON + HOUR, status="FULFILLED") | nonsense

    with pytest.raises(InvalidInput):
        orders.remember_order(shop, told, issued_at=NOON + HOUR)

    order = Order.objects.get()
    assert (order.status, order.updated_at, order.lines.count()) == ("UNFULFILLED", NOON, 2)


# -- finding -----------------------------------------------------------------------------------------------------------


def test_a_customers_orders_are_theirs_newest_first():
    shop = make_shop()
    mine = [make_order(shop, user_id="User:1", email="ada@x.test", placed_at=NOON - n * DAY) for n in range(3)]
    make_order(shop, user_id="User:2", email="ada@x.test")
    make_order(user_id="User:1", email="ada@x.test")
    make_order(shop, user_id="User:1", status="DRAFT")

    assert orders.orders_of_customer(shop, user_id="User:1", limit=2) == mine[:2]
    assert len(orders.orders_of_customer(shop, email="ADA@x.test")) == 4


def test_a_tracking_number_finds_the_parcels_of_this_shop_only():
    ours, theirs = make_order(), make_order()
    parcels = [make_fulfillment(order, tracking_number="1234-5678", units={}) for order in (ours, theirs)]
    make_fulfillment(ours, tracking_number="", units={})

    assert orders.fulfillments_by_tracking(ours.shop, "1234-5678") == parcels[:1]
    assert orders.fulfillments_by_tracking(ours.shop, "") == []


def test_what_rules_and_labels_ask_about_goods_is_remembered(shop: Shop):
    told = line(1)
    told["totalPrice"]["net"] = {"amount": 16.81}
    told["variant"] |= {"weight": {"unit": "KG", "value": 0.0}}
    told["variant"]["product"] |= {
        "weight": {"unit": "KG", "value": 1.35},
        "collections": [{"slug": "outlet"}, {"slug": "kettles"}],
        "metadata": [{"key": "made_to_order", "value": "yes"}],
    }
    channel = {"id": "Q2hhbm5lbDox", "slug": "europe", "currencyCode": "EUR"}

    order = orders.remember_order(
        shop, payload(lines=[told], channel=channel, externalReference="AFT-1"), issued_at=NOON
    )

    kept = order.lines.get()
    assert (kept.net, kept.weight_g, kept.collections) == (Decimal("16.81"), 1350, ["kettles", "outlet"])
    assert kept.metadata == {"made_to_order": "yes"}
    assert (order.channel_id, order.external_reference) == ("Q2hhbm5lbDox", "AFT-1")


def test_a_gift_card_used_as_a_code_is_no_discount(shop: Shop):
    """C1.8: Saleor takes it off the total and says so nowhere else; other orders paid nothing with gift cards."""
    paid = payload(lines=[line(1, total=150.0)], shippingPrice=money(5.0), total=money(125.0), giftCards=[{"id": "G"}])

    with_card = orders.remember_order(shop, paid, issued_at=NOON)
    without = orders.remember_order(shop, paid | {"id": "Order:2", "giftCards": []}, issued_at=NOON)

    assert (with_card.gift_cards, without.gift_cards) == (Decimal("30.00"), Decimal(0))


@pytest.mark.django_db(transaction=True)
def test_an_order_is_renewed_while_something_about_its_parcel_is_written(shop):
    """Whoever holds a parcel and adds a row about its order waits for nobody; seen as a deadlock on a busy Saleor."""
    order = orders.remember_order(shop, payload(parcels=[parcel(1, {1: 2})]), issued_at=NOON)
    news = payload(updated=NOON + HOUR, parcels=[parcel(1, {1: 2}, trackingNumber="TRK-1")])
    begun = threading.Event()

    def hear() -> None:
        try:
            begun.set()
            orders.remember_order(shop, news, issued_at=NOON + HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as saleor:
        with transaction.atomic():
            held = Fulfillment.objects.select_for_update(of=("self",)).get(order=order)
            heard = saleor.submit(hear)
            begun.wait(10)
            wait_until_blocked(heard)
            make_fulfillment(order, number=9)
        heard.result(timeout=20)

    held.refresh_from_db()
    assert held.tracking_number == "TRK-1"


def wait_until_blocked(other: Future[None]) -> None:
    """Return when another connection waits for a lock of ours."""
    for _try in range(600):
        if other.done():
            other.result()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits for us")

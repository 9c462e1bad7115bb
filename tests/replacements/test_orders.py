"""Replacement orders in a Saleor that does what it is asked, runs out of goods, or asks other prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.money import Money
from saleor_aftercare.replacements import actions, watch
from saleor_aftercare.replacements.models import ReplacementState
from saleor_aftercare.sandbox import cancel_order, fulfill, mark_as_paid, place_order

from .story import BLACK, CREAM, MEI, again, events, made_orders, plan, sell_out, start, total, variant

pytestmark = pytest.mark.django_db

R = ReplacementState


# -- the way it should go --------------------------------------------------------------------------------------------


def test_an_even_exchange_becomes_one_order_that_costs_nothing_and_can_be_shipped(house):
    row = start(plan(house))
    house.settle()

    (order,) = made_orders(house)
    row = again(row)
    assert (row.state, row.saleor_order_id, row.saleor_order_number) == (R.PLACED, order.id, order.number)
    assert (order.status, total(order), order.external_reference) == (
        "UNFULFILLED",
        Decimal(0),
        row.external_reference,
    )
    assert order.shipping_method_name == "Standard"
    assert [(line.variant, line.quantity, line.unit_price) for line in order.lines] == [
        (variant(house, CREAM).id, 1, Decimal(0))
    ]
    assert order.metadata["aftercare.case"] == "RMA-9001"


def test_the_order_goes_where_the_first_one_went_for_the_same_customer_and_in_their_language(house):
    start(plan(house))
    house.settle()

    first, made = house.saleor.state.orders[0], made_orders(house)[0]
    assert (made.user, made.user_email, made.language, made.channel) == (
        first.user,
        first.user_email,
        first.language,
        first.channel,
    )
    for name in ("first_name", "last_name", "street_address_1", "postal_code", "country"):
        assert getattr(made.shipping_address, name) == getattr(first.shipping_address, name)


def test_a_guest_s_replacement_goes_to_the_guest_s_address(house):
    placed = place_order(
        house.saleor,
        lines=[(BLACK, 1)],
        email="guest@example.com",
        channel="united-states",
        address=house.saleor.user(email="jade.guerrero@example.com").addresses[0],
    )
    mark_as_paid(house.saleor, placed)
    fulfill(house.saleor, placed)
    house.settle()

    start(plan(house, order=house.order(placed)))
    house.settle()

    (made,) = made_orders(house)
    assert (made.user, made.user_email) == (None, "guest@example.com")


def test_a_dearer_exchange_costs_exactly_the_difference_and_waits_for_it(house):
    row = start(plan(house, worth="159.00"))
    house.settle()

    (order,) = made_orders(house)
    row = again(row)
    assert (row.state, row.due_money.wire(), total(order)) == (R.AWAITING_PAYMENT, "20.00", Decimal("20.00"))


def test_the_difference_of_several_units_is_exact_though_it_cannot_be_shared_evenly(house):
    """C1.5: rounding. 10.00 over three units."""
    row = start(plan(house, worth="10.00", credit="20.00", quantity=3))
    house.settle()

    (order,) = made_orders(house)
    assert (total(order), again(row).due_money.wire()) == (Decimal("10.00"), "10.00")
    assert sum(line.quantity for line in order.lines) == 3


def test_a_channel_whose_prices_are_entered_without_tax_costs_what_is_due_as_well(house):
    house.saleor.channel("europe").prices_entered_with_tax = False
    placed = house.sell([(BLACK, 1)], email="lukas.brandt@example.com")

    row = start(plan(house, order=house.order(placed), worth="149.00", credit="129.00"))
    house.settle()

    (order,) = made_orders(house)
    assert again(row).state == R.AWAITING_PAYMENT
    assert Decimal("19.98") <= total(order) <= Decimal("20.00")


def test_yen_are_whole(house):
    placed = house.sell([(BLACK, 1)], email="hanako.yamada@example.com")

    start(plan(house, order=house.order(placed), worth="667", credit="1000", quantity=3))
    house.settle()

    (order,) = made_orders(house)
    assert total(order) == Decimal(1001)
    assert all(line.total == line.total.to_integral_value() for line in order.lines)


def test_paid_in_saleor_it_is_placed_and_shipped_it_is_shipped(house):
    row = start(plan(house, worth="159.00"))
    house.settle()
    (order,) = made_orders(house)

    mark_as_paid(house.saleor, order)
    house.settle()
    assert again(row).state == R.PLACED

    fulfill(house.saleor, order)
    house.settle()
    assert again(row).state == R.SHIPPED
    assert events(row) == [
        "replacement.planned",
        "replacement.awaiting_payment",
        "replacement.placed",
        "replacement.shipped",
    ]


def test_canceled_in_saleor_it_is_canceled_here(house):
    row = start(plan(house))
    house.settle()

    cancel_order(house.saleor, made_orders(house)[0])
    house.settle()

    assert again(row).state == R.CANCELED


def test_a_payment_of_which_no_delivery_tells_is_found_by_the_periodic_look(house):
    row = start(plan(house, worth="159.00"))
    house.settle()
    house.hooks.disorder.lose = {"ORDER_FULLY_PAID", "ORDER_UPDATED"}
    mark_as_paid(house.saleor, made_orders(house)[0])
    house.settle()
    assert again(row).state == R.AWAITING_PAYMENT

    watch.watch_all(at=clock.now())
    house.settle()

    assert again(row).state == R.PLACED


def test_the_payment_link_names_the_order(house):
    ShopSettings.objects.filter(shop=house.shop).update(
        payment_link="https://shop.example/pay/{order_id}?n={order_number}"
    )
    row = start(plan(house, worth="159.00"))
    house.settle()

    row = again(row)
    assert row.payment_url == f"https://shop.example/pay/{row.saleor_order_id}?n={row.saleor_order_number}"


def test_our_copy_of_the_new_order_is_there_before_anybody_hears_of_it(house):
    row = start(plan(house))
    jobs.run_due()

    ours = Order.objects.get(shop=house.shop, saleor_id=again(row).saleor_order_id)
    assert ours.external_reference == row.external_reference


# -- sold out --------------------------------------------------------------------------------------------------------


def test_sold_out_when_it_is_to_be_sent_nothing_is_ordered_and_staff_are_told(house):
    """C3: the replacement sells out between approval and arrival."""
    row = plan(house)
    sell_out(house, CREAM)

    start(row)
    house.settle()

    assert again(row).state == R.OUT_OF_STOCK
    assert made_orders(house) == []


def test_sold_out_between_the_look_and_the_order_the_draft_is_deleted_again(house):
    row = start(plan(house))
    announce = house.saleor.announce

    def sold_meanwhile(event, subject, **extra):
        if event == "DRAFT_ORDER_CREATED":
            sell_out(house, CREAM)
        announce(event, subject, **extra)

    house.saleor.announce = sold_meanwhile
    house.settle()

    assert again(row).state == R.OUT_OF_STOCK
    assert made_orders(house) == []


def test_a_variant_that_the_shop_took_from_the_channel_counts_as_sold_out(house):
    row = plan(house)
    del variant(house, CREAM).prices["united-states"]

    start(row)
    house.settle()

    assert again(row).state == R.OUT_OF_STOCK


def test_something_else_is_offered_and_ordered_at_once_when_the_goods_are_back(house):
    row = plan(house)
    sell_out(house, CREAM)
    start(row)
    house.settle()

    offer = actions.ReplacementLine(variant(house, BLACK).id, 1, "Kettle Black", Money(Decimal("139.00"), "USD"))
    actions.reoffer(again(row), lines=[offer], at=clock.now(), actor=MEI)
    house.settle()

    row = again(row)
    (order,) = made_orders(house)
    assert (row.state, row.attempt, order.external_reference) == (R.PLACED, 2, row.external_reference)
    assert order.lines[0].variant == variant(house, BLACK).id


def test_something_else_offered_before_the_goods_are_back_waits_for_them(house):
    row = plan(house, in_stock=False)
    assert row.state == R.OUT_OF_STOCK

    offer = actions.ReplacementLine(variant(house, BLACK).id, 1, "Kettle Black", Money(Decimal("139.00"), "USD"))
    actions.reoffer(row, lines=[offer], at=clock.now(), actor=MEI)
    house.settle()

    assert (again(row).state, made_orders(house)) == (R.PLANNED, [])


def test_what_is_offered_and_sold_out_too_waits_for_staff_again(house):
    row = plan(house, in_stock=False)
    offer = actions.lines_of(row)

    actions.reoffer(row, lines=offer, at=clock.now(), actor=MEI, in_stock=False)

    assert (again(row).state, events(row)[-1]) == (R.OUT_OF_STOCK, "replacement.out_of_stock")


# -- prices that change ----------------------------------------------------------------------------------------------


def test_a_price_that_rose_changes_nothing_for_the_customer_and_staff_see_it(house):
    """C3: tax rate or price changed between promise and order."""
    placed = house.sell([(BLACK, 1)], email="jade.guerrero@example.com")
    ours = house.order(placed)
    price = Money(Decimal(variant(house, CREAM).prices[placed.channel]), ours.currency)
    line = actions.ReplacementLine(variant(house, CREAM).id, 1, "Kettle Cream", price, asked=price)
    row = actions.plan_replacement(
        ours, lines=[line], credit=price, subject=("return", 1), case_number="RMA-1", advance=False, key="k",
        at=clock.now(), actor=MEI,
    )  # fmt: skip
    variant(house, CREAM).prices[placed.channel] += 50

    start(row)
    house.settle()

    assert (again(row).state, total(made_orders(house)[0])) == (R.PLACED, 0)
    (change,) = again(row).changes
    assert Decimal(change["now"]) - Decimal(change["promised"]) == 50
    assert "replacement.price_changed" in events(row)

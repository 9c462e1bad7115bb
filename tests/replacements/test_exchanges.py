"""Exchanges from the request to the parcel: what is promised, ordered, asked for, and told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.compensation.actions import settlements  # noqa: F401  the reaction listens to its events
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.followups.models import FollowUp
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.replacements import actions, queries
from saleor_aftercare.replacements.models import ReplacementState
from saleor_aftercare.returns.actions import approve_return, cancel_return, change_resolution
from saleor_aftercare.sandbox import fulfill, mark_as_paid

from .story import (
    BLACK,
    CREAM,
    JADE,
    KNIFE,
    LID,
    MEI,
    asked_back,
    current,
    letters,
    made_orders,
    promised,
    sell_out,
    settle,
    told,
    total,
    variant,
)

pytestmark = pytest.mark.django_db

R = ReplacementState


# -- promising ---------------------------------------------------------------------------------------------------------


def test_approval_promises_the_goods_for_what_was_paid_and_orders_nothing(house):
    _ret, row = promised(house, **JADE)

    assert (row.state, row.credit_money.wire(), row.due, row.rest) == (R.PLANNED, "139.00", 0, 0)
    assert row.lines[0]["name"] == "Kaze Gooseneck Kettle 1.2 L Cream"
    assert made_orders(house) == []


def test_another_colour_costs_nothing_though_it_was_bought_with_a_voucher(house):
    """C1.4: an order-wide voucher; only today's difference between the two variants counts."""
    _ret, row = promised(house, sale={"email": "jade.guerrero@example.com", "voucher_code": "KETTLE15"})

    assert (row.credit_money.wire(), row.due, row.rest) == ("124.00", 0, 0)


def test_another_product_costs_what_the_shop_asks_less_what_was_paid(house):
    _ret, row = promised(house, wish=KNIFE, **JADE)

    assert (row.credit_money.wire(), row.due_money.wire()) == ("139.00", "20.00")


def test_a_cheaper_product_leaves_a_rest_for_refund_or_credit(house):
    _ret, row = promised(house, wish=LID, **JADE)

    assert (row.due_money.wire(), row.rest_money.wire()) == ("0.00", "126.00")


def test_sold_out_when_it_is_promised_the_customer_and_staff_are_told(house):
    ret = asked_back(house, **JADE)
    sell_out(house, CREAM)

    approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()

    assert current(house, ret).state == R.OUT_OF_STOCK
    (letter,) = letters("sold_out")
    assert letter.to_email == "jade.guerrero@example.com"
    assert told(ret) == ["replacement.planned", "replacement.out_of_stock"]


@pytest.mark.parametrize("wish", ["GIFT-50", "PART-KAZE-SEAL"])
def test_a_wish_that_the_shop_does_not_sell_or_not_give_waits_for_staff(house, wish):
    ret = asked_back(house, wish=wish, **JADE)
    variant(house, "PART-KAZE-SEAL").prices.clear()

    approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()

    row = current(house, ret)
    assert (row.state, row.lines[0]["name"], row.due) == (R.OUT_OF_STOCK, wish, 0)


def test_a_return_that_is_taken_back_takes_its_promise_back(house):
    ret, _row = promised(house, **JADE)

    cancel_return(ret, at=clock.now(), actor=MEI)
    house.settle()

    assert current(house, ret) is None


def test_money_instead_of_goods_takes_the_promise_back_and_goods_again_promise_anew(house):
    """C3: out_of_stock → refund; and back again."""
    ret, row = promised(house, **JADE)
    line = ret.lines.get()

    change_resolution(ret, line=line, resolution=Resolution.STORE_CREDIT, at=clock.now(), actor=MEI)
    house.settle()
    assert current(house, ret) is None

    change_resolution(
        ret, line=line, resolution=Resolution.EXCHANGE, exchange_variant_id=variant(house, CREAM).id,
        exchange_name="Cream", at=clock.now(), actor=MEI,
    )  # fmt: skip
    house.settle()
    anew = current(house, ret)
    assert anew.pk != row.pk
    assert anew.external_reference != row.external_reference


def test_another_wish_before_the_goods_are_back_changes_the_promise(house):
    ret, row = promised(house, **JADE)

    change_resolution(
        ret, line=ret.lines.get(), resolution=Resolution.EXCHANGE, exchange_variant_id=variant(house, KNIFE).id,
        exchange_name="Knife", at=clock.now(), actor=MEI,
    )  # fmt: skip
    house.settle()

    again = current(house, ret)
    assert (again.pk, again.attempt, again.due_money.wire()) == (row.pk, 2, "20.00")


def test_what_staff_offer_instead_stands_on_the_return_as_well(house):
    ret, row = promised(house, **JADE)
    quote = queries.quote_again(row, {ret.lines.get().pk: variant(house, KNIFE).id})

    actions.reoffer(row, lines=quote.lines, at=clock.now(), actor=MEI)
    house.settle()

    line = ret.lines.get()
    assert line.exchange_variant_id == variant(house, KNIFE).id
    assert line.exchange_name.startswith("Gyuto")


# -- settling ----------------------------------------------------------------------------------------------------------


def test_settled_the_replacement_is_ordered_and_the_customer_told(house):
    ret, row = promised(house, **JADE)

    settle(house, ret, exchange="139.00")

    row.refresh_from_db()
    (order,) = made_orders(house)
    assert (row.state, total(order), order.external_reference) == (R.PLACED, 0, row.external_reference)
    (letter,) = letters("placed")
    assert order.number in letter.text
    assert told(ret) == ["replacement.planned", "replacement.placed"]


def test_a_dearer_one_is_paid_first_where_the_shop_says(house):
    ShopSettings.objects.filter(shop=house.shop).update(payment_link="https://shop.example/pay/{order_number}")
    ret, row = promised(house, wish=KNIFE, **JADE)

    settle(house, ret, exchange="139.00")

    row.refresh_from_db()
    (order,) = made_orders(house)
    (letter,) = letters("payment_due")
    assert (row.state, total(order)) == (R.AWAITING_PAYMENT, Decimal("20.00"))
    assert f"https://shop.example/pay/{order.number}" in letter.text
    assert "$20.00" in letter.text

    mark_as_paid(house.saleor, order)
    house.settle()
    row.refresh_from_db()
    assert row.state == R.PLACED


def test_a_deduction_for_a_worn_item_is_asked_for_with_the_goods(house):
    ret, row = promised(house, **JADE)

    settle(house, ret, exchange="129.00")

    row.refresh_from_db()
    assert (row.state, total(made_orders(house)[0])) == (R.AWAITING_PAYMENT, Decimal("10.00"))


def test_settled_twice_it_is_ordered_once(house):
    ret, _row = promised(house, **JADE)

    settle(house, ret, exchange="139.00")
    settle(house, ret, exchange="139.00")

    assert len(made_orders(house)) == 1


def test_settled_when_it_is_sold_out_nothing_is_ordered_and_nothing_crashes(house):
    ret, row = promised(house, **JADE)
    sell_out(house, CREAM)

    settle(house, ret, exchange="139.00")

    row.refresh_from_db()
    assert (row.state, made_orders(house)) == (R.OUT_OF_STOCK, [])


# -- exchanged again -----------------------------------------------------------------------------------------------


def exchanged(house, **case):
    """A replacement that was shipped, as an order of ours."""
    ret, row = promised(house, **case)
    settle(house, ret, exchange=row.credit_money.wire())
    (order,) = made_orders(house)
    fulfill(house.saleor, order)
    house.settle()
    return house.order(order), order


def test_a_replacement_is_worth_what_it_counted_for_when_it_is_exchanged_again(house):
    """C1.10: the returned item is itself a replacement, whose own order cost nothing."""
    again, _placed = exchanged(house, **JADE)

    made = queries.origin_of(again)
    assert made is not None
    assert queries.unit_value(again.lines.get()).wire() == "139.00"


def test_the_second_exchange_of_the_same_unit_is_even_again(house):
    """C3: second exchange."""
    from saleor_aftercare.returns.actions import UnitsAsked, request_return
    from saleor_aftercare.returns.models import ReturnReason

    again, _placed = exchanged(house, **JADE)
    ret = request_return(
        again,
        units=[
            UnitsAsked(
                again.lines.get(), 1, ReturnReason.CHANGED_MIND, resolution=Resolution.EXCHANGE,
                exchange_variant_id=variant(house, BLACK).id, exchange_name="Black",
            )
        ],
        note="", at=clock.now(), actor=MEI, source="staff",
    )  # fmt: skip
    approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()

    row = current(house, ret)
    assert (row.credit_money.wire(), row.due, row.rest) == ("139.00", 0, 0)
    settle(house, ret, exchange="0.00")
    row.refresh_from_db()
    assert row.state == R.PLACED
    assert total(made_orders(house)[-1]) == 0


def test_an_order_that_nobody_made_from_outside_costs_no_query(house, django_assert_num_queries):
    placed = house.sell([(BLACK, 1)])
    ours = house.order(placed)

    with django_assert_num_queries(0):
        assert queries.origin_of(ours) is None


def test_the_replacement_gets_an_arrival_check_of_its_own(house):
    again, _placed = exchanged(house, **JADE)

    assert FollowUp.objects.filter(order=again).count() == 1

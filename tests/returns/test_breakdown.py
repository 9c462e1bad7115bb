"""The arithmetic of a settlement: exact values, and what holds for every one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_aftercare.policies.models import TenderOrder
from saleor_aftercare.returns.breakdown import Breakdown, Bucket, Goods, ItemKind, Terms, break_down
from saleor_aftercare.returns.pricing import PricedLine, line_totals, units_amount

D = Decimal
K = ItemKind


def goods(amount: str, line: int = 1, **values: Any) -> Goods:
    """One unit of a line that cost ``amount``."""
    return Goods(
        **{"line": line, "name": "Grinder", "units": 1, "amount": D(amount), "tax": None, "bucket": Bucket.REFUND}
        | values
    )


def terms(**values: Any) -> Terms:
    return Terms(**{"currency": "EUR"} | values)


def summed(result: Breakdown) -> list[tuple[str, Decimal]]:
    return [(item.kind.value, item.amount) for item in result.items]


# -- examples --------------------------------------------------------------------------------------------------------


def test_what_was_paid_goes_back():
    result = break_down([goods("29.90")], terms())

    assert summed(result) == [("goods", D("29.90"))]
    assert (result.refund, result.credit, result.total) == (D("29.90"), 0, D("29.90"))


def test_an_order_wide_voucher_counts_at_the_allocated_price():
    """C1.4: 10.00 off 60.00 + 40.00; Saleor spreads it, or we do, and the list price is never refunded."""
    lines = [PricedLine(1, D("60.00"), 3), PricedLine(2, D("40.00"), 1)]

    totals = line_totals(lines, goods_total=D("90.00"), unit=D("0.01"))

    assert totals == {1: D("54.00"), 2: D("36.00")}
    assert units_amount(lines[0], totals[1], taken=0, want=2, unit=D("0.01")) == D("36.00")


def test_partial_returns_of_yen_leave_the_remainder_to_the_last_unit():
    """C1.5: 5311 yen for three; 1770, 1770, 1771."""
    line = PricedLine(1, D(5311), 3)

    amounts = [units_amount(line, line.total, taken=n, want=1, unit=D(1)) for n in range(3)]

    assert amounts == [1770, 1770, 1771]


def test_a_whole_order_brings_its_shipping():
    """C1.6: the outbound shipping goes back with the last unit, tax included."""
    result = break_down([goods("29.90")], terms(shipping=D("5.90")))

    assert summed(result) == [("goods", D("29.90")), ("shipping", D("5.90"))]
    assert result.refund == D("35.80")


def test_a_withdrawal_brings_what_standard_delivery_would_have_cost():
    """C1.6: the customer chose express; the dearer way is their own affair (CRD art. 13(2))."""
    result = break_down([goods("29.90")], terms(shipping=D("4.90"), standard_shipping=True))

    assert summed(result) == [("goods", D("29.90")), ("standard_shipping", D("4.90"))]


def test_the_return_fee_is_taken_once_and_never_makes_a_debt():
    """C1.7: the fee lowers the refund, and stops at zero."""
    two = [goods("3.00", 1, return_fee=D("4.90")), goods("1.00", 2, return_fee=D("2.90"))]

    assert summed(break_down(two, terms()))[-1] == ("return_fee", D("-4.00"))
    assert break_down(two, terms()).refund == 0
    assert break_down([goods("10.00", return_fee=D("4.90"))], terms()).refund == D("5.10")


def test_no_fee_where_the_law_forbids_one():
    """C1.7: a statutory withdrawal, or the guarantee, costs nothing; the parcel would have come anyway."""
    lawful = goods("20.00", 1, fees_allowed=False, return_fee=D("4.90"), restocking_percent=D(15))
    voluntary = goods("20.00", 2, return_fee=D("4.90"), restocking_percent=D(15))

    result = break_down([lawful, voluntary], terms())

    assert summed(result) == [("goods", D("20.00")), ("goods", D("20.00")), ("restocking_fee", D("-3.00"))]


def test_a_deduction_is_told_with_its_reason_and_takes_no_more_than_is_there():
    result = break_down([goods("20.00", deduction=D("25.00"), deduction_reason="Worn outdoors")], terms())

    assert result.items[1].reason == "Worn outdoors"
    assert (result.items[1].amount, result.refund) == (D("-20.00"), 0)


def test_nothing_is_deducted_under_the_guarantee():
    result = break_down([goods("20.00", deduction=D("5.00"), deduction_allowed=False)], terms())

    assert result.refund == D("20.00")


def test_restocking_is_rounded_in_the_customers_favour():
    result = break_down([goods("9.99", restocking_percent=D(15))], terms())

    assert summed(result)[1] == ("restocking_fee", D("-1.49"))
    assert result.refund == D("8.50")


def test_goods_that_stay_with_the_customer_cost_no_fee():
    kept = goods("8.00", kept=True, return_fee=D("4.90"), restocking_percent=D(10), deduction=D("1.00"))

    assert summed(break_down([kept], terms())) == [("kept_goods", D("8.00"))]


def test_store_credit_has_a_bonus_on_what_is_really_given():
    result = break_down([goods("29.90", bucket=Bucket.CREDIT, bonus_percent=D(5), return_fee=D("4.90"))], terms())

    assert summed(result)[-1] == ("bonus", D("1.25"))
    assert (result.credit, result.bonus, result.refund) == (D("26.25"), D("1.25"), 0)


def test_a_bonus_in_yen_is_whole_yen():
    result = break_down([goods("1770", bucket=Bucket.CREDIT, bonus_percent=D(5))], terms(currency="JPY"))

    assert result.bonus == 89


def test_each_line_goes_its_own_way():
    mixed = [
        goods("10.00", 1),
        goods("20.00", 2, bucket=Bucket.CREDIT, bonus_percent=D(10)),
        goods("30.00", 3, bucket=Bucket.EXCHANGE),
        goods("40.00", 4, bucket=Bucket.NOTHING),
    ]

    result = break_down(mixed, terms(exchange_price=D("30.00")))

    assert (result.refund, result.credit, result.exchange) == (D("10.00"), D("22.00"), D("30.00"))


@pytest.mark.parametrize(
    ("price", "exchange", "refund", "difference"),
    [("30.00", "30.00", "0.00", "0.00"), ("42.50", "30.00", "0.00", "12.50"), ("19.90", "19.90", "10.10", "-10.10")],
)
def test_dearer_goods_cost_the_difference_and_cheaper_ones_leave_it(price, exchange, refund, difference):
    result = break_down([goods("30.00", bucket=Bucket.EXCHANGE)], terms(exchange_price=D(price)))

    assert (result.exchange, result.refund, result.difference) == (D(exchange), D(refund), D(difference))


def test_what_was_given_before_is_taken_off_in_whatever_way_it_was_given():
    as_credit = terms(given_credit=D("12.00"))

    result = break_down([goods("29.90")], as_credit)

    assert summed(result)[-1] == ("already_given", D("-12.00"))
    assert result.refund == D("17.90")


def test_refunds_that_somebody_made_in_the_dashboard_are_noticed():
    """C1.16: of 29.90 that are due the order holds 10.00 any more."""
    result = break_down([goods("29.90")], terms(money=D("10.00")))

    assert summed(result)[-1] == ("not_available", D("-19.90"))
    assert result.refund == D("10.00")


@pytest.mark.parametrize(
    ("order", "money", "card"),
    [(TenderOrder.CARD_FIRST, "50.00", "0.00"), (TenderOrder.GIFT_CARD_FIRST, "20.00", "30.00")],
)
def test_mixed_tender_goes_back_in_the_order_that_the_shop_has_stated(order, money, card):
    """C1.8: 150.00, of which a gift card paid 30.00; 50.00 come back."""
    paid = terms(money=D("120.00"), gift_cards=D("30.00"), tender_order=order)

    result = break_down([goods("50.00")], paid)

    assert (result.refund, result.gift_card) == (D(money), D(card))


def test_what_a_gift_card_paid_goes_back_when_the_money_is_used_up():
    """C1.8: the whole order comes back: 120.00 to the card, 30.00 on a gift card."""
    result = break_down([goods("150.00")], terms(money=D("120.00"), gift_cards=D("30.00")))

    assert (result.refund, result.gift_card, result.total) == (D("120.00"), D("30.00"), D("150.00"))


# -- for all of them -----------------------------------------------------------------------------------------------

_cents = st.integers(0, 50_000).map(lambda n: D(n) / 100)
_percent = st.sampled_from([D(0), D(5), D("12.5"), D(100)])


@st.composite
def _goods(draw: Any) -> list[Goods]:
    return [
        goods(
            str(draw(_cents)),
            n,
            bucket=draw(st.sampled_from(list(Bucket))),
            kept=draw(st.booleans()),
            fees_allowed=draw(st.booleans()),
            deduction_allowed=draw(st.booleans()),
            restocking_percent=draw(_percent),
            return_fee=draw(_cents),
            bonus_percent=draw(_percent),
            deduction=draw(_cents),
        )
        for n in range(draw(st.integers(1, 4)))
    ]


@st.composite
def _terms(draw: Any) -> Terms:
    return terms(
        shipping=draw(_cents),
        waive_fees=draw(st.booleans()),
        given_refund=draw(_cents),
        given_credit=draw(_cents),
        given_exchange=draw(_cents),
        exchange_price=draw(st.none() | _cents),
        money=draw(st.none() | _cents),
        gift_cards=draw(_cents),
        taken_elsewhere=draw(_cents),
        tender_order=draw(st.sampled_from(list(TenderOrder))),
    )


@settings(max_examples=150, deadline=None)
@given(_goods(), _terms())
def test_the_items_add_up_to_what_is_given_and_no_way_of_giving_is_negative(lines, conditions):
    result = break_down(lines, conditions)

    assert sum(item.amount for item in result.items) == result.total
    assert min(result.refund, result.gift_card, result.credit - result.bonus, result.bonus, result.exchange) >= 0
    assert all(amount == amount.quantize(D("0.01")) for amount in (result.refund, result.credit, result.exchange))


@settings(max_examples=150, deadline=None)
@given(_goods(), _terms())
def test_nothing_is_given_that_the_order_does_not_hold(lines, conditions):
    result = break_down(lines, conditions)

    if conditions.money is not None:
        value = result.refund + result.gift_card + result.credit - result.bonus
        assert value <= max(conditions.money + conditions.gift_cards - conditions.taken_elsewhere, 0)
        assert result.refund <= conditions.money
        assert result.gift_card <= conditions.gift_cards


@settings(max_examples=150, deadline=None)
@given(_goods(), _terms())
def test_fees_are_only_kept_back_where_they_are_allowed(lines, conditions):
    result = break_down(lines, conditions)

    forbidden = {one.line for one in lines if not one.fees_allowed or one.kept}
    restocked = {item.line for item in result.items if item.kind == K.RESTOCKING_FEE}
    assert not restocked & forbidden
    travelling = [one for one in lines if not one.kept]
    if not all(one.fees_allowed for one in travelling):
        assert K.RETURN_FEE not in {item.kind for item in result.items}

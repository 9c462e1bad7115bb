"""What an exchange costs: sums that are exact to the minor unit, in every currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.money import Money, quantum
from saleor_aftercare.replacements.policy import (
    acceptable,
    choose_method,
    correction,
    draft_lines,
    price_exchange,
    unit_worth,
)

CURRENCIES = ["EUR", "JPY", "KWD"]


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def jpy(amount: int) -> Money:
    return Money(Decimal(amount), "JPY")


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[list[Money], list[Money], list[int]]:
    currency = draw(st.sampled_from(CURRENCIES))
    unit = quantum(currency)

    def money(most: int) -> Money:
        return Money(draw(st.integers(0, most)) * unit, currency).rounded()

    lines = draw(st.integers(1, 4))
    credited = [money(500_000) for _n in range(draw(st.integers(0, 4)))]
    return credited, [money(200_000) for _n in range(lines)], [draw(st.integers(1, 7)) for _n in range(lines)]


@given(exchanges())
def test_what_the_units_cost_adds_up_to_what_is_due_exactly(exchange):
    credited, prices, quantities = exchange

    priced = price_exchange(credited, prices, quantities)

    paid = sum((price * count for line in priced.units for price, count in line), Decimal(0))
    assert paid == priced.due.amount
    assert [sum(count for _price, count in line) for line in priced.units] == quantities


@given(exchanges())
def test_nothing_is_below_zero_and_no_unit_costs_more_than_its_price(exchange):
    credited, prices, quantities = exchange

    priced = price_exchange(credited, prices, quantities)

    unit = quantum(prices[0].currency)
    assert priced.due.amount >= 0 <= priced.rest.amount
    assert not (priced.due and priced.rest)
    for line, price in zip(priced.units, prices, strict=True):
        assert all(0 <= share <= price.amount and not share % unit for share, _count in line)


@given(exchanges())
def test_credit_and_what_is_due_pay_for_the_goods_and_the_rest(exchange):
    credited, prices, quantities = exchange

    priced = price_exchange(credited, prices, quantities)

    goods = sum((p.amount * q for p, q in zip(prices, quantities, strict=True)), Decimal(0))
    assert sum((c.amount for c in credited), Decimal(0)) + priced.due.amount == goods + priced.rest.amount


def test_ten_euros_over_three_units_leave_the_odd_cent_with_one_of_them():
    priced = price_exchange([eur("20.00")], [eur("10.00")], [3])

    assert priced.units == (((Decimal("3.34"), 1), (Decimal("3.33"), 2)),)
    assert (priced.due, priced.rest) == (eur("10.00"), eur("0.00"))


def test_yen_are_never_split():
    priced = price_exchange([jpy(1000)], [jpy(667)], [3])

    assert priced.units == (((Decimal(334), 2), (Decimal(333), 1)),)
    assert priced.due == jpy(1001)


def test_cheaper_goods_cost_nothing_and_leave_the_difference():
    priced = price_exchange([eur("89.90")], [eur("33.33")], [1])

    assert priced.units == (((Decimal("0.00"), 1),),)
    assert (priced.due, priced.rest) == (eur("0.00"), eur("56.57"))


def test_a_dearer_and_a_cheaper_item_are_set_against_each_other_first():
    priced = price_exchange([eur("50.00"), eur("50.00")], [eur("60.00"), eur("45.00")], [1, 1])

    assert priced.due == eur("5.00")


@pytest.mark.parametrize(
    ("credited", "prices", "quantities"),
    [
        ([eur("1.00")], [], []),
        ([eur("1.00")], [eur("1.00")], [0]),
        ([eur("1.00")], [jpy(1)], [1]),
        ([eur("-1.00")], [eur("1.00")], [1]),
        ([eur("1.00")], [eur("-1.00")], [1]),
    ],
)
def test_nonsense_has_no_price(credited, prices, quantities):
    with pytest.raises(ValueError, match=r"."):
        price_exchange(credited, prices, quantities)


# -- what a unit counts for ------------------------------------------------------------------------------------------


def test_another_size_at_the_same_price_costs_nothing_even_when_bought_with_a_voucher():
    """C1.4: an order-wide voucher lowered what was paid; the size is changed for nothing all the same."""
    worth = unit_worth(credit=eur("18.00"), list_price=eur("20.00"), replaced_list_price=eur("20.00"))

    assert worth == eur("18.00")


def test_another_size_after_prices_rose_costs_nothing_either():
    """C3: the price changed meanwhile; within a product only today's difference counts."""
    worth = unit_worth(credit=eur("20.00"), list_price=eur("25.00"), replaced_list_price=eur("25.00"))

    assert worth == eur("20.00")


def test_a_dearer_variant_costs_the_difference():
    assert unit_worth(credit=eur("18.00"), list_price=eur("26.00"), replaced_list_price=eur("20.00")) == eur("24.00")


def test_a_cheaper_variant_never_counts_for_less_than_nothing():
    assert unit_worth(credit=eur("3.00"), list_price=eur("1.00"), replaced_list_price=eur("20.00")) == eur("0.00")


def test_another_product_counts_for_what_the_shop_asks():
    assert unit_worth(credit=eur("18.00"), list_price=eur("26.00"), replaced_list_price=None) == eur("26.00")


# -- the order in Saleor ---------------------------------------------------------------------------------------------


def method(name: str, price: str, *, active: bool = True) -> dict[str, object]:
    return {"id": name, "name": name, "active": active, "price": {"amount": float(price)}}


def test_a_replacement_travels_as_the_first_order_did_where_that_is_still_offered():
    methods = [method("Standard", "4.90"), method("Express", "12.90")]

    assert choose_method(methods, preferred="Express")["id"] == "Express"
    assert choose_method(methods, preferred="Pigeon")["id"] == "Standard"
    assert choose_method([method("Standard", "4.90", active=False)], preferred="Standard") is None


def test_a_free_order_is_made_free_with_its_shipping_whatever_that_costs():
    discount = correction(gross=Decimal("34.20"), net=Decimal("34.20"), due=Decimal(0), entered_with_tax=False)

    assert (discount.value_type, discount.value) == ("PERCENTAGE", Decimal(100))


def test_shipping_on_top_of_what_is_due_is_taken_off_again():
    discount = correction(gross=Decimal("15.90"), net=Decimal("13.59"), due=Decimal("10.00"), entered_with_tax=True)

    assert (discount.value_type, discount.value) == ("FIXED", Decimal("5.90"))


def test_where_prices_are_entered_without_tax_the_discount_is_too():
    """As measured on Saleor 3.23.28 with 17 % tax: 500.00 was due, and 72.650 off 500.00 net made it that."""
    discount = correction(gross=Decimal("585.00"), net=Decimal("500.00"), due=Decimal("500.00"), entered_with_tax=False)

    assert (discount.value_type, discount.value) == ("FIXED", Decimal("72.650"))


def test_an_order_that_costs_what_is_due_needs_no_discount():
    assert correction(gross=Decimal("10.00"), net=Decimal("8.40"), due=Decimal("10.00"), entered_with_tax=True) is None


@pytest.mark.parametrize(
    ("gross", "fine"), [("10.00", True), ("9.99", True), ("9.98", False), ("10.01", False), ("0.00", False)]
)
def test_an_order_never_costs_more_than_promised_and_less_only_by_rounding(gross, fine):
    assert acceptable(gross=Decimal(gross), due=Decimal("10.00"), currency="EUR", roundings=2) is fine


def test_units_of_one_price_are_one_line_of_the_draft():
    lines = [{"variant_id": "V", "units": [["3.34", 1], ["3.33", 2]]}]

    assert draft_lines(lines) == [
        {"variantId": "V", "quantity": 1, "price": "3.34", "forceNewLine": True},
        {"variantId": "V", "quantity": 2, "price": "3.33", "forceNewLine": True},
    ]

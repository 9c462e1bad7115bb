"""Money: no amount is ever made or lost by splitting it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.money import MAX_AMOUNT, Money, quantum, share_of_units, split

UNITS = {"JPY": Decimal(1), "EUR": Decimal("0.01"), "KWD": Decimal("0.001")}

currencies = st.sampled_from(sorted(UNITS))
minor_units = st.integers(min_value=0, max_value=10**11)


@pytest.mark.parametrize(("currency", "unit"), UNITS.items())
def test_the_smallest_unit_is_the_currencys_own(currency, unit):
    assert quantum(currency) == unit


@given(currencies, minor_units, st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=12))
def test_parts_add_up_exactly_and_none_is_further_off_than_one_unit(currency, n, weights):
    unit = UNITS[currency]
    total = n * unit

    parts = split(total, weights, unit)

    assert sum(parts) == total
    assert all(part >= 0 and part % unit == 0 for part in parts)
    whole = sum(weights)
    shares = [total * w / whole for w in weights] if whole else [total / len(weights)] * len(weights)
    assert all(abs(part - share) <= unit for part, share in zip(parts, shares, strict=True))


def test_what_cannot_be_split_evenly_goes_to_the_largest_remainder_and_then_to_the_earlier():
    assert split(Decimal("0.05"), [Decimal(1)] * 3, UNITS["EUR"]) == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]
    assert split(Decimal(100), [Decimal(1), Decimal(2)], UNITS["JPY"]) == [Decimal(33), Decimal(67)]
    assert split(Decimal(0), [], UNITS["EUR"]) == []


@pytest.mark.parametrize(
    ("total", "weights"),
    [("-0.01", ["1"]), ("0.001", ["1"]), ("1", []), ("1", ["2", "-1"])],
)
def test_nonsense_is_not_split(total, weights):
    with pytest.raises(ValueError, match=r"multiple|nothing|negative"):
        split(Decimal(total), [Decimal(w) for w in weights], UNITS["EUR"])


@given(currencies, minor_units, st.integers(1, 50), st.randoms(use_true_random=False))
def test_giving_back_all_units_in_any_portions_gives_back_exactly_the_price(currency, n, quantity, random):
    unit = UNITS[currency]
    total, taken, given_back = n * unit, 0, []

    while taken < quantity:
        want = random.randint(1, quantity - taken)
        given_back.append(share_of_units(total, quantity, taken, want, unit))
        taken += want

    assert sum(given_back) == total
    assert all(amount >= 0 and amount % unit == 0 for amount in given_back)


def test_whoever_takes_the_last_unit_takes_the_remainder():
    shares = [share_of_units(Decimal(100), 3, taken, 1, UNITS["JPY"]) for taken in range(3)]

    assert shares == [Decimal(33), Decimal(33), Decimal(34)]
    assert share_of_units(Decimal("10.00"), 4, 4, 0, UNITS["EUR"]) == 0


@pytest.mark.parametrize(("taken", "want"), [(3, 1), (-1, 1), (0, 4), (2, -1)])
def test_more_units_than_there_are_have_no_price(taken, want):
    with pytest.raises(ValueError, match="cannot be"):
        share_of_units(Decimal(9), 3, taken, want, UNITS["EUR"])


@pytest.mark.parametrize(
    ("text", "currency", "wire"),
    [
        ("12.5", "EUR", "12.50"),
        ("1200", "JPY", "1200"),
        ("1.234", "KWD", "1.234"),
        (0, "EUR", "0.00"),
        (7.1, "USD", "7.10"),
    ],
)
def test_an_outside_amount_goes_on_the_wire_with_the_currencys_decimals(text, currency, wire):
    assert Money.of(text, currency).wire() == wire


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12.345", "EUR"), ("0.5", "JPY"), ("0.0001", "KWD"), ("-1", "EUR"), ("NaN", "EUR"), ("sNaN", "EUR"),
        ("Infinity", "EUR"), ("1e999999", "EUR"), ("1e-999999", "EUR"), (str(MAX_AMOUNT + 1), "JPY"), ("", "EUR"),
        (None, "EUR"), ("ten", "EUR"), (True, "EUR"), ("1", "XXY"), ("1", ""), ("1", "eur"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_by_name(amount, currency):
    with pytest.raises(InvalidInput) as refused:
        Money.of(amount, currency, field="refund")

    assert refused.value.field == "refund"


def test_saleors_floats_are_rounded_half_up():
    assert Money.read(0.1 + 0.2, "EUR") == Money(Decimal("0.30"), "EUR")
    assert Money.read(1199.5, "JPY") == Money(Decimal(1200), "JPY")
    assert Money.read("2.345", "EUR") == Money(Decimal("2.35"), "EUR")


def test_two_currencies_do_not_mix():
    euro, yen = Money.zero("EUR"), Money.zero("JPY")

    for mix in (lambda: euro + yen, lambda: euro - yen, lambda: euro < yen, lambda: euro <= yen):
        with pytest.raises(ValueError, match="Cannot mix"):
            mix()
    assert not euro
    assert euro != yen


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(Decimal("1234.5"), "EUR"), "en", "€1,234.50"),
        (Money(Decimal(1200), "JPY"), "ja", "￥1,200"),
        (Money(Decimal("1.5"), "KWD"), "en", "KWD1.500"),
    ],
)
def test_people_read_amounts_as_they_are_used_to(money, language, text):
    assert money.format(language) == text

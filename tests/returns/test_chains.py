"""What goods that came in exchange cost: nothing is lost over a chain, and nothing is invented (C1.10, C1.5)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.returns.chains import ExchangedUnits, Pool, at_most

D = Decimal
FIRST, SECOND, THIRD = 1, 2, 3


def test_of_each_orders_part_the_last_unit_takes_the_remainder():
    pool = Pool(3, ((SECOND, D("10.00")), (FIRST, D("100.00"))))

    each = [pool.share(taken=n, want=1, unit=D("0.01")) for n in range(3)]

    assert each[0] == each[1] == ((SECOND, D("3.33")), (FIRST, D("33.33")))
    assert each[2] == ((SECOND, D("3.34")), (FIRST, D("33.34")))


def test_yen_have_no_fractions():
    pool = Pool(3, ((FIRST, D(5311)),))

    assert [pool.share(taken=n, want=1, unit=D(1)) for n in range(3)] == [
        ((FIRST, D(1770)),),
        ((FIRST, D(1770)),),
        ((FIRST, D(1771)),),
    ]


def test_two_lines_of_one_variant_share_its_pool():
    pool = Pool(3, ((FIRST, D(100)),))
    one, two = ExchangedUnits(pool, 0, 1, D(1)), ExchangedUnits(pool, 1, 2, D(1))

    assert (one.paid(0, 5), two.paid(0, 2)) == (((FIRST, D(33)),), ((FIRST, D(67)),))


def test_what_was_paid_last_is_left_out_first():
    paid = ((THIRD, D(5)), (SECOND, D(20)), (FIRST, D(139)))

    assert at_most(paid, D(200)) == paid
    assert at_most(paid, D(150)) == ((SECOND, D(11)), (FIRST, D(139)))
    assert at_most(paid, D(100)) == ((FIRST, D(100)),)
    assert at_most(paid, D(0)) == ()


@given(
    st.lists(st.integers(0, 9999), min_size=1, max_size=4),
    st.lists(st.integers(1, 4), min_size=1, max_size=6),
)
def test_in_whatever_portions_units_come_back_each_order_gives_exactly_its_part(parts: list[int], portions: list[int]):
    units = sum(portions)
    pool = Pool(units, tuple((order, D(part)) for order, part in enumerate(parts)))
    given_back, taken = dict.fromkeys(range(len(parts)), D(0)), 0

    for portion in portions:
        for order, amount in pool.share(taken=taken, want=portion, unit=D(1)):
            assert amount > 0
            given_back[order] += amount
        taken += portion

    assert list(given_back.values()) == [D(part) for part in parts]
    assert pool.share(taken=taken, want=1, unit=D(1)) == ()

"""What units cost, without a database."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.returns.pricing import PricedLine, line_totals, units_amount


def test_the_worst_line_decides_for_all():
    together = Decision.worst(
        [Decision(Verdict.ACCEPT), Decision(Verdict.ASK_STAFF, ("window_passed",)), Decision(Verdict.ACCEPT)]
    )

    assert together == Decision(Verdict.ASK_STAFF, ("window_passed",))


def test_lines_that_add_up_to_what_was_paid_keep_their_price():
    lines = [PricedLine(1, Decimal("54.00"), 3), PricedLine(2, Decimal("36.00"), 1)]

    assert line_totals(lines, goods_total=Decimal("90.00"), unit=Decimal("0.01")) == {
        1: Decimal("54.00"),
        2: Decimal("36.00"),
    }


def test_a_discount_on_the_whole_order_is_spread_over_the_lines_to_the_last_cent():
    lines = [PricedLine(1, Decimal("10.00"), 1), PricedLine(2, Decimal("10.00"), 1), PricedLine(3, Decimal("10.00"), 1)]

    parts = line_totals(lines, goods_total=Decimal("20.00"), unit=Decimal("0.01"))

    assert parts == {1: Decimal("6.67"), 2: Decimal("6.67"), 3: Decimal("6.66")}


def test_yen_have_no_cents_and_the_last_unit_takes_the_remainder():
    line = PricedLine(1, Decimal(5311), 3)

    amounts = [units_amount(line, line.total, taken=n, want=1, unit=Decimal(1)) for n in range(3)]

    assert amounts == [Decimal(1770), Decimal(1770), Decimal(1771)]


@given(
    total=st.integers(0, 10**7),
    quantity=st.integers(1, 40),
    portions=st.lists(st.integers(1, 10), max_size=40),
    digits=st.sampled_from([0, 2, 3]),
)
def test_giving_back_every_unit_in_any_portions_gives_back_exactly_what_was_paid(total, quantity, portions, digits):
    unit = Decimal(1).scaleb(-digits)
    line = PricedLine(1, Decimal(total) * unit, quantity)
    taken, paid = 0, Decimal(0)
    for portion in [*portions, quantity]:
        want = min(portion, quantity - taken)
        amount = units_amount(line, line.total, taken=taken, want=want, unit=unit)
        assert amount >= 0
        taken, paid = taken + want, paid + amount

    assert (taken, paid) == (quantity, line.total)

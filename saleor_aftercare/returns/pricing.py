"""What units of an order really cost the customer. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from saleor_aftercare.core.money import share_of_units, split


@dataclass(frozen=True)
class PricedLine:
    """An order line in money: ``total`` is what was paid for all ``quantity`` units, tax included."""

    key: int
    total: Decimal
    quantity: int


def line_totals(lines: Sequence[PricedLine], *, goods_total: Decimal, unit: Decimal) -> dict[int, Decimal]:
    """What each line really cost, adding up to ``goods_total`` (order total less shipping) exactly.

    Saleor usually spreads an order-wide voucher over the lines itself, and then nothing changes here. Where the
    lines add up to more than was paid, the difference is spread in proportion, largest remainder first. What gift
    cards paid is no discount: it belongs to ``goods_total``, though Saleor leaves it out of the order's total.
    """
    added = sum((line.total for line in lines), Decimal(0))
    if added <= goods_total or not added:
        return {line.key: line.total for line in lines}
    parts = split(max(goods_total, Decimal(0)), [line.total for line in lines], unit)
    return {line.key: part for line, part in zip(lines, parts, strict=True)}


def units_amount(line: PricedLine, total: Decimal, *, taken: int, want: int, unit: Decimal) -> Decimal:
    """The price of ``want`` units after ``taken`` were given back; see ``core.money.share_of_units``."""
    return share_of_units(total, line.quantity, taken, want, unit)

"""What the goods of returns cost: how many units count, and what the customer paid for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saleor_aftercare.compensation.models import Settlement
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.money import Money, quantum
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import LegalBasis, Resolution
from saleor_aftercare.policies.rules import Rule

from .breakdown import PAID_KINDS, Bucket
from .chains import Chain, Paid, at_most, chains_of
from .models import Return, ReturnLine
from .pricing import PricedLine, line_totals, units_amount
from .units import units_asked, units_before, units_due

ZERO = Decimal(0)


@dataclass(frozen=True)
class PricedUnits:
    """What some units of an order line cost, and how much of it is tax (None: Saleor has not told)."""

    units: int
    amount: Decimal
    tax: Decimal | None
    #: Which orders it was paid with, nearest first, for units that came in exchange; empty: the order itself.
    paid: Paid = ()


def bucket_of(resolution: str, *, gift: bool) -> Bucket:
    """What the value of goods becomes. Whoever was given them gets credit, never the payer's money."""
    if resolution == Resolution.REPAIR:
        return Bucket.NOTHING
    if resolution == Resolution.EXCHANGE:
        return Bucket.EXCHANGE
    return Bucket.CREDIT if gift or resolution == Resolution.STORE_CREDIT else Bucket.REFUND


def conditions_of(rule: Rule | None, basis: LegalBasis | str, resolution: str, currency: str) -> dict[str, Any]:
    """What the law and the rule of a line say about keeping something back, or giving something on top."""
    obliged = duties(basis)
    terms: dict[str, Any] = {"fees_allowed": obliged.fees_allowed, "deduction_allowed": obliged.deduction_allowed}
    if rule is not None:
        terms["restocking_percent"] = rule.restocking_percent
        terms["return_fee"] = rule.return_fee.get(currency, ZERO)
        if resolution == Resolution.STORE_CREDIT:
            terms["bonus_percent"] = rule.store_credit_bonus_percent
    return terms


class Prices:
    """What each line of an order really cost; works out units of it. The order's lines are read, or prefetched.

    What came in exchange cost what it counted for, and what was paid on top (C1.10).
    """

    def __init__(self, order: Order, chain: Chain | None = None) -> None:
        self.chain = chain if chain is not None else chains_of([order])[order.pk]
        self.unit = quantum(order.currency)
        self.lines: dict[int, OrderLine] = {line.pk: line for line in order.lines.all()}
        self._priced = {pk: PricedLine(pk, line.total, line.quantity) for pk, line in self.lines.items()}
        # What gift cards paid is not in Saleor's total, and no discount.
        paid = order.total + order.gift_cards - order.shipping
        self._totals = line_totals(list(self._priced.values()), goods_total=paid, unit=self.unit)

    def of(self, line: int, *, taken: int, want: int, settled: Decimal = ZERO) -> PricedUnits:
        """The price of ``want`` units of the order line of that key, ``taken`` of it having been asked back before.

        ``settled`` is what was already given for the line: with it, the line never gives back more than it cost,
        in whatever order its units are asked back, given up and asked back again.
        """
        if (units := self.chain.units(self.lines[line], unit=self.unit)) is not None:
            whole, paid = units.paid(0, units.quantity), units.paid(taken, want)
            most = max(sum((part for _order, part in whole), ZERO) - settled, ZERO)
            paid = at_most(paid, most)
            count = max(min(want, units.quantity - taken), 0)
            return PricedUnits(count, sum((part for _order, part in paid), ZERO), None, paid)
        priced, total = self._priced[line], self._totals[line]
        taken = min(taken, priced.quantity)
        want = min(want, priced.quantity - taken)
        if not want:
            return PricedUnits(0, ZERO, None)
        amount = min(units_amount(priced, total, taken=taken, want=want, unit=self.unit), total - settled)
        return PricedUnits(want, max(amount, ZERO), self._tax(line, total, max(amount, ZERO)))

    def _tax(self, line: int, total: Decimal, amount: Decimal) -> Decimal | None:
        """The share of ``amount`` that is tax, in the proportion that the whole line has."""
        row = self.lines[line]
        if row.net is None or not row.total:
            return None
        return (amount * (row.total - row.net) / row.total / self.unit).quantize(Decimal(1)) * self.unit


def amounts_of(rets: Sequence[Return]) -> dict[int, dict[int, Money]]:
    """What the units of each line of each return cost, by ``Return.pk`` and ``ReturnLine.pk``.

    Earlier returns of the same order line come first, so that the last unit carries the rounding remainder exactly
    once. One query besides the lines of the returns and of their orders.
    """
    before = units_before(rets)
    chains = chains_of([ret.order for ret in rets])
    result = {}
    for ret in rets:
        prices = Prices(ret.order, chains[ret.order_id])
        result[ret.pk] = {
            row.pk: ret.order.money(
                prices.of(row.order_line_id, taken=before[ret.pk].get(row.order_line_id, 0), want=units_due(row)).amount
            )
            for row in ret.lines.all()
        }
    return result


def asked_and_settled(order: Order) -> tuple[Mapping[int, int], Mapping[int, Decimal]]:
    """By order line, the units in returns that count, and what settlements gave for them, before any fee.

    Two queries; one for an order of which nothing was ever asked back.
    """
    lines = list(ReturnLine.objects.filter(ret__order=order).select_related("ret"))
    return units_asked(lines), settled_elsewhere(order, without=None) if lines else {}


def settled_elsewhere(order: Order, *, without: int | None) -> Mapping[int, Decimal]:
    """By order line, what the settlements of the order's other returns gave for it, before any fee."""
    settlements = Settlement.objects.filter(order=order, subject="return")
    given: dict[int, Decimal] = {}
    for ret, items in settlements.values_list("subject_id", "items"):
        for item in items if ret != without else ():
            if item["kind"] in PAID_KINDS and item["line"] is not None:
                given[item["line"]] = given.get(item["line"], ZERO) + Decimal(item["amount"])
    lines = dict(ReturnLine.objects.filter(pk__in=given).values_list("pk", "order_line_id"))
    by_order_line: dict[int, Decimal] = {}
    for pk, amount in given.items():
        if pk in lines:
            by_order_line[lines[pk]] = by_order_line.get(lines[pk], ZERO) + amount
    return by_order_line

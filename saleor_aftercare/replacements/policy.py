"""What an exchange costs, exact to the minor unit, and how an order in Saleor comes to cost just that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_aftercare.core.money import Money, quantum, split

ZERO: Final = Decimal(0)
#: Saleor keeps three decimals of a discount, whatever the currency shows.
_STEP: Final = Decimal("0.001")

#: Prices of units with how many units have that price; a line whose units cost the same has one.
Units = tuple[tuple[Decimal, int], ...]


@dataclass(frozen=True)
class Priced:
    """An exchange in money: ``due`` is what the customer pays on top, ``rest`` what of the credit is left over."""

    units: tuple[Units, ...]  #: one per line; together they cost exactly ``due``
    due: Money
    rest: Money


def price_exchange(credited: Sequence[Money], prices: Sequence[Money], quantities: Sequence[int]) -> Priced:
    """Set what comes back against what goes out.

    ``prices`` are per unit, one per line. At most one of ``due`` and ``rest`` is more than zero. What is due is spread
    over the units in proportion to their prices, so that each costs the customer a whole number of minor units and
    all of them exactly ``due``.

    Raises ValueError for amounts below zero, several currencies, no lines, or quantities below one.
    """
    if not prices or len(prices) != len(quantities) or any(quantity < 1 for quantity in quantities):
        raise ValueError("Every line has a price and at least one unit")
    currency = prices[0].currency
    amounts = [price.rounded().amount for price in prices]
    credit = sum((one.rounded().amount for one in credited), ZERO)
    if any(m.currency != currency for m in (*prices, *credited)) or credit < 0 or min(amounts) < 0:
        raise ValueError("Amounts of one currency, none below zero")
    total = sum((price * quantity for price, quantity in zip(amounts, quantities, strict=True)), ZERO)
    due, rest = max(total - credit, ZERO), max(credit - total, ZERO)
    weights = [price for price, quantity in zip(amounts, quantities, strict=True) for _n in range(quantity)]
    shares = iter(split(due, weights, quantum(currency)))
    units = tuple(_grouped([next(shares) for _n in range(quantity)]) for quantity in quantities)
    return Priced(units, Money(due, currency).rounded(), Money(rest, currency).rounded())


def _grouped(shares: Iterable[Decimal]) -> Units:
    counted: dict[Decimal, int] = {}
    for share in shares:
        counted[share] = counted.get(share, 0) + 1
    return tuple(sorted(counted.items(), reverse=True))


def unit_worth(*, credit: Money, list_price: Money, replaced_list_price: Money | None) -> Money:
    """What a unit that goes out counts for against one that comes back and is worth ``credit``.

    ``replaced_list_price`` is what the shop asks today for the unit that comes back, None when both are not of one
    product. Within a product only today's difference between the two counts: whoever bought with a voucher, or
    before prices rose, changes the size for nothing.
    """
    if replaced_list_price is None:
        return list_price.rounded()
    worth = credit + list_price - replaced_list_price
    return Money(max(worth.amount, ZERO), credit.currency).rounded()


# -- the order in Saleor ---------------------------------------------------------------------------------------------


def draft_lines(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The ``lines`` of ``DraftOrderCreateInput``: one for each price that units of a line have.

    In channels whose prices are entered without tax these come out dearer by it; :func:`correction` takes that off.
    """
    return [
        {"variantId": line["variant_id"], "quantity": quantity, "price": price, "forceNewLine": True}
        for line in lines
        for price, quantity in line["units"]
    ]


def choose_method(methods: Sequence[Mapping[str, Any]], *, preferred: str) -> Mapping[str, Any] | None:
    """How a replacement travels: as the first order did where that is still offered, else the cheapest way.

    ``preferred`` is the name of the method of the first order. None when nothing reaches the address.
    """
    active = [method for method in methods if method["active"]]
    same = [method for method in active if preferred and method["name"] == preferred]
    return min(same or active, key=lambda m: (Decimal(str(m["price"]["amount"])), m["id"]), default=None)


@dataclass(frozen=True)
class Discount:
    """What makes a draft cost what is due; ``value`` in percent or in the channel's entered prices."""

    value_type: str
    value: Decimal


def correction(*, gross: Decimal, net: Decimal, due: Decimal, entered_with_tax: bool) -> Discount | None:
    """The discount that brings a draft of ``gross`` down to ``due``; None when it costs that, or less.

    It covers shipping as well. In channels whose prices are entered without tax so is the discount: it is computed
    from ``net``, to Saleor's three decimals, and the order then costs ``due`` to the cent [measured on 3.23].
    """
    if gross <= due:
        return None
    if not due:
        return Discount("PERCENTAGE", Decimal(100))
    if entered_with_tax or not gross:
        return Discount("FIXED", gross - due)
    return Discount("FIXED", (net - due * net / gross).quantize(_STEP, rounding=ROUND_HALF_UP))


def acceptable(*, gross: Decimal, due: Decimal, currency: str, roundings: int) -> bool:
    """Whether an order of ``gross`` may be placed for a customer who was promised ``due``.

    Never more than promised. Less only by what Saleor's own rounding takes: half a minor unit for each of
    ``roundings`` amounts that it rounds.
    """
    slack = (quantum(currency) * roundings / 2).quantize(quantum(currency), rounding=ROUND_DOWN)
    return due - slack <= gross <= due

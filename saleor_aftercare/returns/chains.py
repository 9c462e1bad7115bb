"""What was really paid for goods that came in exchange, and with which orders (C1.10).

A replacement's own order costs the difference alone, often nothing. Its units were paid with what they counted for,
which stands in the order of the goods that they replaced, and with that difference. Followed back to what was bought,
a unit has a share in each order of its chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import prefetch_related_objects

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.money import quantum, share_of_units
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState

from .models import ReturnLine
from .origins import MAX_EXCHANGES
from .units import units_before

ZERO: Final = Decimal(0)

#: Amounts by the key of the order that they were paid with, the nearest order first; none is zero or less.
Paid = tuple[tuple[int, Decimal], ...]


def at_most(paid: Paid, most: Decimal) -> Paid:
    """``paid`` cut to ``most``: what was paid last is left out first."""
    over = sum((part for _order, part in paid), ZERO) - most
    kept = []
    for order, part in paid:
        cut = min(max(over, ZERO), part)
        over -= cut
        if part > cut:
            kept.append((order, part - cut))
    return tuple(kept)


@dataclass(frozen=True)
class Pool:
    """All units of a variant in an order that came in exchange, with what was paid for them together."""

    units: int
    paid: Paid

    def share(self, *, taken: int, want: int, unit: Decimal) -> Paid:
        """What ``want`` units cost after ``taken``; of each order's part the last unit takes the remainder."""
        want = max(min(want, self.units - taken), 0)
        if not want:
            return ()
        shares = [(order, share_of_units(part, self.units, taken, want, unit)) for order, part in self.paid]
        return tuple((order, part) for order, part in shares if part)


@dataclass(frozen=True)
class ExchangedUnits:
    """The units of one order line, as a part of their pool."""

    pool: Pool
    offset: int  #: units of the same variant in earlier lines
    quantity: int
    unit: Decimal

    def paid(self, taken: int, want: int) -> Paid:
        """What ``want`` units cost after ``taken`` of the line."""
        want = max(min(want, self.quantity - taken), 0)
        return self.pool.share(taken=self.offset + taken, want=want, unit=self.unit)


@dataclass(frozen=True)
class Chain:
    """An order and those that it goes back to, nearest first; ``makers[n]`` made ``orders[n]`` of ``orders[n + 1]``."""

    orders: tuple[Order, ...]
    makers: tuple[Replacement, ...]
    #: Per order, by variant; what is not in it was simply bought.
    pools: tuple[Mapping[str, Pool], ...]

    @property
    def came_in_exchange(self) -> bool:
        """Whether the order was made in place of goods of another."""
        return bool(self.makers)

    @property
    def first(self) -> Order:
        """The order that was simply placed and paid."""
        return self.orders[-1]

    def units(self, line: OrderLine, *, unit: Decimal, depth: int = 0) -> ExchangedUnits | None:
        """The units of a line of ``orders[depth]``; None for what was simply bought."""
        pool = self.pools[depth].get(line.variant_id)
        if pool is None:
            return None
        same = [one for one in self.orders[depth].lines.all() if one.variant_id == line.variant_id and one.pk < line.pk]
        return ExchangedUnits(pool, sum(one.quantity for one in same), line.quantity, unit)

    def funding(self, row: Replacement, *, depth: int) -> dict[int, Decimal]:
        """With which orders the value that ``row`` uses up was paid; ``row`` replaces goods of ``orders[depth]``.

        By the key of the order. What was paid first is used first: what is left over, and refunded, was paid last.
        """
        return _funding(row, self, depth, _returned_lines([row]) if self.pools[depth] else {})


def chains_of(orders: Sequence[Order], *, given_up: bool = False) -> dict[int, Chain]:
    """The chain of each order, by its key. No query for orders that nobody made from outside.

    ``given_up`` follows exchanges as well that were canceled since.
    """
    links = _links(orders, given_up=given_up)
    chains = {}
    climbs = {order.pk: _climb(order, links) for order in orders}
    known = {order.pk: order for climbed, _makers in climbs.values() for order in climbed if len(climbed) > 1}
    prefetch_related_objects(list(known.values()), "lines")
    old = _returned_lines(row for _orders, makers in climbs.values() for row in makers[:-1])
    for pk, (climbed, makers) in climbs.items():
        chain = Chain((climbed[-1],), (), ({},))
        for order, row in zip(reversed(climbed[:-1]), reversed(makers), strict=True):
            pools = _pools(row, order, _funding(row, chain, 0, old))
            chain = Chain((order, *chain.orders), (row, *chain.makers), (pools, *chain.pools))
        chains[pk] = chain
    return chains


def chain_of(order: Order) -> Chain:
    """:func:`chains_of` for one order."""
    return chains_of([order])[order.pk]


def _links(orders: Iterable[Order], *, given_up: bool) -> dict[int, Replacement]:
    """By the key of an order, what made it; for the orders and all that they go back to."""
    links: dict[int, Replacement] = {}
    generation = {(order.shop_id, order.saleor_id): order for order in orders if order.external_reference}
    for _depth in range(MAX_EXCHANGES):
        if not generation:
            break
        rows = Replacement.objects.filter(
            shop__in={order.shop_id for order in generation.values()},
            saleor_order_id__in=[saleor_id for _shop, saleor_id in generation],
            purpose=Purpose.EXCHANGE,
        )
        if not given_up:
            rows = rows.exclude(state=ReplacementState.CANCELED)
        before = []
        for row in rows.select_related("order__shop").order_by("pk"):
            if (made := generation.get((row.shop_id, row.saleor_order_id))) is not None:
                links[made.pk] = row
                before.append(row.order)
        wanted = [order for order in before if order.external_reference and order.pk not in links]
        generation = {(order.shop_id, order.saleor_id): order for order in wanted}
    return links


def _climb(order: Order, links: Mapping[int, Replacement]) -> tuple[list[Order], list[Replacement]]:
    orders, makers = [order], list[Replacement]()
    while (row := links.get(orders[-1].pk)) is not None and len(makers) < MAX_EXCHANGES:
        makers.append(row)
        orders.append(row.order)
    return orders, makers


def _returned_lines(rows: Iterable[Replacement]) -> dict[int, tuple[ReturnLine, int]]:
    """The lines of returns that replacements are for, by key, with the units of the same order line before them."""
    keys = {pk for row in rows for part in row.lines if (pk := part.get("return_line"))}
    if not keys:
        return {}
    lines = list(ReturnLine.objects.filter(pk__in=keys).select_related("order_line", "ret"))
    before = units_before({line.ret_id: line.ret for line in lines}.values())
    return {line.pk: (line, before[line.ret_id].get(line.order_line_id, 0)) for line in lines}


def _funding(
    row: Replacement, chain: Chain, depth: int, old: Mapping[int, tuple[ReturnLine, int]]
) -> dict[int, Decimal]:
    """See ``Chain.funding``."""
    used = max(row.credit - row.rest, ZERO)
    orders = chain.orders[depth:]
    worth = {order.pk: ZERO for order in orders}
    unit = quantum(row.currency)
    for part in row.lines if chain.pools[depth] else ():
        line, taken = old.get(part.get("return_line") or 0, (None, 0))
        units = chain.units(line.order_line, unit=unit, depth=depth) if line is not None else None
        for pk, amount in units.paid(taken, int(part["quantity"])) if units is not None else ():
            worth[pk] += amount
    funding: dict[int, Decimal] = {}
    for order in reversed(orders[1:]):
        funding[order.pk] = min(worth[order.pk], used)
        used -= funding[order.pk]
    # What the chain does not explain was paid with the order that the goods came back from.
    funding[orders[0].pk] = used
    return {pk: amount for pk, amount in funding.items() if amount}


def _pools(row: Replacement, order: Order, funding: Mapping[int, Decimal]) -> dict[str, Pool]:
    """What the units of a replacement's order were paid with: its funding, used up line by line, and the difference.

    The difference comes first: it was paid last.
    """
    left = dict(funding)
    units: dict[str, int] = {}
    paid: dict[str, dict[int, Decimal]] = {}
    for part in row.lines:
        variant, quantity = str(part["variant_id"]), int(part["quantity"])
        own = sum((Decimal(price) * count for price, count in part.get("units", ())), ZERO)
        worth = Decimal(part["list_price"]) * quantity - own
        amounts = paid.setdefault(variant, {order.pk: ZERO, **dict.fromkeys(reversed(list(funding)), ZERO)})
        units[variant] = units.get(variant, 0) + quantity
        amounts[order.pk] += own
        for pk, amount in left.items():
            share = min(amount, worth)
            left[pk] = amount - share
            worth -= share
            amounts[pk] += share
    return {
        variant: Pool(units[variant], tuple((pk, part) for pk, part in amounts.items() if part > 0))
        for variant, amounts in paid.items()
    }

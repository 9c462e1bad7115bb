"""What a replacement replaced: the order line that a customer really bought, however often it was exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.replacements.models import Replacement, ReplacementState

from .models import ReturnLine

#: No chain of exchanges is followed further than this.
MAX_EXCHANGES: Final = 20


@dataclass(frozen=True)
class Origin:
    """What stands at the beginning of a chain of exchanges."""

    order_line: OrderLine  #: what was bought and paid
    exchanges: int  #: how often it was exchanged since


def origins_of(orders: Sequence[Order]) -> dict[int, Origin]:
    """By the key of an order line, what it replaces; lines that were simply bought are left out.

    No query for orders that nobody made from outside; two for each generation of replacements otherwise.
    """
    found: dict[int, Origin] = {}
    generation = [order for order in orders if order.external_reference]
    for _depth in range(MAX_EXCHANGES):
        if not generation:
            break
        before = _replaced_by(generation)
        for line, original in before.items():
            found[line] = Origin(original, 1)
        generation = [one.order for one in before.values() if one.order.external_reference]
    return {line: _follow(line, found) for line in found}


def _follow(line: int, found: Mapping[int, Origin]) -> Origin:
    origin, exchanges = found[line], 1
    while origin.order_line.pk in found and exchanges < MAX_EXCHANGES:
        origin, exchanges = found[origin.order_line.pk], exchanges + 1
    return Origin(origin.order_line, exchanges)


def _replaced_by(orders: Iterable[Order]) -> dict[int, OrderLine]:
    """By the key of a replacement order's line, the line that it came in place of."""
    by_saleor_id = {order.saleor_id: order for order in orders}
    shops = {order.shop_id for order in by_saleor_id.values()}
    made = list(
        Replacement.objects.filter(shop__in=shops, saleor_order_id__in=by_saleor_id).exclude(
            state=ReplacementState.CANCELED
        )
    )
    wanted = {pk for one in made for part in one.lines if (pk := part.get("return_line"))}
    if not wanted:
        return {}
    old = {
        row.pk: row.order_line
        for row in ReturnLine.objects.filter(pk__in=wanted, ret__shop__in=shops).select_related("order_line__order")
    }
    replaced: dict[int, OrderLine] = {}
    for one in made:
        for line in by_saleor_id[one.saleor_order_id].lines.all():
            original = _part_of(line, one.lines, old)
            if original is not None:
                replaced[line.pk] = original
    return replaced


def _part_of(line: OrderLine, parts: Iterable[Mapping[str, Any]], old: Mapping[int, OrderLine]) -> OrderLine | None:
    for part in parts:
        if part.get("variant_id") == line.variant_id and part.get("return_line") in old:
            return old[part["return_line"]]
    return None

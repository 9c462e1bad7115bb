"""What several resolver modules share: the caller, money, pages and mutation errors."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import wraps
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from saleor_aftercare.sandbox.access import Caller
from saleor_aftercare.sandbox.records import Order
from saleor_aftercare.sandbox.store import PracticeShop, ShopError, net_of

#: Saleor's largest page.
MAX_PAGE = 100


def caller(info: GraphQLResolveInfo) -> Caller:
    """Who asks."""
    context: Caller = info.context
    return context


def the_shop(info: GraphQLResolveInfo) -> PracticeShop:
    """The shop that is asked."""
    return caller(info).shop


def money(amount: Decimal, currency: str) -> dict[str, Any]:
    """A ``Money``."""
    return {"amount": amount, "currency": currency}


def taxed(gross: Decimal, tax_rate: Decimal, currency: str) -> dict[str, Any]:
    """A ``TaxedMoney`` from its gross amount."""
    net = net_of(gross, tax_rate, currency)
    return {
        "currency": currency,
        "gross": money(gross, currency),
        "net": money(net, currency),
        "tax": money(gross - net, currency),
    }


def in_order(info: GraphQLResolveInfo, order: Order, amount: Decimal) -> dict[str, Any]:
    """A ``Money`` in the order's currency."""
    return money(amount, the_shop(info).currency(order))


def order_of_line(shop: PracticeShop, line_id: str) -> Order:
    """The order that holds a line; lines know only their id."""
    return next(o for o in shop.state.orders if any(x.id == line_id for x in o.lines))


def _cursor(position: int) -> str:
    return base64.b64encode(json.dumps([str(position)]).encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(json.loads(base64.b64decode(cursor))[0])
    except (ValueError, IndexError, TypeError, KeyError):
        raise GraphQLError("Received cursor is invalid.") from None


def page(
    rows: Sequence[Any],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    **_: Any,
) -> dict[str, Any]:
    """A relay connection over ``rows`` as they are now; needs ``first`` or ``last``, at most 100."""
    size = first if first is not None else last
    if size is None:
        raise GraphQLError("You must provide a `first` or `last` value to properly paginate.")
    if size > MAX_PAGE:
        raise GraphQLError(f"Requesting {size} records exceeds the limit of {MAX_PAGE} records.")
    start = _position(after) + 1 if after else 0
    end = _position(before) if before else len(rows)
    if first is not None:
        end = min(start + first, end)
    else:
        start = max(end - size, start)
    edges = [{"node": rows[i], "cursor": _cursor(i)} for i in range(start, end)]
    return {
        "edges": edges,
        "totalCount": len(rows),
        "pageInfo": {
            "hasNextPage": end < len(rows),
            "hasPreviousPage": start > 0,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def mutation(*permissions: str) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., Any]]:
    """A mutation: needs one of ``permissions``; a ShopError becomes an entry of ``errors``."""

    def decorate(function: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
        @wraps(function)
        def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> dict[str, Any]:
            if permissions:
                caller(info).need(*permissions)
            try:
                return function(source, info, **arguments) | {"errors": []}
            except ShopError as error:
                return {"errors": [error.entry]}

        return resolve

    return decorate


def found(value: Any, field: str = "id") -> Any:
    """``value``, or NOT_FOUND for ``field``."""
    if value is None:
        raise ShopError("NOT_FOUND", "Couldn't resolve to a node.", field)
    return value

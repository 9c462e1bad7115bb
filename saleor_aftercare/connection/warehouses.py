"""The warehouses of a shop's Saleor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop

from . import client
from .models import Order, ShopSettings

_PAGES: Final = 20


@dataclass(frozen=True)
class Warehouse:
    """A place that Saleor counts stocks of."""

    id: str  #: Saleor global ID
    name: str


def warehouses_of(shop: Shop) -> list[Warehouse]:
    """All of them, by name; raises what ``client.call`` raises."""
    found: list[Warehouse] = []
    after = None
    for _page in range(_PAGES):
        page = client.call(shop, "warehouses", after=after)["warehouses"]
        found += [Warehouse(edge["node"]["id"], edge["node"]["name"]) for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found


def warehouse(shop: Shop, saleor_id: str, *, field: str) -> Warehouse:
    """The warehouse of this id; raises InvalidInput(field) when Saleor has no such one."""
    for one in warehouses_of(shop):
        if one.id == saleor_id:
            return one
    raise InvalidInput(_("Saleor has no such warehouse (any more)."), field)


def suggested_warehouse(shop: Shop, settings: ShopSettings, order: Order | None) -> Warehouse | None:
    """Where goods of an order should go: to the shop's choice, else to where they came from; None when nobody knows.

    A chosen warehouse that Saleor has no more does not count. Raises what ``client.call`` raises.
    """
    places = {one.id: one for one in warehouses_of(shop)}
    if settings.default_warehouse_id in places:
        return places[settings.default_warehouse_id]
    if len(places) == 1:
        return next(iter(places.values()))
    if order is None:
        return None
    found = client.call(shop, "fulfilled-from", id=order.saleor_id).get("order") or {}
    for one in found.get("fulfillments") or ():
        if one["warehouse"] is not None and one["warehouse"]["id"] in places:
            return places[one["warehouse"]["id"]]
    return None

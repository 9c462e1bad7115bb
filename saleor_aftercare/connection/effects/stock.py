"""Goods that go back into a stock.

Saleor (3.22 to 3.24) sets stocks to an absolute quantity; it has no mutation that adds. Two of its habits make that
dangerous: a fulfilment locks the stock's row for as long as it takes (most of a second, measured), so that our write
waits for it and then overwrites what it took; and no answer says what stood there before. ``returns.stock`` finds out
afterwards what was overwritten. This module reads and writes.

* Reads go through the mutation that changes nothing (no stocks given): Saleor answers mutations from its primary
  database, while queries may come from a replica.
* A write is one document of three fields, carried out in their order: read, write, and leave our mark in the variant's
  private metadata. After a lost answer the quantity says whether it was written, and the mark where it is ambiguous.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.utils.dateparse import parse_datetime

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import ShopCommand
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Shop

from .base import EFFECTS, Answer, Effect

KIND: Final = "restock"
#: Fulfilments are looked for from this long before the first look at the stock: none takes longer to be carried out.
LOOK_BACK: Final = timedelta(minutes=3)
#: Statuses of fulfilments whose units were taken out of the stock.
TAKEN: Final = frozenset({"FULFILLED", "REFUNDED"})
_LOOKS: Final = 8
_PAGES: Final = 50


class Stock(NamedTuple):
    """A variant in a warehouse at one moment, and what was shipped from there shortly before."""

    quantity: int
    tracked: bool  #: Saleor counts this variant at all
    mark: str  #: the reference of our last write
    fulfilled: dict[str, int]  #: units by fulfilment


def look(shop: Shop, *, variant: str, warehouse: str, since: str) -> Stock:
    """A stock and the fulfilments since ``since`` (ISO), both of one moment.

    The quantity is read before and after; where it differs, something was shipped meanwhile, and both are read again.

    Raises:
        SaleorRejected: Saleor does not know the variant (any more), or does not let us.
        ProviderUnavailable: no moment was quiet enough, or Saleor cannot be reached.
    """
    before = _read(shop, variant, warehouse)
    for _ in range(_LOOKS):
        fulfilled = _fulfilled(shop, variant, warehouse, since)
        after = _read(shop, variant, warehouse)
        if after == before:
            return after._replace(fulfilled=fulfilled)
        before = after
    raise ProviderUnavailable("This stock changes all the time at the moment.", retry_after_s=5)


def mark_key(warehouse: str) -> str:
    """The name of our mark in a variant's private metadata; each warehouse has its own."""
    return f"aftercare.restock.{warehouse}"


def _read(shop: Shop, variant: str, warehouse: str) -> Stock:
    found = client.mutate(shop, "stock", variant=variant)["productVariant"]
    return _stock(found, warehouse)


def _stock(found: Answer, warehouse: str) -> Stock:
    quantity = next((int(s["quantity"]) for s in found["stocks"] if s["warehouse"]["id"] == warehouse), 0)
    marks = {one["key"]: one["value"] for one in found["privateMetadata"]}
    return Stock(quantity, bool(found["trackInventory"]), str(marks.get(mark_key(warehouse), "")), {})


def _fulfilled(shop: Shop, variant: str, warehouse: str, since: str) -> dict[str, int]:
    found: dict[str, int] = {}
    start = parse_datetime(since)
    after = None
    for _ in range(_PAGES):
        page = client.call(shop, "fulfilled-since", since=since, after=after)["orders"]
        for edge in page["edges"]:
            for one in edge["node"]["fulfillments"]:
                made = parse_datetime(one["created"])
                place = (one["warehouse"] or {}).get("id")
                if one["status"] in TAKEN and place == warehouse and made is not None and start and made >= start:
                    units = sum(int(line["quantity"]) for line in one["lines"] if _variant(line) == variant)
                    if units:
                        found[one["id"]] = units
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
    raise ProviderUnavailable("Too many orders change at the moment.", retry_after_s=60)


def _variant(line: Answer) -> str | None:
    return ((line.get("orderLine") or {}).get("variant") or {}).get("id")


def new_units(trace: Answer, seen: Stock) -> int:
    """Units shipped since the look that a command was written after."""
    return sum(units for key, units in seen.fulfilled.items() if key not in trace["fulfilled"])


def look_again(command: ShopCommand) -> Stock:
    """The stock that a command is about, as it is now."""
    warehouse = command.request["stocks"][0]["warehouse"]
    return look(command.shop, variant=command.request["variant"], warehouse=warehouse, since=command.trace["since"])


def _look(command: ShopCommand) -> Answer:
    seen = look_again(command)
    return {
        "mark": seen.mark,
        "moved": seen.quantity - command.trace["base"],
        "fulfilled": new_units(command.trace, seen),
    }


def _find(command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    """Whether the write was carried out, by arithmetic: without it, shipments alone explain the quantity.

    Our mark decides only where nothing else explains it: Saleor goes on to the mark when the write before it failed.
    """
    owed, shipped = command.trace["owed"], answer["fulfilled"]
    rest = answer["moved"] + shipped
    if rest == 0:
        return None
    if owed <= rest <= owed + shipped or answer["mark"] == command.reference:
        return {"found": rest}
    return None


def _keep(payloads: dict[str, Any]) -> dict[str, Any]:
    found = payloads["before"]["productVariant"]
    return {"before": {one["warehouse"]["id"]: int(one["quantity"]) for one in found["stocks"]}}


EFFECTS[KIND] = Effect("restock", _find, _keep, read=_look, deciding="write")

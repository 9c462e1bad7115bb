"""Goods that came back, as Saleor records them."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.connection.models import ShopCommand

from .base import EFFECTS, Answer, Effect


def _find_return(command: ShopCommand, order: Answer) -> dict[str, Any] | None:
    """Our returned fulfilment: by the reference in its reason (3.23+), else by its units among the new ones."""
    known = set(command.trace["known"])
    reason = command.request["input"].get("reason")
    wanted = command.trace["units"]
    for one in order["returned"]:
        if one["status"] not in {"RETURNED", "REFUNDED_AND_RETURNED"} or not one["lines"]:
            continue
        if "reason" in one and reason:
            if one["reason"] == reason:
                return {"fulfillment": one["id"]}
        elif one["id"] not in known:
            units: dict[str, int] = {}
            for line in one["lines"]:
                key = line["orderLine"]["id"]
                units[key] = units.get(key, 0) + int(line["quantity"])
            if units == wanted:
                return {"fulfillment": one["id"]}
    return None


EFFECTS["record_return"] = Effect(
    "return-products", _find_return, lambda p: {"fulfillment": (p.get("returnFulfillment") or {}).get("id")}
)

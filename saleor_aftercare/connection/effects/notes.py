"""Notes on the timeline of an order, where the shop's staff read them in Saleor's own Dashboard."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.core.errors import ProviderUnavailable

from .base import EFFECTS, Answer, Effect

KIND = "order_note"


def _read_events(command: ShopCommand) -> Answer:
    order: Answer | None = client.call(command.shop, "order-events", id=command.order_id).get("order")
    if order is None:
        raise ProviderUnavailable("Saleor does not show the order at the moment.")
    return order


def _find_note(command: ShopCommand, order: Answer) -> dict[str, Any] | None:
    """A note has no reference of ours: it is found by its words, once those that we know of are counted off."""
    words = command.request["input"]["message"]
    notes = [one["id"] for one in order["events"] if one["type"] == "NOTE_ADDED" and one["message"] == words]
    known = ShopCommand.objects.filter(
        shop_id=command.shop_id, kind=KIND, order_id=command.order_id, state=CommandState.SENT, request=command.request
    ).count()
    return {"event": notes[-1]} if len(notes) > known else None


EFFECTS[KIND] = Effect(
    "order-note", _find_note, lambda p: {"event": (p.get("event") or {}).get("id")}, read=_read_events
)

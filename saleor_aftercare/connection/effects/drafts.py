"""Orders that we make: a draft under a reference of ours, dressed step by step, then completed.

Saleor refuses a second order of one external reference, so whatever gets lost, there is never another one. Each
effect's ``trace`` names that reference; reading back looks at the order that carries it.
"""

from __future__ import annotations

from typing import Any

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import ShopCommand
from saleor_aftercare.core.models import Shop

from .base import EFFECTS, Answer, Effect


def read_made_order(shop: Shop, *, saleor_id: str = "", reference: str = "") -> Answer | None:
    """An order or draft that we made, by Saleor's id where that is known; None when Saleor has none.

    An id says more than a reference, which staff can change in Saleor. Raises what ``client.call`` raises.
    """
    order: Answer | None = None
    if saleor_id:
        order = client.call(shop, "made-order", id=saleor_id).get("order")
    elif reference:
        order = client.call(shop, "made-order", reference=reference).get("order")
    return order


def _read(command: ShopCommand) -> Answer:
    request = command.request
    saleor_id = str(request.get("id") or request.get("order") or "")
    return {"order": read_made_order(command.shop, saleor_id=saleor_id, reference=command.trace["reference"])}


def _find_draft(_command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    order = answer["order"]
    return None if order is None else {"order": order["id"], "number": str(order["number"])}


def _find_method(command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    chosen = (answer["order"] or {}).get("deliveryMethod") or {}
    return {} if chosen.get("id") == command.request["input"]["shippingMethod"] else None


def _find_discount(command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    reason = command.request["input"]["reason"]
    given = (answer["order"] or {}).get("discounts") or ()
    return {} if any(one["reason"] == reason for one in given) else None


def _find_completed(_command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    order = answer["order"]
    return None if order is None or order["status"] == "DRAFT" else {"number": str(order["number"])}


def _find_nothing(_command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    return {} if answer["order"] is None else None


def _find_canceled(_command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    order = answer["order"]
    return {} if order is not None and order["status"] == "CANCELED" else None


EFFECTS |= {
    "create_draft": Effect(
        "draft-create",
        _find_draft,
        lambda p: {"order": p["order"]["id"], "number": str(p["order"]["number"])},
        frozenset({"UNIQUE"}),
        read=_read,
    ),
    "choose_shipping": Effect("draft-update", _find_method, lambda p: {}, read=_read),
    "discount_draft": Effect("draft-discount", _find_discount, lambda p: {}, read=_read),
    "complete_draft": Effect(
        "draft-complete", _find_completed, lambda p: {"number": str(p["order"]["number"])}, read=_read
    ),
    "delete_draft": Effect("draft-delete", _find_nothing, lambda p: {}, frozenset({"NOT_FOUND"}), read=_read),
    "cancel_order": Effect("order-cancel", _find_canceled, lambda p: {}, read=_read),
}

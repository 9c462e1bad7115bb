"""Notes on the timeline of an order."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.records import OrderEvent
from saleor_aftercare.sandbox.store import ShopError

from . import field
from .common import caller, found, mutation, the_shop


@field("Mutation.orderNoteAdd")
@mutation("MANAGE_ORDERS")
def add_note(_: Any, info: GraphQLResolveInfo, order: str, input: dict[str, Any]) -> dict[str, Any]:
    """The message is trimmed; the same one twice makes two notes, and ORDER_UPDATED is sent, as Saleor does."""
    shop = the_shop(info)
    subject = found(shop.order(order), "id")
    message = input["message"].strip()
    if not message:
        raise ShopError("REQUIRED", "Message can't be empty.", "message")
    at = shop.now()
    event = OrderEvent(
        id=shop.new_id("OrderEvent"),
        date=at,
        type="NOTE_ADDED",
        message=message,
        app=app.id if (app := caller(info).app) else None,
        user=user.id if (user := caller(info).user) else None,
    )
    subject.events.append(event)
    shop.touch(subject, at)
    shop.announce("ORDER_UPDATED", subject, principal=caller(info).id)
    return {"order": subject, "event": event}

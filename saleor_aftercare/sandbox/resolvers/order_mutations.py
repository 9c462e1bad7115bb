"""Mutations on orders and parcels."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox import fulfilling, ordering, paying
from saleor_aftercare.sandbox.records import Fulfillment, Order
from saleor_aftercare.sandbox.store import ShopError

from . import field
from .common import caller, found, mutation, order_of_line, the_shop

Info = GraphQLResolveInfo


def _order(info: Info, id_: str | None, name: str = "id") -> Order:
    order: Order = found(the_shop(info).order(id_), name)
    return order


def _parcel(info: Info, id_: str) -> tuple[Order, Fulfillment]:
    pair: tuple[Order, Fulfillment] = found(the_shop(info).fulfillment(id_))
    return pair


@field("Mutation.orderFulfillmentReturnProducts")
@mutation("MANAGE_ORDERS")
def return_products(_: Any, info: Info, order: str, input: dict[str, Any]) -> dict[str, Any]:
    subject = _order(info, order, "order")
    lines = [
        fulfilling.ReturnedLine(
            quantity=item["quantity"],
            fulfillment_line=item.get("fulfillment_line_id"),
            order_line=item.get("order_line_id"),
            replace=bool(item.get("replace")),
            reason=item.get("reason") or "",
        )
        for item in [*(input.get("order_lines") or []), *(input.get("fulfillment_lines") or [])]
    ]
    if not lines:
        raise ShopError("INVALID", "Provide at least one line to return.", "orderLines")
    result = fulfilling.return_products(
        the_shop(info),
        subject,
        lines,
        reason=input.get("reason") or "",
        refund=bool(input.get("refund")),
        by=caller(info).id,
    )
    return {
        "returnFulfillment": result.returned,
        "replaceFulfillment": result.replaced,
        "replaceOrder": result.replacement,
        "order": subject,
    }


@field("Mutation.orderFulfillmentRefundProducts")
@mutation("MANAGE_ORDERS")
def refund_products(_: Any, info: Info, order: str, input: dict[str, Any]) -> dict[str, Any]:
    """Works only with legacy payments, which the practice shop does not have."""
    del input
    _order(info, order, "order")
    raise ShopError("CANNOT_REFUND", "Order cannot be refunded.", "order")


@field("Mutation.orderFulfill")
@mutation("MANAGE_ORDERS")
def fulfill(_: Any, info: Info, input: dict[str, Any], order: str | None = None) -> dict[str, Any]:
    subject = _order(info, order, "order")
    lines = [
        fulfilling.SentLine(line["order_line_id"], stock["quantity"], stock["warehouse"])
        for line in input["lines"]
        for stock in line["stocks"]
    ]
    parcel = fulfilling.fulfill(
        the_shop(info),
        subject,
        lines,
        tracking_number=input.get("tracking_number") or "",
        notify=input.get("notify_customer") is not False,
        by=caller(info).id,
    )
    return {"fulfillments": [parcel], "order": subject}


@field("Mutation.orderFulfillmentUpdateTracking")
@mutation("MANAGE_ORDERS")
def update_tracking(_: Any, info: Info, id: str, input: dict[str, Any]) -> dict[str, Any]:
    order, parcel = _parcel(info, id)
    number = input.get("tracking_number") or ""
    fulfilling.update_tracking(the_shop(info), order, parcel, number, by=caller(info).id)
    return {"fulfillment": parcel, "order": order}


@field("Mutation.orderFulfillmentCancel")
@mutation("MANAGE_ORDERS")
def cancel_fulfillment(
    _: Any,
    info: Info,
    id: str,
    input: dict[str, Any] | None = None,
) -> dict[str, Any]:
    order, parcel = _parcel(info, id)
    warehouse = (input or {}).get("warehouse_id")
    fulfilling.cancel_fulfillment(the_shop(info), order, parcel, warehouse=warehouse, by=caller(info).id)
    return {"fulfillment": parcel, "order": order}


@field("Mutation.orderCancel")
@mutation("MANAGE_ORDERS")
def cancel(_: Any, info: Info, id: str) -> dict[str, Any]:
    order = _order(info, id)
    return {"order": ordering.cancel_order(the_shop(info), order, by=caller(info).id)}


@field("Mutation.orderMarkAsPaid")
@mutation("MANAGE_ORDERS")
def mark_as_paid(
    _: Any,
    info: Info,
    id: str,
    transaction_reference: str | None = None,
) -> dict[str, Any]:
    order = _order(info, id)
    reference = transaction_reference or ""
    paying.mark_as_paid(the_shop(info), order, reference=reference, by=caller(info).id)
    return {"order": order}


@field("Mutation.draftOrderCreate")
@mutation("MANAGE_ORDERS")
def draft_create(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    return {"order": ordering.create_draft(the_shop(info), input, by=caller(info).id)}


@field("Mutation.draftOrderUpdate")
@mutation("MANAGE_ORDERS")
def draft_update(
    _: Any,
    info: Info,
    input: dict[str, Any],
    id: str | None = None,
) -> dict[str, Any]:
    order = _order(info, id)
    return {"order": ordering.update_draft(the_shop(info), order, input, by=caller(info).id)}


@field("Mutation.draftOrderComplete")
@mutation("MANAGE_ORDERS")
def draft_complete(_: Any, info: Info, id: str) -> dict[str, Any]:
    order = _order(info, id)
    return {"order": ordering.complete_draft(the_shop(info), order, by=caller(info).id)}


@field("Mutation.draftOrderDelete")
@mutation("MANAGE_ORDERS")
def draft_delete(
    _: Any,
    info: Info,
    id: str | None = None,
    external_reference: str | None = None,
) -> dict[str, Any]:
    shop = the_shop(info)
    named = (o.id for o in shop.state.orders if external_reference and o.external_reference == external_reference)
    order = _order(info, id or next(named, None))
    return {"order": ordering.delete_draft(shop, order, by=caller(info).id)}


@field("Mutation.orderLineDiscountUpdate")
@mutation("MANAGE_ORDERS")
def line_discount(_: Any, info: Info, order_line_id: str, input: dict[str, Any]) -> dict[str, Any]:
    shop = the_shop(info)
    orders = (o for o in shop.state.orders if any(x.id == order_line_id for x in o.lines))
    found(next(orders, None), "orderLineId")
    order = order_of_line(shop, order_line_id)
    line = fulfilling.find_line(order, order_line_id)
    return {"order": order, "orderLine": ordering.discount_line(shop, order, line, input)}


@field("Mutation.orderDiscountAdd")
@mutation("MANAGE_ORDERS")
def order_discount(_: Any, info: Info, order_id: str, input: dict[str, Any]) -> dict[str, Any]:
    order = _order(info, order_id, "orderId")
    return {"order": ordering.discount_order(the_shop(info), order, input)}

"""Sending goods and taking them back: what moves where, as Saleor moves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .ordering import is_paid, log, new_address
from .pricing import reprice
from .records import Fulfillment, FulfillmentLine, Order, OrderLine
from .store import PracticeShop, ShopError

#: Goods in a parcel of one of these states can be recorded as returned.
RETURNABLE = frozenset({"FULFILLED", "REFUNDED", "WAITING_FOR_APPROVAL"})


@dataclass(frozen=True)
class SentLine:
    """How many units of an order line go into the parcel, and from where."""

    line: str
    quantity: int
    warehouse: str | None = None


@dataclass(frozen=True)
class ReturnedLine:
    """How many units come back, of a fulfilment line or, when never sent, of an order line."""

    quantity: int
    fulfillment_line: str | None = None
    order_line: str | None = None
    replace: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ReturnResult:
    """What a return made of an order."""

    returned: Fulfillment | None
    replaced: Fulfillment | None
    replacement: Order | None


def fulfill(
    shop: PracticeShop,
    order: Order,
    lines: Iterable[SentLine] | None = None,
    *,
    tracking_number: str = "",
    notify: bool = True,
    allow_unpaid: bool = False,
    by: str | None = None,
) -> Fulfillment:
    """Send ``lines``, or everything that is left.

    Announces FULFILLMENT_CREATED and ORDER_UPDATED; with the last goods also FULFILLMENT_APPROVED and ORDER_FULFILLED;
    of a part with a number also FULFILLMENT_TRACKING_NUMBER_UPDATED.
    """
    with shop.changing() as at:
        if not allow_unpaid and not is_paid(order):
            raise ShopError("CANNOT_FULFILL_UNPAID_ORDER", "Cannot fulfill unpaid order.", "order")
        if order.status in {"DRAFT", "CANCELED", "EXPIRED"}:
            raise ShopError("CANNOT_FULFILL_UNPAID_ORDER", "Order can't be fulfilled.", "order")
        sent = (
            list(lines)
            if lines is not None
            else [
                SentLine(x.id, x.quantity - x.quantity_fulfilled)
                for x in order.lines
                if x.quantity > x.quantity_fulfilled
            ]
        )
        if sum(x.quantity for x in sent) <= 0:
            raise ShopError("ZERO_QUANTITY", "Total quantity must be larger than 0.", "lines")
        warehouse = next((x.warehouse for x in sent if x.warehouse), shop.state.warehouses[0].id)
        parcel = Fulfillment(
            id=shop.new_id("Fulfillment"),
            fulfillment_order=len(order.fulfillments) + 1,
            status="FULFILLED",
            created=at,
            warehouse=warehouse,
            tracking_number=tracking_number,
        )
        for item in sent:
            _check_line(order, item)
        for item in sent:
            _send_line(shop, order, parcel, item)
        order.fulfillments.append(parcel)
        update_status(order)
        shop.touch(order, at)
        log(shop, order, "FULFILLMENT_FULFILLED_ITEMS", by=by)
        shop.announce("FULFILLMENT_CREATED", parcel, principal=by, order=order, notify=notify)
        if order.status == "FULFILLED":
            shop.announce("FULFILLMENT_APPROVED", parcel, principal=by, order=order, notify=notify)
            shop.announce("ORDER_UPDATED", order, principal=by)
            shop.announce("ORDER_FULFILLED", order, principal=by)
        else:
            shop.announce("ORDER_UPDATED", order, principal=by)
            if tracking_number:
                shop.announce("FULFILLMENT_TRACKING_NUMBER_UPDATED", parcel, principal=by, order=order)
    return parcel


def _check_line(order: Order, item: SentLine) -> None:
    line = find_line(order, item.line)
    if item.quantity > line.quantity - line.quantity_fulfilled:
        raise ShopError(
            "FULFILL_ORDER_LINE",
            f"Only {line.quantity - line.quantity_fulfilled} items remaining to fulfill.",
            "orderLineId",
            orderLines=[line.id],
        )


def _send_line(shop: PracticeShop, order: Order, parcel: Fulfillment, item: SentLine) -> None:
    if item.quantity < 1:
        return
    line = find_line(order, item.line)
    _move_stock(shop, line, parcel.warehouse, -item.quantity)
    line.quantity_fulfilled += item.quantity
    parcel.lines.append(FulfillmentLine(shop.new_id("FulfillmentLine"), line.id, item.quantity))


def _move_stock(shop: PracticeShop, line: OrderLine, warehouse: str | None, by: int) -> None:
    variant = shop.variant(line.variant)
    if variant is not None and warehouse is not None:
        variant.stock[warehouse] = max(variant.stock.get(warehouse, 0) + by, 0)


def find_line(order: Order, line_id: str) -> OrderLine:
    """A line of this order; raises NOT_FOUND."""
    for line in order.lines:
        if line.id == line_id:
            return line
    raise ShopError("NOT_FOUND", "Order line does not belong to this order.", "orderLineId")


def update_tracking(
    shop: PracticeShop, order: Order, parcel: Fulfillment, number: str, *, by: str | None = None
) -> Fulfillment:
    """Set the parcel's number; announces FULFILLMENT_TRACKING_NUMBER_UPDATED and ORDER_UPDATED."""
    with shop.changing() as at:
        parcel.tracking_number = number
        shop.touch(order, at)
        log(shop, order, "TRACKING_UPDATED", by=by)
        shop.announce("FULFILLMENT_TRACKING_NUMBER_UPDATED", parcel, principal=by, order=order)
        shop.announce("ORDER_UPDATED", order, principal=by)
    return parcel


def cancel_fulfillment(
    shop: PracticeShop,
    order: Order,
    parcel: Fulfillment,
    *,
    warehouse: str | None = None,
    by: str | None = None,
) -> Fulfillment:
    """Take a parcel back before it left; with ``warehouse`` the goods go on its shelf again."""
    with shop.changing() as at:
        if parcel.status not in {"FULFILLED", "WAITING_FOR_APPROVAL"}:
            raise ShopError("CANNOT_CANCEL_FULFILLMENT", "This fulfillment can't be canceled.", "fulfillment")
        parcel.status = "CANCELED"
        for item in parcel.lines:
            line = find_line(order, item.order_line)
            line.quantity_fulfilled -= item.quantity
            _move_stock(shop, line, warehouse, item.quantity)
        update_status(order)
        shop.touch(order, at)
        log(shop, order, "FULFILLMENT_CANCELED", by=by)
        shop.announce("FULFILLMENT_CANCELED", parcel, principal=by, order=order)
        shop.announce("ORDER_UPDATED", order, principal=by)
    return parcel


def return_products(
    shop: PracticeShop,
    order: Order,
    lines: list[ReturnedLine],
    *,
    reason: str = "",
    refund: bool = False,
    by: str | None = None,
) -> ReturnResult:
    """Record goods as returned or to be replaced; nothing goes back on a shelf and no money moves.

    Units leave their fulfilment line for a new RETURNED (or REPLACED) fulfilment; an emptied line disappears, and with
    its last line the parcel and its tracking number. Lines are looked up in every order, as Saleor does. Announces
    only ORDER_UPDATED, and DRAFT_ORDER_CREATED for a replacement.
    """
    with shop.changing() as at:
        if refund:
            raise ShopError("CANNOT_REFUND", "Order cannot be refunded.", "order")
        checked = [_check_returned(shop, order, item) for item in lines]
        replaced = [x for x in checked if x[0].replace]
        replacement_parcel = _collect(shop, order, replaced, "REPLACED", reason)
        returned = _collect(shop, order, [x for x in checked if not x[0].replace], "RETURNED", reason)
        if returned is None:
            # A pure replacement leaves an empty RETURNED fulfilment behind [seen live].
            returned = _new_parcel(shop, order, "RETURNED", reason)
        replacement = _reissue(shop, order, replaced, by) if replaced else None
        update_status(order)
        shop.touch(order, at)
        log(shop, order, "FULFILLMENT_RETURNED", by=by)
        shop.announce("ORDER_UPDATED", order, principal=by)
    return ReturnResult(returned, replacement_parcel, replacement)


#: A checked line: what was asked, the order line, and the parcel and its line when the goods were sent.
Checked = tuple[ReturnedLine, OrderLine, Fulfillment | None, FulfillmentLine | None]


def _check_returned(shop: PracticeShop, order: Order, item: ReturnedLine) -> Checked:
    if item.order_line is not None:
        line = find_line(order, item.order_line)
        if line.is_gift_card:
            raise ShopError("GIFT_CARD_LINE", "Cannot return gift card line.", "orderLineId")
        if item.quantity < 1 or item.quantity > line.quantity - line.quantity_fulfilled:
            message = "Provided quantity is bigger than unfulfilled quantity."
            raise ShopError("INVALID_QUANTITY", message, "orderLineId", orderLines=[line.id])
        return item, line, None, None
    for other in shop.state.orders:
        for parcel in other.fulfillments:
            for sent in parcel.lines:
                if sent.id == item.fulfillment_line:
                    return _check_sent(other, parcel, sent, item)
    raise ShopError("NOT_FOUND", "Fulfillment line does not exist.", "fulfillmentLineId")


def _check_sent(order: Order, parcel: Fulfillment, sent: FulfillmentLine, item: ReturnedLine) -> Checked:
    line = find_line(order, sent.order_line)
    if line.is_gift_card:
        raise ShopError("GIFT_CARD_LINE", "Cannot return gift card line.", "fulfillmentLineId")
    if item.quantity < 1 or item.quantity > sent.quantity:
        message = "Provided quantity is bigger than quantity from fulfillment line"
        raise ShopError("INVALID_QUANTITY", message, "fulfillmentLineId")
    if parcel.status not in RETURNABLE:
        message = f"Only lines of {', '.join(sorted(RETURNABLE))} fulfillments can be returned."
        raise ShopError("INVALID", message, "fulfillmentLineId")
    return item, line, parcel, sent


def _new_parcel(shop: PracticeShop, order: Order, status: str, reason: str) -> Fulfillment:
    number = max((f.fulfillment_order for f in order.fulfillments), default=0) + 1
    parcel = Fulfillment(
        id=shop.new_id("Fulfillment"),
        fulfillment_order=number,
        status=status,
        created=shop.now(),
        warehouse=None,
        reason=reason,
    )
    order.fulfillments.append(parcel)
    return parcel


def _collect(shop: PracticeShop, order: Order, checked: list[Checked], status: str, reason: str) -> Fulfillment | None:
    if not checked:
        return None
    parcel = _new_parcel(shop, order, status, reason)
    for item, line, source, sent in checked:
        if source is not None and sent is not None:
            sent.quantity -= item.quantity
            source.lines = [x for x in source.lines if x.quantity > 0]
            if not source.lines and source in order.fulfillments:
                order.fulfillments.remove(source)
        else:
            line.quantity_fulfilled += item.quantity
        parcel.lines.append(FulfillmentLine(shop.new_id("FulfillmentLine"), line.id, item.quantity, item.reason))
    return parcel


def _reissue(shop: PracticeShop, order: Order, checked: list[Checked], by: str | None) -> Order:
    """A draft with the same goods at their full price and no shipping method, as Saleor makes it."""
    at = shop.now()
    draft = Order(
        id=shop.new_id("Order"),
        number=str(shop.count("order_number")),
        created=at,
        updated_at=at,
        status="DRAFT",
        origin="REISSUE",
        channel=order.channel,
        user=order.user,
        user_email=order.user_email,
        language=order.language,
        billing_address=new_address(shop, order.billing_address) if order.billing_address else None,
        shipping_address=new_address(shop, order.shipping_address) if order.shipping_address else None,
        original=order.id,
        metadata=dict(order.metadata),
    )
    for item, line, _, _ in checked:
        copy: dict[str, Any] = vars(line) | {
            "id": shop.new_id("OrderLine"),
            "quantity": item.quantity,
            "quantity_fulfilled": 0,
            "metadata": {},
            "private_metadata": {},
        }
        draft.lines.append(OrderLine(**copy))
    reprice(shop, draft)
    shop.state.orders.append(draft)
    log(shop, draft, "DRAFT_CREATED_FROM_REPLACE", by=by)
    log(shop, order, "ORDER_REPLACEMENT_CREATED", by=by)
    shop.announce("DRAFT_ORDER_CREATED", draft, principal=by)
    return draft


def update_status(order: Order) -> None:
    """Derive the order's status from its quantities, as Saleor's ``update_order_status`` does."""
    if order.status in {"DRAFT", "CANCELED", "EXPIRED"}:
        return
    by_status: dict[str, int] = {}
    for parcel in order.fulfillments:
        quantity = sum(x.quantity for x in parcel.lines)
        by_status[parcel.status] = by_status.get(parcel.status, 0) + quantity
    replaced = by_status.get("REPLACED", 0)
    returned = by_status.get("RETURNED", 0) + by_status.get("REFUNDED_AND_RETURNED", 0)
    total = sum(x.quantity for x in order.lines) - replaced
    fulfilled = sum(x.quantity_fulfilled for x in order.lines) - replaced
    if total == 0:
        return  # everything was replaced: Saleor leaves the status alone
    if fulfilled <= 0:
        order.status = "UNFULFILLED"
    elif 0 < returned < total:
        order.status = "PARTIALLY_RETURNED"
    elif returned == total:
        order.status = "RETURNED"
    else:
        order.status = "FULFILLED" if fulfilled >= total else "PARTIALLY_FULFILLED"

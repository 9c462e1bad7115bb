"""Giving money back: refunds granted, requested from the payment app, and answered by it a moment later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from .ordering import log
from .paying import PAYMENT_APP, add_event, announce_refund, payment_app
from .records import (
    ZERO,
    GrantedLine,
    GrantedRefund,
    Order,
    PendingRefund,
    Transaction,
)
from .store import PracticeShop, ShopError, rounded

#: How long the payment app takes to answer a refund request.
REFUND_TAKES = timedelta(seconds=1)

Outcome = Literal["success", "failure", "pending"]


@dataclass(frozen=True)
class AskedLine:
    """Units of an order line that somebody wants to refund."""

    order_line: str
    quantity: int
    reason: str = ""


def grant_refund(
    shop: PracticeShop,
    order: Order,
    *,
    transaction_id: str,
    lines: list[AskedLine] | None = None,
    amount: Decimal | None = None,
    shipping: bool = False,
    reason: str = "",
    by: str | None = None,
) -> GrantedRefund:
    """Promise a refund: computed from lines (and shipping) unless ``amount`` says otherwise. Announces nothing."""
    with shop.changing() as at:
        lines = lines or []
        if amount is None and not lines and not shipping:
            raise ShopError(
                "REQUIRED", "You need to provide at least one of `amount`, `lines`, `grantRefundForShipping`.", "amount"
            )
        found = next((t for t in order.transactions if t.id == transaction_id), None)
        if found is None:
            raise ShopError("NOT_FOUND", "Transaction not found in this order.", "transactionId")
        _check_asked(order, lines)
        if shipping and any(g.shipping_costs_included and g.status != "FAILURE" for g in order.granted_refunds):
            raise ShopError(
                "SHIPPING_COSTS_ALREADY_GRANTED",
                "Shipping costs have already been granted.",
                "grantRefundForShipping",
            )
        if amount is None:
            unit_prices = {x.id: x.unit_price for x in order.lines}
            amount = sum((unit_prices[x.order_line] * x.quantity for x in lines), ZERO)
            amount += order.shipping_price if shipping else ZERO
        amount = rounded(amount, shop.currency(order))
        if amount > found.charged:
            raise ShopError(
                "AMOUNT_GREATER_THAN_AVAILABLE",
                "Refund amount must be less than or equal to the charged amount.",
                "transactionId",
            )
        is_app = shop.app(by) is not None
        granted = GrantedRefund(
            id=shop.new_id("OrderGrantedRefund"),
            created_at=at,
            updated_at=at,
            amount=amount,
            transaction=found.id,
            reason=reason,
            shipping_costs_included=shipping,
            app=by if is_app else None,
            user=None if is_app else by,
            lines=[
                GrantedLine(shop.new_id("OrderGrantedRefundLine"), x.order_line, x.quantity, x.reason) for x in lines
            ],
        )
        order.granted_refunds.append(granted)
        shop.touch(order, at)
    return granted


def _check_asked(order: Order, lines: list[AskedLine]) -> None:
    """No more units than ordered, less those of earlier grants that have not failed."""
    wrong = []
    quantities = {x.id: x.quantity for x in order.lines}
    for item in lines:
        granted = sum(
            x.quantity
            for g in order.granted_refunds
            if g.status != "FAILURE"
            for x in g.lines
            if x.order_line == item.order_line
        )
        if item.order_line not in quantities:
            code, message = "NOT_FOUND", "Could not resolve to a node."
        elif item.quantity + granted > quantities[item.order_line]:
            code = "QUANTITY_GREATER_THAN_AVAILABLE"
            message = "Cannot grant refund for more than the available quantity."
        else:
            continue
        wrong.append({"field": "quantity", "message": message, "code": code, "lineId": item.order_line})
    if wrong:
        raise ShopError("INVALID", "Provided input for lines is invalid.", "lines", lines=wrong)


def find_granted(shop: PracticeShop, id: str) -> tuple[Order, GrantedRefund]:  # noqa: A002
    """A granted refund and its order; raises NOT_FOUND."""
    for order in shop.state.orders:
        for granted in order.granted_refunds:
            if granted.id == id:
                return order, granted
    raise ShopError("NOT_FOUND", "Granted refund not found.", "grantedRefundId")


def request_granted_refund(shop: PracticeShop, granted_id: str, *, by: str | None = None) -> Transaction:
    """Ask the payment app to pay a granted refund; its answer comes later (:func:`settle_refunds`)."""
    with shop.changing():
        order, granted = find_granted(shop, granted_id)
        transaction = next(t for t in order.transactions if t.id == granted.transaction)
        if granted.status == "PENDING":
            message = "The refund request is already in progress."
            raise ShopError("REFUND_IS_PENDING", message, "grantedRefundId")
        if granted.status == "SUCCESS":
            message = "The granted refund has already been processed."
            raise ShopError("REFUND_ALREADY_PROCESSED", message, "grantedRefundId")
        if granted.amount > transaction.charged:
            message = "The granted refund amount is greater than the charged amount."
            raise ShopError("AMOUNT_GREATER_THAN_AVAILABLE", message, "grantedRefundId")
        request_refund(shop, order, transaction, granted.amount, granted=granted, by=by)
    return transaction


def request_refund(
    shop: PracticeShop,
    order: Order,
    transaction: Transaction,
    amount: Decimal | None = None,
    *,
    granted: GrantedRefund | None = None,
    reason: str = "",
    by: str | None = None,
) -> Transaction:
    """Ask the payment app for a refund; announces ORDER_UPDATED.

    A transaction that no payment app owns leaves REFUND_REQUEST and REFUND_FAILURE behind and fails the grant.
    """
    with shop.changing() as at:
        amount = transaction.charged if amount is None else min(amount, transaction.charged)
        request = add_event(shop, transaction, "REFUND_REQUEST", amount, message=reason, by=by)
        if granted is not None:
            granted.events.append(request.id)
            granted.updated_at = at
        shop.touch(order, at)
        log(shop, order, "TRANSACTION_REFUND_REQUESTED", by=by)
        if transaction.gift_card is not None:
            _back_to_the_card(shop, order, transaction, amount, granted)
            return transaction
        owner = shop.app(transaction.created_by)
        if owner is None or owner.identifier != PAYMENT_APP or owner.is_deleted:
            message = "No app or plugin is configured to handle payment action requests."
            add_event(shop, transaction, "REFUND_FAILURE", amount, message=message, by=by)
            if granted is not None:
                granted.status = "FAILURE"
            raise ShopError("MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK", message, None)
        if granted is not None:
            granted.status = "PENDING"
        shop.state.pending_refunds.append(
            PendingRefund(
                order=order.id,
                transaction=transaction.id,
                amount=amount,
                due=at + REFUND_TAKES,
                psp_reference=f"refund-{shop.count('psp')}",
                granted_refund=granted.id if granted else None,
            )
        )
        shop.announce("ORDER_UPDATED", order, principal=by)
    return transaction


def _back_to_the_card(
    shop: PracticeShop, order: Order, transaction: Transaction, amount: Decimal, granted: GrantedRefund | None
) -> None:
    """Saleor refunds what its own gateway took by itself, and at once."""
    card = next(c for c in shop.state.gift_cards if c.id == transaction.gift_card)
    card.balance += amount
    transaction.charged -= amount
    transaction.refunded += amount
    event = add_event(shop, transaction, "REFUND_SUCCESS", amount, psp_reference=f"refund-{shop.count('psp')}")
    if granted is not None:
        granted.status = "SUCCESS"
        granted.events.append(event.id)
    announce_refund(shop, order, None)


def settle_refunds(shop: PracticeShop, outcome: Outcome = "success", *, only_due: bool = False) -> int:
    """Let the payment app answer what it was asked; says how many it answered.

    ``pending`` means that it took the order but the bank has not answered: the amount counts as pending, and the next
    call settles it. ``only_due`` leaves alone what was asked less than a second ago. The bank refuses more than the
    payment still holds, whatever Saleor let through.
    """
    with shop.changing() as at:
        ready = [p for p in shop.state.pending_refunds if not only_due or p.due <= at]
        answered = [pending for pending in ready if _settle(shop, pending, outcome)]
        shop.state.pending_refunds = [p for p in shop.state.pending_refunds if p not in answered]
        return len(ready)


def _settle(shop: PracticeShop, pending: PendingRefund, outcome: Outcome) -> bool:
    """Whether that was the last word about it."""
    found = shop.transaction(pending.transaction)
    if found is None:
        return outcome != "pending"
    order, transaction = found
    app = payment_app(shop).id
    accepted = next((e for e in transaction.events if e.psp_reference == pending.psp_reference), None)
    if accepted is None:
        if pending.amount > transaction.charged:
            outcome = "failure"
        request = next(
            e
            for e in reversed(transaction.events)
            if e.type == "REFUND_REQUEST" and not e.psp_reference and e.amount == pending.amount
        )
        request.psp_reference = pending.psp_reference
        transaction.charged -= pending.amount
        transaction.refund_pending += pending.amount
    if outcome == "pending":
        return False
    granted = next((g for g in order.granted_refunds if g.id == pending.granted_refund), None)
    transaction.refund_pending -= pending.amount
    if outcome == "success":
        transaction.refunded += pending.amount
        kind, message, status = "REFUND_SUCCESS", "Refunded", "SUCCESS"
    else:
        transaction.charged += pending.amount
        kind, message, status = "REFUND_FAILURE", "The bank refused the refund", "FAILURE"
    event = add_event(
        shop,
        transaction,
        kind,
        pending.amount,
        psp_reference=pending.psp_reference,
        message=message,
        by=app,
    )
    if granted is not None:
        granted.status = status
        granted.events.append(event.id)
    shop.touch(order, shop.now())
    if outcome == "success":
        announce_refund(shop, order, app)
    else:
        shop.announce("ORDER_UPDATED", order, principal=app)
    return True

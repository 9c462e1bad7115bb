"""Transactions: money that the practice payment app took, or that somebody recorded by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .ordering import log
from .records import (
    ZERO,
    App,
    Order,
    Transaction,
    TransactionEvent,
)
from .store import PracticeShop, ShopError, from_global_id, total_of

PAYMENT_APP = "practice.payments"


def payment_app(shop: PracticeShop) -> App:
    """The app that takes cards in this shop; installed when first needed."""
    app = shop.installed(PAYMENT_APP)
    if app is None:
        app = App(
            id=shop.new_id("App"),
            name="Practice Payments",
            identifier=PAYMENT_APP,
            version="1.0.0",
            token="",
            created=shop.now(),
            permissions=["HANDLE_PAYMENTS"],
        )
        shop.state.apps.append(app)
    return app


def pay_by_card(shop: PracticeShop, order: Order, amount: Decimal | None = None) -> Transaction:
    """The payment app charges a card: it owns the transaction and can refund it."""
    with shop.changing():
        return create_transaction(
            shop,
            order,
            {
                "name": "Card (Practice Payments)",
                "psp_reference": f"practice-{shop.count('psp')}",
                "available_actions": ["REFUND"],
                "amount_charged": total_of(order) if amount is None else amount,
            },
            by=payment_app(shop).id,
        )


def pay_by_gift_card(shop: PracticeShop, order: Order, code: str, amount: Decimal) -> Transaction:
    """Saleor's own gift card gateway (3.23) takes ``amount`` off a card: a transaction that nobody owns."""
    with shop.changing():
        card = next((c for c in shop.state.gift_cards if c.code == code and c.is_active), None)
        if card is None or card.balance < amount:
            raise ShopError("INVALID", "Gift card code is not valid.", "paymentGateway")
        card.balance -= amount
        values = {"name": "", "available_actions": ["REFUND"], "amount_charged": amount}
        transaction = create_transaction(shop, order, {**values, "psp_reference": f"gift-{shop.count('psp')}"})
        transaction.gift_card = card.id
        return transaction


def mark_as_paid(shop: PracticeShop, order: Order, *, reference: str = "", by: str | None = None) -> Transaction:
    """Staff saw the money in the bank; announces ORDER_FULLY_PAID and ORDER_UPDATED, but no ORDER_PAID."""
    with shop.changing() as at:
        if sum((t.charged for t in order.transactions), ZERO) > 0:
            raise ShopError("PAYMENT_ERROR", "Order with payments can't be marked as paid.", "order")
        transaction = _new_transaction(shop, order, "Mark-as-paid transaction", reference, by)
        transaction.actions = ["REFUND"]
        transaction.charged = total_of(order)
        add_event(shop, transaction, "CHARGE_SUCCESS", transaction.charged, by=by)
        log(shop, order, "ORDER_MARKED_AS_PAID", by=by)
        shop.touch(order, at)
        shop.announce("ORDER_FULLY_PAID", order, principal=by)
        shop.announce("ORDER_UPDATED", order, principal=by)
    return transaction


def _new_transaction(shop: PracticeShop, order: Order, name: str, reference: str, by: str | None) -> Transaction:
    at = shop.now()
    id_ = shop.new_id("TransactionItem")
    transaction = Transaction(
        id=id_,
        token=from_global_id(id_)[1],
        name=name,
        message="",
        psp_reference=reference,
        created_at=at,
        modified_at=at,
        created_by=by,
        actions=[],
    )
    order.transactions.append(transaction)
    return transaction


def add_event(
    shop: PracticeShop,
    transaction: Transaction,
    kind: str,
    amount: Decimal,
    *,
    psp_reference: str = "",
    message: str = "Manual adjustment of the transaction.",
    by: str | None = None,
) -> TransactionEvent:
    """Put an event on top of a transaction's history."""
    event = TransactionEvent(
        id=shop.new_id("TransactionEvent"),
        created_at=shop.now(),
        type=kind,
        amount=amount,
        psp_reference=psp_reference,
        message=message,
        created_by=by,
    )
    transaction.events.insert(0, event)
    transaction.modified_at = event.created_at
    return event


def create_transaction(
    shop: PracticeShop,
    order: Order,
    values: dict[str, Any],
    *,
    event: dict[str, Any] | None = None,
    by: str | None = None,
) -> Transaction:
    """Record a transaction with its amounts. A refund recorded so does not lower what was charged elsewhere."""
    with shop.changing():
        reference = values.get("psp_reference") or ""
        taken = (t.psp_reference for o in shop.state.orders for t in o.transactions)
        if reference and reference in taken:
            raise ShopError("UNIQUE", "Transaction with provided `pspReference` already exists.", "pspReference")
        transaction = _new_transaction(shop, order, values.get("name") or "", reference, by)
        transaction.message = values.get("message") or ""
        transaction.external_url = values.get("external_url") or ""
        for name in ("metadata", "private_metadata"):
            getattr(transaction, name).update({x["key"]: x["value"] for x in values.get(name) or []})
        if event:
            text, psp = event.get("message") or "", event.get("psp_reference") or ""
            add_event(shop, transaction, "INFO", ZERO, psp_reference=psp, message=text, by=by)
        _set_amounts(shop, order, transaction, values, by)
    return transaction


def update_transaction(
    shop: PracticeShop,
    order: Order,
    transaction: Transaction,
    values: dict[str, Any],
    *,
    event: dict[str, Any] | None = None,
    by: str | None = None,
) -> Transaction:
    """Set the amounts of a transaction anew."""
    with shop.changing():
        if event:
            text, psp = event.get("message") or "", event.get("psp_reference") or ""
            add_event(shop, transaction, "INFO", ZERO, psp_reference=psp, message=text, by=by)
        _set_amounts(shop, order, transaction, values, by)
    return transaction


def _set_amounts(
    shop: PracticeShop,
    order: Order,
    transaction: Transaction,
    values: dict[str, Any],
    by: str | None,
) -> None:
    before = (transaction.charged, transaction.refunded)
    if values.get("available_actions") is not None:
        transaction.actions = list(values["available_actions"])
    for key, attribute, kind in (
        ("amount_authorized", "authorized", "AUTHORIZATION_SUCCESS"),
        ("amount_charged", "charged", "CHARGE_SUCCESS"),
        ("amount_refunded", "refunded", "REFUND_SUCCESS"),
        ("amount_canceled", "canceled", "CANCEL_SUCCESS"),
    ):
        amount = values.get(key)
        if amount is None or amount == getattr(transaction, attribute):
            continue
        difference = amount - getattr(transaction, attribute)
        setattr(transaction, attribute, amount)
        if difference > 0:
            add_event(shop, transaction, kind, difference, by=by)
    shop.touch(order, shop.now())
    if transaction.charged > before[0]:
        shop.announce("ORDER_PAID", order, principal=by)
        if sum((t.charged for t in order.transactions), ZERO) >= total_of(order):
            shop.announce("ORDER_FULLY_PAID", order, principal=by)
        shop.announce("ORDER_UPDATED", order, principal=by)
    elif transaction.refunded > before[1]:
        announce_refund(shop, order, by)


def announce_refund(shop: PracticeShop, order: Order, by: str | None) -> None:
    """Money went back: ORDER_REFUNDED, ORDER_FULLY_REFUNDED when all of it did, and ORDER_UPDATED."""
    shop.announce("ORDER_REFUNDED", order, principal=by)
    if sum((t.refunded for t in order.transactions), ZERO) >= total_of(order):
        shop.announce("ORDER_FULLY_REFUNDED", order, principal=by)
    shop.announce("ORDER_UPDATED", order, principal=by)


def report_event(
    shop: PracticeShop,
    order: Order,
    transaction: Transaction,
    kind: str,
    psp_reference: str,
    values: dict[str, Any],
    *,
    by: str | None = None,
) -> TransactionEvent:
    """What the owner of a transaction says happened to it; moves the amounts for successes."""
    with shop.changing() as at:
        amount = values.get("amount") or ZERO
        event = add_event(
            shop,
            transaction,
            kind,
            amount,
            psp_reference=psp_reference,
            message=values.get("message") or "",
            by=by,
        )
        if values.get("available_actions") is not None:
            transaction.actions = list(values["available_actions"])
        shop.touch(order, at)
        if kind == "REFUND_SUCCESS":
            transaction.refunded += amount
            transaction.charged = max(transaction.charged - amount, ZERO)
            announce_refund(shop, order, by)
        elif kind == "CHARGE_SUCCESS":
            transaction.charged += amount
            shop.announce("ORDER_PAID", order, principal=by)
            shop.announce("ORDER_UPDATED", order, principal=by)
    return event

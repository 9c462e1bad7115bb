"""Reading transactions, granted refunds, gift cards and vouchers."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.records import GiftCard, GrantedRefund, Transaction, TransactionEvent, Voucher

from . import field
from .common import caller, in_order, money, page, the_shop

Info = GraphQLResolveInfo


@field("Query.transaction")
def transaction(_: Any, info: Info, id: str | None = None, token: str | None = None) -> Any:
    caller(info).need("HANDLE_PAYMENTS")
    found = the_shop(info).transaction(id, token)
    return found[1] if found else None


@field("TransactionItem.order")
def order_of(transaction: Transaction, info: Info) -> Any:
    found = the_shop(info).transaction(transaction.id)
    return found[0] if found else None


for _name, _attribute in (
    ("authorizedAmount", "authorized"),
    ("chargedAmount", "charged"),
    ("refundedAmount", "refunded"),
    ("refundPendingAmount", "refund_pending"),
    ("canceledAmount", "canceled"),
):
    field(f"TransactionItem.{_name}")(
        lambda t, info, _attribute=_attribute: in_order(info, order_of(t, info), getattr(t, _attribute))
    )
field("TransactionItem.chargePendingAmount")(lambda t, info: in_order(info, order_of(t, info), t.charged * 0))


@field("TransactionItem.createdBy", "TransactionEvent.createdBy")
def created_by(record: Transaction | TransactionEvent, info: Info) -> Any:
    shop = the_shop(info)
    if record.created_by is None:
        return None
    return shop.app(record.created_by) or shop.user(record.created_by)


@field("TransactionItem.paymentMethodDetails")
def payment_method(transaction: Transaction, info: Info) -> dict[str, Any] | None:
    """Only Saleor's own gateway says something; payment apps may, and this one does not."""
    card = next((c for c in the_shop(info).state.gift_cards if c.id == transaction.gift_card), None)
    if card is None:
        return None
    kind = "GiftCardPaymentMethodDetails"
    return {"__typename": kind, "name": "Saleor Gift Card", "brand": "Saleor", "lastChars": card.code[-4:]}


@field("TransactionEvent.amount")
def event_amount(event: TransactionEvent, info: Info) -> dict[str, Any]:
    shop = the_shop(info)
    for order in shop.state.orders:
        for item in order.transactions:
            if event in item.events:
                return money(event.amount, shop.currency(order))
    raise LookupError(event.id)


field("TransactionEvent.externalUrl")(lambda _event, _info: "")
field("TransactionEvent.idempotencyKey")(lambda _event, _info: None)


def _order_of_grant(granted: GrantedRefund, info: Info) -> Any:
    return next(o for o in the_shop(info).state.orders if granted in o.granted_refunds)


@field("OrderGrantedRefund.amount")
def granted_amount(granted: GrantedRefund, info: Info) -> dict[str, Any]:
    return in_order(info, _order_of_grant(granted, info), granted.amount)


@field("OrderGrantedRefund.transaction")
def granted_transaction(granted: GrantedRefund, info: Info) -> Any:
    found = the_shop(info).transaction(granted.transaction)
    return found[1] if found else None


@field("OrderGrantedRefund.transactionEvents")
def granted_events(granted: GrantedRefund, info: Info) -> list[TransactionEvent]:
    item = granted_transaction(granted, info)
    return [e for e in item.events if e.id in granted.events] if item else []


# --- gift cards and vouchers ----------------------------------------------------------------------------------------


@field("Query.giftCard")
def gift_card(_: Any, info: Info, id: str) -> Any:
    caller(info).need("MANAGE_GIFT_CARD")
    return next((c for c in the_shop(info).state.gift_cards if c.id == id), None)


@field("Query.giftCards")
def gift_cards(
    _: Any,
    info: Info,
    filter: dict[str, Any] | None = None,
    search: str | None = None,
    sort_by: dict[str, Any] | None = None,
    **paging: Any,
) -> dict[str, Any]:
    del sort_by
    caller(info).need("MANAGE_GIFT_CARD")
    wanted = filter or {}
    rows = [
        c
        for c in the_shop(info).state.gift_cards
        if (wanted.get("is_active") is None or c.is_active == wanted["is_active"])
        and (not wanted.get("code") or c.code == wanted["code"])
        and (not wanted.get("tags") or set(c.tags) & set(wanted["tags"]))
        and (not search or search in (c.code, *c.tags))
    ]
    return page(rows, **paging)


def tag_id(name: str) -> str:
    """A stable id for a tag; the practice shop keeps only their names."""
    return f"GiftCardTag-{name}"


field("GiftCard.last4CodeChars")(lambda card, _info: card.code[-4:])
field("GiftCard.displayCode")(lambda card, _info: "****" + card.code[-4:])
field("GiftCard.initialBalance")(lambda card, _info: money(card.initial, card.currency))
field("GiftCard.currentBalance")(lambda card, _info: money(card.balance, card.currency))
field("GiftCard.tags")(lambda c, _info: [{"id": tag_id(t), "name": t} for t in c.tags])
field("GiftCard.createdByEmail", "GiftCard.boughtInChannel")(lambda _card, _info: None)


@field("GiftCard.createdBy")
def gift_card_maker(card: GiftCard, info: Info) -> Any:
    return the_shop(info).user(card.created_by) if card.created_by else None


@field("GiftCard.assignedTo")
def assigned_to(card: GiftCard, info: Info) -> Any:
    return the_shop(info).user(card.assigned_to) if card.assigned_to else None


@field("Query.voucher")
def voucher(_: Any, info: Info, id: str, channel: str | None = None) -> Any:
    del channel
    caller(info).need("MANAGE_DISCOUNTS")
    return next((v for v in the_shop(info).state.vouchers if v.id == id), None)


field("Voucher.code")(lambda v, _info: v.codes[0] if v.codes else None)
field("Voucher.discountValueType")(lambda v, _info: v.value_type)
field("Voucher.usageLimit")(lambda _voucher, _info: None)


@field("Voucher.codes")
def voucher_codes(voucher: Voucher, _info: Info, **paging: Any) -> dict[str, Any]:
    rows = [
        {
            "id": f"{voucher.id}-{code}",
            "code": code,
            "used": voucher.used.count(code),
            "isActive": not (voucher.single_use and code in voucher.used),
        }
        for code in voucher.codes
    ]
    return page(rows, **paging)


@field("Voucher.channelListings")
def channel_listings(voucher: Voucher, info: Info) -> list[dict[str, Any]]:
    shop = the_shop(info)
    found = [(shop.channel(slug), value) for slug, value in voucher.values.items()]
    return [
        {
            "id": f"{voucher.id}-{channel.slug}",
            "channel": channel,
            "discountValue": value,
            "currency": channel.currency,
        }
        for channel, value in found
        if channel is not None
    ]

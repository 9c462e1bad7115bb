"""Reading orders: amounts, parcels and history."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from saleor_aftercare.sandbox.ordering import charge_status, is_paid
from saleor_aftercare.sandbox.records import ZERO, Fulfillment, FulfillmentLine, Order, OrderEvent, OrderLine
from saleor_aftercare.sandbox.store import total_of

from . import field
from .common import caller, in_order, money, order_of_line, page, taxed, the_shop
from .shop import matches

Info = GraphQLResolveInfo


@field("Query.order")
def order(_: Any, info: Info, id: str | None = None, external_reference: str | None = None) -> Any:
    """By id for anybody, as in Saleor; by reference with MANAGE_ORDERS."""
    if external_reference is not None:
        caller(info).need("MANAGE_ORDERS")
        orders = the_shop(info).state.orders
        return next((o for o in orders if o.external_reference == external_reference), None)
    if id is None:
        raise GraphQLError("At least one of arguments is required: 'id', 'external_reference'.")
    return the_shop(info).order(id)


@field("Query.orders")
def orders(
    _: Any,
    info: Info,
    filter: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    search: str | None = None,
    channel: str | None = None,
    sort_by: dict[str, Any] | None = None,
    **paging: Any,
) -> dict[str, Any]:
    """Orders without drafts, newest first unless sorted."""
    caller(info).need("MANAGE_ORDERS")
    shop = the_shop(info)
    found = [
        o
        for o in shop.state.orders
        if o.status != "DRAFT"
        and (channel is None or o.channel == channel)
        and _passes_filter(shop, o, filter or {})
        and _passes_where(shop, o, where or {})
        and (not search or search.lower() in f"{o.number} {o.user_email}".lower())
    ]
    return page(_sorted(found, sort_by), **paging)


@field("Query.draftOrders")
def draft_orders(_: Any, info: Info, **arguments: Any) -> dict[str, Any]:
    """Drafts, newest first."""
    caller(info).need("MANAGE_ORDERS")
    shop = the_shop(info)
    drafts = [
        o for o in shop.state.orders if o.status == "DRAFT" and _passes_where(shop, o, arguments.get("where") or {})
    ]
    paging = {k: v for k, v in arguments.items() if k in {"first", "after", "last", "before"}}
    return page(_sorted(drafts, arguments.get("sort_by")), **paging)


def _sorted(found: list[Order], sort_by: dict[str, Any] | None) -> list[Order]:
    by = (sort_by or {}).get("field") or "NUMBER"
    keys: dict[str, Any] = {
        "CREATED_AT": lambda o: o.created,
        "CREATION_DATE": lambda o: o.created,
        "LAST_MODIFIED_AT": lambda o: o.updated_at,
        "STATUS": lambda o: o.status,
    }
    key = keys.get(by, lambda o: int(o.number))
    newest_first = (sort_by or {}).get("direction", "DESC") == "DESC"
    return sorted(found, key=lambda o: (key(o), int(o.number)), reverse=newest_first)


def _passes_filter(shop: Any, found: Order, wanted: dict[str, Any]) -> bool:
    """``OrderFilterInput``: an e-mail is matched exactly in any case, of the order or of its user."""
    if wanted.get("ids") is not None and found.id not in wanted["ids"]:
        return False
    if wanted.get("numbers") is not None and found.number not in wanted["numbers"]:
        return False
    if wanted.get("channels") and shop.channel(found.channel).id not in wanted["channels"]:
        return False
    if wanted.get("status") and found.status not in wanted["status"]:
        return False
    for name, moment in (("created", found.created.date().isoformat()), ("updated_at", found.updated_at)):
        limits = wanted.get(name) or {}
        if not _within(moment, limits):
            return False
    customer = wanted.get("customer")
    return customer is None or _is_customer(shop, found, customer)


def _within(value: Any, limits: dict[str, Any]) -> bool:
    low, high = limits.get("gte"), limits.get("lte")
    return (low is None or value >= low) and (high is None or value <= high)


def _is_customer(shop: Any, found: Order, text: str) -> bool:
    user = shop.user(found.user) if found.user else None
    emails = {found.user_email.lower()} | ({user.email.lower()} if user else set())
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return text.lower() in emails
    names = f"{user.first_name} {user.last_name}".lower() if user else ""
    return text.lower() in " ".join([*emails, names])


def _passes_where(shop: Any, found: Order, wanted: dict[str, Any]) -> bool:
    """``OrderWhereInput``; ``userEmail`` is case-sensitive, as in Saleor."""
    checks: dict[str, Any] = {
        "number": int(found.number),
        "user": found.user,
        "user_email": found.user_email,
        "status": found.status,
        "channel_id": shop.channel(found.channel).id,
        "created_at": found.created,
        "updated_at": found.updated_at,
    }
    if wanted.get("ids") is not None and found.id not in wanted["ids"]:
        return False
    if not all(matches(checks[k], v) for k, v in wanted.items() if k in checks and v is not None):
        return False
    either = wanted.get("or")
    if either and not any(_passes_where(shop, found, x) for x in either):
        return False
    return all(_passes_where(shop, found, x) for x in wanted.get("and") or [])


# --- an order ---------------------------------------------------------------------------------------------------


def _sum(order: Order, attribute: str) -> Decimal:
    return sum((getattr(t, attribute) for t in order.transactions), ZERO)


def _granted(order: Order) -> Decimal:
    return sum((g.amount for g in order.granted_refunds), ZERO)


_AMOUNTS = {
    "totalCharged": lambda o: _sum(o, "charged"),
    "totalAuthorized": lambda o: _sum(o, "authorized"),
    "totalRefunded": lambda o: _sum(o, "refunded"),
    "totalRefundPending": lambda o: _sum(o, "refund_pending"),
    "totalCanceled": lambda o: _sum(o, "canceled"),
    "totalGrantedRefund": _granted,
    "totalRemainingGrant": lambda o: max(_granted(o) - _sum(o, "refunded") - _sum(o, "refund_pending"), ZERO),
    "totalBalance": lambda o: _sum(o, "charged") - (total_of(o) - _granted(o)),
    "undiscountedShippingPrice": lambda o: o.base_shipping_price,
}
for _name, _amount in _AMOUNTS.items():
    field(f"Order.{_name}")(lambda order, info, _amount=_amount: in_order(info, order, _amount(order)))


def _order_tax(order: Order) -> Decimal:
    return next((x.tax_rate for x in order.lines if x.tax_rate), ZERO)


def _add_taxed(parts: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    total = {key: money(sum((p[key]["amount"] for p in parts), ZERO), currency) for key in ("gross", "net", "tax")}
    return {"currency": currency, **total}


def _shipping(order: Order, currency: str) -> dict[str, Any]:
    return taxed(order.shipping_price, _order_tax(order), currency)


@field("Order.shippingPrice")
def shipping_price(order: Order, info: Info) -> dict[str, Any]:
    return _shipping(order, the_shop(info).currency(order))


@field("Order.subtotal")
def subtotal(order: Order, info: Info) -> dict[str, Any]:
    currency = the_shop(info).currency(order)
    return _add_taxed([taxed(x.total, x.tax_rate, currency) for x in order.lines], currency)


@field("Order.total")
def total(order: Order, info: Info) -> dict[str, Any]:
    currency = the_shop(info).currency(order)
    lines = [taxed(x.total, x.tax_rate, currency) for x in order.lines]
    whole = _add_taxed([*lines, _shipping(order, currency)], currency)
    return {**whole, "gross": money(total_of(order), currency)}


@field("Order.undiscountedTotal")
def undiscounted_total(order: Order, info: Info) -> dict[str, Any]:
    currency = the_shop(info).currency(order)
    lines = [taxed(x.base_price * x.quantity, x.tax_rate, currency) for x in order.lines]
    shipping = taxed(order.base_shipping_price, _order_tax(order), currency)
    return _add_taxed([*lines, shipping], currency)


@field("Order.chargeStatus")
def order_charge_status(order: Order, _info: Info) -> str:
    return charge_status(order)


@field("Order.authorizeStatus")
def authorize_status(order: Order, _info: Info) -> str:
    covered = _sum(order, "authorized") + _sum(order, "charged")
    if covered <= 0:
        return "NONE"
    return "FULL" if covered >= total_of(order) - _granted(order) else "PARTIAL"


@field("Order.paymentStatus")
def payment_status(order: Order, _info: Info) -> str:
    if total_of(order) == 0:
        return "FULLY_CHARGED"
    refunded = _sum(order, "refunded")
    if refunded >= total_of(order):
        return "FULLY_REFUNDED"
    if refunded:
        return "PARTIALLY_REFUNDED"
    names = {"NONE": "NOT_CHARGED", "PARTIAL": "PARTIALLY_CHARGED"}
    return names.get(charge_status(order), "FULLY_CHARGED")


@field("Order.isPaid")
def order_is_paid(order: Order, _info: Info) -> bool:
    return is_paid(order)


@field("Order.languageCodeEnum")
def language_code(order: Order, _info: Info) -> str:
    return order.language


@field("Order.channel")
def channel_of(order: Order, info: Info) -> Any:
    return the_shop(info).channel(order.channel)


@field("Order.discounts")
def discounts(order: Order, info: Info) -> list[dict[str, Any]]:
    return [{**vars(d), "amount": in_order(info, order, d.amount)} for d in order.discounts]


@field("Order.voucher")
def voucher(order: Order, info: Info) -> Any:
    vouchers = the_shop(info).state.vouchers
    return next((v for v in vouchers if order.voucher_code in v.codes), None)


@field("Order.shippingMethods")
def shipping_methods(order: Order, info: Info) -> list[dict[str, Any]]:
    return [
        {
            "id": m.id,
            "name": m.name,
            "price": in_order(info, order, m.prices[order.channel]),
            "active": True,
        }
        for m in the_shop(info).state.shipping_methods
        if order.channel in m.prices
    ]


@field("Order.deliveryMethod")
def delivery_method(order: Order, info: Info) -> dict[str, Any] | None:
    chosen = (m for m in shipping_methods(order, info) if m["id"] == order.shipping_method)
    method = next(chosen, None)
    return None if method is None else {"__typename": "ShippingMethod", **method}


@field("Order.fulfillments")
def fulfillments(order: Order, _info: Info) -> list[Fulfillment]:
    return order.fulfillments


@field("Order.transactions")
def transactions(order: Order, info: Info) -> list[Any]:
    caller(info).need("MANAGE_ORDERS", "HANDLE_PAYMENTS")
    return order.transactions


@field("Order.grantedRefunds")
def granted_refunds(order: Order, info: Info) -> list[Any]:
    caller(info).need("MANAGE_ORDERS")
    return order.granted_refunds


@field("Order.events")
def history(order: Order, info: Info) -> list[OrderEvent]:
    caller(info).need("MANAGE_ORDERS")
    return order.events


field("Order.invoices", "Order.payments")(lambda _order, _info: [])
field("Order.collectionPointName")(lambda _order, _info: None)
field("Order.actions")(lambda _order, _info: ["MARK_AS_PAID"])
field("Order.isShippingRequired")(lambda o, _info: any(x.is_shipping_required for x in o.lines))
field("Order.trackingClientId")(lambda _order, _info: "")
field("Order.displayGrossPrices")(lambda _order, _info: True)
field("Order.shippingTaxRate")(lambda o, _info: _order_tax(o))
field("Order.canFinalize")(lambda o, _info: bool(o.lines and o.shipping_method))


# --- lines and parcels --------------------------------------------------------------------------------------------


def _line_money(name: str, amount: Any) -> None:
    def resolve(line: OrderLine, info: Info) -> dict[str, Any]:
        shop = the_shop(info)
        currency = shop.currency(order_of_line(shop, line.id))
        return taxed(amount(line), line.tax_rate, currency)

    field(f"OrderLine.{name}")(resolve)


_line_money("unitPrice", lambda x: x.unit_price)
_line_money("undiscountedUnitPrice", lambda x: x.base_price)
_line_money("totalPrice", lambda x: x.total)
_line_money("undiscountedTotalPrice", lambda x: x.base_price * x.quantity)


@field("OrderLine.unitDiscount")
def unit_discount(line: OrderLine, info: Info) -> dict[str, Any]:
    shop = the_shop(info)
    currency = shop.currency(order_of_line(shop, line.id))
    return money(line.base_price - line.unit_price, currency)


field("OrderLine.productSku")(lambda line, _info: line.sku)
field("OrderLine.productVariantId")(lambda line, _info: line.variant)
field("OrderLine.quantityToFulfill")(lambda line, _info: line.quantity - line.quantity_fulfilled)
field("OrderLine.unitDiscountReason")(lambda line, _info: line.discount_reason)
field("OrderLine.unitDiscountType")(lambda line, _info: line.discount_type)
field("OrderLine.unitDiscountValue")(lambda line, _info: line.discount_value)
field("OrderLine.priceOverrideReason", "OrderLine.saleId")(lambda _line, _info: None)


@field("OrderLine.voucherCode")
def line_voucher(line: OrderLine, info: Info) -> str | None:
    return order_of_line(the_shop(info), line.id).voucher_code


@field("OrderLine.variant")
def line_variant(line: OrderLine, info: Info) -> Any:
    return the_shop(info).variant(line.variant)


@field("FulfillmentLine.orderLine", "OrderGrantedRefundLine.orderLine")
def parcel_line(line: FulfillmentLine, info: Info) -> OrderLine:
    order = order_of_line(the_shop(info), line.order_line)
    return next(x for x in order.lines if x.id == line.order_line)


@field("Fulfillment.warehouse")
def parcel_warehouse(parcel: Fulfillment, info: Info) -> Any:
    return the_shop(info).warehouse(parcel.warehouse)


field("Fulfillment.shippingRefundedAmount", "Fulfillment.totalRefundedAmount")(lambda _parcel, _info: None)
field("Fulfillment.statusDisplay")(lambda parcel, _info: parcel.status.capitalize())


@field("OrderEvent.app", "OrderGrantedRefund.app", "GiftCard.app")
def acting_app(record: Any, info: Info) -> Any:
    return the_shop(info).app(record.app)


@field("OrderEvent.user", "OrderGrantedRefund.user", "Order.user")
def acting_user(record: Any, info: Info) -> Any:
    return the_shop(info).user(record.user) if record.user else None

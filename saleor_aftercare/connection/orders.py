"""What we remember of orders: lines, parcels, and when those arrived.

Saleor deletes a fulfilment once everything in it was returned, sends news late and out of order, and does not
know when a parcel arrived. So we keep our own rows, and only newer news changes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress, full_name
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.texts import is_storable

from . import client
from .events import FulfillmentCanceled, FulfillmentDelivered, FulfillmentDispatched, OrderCanceled
from .goods import collection_slugs, public_metadata, unit_weight_g
from .models import CONFIDENCE, DeliverySource, Fulfillment, FulfillmentLine, Order, OrderLine, ShopSettings

#: Saleor's words for a parcel that the customer has, or had.
DISPATCHED = frozenset({"FULFILLED", "REFUNDED"})


# -- writing -----------------------------------------------------------------------------------------------------


#: Digits of Saleor's order numbers at most, which are GraphQL integers.
_DIGITS = 9
#: What reading and keeping a payload of another shape than asked for ends in.
_UNREADABLE = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, DataError, IntegrityError)


def remember_order(shop: Shop, payload: Mapping[str, Any], *, issued_at: datetime) -> Order:
    """Bring our copy of an order up to what Saleor says, unless ours is newer; publishes what that tells us.

    ``payload`` has the shape of ``fragments/OrderFields.graphql``; ``issued_at`` is when Saleor said so.

    Raises InvalidInput when the payload lacks what the fragment asks for; nothing is changed then.
    """
    try:
        with transaction.atomic():
            return _remember(shop, payload, issued_at)
    except _UNREADABLE as error:
        raise InvalidInput(f"Saleor's order is not as asked for ({type(error).__name__}).", "order") from error


def _remember(shop: Shop, payload: Mapping[str, Any], issued_at: datetime) -> Order:
    fields = _order_fields(payload) | {"issued_at": issued_at}
    # No key lock: rows that point at the order are written meanwhile, by those who hold a parcel of it.
    order, created = Order.objects.select_for_update(no_key=True).get_or_create(
        shop=shop, saleor_id=payload["id"], defaults=fields
    )
    if not created:
        if (fields["updated_at"], issued_at) < (order.updated_at, order.issued_at):
            return order
        was_canceled = order.canceled
        for name, value in fields.items():
            setattr(order, name, value)
        order.save()
    else:
        was_canceled = False
    lines = _remember_lines(order, payload["lines"])
    settings = ShopSettings.objects.get(shop=shop)
    for one in payload["fulfillments"]:
        _remember_fulfillment(order, one, lines, settings, issued_at)
    _note_what_is_gone(order, payload["fulfillments"], issued_at)
    if order.canceled and not was_canceled:
        publish(OrderCanceled(order.pk), shop=shop, at=issued_at)
    return order


def _order_fields(p: Mapping[str, Any]) -> dict[str, Any]:
    user = p.get("user") or {}
    shipping, billing = (_address(p.get(key)) for key in ("shippingAddress", "billingAddress"))
    named = billing or shipping or {}
    currency = p["total"]["gross"]["currency"]
    return {
        "number": str(p["number"]),
        "status": p["status"],
        "user_id": user.get("id") or "",
        "email": str(p.get("userEmail") or user.get("email") or "").lower()[:254],
        "customer_name": str(named.get("name") or full_name(user.get("firstName"), user.get("lastName")))[:300],
        "language": str(p.get("languageCodeEnum") or "EN").lower().replace("_", "-")[:10],
        "channel": p["channel"]["slug"][:100],
        "channel_id": str(p["channel"].get("id") or "")[:60],
        "external_reference": str(p.get("externalReference") or "")[:200],
        "gift_cards": _paid_with_gift_cards(p, currency),
        "discounts": [
            {"kind": str(one.get("type") or ""), "name": str(one.get("name") or "")[:255]}
            for one in p.get("discounts") or ()
        ],
        "currency": currency,
        "total": Money.read(p["total"]["gross"]["amount"], currency).amount,
        "shipping": Money.read(p["shippingPrice"]["gross"]["amount"], currency).amount,
        "shipping_method": str(p.get("shippingMethodName") or "")[:200],
        "shipping_address": shipping or {},
        "billing_address": billing or {},
        "placed_at": _time(p["created"]),
        "updated_at": _time(p["updatedAt"]),
    }


def _paid_with_gift_cards(p: Mapping[str, Any], currency: str) -> Decimal:
    """What gift cards paid that were entered as codes.

    Saleor takes it off the order's total and writes no transaction for it: ``total`` is then less than lines and
    shipping together, and no discount says why. A gift card used through Saleor's own gateway (3.23 and later) is a
    transaction like any other, and not in here.
    """
    if not p.get("giftCards"):
        return Decimal(0)
    goods = sum((Money.read(line["totalPrice"]["gross"]["amount"], currency).amount for line in p["lines"]), Decimal(0))
    shipping = Money.read(p["shippingPrice"]["gross"]["amount"], currency).amount
    return max(goods + shipping - Money.read(p["total"]["gross"]["amount"], currency).amount, Decimal(0))


def _remember_lines(order: Order, payloads: list[Mapping[str, Any]]) -> dict[str, OrderLine]:
    known = {line.saleor_id: line for line in order.lines.all()}
    rows = []
    for position, p in enumerate(payloads):
        variant = p.get("variant") or {}
        product = variant.get("product") or {}
        kind = product.get("productType") or {}
        rows.append(
            OrderLine(
                order=order,
                saleor_id=p["id"],
                position=position,
                product_id=product.get("id") or "",
                variant_id=variant.get("id") or "",
                product_type=str(kind.get("name") or "")[:200],
                # In the language that the customer ordered in, where the shop has it.
                product_name=str(p.get("translatedProductName") or p["productName"])[:400],
                variant_name=_variant_name(p, variant),
                sku=str(p.get("productSku") or "")[:255],
                thumbnail_url=str((p.get("thumbnail") or {}).get("url") or "")[:1000],
                quantity=int(p["quantity"]),
                total=Money.read(p["totalPrice"]["gross"]["amount"], order.currency).amount,
                net=_net(p, order.currency),
                collections=collection_slugs(product),
                metadata=public_metadata(product),
                weight_g=unit_weight_g(variant),
                is_gift_card=kind.get("kind") == "GIFT_CARD",
                is_shipping_required=bool(p.get("isShippingRequired", True)),
                is_gift=bool(p.get("isGift")),
            )
        )
    changing = [f.name for f in OrderLine._meta.fields if f.name not in {"id", "order", "saleor_id"}]
    OrderLine.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["order", "saleor_id"], update_fields=changing
    )
    # A line that an edit removed keeps its row, for a case may be about it; nothing of it is in the order any more.
    left = {r.saleor_id for r in rows}
    for saleor_id, line in known.items():
        if saleor_id not in left and line.quantity:
            line.quantity, line.total, line.net = 0, Decimal(0), Decimal(0)
            line.save(update_fields=["quantity", "total", "net"])
    return {line.saleor_id: line for line in order.lines.all()}


def _net(p: Mapping[str, Any], currency: str) -> Decimal | None:
    net = p["totalPrice"].get("net")
    return Money.read(net["amount"], currency).amount if net else None


def _variant_name(p: Mapping[str, Any], variant: Mapping[str, Any]) -> str:
    """What tells the variant apart; Saleor names one without a name by its id, which tells people nothing."""
    name = str(p.get("translatedVariantName") or p.get("variantName") or "")
    return "" if name == variant.get("id") else name[:400]


def _remember_fulfillment(
    order: Order, p: Mapping[str, Any], lines: Mapping[str, OrderLine], settings: ShopSettings, at: datetime
) -> None:
    row, is_new = Fulfillment.objects.get_or_create(
        order=order,
        saleor_id=p["id"],
        defaults={
            "shop": order.shop,
            "number": int(p["fulfillmentOrder"]),
            "status": p["status"],
            "shipped_at": _time(p["created"]),
        },
    )
    was_canceled = row.status == "CANCELED" and not is_new
    row.status, row.gone = p["status"], False
    row.tracking_number = str(p.get("trackingNumber") or "")[:255]
    _remember_units(row, p["lines"], lines)
    if row.status in DISPATCHED and not row.dispatched and p["lines"]:
        row.dispatched = True
        if not is_new:
            # It was packed before and waited for approval; Saleor keeps no time of its own for the approval.
            row.shipped_at = order.updated_at
        _estimate_arrival(row, [lines[u["orderLine"]["id"]] for u in p["lines"]], settings)
        publish(FulfillmentDispatched(row.pk), shop=order.shop, at=at)
    row.save()
    if row.status == "CANCELED" and not was_canceled:
        publish(FulfillmentCanceled(row.pk), shop=order.shop, at=at)


def _remember_units(row: Fulfillment, units: list[Mapping[str, Any]], lines: Mapping[str, OrderLine]) -> None:
    known = {u.saleor_id: u for u in row.lines.all()}
    for p in units:
        quantity = int(p["quantity"])
        unit = known.pop(p["id"], None)
        if unit is None:
            FulfillmentLine.objects.create(
                fulfillment=row,
                saleor_id=p["id"],
                order_line=lines[p["orderLine"]["id"]],
                quantity=quantity,
                dispatched_quantity=quantity,
            )
        elif unit.quantity != quantity:
            unit.quantity, unit.dispatched_quantity = quantity, max(quantity, unit.dispatched_quantity)
            unit.save(update_fields=["quantity", "dispatched_quantity"])
    # Saleor drops a line whose units were all moved into a return.
    FulfillmentLine.objects.filter(pk__in=[u.pk for u in known.values()]).update(quantity=0)


def _note_what_is_gone(order: Order, payloads: list[Mapping[str, Any]], at: datetime) -> None:
    present = {p["id"] for p in payloads}
    gone = [f for f in order.fulfillments.filter(gone=False) if f.saleor_id not in present]
    if gone:
        Fulfillment.objects.filter(pk__in=[f.pk for f in gone]).update(gone=True)
        FulfillmentLine.objects.filter(fulfillment__in=gone).update(quantity=0)


def _estimate_arrival(row: Fulfillment, lines: list[OrderLine], settings: ShopSettings) -> None:
    if row.delivered_at is None:
        travels = any(line.is_shipping_required for line in lines)
        days = settings.estimated_delivery_days if travels else 0
        row.delivered_at = row.shipped_at + timedelta(days=days)
        row.delivered_source = DeliverySource.ESTIMATE
        row.delivered_confidence = CONFIDENCE[DeliverySource.ESTIMATE]


def _address(payload: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The address as we keep it; None for none, and for one whose country nobody knows."""
    try:
        return PostalAddress.from_saleor(payload).to_json() if payload else None
    except InvalidInput:
        return None


def _time(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError("not a time")
    return moment


@transaction.atomic
def confirm_delivery(
    fulfillment: Fulfillment,
    *,
    source: DeliverySource,
    delivered_at: datetime,
    at: datetime,
    actor: Actor = SYSTEM,
) -> Fulfillment:
    """Note when a parcel arrived; a less trustworthy source never overrules a better one. Idempotent.

    Raises InvalidInput for an arrival in the future or before dispatch.
    """
    row = Fulfillment.objects.select_for_update(of=("self",)).select_related("shop").get(pk=fulfillment.pk)
    if delivered_at > at + timedelta(minutes=5):
        raise InvalidInput(_("A parcel cannot have arrived in the future."), "at")
    if delivered_at < row.shipped_at - timedelta(days=1):
        raise InvalidInput(_("A parcel cannot arrive before it was sent."), "at")
    confidence = CONFIDENCE[source]
    known = row.delivered_confidence or 0
    if confidence < known or (confidence == known and row.delivered_source == source):
        return row
    row.delivered_at, row.delivered_source, row.delivered_confidence = delivered_at, source, confidence
    row.save(update_fields=["delivered_at", "delivered_source", "delivered_confidence"])
    publish(FulfillmentDelivered(row.pk, source=source), shop=row.shop, at=at, actor=actor)
    return row


# -- reading -----------------------------------------------------------------------------------------------------


def get_order(shop: Shop, saleor_id: str) -> Order:
    """The order of this shop by Saleor's global id, as we know it; raises NotFound."""
    order = Order.objects.filter(shop=shop, saleor_id=saleor_id).first()
    if order is None:
        raise NotFound(_("There is no such order."), "orderId")
    return order


def get_order_by_pk(shop: Shop, pk: int) -> Order:
    """The order of this shop by our key; raises NotFound."""
    order = Order.objects.filter(shop=shop, pk=pk).first()
    if order is None:
        raise NotFound(_("There is no such order."))
    return order


def order_by_number(shop: Shop, number: str) -> Order | None:
    """The order of this shop by the number that people use, as we know it; the newest where Saleor gave one twice."""
    return Order.objects.filter(shop=shop, number=number).order_by("-placed_at", "-id").first()


def fulfillments_by_tracking(shop: Shop, tracking_number: str) -> list[Fulfillment]:
    """The parcels of this shop with that number; several when Saleor split what travels together."""
    return list(Fulfillment.objects.filter(shop=shop, tracking_number=tracking_number).exclude(tracking_number=""))


def fetch_order(shop: Shop, saleor_id: str, *, at: datetime) -> Order:
    """The order as Saleor has it now; raises NotFound, or what ``client.call`` raises."""
    payload = client.call(shop, "order", id=saleor_id).get("order")
    if not payload or payload.get("status") == "DRAFT":
        raise NotFound(_("There is no such order."), "orderId")
    return remember_order(shop, payload, issued_at=at)


def find_or_fetch_order(shop: Shop, saleor_id: str, *, at: datetime) -> Order:
    """The order as we know it, asking Saleor only when it is new to us; raises NotFound."""
    try:
        return get_order(shop, saleor_id)
    except NotFound:
        return fetch_order(shop, saleor_id, at=at)


def find_or_fetch_by_number(shop: Shop, number: str, *, at: datetime) -> Order:
    """The order of the number that people use ("1042", "#1042"), asking Saleor only when it is new to us.

    Raises NotFound("orderNumber"), or what ``client.call`` raises.
    """
    number = number.strip().lstrip("#")
    missing = NotFound(_("Neither we nor Saleor know an order with this number."), "orderNumber")
    if not is_storable(number):
        raise missing
    known = order_by_number(shop, number)
    if known is not None:
        return known
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        raise missing
    edges = (client.call(shop, "order-by-number", number=int(number)).get("orders") or {}).get("edges") or ()
    for edge in edges:
        if str(edge["node"]["number"]) == str(int(number)) and edge["node"].get("status") != "DRAFT":
            return remember_order(shop, edge["node"], issued_at=at)
    raise missing


def look_up_order(shop: Shop, *, number: str, email: str, at: datetime) -> Order | None:
    """The order of that number whose e-mail is exactly ``email`` (case does not matter), asking Saleor if needed."""
    email = email.strip().lower()
    number = number.strip().lstrip("#")
    order = Order.objects.filter(shop=shop, number=number, email=email).first()
    if order is not None:
        return order
    edges = (client.call(shop, "order-lookup", number=number, email=email).get("orders") or {}).get("edges") or ()
    for edge in edges:
        node = edge["node"]
        # Saleor's filter also finds the account's other address: look again.
        if str(node["number"]) == number and str(node.get("userEmail") or "").lower() == email:
            return remember_order(shop, node, issued_at=at)
    return None


def orders_of_customer(shop: Shop, *, user_id: str = "", email: str = "", limit: int = 50) -> list[Order]:
    """A person's orders, newest first: by account where ``user_id`` is given, else by e-mail."""
    mine = {"user_id": user_id} if user_id else {"email": email.lower()}
    return list(Order.objects.filter(shop=shop, **mine).exclude(status="DRAFT").order_by("-placed_at", "-id")[:limit])

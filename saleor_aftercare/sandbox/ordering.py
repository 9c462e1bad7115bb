"""Placing, changing, confirming and cancelling orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .pricing import find_voucher, reprice, with_tax
from .records import ZERO, Address, Discount, Order, OrderEvent, OrderLine, User, Variant
from .store import PracticeShop, ShopError, total_of

#: A parcel in one of these states no longer keeps an order from being cancelled.
CLOSED_FULFILLMENTS = frozenset({"CANCELED", "REFUNDED", "REPLACED", "REFUNDED_AND_RETURNED", "RETURNED"})


def create_draft(shop: PracticeShop, values: dict[str, Any], *, by: str | None = None) -> Order:
    """A draft order from ``DraftOrderCreateInput`` in snake case; announces DRAFT_ORDER_CREATED."""
    with shop.changing() as at:
        channel = shop.channel(values.get("channel_id"))
        if channel is None:
            raise ShopError("NOT_FOUND", "Channel does not exist.", "channelId")
        _check_reference(shop, values.get("external_reference"))
        user = shop.user(values["user"]) if values.get("user") else None
        order = Order(
            id=shop.new_id("Order"),
            number=str(shop.count("order_number")),
            created=at,
            updated_at=at,
            status="DRAFT",
            origin="DRAFT",
            channel=channel.slug,
            user=user.id if user else None,
            user_email=values.get("user_email") or (user.email if user else ""),
            language=values.get("language_code") or "EN",
            billing_address=None,
            shipping_address=None,
        )
        _fill(shop, order, values)
        add_lines(shop, order, values.get("lines") or [])
        reprice(shop, order)
        shop.state.orders.append(order)
        log(shop, order, "DRAFT_CREATED", by=by)
        shop.announce("DRAFT_ORDER_CREATED", order, principal=by)
    return order


def update_draft(shop: PracticeShop, order: Order, values: dict[str, Any], *, by: str | None = None) -> Order:
    """Change a draft; announces DRAFT_ORDER_UPDATED."""
    with shop.changing() as at:
        if order.status != "DRAFT":
            raise ShopError("INVALID", "Provided order id belongs to non-draft order.", "id")
        if values.get("external_reference") != order.external_reference:
            _check_reference(shop, values.get("external_reference"))
        if "user" in values:
            user = shop.user(values["user"])
            order.user, order.user_email = (user.id, user.email) if user else (None, "")
        _fill(shop, order, values)
        reprice(shop, order)
        shop.touch(order, at)
        shop.announce("DRAFT_ORDER_UPDATED", order, principal=by)
    return order


def _check_reference(shop: PracticeShop, reference: str | None) -> None:
    if reference and any(o.external_reference == reference for o in shop.state.orders):
        raise ShopError("UNIQUE", "Order with this External reference already exists.", "externalReference")


def _fill(shop: PracticeShop, order: Order, values: dict[str, Any]) -> None:
    for name in ("customer_note", "external_reference", "redirect_url", "voucher_code"):
        if values.get(name) is not None:
            setattr(order, name, values[name])
    if values.get("user_email"):
        order.user_email = values["user_email"]
    if values.get("language_code"):
        order.language = values["language_code"]
    for name in ("billing_address", "shipping_address"):
        if values.get(name) is not None:
            setattr(order, name, new_address(shop, values[name]))
    for name in ("metadata", "private_metadata"):
        getattr(order, name).update({x["key"]: x["value"] for x in values.get(name) or []})
    if values.get("shipping_method"):
        set_shipping(shop, order, values["shipping_method"])


def new_address(shop: PracticeShop, values: Address | dict[str, Any]) -> Address:
    """A copy with an id of its own, as Saleor keeps one per order."""
    if isinstance(values, Address):
        return replace(values, id=shop.new_id("Address"))
    known = {k: v for k, v in values.items() if v is not None}
    return Address(id=shop.new_id("Address"), **known)


def set_shipping(shop: PracticeShop, order: Order, method_id: str) -> None:
    """Choose how the order travels."""
    for method in shop.state.shipping_methods:
        if method.id == method_id and order.channel in method.prices:
            order.shipping_method, order.shipping_method_name = method.id, method.name
            order.base_shipping_price = method.prices[order.channel]
            return
    raise ShopError("SHIPPING_METHOD_NOT_APPLICABLE", "Shipping method cannot be used.", "shippingMethod")


def add_lines(shop: PracticeShop, order: Order, lines: Iterable[dict[str, Any]]) -> None:
    """Put variants into a draft; ``price`` overrides the price per unit."""
    for item in lines:
        variant = shop.variant(item["variant_id"])
        if variant is None or order.channel not in variant.prices:
            raise ShopError(
                "NOT_AVAILABLE_IN_CHANNEL",
                "Cannot add lines with unavailable variants.",
                "lines",
                variants=[item["variant_id"]],
            )
        if item["quantity"] < 1:
            raise ShopError("ZERO_QUANTITY", "Quantity must be at least one.", "quantity")
        order.lines.append(new_line(shop, order, variant, quantity=item["quantity"], price=item.get("price")))


def new_line(
    shop: PracticeShop,
    order: Order,
    variant: Variant,
    *,
    quantity: int,
    price: Decimal | None = None,
    is_gift: bool = False,
) -> OrderLine:
    """An order line with today's names and prices."""
    product = shop.product(variant.product)
    channel = shop.channel(order.channel)
    if product is None or channel is None:
        raise ShopError("NOT_FOUND", "Product does not exist.", "lines")
    kind = next(t for t in shop.state.product_types if t.id == product.product_type)
    tax_rate = ZERO if kind.kind == "GIFT_CARD" else channel.tax_rate
    asked = None if price is None else with_tax(shop, order, price, tax_rate)
    base = ZERO if is_gift else variant.prices[order.channel] if asked is None else asked
    japanese = order.language == "JA"
    return OrderLine(
        id=shop.new_id("OrderLine"),
        variant=variant.id,
        product_name=product.name,
        variant_name=variant.name,
        translated_product_name=product.name_ja if japanese else "",
        translated_variant_name=variant.name_ja if japanese else "",
        sku=variant.sku,
        quantity=quantity,
        base_price=base,
        unit_price=base,
        total=base * quantity,
        tax_rate=tax_rate,
        is_shipping_required=kind.is_shipping_required,
        is_gift=is_gift,
        is_gift_card=kind.kind == "GIFT_CARD",
        is_price_overridden=price is not None,
    )


def complete_draft(shop: PracticeShop, order: Order, *, by: str | None = None) -> Order:
    """Make an order of a draft; announces ORDER_CREATED and ORDER_CONFIRMED."""
    with shop.changing() as at:
        if order.status != "DRAFT":
            raise ShopError("INVALID", "The order is not draft.", "id")
        if not order.lines:
            raise ShopError("REQUIRED", "Could not create order without any products.", "lines")
        if any(x.is_shipping_required for x in order.lines):
            if order.shipping_address is None:
                raise ShopError("ORDER_NO_SHIPPING_ADDRESS", "Can't finalize draft without address.", "order")
            if order.shipping_method is None:
                raise ShopError("SHIPPING_METHOD_REQUIRED", "Shipping method is required.", "shipping")
        missing = [x.id for x in order.lines if not _in_stock(shop, order, x)]
        if missing:
            raise ShopError("INSUFFICIENT_STOCK", "Insufficient product stock.", "lines", orderLines=missing)
        order.status = "UNFULFILLED"
        order.created = at
        shop.touch(order, at)
        _use_voucher(shop, order)
        log(shop, order, "PLACED_FROM_DRAFT", by=by)
        shop.announce("ORDER_CREATED", order, principal=by)
        shop.announce("ORDER_CONFIRMED", order, principal=by)
    return order


def allocated(shop: PracticeShop, variant_id: str | None) -> int:
    """Units of a variant that were ordered and not sent yet."""
    return sum(
        line.quantity - line.quantity_fulfilled
        for order in shop.state.orders
        if order.status not in {"DRAFT", "CANCELED", "EXPIRED"}
        for line in order.lines
        if line.variant == variant_id
    )


def _in_stock(shop: PracticeShop, order: Order, line: OrderLine) -> bool:
    variant = shop.variant(line.variant)
    if variant is None or not variant.track_inventory:
        return True
    wanted = sum(x.quantity for x in order.lines if x.variant == line.variant)
    return wanted <= sum(variant.stock.values()) - allocated(shop, variant.id)


def delete_draft(shop: PracticeShop, order: Order, *, by: str | None = None) -> Order:
    """Forget a draft; its reference is free again. Announces DRAFT_ORDER_DELETED."""
    with shop.changing():
        if order.status != "DRAFT":
            raise ShopError("INVALID", "Provided order id belongs to non-draft order.", "id")
        shop.state.orders.remove(order)
        shop.announce("DRAFT_ORDER_DELETED", order, principal=by)
    return order


def _use_voucher(shop: PracticeShop, order: Order) -> None:
    voucher = find_voucher(shop, order.voucher_code) if order.voucher_code else None
    if voucher is not None and order.voucher_code is not None:
        voucher.used.append(order.voucher_code)


def place_order(
    shop: PracticeShop,
    *,
    lines: Iterable[tuple[str, int]],
    user: User | None = None,
    email: str = "",
    channel: str = "",
    address: Address | None = None,
    shipping_method: str = "",
    language: str = "",
    voucher_code: str | None = None,
    note: str = "",
    gifts: Iterable[str] = (),
    gift_cards: Iterable[str] = (),
) -> Order:
    """A customer orders ``(sku, quantity)`` pairs in the storefront; announces ORDER_CREATED, ORDER_CONFIRMED.

    ``gift_cards`` are codes entered as promo codes: each pays what it has, as far as there is something to pay.
    """
    with shop.changing() as at:
        slug = channel or (user.channel if user else "")
        address = address or (user.addresses[0] if user and user.addresses else None)
        order = Order(
            id=shop.new_id("Order"),
            number=str(shop.count("order_number")),
            created=at,
            updated_at=at,
            status="UNFULFILLED",
            origin="CHECKOUT",
            channel=slug,
            user=user.id if user else None,
            user_email=email or (user.email if user else ""),
            language=language or (user.language_code if user else "EN"),
            billing_address=new_address(shop, address) if address else None,
            shipping_address=new_address(shop, address) if address else None,
            customer_note=note,
            voucher_code=voucher_code or None,
        )
        for sku, quantity in lines:
            order.lines.append(new_line(shop, order, _sold(shop, sku, slug), quantity=quantity))
        for sku in gifts:
            order.lines.append(new_line(shop, order, _sold(shop, sku, slug), quantity=1, is_gift=True))
        if any(line.is_shipping_required for line in order.lines):
            set_shipping(shop, order, shipping_method or shop.state.shipping_methods[0].id)
        reprice(shop, order)
        _use_voucher(shop, order)
        for code in gift_cards:
            _use_gift_card(shop, order, code)
        shop.state.orders.append(order)
        log(shop, order, "PLACED", by=order.user)
        shop.announce("ORDER_CREATED", order)
        shop.announce("ORDER_CONFIRMED", order)
    return order


def _use_gift_card(shop: PracticeShop, order: Order, code: str) -> None:
    card = next((c for c in shop.state.gift_cards if c.code == code and c.is_active), None)
    if card is None or card.currency != shop.currency(order):
        raise ShopError("INVALID", "Promo code is invalid", "promoCode")
    part = min(card.balance, total_of(order))
    card.balance -= part
    order.gift_cards[card.id] = part


def _sold(shop: PracticeShop, sku: str, channel: str) -> Variant:
    variant = shop.variant(sku=sku)
    if variant is None or channel not in variant.prices:
        raise ShopError("NOT_AVAILABLE_IN_CHANNEL", f"{sku} is not sold in {channel}.", "lines")
    return variant


def cancel_order(shop: PracticeShop, order: Order, *, by: str | None = None) -> Order:
    """Cancel what has not been sent; announces ORDER_CANCELLED and ORDER_UPDATED."""
    with shop.changing() as at:
        if order.status in {"CANCELED", "DRAFT", "EXPIRED"} or any(
            f.status not in CLOSED_FULFILLMENTS for f in order.fulfillments
        ):
            raise ShopError("CANNOT_CANCEL_ORDER", "This order can't be canceled.", "order")
        order.status = "CANCELED"
        shop.touch(order, at)
        log(shop, order, "CANCELED", by=by)
        shop.announce("ORDER_CANCELLED", order, principal=by)
        shop.announce("ORDER_UPDATED", order, principal=by)
    return order


def add_note(shop: PracticeShop, order: Order, message: str, *, by: str | None = None) -> OrderEvent:
    """A note in the order's history; announces ORDER_UPDATED."""
    with shop.changing() as at:
        if not message.strip():
            raise ShopError("REQUIRED", "Message can't be empty.", "message")
        event = log(shop, order, "NOTE_ADDED", message, by=by)
        shop.touch(order, at)
        shop.announce("ORDER_UPDATED", order, principal=by)
    return event


def discount_line(shop: PracticeShop, order: Order, line: OrderLine, values: dict[str, Any]) -> OrderLine:
    """Make one line of a draft cheaper."""
    with shop.changing() as at:
        _check_editable(order)
        line.discount_type, line.discount_value = values["value_type"], values["value"]
        line.discount_reason = values.get("reason")
        reprice(shop, order)
        shop.touch(order, at)
    return line


def discount_order(shop: PracticeShop, order: Order, values: dict[str, Any]) -> Order:
    """Make a whole draft cheaper, shipping included."""
    with shop.changing() as at:
        _check_editable(order)
        if any(d.type == "MANUAL" for d in order.discounts):
            raise ShopError("CANNOT_DISCOUNT", "Order already has assigned discount.", "orderId")
        order.discounts.append(
            Discount(
                id=shop.new_id("OrderDiscount"),
                type="MANUAL",
                value_type=values["value_type"],
                value=values["value"],
                amount=ZERO,
                reason=values.get("reason"),
            )
        )
        reprice(shop, order)
        shop.touch(order, at)
    return order


def _check_editable(order: Order) -> None:
    if order.status not in {"DRAFT", "UNCONFIRMED"}:
        raise ShopError("CANNOT_DISCOUNT", "Only draft and unconfirmed orders can be modified.", "orderId")


def log(shop: PracticeShop, order: Order, kind: str, message: str = "", *, by: str | None = None) -> OrderEvent:
    """Add a line to the order's history, in the name of an app or a user."""
    is_app = shop.app(by) is not None
    event = OrderEvent(
        id=shop.new_id("OrderEvent"),
        date=shop.now(),
        type=kind,
        message=message,
        user=None if is_app else by,
        app=by if is_app else None,
    )
    order.events.append(event)
    return event


def charge_status(order: Order) -> str:
    """NONE, PARTIAL, FULL or OVERCHARGED, as Saleor counts: a granted refund lowers what is owed."""
    charged = sum((t.charged for t in order.transactions), ZERO)
    owed = total_of(order) - sum((g.amount for g in order.granted_refunds), ZERO)
    if charged <= 0:
        return "NONE"
    if charged < owed:
        return "PARTIAL"
    return "FULL" if charged == owed else "OVERCHARGED"


def is_paid(order: Order) -> bool:
    """Nothing is owed; an order over nothing is paid from the start."""
    return total_of(order) == 0 or charge_status(order) in {"FULL", "OVERCHARGED"}

"""What an order costs: line prices, vouchers and manual discounts, exact to the minor unit."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from .records import ZERO, Discount, Order, Voucher
from .store import PracticeShop, ShopError, quantum, rounded


def find_voucher(shop: PracticeShop, code: str) -> Voucher | None:
    """The voucher that a code belongs to."""
    return next((v for v in shop.state.vouchers if code in v.codes), None)


def reprice(shop: PracticeShop, order: Order) -> None:
    """Compute every price of an order or draft anew from its base prices and discounts.

    An order-level discount is spread over the lines in proportion to their totals; what rounding leaves goes to the
    last line, so that the parts add up to the whole. A unit price is then a rounded quotient, as in Saleor: unit
    price times quantity may differ from the line's total by some minor units.
    """
    currency = shop.currency(order)
    for line in order.lines:
        unit = line.base_price
        if line.discount_type == "PERCENTAGE":
            unit -= rounded(unit * line.discount_value / 100, currency)
        elif line.discount_type == "FIXED":
            unit -= line.discount_value
        line.unit_price = max(unit, ZERO)
        line.total = line.unit_price * line.quantity
    order.shipping_price = order.base_shipping_price
    order.discounts = [d for d in order.discounts if d.type == "MANUAL"]
    if order.voucher_code is not None:
        _apply_voucher(shop, order, currency)
    for discount in order.discounts:
        if discount.type == "MANUAL":
            _apply_manual(shop, order, discount, currency)


def _apply_voucher(shop: PracticeShop, order: Order, currency: str) -> None:
    voucher = find_voucher(shop, order.voucher_code or "")
    if voucher is None or order.channel not in voucher.values:
        raise ShopError("INVALID_VOUCHER_CODE", "Invalid voucher code.", "voucherCode")
    value = voucher.values[order.channel]
    base = order.shipping_price if voucher.type == "SHIPPING" else sum(x.total for x in order.lines)
    amount = min(_discount_of(Decimal(base), voucher.value_type, value, currency), Decimal(base))
    if voucher.type == "SHIPPING":
        order.shipping_price -= amount
    else:
        spread(order, amount, currency)
    order.discounts.append(
        Discount(
            id=shop.new_id("OrderDiscount"),
            type="VOUCHER",
            value_type=voucher.value_type,
            value=value,
            amount=amount,
            name=voucher.name,
            reason=f"Voucher code: {order.voucher_code}",
        )
    )


def with_tax(shop: PracticeShop, order: Order, amount: Decimal, tax_rate: Decimal) -> Decimal:
    """What somebody enters for this order, as gross: channels may take prices without tax, as in the USA."""
    channel = shop.channel(order.channel)
    if channel is None or channel.prices_entered_with_tax:
        return amount
    return rounded(amount * (1 + tax_rate), shop.currency(order))


def _apply_manual(shop: PracticeShop, order: Order, discount: Discount, currency: str) -> None:
    """A manual discount covers shipping too [seen live: 100 % made 34.20 of shipping free]."""
    goods = sum((line.total for line in order.lines), ZERO)
    whole = goods + order.shipping_price
    value = discount.value
    if discount.value_type == "FIXED":
        value = with_tax(shop, order, value, max((line.tax_rate for line in order.lines), default=ZERO))
    amount = min(_discount_of(whole, discount.value_type, value, currency), whole)
    on_goods = rounded(amount * goods / whole, currency) if whole else ZERO
    spread(order, on_goods, currency)
    order.shipping_price -= amount - on_goods
    discount.amount = amount


def _discount_of(base: Decimal, value_type: str, value: Decimal, currency: str) -> Decimal:
    return rounded(base * value / 100, currency) if value_type == "PERCENTAGE" else value


def spread(order: Order, amount: Decimal, currency: str) -> None:
    """Take ``amount`` off the lines in proportion to their totals; the parts add up exactly."""
    lines = [line for line in order.lines if line.total > 0]
    whole = sum((line.total for line in lines), ZERO)
    left = amount
    for line in lines:
        last = line is lines[-1]
        share = left if last else (amount * line.total / whole).quantize(quantum(currency), rounding=ROUND_DOWN)
        line.total -= share
        line.unit_price = rounded(line.total / line.quantity, currency)
        left -= share

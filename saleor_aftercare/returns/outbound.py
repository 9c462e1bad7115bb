"""Outbound shipping that goes back with the goods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from saleor_aftercare.compensation.models import Settlement
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import LegalBasis, Resolution
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState

from .breakdown import ZERO, Bucket, Goods, ItemKind
from .chains import Chain
from .models import GIVEN_UP_STATES, Return, ReturnLine
from .units import counting_lines, units_due

_KINDS = frozenset({ItemKind.SHIPPING.value, ItemKind.STANDARD_SHIPPING.value})


def shipping_due(
    ret: Return,
    chain: Chain,
    lines: Sequence[ReturnLine],
    goods: Sequence[Goods],
    *,
    cheapest: Decimal | None,
    goodwill: bool,
) -> tuple[Decimal, bool]:
    """Outbound shipping that goes back, and whether it is only what standard delivery would have cost.

    With the last unit for which the customer wants the value back: on withdrawal what standard delivery would have
    cost (CRD art. 13(2)), under the guarantee all of it, else what the shop has promised. Of goods that came in
    exchange it is the shipping of what was bought: their own was free.
    """
    order = chain.first
    paid_back = {one.line for one in goods if one.bucket in {Bucket.REFUND, Bucket.CREDIT} and one.units}
    bases = {LegalBasis(line.legal_basis) for line in lines if line.pk in paid_back}
    if not paid_back or not order.shipping or _was_given(Settlement.objects.filter(order__in=chain.orders), ret):
        return ZERO, False
    if goodwill:
        return order.shipping, False
    if not (_whole_chain(ret, chain) if chain.came_in_exchange else _whole_order(ret, goods)):
        # A settlement that follows another one of the same return does not take back what that one gave.
        return _given_before(ret), False
    if LegalBasis.WITHDRAWAL in bases:
        standard = order.shipping if cheapest is None else min(order.shipping, cheapest)
        return max(standard, _given_before(ret)), standard < order.shipping
    owed = all(duties(basis).refunds_outbound_shipping for basis in bases)
    promised = owed or ret.policy.refund_original_shipping
    return (order.shipping if promised else _given_before(ret)), False


def _whole_order(ret: Return, goods: Sequence[Goods]) -> bool:
    """Whether with this return every unit of the order has come back for its value."""
    bought = sum(line.quantity for line in ret.order.lines.all())
    earlier = (
        ReturnLine.objects.filter(ret__order_id=ret.order_id, ret_id__lt=ret.pk)
        .exclude(ret__state__in=GIVEN_UP_STATES)
        .exclude(resolution__in=[Resolution.REPAIR, Resolution.EXCHANGE])
    )
    here = sum(one.units for one in goods if one.bucket in {Bucket.REFUND, Bucket.CREDIT})
    return here + sum(map(units_due, earlier)) >= bought


def _whole_chain(ret: Return, chain: Chain) -> bool:
    """Whether nothing of what was bought, and of what came in exchange for it, is left with the customer."""
    if any(line.resolution == Resolution.EXCHANGE for line in ret.lines.all()) or _sent_otherwise(chain):
        return False
    bought: dict[int, int] = dict(_units(chain.orders))
    for row in counting_lines([order.pk for order in chain.orders]):
        if row.ret.order_id != ret.order_id or row.ret_id <= ret.pk:
            bought[row.ret.order_id] -= units_due(row)
    return all(left <= 0 for left in bought.values())


def _units(orders: Iterable[Order]) -> Iterable[tuple[int, int]]:
    counted: dict[int, int] = {order.pk: 0 for order in orders}
    for order, quantity in OrderLine.objects.filter(order__in=counted).values_list("order_id", "quantity"):
        counted[order] += quantity
    return counted.items()


def _sent_otherwise(chain: Chain) -> bool:
    """Whether other goods went out, or will go, in exchange for some of these orders."""
    rows = Replacement.objects.filter(order__in=chain.orders, purpose=Purpose.EXCHANGE)
    return rows.exclude(state=ReplacementState.CANCELED).exclude(pk__in=[row.pk for row in chain.makers]).exists()


def _was_given(settlements: Iterable[Settlement], ret: Return) -> bool:
    """Whether another return was given it."""
    return any(
        item["kind"] in _KINDS
        for one in settlements
        if (one.subject, one.subject_id) != ("return", ret.pk)
        for item in one.items
    )


def _given_before(ret: Return) -> Decimal:
    """What earlier settlements of this return gave of it."""
    rows = Settlement.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk)
    given = [Decimal(item["amount"]) for one in rows for item in one.items if item["kind"] in _KINDS]
    return max(given, default=ZERO)

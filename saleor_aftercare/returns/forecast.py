"""What a return would come to, before anybody has asked for it: from our own rows, by the same arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.bases import basis_for, duties
from saleor_aftercare.policies.models import Fault, LegalBasis, ReturnPolicy, ReturnShippingPayer

from .breakdown import ZERO, Breakdown, Bucket, Goods, Terms, break_down
from .due import Prices, asked_and_settled, bucket_of, conditions_of
from .eligibility import LineEligibility, eligibility


class Asked(Protocol):
    """Units that somebody thinks of sending back: ``UnitsAsked``, or anything like it."""

    @property
    def order_line(self) -> OrderLine: ...
    @property
    def quantity(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def resolution(self) -> str: ...
    @property
    def legal_basis(self) -> LegalBasis | None: ...


@dataclass(frozen=True, kw_only=True)
class RequestPreview:
    """What the customer may expect if everything arrives as they say. Lines are positions in what was asked."""

    breakdown: Breakdown
    payer: ReturnShippingPayer  #: of the way back: one parcel has one
    shipping_is_at_most: bool  #: of the outbound shipping less may go back: Saleor has not been asked what is standard


def preview_request(
    order: Order,
    units: Sequence[Asked],
    *,
    at: datetime,
    gift: bool = False,
    policy: ReturnPolicy | None = None,
    eligible: Sequence[LineEligibility] | None = None,
    faults: Mapping[str, Fault] | None = None,
) -> RequestPreview:
    """The sum for ``units`` of an order by ``policy`` (the one in force when left out), the way it is then settled.

    Asks our own rows alone, so that a page may show it on every step. A line of which less can come back than is
    asked counts with what can. For a gift no price may be shown: callers leave the preview out, or show its ways
    without amounts. ``eligible`` and ``faults``, by reason, save their queries to whoever has asked already.
    """
    policy = policy or policies.policy_of(order.shop)
    rules = policies.as_rules(policy)
    today = at.astimezone(ZoneInfo(order.shop.settings.time_zone)).date()
    known = {one.order_line.pk: one for one in eligible or eligibility(order, at=at, policy=policy)}
    if faults is None:
        catalogue = policies.all_reasons_of(order.shop, language=order.language, policy=policy)
        faults = {reason.code: reason.fault for reason in catalogue}
    prices, (before, settled) = Prices(order), asked_and_settled(order)
    numbers = {one.pk: one.number for one in prices.chain.orders}
    goods, bases, payers = [], set(), set()
    for n, asked in enumerate(units):
        key, fault = asked.order_line.pk, faults.get(asked.reason)
        judgement = known[key].judged(rules, today=today, fault=fault)
        basis = asked.legal_basis or basis_for(judgement, fault=fault, resolution=asked.resolution)
        bases.add(basis)
        payers.add(duties(basis).payer or judgement.who_pays)
        part = prices.of(key, taken=before.get(key, 0), want=asked.quantity, settled=settled.get(key, ZERO))
        goods.append(
            Goods(
                line=n,
                name=" ".join(filter(None, (asked.order_line.product_name, asked.order_line.variant_name))),
                units=part.units,
                amount=part.amount,
                tax=part.tax,
                bucket=bucket_of(asked.resolution, gift=gift),
                paid_with=tuple((numbers[pk], amount) for pk, amount in reversed(part.paid)),
                **conditions_of(judgement.rule, basis, asked.resolution, order.currency),
            )
        )
    shipping = _shipping(order, prices, goods, bases, before, policy)
    breakdown = break_down(goods, Terms(currency=order.currency, shipping=shipping))
    merchant = ReturnShippingPayer.MERCHANT
    return RequestPreview(
        breakdown=breakdown,
        payer=merchant if merchant in payers else ReturnShippingPayer.CUSTOMER,
        shipping_is_at_most=bool(shipping) and LegalBasis.WITHDRAWAL in bases,
    )


def _shipping(
    order: Order,
    prices: Prices,
    goods: Sequence[Goods],
    bases: set[LegalBasis],
    before: Mapping[int, int],
    policy: ReturnPolicy,
) -> Decimal:
    """Outbound shipping that goes back with the last unit of the order; see ``settlement``."""
    if prices.chain.came_in_exchange:
        # Its own was free; that of what was bought is looked at when it is settled.
        return ZERO
    here = sum(one.units for one in goods if one.bucket in {Bucket.REFUND, Bucket.CREDIT})
    if not here or here + sum(before.values()) < sum(line.quantity for line in order.lines.all()):
        return ZERO
    owed = all(duties(basis).refunds_outbound_shipping for basis in bases)
    return order.shipping if owed or LegalBasis.WITHDRAWAL in bases or policy.refund_original_shipping else ZERO

"""What may come back of an order now: the facts of every line, judged by the shop's policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, prefetch_related_objects

from saleor_aftercare.connection.models import FulfillmentLine, Order, OrderLine
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import Fault, Resolution, ReturnPolicy
from saleor_aftercare.policies.rules import Judgement, LineFacts, Policy, judge

from .models import GIVEN_UP_STATES, ReturnLine
from .origins import Origin, origins_of

#: Lines whose units cannot be asked back elsewhere: until Saleor itself has moved those units, and for ever those
#: that the customer was allowed to keep. Units in repair come home again.
_HOLDING = (
    (Q(ret__recorded_at=None) | Q(kept=True))
    & ~Q(ret__state__in=GIVEN_UP_STATES)
    & ~Q(resolution=Resolution.REPAIR, repair_number__gt="")
)


@dataclass(frozen=True)
class LineEligibility:
    """What the rules say about one order line now."""

    order_line: OrderLine
    verdict: Verdict
    reasons: tuple[str, ...]
    returnable: int  #: units that may be asked back; none of a line that is refused
    until: date | None  #: last day of the window, inclusive, in the shop's time zone
    judgement: Judgement
    facts: LineFacts  #: ``facts.returnable`` are the units with the customer, whatever the rules say
    if_faulty: Judgement  #: the same for goods that are broken, wrong or were damaged on the way
    exchanges: int = 0  #: how often the goods were exchanged before

    @property
    def returnable_if_faulty(self) -> int:
        """Units that may be asked back for a reason that is the seller's or the carrier's fault."""
        return 0 if self.if_faulty.verdict == Verdict.REFUSE else self.facts.returnable

    def judged(self, policy: Policy, *, today: date, fault: Fault | None) -> Judgement:
        """The judgement once it is known whose fault the reason is."""
        return judge(policy, self.facts, today=today, reason_fault=fault)


def eligibility(order: Order, *, at: datetime, policy: ReturnPolicy | None = None) -> list[LineEligibility]:
    """What may come back of an order, in the order of its lines; as many queries however many lines."""
    return eligibilities([order], at=at, policy=policy)[order.pk]


def eligibilities(
    orders: Iterable[Order], *, at: datetime, policy: ReturnPolicy | None = None
) -> dict[int, list[LineEligibility]]:
    """:func:`eligibility` for several orders of one shop, with as many queries as for one."""
    orders = list(orders)
    if not orders:
        return {}
    shop = orders[0].shop
    rules = policies.as_rules(policy or policies.policy_of(shop))
    zone = ZoneInfo(shop.settings.time_zone)
    held = units_held(orders)
    prefetch_related_objects(orders, "lines", "fulfillments__lines")
    origins = origins_of(orders)
    originals = list({one.order_line.order_id: one.order_line.order for one in origins.values()}.values())
    prefetch_related_objects(originals, "lines", "fulfillments__lines")
    begun = {line: facts for order in originals for line, facts in _facts_of(order, {}, zone).items()}
    today = at.astimezone(zone).date()
    result = {}
    for order in orders:
        facts = _facts_of(order, held, zone)
        result[order.pk] = [
            _judged(line, _since(facts[line.pk], origins.get(line.pk), begun), origins.get(line.pk), rules, today)
            for line in order.lines.all()
        ]
    return result


def _judged(line: OrderLine, facts: LineFacts, origin: Origin | None, rules: Policy, today: date) -> LineEligibility:
    judgement = judge(rules, facts, today=today)
    return LineEligibility(
        order_line=line,
        verdict=judgement.verdict,
        reasons=judgement.reasons,
        returnable=0 if judgement.verdict == Verdict.REFUSE else facts.returnable,
        until=judgement.until,
        judgement=judgement,
        facts=facts,
        if_faulty=judge(rules, facts, today=today, reason_fault=Fault.MERCHANT),
        exchanges=origin.exchanges if origin else 0,
    )


def _since(facts: LineFacts, origin: Origin | None, begun: Mapping[int, LineFacts]) -> LineFacts:
    """A replacement's window began with what it replaced; its own delivery counts only while that is not known."""
    if origin is None:
        return facts
    first = begun[origin.order_line.pk]
    return replace(
        facts,
        ordered_on=first.ordered_on,
        last_dispatched=first.last_dispatched or facts.last_dispatched,
        last_delivered=first.last_delivered or facts.last_delivered,
        order_delivered=first.order_delivered,
    )


@dataclass
class _Way:
    """How far the units of a line are."""

    shipped: int = 0
    present: int = 0
    dispatched: date | None = None
    delivered: date | None = None
    undelivered: bool = False  #: a parcel of it has not arrived yet


def _facts_of(order: Order, held: Mapping[int, int], zone: ZoneInfo) -> dict[int, LineFacts]:
    """What is known of each line of an order, by its key. Its lines, parcels and their lines are prefetched."""
    ways: dict[int, _Way] = {}
    for fulfillment in order.fulfillments.all():
        for unit in fulfillment.lines.all():
            way = ways.setdefault(unit.order_line_id, _Way())
            if fulfillment.dispatched and unit.dispatched_quantity:
                way.shipped += unit.dispatched_quantity
                day = fulfillment.shipped_at.astimezone(zone).date()
                way.dispatched = max(day, way.dispatched or day)
                if fulfillment.delivered_at is not None:
                    day = fulfillment.delivered_at.astimezone(zone).date()
                    way.delivered = max(day, way.delivered or day)
                elif fulfillment.in_customers_hands:
                    way.undelivered = True
            if fulfillment.in_customers_hands:
                way.present += unit.quantity
    country = str((order.shipping_address or order.billing_address or {}).get("country", ""))
    whole = _delivered_whole(order, ways)
    facts = {}
    for line in order.lines.all():
        way = ways.get(line.pk, _Way())
        facts[line.pk] = LineFacts(
            sku=line.sku,
            product_id=line.product_id,
            product_type=line.product_type,
            collections=frozenset(line.collections),
            metadata=line.metadata,
            channel=order.channel,
            country=country,
            is_gift_card=line.is_gift_card,
            is_shipping_required=line.is_shipping_required,
            order_canceled=order.canceled,
            bought=line.quantity,
            shipped=way.shipped,
            returnable=max(0, way.present - held.get(line.pk, 0)),
            ordered_on=order.placed_at.astimezone(zone).date(),
            last_dispatched=way.dispatched,
            # The window runs from the last parcel: it has not begun while one of them is under way.
            last_delivered=None if way.undelivered else way.delivered,
            order_delivered=whole,
        )
    return facts


def _delivered_whole(order: Order, ways: Mapping[int, _Way]) -> date | None:
    """The day on which the last goods of an order arrived; None while some are still to come."""
    goods = [(line, ways.get(line.pk, _Way())) for line in order.lines.all() if line.is_shipping_required]
    if any(way.undelivered or way.shipped < line.quantity for line, way in goods):
        return None
    return max((way.delivered for _line, way in goods if way.delivered is not None), default=None)


def units_held(orders: Iterable[Order], *, without: int | None = None) -> dict[int, int]:
    """By order line, units that left the warehouse, are in returns, and that Saleor does not show as returned yet.

    What arrived where it was counted, else what was approved, else what was asked for. The return of key ``without``
    is left out.
    """
    rows = (
        ReturnLine.objects.filter(_HOLDING, ret__order__in=list(orders))
        .exclude(ret_id=without)
        .values_list(
            "order_line_id", "quantity", "quantity_approved", "quantity_received", "quantity_recorded", "kept", "unsent"
        )
    )
    held: dict[int, int] = {}
    for line, asked, approved, received, recorded, kept, unsent in rows:
        wanted = asked if approved is None else approved
        units = wanted if kept or received is None else received
        held[line] = held.get(line, 0) + max(0, units - unsent - recorded)
    return held


def collective_value(order: Order, *, net: bool = False) -> Decimal:
    """What the units in all returns of an order are worth together, so that asking one by one changes nothing.

    Gross, or without tax where Saleor told it (C1.18). Returns that came to nothing do not count.
    """
    total = Decimal(0)
    rows = ReturnLine.objects.filter(ret__order=order).exclude(ret__state__in=GIVEN_UP_STATES)
    for row in rows.select_related("order_line"):
        line = row.order_line
        price = line.net if net and line.net is not None else line.total
        asked = row.quantity if row.quantity_approved is None else row.quantity_approved
        total += price * min(asked, line.quantity) / max(line.quantity, 1)
    return total


def units_with_customer(order: Order, *, without: int | None = None) -> dict[int, int]:
    """By order line, the units that Saleor shows with the customer and no other return than ``without`` holds."""
    present: dict[int, int] = {}
    rows = FulfillmentLine.objects.filter(fulfillment__order=order, quantity__gt=0).select_related("fulfillment")
    for unit in rows:
        if unit.fulfillment.in_customers_hands:
            present[unit.order_line_id] = present.get(unit.order_line_id, 0) + unit.quantity
    held = units_held([order], without=without)
    return {line: max(0, units - held.get(line, 0)) for line, units in present.items()}

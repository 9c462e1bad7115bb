"""What does not fit about an open return: told to staff on every step, and never acted on silently.

Computed from our copy of the order. Whoever is about to decide something has that copy refreshed first: an order may
be edited, cancelled or returned in Saleor's own Dashboard while a case is open (C1.16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.connection.orders import fetch_order
from saleor_aftercare.core.errors import NotFound, ProviderUnavailable
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.policies.models import Resolution

from .eligibility import units_held
from .models import GIVEN_UP_STATES, Return, ReturnLine, ReturnState
from .parcels import MOVED, SUBJECT

#: States in which the goods have not been counted yet: what Saleor shows of them still matters.
_WAITING = (
    ReturnState.REQUESTED,
    ReturnState.MORE_INFO,
    ReturnState.APPROVED,
    ReturnState.IN_TRANSIT,
    ReturnState.ARRIVED,
    ReturnState.LOST,
)
#: Saleor's kinds of discounts on whole orders that the rest of the order may have to earn.
_EARNED = frozenset({"ORDER_PROMOTION", "PROMOTION", "VOUCHER"})


@dataclass(frozen=True)
class Mismatch:
    """Something that staff should look at; ``line`` is the key of a return's line where it is about one."""

    code: str
    message: str
    line: int | None = None


def warnings_of(rets: Sequence[Return]) -> dict[int, list[Mismatch]]:
    """What does not fit, by the return's key; as many queries for many returns as for one."""
    prefetch_related_objects(rets, "order__lines", "order__fulfillments__lines", "lines__order_line")
    held = units_held({ret.order_id: ret.order for ret in rets}.values())
    moved = set(
        Parcel.objects.filter(
            shop__in={ret.shop_id for ret in rets},
            subject=SUBJECT,
            subject_id__in=[r.pk for r in rets],
            state__in=MOVED,
        ).values_list("subject_id", flat=True)
    )
    return {ret.pk: _warnings(ret, held, moved=ret.pk in moved) for ret in rets}


def look_at_saleor(ret: Return, *, at: datetime) -> list[Mismatch]:
    """Refresh our copy of the order, and say what does not fit; a Saleor that does not answer is itself a warning.

    Calls out: not within a transaction.
    """
    found: list[Mismatch] = []
    try:
        ret.order = fetch_order(ret.shop, ret.order.saleor_id, at=at)
    except ProviderUnavailable:
        found.append(Mismatch("saleor_unreachable", _("Saleor did not answer; what is known here may be old.")))
    except NotFound:
        found.append(Mismatch("order_gone", _("The order does not exist in Saleor any more.")))
    fresh = Return.objects.select_related("order", "shop").get(pk=ret.pk)
    return [*found, *warnings_of([fresh])[ret.pk]]


def _warnings(ret: Return, held: Mapping[int, int], *, moved: bool) -> list[Mismatch]:
    found = []
    order, lines = ret.order, list(ret.lines.all())
    if ret.state in _WAITING:
        if order.canceled:
            found.append(Mismatch("order_canceled", _("The order was cancelled in Saleor.")))
        found += _about_units(ret, order, lines, held)
    if ret.state in GIVEN_UP_STATES and moved:
        text = _("A parcel is on its way, though nothing is expected any more.")
        found.append(Mismatch("parcel_moved", text))
    if ret.state not in GIVEN_UP_STATES and ret.state != ReturnState.RESOLVED:
        found += _about_promotions(order, lines)
    return found


def _about_units(ret: Return, order: Order, lines: Sequence[ReturnLine], held: Mapping[int, int]) -> list[Mismatch]:
    present: dict[int, int] = {}
    for fulfillment in order.fulfillments.all():
        for unit in fulfillment.lines.all():
            if fulfillment.in_customers_hands:
                present[unit.order_line_id] = present.get(unit.order_line_id, 0) + unit.quantity
    found = []
    for line in lines:
        wanted = line.quantity if line.quantity_approved is None else line.quantity_approved
        expected = wanted - line.unsent
        if line.resolution == Resolution.REPAIR and line.repair_number:
            continue
        if line.order_line.quantity < wanted:
            text = _("The order was edited in Saleor: “%(name)s” is in it %(units)d times now.")
            words = {"name": _name(line.order_line), "units": line.order_line.quantity}
            found.append(Mismatch("order_edited", text % words, line.pk))
        missing = held.get(line.order_line_id, 0) - present.get(line.order_line_id, 0)
        if expected > 0 and missing > 0:
            text = _("Saleor shows %(units)d of “%(name)s” fewer with the customer than are expected back.")
            words = {"name": _name(line.order_line), "units": min(missing, expected)}
            found.append(Mismatch("units_gone", text % words, line.pk))
    return found


def _about_promotions(order: Order, lines: Sequence[ReturnLine]) -> list[Mismatch]:
    """C1.9: a discount may have been earned by goods that come back now. It is shown, and nothing is deducted."""
    coming = {line.order_line_id: line.quantity for line in lines}
    staying = [line for line in order.lines.all() if line.quantity > coming.get(line.pk, 0)]
    if not staying:
        return []
    found = []
    names = [one["name"] or one["kind"] for one in order.discounts if one.get("kind") in _EARNED]
    if names:
        text = _("The whole order had a discount (%(names)s); what stays may not have earned it alone.")
        found.append(Mismatch("promotion", text % {"names": ", ".join(names)}))
    gifts = [line for line in staying if line.is_gift and line.pk not in coming]
    if gifts:
        text = _("“%(names)s” was a free gift with the order and does not come back.")
        found.append(Mismatch("gift_stays", text % {"names": ", ".join(map(_name, gifts))}))
    return found


def _name(line: OrderLine) -> str:
    return " ".join(filter(None, (line.product_name, line.variant_name)))

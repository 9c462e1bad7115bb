"""Units of a return that a repair takes over: for the customer, or for the shop that keeps them.

Returns and repairs do not know each other: a return is its number here, and what was handed over is a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import StoredFile

from .actions import accept_repair, check_in_repair
from .events import RepairRequested
from .models import RepairFor, RepairRequest
from .policy import MAX_DESCRIPTION, MAX_NAME, MAX_PRODUCT


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Units that left a return for a repair."""

    key: str  #: the same for the same units: told twice, they make one repair
    return_number: str
    order_line: OrderLine  #: with its order and the order's shop
    quantity: int
    for_whom: RepairFor
    name: str  #: of whom it is for; "" for the shop
    email: str  #: likewise
    language: str
    description: str  #: what the customer told us
    photos: Sequence[StoredFile] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the warehouse has in hands, and found about it."""

    findings: str
    serial_numbers: Sequence[str] = ()
    photos: Sequence[StoredFile] = ()


@transaction.atomic
def take_over(units: HandOver, *, found: Found | None, at: datetime, actor: Actor) -> RepairRequest:
    """A repair of units of a return, once for each hand-over.

    With ``found`` the units are at the warehouse and are checked in; without, they are with the customer, who is
    asked to send them in: whoever approved the return has decided that.

    Raises:
        Refused: they have to be sent in, and the shop has no return address to print.
    """
    shop = units.order_line.order.shop
    known = RepairRequest.objects.filter(shop=shop, handover_key=units.key).first()
    if known is not None:
        return known
    bought = units.order_line
    repair = RepairRequest.objects.create(
        shop=shop,
        number=f"REP-{next_number(shop, 'repair')}",
        order=bought.order,
        order_line=bought,
        customer_name=units.name[:MAX_NAME],
        customer_email=units.email,
        language=units.language,
        product_name=bought.product_name[:MAX_PRODUCT],
        description=units.description[:MAX_DESCRIPTION],
        quantity=units.quantity,
        for_whom=units.for_whom,
        return_number=units.return_number,
        handover_key=units.key,
        state_since=at,
        requested_at=at,
    )
    repair.photos.set(units.photos)
    if not repair.is_internal:
        publish(RepairRequested(repair.pk), shop=shop, at=at, actor=actor)
    if found is None:
        return accept_repair(repair, at=at, actor=actor)
    return check_in_repair(
        repair,
        findings=found.findings[:MAX_DESCRIPTION],
        serial_numbers=found.serial_numbers,
        photos=found.photos,
        at=at,
        actor=actor,
    )

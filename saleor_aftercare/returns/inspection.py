"""Judging what arrived: its grade, what was found, and where it goes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.policies.models import Resolution

from .events import InspectionVoided, ReturnInspected, UnitsInRepair, UnitsRestocked
from .goods import Booking, Disposition, Grade, Inspection
from .models import Return, ReturnLine, ReturnState
from .reception import MAX_KEY, MAX_TEXT, inspectable, inspected, to_inspect
from .stock import booking_began, may_book, schedule_booking

#: Where units go that somebody can buy again.
SOLD_AGAIN = (Disposition.RESTOCK, Disposition.OUTLET)
#: Where units go that were sent in to be repaired for their owner.
STAYS_THE_CUSTOMERS = (Disposition.REPAIR, Disposition.QUARANTINE)
MAX_SERIAL = 100
#: Serial numbers of one judgement; who has more units in hands judges them in parts.
MAX_SERIALS = 20


@transaction.atomic
def inspect(
    line: ReturnLine,
    *,
    quantity: int,
    grade: str,
    disposition: str,
    warehouse: tuple[str, str] | None,
    note: str,
    photos: Sequence[StoredFile],
    at: datetime,
    actor: Actor,
    serial_numbers: Sequence[str] = (),
    key: str = "",
) -> Inspection:
    """Judge received units of a line. ``warehouse`` is Saleor's (id, name), for what goes back to a stock there.

    Units for the stock are booked by a job; where the app may not write stocks, somebody books them by hand. Units
    to be repaired are handed over to a repair by a reaction. ``key`` makes a repeated request count once.

    Raises:
        InvalidInput: names the field; more units than arrived, are accepted and were not judged yet.
        Conflict: nothing has arrived yet.
        Refused: the customer wants them repaired, and they are not ours to sell or to throw away.
    """
    ret = Return.objects.select_for_update().select_related("shop").get(pk=line.ret_id)
    key = key.strip() or uuid.uuid4().hex
    if len(key) > MAX_KEY:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_KEY}, "key")
    known = Inspection.objects.filter(shop=ret.shop, key=key).first()
    if known is not None:
        if known.line_id != line.pk:
            raise InvalidInput(_("This key was used for something else."), "key")
        return known
    line = ReturnLine.objects.select_related("order_line").get(pk=line.pk)
    if ret.state not in {ReturnState.RECEIVED, ReturnState.RESOLVED}:
        raise Conflict(_("Nothing of this return has been received yet; reload and look again."))
    left = inspectable(line) - inspected(ret).get(line.pk, 0)
    if not 1 <= quantity <= left:
        raise InvalidInput(_("Between 1 and %(most)d of these wait for inspection.") % {"most": left}, "quantity")
    booking = _booking(ret.shop, line, grade, disposition, warehouse)
    if line.resolution == Resolution.REPAIR and disposition not in STAYS_THE_CUSTOMERS:
        raise Refused(_("These are the customer's own, to be repaired; they cannot go there."), "disposition")
    serials = _serials(serial_numbers, most=quantity)
    if len(note) > MAX_TEXT:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_TEXT}, "note")
    inspection = Inspection.objects.create(
        shop=ret.shop,
        line=line,
        key=key,
        quantity=quantity,
        grade=grade,
        disposition=disposition,
        warehouse_id=warehouse[0] if warehouse else "",
        warehouse_name=warehouse[1][:250] if warehouse else "",
        note=note.strip(),
        serial_numbers=serials,
        inspected_by=actor.name,
        inspected_at=at,
        booking=booking,
    )
    inspection.photos.set(photos)
    _recount(ret)
    event = ReturnInspected(ret.pk, inspection.pk, quantity=quantity, grade=grade, disposition=disposition)
    publish(event, shop=ret.shop, at=at, actor=actor)
    if booking == Booking.DUE:
        schedule_booking(inspection, at=at)
    return inspection


def _booking(shop: Shop, line: ReturnLine, grade: str, disposition: str, warehouse: tuple[str, str] | None) -> Booking:
    if grade not in Grade.values:
        raise InvalidInput(_("Please choose a grade."), "grade")
    if disposition not in Disposition.values:
        raise InvalidInput(_("Please choose where it goes."), "disposition")
    if disposition == Disposition.RESTOCK and not warehouse:
        raise InvalidInput(_("Please choose a warehouse."), "warehouseId")
    if not warehouse:
        return Booking.NONE
    if disposition not in SOLD_AGAIN:
        raise InvalidInput(_("Only what is sold again goes to a warehouse's stock."), "warehouseId")
    return Booking.DUE if may_book(shop) and line.order_line.variant_id else Booking.BY_HAND


def _serials(numbers: Sequence[str], *, most: int) -> list[str]:
    lines = [texts.one_line(one, f"serialNumbers.{n}", limit=MAX_SERIAL) for n, one in enumerate(numbers)]
    found = list(dict.fromkeys(filter(None, lines)))
    if len(found) > (limit := min(most, MAX_SERIALS)):
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": limit}, "serialNumbers")
    return found


@transaction.atomic
def note_repair(inspection: Inspection, *, repair_number: str, at: datetime, actor: Actor) -> Inspection:
    """Note the repair that has the units of an inspection, once. Raises Conflict when another one has them."""
    rows = Inspection.objects.filter(pk=inspection.pk, repair_number="", voided_at=None)
    if rows.update(repair_number=repair_number) != 1:
        raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
    inspection.repair_number = repair_number
    event = UnitsInRepair(inspection.line.ret_id, inspection.pk, inspection.quantity, repair_number)
    publish(event, shop=inspection.shop, at=at, actor=actor)
    return inspection


@transaction.atomic
def void_inspection(inspection: Inspection, *, at: datetime, actor: Actor) -> Inspection:
    """Take a judgement back, so that the units can be judged anew; until they are in the stock.

    Raises Conflict: it was taken back already, its units are being booked, or Saleor's stock has them.
    """
    ret = Return.objects.select_for_update().select_related("shop").get(pk=inspection.line.ret_id)
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if locked.voided_at is not None:
        raise Conflict(_("This inspection was taken back already; reload and look again."))
    if locked.booking == Booking.BOOKED:
        raise Conflict(_("These units are in Saleor's stock; correct the stock there, in Saleor."))
    if booking_began(locked):
        raise Conflict(_("These units are being booked into the stock at the moment; wait until that is done."))
    locked.voided_at, locked.booking, locked.booking_error = at, Booking.NONE, ""
    locked.save(update_fields=["voided_at", "booking", "booking_error"])
    _recount(ret)
    publish(InspectionVoided(ret.pk, locked.pk, locked.quantity), shop=ret.shop, at=at, actor=actor)
    for name in ("voided_at", "booking", "booking_error"):
        setattr(inspection, name, getattr(locked, name))
    return inspection


@transaction.atomic
def retry_booking(inspection: Inspection, *, at: datetime) -> Inspection:
    """Have units booked into the stock once more, because the cause is mended. Raises Refused or Conflict."""
    locked = Inspection.objects.select_for_update().select_related("shop", "line__order_line").get(pk=inspection.pk)
    if locked.booking not in {Booking.FAILED, Booking.BY_HAND}:
        raise Conflict(_("These units do not wait for somebody; reload and look again."))
    if not may_book(locked.shop):
        raise Refused(_("The app has no permission to change stocks (MANAGE_PRODUCTS); book these units in Saleor."))
    if not locked.line.order_line.variant_id:
        raise Refused(_("Saleor does not have this product any more; there is no stock to book these units into."))
    locked.booking, locked.booking_error = Booking.DUE, ""
    locked.save(update_fields=["booking", "booking_error"])
    schedule_booking(locked, at=at)
    inspection.booking, inspection.booking_error = locked.booking, ""
    return inspection


@transaction.atomic
def booked_by_hand(inspection: Inspection, *, at: datetime, actor: Actor) -> Inspection:
    """Somebody has booked the units in Saleor. Raises Conflict when they do not wait for that."""
    locked = Inspection.objects.select_for_update().select_related("line").get(pk=inspection.pk)
    if locked.booking not in {Booking.FAILED, Booking.BY_HAND}:
        raise Conflict(_("These units do not wait for somebody; reload and look again."))
    if booking_began(locked):
        raise Conflict(_("These units are being booked into the stock at the moment; wait until that is done."))
    locked.booking, locked.booking_error, locked.restocked_at = Booking.BOOKED, "", at
    locked.save(update_fields=["booking", "booking_error", "restocked_at"])
    event = UnitsRestocked(locked.line.ret_id, locked.pk, locked.quantity, locked.warehouse_name)
    publish(event, shop=locked.shop, at=at, actor=actor)
    for name in ("booking", "booking_error", "restocked_at"):
        setattr(inspection, name, getattr(locked, name))
    return inspection


def _recount(ret: Return) -> None:
    ret.uninspected = to_inspect(ret)
    ret.save(update_fields=["uninspected"])

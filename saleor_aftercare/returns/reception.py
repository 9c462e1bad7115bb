"""Parcels of returns, opened and counted at the warehouse.

A return may come in several parcels: receptions add up while it is not resolved. What arrived never pays anything by
itself (C1.12: receive without refund); it makes the settlement possible, and Saleor shows the accepted units as
returned (:mod:`.recording`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.policies.models import Resolution, ReturnShippingPayer

from .eligibility import eligibility
from .events import ReturnReceived, SendBackDecided, SentBack, UnitsRejected
from .goods import Inspection, Reception, ReceptionLine
from .models import GIVEN_UP_STATES, Return, ReturnLine, ReturnState

MAX_TEXT = 2000
MAX_KEY = 80
#: Units of one line in one parcel; more is a slip of the finger on the scanner.
MAX_UNITS = 100_000


@dataclass(frozen=True)
class LineReceived:
    """What of one line was in a parcel."""

    line: ReturnLine
    received: int
    wrong: int = 0  #: something else was in place of these
    rejected: int = 0  #: of the received ones
    reject_reason: str = ""  #: for the customer


@dataclass(frozen=True)
class LineRejected:
    """Received units that we do not accept."""

    line: ReturnLine
    quantity: int
    reason: str


def outstanding(line: ReturnLine) -> int:
    """Units of a line that may still come in a parcel; what is repaired has a way of its own."""
    if line.kept or line.resolution == Resolution.REPAIR:
        return 0
    return max(0, approved_of(line) - max(counted(line), line.unsent) - line.quantity_wrong)


def approved_of(line: ReturnLine) -> int:
    """Units that we want back."""
    return line.quantity if line.quantity_approved is None else line.quantity_approved


def counted(line: ReturnLine) -> int:
    """Units that are here; those that never left the warehouse are among them from the first parcel on."""
    return line.quantity_received or 0


def accepted(line: ReturnLine) -> int:
    """Units that are here and that we take."""
    return counted(line) - line.quantity_rejected


def inspectable(line: ReturnLine) -> int:
    """Accepted units that came in a parcel: what never left the warehouse needs no second look."""
    return max(0, accepted(line) - min(line.unsent, counted(line)))


@transaction.atomic
def receive_return(
    ret: Return,
    *,
    lines: Sequence[LineReceived] | None,
    at: datetime,
    actor: Actor,
    key: str = "",
    seen: int = 0,
    note: str = "",
    photos: Sequence[StoredFile] = (),
) -> Reception:
    """A parcel was opened. ``lines`` says what was in it; None: everything that was still to come.

    ``seen`` is how many parcels of this return the caller had seen received; ``key`` makes a repeated request count
    once: it gets the same reception again. A parcel of a return that expired or was cancelled is received too, as
    long as its units were not asked back in another return meanwhile; of a declined one only to be rejected.

    Raises:
        InvalidInput: names the line and the quantity at fault.
        Conflict: somebody received a parcel that the caller did not know of, or the return is closed.
    """
    key = _key(key)
    locked = Return.objects.select_for_update().select_related("order", "shop").get(pk=ret.pk)
    known = Reception.objects.filter(shop=locked.shop, key=key).first()
    if known is not None:
        if known.ret_id != locked.pk:
            raise InvalidInput(_("This key was used for something else."), "key")
        return known
    before = locked.receptions.aggregate(last=Max("position"))["last"] or 0
    if before != seen:
        raise Conflict(_("Somebody else has received a parcel of this return meanwhile; reload and look again."))
    rows = {line.pk: line for line in locked.lines.select_related("order_line")}
    counts = _everything(rows) if lines is None else list(lines)
    _check(locked, rows, counts, first=before == 0, at=at)
    if len(note) > MAX_TEXT:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_TEXT}, "note")
    late = locked.state
    if locked.state != ReturnState.RECEIVED:
        locked.move("receive", at=at, received_at=at, arrived_at=locked.arrived_at or at)
    reception = Reception.objects.create(
        shop=locked.shop,
        ret=locked,
        position=before + 1,
        key=key,
        received_at=at,
        received_by=actor.name,
        note=note.strip(),
    )
    reception.photos.set(photos)
    _count(rows, counts, reception)
    locked.recorded_at = None
    locked.uninspected = to_inspect(locked)
    locked.save(update_fields=["recorded_at", "uninspected"])
    publish(
        ReturnReceived(
            locked.pk,
            parcel=reception.position,
            wrong=sum(one.wrong for one in counts),
            rejected=sum(one.rejected for one in counts),
            missing=sum(map(outstanding, rows.values())),
            late=late if late in GIVEN_UP_STATES else "",
        ),
        shop=locked.shop,
        at=at,
        actor=actor,
    )
    schedule_recording(locked, at=at)
    for name in ("state", "state_since", "received_at", "arrived_at", "recorded_at", "uninspected"):
        setattr(ret, name, getattr(locked, name))
    return reception


def schedule_recording(ret: Return, *, at: datetime) -> None:
    """Let Saleor be told what is accepted, in a job."""
    schedule(
        "returns.record",
        key=f"return-record:{ret.pk}",
        shop=ret.shop,
        due_at=at,
        payload={"return": ret.pk},
        again=True,
    )


def _key(key: str) -> str:
    key = key.strip() or uuid.uuid4().hex
    if len(key) > MAX_KEY:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_KEY}, "key")
    return key


def _everything(rows: Mapping[int, ReturnLine]) -> list[LineReceived]:
    return [LineReceived(line, outstanding(line)) for line in rows.values() if outstanding(line)]


def _check(
    ret: Return, rows: Mapping[int, ReturnLine], counts: Sequence[LineReceived], *, first: bool, at: datetime
) -> None:
    if len({one.line.pk for one in counts}) != len(counts):
        raise InvalidInput(_("An item is listed twice."), "lines")
    unsent = first and any(line.unsent for line in rows.values())
    if not unsent and not any(one.received or one.wrong for one in counts):
        raise InvalidInput(_("Nothing has arrived? Then leave the return as it is."), "lines")
    for n, one in enumerate(counts):
        line = rows.get(one.line.pk)
        if line is None:
            raise InvalidInput(_("This item is not part of the return."), f"lines.{n}")
        _check_line(ret, line, one, n)
    if ret.state in GIVEN_UP_STATES:
        _check_free(ret, rows, counts, at=at)


def _check_line(ret: Return, line: ReturnLine, one: LineReceived, n: int) -> None:
    for name in ("received", "wrong", "rejected"):
        if not 0 <= getattr(one, name) <= MAX_UNITS:
            raise InvalidInput(_("The quantity must be 0 or more."), f"lines.{n}.{name}")
    if line.kept and one.received + one.wrong:
        raise InvalidInput(_("The customer was told to keep these; they are not expected."), f"lines.{n}.received")
    here = max(counted(line), line.unsent)
    room = line.quantity - here - line.quantity_wrong
    if one.received > room:
        raise InvalidInput(_("At most %(most)d of these can have arrived.") % {"most": room}, f"lines.{n}.received")
    if one.received + one.wrong > room:
        raise InvalidInput(
            _("At most %(most)d can be wrong: so many are still to come.") % {"most": room - one.received},
            f"lines.{n}.wrong",
        )
    if one.rejected > one.received:
        raise InvalidInput(_("No more can be rejected than arrived."), f"lines.{n}.rejected")
    if one.rejected and not one.reject_reason.strip():
        raise InvalidInput(_("Please give the reason; the customer will read it."), f"lines.{n}.rejectReason")
    if len(one.reject_reason) > MAX_TEXT:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_TEXT}, f"lines.{n}.rejectReason")
    wanted = 0 if ret.state == ReturnState.DECLINED else approved_of(line)
    taken = here + one.received - line.quantity_rejected - one.rejected
    if one.received and taken > wanted:
        raise InvalidInput(
            _("Only %(most)d of these are to be taken back; reject the others, or have them approved first.")
            % {"most": max(0, wanted - here + line.quantity_rejected)},
            f"lines.{n}.received",
        )


def _check_free(ret: Return, rows: Mapping[int, ReturnLine], counts: Sequence[LineReceived], *, at: datetime) -> None:
    """A late parcel: its units may have been asked back in another return since this one was given up."""
    free = {one.order_line.pk: one.facts.returnable for one in eligibility(ret.order, at=at)}
    for n, one in enumerate(counts):
        line = rows[one.line.pk]
        left = free.get(line.order_line_id, 0)
        if one.received - one.rejected > left:
            raise Conflict(
                _("Only %(left)d of these are not part of another return; look which one this parcel belongs to.")
                % {"left": left},
                f"lines.{n}.received",
            )


def _count(rows: Mapping[int, ReturnLine], counts: Sequence[LineReceived], reception: Reception) -> None:
    found = {one.line.pk: one for one in counts}
    for line in rows.values():
        line.quantity_received = max(counted(line), min(line.unsent, approved_of(line)))
        if (one := found.get(line.pk)) is not None:
            line.quantity_received += one.received
            line.quantity_wrong += one.wrong
            line.quantity_rejected += one.rejected
            line.reject_reason = _joined(line.reject_reason, one.reject_reason if one.rejected else "")
        line.save(update_fields=["quantity_received", "quantity_wrong", "quantity_rejected", "reject_reason"])
    ReceptionLine.objects.bulk_create(
        ReceptionLine(
            reception=reception,
            line=rows[one.line.pk],
            received=one.received,
            wrong=one.wrong,
            rejected=one.rejected,
            reject_reason=one.reject_reason.strip() if one.rejected else "",
        )
        for one in counts
        if one.received or one.wrong
    )


def _joined(before: str, more: str) -> str:
    more = more.strip()
    return before if not more or more in before.splitlines() else "\n".join(filter(None, (before, more)))


def to_inspect(ret: Return) -> int:
    """Units of a return that arrived, are accepted, and that nobody has judged."""
    lines = list(ReturnLine.objects.filter(ret=ret))
    judged = inspected(ret)
    return sum(max(0, inspectable(line) - judged.get(line.pk, 0)) for line in lines)


def inspected(ret: Return) -> dict[int, int]:
    """Units of each line, by its key, that an inspection stands for."""
    rows = Inspection.objects.filter(shop_id=ret.shop_id, line__ret=ret, voided_at=None)
    return dict(rows.values("line_id").annotate(units=Sum("quantity")).values_list("line_id", "units"))


# -- what is not accepted ------------------------------------------------------------------------------------------


@transaction.atomic
def reject_units(ret: Return, *, lines: Sequence[LineRejected], at: datetime, actor: Actor) -> Return:
    """Do not accept units after all that were received as they were; the customer reads the reason (C1.20).

    Raises:
        InvalidInput: names the line; units that an inspection stands for must be freed of it first.
        Conflict: the return is not RECEIVED: nothing has come, or all is settled.
    """
    locked = Return.objects.select_for_update().select_related("shop").get(pk=ret.pk)
    if locked.state != ReturnState.RECEIVED:
        raise Conflict(_("Only goods that have arrived, and are not settled, can be rejected; reload and look again."))
    rows = {line.pk: line for line in locked.lines.all()}
    judged = inspected(locked)
    if not lines:
        raise InvalidInput(_("Please choose at least one item."), "lines")
    for n, one in enumerate(lines):
        line = rows.get(one.line.pk)
        if line is None:
            raise InvalidInput(_("This item is not part of the return."), f"lines.{n}")
        free = inspectable(line) - judged.get(line.pk, 0)
        if not 1 <= one.quantity <= free:
            raise InvalidInput(
                _("Between 1 and %(most)d: the others are rejected already, or inspected.") % {"most": free},
                f"lines.{n}.quantity",
            )
        reason = one.reason.strip()
        if not reason or len(reason) > MAX_TEXT:
            raise InvalidInput(_("Please give the reason; the customer will read it."), f"lines.{n}.reason")
        line.quantity_rejected = F("quantity_rejected") + one.quantity
        line.reject_reason = _joined(line.reject_reason, reason)
        line.save(update_fields=["quantity_rejected", "reject_reason"])
    locked.uninspected = to_inspect(locked)
    locked.save(update_fields=["uninspected"])
    units = sum(one.quantity for one in lines)
    publish(UnitsRejected(locked.pk, quantity=units), shop=locked.shop, at=at, actor=actor)
    ret.uninspected = locked.uninspected
    return ret


@transaction.atomic
def decide_send_back(ret: Return, *, payer: str, stored_until: date, at: datetime, actor: Actor) -> Return:
    """Say who pays the way back of rejected goods, and until when they are kept for the customer (C1.20).

    Raises InvalidInput, Refused when nothing was rejected, or Conflict once they were sent.
    """
    locked = _with_rejected(ret)
    if payer not in ReturnShippingPayer.values:
        raise InvalidInput(_("Please choose who pays."), "payer")
    if stored_until < at.date():
        raise InvalidInput(_("This day has passed."), "storedUntil")
    if (locked.sendback_payer, locked.sendback_stored_until) != (payer, stored_until):
        locked.sendback_payer, locked.sendback_stored_until = payer, stored_until
        locked.save(update_fields=["sendback_payer", "sendback_stored_until"])
        event = SendBackDecided(locked.pk, payer=payer, stored_until=stored_until.isoformat())
        publish(event, shop=locked.shop, at=at, actor=actor)
    ret.sendback_payer, ret.sendback_stored_until = payer, stored_until
    return ret


@transaction.atomic
def send_back(ret: Return, *, tracking_number: str, at: datetime, actor: Actor) -> Return:
    """The rejected goods are on their way back to the customer. Raises InvalidInput, Refused or Conflict."""
    locked = _with_rejected(ret)
    tracking_number = " ".join(tracking_number.split())
    if len(tracking_number) > 100:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": 100}, "trackingNumber")
    locked.sendback_tracking, locked.sendback_sent_at = tracking_number, at
    locked.save(update_fields=["sendback_tracking", "sendback_sent_at"])
    publish(SentBack(locked.pk), shop=locked.shop, at=at, actor=actor)
    ret.sendback_tracking, ret.sendback_sent_at = tracking_number, at
    return ret


def _with_rejected(ret: Return) -> Return:
    locked = Return.objects.select_for_update().select_related("shop").get(pk=ret.pk)
    if not locked.lines.filter(quantity_rejected__gt=0).exists():
        raise Refused(_("Nothing of this return was rejected."))
    if locked.sendback_sent_at is not None:
        raise Conflict(_("These goods were sent back already."))
    return locked

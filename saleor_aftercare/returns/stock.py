"""Accepted goods go back into Saleor's stock, without losing what changes there at the same moment.

One job books everything that waits for one variant in one warehouse. As a job runs once at a time, no two of our
writes meet; against everybody else there is arithmetic (``still_owed``), for Saleor has no lock and no addition:

1. look at the stock, and at what was shipped from it lately;
2. write the sum that should stand there;
3. look again. The quantity and the fulfilments since the first look say exactly how many shipped units our write
   put back by mistake; these are owed, with the sign turned, and the steps begin again.

Every write is a ``ShopCommand``; a worker that dies anywhere is followed by one that goes on from the rows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import structlog
from django.db import transaction

from saleor_aftercare.connection.client import SaleorRejected, TokenRejected
from saleor_aftercare.connection.commands import carry_out, drop, find_out, write_command
from saleor_aftercare.connection.effects import stock
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job, Shop

from .events import RestockFailed, UnitsRestocked
from .goods import Booking, Inspection

log = structlog.get_logger(__name__)

PERMISSION: Final = "MANAGE_PRODUCTS"
#: Corrections in a row; a stock that is shipped from without pause is looked at again a little later.
_STEPS: Final = 20


def may_book(shop: Shop) -> bool:
    """Whether the merchant let us write stocks; without it somebody books by hand."""
    return PERMISSION in shop.permissions


def booking_began(inspection: Inspection) -> bool:
    """Whether Saleor may have got the units, or a part of what that takes."""
    return bool(_commands(inspection).exclude(state=CommandState.FAILED).exists())


def schedule_booking(inspection: Inspection, *, at: datetime) -> None:
    """Have the stock of an inspection's units brought up to date."""
    variant, warehouse = inspection.line.order_line.variant_id, inspection.warehouse_id
    schedule(
        "returns.book_stock",
        key=f"stock:{variant}:{warehouse}",
        shop=inspection.shop,
        due_at=at,
        payload={"variant": variant, "warehouse": warehouse},
        again=True,
    )


def still_owed(*, base: int, owed: int, before: int | None, now: int, fulfilled: int) -> int:
    """Units that are still to be added (below zero: taken away) after ``base + owed`` was written.

    ``base`` stood there when the write was prepared, ``before`` directly before it was carried out (None: the answer
    was lost), ``now`` stands there, and ``fulfilled`` units were shipped since ``base`` was read. Each of those units
    was taken either before our write, which then put it back, or after it. A quantity that no shipment explains was set
    by somebody who knows better, a stocktaking perhaps: it stays.
    """
    put_back = now - (base + owed) + fulfilled
    if not 0 <= put_back <= fulfilled:
        return 0
    changed = 0 if before is None else before - base
    return changed - put_back if changed > 0 else -max(put_back, -changed)


@handles("returns.book_stock")
def book_stock(job: Job) -> None:
    """Book what waits for one variant in one warehouse, oldest first."""
    waiting = Inspection.objects.filter(
        shop=job.shop,
        booking=Booking.DUE,
        warehouse_id=job.payload["warehouse"],
        line__order_line__variant_id=job.payload["variant"],
    )
    for inspection in waiting.select_related("shop", "line__order_line").order_by("pk"):
        try:
            _book(inspection)
        except TokenRejected:
            _end(inspection, Booking.BY_HAND)
        except SaleorRejected as refusal:
            _end(inspection, Booking.FAILED, refusal.message)


def _book(inspection: Inspection) -> None:
    last = _commands(inspection).order_by("-pk").first()
    owed = inspection.quantity if last is None else _owed_after(last)
    for _ in range(_STEPS):
        if owed == 0:
            _end(inspection, Booking.BOOKED)
            return
        command = _next_step(inspection, owed)
        if command is None:
            return
        carry_out(command, at=clock.now())
        if command.state == CommandState.FAILED:
            _end(inspection, Booking.FAILED, command.error)
            return
        owed = _owed_after(command)
    raise ProviderUnavailable("This stock changes all the time at the moment.", retry_after_s=30)


def _commands(inspection: Inspection) -> Any:
    return ShopCommand.objects.filter(
        shop=inspection.shop, subject="inspection", subject_id=inspection.pk, kind=stock.KIND
    ).select_related("shop")


def _owed_after(command: ShopCommand) -> int:
    """What is owed once ``command`` is settled. One that was never sent is dropped: its sum may be an old one."""
    find_out(command, at=clock.now())
    if command.state == CommandState.PENDING:
        drop(command, reason="Prepared, and never sent.", at=clock.now())
    trace = command.trace
    owed = int(trace["owed"])
    if command.state == CommandState.FAILED:
        return owed
    seen = stock.look_again(command)
    before = (command.response.get("before") or {}).get(command.request["stocks"][0]["warehouse"])
    if "before" in command.response and before is None:
        before = 0  # Saleor had no row for this warehouse yet
    left = still_owed(
        base=trace["base"],
        owed=owed,
        before=before,
        now=seen.quantity,
        fulfilled=stock.new_units(trace, seen),
    )
    if left:
        log.info("stock_change_overwritten", command=command.pk, units=left)
    return left


def _next_step(inspection: Inspection, owed: int) -> ShopCommand | None:
    """The next write, from a fresh look; None when there is nothing to write (any more)."""
    variant = inspection.line.order_line.variant_id
    since = (clock.now() - stock.LOOK_BACK).isoformat()
    seen = stock.look(inspection.shop, variant=variant, warehouse=inspection.warehouse_id, since=since)
    if not seen.tracked:
        _end(inspection, Booking.BOOKED)
        return None
    at = clock.now()
    with transaction.atomic():
        locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
        if locked.booking != Booking.DUE:
            return None
        reference = f"restock:{inspection.pk}:{_commands(inspection).count() + 1}"
        quantity = max(0, seen.quantity + owed)
        target = {"warehouse": inspection.warehouse_id, "quantity": quantity}
        mark = {"key": stock.mark_key(inspection.warehouse_id), "value": reference}
        return write_command(
            inspection.shop,
            kind=stock.KIND,
            reference=reference,
            subject=("inspection", inspection.pk),
            order_id="",
            request={"variant": variant, "stocks": [target], "mark": [mark]},
            trace={
                "base": seen.quantity,
                "owed": quantity - seen.quantity,
                "since": since,
                "fulfilled": seen.fulfilled,
            },
            at=at,
        )


@transaction.atomic
def _end(inspection: Inspection, booking: Booking, error: str = "") -> None:
    at = clock.now()
    done = at if booking == Booking.BOOKED else None
    rows = Inspection.objects.filter(pk=inspection.pk, booking=Booking.DUE)
    if rows.update(booking=booking, booking_error=error[:500], restocked_at=done) != 1:
        return
    ret = inspection.line.ret_id
    if booking == Booking.BOOKED:
        event: Any = UnitsRestocked(ret, inspection.pk, inspection.quantity, inspection.warehouse_name)
    else:
        event = RestockFailed(ret, inspection.pk, inspection.quantity)
        log.warning("restock_failed", inspection=inspection.pk, booking=booking)
    publish(event, shop=inspection.shop, at=at)

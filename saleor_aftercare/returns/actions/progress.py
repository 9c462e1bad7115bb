"""What becomes of an approved return on its way: sent, arrived, lost, kept, given up, renewed, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import jobs, texts
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import ActorKind, Shop, StoredFile
from saleor_aftercare.parcels.actions import give_up_case
from saleor_aftercare.parcels.models import ParcelState
from saleor_aftercare.policies.models import LegalBasis, Resolution
from saleor_aftercare.returns.eligibility import units_with_customer
from saleor_aftercare.returns.events import (
    ReturnArrived,
    ReturnCanceled,
    ReturnExpired,
    ReturnKept,
    ReturnLost,
    ReturnPhotosAdded,
    ReturnRenewed,
    ReturnResolved,
    ReturnSent,
)
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.parcels import SUBJECT, first_parcel, parcel_moved, renewed_parcel

from .checking import MAX_NOTE, check_photos

S = ReturnState

#: How long before the last day the customer is reminded.
REMIND_BEFORE = timedelta(days=3)


def expect_parcel(ret: Return, *, at: datetime, actor: Actor) -> None:
    """Have a label made, and note the day on which we stop waiting; in the caller's transaction. Raises Refused."""
    made = first_parcel(ret, at=at, actor=actor)
    if made is not None and made.state in {ParcelState.VOID, ParcelState.EXPIRED, ParcelState.RETURNED}:
        renewed_parcel(ret, at=at, actor=actor)
    await_parcel(ret, at=at)


def await_parcel(ret: Return, *, at: datetime) -> None:
    """Note the day on which we stop waiting, and when to remind of it; in the caller's transaction."""
    if ret.expires_on is None:
        return
    ends = end_of_day(ret.shop, ret.expires_on)
    payload, key = {"return": ret.pk}, f"return-expire:{ret.pk}"
    schedule("returns.expire", key=key, shop=ret.shop, due_at=ends, payload=payload, again=True)
    # One that waits for an earlier last day waits for the new one.
    jobs.reschedule(ret.shop, key, due_at=ends)
    if ends - REMIND_BEFORE > at:
        schedule(
            "returns.remind",
            key=f"return-remind:{ret.pk}:{ret.expires_on}",
            shop=ret.shop,
            due_at=ends - REMIND_BEFORE - timedelta(hours=12),
            payload={**payload, "expires_on": ret.expires_on.isoformat()},
        )


def end_of_day(shop: Shop, day: date) -> datetime:
    """The moment at which ``day`` is over in the shop's time zone."""
    zone = ZoneInfo(settings_of(shop).time_zone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)


def last_day_to_send(ret: Return, *, at: datetime) -> date | None:
    """The last day, inclusive, to send a parcel that can be sent from now on; a declared withdrawal has none."""
    if ret.legal_basis == LegalBasis.WITHDRAWAL:
        return None
    zone = ZoneInfo(settings_of(ret.shop).time_zone)
    return at.astimezone(zone).date() + timedelta(days=ret.policy.ship_within_days)


@transaction.atomic
def cancel_return(ret: Return, *, at: datetime, actor: Actor) -> Return:
    """The customer keeps the goods; possible until the parcel is sent. Raises Conflict, saying what helps then."""
    locked = Return.objects.select_for_update().get(pk=ret.pk)
    if locked.state == S.IN_TRANSIT or (locked.state == S.APPROVED and parcel_moved(locked)):
        raise Conflict(
            _(
                "The parcel is on its way, so the return cannot be cancelled any more. Please write to us: we can send"
                " the goods back to you when they arrive."
            )
        )
    if locked.state in {S.ARRIVED, S.RECEIVED}:
        raise Conflict(_("The goods are with us already. Please write to us if you want them back."))
    ret.move("cancel", at=at)
    give_up_case(ret.shop, (SUBJECT, ret.pk), at=at, actor=actor)
    jobs.cancel(ret.shop, f"return-expire:{ret.pk}", at=at)
    publish(ReturnCanceled(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def expire_return(ret: Return, *, at: datetime) -> bool:
    """Stop waiting for the parcel; False when there is nothing to stop: it moved, was renewed, or was decided.

    A declared withdrawal does not expire: what was declared stays declared.
    """
    locked = Return.objects.select_for_update(of=("self",)).select_related("shop").get(pk=ret.pk)
    if locked.state != S.APPROVED or locked.legal_basis == LegalBasis.WITHDRAWAL or locked.expires_on is None:
        return False
    if at < end_of_day(locked.shop, locked.expires_on) or parcel_moved(locked):
        return False
    locked.move("expire", at=at)
    publish(ReturnExpired(locked.pk), shop=locked.shop, at=at)
    return True


@transaction.atomic
def renew_return(ret: Return, *, at: datetime, actor: Actor) -> Return:
    """Open a return again that expired, was cancelled or was declined; its units must still be free.

    One that was approved is approved again, with a new last day; a declined one waits for a decision.
    Raises Conflict when its units are in another return by now, or it is in another state.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=ret.order_id)
    there = units_with_customer(order, without=ret.pk)
    lines = list(ret.lines.all())
    for row in lines:
        wanted = row.quantity if row.quantity_approved is None else row.quantity_approved
        if wanted - row.unsent > there.get(row.order_line_id, 0):
            raise Conflict(_("These units were returned otherwise meanwhile; start a new return for what is left."))
    was_decided = any(row.quantity_approved is not None for row in lines)
    if ret.state == S.CANCELED and not was_decided:
        raise Conflict(_("This return was cancelled before anybody decided; start a new one."))
    if ret.state == S.DECLINED:
        ret.move("renew", at=at, decline_reason="")
        publish(ReturnRenewed(ret.pk), shop=ret.shop, at=at, actor=actor)
        return ret
    ret.move("renew", at=at, expires_on=last_day_to_send(ret, at=at))
    publish(ReturnRenewed(ret.pk), shop=ret.shop, at=at, actor=actor)
    expect_parcel(ret, at=at, actor=actor)
    return ret


@transaction.atomic
def mark_sent(ret: Return, *, at: datetime, actor: Actor = SYSTEM, sent_at: datetime | None = None) -> Return:
    """The parcel was handed over, says the carrier, the customer or staff; told twice counts once. Raises Conflict."""
    locked = Return.objects.select_for_update().get(pk=ret.pk)
    if locked.state == S.EXPIRED:
        _reopen(ret, at=at)
    elif locked.state != S.APPROVED and locked.sent_at is not None:
        return ret
    ret.move("ship", at=at, sent_at=sent_at or at)
    jobs.cancel(ret.shop, f"return-expire:{ret.pk}", at=at)
    publish(ReturnSent(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


def _reopen(ret: Return, *, at: datetime) -> None:
    """A parcel that was sent after all, a little late, brings its return back to life."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=ret.order_id)
    there = units_with_customer(order, without=ret.pk)
    if any((row.quantity_approved or 0) - row.unsent > there.get(row.order_line_id, 0) for row in ret.lines.all()):
        raise Conflict(_("These units were returned otherwise meanwhile; start a new return for what is left."))
    ret.move("renew", at=at)


@transaction.atomic
def mark_arrived(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> Return:
    """The parcel is at the warehouse, unopened; told twice counts once. Raises Conflict."""
    locked = Return.objects.select_for_update().get(pk=ret.pk)
    if locked.state in {S.ARRIVED, S.RECEIVED, S.RESOLVED}:
        return ret
    ret.move("arrive", at=at, arrived_at=at, sent_at=locked.sent_at or at)
    jobs.cancel(ret.shop, f"return-expire:{ret.pk}", at=at)
    publish(ReturnArrived(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def mark_lost(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> Return:
    """The carrier does not have the parcel any more; told twice counts once. Raises Conflict."""
    if Return.objects.filter(pk=ret.pk, state=S.LOST).exists():
        return ret
    ret.move("lose", at=at)
    publish(ReturnLost(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def keep_items(ret: Return, *, lines: Sequence[ReturnLine] | None = None, at: datetime, actor: Actor) -> Return:
    """Expect nothing back and compensate all the same: the goods are not worth the way, or were lost on it.

    ``lines`` stay with the customer while the rest is still expected; None, or all that is left, ends the waiting,
    and the money can be put right. Raises InvalidInput("lines") or Conflict.
    """
    locked = Return.objects.select_for_update().get(pk=ret.pk)
    if locked.state not in {S.APPROVED, S.LOST}:
        locked.move("keep", at=at)  # raises Conflict with the right words
    rows = [row for row in ret.lines.select_for_update() if row.resolution != Resolution.REPAIR]
    chosen = set() if lines is None else {row.pk for row in lines}
    if chosen - {row.pk for row in rows}:
        raise InvalidInput(_("This item is not part of the return."), "lines")
    kept = [row for row in rows if row.quantity_approved and (lines is None or row.pk in chosen)]
    if not kept:
        raise InvalidInput(_("Please choose at least one item."), "lines")
    ReturnLine.objects.filter(pk__in=[row.pk for row in kept]).update(kept=True)
    expected = [row for row in rows if not row.kept and row not in kept and (row.quantity_approved or 0) > row.unsent]
    if not expected:
        ret.move("keep", at=at, received_at=at)
        give_up_case(ret.shop, (SUBJECT, ret.pk), at=at, actor=actor)
        jobs.cancel(ret.shop, f"return-expire:{ret.pk}", at=at)
    publish(ReturnKept(ret.pk, lines=[row.pk for row in kept]), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def add_photos(
    ret: Return,
    *,
    line: ReturnLine | None = None,
    photos: Sequence[StoredFile] = (),
    note: str = "",
    at: datetime,
    actor: Actor,
) -> Return:
    """Photos, or a few words, that come after the request. Raises InvalidInput("photos"|"note") or Conflict."""
    note = texts.paragraphs(note, "note", limit=MAX_NOTE, required=False)
    if not photos and not note:
        raise InvalidInput(_("Please add a photo or a few words."), "photos")
    if ret.state in {S.DECLINED, S.CANCELED, S.RESOLVED}:
        raise Conflict(_("This return is closed. Please write to us instead."))
    row = line or ret.lines.order_by("pk").first()
    if row is None or row.ret_id != ret.pk:
        raise InvalidInput(_("This item is not part of the return."), "line")
    ReturnLine.objects.select_for_update().get(pk=row.pk)
    check_photos(photos, "photos", shop_id=ret.shop_id, already=row.photos.count())
    row.photos.add(*photos)
    publish(
        ReturnPhotosAdded(ret.pk, text=note, photos=[photo.pk for photo in photos]), shop=ret.shop, at=at, actor=actor
    )
    return ret


@transaction.atomic
def resolve_return(ret: Return, *, note: str = "", at: datetime, actor: Actor = SYSTEM) -> Return:
    """Close a received return whose money is settled, or, by staff with a ``note``, without giving anything (C1.12).

    Raises InvalidInput("note") when staff do not say why, or Conflict.
    """
    note = texts.one_line(note, "note", limit=500, required=actor.kind == ActorKind.STAFF)
    ret.move("resolve", at=at, closing_note=note)
    publish(ReturnResolved(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def take_over(line: ReturnLine, *, repair_number: str) -> None:
    """Note the repair that a line was handed over to, once. Raises Conflict when another one has it."""
    if ReturnLine.objects.filter(pk=line.pk, repair_number="").update(repair_number=repair_number) != 1:
        raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
    line.repair_number = repair_number

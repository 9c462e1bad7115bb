"""Hearing of parcels, inbound and outbound: each piece of news is taken once, in whatever order it comes.

What a parcel is follows from the newest of what was said of it, by the time when it happened. Older news that comes
late is kept and changes nothing, but for a delivery: a parcel that arrived has arrived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet

from saleor_aftercare.connection.models import DeliverySource, Fulfillment
from saleor_aftercare.connection.orders import confirm_delivery
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.models import ActorKind, Shop

from .events import (
    OutboundLost,
    OutboundReturned,
    ParcelArrived,
    ParcelEvent,
    ParcelInTransit,
    ParcelLost,
    ParcelReturned,
)
from .models import Parcel, ParcelState, TrackingEvent, TrackingStatus
from .telling import tell

T = TrackingStatus
S = ParcelState

#: Clocks of carriers differ from ours by that much at most.
AHEAD: Final = timedelta(minutes=5)
MAX_DESCRIPTION: Final = 300
MAX_LOCATION: Final = 200

_MOVING: Final = frozenset({T.HANDED_OVER, T.IN_TRANSIT, T.OUT_FOR_DELIVERY, T.FAILED_ATTEMPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One piece of news. ``at`` is when it happened, by the carrier's clock."""

    status: TrackingStatus
    at: datetime
    description: str = ""
    location: str = ""


@transaction.atomic
def hear(
    about: Parcel | Fulfillment, news: Iterable[Heard], *, source: str, at: datetime, actor: Actor = SYSTEM
) -> int:
    """Take news of one parcel; returns how much of it was new.

    ``source`` is a provider's slug, "webhook", "staff" or "customer". News of the future is refused, for it would
    outrank everything that follows.

    Raises InvalidInput(field ``at``).
    """
    news = sorted(news, key=lambda one: one.at)
    if any(one.at > at + AHEAD for one in news):
        raise InvalidInput("Must not lie in the future.", "at")
    if isinstance(about, Parcel):
        locked = Parcel.objects.select_for_update(of=("self",)).select_related("shop").get(pk=about.pk)
        return _hear_inbound(locked, news, source=source, at=at, actor=actor)
    sent = Fulfillment.objects.select_for_update(of=("self",)).select_related("shop").get(pk=about.pk)
    return _hear_outbound(sent, news, source=source, at=at, actor=actor)


def hear_of_parcel(parcel: Parcel, status: TrackingStatus, *, source: str, at: datetime, actor: Actor) -> None:
    """A person says what became of a parcel, now."""
    hear(parcel, [Heard(status=status, at=at)], source=source, at=at, actor=actor)


# -- inbound ------------------------------------------------------------------------------------------------------


def _hear_inbound(parcel: Parcel, news: list[Heard], *, source: str, at: datetime, actor: Actor) -> int:
    newest = _newest(TrackingEvent.objects.filter(parcel=parcel))
    fresh = 0
    for one in news:
        if not _keep(parcel.shop, f"parcel:{parcel.pk}", one, source, at, parcel=parcel):
            continue
        fresh += 1
        if one.status == T.INFO:
            continue
        if one.status == T.DELIVERED or newest is None or one.at >= newest:
            _apply(parcel, one.status, at=at, actor=actor)
            newest = max(one.at, newest or one.at)
    return fresh


def _apply(parcel: Parcel, status: TrackingStatus, *, at: datetime, actor: Actor) -> None:
    """Bring the parcel's state to what was said of it, by legal moves; what says nothing new moves nothing."""
    state = parcel.state
    if state == S.ARRIVED:
        return
    if state == S.RETURNED and status != T.LOST and actor.kind == ActorKind.SYSTEM:
        # On its way back it is scanned, and delivered in the end: to whoever sent it. Only a person knows better.
        return
    if status == T.DELIVERED:
        _move(parcel, "arrive", ParcelArrived, at=at, actor=actor)
    elif status in _MOVING:
        if state != S.IN_TRANSIT:
            _move(parcel, "ship", ParcelInTransit, at=at, actor=actor)
    else:
        if state not in {S.IN_TRANSIT, S.LOST, S.RETURNED}:
            _move(parcel, "ship", ParcelInTransit, at=at, actor=actor)
        if status == T.LOST and parcel.state != S.LOST:
            _move(parcel, "lose", ParcelLost, at=at, actor=actor)
        elif status == T.RETURNED_TO_SENDER and parcel.state != S.RETURNED:
            _move(parcel, "give_back", ParcelReturned, at=at, actor=actor)


def _move(parcel: Parcel, action: str, event: type[ParcelEvent], *, at: datetime, actor: Actor) -> None:
    parcel.move(action, at=at, poll_at=None if action == "arrive" else parcel.poll_at)
    tell(event, parcel, at=at, actor=actor)


# -- outbound -----------------------------------------------------------------------------------------------------


def _hear_outbound(sent: Fulfillment, news: list[Heard], *, source: str, at: datetime, actor: Actor) -> int:
    newest = _newest(TrackingEvent.objects.filter(fulfillment=sent))
    fresh = 0
    for one in news:
        if one.status == T.DELIVERED:
            # Confirmed even when heard before: it is idempotent, and a try may have been refused meanwhile.
            confirm_delivery(sent, source=DeliverySource.CARRIER, delivered_at=one.at, at=at, actor=actor)
        if not _keep(sent.shop, f"fulfillment:{sent.pk}", one, source, at, fulfillment=sent):
            continue
        fresh += 1
        latest = newest is None or one.at >= newest
        if one.status != T.INFO and latest:
            newest = one.at
        if latest and one.status == T.RETURNED_TO_SENDER:
            publish(OutboundReturned(sent.pk, tracking_number=sent.tracking_number), shop=sent.shop, at=at, actor=actor)
        elif latest and one.status == T.LOST:
            publish(OutboundLost(sent.pk, tracking_number=sent.tracking_number), shop=sent.shop, at=at, actor=actor)
    return fresh


# -- both ---------------------------------------------------------------------------------------------------------


def _newest(rows: QuerySet[TrackingEvent]) -> datetime | None:
    """When the newest thing happened that means something."""
    found: datetime | None = rows.exclude(status=T.INFO).aggregate(newest=Max("at"))["newest"]
    return found


def _keep(
    shop: Shop,
    whose: str,
    one: Heard,
    source: str,
    at: datetime,
    *,
    parcel: Parcel | None = None,
    fulfillment: Fulfillment | None = None,
) -> bool:
    """Write the news down; False when it stands there already."""
    told = "\x1f".join((whose, one.status, one.at.astimezone(UTC).isoformat(), one.description, one.location))
    _row, created = TrackingEvent.objects.get_or_create(
        shop=shop,
        key=hashlib.sha256(told.encode()).hexdigest(),
        defaults={
            "parcel": parcel,
            "fulfillment": fulfillment,
            "status": one.status,
            "description": one.description[:MAX_DESCRIPTION],
            "location": one.location[:MAX_LOCATION],
            "source": source[:20],
            "at": one.at,
            "heard_at": at,
        },
    )
    return created

"""Asking providers where parcels are: in bounded batches, less and less often, until a parcel's way has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db.models import Min

from saleor_aftercare.connection.models import DeliverySource, Fulfillment
from saleor_aftercare.core.errors import InvalidInput, ProviderError
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import LabelProvider, TrackingNews

from .accounts import note_accepted, note_rejected, provider_for
from .hearing import Heard, hear
from .making import schedule_poll
from .models import Parcel, ParcelState, ProviderAccount, TrackingStatus

log = structlog.get_logger(__name__)

#: Numbers in one question to a provider.
BATCH: Final = 30
#: Questions in one run of the job.
MAX_BATCHES: Final = 10
#: (time since the state last changed, pause until the next question); after the last one nobody asks any more.
_PAUSES: Final = (
    (timedelta(days=3), timedelta(hours=4)),
    (timedelta(days=14), timedelta(hours=12)),
    (timedelta(days=60), timedelta(days=2)),
)
#: Where a parcel may still be on its way.
_ASKED_ABOUT: Final = (ParcelState.READY, ParcelState.IN_TRANSIT, ParcelState.LOST, ParcelState.RETURNED)
#: How long after dispatch an outgoing parcel is asked about, and how often.
OUTBOUND_FOR: Final = timedelta(days=30)
OUTBOUND_PAUSE: Final = timedelta(hours=6)
OUTBOUND_PAGE: Final = 300


def poll(shop: Shop, slug: str, *, at: datetime) -> int:
    """Ask one provider about the return parcels that are due; returns how many. Schedules the next question.

    Calls out: not inside a transaction. Raises what the provider raises; nothing that was heard is lost then.
    """
    asked = 0
    provider: LabelProvider | None = None
    for _batch in range(MAX_BATCHES):
        rows = Parcel.objects.filter(shop=shop, provider=slug, poll_at__lte=at).exclude(tracking_number="")
        parcels = list(rows.order_by("poll_at", "pk")[:BATCH])
        if not parcels:
            break
        provider = provider or _provider(shop, slug, at=at)
        news = _ask(provider, shop, slug, [one.tracking_number for one in parcels], at=at)
        for parcel in parcels:
            _hear(parcel, [one for one in news if one.tracking_number == parcel.tracking_number], slug, at=at)
            _plan_next(parcel, at=at)
        asked += len(parcels)
    soonest = Parcel.objects.filter(shop=shop, provider=slug, poll_at__isnull=False).aggregate(at=Min("poll_at"))["at"]
    if soonest is not None:
        schedule_poll(shop, slug, due_at=max(soonest, at + timedelta(minutes=1)))
    return asked


def _plan_next(parcel: Parcel, *, at: datetime) -> None:
    rows = Parcel.objects.filter(pk=parcel.pk)
    now = rows.get()
    age = at - now.state_since
    pause = next((pause for limit, pause in _PAUSES if age < limit), None)
    settled = now.state not in _ASKED_ABOUT or pause is None
    rows.update(polled_at=at, poll_at=None if settled or pause is None else at + pause)


def poll_outbound(shop: Shop, slug: str, *, after: int, at: datetime) -> int | None:
    """Ask one provider about outgoing parcels of which no carrier has said that they arrived.

    Looks at one page of parcels after key ``after``; returns the key to go on from, None when that was all.
    """
    rows = (
        Fulfillment.objects.filter(
            shop=shop, dispatched=True, gone=False, shipped_at__gt=at - OUTBOUND_FOR, pk__gt=after
        )
        .exclude(tracking_number="")
        .exclude(delivered_source=DeliverySource.CARRIER)
        .order_by("pk")
    )
    page = list(rows[:OUTBOUND_PAGE])
    if not page:
        return None
    provider = _provider(shop, slug, at=at)
    for start in range(0, len(page), BATCH):
        batch = page[start : start + BATCH]
        news = _ask(provider, shop, slug, sorted({one.tracking_number for one in batch}), at=at)
        for sent in batch:
            _hear(sent, [one for one in news if one.tracking_number == sent.tracking_number], slug, at=at)
    return page[-1].pk if len(page) == OUTBOUND_PAGE else None


def schedule_outbound(shop: Shop, slug: str, *, due_at: datetime, after: int = 0) -> None:
    """Have a provider asked about outgoing parcels."""
    key = f"parcels-outbound:{slug}"
    payload = {"provider": slug, "after": after}
    schedule("parcels.poll_outbound", key=key, shop=shop, due_at=due_at, payload=payload, again=True)


def wants_outbound(shop: Shop, slug: str) -> bool:
    """Whether the shop still wants this provider asked about outgoing parcels."""
    return ProviderAccount.objects.filter(shop=shop, provider=slug, tracks_outbound=True).exists()


def _provider(shop: Shop, slug: str, *, at: datetime) -> LabelProvider:
    try:
        return provider_for(shop, slug)
    except CredentialsRejected as error:
        note_rejected(shop, slug, error, at=at)
        raise


def _ask(
    provider: LabelProvider, shop: Shop, slug: str, numbers: Sequence[str], *, at: datetime
) -> Sequence[TrackingNews]:
    try:
        news = provider.track(numbers)
    except CredentialsRejected as error:
        note_rejected(shop, slug, error, at=at)
        raise
    note_accepted(shop, slug, at=at)
    return news


def _hear(about: Parcel | Fulfillment, news: Sequence[TrackingNews], slug: str, *, at: datetime) -> None:
    """News of one parcel that make no sense do not keep us from those of the others."""
    told = [
        Heard(status=TrackingStatus(one.status), at=one.at, description=one.description, location=one.location)
        for one in news
    ]
    try:
        hear(about, told, source=slug[:20], at=at)
    except (InvalidInput, ProviderError) as error:
        log.warning("tracking_news_refused", provider=slug, kind=type(about).__name__, pk=about.pk, reason=error.code)

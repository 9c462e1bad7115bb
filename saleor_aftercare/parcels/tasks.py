"""Getting labels and giving them back, and hearing where parcels are."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job, Shop

from . import actions, making, tracking
from .models import Parcel


@handles("parcels.make_label")
def make_label(job: Job) -> None:
    """Get a parcel's label, once."""
    parcel = _parcel(job)
    with speaking_to_staff(parcel.shop):
        making.make_label(parcel, tries=job.attempts, at=clock.now())


@handles("parcels.void")
def void(job: Job) -> None:
    """Have the provider take a label back; one that stays away is told to staff in the end."""
    parcel = _parcel(job)
    try:
        with speaking_to_staff(parcel.shop):
            actions.carry_out_void(parcel, at=clock.now())
    except ProviderUnavailable as error:
        if job.attempts < making.MAX_TRIES:
            raise
        actions.note_void_failed(parcel, error.message, at=clock.now())


@handles("parcels.expire")
def expire(job: Job) -> None:
    """The label's last day is over."""
    parcel = _parcel(job)
    zone = ZoneInfo(ShopSettings.objects.only("time_zone").get(shop=parcel.shop_id).time_zone)
    now = clock.now()
    actions.expire_parcel(parcel, today=now.astimezone(zone).date(), at=now)


@handles("parcels.poll")
def poll(job: Job) -> None:
    """Ask one provider where the shop's return parcels are."""
    shop = _shop(job)
    with speaking_to_staff(shop):
        tracking.poll(shop, job.payload["provider"], at=clock.now())


@handles("parcels.poll_outbound")
def poll_outbound(job: Job) -> None:
    """Ask one provider where the parcels to customers are, a page at a time; every six hours from the start."""
    shop, slug, now = _shop(job), job.payload["provider"], clock.now()
    if not tracking.wants_outbound(shop, slug):
        return
    with speaking_to_staff(shop):
        following = tracking.poll_outbound(shop, slug, after=job.payload.get("after", 0), at=now)
    if following is not None:
        tracking.schedule_outbound(shop, slug, due_at=now, after=following)
    else:
        tracking.schedule_outbound(shop, slug, due_at=now + tracking.OUTBOUND_PAUSE)


def _parcel(job: Job) -> Parcel:
    return Parcel.objects.select_related("shop", "order").get(pk=job.payload["parcel"])


def _shop(job: Job) -> Shop:
    if job.shop is None:
        raise LookupError(f"A job of kind {job.kind!r} without a shop")
    return job.shop

"""Making labels, reminding of the last day, and no longer waiting after it."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job

from .actions import expire_return
from .letters import write_reminder
from .models import Return, ReturnState
from .parcels import first_parcel, parcel_moved


@handles("returns.make_label")
def make_label(job: Job) -> None:
    """What releases before parcels scheduled: have the first parcel's label made, unless it is no longer wanted."""
    ret = Return.objects.select_related("shop", "order", "policy").get(pk=job.payload["return"])
    if ret.state == ReturnState.APPROVED:
        first_parcel(ret, at=clock.now())


@handles("returns.expire")
def expire(job: Job) -> None:
    """The last day to send the parcel is over; nothing happens to what moved, or got a later day meanwhile."""
    ret = Return.objects.select_related("shop").get(pk=job.payload["return"])
    expire_return(ret, at=clock.now())


@handles("returns.remind")
def remind(job: Job) -> None:
    """The last day comes near: remind of it, unless the parcel moved, or the day did."""
    ret = Return.objects.select_related("shop", "order", "policy").get(pk=job.payload["return"])
    still = ret.expires_on is not None and ret.expires_on.isoformat() == job.payload["expires_on"]
    if ret.state == ReturnState.APPROVED and still and not parcel_moved(ret):
        write_reminder(ret, at=clock.now())

"""Publishing what happened to a parcel."""

from __future__ import annotations

from datetime import datetime

from saleor_aftercare.core.events import SYSTEM, Actor, publish

from .events import ParcelEvent
from .models import Parcel
from .queries import printed_number


def tell(event: type[ParcelEvent], parcel: Parcel, *, at: datetime, actor: Actor = SYSTEM) -> None:
    """Write the event of this kind for a parcel, in the caller's transaction."""
    row = event(parcel.pk, case=parcel.subject, case_id=parcel.subject_id, number=printed_number(parcel))
    publish(row, shop=parcel.shop, at=at, actor=actor)

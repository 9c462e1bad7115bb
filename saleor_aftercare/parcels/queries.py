"""Reads about parcels; every one takes the shop, or a row of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import OPEN_STATES, REPLACEABLE_STATES, Parcel, ParcelState, TrackingEvent

#: What every screen shows of a parcel comes with it.
_FILES = ("a6", "a4", "slip", "customs", "dropoff_image")


def printed_number(parcel: Parcel) -> str:
    """What stands on the label: the case's number, with the parcel's own from the second on."""
    return parcel.case_number if parcel.position == 1 else f"{parcel.case_number}-{parcel.position}"


def parcels_of(shop: Shop, subject: str, ids: Iterable[int]) -> dict[int, list[Parcel]]:
    """The parcels of several cases by the case's key, in the order of their making; two queries."""
    groups: dict[int, list[Parcel]] = {pk: [] for pk in ids}
    rows = Parcel.objects.filter(shop=shop, subject=subject, subject_id__in=list(groups))
    for parcel in _whole(rows).order_by("subject_id", "position"):
        groups[parcel.subject_id].append(parcel)
    return groups


def parcels_of_case(shop: Shop, subject: str, pk: int) -> list[Parcel]:
    """The parcels of one case, in the order of their making."""
    return parcels_of(shop, subject, [pk])[pk]


def usable_parcels(shop: Shop, subject: str, pk: int) -> list[Parcel]:
    """Those of a case that were not given up, did not expire and did not fail."""
    return [one for one in parcels_of_case(shop, subject, pk) if one.state in {*OPEN_STATES, ParcelState.ARRIVED}]


def stranded_parcels(shop: Shop, subject: str, pk: int) -> list[Parcel]:
    """Those of a case that are with whoever sends them, and want a new label: expired or brought back, not replaced."""
    return [
        one
        for one in parcels_of_case(shop, subject, pk)
        if one.state in REPLACEABLE_STATES and not hasattr(one, "replacement")
    ]


def get_parcel(shop: Shop, pk: int) -> Parcel:
    """A parcel of this shop; raises NotFound."""
    parcel = _whole(Parcel.objects.filter(shop=shop, pk=pk)).select_related("shop", "order").first()
    if parcel is None:
        raise NotFound(_("There is no such parcel."))
    return parcel


def locked_parcel(parcel: Parcel) -> Parcel:
    """The row as it is now, locked until the transaction ends."""
    return Parcel.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=parcel.pk)


def find_by_code(shop: Shop, code: str) -> Parcel | None:
    """The parcel that a scanned or typed code means: our reference, a tracking number, or what our label says.

    Of several the newest, one that may still arrive before one that has. Carriers' barcodes often carry more than the
    number; it is looked for as scanned, without spaces, and in capitals.
    """
    plain = re.sub(r"\s", "", code)
    if not plain or len(plain) > 200 or not plain.isprintable():
        return None
    number, _dash, position = plain.upper().rpartition("-")
    named = Q(case_number=plain.upper())
    if number.count("-") >= 1 and position.isascii() and position.isdigit() and len(position) <= 3:
        named |= Q(case_number=number, position=int(position))
    rows = Parcel.objects.filter(
        Q(reference=plain) | Q(tracking_number__in={code.strip(), plain, plain.upper()}) | named, shop=shop
    )
    found = list(_whole(rows).order_by("-pk")[:20])
    return min(found, key=lambda one: one.state not in OPEN_STATES, default=None)


def parcels_by_tracking(shop: Shop, tracking_number: str) -> list[Parcel]:
    """The parcels of this shop with that tracking number."""
    rows = Parcel.objects.filter(shop=shop, tracking_number=tracking_number).exclude(tracking_number="")
    return list(rows.select_related("shop").order_by("pk"))


def to_export(shop: Shop, provider: str) -> QuerySet[Parcel]:
    """Parcels that wait to be told to the program of a carrier, oldest first."""
    return Parcel.objects.filter(shop=shop, provider=provider, state=ParcelState.WANTED).order_by("pk")


def events_of(parcel: Parcel) -> Sequence[TrackingEvent]:
    """What was heard of a parcel, newest first."""
    return sorted(parcel.events.all(), key=lambda one: (one.at, one.pk), reverse=True)


def _whole(rows: QuerySet[Parcel]) -> QuerySet[Parcel]:
    return rows.select_related(*_FILES, "replacement").prefetch_related(
        Prefetch("events", TrackingEvent.objects.order_by("at", "pk"))
    )

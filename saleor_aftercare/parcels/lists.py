"""Shipping lists: parcels told to a carrier's own program by file, and the numbers that come back by file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.files import store
from saleor_aftercare.core.models import Shop
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.labels.base import Label, LabelRequest, ListProvider, ReadBack

from .accounts import provider_for
from .making import keep_label, label_request
from .models import CarrierFile, Parcel, ParcelState
from .queries import printed_number, to_export

#: Parcels in one list; more make another one. Each label that comes back is set and stored while staff wait.
MAX_LISTED: Final = 200


@dataclass
class NumbersRead:
    """What became of the lines of a file: our numbers, each in one of four heaps."""

    labeled: list[str] = field(default_factory=list)  #: their parcels have a tracking number now
    known: list[str] = field(default_factory=list)  #: had it already
    unknown: list[str] = field(default_factory=list)  #: no parcel of this carrier goes by that number
    closed: list[str] = field(default_factory=list)  #: given up meanwhile, or another tracking number stands there


def list_provider(shop: Shop, provider: str) -> ListProvider:
    """The shop's adapter of that name, which works by lists.

    Raises InvalidInput("provider") for one that does not; CredentialsRejected when settings lack something.
    """
    if provider in registry.label_provider_slugs():
        adapter = provider_for(shop, provider)
        if isinstance(adapter, ListProvider) and adapter.capabilities.exports:
            return adapter
    raise InvalidInput(_("This provider does not work by shipping lists."), "provider")


def export_list(
    shop: Shop, *, provider: str, parcels: Iterable[int] | None = None, at: datetime, actor: Actor
) -> CarrierFile:
    """The file for the carrier's program with the parcels that wait for one, oldest first, at most 200.

    ``parcels`` are keys to choose from those, and from those in an earlier list whose numbers have not come back: a
    list that was lost is made again. Two people who press the button together make one list each, of different
    parcels.

    Raises:
        Refused: nothing waits, or a parcel does not fit a slip; the message names its return.
        InvalidInput: ``provider`` or ``parcels``.
    """
    adapter = list_provider(shop, provider)
    with transaction.atomic():
        rows = _waiting(shop, provider, parcels)
        if not rows:
            raise Refused(_("No parcel waits for this carrier's list."), "parcels")
        requests, failures = _requests(adapter, rows)
        if not requests:
            raise Refused(next(iter(failures.values())), "parcels")
        listed = [parcel for parcel in rows if parcel.pk in requests]
        made = adapter.export([requests[parcel.pk] for parcel in listed])
        file = store(shop, name=made.name, content_type=made.content_type, data=made.data, at=at)
        result = CarrierFile.objects.create(
            shop=shop, provider=provider, file=file, made_by=actor.name[:200], created_at=at
        )
        result.parcels.set(listed)
        for parcel in listed:
            if parcel.state == ParcelState.WANTED:
                parcel.move("export", at=at, error="")
        for pk, message in failures.items():
            Parcel.objects.filter(pk=pk).update(error=message[:500])
    return result


def _waiting(shop: Shop, provider: str, parcels: Iterable[int] | None) -> list[Parcel]:
    if parcels is None:
        rows = to_export(shop, provider)
    else:
        keys = list(dict.fromkeys(parcels))
        rows = Parcel.objects.filter(
            shop=shop,
            provider=provider,
            pk__in=keys,
            state__in=[ParcelState.WANTED, ParcelState.AWAITING_NUMBER],
        ).order_by("pk")
        if not 0 < len(keys) <= MAX_LISTED or rows.count() != len(keys):
            raise InvalidInput(_("Some of these parcels do not wait for this carrier's list."), "parcels")
    locked = rows.select_for_update(of=("self",), skip_locked=parcels is None)
    return list(locked.select_related("shop", "order")[:MAX_LISTED])


def _requests(adapter: ListProvider, rows: list[Parcel]) -> tuple[dict[int, LabelRequest], dict[int, str]]:
    """What each parcel asks for, and why some fit no list."""
    requests: dict[int, LabelRequest] = {}
    failures: dict[int, str] = {}
    for parcel in rows:
        try:
            request = label_request(parcel)
            adapter.buy(request)
            requests[parcel.pk] = request
        except AftercareError as error:
            failures[parcel.pk] = f"{parcel.case_number}: {error.message}"
    return requests, failures


def read_back(shop: Shop, *, provider: str, data: bytes, at: datetime, actor: Actor) -> NumbersRead:
    """Give the parcels the tracking numbers that the carrier's program has exported.

    Reading a file twice changes nothing the second time. A parcel that has another number already keeps it: staff
    look (heap ``closed``).

    Raises InvalidInput for an unusable ``provider`` or ``file``.
    """
    adapter = list_provider(shop, provider)
    numbers = NumbersRead()
    touched: list[int] = []
    found = adapter.read_back(data)
    parcels = _by_printed_number(shop, provider, [one.reference for one in found])
    for one in found:
        parcel = parcels.get(one.reference)
        if parcel is None:
            numbers.unknown.append(one.reference)
            continue
        _heap(numbers, parcel, one, at=at, actor=actor).append(one.reference)
        touched.append(parcel.pk)
    CarrierFile.objects.filter(shop=shop, provider=provider, parcels__in=touched, read_back_at=None).update(
        read_back_at=at
    )
    return numbers


def _by_printed_number(shop: Shop, provider: str, numbers: list[str]) -> dict[str, Parcel]:
    """This carrier's parcels by what stands on their slips; one query."""
    cases = {number for one in numbers for number in (one, one.rpartition("-")[0])}
    rows = Parcel.objects.filter(shop=shop, provider=provider, case_number__in=cases).select_related("shop", "order")
    return {printed_number(parcel): parcel for parcel in rows}


def _heap(numbers: NumbersRead, parcel: Parcel, one: ReadBack, *, at: datetime, actor: Actor) -> list[str]:
    if parcel.tracking_number:
        return numbers.known if parcel.tracking_number == one.tracking_number else numbers.closed
    if parcel.state not in {ParcelState.WANTED, ParcelState.AWAITING_NUMBER}:
        return numbers.closed
    label = Label(
        carrier=one.carrier, tracking_number=one.tracking_number, tracking_url=one.tracking_url, cost=one.cost
    )
    try:
        kept = keep_label(parcel, label, at=at, actor=actor)
    except Conflict:
        return numbers.closed
    return numbers.labeled if kept.tracking_number == one.tracking_number else numbers.closed

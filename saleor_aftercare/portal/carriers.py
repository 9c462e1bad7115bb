"""The doors for carriers, and for whoever watches parcels or makes labels for the shop.

Both directions come in here: parcels to customers (Saleor's fulfilments) and parcels on their way back (ours).
``docs/providers.md`` has the shapes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_aftercare.connection import shop as shops
from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.connection.orders import fulfillments_by_tracking
from saleor_aftercare.core import clock, signatures, tokens
from saleor_aftercare.core.errors import AftercareError, InvalidInput, NotFound, ProviderError, Unauthenticated
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.accounts import provider_for
from saleor_aftercare.parcels.hearing import Heard, hear
from saleor_aftercare.parcels.making import keep_label, refuse_label
from saleor_aftercare.parcels.models import Parcel, TrackingStatus
from saleor_aftercare.parcels.queries import parcels_by_tracking
from saleor_aftercare.portal import errors
from saleor_aftercare.providers.labels.base import Callback, CallbackProvider

MAX_BODY: Final = 100_000
MAX_EVENTS: Final = 100
SOURCE: Final = "webhook"


@dataclass(frozen=True)
class DeliveryEvent:
    """Something happened to a parcel."""

    tracking_number: str
    news: Heard


@csrf_exempt
@require_POST
def events(request: HttpRequest, handle: str) -> HttpResponse:
    """Take one event, or up to 100 as ``{"events": [...]}``, all or none; see :func:`read_event` for their shape.

    The shop's carrier secret comes as bearer, or signs the body (``Aftercare-Signature``). Sending an event twice, or
    late, changes nothing. A stranger learns from the answer neither whether the shop nor whether the parcel exists.
    """
    try:
        shop = shop_of(request, handle)
        told = read_events(request)
        with transaction.atomic():
            known = sum(_take(shop, event, field) for field, event in told)
    except AftercareError as error:
        return _problem(error)
    return JsonResponse({"parcels": known})


def _take(shop: Shop, event: DeliveryEvent, field: str) -> int:
    """Let every parcel with that number hear it; returns how many there are."""
    parcels: list[Fulfillment | Parcel] = [
        *fulfillments_by_tracking(shop, event.tracking_number),
        *parcels_by_tracking(shop, event.tracking_number),
    ]
    if not parcels:
        raise NotFound("No parcel of this shop has this number.", f"{field}tracking_number")
    for parcel in parcels:
        try:
            hear(parcel, [event.news], source=SOURCE, at=clock.now())
        except InvalidInput as error:
            raise InvalidInput(error.message, f"{field}{error.field}" if error.field else None) from None
    return len(parcels)


@csrf_exempt
@require_POST
def labels(request: HttpRequest, handle: str, provider: str) -> HttpResponse:
    """Take a label that a provider had promised, or its word that there will be none. Sent twice it counts once."""
    try:
        shop = _shop(handle)
        callback = _read_callback(_caller(shop, provider), request)
        parcel = (
            Parcel.objects.filter(shop=shop, provider=provider, reference=callback.reference)
            .select_related("shop", "order")
            .first()
        )
        if parcel is None:
            raise NotFound("No parcel of this provider has this reference.", "reference")
        if callback.label is not None:
            parcel = keep_label(parcel, callback.label, at=clock.now())
        else:
            refuse_label(parcel, callback.problem, at=clock.now())
            parcel.refresh_from_db()
    except AftercareError as error:
        return _problem(error)
    return JsonResponse({"state": parcel.state})


def _caller(shop: Shop, provider: str) -> CallbackProvider:
    """The shop's adapter that calls back; a stranger cannot tell whether the shop has one."""
    try:
        adapter = provider_for(shop, provider)
    except ProviderError:
        raise _REFUSED from None
    if not isinstance(adapter, CallbackProvider):
        raise _REFUSED
    return adapter


def _read_callback(caller: CallbackProvider, request: HttpRequest) -> Callback:
    try:
        return caller.read_callback(request.headers.get(signatures.HEADER, ""), request.body, at=clock.real_now())
    except ProviderError as error:
        raise InvalidInput(error.message, error.field) from None


_REFUSED: Final = Unauthenticated("Send the shop's carrier secret as “Authorization: Bearer …”, or sign the body.")


def shop_of(request: HttpRequest, handle: str) -> Shop:
    """The shop whose secret came as bearer, or signed the body.

    Raises Unauthenticated, also for a shop that does not exist.
    """
    shop = _shop(handle)
    expected = shops.settings_of(shop).carrier_secret
    signed = request.headers.get(signatures.HEADER)
    if signed is not None and len(request.body) <= MAX_BODY:
        signatures.check_signature(signed, expected, request.body, at=clock.real_now())
        return shop
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not expected or not tokens.same(secret.strip(), expected):
        raise _REFUSED
    return shop


def _shop(handle: str) -> Shop:
    try:
        return shops.shop_by_handle(handle)
    except NotFound:
        raise _REFUSED from None


def read_events(request: HttpRequest) -> list[tuple[str, DeliveryEvent]]:
    """The events in the body, each with the beginning of its fields' names.

    Raises InvalidInput that names the field.
    """
    if len(request.body) > MAX_BODY:
        raise InvalidInput(f"The body may have {MAX_BODY} bytes at most.")
    try:
        data: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        raise InvalidInput("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object.")
    if "events" not in data:
        return [("", read_event(data, ""))]
    rows = data["events"]
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_EVENTS or not all(isinstance(one, dict) for one in rows):
        raise InvalidInput(f"Must be a list of 1 to {MAX_EVENTS} events.", "events")
    return [(f"events.{n}.", read_event(one, f"events.{n}.")) for n, one in enumerate(rows)]


def read_event(data: Mapping[str, Any], prefix: str) -> DeliveryEvent:
    """``{"tracking_number", "status", "at", "description"?, "location"?}``.

    Raises InvalidInput that names the field.
    """
    tracking = data.get("tracking_number")
    if not isinstance(tracking, str) or not tracking.strip() or len(tracking) > 255 or "\x00" in tracking:
        raise InvalidInput("Must be the number on the parcel, as text.", f"{prefix}tracking_number")
    status = data.get("status")
    if not isinstance(status, str) or status not in TrackingStatus.values:
        raise InvalidInput(f"Must be one of {', '.join(TrackingStatus.values)}.", f"{prefix}status")
    news = Heard(
        status=TrackingStatus(status),
        at=read_moment(data.get("at"), f"{prefix}at"),
        description=_words(data.get("description"), f"{prefix}description"),
        location=_words(data.get("location"), f"{prefix}location"),
    )
    return DeliveryEvent(tracking.strip(), news)


def _words(value: object, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 1000 or "\x00" in value:
        raise InvalidInput("Must be text of at most 1000 characters.", field)
    return " ".join(value.split())


def read_moment(value: object, field: str = "at") -> datetime:
    """A moment with its time zone; raises InvalidInput."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput("Must be a time with its zone, such as 2026-11-12T10:00:00+09:00.", field)
    return moment


def _problem(error: AftercareError) -> HttpResponse:
    problem = {"field": error.field, "message": error.message, "code": error.code}
    return JsonResponse({"errors": [problem]}, status=errors.status_of(error))

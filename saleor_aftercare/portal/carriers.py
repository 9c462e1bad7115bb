"""The door for carriers, and for whoever watches parcels for the shop: "this one was delivered"."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_aftercare.connection import shop as shops
from saleor_aftercare.connection.models import DeliverySource
from saleor_aftercare.connection.orders import confirm_delivery, fulfillments_by_tracking
from saleor_aftercare.core import clock, tokens
from saleor_aftercare.core.errors import AftercareError, InvalidInput, NotFound, Unauthenticated
from saleor_aftercare.core.models import Shop
from saleor_aftercare.portal import errors

MAX_BODY: Final = 10_000


@dataclass(frozen=True)
class DeliveryEvent:
    """A parcel arrived."""

    tracking_number: str
    at: datetime


@csrf_exempt
@require_POST
def events(request: HttpRequest, handle: str) -> HttpResponse:
    """Take ``{"tracking_number": "…", "status": "delivered", "at": "2026-11-12T10:00:00+09:00"}``.

    The bearer is the shop's carrier secret. Sending an event twice changes nothing. A stranger learns from the
    answer neither whether the shop exists nor whether the parcel does.
    """
    try:
        shop = shop_of(request, handle)
        event = read_event(request)
        known = fulfillments_by_tracking(shop, event.tracking_number)
        if not known:
            raise NotFound("No parcel of this shop has this number.", "tracking_number")
        for fulfillment in known:
            confirm_delivery(fulfillment, source=DeliverySource.CARRIER, delivered_at=event.at, at=clock.now())
    except AftercareError as error:
        problem = {"field": error.field, "message": error.message, "code": error.code}
        return JsonResponse({"errors": [problem]}, status=errors.status_of(error))
    return JsonResponse({"parcels": len(known)})


def shop_of(request: HttpRequest, handle: str) -> Shop:
    """The shop whose secret came as bearer; raises Unauthenticated, also for a shop that does not exist."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    refused = Unauthenticated("Send the shop's carrier secret as “Authorization: Bearer …”.")
    try:
        shop = shops.shop_by_handle(handle)
    except NotFound:
        raise refused from None
    expected = shops.settings_of(shop).carrier_secret
    if scheme.lower() != "bearer" or not expected or not tokens.same(secret.strip(), expected):
        raise refused
    return shop


def read_event(request: HttpRequest) -> DeliveryEvent:
    """The event in the body; raises InvalidInput that names the field."""
    if len(request.body) > MAX_BODY:
        raise InvalidInput(f"The body may have {MAX_BODY} bytes at most.")
    try:
        data: Any = json.loads(request.body)
    except ValueError:
        raise InvalidInput("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object.")
    tracking = data.get("tracking_number")
    if not isinstance(tracking, str) or not tracking.strip() or len(tracking) > 255 or "\x00" in tracking:
        raise InvalidInput("Must be the number on the parcel, as text.", "tracking_number")
    if data.get("status") != "delivered":
        raise InvalidInput("Must be “delivered”; nothing else is of use here.", "status")
    return DeliveryEvent(tracking.strip(), read_moment(data.get("at")))


def read_moment(value: object) -> datetime:
    """A moment with its time zone; raises InvalidInput."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput("Must be a time with its zone, such as 2026-11-12T10:00:00+09:00.", "at")
    return moment

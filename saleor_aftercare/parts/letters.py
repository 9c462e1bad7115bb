"""The letters about a spare-part request; each is written once, by its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saleor_aftercare.core import links
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose

from .models import SparePartRequest
from .queries import status_token


def status_url(request: SparePartRequest) -> str:
    """The request's page, opened for reading by whoever has the link."""
    return links.spare_part_status(request.shop, request.number, status_token(request))


def write_requested(request: SparePartRequest, *, at: datetime) -> OutboundMessage:
    """We have your request."""
    return _write(request, "requested", _part(request), at=at)


def write_accepted(request: SparePartRequest, *, at: datetime) -> OutboundMessage:
    """We have the part."""
    return _write(request, "accepted", _part(request), at=at)


def write_declined(request: SparePartRequest, *, at: datetime) -> OutboundMessage:
    """We cannot do it, for this reason."""
    return _write(request, "declined", {"reason": request.decline_reason}, at=at)


def _part(request: SparePartRequest) -> dict[str, Any]:
    return {"part_description": request.part_description, "quantity": request.quantity}


def _write(
    request: SparePartRequest,
    what: str,
    context: dict[str, Any],
    *,
    at: datetime,
) -> OutboundMessage:
    return letters.write(
        shop=request.shop,
        kind=f"parts/{what}",
        key=f"spare_part:{request.pk}:{what}",
        to_email=request.customer_email,
        to_name=request.customer_name,
        language=request.language,
        context={
            "number": request.number,
            "product_name": request.product_name,
            "status_url": status_url(request),
            **context,
        },
        subject=("spare_part", request.pk),
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )

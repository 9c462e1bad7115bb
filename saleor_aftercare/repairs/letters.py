"""The letters about a repair; each is written once, by its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core import links
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose

from .models import RepairRequest
from .queries import status_token


def status_url(request: RepairRequest) -> str:
    """The request's page, opened for reading by whoever has the link."""
    return links.repair_status(request.shop, request.number, status_token(request))


def write_requested(request: RepairRequest, *, at: datetime) -> OutboundMessage:
    """We have your request."""
    return _write(
        request, "requested", {"serial_number": request.serial_number, "description": request.description}, at=at
    )


def write_accepted(request: RepairRequest, *, at: datetime) -> OutboundMessage:
    """Send it in, with this slip; better had twice than never."""
    settings = ShopSettings.objects.get(shop=request.shop)
    language = supported_language(request.language, default=settings.default_language)
    context = {"address_lines": list(return_address_of(request.shop).lines(language, country=True))}
    slip = [request.intake_slip] if request.intake_slip else []
    return _write(request, "accepted", context, attachments=slip, repeat_if_lost=True, at=at)


def write_checked_in(request: RepairRequest, *, at: datetime) -> OutboundMessage:
    """It arrived, and is being repaired."""
    return _write(request, "checked_in", {"return_number": request.return_number}, at=at)


def write_declined(request: RepairRequest, *, at: datetime) -> OutboundMessage:
    """We cannot do it, for this reason."""
    return _write(request, "declined", {"reason": request.decline_reason}, at=at)


def _write(
    request: RepairRequest,
    what: str,
    context: dict[str, Any],
    *,
    at: datetime,
    attachments: list[StoredFile] | None = None,
    repeat_if_lost: bool = False,
) -> OutboundMessage:
    return letters.write(
        shop=request.shop,
        kind=f"repairs/{what}",
        key=f"repair:{request.pk}:{what}",
        to_email=request.customer_email,
        to_name=request.customer_name,
        language=request.language,
        context={
            "number": request.number,
            "product_name": request.product_name,
            "status_url": status_url(request),
            **context,
        },
        subject=("repair", request.pk),
        attachments=attachments or (),
        repeat_if_lost=repeat_if_lost,
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )

"""The letters about a return; each is written once, by its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saleor_aftercare.compensation.models import Refund
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core import links
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose

from .models import Return
from .queries import status_token


def status_url(ret: Return) -> str:
    """The return's page, opened for reading by whoever has the link."""
    return links.return_status(ret.shop, ret.number, status_token(ret))


def write_requested(ret: Return, *, at: datetime) -> OutboundMessage:
    """We have your request."""
    return _write(ret, "requested", {"items": _items(ret)}, at=at)


def write_approved(ret: Return, *, at: datetime) -> OutboundMessage:
    """Here is your label; better had twice than never."""
    settings = ShopSettings.objects.get(shop=ret.shop)
    language = supported_language(ret.order.language, default=settings.default_language)
    context = {
        "items": _items(ret),
        "who_pays": ret.policy.who_pays,
        "instructions": "",
        "address_lines": list(return_address_of(ret.shop).lines(language, country=True)),
    }
    return _write(ret, "approved", context, attachments=[ret.label.a4, ret.label.a6], repeat_if_lost=True, at=at)


def write_declined(ret: Return, *, at: datetime) -> OutboundMessage:
    """We cannot accept it, for this reason."""
    return _write(ret, "declined", {"reason": ret.decline_reason}, at=at)


def write_canceled(ret: Return, *, at: datetime) -> OutboundMessage:
    """You keep the goods."""
    return _write(ret, "canceled", {}, at=at)


def write_received(ret: Return, *, at: datetime) -> OutboundMessage:
    """The parcel is here."""
    return _write(ret, "received", {"items": _items(ret)}, at=at)


def write_refunded(ret: Return, refund: Refund, *, at: datetime) -> OutboundMessage:
    """The money is on its way; one letter per refund."""
    context = {"amount": refund.money.format(supported_language(ret.order.language)), "method": refund.method}
    return _write(ret, "refunded", context, suffix=f":{refund.pk}", at=at)


def _items(ret: Return) -> list[dict[str, Any]]:
    items = []
    for line in ret.lines.select_related("order_line").order_by("pk"):
        quantity = line.quantity if line.quantity_received is None else line.quantity_received
        if quantity:
            name = " ".join(filter(None, (line.order_line.product_name, line.order_line.variant_name)))
            items.append({"name": name, "quantity": quantity})
    return items


def _write(
    ret: Return,
    what: str,
    context: dict[str, Any],
    *,
    at: datetime,
    attachments: list[StoredFile] | None = None,
    repeat_if_lost: bool = False,
    suffix: str = "",
) -> OutboundMessage:
    return letters.write(
        shop=ret.shop,
        kind=f"returns/{what}",
        key=f"return:{ret.pk}:{what}{suffix}",
        to_email=ret.order.email,
        to_name=ret.order.customer_name,
        language=ret.order.language,
        context={
            "number": ret.number,
            "order_number": ret.order.number,
            "status_url": status_url(ret),
            **context,
        },
        subject=("return", ret.pk),
        attachments=attachments or (),
        repeat_if_lost=repeat_if_lost,
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )

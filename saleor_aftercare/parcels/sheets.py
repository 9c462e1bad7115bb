"""The papers of a parcel: our own label with packing slip and steps, or the carrier's as it is and a slip of ours."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import segno
from django.utils import translation

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.languages import Language, supported_language
from saleor_aftercare.policies.models import ReturnShippingPayer
from saleor_aftercare.printing.packing_slip import HandIn, PackingSlip, render_packing_slip
from saleor_aftercare.printing.return_label import PaperSize, ReturnLabelSheet, SheetLine, render_return_label
from saleor_aftercare.providers.labels.base import Label

from .contents import contents_of
from .models import Parcel
from .queries import printed_number

#: A counter's scanner reads a code on a phone held at arm's length.
_QR_SCALE: Final = 8
_QR_BORDER: Final = 4


@dataclass(frozen=True, slots=True)
class Papers:
    """PDFs, and ``dropoff`` as PNG. ``a4`` is our own label alone; ``a6`` is None where only a code hands it in."""

    a6: bytes | None
    a4: bytes | None
    slip: bytes
    customs: bytes | None
    dropoff: bytes | None


def papers_of(parcel: Parcel, label: Label, *, at: datetime) -> Papers:
    """Everything to print or show for a parcel; the same whenever it is asked again on one day."""
    dropoff = dropoff_png(label.dropoff_code) if label.dropoff_code else None
    sheet = _sheet(parcel, label, at)
    with translation.override(sheet.language):
        slip = render_packing_slip(_slip(sheet, label))
        if label.pdf is not None or dropoff is not None:
            return Papers(label.pdf, None, slip, label.customs, dropoff)
        a6, a4 = (render_return_label(sheet, size=size) for size in (PaperSize.ROLL, PaperSize.A4))
    return Papers(a6, a4, slip, label.customs, dropoff)


def _slip(sheet: ReturnLabelSheet, label: Label) -> PackingSlip:
    values = {one.name: getattr(sheet, one.name) for one in fields(sheet)}
    hand_in = HandIn.LABEL
    if label.dropoff_code:
        hand_in = HandIn.EITHER if label.pdf is not None else HandIn.CODE
    followed = bool(label.tracking_number)
    return PackingSlip(
        **values, hand_in=hand_in, carrier=label.carrier if followed else "", tracking_number=label.tracking_number
    )


def dropoff_png(content: str) -> bytes:
    """The code that a shop counter scans, as a picture to show on a phone."""
    out = io.BytesIO()
    segno.make_qr(content, error="m").save(out, kind="png", scale=_QR_SCALE, border=_QR_BORDER)
    return out.getvalue()


def language_of(parcel: Parcel, settings: ShopSettings) -> Language:
    """The language of the person who sends it."""
    wish = parcel.language or (parcel.order.language if parcel.order is not None else "")
    return supported_language(wish, default=settings.default_language)


def sender_of(parcel: Parcel) -> PostalAddress:
    """Who sends it: where the order went; raises Refused when nobody knows."""
    order = parcel.order
    address = (order.shipping_address or order.billing_address) if order is not None else None
    if not address:
        raise Refused("The order has no address to send from.")
    return PostalAddress.from_json(address)


def last_day(send_by: date | None, expires_on: date | None) -> date | None:
    """The customer's own deadline: our last day, or the label's when that comes first."""
    return min((day for day in (send_by, expires_on) if day is not None), default=None)


def _sheet(parcel: Parcel, label: Label, at: datetime) -> ReturnLabelSheet:
    settings = ShopSettings.objects.select_related("shop").get(shop=parcel.shop_id)
    language = language_of(parcel, settings)
    with translation.override(language):
        who_pays = str(ReturnShippingPayer(parcel.payer).label)
    return ReturnLabelSheet(
        number=printed_number(parcel),
        sender=sender_of(parcel),
        recipient=PostalAddress.from_json(parcel.recipient),
        order_number=parcel.order.number if parcel.order is not None else "",
        issued_on=at.astimezone(ZoneInfo(settings.time_zone)).date(),
        language=language,
        units=tuple(SheetLine(one.name, one.quantity, one.reason) for one in contents_of(parcel.contents)),
        instructions=str(settings.return_instructions.get(language, "")),
        who_pays=who_pays,
        ship_by=last_day(parcel.send_by, label.expires_on),
        shop_name=settings.sender_name or settings.shop.name,
    )

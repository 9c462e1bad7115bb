"""The repair intake slip: one A4 sheet that travels in the parcel and tells the workshop what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from saleor_aftercare.core.address import PostalAddress

from .addresses import recipient_lines, sender_lines
from .codes import code_128, qr_code
from .render import Data, render_pdf
from .text import shorten
from .words import Language, long_date, words_of

MAX_DESCRIPTION: Final = 3000
MAX_ACCESSORIES: Final = 20

_CODE_WIDTH_MM: Final = 110.0
_CODE_HEIGHT_MM: Final = 14.0
_QR_MODULE_MM: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSlip:
    """All that is printed for one repair.

    ``sender`` is the customer, ``recipient`` the workshop. ``description`` is the customer's own text; line
    feeds are kept. ``accessories`` are boxes to tick, in the slip's language; () prints a standard list.
    ``serial_number`` and ``order_number`` may be "".
    """

    number: str
    sender: PostalAddress
    recipient: PostalAddress
    product_name: str
    serial_number: str
    description: str
    issued_on: date
    language: Language
    shop_name: str
    order_number: str = ""
    accessories: tuple[str, ...] = ()


def render_intake_slip(slip: IntakeSlip) -> bytes:
    """The slip as an A4 PDF; asking twice gives the same bytes.

    A description is printed up to 3000 characters and may go on to a second page; at most 20 accessories.

    Raises:
        InvalidInput: a number that cannot be a barcode, or an unknown language.
    """
    words = words_of(slip.language)
    data: dict[str, Data] = {
        "shop": shorten(slip.shop_name, 60),
        "order": shorten(slip.order_number, 40),
        "issued": long_date(slip.issued_on, slip.language),
        "product": shorten(" ".join(slip.product_name.split()), 160),
        "serial": shorten(" ".join(slip.serial_number.split()), 80),
        "description": shorten(slip.description.strip(), MAX_DESCRIPTION),
        "accessories": [
            shorten(" ".join(item.split()), 80)
            for item in (slip.accessories or words.standard_accessories)[:MAX_ACCESSORIES]
        ],
        "sender": sender_lines(slip.sender, recipient=slip.recipient, language=slip.language),
        "recipient": recipient_lines(slip.recipient, sender=slip.sender, language=slip.language),
        "bars": code_128(slip.number, max_width_mm=_CODE_WIDTH_MM, height_mm=_CODE_HEIGHT_MM),
        "qr": qr_code(slip.number, module_mm=_QR_MODULE_MM),
    }
    return render_pdf(
        "intake_slip",
        data,
        title=words.repair_title.format(number=slip.number),
        language=slip.language,
        issued_on=slip.issued_on,
    )

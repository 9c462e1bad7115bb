"""The packing slip: what goes into a return parcel whose label is a carrier's, or that needs none; always A4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput

from .addresses import recipient_lines, sender_lines
from .codes import code_128, qr_code
from .render import Data, render_pdf
from .return_label import MAX_INSTRUCTIONS, SheetLine, units_data
from .text import shorten
from .words import Language, Words, long_date, words_of

_CODE_WIDTH_MM: Final = 62.0
_CODE_HEIGHT_MM: Final = 13.0
_QR_MODULE_MM: Final = 0.75


class HandIn(StrEnum):
    """How the parcel can be handed in, which the steps tell."""

    LABEL = "label"  #: with a label on it
    CODE = "code"  #: by a code on a phone
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingSlip:
    """All that is printed for one parcel; nothing of it is a price.

    As :class:`.return_label.ReturnLabelSheet`. ``carrier`` and ``tracking_number`` are "" where nobody knows them.
    """

    number: str
    sender: PostalAddress
    recipient: PostalAddress
    order_number: str
    issued_on: date
    language: Language
    units: tuple[SheetLine, ...]
    instructions: str
    who_pays: str
    ship_by: date | None
    shop_name: str
    hand_in: HandIn
    carrier: str = ""
    tracking_number: str = ""


def render_packing_slip(slip: PackingSlip) -> bytes:
    """The slip as an A4 PDF; asking twice gives the same bytes.

    Many units go on to further pages. What is too long is cut with "…" as on the return label.

    Raises:
        InvalidInput: a number that cannot be a barcode, an unknown language, or a return address that lacks
            something (``recipient.street1``).
    """
    if lacking := slip.recipient.missing():
        raise InvalidInput(f"The return address has no {lacking[0]}", f"recipient.{lacking[0]}")
    words = words_of(slip.language)
    data: dict[str, Data] = {
        "shop": shorten(slip.shop_name, 60),
        "order": shorten(slip.order_number, 40),
        "issued": long_date(slip.issued_on, slip.language),
        "ship_by": long_date(slip.ship_by, slip.language) if slip.ship_by else "",
        "who_pays": shorten(slip.who_pays, 120),
        "carrier": shorten(slip.carrier, 60),
        "tracking": shorten(slip.tracking_number, 100),
        "sender": sender_lines(slip.sender, recipient=slip.recipient, language=slip.language),
        "recipient": recipient_lines(slip.recipient, sender=slip.sender, language=slip.language),
        "bars": code_128(slip.number, max_width_mm=_CODE_WIDTH_MM, height_mm=_CODE_HEIGHT_MM),
        "qr": qr_code(slip.number, module_mm=_QR_MODULE_MM),
        "steps": _steps(slip, words),
        "note_title": words.note_from_shop.format(shop=shorten(slip.shop_name, 60)),
        "instructions": shorten(slip.instructions.strip(), MAX_INSTRUCTIONS),
        **units_data(slip.units),
    }
    return render_pdf(
        "packing_slip",
        data,
        title=words.slip_page_title.format(number=slip.number),
        language=slip.language,
        issued_on=slip.issued_on,
    )


def _steps(slip: PackingSlip, words: Words) -> list[Data]:
    hand_in = {
        HandIn.LABEL: words.slip_stick,
        HandIn.CODE: words.slip_show,
        HandIn.EITHER: words.slip_either,
    }[slip.hand_in]
    last = words.step_ship
    if slip.ship_by:
        last = words.step_ship_by.format(date=long_date(slip.ship_by, slip.language))
    return [words.slip_pack, hand_in, last]

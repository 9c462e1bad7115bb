"""The return label: A6 for a label printer, A4 with packing slip and instructions for everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput

from .addresses import recipient_lines, sender_lines
from .codes import code_128, qr_code
from .render import Data, render_pdf
from .text import shorten
from .words import Language, Words, long_date, words_of

MAX_INSTRUCTIONS: Final = 2000
MAX_PRINTED_NAME: Final = 160
MAX_PRINTED_REASON: Final = 240

_CODE_WIDTH_MM: Final = 91.0
_CODE_HEIGHT_MM: Final = 14.5
_QR_MODULE_MM: Final = 0.75


class PaperSize(StrEnum):
    """What comes out of the printer."""

    ROLL = "roll"  #: the label alone, 100 × 150 mm, as label printers (4 × 6 inch too) have it
    A6 = "a6"  #: the label alone, 105 × 148 mm, for sheets
    A4 = "a4"  #: the same label to cut out, steps beside it, packing slip below


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Units of one kind in the parcel; ``reason`` is already in the language of the sheet, "" for none."""

    name: str
    quantity: int
    reason: str = ""

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise InvalidInput(f"A printed quantity must be 1 or more, not {self.quantity}", "quantity")


@dataclass(frozen=True, kw_only=True)
class ReturnLabelSheet:
    """All that is printed for one return.

    ``sender`` is the customer, ``recipient`` the shop's return address. ``who_pays`` (one short sentence) and
    ``instructions`` (plain text, line feeds kept, "" for none) are the shop's words in the sheet's language.
    ``ship_by`` is the last day, inclusive, on which the parcel should be handed in; None where there is none.
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


def render_return_label(sheet: ReturnLabelSheet, *, size: PaperSize) -> bytes:
    """The sheet as a PDF; asking twice gives the same bytes.

    Long names wrap, then shrink. A packing slip of many units goes on to further pages. What no label could
    hold is cut with "…": address lines at 90 characters, item names at 160, reasons at 240, instructions at 2000.

    Raises:
        InvalidInput: a number that cannot be a barcode, an unknown language, or a return address that lacks
            something (``recipient.street1``).
    """
    words = words_of(sheet.language)
    data = {"size": size.value, **head_data(sheet, bars_mm=(_CODE_WIDTH_MM, _CODE_HEIGHT_MM))}
    if size is PaperSize.A4:
        data |= slip_data(sheet, words, steps=words.steps)
        data["sender_name"] = shorten(sheet.sender.name or sheet.sender.company, 60)
    return render_pdf(
        "return_label",
        data,
        title=words.return_title.format(number=sheet.number),
        language=sheet.language,
        issued_on=sheet.issued_on,
    )


def head_data(sheet: ReturnLabelSheet, *, bars_mm: tuple[float, float]) -> dict[str, Data]:
    """What every paper of a return says, with a barcode of at most this width and this height. Raises as above."""
    if lacking := sheet.recipient.missing():
        raise InvalidInput(f"The return address has no {lacking[0]}", f"recipient.{lacking[0]}")
    width_mm, height_mm = bars_mm
    return {
        "shop": shorten(sheet.shop_name, 60),
        "order": shorten(sheet.order_number, 40),
        "issued": long_date(sheet.issued_on, sheet.language),
        "ship_by": long_date(sheet.ship_by, sheet.language) if sheet.ship_by else "",
        "who_pays": shorten(sheet.who_pays, 120),
        "sender": sender_lines(sheet.sender, recipient=sheet.recipient, language=sheet.language),
        "recipient": recipient_lines(sheet.recipient, sender=sheet.sender, language=sheet.language),
        "bars": code_128(sheet.number, max_width_mm=width_mm, height_mm=height_mm),
        "qr": qr_code(sheet.number, module_mm=_QR_MODULE_MM),
    }


def slip_data(sheet: ReturnLabelSheet, words: Words, *, steps: Sequence[str]) -> dict[str, Data]:
    """What a packing slip says: the ``steps``, then until when to send it; the shop's words; the goods."""
    last = words.step_ship
    if sheet.ship_by:
        last = words.step_ship_by.format(date=long_date(sheet.ship_by, sheet.language))
    return {
        "steps": [*steps, last],
        "note_title": words.note_from_shop.format(shop=shorten(sheet.shop_name, 60)),
        "instructions": shorten(sheet.instructions.strip(), MAX_INSTRUCTIONS),
        **_units_data(sheet.units),
    }


def _units_data(units: Sequence[SheetLine]) -> dict[str, Data]:
    """What a packing slip lists."""
    return {
        "units": [
            {
                "name": shorten(" ".join(unit.name.split()), MAX_PRINTED_NAME),
                "quantity": unit.quantity,
                "reason": shorten(" ".join(unit.reason.split()), MAX_PRINTED_REASON),
            }
            for unit in units
        ],
        "total": sum(unit.quantity for unit in units),
    }

"""The packing slip: what goes into a return parcel whose label is a carrier's, or that needs none; always A4."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .render import Data, render_pdf
from .return_label import ReturnLabelSheet, head_data, slip_data
from .text import shorten
from .words import words_of

_CODE_WIDTH_MM: Final = 62.0
_CODE_HEIGHT_MM: Final = 13.0


class HandIn(StrEnum):
    """How the parcel can be handed in, which the steps tell."""

    LABEL = "label"  #: with a label on it
    CODE = "code"  #: by a code on a phone
    EITHER = "either"


@dataclass(frozen=True, kw_only=True)
class PackingSlip(ReturnLabelSheet):
    """All that is printed for one parcel; nothing of it is a price.

    ``carrier`` and ``tracking_number`` are "" where nobody knows them.
    """

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
    words = words_of(slip.language)
    hand_in = {HandIn.LABEL: words.slip_stick, HandIn.CODE: words.slip_show, HandIn.EITHER: words.slip_either}
    data: dict[str, Data] = {
        "carrier": shorten(slip.carrier, 60),
        "tracking": shorten(slip.tracking_number, 100),
        **head_data(slip, bars_mm=(_CODE_WIDTH_MM, _CODE_HEIGHT_MM)),
        **slip_data(slip, words, steps=[words.slip_pack, hand_in[slip.hand_in]]),
    }
    return render_pdf(
        "packing_slip",
        data,
        title=words.slip_page_title.format(number=slip.number),
        language=slip.language,
        issued_on=slip.issued_on,
    )

"""The packing slip, read back: codes by ZXing off a 203 dpi raster, text and fonts by pdfium."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.printing.packing_slip import HandIn, PackingSlip, render_packing_slip
from saleor_aftercare.printing.return_label import ReturnLabelSheet, SheetLine

from .papers import ENGLISH, JAPANESE, codes_on, fonts_of, inks, page_sizes, text_of


def slip_of(sheet: ReturnLabelSheet, **values: Any) -> PackingSlip:
    """The slip with what a label says."""
    same = {one.name: getattr(sheet, one.name) for one in fields(sheet)}
    return PackingSlip(**{**same, "hand_in": HandIn.LABEL, **values})


SLIPS = pytest.mark.parametrize("sheet", [ENGLISH, JAPANESE], ids=["en", "ja"])


@SLIPS
def test_it_is_one_a4_page_whose_two_codes_a_scanner_reads(sheet):
    pdf = render_packing_slip(slip_of(sheet))

    assert page_sizes(pdf) == [(210, 297)]
    assert codes_on(pdf) == [("Code128", "RT-1001"), ("QRCode", "RT-1001")]
    assert all(fonts_of(pdf).values())
    assert all(ink.left >= 10 and ink.right <= 200 and ink.bottom >= 8 for ink in inks(pdf))


@SLIPS
def test_the_longest_number_of_a_case_still_fits_and_reads(sheet):
    number = "RMA-1234567-30"

    assert codes_on(render_packing_slip(slip_of(sheet, number=number))) == [("Code128", number), ("QRCode", number)]


def test_it_says_what_is_in_it_how_it_is_sent_and_until_when():
    text = text_of(render_packing_slip(slip_of(ENGLISH, carrier="Pigeon Post", tracking_number="PP-1")))

    for words in (
        "Packing slip",
        "RT-1001",
        "Linen shirt, white, M",
        "Too small",
        "PigeonPost",
        "PP-1",
        "Stick the carrier's label flat on the largest side",
        "Hand the parcel in by 6 December 2026",
        "Please leave the hygiene seal on.",
        "Amelia Whitfield",
        "Northwind Home Goods Ltd",
    ):
        assert words.replace(" ", "").replace("'", "’") in text.replace("'", "’"), words


def test_it_speaks_japanese():
    text = text_of(render_packing_slip(slip_of(JAPANESE, hand_in=HandIn.EITHER)))

    for words in (
        "返品明細書",
        "リネンシャツ（白・M）",
        "サイズが小さい",
        "発送窓口で返品ページのコードをご提示ください",
        "2026年12月6日までに発送し",
        "衛生シールは剥がさずにお送りください。",
        "返品センター御中",
    ):
        assert words in text, words


def test_the_steps_tell_only_of_what_there_is():
    by_code = text_of(render_packing_slip(slip_of(ENGLISH, hand_in=HandIn.CODE)))

    assert "youneednolabel" in by_code
    assert "carrier" not in by_code


def test_a_slip_of_many_lines_goes_on_to_further_pages():
    units = tuple(SheetLine(f"Thing number {n}", n, "Changed my mind") for n in range(1, 81))

    pdf = render_packing_slip(slip_of(ENGLISH, units=units))

    assert len(page_sizes(pdf)) > 1
    assert "Thingnumber80" in text_of(pdf)


def test_asked_again_it_is_the_same_bytes():
    assert render_packing_slip(slip_of(JAPANESE)) == render_packing_slip(slip_of(JAPANESE))


def test_a_return_address_that_lacks_something_names_it():
    nowhere = replace(slip_of(ENGLISH), recipient=PostalAddress(company="Shop", country="GB"))

    with pytest.raises(InvalidInput) as caught:
        render_packing_slip(nowhere)

    assert str(caught.value.field).startswith("recipient.")

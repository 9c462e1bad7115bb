"""The repair intake slip, read back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.printing.intake_slip import IntakeSlip, render_intake_slip

from .papers import REPAIR, SHUURI, codes_on, fonts_of, inks, opened, page_sizes, text_of

SLIPS = pytest.mark.parametrize("slip", [REPAIR, SHUURI], ids=["en", "ja"])


@SLIPS
def test_a_slip_is_one_a4_page_with_both_codes_and_embedded_fonts(slip: IntakeSlip):
    pdf = render_intake_slip(slip)

    assert page_sizes(pdf) == [(210, 297)]
    assert codes_on(pdf) == [("Code128", "RP-1001"), ("QRCode", "RP-1001")]
    assert all(fonts_of(pdf).values())
    assert len(pdf) <= 64 * 1024


def test_an_english_slip_says_what_the_workshop_needs():
    text = text_of(render_intake_slip(REPAIR))

    for part in (
        "NW-KT-0093-4471",
        "Enamelkettle1.5l,withthermostat",
        "Descalingdidnothelp.",
        "Poweradapter,cable",
        "AmeliaWhitfield",
        "NorthwindHomeGoodsLtd",
        "Fortheworkshop",
    ):
        assert part in text


def test_a_japanese_slip_is_japanese_throughout():
    text = text_of(render_intake_slip(SHUURI))

    for part in (
        "修理番号",
        "電気ケトル1.5L",
        "お湯が沸く前に電源が切れてしまいます。",
        "電源アダプター・ケーブル",
        "返品センター御中",
    ):
        assert part in text
    with opened(render_intake_slip(SHUURI)) as document:
        assert document.get_metadata_dict()["Title"] == "修理受付票 RP-1001"
        assert document.is_tagged()


def test_a_shop_may_name_the_accessories_itself():
    text = text_of(render_intake_slip(replace(REPAIR, accessories=("Lid", "Base plate"))))

    assert "Baseplate" in text
    assert "Proofofpurchase" not in text


def test_an_unknown_serial_number_and_order_leave_no_gap():
    text = text_of(render_intake_slip(replace(REPAIR, serial_number="", order_number="")))

    assert "Serialnumbernotgiven" in text
    assert "Order" not in text


def test_a_long_description_goes_on_and_stays_on_paper():
    words = " ".join(f"word{index}" for index in range(330))
    slip = replace(REPAIR, description=f"{words}\n" + "x" * 400, serial_number="W" * 300, product_name="W" * 300)

    pdf = render_intake_slip(slip)
    text = text_of(pdf)

    assert all(f"word{index}" in text for index in range(330))
    for page in range(len(page_sizes(pdf))):
        assert all(ink.left >= 16 and ink.right <= 194 and ink.bottom >= 5 for ink in inks(pdf, page))
    assert codes_on(pdf) == [("Code128", "RP-1001"), ("QRCode", "RP-1001")]


def test_markup_in_a_description_is_printed_and_never_obeyed():
    text = text_of(render_intake_slip(replace(REPAIR, description='#import "x": * ] #panic() \x00\x1b[31m\u202eabc')))

    assert '#import"x":*]#panic()[31mabc' in text


def test_asking_twice_gives_the_same_bytes():
    assert render_intake_slip(SHUURI) == render_intake_slip(SHUURI)


def test_a_language_that_no_paper_is_laid_out_in_is_refused():
    with pytest.raises(InvalidInput) as caught:
        render_intake_slip(replace(REPAIR, language="de"))

    assert caught.value.field == "language"

"""The return label, read back: codes by ZXing off a 203 dpi raster, text and fonts by pdfium."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.printing.return_label import PaperSize, ReturnLabelSheet, SheetLine, render_return_label
from saleor_aftercare.printing.text import MISSING

from .papers import (
    AMELIA,
    ENGLISH,
    JAPANESE,
    NORTHWIND,
    codes_on,
    fonts_of,
    inks,
    opened,
    page_sizes,
    text_of,
)

SHEETS = pytest.mark.parametrize("sheet", [ENGLISH, JAPANESE], ids=["en", "ja"])
SIZES = pytest.mark.parametrize("size", list(PaperSize))

BOTH_CODES = [("Code128", "RT-1001"), ("QRCode", "RT-1001")]

#: What a typesetter, a browser, a shell or a template engine might take for an order.
ATTACKS = (
    '#import "@preview/evil:1.0.0": *',
    '#read("/etc/passwd")',
    "] #panic(1) [",
    '"); #sys.exit(); ("',
    "$ integral_0^1 x $ `raw` *bold* _it_ <label> @ref // c /* d */ \\ \\u{41} = head",
    "<script>alert(1)</script>{{ 7*7 }}{% x %}${7*7}%s{page}{shop}",
)


@SHEETS
def test_an_a6_label_is_one_page_with_both_codes(sheet: ReturnLabelSheet):
    pdf = render_return_label(sheet, size=PaperSize.A6)

    assert page_sizes(pdf) == [(105, 148)]
    assert codes_on(pdf) == BOTH_CODES


@SHEETS
def test_a_label_printer_gets_a_page_of_its_own_size_whose_codes_it_can_read(sheet: ReturnLabelSheet):
    pdf = render_return_label(sheet, size=PaperSize.ROLL)

    assert page_sizes(pdf) == [(100, 150)]
    assert codes_on(pdf) == [("Code128", "RT-1001"), ("QRCode", "RT-1001")]
    assert all(fonts_of(pdf).values())
    assert all(ink.left >= 2 and ink.right <= 98 for ink in inks(pdf))


@SHEETS
def test_an_a4_sheet_has_both_codes_on_the_label_and_one_more_on_the_slip(sheet: ReturnLabelSheet):
    pdf = render_return_label(sheet, size=PaperSize.A4)

    assert page_sizes(pdf) == [(210, 297)]
    assert codes_on(pdf) == [*BOTH_CODES, ("QRCode", "RT-1001")]


@SHEETS
def test_an_a6_label_still_scans_when_fitted_to_a_100_by_150_mm_roll(sheet: ReturnLabelSheet):
    pdf = render_return_label(sheet, size=PaperSize.A6)

    assert codes_on(pdf, scale=100 / 105) == BOTH_CODES


@pytest.mark.parametrize("number", ["1", "RT-1001", "R-2026-000123", "RT-" + "9" * 15, "RETURN.NO/ABCDEF-XYZ~24c"])
def test_short_and_long_numbers_scan_on_both_sheets(number: str):
    sheet = replace(JAPANESE, number=number)

    for size in PaperSize:
        assert set(codes_on(render_return_label(sheet, size=size))) == {("Code128", number), ("QRCode", number)}


@pytest.mark.parametrize("number", ["", "RT 1", "返品-1", "RT-1\n", "R" * 25])
def test_a_number_that_no_barcode_can_hold_is_refused(number: str):
    with pytest.raises(InvalidInput) as caught:
        render_return_label(replace(ENGLISH, number=number), size=PaperSize.A6)

    assert caught.value.field == "number"


@SHEETS
@SIZES
def test_every_font_is_embedded(sheet: ReturnLabelSheet, size: PaperSize):
    fonts = fonts_of(render_return_label(sheet, size=size))

    assert fonts
    assert all(fonts.values())
    assert {name.split("+")[1] for name in fonts} <= {"BIZUDPGothic-Regular", "AftercareFallback-Regular"}


def test_japanese_text_can_be_searched_and_copied():
    text = text_of(render_return_label(JAPANESE, size=PaperSize.A6))

    for part in ("〒541-0053", "大阪府大阪市中央区", "返品センター御中", "〒150-0041", "山田太郎", "2026年12月6日"):
        assert part in text
    assert "山田太郎様" not in text


def test_the_a4_sheet_says_what_is_in_the_parcel_and_what_to_do():
    text = text_of(render_return_label(ENGLISH, size=PaperSize.A4))

    for part in ("Linenshirt,white,M", "Toosmall", "Total3", "Handtheparcelinby6December2026", "Emptythekettlefirst."):
        assert part in text


def test_a_sheet_without_a_last_day_sets_none():
    text = text_of(render_return_label(replace(ENGLISH, ship_by=None), size=PaperSize.A4))

    assert "Sendby" not in text
    assert "Handtheparcelinandkeepthereceipt" in text


def test_the_country_is_printed_when_the_parcel_crosses_a_border():
    assert "UNITEDKINGDOM" not in text_of(render_return_label(ENGLISH, size=PaperSize.A6))

    text = text_of(render_return_label(replace(JAPANESE, recipient=NORTHWIND), size=PaperSize.A6))

    assert "UNITEDKINGDOM" in text
    assert "JAPAN" in text


@SHEETS
def test_a_label_stays_within_25_kib(sheet: ReturnLabelSheet):
    assert len(render_return_label(sheet, size=PaperSize.A6)) <= 25 * 1024
    assert len(render_return_label(sheet, size=PaperSize.A4)) <= 64 * 1024


@SHEETS
def test_title_and_language_are_set_and_the_page_is_tagged(sheet: ReturnLabelSheet):
    pdf = render_return_label(sheet, size=PaperSize.A6)

    with opened(pdf) as document:
        metadata = document.get_metadata_dict()
        assert document.is_tagged()
    assert metadata["Title"] == {"en": "Return label RT-1001", "ja": "返品ラベル RT-1001"}[sheet.language]
    assert metadata["CreationDate"] == "D:20261122000000Z"
    assert {"en": b"/Lang(en-GB)", "ja": b"/Lang(ja-JP)"}[sheet.language] in pdf


@SIZES
def test_asking_twice_gives_the_same_bytes_in_every_thread(size: PaperSize):
    first = render_return_label(JAPANESE, size=size)

    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: render_return_label(JAPANESE, size=size), range(8)))

    assert set(again) == {first}


def test_another_process_gives_the_same_bytes():
    script = (
        "import hashlib; from tests.printing.papers import JAPANESE;"
        "from saleor_aftercare.printing.return_label import *;"
        "print(hashlib.sha256(render_return_label(JAPANESE, size=PaperSize.A6)).hexdigest())"
    )

    digests = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }

    assert len(digests) == 1


@pytest.mark.parametrize("attack", ATTACKS)
@SIZES
def test_markup_in_any_text_is_printed_and_never_obeyed(attack: str, size: PaperSize):
    sheet = replace(
        ENGLISH,
        sender=replace(AMELIA, name=attack, street1=attack),
        recipient=replace(NORTHWIND, company=attack),
        order_number=attack,
        instructions=attack,
        who_pays=attack,
        shop_name=attack,
        units=(SheetLine(attack, 1, attack),),
    )

    pdf = render_return_label(sheet, size=size)

    assert "".join(attack.split())[:30] in text_of(pdf)
    assert ("Code128", "RT-1001") in codes_on(pdf)


def test_the_longest_address_neither_leaves_the_label_nor_covers_a_code():
    long = PostalAddress(
        name="Wolfeschlegelsteinhausenbergerdorff" * 7,
        company="株式会社" * 60,
        street1="W" * 256,
        street2="Llanfairpwllgwyngyll gogerychwyrn drobwll llantysilio gogogoch " * 4,
        city="大" * 256,
        country_area="Æ" * 200,
        postal_code="9" * 60,
        country="GB",
        phone="+44" * 40,
    )
    sheet = replace(
        ENGLISH, sender=long, recipient=long, shop_name="W" * 300, order_number="9" * 200, who_pays="高" * 300
    )

    a6 = render_return_label(sheet, size=PaperSize.A6)

    assert page_sizes(a6) == [(105, 148)]
    assert codes_on(a6) == BOTH_CODES
    assert all(ink.left >= 6.5 and ink.right <= 98.5 and ink.bottom >= 4 and ink.top <= 142 for ink in inks(a6))
    assert codes_on(render_return_label(sheet, size=PaperSize.A4)) == [*BOTH_CODES, ("QRCode", "RT-1001")]


def test_a_long_slip_goes_on_to_further_pages_and_loses_no_unit():
    units = tuple(SheetLine(f"Item {index:03d} " + "very long name " * 6, 1, "Other") for index in range(90))

    pdf = render_return_label(replace(ENGLISH, units=units), size=PaperSize.A4)
    text = text_of(pdf)

    assert len(page_sizes(pdf)) > 1
    assert all(f"Item{index:03d}" in text for index in range(90))
    assert "Total90" in text
    assert f"Page1of{len(page_sizes(pdf))}" in text


def test_long_instructions_move_below_the_slip_and_are_not_lost():
    words = " ".join(f"word{index}" for index in range(220))

    pdf = render_return_label(replace(ENGLISH, instructions=words), size=PaperSize.A4)
    text = text_of(pdf)

    assert all(f"word{index}" in text for index in range(220))
    assert text.index("Packingslip") < text.index("word0")
    assert codes_on(pdf) == [*BOTH_CODES, ("QRCode", "RT-1001")]


def test_a_character_without_a_glyph_is_marked_and_explained():
    sheet = replace(ENGLISH, sender=replace(AMELIA, name="Ada 😀 한국"))

    for size in PaperSize:
        text = text_of(render_return_label(sheet, size=size))
        assert f"Ada{MISSING}" in text
        assert "standsforacharacter" in text
    assert "standsforacharacter" not in text_of(render_return_label(ENGLISH, size=PaperSize.A6))


def test_rare_name_characters_and_accents_come_from_the_fallback_font():
    sheet = replace(JAPANESE, sender=replace(JAPANESE.sender, name="𠮷田 槗本 Nguyễn Đặng Łukasz Ștefan"))

    text = text_of(render_return_label(sheet, size=PaperSize.A6))

    assert "𠮷田槗本" in text
    assert "ŁukaszŞtefan" in text
    assert MISSING not in text


def test_a_sheet_without_a_usable_return_address_is_refused():
    with pytest.raises(InvalidInput) as caught:
        render_return_label(replace(ENGLISH, recipient=PostalAddress(name="Shop", country="GB")), size=PaperSize.A6)

    assert caught.value.field == "recipient.street1"


def test_a_quantity_below_one_is_refused():
    with pytest.raises(InvalidInput, match="not 0"):
        SheetLine("Shirt", 0)


anything = st.text(max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=anything,
    street=anything,
    note=st.text(max_size=300),
    item=anything,
    shop=anything,
    size=st.sampled_from(PaperSize),
)
def test_whatever_people_type_a_label_comes_out_and_scans(
    name: str, street: str, note: str, item: str, shop: str, size: PaperSize
):
    sheet = replace(
        JAPANESE,
        sender=PostalAddress(name=name, street1=street, city=shop, country="JP"),
        instructions=note,
        who_pays=item,
        order_number=name,
        shop_name=shop,
        units=(SheetLine(item, 3, street),),
    )

    pdf = render_return_label(sheet, size=size)

    assert BOTH_CODES[0] in codes_on(pdf)
    assert BOTH_CODES[1] in codes_on(pdf)

"""Sample papers, and eyes to read them with."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import pypdfium2 as pdfium
import zxingcpp

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.printing.intake_slip import IntakeSlip
from saleor_aftercare.printing.return_label import ReturnLabelSheet, SheetLine

MM_PER_POINT = 25.4 / 72

AMELIA = PostalAddress(
    name="Amelia Whitfield",
    street1="27 Orchard Lane",
    street2="Flat 4B",
    city="Bristol",
    postal_code="BS6 5QT",
    country="GB",
    phone="+44 117 496 0123",
)
NORTHWIND = PostalAddress(
    company="Northwind Home Goods Ltd",
    name="Returns Department",
    street1="Unit 12, Harbour Trade Park",
    street2="Dock Road",
    city="Manchester",
    postal_code="M17 1AB",
    country="GB",
)
TARO = PostalAddress(
    name="山田 太郎",
    street1="神南1丁目19番11号",
    street2="パークウェースクエア2 502号室",
    city="渋谷区",
    country_area="東京都",
    postal_code="150-0041",
    country="JP",
    phone="03-1234-5678",
)
MIDORI = PostalAddress(
    company="株式会社みどり日用品",
    name="返品センター",
    street1="本町2丁目4番7号",
    street2="大阪セントラルビル 8階",
    city="大阪市中央区",
    country_area="大阪府",
    postal_code="541-0053",
    country="JP",
    phone="06-9876-5432",
)

ENGLISH = ReturnLabelSheet(
    number="RT-1001",
    sender=AMELIA,
    recipient=NORTHWIND,
    order_number="1042",
    issued_on=date(2026, 11, 22),
    language="en",
    units=(
        SheetLine("Linen shirt, white, M", 2, "Too small"),
        SheetLine("Enamel kettle 1.5 l", 1, "Damaged in transit"),
    ),
    instructions="Please leave the hygiene seal on.\nEmpty the kettle first.",
    who_pays="Paid by the shop",
    ship_by=date(2026, 12, 6),
    shop_name="Northwind Home Goods",
)
JAPANESE = replace(
    ENGLISH,
    sender=TARO,
    recipient=MIDORI,
    language="ja",
    units=(
        SheetLine("リネンシャツ（白・M）", 2, "サイズが小さい"),
        SheetLine("ホーローケトル 1.5L", 1, "配送中の破損"),
    ),
    instructions="衛生シールは剥がさずにお送りください。",
    who_pays="着払い（送料は当店が負担いたします）",
    shop_name="みどり日用品",
)
REPAIR = IntakeSlip(
    number="RP-1001",
    sender=AMELIA,
    recipient=NORTHWIND,
    product_name="Enamel kettle 1.5 l, with thermostat",
    serial_number="NW-KT-0093-4471",
    description="It switches itself off after about a minute.\nDescaling did not help.",
    issued_on=date(2026, 11, 22),
    language="en",
    shop_name="Northwind Home Goods",
    order_number="1042",
)
SHUURI = replace(
    REPAIR,
    sender=TARO,
    recipient=MIDORI,
    product_name="電気ケトル 1.5L（温度調節付き）",
    description="お湯が沸く前に電源が切れてしまいます。",
    language="ja",
    shop_name="みどり日用品",
)


@dataclass(frozen=True)
class Ink:
    """A piece of text on a page, in millimetres from its lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@contextmanager
def opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page in whole millimetres."""
    with opened(pdf) as document:
        return [tuple(round(side * MM_PER_POINT) for side in page.get_size()) for page in document]


def text_of(pdf: bytes) -> str:
    """All text in reading order, without spaces and line breaks: setting may add or take those."""
    with opened(pdf) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return "".join(text.replace("\u200b", "").replace("\ufffe", "-").split())


def inks(pdf: bytes, page: int = 0) -> list[Ink]:
    """Where each run of text stands."""
    with opened(pdf) as document:
        textpage = document[page].get_textpage()
        rectangles = [textpage.get_rect(index) for index in range(textpage.count_rects())]
        return [Ink(textpage.get_text_bounded(*box), *(side * MM_PER_POINT for side in box)) for box in rectangles]


def codes_on(pdf: bytes, *, page: int = 0, dpi: float = 203, scale: float = 1.0) -> list[tuple[str, str]]:
    """Format and content of every barcode, as a scanner reads them off a thermal printer."""
    with opened(pdf) as document:
        image = document[page].render(scale=dpi / 72 * scale, grayscale=True).to_pil()
    # A thermal printer knows no grey.
    found = zxingcpp.read_barcodes(image.point(lambda value: 255 if value > 127 else 0))
    return sorted((code.format.name, code.text) for code in found)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Every font's name, and whether it is embedded."""
    fonts: dict[str, bool] = {}
    with opened(pdf) as document:
        for page in document:
            for item in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_TEXT]):
                font = pdfium.raw.FPDFTextObj_GetFont(item)
                size = pdfium.raw.FPDFFont_GetBaseFontName(font, None, 0)
                buffer = ctypes.create_string_buffer(size)
                pdfium.raw.FPDFFont_GetBaseFontName(font, buffer, size)
                fonts[bytes(buffer)[:-1].decode()] = bool(pdfium.raw.FPDFFont_GetIsEmbedded(font))
    return fonts

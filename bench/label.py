"""A return label with Japanese addresses, Code 128 and QR, beside a bare typst page.

The floor is what the least typst program pays for one page with one Japanese line: ``typst.compile`` with the same
fonts and nothing kept between calls. A second line compares with the same bare page through a compiler that is kept,
as ours is. Every round prints another number and another sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from bench._report import Result, report, side_by_side
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.printing.fonts import FONT_DIR
from saleor_aftercare.printing.return_label import PaperSize, ReturnLabelSheet, SheetLine, render_return_label

BARE_PAGE = '#set page(width: 105mm, height: 148mm)\n#set text(font: "BIZ UDPGothic")\n'
SIZE_BOUND = 25 * 1024
ROUNDS = 150

SHOP = PostalAddress(
    company="株式会社みどり日用品",
    name="返品センター",
    postal_code="541-0053",
    country_area="大阪府",
    city="大阪市中央区",
    street1="本町2丁目4番7号",
    street2="大阪セントラルビル 8階",
    country="JP",
    phone="06-9876-5432",
)


def sheet(turn: int) -> ReturnLabelSheet:
    """Another return of another customer at every turn."""
    sender = PostalAddress(
        name=f"山田 太郎{turn}",
        postal_code="150-0041",
        country_area="東京都",
        city="渋谷区",
        street1=f"神南1丁目19番{turn}号",
        street2="パークウェースクエア2 502号室",
        country="JP",
        phone="03-1234-5678",
    )
    return ReturnLabelSheet(
        number=f"RT-{10000 + turn}",
        sender=sender,
        recipient=SHOP,
        order_number=str(2000 + turn),
        issued_on=date(2026, 11, 22),
        language="ja",
        units=(SheetLine("ホーローケトル 1.5L", 1, "配送中の破損"),),
        instructions="",
        who_pays="着払い（送料は当店が負担いたします）",
        ship_by=date(2026, 12, 6),
        shop_name="みどり日用品",
    )


def bare_page(turn: int) -> bytes:
    """One line on one page by a fresh call."""
    source = f"{BARE_PAGE}株式会社 {turn}".encode()
    page: bytes = typst.compile(source, font_paths=[FONT_DIR], ignore_system_fonts=True)
    return page


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "bare.typ"
        template.write_text(f"{BARE_PAGE}株式会社 #sys.inputs.turn", encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_DIR])
        kept = typst.Compiler(template, root=folder, font_paths=fonts)
        median = side_by_side(
            {
                "bare": bare_page,
                "kept": lambda turn: kept.compile(format="pdf", sys_inputs={"turn": str(turn)}),
                "a6": lambda turn: render_return_label(sheet(turn), size=PaperSize.A6),
                "a4": lambda turn: render_return_label(sheet(1000 + turn), size=PaperSize.A4),
            },
            rounds=ROUNDS,
        )
    label = max((render_return_label(sheet(turn), size=PaperSize.A6) for turn in range(20)), key=len)
    return report(
        (
            Result(
                name="label A6, Japanese",
                figure=median["a6"],
                floor=median["bare"],
                unit="CPU ms",
                target=1.2,
                floor_name="bare typst page",
            ),
            Result(
                name="label A6, Japanese",
                figure=median["a6"],
                floor=median["kept"],
                unit="CPU ms",
                target=None,
                floor_name="bare page, compiler kept",
            ),
            Result(
                name="label and packing slip A4, Japanese",
                figure=median["a4"],
                floor=median["bare"],
                unit="CPU ms",
                target=None,
                floor_name="bare typst page",
            ),
            Result(
                name="label A6, size of the PDF",
                figure=len(label) / 1024,
                floor=SIZE_BOUND / 1024,
                unit="KiB",
                target=1.0,
                floor_name="bound",
            ),
        )
    )


if __name__ == "__main__":
    run()

"""Code 128 and QR: the drawing's geometry; reading it back is tested on whole pages."""

from __future__ import annotations

import re

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.printing.codes import DOT_MM, code_128, qr_code


def dark_columns(svg: str) -> set[int]:
    return {int(x) + step for x, width in re.findall(r"M(\d+) \d+h(\d+)", svg) for step in range(int(width))}


@pytest.mark.parametrize(("number", "dots"), [("RT-1001", 4), ("R-2026-000123", 4), ("RETURN.NO/ABCDEF-XYZ", 2)])
def test_bars_are_whole_printer_dots_and_keep_ten_modules_of_quiet(number: str, dots: int):
    symbol = code_128(number, max_width_mm=91, height_mm=14)
    columns = round(symbol.width_mm / (dots * DOT_MM))

    assert symbol.width_mm <= 91
    assert columns * dots * DOT_MM == symbol.width_mm
    assert min(dark_columns(symbol.svg)) == 10
    assert max(dark_columns(symbol.svg)) == columns - 11


def test_a_qr_code_keeps_four_modules_of_quiet_on_every_side():
    symbol = qr_code("RT-1001", module_mm=0.75)
    rows = [int(y) for y in re.findall(r"M\d+ (\d+)h", symbol.svg)]

    assert symbol.width_mm == symbol.height_mm == (21 + 8) * 0.75
    assert (min(rows), max(rows)) == (4, 24)
    assert (min(dark_columns(symbol.svg)), max(dark_columns(symbol.svg))) == (4, 24)


def test_a_number_too_long_for_the_paper_is_refused_rather_than_shrunk_beyond_reading():
    with pytest.raises(InvalidInput, match="too long for a barcode of 40 mm"):
        code_128("ABCDEFGHIJKLMNOPQRST", max_width_mm=40, height_mm=14)


@pytest.mark.parametrize("number", ["", "a b", "é", "x" * 25, "RT-1\n"])
def test_only_visible_ascii_becomes_a_code(number: str):
    with pytest.raises(InvalidInput):
        qr_code(number, module_mm=0.75)

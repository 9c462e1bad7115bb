"""Code 128 and QR symbols as vector drawings, sized for thermal printers.

A 203 dpi label printer sets 8 dots to the millimetre, so a module is a whole number of eighths: three dots where
the bars fit, two where they do not. Quiet zones belong to the drawing, so no layout can take them away: ten
modules at each end of a Code 128 (ISO/IEC 15417), four around a QR code (ISO/IEC 18004).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

import segno
from barcode.codex import Code128

from saleor_aftercare.core.errors import InvalidInput

DOT_MM: Final = 0.125
MAX_NUMBER_LENGTH: Final = 24

_CODE_128_QUIET: Final = 10
_QR_QUIET: Final = 4

#: Every mask reads equally; weighing all eight in Python would cost a fifth of the page. Over our numbers this one
#: has the lowest mean penalty of ISO/IEC 18004, and a worst case as good as any other's.
_QR_MASK: Final = 3


@dataclass(frozen=True, slots=True)
class Symbol:
    """A drawing with its quiet zone: what it says, SVG markup, and its size on paper."""

    number: str
    svg: str
    width_mm: float
    height_mm: float


@lru_cache(maxsize=256)
def code_128(number: str, *, max_width_mm: float, height_mm: float) -> Symbol:
    """``number`` as Code 128, at most ``max_width_mm`` wide.

    Raises:
        InvalidInput: not 1 to 24 visible ASCII characters, or wider than that even at two dots to the module.
    """
    _check(number)
    modules = Code128(number).build()[0]
    count = len(modules) + 2 * _CODE_128_QUIET
    for dots in (4, 3, 2):
        module_mm = dots * DOT_MM
        if count * module_mm <= max_width_mm:
            break
    else:
        raise InvalidInput(f"The number {number} is too long for a barcode of {max_width_mm:g} mm", "number")
    path = "".join(f"M{x} 0h{width}v1h-{width}z" for x, width in _runs(modules, _CODE_128_QUIET))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {count} 1" preserveAspectRatio="none"'
        f' width="{count}" height="1"><path d="{path}"/></svg>'
    )
    return Symbol(number, svg, count * module_mm, height_mm)


@lru_cache(maxsize=256)
def qr_code(number: str, *, module_mm: float) -> Symbol:
    """``number`` as a QR code that survives the loss of a quarter of it (level Q).

    Raises:
        InvalidInput: not 1 to 24 visible ASCII characters.
    """
    _check(number)
    code = segno.make_qr(number, error="q", boost_error=False, mask=_QR_MASK)
    return _drawn(number, code, module_mm=module_mm)


@lru_cache(maxsize=64)
def qr_link(url: str, *, width_mm: float) -> Symbol:
    """A web address as a QR code of about ``width_mm``, quiet zone included; modules are whole printer dots.

    Raises:
        InvalidInput: no http(s) address, or longer than 300 characters.
    """
    if not re.fullmatch(r"https?://[\x21-\x7e]{1,290}", url):
        raise InvalidInput("A printed link must be a web address of at most 300 visible ASCII characters", "url")
    code = segno.make_qr(url, error="m", boost_error=False)
    side = len(code.matrix) + 2 * _QR_QUIET
    dots = max(2, int(width_mm / side / DOT_MM))
    return _drawn(url, code, module_mm=dots * DOT_MM)


def _drawn(content: str, code: segno.QRCode, *, module_mm: float) -> Symbol:
    side = len(code.matrix) + 2 * _QR_QUIET
    path = "".join(
        f"M{x} {y}h{width}v1h-{width}z"
        for y, row in enumerate(code.matrix, start=_QR_QUIET)
        for x, width in _runs("".join("1" if dark else "0" for dark in row), _QR_QUIET)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
        f'<path d="{path}"/></svg>'
    )
    return Symbol(content, svg, side * module_mm, side * module_mm)


def link_picture(url: str) -> str:
    """A link as a QR code to be shown on a screen: an SVG in a ``data:`` address, black on white in any theme."""
    return str(segno.make_qr(url, error="m").svg_data_uri(scale=6, border=_QR_QUIET, light="#fff"))


def _runs(modules: str, offset: int) -> list[tuple[int, int]]:
    """Where each dark run begins and how many modules it has."""
    runs, at = [], offset
    for dark, group in groupby(modules):
        width = len(list(group))
        if dark == "1":
            runs.append((at, width))
        at += width
    return runs


def _check(number: str) -> None:
    if not re.fullmatch(rf"[\x21-\x7e]{{1,{MAX_NUMBER_LENGTH}}}", number):
        raise InvalidInput(
            f"A printed number must be 1 to {MAX_NUMBER_LENGTH} visible ASCII characters without spaces", "number"
        )

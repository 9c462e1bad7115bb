"""The fonts that are shipped and embedded, and which characters they can print."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import Final

#: Every TrueType file in here is used; ``README.md`` beside them says where they come from and how to add one.
FONT_DIR: Final = Path(__file__).parent / "fonts"

#: In the order in which templates ask for them. Fonts that somebody added come after these.
MAIN_FAMILIES: Final = ("BIZ UDPGothic", "Aftercare Fallback")


@cache
def coverage() -> frozenset[int]:
    """The code points that at least one shipped font has a glyph for."""
    return frozenset().union(*(read_coverage(path.read_bytes()) for path in sorted(FONT_DIR.glob("*.ttf"))))


def read_coverage(font: bytes) -> frozenset[int]:
    """The code points in the Unicode ``cmap`` of one TrueType font.

    Reads the formats that every current font has (OpenType specification, table ``cmap``): 12 where there is
    one, else 4. Raises ValueError for bytes that are no such font.
    """
    tables = _subtables(font)
    for wanted, read in ((12, _format_12), (4, _format_4)):
        for start in tables:
            if struct.unpack_from(">H", font, start)[0] == wanted:
                return read(font, start)
    raise ValueError("Font has no Unicode character map")


def _subtables(font: bytes) -> tuple[int, ...]:
    """Where the character maps for Unicode begin."""
    if font[:4] not in {b"\x00\x01\x00\x00", b"true", b"OTTO"}:
        raise ValueError("Not a TrueType or OpenType font")
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _checksum, offset, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            break
    else:
        raise ValueError("Font has no character map")
    (encodings,) = struct.unpack_from(">H", font, offset + 2)
    records = (struct.unpack_from(">HHL", font, offset + 4 + 8 * index) for index in range(encodings))
    return tuple(
        offset + start
        for platform, encoding, start in records
        if platform == 0 or (platform, encoding) in {(3, 1), (3, 10)}
    )


def _format_12(font: bytes, start: int) -> frozenset[int]:
    (groups,) = struct.unpack_from(">L", font, start + 12)
    found: set[int] = set()
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", font, start + 16 + 12 * index)
        found.update(range(first if glyph else first + 1, last + 1))
    return frozenset(found)


def _format_4(font: bytes, start: int) -> frozenset[int]:
    (double_count,) = struct.unpack_from(">H", font, start + 6)
    count = double_count // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + double_count)
    deltas = struct.unpack_from(f">{count}H", font, start + 16 + 2 * double_count)
    offsets_at = start + 16 + 3 * double_count
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    found: set[int] = set()
    for index in range(count):
        for code in range(starts[index], ends[index] + 1):
            glyph = code
            if offsets[index]:
                at = offsets_at + 2 * index + offsets[index] + 2 * (code - starts[index])
                (glyph,) = struct.unpack_from(">H", font, at)
                if not glyph:
                    continue
            if (glyph + deltas[index]) & 0xFFFF:
                found.add(code)
    return frozenset(found - {0xFFFF})

"""Makes any text safe to print: nothing invisible, nothing without a glyph, no word that cannot be broken."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from .fonts import coverage

#: The Japanese printer's geta: stands, visibly, where a character is missing. Never an empty box, never nothing.
MISSING: Final = "〓"

_BREAK: Final = "\u200b"
_LONGEST_WORD: Final = 18
_WORD: Final = re.compile(rf"[^\s{_BREAK}]{{{_LONGEST_WORD + 1},}}")
_MISSING_RUN: Final = re.compile(f"{MISSING}{{4,}}")

#: Letters that read the same; the shipped fonts have only the second of each.
_LOOKALIKES: Final = {"ș": "ş", "ț": "ţ", "Ș": "Ş", "Ț": "Ţ", "ʼ": "’", "‑": "-", "−": "-", "\u00ad": ""}


def printable(text: str) -> tuple[str, bool]:
    """``text`` with only characters that will be seen on paper, and whether any had to be replaced by ``MISSING``.

    Line feeds stay. Control and formatting characters (bidirectional overrides, joiners, soft hyphens, variation
    selectors) go. A character that no font has becomes its compatibility form, a look-alike or its base letter
    where one can be printed, else ``MISSING``; longer runs of those shrink to three.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    visible = _visible()
    pieces = [char if char in visible else _stand_in(char) for char in text]
    lost = MISSING in pieces and pieces.count(MISSING) > text.count(MISSING)
    return _MISSING_RUN.sub(MISSING * 3, "".join(pieces)), lost


def breakable(text: str) -> str:
    """``text`` with invisible places to break in every word longer than 18 characters."""
    return _WORD.sub(_break_word, text)


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, the last one "…" where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _break_word(match: re.Match[str]) -> str:
    word = match[0]
    return _BREAK.join(word[at : at + 6] for at in range(0, len(word), 6))


@cache
def _visible() -> frozenset[str]:
    """What is printed as it stands: a space, and every character with a glyph that leaves ink."""
    covered = map(chr, coverage())
    return frozenset(char for char in covered if char == " " or not _is_invisible(char)) - _LOOKALIKES.keys()


@lru_cache(maxsize=4096)
def _stand_in(char: str) -> str:
    """What is printed for a character that cannot be printed as it stands."""
    if char == "\n":
        return char
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    if char.isspace():
        return " "
    if _is_invisible(char):
        return ""
    for form in (unicodedata.normalize("NFKC", char), unicodedata.normalize("NFKD", char)[:1]):
        if form != char and _visible().issuperset(form):
            return form
    return "" if unicodedata.category(char).startswith("M") else MISSING


def _is_invisible(char: str) -> bool:
    variation_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return variation_selector or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}

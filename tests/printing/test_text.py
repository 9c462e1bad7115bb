"""What people type becomes what a font can print."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.printing.fonts import FONT_DIR, coverage, read_coverage
from saleor_aftercare.printing.text import MISSING, breakable, printable, shorten
from saleor_aftercare.printing.words import EN, JA, long_date


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Ame\u0301lie", "Amélie"),
        ("ﾔﾏﾀﾞ", "ﾔﾏﾀﾞ"),
        ("Ștefan Țepeș", "Ştefan Ţepeş"),
        ("a\u00a0b\tc\u200bd", "a b cd"),
        ("葛\U000e0100城", "葛城"),
        ("soft\u00adhyphen", "softhyphen"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("\u202eevil\u2066", "evil"),
        ("bell\x07\x1b[0m\x00", "bell[0m"),
        ("\ud800", ""),
        ("𝒜𝒷𝒸", "Abc"),
        ("x\u0e31", "x"),
    ],
)
def test_text_is_printed_in_a_form_that_reads_the_same(typed: str, printed: str):
    assert printable(typed) == (printed, False)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Hi 😀!", f"Hi {MISSING}!"),
        ("👨‍👩‍👧‍👦👍🏽", MISSING * 3),
        ("서울특별시", MISSING * 3),
        ("\ue000", MISSING),
    ],
)
def test_a_character_that_no_font_has_is_marked_and_reported(typed: str, printed: str):
    assert printable(typed) == (printed, True)


def test_a_geta_that_somebody_typed_is_not_reported_as_lost():
    assert printable("〓〓") == ("〓〓", False)


@given(st.text(max_size=200))
def test_nothing_is_left_that_cannot_be_seen(text: str):
    printed, _ = printable(text)

    assert all(char == "\n" or ord(char) in coverage() for char in printed)
    assert all(char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Cf"} for char in printed)
    assert printable(printed)[0] == printed


def test_only_long_words_get_places_to_break():
    assert breakable("short words stay") == "short words stay"
    assert max(len(piece) for piece in breakable("W" * 100).split("\u200b")) == 6
    assert breakable("W" * 100).replace("\u200b", "") == "W" * 100


def test_a_cut_is_visible():
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
def test_every_fixed_word_has_its_glyphs(words: object):
    for value in asdict(words).values():
        for text in [value] if isinstance(value, str) else value:
            assert text
            assert printable(text) == (text, False)


def test_both_languages_fill_the_same_places():
    for field, english in asdict(EN).items():
        japanese = asdict(JA)[field]
        for name in ("{number}", "{page}", "{pages}", "{date}", "{shop}"):
            assert (name in str(english)) == (name in str(japanese)), field
        if isinstance(english, tuple):
            assert len(english) == len(japanese)


def test_dates_cannot_be_misread():
    assert long_date(date(2026, 3, 4), "en") == "4 March 2026"
    assert long_date(date(2026, 3, 4), "ja") == "2026年3月4日"


def test_the_shipped_fonts_cover_both_languages_and_the_hard_names():
    assert all(ord(char) in coverage() for char in "Aéßłőğ ЯΩ あア亜髙﨑𠮷槗彅①㈱〒✂〓ễ")
    assert {path.name for path in FONT_DIR.glob("*.ttf")} == {
        "AftercareFallback-Regular.ttf",
        "BIZUDPGothic-Regular.ttf",
    }
    assert sum(path.stat().st_size for path in FONT_DIR.iterdir()) < 10_000_000


@pytest.mark.parametrize("data", [b"", b"wOF2" + bytes(40), b"\x00\x01\x00\x00" + bytes(60)])
def test_what_is_no_font_is_refused(data: bytes):
    with pytest.raises(ValueError, match=r"(?i)font"):
        read_coverage(data)

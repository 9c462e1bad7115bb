"""The letter on the shop's own paper, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.printing.letter import Letter, render_letter

from .papers import AMELIA, MIDORI, NORTHWIND, TARO, fonts_of, page_sizes, text_of

APOLOGY = Letter(
    sender=NORTHWIND,
    recipient=AMELIA,
    subject="Your replacement, and our apology",
    body="Dear Amelia Whitfield,\n\nplease accept our apology.\nWe have checked this one.\n\nWrite to us at any time.",
    signature="Northwind Home Goods\nCustomer service",
    reference="RMA-1001",
    written_on=date(2026, 11, 22),
    language="en",
    shop_name="Northwind Home Goods",
)
OWABI = replace(
    APOLOGY,
    sender=MIDORI,
    recipient=TARO,
    subject="交換品のお届けとお詫び",
    body="このたびは誠に申し訳ございませんでした。",
    signature="みどり日用品",
    language="ja",
    shop_name="みどり日用品",
)


@pytest.mark.parametrize(
    ("letter", "parts"),
    [
        (APOLOGY, ("Yourreplacement,andourapology", "Wehavecheckedthisone.", "RMA-1001", "22November2026")),
        (OWABI, ("交換品のお届けとお詫び", "誠に申し訳ございませんでした。", "山田太郎様", "2026年11月22日")),
    ],
    ids=["en", "ja"],
)
def test_a_letter_is_one_a4_page_with_every_word_of_it(letter, parts):
    pdf = render_letter(letter)

    text = text_of(pdf)
    assert page_sizes(pdf) == [(210, 297)]
    assert all(fonts_of(pdf).values())
    assert [part for part in parts if part not in text] == []


def test_a_long_letter_goes_on_to_a_second_page_and_says_which_it_is():
    pdf = render_letter(replace(APOLOGY, body="\n\n".join(["We are sorry. " * 12] * 20)))

    assert len(page_sizes(pdf)) == 2
    assert "Page2of2" in text_of(pdf)


def test_markup_in_a_letter_is_text():
    pdf = render_letter(replace(APOLOGY, body='#import "x" *bold* <b>tag</b> $1 + 1$'))

    assert '#import"x"*bold*<b>tag</b>$1+1$' in text_of(pdf)


def test_a_language_without_a_layout_is_refused():
    with pytest.raises(InvalidInput, match="No paper"):
        render_letter(replace(APOLOGY, language="fr"))

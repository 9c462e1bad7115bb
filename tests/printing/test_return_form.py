"""The return form that travels with the goods, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.printing.return_form import FormItem, ReturnForm, render_return_form, render_return_forms

from .papers import AMELIA, MIDORI, NORTHWIND, TARO, codes_on, fonts_of, page_sizes, text_of

LINK = "https://aftercare.example/portal/northwind/orders/1042/return/"
FORM = ReturnForm(
    order_number="1042",
    url=LINK,
    customer=AMELIA,
    recipient=NORTHWIND,
    items=(
        FormItem("Linen shirt, white, M", "LS-W-M", 2),
        FormItem("Earrings, silver", "ER-1", 1, "Hygiene: cannot be returned once opened"),
    ),
    reasons=("It is defective", "It is too small", "I changed my mind"),
    wishes=("Refund", "Exchange"),
    who_pays="You pay the return shipping.",
    terms="Unused goods may come back within 30 days of delivery.",
    until=None,
    issued_on=date(2026, 11, 22),
    language="en",
    shop_name="Northwind Home Goods",
)
YOUSHI = replace(
    FORM,
    customer=TARO,
    recipient=MIDORI,
    items=(FormItem("ホーローケトル 1.5L", "EK-15", 1),),
    reasons=("不良品でした", "気が変わりました"),
    wishes=("返金", "交換"),
    who_pays="送料はお客様のご負担となります。",
    terms="商品到着後8日以内に限り、未使用品の返品をお受けします。",
    until=date(2026, 12, 22),
    language="ja",
    shop_name="みどり日用品",
)


@pytest.mark.parametrize("form", [FORM, YOUSHI], ids=["en", "ja"])
def test_a_form_is_one_a4_page_whose_codes_an_independent_reader_decodes(form: ReturnForm):
    pdf = render_return_form(form)

    assert page_sizes(pdf) == [(210, 297)]
    assert sorted(codes_on(pdf)) == [("Code128", "1042"), ("QRCode", LINK)]
    assert all(fonts_of(pdf).values())


def test_a_form_says_what_may_come_back_what_may_not_and_to_whom():
    text = text_of(render_return_form(FORM))

    for part in (
        "RETURNFORM",
        "Linenshirt,white,M",
        "Hygiene:cannotbereturnedonceopened",
        "Itistoosmall",
        "Youpaythereturnshipping.",
        "within30daysofdelivery",
        "NorthwindHomeGoodsLtd",
        "AmeliaWhitfield",
    ):
        assert part in text


def test_a_japanese_form_is_japanese_throughout():
    text = text_of(render_return_form(YOUSHI))

    for part in ("返品・交換票", "2026年12月22日", "気が変わりました", "返品センター御中", "切り取り線"):
        assert part in text


def test_forms_for_many_orders_are_one_file_with_a_sheet_each_in_its_own_language():
    pdf = render_return_forms([FORM, replace(YOUSHI, order_number="1043"), replace(FORM, order_number="1044")])

    assert len(page_sizes(pdf)) == 3
    printed = [dict(codes_on(pdf, page=n))["Code128"] for n in range(3)]
    assert printed == ["1042", "1043", "1044"]


def test_a_full_order_stays_on_one_sheet():
    items = tuple(FormItem(f"Article number {n} in the colour of the month", f"SKU-{n}", n + 1) for n in range(14))

    assert len(page_sizes(render_return_form(replace(FORM, items=items)))) == 1


def test_nothing_to_print_and_an_address_that_nobody_could_deliver_to_are_refused():
    with pytest.raises(InvalidInput, match="nothing to print"):
        render_return_forms([])
    with pytest.raises(InvalidInput) as refused:
        render_return_form(replace(FORM, recipient=replace(NORTHWIND, street1="", street2="")))

    assert refused.value.field == "recipient.street1"


def test_a_link_that_is_none_is_refused():
    with pytest.raises(InvalidInput) as refused:
        render_return_form(replace(FORM, url="javascript:alert(1)"))

    assert refused.value.field == "url"

"""The fixed words on our papers.

They stand here and not in the gettext catalogues because a paper is laid out for its words: another language is a
new layout to look at, not a new catalogue, and mypy says which words it still lacks. Pages must come out the same
with and without Django, in a worker and in a benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from saleor_aftercare.core.errors import InvalidInput

Language: TypeAlias = Literal["en", "ja"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every fixed word in one language; ``{…}`` is filled with ``str.format``."""

    missing_characters: str
    page_of: str
    from_: str
    to: str
    order: str
    issued: str
    return_tag: str
    return_title: str
    return_number: str
    postage: str
    ship_by: str
    how_title: str
    steps: tuple[str, ...]
    step_ship_by: str
    step_ship: str
    note_from_shop: str
    cut_here: str
    slip_title: str
    slip_hint: str
    slip_page_title: str
    slip_page_hint: str
    slip_pack: str
    slip_stick: str
    slip_show: str
    slip_either: str
    carrier: str
    tracking_number: str
    item: str
    quantity: str
    reason: str
    total: str
    repair_tag: str
    repair_title: str
    repair_number: str
    repair_hint: str
    product: str
    serial_number: str
    no_serial: str
    fault: str
    accessories: str
    accessories_hint: str
    standard_accessories: tuple[str, ...]
    other: str
    workshop: str
    workshop_fields: tuple[str, ...]
    form_tag: str
    form_title: str
    form_number: str
    form_how: tuple[str, ...]
    form_online: str
    form_items: str
    form_back: str
    form_reasons: str
    form_wish: str
    form_remarks: str
    form_label: str
    form_until: str
    letter_title: str


EN: Final = Words(
    missing_characters="〓 stands for a character that this printer's fonts do not have.",
    page_of="Page {page} of {pages}",
    from_="From",
    to="To",
    order="Order",
    issued="Issued",
    return_tag="RETURN",
    return_title="Return label {number}",
    return_number="Return number",
    postage="Postage",
    ship_by="Send by",
    how_title="How to send it back",
    steps=(
        "Pack the items well. Put the packing slip (the lower part of this sheet) into the parcel.",
        (
            "Cut out the label and stick it flat on the largest side. Cover old labels."
            " Keep both codes free of folds and shiny tape."
        ),
    ),
    step_ship_by="Hand the parcel in by {date} and keep the receipt until we write that it has arrived.",
    step_ship="Hand the parcel in and keep the receipt until we write that it has arrived.",
    note_from_shop="A word from {shop}",
    cut_here="Cut here",
    slip_title="Packing slip",
    slip_hint="Please put this part into the parcel.",
    slip_page_title="Packing slip {number}",
    slip_page_hint="Please put this sheet into the parcel, on top of the items.",
    slip_pack="Pack the items well, and put this sheet on top of them.",
    slip_stick="Stick the carrier's label flat on the largest side, and cover old labels.",
    slip_show=(
        "Cover old labels. Show the code on the page of your return where you hand the parcel in; you need no label."
    ),
    slip_either=(
        "Cover old labels. Stick the carrier's label on the largest side,"
        " or show the code on the page of your return where you hand the parcel in."
    ),
    carrier="Carrier",
    tracking_number="Tracking number",
    item="Item",
    quantity="Qty",
    reason="Reason",
    total="Total",
    repair_tag="REPAIR",
    repair_title="Repair intake slip {number}",
    repair_number="Repair number",
    repair_hint="Please put this sheet into the parcel, on top of the product.",
    product="Product",
    serial_number="Serial number",
    no_serial="not given",
    fault="What is wrong, in the customer's words",
    accessories="Enclosed with the product",
    accessories_hint="Tick what you send. Please leave out whatever the repair does not need.",
    standard_accessories=(
        "Main unit",
        "Power adapter, cable",
        "Battery",
        "Proof of purchase",
        "Warranty card",
        "Original box",
    ),
    other="Other:",
    workshop="For the workshop",
    workshop_fields=("Received on", "By", "Condition on arrival", "Accessories checked"),
    form_tag="RETURN FORM",
    form_title="Return form for order {number}",
    form_number="Order number",
    form_how=(
        "Fastest is online: scan the code, or open the address below it. You see at once what can come back.",
        "Without the internet: write down how many come back and the number of the reason, and put this sheet in.",
        "Stick the label on the parcel, cover old labels, and keep the receipt until we write that it has arrived.",
    ),
    form_online="Return online",
    form_items="What comes back",
    form_back="Back",
    form_reasons="Reasons",
    form_wish="I would like",
    form_remarks="Remarks",
    form_label="Label for the way back",
    form_until="Return possible until",
    letter_title="Letter to {name}",
)

JA: Final = Words(
    missing_characters="〓は、印刷用の書体にない文字を表します。",
    page_of="{page}／{pages}ページ",
    from_="ご依頼主",
    to="お届け先",
    order="ご注文番号",
    issued="発行日",
    return_tag="返品",
    return_title="返品ラベル {number}",
    return_number="返品番号",
    postage="送料",
    ship_by="発送期限",
    how_title="ご返送の手順",
    steps=(
        "商品を丁寧に梱包し、この用紙の下半分（返品明細書）を箱に入れてください。",
        (
            "ラベルを切り取り、箱のいちばん広い面に平らに貼ってください。"
            "古い伝票は隠し、バーコードを折ったり光沢テープで覆ったりしないようお願いいたします。"
        ),
    ),
    step_ship_by="{date}までに発送し、到着のご連絡を差し上げるまで控えを保管してください。",
    step_ship="発送後は、到着のご連絡を差し上げるまで控えを保管してください。",
    note_from_shop="{shop}からのご案内",
    cut_here="切り取り線",
    slip_title="返品明細書",
    slip_hint="この部分を箱に入れてください。",
    slip_page_title="返品明細書 {number}",
    slip_page_hint="この用紙を、商品の上に載せて箱に入れてください。",
    slip_pack="商品を丁寧に梱包し、この用紙を商品の上に載せてください。",
    slip_stick="運送会社のラベルを、箱のいちばん広い面に平らに貼ってください。古い伝票は隠してください。",
    slip_show=(
        "古い伝票は隠してください。発送窓口で、返品ページに表示されるコードをご提示ください。ラベルの印刷は不要です。"
    ),
    slip_either=(
        "古い伝票は隠してください。運送会社のラベルを箱のいちばん広い面に貼るか、"
        "発送窓口で返品ページのコードをご提示ください。"
    ),
    carrier="運送会社",
    tracking_number="追跡番号",
    item="商品",
    quantity="数量",
    reason="理由",
    total="合計",
    repair_tag="修理",
    repair_title="修理受付票 {number}",
    repair_number="修理番号",
    repair_hint="この用紙を、製品の上に載せて箱に入れてください。",
    product="製品",
    serial_number="シリアル番号",
    no_serial="記入なし",
    fault="お客様がお困りの症状",
    accessories="同梱品",
    accessories_hint="お送りいただくものに印を付けてください。修理に必要のないものは、お手元に保管をお願いいたします。",
    standard_accessories=(
        "製品本体",
        "電源アダプター・ケーブル",
        "バッテリー",
        "購入証明書",
        "保証書",
        "外箱",
    ),
    other="その他：",
    workshop="工房記入欄",
    workshop_fields=("受領日", "担当", "到着時の状態", "付属品の確認"),
    form_tag="返品・交換票",
    form_title="ご注文 {number} の返品・交換票",
    form_number="ご注文番号",
    form_how=(
        "オンラインでのお手続きがいちばん早く済みます。コードを読み取るか、下のアドレスを開いてください。",
        "インターネットをお使いにならない場合は、数量と理由の番号を記入し、この用紙を箱に入れてください。",
        "ラベルを箱に貼り、古い伝票は隠してください。到着のご連絡を差し上げるまで控えを保管してください。",
    ),
    form_online="オンラインでお手続き",
    form_items="返送する商品",
    form_back="返送数",
    form_reasons="理由",
    form_wish="ご希望",
    form_remarks="ご連絡事項",
    form_label="返送用ラベル",
    form_until="返品期限",
    letter_title="{name}様へのお手紙",
)

_WORDS: Final = MappingProxyType({"en": EN, "ja": JA})
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def words_of(language: str) -> Words:
    """The words of one language; raises InvalidInput for a language that no paper is laid out in."""
    try:
        return _WORDS[language]
    except KeyError:
        raise InvalidInput(f"No paper is laid out in {language!r}: only {', '.join(_WORDS)}", "language") from None


def long_date(day: date, language: str) -> str:
    """A date that nobody can misread.

    >>> long_date(date(2026, 11, 3), "en"), long_date(date(2026, 11, 3), "ja")
    ('3 November 2026', '2026年11月3日')
    """
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

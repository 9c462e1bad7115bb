"""Sagawa Express's e-Hiden III: standard Hikyaku layout, freight collect (着払い)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import ProviderError

from .base import ListedParcel, NumberRead, cut, decode, encode, numbers_in, phone, place, postal_code, spread, too_long

COLUMNS: Final = (
    "お届け先コード取得区分",
    "お届け先コード",
    "お届け先電話番号",
    "お届け先郵便番号",
    "お届け先住所１",
    "お届け先住所２",
    "お届け先住所３",
    "お届け先名称１",
    "お届け先名称２",
    "お客様管理番号",
    "お客様コード",
    "部署ご担当者コード取得区分",
    "部署ご担当者コード",
    "部署ご担当者名称",
    "荷送人電話番号",
    "ご依頼主コード取得区分",
    "ご依頼主コード",
    "ご依頼主電話番号",
    "ご依頼主郵便番号",
    "ご依頼主住所１",
    "ご依頼主住所２",
    "ご依頼主名称１",
    "ご依頼主名称２",
    "荷姿",
    *(f"品名{n}" for n in "１２３４５"),
    "荷札荷姿",
    *(f"荷札品名{n}" for n in ("１", "２", "３", "４", "５", "６", "７", "８", "９", "１０", "１１")),
    "出荷個数",
    "スピード指定",
    "クール便指定",
    "配達日",
    "配達指定時間帯",
    "配達指定時間（時分）",
    "代引金額",
    "消費税",
    "決済種別",
    "保険金額",
    "指定シール１",
    "指定シール２",
    "指定シール３",
    "営業所受取",
    "SRC区分",
    "営業所受取営業所コード",
    "元着区分",
    "メールアドレス",
    "ご不在時連絡先",
    "出荷日",
    "お問い合せ送り状No.",
    "出荷場印字区分",
    "集約解除指定",
    *(f"編集{n}" for n in ("０１", "０２", "０３", "０４", "０５", "０６", "０７", "０８", "０９", "１０")),
)

#: 元着区分: freight is paid by whoever receives the parcel.
COLLECT: Final = "2"

#: Sixteen full-width characters a line.
_LINE: Final = 32


class SagawaEHiden:
    """Credentials: ``customer_code`` (お客様コード, 12 digits, or empty where the program fills it in)."""

    slug: ClassVar[str] = "sagawa_ehiden"
    carrier: ClassVar[str] = "Sagawa"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self.customer_code = re.sub(r"[\s-]", "", credentials.get("customer_code", ""))
        if not re.fullmatch(r"([0-9]{12})?", self.customer_code):
            raise ProviderError(_("The customer code is 12 digits, or empty."), "customer_code")

    def write(self, parcels: Sequence[ListedParcel]) -> bytes:
        """The list, with a header line (template 標準_飛脚宅配便_CSV_ヘッダ有り)."""
        return encode([COLUMNS, *(self._row(parcel) for parcel in parcels)])

    def read_back(self, data: bytes) -> list[NumberRead]:
        """From e-Hiden's export of shipped parcels; its columns are known by name."""
        return numbers_in(
            decode(data),
            number=("お客様管理番号", "お客様管理ナンバー"),
            tracking=("お問い合せ送り状No.", "お問い合せ送り状No", "お問い合わせ送り状No.", "お問合せ送り状No."),
            at=None,
        )

    def _row(self, parcel: ListedParcel) -> list[str]:
        to, by = parcel.recipient, parcel.sender
        to_lines, by_lines = _lines(to, 3, "shop"), _lines(by, 2, "customer")
        values = {
            "お届け先コード取得区分": "0",
            "お届け先電話番号": phone(to),
            "お届け先郵便番号": postal_code(to),
            "お届け先住所１": to_lines[0],
            "お届け先住所２": to_lines[1],
            "お届け先住所３": to_lines[2],
            "お届け先名称１": cut(to.company or to.name, _LINE),
            "お届け先名称２": cut(to.name, _LINE) if to.company else "",
            "お客様管理番号": parcel.number,
            "お客様コード": self.customer_code,
            "荷送人電話番号": phone(to),
            "ご依頼主コード取得区分": "0",
            "ご依頼主電話番号": phone(by) or phone(to),
            "ご依頼主郵便番号": postal_code(by),
            "ご依頼主住所１": by_lines[0],
            "ご依頼主住所２": by_lines[1],
            "ご依頼主名称１": cut(by.name or by.company, _LINE),
            "ご依頼主名称２": cut(by.company, _LINE) if by.name else "",
            "品名１": cut(parcel.goods, _LINE),
            "品名２": cut(parcel.number, _LINE),
            "出荷個数": "1",
            "スピード指定": "000",
            "クール便指定": "001",
            "決済種別": "0",
            "元着区分": COLLECT,
            "出荷日": f"{parcel.ships_on:%Y/%m/%d}",
        }
        return [values.get(column, "") for column in COLUMNS]


def _lines(address: PostalAddress, count: int, whose: str) -> list[str]:
    """Prefecture to building over ``count`` lines; the building begins a line of its own where there is room."""
    street, building = place(address), address.street2
    if building and count > 1 and (head := spread(street, (_LINE,) * (count - 1))):
        tail = spread(building, (_LINE,))
        if tail is not None:
            return [*head, *tail] if head[-1] or count == 2 else [*(one for one in head if one), *tail, ""][:count]
    together = spread(f"{street} {building}", (_LINE,) * count)
    if together is None:
        raise too_long(whose, "Sagawa")
    return together

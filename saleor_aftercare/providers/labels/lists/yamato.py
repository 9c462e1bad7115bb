"""Yamato Transport's B2 Cloud: basic layout, collect-on-delivery slips (着払い)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import ProviderError

from .base import ListedParcel, NumberRead, cut, decode, encode, numbers_in, phone, place, postal_code, spread, too_long

#: The program reads by position; the first line is skipped ("import from line 2").
COLUMNS: Final = (
    "お客様管理番号",
    "送り状種類",
    "クール区分",
    "伝票番号",
    "出荷予定日",
    "お届け予定日",
    "配達時間帯",
    "お届け先コード",
    "お届け先電話番号",
    "お届け先電話番号枝番",
    "お届け先郵便番号",
    "お届け先住所",
    "お届け先アパートマンション名",
    "お届け先会社・部門１",
    "お届け先会社・部門２",
    "お届け先名",
    "お届け先名(ｶﾅ)",
    "敬称",
    "ご依頼主コード",
    "ご依頼主電話番号",
    "ご依頼主電話番号枝番",
    "ご依頼主郵便番号",
    "ご依頼主住所",
    "ご依頼主アパートマンション",
    "ご依頼主名",
    "ご依頼主名(ｶﾅ)",
    "品名コード１",
    "品名１",
    "品名コード２",
    "品名２",
    "荷扱い１",
    "荷扱い２",
    "記事",
    "ｺﾚｸﾄ代金引換額（税込)",
    "内消費税額等",
    "止置き",
    "営業所コード",
    "発行枚数",
    "個数口表示フラグ",
    "請求先顧客コード",
    "請求先分類コード",
    "運賃管理番号",
)

#: 送り状種類: freight is paid by whoever receives the parcel.
COLLECT: Final = "5"

_STREET, _BUILDING, _COMPANY, _NAME, _GOODS, _NOTE = 64, 32, 50, 32, 50, 44


class YamatoB2Cloud:
    """Credentials: ``customer_code`` (ご請求先顧客コード, 10–12 digits), ``classification`` (0 or 3 digits),
    ``freight_number`` (運賃管理番号, 2 digits)."""

    slug: ClassVar[str] = "yamato_b2"
    carrier: ClassVar[str] = "Yamato"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self.customer_code = re.sub(r"[\s-]", "", credentials.get("customer_code", ""))
        self.classification = credentials.get("classification", "").strip()
        self.freight_number = credentials.get("freight_number", "01").strip()
        if not re.fullmatch(r"[0-9]{10,12}", self.customer_code):
            raise ProviderError(_("The customer code is 10 to 12 digits."), "customer_code")
        if not re.fullmatch(r"([0-9]{3})?", self.classification):
            raise ProviderError(_("The classification is three digits, or empty."), "classification")
        if not re.fullmatch(r"[0-9]{2}", self.freight_number):
            raise ProviderError(_("The freight management number is two digits."), "freight_number")

    def write(self, parcels: Sequence[ListedParcel]) -> bytes:
        """The list, with a header line."""
        return encode([COLUMNS, *(self._row(parcel) for parcel in parcels)])

    def read_back(self, data: bytes) -> list[NumberRead]:
        """From B2 Cloud's export of issued slips, with or without its header line."""
        return numbers_in(decode(data), number=("お客様管理番号",), tracking=("伝票番号",), at=(0, 3))

    def _row(self, parcel: ListedParcel) -> list[str]:
        to, by = parcel.recipient, parcel.sender
        to_street, to_building = _lines(to, "shop")
        by_street, by_building = _lines(by, "customer")
        values = {
            "お客様管理番号": parcel.number,
            "送り状種類": COLLECT,
            "出荷予定日": f"{parcel.ships_on:%Y/%m/%d}",
            "お届け先電話番号": phone(to),
            "お届け先郵便番号": postal_code(to),
            "お届け先住所": to_street,
            "お届け先アパートマンション名": to_building,
            "お届け先会社・部門１": cut(to.company, _COMPANY) if to.name else "",
            "お届け先名": cut(to.name or to.company, _NAME),
            "敬称": "様" if to.name else "御中",
            # A slip without the sender's number is refused; the shop answers for a customer who gave none.
            "ご依頼主電話番号": phone(by) or phone(to),
            "ご依頼主郵便番号": postal_code(by),
            "ご依頼主住所": by_street,
            "ご依頼主アパートマンション": by_building,
            "ご依頼主名": cut(" ".join(filter(None, (by.company, by.name))), _NAME),
            "品名１": cut(parcel.goods, _GOODS),
            "記事": cut(parcel.number, _NOTE),
            "発行枚数": "1",
            "請求先顧客コード": self.customer_code,
            "請求先分類コード": self.classification,
            "運賃管理番号": self.freight_number,
        }
        return [values.get(column, "") for column in COLUMNS]


def _lines(address: PostalAddress, whose: str) -> tuple[str, str]:
    """Street and building; what is too long for the first goes on in the second."""
    street, building = place(address), address.street2
    if parts := spread(street, (_STREET,)):
        rest = spread(building, (_BUILDING,))
        if rest is not None:
            return parts[0], rest[0]
    together = spread(f"{street} {building}", (_STREET, _BUILDING))
    if together is None:
        raise too_long(whose, "Yamato")
    return together[0], together[1]

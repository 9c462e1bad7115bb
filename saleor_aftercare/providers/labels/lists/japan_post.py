"""Japan Post's Yu-Pack Print R (ゆうプリR): Yu-Pack paid on arrival (着払い)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import ProviderError

from .base import ListedParcel, NumberRead, cut, decode, encode, numbers_in, phone, place, postal_code, spread, too_long

#: The program imports through a filter that each user registers once; the names are the program's own, and the first
#: line holds them. There is no layout that all of its versions read without a filter.
COLUMNS: Final = (
    "お客様側管理番号",
    "発送予定日",
    "郵便種別",
    "保冷種別",
    "元／着払／代引",
    "送り状種別",
    "お届け先 郵便番号",
    "お届け先 住所１",
    "お届け先 住所２",
    "お届け先 住所３",
    "お届け先 名称１",
    "お届け先 名称２",
    "お届け先 敬称区分",
    "お届け先 電話番号",
    "ご依頼主 郵便番号",
    "ご依頼主 住所１",
    "ご依頼主 住所２",
    "ご依頼主 住所３",
    "ご依頼主 名称１",
    "ご依頼主 名称２",
    "ご依頼主 電話番号",
    "受注番号",
    "複数個口数",
    "フリー項目０１",
    "品名",
    "個数",
)

#: 郵便種別: Yu-Pack. 元／着払／代引: paid by whoever receives the parcel.
YU_PACK: Final = "0"
COLLECT: Final = "1"

_LINE: Final = 50
_GOODS: Final = 50


class JapanPostYuPriR:
    """Credentials: ``slip_type`` (送り状種別, 7 digits of the slip paper in use, or empty to choose in the program)."""

    slug: ClassVar[str] = "japan_post_yupri"
    carrier: ClassVar[str] = "Japan Post"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self.slip_type = credentials.get("slip_type", "").strip()
        if not re.fullmatch(r"([0-9]{7})?", self.slip_type):
            raise ProviderError(_("The slip type is seven digits, or empty."), "slip_type")

    def write(self, parcels: Sequence[ListedParcel]) -> bytes:
        """The list, with a header line."""
        return encode([COLUMNS, *(self._row(parcel) for parcel in parcels)])

    def read_back(self, data: bytes) -> list[NumberRead]:
        """From the program's shipping history (発送履歴); planned shipments (発送予定) have no numbers yet."""
        return numbers_in(
            decode(data), number=("お客様側管理番号",), tracking=("お問い合わせ番号", "お問合せ番号"), at=None
        )

    def _row(self, parcel: ListedParcel) -> list[str]:
        to, by = parcel.recipient, parcel.sender
        values = {
            "お客様側管理番号": parcel.number,
            "発送予定日": f"{parcel.ships_on:%Y%m%d}",
            "郵便種別": YU_PACK,
            "保冷種別": "0",
            "元／着払／代引": COLLECT,
            "送り状種別": self.slip_type,
            "お届け先 郵便番号": postal_code(to),
            "お届け先 名称１": cut(to.company or to.name, _LINE),
            "お届け先 名称２": cut(to.name, _LINE) if to.company else "",
            "お届け先 敬称区分": "0",
            "お届け先 電話番号": phone(to),
            "ご依頼主 郵便番号": postal_code(by),
            "ご依頼主 名称１": cut(by.name or by.company, _LINE),
            "ご依頼主 名称２": cut(by.company, _LINE) if by.name else "",
            "ご依頼主 電話番号": phone(by) or phone(to),
            "受注番号": parcel.number,
            "複数個口数": "1",
            "フリー項目０１": parcel.number,
            "品名": cut(parcel.goods, _GOODS),
            "個数": "1",
        }
        for whose, who, address in (("お届け先", "shop", to), ("ご依頼主", "customer", by)):
            for n, line in zip("１２３", _lines(address, who), strict=True):
                values[f"{whose} 住所{n}"] = line
        return [values.get(column, "") for column in COLUMNS]


def _lines(address: PostalAddress, whose: str) -> list[str]:
    """Prefecture and city, street, building: three lines, run together only where one alone is too long."""
    area = "".join(filter(None, (address.country_area, address.city, address.city_area)))
    apart = [spread(part, (_LINE,)) for part in (area, address.street1, address.street2)]
    if all(part is not None for part in apart):
        return [part[0] for part in apart if part is not None]
    together = spread(f"{place(address)} {address.street2}", (_LINE,) * 3)
    if together is None:
        raise too_long(whose, "Japan Post")
    return together

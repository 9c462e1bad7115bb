"""What somebody declares: checked, and put into the words that are shown, sent back and kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop

from .words import spoken, words_of

MAX_NAME: Final = 200
MAX_CONTRACT: Final = 100
MAX_GOODS: Final = 1000
#: A web address in any spelling that a mail program would make a link of. The acknowledgement goes to an address
#: that anybody may have typed: it must not carry other people's links there.
_ADDRESS: Final = re.compile(
    r"://|\bwww\.|\b[\w-]{2,}\.(?:com|net|org|info|biz|io|co|app|dev|shop|store|site|online|top|xyz|link|click"
    r"|[a-z]{2})(?:/|\b(?=[?#:]))",
    re.IGNORECASE,
)
#: Characters that show nothing or turn the direction of writing, and so make a text look like another.
_HIDDEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Units:
    """Pieces of one order line."""

    line: int  #: OrderLine.pk
    quantity: int
    goods: str  #: as the statement calls them


@dataclass(frozen=True)
class Statement:
    """A declaration as its author sees it before confirming; ``text`` is kept word for word."""

    name: str
    email: str
    contract: str
    whole: bool
    goods: str  #: in the author's own words; empty for the whole contract and for chosen lines
    units: tuple[Units, ...]
    language: str
    text: str

    def to_json(self) -> dict[str, Any]:
        """For a signed form between its two steps."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Statement:
        """What :meth:`to_json` gave."""
        return cls(**{**data, "units": tuple(Units(**one) for one in data["units"])})


def draw_up(
    shop: Shop,
    *,
    shop_name: str,
    name: str,
    email: str,
    contract: str,
    goods: str = "",
    chosen: Sequence[tuple[OrderLine, int]] = (),
    whole: bool,
    language: str,
) -> Statement:
    """Check what was filled in, and write the statement.

    Raises:
        InvalidInput: field ``name``, ``email``, ``contract`` or ``goods``; ``goods`` too when neither the whole
            contract nor any goods are meant.
    """
    language = spoken(language) or "en"
    words = words_of(language)
    name = _line(name, "name", MAX_NAME)
    contract = _line(unicodedata.normalize("NFKC", contract), "contract", MAX_CONTRACT)
    email = texts.email(email, "email")
    goods = (
        ""
        if whole or chosen
        else _without_addresses(texts.paragraphs(_plain(goods), "goods", limit=MAX_GOODS), "goods")
    )
    units = () if whole else tuple(Units(line.pk, quantity, goods_name(line)) for line, quantity in chosen)
    sentence = words.statement_whole if whole else words.statement_goods
    lines = [
        sentence.format(contract=contract, shop=shop_name or shop.handle),
        *(f"- {words.quantity_of(one.quantity, one.goods)}" for one in units),
        *([goods] if goods else []),
        "",
        words.statement_name.format(name=name),
        words.statement_email.format(email=email),
    ]
    return Statement(name, email, contract, whole, goods, units, language, "\n".join(lines))


def goods_name(line: OrderLine) -> str:
    """``Trail shoe (42)``, as everywhere else."""
    if line.variant_name and line.variant_name != line.product_name:
        return f"{line.product_name} ({line.variant_name})"
    return line.product_name


def order_numbers(contract: str) -> list[str]:
    """The order numbers that ``contract`` may mean, the likeliest first, two at most.

    >>> order_numbers("#1042"), order_numbers("Bestellung Nr. 1042 vom 3. Mai"), order_numbers("my shoes")
    (['1042'], ['1042'], [])
    """
    bare = contract.strip().lstrip("#").strip()
    if bare.isascii() and bare.isdigit():
        return [bare[:30]]
    found = sorted(re.findall(r"\d{2,30}", bare), key=len, reverse=True)
    whole = [bare] if bare and len(bare) <= 30 and not re.search(r"\s", bare) and any(c.isdigit() for c in bare) else []
    return list(dict.fromkeys([*whole, *found]))[:2]


def _plain(text: str) -> str:
    return _HIDDEN.sub("", text)


def _line(text: str, field: str, limit: int) -> str:
    return _without_addresses(texts.one_line(_plain(text), field, limit=limit, required=True), field)


def _without_addresses(text: str, field: str) -> str:
    if _ADDRESS.search(text):
        raise InvalidInput(_("Please leave web addresses out of this field."), field)
    return text

"""What is in a parcel: for the packing slip, and for customs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from typing import Any, Final

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.core.money import quantum
from saleor_aftercare.providers.labels.base import Commodity

#: Keys of a product's public metadata in Saleor where merchants note what customs ask; the first that is set counts.
HS_CODE_KEYS: Final = ("hs_code", "hsCode", "hs-code")
ORIGIN_KEYS: Final = ("origin_country", "country_of_origin", "countryOfOrigin")
#: Cardboard and padding around goods whose own weight is known.
PACKING_G: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Units of one kind in a parcel; ``reason`` in the words of the sheet, ``order_line`` our key of the line."""

    name: str
    quantity: int
    reason: str = ""
    order_line: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As ``Parcel.contents`` keeps it."""
        return {"name": self.name, "quantity": self.quantity, "reason": self.reason, "line": self.order_line}


def contents_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Content, ...]:
    """Read ``Parcel.contents``."""
    return tuple(
        Content(name=row["name"], quantity=row["quantity"], reason=row.get("reason", ""), order_line=row.get("line"))
        for row in rows
    )


def commodities_of(contents: Sequence[Content], lines: Mapping[int, OrderLine], currency: str) -> tuple[Commodity, ...]:
    """What customs want to know; goods of which no order line is known have no value and are left out."""
    found = []
    for one in contents:
        line = lines.get(one.order_line) if one.order_line is not None else None
        if line is None:
            continue
        bought = max(1, line.quantity)
        found.append(
            Commodity(
                name=one.name,
                quantity=one.quantity,
                value=(line.total / bought).quantize(quantum(currency), ROUND_HALF_UP),
                currency=currency,
                weight_g=line.weight_g,
                sku=line.sku,
                hs_code=_noted(line.metadata, HS_CODE_KEYS),
                origin_country=_noted(line.metadata, ORIGIN_KEYS).upper()[:2],
            )
        )
    return tuple(found)


def weight_of(contents: Sequence[Content], lines: Mapping[int, OrderLine]) -> int | None:
    """Grams with packing; None unless the weight of everything is known."""
    known = [_weight(one, lines) for one in contents]
    return known_weight_of(contents, lines) if known and all(known) else None


def known_weight_of(contents: Sequence[Content], lines: Mapping[int, OrderLine]) -> int:
    """Grams of what is known, with packing: the parcel weighs that or more."""
    return sum(_weight(one, lines) for one in contents) + PACKING_G


def _weight(one: Content, lines: Mapping[int, OrderLine]) -> int:
    """Of all its units, by the variant's weight in Saleor; zero where Saleor has none."""
    line = lines.get(one.order_line) if one.order_line is not None else None
    return (line.weight_g or 0) * one.quantity if line is not None else 0


def _noted(metadata: Mapping[str, Any], keys: Sequence[str]) -> str:
    for key in keys:
        value = str(metadata.get(key) or "").strip()
        if value:
            return value[:40]
    return ""

"""Sums on the page: every line that the server worked out, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saleor_aftercare.core.money import Money
from saleor_aftercare.portal.visit import Visit
from saleor_aftercare.returns.breakdown import LABELS, Item, ItemKind


@dataclass(frozen=True)
class SumRow:
    """A line of the sum."""

    label: str
    amount: str
    detail: str = ""


@dataclass(frozen=True)
class Sum:
    """A sum on the page."""

    rows: Sequence[SumRow] = ()
    totals: Sequence[SumRow] = ()
    notes: Sequence[str] = ()
    unknown: str = ""  #: why there is none


def item_row(visit: Visit, item: Mapping[str, Any], currency: str) -> SumRow:
    """A line of a settlement as it is stored: in the words of today, with whose goods it is about."""
    kind = item["kind"]
    label = str(LABELS[ItemKind(kind)]) if kind in set(ItemKind) else str(item.get("label", ""))
    name, units, reason = item.get("name") or "", item.get("units"), item.get("reason") or ""
    return SumRow(label, _amount(visit, Decimal(str(item["amount"])), currency), _detail(name, units, reason))


def row_of(visit: Visit, item: Item, currency: str) -> SumRow:
    """A line of a sum that was just worked out."""
    return SumRow(item.label, _amount(visit, item.amount, currency), _detail(item.name, item.units, item.reason))


def _amount(visit: Visit, amount: Decimal, currency: str) -> str:
    return visit.words.money(Money(amount, currency).rounded())


def _detail(name: str, units: int | None, reason: str) -> str:
    return " ".join(filter(None, (f"{units} × {name}" if name and units else name, reason)))

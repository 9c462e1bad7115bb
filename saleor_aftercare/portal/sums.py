"""Sums on the page: every line that the server worked out, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

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
    detail = _detail(name, units, reason, item.get("order") or "")
    return SumRow(label, _amount(visit, Decimal(str(item["amount"])), currency), detail)


def row_of(visit: Visit, item: Item, currency: str) -> SumRow:
    """A line of a sum that was just worked out."""
    detail = _detail(item.name, item.units, item.reason, item.order)
    return SumRow(item.label, _amount(visit, item.amount, currency), detail)


def _amount(visit: Visit, amount: Decimal, currency: str) -> str:
    return visit.words.money(Money(amount, currency).rounded())


def _detail(name: str, units: int | None, reason: str, order: str) -> str:
    paid = _("(order %(number)s)") % {"number": order} if order else ""
    return " ".join(filter(None, (f"{units} × {name}" if name and units else name, reason, paid)))

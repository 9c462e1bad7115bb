"""A case of any kind by its global id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.models import Return
from saleor_aftercare.withdrawals.models import Withdrawal

from .core.context import Context

_KINDS: dict[str, tuple[CaseKind, Any]] = {
    "Return": (CaseKind.RETURN, Return),
    "RepairRequest": (CaseKind.REPAIR, RepairRequest),
    "SparePartRequest": (CaseKind.SPARE_PART, SparePartRequest),
    "Withdrawal": (CaseKind.WITHDRAWAL, Withdrawal),
}


@dataclass(frozen=True)
class Case:
    """What a conversation has to know of a case that it is about."""

    kind: CaseKind
    pk: int
    number: str
    customer_email: str


def find_case(ctx: Context, id: str, *, field: str) -> Case:
    """A return, repair, spare part or withdrawal that the asking person may see; raises NotFound(field)."""
    for name, (kind, model) in _KINDS.items():
        try:
            pk = own_pk(name, id, field=field)
        except InvalidInput:
            continue
        row = model.objects.filter(shop=ctx.shop, pk=pk).select_related("order").first()
        if row is not None and ctx.covers(row.order):
            return Case(kind, row.pk, row.number, _customer_email(row))
    raise NotFound(_("There is no such case."), field)


def _customer_email(row: Any) -> str:
    if isinstance(row, Return):
        return row.contact_email
    if isinstance(row, Withdrawal):
        return row.email
    email: str = row.customer_email
    return email

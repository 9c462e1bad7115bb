"""Saving the plain form of the return rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.policies.models import ReturnPolicy, ReturnShippingPayer
from saleor_aftercare.returns import queries

_PLAIN = {
    "window_days",
    "who_pays",
    "auto_approve",
    "excluded_skus",
    "excluded_product_types",
    "refund_original_shipping",
}


@transaction.atomic
def save_policy(shop: Shop, *, values: Mapping[str, Any], at: datetime) -> ReturnPolicy:
    """Put new rules into force; open cases keep the version that their customers saw.

    Saving what is in force already makes no new version. Raises InvalidInput naming the column.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    current = queries.policy_of(shop)
    fields = {name: getattr(current, name) for name in _PLAIN} | _checked_policy(values)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    return ReturnPolicy.objects.create(shop=shop, version=current.version + 1, created_at=at, **fields)


def _checked_policy(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if unknown := set(checked) - _PLAIN:
        raise InvalidInput(f"Unknown: {sorted(unknown)}")
    days = checked.get("window_days", 0)
    if not isinstance(days, int) or not 0 <= days <= 3650:
        raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": 0, "high": 3650}, "window_days")
    if "who_pays" in checked and checked["who_pays"] not in ReturnShippingPayer.values:
        raise InvalidInput(_("Please choose who pays."), "who_pays")
    for name in ("excluded_skus", "excluded_product_types"):
        if name in checked:
            entries = list(dict.fromkeys(str(v).strip() for v in checked[name] if str(v).strip()))
            if len(entries) > 1000 or any(len(e) > 200 for e in entries):
                raise InvalidInput(_("At most 1000 entries of 200 characters."), name)
            checked[name] = entries
    return checked

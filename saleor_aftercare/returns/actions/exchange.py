"""What is sent in place of a line's goods, once something else was offered."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.returns.models import Return


@transaction.atomic
def note_exchange(ret: Return, *, chosen: Mapping[int, tuple[str, str]]) -> int:
    """Write down for lines, by their key, the variant and name that stand promised now; returns how many changed.

    An order line's own variant is kept as empty: the same again.
    """
    changed = 0
    for row in ret.lines.select_for_update(of=("self",)).select_related("order_line").filter(pk__in=chosen):
        variant, name = chosen[row.pk]
        variant = "" if variant == row.order_line.variant_id else variant
        if row.resolution == Resolution.EXCHANGE and row.exchange_variant_id != variant:
            row.exchange_variant_id, row.exchange_name = variant, name[:400]
            row.save(update_fields=["exchange_variant_id", "exchange_name"])
            changed += 1
    return changed

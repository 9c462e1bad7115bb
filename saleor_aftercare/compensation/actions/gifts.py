"""Giving something although nothing comes back: exactly what was shown, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.gifts import Gift, read_state, work_out
from saleor_aftercare.compensation.models import Settlement
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.core.events import Actor

from .settlements import find_settlement, lock_orders, start_settlement


def give(
    order: Order,
    gift: Gift,
    *,
    fingerprint: str,
    key: str,
    label: str,
    apart_from: str = "",
    at: datetime,
    actor: Actor,
) -> Settlement:
    """Give what was looked at, exactly that, or nothing. The same ``key`` again returns the first settlement.

    Saleor is asked first where money goes back; then everything is worked out once more with the order locked.
    ``label`` is the number that people know the subject by, ``apart_from`` as for ``gifts.work_out``. Must not run
    inside a transaction: it calls out.

    Raises:
        Conflict: it would not be any more what ``fingerprint`` stands for; or somebody gave something meanwhile.
        Refused: something stands in the way.
    """
    if known := find_settlement(order, key=key, subject=gift.subject):
        return known
    ledger = read_state(order, gift, at=at)
    with transaction.atomic():
        locked = lock_orders({order.pk}, shop_id=order.shop_id)[order.pk]
        if known := find_settlement(locked, key=key, subject=gift.subject):
            return known
        plan = work_out(locked, gift, ledger, apart_from=apart_from, at=at)
        if plan.fingerprint != fingerprint:
            raise Conflict(_("The amounts have changed; look at them again."), "fingerprint")
        if plan.problem:
            raise Refused(plan.problem)
        return start_settlement(
            locked, parts=plan.parts, key=key, subject=gift.subject, label=label, note="", at=at, actor=actor
        )

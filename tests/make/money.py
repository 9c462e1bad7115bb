"""Settlements and store credit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from saleor_aftercare.compensation.models import Settlement, SettlementState, StoreCredit, StoreCreditState
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import Return, ReturnState

from .base import NOON, serial
from .returns import make_return


def make_settlement(
    ret: Return | None = None, *, state: SettlementState = SettlementState.RUNNING, **values: Any
) -> Settlement:
    """Ten euros decided for a return; no part of it exists."""
    ret = ret or make_return(state=ReturnState.RECEIVED)
    return Settlement.objects.create(
        **{
            "shop": ret.shop,
            "key": f"settlement-{serial()}",
            "order": ret.order,
            "subject": "return",
            "subject_id": ret.pk,
            "state": state,
            "state_since": NOON,
            "currency": ret.order.currency,
            "items": [],
            "refund": Decimal("10.00"),
            "decided_by": "Mei Tanaka",
            "created_at": NOON,
            "finished_at": NOON if state == SettlementState.DONE else None,
        }
        | values
    )


def make_store_credit(
    ret: Return | None = None, *, state: StoreCreditState = StoreCreditState.PENDING, **values: Any
) -> StoreCredit:
    """Ten euros of store credit for a return."""
    ret = ret or make_return(state=ReturnState.RECEIVED)
    n = serial()
    issued = state == StoreCreditState.ISSUED
    return StoreCredit.objects.create(
        **{
            "shop": ret.shop,
            "key": f"credit-{n}",
            "order": ret.order,
            "subject": "return",
            "subject_id": ret.pk,
            "amount": Decimal("10.00"),
            "currency": ret.order.currency,
            "code": f"CREDIT{n:010d}",
            "gift_card_id": to_global_id("GiftCard", n) if issued else "",
            "to_email": ret.order.email,
            "to_name": ret.order.customer_name,
            "state": state,
            "state_since": NOON,
            "created_at": NOON,
            "issued_at": NOON if issued else None,
        }
        | values
    )

"""Declarations of withdrawal, and the policies under which they can be made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import Shop
from saleor_aftercare.policies.law import EEA_COUNTRIES
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalState

from .base import NOON, serial
from .orders import make_order
from .returns import make_policy
from .shops import make_shop


def make_eu_policy(shop: Shop, **values: Any) -> ReturnPolicy:
    """The next version of a shop's rules, with the right to withdraw for deliveries to the EEA."""
    return make_policy(shop, **({"withdrawal_countries": frozenset(EEA_COUNTRIES), "withdrawal_days": 14} | values))


def make_withdrawal(
    order: Order | None = None,
    *,
    shop: Shop | None = None,
    state: WithdrawalState = WithdrawalState.OPEN,
    **values: Any,
) -> Withdrawal:
    """A declaration of this noon for a whole order; unmatched ones have no order."""
    if order is None and shop is None and state != WithdrawalState.UNMATCHED:
        order = make_order(delivered=NOON - timedelta(days=1))
    n = serial()
    contract = order.number if order else str(1000 + n)
    name, email = "Ada Example", order.email if order else f"ada-{n}@customer.test"
    return Withdrawal.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": f"WD-{1000 + n}",
            "key": f"withdrawal-{n}",
            "state": state,
            "state_since": NOON,
            "name": name,
            "email": email,
            "contract": contract,
            "statement": f"I hereby withdraw from the whole contract, order number {contract}.\n\nName: {name}",
            "language": "en",
            "declared_at": NOON,
            "acknowledged_at": NOON,
            "order": None if state == WithdrawalState.UNMATCHED else order,
            "out_of_scope_reason": "Bought for a business." if state == WithdrawalState.OUT_OF_SCOPE else "",
            "looked_up_at": NOON,
            "send_back_by": (NOON + timedelta(days=14)).date(),
            "refund_due_on": (NOON + timedelta(days=14)).date(),
        }
        | values
    )

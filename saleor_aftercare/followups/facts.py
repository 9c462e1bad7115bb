"""Looking up what the policy decides on; what other domains know, they tell through ``knows``.

Follow-ups stand beside returns and the inbox and do not import them. ``reactions`` does, and registers there what
each of them knows about an order::

    @knows("return_open")
    def return_open(order: Order) -> bool: ...
"""

from __future__ import annotations

from collections.abc import Callable

from saleor_aftercare.connection.models import Fulfillment, Order, ShopSettings
from saleor_aftercare.mail.models import Purpose
from saleor_aftercare.mail.suppression import blocking_reason

from .models import FollowUp
from .policy import ELSEWHERE, Facts

Knower = Callable[[Order], bool]

#: Any other status says that the parcel was called off, refunded or came back: nothing to ask about.
_ON_ITS_WAY = "FULFILLED"

_knowers: dict[str, Knower] = {}


def knows(fact: str) -> Callable[[Knower], Knower]:
    """Let the decorated function answer for one of ``policy.ELSEWHERE``; each has one answerer."""
    if fact not in ELSEWHERE:
        raise LookupError(f"No follow-up asks for the fact {fact!r}")

    def register(knower: Knower) -> Knower:
        if _knowers.setdefault(fact, knower) is not knower:
            raise RuntimeError(f"Two functions answer for the fact {fact!r}")
        return knower

    return register


def gather(followup: FollowUp) -> Facts:
    """Everything that matters for this follow-up, as it is now.

    Raises LookupError when nobody answers for a fact: better no letter than one that hurts.
    """
    if unknown := ELSEWHERE - _knowers.keys():
        raise LookupError(f"Nobody knows {', '.join(sorted(unknown))}; reactions registers who does")
    order = Order.objects.select_related("shop").get(pk=followup.order_id)
    fulfillment = Fulfillment.objects.get(pk=followup.fulfillment_id)
    return Facts(
        due_at=followup.due_at,
        shop_connected=order.shop.connected,
        enabled=ShopSettings.objects.get(shop=order.shop).arrival_check_enabled,
        order_canceled=order.canceled,
        fulfillment_canceled=fulfillment.gone or fulfillment.status != _ON_ITS_WAY,
        has_address=bool(order.email),
        suppressed=blocking_reason(order.shop, order.email, Purpose.SERVICE) is not None,
        **{fact: knower(order) for fact, knower in _knowers.items()},
    )

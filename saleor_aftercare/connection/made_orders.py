"""Orders that we make in Saleor, step by step; none of these steps moves money."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from saleor_aftercare.core.models import Shop

from .commands import carry_out, write_command
from .models import ShopCommand

#: Steps on the way to an order, and back; see ``effects.drafts``.
STEPS: Final = frozenset(
    {"create_draft", "choose_shipping", "discount_draft", "complete_draft", "delete_draft", "cancel_order"}
)


def take_step(
    shop: Shop,
    *,
    kind: str,
    reference: str,
    made_reference: str,
    subject: tuple[str, int],
    order_id: str,
    request: dict[str, Any],
    at: datetime,
) -> ShopCommand:
    """Carry out one step for the order of external reference ``made_reference``; once for each ``reference``.

    ``order_id`` is the order that it is made for. Raises what ``commands.carry_out`` raises.
    """
    if kind not in STEPS:
        raise LookupError(f"{kind!r} is no step of an order")
    command = write_command(
        shop,
        kind=kind,
        reference=reference,
        subject=subject,
        order_id=order_id,
        request=request,
        trace={"reference": made_reference},
        at=at,
    )
    command.shop = shop
    return carry_out(command, at=at)

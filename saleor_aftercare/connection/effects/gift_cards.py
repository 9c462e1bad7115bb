"""Gift cards of the shop, made as store credit.

Saleor has no idempotency key for them, but no two cards of one code: ours is chosen before anything is sent, so a
second request for the same credit is refused. The code is as good as money and never stands readable in a command.
"""

from __future__ import annotations

from typing import Any, Final

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import ShopCommand

from .base import EFFECTS, Answer, Effect

#: The metadata key that says which of our credits a card is.
REFERENCE: Final = "aftercare.reference"


def _with_code(command: ShopCommand) -> dict[str, Any]:
    return {"input": {**command.request["input"], "code": command.secret}}


def _read_by_code(command: ShopCommand) -> Answer:
    return client.call(command.shop, "gift-card-by-code", code=command.secret)


def _find_card(command: ShopCommand, answer: Answer) -> dict[str, Any] | None:
    """Our card: of our code, and with our reference on it."""
    wanted = {(one["key"], one["value"]) for one in command.request["input"]["metadata"]}
    for edge in (answer.get("giftCards") or {}).get("edges") or ():
        card = edge["node"]
        if wanted <= {(one["key"], one["value"]) for one in card["metadata"]}:
            return {"gift_card": card["id"]}
    return None


EFFECTS["create_gift_card"] = Effect(
    "gift-card-create",
    _find_card,
    lambda p: {"gift_card": p["giftCard"]["id"]},
    read=_read_by_code,
    fill=_with_code,
)

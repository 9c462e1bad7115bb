"""Letters, and ways in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from saleor_aftercare.access.models import CustomerSession, GuestChallenge
from saleor_aftercare.connection.models import (
    Order,
)
from saleor_aftercare.core import tokens
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage, Suppression, SuppressionReason

from .base import NOON, serial
from .orders import make_order
from .shops import make_shop


def make_letter(shop: Shop | None = None, **values: Any) -> OutboundMessage:
    """A written letter that has not left yet."""
    n = serial()
    return OutboundMessage.objects.create(
        **{
            "shop": shop or make_shop(),
            "key": f"letter-{n}",
            "kind": "inbox/reply",
            "to_email": f"ada-{n}@customer.test",
            "to_name": "Ada Example",
            "from_email": "Komorebi Coffee <care@komorebi.test>",
            "language": "en",
            "subject": "About your order",
            "text": "Hello",
            "html": "<p>Hello</p>",
            "message_id": f"<letter-{n}@komorebi.test>",
            "state": DeliveryState.PENDING,
            "state_since": NOON,
            "created_at": NOON,
        }
        | values
    )


def make_suppression(shop: Shop, email: str, *, reason: SuppressionReason = SuppressionReason.BOUNCED) -> Suppression:
    """An address that the shop does not write to."""
    return Suppression.objects.create(shop=shop, email=email.lower(), reason=reason, created_at=NOON)


def make_challenge(order: Order | None = None, *, token: str = "", **values: Any) -> GuestChallenge:
    """A guest's claim to an order, open for ten minutes; ``code_digest`` is up to the test."""
    order = order or make_order()
    return GuestChallenge.objects.create(
        **{
            "shop": order.shop,
            "token_digest": tokens.digest(token or f"challenge-{serial()}"),
            "order_number": order.number,
            "email": order.email,
            "language": order.language,
            "order": order,
            "expires_at": NOON + timedelta(minutes=10),
        }
        | values
    )


def make_session(order: Order | None = None, *, token: str = "", guest: bool = True, **values: Any) -> CustomerSession:
    """A way in for a guest (one order) or, with ``guest=False``, for the order's signed-in customer (all of theirs)."""
    order = order or make_order()
    return CustomerSession.objects.create(
        **{
            "shop": order.shop,
            "token_digest": tokens.digest(token or f"acg_session-{serial()}"),
            "user_id": "" if guest else order.user_id,
            "order": order if guest else None,
            "email": order.email,
            "language": order.language,
            "created_at": NOON,
            "expires_at": NOON + 30 * timedelta(minutes=1),
        }
        | values
    )

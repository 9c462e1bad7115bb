"""What the intake of one shop would do with a mail, and why: for ``aftercare mail inspect --shop``. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saleor_aftercare.connection.shop import shop_by_handle
from saleor_aftercare.mail.reading.inspect import as_json
from saleor_aftercare.mail.reading.message import read

from .intake_plan import Plan, own_addresses, plan_mail, verifier
from .threading import Considered


def inspect(raw: bytes, *, handle: str, at: datetime) -> dict[str, Any]:
    """The reading as without a shop, its tokens checked, and ``intake``; see docs/mail-inspect.md.

    Raises NotFound when there is no such shop.
    """
    shop = shop_by_handle(handle)
    own = own_addresses(shop)
    reading = read(raw, own_addresses=own, verify=verifier(shop))
    plan = plan_mail(shop, reading, own=own, at=at)
    return as_json(reading) | {"intake": _as_json(plan)}


def _as_json(plan: Plan) -> dict[str, Any]:
    named = plan.match.named
    return {
        "verb": plan.verb,
        "why": plan.why,
        "contact": plan.contact.key if plan.contact else "",
        "ticket": plan.ticket.number if plan.ticket else None,
        "may_belong_to": named.number if named else None,
        "considered": [_considered(one) for one in plan.match.considered],
    }


def _considered(one: Considered) -> dict[str, Any]:
    return {
        "key": one.why,
        "value": one.value,
        "ticket": one.ticket.number,
        "state": one.ticket.state,
        "is_party": one.is_party,
    }

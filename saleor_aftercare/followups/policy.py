"""When to ask, and when it is better not to. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from saleor_aftercare.core.decision import Decision, Verdict

#: Letters that nobody asked for come between these hours on the shop's clock; the second is the first too late.
FIRST_HOUR: Final = time(9)
LAST_HOUR: Final = time(20)
#: A question that comes later than this after its time makes no sense any more: years of old orders, imported
#: at once or found by a reconcile, must not fire years of mails.
TOO_OLD: Final = timedelta(days=14)

#: Facts about an order that other domains know; each must be known by somebody, see ``facts.knows``.
ELSEWHERE: Final = frozenset({"return_open", "ticket_open"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the decision rests on, looked up at the moment of deciding."""

    due_at: datetime
    shop_connected: bool
    enabled: bool
    order_canceled: bool
    fulfillment_canceled: bool
    has_address: bool
    suppressed: bool
    return_open: bool
    ticket_open: bool


def arrival_check_due(*, delivered_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """When to ask about a parcel: ``days`` after it arrived, at that time of day if people are up then."""
    return waking_hour(delivered_at + timedelta(days=days), zone)


def waking_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """``moment``, or the next 9:00 on the shop's clock when it falls between 20:00 and 9:00.

    The result is in the time zone of ``moment``.
    """
    local = moment.astimezone(zone)
    if FIRST_HOUR <= local.time() < LAST_HOUR:
        return moment
    day = local.date() if local.time() < FIRST_HOUR else local.date() + timedelta(days=1)
    return datetime.combine(day, FIRST_HOUR, tzinfo=zone).astimezone(moment.tzinfo)


#: Why not, strongest first: what is recorded is the first that holds.
REASONS_NOT_TO: Final[Mapping[str, Callable[[Facts, datetime], bool]]] = {
    "shop_disconnected": lambda facts, _at: not facts.shop_connected,
    "order_canceled": lambda facts, _at: facts.order_canceled,
    "fulfillment_canceled": lambda facts, _at: facts.fulfillment_canceled,
    "disabled": lambda facts, _at: not facts.enabled,
    "return_open": lambda facts, _at: facts.return_open,
    "ticket_open": lambda facts, _at: facts.ticket_open,
    "no_address": lambda facts, _at: not facts.has_address,
    "suppressed": lambda facts, _at: facts.suppressed,
    "too_old": lambda facts, at: is_too_old(facts.due_at, at=at),
}


def is_too_old(due_at: datetime, *, at: datetime) -> bool:
    """Whether the right time to ask is so long past that the question would only puzzle."""
    return at > due_at + TOO_OLD


def decide(facts: Facts, *, at: datetime) -> Decision:
    """Whether to ask at ``at``: ACCEPT, or REFUSE with every reason that holds, strongest first."""
    reasons = tuple(name for name, holds in REASONS_NOT_TO.items() if holds(facts, at))
    return Decision(Verdict.REFUSE, reasons) if reasons else Decision(Verdict.ACCEPT)

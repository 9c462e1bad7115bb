"""What happens to a ticket, as far as its deadlines are concerned, and a log of it put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from saleor_aftercare.core.errors import InvalidInput

from .policies import Standing


class EventKind(StrEnum):
    CREATED = "created"  #: by whom stands in ``by``; by the customer it is also their first message
    CUSTOMER_MESSAGE = "customer_message"  #: written by a person; opens the ticket again
    CUSTOMER_AUTO_REPLY = "customer_auto_reply"  #: the customer's machine: out of office, a bounce
    STAFF_REPLY = "staff_reply"  #: a person's answer that the customer sees; also a call that reached them
    BOT_REPLY = "bot_reply"  #: a machine of ours: acknowledgement, chat bot, follow-up
    INTERNAL_NOTE = "internal_note"
    NEEDS_STAFF = "needs_staff"  #: something went wrong that a person has to see to at once; no target hears it
    OPEN = "open"  #: set to open by hand
    PENDING_CUSTOMER = "pending_customer"
    PENDING_THIRD_PARTY = "pending_third_party"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"
    SPAM = "spam"
    NOT_SPAM = "not_spam"
    MERGED = "merged"
    UNMERGED = "unmerged"
    PRIORITY_CHANGED = "priority_changed"
    TAGS_CHANGED = "tags_changed"
    CHANNEL_CHANGED = "channel_changed"
    LANGUAGE_CHANGED = "language_changed"
    CUSTOMER_CHANGED = "customer_changed"
    TEAM_CHANGED = "team_changed"
    ASSIGNED = "assigned"
    POLICY_CHANGED = "policy_changed"  #: to the one named; without a name, back to what the conditions say
    CALENDAR_CHANGED = "calendar_changed"  #: to the one named; without a name, back to the policy's


K = EventKind
#: Events after which a ticket stands so.
STANDINGS: Final[Mapping[EventKind, Standing]] = MappingProxyType(
    {
        K.OPEN: Standing.OPEN,
        K.REOPENED: Standing.OPEN,
        K.NOT_SPAM: Standing.OPEN,
        K.UNMERGED: Standing.OPEN,
        K.PENDING_CUSTOMER: Standing.PENDING_CUSTOMER,
        K.PENDING_THIRD_PARTY: Standing.PENDING_THIRD_PARTY,
        K.ON_HOLD: Standing.ON_HOLD,
        K.SOLVED: Standing.SOLVED,
        K.CLOSED: Standing.CLOSED,
        K.SPAM: Standing.SPAM,
        K.MERGED: Standing.MERGED,
    }
)


class Author(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """One thing that happened; a repeated ``id`` is the same event heard twice."""

    kind: EventKind
    at: datetime
    id: str = ""
    by: Author = Author.CUSTOMER  #: of a CREATED
    until: datetime | None = None  #: a pending state or a snooze ends then by itself
    changes: tuple[tuple[str, Any], ...] = ()  #: fields of Facts with their new values
    policy: str | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """Events in the order in which they happened, beginning with the creation; and what was odd about them."""

    events: tuple[TicketEvent, ...]
    warnings: tuple[str, ...]


def put_in_order(events: Sequence[TicketEvent], *, now: datetime) -> Log:
    """The log as it counts.

    Events are sorted by time; of equal times, the one given first happened first. The earliest creation comes first,
    and what is dated before it (clocks differ) counts as having happened right after it. Repeated events and those
    after ``now`` do not count. Raises InvalidInput when the ticket was never created, or only after ``now``.
    """
    warnings: list[str] = []
    seen_ids: set[str] = set()
    kept: dict[TicketEvent, None] = {}
    for index, event in enumerate(_in_utc(event) for event in events):
        if event.id and event.id in seen_ids:
            warnings.append(f"events[{index}] repeats the event {event.id} and was left out")
        elif event.at > now:
            warnings.append(f"events[{index}] ({event.kind}) lies after now and was left out")
        elif event in kept:
            warnings.append(f"events[{index}] ({event.kind}) stands there twice and was left out")
        else:
            seen_ids.add(event.id)
            kept[event] = None
    creations = [event for event in kept if event.kind is K.CREATED]
    if not creations:
        raise InvalidInput("there is no created event up to now", "events")
    created = min(creations, key=lambda event: event.at)
    if len(creations) > 1:
        warnings.append("the ticket was created more than once; the earliest counts")
    rest = [event for event in kept if event.kind is not K.CREATED]
    early = sum(event.at < created.at for event in rest)
    if early:
        warnings.append(f"{early} events are dated before the ticket's creation and count as right after it")
    rest.sort(key=lambda event: event.at)
    return Log(
        (created, *(event if event.at >= created.at else replace(event, at=created.at) for event in rest)),
        tuple(warnings),
    )


def _in_utc(event: TicketEvent) -> TicketEvent:
    """Times of one zone are compared by what the wall shows, which goes back in autumn."""
    until = event.until and event.until.astimezone(UTC)
    return replace(event, at=event.at.astimezone(UTC), until=until)

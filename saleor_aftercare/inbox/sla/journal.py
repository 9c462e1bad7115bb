"""The log of a conversation as rows: what is written into it, and how it is read for the arithmetic.

A row keeps keys (of teams) and the ticket's own words, so that a team may be renamed without a trace in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from saleor_aftercare.inbox.models import MessageKind, Priority, Ticket, TicketChannel, TicketMessage, TicketState

from .events import STANDINGS, Author, EventKind, TicketEvent
from .models import SlaEvent
from .policies import VOID, Facts, Standing

K = EventKind
S = TicketState

STANDING_OF: Final[Mapping[str, Standing]] = {
    S.NEW: Standing.OPEN,
    S.OPEN: Standing.OPEN,
    S.PENDING: Standing.PENDING_CUSTOMER,
    S.WAITING: Standing.PENDING_THIRD_PARTY,
    S.ON_HOLD: Standing.ON_HOLD,
    S.SOLVED: Standing.SOLVED,
    S.CLOSED: Standing.CLOSED,
    S.SPAM: Standing.SPAM,
    S.MERGED: Standing.MERGED,
}
_EVENT_OF: Final[Mapping[Standing, EventKind]] = {standing: kind for kind, standing in STANDINGS.items()} | {
    Standing.OPEN: K.OPEN
}
_CHANGE_OF: Final[Mapping[str, EventKind]] = {
    "priority": K.PRIORITY_CHANGED,
    "tags": K.TAGS_CHANGED,
    "channel": K.CHANNEL_CHANGED,
    "language": K.LANGUAGE_CHANGED,
    "vip": K.CUSTOMER_CHANGED,
    "team": K.TEAM_CHANGED,
}
_FACTS: Final = tuple(field.name for field in fields(Facts))
PRIORITY_NAMES: Final[Mapping[int, str]] = {one.value: one.name.lower() for one in Priority}


@dataclass(frozen=True, slots=True)
class Seen:
    """The columns of a ticket that its deadlines depend on."""

    state: str
    since: datetime
    wake_at: datetime | None
    priority: int
    channel: str
    language: str
    team_id: int | None
    person_id: int | None

    @classmethod
    def of(cls, ticket: Ticket) -> Seen:
        """As the ticket is now."""
        return cls(
            str(ticket.state),
            ticket.state_since,
            ticket.wake_at,
            int(ticket.priority),
            str(ticket.channel),
            ticket.language,
            ticket.team_id,
            ticket.person_id,
        )

    @property
    def standing(self) -> Standing:
        return STANDING_OF[self.state]

    @property
    def until(self) -> datetime | None:
        """When a snooze ends by itself."""
        return self.wake_at if self.standing is Standing.ON_HOLD else None

    def facts(self, *, tags: frozenset[str] = frozenset(), vip: bool = False) -> Facts:
        """What conditions look at."""
        return Facts(
            channel=self.channel,
            priority=PRIORITY_NAMES[self.priority],
            language=self.language,
            team="" if self.team_id is None else str(self.team_id),
            tags=tags,
            vip=vip,
        )


# -- writing ---------------------------------------------------------------------------------------------------


def event_of_message(message: TicketMessage) -> EventKind | None:
    """What a message is to the clocks; None for what they do not hear, such as an answer that has not left yet."""
    if message.held_until is not None:
        return None
    if message.kind == MessageKind.CUSTOMER:
        return K.CUSTOMER_AUTO_REPLY if message.is_automatic else K.CUSTOMER_MESSAGE
    if message.kind == MessageKind.STAFF:
        return K.BOT_REPLY if message.is_automatic else K.STAFF_REPLY
    return None


def row(
    ticket: Ticket,
    kind: EventKind,
    *,
    at: datetime,
    message: TicketMessage | None = None,
    data: Mapping[str, Any] | None = None,
) -> SlaEvent:
    """One more row of the log, not saved."""
    return SlaEvent(
        shop_id=ticket.shop_id, ticket=ticket, kind=kind.value, message=message, data=dict(data or {}), at=at
    )


def creation(ticket: Ticket, facts: Facts, *, by_shop: bool) -> SlaEvent:
    """The beginning of a log, not saved: by a customer, it is also their first message."""
    by = Author.STAFF if by_shop else Author.CUSTOMER
    return row(ticket, K.CREATED, at=ticket.created_at, data={"by": by.value, **_plain(facts, _FACTS)})


def first_rows(ticket: Ticket, seen: Seen, facts: Facts, messages: Iterable[TicketMessage]) -> list[SlaEvent]:
    """The log of a conversation that has none: its creation, its messages, and where it stood."""
    rows = [creation(ticket, facts, by_shop=ticket.channel == TicketChannel.STAFF)]
    rows += [
        row(ticket, kind, at=message.created_at, message=message)
        for message in messages
        if (kind := event_of_message(message)) is not None
    ]
    if seen.standing is not Standing.OPEN:
        rows.append(_stand(ticket, seen, at=seen.since))
    return rows


def rows_to_catch_up(
    ticket: Ticket, seen: Seen, facts: Facts, log: Sequence[SlaEvent], *, at: datetime
) -> list[SlaEvent]:
    """What the ticket shows and its log does not say yet."""
    held, standing, until = stand_of(log)
    rows = [
        row(ticket, kind, at=at, data=_plain(facts, [name]))
        for name, kind in _CHANGE_OF.items()
        if getattr(held, name) != getattr(facts, name)
    ]
    if (standing, until) != (seen.standing, seen.until):
        rows.append(_stand(ticket, seen, at=at))
    return rows


def _stand(ticket: Ticket, seen: Seen, *, at: datetime) -> SlaEvent:
    until = seen.until if seen.until is not None and seen.until > at else None
    return row(ticket, _EVENT_OF[seen.standing], at=at, data={"until": until.isoformat()} if until else {})


def _plain(facts: Facts, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in names}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


# -- reading ---------------------------------------------------------------------------------------------------


def in_order(rows: Iterable[SlaEvent]) -> list[SlaEvent]:
    """By time; of equal times the one written first, but a creation before all."""
    return sorted(rows, key=lambda one: (one.at, one.kind != K.CREATED, one.pk or 0))


def stand_of(log: Sequence[SlaEvent]) -> tuple[Facts, Standing, datetime | None]:
    """What a log in its order knows of the ticket: its facts, where it stands, and until when."""
    facts, standing, until = Facts(), Standing.OPEN, None
    for one in log:
        kind = K(one.kind)
        facts = replace(facts, **dict(_changes(one.data)))
        if kind in STANDINGS:
            standing, until = STANDINGS[kind], _until(one.data)
        elif kind is K.CUSTOMER_MESSAGE and standing not in VOID | {Standing.CLOSED}:
            standing, until = Standing.OPEN, None
    return facts, standing, until


def needs_staff_since(log: Iterable[SlaEvent]) -> datetime | None:
    """Since when somebody of the shop has to act at once; None when they do not have to (any more)."""
    since: datetime | None = None
    for one in log:
        kind = K(one.kind)
        if kind is K.NEEDS_STAFF:
            since = since or one.at
        elif kind is K.STAFF_REPLY or STANDINGS.get(kind, Standing.OPEN) is not Standing.OPEN:
            since = None
    return since


def first_facts(log: Iterable[SlaEvent], *, shown: Mapping[str, str]) -> Facts:
    """What held when the ticket was created."""
    created = next(one for one in log if one.kind == K.CREATED)
    return Facts(**dict(_changes(created.data, shown)))


def read(log: Iterable[SlaEvent], *, shown: Mapping[str, str]) -> list[TicketEvent]:
    """The log as the arithmetic takes it; ``shown`` has the names of teams by key."""
    return [
        TicketEvent(
            kind=K(one.kind),
            at=one.at,
            id=str(one.pk or ""),
            by=Author(one.data.get("by", Author.CUSTOMER)),
            until=_until(one.data),
            changes=() if one.kind == K.CREATED else tuple(_changes(one.data, shown)),
        )
        for one in log
    ]


def _until(data: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(data["until"]) if "until" in data else None


def _changes(data: Mapping[str, Any], shown: Mapping[str, str] | None = None) -> list[tuple[str, Any]]:
    changes: list[tuple[str, Any]] = []
    for name in _FACTS:
        if name in data:
            value = data[name]
            if name == "tags":
                value = frozenset(value)
            elif name == "team" and shown is not None:
                value = shown.get(value, value)
            changes.append((name, value))
    return changes

"""Publishing what happened, and finding out who reacts to it."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection

from .jobs import handles, wake_when_due
from .models import ActorKind, Event, Job, Shop, inserted

Reaction = Callable[[Event], None]

_reactions: dict[str, list[Reaction]] = defaultdict(list)


@dataclass(frozen=True)
class Actor:
    """Who did it. ``name`` is shown to staff in timelines and is never logged."""

    kind: ActorKind
    name: str = ""
    staff_id: int | None = None  #: primary key of the StaffMember, for staff


SYSTEM = Actor(ActorKind.SYSTEM)
CUSTOMER = Actor(ActorKind.CUSTOMER)


@dataclass(frozen=True)
class DomainEvent:
    """Base of the frozen dataclasses that domains publish.

    ``kind`` is the stable name; ``subject`` says what kind of row ``subject_id`` is.
    """

    kind: ClassVar[str]
    subject: ClassVar[str]

    subject_id: int


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, when, and by whom."""

    event: DomainEvent
    at: datetime
    actor: Actor = SYSTEM


def publish(event: DomainEvent, *, shop: Shop, at: datetime, actor: Actor = SYSTEM) -> Event:
    """Write the event and one job per reaction, in the caller's transaction."""
    (row,) = publish_all([Happening(event, at, actor)], shop=shop)
    return row


def publish_all(happened: Sequence[Happening], *, shop: Shop) -> list[Event]:
    """Write events in their order, and one job per event and reaction; one statement for any number."""
    if not happened:
        return []
    rows: list[Event] = []
    jobs: list[tuple[int, str]] = []
    for n, one in enumerate(happened, 1):
        data: dict[str, Any] = dataclasses.asdict(one.event)
        row = Event(
            shop=shop,
            kind=one.event.kind,
            subject=one.event.subject,
            subject_id=data.pop("subject_id"),
            at=one.at,
            actor_kind=one.actor.kind,
            actor_name=one.actor.name,
            data=data,
        )
        rows.append(row)
        jobs += [(n, reaction.__name__) for reaction in _reactions[row.kind]]
    values: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in _COLUMNS}
    values |= {"shop": shop.pk, "data": [json.dumps(row.data) for row in rows]}
    values |= {"of": [n for n, _name in jobs], "reactions": [name for _n, name in jobs]}
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, values)
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            inserted(row, pk)
    if jobs:
        wake_when_due(min(happened[n - 1].at for n, _name in jobs))
    return rows


_COLUMNS = ("kind", "subject", "subject_id", "at", "actor_kind", "actor_name")
#: One statement: whatever happens publishes. The jobs are new as the events are.
_PUBLISH = """
WITH happened AS (
    SELECT nextval(pg_get_serial_sequence('aftercare_event', 'id')) AS id, given.* FROM unnest(
      %(kind)s::text[], %(subject)s::text[], %(subject_id)s::bigint[], %(at)s::timestamptz[],
      %(actor_kind)s::text[], %(actor_name)s::text[], %(data)s::text[]
    ) WITH ORDINALITY AS given (kind, subject, subject_id, at, actor_kind, actor_name, data, n)
), event AS (
    INSERT INTO aftercare_event (id, shop_id, kind, subject, subject_id, at, actor_kind, actor_name, data)
    SELECT id, %(shop)s, kind, subject, subject_id, at, actor_kind, actor_name, data::jsonb FROM happened
), jobs AS (
    INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
    SELECT %(shop)s, 'core.react', concat('react:', happened.id, ':', reaction.name),
      jsonb_build_object('event', happened.id, 'reaction', reaction.name), happened.at, 'pending', 0, ''
    FROM unnest(%(of)s::int[], %(reactions)s::text[]) WITH ORDINALITY AS reaction (n, name, place)
    JOIN happened USING (n) ORDER BY reaction.place
)
SELECT id FROM happened ORDER BY n
"""


def reacts_to(*events: type[DomainEvent]) -> Callable[[Reaction], Reaction]:
    """Run the decorated function in a job of its own after each of ``events``; it must be idempotent."""

    def register(reaction: Reaction) -> Reaction:
        for event in events:
            if any(known.__name__ == reaction.__name__ for known in _reactions[event.kind]):
                raise RuntimeError(f"Two reactions to {event.kind!r} are named {reaction.__name__!r}")
            _reactions[event.kind].append(reaction)
        return reaction

    return register


@handles("core.react")
def react(job: Job) -> None:
    """Run one reaction to one event."""
    event = Event.objects.select_related("shop").get(pk=job.payload["event"])
    name = job.payload["reaction"]
    reaction = next((one for one in _reactions[event.kind] if one.__name__ == name), None)
    if reaction is None:
        raise LookupError(f"No reaction {name!r} to {event.kind!r}")
    reaction(event)

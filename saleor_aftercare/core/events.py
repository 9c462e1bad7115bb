"""Publishing what happened, and finding out who reacts to it."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable
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


def publish(event: DomainEvent, *, shop: Shop, at: datetime, actor: Actor = SYSTEM) -> Event:
    """Write the event and one job per reaction, in the caller's transaction."""
    data: dict[str, Any] = dataclasses.asdict(event)
    row = Event(
        shop=shop,
        kind=event.kind,
        subject=event.subject,
        subject_id=data.pop("subject_id"),
        at=at,
        actor_kind=actor.kind,
        actor_name=actor.name,
        data=data,
    )
    values = {field.attname: getattr(row, field.attname) for field in Event._meta.concrete_fields}
    reactions = [reaction.__name__ for reaction in _reactions[event.kind]]
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, {**values, "data": json.dumps(data), "reactions": reactions})
        inserted(row, cursor.fetchone()[0])
    if reactions:
        wake_when_due(at)
    return row


#: One statement: whatever happens publishes. The jobs are new as the event is.
_PUBLISH = """
WITH event AS (
    INSERT INTO aftercare_event (shop_id, kind, subject, subject_id, at, actor_kind, actor_name, data)
    VALUES (%(shop_id)s, %(kind)s, %(subject)s, %(subject_id)s, %(at)s, %(actor_kind)s, %(actor_name)s, %(data)s)
    RETURNING id
), jobs AS (
    INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
    SELECT %(shop_id)s, 'core.react', concat('react:', event.id, ':', name),
      jsonb_build_object('event', event.id, 'reaction', name), %(at)s, 'pending', 0, ''
    FROM event, unnest(%(reactions)s::text[]) WITH ORDINALITY AS reaction (name, place) ORDER BY place
)
SELECT id FROM event
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

"""Publishing what happened, and finding out who reacts to it."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from .jobs import handles, schedule
from .models import ActorKind, Event, Job, Shop

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
    row = Event.objects.create(
        shop=shop,
        kind=event.kind,
        subject=event.subject,
        subject_id=data.pop("subject_id"),
        at=at,
        actor_kind=actor.kind,
        actor_name=actor.name,
        data=data,
    )
    for reaction in _reactions[event.kind]:
        schedule(
            "core.react",
            key=f"react:{row.pk}:{reaction.__name__}",
            shop=shop,
            due_at=at,
            payload={"event": row.pk, "reaction": reaction.__name__},
        )
    return row


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

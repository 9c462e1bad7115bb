"""Where a conversation stands, remembered, and brought back exactly: what taking back an action needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.inbox.events import TicketMoved
from saleor_aftercare.inbox.models import Ticket, TicketState
from saleor_aftercare.people.actions import mark_spam, unmark_spam

from .thread import actor_of, add_system, change, lock, name_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose turn it was, since when, and until when it was put off."""

    state: str
    since: datetime
    wake_at: datetime | None
    unread: bool

    def to_json(self) -> dict[str, Any]:
        """For a row; reading it gives the same."""
        wake_at = self.wake_at.isoformat() if self.wake_at else None
        return {"state": self.state, "since": self.since.isoformat(), "wake_at": wake_at, "unread": self.unread}

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> Self:
        """As it was remembered."""
        wake_at = datetime.fromisoformat(held["wake_at"]) if held["wake_at"] else None
        return cls(held["state"], datetime.fromisoformat(held["since"]), wake_at, held["unread"])


def standing_of(ticket: Ticket) -> Standing:
    """Where a conversation stands."""
    return Standing(str(ticket.state), ticket.state_since, ticket.wake_at, ticket.unread)


@transaction.atomic
def restore_standing(ticket: Ticket, before: Standing, *, at: datetime, staff: StaffMember | None) -> Ticket:
    """Let a conversation stand where it stood, whatever the workflow says about the way there.

    It is no move that somebody makes, but a move that was never made: nobody may have touched the conversation in
    between, which the caller has checked under the lock that it holds. A snooze that is over by now stays over.

    Raises Conflict when what it was cannot be any more.
    """
    locked = lock(ticket)
    wake_at = before.wake_at
    if before.state == TicketState.ON_HOLD and (wake_at is None or wake_at <= at):
        raise Conflict(_("It was put off until a moment that is over."))
    was = str(locked.state)
    if locked.person is not None and was == TicketState.SPAM != before.state:
        unmark_spam(locked.person)
    elif locked.person is not None and before.state == TicketState.SPAM != was:
        mark_spam(locked.person, at=at)
    change(locked, at=at, state=before.state, state_since=before.since, wake_at=wake_at, unread=before.unread)
    add_system(locked, "ticket.restored", {"by": name_of(staff), "from": was, "to": before.state}, source=None, at=at)
    event = TicketMoved(locked.pk, action="restore", before=was, after=before.state)
    publish(event, shop=locked.shop, at=at, actor=actor_of(staff))
    if wake_at is not None:
        schedule(
            "inbox.wake",
            key=f"ticket:{locked.pk}:wake:{wake_at.isoformat()}",
            shop=locked.shop,
            due_at=wake_at,
            payload={"ticket": locked.pk},
            again=True,
        )
    return locked


@transaction.atomic
def mark_unread(ticket: Ticket, *, at: datetime) -> Ticket:
    """Let it look as if nobody had opened it. Doing so twice changes nothing."""
    locked = lock(ticket)
    if not locked.unread:
        change(locked, at=at, unread=True)
    return locked

"""The moves that staff, rules and the clock make with a conversation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.events import TicketMoved
from saleor_aftercare.inbox.models import STAFF_ACTIONS, Ticket, TicketState
from saleor_aftercare.inbox.snooze import LONGEST
from saleor_aftercare.people.actions import mark_spam, unmark_spam

from .fields import check_may_solve
from .thread import actor_of, add_system, change, lock, name_of

#: Conversations that one run of the clock closes at most.
CLOSED_AT_ONCE: Final = 500


@transaction.atomic
def move_ticket(ticket: Ticket, action: str, *, at: datetime, staff: StaffMember | None) -> Ticket:
    """Make one of ``STAFF_ACTIONS``; ``staff`` is None for a rule.

    Marked as spam, whoever wrote it is marked too, unless we know them to be a customer: what they write from then on
    is spam from the start. "not_spam" takes that back.

    Raises:
        InvalidInput: ``action`` is none of these, or a field that the shop requires is empty ("fields.<key>").
        Conflict: the move is not legal now.
    """
    if action not in STAFF_ACTIONS:
        raise InvalidInput(_("Unknown action."), "action")
    locked = lock(ticket)
    if action == "solve":
        check_may_solve(locked)
    before = locked.state
    locked.move(action, at=at)
    if locked.person is not None and action == "spam":
        mark_spam(locked.person, at=at)
    elif locked.person is not None and action == "not_spam":
        unmark_spam(locked.person)
    change(locked, at=at, unread=locked.unread and locked.state != TicketState.SPAM)
    _tell(locked, action, before, at=at, staff=staff)
    return locked


@transaction.atomic
def snooze(ticket: Ticket, *, until: datetime, at: datetime, staff: StaffMember | None) -> Ticket:
    """Put a conversation off until a moment, or until the customer writes. Once more, it is put off to another moment.

    Raises InvalidInput("until") for the past and for more than a year, Conflict when nothing is left to put off.
    """
    if until <= at:
        raise InvalidInput(_("Choose a moment in the future."), "until")
    if until > at + LONGEST:
        raise InvalidInput(_("At most a year from now."), "until")
    locked = lock(ticket)
    before = locked.state
    locked.move("snooze", at=at, wake_at=until)
    change(locked, at=at, unread=False)
    _tell(locked, "snooze", before, at=at, staff=staff, until=until)
    schedule(
        "inbox.wake",
        # One job per moment: the one for a moment that was given up finds nothing to do.
        key=f"ticket:{locked.pk}:wake:{until.isoformat()}",
        shop=locked.shop,
        due_at=until,
        payload={"ticket": locked.pk},
        again=True,
    )
    return locked


@transaction.atomic
def wake_when_due(ticket: Ticket, *, at: datetime) -> bool:
    """The clock's part: a snooze is over, and the conversation is new news; False when there is none (any more)."""
    locked = lock(ticket)
    if locked.state != TicketState.ON_HOLD or locked.wake_at is None or locked.wake_at > at:
        return False
    before = locked.state
    locked.move("wake", at=at)
    change(locked, at=at, unread=True)
    add_system(locked, "ticket.woken", {}, source=None, at=at)
    publish(TicketMoved(locked.pk, action="wake", before=before, after=locked.state), shop=locked.shop, at=at)
    return True


def close_solved(shop: Shop, *, days: int, at: datetime) -> int:
    """Close for good what was solved more than ``days`` ago; returns how many, at most ``CLOSED_AT_ONCE``.

    Each in a transaction of its own: a customer who writes at this moment is heard, and reopens it.
    """
    rows = Ticket.objects.filter(shop=shop, state=TicketState.SOLVED, state_since__lt=at - timedelta(days=days))
    closed = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)[:CLOSED_AT_ONCE]):
        with transaction.atomic():
            due = rows.filter(pk=pk).first()
            locked = lock(due) if due is not None else None
            if locked is None or locked.state != TicketState.SOLVED:
                continue
            locked.move("close", at=at)
            change(locked, at=at)
            event = TicketMoved(locked.pk, action="close", before=TicketState.SOLVED, after=locked.state)
            publish(event, shop=shop, at=at)
            closed += 1
    return closed


def _tell(
    ticket: Ticket,
    action: str,
    before: str,
    *,
    at: datetime,
    staff: StaffMember | None,
    until: datetime | None = None,
) -> None:
    moment = until.isoformat() if until else None
    add_system(
        ticket,
        f"ticket.{action}",
        {"by": name_of(staff), "from": before, "to": ticket.state, **({"until": moment} if moment else {})},
        source=None,
        at=at,
    )
    event = TicketMoved(ticket.pk, action=action, before=before, after=ticket.state, until=moment)
    publish(event, shop=ticket.shop, at=at, actor=actor_of(staff))

"""What staff do with a ticket besides writing: assign it, move it, rename it, look at it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox.models import STAFF_ACTIONS, Ticket, TicketState

from .hearing import MAX_SUBJECT
from .thread import add_system, change, check_storable, lock


@transaction.atomic
def assign(ticket: Ticket, *, assignee: StaffMember | None, at: datetime, staff: StaffMember) -> Ticket:
    """Give a ticket to somebody of the same shop, or to nobody. Doing so twice changes nothing."""
    locked = lock(ticket)
    if assignee is not None and assignee.shop_id != locked.shop_id:
        raise InvalidInput(_("There is no such person."), "assigneeId")
    if locked.assignee_id == (assignee.pk if assignee else None):
        return locked
    change(locked, at=at, assignee_id=assignee.pk if assignee else None)
    add_system(
        locked,
        "ticket.assigned" if assignee else "ticket.unassigned",
        {"by": staff.display_name, "to": assignee.display_name if assignee else ""},
        source=None,
        at=at,
    )
    return locked


@transaction.atomic
def update(ticket: Ticket, *, action: str | None, subject: str | None, at: datetime, staff: StaffMember) -> Ticket:
    """Make a staff move (``STAFF_ACTIONS``), or give the ticket another subject.

    Raises InvalidInput("action" or "subject"), or Conflict when the move is not legal now.
    """
    locked = lock(ticket)
    if action is not None:
        if action not in STAFF_ACTIONS:
            raise InvalidInput(_("Unknown action."), "action")
        before = locked.state
        locked.move(action, at=at)
        change(locked, at=at, unread=locked.unread and locked.state != TicketState.SPAM)
        add_system(
            locked,
            f"ticket.{action}",
            {"by": staff.display_name, "from": before, "to": locked.state},
            source=None,
            at=at,
        )
    if subject is not None:
        subject = " ".join(subject.split())
        if not 1 <= len(subject) <= MAX_SUBJECT:
            raise InvalidInput(_("Between 1 and %(limit)d characters.") % {"limit": MAX_SUBJECT}, "subject")
        check_storable(subject, "subject")
        change(locked, at=at, subject=subject)
    return locked


@transaction.atomic
def mark_read(ticket: Ticket, *, at: datetime) -> Ticket:
    """Somebody of the team has looked. Doing so twice changes nothing."""
    locked = lock(ticket)
    if locked.unread:
        change(locked, at=at, unread=False)
    return locked

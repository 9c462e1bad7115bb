"""What staff do with a ticket besides writing: assign it, move it, rename it, look at it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import publish
from saleor_aftercare.inbox.events import TicketAssigned
from saleor_aftercare.inbox.models import Ticket

from .details import describe
from .states import move_ticket
from .thread import actor_of, add_system, change, lock, name_of


@transaction.atomic
def assign(ticket: Ticket, *, assignee: StaffMember | None, at: datetime, staff: StaffMember | None) -> Ticket:
    """Give a ticket to somebody of the same shop, or to nobody; ``staff`` is None for a rule. Doing so twice is one."""
    locked = lock(ticket)
    if assignee is not None and assignee.shop_id != locked.shop_id:
        raise InvalidInput(_("There is no such person."), "assigneeId")
    if locked.assignee_id == (assignee.pk if assignee else None):
        return locked
    before = locked.assignee_id
    change(locked, at=at, assignee_id=assignee.pk if assignee else None)
    add_system(
        locked,
        "ticket.assigned" if assignee else "ticket.unassigned",
        {"by": name_of(staff), "to": assignee.display_name if assignee else ""},
        source=None,
        at=at,
    )
    event = TicketAssigned(
        locked.pk, assignee=locked.assignee_id, before=before, by=staff.pk if staff is not None else None
    )
    publish(event, shop=locked.shop, at=at, actor=actor_of(staff))
    return locked


@transaction.atomic
def update(
    ticket: Ticket, *, action: str | None, subject: str | None, at: datetime, staff: StaffMember | None
) -> Ticket:
    """Make a staff move (``STAFF_ACTIONS``), or give the ticket another subject.

    Raises InvalidInput("action" or "subject"), or Conflict when the move is not legal now.
    """
    if action is not None:
        ticket = move_ticket(ticket, action, at=at, staff=staff)
    if subject is not None:
        ticket = describe(ticket, subject=subject, at=at, staff=staff)
    return ticket


@transaction.atomic
def mark_read(ticket: Ticket, *, at: datetime) -> Ticket:
    """Somebody of the team has looked. Doing so twice changes nothing."""
    locked = lock(ticket)
    if locked.unread:
        change(locked, at=at, unread=False)
    return locked

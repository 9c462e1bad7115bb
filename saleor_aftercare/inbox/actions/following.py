"""Staff come back to something that was over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketState

from .details import checked_subject
from .opening import open_ticket
from .thread import add_system, change, lock, name_of

_OVER: Final = frozenset({TicketState.SOLVED, TicketState.CLOSED})


@transaction.atomic
def follow_up(ticket: Ticket, *, subject: str, at: datetime, staff: StaffMember) -> Ticket:
    """Begin a conversation that goes on from one that is over, with the same customer and about the same order.

    It is ``staff``'s, and nothing has been said in it yet. Raises InvalidInput("subject"), and Conflict while the old
    one still goes on.
    """
    subject = checked_subject(subject)
    past = lock(ticket)
    if past.state not in _OVER:
        raise Conflict(_("This conversation still goes on: write in it."))
    fresh = open_ticket(
        past.shop,
        subject=subject,
        channel=TicketChannel.STAFF,
        language=past.language,
        customer_name=past.customer_name,
        customer_email=past.customer_email,
        user_id=past.customer_user_id,
        order=past.order,
        person=past.person,
        account=past.account,
        team_id=past.team_id,
        follows=past,
        by_shop=True,
        at=at,
    )
    change(fresh, at=at, assignee_id=staff.pk, unread=False)
    by = name_of(staff)
    add_system(fresh, "ticket.follows", {"by": by, "number": past.number}, source=None, at=at)
    add_system(past, "ticket.followed", {"by": by, "number": fresh.number}, source=None, at=at)
    return fresh

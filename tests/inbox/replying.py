"""Members of staff who answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from tests.make import HOUR, NOON

LATER = NOON + 2 * HOUR
TEN_S = timedelta(seconds=10)


def answer(ticket: Ticket, body: str = "Please try again.", *, staff: StaffMember, **values: Any) -> TicketMessage:
    seen = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    direct = {name: values.pop(name) for name in ("force", "attachments", "at") if name in values}
    given = {"last_seen_message_id": seen, "force": False, "attachments": (), "at": LATER} | direct
    return actions.reply(ticket, body=body, staff=staff, sending=actions.Sending(**values), **given)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def answered() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="ticket.staff_answered").order_by("pk").values_list("data", flat=True))

"""Conversations with deadlines: how they come about in tests, and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from saleor_aftercare.core import jobs
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions import opening, thread
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketMessage
from saleor_aftercare.inbox.sla import editing
from saleor_aftercare.inbox.sla import tasks as sla_tasks
from saleor_aftercare.inbox.sla.models import SlaClock, SlaPolicy
from tests.make import NOON

MINUTE = timedelta(minutes=1)
#: Monday to Friday, nine to five, an hour's lunch.
OFFICE: dict[str, Any] = {
    "time_zone": "Asia/Tokyo",
    "hours": {
        day: [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}]
        for day in ("mon", "tue", "wed", "thu", "fri")
    },
    "holidays": {"country": "JP"},
}
#: Friday before a Japanese bank holiday, 16:00 in Tokyo.
FRIDAY = datetime(2025, 7, 18, 7, 0, tzinfo=UTC)


def save_calendar(shop: Shop, document: dict[str, Any] = OFFICE, **values: Any) -> Any:
    given_values = {
        "pk": None,
        "version": 0,
        "name": "Office",
        "is_default": True,
        "at": NOON,
        "actor": SYSTEM,
    } | values
    return editing.save_calendar(shop, document=document, **given_values)


def save_policy(shop: Shop, targets: dict[str, Any], when: dict[str, Any] | None = None, **values: Any) -> SlaPolicy:
    document: dict[str, Any] = {"targets": targets} | ({"when": when} if when else {})
    given_values = {"key": None, "version": 0, "name": "All", "calendar_pk": None, "at": NOON, "actor": SYSTEM} | values
    return editing.save_policy(shop, document=document, **given_values)


def write(shop: Shop, at: datetime, **values: Any) -> Ticket:
    """A customer's new conversation."""
    ticket = opening.open_ticket(
        shop,
        **{
            "subject": "Grinder",
            "channel": TicketChannel.EMAIL,
            "language": "en",
            "customer_name": "Ada",
            "customer_email": "ada@customer.test",
            "user_id": "",
            "order": None,
            "at": at,
        }
        | values,
    )
    hear(ticket, at)
    return fresh(ticket)


def hear(ticket: Ticket, at: datetime) -> TicketMessage:
    return actions.receive_message(
        ticket,
        body="It does not grind.",
        author_name="Ada",
        author_email="ada@customer.test",
        attachments=(),
        source=None,
        at=at,
    )


def say(ticket: Ticket, at: datetime, *, automatic: bool = False) -> TicketMessage:
    """Somebody, or something, of the shop answers."""
    locked = thread.lock(ticket)
    message = thread.add(
        locked,
        MessageKind.STAFF,
        "Please try again.",
        "Mei",
        "",
        attachments=(),
        source=None,
        at=at,
        is_automatic=automatic,
    )
    if not automatic:
        locked.move("answer", at=at)
    thread.set_newest(locked, message, at=at)
    return message


def move(ticket: Ticket, action: str, at: datetime, **columns: Any) -> None:
    locked = thread.lock(ticket)
    locked.move(action, at=at)
    thread.change(locked, at=at, **columns)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("shop").get(pk=ticket.pk)


def clock(ticket: Ticket, target: str = "first_response") -> SlaClock:
    return SlaClock.objects.get(ticket=ticket, target=target)


def state_of(ticket: Ticket) -> list[Any]:
    columns = ("target", "policy", "state", "started_at", "due_at", "warn_at", "stopped_at")
    dates = Ticket.objects.filter(pk=ticket.pk).values_list("due_at", "breach_at").get()
    return [dates, *SlaClock.objects.filter(ticket=ticket).order_by("target").values_list(*columns)]


def told(kind: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind=kind).order_by("pk").values_list("data", flat=True))


def watch(at: datetime) -> None:
    """What beat does, at this moment."""
    sla_tasks.watch_all(at=at)
    jobs.run_due()

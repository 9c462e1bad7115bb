"""Lines that nobody wrote: the story of a case, told in its conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import (
    ACTIVE_STATES,
    CaseKind,
    MessageKind,
    Ticket,
    TicketLink,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.inbox.sla.events import EventKind

from .thread import add_system, change, lock, lock_heir

#: A closed conversation stays closed, and spam is no conversation.
_WAKEABLE = frozenset({*ACTIVE_STATES, TicketState.SOLVED})


def add_system_line(
    shop: Shop,
    case: CaseKind,
    case_id: int,
    *,
    event: str,
    data: dict[str, Any],
    source: str,
    at: datetime,
    decided: bool = False,
    urgent: bool = False,
) -> TicketMessage | None:
    """One line about something that happened to a case, in its ticket; None when the case has none.

    Idempotent by ``source``. It makes the ticket neither unread nor newer: nobody waits for an answer to it.
    ``decided`` says that a person decided the case and the customer is told by mail: that answers the request, so
    that nothing is due any more, unless the customer wrote something else that nobody has answered. ``urgent`` says
    the opposite: somebody of the shop has to act now, so the ticket is open, unread and due.
    """
    with transaction.atomic():
        link = TicketLink.objects.filter(shop=shop, kind=case, case_id=case_id).first()
        if link is None:
            return None
        locked = lock(link.ticket)
        if known := TicketMessage.objects.filter(shop=shop, source=source).first():
            return known
        if decided and not _asked_something_else(locked, case, case_id):
            sla.note(locked, EventKind.STAFF_REPLY, at=at, data={"decided": f"{case.value}:{case_id}"})
            locked.move("answer", at=at)
            change(locked, at=at, unread=False)
        if urgent:
            _call_for_staff(locked, at=at)
        return add_system(locked, event, data, source=source, at=at)


def _call_for_staff(ticket: Ticket, *, at: datetime) -> None:
    """Somebody of the shop has to act now: the conversation is open, unread and due."""
    if ticket.state not in _WAKEABLE:
        return
    if ticket.state not in {TicketState.NEW, TicketState.OPEN}:
        ticket.move("reopen", at=at)
    sla.note(ticket, EventKind.NEEDS_STAFF, at=at)
    change(ticket, at=at, unread=True)


def _asked_something_else(ticket: Ticket, case: CaseKind, case_id: int) -> bool:
    """Whether more than the case's own request waits for an answer, or nothing does."""
    if ticket.state not in {TicketState.NEW, TicketState.OPEN}:
        return True
    own = f"{case.value}:{case_id}"
    written = ticket.messages.filter(kind=MessageKind.CUSTOMER)
    return any(source != own for source in written.values_list("source", flat=True))


def add_line(
    ticket: Ticket, *, event: str, data: dict[str, Any], source: str, at: datetime, urgent: bool = False
) -> TicketMessage:
    """One line about something that happened to the conversation itself; idempotent by ``source``.

    ``urgent`` as in :func:`add_system_line`.
    """
    with transaction.atomic():
        locked = lock_heir(ticket)
        if known := TicketMessage.objects.filter(shop=locked.shop, source=source).first():
            return known
        if urgent:
            _call_for_staff(locked, at=at)
        return add_system(locked, event, data, source=source, at=at)


@transaction.atomic
def note_case_changed(shop: Shop, case: CaseKind, case_id: int, *, at: datetime) -> None:
    """Let open inboxes show a case anew."""
    Ticket.objects.filter(shop=shop, links__kind=case, links__case_id=case_id).update(
        updated_at=at,
        revision=revision(),
    )

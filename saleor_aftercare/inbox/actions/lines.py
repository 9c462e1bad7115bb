"""Lines that nobody wrote: the story of a case, told in its conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import CaseKind, Ticket, TicketLink, TicketMessage

from .thread import add_system, lock, revision


def add_system_line(
    shop: Shop, case: CaseKind, case_id: int, *, event: str, data: dict[str, Any], source: str, at: datetime
) -> TicketMessage | None:
    """One line about something that happened to a case, in its ticket; None when the case has none.

    Idempotent by ``source``. It makes the ticket neither unread nor newer: nobody waits for an answer to it.
    """
    with transaction.atomic():
        link = TicketLink.objects.filter(shop=shop, kind=case, case_id=case_id).first()
        if link is None:
            return None
        locked = lock(link.ticket)
        if known := TicketMessage.objects.filter(shop=shop, source=source).first():
            return known
        return add_system(locked, event, data, source=source, at=at)


def add_line(ticket: Ticket, *, event: str, data: dict[str, Any], source: str, at: datetime) -> TicketMessage:
    """One line about something that happened to the conversation itself; idempotent by ``source``."""
    with transaction.atomic():
        locked = lock(ticket)
        if known := TicketMessage.objects.filter(shop=locked.shop, source=source).first():
            return known
        return add_system(locked, event, data, source=source, at=at)


@transaction.atomic
def note_case_changed(shop: Shop, case: CaseKind, case_id: int, *, at: datetime) -> None:
    """Let open inboxes show a case anew."""
    Ticket.objects.filter(shop=shop, links__kind=case, links__case_id=case_id).update(
        updated_at=at,
        revision=revision(),
    )

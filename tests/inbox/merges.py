"""Conversations that begin, become one and part again, and a picture of all that this may touch."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.channels.models import ChatSession
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import (
    MessageKind,
    ReplyDraft,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMerge,
    TicketMessage,
    TicketTag,
)
from saleor_aftercare.inbox.sla.models import SlaClock, SlaEvent
from saleor_aftercare.people.models import IdentityKind
from tests.make import HOUR, NOON

LATER = NOON + 2 * HOUR
ADA = "ada@customer.test"


def begin(shop: Shop, body: str, *, at: Any = NOON, email: str = ADA) -> Ticket:
    """A conversation as it really begins."""
    heard = actions.hear(
        shop,
        actions.Said(
            source=f"{email}:{body}",
            channel=TicketChannel.EMAIL,
            sender=actions.Sender(IdentityKind.EMAIL, email, name="Ada"),
            email=email,
            subject=body,
            body=body,
            at=at,
        ),
    )
    return heard.ticket


def merge(kept: Ticket, other: Ticket, **given: Any) -> TicketMerge:
    return actions.merge_tickets(kept, other, **({"at": LATER, "staff": None} | given))


def undo(done: TicketMerge, **given: Any) -> TicketMerge:
    return actions.undo_merge(done, **({"at": LATER, "staff": None} | given))


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def bodies(ticket: Ticket) -> list[str]:
    return list(ticket.messages.exclude(kind=MessageKind.SYSTEM).order_by("pk").values_list("body", flat=True))


_KEPT_COLUMNS = (
    *("pk", "state", "subject", "priority", "order", "person", "assignee", "team", "fields", "wake_at", "merged_into"),
    *("customer_email", "due_at", "breach_at", "last_message_at", "last_message_kind", "last_message_preview"),
)


def picture(shop: Shop) -> dict[str, Any]:
    """Everything that a merge may touch, without the lines that tell of it."""
    return {
        "tickets": list(Ticket.objects.filter(shop=shop).order_by("pk").values(*_KEPT_COLUMNS)),
        "messages": list(
            TicketMessage.objects.filter(shop=shop)
            .exclude(kind=MessageKind.SYSTEM)
            .order_by("pk")
            .values("pk", "ticket", "source", "body", "kind")
        ),
        "links": list(TicketLink.objects.filter(shop=shop).order_by("pk").values()),
        "tags": sorted(TicketTag.objects.filter(ticket__shop=shop).values_list("ticket", "tag")),
        "drafts": list(ReplyDraft.objects.filter(shop=shop).order_by("pk").values("pk", "ticket", "body")),
        "chats": list(ChatSession.objects.filter(shop=shop).order_by("pk").values_list("pk", "ticket_id")),
        "clocks": sorted(
            SlaClock.objects.filter(ticket__shop=shop).values_list("ticket", "target", "started_at", "due_at")
        ),
        "log": list(
            SlaEvent.objects.filter(shop=shop, message__isnull=False).order_by("pk").values_list("pk", "ticket")
        ),
    }

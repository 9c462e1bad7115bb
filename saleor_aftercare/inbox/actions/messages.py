"""People write: the customer to the shop, staff to the customer, and staff to each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import StaleThread
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose

from .thread import add, checked_body, lock, set_newest

HISTORY_IN_MAIL = 3


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    body: str,
    last_seen_message_id: int,
    force: bool,
    attachments: Sequence[StoredFile],
    solve: bool,
    at: datetime,
    staff: StaffMember,
) -> TicketMessage:
    """Answer the customer by mail.

    Raises:
        InvalidInput("body"): empty or endless.
        StaleThread: somebody wrote something since ``last_seen_message_id``, unless ``force``.
        Conflict: the ticket is closed, or marked as spam.
    """
    body = checked_body(body)
    locked = lock(ticket)
    unseen = locked.messages.filter(pk__gt=last_seen_message_id).exclude(kind=MessageKind.SYSTEM).count()
    if unseen and not force:
        raise StaleThread(_("There are %(count)d new messages in this conversation.") % {"count": unseen})
    history = [
        {"author": m.author_name or m.author_email, "at": m.created_at, "body": m.body}
        for m in locked.messages.filter(kind__in=[MessageKind.CUSTOMER, MessageKind.STAFF]).order_by("-pk")[
            :HISTORY_IN_MAIL
        ]
    ]
    message = add(
        locked, MessageKind.STAFF, body, staff.display_name, staff.email, attachments=attachments, source=None, at=at
    )
    message.outbound = letters.write(
        shop=locked.shop,
        kind="inbox/reply",
        key=f"ticket-message:{message.pk}",
        to_email=locked.customer_email,
        to_name=locked.customer_name,
        language=locked.language,
        context={
            "ticket_number": locked.number,
            "subject": locked.subject,
            "body": body,
            "author_name": staff.display_name,
            "history": history,
        },
        subject=("ticket", locked.pk),
        attachments=attachments,
        purpose=Purpose.CONVERSATION,
        headers=_threading(locked),
        at=at,
    )
    message.save(update_fields=["outbound"])
    locked.move("answer", at=at)
    if solve:
        locked.move("solve", at=at)
    # Who answers takes the conversation, unless somebody has it.
    set_newest(locked, message, at=at, unread=False, assignee_id=locked.assignee_id or staff.pk)
    return message


def _threading(ticket: Ticket) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322, 3.6.4) over the letters of this conversation."""
    sent = list(
        TicketMessage.objects.filter(ticket=ticket, outbound__isnull=False)
        .order_by("-pk")
        .values_list("outbound__message_id", flat=True)[:10]
    )
    if not sent:
        return {}
    return {"In-Reply-To": sent[0], "References": " ".join(reversed(sent))}


@transaction.atomic
def add_note(ticket: Ticket, *, body: str, at: datetime, staff: StaffMember) -> TicketMessage:
    """Write something that never leaves the shop. Raises InvalidInput("body")."""
    body = checked_body(body)
    locked = lock(ticket)
    message = add(locked, MessageKind.NOTE, body, staff.display_name, staff.email, attachments=(), source=None, at=at)
    set_newest(locked, message, at=at, unread=locked.unread)
    return message

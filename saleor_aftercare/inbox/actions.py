"""What happens in the inbox: people write, staff answer, assign and close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, ShopSettings, StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput, StaleThread
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose

from .models import (
    ACTIVE_STATES,
    STAFF_ACTIONS,
    CaseKind,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMessage,
    TicketState,
)

MAX_BODY = 50_000
MAX_SUBJECT = 300
HISTORY_IN_MAIL = 3

#: The writing transaction's own number: a poll that remembers the oldest transaction still under way misses nothing
#: and repeats little, however transactions overlap. See ``queries.changes_since``.
_REVISION = "pg_current_xact_id()::text::bigint"


def open_case_ticket(
    shop: Shop,
    *,
    case: CaseKind,
    case_id: int,
    order: Order | None,
    subject: str,
    customer_name: str,
    customer_email: str,
    user_id: str,
    language: str,
    channel: TicketChannel,
    body: str,
    attachments: Sequence[StoredFile],
    source: str,
    at: datetime,
) -> Ticket:
    """The ticket of a case: the customer's running conversation about the same order, else a new one.

    Idempotent by ``(case, case_id)``. ``body`` is what the customer wrote with the case; empty for nothing.
    """
    with transaction.atomic():
        # One conversation at a time is opened for a customer: two cases at once must find each other.
        Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
        link = TicketLink.objects.filter(shop=shop, kind=case, case_id=case_id).select_related("ticket__shop").first()
        if link is not None:
            return link.ticket
        ticket = _running_conversation(order) if order is not None else None
        if ticket is None:
            ticket = _open_ticket(
                shop,
                subject=subject,
                channel=channel,
                language=language,
                customer_name=customer_name,
                customer_email=customer_email,
                user_id=user_id,
                order=order,
                at=at,
            )
        TicketLink.objects.create(shop=shop, ticket=ticket, kind=case, case_id=case_id)
        if body.strip():
            receive_message(
                ticket,
                body=body,
                author_name=customer_name,
                author_email=customer_email,
                attachments=attachments,
                source=source,
                at=at,
            )
    return ticket


def message_about_order(
    order: Order, *, body: str, attachments: Sequence[StoredFile], channel: TicketChannel, at: datetime
) -> TicketMessage:
    """A customer writes about an order: joins the running conversation, or opens one.

    Raises InvalidInput("body") for an empty or endless text.
    """
    _checked_body(body)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(pk=order.shop_id)
        ticket = _running_conversation(order) or _open_ticket(
            order.shop,
            subject=_("Order %(number)s") % {"number": order.number},
            channel=channel,
            language=order.language,
            customer_name=order.customer_name,
            customer_email=order.email,
            user_id=order.user_id,
            order=order,
            at=at,
        )
        return receive_message(
            ticket,
            body=body,
            author_name=order.customer_name,
            author_email=order.email,
            attachments=attachments,
            source=None,
            at=at,
        )


def _running_conversation(order: Order) -> Ticket | None:
    return (
        Ticket.objects.select_related("shop")
        .filter(order=order, state__in=[*ACTIVE_STATES, TicketState.SOLVED])
        .order_by("-last_message_at", "-pk")
        .first()
    )


def _open_ticket(
    shop: Shop,
    *,
    subject: str,
    channel: TicketChannel,
    language: str,
    customer_name: str,
    customer_email: str,
    user_id: str,
    order: Order | None,
    at: datetime,
) -> Ticket:
    return Ticket.objects.create(
        shop=shop,
        number=next_number(shop, "ticket"),
        subject=" ".join(subject.split())[:MAX_SUBJECT],
        state=TicketState.NEW,
        state_since=at,
        channel=channel,
        language=language,
        customer_name=customer_name[:300],
        customer_email=customer_email.lower()[:254],
        customer_user_id=user_id,
        order=order,
        created_at=at,
        updated_at=at,
        revision=RawSQL(_REVISION, ()),  # noqa: S611  no parameter of anybody's
        last_message_at=at,
        last_message_kind=MessageKind.SYSTEM,
        due_at=at + _answer_within(shop),
    )


def _answer_within(shop: Shop) -> timedelta:
    hours = ShopSettings.objects.values_list("answer_within_hours", flat=True).get(shop=shop)
    return timedelta(hours=hours)


@transaction.atomic
def receive_message(
    ticket: Ticket,
    *,
    body: str,
    author_name: str,
    author_email: str,
    attachments: Sequence[StoredFile],
    source: str | None,
    at: datetime,
) -> TicketMessage:
    """The customer said something: the ticket is unread, reopened where it was solved, and an answer is due.

    ``source`` is what the message came from, unique in the shop: a second call with it returns the first message.
    Raises InvalidInput("body"), or Conflict when the ticket is closed for good.
    """
    body = _checked_body(body)
    locked = _lock(ticket)
    if source and (known := TicketMessage.objects.filter(shop=locked.shop, source=source).first()):
        return known
    message = _add(
        locked, MessageKind.CUSTOMER, body, author_name, author_email, attachments=attachments, source=source, at=at
    )
    spam = locked.state == TicketState.SPAM
    locked.move("hear", at=at)
    _newest(
        locked,
        message,
        at=at,
        unread=not spam,
        due_at=None if spam else locked.due_at or at + _answer_within(locked.shop),
    )
    return message


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
    body = _checked_body(body)
    locked = _lock(ticket)
    unseen = locked.messages.filter(pk__gt=last_seen_message_id).exclude(kind=MessageKind.SYSTEM).count()
    if unseen and not force:
        raise StaleThread(_("There are %(count)d new messages in this conversation.") % {"count": unseen})
    history = [
        {"author": m.author_name or m.author_email, "at": m.created_at, "body": m.body}
        for m in locked.messages.filter(kind__in=[MessageKind.CUSTOMER, MessageKind.STAFF]).order_by("-pk")[
            :HISTORY_IN_MAIL
        ]
    ]
    message = _add(
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
    _newest(locked, message, at=at, unread=False, due_at=None, assignee_id=locked.assignee_id or staff.pk)
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
    body = _checked_body(body)
    locked = _lock(ticket)
    message = _add(locked, MessageKind.NOTE, body, staff.display_name, staff.email, attachments=(), source=None, at=at)
    _newest(locked, message, at=at, unread=locked.unread, due_at=locked.due_at)
    return message


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
        locked = _lock(link.ticket)
        if known := TicketMessage.objects.filter(shop=shop, source=source).first():
            return known
        return _system(locked, event, data, source=source, at=at)


def add_line(ticket: Ticket, *, event: str, data: dict[str, Any], source: str, at: datetime) -> TicketMessage:
    """One line about something that happened to the conversation itself; idempotent by ``source``."""
    with transaction.atomic():
        locked = _lock(ticket)
        if known := TicketMessage.objects.filter(shop=locked.shop, source=source).first():
            return known
        return _system(locked, event, data, source=source, at=at)


@transaction.atomic
def assign(ticket: Ticket, *, assignee: StaffMember | None, at: datetime, staff: StaffMember) -> Ticket:
    """Give a ticket to somebody of the same shop, or to nobody. Doing so twice changes nothing."""
    locked = _lock(ticket)
    if assignee is not None and assignee.shop_id != locked.shop_id:
        raise InvalidInput(_("There is no such person."), "assigneeId")
    if locked.assignee_id == (assignee.pk if assignee else None):
        return locked
    _change(locked, at=at, assignee_id=assignee.pk if assignee else None)
    _system(
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
    locked = _lock(ticket)
    if action is not None:
        if action not in STAFF_ACTIONS:
            raise InvalidInput(_("Unknown action."), "action")
        before = locked.state
        locked.move(action, at=at)
        due_at = locked.due_at if locked.state in {TicketState.NEW, TicketState.OPEN} else None
        _change(locked, at=at, due_at=due_at, unread=locked.unread and locked.state != TicketState.SPAM)
        _system(
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
        _change(locked, at=at, subject=subject)
    return locked


@transaction.atomic
def mark_read(ticket: Ticket, *, at: datetime) -> Ticket:
    """Somebody of the team has looked. Doing so twice changes nothing."""
    locked = _lock(ticket)
    if locked.unread:
        _change(locked, at=at, unread=False)
    return locked


@transaction.atomic
def note_case_changed(shop: Shop, case: CaseKind, case_id: int, *, at: datetime) -> None:
    """Let open inboxes show a case anew."""
    Ticket.objects.filter(shop=shop, links__kind=case, links__case_id=case_id).update(
        updated_at=at,
        revision=RawSQL(_REVISION, ()),  # noqa: S611
    )


# -- inside --------------------------------------------------------------------------------------------------------


def _lock(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).select_related("shop").get(pk=ticket.pk)


def _checked_body(body: str) -> str:
    text = body.strip()
    if not text:
        raise InvalidInput(_("Please write something."), "body")
    if len(text) > MAX_BODY:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_BODY}, "body")
    if "\0" in text:
        raise InvalidInput(_("The text contains characters that cannot be stored."), "body")
    return text


def _add(
    ticket: Ticket,
    kind: MessageKind,
    body: str,
    author_name: str,
    author_email: str,
    *,
    attachments: Sequence[StoredFile],
    source: str | None,
    at: datetime,
) -> TicketMessage:
    if ticket.state == TicketState.CLOSED and kind != MessageKind.NOTE:
        raise Conflict(_("This conversation is closed."))
    message = TicketMessage.objects.create(
        shop=ticket.shop,
        ticket=ticket,
        kind=kind,
        author_name=author_name[:300],
        author_email=author_email[:254],
        body=body,
        language=ticket.language,
        source=source,
        created_at=at,
    )
    if attachments:
        message.attachments.set(attachments)
    return message


def _system(ticket: Ticket, event: str, data: dict[str, Any], *, source: str | None, at: datetime) -> TicketMessage:
    message = TicketMessage.objects.create(
        shop=ticket.shop,
        ticket=ticket,
        kind=MessageKind.SYSTEM,
        body="",
        language=ticket.language,
        event=event,
        event_data=data,
        source=source,
        created_at=at,
    )
    _change(ticket, at=at, last_message_id=message.pk)
    return message


def _newest(ticket: Ticket, message: TicketMessage, *, at: datetime, **changes: Any) -> None:
    _change(
        ticket,
        at=at,
        last_message_at=at,
        last_message_id=message.pk,
        last_message_kind=message.kind,
        last_message_preview=" ".join(message.body.split())[:200],
        **changes,
    )


def _change(ticket: Ticket, *, at: datetime, **changes: Any) -> None:
    """Write columns of a locked ticket, and let every open inbox know."""
    Ticket.objects.filter(pk=ticket.pk).update(
        **changes,
        updated_at=at,
        revision=RawSQL(_REVISION, ()),  # noqa: S611
    )
    for name, value in changes.items():
        setattr(ticket, name, value)

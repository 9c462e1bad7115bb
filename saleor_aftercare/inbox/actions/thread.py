"""What every verb of the inbox does to a thread: lock it, write into it, and let every open inbox know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor
from saleor_aftercare.core.models import ActorKind, StoredFile
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.inbox.search.entries import note_line, write_entry
from saleor_aftercare.inbox.sla import actions as sla

MAX_BODY = 50_000


def lock(ticket: Ticket) -> Ticket:
    """The ticket as it is now, held by this transaction."""
    rows = Ticket.objects.select_for_update(of=("self",))
    if Ticket.shop.is_cached(ticket):
        locked = rows.get(pk=ticket.pk)
        locked.shop = ticket.shop
    else:
        locked = rows.select_related("shop").get(pk=ticket.pk)
    sla.look(locked)
    return locked


def lock_heir(ticket: Ticket) -> Ticket:
    """The conversation that this one goes on in, as it is now: itself, or the one that it was merged into."""
    while True:
        # Without locking what was merged long ago: whoever takes a merge back locks both in another order.
        while ticket.state == TicketState.MERGED and ticket.merged_into is not None:
            ticket = ticket.merged_into
        ticket = lock(ticket)
        if ticket.state != TicketState.MERGED:
            return ticket


def lock_all(*keys: int) -> list[Ticket]:
    """Several tickets as they are now, in the order of ``keys``; held in one order, so that nobody waits in a ring."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("shop").filter(pk__in=keys).order_by("pk")
    held = {row.pk: row for row in rows}
    for row in held.values():
        sla.look(row)
    return [held[key] for key in keys]


def actor_of(staff: StaffMember | None) -> Actor:
    """Who did it, for events; None is a machine of ours."""
    return SYSTEM if staff is None else Actor(ActorKind.STAFF, staff.display_name, staff.pk)


def name_of(staff: StaffMember | None) -> str:
    """Who did it, for the lines of a thread."""
    return "Aftercare" if staff is None else staff.display_name


def checked_body(body: str) -> str:
    """What somebody wrote, without the white space around it; raises InvalidInput("body")."""
    text = body.strip()
    if not text:
        raise InvalidInput(_("Please write something."), "body")
    if len(text) > MAX_BODY:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_BODY}, "body")
    check_storable(text, "body")
    return text


def check_goes_on_here(ticket: Ticket) -> None:
    """Refuse to write into what goes on elsewhere; raises Conflict."""
    if ticket.state == TicketState.MERGED and ticket.merged_into is not None:
        raise Conflict(_("This conversation goes on in #%(number)d.") % {"number": ticket.merged_into.number})


def check_storable(text: str, field: str) -> None:
    """Refuse what no database can hold."""
    if not is_storable(text):
        raise InvalidInput(_("The text contains characters that cannot be stored."), field)


def add(
    ticket: Ticket,
    kind: MessageKind,
    body: str,
    author_name: str,
    author_email: str,
    *,
    attachments: Sequence[StoredFile],
    source: str | None,
    at: datetime,
    is_automatic: bool = False,
    **columns: Any,
) -> TicketMessage:
    """One more message of somebody; raises Conflict when nothing is said here any more (machines may still)."""
    if ticket.state == TicketState.CLOSED and kind != MessageKind.NOTE and not is_automatic:
        raise Conflict(_("This conversation is closed."))
    check_goes_on_here(ticket)
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
        is_automatic=is_automatic,
        **columns,
    )
    if attachments:
        message.attachments.add(*attachments)
    write_entry(message, files=[file.name for file in attachments])
    sla.note_message(ticket, message)
    return message


def add_system(ticket: Ticket, event: str, data: dict[str, Any], *, source: str | None, at: datetime) -> TicketMessage:
    """One more line that nobody wrote."""
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
    note_line(message)
    change(ticket, at=at, last_message_id=message.pk)
    return message


def set_newest(ticket: Ticket, message: TicketMessage, *, at: datetime, **changes: Any) -> None:
    """Make ``message`` the one that lists show."""
    change(
        ticket,
        at=at,
        last_message_at=at,
        last_message_id=message.pk,
        last_message_kind=message.kind,
        last_message_preview=" ".join(message.body.split())[:200],
        **changes,
    )


def change(ticket: Ticket, *, at: datetime, **changes: Any) -> None:
    """Write columns of a locked ticket, and let every open inbox know.

    Every verb ends with this: what is due follows from how the ticket stands now. See ``inbox.sla.actions.follow``.
    """
    for name, value in changes.items():
        setattr(ticket, name, value)
    Ticket.objects.filter(pk=ticket.pk).update(
        **(changes | sla.follow(ticket, at=at)),
        updated_at=at,
        revision=revision(),
    )

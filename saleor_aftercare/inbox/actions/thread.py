"""What every verb of the inbox does to a thread: lock it, write into it, and let every open inbox know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor
from saleor_aftercare.core.models import ActorKind, Shop, StoredFile
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.inbox.search.entries import note_line, write_entries
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
        ticket = lock(_known_heir(ticket))
        if ticket.state != TicketState.MERGED:
            return ticket


def lock_heirs(tickets: Sequence[Ticket], *, shop: Shop) -> list[Ticket]:
    """As :func:`lock_heir` for each, of one shop; held in one order, so that nobody waits in a ring."""
    if len(tickets) == 1:
        return [lock_heir(tickets[0])]
    heirs = [_known_heir(ticket).pk for ticket in tickets]
    held: dict[int, Ticket] = {}
    for row in Ticket.objects.select_for_update(of=("self",)).filter(shop=shop, pk__in=heirs).order_by("pk"):
        row.shop = shop
        sla.look(row)
        held[row.pk] = row
    # One that was merged just now goes on elsewhere.
    return [lock_heir(held[pk]) if held[pk].state == TicketState.MERGED else held[pk] for pk in heirs]


def _known_heir(ticket: Ticket) -> Ticket:
    """Without locking what was merged long ago: whoever takes a merge back locks both in another order."""
    while ticket.state == TicketState.MERGED and ticket.merged_into is not None:
        ticket = ticket.merged_into
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
    message = new_message(
        ticket, kind, body, author_name, author_email, source=source, at=at, is_automatic=is_automatic, **columns
    )
    add_all([(message, attachments)])
    return message


def new_message(
    ticket: Ticket,
    kind: MessageKind,
    body: str,
    author_name: str,
    author_email: str,
    *,
    source: str | None,
    at: datetime,
    is_automatic: bool = False,
    **columns: Any,
) -> TicketMessage:
    """What :func:`add_all` adds to a locked ticket; raises as :func:`add`."""
    if ticket.state == TicketState.CLOSED and kind != MessageKind.NOTE and not is_automatic:
        raise Conflict(_("This conversation is closed."))
    check_goes_on_here(ticket)
    return TicketMessage(
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


def add_all(new: Sequence[tuple[TicketMessage, Sequence[StoredFile]]]) -> None:
    """Write messages with their files, found and heard by the clocks; as many statements for all as for one."""
    messages = [message for message, _files in new]
    TicketMessage.objects.bulk_create(messages)
    through = TicketMessage.attachments.through
    attached = [
        through(ticketmessage_id=message.pk, storedfile_id=pk)
        for message, files in new
        for pk in dict.fromkeys(file.pk for file in files)
    ]
    if attached:
        through.objects.bulk_create(attached)
    write_entries(messages, files={message.pk: [file.name for file in files] for message, files in new})
    for message in messages:
        sla.note_message(message.ticket, message)


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
    change(ticket, at=at, **newest(message, at=at), **changes)


def newest(message: TicketMessage, *, at: datetime) -> dict[str, Any]:
    """The columns of a ticket whose lists show ``message``."""
    return {
        "last_message_at": at,
        "last_message_id": message.pk,
        "last_message_kind": message.kind,
        "last_message_preview": " ".join(message.body.split())[:200],
    }


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


@dataclass(frozen=True, slots=True)
class Change:
    """Columns of a locked ticket, and the moment of which they are true."""

    ticket: Ticket
    at: datetime
    columns: Mapping[str, Any]


def change_all(changes: Sequence[Change], *, shop: Shop) -> None:
    """As :func:`change` for several tickets of a shop; as many statements for all as for one with the same columns."""
    for one in changes:
        for name, value in one.columns.items():
            setattr(one.ticket, name, value)
    sla.follow_all([(one.ticket, one.at) for one in changes], shop=shop)
    alike: dict[tuple[str, ...], list[Change]] = {}
    for one in changes:
        alike.setdefault(tuple(sorted(one.columns)), []).append(one)
    for names, group in alike.items():
        written = ("id", *names, "due_at", "breach_at")
        columns = [[getattr(one.ticket, name) for one in group] for name in written]
        with connection.cursor() as cursor:
            cursor.execute(_change_statement(written), [*columns, [one.at for one in group], shop.pk])


@lru_cache(maxsize=64)
def _change_statement(names: tuple[str, ...]) -> str:
    """Writes columns of any number of tickets: arrays in the order of ``names``, and one of ``updated_at``."""
    names = (*names, "updated_at")
    # Without their lengths: a cast would cut in silence what the column refuses.
    types = [str(Ticket._meta.get_field(name).db_type(connection)).partition("(")[0] for name in names]
    arrays = ", ".join(f"%s::{one}[]" for one in types)
    new = ", ".join(f"{name} = new.{name}" for name in names if name != "id")
    return (
        f"UPDATE aftercare_ticket AS ticket SET {new}, revision = pg_current_xact_id()::text::bigint"  # noqa: S608
        f" FROM unnest({arrays}) AS new ({', '.join(names)}) WHERE ticket.id = new.id AND ticket.shop_id = %s"
    )

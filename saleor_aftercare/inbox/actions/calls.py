"""Calls in conversations: who called whom, whether anybody talked, and what was said as a note."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_aftercare.channels import calls
from saleor_aftercare.channels.models import Call, CallOutcome
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.phones import national
from saleor_aftercare.core.texts import paragraphs
from saleor_aftercare.inbox.events import StaffAnswered
from saleor_aftercare.inbox.models import ACTIVE_STATES, MessageKind, Ticket, TicketChannel, TicketMessage, TicketState
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.inbox.sla.events import EventKind
from saleor_aftercare.people.models import IdentityKind, Person

from .hearing import Extras, Said, Sender, hear
from .opening import open_ticket
from .thread import MAX_BODY, actor_of, add, add_system, change, lock, set_newest


@transaction.atomic
def log_call(
    shop: Shop,
    *,
    ticket: Ticket | None,
    person: Person | None,
    is_inbound: bool,
    number: str,
    outcome: str,
    started_at: datetime,
    duration_s: int | None,
    note: str,
    call_back_at: datetime | None,
    staff: StaffMember,
    at: datetime,
) -> TicketMessage:
    """Note a call in its conversation: in ``ticket``, else the running one with that number, else a new one.

    ``note`` is what was said, for the shop alone. A call that somebody talked in answers the customer.

    Raises InvalidInput that names the field, Conflict when the conversation is closed.
    """
    note = paragraphs(note, "note", limit=MAX_BODY, required=False)
    call = calls.note_call(
        shop,
        is_inbound=is_inbound,
        number=number,
        outcome=outcome,
        started_at=started_at,
        duration_s=duration_s,
        member=staff,
        person=person or (ticket.person if ticket else None),
        at=at,
    )
    if call_back_at is not None:
        call = calls.promise_call_back(call, due_at=call_back_at, at=at)
    message = file_call(call, ticket=ticket, at=at)
    if note:
        locked = lock(message.ticket)
        written = add(
            locked,
            MessageKind.NOTE,
            note,
            staff.display_name,
            staff.email,
            attachments=(),
            source=None,
            at=at,
            staff=staff,
            call=call,
            channel=TicketChannel.PHONE,
        )
        set_newest(locked, written, at=at, unread=False)
    message.ticket.refresh_from_db()
    return message


@transaction.atomic
def file_call(call: Call, *, at: datetime, ticket: Ticket | None = None) -> TicketMessage:
    """The call in its conversation, once however often it is filed; returns the line that tells of it."""
    Call.objects.select_for_update().get(pk=call.pk)
    if not call.is_inbound:
        calls.called_back(call)
        return _file_outbound(call, ticket, at=at)
    heard = hear(
        call.shop,
        Said(
            source=f"call:{call.pk}",
            channel=TicketChannel.PHONE,
            sender=_sender(call),
            body=_words_of_inbound(call),
            subject=_("Telephone call"),
            account=call.account,
            ticket=ticket,
            join_running=True,
            extras=Extras(call=call),
            at=max(call.started_at, ticket.last_message_at) if ticket else call.started_at,
        ),
    )
    if not heard.ticket.customer_name:
        change(lock(heard.ticket), at=at, customer_name=_name_of(call))
    if not heard.message.author_name:
        heard.message.author_name = _name_of(call)
        heard.message.save(update_fields=["author_name"])
    if call.outcome == CallOutcome.ANSWERED:
        _answer(lock(heard.ticket), call, at=at)
    return heard.message


def _name_of(call: Call) -> str:
    """The name, or the number as people in the shop's country write it."""
    if call.person is not None and call.person.name:
        return call.person.name
    return national(call.number, region=calls.home_of(call.shop)) if call.number else _("Number withheld")


def _sender(call: Call) -> Sender | None:
    return (
        Sender(IdentityKind.PHONE, call.number, name=call.person.name if call.person else "") if call.number else None
    )


def _words_of_inbound(call: Call) -> str:
    match call.outcome:
        case CallOutcome.ANSWERED:
            return _("Called the shop.")
        case CallOutcome.VOICEMAIL:
            return _("Called the shop and left a message on the answering machine.")
        case _:
            return _("Called the shop; nobody took the call.")


def _file_outbound(call: Call, ticket: Ticket | None, *, at: datetime) -> TicketMessage:
    """A call to the customer: an answer when they took it, a line for the shop otherwise."""
    source = f"call:{call.pk}"
    known = TicketMessage.objects.filter(shop=call.shop, source__in=[source, f"{source}:talk"])
    filed = known.select_related("ticket").order_by("-pk").first()
    target = (
        lock(known_ticket)
        if (known_ticket := filed.ticket if filed else ticket)
        else _running(call) or _opened(call, at=at)
    )
    if call.outcome == CallOutcome.ANSWERED:
        return _answer(target, call, at=at)
    if filed is not None:
        return filed
    line = add_system(target, f"call.{call.outcome}", {"number": call.number}, source=source, at=at)
    line.call, line.channel = call, TicketChannel.PHONE
    line.save(update_fields=["call", "channel"])
    return line


def _running(call: Call) -> Ticket | None:
    """The newest conversation that goes on with whoever was called, by whatever channel."""
    if call.person_id is None:
        return None
    rows = Ticket.objects.filter(shop=call.shop, person=call.person_id, state__in=[*ACTIVE_STATES, TicketState.SOLVED])
    newest = rows.order_by("-last_message_at", "-pk").first()
    return lock(newest) if newest else None


def _opened(call: Call, *, at: datetime) -> Ticket:
    ticket = open_ticket(
        call.shop,
        subject=_("Telephone call"),
        channel=TicketChannel.PHONE,
        language=call.person.language if call.person and call.person.language else call.shop.settings.default_language,
        customer_name=_name_of(call),
        customer_email="",
        user_id="",
        order=None,
        person=call.person,
        account=call.account,
        at=at,
        by_shop=True,
    )
    change(ticket, at=at, unread=False)
    return ticket


def _answer(ticket: Ticket, call: Call, *, at: datetime) -> TicketMessage:
    """Somebody talked with the customer: that is an answer, by whoever it was."""
    source = f"call:{call.pk}:talk"
    if known := TicketMessage.objects.filter(shop=ticket.shop, source=source).first():
        return known
    first = not ticket.messages.filter(kind=MessageKind.STAFF, is_automatic=False, held_until=None).exists()
    member = call.member
    message = add(
        ticket,
        MessageKind.STAFF,
        _words_of_talk(call),
        member.display_name if member else "",
        member.email if member else "",
        attachments=(),
        source=source,
        at=at,
        staff=member,
        call=call,
        channel=TicketChannel.PHONE,
    )
    if "answer" in ticket.actions:
        ticket.move("answer", at=at)
    set_newest(ticket, message, at=at, unread=False, assignee_id=ticket.assignee_id or (member.pk if member else None))
    publish(
        StaffAnswered(ticket.pk, message=message.pk, staff=member.pk if member else None, is_first=first),
        shop=ticket.shop,
        at=at,
        actor=actor_of(member),
    )
    return message


def _words_of_talk(call: Call) -> str:
    minutes = max(1, round((call.duration_s or 0) / 60))
    if call.duration_s is None:
        return _("We talked on the telephone.")
    words = ngettext(
        "We talked on the telephone for %(count)d minute.", "We talked on the telephone for %(count)d minutes.", minutes
    )
    return words % {"count": minutes}


@transaction.atomic
def remind_of_call(ticket: Ticket, *, source: str, at: datetime) -> TicketMessage:
    """It is time to call the customer back: the conversation is open, unread and due. Idempotent by ``source``."""
    locked = lock(ticket)
    if known := TicketMessage.objects.filter(shop=locked.shop, source=source).first():
        return known
    if "reopen" in locked.actions:
        locked.move("reopen", at=at)
    if locked.state in {TicketState.NEW, TicketState.OPEN}:
        sla.note(locked, EventKind.NEEDS_STAFF, at=at)
        change(locked, at=at, unread=True)
    return add_system(locked, "call.due", {}, source=source, at=at)

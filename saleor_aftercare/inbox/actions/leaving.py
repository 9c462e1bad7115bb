"""How an answer leaves: as a letter, by a messenger, or by standing where the visitor looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.channels.accounts import sender_for
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, ChatSession
from saleor_aftercare.channels.posting import letterhead_of
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketMessage
from saleor_aftercare.inbox.signatures import signature_for
from saleor_aftercare.inbox.threading import references_of
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose

from .messengers import send_by_messenger

HISTORY_IN_MAIL: Final = 3


def channel_of(ticket: Ticket, wish: str) -> TicketChannel:
    """The channel that an answer leaves by: the conversation's, or mail where that is wanted.

    Raises InvalidInput("channel" or "id") when the customer cannot be reached by it.
    """
    channel = TicketChannel(wish or ticket.channel)
    if wish and channel not in {TicketChannel.EMAIL, ticket.channel}:
        raise InvalidInput(_("Answers leave by the channel of the conversation, or by e-mail."), "channel")
    if channel == TicketChannel.LINE:
        account = ChannelAccount.objects.filter(pk=ticket.account_id or 0, enabled=True, archived_at=None)
        if not account.exists():
            raise InvalidInput(
                _("The account of this conversation is switched off; answer by e-mail instead."), "channel"
            )
    elif not ticket.customer_email and not _is_chat(ticket, channel):
        raise InvalidInput(_("There is no e-mail address to answer to; please add one first."), "id")
    return channel


def hand_over(
    ticket: Ticket, message: TicketMessage, *, staff: StaffMember | None, cc: Sequence[str], at: datetime
) -> None:
    """Have the answer delivered, in the caller's transaction; ``staff`` is None for what a rule says.

    In a chat it is delivered by standing in the thread: the visitor's page reads it, and what a visitor who has left
    did not see goes by mail. Raises Conflict when a messenger knows the customer no more.
    """
    channel = TicketChannel(message.channel or ticket.channel)
    if channel == TicketChannel.LINE:
        send_by_messenger(ticket, message, at=at)
    elif not _is_chat(ticket, channel):
        _mail(ticket, message, staff=staff, cc=cc, at=at)


def _is_chat(ticket: Ticket, channel: TicketChannel) -> bool:
    return channel == TicketChannel.CHAT and ChatSession.objects.filter(ticket_id=ticket.pk).exists()


def _mail(
    ticket: Ticket, message: TicketMessage, *, staff: StaffMember | None, cc: Sequence[str], at: datetime
) -> None:
    account = sender_for(ticket, ChannelKind.EMAIL)
    said = ticket.messages.filter(kind__in=[MessageKind.CUSTOMER, MessageKind.STAFF], pk__lt=message.pk)
    history = [
        {"author": one.author_name or one.author_email, "at": one.created_at, "body": one.body}
        for one in said.filter(held_until=None).order_by("-pk")[:HISTORY_IN_MAIL]
    ]
    message.outbound = letters.write(
        shop=ticket.shop,
        kind="inbox/reply",
        key=f"ticket-message:{message.pk}",
        to_email=ticket.customer_email,
        to_name=ticket.customer_name,
        cc=cc,
        language=ticket.language,
        context={
            "ticket_number": ticket.number,
            "subject": ticket.subject,
            "body": message.body,
            "author_name": message.author_name,
            "signature": _signature(ticket, account, staff),
            "history": history,
        },
        subject=("ticket", ticket.pk),
        attachments=list(message.attachments.order_by("pk")),
        purpose=Purpose.CONVERSATION,
        letterhead=letterhead_of(account) if account is not None else None,
        headers=references_of(ticket) | ({"Auto-Submitted": "auto-replied"} if message.is_automatic else {}),
        at=at,
    )
    message.save(update_fields=["outbound"])


def _signature(ticket: Ticket, account: ChannelAccount | None, staff: StaffMember | None) -> str:
    """What a rule says nobody signs."""
    if staff is None:
        return ""
    return signature_for(ticket.shop, account=account, staff=staff, language=ticket.language)

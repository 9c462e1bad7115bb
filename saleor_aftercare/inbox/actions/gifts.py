"""Letters about what was given in a conversation: the code of store credit, and money on its way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from saleor_aftercare.channels.accounts import sender_for
from saleor_aftercare.channels.models import ChannelKind
from saleor_aftercare.channels.posting import letterhead_of
from saleor_aftercare.compensation.models import Settlement, StoreCredit
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.words import Words
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose


def write_store_credit(ticket: Ticket, credit: StoreCredit, *, at: datetime) -> OutboundMessage:
    """Here is your code; better had twice than never. Raises InvalidInput for an address that nobody can write to."""
    language = _language(ticket)
    context = {
        "ticket_number": ticket.number,
        "order_number": credit.order.number,
        "amount": credit.money.format(language),
        "code": credit.code,
        "valid_until": Words(language, "UTC").day(credit.expires_on) if credit.expires_on else "",
    }
    to = credit.to_email, credit.to_name
    return _write(ticket, "store_credit", context, key=f"store-credit:{credit.pk}", to=to, repeat_if_lost=True, at=at)


def write_refunded(ticket: Ticket, settlement: Settlement, *, at: datetime) -> OutboundMessage:
    """The money is on its way. Raises InvalidInput for an address that nobody can write to."""
    order = settlement.order
    context = {
        "ticket_number": ticket.number,
        "order_number": order.number,
        "amount": settlement.money(settlement.refund).format(_language(ticket)),
    }
    to = order.email or ticket.customer_email, order.customer_name or ticket.customer_name
    return _write(ticket, "refunded", context, key=f"gift-refunded:{settlement.pk}", to=to, at=at)


def _language(ticket: Ticket) -> str:
    return supported_language(ticket.language, default=settings_of(ticket.shop).default_language)


def _write(
    ticket: Ticket,
    what: str,
    context: Mapping[str, Any],
    *,
    key: str,
    to: tuple[str, str],
    repeat_if_lost: bool = False,
    at: datetime,
) -> OutboundMessage:
    account = sender_for(ticket, ChannelKind.EMAIL)
    return letters.write(
        shop=ticket.shop,
        kind=f"inbox/{what}",
        key=key,
        to_email=to[0],
        to_name=to[1],
        language=ticket.language,
        context=context,
        subject=("ticket", ticket.pk),
        purpose=Purpose.TRANSACTIONAL,
        repeat_if_lost=repeat_if_lost,
        letterhead=letterhead_of(account) if account is not None else None,
        at=at,
    )

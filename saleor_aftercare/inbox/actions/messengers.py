"""Answers that leave by a messenger, and words that their writer takes back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.channels import messages, messengers
from saleor_aftercare.channels.models import ChannelAccount, InboundMessage
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage
from saleor_aftercare.mail.plain import render_plain
from saleor_aftercare.people.models import Identity

from .thread import change, lock


@transaction.atomic
def send_by_messenger(ticket: Ticket, message: TicketMessage, *, at: datetime) -> None:
    """Hand an answer to the messenger that the customer wrote by; ``message.sent`` says how far it is.

    It answers the newest thing that they said there, which costs the shop nothing while the messenger allows it.

    Raises:
        Conflict: the account is switched off or gone, or nobody is known there any more.
    """
    usable = ChannelAccount.objects.select_related("shop").filter(enabled=True, archived_at=None)
    account = usable.filter(pk=ticket.account_id).first() if ticket.account_id is not None else None
    if account is None:
        raise Conflict(_("The account that this conversation came by is switched off; answer by e-mail instead."))
    heard = _newest_of(ticket)
    recipient, reply_with = messengers.address_of(heard) if heard else ("", {})
    recipient = recipient or _known_as(ticket, account)
    if not recipient:
        raise Conflict(_("Nobody is known to this account any more; answer by e-mail instead."))
    message.sent = messages.send(
        account,
        key=f"ticket-message:{message.pk}",
        recipient=recipient,
        text=render_plain(message.body),
        files=list(message.attachments.order_by("pk")),
        reply_with=reply_with,
        language=ticket.language,
        at=at,
    )
    message.save(update_fields=["sent"])


def _newest_of(ticket: Ticket) -> InboundMessage | None:
    said = ticket.messages.filter(kind=MessageKind.CUSTOMER, inbound__account_id=ticket.account_id)
    newest = said.select_related("inbound__account", "inbound__raw").order_by("-pk").first()
    return newest.inbound if newest else None


def _known_as(ticket: Ticket, account: ChannelAccount) -> str:
    kind = messengers.IDENTITIES.get(account.kind)
    rows = Identity.objects.filter(shop=ticket.shop_id, person=ticket.person_id, kind=kind)
    return rows.order_by("-pk").values_list("value", flat=True).first() or ""


def newest_conversation(account: ChannelAccount, person: str) -> Ticket | None:
    """The newest conversation by this account with whoever the messenger calls ``person``."""
    kind = messengers.IDENTITIES[account.kind]
    known = Identity.objects.filter(shop=account.shop_id, kind=kind, value=person).values("person")
    rows = Ticket.objects.filter(shop=account.shop_id, account=account, person__in=known)
    return rows.order_by("-last_message_at", "-pk").first()


@transaction.atomic
def unsay(shop: Shop, *, source: str, at: datetime) -> TicketMessage | None:
    """The writer took something back: it is not to be read any more, by nobody; that it was there stays.

    The one change that a message ever sees. None for a message that nobody has.
    """
    message = TicketMessage.objects.filter(shop=shop, source=source).select_related("ticket").first()
    if message is None:
        return None
    locked = lock(message.ticket)
    message.kind, message.event = MessageKind.SYSTEM, "line.unsent"
    message.body, message.quoted, message.html = "", "", None
    message.save(update_fields=["kind", "event", "body", "quoted", "html"])
    message.attachments.clear()
    changes = {"last_message_preview": ""} if locked.last_message_preview and _is_shown(locked, message) else {}
    change(locked, at=at, **changes)
    return message


def _is_shown(ticket: Ticket, message: TicketMessage) -> bool:
    """Whether lists show how this message begins."""
    return not ticket.messages.filter(pk__gt=message.pk).exclude(kind=MessageKind.SYSTEM).exists()

"""Mails as customers' programs send them, and the way they take into a shop."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import mail

import saleor_aftercare.tasks  # noqa: F401  for the handlers and reactions that it registers
from saleor_aftercare.channels import actions
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, InboundMessage
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.mail.models import OutboundMessage
from tests.make import NOON, make_shop, make_staff, serial

ADA = "Ada Example <ada@customer.test>"


def make_mailbox(shop: Shop | None = None, *, address: str = "support@komorebi.test", **values: Any) -> ChannelAccount:
    """A mailbox of a shop that answers nobody by itself, unless the test says so."""
    return ChannelAccount.objects.create(
        **{
            "shop": shop or make_shop(),
            "kind": ChannelKind.EMAIL,
            "name": "Support",
            "address": address,
            "auto_reply": False,
            "created_at": NOON,
        }
        | values
    )


def answer(ticket: Ticket, body: str = "Please send a photo.") -> OutboundMessage:
    """Somebody of the shop answers; the letter has left."""
    newest = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    inbox.reply(
        Ticket.objects.get(pk=ticket.pk),
        body=body,
        last_seen_message_id=newest,
        force=True,
        attachments=(),
        staff=make_staff(ticket.shop),
        at=NOON,
    )
    run_due()
    return letter_of(ticket)


def raw_mail(
    body: str = "It does not grind.",
    *,
    sender: str = ADA,
    subject: str = "Grinder",
    message_id: str = "",
    **headers: str,
) -> bytes:
    """A plain mail; further headers by name, ``_`` for ``-``."""
    lines = {
        "From": sender,
        "To": "support@komorebi.test",
        "Subject": subject,
        "Message-ID": message_id or f"<m{serial()}@customer.test>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"{head}\r\n{body}\r\n".encode()


def hear(account: ChannelAccount, raw: bytes | None = None, **values: Any) -> InboundMessage:
    """Take a mail in and have all jobs run that are due because of it."""
    inbound = actions.take_in(account, raw if raw is not None else raw_mail(**values), at=NOON)
    run_due()
    inbound.refresh_from_db()
    return inbound


def message_of(inbound: InboundMessage) -> TicketMessage:
    """What the mail became."""
    return TicketMessage.objects.select_related("ticket").get(inbound=inbound)


def ticket_of(inbound: InboundMessage) -> Ticket:
    """Where it stands."""
    return message_of(inbound).ticket


def letter_of(ticket: Ticket) -> OutboundMessage:
    """The newest letter about a conversation."""
    return OutboundMessage.objects.filter(subject_type="ticket", subject_id=ticket.pk).order_by("-pk")[0]


def post() -> list[Any]:
    """The letters that have left."""
    assert settings.EMAIL_BACKEND.endswith("locmem.EmailBackend")
    return mail.outbox

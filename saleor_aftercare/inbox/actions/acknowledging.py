"""The automatic answer to a first message (RFC 3834): to the sender alone, once a day at most, never to a machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction

from saleor_aftercare.channels.accounts import sender_for
from saleor_aftercare.channels.models import ChannelKind
from saleor_aftercare.channels.posting import letterhead_of
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import jobs, limits
from saleor_aftercare.core.errors import InvalidInput, RateLimited
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import Ticket, TicketState
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose
from saleor_aftercare.mail.reading.message import Reading

from .lines import add_line

log = structlog.get_logger(__name__)

#: One sender gets one automatic answer within it, however many conversations they begin.
ONCE_IN: Final = timedelta(days=1)
MAX_REFERENCES: Final = 20


def acknowledge_soon(openings: Sequence[tuple[Ticket, Reading]], *, shop: Shop) -> None:
    """Have customers told that the mails with which they began these conversations have arrived.

    Whoever calls has made sure that answers may go out.
    """
    due: dict[str, tuple[datetime, dict[str, Any]]] = {}
    for ticket, mail in openings:
        known = [*mail.references, mail.message_id] if mail.message_id else []
        references = [one for one in known if one.isascii()][-MAX_REFERENCES:]
        due[f"inbox.acknowledge:{ticket.pk}"] = ticket.created_at, {"ticket": ticket.pk, "references": references}
    jobs.schedule_all("inbox.acknowledge", due, shop=shop)


def acknowledge(ticket: Ticket, *, references: list[str], at: datetime) -> None:
    """Write the automatic answer, once.

    It says nothing that the sender wrote: whoever writes in a stranger's name would make us carry their words to them.
    """
    if ticket.state == TicketState.SPAM:
        return
    key = f"ticket-received:{ticket.pk}"
    account = sender_for(ticket, ChannelKind.EMAIL)
    headers: dict[str, str] = {"Auto-Submitted": "auto-replied"}
    if references:
        headers |= {"In-Reply-To": f"<{references[-1]}>", "References": " ".join(f"<{one}>" for one in references)}
    try:
        with transaction.atomic():
            limits.hit("inbox.acknowledge", f"{ticket.shop_id}:{ticket.customer_email}", limit=1, per=ONCE_IN)
            letter = letters.write(
                shop=ticket.shop,
                kind="inbox/received",
                key=key,
                to_email=ticket.customer_email,
                to_name=ticket.customer_name,
                language=ticket.language,
                context={
                    "ticket_number": ticket.number,
                    "subject": ticket.subject,
                    "body": "",
                    "answer_within_hours": settings_of(ticket.shop).answer_within_hours,
                },
                subject=("ticket", ticket.pk),
                purpose=Purpose.TRANSACTIONAL,
                headers=headers,
                letterhead=letterhead_of(account) if account is not None else None,
                at=at,
            )
            add_line(ticket, event="ticket.acknowledged", data={"letter": letter.pk}, source=key, at=at)
    except RateLimited:
        log.info("acknowledged_already", ticket=ticket.pk)
    except InvalidInput:
        log.info("no_address_to_acknowledge_to", ticket=ticket.pk)

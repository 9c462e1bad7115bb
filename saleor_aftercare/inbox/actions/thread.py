"""What every verb of the inbox does to a thread: lock it, write into it, and let every open inbox know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState

MAX_BODY = 50_000


def revision() -> RawSQL:
    """The writing transaction's own number, for ``Ticket.revision``.

    A poll that remembers the oldest transaction still under way misses nothing and repeats little, however
    transactions overlap. See ``queries.changes_since``.
    """
    return RawSQL("pg_current_xact_id()::text::bigint", ())


def lock(ticket: Ticket) -> Ticket:
    """The ticket as it is now, held by this transaction."""
    return Ticket.objects.select_for_update(of=("self",)).select_related("shop").get(pk=ticket.pk)


def checked_body(body: str) -> str:
    """What somebody wrote, without the white space around it; raises InvalidInput("body")."""
    text = body.strip()
    if not text:
        raise InvalidInput(_("Please write something."), "body")
    if len(text) > MAX_BODY:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_BODY}, "body")
    check_storable(text, "body")
    return text


def check_storable(text: str, field: str) -> None:
    """Refuse what no database can hold."""
    if not is_storable(text):
        raise InvalidInput(_("The text contains characters that cannot be stored."), field)


def answer_within(shop: Shop) -> timedelta:
    """How long a customer waits for a person at most."""
    hours = ShopSettings.objects.values_list("answer_within_hours", flat=True).get(shop=shop)
    return timedelta(hours=hours)


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
        message.attachments.set(attachments)
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
    """Write columns of a locked ticket, and let every open inbox know."""
    Ticket.objects.filter(pk=ticket.pk).update(
        **changes,
        updated_at=at,
        revision=revision(),
    )
    for name, value in changes.items():
        setattr(ticket, name, value)

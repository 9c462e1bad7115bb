"""Reading conversations in bulk, and what of them a customer may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from saleor_aftercare.channels.models import ChannelMessage
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketLink, TicketMessage, TicketState
from saleor_aftercare.inbox.queries import message_keys
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.models import Return
from saleor_aftercare.withdrawals.models import Withdrawal

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, nothing, row_of
from .core.paging import Edge, Page, decode_cursor, encode_cursor, page_size

#: What was said openly: all of a conversation that its customer sees.
PUBLIC_KINDS = (MessageKind.CUSTOMER.value, MessageKind.STAFF.value)


@dataclass(frozen=True)
class PublicTicket:
    """A ticket as its customer sees it: whatever is internal is not here, so that no field can tell it."""

    pk: int
    number: int
    subject: str
    state: str
    channel: str
    language: str
    customer_name: str
    customer_email: str
    created_at: datetime
    order_id: int | None
    last_message_at: datetime
    last_message_preview: str
    last_message_kind: str
    last_message_id: int
    assignee_id: None = None
    due_at: None = None
    unread: bool = False
    actions: tuple[str, ...] = ()


# -- what belongs to tickets, in bulk --------------------------------------------------------------------------


@bulk(Ticket, dict[str, list[int]])
def cases_of_ticket(ctx: Context, pks: Collection[int]) -> Mapping[int, dict[str, list[int]]]:
    """The cases of each ticket, by kind; announces them."""
    links = TicketLink.objects.filter(shop=ctx.shop, ticket_id__in=pks).order_by("pk")
    rows = links.values_list("ticket_id", "kind", "case_id")
    kinds: dict[str, type[models.Model]] = {
        CaseKind.RETURN: Return,
        CaseKind.REPAIR: RepairRequest,
        CaseKind.SPARE_PART: SparePartRequest,
        CaseKind.WITHDRAWAL: Withdrawal,
    }
    found: dict[int, dict[str, list[int]]] = {}
    for ticket, kind, case in rows:
        found.setdefault(ticket, {}).setdefault(kind, []).append(case)
        if kind in kinds:
            ctx.known["row", kinds[kind]][case] = None
    return found


@bulk(Ticket, nothing)
def newest_public_message(ctx: Context, pks: Collection[int]) -> Mapping[int, TicketMessage | None]:
    """The last thing that was said openly in each ticket."""
    keys = message_keys(pks, kinds=PUBLIC_KINDS, limit=1, newest=True, held=False)
    rows = TicketMessage.objects.filter(pk__in=[pk for (pk,) in keys.values()])
    return {row.ticket_id: row for row in rows}


@bulk(Ticket, list[int])
def keys_of_messages(
    ctx: Context, pks: Collection[int], after: int | None, before: int | None, limit: int, newest: bool
) -> Mapping[int, list[int]]:
    """The keys of a page of each ticket's messages, and of one more; announces the messages."""
    kinds = MessageKind.values if ctx.is_staff else PUBLIC_KINDS
    found = message_keys(
        pks, kinds=kinds, after=after, before=before, limit=limit + 1, newest=newest, held=ctx.is_staff
    )
    ctx.announce(("row", TicketMessage), [key for keys in found.values() for key in keys])
    return found


@bulk(Ticket, int)
def count_of_messages(ctx: Context, pks: Collection[int]) -> Mapping[int, int]:
    """How many messages each ticket has for the asking person."""
    kinds = MessageKind.values if ctx.is_staff else PUBLIC_KINDS
    shown = TicketMessage.objects.filter(ticket_id__in=pks, kind__in=kinds)
    rows = (shown if ctx.is_staff else shown.filter(held_until=None)).values("ticket_id")
    return {row["ticket_id"]: row["n"] for row in rows.annotate(n=models.Count("pk")).order_by()}


@bulk(("row", OutboundMessage), nothing)
def delivery_of(ctx: Context, pks: Collection[int]) -> Mapping[int, tuple[str, str] | None]:
    """How far each mail is, and what went wrong, without loading its text."""
    rows = OutboundMessage.objects.filter(shop=ctx.shop, pk__in=pks).values_list("pk", "state", "error")
    return {pk: (state, error) for pk, state, error in rows}


@bulk(("row", ChannelMessage), nothing)
def messenger_delivery_of(ctx: Context, pks: Collection[int]) -> Mapping[int, tuple[str, str] | None]:
    """How far each answer by a messenger is, and what went wrong, without loading its text."""
    rows = ChannelMessage.objects.filter(shop=ctx.shop, pk__in=pks).values_list("pk", "state", "error")
    return {pk: (state, error) for pk, state, error in rows}


def ticket_of_case(ctx: Context, kind: CaseKind, model: type[models.Model], pk: int) -> Any:
    """The conversation about a case, as the asking person may see it."""
    ticket_pk = _ticket_keys(ctx, kind, model)(pk)
    ticket = row_of(ctx, Ticket, ticket_pk)
    return as_seen(ctx, ticket) if ticket is not None else None


def _ticket_keys(ctx: Context, kind: CaseKind, model: type[models.Model]) -> Any:
    held: dict[int, int | None] = ctx.loaded.setdefault(("ticket of", kind), {})

    def get(pk: int) -> int | None:
        if pk not in held:
            wanted = [pk, *(key for key in ctx.known[model] if key not in held)]
            links = TicketLink.objects.filter(shop=ctx.shop, kind=kind, case_id__in=wanted)
            found = dict(links.values_list("case_id", "ticket_id"))
            held.update((key, found.get(key)) for key in wanted)
            ctx.announce(("row", Ticket), found.values())
        return held[pk]

    return get


def as_seen(ctx: Context, ticket: Ticket) -> Ticket | PublicTicket | None:
    """The ticket for staff; for its order's customer what was said openly, None when nothing was."""
    if ctx.is_staff:
        return ticket if ctx.access.may_see(ticket) else None
    order = row_of(ctx, Order, ticket.order_id)
    if order is None or not ctx.covers(order) or ticket.state == TicketState.SPAM:
        return None
    ctx.meet([ticket])
    last = newest_public_message(ctx, ticket.pk)
    if last is None:
        return None
    return PublicTicket(
        pk=ticket.pk,
        number=ticket.number,
        subject=ticket.subject,
        state=ticket.state,
        channel=ticket.channel,
        language=ticket.language,
        customer_name=ticket.customer_name,
        customer_email=ticket.customer_email,
        created_at=ticket.created_at,
        order_id=ticket.order_id,
        last_message_at=last.created_at,
        last_message_preview=" ".join(last.body.split())[:200],
        last_message_kind=last.kind,
        last_message_id=last.pk,
    )


def find_ticket(ctx: Context, id: str, *, field: str = "id") -> Ticket:
    """A ticket of this shop for staff; raises NotFound(field)."""
    ctx.staff(MANAGE_ORDERS)
    return one_ticket(ctx, models.Q(pk=own_pk("Ticket", id, field=field)), field)


def one_ticket(ctx: Context, which: models.Q, field: str) -> Ticket:
    """The one ticket of this shop; raises NotFound."""
    rows = Ticket.objects.filter(which, ctx.access.ticket_filter, shop=ctx.shop)
    ticket = rows.select_related("assignee").first()
    if ticket is None:
        raise NotFound(_("There is no such conversation."), field)
    ctx.meet([ticket])
    return ticket


def cases_about(ctx: Context, ticket: Ticket, kind: CaseKind, model: type[Any]) -> list[Any]:
    """The cases of one kind that a ticket is about and the asking person may see."""
    keys = cases_of_ticket(ctx, ticket.pk).get(kind, [])
    rows = [row for key in keys if (row := row_of(ctx, model, key)) is not None]
    if ctx.is_staff:
        return rows
    return [row for row in rows if row.order_id is not None and ctx.covers(row_of(ctx, Order, row.order_id))]


def page_of_messages(
    ctx: Context, pk: int, first: int | None, after: str | None, last: int | None, before: str | None
) -> Page:
    """A page of a ticket's messages, oldest first: from the start, or with ``last`` from the end."""
    newest = last is not None and first is None
    size = page_size(last, "last") if newest else page_size(first)
    floor = decode_cursor(after, int)[0] if after is not None else None
    ceiling = decode_cursor(before, int, field="before")[0] if before is not None else None
    ctx.known[Ticket].setdefault(pk)
    keys = keys_of_messages(ctx, pk, floor, ceiling, size, newest)
    more = len(keys) > size
    shown = (keys[-size:] if newest else keys[:size]) if more else keys
    rows = [row for key in shown if (row := row_of(ctx, TicketMessage, key)) is not None]
    return Page(
        edges=[Edge(row, encode_cursor(row.pk)) for row in rows],
        has_next_page=ceiling is not None if newest else more,
        has_previous_page=more if newest else floor is not None,
        count=lambda: count_of_messages(ctx, pk),
    )

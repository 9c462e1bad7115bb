"""Reads for the inbox: pages by key, never by offset, and every one within a shop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import ACTIVE_STATES, CaseKind, MessageKind, Ticket, TicketLink, TicketMessage, TicketState

MAX_CHANGES = 50


#: What somebody sees who sees every conversation; see ``team.access``.
EVERYTHING = Q()


@dataclass(frozen=True)
class ChangedTickets:
    """What changed in a shop's inbox since a cursor."""

    cursor: str
    tickets: list[Ticket]
    truncated: bool


_NEWS = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
  EXISTS (SELECT 1 FROM aftercare_ticket WHERE shop_id = %s AND revision >= %s)
"""


def changes_since(shop: Shop, cursor: str | None, *, visible: Q = EVERYTHING) -> ChangedTickets:
    """``visible`` tickets changed since ``cursor`` and the next cursor; without a cursor, only the cursor.

    The cursor is the oldest transaction that was still under way: whatever commits later has a number at least as
    large, so nothing is missed. A ticket changed around that moment may be told twice. An unreadable cursor counts
    as very old.
    """
    readable = cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) < 19
    since = int(cursor) if cursor is not None and readable else 0
    with connection.cursor() as db:
        # Nearly always nothing has changed: one statement says so, and no more is done.
        db.execute(_NEWS, [shop.pk, since])
        now, is_news = db.fetchone()
    if cursor is None or not is_news:
        return ChangedTickets(now, [], truncated=False)
    rows = list(
        Ticket.objects.filter(visible, shop=shop, revision__gte=since)
        .select_related("assignee")
        .order_by("revision")[: MAX_CHANGES + 1]
    )
    return ChangedTickets(now, rows[:MAX_CHANGES], truncated=len(rows) > MAX_CHANGES)


def get_ticket(shop: Shop, *, pk: int | None = None, number: int | None = None) -> Ticket:
    """A ticket of this shop by key or by number; raises NotFound."""
    rows = Ticket.objects.select_related("shop", "assignee", "order").filter(shop=shop)
    rows = rows.filter(number=number or 0) if pk is None else rows.filter(pk=pk)
    ticket = rows.first()
    if ticket is None:
        raise NotFound(_("There is no such conversation."))
    return ticket


def messages_of(ticket: Ticket) -> QuerySet[TicketMessage]:
    """All messages, oldest first."""
    return (
        TicketMessage.objects.filter(ticket=ticket)
        .select_related("outbound")
        .prefetch_related("attachments")
        .order_by("pk")
    )


def public_messages_about(order_ids: Iterable[int]) -> QuerySet[TicketMessage]:
    """What was said openly about these orders, oldest first: what their customer may read."""
    return _public(TicketMessage.objects.filter(ticket__order__in=list(order_ids)))


def public_messages_of_case(shop: Shop, kind: CaseKind, case_id: int) -> QuerySet[TicketMessage]:
    """What was said openly in the conversation of a case, oldest first."""
    links = TicketLink.objects.filter(shop=shop, kind=kind, case_id=case_id)
    return _public(TicketMessage.objects.filter(shop=shop, ticket__in=links.values("ticket")))


def _public(rows: QuerySet[TicketMessage]) -> QuerySet[TicketMessage]:
    return (
        rows.filter(kind__in=[MessageKind.CUSTOMER, MessageKind.STAFF], held_until=None)
        .exclude(ticket__state=TicketState.SPAM)
        .prefetch_related("attachments")
        .order_by("pk")
    )


def ticket_of_case(shop: Shop, kind: CaseKind, case_id: int) -> Ticket | None:
    """The ticket of a case, None when it has none yet."""
    link = (
        TicketLink.objects.filter(shop=shop, kind=kind, case_id=case_id)
        .select_related("ticket__shop", "ticket__assignee")
        .first()
    )
    return link.ticket if link else None


def case_ids(tickets: Iterable[Ticket]) -> dict[int, dict[str, list[int]]]:
    """The cases of several tickets: ``{ticket pk: {kind: [case key, …]}}``, in one query."""
    found: dict[int, dict[str, list[int]]] = {}
    rows = TicketLink.objects.filter(ticket__in=[t.pk for t in tickets]).order_by("pk")
    for ticket, kind, case_id in rows.values_list("ticket_id", "kind", "case_id"):
        found.setdefault(ticket, {}).setdefault(kind, []).append(case_id)
    return found


def tickets_of_customer(shop: Shop, email: str, *, limit: int) -> list[Ticket]:
    """A person's conversations, newest first."""
    rows = Ticket.objects.filter(shop=shop, customer_email=email.lower()).select_related("assignee", "order")
    return list(rows.order_by("-last_message_at", "-pk")[:limit])


def open_ticket_exists(order_id: int) -> bool:
    """Whether a conversation about the order waits for somebody."""
    return Ticket.objects.filter(order_id=order_id, state__in=ACTIVE_STATES).exists()


def staff_of(shop: Shop) -> list[StaffMember]:
    """Everybody of the staff whom we have met, by name."""
    return sorted(StaffMember.objects.filter(shop=shop), key=lambda m: m.display_name.lower())


_FIRST_KEYS = (
    "SELECT t.id, m.id FROM unnest(%s::bigint[]) AS t(id) CROSS JOIN LATERAL ("
    " SELECT id FROM aftercare_ticketmessage WHERE ticket_id = t.id AND kind = ANY(%s)"
    " AND id > %s AND id < %s AND (held_until IS NULL OR %s) ORDER BY id LIMIT %s) AS m ORDER BY m.id"
)
_NEWEST_KEYS = _FIRST_KEYS.replace("ORDER BY id LIMIT", "ORDER BY id DESC LIMIT")


def message_keys(
    ticket_pks: Iterable[int],
    *,
    kinds: Iterable[str],
    after: int | None = None,
    before: int | None = None,
    limit: int,
    newest: bool,
    held: bool,
) -> dict[int, list[int]]:
    """Per ticket the keys of its first, or ``newest``, ``limit`` messages between two keys, oldest first; one query.

    ``held`` says whether answers are among them that have not left yet. Each ticket's part reads only that many entries
    of the thread's index, however long the thread is.
    """
    found: dict[int, list[int]] = {}
    with connection.cursor() as db:
        db.execute(
            _NEWEST_KEYS if newest else _FIRST_KEYS,
            [list(ticket_pks), list(kinds), after or 0, before or 2**63 - 1, held, limit],
        )
        for ticket, message in db.fetchall():
            found.setdefault(ticket, []).append(message)
    return found

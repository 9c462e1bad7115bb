"""What rules may ask, read for many conversations in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max

from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.filters import parse
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketLink, TicketMessage, TicketTag
from saleor_aftercare.inbox.sla.models import BusinessCalendar
from saleor_aftercare.inbox.sla.promises import calendar_from

from .documents import When
from .matching import Facts


@dataclass(frozen=True)
class Moment:
    """Something that happened in a conversation, as rules see it."""

    ticket: Ticket  #: with its person and its order
    when: When
    at: datetime
    message: int | None = None  #: key of what was said


def facts_of(shop: Shop, moments: Sequence[Moment], *, searches: Collection[str] = ()) -> list[Facts]:
    """The facts of each moment, in their order. What was said is that of the moment; all else is as it is now.

    ``searches`` are lines of the search field that a rule asks about; one query each.
    """
    if not moments:
        return []
    tickets = {one.ticket.pk: one.ticket for one in moments}
    tags: defaultdict[int, set[str]] = defaultdict(set)
    for pk, key in TicketTag.objects.filter(ticket__in=tickets).values_list("ticket_id", "tag__key"):
        tags[pk].add(key)
    cases: defaultdict[int, set[str]] = defaultdict(set)
    for pk, kind in TicketLink.objects.filter(shop=shop, ticket__in=tickets).values_list("ticket_id", "kind"):
        cases[pk].add(kind)
    found_by = {text: _found_by(text, shop, tickets, at=max(one.at for one in moments)) for text in searches}
    said = _said(shop, moments)
    earlier = _earlier(shop, list(tickets.values()))
    row = BusinessCalendar.objects.filter(shop=shop, is_default=True).first()
    calendar = calendar_from(row.document) if row is not None else None
    found = []
    for one in moments:
        ticket, order = one.ticket, one.ticket.order
        message = said.get(one.message or 0) or said.get(-ticket.pk)
        address = order.shipping_address if order is not None else {}
        sender = message.author_email if message is not None else ""
        found.append(
            Facts(
                state=ticket.state,
                priority=str(ticket.priority),
                channel=ticket.channel,
                account=str(ticket.account_id or ""),
                language=ticket.language,
                team=str(ticket.team_id or ""),
                assignee=str(ticket.assignee_id or ""),
                tag=frozenset(tags[ticket.pk]),
                case=frozenset(cases[ticket.pk]),
                subject=ticket.subject,
                text=message.body if message is not None else "",
                sender=f"{ticket.customer_name} {ticket.customer_email} {sender}",
                order_total=order.total if order is not None else None,
                order_country=str(address.get("country", "")),
                order_channel=order.channel if order is not None else "",
                earlier_tickets=Decimal(earlier[ticket.pk]),
                has_order=order is not None,
                is_vip=ticket.person is not None and ticket.person.is_vip,
                in_working_hours=calendar is None or calendar.is_working(one.at),
                search=frozenset(text for text in searches if ticket.pk in found_by[text]),
            )
        )
    return found


def _found_by(text: str, shop: Shop, tickets: Collection[int], *, at: datetime) -> set[int]:
    rows = Ticket.objects.filter(parse(text).matches(shop, at), shop=shop, pk__in=list(tickets))
    return set(rows.values_list("pk", flat=True))


def _said(shop: Shop, moments: Sequence[Moment]) -> dict[int, TicketMessage]:
    """The messages of the moments by key, and the customer's newest of each ticket by the ticket's key, negative."""
    keys = {one.message for one in moments if one.message is not None}
    without = {one.ticket.pk for one in moments if one.message is None or one.when == When.STAFF_ANSWERED}
    spoken = TicketMessage.objects.filter(shop=shop, ticket__in=without, kind=MessageKind.CUSTOMER)
    newest = dict(spoken.values_list("ticket_id").annotate(newest=Max("pk")).order_by())
    rows = TicketMessage.objects.filter(shop=shop, pk__in=[*keys, *newest.values()], kind=MessageKind.CUSTOMER)
    found = {row.pk: row for row in rows}
    return found | {-ticket: found[key] for ticket, key in newest.items()}


def _earlier(shop: Shop, tickets: Sequence[Ticket]) -> dict[int, int]:
    """How many conversations the same person, or the same address, began before each."""
    people = {one.person_id for one in tickets if one.person_id is not None}
    rows = Ticket.objects.filter(shop=shop, person__in=people).values_list("person_id", "pk")
    of_person: defaultdict[int | None, list[int]] = defaultdict(list)
    for person, pk in rows:
        of_person[person].append(pk)
    alone = {one.customer_email for one in tickets if one.person_id is None and one.customer_email}
    of_address = dict(
        Ticket.objects.filter(shop=shop, customer_email__in=alone)
        .values_list("customer_email")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found = {}
    for one in tickets:
        if one.person_id is not None:
            found[one.pk] = sum(1 for pk in of_person[one.person_id] if pk < one.pk)
        else:
            found[one.pk] = max(of_address.get(one.customer_email, 1) - 1, 0)
    return found

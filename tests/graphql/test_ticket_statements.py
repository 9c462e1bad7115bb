"""How many statements it costs to open a conversation in the inbox, by the documents that the Dashboard sends."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.inbox import dashboards_document
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket
from saleor_aftercare.returns.models import ReturnState
from tests.graphql.api import Asker, as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    make_file,
    make_letter,
    make_message,
    make_order,
    make_refund,
    make_repair,
    make_return,
    make_spare_part,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db

#: The shop and the member of staff, by their token, and what the shop decided about their role.
WHO = 3


@pytest.fixture
def shop() -> Shop:
    """A shop whose staff signs in."""
    return shop_with_key()


@pytest.fixture
def staff(shop: Shop) -> Asker:
    """Somebody of it."""
    return as_staff(shop, member=make_staff(shop))


def statements(staff: Asker, name: str, ticket: Ticket) -> int:
    """Of a document about one conversation, besides finding out who asks."""
    document = dashboards_document(name)
    staff.ask(document, number=ticket.number)  # whatever a process reads once
    with CaptureQueriesContext(connection) as queries:
        answer = staff.ask(document, number=ticket.number)
    assert answer.data["ticket"]["id"]
    return len(queries) - WHO


def talk(ticket: Ticket, times: int) -> None:
    """Answers with a letter and a file each, from several people."""
    for _ in range(times):
        message = make_message(ticket, kind=MessageKind.STAFF, outbound=make_letter(ticket.shop))
        message.attachments.add(make_file(ticket.shop))
        make_message(ticket, kind=MessageKind.CUSTOMER).attachments.add(make_file(ticket.shop))


def about_everything(shop: Shop) -> Ticket:
    """A conversation about an order, a return with its refund, a repair and a spare part."""
    order = make_order(shop, delivered=NOON - DAY)
    ret = make_return(order, state=ReturnState.RECEIVED, label=True)
    make_refund(ret)
    ticket = make_ticket(order, assignee=make_staff(shop), about=(CaseKind.RETURN, ret.pk))
    ticket.links.create(shop=shop, kind=CaseKind.REPAIR, case_id=make_repair(order).pk)
    ticket.links.create(shop=shop, kind=CaseKind.SPARE_PART, case_id=make_spare_part(order).pk)
    return ticket


@pytest.mark.parametrize(("name", "expected"), [("InboxTicket", 13), ("TicketProperties", 5)])
def test_a_plain_conversation_costs_as_many_statements_however_long_it_is(
    staff: Asker, shop: Shop, name: str, expected: int
) -> None:
    # Ticket; cases; targets; survey; draft; who is there; account; profile; number of messages, their keys, they
    # themselves, files, letters.
    ticket = make_ticket(shop=shop, assignee=make_staff(shop))
    talk(ticket, 1)
    short = statements(staff, name, ticket)
    talk(ticket, 12)
    assert (short, statements(staff, name, ticket)) == (expected, expected)


@pytest.mark.parametrize(("name", "expected"), [("InboxTicket", 37), ("TicketProperties", 6)])
def test_a_conversation_about_everything_costs_as_many_statements_however_long_it_is(
    staff: Asker, shop: Shop, name: str, expected: int
) -> None:
    # Besides, a statement for each kind of thing that is known of returns, repairs, parts and their orders.
    ticket = about_everything(shop)
    talk(ticket, 1)
    short = statements(staff, name, ticket)
    talk(ticket, 12)
    assert (short, statements(staff, name, ticket)) == (expected, expected)

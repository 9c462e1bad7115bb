"""How many statements each list costs: the same for one row and for many, and exactly this number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import CaseKind, MessageKind
from saleor_aftercare.returns.models import ReturnState
from tests.graphql.api import Asker, as_customer, as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    make_command,
    make_event,
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

ORDER = "id number total { amount } lines { id unitPrice { amount } returnableQuantity eligibility { verdict } }"
RETURN = """number state policyMessages whoPaysReturnShipping statusUrl recordedInSaleor actions
  order { number } lines { quantity amount { amount } orderLine { productName } photos { url } }
  label { number a6Url } refund { state steps { kind } } timeline { text } ticket { number }"""
CASE = "number order { number } orderLine { productName unitPrice { amount } } photos { url } ticket { number } actions"
TICKET = """number subject assignee { name } order { number } customer { email }
  returns { number lines { quantity } } repairRequests { number } sparePartRequests { number }
  messages(last: 2) { totalCount edges { node { bodyHtml delivery attachments { url } } } }"""


def grow(shop: Shop, *, user_id: str = "", email: str = "") -> None:
    """One more customer's worth of everything."""
    known = {"user_id": user_id, "email": email} if user_id else {}
    order = make_order(shop, delivered=NOON - DAY, **known)
    ret = make_return(order, state=ReturnState.RECEIVED, label=True)
    ret.lines.get().photos.add(make_file(shop))
    refund = make_refund(ret)
    make_command(shop, subject_id=refund.pk)
    make_event(shop, kind="return.requested", subject="return", subject_id=ret.pk)
    repair, part = make_repair(order, intake_slip=make_file(shop)), make_spare_part(order)
    repair.photos.add(make_file(shop))
    part.photos.add(make_file(shop))
    ticket = make_ticket(order, assignee=make_staff(shop), about=(CaseKind.RETURN, ret.pk))
    ticket.links.create(shop=shop, kind=CaseKind.REPAIR, case_id=repair.pk)
    ticket.links.create(shop=shop, kind=CaseKind.SPARE_PART, case_id=part.pk)
    message = make_message(ticket, kind=MessageKind.STAFF, outbound=make_letter(shop))
    message.attachments.add(make_file(shop))


def count(asker: Asker, query: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = asker.ask(query)
    assert answer.data
    return len(queries)


def costs(query: str, expected: int, *, ask: Callable[[Shop], Asker] | None = None) -> None:
    """One row and four rows cost ``expected`` statements, besides finding out who asks."""
    shop = shop_with_key()
    grow(shop)
    member = make_staff(shop)
    asker = ask(shop) if ask else as_staff(shop, member=member)
    one = count(asker, query)
    for _ in range(3):
        grow(shop)

    assert (one - WHO, count(asker, query) - WHO) == (expected, expected)


def test_tickets_as_the_inbox_lists_them():
    # One page; the cases of its tickets; the returns among them.
    costs("{ tickets { edges { node { number assignee { name } returns { number state } } } } }", 3)


def test_tickets_alone_are_one_statement():
    costs("{ tickets { edges { node { number subject assignee { name } customerName overdue actions } } } }", 1)


def test_tickets_with_everything():
    # Page; orders; cases; returns, their lines, repairs, parts; keys of messages, messages, their number,
    # deliveries, attachments.
    costs(f"{{ tickets {{ edges {{ node {{ {TICKET} }} }} }} }}", 12)


def test_counting_a_list_is_one_more():
    costs("{ tickets { totalCount edges { node { number } } } }", 2)


def test_views_are_one_statement_and_their_numbers_two_more():
    costs("{ inboxViews { name query } }", 1)
    # The saved ones once more, to count them with the others.
    costs("{ inboxViews { name count } }", 3)


def test_badges_are_one_statement():
    costs("{ ticketCounts { view count } }", 1)


def test_a_poll_without_news_is_one_statement():
    costs("{ changesSince { cursor truncated tickets { number } counts { count } } }", 1)


def test_returns_with_everything():
    # Page; settlements; orders; lines; products; units in earlier returns; photos; parcels, what was heard of them;
    # refunds, steps; store credits; replacements; events; links; tickets.
    costs(f"{{ returns {{ edges {{ node {{ {RETURN} }} }} }} }}", 16)


def test_what_does_not_fit_about_returns_is_found_for_all_of_them_at_once():
    # Page; orders, their lines, fulfilments, units; lines, products; units in all returns; parcels that moved.
    costs("{ returns { edges { node { number warnings { code } } } } }", 9)


def test_repair_requests_with_everything():
    # Page; orders; order lines; photos; slips; links; tickets.
    costs(f"{{ repairRequests {{ edges {{ node {{ {CASE} intakeSlipUrl }} }} }} }}", 7)


def test_spare_part_requests_with_everything():
    # Page; orders; order lines; photos; links; tickets.
    costs(f"{{ sparePartRequests {{ edges {{ node {{ {CASE} }} }} }} }}", 6)


def test_staff_members_are_one_statement():
    costs("{ staffMembers { name isMe } }", 1)


def test_a_customers_orders_with_what_may_come_back():
    shop = shop_with_key()
    first = make_order(shop, delivered=NOON - DAY)
    customer = as_customer(first)
    query = f"""{{ orders {{ edges {{ node {{ {ORDER} returns {{ number }}
      fulfillments {{ deliveredAt lines {{ quantity orderLineId }} }} }} }} }} }}"""
    make_return(first)
    one = count(customer, query)
    for _ in range(3):
        grow(shop, user_id=first.user_id, email=first.email)

    # Who; page; lines; settings, policy, its rules, units on their way; parcels; their units; returns.
    assert (one, count(customer, query)) == (10, 10)


def test_all_about_a_customer():
    shop = shop_with_key()
    first = make_order(shop, delivered=NOON - DAY)
    grow(shop, user_id=first.user_id, email=first.email)
    staff = as_staff(shop)
    query = f"""{{ customer(email: "{first.email}") {{ orders {{ number }} tickets {{ number }}
      returns {{ number order {{ number }} }} repairRequests {{ number }} sparePartRequests {{ number }} }} }}"""
    staff.ask(query)
    one = count(staff, query)
    for _ in range(3):
        grow(shop, user_id=first.user_id, email=first.email)

    # The person; orders; conversations; returns; repairs; parts. Orders of returns are there already.
    assert (one - WHO, count(staff, query) - WHO) == (6, 6)


def test_one_ticket_as_its_page_shows_it():
    shop = shop_with_key()
    grow(shop)
    staff = as_staff(shop)
    ticket = make_ticket(make_order(shop))
    query = f'{{ ticket(id: "{to_global_id("Ticket", ticket.pk)}") {{ {TICKET} }} }}'
    staff.ask(query)

    # Ticket; order; cases; keys of messages, messages, their number, attachments.
    assert count(staff, query) - WHO == 7

"""A decision that the customer is told answers the request."""

from __future__ import annotations

import pytest

from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketState
from tests.make import NOON, make_message, make_order, make_return, make_ticket

pytestmark = pytest.mark.django_db


def decide(ticket: Ticket, case_id: int, *, decided: bool = True) -> Ticket:
    actions.add_system_line(
        ticket.shop,
        CaseKind.RETURN,
        case_id,
        event="return.approved",
        data={},
        source="event:1",
        at=NOON,
        decided=decided,
    )
    return Ticket.objects.get(pk=ticket.pk)


def asked() -> tuple[Ticket, int]:
    """A ticket in which the customer wrote nothing but the request itself."""
    ret = make_return(order=make_order())
    ticket = make_ticket(ret.order, messages=(), about=(CaseKind.RETURN, ret.pk))
    make_message(ticket, source=f"return:{ret.pk}")
    return ticket, ret.pk


def test_nothing_is_due_once_staff_have_decided_the_request():
    ticket, case_id = asked()

    after = decide(ticket, case_id)

    assert (after.state, after.due_at, after.unread) == (TicketState.PENDING, None, False)


def test_what_happens_by_itself_answers_nobody():
    ticket, case_id = asked()

    after = decide(ticket, case_id, decided=False)

    assert (after.state, after.due_at) == (TicketState.NEW, ticket.due_at)


def test_a_question_beside_the_request_still_waits_for_an_answer():
    ticket, case_id = asked()
    make_message(ticket, body="And when do you open?")

    after = decide(ticket, case_id)

    assert (after.state, after.due_at) == (TicketState.NEW, ticket.due_at)
    assert after.messages.filter(kind=MessageKind.CUSTOMER).count() == 2

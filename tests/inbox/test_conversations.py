"""What belongs together is one conversation: cases, messages, and the lines about them."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox import actions, queries
from saleor_aftercare.inbox.models import (
    CaseKind,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMessage,
    TicketState,
)
from tests.make import DAY, HOUR, NOON, make_file, make_order, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


def open_case(order: Any = None, *, shop: Shop | None = None, **values: Any) -> Ticket:
    """A return's ticket, with what the customer wrote."""
    about = order or shop
    given: dict[str, Any] = {
        "case": CaseKind.RETURN,
        "case_id": 7,
        "order": order,
        "subject": "RMA-1001",
        "customer_name": "Ada Example",
        "customer_email": "Ada@Customer.test",
        "user_id": "",
        "language": "en",
        "channel": TicketChannel.PORTAL,
        "body": "It does not grind.",
        "attachments": (),
        "source": "return:7",
        "at": NOON,
    } | values
    return actions.open_case_ticket(about.shop if order else shop, **given)


def write(order: Any, body: str = "Are you there?", **values: Any) -> TicketMessage:
    return actions.message_about_order(
        order, body=body, **{"attachments": (), "channel": TicketChannel.PORTAL, "at": NOON} | values
    )


def hear(ticket: Ticket, body: str = "Still waiting.", **values: Any) -> TicketMessage:
    given = {"author_name": "Ada", "author_email": "ada@customer.test", "attachments": (), "source": None, "at": LATER}
    return actions.receive_message(ticket, body=body, **given | values)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


# -- cases -----------------------------------------------------------------------------------------------------------


def test_a_case_opens_one_ticket_with_what_the_customer_wrote():
    order = make_order(language="ja")
    photo = make_file(order.shop)

    first = open_case(order, language="ja", attachments=[photo], subject="RMA-1001\n with  spaces")
    second = open_case(order, language="ja", attachments=[photo])

    assert first == second
    ticket = Ticket.objects.get()
    assert (ticket.number, ticket.state, ticket.subject) == (1001, TicketState.NEW, "RMA-1001 with spaces")
    assert (ticket.language, ticket.customer_email, ticket.order) == ("ja", "ada@customer.test", order)
    assert (ticket.unread, ticket.due_at) == (True, NOON + DAY)
    message = ticket.messages.get()
    assert (message.kind, message.body, message.source) == (MessageKind.CUSTOMER, "It does not grind.", "return:7")
    assert list(message.attachments.all()) == [photo]
    assert (ticket.last_message_id, ticket.last_message_preview) == (message.pk, "It does not grind.")


def test_a_case_without_words_opens_a_ticket_without_a_message():
    ticket = open_case(shop=make_shop(), body=" \n ")

    assert not ticket.messages.exists()
    assert ticket.order is None


def test_a_second_case_on_the_same_order_joins_the_running_conversation():
    order = make_order()
    first = open_case(order)
    actions.update(first, action="solve", subject=None, at=NOON, staff=make_staff(order.shop))

    second = open_case(order, case=CaseKind.REPAIR, case_id=3, source="repair:3", body="And repair the lid.", at=LATER)

    assert first == second
    assert queries.case_ids([first]) == {first.pk: {"return": [7], "repair": [3]}}
    assert fresh(first).state == TicketState.OPEN
    assert [m.body for m in queries.messages_of(first) if m.body] == ["It does not grind.", "And repair the lid."]


def test_cases_of_different_orders_and_of_no_order_stay_apart():
    shop = make_shop()

    tickets = [
        open_case(order, shop=shop, case_id=n, source=f"return:{n}")
        for n, order in enumerate((make_order(shop), make_order(shop), None, None))
    ]

    assert [t.number for t in tickets] == [1001, 1002, 1003, 1004]


@pytest.mark.parametrize("state", [TicketState.CLOSED, TicketState.SPAM])
def test_a_conversation_that_is_over_is_not_joined(state):
    order = make_order()
    over = make_ticket(order, state=state)

    assert open_case(order) != over
    assert write(order).ticket != over
    assert Ticket.objects.count() == 2


def test_the_same_case_number_in_another_shop_is_another_case():
    one, other = open_case(make_order()), open_case(make_order())

    assert one != other
    assert one.number == other.number == 1001
    assert queries.ticket_of_case(one.shop, CaseKind.RETURN, 7) == one


@pytest.mark.django_db(transaction=True)
def test_cases_and_messages_at_the_same_moment_make_one_ticket(at_once):
    order = make_order()

    tickets = at_once(
        [
            *[lambda n=n: open_case(order, case_id=n, source=f"return:{n}").pk for n in range(3)],
            *[lambda n=n: write(order, f"Message {n}").ticket_id for n in range(3)],
        ]
    )

    assert len(set(tickets)) == 1
    ticket = Ticket.objects.get()
    assert TicketLink.objects.filter(ticket=ticket).count() == 3
    assert ticket.messages.filter(kind=MessageKind.CUSTOMER).count() == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_case_at_the_same_moment_is_one_ticket_with_one_message(at_once):
    order = make_order()

    tickets = at_once([lambda: open_case(order).pk] * 4)

    assert len(set(tickets)) == 1
    assert TicketMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_meets_the_closing_of_its_conversation_is_not_lost(at_once):
    order = make_order()
    ticket = make_ticket(order, state=TicketState.SOLVED)
    clerk = make_staff(order.shop)

    outcomes = at_once(
        [
            lambda: actions.update(ticket, action="close", subject=None, at=NOON, staff=clerk).state,
            lambda: write(order, "One more thing.").body,
        ]
    )

    assert "One more thing." in outcomes
    assert queries.public_messages_about([order.pk]).filter(body="One more thing.").count() == 1


# -- messages --------------------------------------------------------------------------------------------------------


def test_a_message_about_an_order_opens_a_conversation_in_the_orders_words():
    order = make_order(language="ja")

    message = write(order, " <script>alert(1)</script> 動きません ", channel=TicketChannel.API)

    ticket = message.ticket
    assert (ticket.channel, ticket.language, ticket.customer_email) == (TicketChannel.API, "ja", order.email)
    assert ticket.subject == f"Order {order.number}"
    assert message.body == "<script>alert(1)</script> 動きません"
    assert (message.author_name, message.author_email) == (order.customer_name, order.email)


def test_the_next_message_joins_it():
    order = make_order()

    assert write(order).ticket == write(order, "Hello?").ticket
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "after", "due_at"),
    [
        (TicketState.NEW, TicketState.NEW, NOON + DAY),
        (TicketState.OPEN, TicketState.OPEN, NOON + DAY),
        (TicketState.PENDING, TicketState.OPEN, LATER + DAY),
        (TicketState.SOLVED, TicketState.OPEN, LATER + DAY),
    ],
)
def test_a_message_makes_it_the_shops_turn_and_the_oldest_unanswered_one_counts(state, after, due_at):
    ticket = make_ticket(state=state, unread=False, due_at=None)

    message = hear(ticket, "Still  not\nworking.")

    now = fresh(ticket)
    assert (now.state, now.unread, now.due_at) == (after, True, due_at)
    assert (now.last_message_at, now.last_message_id) == (LATER, message.pk)
    assert (now.last_message_kind, now.last_message_preview) == (MessageKind.CUSTOMER, "Still not working.")


def test_the_time_to_answer_is_the_shops_and_counts_from_the_first_unanswered_message():
    order = make_order(make_shop(settings={"answer_within_hours": 8}))
    ticket = write(order).ticket

    hear(ticket, at=NOON + HOUR)

    assert fresh(ticket).due_at == NOON + 8 * HOUR


def test_a_message_in_spam_stays_there_silently():
    ticket = make_ticket(state=TicketState.SPAM, unread=False)

    message = hear(ticket, "Buy now!")

    now = fresh(ticket)
    assert (now.state, now.unread, now.due_at) == (TicketState.SPAM, False, None)
    assert now.last_message_id == message.pk


def test_a_closed_ticket_takes_no_message():
    ticket = make_ticket(state=TicketState.CLOSED)
    before = Ticket.objects.values().get()

    with pytest.raises(Conflict, match="closed"):
        hear(ticket)

    assert Ticket.objects.values().get() == before
    assert ticket.messages.count() == 1


def test_the_same_source_is_the_same_message():
    ticket = make_ticket(messages=())

    first, second = hear(ticket, source="event:5"), hear(ticket, "Other words", source="event:5")

    assert first == second
    assert ticket.messages.get().body == "Still waiting."


@pytest.mark.parametrize("body", ["", " \n\t ", "x" * 50_001, "nul \0 byte", "half a pair \ud83d"])
def test_what_is_no_message_is_refused_and_changes_nothing(body):
    order = make_order()
    ticket = make_ticket(order, messages=())
    before = Ticket.objects.values().get()

    for attempt in (
        lambda: write(order, body),
        lambda: write(make_order(order.shop), body),
        lambda: hear(ticket, body),
        lambda: about_case(order, body),
    ):
        with pytest.raises(InvalidInput) as refused:
            attempt()
        assert refused.value.field == "body"

    assert Ticket.objects.values().get() == before
    assert not TicketMessage.objects.exists()


def test_fifty_thousand_characters_are_a_message():
    assert len(write(make_order(), "長" * 50_000).body) == 50_000


# -- messages about a case -------------------------------------------------------------------------------------------


def about_case(order: Any, body: str = "Any news?", **values: Any) -> TicketMessage:
    given = {"case": CaseKind.RETURN, "case_id": 7, "attachments": (), "channel": TicketChannel.PORTAL, "at": LATER}
    return actions.message_about_case(order, body=body, **given | values)


def test_a_message_about_a_case_goes_into_its_conversation():
    order = make_order()
    ticket = open_case(order)
    make_ticket(order, last_message_at=LATER)  # another, newer conversation about the order

    message = about_case(order, author_email="guest@customer.test")

    assert message.ticket == ticket
    assert message.author_email == "guest@customer.test"


def test_a_message_about_a_case_without_a_ticket_yet_opens_one_that_the_case_joins():
    order = make_order()

    message = about_case(order)

    assert open_case(order, at=LATER) == message.ticket


def test_a_message_about_a_case_whose_conversation_is_closed_opens_a_new_one():
    order = make_order()
    closed = open_case(order)
    Ticket.objects.update(state=TicketState.CLOSED)

    first, again = about_case(order, source="event:9"), about_case(order, source="event:9")

    assert first == again
    assert first.ticket != closed
    assert (first.ticket.order, first.ticket.state) == (order, TicketState.NEW)
    assert Ticket.objects.count() == 2


# -- lines -----------------------------------------------------------------------------------------------------------


def line(shop: Shop, **values: Any) -> TicketMessage | None:
    given = {"event": "return.approved", "data": {"number": "RMA-1"}, "source": "event:1", "at": LATER}
    return actions.add_system_line(shop, CaseKind.RETURN, 7, **given | values)


def test_a_line_about_a_case_is_told_once_and_makes_nobody_wait():
    ticket = open_case(make_order())
    actions.mark_read(ticket, at=NOON)
    before = fresh(ticket)

    first, second = line(ticket.shop), line(ticket.shop)

    assert first == second
    assert first is not None
    assert (first.kind, first.body, first.event, first.event_data) == (
        MessageKind.SYSTEM,
        "",
        "return.approved",
        {"number": "RMA-1"},
    )
    now = fresh(ticket)
    assert (now.state, now.unread, now.due_at) == (before.state, False, before.due_at)
    assert (now.last_message_at, now.last_message_preview) == (NOON, "It does not grind.")
    assert now.updated_at == LATER


def test_a_case_without_a_ticket_and_a_case_of_another_shop_have_no_place_for_lines():
    ticket = open_case(make_order())

    assert line(make_shop()) is None
    assert (
        actions.add_system_line(
            ticket.shop, CaseKind.REPAIR, 7, event="repair.accepted", data={}, source="event:2", at=NOON
        )
        is None
    )
    assert TicketMessage.objects.filter(kind=MessageKind.SYSTEM).count() == 0


def test_a_line_about_the_conversation_itself_is_told_once_even_when_it_is_closed():
    ticket = make_ticket(state=TicketState.CLOSED)

    first, second = (
        actions.add_line(ticket, event="mail.failed", data={"reason": "bounced"}, source="event:3", at=NOON)
        for _ in range(2)
    )

    assert first == second
    assert fresh(ticket).state == TicketState.CLOSED

"""Machines that answer machines: our acknowledgement starts no exchange and joins none (RFC 3834, domains.md §5)."""

from __future__ import annotations

import pytest
import time_machine

from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.inbox.intake import MAX_PER_HOUR
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from tests.inbox.mails import answer, hear, letter_of, make_mailbox, post, raw_mail, ticket_of
from tests.make import DAY, HOUR, NOON, make_shop, make_ticket

pytestmark = pytest.mark.django_db


def acknowledgements() -> int:
    return OutboundMessage.objects.filter(kind="inbox/received").count()


def test_a_first_mail_is_acknowledged_without_what_it_says():
    """What a stranger writes in somebody's name is not carried to them by us."""
    box = make_mailbox(auto_reply=True)

    ticket = ticket_of(hear(box, raw_mail("Buy cheap watches", message_id="<one@customer.test>")))

    letter = letter_of(ticket)
    assert (letter.kind, letter.to_email, letter.subject) == (
        "inbox/received",
        "ada@customer.test",
        f"[#{ticket.number}] Grinder",
    )
    assert letter.headers["Auto-Submitted"] == "auto-replied"
    assert letter.headers["In-Reply-To"] == letter.headers["References"] == "<one@customer.test>"
    assert "watches" not in letter.text + letter.html
    assert len(post()) == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread) == (TicketState.NEW, True)
    assert ticket.messages.filter(event="ticket.acknowledged").count() == 1


def test_a_japanese_mail_is_acknowledged_in_japanese():
    ticket = ticket_of(hear(make_mailbox(auto_reply=True), raw_mail("ハンドルが回りません。")))

    assert "お問い合わせ" in letter_of(ticket).text or "メッセージ" in letter_of(ticket).text


def test_only_first_messages_are_acknowledged_and_one_sender_once_a_day():
    box = make_mailbox(auto_reply=True)
    with time_machine.travel(NOON, tick=False):
        first = ticket_of(hear(box))
        hear(box, raw_mail("More.", In_Reply_To=letter_of(first).message_id))
        hear(box, raw_mail("Something else.", subject="Another"))
        assert acknowledgements() == 1
    with time_machine.travel(NOON + DAY, tick=False):
        hear(box, raw_mail("Tomorrow.", subject="A third"))

    assert acknowledgements() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.customer.test>"},
        {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"},
        {"sender": "noreply@service.test"},
    ],
)
def test_machines_and_lists_are_not_acknowledged(headers: dict[str, str]):
    hear(make_mailbox(auto_reply=True), raw_mail(**headers))

    assert acknowledgements() == 0


def test_a_mailbox_that_is_to_be_silent_is():
    hear(make_mailbox())

    assert acknowledgements() == 0


def test_auto_submitted_no_is_a_person_whatever_stands_behind_it():
    hear(make_mailbox(auto_reply=True), raw_mail(Auto_Submitted="no; owner=ada"))

    assert acknowledgements() == 1


def test_two_automatic_answerers_exchange_one_mail_each():
    box = make_mailbox(auto_reply=True)
    ticket = ticket_of(hear(box))

    for _round in range(5):
        newest = letter_of(ticket)
        hear(
            box,
            raw_mail("I am away.", subject="Auto: away", In_Reply_To=newest.message_id, Auto_Submitted="auto-replied"),
        )

    assert len(post()) == 1
    assert Ticket.objects.count() == 1


def test_an_answerer_that_hides_what_it_is_ends_where_we_fall_silent():
    """zammad#1131, frappe/helpdesk#3628: its answers have neither marks nor references, each a new subject."""
    box = make_mailbox(auto_reply=True)
    with time_machine.travel(NOON, tick=False):
        sent = 0
        for turn in range(MAX_PER_HOUR + 20):
            hear(box, raw_mail(f"Thank you for your mail no. {turn}.", subject=f"Ticket {turn} received"))
            sent = len(post())

    assert sent == 1
    assert Ticket.objects.count() == MAX_PER_HOUR
    assert TicketMessage.objects.filter(kind=MessageKind.CUSTOMER).count() == MAX_PER_HOUR + 20


def test_what_comes_too_often_is_kept_in_the_newest_conversation_and_wakes_nobody():
    box = make_mailbox()
    with time_machine.travel(NOON, tick=False):
        for turn in range(MAX_PER_HOUR):
            inbound = hear(box, raw_mail(f"{turn}", subject=f"Alarm {turn}"))
        ticket = ticket_of(inbound)
        answer(ticket)
        flood = hear(box, raw_mail("one more", subject="Alarm"))

    assert (flood.state, flood.outcome, ticket_of(flood)) == ("filed", "loop", ticket)
    assert ticket_of(flood).state == TicketState.PENDING
    assert run_due() == 0


def test_a_flood_from_nobody_goes_to_no_strangers_conversation():
    box = make_mailbox()
    with time_machine.travel(NOON, tick=False):
        for turn in range(MAX_PER_HOUR):
            inbound = hear(box, raw_mail(f"{turn}", subject=f"Alarm {turn}", sender=""))
        make_ticket(shop=box.shop, channel="phone", customer_email="", last_message_at=NOON + HOUR)
        flood = hear(box, raw_mail("one more", subject="Alarm", sender=""))

    assert (flood.outcome, ticket_of(flood)) == ("loop", ticket_of(inbound))


def test_others_are_heard_while_one_floods():
    box = make_mailbox()
    with time_machine.travel(NOON, tick=False):
        for turn in range(MAX_PER_HOUR + 1):
            hear(box, raw_mail(f"{turn}", subject=f"Alarm {turn}"))
        inbound = hear(box, raw_mail(sender="bob@customer.test"))

    assert inbound.outcome == "new_ticket"


def test_the_mailbox_that_heard_a_mail_acknowledges_it_and_answers_it():
    shop = make_shop()
    make_mailbox(shop, is_default=True)
    named = {"sender_name": "Komorebi Sales", "outgoing": "smtp", "auto_reply": True}
    sales = make_mailbox(shop, address="sales@komorebi.test", **named)

    ticket = ticket_of(hear(sales))

    assert letter_of(ticket).from_email == '"Komorebi Sales" <sales@komorebi.test>'
    assert answer(ticket).from_email == '"Komorebi Sales" <sales@komorebi.test>'

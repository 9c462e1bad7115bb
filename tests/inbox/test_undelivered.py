"""Letters that came back, and letters that somebody called spam: told in reports of mail servers (domains.md §5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from saleor_aftercare.channels.models import InboundState
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.inbox.models import TicketState
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage, Suppression, SuppressionReason
from saleor_aftercare.mail.reading.message import read
from tests.inbox.mails import answer, hear, make_mailbox, ticket_of
from tests.make import make_letter, make_shop, make_ticket

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[1] / "files" / "mails"


def bounce_of(letter: OutboundMessage, *, status: str = "5.1.1", recipient: str = "") -> bytes:
    """A delivery report as RFC 3464 writes it."""
    failed = recipient or letter.to_email
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.customer.test>
To: support@komorebi.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.customer.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.test

Final-Recipient: rfc822; {failed}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user

--b
Content-Type: text/rfc822-headers

Message-ID: {letter.message_id}
To: {failed}
--b--
""".replace("\n", "\r\n").encode()


def test_a_letter_that_bounced_says_so_calls_for_staff_and_nothing_more_is_sent_there():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)

    inbound = hear(box, bounce_of(letter))

    letter.refresh_from_db()
    ticket.refresh_from_db()
    assert (inbound.state, inbound.outcome, inbound.kind) == ("filed", "bounce", "bounce")
    assert (letter.state, letter.error) == (DeliveryState.BOUNCED, "5.1.1 550 5.1.1 No such user")
    suppressed = Suppression.objects.get()
    assert (suppressed.email, suppressed.reason) == ("ada@customer.test", SuppressionReason.BOUNCED)
    assert (ticket.state, ticket.unread) == (TicketState.OPEN, True)
    assert ticket.messages.filter(event="letter.bounced").count() == 1


def test_a_full_mailbox_is_no_reason_never_to_write_there_again():
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))

    hear(box, bounce_of(letter, status="4.2.2"))

    letter.refresh_from_db()
    assert letter.state == DeliveryState.BOUNCED
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("status", ["5.7.1", "5.2.2", "5.2.3"])
def test_a_letter_that_was_refused_is_no_reason_never_to_write_there_again(status: str):
    """The customer is there; what a filter disliked about one letter says nothing about the next."""
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))

    hear(box, bounce_of(letter, status=status))

    letter.refresh_from_db()
    assert letter.state == DeliveryState.BOUNCED
    assert not Suppression.objects.exists()


def test_a_letter_that_is_only_delayed_has_not_come_back():
    """The server still tries: there is nothing for anybody to do."""
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    raw = bounce_of(letter, status="4.4.1").replace(b"Action: failed", b"Action: delayed")

    inbound = hear(box, raw)

    letter.refresh_from_db()
    assert letter.state == DeliveryState.SENT
    assert (inbound.state, inbound.outcome, inbound.kind) == ("ignored", "delay", "bounce")
    assert not Suppression.objects.exists()


def test_a_report_about_a_letter_that_we_never_wrote_changes_nothing():
    """Lying senders: else anybody could keep a customer from getting mail."""
    box = make_mailbox()
    answer(ticket_of(hear(box)))

    inbound = hear(box, bounce_of(OutboundMessage(message_id="<made-up@komorebi.test>", to_email="ada@customer.test")))

    assert (inbound.state, inbound.outcome) == ("ignored", "bounce:unknown_letter")
    assert not Suppression.objects.exists()
    assert not OutboundMessage.objects.filter(state=DeliveryState.BOUNCED).exists()


def test_a_bounce_of_a_copy_does_not_say_that_the_customer_has_nothing():
    ticket = make_ticket(customer_email="ada@customer.test")
    letter = make_letter(ticket.shop, state=DeliveryState.SENT, to_email="ada@customer.test", cc=["bob@customer.test"])

    hear(make_mailbox(ticket.shop), bounce_of(letter, recipient="Bob@customer.test"))

    letter.refresh_from_db()
    assert letter.state == DeliveryState.SENT
    assert Suppression.objects.get().email == "bob@customer.test"


def test_a_bounce_that_overtakes_the_end_of_sending_waits_for_it():
    shop = make_shop()
    letter = make_letter(shop, state=DeliveryState.SENDING)

    inbound = hear(make_mailbox(shop), bounce_of(letter))

    assert inbound.state == InboundState.RECEIVED
    assert Job.objects.get(kind="channels.read").state == JobState.PENDING


def test_who_calls_a_letter_spam_gets_nothing_unasked_any_more():
    shop = make_shop()
    raw = (MAILS / "complaint-arf.eml").read_bytes()
    letter = make_letter(shop, state=DeliveryState.SENT)
    named = read(raw).complaint.original_message_id
    OutboundMessage.objects.filter(pk=letter.pk).update(message_id=f"<{named}>")

    inbound = hear(make_mailbox(shop), raw)

    assert (inbound.state, inbound.outcome) == ("filed", "complaint")
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINED

"""Two workers, one mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from saleor_aftercare.channels import actions as channels
from saleor_aftercare.channels.models import InboundMessage
from saleor_aftercare.core.models import Event, Job, StoredFile
from saleor_aftercare.inbox import intake
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage
from saleor_aftercare.people.models import Person
from tests.inbox.mails import answer, hear, make_mailbox, raw_mail, ticket_of
from tests.make import NOON

pytestmark = pytest.mark.django_db(transaction=True)

AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]


def test_two_deliveries_of_one_mail_at_once_are_one_row_with_one_job(at_once: AtOnce):
    box, raw = make_mailbox(), raw_mail()

    found = at_once([lambda: channels.take_in(box, raw, at=NOON)] * 4)

    assert len({row.pk for row in found}) == 1
    assert (InboundMessage.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert Job.objects.filter(kind="channels.read").count() == 1


def test_two_workers_that_read_the_same_mail_at_once_hear_it_once(at_once: AtOnce):
    inbound = channels.take_in(make_mailbox(), raw_mail(), at=NOON)

    at_once([lambda: intake.read_and_file(inbound.pk, attempts=1)] * 4)

    assert (Ticket.objects.count(), TicketMessage.objects.filter(kind=MessageKind.CUSTOMER).count()) == (1, 1)
    assert Event.objects.filter(kind="ticket.customer_wrote").count() == 1


def test_copies_that_two_mailboxes_bring_at_once_are_heard_once(at_once: AtOnce):
    first = make_mailbox()
    second = make_mailbox(first.shop, address="sales@komorebi.test")
    raw = raw_mail(message_id="<both@customer.test>")
    rows = [
        channels.take_in(first, raw, at=NOON),
        channels.take_in(second, b"Delivered-To: sales@komorebi.test\r\n" + raw, at=NOON),
    ]

    at_once([lambda pk=row.pk: intake.read_and_file(pk, attempts=1) for row in rows])

    assert sorted(InboundMessage.objects.values_list("outcome", flat=True)) == ["copy", "new_ticket"]
    assert Ticket.objects.count() == 1


def test_two_first_mails_of_one_person_at_once_know_one_person(at_once: AtOnce):
    box = make_mailbox()
    rows = [channels.take_in(box, raw_mail(subject=f"Question {n}"), at=NOON) for n in range(4)]

    at_once([lambda pk=row.pk: intake.read_and_file(pk, attempts=1) for row in rows])

    assert (Ticket.objects.count(), Person.objects.count()) == (4, 1)
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1001, 1002, 1003, 1004]


def test_two_answers_to_one_letter_at_once_join_one_conversation(at_once: AtOnce):
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    rows = [channels.take_in(box, raw_mail(f"Photo {n}", In_Reply_To=letter.message_id), at=NOON) for n in range(4)]

    at_once([lambda pk=row.pk: intake.read_and_file(pk, attempts=1) for row in rows])

    assert ticket.messages.filter(kind=MessageKind.CUSTOMER).count() == 5
    assert Ticket.objects.count() == 1

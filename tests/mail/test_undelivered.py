"""A letter that did not arrive is told where staff look."""

from __future__ import annotations

import pytest
from anymail.exceptions import AnymailRecipientsRefused

from saleor_aftercare.core import jobs
from saleor_aftercare.inbox.models import CaseKind, MessageKind, TicketMessage
from saleor_aftercare.mail import letters
from tests.make import NOON, make_letter, make_repair, make_ticket

pytestmark = pytest.mark.django_db


def lines() -> list[tuple[int, str]]:
    rows = TicketMessage.objects.filter(kind=MessageKind.SYSTEM).order_by("pk")
    return list(rows.values_list("ticket", "event"))


def test_in_the_ticket_of_the_case(post):
    repair = make_repair()
    ticket = make_ticket(shop=repair.shop, about=(CaseKind.REPAIR, repair.pk))
    letters._schedule(make_letter(repair.shop, subject_type="repair", subject_id=repair.pk), at=NOON)
    post.before.append(AnymailRecipientsRefused())

    jobs.run_due()

    assert lines() == [(ticket.pk, "mail.failed")]


def test_in_the_ticket_of_the_conversation(post):
    ticket = make_ticket()
    letters._schedule(make_letter(ticket.shop, subject_type="ticket", subject_id=ticket.pk), at=NOON)
    post.after.append(TimeoutError())

    jobs.run_due()

    assert lines() == [(ticket.pk, "mail.lost")]


def test_and_nowhere_for_a_letter_that_belongs_to_no_conversation(post):
    letters._schedule(make_letter(kind="access/guest_code"), at=NOON)
    post.before.append(AnymailRecipientsRefused())

    jobs.run_due()

    assert lines() == []

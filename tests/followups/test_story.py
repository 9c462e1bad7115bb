"""From the parcel that leaves to the ticket that a bad answer opens, with every reaction at work."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from saleor_aftercare.connection.events import FulfillmentDispatched, OrderCanceled
from saleor_aftercare.connection.models import DeliverySource
from saleor_aftercare.connection.orders import confirm_delivery
from saleor_aftercare.core import jobs
from saleor_aftercare.core.events import publish
from saleor_aftercare.followups import actions
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.inbox.models import CaseKind, TicketLink
from tests.make import DAY, NOON, make_order, make_return, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """An order of which a parcel has just left."""
    order = make_order(delivered=NOON + 2 * DAY, delivered_source=DeliverySource.ESTIMATE)
    publish(FulfillmentDispatched(order.fulfillments.get().pk), shop=order.shop, at=NOON)
    run_at(NOON)
    return order


def run_at(moment):
    with time_machine.travel(moment, tick=False):
        jobs.run_due()


def followup_of(order):
    return FollowUp.objects.get(order=order)


def test_the_carrier_knows_better_and_a_bad_answer_opens_a_ticket(order):
    parcel = order.fulfillments.get()
    confirm_delivery(parcel, source=DeliverySource.CARRIER, delivered_at=NOON + DAY, at=NOON + DAY)
    run_at(NOON + DAY)
    run_at(NOON + 4 * DAY)

    assert [sent.subject for sent in mail.outbox] == [f"Has your order {order.number} arrived safely?"]
    for _press in range(2):
        actions.answer(
            followup_of(order),
            answer=FollowUpAnswer.SOMETHING_WRONG,
            comment="The lid is broken.",
            at=NOON + 5 * DAY,
        )
    run_at(NOON + 5 * DAY)

    link = TicketLink.objects.get(kind=CaseKind.FOLLOW_UP, case_id=followup_of(order).pk)
    assert [message.body for message in link.ticket.messages.exclude(body="")] == ["The lid is broken."]


def test_a_good_answer_opens_none(order):
    run_at(NOON + 6 * DAY)
    actions.answer(followup_of(order), answer=FollowUpAnswer.ALL_WELL, comment="", at=NOON + 6 * DAY)
    run_at(NOON + 6 * DAY)

    assert not TicketLink.objects.exists()


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (make_return, "return_open"),
        (make_ticket, "ticket_open"),
        (lambda order: publish(OrderCanceled(order.pk), shop=order.shop, at=NOON), "order_canceled"),
    ],
)
def test_what_happened_meanwhile_stops_it(order, what, reason):
    what(order)
    run_at(NOON + timedelta(hours=1))

    run_at(NOON + 6 * DAY)

    followup = followup_of(order)
    assert (followup.state, followup.skip_reason) == (FollowUpState.SKIPPED, reason)
    assert mail.outbox == []

"""Repairs, spare parts, follow-ups, conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saleor_aftercare.connection.models import (
    Fulfillment,
    Order,
)
from saleor_aftercare.core.models import Shop
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.inbox.models import (
    CaseKind,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.parts.models import SparePartRequest, SparePartState
from saleor_aftercare.repairs.models import RepairRequest, RepairState

from .base import DAY, HOUR, NOON, serial
from .orders import make_order
from .shops import make_shop


def make_repair(
    order: Order | None = None, *, shop: Shop | None = None, state: RepairState = RepairState.REQUESTED, **values: Any
) -> RepairRequest:
    """A request to repair the order's first product; without an order, one that was bought elsewhere."""
    n = serial()
    line = order.lines.first() if order else None
    return RepairRequest.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": f"REP-{1000 + n}",
            "order": order,
            "order_line": line,
            "customer_name": order.customer_name if order else "Ada Example",
            "customer_email": order.email if order else f"ada-{n}@customer.test",
            "language": order.language if order else "en",
            "product_name": line.product_name if line else "Hand grinder",
            "serial_number": f"SN-{n}",
            "description": "The handle turns, but nothing is ground.",
            "state": state,
            "state_since": NOON,
            "decline_reason": "We do not repair this model." if state == RepairState.DECLINED else "",
            "requested_at": NOON,
            "checked_in_at": NOON if state == RepairState.CHECKED_IN else None,
        }
        | values
    )


def make_spare_part(
    order: Order | None = None,
    *,
    shop: Shop | None = None,
    state: SparePartState = SparePartState.REQUESTED,
    **values: Any,
) -> SparePartRequest:
    """A request for one part of the order's first product."""
    n = serial()
    line = order.lines.first() if order else None
    return SparePartRequest.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": f"PRT-{1000 + n}",
            "order": order,
            "order_line": line,
            "customer_name": order.customer_name if order else "Ada Example",
            "customer_email": order.email if order else f"ada-{n}@customer.test",
            "language": order.language if order else "en",
            "product_name": line.product_name if line else "Hand grinder",
            "serial_number": f"SN-{n}",
            "part_description": "The small spring under the handle.",
            "quantity": 1,
            "state": state,
            "state_since": NOON,
            "decline_reason": "This part is no longer made." if state == SparePartState.DECLINED else "",
            "requested_at": NOON,
        }
        | values
    )


def make_followup(
    fulfillment: Fulfillment | None = None, *, state: FollowUpState = FollowUpState.SCHEDULED, **values: Any
) -> FollowUp:
    """An arrival check of a parcel that was delivered three days ago; no job is scheduled for it."""
    if fulfillment is None:
        fulfillment = make_order(delivered=NOON - 3 * DAY).fulfillments.get()
    answered = state == FollowUpState.ANSWERED
    return FollowUp.objects.create(
        **{
            "shop": fulfillment.shop,
            "order": fulfillment.order,
            "fulfillment": fulfillment,
            "due_at": NOON,
            "state": state,
            "state_since": NOON,
            "skip_reason": "order_canceled" if state == FollowUpState.SKIPPED else "",
            "answer": FollowUpAnswer.ALL_WELL if answered else "",
            "answered_at": NOON if answered else None,
        }
        | values
    )


def make_ticket(
    order: Order | None = None,
    *,
    shop: Shop | None = None,
    state: TicketState = TicketState.NEW,
    messages: Sequence[str] = ("It does not grind.",),
    about: tuple[CaseKind, int] | None = None,
    **values: Any,
) -> Ticket:
    """A conversation with the customer's ``messages``, an hour apart; ``about`` links it to a case."""
    n = serial()
    ticket = Ticket.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": 1000 + n,
            "subject": "Hand grinder",
            "state": state,
            "state_since": NOON,
            "channel": TicketChannel.PORTAL,
            "language": order.language if order else "en",
            "customer_name": order.customer_name if order else "Ada Example",
            "customer_email": order.email if order else f"ada-{n}@customer.test",
            "customer_user_id": order.user_id if order else "",
            "order": order,
            "created_at": NOON,
            "updated_at": NOON,
            "last_message_at": NOON,
            "last_message_kind": MessageKind.CUSTOMER,
            "due_at": NOON + DAY if state in {TicketState.NEW, TicketState.OPEN} else None,
        }
        | values
    )
    for index, body in enumerate(messages):
        make_message(ticket, body=body, created_at=NOON + index * HOUR)
    if about:
        TicketLink.objects.create(shop=ticket.shop, ticket=ticket, kind=about[0], case_id=about[1])
    return ticket


def make_message(ticket: Ticket, *, kind: MessageKind = MessageKind.CUSTOMER, **values: Any) -> TicketMessage:
    """One more message; the ticket's columns about its last message follow."""
    message = TicketMessage.objects.create(
        **{
            "shop": ticket.shop,
            "ticket": ticket,
            "kind": kind,
            "author_name": ticket.customer_name if kind == MessageKind.CUSTOMER else "Mei Tanaka",
            "author_email": ticket.customer_email if kind == MessageKind.CUSTOMER else "mei@komorebi.test",
            "body": "It does not grind.",
            "language": ticket.language,
            "created_at": NOON,
        }
        | values
    )
    ticket.last_message_id = message.pk
    ticket.last_message_at = ticket.updated_at = message.created_at
    ticket.last_message_kind = message.kind
    ticket.last_message_preview = message.body[:200]
    ticket.save()
    return ticket.messages.get(pk=message.pk)

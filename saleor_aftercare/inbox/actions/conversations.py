"""Which conversation something belongs to: the running one about the same order, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.inbox.models import (
    ACTIVE_STATES,
    CaseKind,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMessage,
    TicketState,
)

from .hearing import open_ticket, receive_message
from .thread import change, checked_body, lock


def open_case_ticket(
    shop: Shop,
    *,
    case: CaseKind,
    case_id: int,
    order: Order | None,
    subject: str,
    customer_name: str,
    customer_email: str,
    user_id: str,
    language: str,
    channel: TicketChannel,
    body: str,
    attachments: Sequence[StoredFile],
    source: str,
    at: datetime,
) -> Ticket:
    """The ticket of a case: the customer's running conversation about the same order, else a new one.

    Idempotent by ``(case, case_id)``. ``body`` is what the customer wrote with the case; empty for nothing.
    """
    with transaction.atomic():
        # One conversation at a time is opened for a customer: two cases at once must find each other.
        Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
        link = TicketLink.objects.filter(shop=shop, kind=case, case_id=case_id).select_related("ticket__shop").first()
        if link is not None:
            return link.ticket
        ticket = _running_conversation(order) if order is not None else None
        if ticket is None:
            ticket = open_ticket(
                shop,
                subject=subject,
                channel=channel,
                language=language,
                customer_name=customer_name,
                customer_email=customer_email,
                user_id=user_id,
                order=order,
                at=at,
            )
        TicketLink.objects.create(shop=shop, ticket=ticket, kind=case, case_id=case_id)
        if body.strip():
            receive_message(
                ticket,
                body=body,
                author_name=customer_name,
                author_email=customer_email,
                attachments=attachments,
                source=source,
                at=at,
            )
        else:
            change(ticket, at=at)
    return ticket


def message_about_order(
    order: Order,
    *,
    body: str,
    attachments: Sequence[StoredFile],
    channel: TicketChannel,
    at: datetime,
    author_email: str = "",
    source: str | None = None,
) -> TicketMessage:
    """A customer writes about an order: joins the running conversation, or opens one.

    ``author_email`` is the order's when not said. ``source`` is what the message came from, unique in the shop: a
    second call with it returns the first message. Raises InvalidInput("body") for an empty or endless text.
    """
    checked_body(body)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(pk=order.shop_id)
        if source and (known := TicketMessage.objects.filter(shop=order.shop_id, source=source).first()):
            return known
        ticket = _running_conversation(order) or open_ticket(
            order.shop,
            subject=_("Order %(number)s") % {"number": order.number},
            channel=channel,
            language=order.language,
            customer_name=order.customer_name,
            customer_email=order.email,
            user_id=order.user_id,
            order=order,
            at=at,
        )
        return receive_message(
            ticket,
            body=body,
            author_name=order.customer_name,
            author_email=author_email or order.email,
            attachments=attachments,
            source=source,
            at=at,
        )


def message_about_case(
    order: Order,
    *,
    case: CaseKind,
    case_id: int,
    body: str,
    attachments: Sequence[StoredFile],
    channel: TicketChannel,
    at: datetime,
    author_email: str = "",
    gift_recipient: str = "",
    source: str | None = None,
) -> TicketMessage:
    """A customer writes about a case of ``order``: into the case's conversation as long as that is not closed.

    Else, and for a case so new that it has none yet, it is a message about the order. Parameters and errors are
    those of :func:`message_about_order`. ``gift_recipient`` is the name of somebody else, with ``author_email``, who
    asked for the case: their conversation is never the one about the order, which its customer reads.
    """
    with transaction.atomic():
        if gift_recipient:
            Shop.objects.select_for_update(no_key=True).get(pk=order.shop_id)
        link = TicketLink.objects.filter(shop=order.shop_id, kind=case, case_id=case_id).first()
        ticket = lock(link.ticket) if link else None
        if ticket is not None and ticket.state != TicketState.CLOSED:
            return receive_message(
                ticket,
                body=body,
                author_name=gift_recipient or order.customer_name,
                author_email=author_email or order.email,
                attachments=attachments,
                source=source,
                at=at,
            )
        if gift_recipient:
            checked_body(body)
            apart = open_ticket(
                order.shop,
                subject=_("Order %(number)s") % {"number": order.number},
                channel=channel,
                language=order.language,
                customer_name=gift_recipient,
                customer_email=author_email,
                user_id="",
                order=None,
                at=at,
            )
            if link is None:
                TicketLink.objects.create(shop_id=order.shop_id, ticket=apart, kind=case, case_id=case_id)
            return receive_message(
                apart,
                body=body,
                author_name=gift_recipient,
                author_email=author_email,
                attachments=attachments,
                source=source,
                at=at,
            )
    return message_about_order(
        order,
        body=body,
        attachments=attachments,
        channel=channel,
        author_email=author_email,
        source=source,
        at=at,
    )


def _running_conversation(order: Order) -> Ticket | None:
    """The newest conversation about the order that may go on, held so that nobody closes it meanwhile."""
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("shop")
        .filter(order=order, state__in=[*ACTIVE_STATES, TicketState.SOLVED])
        .order_by("-last_message_at", "-pk")
        .first()
    )

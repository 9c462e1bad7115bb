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

from .hearing import may_go_on, receive_message
from .opening import open_ticket
from .thread import change, checked_body, lock, lock_heir


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
        ticket, past = _conversation(order, at=at) if order is not None else (None, None)
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
                follows=past,
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
        running, past = _conversation(order, at=at)
        ticket = running or open_ticket(
            order.shop,
            subject=_("Order %(number)s") % {"number": order.number},
            channel=channel,
            language=order.language,
            customer_name=order.customer_name,
            customer_email=order.email,
            user_id=order.user_id,
            order=order,
            follows=past,
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
        if ticket is not None and may_go_on(ticket, at=at):
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
                follows=ticket,
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


def _conversation(order: Order, *, at: datetime) -> tuple[Ticket | None, Ticket | None]:
    """The newest conversation about the order: as the first where it may go on, as the second where it is over.

    Held, so that nobody closes it meanwhile. One that runs comes before one that is over.
    """
    rows = Ticket.objects.filter(order=order).order_by("-last_message_at", "-pk")
    running = rows.filter(state__in=[*ACTIVE_STATES, TicketState.SOLVED]).first()
    if running is not None:
        held = lock_heir(running)
        if may_go_on(held, at=at):
            return held, None
        return None, held
    return None, rows.filter(state=TicketState.CLOSED).first()

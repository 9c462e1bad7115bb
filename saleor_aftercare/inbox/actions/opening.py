"""Beginning conversations: with a number, a person, a log, and an event that tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.events import CUSTOMER, SYSTEM, Happening, publish_all
from saleor_aftercare.core.ids import next_numbers
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.texts import storable
from saleor_aftercare.inbox.events import TicketOpened
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketState
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.people.actions import person_of_customer, person_of_order
from saleor_aftercare.people.models import Person

MAX_SUBJECT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A conversation that is to begin.

    ``by_shop``: no customer began it, so nobody waits for an answer. ``is_heard``: the caller writes the customer's
    words into the very object next; see ``inbox.sla.actions.begin``.
    """

    subject: str
    channel: TicketChannel
    language: str
    customer_name: str
    customer_email: str
    user_id: str
    order: Order | None
    at: datetime
    person: Person | None = None
    account: ChannelAccount | None = None
    team_id: int | None = None
    follows: Ticket | None = None
    spam: bool = False
    by_shop: bool = False
    is_heard: bool = False


def open_ticket(
    shop: Shop,
    *,
    subject: str,
    channel: TicketChannel,
    language: str,
    customer_name: str,
    customer_email: str,
    user_id: str,
    order: Order | None,
    at: datetime,
    person: Person | None = None,
    account: ChannelAccount | None = None,
    team_id: int | None = None,
    follows: Ticket | None = None,
    by_shop: bool = False,
) -> Ticket:
    """A new conversation, without a message yet; with the customer's person, where the caller knows none."""
    (ticket,) = open_tickets(
        shop,
        [
            Opening(
                subject=subject,
                channel=channel,
                language=language,
                customer_name=customer_name,
                customer_email=customer_email,
                user_id=user_id,
                order=order,
                at=at,
                person=person,
                account=account,
                team_id=team_id,
                follows=follows,
                by_shop=by_shop,
            )
        ],
    )
    return ticket


def open_tickets(shop: Shop, openings: Sequence[Opening]) -> list[Ticket]:
    """New conversations in their order, as :func:`open_ticket`; as many statements for all as for one."""
    if not openings:
        return []
    persons = [one.person or _person_of(shop, one) for one in openings]
    numbers = next_numbers(shop, "ticket", len(openings))
    tickets = [_new(shop, *each) for each in zip(openings, persons, numbers, strict=True)]
    Ticket.objects.bulk_create(tickets)
    for one, ticket in zip(openings, tickets, strict=True):
        sla.begin(ticket, by_shop=one.by_shop or one.channel == TicketChannel.STAFF, is_heard=one.is_heard)
    publish_all(
        [
            Happening(
                TicketOpened(ticket.pk, channel=one.channel.value, follows=one.follows.pk if one.follows else None),
                one.at,
                SYSTEM if one.by_shop else CUSTOMER,
            )
            for one, ticket in zip(openings, tickets, strict=True)
        ],
        shop=shop,
    )
    return tickets


def _new(shop: Shop, one: Opening, person: Person | None, number: int) -> Ticket:
    return Ticket(
        shop=shop,
        number=number,
        subject=" ".join(storable(one.subject).split())[:MAX_SUBJECT],
        state=TicketState.SPAM if one.spam else TicketState.NEW,
        state_since=one.at,
        channel=one.channel,
        account=one.account,
        person=person,
        team_id=one.team_id,
        follows=one.follows,
        language=one.language,
        customer_name=storable(one.customer_name).strip()[:300],
        customer_email=one.customer_email.lower()[:254],
        customer_user_id=one.user_id,
        order=one.order,
        created_at=one.at,
        updated_at=one.at,
        revision=revision(),
        last_message_at=one.at,
        last_message_kind=MessageKind.SYSTEM,
        unread=not one.spam,
    )


def _person_of(shop: Shop, one: Opening) -> Person | None:
    if one.order is not None and one.customer_email.lower() == one.order.email:
        return person_of_order(one.order, at=one.at)
    name = storable(one.customer_name).strip()
    return person_of_customer(
        shop, email=one.customer_email, user_id=one.user_id, name=name, language=one.language, at=one.at
    )

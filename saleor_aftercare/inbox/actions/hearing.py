"""The one door for what customers say, by whatever channel: it finds or opens the conversation and writes into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from saleor_aftercare.channels.models import Call, ChannelAccount, InboundMessage
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core.events import CUSTOMER, SYSTEM, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.inbox.events import CustomerWrote, TicketOpened
from saleor_aftercare.inbox.models import (
    ACTIVE_STATES,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.people.actions import identity_of, person_of_customer, person_of_order
from saleor_aftercare.people.models import Identity, IdentityKind, Person

from .thread import MAX_BODY, add, change, checked_body, lock, lock_heir, set_newest

MAX_SUBJECT: Final = 300
#: What a mail quotes is kept up to here; the raw mail has all of it.
MAX_QUOTED: Final = 200_000


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks, as their channel knows them."""

    kind: IdentityKind
    value: str
    name: str = ""
    language: str = ""  #: that they showed; empty: unknown
    verified_at: datetime | None = None  #: when it was proved that the identity is theirs


@dataclass(frozen=True, slots=True)
class Extras:
    """What some channels know of a message besides its words."""

    quoted: str = ""
    html: StoredFile | None = None  #: made safe
    has_remote_content: bool = False
    inbound: InboundMessage | None = None
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of something that was said."""

    message: TicketMessage
    ticket: Ticket
    opened: bool  #: it began a conversation
    is_new: bool  #: False: this very message was heard before, and nothing was done


def hear(
    shop: Shop,
    *,
    source: str,
    channel: TicketChannel,
    sender: Sender | None,
    body: str,
    at: datetime,
    subject: str = "",
    email: str = "",
    language: str = "",
    account: ChannelAccount | None = None,
    ticket: Ticket | None = None,
    join_running: bool = False,
    follows: Ticket | None = None,
    order: Order | None = None,
    attachments: Sequence[StoredFile] = (),
    automatic: bool = False,
    extras: Extras | None = None,
) -> Heard:
    """Somebody on the customer's side said something: the one door for every channel.

    Nobody can be asked to write it again, so nothing is refused: what the database cannot hold is taken out of the
    words, and what is too long is cut (the delivery as it came has all of it). One transaction: the conversation is
    found or opened, the message added, events published (TicketOpened, CustomerWrote).

    * With ``ticket`` it goes there, and to the one that this was merged into. Whoever calls has made sure that the
      sender belongs to it. Solved no longer ago than the shop's ``reopen_days``, it reopens; longer ago, or closed for
      good, a linked one is opened (``follows``). Spam stays spam.
    * Without, and with ``join_running``, it goes to the newest running conversation of this person by this channel
      (and account): for messengers and chats, where nothing says what belongs together.
    * Else it opens a conversation; ``follows`` links it to one that it may belong to, without joining it.

    Args:
        source: what the message came from, unique in the shop (``"inbound:12"``): a second call does nothing.
        sender: who speaks; None for a withheld number. What comes from an identity marked as spam opens spam.
        email: where answers by mail go; of a mail its sender's address, in any case.
        language: of a new conversation; empty: the person's, else the account's, else the shop's.
        automatic: a machine of the customer's side wrote it: it neither reopens nor wakes, is no new news, nothing is
            due because of it, and no event tells of it. It needs a ``ticket``: machines open no conversations.
    """
    if automatic and ticket is None:
        raise ValueError("A machine opens no conversation")
    extras = extras or Extras()
    # No savepoint of its own: what cannot be heard takes the caller's transaction with it.
    with transaction.atomic(savepoint=False):
        if _is_known(shop, source):
            known = TicketMessage.objects.select_related("ticket").get(shop=shop, source=source)
            return Heard(known, known.ticket, opened=False, is_new=False)
        identity = _identity(shop, sender, at=at)
        person = identity.person if identity else None
        target = lock_heir(ticket) if ticket else _running(shop, person, channel, account) if join_running else None
        past = None
        if target is not None and not automatic and not may_go_on(target, at=at):
            past, target = target, _going_on_from(target, at=at)
        opened = target is None
        if target is None:
            target = open_ticket(
                shop,
                subject=subject or (past.subject if past else ""),
                channel=channel,
                language=language or _language(shop, person, account),
                customer_name=sender.name if sender else "",
                customer_email=email or (past.customer_email if past else ""),
                user_id=past.customer_user_id if past else "",
                order=order or (past.order if past else None),
                person=person,
                account=account,
                team_id=(past.team_id if past else None) or (account.team_id if account else None),
                follows=past or follows,
                spam=identity is not None and identity.spam_since is not None,
                is_heard=True,
                at=at,
            )
        message = _say(
            target,
            _storable(body)[:MAX_BODY],
            sender.name if sender else "",
            email or (sender.value if sender and sender.kind == IdentityKind.EMAIL else ""),
            attachments=attachments,
            source=source,
            automatic=automatic,
            at=at,
            channel=channel,
            person=person,
            quoted=_storable(extras.quoted)[:MAX_QUOTED],
            html=extras.html,
            has_remote_content=extras.has_remote_content,
            inbound=extras.inbound,
            call=extras.call,
        )
    return Heard(message, target, opened=opened, is_new=True)


def _is_known(shop: Shop, source: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM aftercare_ticketmessage WHERE shop_id = %s AND source = %s", [shop.pk, source])
        return bool(cursor.rowcount)


@transaction.atomic
def receive_message(
    ticket: Ticket,
    *,
    body: str,
    author_name: str,
    author_email: str,
    attachments: Sequence[StoredFile],
    source: str | None,
    at: datetime,
) -> TicketMessage:
    """The customer wrote into this very conversation, on a page of ours where they can be told what is wrong.

    The ticket is unread, reopened where it was solved, and an answer is due. ``source`` is what the message came from,
    unique in the shop: a second call with it returns the first message.
    Raises InvalidInput("body"), or Conflict when the ticket is closed for good.
    """
    body = checked_body(body)
    locked = lock_heir(ticket)
    if source and (known := TicketMessage.objects.filter(shop=locked.shop, source=source).first()):
        return known
    return _say(locked, body, author_name, author_email, attachments=attachments, source=source, automatic=False, at=at)


def _say(
    ticket: Ticket,
    body: str,
    author_name: str,
    author_email: str,
    *,
    attachments: Sequence[StoredFile],
    source: str | None,
    automatic: bool,
    at: datetime,
    **columns: Any,
) -> TicketMessage:
    """Write the customer's words into a locked ticket, and all that follows from them."""
    message = add(
        ticket,
        MessageKind.CUSTOMER,
        body,
        author_name,
        author_email,
        attachments=attachments,
        source=source,
        at=at,
        is_automatic=automatic,
        **columns,
    )
    if automatic:
        change(ticket, at=at, last_message_id=message.pk)
        return message
    before = ticket.state
    spam = before == TicketState.SPAM
    set_newest(ticket, message, at=at, unread=not spam, **ticket.moved("hear", at=at))
    publish(CustomerWrote(ticket.pk, message=message.pk, before=before), shop=ticket.shop, at=at, actor=CUSTOMER)
    return message


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
    spam: bool = False,
    by_shop: bool = False,
    is_heard: bool = False,
) -> Ticket:
    """A new conversation, without a message yet; with the customer's person, where the caller knows none.

    ``by_shop``: no customer began it, so nobody waits for an answer. ``is_heard``: the caller writes the customer's
    words into this very object next; see ``inbox.sla.actions.begin``.
    """
    if person is None and order is not None and customer_email.lower() == order.email:
        person = person_of_order(order, at=at)
    elif person is None:
        person = person_of_customer(
            shop, email=customer_email, user_id=user_id, name=_storable(customer_name), language=language, at=at
        )
    ticket = Ticket.objects.create(
        shop=shop,
        number=next_number(shop, "ticket"),
        subject=" ".join(_storable(subject).split())[:MAX_SUBJECT],
        state=TicketState.SPAM if spam else TicketState.NEW,
        state_since=at,
        channel=channel,
        account=account,
        person=person,
        team_id=team_id,
        follows=follows,
        language=language,
        customer_name=_storable(customer_name)[:300],
        customer_email=customer_email.lower()[:254],
        customer_user_id=user_id,
        order=order,
        created_at=at,
        updated_at=at,
        revision=revision(),
        last_message_at=at,
        last_message_kind=MessageKind.SYSTEM,
        unread=not spam,
    )
    sla.begin(ticket, by_shop=by_shop or channel == TicketChannel.STAFF, is_heard=is_heard)
    event = TicketOpened(ticket.pk, channel=channel.value, follows=follows.pk if follows else None)
    publish(event, shop=shop, at=at, actor=SYSTEM if by_shop else CUSTOMER)
    return ticket


def _identity(shop: Shop, sender: Sender | None, *, at: datetime) -> Identity | None:
    """Who speaks, held until the transaction ends: what one person says at once is heard one after the other."""
    if sender is None:
        return None
    return identity_of(
        shop,
        kind=sender.kind,
        value=sender.value,
        name=_storable(sender.name),
        language=sender.language,
        verified_at=sender.verified_at,
        at=at,
    )


def _running(
    shop: Shop, person: Person | None, channel: TicketChannel, account: ChannelAccount | None
) -> Ticket | None:
    if person is None:
        return None
    rows = Ticket.objects.filter(shop=shop, person=person, channel=channel, account=account)
    newest = (
        rows.filter(state__in=[*ACTIVE_STATES, TicketState.SOLVED, TicketState.SPAM])
        .order_by("-last_message_at", "-pk")
        .first()
    )
    return lock(newest) if newest else None


def _going_on_from(past: Ticket, *, at: datetime) -> Ticket | None:
    """The conversation that was opened when its customer last wrote to this one, if that may still go on."""
    later = Ticket.objects.filter(shop=past.shop_id, follows=past, customer_email=past.customer_email)
    newest = later.order_by("-pk").first()
    if newest is None:
        return None
    locked = lock_heir(newest)
    return locked if may_go_on(locked, at=at) else None


def may_go_on(ticket: Ticket, *, at: datetime) -> bool:
    """Whether what the customer writes belongs in here, and not in a new conversation that follows it."""
    if ticket.state == TicketState.SOLVED:
        days = ShopSettings.objects.values_list("reopen_days", flat=True).get(shop=ticket.shop_id)
        return ticket.state_since >= at - timedelta(days=days)
    return ticket.state not in {TicketState.CLOSED, TicketState.MERGED}


def _language(shop: Shop, person: Person | None, account: ChannelAccount | None) -> str:
    known = (person.language if person else "") or (account.language if account else "")
    return known or ShopSettings.objects.values_list("default_language", flat=True).get(shop=shop)


def _storable(text: str) -> str:
    """The text without what no database can hold, and without white space around it."""
    if not is_storable(text):
        text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    return text.strip()

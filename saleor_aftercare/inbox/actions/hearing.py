"""The one door for what customers say, by whatever channel: it finds or opens the conversation and writes into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from saleor_aftercare.channels.models import Call, ChannelAccount, InboundMessage
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core.events import CUSTOMER, Happening, publish_all
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import storable
from saleor_aftercare.inbox.events import CustomerWrote
from saleor_aftercare.inbox.models import (
    ACTIVE_STATES,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.people.knowing import Known, identities_of
from saleor_aftercare.people.models import Identity, IdentityKind, Person

from .opening import Opening, open_tickets
from .thread import (
    MAX_BODY,
    Change,
    add_all,
    change_all,
    checked_body,
    lock,
    lock_heir,
    lock_heirs,
    new_message,
    newest,
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody on the customer's side said.

    * With ``ticket`` it goes there, and to the one that this was merged into. Whoever calls has made sure that the
      sender belongs to it. Solved no longer ago than the shop's ``reopen_days``, it reopens; longer ago, or closed for
      good, a linked one is opened (``follows``). Spam stays spam.
    * Without, and with ``join_running``, it goes to the newest running conversation of this person by this channel
      (and account): for messengers and chats, where nothing says what belongs together.
    * Else it opens a conversation; ``follows`` links it to one that it may belong to, without joining it.
    """

    source: str  #: what the message came from, unique in the shop (``"inbound:12"``): the same again does nothing
    channel: TicketChannel
    #: Who speaks; None for a withheld number. What comes from an identity marked as spam opens spam.
    sender: Sender | None
    body: str
    at: datetime
    subject: str = ""
    email: str = ""  #: where answers by mail go; of a mail its sender's address, in any case
    language: str = ""  #: of a new conversation; empty: the person's, else the account's, else the shop's
    account: ChannelAccount | None = None
    ticket: Ticket | None = None
    join_running: bool = False
    follows: Ticket | None = None
    order: Order | None = None
    attachments: Sequence[StoredFile] = ()
    #: A machine of the customer's side wrote it: it neither reopens nor wakes, is no new news, nothing is due because
    #: of it, and no event tells of it. It needs a ``ticket``: machines open no conversations.
    automatic: bool = False
    extras: Extras = Extras()


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of something that was said."""

    message: TicketMessage
    ticket: Ticket
    opened: bool  #: it began a conversation
    is_new: bool  #: False: this very message was heard before, and nothing was done


def hear(shop: Shop, said: Said) -> Heard:
    """Somebody on the customer's side said something: the one door for every channel.

    Nobody can be asked to write it again, so nothing is refused: what the database cannot hold is taken out of the
    words, and what is too long is cut (the delivery as it came has all of it). One transaction: the conversation is
    found or opened, the message added, events published (TicketOpened, CustomerWrote).
    """
    (heard,) = hear_all(shop, [said])
    return heard


def hear_all(shop: Shop, said: Sequence[Said]) -> list[Heard]:
    """As :func:`hear` for each; as many statements for all as for one where all is plain.

    Raises ValueError when two go to one conversation: these have to be heard one after the other.
    """
    if any(one.automatic and one.ticket is None for one in said):
        raise ValueError("A machine opens no conversation")
    # No savepoint of its own: what cannot be heard takes the caller's transaction with it.
    with transaction.atomic(savepoint=False):
        known = _known(shop, [one.source for one in said])
        new = [one for one in said if one.source not in known]
        fresh = dict(zip([one.source for one in new], _hear_new(shop, new), strict=True))
    return [known.get(one.source) or fresh[one.source] for one in said]


def _known(shop: Shop, sources: Sequence[str]) -> dict[str, Heard]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [shop.pk, list(sources)])
        keys = [pk for (pk,) in cursor.fetchall()]
    rows = TicketMessage.objects.select_related("ticket").filter(pk__in=keys) if keys else ()
    return {str(row.source): Heard(row, row.ticket, opened=False, is_new=False) for row in rows}


_KNOWN: Final = "SELECT id FROM aftercare_ticketmessage WHERE shop_id = %s AND source = ANY(%s)"


def _hear_new(shop: Shop, said: Sequence[Said]) -> list[Heard]:
    identities = _identities(shop, said)
    targets, pasts = _targets(shop, said, identities)
    openings = [
        _opening(one, identity, past)
        for one, identity, target, past in zip(said, identities, targets, pasts, strict=True)
        if target is None
    ]
    if any(not opening.language for opening in openings):
        default = ShopSettings.objects.values_list("default_language", flat=True).get(shop=shop)
        openings = [opening if opening.language else replace(opening, language=default) for opening in openings]
    opened = iter(open_tickets(shop, openings))
    tickets = [target or next(opened) for target in targets]
    if len({ticket.pk for ticket in tickets}) < len(tickets):
        raise ValueError("Two messages of one conversation are heard one after the other")
    words = [
        Words(
            ticket,
            storable(one.body).strip()[:MAX_BODY],
            one.sender.name if one.sender else "",
            one.email or (one.sender.value if one.sender and one.sender.kind == IdentityKind.EMAIL else ""),
            attachments=one.attachments,
            source=one.source,
            automatic=one.automatic,
            at=one.at,
            columns={
                "channel": one.channel,
                "person": identity.person if identity else None,
                "quoted": storable(one.extras.quoted).strip()[:MAX_QUOTED],
                "html": one.extras.html,
                "has_remote_content": one.extras.has_remote_content,
                "inbound": one.extras.inbound,
                "call": one.extras.call,
            },
        )
        for one, identity, ticket in zip(said, identities, tickets, strict=True)
    ]
    messages = _say(shop, words)
    return [
        Heard(message, ticket, opened=target is None, is_new=True)
        for message, ticket, target in zip(messages, tickets, targets, strict=True)
    ]


def _identities(shop: Shop, said: Sequence[Said]) -> list[Identity | None]:
    """Who speaks, held until the transaction ends: what one person says at once is heard one after the other."""
    senders = [(one.sender, one.at) for one in said if one.sender is not None]
    found = iter(
        identities_of(
            shop,
            [
                Known(sender.kind, sender.value, storable(sender.name).strip(), sender.language, sender.verified_at, at)
                for sender, at in senders
            ],
        )
        if senders
        else ()
    )
    return [next(found) if one.sender is not None else None for one in said]


def _targets(
    shop: Shop, said: Sequence[Said], identities: Sequence[Identity | None]
) -> tuple[list[Ticket | None], list[Ticket | None]]:
    """The conversations that they go to, held; where one is to begin, None and the one that it goes on from, if any."""
    named = {one.ticket.pk: one.ticket for one in said if one.ticket is not None}
    held = dict(zip(named, lock_heirs(list(named.values()), shop=shop), strict=True)) if named else {}
    targets: list[Ticket | None] = []
    pasts: list[Ticket | None] = []
    for one, identity in zip(said, identities, strict=True):
        target, past = None, None
        if one.ticket is not None:
            target = held[one.ticket.pk]
        elif one.join_running and identity is not None:
            target = _running(shop, identity.person, one.channel, one.account)
        if target is not None and not one.automatic and not may_go_on(target, at=one.at):
            past, target = target, _going_on_from(target, at=one.at)
        targets.append(target)
        pasts.append(past)
    return targets, pasts


def _opening(one: Said, identity: Identity | None, past: Ticket | None) -> Opening:
    """What is to begin; its language is empty where nobody knows any."""
    person = identity.person if identity else None
    known = (person.language if person else "") or (one.account.language if one.account else "")
    return Opening(
        subject=one.subject or (past.subject if past else ""),
        channel=one.channel,
        language=one.language or known,
        customer_name=one.sender.name if one.sender else "",
        customer_email=one.email or (past.customer_email if past else ""),
        user_id=past.customer_user_id if past else "",
        order=one.order or (past.order if past else None),
        person=person,
        account=one.account,
        team_id=(past.team_id if past else None) or (one.account.team_id if one.account else None),
        follows=past or one.follows,
        spam=identity is not None and identity.spam_since is not None,
        is_heard=True,
        at=one.at,
    )


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
    words = Words(locked, body, author_name, author_email, attachments, source, automatic=False, at=at, columns={})
    (message,) = _say(locked.shop, [words])
    return message


@dataclass(frozen=True, slots=True)
class Words:
    """A customer's words on their way into a locked ticket."""

    ticket: Ticket
    body: str
    author_name: str
    author_email: str
    attachments: Sequence[StoredFile]
    source: str | None
    automatic: bool
    at: datetime
    columns: Mapping[str, Any]


def _say(shop: Shop, said: Sequence[Words]) -> list[TicketMessage]:
    """Write customers' words into different tickets of a shop, and all that follows from them."""
    messages = [
        new_message(
            one.ticket,
            MessageKind.CUSTOMER,
            one.body,
            one.author_name,
            one.author_email,
            source=one.source,
            at=one.at,
            is_automatic=one.automatic,
            **one.columns,
        )
        for one in said
    ]
    for one in said:
        if one.ticket.first_log is None:
            sla.hold(one.ticket)
    add_all([(message, one.attachments) for message, one in zip(messages, said, strict=True)])
    changes: list[Change] = []
    news: list[Happening] = []
    for message, one in zip(messages, said, strict=True):
        if one.automatic:
            changes.append(Change(one.ticket, one.at, {"last_message_id": message.pk}))
            continue
        before = one.ticket.state
        unread = {"unread": before != TicketState.SPAM}
        columns = newest(message, at=one.at) | unread | one.ticket.moved("hear", at=one.at)
        changes.append(Change(one.ticket, one.at, columns))
        news.append(Happening(CustomerWrote(one.ticket.pk, message=message.pk, before=before), one.at, CUSTOMER))
    change_all(changes, shop=shop)
    publish_all(news, shop=shop)
    return messages


def _running(shop: Shop, person: Person, channel: TicketChannel, account: ChannelAccount | None) -> Ticket | None:
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

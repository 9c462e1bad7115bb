"""Conversations in the chat window: what visitors say and read, and what goes by mail when they have left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.channels import chat
from saleor_aftercare.channels.accounts import values_of
from saleor_aftercare.channels.models import ChannelAccount, ChatSession
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import jobs, limits, texts
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose
from saleor_aftercare.people.models import IdentityKind
from saleor_aftercare.team.queries import available

from .actions.hearing import Heard, Said, Sender, hear
from .actions.lines import add_line
from .actions.thread import change, lock
from .models import MessageKind, Presence, Ticket, TicketChannel, TicketMessage
from .sla.models import BusinessCalendar
from .sla.promises import calendar_from

MAX_MESSAGE: Final = 4000
MOST_SHOWN: Final = 100
#: Whoever has the inbox open was seen by us within this; see ``connection.auth``.
SEEN_WITHIN: Final = timedelta(minutes=20)
_HERE_FOR_S: Final = 20
UNSHOWN: Final = "inbox.chat_unshown"
_LOOK_AGAIN: Final = timedelta(seconds=60)


# -- is anybody there ----------------------------------------------------------------------------------------------


def is_anybody_here(account: ChannelAccount, *, at: datetime) -> bool:
    """Whether somebody of the shop may answer soon; known for some seconds, since every open window asks."""
    key = f"chat-here:{account.pk}"
    known = cache.get(key)
    if known is None:
        known = _is_open(account, at=at) and _somebody_was_seen(account, at=at)
        cache.set(key, known, _HERE_FOR_S)
    return bool(known)


def _is_open(account: ChannelAccount, *, at: datetime) -> bool:
    """Business hours; a shop without a calendar, or with “always”, is open."""
    if values_of(account, "chat").get("hours") == "always":
        return True
    calendar = BusinessCalendar.objects.filter(shop=account.shop, is_default=True).first()
    return calendar is None or calendar_from(calendar.document).is_working(at)


def _somebody_was_seen(account: ChannelAccount, *, at: datetime) -> bool:
    """Whoever answers chats and had the inbox open just now. Where no teams are made, that is anybody of the staff."""
    seen = StaffMember.objects.filter(shop=account.shop, last_seen_at__gt=at - SEEN_WITHIN)
    team = available(account.shop, channel=TicketChannel.CHAT, at=at, team=account.team)
    return seen.filter(pk__in=[one.pk for one in team]).exists() if team else seen.exists()


# -- what visitors do ----------------------------------------------------------------------------------------------


@transaction.atomic
def say(
    session: ChatSession, text: str, *, key: str, keep_files: Callable[[], Sequence[StoredFile]], at: datetime
) -> TicketMessage:
    """The visitor says something; ``key`` is their page's own for it, so that sending it twice says it once.

    Raises:
        InvalidInput: names the field.
        RateLimited: nobody writes so fast.
    """
    if not key.isascii() or not key.isalnum() or not 8 <= len(key) <= 40:
        raise InvalidInput(_("This is no key."), "key")
    words = texts.paragraphs(text, "text", limit=MAX_MESSAGE, required=False)
    source = f"chat:{session.pk}:{key}"
    if known := TicketMessage.objects.filter(shop=session.shop, source=source).first():
        return known
    limits.hit("chat-say", str(session.pk), limit=30, per=timedelta(minutes=5))
    kept = keep_files()
    if not words and not kept:
        raise InvalidInput(_("Please write something."), "text")
    locked = ChatSession.objects.select_for_update(of=("self",)).select_related("account", "shop").get(pk=session.pk)
    running = Ticket.objects.filter(pk=locked.ticket_id, shop=locked.shop).first() if locked.ticket_id else None
    heard = hear(
        locked.shop,
        Said(
            source=source,
            channel=TicketChannel.CHAT,
            sender=_sender(locked),
            body=words,
            subject=" ".join(words.split())[:80] or _("Chat"),
            email=locked.visitor_email if locked.email_verified_at else "",
            language=locked.language,
            account=locked.account,
            ticket=running,
            attachments=kept,
            at=at,
        ),
    )
    if locked.ticket_id != heard.ticket.pk:
        ChatSession.objects.filter(pk=locked.pk).update(ticket_id=heard.ticket.pk)
        session.ticket_id = heard.ticket.pk
    _name(heard, locked, at=at)
    ChatSession.objects.filter(pk=locked.pk).update(seen_at=at, typing_until=None)
    return heard.message


def _name(heard: Heard, session: ChatSession, *, at: datetime) -> None:
    """Whoever gave no name is a visitor to staff: a conversation with nobody's name is overlooked."""
    with speaking_to_staff(session.shop):
        name = session.visitor_name or heard.ticket.customer_name or _("Visitor")
    if not heard.ticket.customer_name:
        change(heard.ticket, at=at, customer_name=name)
    if not heard.message.author_name:
        heard.message.author_name = name
        heard.message.save(update_fields=["author_name"])


def _sender(session: ChatSession) -> Sender | None:
    """Who they are once their address is proved; before that, anybody could say that they are somebody."""
    if session.email_verified_at is None:
        return None
    return Sender(
        IdentityKind.EMAIL,
        session.visitor_email,
        name=session.visitor_name,
        language=session.language,
        verified_at=session.email_verified_at,
    )


def prove_email(session: ChatSession, code: str, *, at: datetime) -> ChatSession:
    """The address is theirs: the conversation is that person's now. Raises InvalidInput("code").

    In no transaction of the caller's: a wrong try counts, whatever comes of it.
    """
    proved = chat.prove_email(session, code, at=at)
    if proved.ticket_id is None:
        return proved
    with transaction.atomic():
        ticket = lock(Ticket.objects.get(pk=proved.ticket_id, shop=proved.shop))
        changes: dict[str, object] = {"person": proved.person} if ticket.person_id is None else {}
        if not ticket.customer_email:
            changes["customer_email"] = proved.visitor_email
            changes["customer_name"] = proved.visitor_name or (proved.person.name if proved.person else "")
        change(ticket, at=at, **changes)
    return proved


def messages_of(session: ChatSession) -> QuerySet[TicketMessage]:
    """What this visitor may read: what they said, and what was said to them since.

    A conversation that others were merged into has more, which is not theirs to see.
    """
    if session.ticket_id is None:
        return TicketMessage.objects.none()
    own = Q(kind=MessageKind.CUSTOMER, source__startswith=f"chat:{session.pk}:")
    answers = Q(kind=MessageKind.STAFF, held_until=None, created_at__gte=session.created_at) & (
        Q(channel=TicketChannel.CHAT) | Q(channel="", ticket__channel=TicketChannel.CHAT)
    )
    return TicketMessage.objects.filter(own | answers, ticket=session.ticket_id, shop=session.shop).order_by("pk")


@dataclass(frozen=True, slots=True)
class News:
    """What a visitor's page needs to know."""

    messages: list[TicketMessage]
    typing: bool  #: somebody of the shop is writing
    here: bool
    newest: int  #: key of the newest row of the conversation, shown or not


def news(session: ChatSession, *, after: int, at: datetime) -> News:
    """What came after the message ``after``."""
    newest = 0
    if session.ticket_id is not None:
        newest = Ticket.objects.filter(pk=session.ticket_id).values_list("last_message_id", flat=True).first() or 0
    found: list[TicketMessage] = []
    if newest > after:
        found = list(messages_of(session).filter(pk__gt=after).prefetch_related("attachments")[:MOST_SHOWN])
    writing = Presence.objects.filter(ticket=session.ticket_id, is_writing=True, until__gt=at).exists()
    return News(found, writing if session.ticket_id else False, is_anybody_here(session.account, at=at), newest)


# -- when they have left -------------------------------------------------------------------------------------------


def look_after(ticket: Ticket, *, at: datetime) -> None:
    """An answer was given in a chat: see in a minute whether the visitor's page has shown it."""
    session = chat.newest_session(ticket.pk)
    if session is not None:
        jobs.schedule(
            UNSHOWN,
            key=f"chat-unshown:{session.pk}",
            shop=session.shop,
            due_at=at + _LOOK_AGAIN,
            payload={"session": session.pk},
            again=True,
        )


@transaction.atomic
def mail_unshown(session_pk: int, *, at: datetime) -> datetime | None:
    """Mail the answers that a visitor who has left did not see, and nothing else; returns when to look again.

    Who left no address gets nothing, and the conversation says so.
    """
    session = ChatSession.objects.select_for_update(of=("self",)).select_related("shop", "account").get(pk=session_pk)
    unshown = messages_of(session).filter(kind=MessageKind.STAFF, pk__gt=session.shown_message_id)
    rows = list(unshown.prefetch_related("attachments")[:MOST_SHOWN])
    if not rows or session.ticket_id is None:
        return None
    if chat.is_present(session, at=at):
        return at + _LOOK_AGAIN
    newest = rows[-1].pk
    ticket = Ticket.objects.select_related("shop").get(pk=session.ticket_id)
    source = f"chat:{session.pk}:left:{newest}"
    if not session.visitor_email:
        add_line(ticket, event="chat.left", data={}, source=source, at=at)
    else:
        _mail(session, ticket, "\n\n".join(row.body for row in rows if row.body), rows, key=source, at=at)
        add_line(ticket, event="chat.mailed", data={}, source=source, at=at)
    ChatSession.objects.filter(pk=session.pk).update(shown_message_id=newest)
    return None


def _mail(
    session: ChatSession, ticket: Ticket, body: str, rows: Sequence[TicketMessage], *, key: str, at: datetime
) -> None:
    """As every answer by mail, so that the customer's own is found again; without what was said before."""
    letter = letters.write(
        shop=session.shop,
        kind="inbox/reply",
        key=key,
        to_email=session.visitor_email,
        to_name=session.visitor_name,
        language=session.language,
        context={
            "ticket_number": ticket.number,
            "subject": ticket.subject,
            "body": body,
            "author_name": rows[-1].author_name,
            "signature": "",
            "history": [],
        },
        subject=("ticket", ticket.pk),
        attachments=[file for row in rows for file in row.attachments.all()],
        purpose=Purpose.CONVERSATION,
        at=at,
    )
    TicketMessage.objects.filter(pk__in=[row.pk for row in rows]).update(outbound=letter)


@transaction.atomic
def send_transcript(session: ChatSession, *, at: datetime) -> None:
    """Mail the whole conversation to the address that they proved to be theirs.

    Raises:
        Refused: they have not.
        RateLimited: they just had it.
    """
    if session.email_verified_at is None:
        raise Refused(_("Please confirm your e-mail address first."), "email")
    limits.hit("chat-transcript", str(session.pk), limit=3, per=timedelta(hours=1))
    rows = list(messages_of(session)[: MOST_SHOWN * 5])
    if not rows or session.ticket_id is None:
        raise Refused(_("Nothing was said yet."))
    ticket = Ticket.objects.get(pk=session.ticket_id)
    letters.write(
        shop=session.shop,
        kind="inbox/chat_transcript",
        key=f"chat-transcript:{session.pk}:{rows[-1].pk}",
        to_email=session.visitor_email,
        to_name=session.visitor_name,
        language=session.language,
        context={
            "ticket_number": ticket.number,
            "lines": [
                {
                    "author": row.author_name,
                    "mine": row.kind == MessageKind.CUSTOMER,
                    "at": row.created_at,
                    "body": row.body,
                }
                for row in rows
            ],
        },
        subject=("ticket", ticket.pk),
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )

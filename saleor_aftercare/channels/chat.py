"""Visitors at the chat window: who is there, what they have seen, and where to write when they have left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from saleor_aftercare.core import limits, texts, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound, Unauthenticated
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose
from saleor_aftercare.people.actions import person_of
from saleor_aftercare.people.models import IdentityKind

from .models import ChannelAccount, ChannelKind, ChatSession

PREFIX: Final = "acchat_"
#: Whose page gave no sign for so long has left; open pages give one every three seconds, hidden ones every half minute.
GONE_AFTER: Final = timedelta(seconds=75)
#: After so long without a sign the session is over: whoever sits down at that computer then begins anew.
OVER_AFTER: Final = timedelta(hours=2)
TYPING_FOR: Final = timedelta(seconds=6)
CODE_LIFETIME: Final = timedelta(minutes=15)
CODE_TRIES: Final = 5
#: How often the row is written for a visitor who does nothing but look.
_SEEN_EVERY: Final = timedelta(seconds=15)


def find_chat(shop: Shop) -> ChannelAccount | None:
    """The chat window that is switched on, if there is one."""
    rows = ChannelAccount.objects.filter(shop=shop, kind=ChannelKind.CHAT, enabled=True, archived_at=None)
    return rows.order_by("-is_default", "pk").first()


def chat_account(shop: Shop) -> ChannelAccount:
    """The shop's chat window; raises NotFound while it has none."""
    account = find_chat(shop)
    if account is None:
        raise NotFound(_("This shop has no chat."))
    return account


def open_chat(
    account: ChannelAccount,
    *,
    language: str,
    page_url: str,
    ip: str,
    verified_email: str = "",
    name: str = "",
    at: datetime,
) -> tuple[str, ChatSession]:
    """A new session; returns what the visitor's page proves itself with, which is kept nowhere.

    ``verified_email`` is of a customer who is signed in to the portal. Raises RateLimited.
    """
    limits.hit("chat-open", f"{account.shop_id}:{ip}", limit=10, per=timedelta(minutes=10))
    token = tokens.random_token(PREFIX)
    with transaction.atomic():
        person = None
        if verified_email:
            person = person_of(
                account.shop,
                kind=IdentityKind.EMAIL,
                value=verified_email,
                name=name,
                language=language,
                verified_at=at,
                at=at,
            )
        session = ChatSession.objects.create(
            shop=account.shop,
            account=account,
            token_digest=tokens.digest(token),
            person=person,
            visitor_name=name[:200],
            visitor_email=verified_email.lower(),
            email_verified_at=at if verified_email else None,
            language=supported_language(language),
            page_url=_without_query(page_url),
            seen_at=at,
            created_at=at,
        )
    return token, session


def _without_query(url: str) -> str:
    """Where they are, without what pages put into addresses about people."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:500]


def chat_of(shop: Shop, token: str, *, at: datetime) -> ChatSession:
    """The living session of a token; raises Unauthenticated for one that has ended, or was never."""
    session = (
        ChatSession.objects.select_related("account", "shop")
        .filter(shop=shop, token_digest=tokens.digest(token), ended_at=None, seen_at__gt=at - OVER_AFTER)
        .first()
    )
    if session is None:
        raise Unauthenticated(_("This chat has ended."))
    return session


def note_sign(session: ChatSession, *, shown: int, typing: bool, at: datetime) -> None:
    """Their page is there, has shown everything up to ``shown``, and they are typing or not."""
    changes: dict[str, object] = {}
    if at - session.seen_at >= _SEEN_EVERY:
        changes["seen_at"] = at
    if shown > session.shown_message_id:
        changes["shown_message_id"] = shown
    if typing:
        changes["typing_until"] = at + TYPING_FOR
    elif session.typing_until is not None and session.typing_until > at:
        changes["typing_until"] = None
    if changes:
        ChatSession.objects.filter(pk=session.pk).update(**changes | {"seen_at": at})
        for name, value in changes.items():
            setattr(session, name, value)


def is_present(session: ChatSession, *, at: datetime) -> bool:
    """Whether their page is open."""
    return session.ended_at is None and session.seen_at > at - GONE_AFTER


def is_typing(session: ChatSession, *, at: datetime) -> bool:
    """Whether they are writing something at this moment."""
    return is_present(session, at=at) and session.typing_until is not None and session.typing_until > at


@transaction.atomic
def give_email(session: ChatSession, email: str, *, name: str = "", at: datetime) -> ChatSession:
    """Where answers go when they have left. A code proves that it is theirs; until then it gets answers alone.

    Raises:
        InvalidInput("email"): it is no address.
        RateLimited: too many addresses of this session, or too many codes for this mailbox.
    """
    address = texts.email(email, "email")
    name = texts.one_line(name, "name", limit=200)
    limits.hit("chat-email", str(session.pk), limit=5, per=timedelta(hours=1))
    limits.hit("chat-code", f"{session.shop_id}:{address}", limit=5, per=timedelta(hours=1))
    locked = ChatSession.objects.select_for_update().get(pk=session.pk)
    if locked.visitor_email == address and locked.email_verified_at is not None:
        return locked
    code = tokens.random_code()
    locked.visitor_email, locked.visitor_name = address, name or locked.visitor_name
    locked.email_verified_at, locked.person = None, None
    locked.code_digest, locked.code_tries, locked.code_expires_at = make_password(code), 0, at + CODE_LIFETIME
    locked.save()
    letters.write(
        shop=session.shop,
        kind="inbox/chat_code",
        key=f"chat-code:{locked.pk}:{tokens.digest(locked.code_digest)[:16]}",
        to_email=address,
        to_name=locked.visitor_name,
        language=locked.language,
        context={"code": code, "minutes": int(CODE_LIFETIME.total_seconds() // 60)},
        subject=None,
        purpose=Purpose.TRANSACTIONAL,
        repeat_if_lost=True,
        at=at,
    )
    return locked


def prove_email(session: ChatSession, code: str, *, at: datetime) -> ChatSession:
    """The code from the mail: the address is theirs, and so is whatever else is known of it to the shop.

    Raises:
        InvalidInput("code"): wrong, too old or tried too often; which of these is not told.
    """
    wrong = InvalidInput(_("This code is not right, or it has expired."), "code")
    rows = ChatSession.objects.filter(pk=session.pk)
    # Count the try first and for good: racing guesses cannot share one.
    alive = rows.filter(code_expires_at__gt=at, code_tries__lt=CODE_TRIES).exclude(code_digest="")
    if alive.update(code_tries=F("code_tries") + 1) != 1:
        raise wrong
    row = rows.select_related("shop", "account").get()
    digits = "".join(str(int(char)) for char in code if char.isdecimal())
    if not check_password(digits, row.code_digest):
        raise wrong
    with transaction.atomic():
        row.person = person_of(
            row.shop,
            kind=IdentityKind.EMAIL,
            value=row.visitor_email,
            name=row.visitor_name,
            language=row.language,
            verified_at=at,
            at=at,
        )
        row.email_verified_at, row.code_digest, row.code_expires_at = at, "", None
        row.save(update_fields=["person", "email_verified_at", "code_digest", "code_expires_at"])
    return row


def end_chat(session: ChatSession, *, at: datetime) -> None:
    """They closed the conversation; doing so twice changes nothing."""
    ChatSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=at)


def newest_session(ticket_id: int) -> ChatSession | None:
    """The session of a conversation; the newest where several were merged."""
    rows = ChatSession.objects.filter(ticket_id=ticket_id).select_related("account", "shop")
    return rows.order_by("-pk").first()


def end_forgotten(*, at: datetime) -> int:
    """End the sessions of pages that were closed long ago, in every shop; returns how many."""
    return ChatSession.objects.filter(ended_at=None, seen_at__lt=at - OVER_AFTER).update(ended_at=at)

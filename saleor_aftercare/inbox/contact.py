"""The contact form: whoever writes here has proved nothing, and may be a machine.

Nothing is thrown away for looking like spam: it opens a conversation among the spam, where staff can find it. Whoever
fills in the form learns nothing either: not whether an order exists, nor what was thought of their message.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.channels.accounts import values_of
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind
from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.orders import order_by_number
from saleor_aftercare.core import clock, jobs, limits, texts, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound, RateLimited
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.people.models import IdentityKind

from .actions.hearing import Said, Sender, hear
from .actions.lines import add_line
from .actions.thread import change, lock
from .models import Ticket, TicketChannel, TicketState

MAX_MESSAGE: Final = 5000
MAX_TOPICS: Final = 20
#: How long a form may be open; whoever thinks longer sends it a second time.
OPEN_FOR: Final = timedelta(hours=24)
#: Nobody reads and fills in a form faster.
FASTEST: Final = timedelta(seconds=3)
#: More links than this are what advertisements have.
MOST_LINKS: Final = 3
#: The same words from so many in a day are not a customer's.
SAME_WORDS: Final = 3
_LINK: Final = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """What somebody filled in, as they typed it. ``trap`` is a field that no person sees."""

    name: str
    email: str
    message: str
    order_number: str = ""
    topic: str = ""  #: one of :func:`topics_of`
    language: str = ""
    trap: str = ""


def form_account(shop: Shop) -> ChannelAccount:
    """The shop's contact form; raises NotFound while it has none."""
    account = find_form(shop)
    if account is None:
        raise NotFound(_("This shop has no contact form."))
    return account


def find_form(shop: Shop) -> ChannelAccount | None:
    """The contact form that is switched on, if there is one."""
    rows = ChannelAccount.objects.filter(shop=shop, kind=ChannelKind.FORM, enabled=True, archived_at=None)
    return rows.order_by("-is_default", "pk").first()


def topics_of(account: ChannelAccount, language: str) -> list[str]:
    """What a message may be about, in words; the shop's own, one a line, or ours."""
    own = values_of(account, "form").get(f"topics_{language}", "")
    lines = [" ".join(line.split())[:80] for line in own.splitlines() if line.strip()]
    if lines:
        return list(dict.fromkeys(lines))[:MAX_TOPICS]
    return [
        _("Order and delivery"),
        _("Return or exchange"),
        _("Repair or spare part"),
        _("Question about a product"),
        _("Payment and invoice"),
        _("Something else"),
    ]


def new_token(shop: Shop) -> str:
    """Stands in a form that is about to be shown: which shop's, and since when."""
    return tokens.sign("contact", [shop.pk, int(clock.real_now().timestamp() * 1000), tokens.random_token()])


def renewed_token(shop: Shop, token: str) -> str:
    """What a form that is shown again stands on: its own token as long as it holds, so that nobody seems too fast."""
    try:
        _opened_at(shop, token)
    except InvalidInput:
        return new_token(shop)
    return token


@transaction.atomic
def send_form(
    account: ChannelAccount,
    form: ContactForm,
    *,
    token: str,
    ip: str,
    keep_files: Callable[[], Sequence[StoredFile]],
    at: datetime,
) -> Ticket:
    """Open a conversation with what somebody wrote; the same words from the same address count once a day.

    ``keep_files`` stores what came with it; it is called once everything else was found to be right.

    Raises:
        InvalidInput: names the field; ``token`` for a form that was open for a day, or is none of ours.
        RateLimited: too many from this address, or for this mailbox.
    """
    shop = account.shop
    opened = _opened_at(shop, token)
    language = supported_language(form.language)
    name = texts.one_line(form.name, "name", limit=200, required=True)
    email = texts.email(form.email, "email")
    number = texts.one_line(form.order_number, "order_number", limit=30).lstrip("#＃ ")
    message = texts.paragraphs(form.message, "message", limit=MAX_MESSAGE)
    if form.topic and form.topic not in topics_of(account, language):
        raise InvalidInput(_("Please choose one of these."), "topic")
    limits.hit("contact-ip", f"{shop.pk}:{ip}", limit=10, per=timedelta(hours=1))
    limits.hit("contact-email", f"{shop.pk}:{email}", limit=5, per=timedelta(hours=1))
    words = hashlib.sha256(" ".join(message.casefold().split()).encode()).hexdigest()
    spam = _looks_like_spam(shop, form, message, words, opened)
    order = _order_of(shop, number, email) if number else None
    source = hashlib.sha256(f"{email}\0{number}\0{words}\0{at.date()}".encode()).hexdigest()[:40]
    heard = hear(
        shop,
        Said(
            source=f"form:{source}",
            channel=TicketChannel.FORM,
            sender=Sender(IdentityKind.EMAIL, email, name=name, language=language),
            body=message,
            subject=form.topic or " ".join(message.split())[:80],
            email=email,
            language=language,
            account=account,
            order=order,
            attachments=keep_files(),
            at=at,
        ),
    )
    if heard.is_new:
        if number and order is None:
            add_line(
                heard.ticket, event="form.order_unknown", data={"number": number}, source=f"form:{source}:order", at=at
            )
        if spam:
            _put_aside(heard.ticket, at=at)
        elif account.auto_reply:
            jobs.schedule(
                "inbox.acknowledge",
                key=f"inbox.acknowledge:{heard.ticket.pk}",
                shop=shop,
                due_at=at,
                payload={"ticket": heard.ticket.pk, "references": []},
            )
    return heard.ticket


def _opened_at(shop: Shop, token: str) -> datetime:
    too_long = InvalidInput(_("This form was open for very long. Please look at it once more and send it."), "token")
    try:
        key, milliseconds, _nonce = tokens.unsign("contact", token, max_age=OPEN_FOR)
    except InvalidInput:
        raise too_long from None
    if key != shop.pk:
        raise too_long
    return datetime.fromtimestamp(milliseconds / 1000, tz=clock.real_now().tzinfo)


def _looks_like_spam(shop: Shop, form: ContactForm, message: str, words: str, opened: datetime) -> bool:
    quick = clock.real_now() - opened < FASTEST
    links = len(_LINK.findall(message)) > MOST_LINKS or bool(_LINK.search(form.name))
    return bool(form.trap.strip()) or quick or links or _said_by_many(shop, words)


def _said_by_many(shop: Shop, words: str) -> bool:
    try:
        limits.hit("contact-words", f"{shop.pk}:{words}", limit=SAME_WORDS, per=timedelta(days=1))
    except RateLimited:
        return True
    return False


def _order_of(shop: Shop, number: str, email: str) -> Order | None:
    """The order, when it was placed with this very address: answers go there, and to nobody else."""
    order = order_by_number(shop, number)
    return order if order is not None and order.email.lower() == email else None


def _put_aside(ticket: Ticket, *, at: datetime) -> None:
    locked = lock(ticket)
    if locked.state != TicketState.SPAM:
        locked.move("spam", at=at)
        change(locked, at=at, unread=False)

"""From a raw mail to a message in its conversation: nothing that arrives is lost, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from saleor_aftercare.channels.actions import settle
from saleor_aftercare.channels.deliveries import letter_bounced, letter_by, letter_complained
from saleor_aftercare.channels.models import InboundMessage, InboundState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import files, limits
from saleor_aftercare.core.errors import ProviderUnavailable, RateLimited
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.mail.reading.bodies import Attachment
from saleor_aftercare.mail.reading.kinds import Bounce
from saleor_aftercare.mail.reading.message import Reading, read
from saleor_aftercare.mail.showing import MAX_HTML, make_safe
from saleor_aftercare.people.models import IdentityKind

from .actions.acknowledging import acknowledge_soon
from .actions.hearing import Extras, Sender, hear
from .actions.thread import MAX_BODY
from .intake_plan import Plan, language_of, own_addresses, plan_mail, verifier
from .models import Ticket, TicketChannel, TicketState

log = structlog.get_logger(__name__)

#: A job that was begun this often and never ended has killed its workers: the mail waits for a person.
MAX_TRIES: Final = 5
#: Mails of one sender to one account within an hour; what comes beyond opens and wakes nothing.
MAX_PER_HOUR: Final = 30
#: Guesses that are kept of a mail.
MAX_GUESSES: Final = 20


def read_and_file(pk: int, *, attempts: int) -> None:
    """Read a mail that was taken in and put it where it belongs; once, however often and by how many it is asked for.

    Whatever goes wrong is written into the row, where staff see it and can have it tried again; the bytes stay. Only
    what passes by itself is left to the job's next attempt: a database that is away, a letter still under way.
    """
    rows = InboundMessage.objects.select_related("shop", "account", "raw__content")
    inbound = rows.defer("shop__app_token", "shop__jwks", "account__secrets").get(pk=pk)
    if inbound.state != InboundState.RECEIVED:
        return
    if inbound.raw is None:
        raise LookupError(f"inbound {pk} was let go before it was read")
    if attempts > MAX_TRIES:
        _give_up(inbound, _("Reading this mail ended the worker several times."))
        return
    try:
        own = own_addresses(inbound.shop)
        reading = read(bytes(inbound.raw.content.data), own_addresses=own, verify=verifier(inbound.shop))
        file_mail(inbound, reading, own=own)
    except (OperationalError, InterfaceError, ProviderUnavailable):
        raise
    except Exception as error:
        log.exception("mail_not_filed", inbound=pk, shop=inbound.shop_id)
        _give_up(inbound, _("This mail could not be understood (%(error)s)."), error=type(error).__name__)


def _give_up(inbound: InboundMessage, sentence: str, **blanks: str) -> None:
    with speaking_to_staff(inbound.shop):
        settle(inbound, InboundState.FAILED, outcome="crashed", error=gettext(sentence) % blanks)


def file_mail(inbound: InboundMessage, reading: Reading, *, own: frozenset[str]) -> None:
    """Do with a mail what is to be done with it, in one transaction."""
    shop, at = inbound.shop, inbound.received_at
    with transaction.atomic():
        if not _hold(inbound, reading):
            return  # another worker was faster
        plan = plan_mail(shop, reading, own=own, at=at)
        if plan.verb == "undelivered" and reading.bounce is not None:
            state, outcome = _take_back(shop, reading.bounce, at=at)
        elif plan.verb == "complaint" and reading.complaint is not None:
            letter = letter_by(shop, reading.complaint.original_message_id)
            known = letter is not None and letter_complained(letter, at=at)
            state, outcome = _as_told(known), "complaint" if letter else "complaint:unknown_letter"
        elif plan.verb == "ignore":
            state, outcome = InboundState.IGNORED, plan.why
        elif _is_copy(inbound, reading, plan):
            state, outcome = InboundState.IGNORED, "copy"
        else:
            state, outcome = _hear(inbound, reading, plan)
        guesses = [asdict(guess) for guess in reading.guesses[:MAX_GUESSES]]
        settle(
            inbound,
            state,
            outcome=outcome,
            kind=reading.kind,
            message_id=_storable(reading.message_id),
            guesses=[{name: _storable(value) for name, value in guess.items()} for guess in guesses],
        )


def _hold(inbound: InboundMessage, reading: Reading) -> bool:
    """Hold the row, and whatever else bears the Message-ID; False when it was filed meanwhile.

    Copies come at the same moment: the second waits until the first is filed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [_storable(reading.message_id)[:250], inbound.shop_id, inbound.pk])
        return bool(cursor.fetchone()[0] == InboundState.RECEIVED)


_HOLD: Final = """
SELECT i.state, pg_advisory_xact_lock(hashtextextended(nullif(%s, ''), %s))
FROM aftercare_inboundmessage AS i WHERE i.id = %s FOR UPDATE
"""


def _as_told(news: bool) -> InboundState:
    return InboundState.FILED if news else InboundState.IGNORED


def _take_back(shop: Shop, bounce: Bounce, *, at: datetime) -> tuple[InboundState, str]:
    """A letter of ours came back. Only a letter that we know counts: anybody can write a report about anybody."""
    letter = letter_by(shop, bounce.original_message_id)
    if letter is None:
        return InboundState.IGNORED, "bounce:unknown_letter"
    news = letter_bounced(
        letter,
        recipients=[one.address for one in bounce.recipients],
        permanent=bounce.gone,
        status=bounce.status,
        said=_storable(bounce.diagnostic),
        at=at,
    )
    return _as_told(news), "bounce"


def _is_copy(inbound: InboundMessage, reading: Reading, plan: Plan) -> bool:
    """Whether this very message was heard already, by another of our mailboxes or on another way.

    The Message-ID alone proves nothing: senders use one for several mails. Sender and words have to be the same.
    """
    if not reading.message_id:
        return False
    words, address = _body(reading), plan.contact.key if plan.contact else ""
    message_id = _storable(reading.message_id)[:250]
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, [inbound.shop_id, message_id, inbound.pk])
        return any(author.lower() == address and body == words for author, body in cursor.fetchall())


_HEARD: Final = """
SELECT m.author_email, m.body FROM aftercare_inboundmessage AS i
JOIN aftercare_ticketmessage AS m ON m.inbound_id = i.id AND m.kind = 'customer'
WHERE i.shop_id = %s AND i.message_id = %s AND i.message_id <> '' AND i.id <> %s
"""


def _hear(inbound: InboundMessage, reading: Reading, plan: Plan) -> tuple[InboundState, str]:
    """A person's words, or a machine's answer, become a message."""
    shop, at, contact = inbound.shop, inbound.received_at, plan.contact
    flood = None
    if plan.verb != "attach" and _writes_too_often(inbound, contact.key if contact else ""):
        flood = plan.ticket or _newest_of(shop, contact.key if contact else "")
    stored = [_keep(shop, file, at=at) for file in reading.attachments]
    body = _body(reading)
    words = f"{reading.subject}\n{body}"
    sender = None
    if contact is not None:
        sender = Sender(IdentityKind.EMAIL, contact.key, name=contact.name)
    heard = hear(
        shop,
        source=f"inbound:{inbound.pk}",
        channel=TicketChannel.EMAIL,
        sender=sender,
        subject=reading.subject,
        body=body,
        email=contact.key if contact else "",
        language=language_of(words),
        account=inbound.account,
        ticket=flood or plan.ticket,
        follows=plan.match.named,
        order=_order_in(shop, words, contact.key) if contact and plan.verb == "open" else None,
        attachments=stored,
        automatic=flood is not None or plan.verb == "attach",
        extras=_extras(inbound, reading, stored),
        at=at,
    )
    if flood is not None:
        return InboundState.FILED, "loop"
    allowed = inbound.account.auto_reply and not reading.no_answer
    if heard.opened and heard.ticket.state != TicketState.SPAM and heard.ticket.customer_email and allowed:
        acknowledge_soon(heard.ticket, answers=reading, at=at)
    if heard.opened:
        return InboundState.FILED, "follow_up" if heard.ticket.follows_id else "new_ticket"
    return InboundState.FILED, f"{'auto' if plan.verb == 'attach' else 'thread'}:{plan.why}"


def _writes_too_often(inbound: InboundMessage, who: str) -> bool:
    """Two machines that answer each other write more in an hour than a person does."""
    try:
        limits.hit("inbox.sender", f"{inbound.account_id}:{who}", limit=MAX_PER_HOUR, per=timedelta(hours=1))
    except RateLimited:
        return True
    return False


def _newest_of(shop: Shop, email: str) -> Ticket | None:
    rows = Ticket.objects.select_related("shop").filter(shop=shop, customer_email=email)
    return rows.order_by("-last_message_at", "-pk").first()


def _body(reading: Reading) -> str:
    return _storable(reading.new_text).strip()[:MAX_BODY].strip()


_NUMBER: Final = re.compile(
    r"(?<![\w#])(?:#|no\.? ?|№ ?|order ?#? ?|注文番号[ :：は]{0,3}#?)([0-9]{1,12})(?!\w)",
    re.IGNORECASE,
)


def _order_in(shop: Shop, words: str, email: str) -> Order | None:
    """The order that somebody names and that is their own; a number alone opens no stranger's order."""
    numbers = list(dict.fromkeys(_NUMBER.findall(words[:5000])))[:10]
    if not numbers:
        return None
    rows = Order.objects.filter(shop=shop, number__in=numbers, email__iexact=email)
    found = {row.number: row for row in rows}
    return next((found[number] for number in numbers if number in found), None)


def _keep(shop: Shop, file: Attachment, *, at: datetime) -> StoredFile:
    """One file of a mail, stored; photos without the place where they were taken."""
    return files.store_received(
        shop, name=_storable(file.name), content_type=_storable(file.content_type), data=file.content, at=at
    )


def _extras(inbound: InboundMessage, reading: Reading, stored: Sequence[StoredFile]) -> Extras:
    """What is kept of a mail beside its new words: what it quotes, and its HTML made safe."""
    html, has_remote_content = None, False
    if reading.html and len(reading.html) <= MAX_HTML:
        pictures = {
            file.content_id: row.pk for file, row in zip(reading.attachments, stored, strict=True) if file.content_id
        }
        safe = make_safe(_storable(reading.html), pictures)
        html = files.store(
            inbound.shop,
            name="mail.html",
            content_type="text/html; charset=utf-8",
            data=safe.html.encode(),
            at=inbound.received_at,
        )
        has_remote_content = safe.has_remote_content
    return Extras(quoted=_quoted(reading), html=html, has_remote_content=has_remote_content, inbound=inbound)


def _quoted(reading: Reading) -> str:
    """What the mail holds besides its new words; all of it where these stand between what is quoted."""
    text, new = reading.text.strip(), reading.new_text.strip()
    if not new or text == new:
        return ""
    return text.removeprefix(new).strip() if text.startswith(new) else text


def _storable(text: str) -> str:
    """The text without what no database can hold."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()

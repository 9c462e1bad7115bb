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

from saleor_aftercare.channels.actions import Outcome, settle
from saleor_aftercare.channels.deliveries import letter_bounced, letter_by, letter_complained
from saleor_aftercare.channels.models import InboundMessage, InboundState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import files, limits
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import storable
from saleor_aftercare.mail.reading.bodies import Attachment
from saleor_aftercare.mail.reading.kinds import Bounce
from saleor_aftercare.mail.reading.message import Reading
from saleor_aftercare.mail.showing import MAX_HTML, make_safe
from saleor_aftercare.people.models import IdentityKind

from .actions.acknowledging import acknowledge_soon
from .actions.hearing import Extras, Said, Sender, hear_all
from .actions.thread import MAX_BODY
from .intake_mails import Mail, contents, read_one, received
from .intake_plan import Plan, language_of, own_addresses, plan_mail
from .models import Ticket, TicketChannel, TicketState
from .threading import names_of

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
    (inbound,) = received([pk])
    if inbound.state != InboundState.RECEIVED:
        return
    if inbound.raw is None:
        raise LookupError(f"inbound {pk} was let go before it was read")
    if attempts > MAX_TRIES:
        _give_up(inbound, _("Reading this mail ended the worker several times."))
        return
    try:
        own = own_addresses(inbound.shop)
        file_mails([read_one(inbound, bytes(inbound.raw.content.data), own)], own=own)
    except (OperationalError, InterfaceError, ProviderUnavailable):
        raise
    except Exception as error:
        log.exception("mail_not_filed", inbound=pk, shop=inbound.shop_id)
        _give_up(inbound, _("This mail could not be understood (%(error)s)."), error=type(error).__name__)


def read_and_file_together(keys: Sequence[int]) -> set[int]:
    """Read several mails of one shop and file them in one transaction, in the order in which they are given.

    Only such as have nothing to do with each other: what comes after another mail of the same sender or conversation
    is returned as left, as are reports about letters, mails that cannot be read, and what is too much to be read at
    once. These are read alone afterwards. Raises where :func:`read_and_file` writes down what went wrong.
    """
    rows = [row for row in received(keys) if row.state == InboundState.RECEIVED]
    if not rows:
        return set()
    own = own_addresses(rows[0].shop)
    mails: list[Mail] = []
    seen: set[str] = set()
    left = set(keys) & {row.pk for row in rows}
    for inbound, data in contents(rows):
        try:
            mail = read_one(inbound, data, own)
        except Exception as error:  # noqa: BLE001  it is read again alone, and its trouble is told there
            log.info("mail_left_to_be_read_alone", inbound=inbound.pk, reason=type(error).__name__)
        else:
            if seen.isdisjoint(mail.involved):
                mails.append(mail)
                left.remove(inbound.pk)
            seen |= mail.involved
    return left | file_mails(mails, own=own)


def _give_up(inbound: InboundMessage, sentence: str, **blanks: str) -> None:
    with speaking_to_staff(inbound.shop):
        settle([Outcome(inbound, InboundState.FAILED, "crashed", error=gettext(sentence) % blanks)])


def file_mails(mails: Sequence[Mail], *, own: frozenset[str]) -> set[int]:
    """Do with mails of one shop what is to be done with them, in one transaction; returns the keys of those left.

    Of several, reports about letters are left, and whatever goes to a conversation that another one goes to.
    """
    if not mails:
        return set()
    shop, is_alone = mails[0].inbound.shop, len(mails) == 1
    left: set[int] = set()
    ends: dict[int, tuple[InboundState, str]] = {}
    with transaction.atomic():
        held = _held(shop, mails)  # another worker may have been faster
        names = names_of(shop, [key for mail in held for key in mail.reading.keys])
        plans: dict[int, Plan] = {}
        tickets: set[int] = set()
        for mail in held:
            pk, plan = mail.inbound.pk, plan_mail(shop, mail.reading, own=own, at=mail.at, names=names)
            if plan.verb in {"undelivered", "complaint"} and is_alone:
                ends[pk] = _hear_of_letter(shop, mail, plan)
            elif plan.verb == "ignore":
                ends[pk] = InboundState.IGNORED, plan.why
            elif plan.verb in {"undelivered", "complaint"} or (plan.ticket and plan.ticket.pk in tickets):
                left.add(pk)
            else:
                plans[pk] = plan
                tickets |= {plan.ticket.pk} if plan.ticket else set()
        said = [(mail, plans[mail.inbound.pk]) for mail in held if mail.inbound.pk in plans]
        copies = _copies(shop, [mail for mail, _plan in said])
        ends |= dict.fromkeys(copies, (InboundState.IGNORED, "copy"))
        ends |= _hear(shop, [(mail, plan) for mail, plan in said if mail.inbound.pk not in copies])
        settle([_outcome(mail, *ends[mail.inbound.pk]) for mail in held if mail.inbound.pk in ends])
    return left


def _outcome(mail: Mail, state: InboundState, outcome: str) -> Outcome:
    guesses = [asdict(guess) for guess in mail.reading.guesses[:MAX_GUESSES]]
    return Outcome(
        mail.inbound,
        state,
        outcome,
        kind=mail.reading.kind,
        message_id=mail.message_id,
        guesses=[{name: storable(value) for name, value in guess.items()} for guess in guesses],
    )


def _held(shop: Shop, mails: Sequence[Mail]) -> list[Mail]:
    """Hold the rows, and whatever else bears their Message-IDs; those that were not filed meanwhile.

    Copies come at the same moment: the second waits until the first is filed.
    """
    keys = [mail.inbound.pk for mail in mails]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [shop.pk, [mail.message_id for mail in mails], keys])
        states = dict(cursor.fetchall())
    return [mail for mail in mails if states[mail.inbound.pk] == InboundState.RECEIVED]


#: In one order, so that nobody waits in a ring.
_HOLD: Final = """
WITH held AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(lock) FROM (
        SELECT DISTINCT hashtextextended(message_id, %s) AS lock FROM unnest(%s::text[]) AS one (message_id)
        WHERE message_id <> '' ORDER BY lock
    ) AS locks
)
SELECT i.id, i.state FROM aftercare_inboundmessage AS i
WHERE i.id = ANY(%s) AND (SELECT count(*) FROM held) >= 0 ORDER BY i.id FOR UPDATE
"""


def _hear_of_letter(shop: Shop, mail: Mail, plan: Plan) -> tuple[InboundState, str]:
    """A report about a letter of ours."""
    reading = mail.reading
    if plan.verb == "undelivered" and reading.bounce is not None:
        return _take_back(shop, reading.bounce, at=mail.at)
    if reading.complaint is None:
        raise ValueError(f"a report that reports nothing: {plan.verb}")
    letter = letter_by(shop, reading.complaint.original_message_id)
    known = letter is not None and letter_complained(letter, at=mail.at)
    return _as_told(known), "complaint" if letter else "complaint:unknown_letter"


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
        said=storable(bounce.diagnostic),
        at=at,
    )
    return _as_told(news), "bounce"


def _copies(shop: Shop, mails: Sequence[Mail]) -> set[int]:
    """Which of these very messages were heard already, by another of our mailboxes or on another way.

    The Message-ID alone proves nothing: senders use one for several mails. Sender and words have to be the same.
    """
    wanted = {mail.message_id: mail for mail in mails if mail.message_id}
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, [shop.pk, list(wanted)])
        heard = [(wanted[message_id], author, body) for message_id, author, body in cursor.fetchall()]
    same = (mail for mail, author, body in heard if (author.lower(), body) == (mail.who, _body(mail.reading)))
    return {mail.inbound.pk for mail in same}


_HEARD: Final = """
SELECT i.message_id, m.author_email, m.body FROM aftercare_inboundmessage AS i
JOIN aftercare_ticketmessage AS m ON m.inbound_id = i.id AND m.kind = 'customer'
WHERE i.shop_id = %s AND i.message_id = ANY(%s) AND i.message_id <> ''
"""


def _hear(shop: Shop, mails: Sequence[tuple[Mail, Plan]]) -> dict[int, tuple[InboundState, str]]:
    """Persons' words, or a machine's answer, become messages."""
    if not mails:
        return {}
    floods = _floods(shop, mails)
    orders = _orders(shop, mails)
    said = [
        _said(shop, mail, plan, flood=floods.get(mail.inbound.pk), order=orders.get(mail.inbound.pk))
        for mail, plan in mails
    ]
    ends: dict[int, tuple[InboundState, str]] = {}
    openings: list[tuple[Ticket, Reading]] = []
    for (mail, plan), heard in zip(mails, hear_all(shop, said), strict=True):
        pk, ticket = mail.inbound.pk, heard.ticket
        if floods.get(pk) is not None:
            ends[pk] = InboundState.FILED, "loop"
            continue
        allowed = mail.inbound.account.auto_reply and not mail.reading.no_answer
        if heard.opened and ticket.state != TicketState.SPAM and ticket.customer_email and allowed:
            openings.append((ticket, mail.reading))
        if heard.opened:
            ends[pk] = InboundState.FILED, "follow_up" if ticket.follows_id else "new_ticket"
        else:
            ends[pk] = InboundState.FILED, f"{'auto' if plan.verb == 'attach' else 'thread'}:{plan.why}"
    acknowledge_soon(openings, shop=shop)
    return ends


def _said(shop: Shop, mail: Mail, plan: Plan, *, flood: Ticket | None, order: Order | None) -> Said:
    inbound, reading, contact = mail.inbound, mail.reading, mail.contact
    stored = [_keep(shop, file, at=mail.at) for file in reading.attachments]
    body = _body(reading)
    return Said(
        source=f"inbound:{inbound.pk}",
        channel=TicketChannel.EMAIL,
        sender=None if contact is None else Sender(IdentityKind.EMAIL, contact.key, name=contact.name),
        subject=reading.subject,
        body=body,
        email=mail.who,
        language=language_of(f"{reading.subject}\n{body}"),
        account=inbound.account,
        ticket=flood or plan.ticket,
        follows=plan.match.named,
        order=order,
        attachments=stored,
        automatic=flood is not None or plan.verb == "attach",
        extras=_extras(inbound, reading, stored),
        at=mail.at,
    )


def _floods(shop: Shop, mails: Sequence[tuple[Mail, Plan]]) -> dict[int, Ticket | None]:
    """Mails of whoever has written too often, with the conversation that takes them, if there is one.

    Two machines that answer each other write more in an hour than a person does.
    """
    senders = {f"{mail.inbound.account_id}:{mail.who}" for mail, plan in mails if plan.verb != "attach"}
    over = limits.hit_all("inbox.sender", senders, limit=MAX_PER_HOUR, per=timedelta(hours=1)) if senders else set()
    return {
        mail.inbound.pk: plan.ticket or _newest_of(mail)
        for mail, plan in mails
        if plan.verb != "attach" and f"{mail.inbound.account_id}:{mail.who}" in over
    }


def _newest_of(mail: Mail) -> Ticket | None:
    """The newest conversation with whoever writes; with nobody, that of the mailbox's other mails from nobody."""
    rows = Ticket.objects.select_related("shop").filter(shop=mail.inbound.shop_id, customer_email=mail.who)
    if not mail.who:
        rows = rows.filter(channel=TicketChannel.EMAIL, account=mail.inbound.account_id)
    return rows.order_by("-last_message_at", "-pk").first()


def _body(reading: Reading) -> str:
    return storable(reading.new_text)[:MAX_BODY].strip()


_NUMBER: Final = re.compile(
    r"(?<![\w#])(?:#|no\.? ?|№ ?|order ?#? ?|注文番号[ :：は]{0,3}#?)([0-9]{1,12})(?!\w)",
    re.IGNORECASE,
)


def _orders(shop: Shop, mails: Sequence[tuple[Mail, Plan]]) -> dict[int, Order]:
    """The orders that first mails name and that are their writers' own, by the key of the delivery.

    A number alone opens no stranger's order.
    """
    named: dict[int, list[str]] = {}
    for mail, plan in mails:
        if mail.contact is not None and plan.verb == "open":
            words = f"{mail.reading.subject}\n{_body(mail.reading)}"
            named[mail.inbound.pk] = list(dict.fromkeys(_NUMBER.findall(words[:5000])))[:10]
    numbers = {number for found in named.values() for number in found}
    rows = Order.objects.filter(shop=shop, number__in=numbers) if numbers else ()
    own = {(row.number, row.email.lower()): row for row in rows}
    whose = {mail.inbound.pk: mail.who for mail, _plan in mails}
    return {
        pk: own[number, whose[pk]]
        for pk, found in named.items()
        for number in reversed(found)  # so that the one named first stays
        if (number, whose[pk]) in own
    }


def _keep(shop: Shop, file: Attachment, *, at: datetime) -> StoredFile:
    """One file of a mail, stored; photos without the place where they were taken."""
    return files.store_received(
        shop, name=storable(file.name), content_type=storable(file.content_type), data=file.content, at=at
    )


def _extras(inbound: InboundMessage, reading: Reading, stored: Sequence[StoredFile]) -> Extras:
    """What is kept of a mail beside its new words: what it quotes, and its HTML made safe."""
    html, has_remote_content = None, False
    if reading.html and len(reading.html) <= MAX_HTML:
        pictures = {
            file.content_id: row.pk for file, row in zip(reading.attachments, stored, strict=True) if file.content_id
        }
        safe = make_safe(storable(reading.html), pictures)
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

"""Which conversation a mail belongs to.

Two things are needed: something in the mail that names a letter or message of the conversation, and a sender who is a
party to it. Whoever merely knows a token, a Message-ID or a number gets a conversation of their own: else a stranger
could write into a customer's conversation, and a third party's confirmation mail that was directed to our address
would show in it (the "ticket trick").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Q

from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.mail.naming import letters_called, service_names
from saleor_aftercare.mail.reading.message import Reading
from saleor_aftercare.mail.reading.threading import Key, subject_key
from saleor_aftercare.people.models import Identity, IdentityKind

from .models import ACTIVE_STATES, CaseKind, Ticket, TicketLink, TicketMessage, TicketState

#: A subject alone ties a mail only to conversations that somebody wrote in since.
SUBJECT_COUNTS_FOR: Final = timedelta(days=30)
#: Conversations of one sender that are looked at for the same subject.
MAX_BY_SUBJECT: Final = 20
#: Different conversations that a mail may name before the rest is left out.
MAX_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Considered:
    """A conversation that something in the mail names, and whether the sender belongs to it."""

    why: str  #: ``token``, ``in_reply_to``, ``references``, ``ticket`` or ``subject``
    value: str
    ticket: Ticket
    is_party: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Where a mail belongs."""

    ticket: Ticket | None  #: None: a conversation of its own
    why: str  #: by what it was found; empty without a ticket
    named: Ticket | None  #: a conversation that it names though its sender is no party to it: staff may merge
    considered: tuple[Considered, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys of some mails name; see :func:`names_of`."""

    by_key: Mapping[str, int]
    tickets: Mapping[int, Ticket]
    by_number: Mapping[str, Ticket]

    def ticket(self, key: Key) -> Ticket | None:
        """The conversation that a key names."""
        if key.kind == "ticket":
            return self.by_number.get(key.value.lstrip("0"))
        if key.kind == "subject" or (key.kind == "token" and not key.verified):
            return None
        return self.tickets.get(self.by_key.get(key.value, 0))


def find_ticket(shop: Shop, reading: Reading, *, at: datetime, names: Names | None = None) -> Match:
    """The conversation of a mail, by the surest key whose conversation the sender is a party to.

    In the order of ``reading.keys``: our own tokens that are genuine, In-Reply-To, References from the newest, the
    number in the subject, and last the subject itself, if it is that of an answer. ``names`` of this mail and others,
    where they were looked up together.
    """
    names = names or names_of(shop, reading.keys)
    senders = {one.key for one in reading.from_ if "@" in one.address}
    considered: list[Considered] = []
    known: dict[int, bool] = {}
    for key, ticket in ((key, names.ticket(key)) for key in reading.keys):
        if ticket is None:
            continue
        if ticket.pk not in known and len(known) >= MAX_NAMED:
            break
        if ticket.pk not in known:
            # Mostly it is the customer who answers, and nothing more has to be read.
            known[ticket.pk] = ticket.customer_email in senders or not senders.isdisjoint(parties_of(ticket))
        is_party = known[ticket.pk]
        considered.append(Considered(key.kind, key.value, ticket, is_party))
    found = next((one for one in considered if one.is_party), None)
    if found is None and (by_subject := _by_subject(shop, reading, senders, at=at)):
        found = Considered("subject", subject_key(reading.subject), by_subject, is_party=True)
        considered.append(found)
    named = next((one.ticket for one in considered if one.why == "token" and not one.is_party), None)
    return Match(
        ticket=found.ticket if found else None,
        why=found.why if found else "",
        named=None if found else named,
        considered=tuple(considered),
    )


def parties_of(ticket: Ticket) -> set[str]:
    """The addresses, in lower case, whose mails belong into a conversation.

    Its customer's, further ones that were proved to be the same person's, and those that we wrote to in it.
    """
    found = {ticket.customer_email} if ticket.customer_email else set()
    if ticket.person_id is not None:
        proved = Identity.objects.filter(
            shop=ticket.shop_id, person=ticket.person_id, kind=IdentityKind.EMAIL, verified_at__isnull=False
        )
        found.update(proved.values_list("value", flat=True))
    letters = OutboundMessage.objects.filter(shop=ticket.shop_id, subject_type="ticket", subject_id=ticket.pk)
    for to_email, cc in letters.order_by("-pk").values_list("to_email", "cc")[:50]:
        found.add(to_email.lower())
        found.update(one.lower() for one in cc)
    return found


#: Message-IDs of a conversation that an answer refers to.
MAX_REFERENCES: Final = 10


def references_of(ticket: Ticket) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322, 3.6.4) of the next letter: over mails of both sides, machines' left out."""
    rows = (
        TicketMessage.objects.filter(ticket=ticket, is_automatic=False)
        .filter(Q(outbound__isnull=False) | Q(inbound__isnull=False))
        .order_by("-pk")
        .values_list("outbound__message_id", "inbound__message_id")[:MAX_REFERENCES]
    )
    newest_first = [sent or f"<{heard}>" for sent, heard in rows if sent or _may_stand_in_a_head(heard)]
    if not newest_first:
        return {}
    return {"In-Reply-To": newest_first[0], "References": " ".join(reversed(newest_first))}


def _may_stand_in_a_head(message_id: str | None) -> bool:
    """What a stranger's program made up is not always fit to be said again."""
    return bool(message_id and message_id.isascii() and message_id.isprintable() and len(message_id) < 200) and not (
        set(message_id or "") & set("<> ")
    )


def names_of(shop: Shop, keys: Sequence[Key]) -> Names:
    """Look up what keys of mails name: four statements for letters, messages and tickets at most, for any number."""
    tokens = [key.value for key in keys if key.kind == "token" and key.verified]
    ids = [key.value for key in keys if key.kind in {"in_reply_to", "references"}]
    numbers = [key.value for key in keys if key.kind == "ticket" and key.value.isdecimal() and len(key.value) < 13]
    if not (tokens or ids or numbers):
        return Names({}, {}, {})
    found = _by_letters(shop, tokens, ids) | _by_messages(shop, ids)
    rows = Ticket.objects.filter(shop=shop)
    tickets = {row.pk: row for row in rows.filter(Q(pk__in=found.values()) | Q(number__in=[int(n) for n in numbers]))}
    for row in tickets.values():
        row.shop = shop
    return Names(found, tickets, {str(row.number): row for row in tickets.values()})


def _by_letters(shop: Shop, tokens: Sequence[str], ids: Sequence[str]) -> dict[str, int]:
    """Of letters of ours the conversations they belong to: ``{token or Message-ID: key of the ticket}``.

    A letter bears the Message-ID that we gave it, or the one that its mail service put in its place.
    """
    usable = [one for one in dict.fromkeys(ids) if is_storable(one)]
    names: dict[str, list[str]] = {}
    for one in usable:
        for name in service_names(one):
            names.setdefault(name, []).append(one)
    wanted = letters_called(usable) if usable else Q()
    for token in tokens:
        wanted |= Q(message_id__startswith=f"<{token}@")
    if not wanted:
        return {}
    letters = {
        pk: ((message_id.strip("<>"), names.get(reference, ())), kind, about)
        for pk, message_id, reference, kind, about in OutboundMessage.objects.filter(wanted, shop=shop).values_list(
            "pk", "message_id", "provider_reference", "subject_type", "subject_id"
        )
    }
    if not letters:
        return {}
    # A message may have moved to another conversation since its letter was written.
    said = dict(TicketMessage.objects.filter(outbound__in=letters).values_list("outbound_id", "ticket_id"))
    cases = Q()
    for _ids, kind, about in letters.values():
        if kind in CaseKind.values and about is not None:
            cases |= Q(kind=kind, case_id=about)
    links = TicketLink.objects.filter(cases, shop=shop).values_list("kind", "case_id", "ticket_id") if cases else ()
    of_case = {(kind, case): ticket for kind, case, ticket in links}
    found: dict[str, int] = {}
    for pk, ((message_id, renamed), kind, about) in letters.items():
        ticket = said.get(pk) or (about if kind == "ticket" else of_case.get((kind, about or 0)))
        if ticket is not None:
            found[message_id] = found[message_id.partition("@")[0]] = ticket
            found |= dict.fromkeys(renamed, ticket)
    return found


def _by_messages(shop: Shop, ids: Sequence[str]) -> dict[str, int]:
    """Of mails that we heard the conversations they stand in; somebody adds to what they wrote themselves."""
    if not ids:
        return {}
    stored = {one: one[:250] for one in ids if is_storable(one)}
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, [shop.pk, list(stored.values())])
        tickets = dict(cursor.fetchall())
    return {one: tickets[cut] for one, cut in stored.items() if cut in tickets}


_HEARD: Final = """
SELECT i.message_id, m.ticket_id FROM aftercare_inboundmessage AS i
JOIN aftercare_ticketmessage AS m ON m.inbound_id = i.id
WHERE i.shop_id = %s AND i.message_id = ANY(%s) AND i.message_id <> '' ORDER BY m.id
"""


def _by_subject(shop: Shop, reading: Reading, senders: set[str], *, at: datetime) -> Ticket | None:
    """The sender's newest running conversation of the same subject, where the mail calls itself an answer to it."""
    key = subject_key(reading.subject)
    if not senders or len(key) < 3 or key == " ".join(reading.subject.split()).casefold():
        return None
    rows = Ticket.objects.select_related("shop").filter(
        shop=shop,
        customer_email__in=senders,
        last_message_at__gt=at - SUBJECT_COUNTS_FOR,
        state__in=[*ACTIVE_STATES, TicketState.SOLVED],
    )
    newest = rows.order_by("-last_message_at", "-pk")[:MAX_BY_SUBJECT]
    return next((row for row in newest if subject_key(row.subject) == key), None)

"""Writing the index: one entry per message, in the transaction that writes the message.

An entry holds the words of its message and of what its conversation bears: subject, names, addresses, telephone
numbers, numbers of orders, cases and parcels, tags. So "RMA-118 zipper" finds the message about the zipper although
it does not name the return. When what a conversation bears changes, its entries are written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from django.db import connection
from django.db.models import Q

from saleor_aftercare.inbox.models import MessageKind, TicketMessage

from .words import vector

#: Messages whose numbers stand so near to each other have a mark in common; see ``finding``.
BUCKET_BITS: Final = 12
#: Entries written by one statement.
BATCH: Final = 200
#: Numbers of a case that a line about it names.
NUMBERS_IN_LINES: Final = ("number", "tracking_number", "label_number")

#: One row per ticket with everything that it bears.
_HEADS = """
SELECT t.id, t.subject, t.number, t.customer_name, t.customer_email, p.name, o.number, o.customer_name, o.email,
  o.shipping_address::text, o.billing_address::text,
  ARRAY(SELECT f.tracking_number FROM aftercare_fulfillment f
        WHERE f.order_id = o.id AND f.tracking_number <> '' ORDER BY f.id LIMIT 20),
  ARRAY(SELECT i.value FROM aftercare_identity i
        WHERE i.person_id = t.person_id AND i.kind IN ('email', 'phone') ORDER BY i.id LIMIT 20),
  ARRAY(SELECT g.name FROM aftercare_tickettag tt JOIN aftercare_tag g ON g.id = tt.tag_id
        WHERE tt.ticket_id = t.id ORDER BY g.id LIMIT 50),
  ARRAY(SELECT DISTINCT n.value FROM aftercare_ticketmessage m, jsonb_each_text(m.event_data) AS n
        WHERE m.ticket_id = t.id AND m.kind = 'system' AND jsonb_typeof(m.event_data) = 'object'
          AND n.key = ANY(%(numbers)s) LIMIT 50)
FROM aftercare_ticket t
LEFT JOIN aftercare_order o ON o.id = t.order_id
LEFT JOIN aftercare_person p ON p.id = t.person_id
WHERE t.id = ANY(%(tickets)s)
"""
_WRITE = """
INSERT INTO aftercare_searchentry (message_id, shop_id, ticket_id, tokens)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[]::tsvector[])
ON CONFLICT (message_id) DO UPDATE SET ticket_id = EXCLUDED.ticket_id, tokens = EXCLUDED.tokens
"""
_FILES = """
SELECT a.ticketmessage_id, f.name FROM aftercare_ticketmessage_attachments a
JOIN aftercare_storedfile f ON f.id = a.storedfile_id WHERE a.ticketmessage_id = ANY(%s)
"""
#: Lines of the system have no words of their own but such numbers.
SAYS_SOMETHING: Final = ~Q(kind=MessageKind.SYSTEM) | Q(event_data__has_any_keys=list(NUMBERS_IN_LINES))
#: Parts of an address by which a conversation is looked for.
_ADDRESS = ("firstName", "lastName", "companyName", "streetAddress1", "streetAddress2", "city", "postalCode", "phone")


def shop_mark(shop_id: int) -> str:
    """Stands in every entry of a shop."""
    return f"§{shop_id}"


def bucket_mark(shop_id: int, bucket: int) -> str:
    """Stands in the entries of a shop's messages of one bucket."""
    return f"§{shop_id}.{bucket}"


def bucket_of(message_id: int) -> int:
    """Which bucket a message belongs to."""
    return message_id >> BUCKET_BITS


def write_entries(messages: Sequence[TicketMessage], *, files: Mapping[int, Sequence[str]]) -> None:
    """Index new messages, in the caller's transaction; ``files`` has the names of their files by key."""
    _write(messages, files)


def note_line(message: TicketMessage) -> None:
    """A line of the system came: when it names a case or a parcel, the whole conversation is found by that."""
    numbers = {key: message.event_data[key] for key in NUMBERS_IN_LINES if message.event_data.get(key)}
    if not numbers:
        return
    known = TicketMessage.objects.filter(ticket=message.ticket_id, kind=MessageKind.SYSTEM, pk__lt=message.pk)
    if not known.filter(event_data__contains=numbers).exists():
        refresh([message.ticket_id])


def refresh(tickets: Iterable[int]) -> int:
    """Write the entries of whole conversations anew; returns how many."""
    rows = TicketMessage.objects.filter(SAYS_SOMETHING, ticket_id__in=list(tickets)).order_by("pk")
    return fill(rows.iterator(chunk_size=BATCH))


def fill(messages: Iterable[TicketMessage]) -> int:
    """Index messages in batches; those that have entries get them anew. Returns how many."""
    written, batch = 0, list[TicketMessage]()
    for message in messages:
        batch.append(message)
        if len(batch) == BATCH:
            written += _write(batch, _files_of(batch))
            batch = []
    return written + (_write(batch, _files_of(batch)) if batch else 0)


def _files_of(messages: Sequence[TicketMessage]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FILES, [[message.pk for message in messages]])
        for message, name in cursor.fetchall():
            found.setdefault(message, []).append(name)
    return found


def _write(messages: Sequence[TicketMessage], files: Mapping[int, Sequence[str]]) -> int:
    heads = _heads({message.ticket_id for message in messages})
    rows = [
        (message.pk, message.shop_id, message.ticket_id, _tokens(message, heads, files.get(message.pk, ())))
        for message in messages
        if message.ticket_id in heads
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
    return len(rows)


def _tokens(message: TicketMessage, heads: Mapping[int, Sequence[tuple[str, str]]], files: Sequence[str]) -> str:
    written = [(message.author_name, "B"), (message.author_email, "B"), *((name, "B") for name in files)]
    lines = [(str(message.event_data[key]), "B") for key in NUMBERS_IN_LINES if message.event_data.get(key)]
    marks = (shop_mark(message.shop_id), bucket_mark(message.shop_id, bucket_of(message.pk)))
    return vector([*heads[message.ticket_id], *written, *lines, (message.body, "D")], marks=marks)


def _heads(tickets: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, {"tickets": list(tickets), "numbers": list(NUMBERS_IN_LINES)})
        return {row[0]: _head(row[1:]) for row in cursor.fetchall()}


def _head(row: Sequence[Any]) -> list[tuple[str, str]]:
    subject, number, *names, shipping, billing, tracking, identities, tags, cases = row
    texts = [subject, f"#{number}", *names, *_address(shipping), *_address(billing)]
    known = dict.fromkeys(str(text) for text in [*texts, *tracking, *identities, *tags, *cases] if text)
    return [(text, "A") for text in known]


def _address(text: str | None) -> Iterable[str]:
    held = orjson.loads(text) if text else {}
    return [str(held[key]) for key in _ADDRESS if held.get(key)] if isinstance(held, dict) else []

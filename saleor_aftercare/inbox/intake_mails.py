"""Mails on their way in: deliveries, their bytes, and what these say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from saleor_aftercare.channels.models import InboundMessage
from saleor_aftercare.core.models import StoredFileContent
from saleor_aftercare.core.texts import storable
from saleor_aftercare.mail.reading.addresses import Address
from saleor_aftercare.mail.reading.message import Reading, read

from .intake_plan import contact_of, verifier

#: Bytes of mails that are read at once.
MAX_TOGETHER: Final = 4_000_000
#: Stands for whoever writes without an address; many of these may belong to one conversation.
NOBODY: Final = "<>"


@dataclass(frozen=True, slots=True)
class Mail:
    """A delivery, and what its bytes say."""

    inbound: InboundMessage
    reading: Reading
    contact: Address | None  #: whom answers go to

    @property
    def at(self) -> datetime:
        """When it came."""
        return self.inbound.received_at

    @property
    def message_id(self) -> str:
        """As it is stored."""
        return storable(self.reading.message_id)[:250]

    @property
    def who(self) -> str:
        """Whom answers go to, in lower case."""
        return self.contact.key if self.contact else ""

    @property
    def involved(self) -> set[str]:
        """By what another mail may have to do with this one: who writes, its own name, and those that it names."""
        writers = (one.key for one in self.reading.from_)
        named = (key.value for key in self.reading.keys if key.kind != "subject")
        return {self.who or NOBODY, self.message_id, *writers, *named} - {""}


def received(keys: Sequence[int]) -> list[InboundMessage]:
    """Deliveries of one shop, in the order of ``keys``; one alone with its bytes."""
    rows = InboundMessage.objects.select_related("shop", "account", "raw")
    if len(keys) == 1:
        rows = rows.select_related("raw__content")
    found = rows.defer("shop__app_token", "shop__jwks", "account__secrets").in_bulk(keys)
    shop = found[keys[0]].shop
    for row in found.values():
        row.shop = row.account.shop = shop
    return [found[pk] for pk in keys]


def contents(rows: Sequence[InboundMessage]) -> Iterator[tuple[InboundMessage, bytes]]:
    """Deliveries with their bytes, as many as are read at once."""
    small: dict[int, InboundMessage] = {}
    size = 0
    for row in rows:
        size += row.raw.size_bytes if row.raw is not None else MAX_TOGETHER
        if size > MAX_TOGETHER:
            break
        small[row.raw_id or 0] = row
    data = dict(StoredFileContent.objects.filter(file__in=list(small)).values_list("file", "data"))
    return ((row, bytes(data[pk])) for pk, row in small.items())


def read_one(inbound: InboundMessage, data: bytes, own: frozenset[str]) -> Mail:
    reading = read(data, own_addresses=own, verify=verifier(inbound.shop))
    return Mail(inbound, reading, contact_of(reading, own))

"""What is to become of a mail: decided from what it says and what we know, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from django.conf import settings

from saleor_aftercare.channels import accounts
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail import headers as head
from saleor_aftercare.mail.reading import kinds
from saleor_aftercare.mail.reading.addresses import Address
from saleor_aftercare.mail.reading.message import Reading
from saleor_aftercare.people.actions import is_address

from .models import Ticket
from .threading import Match, Names, find_ticket

_NOTHING: Final = Match(None, "", None, ())


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of a mail."""

    verb: str  #: ``open``, ``join``, ``attach`` (a machine's answer), ``undelivered``, ``complaint`` or ``ignore``
    why: str  #: in a word: ``token``, ``subject``, ``own_mail``, ``auto_reply``, … ; "" of a new conversation
    contact: Address | None  #: who is taken for the sender: whom answers go to
    match: Match = _NOTHING

    @property
    def ticket(self) -> Ticket | None:
        """The conversation that it goes to."""
        return self.match.ticket


def own_addresses(shop: Shop) -> frozenset[str]:
    """Every address that the shop writes from or is answered at, in lower case."""
    return frozenset(accounts.own_addresses(shop) | {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()})


def verifier(shop: Shop) -> Callable[[str], bool]:
    """Says whether a token in a mail is one that we made for this shop."""
    return lambda token: head.is_ours(shop, token)


def plan_mail(shop: Shop, reading: Reading, *, own: frozenset[str], at: datetime, names: Names | None = None) -> Plan:
    """Decide about a mail; nothing is written. ``names``: see :func:`.threading.find_ticket`.

    * Our own letters that come back to us are ignored, and so is what comes from an address of ours, unless it says
      that answers go to somebody else (a contact form elsewhere writes so).
    * Reports of machines are for the letter that they are about; one of a delay changes nothing about it.
    * A machine's answer is attached to its conversation; where there is none, nobody has to see it.
    * A person's mail joins its conversation, or opens one.
    """
    contact = contact_of(reading, own)
    if reading.message_id and head.is_ours(shop, reading.message_id):
        return Plan("ignore", "own_mail", contact)
    if reading.bounce is not None and reading.bounce.is_delay:
        return Plan("ignore", "delay", contact)
    if reading.kind == kinds.BOUNCE:
        return Plan("undelivered", "bounce", contact)
    if reading.kind == kinds.COMPLAINT:
        return Plan("complaint", "complaint", contact)
    if contact is None and any(_without_token(one) in own for one in reading.from_):
        return Plan("ignore", "own_address", None)
    match = find_ticket(shop, reading, at=at, names=names)
    if reading.kind == kinds.AUTO_REPLY:
        return Plan("attach" if match.ticket else "ignore", match.why if match.ticket else "auto_reply", contact, match)
    return Plan("join" if match.ticket else "open", match.why, contact, match)


def contact_of(reading: Reading, own: frozenset[str]) -> Address | None:
    """Whom a mail is taken to come from: whoever gets the answer. None when that is nobody but ourselves.

    Anybody can write any sender. What is believed about the person must therefore be bound to the address that
    answers go to: a mail "from" a customer with somebody else's Reply-To is somebody else's.
    """
    for one in (*reading.reply_to, *reading.from_, *reading.sender):
        if is_address(one.address) and _without_token(one) not in own:
            return one if one.name else _named(one, reading)
    return None


def _named(address: Address, reading: Reading) -> Address:
    """The address with the name that the mail gives it elsewhere."""
    same = (one.name for one in (*reading.from_, *reading.sender) if one.key == address.key and one.name)
    return Address(next(same, ""), address.address)


def _without_token(address: Address) -> str:
    """``support+token@shop.example`` is ``support@shop.example`` to us."""
    local, _at, host = address.key.rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


_KANA: Final = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\uff66-\uff9d]")
_LATIN: Final = re.compile(r"[A-Za-z]{2,}")


def language_of(text: str) -> str:
    """The language that somebody wrote in, of those that we can tell: ``ja``, ``en``, or "" for a look elsewhere.

    >>> language_of("コーヒーミルの件"), language_of("My grinder does not grind at all."), language_of("OK")
    ('ja', 'en', '')
    """
    start = text[:2000]
    if _KANA.search(start):
        return "ja"
    return "en" if start.isascii() and len(_LATIN.findall(start)) >= 5 else ""

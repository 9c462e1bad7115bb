"""The door: bytes in, what they mean out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from . import kinds
from .addresses import Address, read_addresses
from .bodies import Attachment, Body, read_body
from .charset_names import codec_for
from .guesses import Guess, Guesses
from .headers_in import Headers
from .kinds import Bounce, Complaint, Facts
from .parts import Part, read_parts
from .quotes import is_forward, new_text
from .reports import read_report
from .sns import is_notification, read_notification
from .threading import Key, Verify, read_ids, read_keys

#: Bytes beyond are not read.
MAX_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """What a raw mail means. Texts have single line feeds; ids are without brackets; what is missing is empty."""

    from_: tuple[Address, ...]
    sender: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    return_path: str | None  #: the envelope's sender; empty for ``<>``, None when no server wrote one
    subject: str
    date: datetime | None  #: aware; None when it is missing or makes no sense
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  #: as they stand, the oldest first
    text: str
    new_text: str  #: the text without quotes; never empty where the text is not
    html: str  #: as it came, unsafe to show
    attachments: tuple[Attachment, ...]
    signature: str  #: ``S/MIME`` or ``PGP``; nothing is verified
    encrypted: str  #: likewise; the words are not to be had
    kind: str  #: ``message``, ``auto_reply``, ``bounce`` or ``complaint``
    kind_reason: str
    bounce: Bounce | None
    complaint: Complaint | None
    no_answer: str  #: why no automatic answer may go out; empty when one may
    keys: tuple[Key, ...]  #: what ties it to an earlier mail, the surest first
    guesses: tuple[Guess, ...]


def read(raw: bytes, *, own_addresses: Iterable[str] = (), verify: Verify | None = None) -> Reading:
    """What a raw mail means, whatever the bytes are; it never raises.

    The time taken grows with the number of bytes, not faster. Limits, beyond which parts are left out and a guess says
    so: 64 MiB of mail, 512 KiB or 2,000 fields of header, 1,000 parts, 25 levels, 2,000,000 characters of text or HTML,
    500 files, 500 addresses to a header.

    Args:
        raw: the mail as it came from IMAP, a webhook or a file; line ends of any kind.
        own_addresses: the shop's mailboxes; a mail from one of them is never answered automatically.
        verify: says whether a token is one of ours (:mod:`.threading`); without it tokens are told unverified.
    """
    guesses = Guesses()
    root = read_parts(_usable(raw, guesses), guesses)
    headers = root.headers
    headers.hint = _hint(root)
    body = read_body(root, guesses)
    subject = headers.text("subject", guesses)
    sender = _addresses(headers, "from", guesses)
    return_path = _return_path(headers, guesses)
    domain = sender[0].key.rpartition("@")[2] if sender else ""
    notified = read_notification(body.text) if is_notification(domain, body.text) else None
    report = notified or read_report(root, body.forwarded, guesses)
    own = frozenset(address.lower() for address in own_addresses)
    said = _new_text(body, subject)
    writer = sender or _addresses(headers, "sender", guesses)
    facts = Facts(headers, writer, return_path, subject, body.text, said, report, own)
    verdict = kinds.judge(facts, guesses)
    ids = read_ids(headers.undecoded("message-id", guesses))
    references = read_ids(" ".join(value.decode("utf-8", "replace") for value in headers.raw("references")[:5]))
    return Reading(
        from_=sender,
        sender=_addresses(headers, "sender", guesses),
        reply_to=_addresses(headers, "reply-to", guesses),
        to=_all_addresses(headers, ("to", "apparently-to"), guesses),
        cc=_all_addresses(headers, ("cc",), guesses),
        delivered_to=_all_addresses(
            headers, ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to"), guesses
        ),
        return_path=return_path,
        subject=subject,
        date=_date(headers, guesses),
        message_id=ids[0] if ids else "",
        in_reply_to=tuple(read_ids(headers.undecoded("in-reply-to", guesses))[:100]),
        references=tuple(references[-100:]),
        text=body.text,
        new_text=said,
        html=body.html,
        attachments=tuple(body.attachments),
        signature=body.signature,
        encrypted=body.encrypted,
        kind=verdict.kind,
        kind_reason=verdict.why,
        bounce=verdict.bounce,
        complaint=verdict.complaint,
        no_answer=kinds.answer_refused(facts, verdict),
        keys=read_keys(headers, subject, guesses, verify),
        guesses=guesses.all(),
    )


def _usable(raw: bytes, guesses: Guesses) -> bytes:
    """The bytes with line ends that a parser can count on."""
    if len(raw) > MAX_BYTES:
        guesses.add("mail", declared="", used="", why=f"Only the first {MAX_BYTES:,} bytes were read.")
        raw = raw[:MAX_BYTES]
    raw = bytes(raw).removeprefix(b"\xef\xbb\xbf")
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        guesses.add("mail", declared="", used="utf-16", why="The whole mail is stored as UTF-16.")
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\r\r\n" in raw:
        guesses.add("mail", declared="", used="", why="Line ends are doubled carriage returns.")
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if b"\r" in raw[:100_000] and b"\n" not in raw[:100_000]:
        guesses.add("mail", declared="", used="", why="Lines end in carriage returns alone.")
        raw = raw.replace(b"\r", b"\n")
    return raw.lstrip(b"\r\n") if raw[:1] in {b"\r", b"\n"} else raw


def _hint(root: Part) -> str:
    """The charset of the first text, for header bytes that say none."""
    for part in root.walk():
        charset = part.parameters.get("charset", "")
        if charset and codec_for(charset):
            return charset
    return ""


def _new_text(body: Body, subject: str) -> str:
    if is_forward(body.text, subject):
        return new_text(body.text, subject=subject)
    found = new_text(body.unquoted or body.text, subject=subject)
    if body.unquoted_html and found == body.text.strip():
        # The plain text marks nothing as quoted; the HTML beside it may.
        by_html = new_text(body.unquoted_html, subject=subject)
        if by_html and len(by_html) < len(found) * 0.9:
            return by_html
    return found


def _addresses(headers: Headers, name: str, guesses: Guesses) -> tuple[Address, ...]:
    return read_addresses(headers.undecoded(name, guesses), where=f"header {name}", guesses=guesses)


def _all_addresses(headers: Headers, names: tuple[str, ...], guesses: Guesses) -> tuple[Address, ...]:
    """Of fields that may stand several times, each address once."""
    found: dict[str, Address] = {}
    for name in names:
        for value in headers.raw(name)[:50]:
            single = Headers([(name, value)], headers.hint)
            for address in _addresses(single, name, guesses):
                found.setdefault(address.key or address.name, address)
    return tuple(found.values())


def _return_path(headers: Headers, guesses: Guesses) -> str | None:
    if not headers.has("return-path"):
        return None
    text = headers.undecoded("return-path", guesses)
    found = read_addresses(text, where="header return-path", guesses=guesses)
    return next((one.address for one in found if one.address), found[0].name if found and "<>" not in text else "")


_OLD_ZONE: Final = re.compile(r"\s*\([^)]{0,60}\)")


#: Names that RFC 5322 does not know and mails hold all the same.
_ZONES: Final = {"JST": "+0900", "KST": "+0900", "CET": "+0100", "CEST": "+0200", "BST": "+0100", "HKT": "+0800"}
_ZONE: Final = re.compile(r"\b(?:JST|KST|CET|CEST|BST|HKT)\Z")


def _date(headers: Headers, guesses: Guesses) -> datetime | None:
    """The date with its zone; one without is taken as UTC, one outside of the years of mail as none."""
    text = _OLD_ZONE.sub("", headers.text("date", guesses)[:200]).strip()
    text = _ZONE.sub(lambda found: _ZONES[found[0]], text)
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            guesses.add("header date", declared=text, used="", why="The date makes no sense; it was left out.")
            return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found if 1970 <= found.year <= 2200 else None

"""Machine-readable reports: delivery (RFC 3464 in RFC 6522), feedback (RFC 5965), disposition (RFC 8098)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .addresses import read_addresses
from .guesses import Guesses
from .headers_in import Headers, read_headers
from .parts import Part
from .threading import read_ids

#: Recipients beyond are left out.
MAX_RECIPIENTS: Final = 200
#: The action of a recipient whom the server still tries to reach.
DELAYED: Final = "delayed"
#: Bytes of a report that are read.
MAX_REPORT: Final = 512 * 1024

_DELIVERY: Final = frozenset(("message/delivery-status", "message/global-delivery-status"))
_DISPOSITION: Final = frozenset(("message/disposition-notification", "message/global-disposition-notification"))
_RETURNED: Final = frozenset(
    ("message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "message/global-headers",
     "text/rfc822", "message/rfc822-headers")
)  # fmt: skip
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE: Final = re.compile(r"(?<![\d.-])([245]\d\d)[ -](?:#?([245]\.\d{1,3}\.\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Recipient:
    """What became of the mail to one address."""

    address: str
    action: str = ""  #: ``failed``, ``delayed``, ``delivered``, ``relayed``, ``expanded``; empty when not said
    status: str = ""  #: RFC 3463: ``5.1.1``; empty when not said
    diagnostic: str = ""  #: what the other server said, in its words

    @property
    def permanent(self) -> bool | None:
        """Whether another try is useless; None when nothing says. While the server itself still tries, it is not."""
        return False if self.action == DELAYED else permanence(self.status, self.diagnostic)


def permanence(status: str, diagnostic: str) -> bool | None:
    """Whether a failure is for good, by its status, else by the code in the other server's answer.

    >>> permanence("5.1.1", ""), permanence("4.4.7", ""), permanence("", "550 no such user"), permanence("", "?")
    (True, False, True, None)
    """
    code = status[:1]
    if code not in {"4", "5"} or status.endswith(".0.0"):
        answer = _REPLY_CODE.search(diagnostic[:2000])
        code = (answer[2] or answer[1])[:1] if answer else code
    return {"4": False, "5": True}.get(code)


@dataclass(slots=True)
class Report:
    """What the machine-readable parts of a mail say."""

    recipients: list[Recipient] = field(default_factory=list)
    is_delivery: bool = False
    is_disposition: bool = False
    is_feedback: bool = False
    feedback_type: str = ""
    complained: str = ""  #: who complained, as far as the report tells
    disposed: str = ""  #: whose receipt it is (RFC 8098)
    original_message_id: str = ""  #: of the mail that a receipt or complaint is about, as its fields say
    original: Headers | None = None  #: the head of the mail that the report is about
    inner: Report | None = None  #: a report in the mail that came back: a gateway passed it on so


def read_report(root: Part, forwarded: list[Part], guesses: Guesses) -> Report:
    """The reports among the parts of a mail; empty when there are none."""
    report = Report()
    for part in root.walk():
        kind = part.content_type
        if kind in _DELIVERY:
            report.is_delivery = True
            report.recipients += _delivery(part, guesses)[: MAX_RECIPIENTS - len(report.recipients)]
        elif kind in _DISPOSITION:
            report.is_disposition = True
            _disposed(part, report, guesses)
        elif kind == "message/feedback-report":
            report.is_feedback = True
            _feedback(part, report, guesses)
        elif kind in _RETURNED and kind not in {"message/rfc822", "message/global"} and report.original is None:
            report.original = read_headers(_content(part, guesses), 0, where=part.where, guesses=Guesses())[0]
    if report.original is None and forwarded:
        report.original = forwarded[0].headers
    if forwarded and forwarded[0].content_type == "multipart/report" and not report.recipients:
        report.inner = read_report(forwarded[0], forwarded[1:2], guesses)
    return report


def _content(part: Part, guesses: Guesses) -> bytes:
    return part.content(guesses)[:MAX_REPORT].lstrip(b"\r\n \t")


def _groups(part: Part, guesses: Guesses) -> list[Headers]:
    """The groups of fields between blank lines."""
    data = _content(part, guesses)
    groups: list[Headers] = []
    at = 0
    while at < len(data) and len(groups) <= MAX_RECIPIENTS:
        headers, end = read_headers(data, at, where=part.where, guesses=Guesses())
        if headers.fields:
            groups.append(headers)
        at = max(end, at + 1)
    return groups


def _delivery(part: Part, guesses: Guesses) -> list[Recipient]:
    found = []
    for group in _groups(part, guesses):
        address = _typed_address(group, "original-recipient") if not group.has("final-recipient") else ""
        address = address or _typed_address(group, "final-recipient") or _typed_address(group, "original-recipient")
        original = _typed_address(group, "original-recipient")
        if original and "@" in original and ("@" not in address or address.lower() != original.lower()):
            # The address that we wrote to counts, not the one that it was forwarded to.
            address = original
        action = re.sub(r"[^a-z].*", "", group.plain("action"))
        status = _STATUS.search(group.plain("status"))
        if not address and not action and not status:
            continue
        diagnostic = _words(group.text("diagnostic-code", Guesses()))
        code = status[1] if status else ""
        if (not code or code.endswith(".0.0")) and (better := _STATUS.search(diagnostic[:2000])):
            code = better[1]
        found.append(Recipient(address, action, code, diagnostic))
    return found


def _words(diagnostic: str) -> str:
    return re.sub(r"\A(?i:smtp|x-[a-z0-9-]+|dns|x\.\d+)\s*;\s*", "", diagnostic)[:1000]


def _typed_address(group: Headers, name: str) -> str:
    """``rfc822; ada@example.com`` and what servers make of it."""
    text = group.text(name, Guesses())
    kind, semicolon, rest = text.partition(";")
    text = rest.strip() if semicolon and "@" not in kind else text
    addresses = read_addresses(text, where="", guesses=Guesses())
    return addresses[0].address if addresses and "@" in addresses[0].address else text.strip("<> ")[:300]


def _disposed(part: Part, report: Report, guesses: Guesses) -> None:
    for group in _groups(part, guesses):
        address = _typed_address(group, "original-recipient") or _typed_address(group, "final-recipient")
        report.disposed = report.disposed or address
        ids = read_ids(group.undecoded("original-message-id", Guesses()))
        report.original_message_id = report.original_message_id or (ids[0] if ids else "")


def _feedback(part: Part, report: Report, guesses: Guesses) -> None:
    for group in _groups(part, guesses):
        report.feedback_type = report.feedback_type or re.sub(r"[^a-z0-9-].*", "", group.plain("feedback-type"))
        for name in ("original-rcpt-to", "removal-recipient"):
            report.complained = report.complained or _typed_address(group, name)


def original_id(original: Headers | None) -> str:
    """The Message-ID of the mail that a report is about, without brackets; empty when it is not told."""
    if original is None:
        return ""
    for name in ("message-id", "x-original-message-id", "original-message-id"):
        if ids := read_ids(original.undecoded(name, Guesses())):
            return ids[0]
    return ""


def original_recipient(original: Headers | None) -> str:
    """Whom that mail went to."""
    if original is None:
        return ""
    for name in ("x-original-to", "to", "delivered-to", "cc"):
        for address in read_addresses(original.undecoded(name, Guesses()), where="", guesses=Guesses()):
            if "@" in address.address:
                return address.address
    return ""

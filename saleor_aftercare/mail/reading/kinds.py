"""What sort of mail this is: from a person, an automatic answer, a bounce, or a complaint.

RFC 3834, 3464, 6522, 5965 and 8098 say how machines mark their mail; about half of real bounces are marked otherwise.
Those are told by their signs together: a machine's sender, an empty return path, a subject, an explanation, a returned
mail. No single sign is enough, for people write about bounces and absentees' answers carry some of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from . import auto_words as auto
from . import bounce_told as told
from . import bounce_words as say
from .addresses import Address, read_addresses
from .guesses import Guesses
from .headers_in import Headers
from .reports import DELAYED, Recipient, Report, original_id, original_recipient
from .threading import read_ids

MESSAGE, AUTO_REPLY, BOUNCE, COMPLAINT = "message", "auto_reply", "bounce", "complaint"


@dataclass(frozen=True, slots=True)
class Bounce:
    """Why a mail of ours came back, or has not arrived yet."""

    recipients: tuple[Recipient, ...]  #: who did not get it; may be empty when nothing tells
    permanent: bool  #: whether another try is useless, of the first recipient: it is, unless something speaks for later
    gone: bool  #: whether nobody is there and nobody will be, as far as the first recipient's server tells
    status: str  #: RFC 3463 code (``5.1.1``), of the first recipient; empty when not told
    diagnostic: str  #: what the other server said, of the first recipient
    original_message_id: str  #: of the mail that came back, without brackets; empty when not told

    @property
    def recipient(self) -> str:
        """The first who did not get it."""
        return self.recipients[0].address if self.recipients else ""

    @property
    def is_delay(self) -> bool:
        """Whether the server still tries: nothing came back."""
        return bool(self.recipients) and all(one.action == DELAYED for one in self.recipients)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Somebody pressed "this is spam" on a mail of ours."""

    recipient: str  #: who, as far as the report tells
    feedback_type: str  #: RFC 5965: ``abuse``, ``fraud``, ``opt-out`` …
    original_message_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a mail, and by what it was told."""

    kind: str
    why: str
    bounce: Bounce | None = None
    complaint: Complaint | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the kind is judged by."""

    headers: Headers
    sender: tuple[Address, ...]
    return_path: str | None  #: empty for ``<>``, None when the header is missing
    subject: str
    text: str
    new_text: str
    report: Report
    own: frozenset[str]  #: our own addresses in lower case

    @property
    def null_path(self) -> bool:
        """Whether the sender's server wants no answer."""
        return self.return_path == ""

    @property
    def from_daemon(self) -> bool:
        """Whether a mail server is the sender, by address or name."""
        for address in self.sender:
            local, name = address.address.partition("@")[0].strip('"'), address.name[:100]
            if auto.DAEMON.match(local) or (self.null_path and auto.BOUNCES.match(local)):
                return True
            if auto.DAEMON_NAME.match(name) or auto.DAEMON_NAME.match(local) or (not local and auto.DAEMON.match(name)):
                return True
        if b"".join(self.headers.raw("from")).strip() == b"<>":
            return True
        return self.return_path is not None and bool(re.match(r"(?i)mailer-daemon\b", self.return_path))


def judge(facts: Facts, guesses: Guesses) -> Verdict:
    """The kind of a mail."""
    for rule in (_feedback, _delivery_report, _disposition, _unmarked_bounce, _automatic):
        verdict = rule(facts, guesses)
        if verdict is not None:
            return verdict
    return Verdict(MESSAGE, "Nothing says that a machine wrote it.")


#: Who complained, in the head of what Outlook.com sends instead of RFC 5965.
_HOTMAIL: Final = "x-hmxmroriginalrecipient"


def _feedback(facts: Facts, _guesses: Guesses) -> Verdict | None:
    report = facts.report
    if report.is_feedback:
        if report.feedback_type in {"auth-failure", "not-spam", "dmarc"}:
            return Verdict(AUTO_REPLY, f"It is a feedback report (RFC 5965) of type {report.feedback_type}.")
        why = "It is a feedback report (RFC 5965, Amazon SES)."
    elif auto.COMPLAINT_SUBJECT.search(facts.subject[:200]) and report.original is not None:
        why = "Its subject says that it is a complaint, and it holds the mail complained about."
    elif facts.headers.has(_HOTMAIL):
        why = "It is a complaint as Outlook.com's Junk Mail Reporting Program writes it."
    else:
        return None
    named = read_addresses(facts.headers.undecoded(_HOTMAIL, Guesses()), where="", guesses=Guesses())
    complained = report.complained or (named[0].address if named else original_recipient(report.original))
    kind = report.feedback_type or "abuse"
    return Verdict(COMPLAINT, why, complaint=Complaint(complained, kind, original_id(report.original)))


def _delivery_report(facts: Facts, guesses: Guesses) -> Verdict | None:
    report = facts.report
    if not report.is_delivery:
        return None
    failed = [
        one for one in report.recipients if one.action == "failed" or (not one.action and one.status[:1] in {"4", "5"})
    ]
    delayed = [one for one in report.recipients if one.action == DELAYED]
    others = {one.action for one in report.recipients if one not in failed}
    explanation = told.explanation_of(facts.text)
    if failed:
        why = "It is a delivery report of a failure (RFC 3464, Amazon SES)."
        return Verdict(BOUNCE, why, bounce=_bounce(facts, _reachable(facts, failed, explanation), explanation))
    if delayed:
        why = "It is a delivery report of a delay (RFC 3464): the server still tries."
        return Verdict(BOUNCE, why, bounce=_bounce(facts, _reachable(facts, delayed, explanation), explanation))
    if others & {"delivered", "relayed", "expanded", "deliverable"}:
        return Verdict(
            AUTO_REPLY, f"It is a delivery report (RFC 3464, Amazon SES): {', '.join(sorted(others - {''}))}."
        )
    guesses.add("mail", declared="", used="", why="The delivery report names no recipient; the text was read instead.")
    return None


def _reachable(facts: Facts, recipients: list[Recipient], explanation: str) -> list[Recipient]:
    """The recipients by addresses that one can write to; where the server reports a file or a host, the words tell."""
    if len(recipients) > 1 or told.IS_ADDRESS.fullmatch(recipients[0].address):
        return recipients
    named = _named(facts, explanation)
    return [replace(recipients[0], address=named[0])] if named else recipients


def _disposition(facts: Facts, _guesses: Guesses) -> Verdict | None:
    report = facts.report
    if not report.is_disposition and "disposition-notification" not in facts.headers.plain("content-type"):
        return None
    if report.disposed and (
        "rejected" in facts.headers.plain("auto-submitted") or say.REJECTED_SUBJECT.match(facts.subject[:200])
    ):
        explanation = told.explanation_of(facts.text)
        diagnostic = " ".join(explanation.split())[:500]
        failed = [Recipient(report.disposed, "failed", told.status_in(explanation), diagnostic)]
        why = "A receipt (RFC 8098) says that the letter was rejected (RFC 5429)."
        return Verdict(BOUNCE, why, bounce=_bounce(facts, failed, explanation))
    return Verdict(AUTO_REPLY, "It is a receipt (RFC 8098).")


def _unmarked_bounce(facts: Facts, _guesses: Guesses) -> Verdict | None:
    explanation = told.explanation_of(facts.text)
    failed_header = facts.headers.undecoded("x-failed-recipients", Guesses())
    returned = facts.report.original is not None
    no_reply = auto.NO_REPLY.match(facts.sender[0].address if facts.sender else "") is not None
    marked = facts.from_daemon or facts.null_path or bool(failed_header) or (no_reply and returned)
    if not (marked or facts.report.is_delivery):
        return None
    copied = returned or len(explanation) < len(facts.text[: told.MAX_TEXT])
    if not (facts.from_daemon or failed_header or copied or _names_stranger(facts, explanation)):
        return None  # a carrier writes about a parcel: "Delivery failed"
    subject = facts.subject[:300]
    says_failed = say.FAILED_SUBJECT.match(subject) is not None
    points = (
        3 * bool(failed_header)
        + 2 * facts.from_daemon
        + any(re.match(r"(?i)mailer[-_.]?daemon\b", one.address) for one in facts.sender)
        + facts.null_path
        + 2 * says_failed
        + 3 * facts.report.is_delivery
        + (no_reply and returned and not facts.from_daemon)
        + (say.FAILED_TEXT.search(explanation) is not None)
        + copied
        + (facts.from_daemon and told.ANSWERED.search(explanation[: told.MAX_WORDS]) is not None)
        - 4 * (auto.SUBJECT.match(subject) is not None)
        - 2 * (not facts.from_daemon and any(facts.headers.has(name) for name in auto.LIST_HEADERS))
    )
    delayed = _is_delayed(subject, explanation)
    if points < (3 if delayed and facts.from_daemon else 4):
        return None
    recipients = _told(facts, explanation, action=DELAYED if delayed else "failed")
    if delayed:
        why = "A mail server says that a letter is delayed; it still tries."
        return Verdict(BOUNCE, why, bounce=_bounce(facts, recipients or [Recipient("", DELAYED)], explanation))
    why = "A mail server says in words that it did not deliver."
    return Verdict(BOUNCE, why, bounce=_bounce(facts, recipients, explanation))


def _told(facts: Facts, explanation: str, *, action: str) -> list[Recipient]:
    """Who did not get it: as a report in the report says, by the header that exim writes, or by the words."""
    inner = facts.report.inner
    if inner is not None and (failed := [one for one in inner.recipients if one.action in {"failed", DELAYED}]):
        return failed
    diagnostic = told.diagnostic_in(explanation)
    status = told.status_in(diagnostic) or told.status_in(explanation)
    return [Recipient(one, action, status, diagnostic) for one in _named(facts, explanation)]


def _named(facts: Facts, explanation: str) -> list[str]:
    """The addresses that did not get it, the surest source first."""
    header = re.findall(r"[^\s,;<>\"]+@[^\s,;<>\"]+", facts.headers.undecoded("x-failed-recipients", Guesses()))
    if header:
        return told.once(header)
    if reported := [one.address for one in facts.report.recipients if told.IS_ADDRESS.fullmatch(one.address)]:
        return told.once(reported)
    original = original_recipient(facts.report.original)
    ours = {one.key for one in facts.sender} | facts.own
    receivers = read_addresses(facts.headers.undecoded("to", Guesses()), where="", guesses=Guesses())
    named = told.addresses_in(explanation, ours | {one.key for one in receivers}) or told.addresses_in(
        explanation, ours
    )
    if not named:
        return [original] if original else told.copied_recipient(facts.text)
    if original and original.lower() in {one.lower() for one in named}:
        named = [original, *named]
    return told.once(named)


def _names_stranger(facts: Facts, explanation: str) -> bool:
    """Whether a text names an address of neither the sender's domain nor ours, or the answer of a mail server."""
    near = {one.key.rpartition("@")[2] for one in facts.sender} | {one.rpartition("@")[2] for one in facts.own}
    domains = re.findall(r"@([a-z0-9.-]{1,200})", explanation[: told.MAX_WORDS].lower())
    return bool(told.status_in(explanation)) or any(domain.rstrip(".") not in near for domain in domains)


def _is_delayed(subject: str, explanation: str) -> bool:
    if say.DELAYED_SUBJECT.search(subject):
        return not re.search(r"(?i)\bfail", subject)
    return bool(say.DELAYED_TEXT.search(explanation)) and not say.GIVEN_UP.search(explanation)


def _automatic(facts: Facts, _guesses: Guesses) -> Verdict | None:
    headers = facts.headers
    submitted = headers.plain("auto-submitted").partition(";")[0].strip()
    if submitted and submitted != "no":
        return Verdict(AUTO_REPLY, f"Auto-Submitted is {submitted[:30]} (RFC 3834).")
    for name in auto.HEADERS:
        if headers.has(name) and headers.plain(name) not in auto.NOT_AUTOMATIC:
            return Verdict(AUTO_REPLY, f"The header {name.title()} marks an automatic answer.")
    for name in ("precedence", "x-precedence", "preference"):
        if re.match(r"auto[-_]?repl", headers.plain(name)):
            return Verdict(AUTO_REPLY, "Its precedence says that it is an automatic answer.")
    if (
        re.search(r"\b(?:vacation|autorespond|autoreply)", headers.plain("x-mailer"))
        or headers.plain("delivered-to") == "autoresponder"
        or "autoresponder" in headers.plain("x-post-messageclass")
    ):
        return Verdict(AUTO_REPLY, "A program for automatic answers sent it.")
    if auto.SUBJECT.match(facts.subject[:300]):
        return Verdict(AUTO_REPLY, "Its subject is that of an automatic answer.")
    if auto.SAYS_SO.search(facts.new_text[:5000]):
        return Verdict(AUTO_REPLY, "It says of itself that it is an automatic answer.")
    if auto.DMARC_SUBJECT.match(facts.subject[:300]):
        return Verdict(AUTO_REPLY, "It is a report about mail authentication (RFC 7489).")
    if any(re.match(r"(?i)mailer-daemon@", one.address) for one in facts.sender):
        return Verdict(AUTO_REPLY, "A mail server sent it.")
    if facts.null_path and (facts.from_daemon or auto.TEXT.search(facts.text[:5000])):
        return Verdict(AUTO_REPLY, "Its return path is empty, and a machine's words are in it.")
    return None


def _bounce(facts: Facts, recipients: list[Recipient], explanation: str) -> Bounce:
    inner = facts.report.inner
    original = inner.original if inner is not None and inner.original is not None else facts.report.original
    identity = original_id(original) or facts.report.original_message_id or told.original_id_in(facts.text)
    if not identity:
        replied = read_ids(facts.headers.undecoded("in-reply-to", Guesses())) or read_ids(
            facts.headers.undecoded("references", Guesses())
        )
        identity = replied[-1] if replied else ""
    first = recipients[0] if recipients else Recipient("")
    permanent = first.permanent
    if permanent is None:
        permanent = not say.TEMPORARY.search(explanation)
    gone = permanent and told.is_gone(first.status, f"{first.diagnostic}\n{explanation}")
    return Bounce(tuple(recipients), permanent, gone, first.status, first.diagnostic, identity)


def answer_refused(facts: Facts, verdict: Verdict) -> str:
    """Why no automatic answer may go out to this mail (RFC 3834 §2); empty when one may."""
    headers = facts.headers
    if verdict.kind != MESSAGE:
        return verdict.why
    if facts.null_path:
        return "Its return path is empty."
    if not facts.sender or not any("@" in one.address for one in facts.sender):
        return "It has no sender."
    if any(one.key in facts.own for one in facts.sender):
        return "It comes from one of our own addresses."
    if facts.from_daemon or auto.NO_REPLY.match(facts.sender[0].address):
        return "Its sender is a machine."
    if re.match(r"bulk|junk|list", headers.plain("precedence")) or any(headers.has(name) for name in auto.LIST_HEADERS):
        return "It was sent to many."
    suppressed = headers.plain("x-auto-response-suppress")
    if re.search(r"\b(?:all|oof|autoreply)\b", suppressed):
        return "Its sender asks for no automatic answer (X-Auto-Response-Suppress)."
    return ""

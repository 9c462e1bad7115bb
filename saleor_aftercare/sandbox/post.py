"""The practice post: what people write to the shop, brought to Aftercare as a mail service brings it.

Mails are made as mail programs make them, quotes and all; the service signs its calls as Mailgun does, raw MIME inside.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid, parseaddr

from .aftercare import Aftercare
from .mailbox import Mail

#: Where the practice shop is written to.
ADDRESS = "care@shop.example"
#: Ways in which a mail may come.
STYLES = ("plain", "japanese", "away", "bounce")


@dataclass(frozen=True)
class Letter:
    """What somebody wants to send; ``answers`` is the mail before it."""

    name: str
    address: str
    subject: str
    text: str
    answers: Mail | None = None
    style: str = "plain"


@dataclass(frozen=True)
class Post:
    """Takes letters to the shop's mailbox."""

    aftercare: Aftercare

    def send(self, letter: Letter) -> None:
        """Deliver a letter. Raises AftercareError."""
        mail = compose(letter, at=format_datetime(self.aftercare.shop.now()))
        self.aftercare.bring(
            "email",
            "inbound",
            {
                "sender": "" if letter.style == "bounce" else letter.address,
                "recipient": ADDRESS,
                "body-mime": mail.as_bytes(policy=SMTP).decode("ascii"),
                **self._signature(),
            },
        )

    def set_up(self) -> None:
        """The merchant adds the mailbox to Aftercare; a second time changes nothing."""
        self.aftercare.add_account(
            "email",
            {
                "name": "Kaze & Kettle",
                "address": ADDRESS,
                "incoming": "mailgun",
                "senderName": "Kaze & Kettle",
                "values": [{"section": "mailgun", "name": "webhook_signing_key", "value": self._key()}],
                "signatures": [
                    {"language": "en", "text": "Kind regards\n{{ staff.name }}, Kaze & Kettle"},
                    {"language": "ja", "text": "Kaze & Kettle\n{{ staff.name }}"},
                ],
            },
        )

    def _key(self) -> str:
        """The service's signing key; follows from the shop's own, so that it need not be remembered."""
        return hashlib.sha256(f"practice post {self.aftercare.shop.keys.kid}".encode()).hexdigest()

    def _signature(self) -> dict[str, str]:
        timestamp, token = str(int(self.aftercare.shop.now().timestamp())), secrets.token_hex(25)
        signed = hmac.new(self._key().encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
        return {"timestamp": timestamp, "token": token, "signature": signed}


def compose(letter: Letter, *, at: str) -> EmailMessage:
    """The mail as the sender's program writes it."""
    if letter.style == "bounce":
        return _bounce(letter, at=at)
    mail = EmailMessage()
    mail["From"] = formataddr((letter.name, letter.address))
    mail["To"] = _recipient(letter)
    mail["Subject"] = letter.subject
    mail["Date"] = at
    mail["Message-ID"] = make_msgid(domain="mail.example")
    text = letter.text.replace("\r\n", "\n").rstrip() + "\n"
    if letter.answers is not None:
        before = _header(letter.answers, "Message-ID")
        mail["In-Reply-To"] = before
        mail["References"] = " ".join(filter(None, (_header(letter.answers, "References"), before)))
        text += f"\n{_said(letter.answers)}\n" + "".join(
            f"> {line}".rstrip() + "\n" for line in letter.answers.text.splitlines()
        )
    if letter.style == "away":
        mail["Auto-Submitted"] = "auto-replied"
    if letter.style == "japanese":
        _in_japanese(mail, text)
    else:
        mail.set_content(text, cte="quoted-printable")
    return mail


def _in_japanese(mail: EmailMessage, text: str) -> None:
    """ISO-2022-JP, as many a Japanese program still writes; what it cannot spell makes the mail UTF-8."""
    try:
        body = text.encode("iso-2022-jp")
    except UnicodeEncodeError:
        mail.set_content(text, cte="base64")
        return
    mail.set_content(body.decode("ascii"), charset="us-ascii", cte="7bit")
    mail.replace_header("Content-Type", 'text/plain; charset="iso-2022-jp"')


def _bounce(letter: Letter, *, at: str) -> EmailMessage:
    """A report that a letter of the shop's could not be delivered (RFC 3464)."""
    report = EmailMessage()
    report["From"] = "Mail Delivery System <MAILER-DAEMON@mail.example>"
    report["To"] = ADDRESS
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = at
    report["Message-ID"] = make_msgid(domain="mail.example")
    report["Auto-Submitted"] = "auto-replied"
    report["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="practice-report"'
    original = "".join(
        f"{name}: {' '.join(_header(letter.answers, name).split())}\n"
        for name in ("Message-ID", "From", "To", "Date")
        if letter.answers is not None and _header(letter.answers, name).isascii()
    )
    report.set_payload(
        "--practice-report\nContent-Type: text/plain\n\n"
        f"The mail for {letter.address} could not be delivered: no such user.\n"
        "--practice-report\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example\n\n"
        f"Final-Recipient: rfc822; {letter.address}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\n\n"
        f"--practice-report\nContent-Type: text/rfc822-headers\n\n{original}\n--practice-report--\n"
    )
    return report


def _recipient(letter: Letter) -> str:
    """Where an answer goes: to whom the mail before it asked for, else to the shop's mailbox."""
    if letter.answers is None:
        return ADDRESS
    asked = _header(letter.answers, "Reply-To") or letter.answers.sender
    return parseaddr(asked)[1] or ADDRESS


def _header(mail: Mail | None, name: str) -> str:
    found = mail.headers if mail is not None else ()
    return next((value for key, value in found if key.lower() == name.lower()), "")


def _said(mail: Mail) -> str:
    when = mail.sent_at.strftime("%Y-%m-%d %H:%M") if mail.sent_at else ""
    return f"On {when}, {parseaddr(mail.sender)[0] or mail.sender} wrote:"

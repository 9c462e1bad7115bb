"""Reading the mails that the demo's mail server wrote down."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

#: Names as the mail server gives them; nothing else in the folder is a mail.
NAME = re.compile(r"^[0-9]{20}-[0-9a-f]{8}$")


@dataclass(frozen=True)
class Attachment:
    """A file in a mail."""

    name: str
    content_type: str
    content: bytes

    @property
    def kilobytes(self) -> int:
        """Its size, at least one."""
        return max(round(len(self.content) / 1024), 1)


@dataclass(frozen=True)
class Mail:
    """One mail as a person sees it; ``html`` has its embedded pictures inside."""

    name: str
    subject: str
    sender: str
    recipients: tuple[str, ...]
    sent_at: datetime | None
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...] = field(repr=False)


def list_mails(folder: Path | None, *, recipient: str = "") -> list[Mail]:
    """All mails, newest first; ``recipient`` keeps those to one address."""
    if folder is None or not folder.is_dir():
        return []
    names = sorted((p.stem for p in folder.glob("*.eml") if NAME.match(p.stem)), reverse=True)
    mails = [_read(folder / f"{name}.eml") for name in names]
    return [m for m in mails if not recipient or recipient in m.recipients]


def read_mail(folder: Path | None, name: str) -> Mail | None:
    """One mail by its name."""
    if folder is None or not NAME.match(name) or not (folder / f"{name}.eml").is_file():
        return None
    return _read(folder / f"{name}.eml")


@lru_cache(maxsize=1000)
def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("The e-mail policy makes no EmailMessage")
    to = getaddresses([str(v) for name in ("To", "Cc") for v in message.get_all(name, [])])
    return Mail(
        name=path.stem,
        subject=str(message.get("Subject", "")),
        sender=str(message.get("From", "")),
        recipients=tuple(address.lower() for _, address in to if address),
        sent_at=_date(message),
        text=_body(message, "plain"),
        html=_with_pictures(message, _body(message, "html")),
        headers=tuple((name, str(value)) for name, value in message.items()),
        attachments=tuple(_attachment(part) for part in message.iter_attachments() if not part.get("Content-ID")),
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    except ValueError:
        return None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else str(part.get_payload()).encode()


def _attachment(part: EmailMessage) -> Attachment:
    return Attachment(part.get_filename() or "attachment", part.get_content_type(), _bytes_of(part))


def _with_pictures(message: EmailMessage, html: str) -> str:
    """``cid:`` addresses replaced by the pictures themselves."""
    for part in message.walk():
        content_id = str(part.get("Content-ID", "")).strip("<>")
        if content_id and f"cid:{content_id}" in html and isinstance(part, EmailMessage):
            data = base64.b64encode(_bytes_of(part)).decode("ascii")
            html = html.replace(f"cid:{content_id}", f"data:{part.get_content_type()};base64,{data}")
    return html

"""A letter as the bytes of RFC 5322, ready for SMTP.

Written by hand because it is done for every letter and Python's general machinery takes longer over it than the mail
server does (docs/performance.md); it knows only what our letters are made of: a text part, an HTML part, files. The
tests read every shape back with the standard library.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote

from . import headers as head
from .models import OutboundMessage

#: RFC 5322 §2.1.1: what a line should hold; RFC 2047 §2: what an encoded word may hold.
_LINE: Final = 76
#: Bytes of UTF-8 in one encoded word: 42 make 56 characters of base64, and 12 around them.
_WORD_BYTES: Final = 42


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to travel with a letter."""

    name: str
    content_type: str  #: without parameters
    data: bytes


def build(letter: OutboundMessage, files: Iterable[Attached] = ()) -> bytes:
    """The whole message with CRLF line ends; the same bytes at every try."""
    words = letter.words()
    lines = [
        _unstructured("Subject", words.subject),
        f"From: {_mailbox_header(letter.from_email)}",
        f"To: {_mailbox_header(head.mailbox(letter.to_name, letter.to_email))}",
    ]
    if letter.cc:
        lines.append(_folded(f"Cc: {', '.join(ascii_address(one) for one in letter.cc)}"))
    if letter.reply_to:
        lines.append(f"Reply-To: {ascii_address(letter.reply_to)}")
    lines.append(f"Date: {format_datetime(letter.created_at)}")
    lines.append(f"Message-ID: {letter.message_id}")
    lines.extend(_unstructured(name, value) for name, value in letter.headers.items())
    lines.append("MIME-Version: 1.0")
    body = _text_part("plain", words.text)
    if words.html:
        body = _multipart("alternative", [body, _text_part("html", words.html)], letter.message_id)
    attached = [_file_part(file) for file in files]
    if attached:
        body = _multipart("mixed", [body, *attached], letter.message_id)
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + body


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII (RFC 5891); the part before the @ is ASCII already, by validation.

    What only a quoted string may hold (RFC 5321 §4.1.2: two dots in a row, one at an end) is quoted.

    >>> ascii_address("taro..yamada.@docomo.ne.jp")
    '"taro..yamada."@docomo.ne.jp'
    """
    local, _at, domain = address.rpartition("@")
    if ".." in local or local.startswith(".") or local.endswith("."):
        local = f'"{local}"'
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


# -- head ----------------------------------------------------------------------------------------------------------


def _mailbox_header(text: str) -> str:
    """``"Name" <address>`` with the name in encoded words where it is not ASCII."""
    shown, bracket, rest = text.rpartition("<")
    if not bracket:
        return ascii_address(text)
    address = f"<{ascii_address(rest.rstrip('>'))}>"
    if shown.isascii():
        return f"{shown}{address}"
    name = shown.strip().removeprefix('"').removesuffix('"').replace('\\"', '"').replace("\\\\", "\\")
    return "\r\n ".join([*_encoded_words(name), address])


def _unstructured(name: str, value: str) -> str:
    if value.isascii():
        return _folded(f"{name}: {value}")
    return f"{name}: " + "\r\n ".join(_encoded_words(value))


def _encoded_words(text: str) -> Iterator[str]:
    """The text as encoded words, none of which splits a character."""
    piece = b""
    for char in text:
        encoded = char.encode()
        if len(piece) + len(encoded) > _WORD_BYTES:
            yield f"=?utf-8?b?{base64.b64encode(piece).decode()}?="
            piece = b""
        piece += encoded
    yield f"=?utf-8?b?{base64.b64encode(piece).decode()}?="


def _folded(line: str) -> str:
    """Broken before words, where it is longer than a line should be; a single long word stays whole."""
    if len(line) <= _LINE:
        return line
    lines = []
    current, *words = line.split(" ")
    for word in words:
        if len(current) + 1 + len(word) > _LINE and not current.endswith(":"):
            lines.append(current)
            current = ""
        current = f"{current} {word}"
    return "\r\n".join([*lines, current])


# -- body ----------------------------------------------------------------------------------------------------------


def _text_part(subtype: str, text: str) -> bytes:
    data = text.encode()
    if len(data) - len(text) <= len(text) // 8:
        encoding, encoded = "quoted-printable", binascii.b2a_qp(data, istext=True)
    else:
        encoding, encoded = "base64", base64.encodebytes(data)
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()
        + encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )


def _file_part(file: Attached) -> bytes:
    if file.name.isascii():
        name = f'filename="{file.name.replace(chr(92), "_").replace(chr(34), "_")}"'
    else:
        # RFC 2231; one value however long: what splits it into numbered pieces is read by fewer programs.
        name = f"filename*=utf-8''{quote(file.name, safe='')}"
    parameters = '; charset="utf-8"' if file.content_type == "text/plain" else ""
    return (
        f"Content-Type: {file.content_type}{parameters}\r\n"
        f"Content-Disposition: attachment;\r\n {name}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode("ascii") + base64.encodebytes(file.data).replace(b"\n", b"\r\n")


def _multipart(subtype: str, parts: list[bytes], message_id: str) -> bytes:
    """Parts between boundaries that cannot stand in them: ``=_`` is neither base64 nor quoted-printable."""
    boundary = f"=_{subtype}_{hashlib.sha256(message_id.encode()).hexdigest()[:24]}"
    opening = f"--{boundary}\r\n".encode()
    return (
        f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
        + b"\r\n".join(opening + part for part in parts)
        + f"\r\n--{boundary}--\r\n".encode()
    )

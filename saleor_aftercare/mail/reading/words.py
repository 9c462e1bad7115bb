"""Text in headers: encoded words (RFC 2047) and raw bytes (RFC 6532), as senders really write them.

Neighbouring words of one charset are joined before they are decoded, for many programs split in the middle of a
character, or of an ISO-2022-JP sequence whose state the next word takes up.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from .charset_names import ISO_2022_JP, codec_for
from .charsets import decode
from .guesses import Guesses

_OPENING: Final = re.compile(r"=\?\s*([^?\s]{1,60}?)\s*\?\s*([BbQq])\s*\?")
_QUOTED_HEX: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]+")
#: A subject that was cut to a length, in the middle of a word.
_CUT_OFF: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}\?{0,1}\Z")
#: An encoded word longer than this is taken as plain text; RFC 2047 allows 75 characters, programs write more.
MAX_WORD: Final = 100_000


@dataclass(slots=True)
class _Word:
    charset: str
    encoding: str
    text: str

    def data(self) -> bytes:
        if self.encoding == "b":
            return _base64(self.text)
        plain = self.text.encode("utf-8", "surrogateescape").replace(b"_", b" ")
        return _QUOTED_HEX.sub(lambda found: bytes.fromhex(found[1].decode()), plain)

    @property
    def is_cut(self) -> bool:
        """Whether base64 ends in the middle of a group of four: the next word goes on with it."""
        return self.encoding == "b" and "=" not in self.text and len(_NOT_BASE64.sub("", self.text)) % 4 != 0


def decode_words(text: str, *, where: str, guesses: Guesses) -> str:
    """The header text with its encoded words decoded; what looks like one and is none stays as it is.

    >>> decode_words("=?utf-8?q?Re:_?= =?UTF-8?B?44GC?= x", where="", guesses=Guesses())
    'Re: あ x'
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    pending: list[_Word] = []
    at = 0
    while opening := _OPENING.search(text, at):
        closing = _closing(text, opening.end(), opening[2])
        if closing < 0 and opening[2] in "Bb" and _CUT_OFF.match(text, opening.end()):
            closing = len(text)
        if closing < 0 or closing - opening.end() > MAX_WORD:
            break
        between = text[at : opening.start()]
        if between and not (pending and between.isspace()):
            pieces += _flush(pending, where, guesses)
            pieces.append(between)
        pending.append(_Word(opening[1], opening[2].lower(), text[opening.end() : closing]))
        at = closing + 2
    pieces += _flush(pending, where, guesses)
    pieces.append(text[at:])
    decoded = "".join(pieces)
    # Some gateways encode what was encoded.
    twice = _OPENING.match(decoded) and decoded.endswith("?=") and decoded != text
    return decode_words(decoded, where=where, guesses=guesses) if twice and len(decoded) < len(text) else decoded


def _closing(text: str, start: int, encoding: str) -> int:
    """Where ``?=`` ends a word; in ``Q`` a question mark may stand raw before an encoded byte."""
    at = text.find("?=", start)
    if encoding in "Qq":
        for _ in range(100):
            if at < 0 or not re.match(r"\?=[0-9A-Fa-f]{2}[^\s]*\?=", text[at : at + 200]):
                break
            at = text.find("?=", at + 2)
    return at


def _flush(pending: list[_Word], where: str, guesses: Guesses) -> list[str]:
    """The text of neighbouring words; those of one charset are decoded as one."""
    texts: list[str] = []
    at = 0
    while at < len(pending):
        charset = pending[at].charset.partition("*")[0].lower()
        run = bytearray()
        while at < len(pending) and pending[at].charset.partition("*")[0].lower() == charset:
            word = pending[at]
            while word.is_cut and at + 1 < len(pending) and pending[at + 1].encoding == "b":
                at += 1
                word = _Word(word.charset, "b", word.text + pending[at].text)
            data = word.data()
            run += _join_japanese(run, data) if codec_for(charset) == ISO_2022_JP else data
            at += 1
        texts.append(decode(bytes(run), charset, where=where, guesses=guesses))
    pending.clear()
    return texts


def _join_japanese(before: bytearray, data: bytes) -> bytes:
    """What to add to ISO-2022-JP: words that leave two-byte mode open go on in it only if the next word fits."""
    last = before.rfind(b"\x1b")
    if last < 0 or before[last + 1 : last + 2] != b"$":
        return data
    escape = data.find(b"\x1b")
    until_escape = data if escape < 0 else data[:escape]
    fits = len(until_escape) % 2 == 0 and b" " not in until_escape
    # A pair that was itself split between the words: the rest of it comes first.
    odd = (len(before) - last - 3) % 2 == 1
    if escape == 0 or fits != odd:
        return data
    return b"\x1b(B" + data


def _base64(text: str) -> bytes:
    pieces = []
    for chunk in text.split("="):
        plain = _NOT_BASE64.sub("", chunk)
        if len(plain) % 4 == 1:
            plain = plain[:-1]
        try:
            pieces.append(base64.b64decode(plain + "=" * (-len(plain) % 4)))
        except (binascii.Error, ValueError):
            continue
    return b"".join(pieces)


def raw_text(value: bytes, *, where: str, guesses: Guesses, hint: str = "") -> str:
    """A raw header value as text: ASCII, UTF-8 (RFC 6532), or what the bytes look like."""
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    if value.isascii() or not _is_utf8(value):
        return decode(value, None, where=where, guesses=guesses, hint=hint)
    return value.decode("utf-8")


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """The text with every run of control characters as one space, and without spaces around it."""
    return _CONTROLS.sub(" ", text).strip()

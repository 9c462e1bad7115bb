"""Outlook's compressed RTF (MS-OXRTFCP), and the HTML or text that it wraps (MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct
from typing import Final

from .charsets import decode
from .guesses import Guesses

_PRELUDE: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    b"Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0"
    b"\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u"
    b"\\tab\\tx"
)
_COMPRESSED, _UNCOMPRESSED = 0x75465A4C, 0x414C454D
#: What is beyond is left out.
MAX_RTF: Final = 8 * 1024 * 1024


def unpack(data: bytes) -> bytes:
    """The RTF of a compressed stream; what was read before it breaks off."""
    if len(data) < 16:
        return b""
    _size, raw_size, kind, _crc = struct.unpack_from("<IIII", data)
    if kind == _UNCOMPRESSED:
        return data[16 : 16 + raw_size]
    if kind != _COMPRESSED:
        return b""
    window = bytearray(4096)
    window[: len(_PRELUDE)] = _PRELUDE
    position = len(_PRELUDE)
    out = bytearray()
    at = 16
    limit = min(raw_size, MAX_RTF)
    while at < len(data) and len(out) < limit:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                return bytes(out)
            if control >> bit & 1:
                reference = int.from_bytes(data[at : at + 2], "big")
                at += 2
                offset, length = reference >> 4, (reference & 0xF) + 2
                if offset == position:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    out.append(byte)
                    window[position] = byte
                    position = (position + 1) % 4096
            else:
                byte = data[at]
                at += 1
                out.append(byte)
                window[position] = byte
                position = (position + 1) % 4096
    return bytes(out)


_TOKEN: Final = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_IGNORED: Final = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore generator listtable listoverridetable"
    b" rsidtbl header footer".split()
)
_WORDS: Final = {b"par": "\n", b"line": "\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
                 b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—"}  # fmt: skip


def read_rtf(data: bytes, guesses: Guesses) -> tuple[str, str]:
    """Text and HTML; the HTML is empty unless the RTF was made of HTML (``\\fromhtml1``)."""
    from_html = b"\\fromhtml1" in data[:2000]
    writer = _Writer(from_html, guesses)
    for found in _TOKEN.finditer(data, 0, MAX_RTF):
        writer.token(found)
    text = writer.finish()
    return ("", text) if from_html else (text.strip(), "")


class _Writer:
    def __init__(self, from_html: bool, guesses: Guesses) -> None:
        self.from_html = from_html
        self.guesses = guesses
        self.codepage = "cp1252"
        self.pieces: list[str] = []
        self.bytes = bytearray()
        self.state = (False, False, False)  #: ignored, hidden from HTML (htmlrtf), inside an HTML tag
        self.stack: list[tuple[bool, bool, bool]] = []
        self.skip = 0
        self.starred = False

    def token(self, found: re.Match[bytes]) -> None:
        """Take one piece of RTF."""
        hexadecimal, word, number, symbol, brace, text = found.groups()
        if brace == b"{":
            if len(self.stack) < 10_000:
                self.stack.append(self.state)
        elif brace == b"}":
            self.state = self.stack.pop() if self.stack else self.state
        elif hexadecimal:
            self._byte(bytes.fromhex(hexadecimal.decode()))
        elif word:
            self._word(word, number)
        elif symbol == b"*":
            self.starred = True
        elif symbol in {b"\\", b"{", b"}"}:
            self._byte(symbol)
        elif symbol == b"~":
            self._put("\xa0")
        elif text:
            self._byte(text)

    def _word(self, word: bytes, number: bytes | None) -> None:
        ignored, hidden, tag = self.state
        if word == b"htmltag":
            self.state = (False, hidden, True)
        elif self.starred or word in _IGNORED:
            self.state = (True, hidden, tag)
        elif word == b"htmlrtf":
            self.state = (ignored, number != b"0", tag)
        elif word == b"ansicpg" and number:
            self.codepage = f"cp{int(number)}"
        elif word == b"u" and number:
            self._put(chr(int(number) & 0xFFFF))
            self.skip = 1
        elif word in _WORDS and not (tag and word in {b"par", b"line"}):
            self._put("\r\n" if self.from_html and word in {b"par", b"line"} else _WORDS[word])
        self.starred = False

    @property
    def _silent(self) -> bool:
        ignored, hidden, _tag = self.state
        return ignored or (self.from_html and hidden)

    def _byte(self, data: bytes) -> None:
        self.starred = False
        if self.skip:
            data, self.skip = data[1:], 0
        if not self._silent:
            self.bytes += data

    def _put(self, text: str) -> None:
        if not self._silent:
            self._flush()
            self.pieces.append(text)

    def _flush(self) -> None:
        if self.bytes:
            data = bytes(self.bytes)
            self.pieces.append(decode(data, self.codepage, where="winmail.dat", guesses=self.guesses))
            self.bytes.clear()

    def finish(self) -> str:
        """The whole text; halves of characters beyond 16 bits find each other."""
        self._flush()
        return "".join(self.pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

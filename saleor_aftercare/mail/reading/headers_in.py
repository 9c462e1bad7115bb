"""The header section of a mail or a part: where it ends, and its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .guesses import Guesses
from .words import decode_words, one_line, raw_text

#: What is beyond in one header section is left out: bytes of the section, fields in it, bytes of one field.
MAX_SECTION: Final = 512 * 1024
MAX_FIELDS: Final = 2000
MAX_FIELD: Final = 100_000

_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_FIELD: Final = re.compile(rb"([!-9;-~]{1,200}?)[ \t]*:")
_FROM_LINE: Final = re.compile(rb">?From [^\s:]")
_KNOWN: Final = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender"
    rb"|references|in-reply-to|delivered-to|dkim-signature|arc-[a-z-]+|authentication-results|x-[a-z0-9-]+|list-[a-z-]+"
    rb"|auto-submitted|precedence|user-agent|importance|thread-[a-z]+|final-recipient|status|action)[ \t]*:"
)
_CONTINUED: Final = frozenset((b"subject", b"references", b"in-reply-to", b"message-id", b"content-type"))


@dataclass(slots=True)
class Headers:
    """Fields in the order in which they stand; names in lower case, values raw and unfolded."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    hint: str = ""  #: the charset of the body, for raw bytes of eight bits

    def raw(self, name: str) -> list[bytes]:
        """Every value of a field."""
        return [value for found, value in self.fields if found == name]

    def has(self, name: str) -> bool:
        """Whether the field stands there, be it empty."""
        return any(found == name for found, _value in self.fields)

    def undecoded(self, name: str, guesses: Guesses, *, last: bool = False) -> str:
        """The first (or last) value that is not empty, as text with its encoded words still encoded."""
        values = self.raw(name)
        for value in reversed(values) if last else values:
            text = raw_text(value, where=f"header {name}", guesses=guesses, hint=self.hint).strip()
            if text:
                return text
        return ""

    def text(self, name: str, guesses: Guesses) -> str:
        """The first value that is not empty, decoded, on one line."""
        where = f"header {name}"
        return one_line(decode_words(self.undecoded(name, guesses), where=where, guesses=guesses))

    def plain(self, name: str) -> str:
        """The first value that is not empty as ASCII in lower case, for values that are keywords."""
        for value in self.raw(name):
            if text := value.decode("ascii", "replace").strip():
                return text.lower()
        return ""


def read_headers(data: bytes, start: int, *, where: str, guesses: Guesses) -> tuple[Headers, int]:
    """The fields from ``start`` on, and where the body begins.

    A line that is no field ends the section, unless fields go on behind it: then it was a broken fold or rubbish.
    """
    section = _Section(data, start, where, guesses)
    while section.take_line():
        pass
    section.end_field()
    return section.headers, section.at


class _Section:
    """A header section while it is read, line by line."""

    def __init__(self, data: bytes, start: int, where: str, guesses: Guesses) -> None:
        self.data = data
        self.start = self.at = start
        self.where = where
        self.guesses = guesses
        self.headers = Headers()
        self._name = b""
        self._value: bytearray | None = None

    def take_line(self) -> bool:
        """Take one line; False when the section has ended, with :attr:`at` where the body begins."""
        begin = self.at
        if begin >= len(self.data):
            return False
        if begin - self.start > MAX_SECTION or len(self.headers.fields) >= MAX_FIELDS:
            self._guess("The header section is too long; the rest of it was left out.")
            self.at = _after_blank_line(self.data, begin)
            return False
        line = self._next_line()
        if not line.strip(b" \t\0"):
            return self._blank(line)
        if begin == self.start and _FROM_LINE.match(line):
            return True
        if line[:1] in b" \t\0":
            self._add(line)
            return True
        found = _FIELD.match(line)
        if found:
            self.end_field()
            self._name = found[1].lower()
            self._value = bytearray(line[found.end() :].strip())
            return True
        return self._no_field(line, begin)

    def end_field(self) -> None:
        """Write the field that was being read."""
        if self._value is not None:
            value = bytes(self._value[:MAX_FIELD]).replace(b"\0", b"")
            self.headers.fields.append((self._name.decode("ascii"), value))
        self._value = None

    def _blank(self, line: bytes) -> bool:
        following = self.data[self.at : self.at + 300]
        if line:
            return (following[:1] in {b" ", b"\t"} and following[:80].strip() != b"") or bool(_KNOWN.match(following))
        # Blank lines before the first field.
        return self._value is None and not self.headers.fields and bool(_KNOWN.match(following))

    def _no_field(self, line: bytes, begin: int) -> bool:
        goes_on = _KNOWN.match(self.data, self.at) is not None and not line.startswith(b"--")
        seen = self._value is not None or bool(self.headers.fields)
        if not goes_on and not (line.startswith(b"=?") and self._value is not None):
            if seen:
                self._guess("No blank line stands between the header and the body.")
            self.at = begin
            return False
        if self._value is not None and (self._name in _CONTINUED or line[:2] == b"=?" or line[:1] == b"<"):
            self._add(line)
            self._guess("A header line was broken without an indent; it was joined.")
        else:
            self._guess("A line of the header is no field; it was left out.")
        return True

    def _add(self, line: bytes) -> None:
        if self._value is not None and len(self._value) < MAX_FIELD:
            self._value += b" " + line.strip()

    def _next_line(self) -> bytes:
        found = _LINE_END.search(self.data, self.at)
        end = found.start() if found else len(self.data)
        line = self.data[self.at : min(end, self.at + MAX_FIELD)]
        self.at = found.end() if found else end
        return line

    def _guess(self, why: str) -> None:
        self.guesses.add(self.where, declared="", used="", why=why)


_BLANK: Final = re.compile(rb"\r\n\r\n|\n\n|\n\r\n|\r\r")


def _after_blank_line(data: bytes, at: int) -> int:
    found = _BLANK.search(data, at)
    return found.end() if found else len(data)

"""``Content-Type`` and ``Content-Disposition``: a value and its parameters (RFC 2045, RFC 2231), tolerantly.

Read are continuations in any order (``name*0*=…; name*1=…``), percent-encoding with and without charset, encoded words
where RFC 2047 forbids them, raw Japanese, missing quotes and semicolons, and quotes that never close.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from .charsets import decode
from .guesses import Guesses
from .words import decode_words, one_line

#: More parameters than these in one header are left out.
MAX_PARAMETERS: Final = 200
_NAME: Final = re.compile(r"([^\s=;:\"<>]{1,100})\s{0,100}=\s*")
_BETWEEN: Final = re.compile(r"[;\s]*")
_SECTION: Final = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")


def read_value(text: str, *, where: str, guesses: Guesses) -> tuple[str, dict[str, str]]:
    """The value in lower case, and its parameters by name in lower case, decoded.

    >>> read_value("text/plain; name*0*=utf-8''%E8%A6%8B; name*1=x.txt", where="", guesses=Guesses())
    ('text/plain', {'name': '見x.txt'})
    """
    value, _semicolon, rest = text.partition(";")
    if "=" in value:  # no value at all, or no semicolon behind it
        found = re.match(r"\s*([^\s=;]+/[^\s=;]+|[A-Za-z]+(?=\s))\s+", value)
        value, rest = (found[1], text[found.end() :]) if found else ("", text)
    return one_line(_without_comments(value)).lower()[:200], _parameters(rest, where, guesses)


def _without_comments(text: str) -> str:
    return text.partition("(")[0]


def _parameters(text: str, where: str, guesses: Guesses) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in _pairs(text):
        found = _SECTION.match(name)
        if not found or (found[2] is None and found[3] is None):
            plain.setdefault(name, value)
            continue
        sections.setdefault(found[1], {}).setdefault(int(found[2] or 0), (value, found[3] is not None))
    decoded = {name: _plain_value(value, f"{where} {name}", guesses) for name, value in plain.items()}
    for name, parts in sections.items():
        decoded[name] = _joined(parts, f"{where} {name}", guesses)
    return decoded


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    at = 0
    while len(pairs) < MAX_PARAMETERS:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        found = _NAME.match(text, at)
        if not found:
            at = text.find(";", at) + 1
            if not at:
                break
            continue
        value, at = _value(text, found.end())
        pairs.append((found[1].lower(), value))
    return pairs


def _value(text: str, at: int) -> tuple[str, int]:
    """A value from its first character, quoted or up to the next semicolon, and where it ends."""
    if text[at : at + 1] == '"':
        pieces: list[str] = []
        begin = at = at + 1
        while True:
            found = re.compile(r'["\\]').search(text, at)
            if not found:
                return "".join(pieces) + text[at:].rstrip().rstrip(";"), len(text)
            pieces.append(text[at : found.start()])
            at = found.end()
            if found[0] == "\\":
                # Windows paths are sent with single backslashes: only a quote or a backslash is escaped.
                following = text[at : at + 1]
                if following in {'"', "\\"}:
                    pieces.append(following)
                    at += 1
                else:
                    pieces.append("\\")
            elif _closes(text, at) or begin == at:
                return "".join(pieces), at
            else:
                pieces.append('"')
    end = text.find(";", at)
    return text[at : end if end >= 0 else len(text)].strip(), end if end >= 0 else len(text)


def _closes(text: str, at: int) -> bool:
    """Whether the quote before ``at`` ends the value: a semicolon, the end or another parameter follows."""
    return re.match(r"\s*(?:;|\Z|\(|[A-Za-z][\w*-]*\s*=)", text[at : at + 200]) is not None or text.find('"', at) < 0


def _plain_value(value: str, where: str, guesses: Guesses) -> str:
    if "=?" in value:
        # Forbidden by RFC 2047 §5 and done by nearly everybody; folded words have a space between them.
        return one_line(decode_words(value, where=where, guesses=guesses))
    if _PERCENT.search(value) and where.endswith("name"):
        extended = re.match(r"([A-Za-z0-9_-]{3,30})'[A-Za-z-]{0,10}'(.*)\Z", value)
        if extended:
            return one_line(decode(unquote_to_bytes(extended[2]), extended[1], where=where, guesses=guesses))
        data = unquote_to_bytes(value.encode("utf-8", "surrogatepass"))
        if not data.isascii() and value.isascii():
            return one_line(decode(data, "utf-8", where=where, guesses=guesses))
    return one_line(value)


def _joined(parts: dict[int, tuple[str, bool]], where: str, guesses: Guesses) -> str:
    """Continuations in the order of their numbers; bytes are joined before they are decoded."""
    charset = ""
    data = bytearray()
    for position, number in enumerate(sorted(parts)):
        value, encoded = parts[number]
        if position == 0 and encoded and value.count("'") >= 2:
            charset, _language, value = value.split("'", 2)
        elif position == 0 and "=?" in value:
            return one_line(decode_words("".join(parts[n][0] for n in sorted(parts)), where=where, guesses=guesses))
        raw = value.encode("utf-8", "surrogatepass")
        data += unquote_to_bytes(raw) if encoded else raw
    return one_line(decode(bytes(data), charset, where=where, guesses=guesses))

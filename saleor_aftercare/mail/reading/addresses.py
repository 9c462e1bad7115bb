"""Addresses in headers (RFC 5322 §3.4, RFC 6532), read with more patience than the RFC asks for.

Groups give their members. Names may hold raw commas in encoded words; addresses may lack angle brackets, hold dots
where none are allowed (``..@docomo.ne.jp``), or be written twice. What holds no address at all is kept as a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .guesses import Guesses
from .words import decode_words, one_line

#: More addresses than these in one header are left out.
MAX_ADDRESSES: Final = 500
_BARE: Final = re.compile(r"(?:\"[^\"]{1,100}\"|[^\s<>\"(),;:]{1,250})@[^\s<>\"(),;:@]{1,250}")
_COMMENT: Final = re.compile(r"\([^()]{0,200}\)")
_MAX_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Address:
    """A person or mailbox in a header; either may be empty, not both."""

    name: str
    address: str  #: as written, without angle brackets

    @property
    def key(self) -> str:
        """The address for comparing: the whole in lower case, as every mail provider treats it."""
        return self.address.lower()


def read_addresses(text: str, *, where: str, guesses: Guesses) -> tuple[Address, ...]:
    """The addresses of one header value, encoded words not yet decoded.

    >>> [a.address for a in read_addresses("Team: Ada <a@x.example>, b@x.example;", where="", guesses=Guesses())]
    ['a@x.example', 'b@x.example']
    """
    found: list[Address] = []
    for mailbox in _split(text):
        address = _read_one(mailbox, where, guesses)
        if address is not None:
            found.append(address)
        if len(found) >= MAX_ADDRESSES:
            guesses.add(where, declared="", used="", why=f"Only the first {MAX_ADDRESSES} addresses were read.")
            break
    if not any(address.address for address in found) and "=?" in text:
        whole = decode_words(text, where=where, guesses=guesses)
        if "@" in whole and "=?" not in whole:
            return read_addresses(whole, where=where, guesses=guesses)
    return tuple(found)


@dataclass(slots=True)
class _Mailbox:
    """One mailbox, taken apart: words outside quotes and brackets, quoted ones, comments, the part in brackets."""

    phrase: list[str]
    comments: list[str]
    angle: str = ""


#: An encoded word is one piece, though it should hold no raw comma.
_SPECIAL: Final = re.compile(r"=\?[^?\s]{1,60}\?[BbQq]\?[^?]{0,300}\?=|[\"(<>,;:\\)]")


def _split(text: str) -> list[_Mailbox]:
    """The mailboxes of a list, in one pass over the text."""
    splitter = _Splitter(text)
    while splitter.step():
        pass
    return splitter.mailboxes


class _Splitter:
    """A list of mailboxes while it is taken apart."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.plain: list[str] = []
        self.current = _Mailbox([], [])
        self.mailboxes = [self.current]

    def step(self) -> bool:
        """Take everything up to and with the next special character; False at the end."""
        found = _SPECIAL.search(self.text, self.at)
        if not found:
            self.plain.append(self.text[self.at :])
            self._close()
            return False
        self.plain.append(self.text[self.at : found.start()])
        self.at = found.end()
        match found[0]:
            case '"':
                self._take_quoted()
            case "(":
                comment, self.at = _comment(self.text, self.at)
                self.current.comments.append(comment)
                self.plain.append(" ")
            case "<":
                self._take_angle()
            case "," | ";":
                self._close()
                self._begin()
            case ":" if self._names_group():
                self.plain.clear()
                self.current.phrase.clear()
            case "\\":
                self.plain.append(self.text[self.at : self.at + 1])
                self.at += 1
            case other:
                self.plain.append(other)
        return len(self.mailboxes) <= MAX_ADDRESSES + 1

    def _begin(self) -> None:
        self.current = _Mailbox([], [])
        self.mailboxes.append(self.current)

    def _close(self) -> None:
        if self.plain:
            self.current.phrase.append("".join(self.plain))
            self.plain.clear()

    def _take_quoted(self) -> None:
        quoted, self.at = _quoted(self.text, self.at)
        before = "".join(self.plain)[-1:]
        if not before.strip() and self.text[self.at : self.at + 1] != "@":
            self._close()
            self.current.phrase.append(quoted)
        else:
            self.plain.append(f'"{quoted}"')

    def _take_angle(self) -> None:
        end = _end_of_angle(self.text, self.at)
        inner = self.text[self.at : end].strip(" <>\t")
        self.at = end + 1
        if "@" in inner or not self.current.angle:
            self._close()
            self.current.angle = inner

    def _names_group(self) -> bool:
        """Whether what stands before a colon is the name of a group; routes and encoded words hold colons too."""
        words = "".join(self.plain)
        return not self.current.angle and "@" not in words and "=?" not in words


def _quoted(text: str, at: int) -> tuple[str, int]:
    """A quoted string from behind its opening; one that never ends closes before the bracket, if there is one."""
    end = at
    while True:
        end = text.find('"', end)
        if end < 0:
            bracket = text.find("<", at)
            end = bracket if bracket >= 0 else len(text)
            return text[at:end].rstrip(), end
        slashes = 0
        while end - slashes > at and text[end - slashes - 1] == "\\" and slashes < 1000:
            slashes += 1
        if slashes % 2 == 0:
            return re.sub(r"\\(.)", r"\1", text[at:end]), end + 1
        end += 1


def _comment(text: str, at: int) -> tuple[str, int]:
    depth = 1
    for found in re.compile(r"[()\\]").finditer(text, at):
        if found[0] == "\\" or text[found.start() - 1 : found.start()] == "\\":
            continue
        depth += 1 if found[0] == "(" else -1
        if depth == 0:
            return text[at : found.start()], found.end()
    return text[at:], len(text)


def _end_of_angle(text: str, at: int) -> int:
    """Where the bracket closes; an address without a closing one ends at the next comma."""
    end = text.find(">", at)
    comma = text.find(",", at)
    if end < 0:
        return comma if comma >= 0 else len(text)
    if 0 <= comma < end and "@" in text[at:comma] and "<" in text[comma:end]:
        return comma - 1 if text[comma - 1] == ">" else comma
    return end


def _read_one(mailbox: _Mailbox, where: str, guesses: Guesses) -> Address | None:
    pieces = [decode_words(piece, where=where, guesses=guesses) for piece in mailbox.phrase]
    phrase = one_line(" ".join(piece.strip() for piece in pieces if piece.strip()))
    angle = _COMMENT.sub("", mailbox.angle) if "(" in mailbox.angle else mailbox.angle
    address = _plain_address(decode_words(angle, where=where, guesses=guesses))
    name = phrase
    if "@" not in address:
        bare = _BARE.search(phrase)
        if bare:
            address = _plain_address(bare[0])
            name = (phrase[: bare.start()] + " " + phrase[bare.end() :]).strip(" <>'\"\t")
    if not name and mailbox.comments:
        name = one_line(" ".join(decode_words(text, where=where, guesses=guesses) for text in mailbox.comments))
    name = _clean_name(name)
    if name.lower() == address.lower():
        name = ""
    return Address(name, address) if name or address else None


def _plain_address(text: str) -> str:
    """Without route (``@a,@b:x@y``), ``mailto:`` and stray characters around it."""
    text = one_line(text).strip("<>'\" ,;") if not text.startswith('"') else one_line(text).strip("<> ,;")
    text = text.removeprefix("mailto:").removeprefix("MAILTO:").removeprefix("smtp:").removeprefix("SMTP:")
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    local, at, domain = text.rpartition("@")
    if at:
        domain = domain.strip().rstrip(".")
        text = f"{local.strip()}@{''.join(domain.split())}"
    return text[:400]


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name[:_MAX_NAME]

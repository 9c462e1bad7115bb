"""What ties a mail to an earlier one, the surest first.

1. ``token``: ours, in an address (``support+<token>@…``) or in a Message-ID that the mail answers. Only whoever got a
   letter of ours can know one; the caller says whether it is genuine.
2. ``in_reply_to``, 3. ``references`` from the newest to the oldest: anybody may write them, and many people may answer
   one newsletter, so the caller scopes them by sender.
4. ``ticket``: a number in the subject (``[#1234]``), and 5. ``subject``: only for a sender who is a party already.

A token is what :func:`saleor_aftercare.mail.headers.new_message_id` stamps: 16 to 64 hexadecimal digits, a dot, and the
16 digits of their seal. It is case-insensitive and fits into an address, for both survive every mail server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from .guesses import Guesses
from .headers_in import Headers

#: What a caller gives to have tokens checked: the token in lower case → whether it is genuine.
Verify = Callable[[str], bool]

#: Ids beyond are left out, the oldest first; so are tokens.
MAX_IDS: Final = 100
MAX_TOKENS: Final = 10

_TOKEN: Final = re.compile(r"(?<![0-9a-z])([0-9a-f]{16,64}\.[0-9a-f]{16})(?![0-9a-z])")
_ID: Final = re.compile(r"<([^<>]{1,998})>")
_BARE_ID: Final = re.compile(r"[^\s<>,;\"()]{1,500}@[^\s<>,;\"()]{1,498}")
_TICKET: Final = re.compile(r"\[#\s?([A-Za-z0-9-]{0,10}?\d{1,12})\]")
_PREFIX: Final = re.compile(
    r"\s*(?:(?:re|fwd?|fw|aw|wg|sv|vs|vb|tr|rv|ref|enc|antw|doorst|odp|pd|ynt|ilt|ang|rif|res|r|i|vá|továbbítás|fyi"
    r"|ответ|отв|答复|回复|回覆|转发|轉寄|轉發|返信|転送|답장|회신|전달|σχετ|πρθ|atb|bls)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\d{1,3})?\s*[:：﹕]|\[(?:external|extern|spam|ext|外部)\]|\*+spam\*+)\s*",
    re.IGNORECASE,
)
#: Where our address may stand.
_RECIPIENTS: Final = (
    "to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "x-rcpt-to",
    "original-recipient", "x-delivered-to", "apparently-to",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One way to find the earlier mail or its ticket."""

    kind: str  #: ``token``, ``in_reply_to``, ``references``, ``ticket`` or ``subject``
    value: str  #: a token, a Message-ID without brackets, a number, or a subject without its prefixes
    where: str  #: the header that it stood in
    verified: bool | None = None  #: of a token; None when nobody could check it


def read_ids(text: str) -> list[str]:
    """Message-IDs without brackets in the order in which they stand; folded, bare and doubled ones as well.

    >>> read_ids("<a@x> <b @x>c@x")
    ['a@x', 'b@x', 'c@x']
    """
    found: list[str] = []
    at = 0
    for match in _ID.finditer(text):
        found += _BARE_ID.findall(text[at : match.start()])
        found.append("".join(match[1].split()))
        at = match.end()
    rest = text[at:].strip(" <>\t")
    found += _BARE_ID.findall(rest)
    if not found and rest and " " not in rest and len(rest) > 5:
        found.append(rest)
    return list(dict.fromkeys(one.strip(",;") for one in found if one))


def subject_key(subject: str) -> str:
    """The subject without reply and forward prefixes of any language, ticket tags and double spaces, in lower case.

    >>> subject_key("Re: AW: [#12] 返信：  Kaputt")
    'kaputt'
    """
    text = _TICKET.sub(" ", subject[:1000])
    for _prefix in range(50):
        shorter = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
        if shorter == text:
            break
        text = shorter
    return " ".join(text.split()).casefold()


def read_keys(headers: Headers, subject: str, guesses: Guesses, verify: Verify | None) -> tuple[Key, ...]:
    """The keys of a mail, the surest first."""
    replied = read_ids(headers.undecoded("in-reply-to", guesses))[:MAX_IDS]
    # Some programs write the header twice; the ids of both count.
    references = read_ids(" ".join(value.decode("utf-8", "replace") for value in headers.raw("references")[:5]))[
        -MAX_IDS:
    ]
    newest_first = [one for one in reversed(references) if one not in replied]
    keys = _tokens(headers, replied, newest_first, verify)
    keys += [Key("in_reply_to", value, "In-Reply-To") for value in replied]
    keys += [Key("references", value, "References") for value in newest_first]
    keys += [Key("ticket", number, "Subject") for number in dict.fromkeys(_TICKET.findall(subject[:1000]))]
    if key := subject_key(subject):
        keys.append(Key("subject", key, "Subject"))
    return tuple(keys)


def _tokens(headers: Headers, replied: list[str], references: list[str], verify: Verify | None) -> list[Key]:
    places: list[tuple[str, str]] = []
    for name in _RECIPIENTS:
        for value in headers.raw(name)[:20]:
            places += [("-".join(word.capitalize() for word in name.split("-")), one) for one in _plus_parts(value)]
    places += [("In-Reply-To", one.partition("@")[0]) for one in replied]
    places += [("References", one.partition("@")[0]) for one in references]
    keys: dict[str, Key] = {}
    for where, text in places:
        for token in _TOKEN.findall(text[:300].lower()):
            if token not in keys and len(keys) < MAX_TOKENS:
                keys[token] = Key("token", token, where, verify(token) if verify else None)
    return _genuine_first(keys.values())


def _genuine_first(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: key.verified is not True)


_PLUS: Final = re.compile(rb"[+=-]([^\s<>@,;\"]{33,90})@")


def _plus_parts(value: bytes) -> list[str]:
    return [found.decode("ascii", "replace") for found in _PLUS.findall(value[:20_000])]

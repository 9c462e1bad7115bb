"""What a bounce tells in words only: who did not get the letter, why, and whether the address is gone for good."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import chain
from typing import Final

from . import bounce_words as say
from .phrases import any_of

#: What is looked at of a text, and of the explanation in it.
MAX_TEXT: Final = 30_000
MAX_WORDS: Final = 8000
#: Recipients beyond are left out.
MAX_NAMED: Final = 20

IS_ADDRESS: Final = re.compile(r"[^\s@/][^\s@]{0,250}@[^\s@]{1,250}")
#: The answer of a mail server, or what was said to one.
ANSWERED: Final = re.compile(r"(?i)(?<![\d.:-])5\d\d[ -][^\n]{0,20}[a-z<(#]|(?<![\d.])5\.\d\.\d|\brcpt to:")


def explanation_of(text: str) -> str:
    """The text in front of a returned mail; the whole when there is none in it."""
    text = text[:MAX_TEXT]
    found = say.COPY_BEGINS.search(text)
    return text[: found.start()] if found and found.start() > 20 else text


def addresses_in(explanation: str, skipped: Collection[str]) -> list[str]:
    """The addresses that did not get a letter: of the first shape in which any stand, the surest first.

    Args:
        explanation: see :func:`explanation_of`.
        skipped: addresses in lower case that it cannot be, such as the sender's.
    """
    explanation = explanation[:MAX_WORDS]
    ways = chain([_under_heading(explanation)], (_found(pattern, explanation) for pattern in say.RECIPIENTS))
    for found in ways:
        bare = (_bare(address) for address in found)
        if named := [one for one in bare if "@" in one and one.lower() not in skipped and not _NEVER.match(one)]:
            return named
    return []


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [found[1] for found in pattern.finditer(text)]


def _bare(address: str) -> str:
    address = address.strip(".,:;'\"<>[](){}")
    return address.removeprefix("rfc822;").removeprefix("mailto:").removeprefix("smtp:").removeprefix("SMTP=")


_NEVER: Final = re.compile(r"(?i)(?:mailer-daemon|postmaster|abuse|support|help)\b")
#: Lines under a heading that are looked at.
_MAX_HEADED: Final = 60


def _under_heading(explanation: str) -> list[str]:
    """The addresses in a list of those who did not get it: at the beginning of a line, or on the heading itself."""
    heading = say.HEADING.search(explanation)
    if heading is None:
        return []
    first, *lines = explanation[heading.end() :].split("\n")[:_MAX_HEADED]
    named = [found[1]] if (found := say.HEADED.search(first)) else []
    for line in lines:
        if _RULE.match(line):
            break
        if found := say.LISTED.match(line[:500]):
            named.append(found[1])
    return named


_RULE: Final = re.compile(r"[ \t]{0,8}[-=_*]{4}")


def once(addresses: list[str]) -> list[str]:
    """Each address once, whatever its case, as it stands first."""
    return list({one.lower(): one for one in reversed(addresses)}.values())[::-1][:MAX_NAMED]


_STATUS: Final = re.compile(r"(?<![\d.])#?([45]\.\d{1,3}\.\d{1,3})(?![\d.])")


def status_in(text: str) -> str:
    """The first RFC 3463 code of a failure; empty when there is none."""
    found = _STATUS.search(text[:MAX_WORDS])
    return found[1] if found else ""


_REASON: Final = any_of(r"""
    (?<![\d.-])[45]\d\d[ -][^\n]{0,20}[a-z<(#]|#[45]\.\d|\([45]\.\d\.\d\)|remote host said|reason:|diagnostic|error:
    the error |said:|user unknown|unknown user|does ?n(?:o|')t exist|quota|is full|no such|not found|rejected
    not recognized|error_code|不明|存在し|見つかり|容量
""")
_ANSWER: Final = re.compile(rf"(?im)^[^\n]{{0,500}}?{_REASON}[^\n]*$")


def diagnostic_in(explanation: str) -> str:
    """The line of the explanation that gives the reason."""
    for found in _ANSWER.finditer(explanation[:MAX_WORDS]):
        line = " ".join(found[0].split())
        if len(line) > 8:
            return line[:500]
    return ""


#: Codes that are about the address itself (RFC 3463 §3.2), and of a mailbox that was closed.
_GONE_STATUS: Final = re.compile(r"5\.(?:1\.(?:0|1|2|3|6|10)|2\.1)\Z")
#: Codes that say nothing about what failed.
_VAGUE_STATUS: Final = re.compile(r"(?:5\.(?:0\.0|1\.0|5\.0|4\.1))?\Z")


def is_gone(status: str, words: str) -> bool:
    """Whether nobody is at an address and nobody will be; a full mailbox or a refused letter says nothing of the kind.

    >>> is_gone("5.1.1", ""), is_gone("5.7.1", "550 spam"), is_gone("", "550 No such user"), is_gone("5.2.2", "full")
    (True, False, True, False)
    """
    if _VAGUE_STATUS.match(status):
        words = words[:MAX_WORDS]
        return say.PERMANENT.search(words) is not None and say.TEMPORARY.search(words) is None
    return _GONE_STATUS.match(status) is not None


_COPIED: Final = re.compile(r"(?im)^>?[ \t]*(?:to|宛先)[ \t]*[:：][ \t]*([^\n]{1,300})$")
_COPIED_ID: Final = re.compile(
    r"(?im)^[ \t>]*Message-ID[ \t]*:[ \t]*(?:\n[ \t]+)?(<[^\s<>]{1,500}>|[^\s<>]{1,200}@[^\s<>]{1,200})"
)


def copied_recipient(text: str) -> list[str]:
    """Whom the mail went to that is copied into the text."""
    for found in _COPIED.finditer(text[:MAX_TEXT]):
        if address := re.search(r"[^\s<>,;\"()]+@[^\s<>,;\"()]+", found[1]):
            return [address[0]]
    return []


def original_id_in(text: str) -> str:
    """The Message-ID of the mail that is copied into the text, without brackets; empty when there is none."""
    found = _COPIED_ID.search(text[: 10 * MAX_TEXT])
    return found[1].strip("<>") if found else ""

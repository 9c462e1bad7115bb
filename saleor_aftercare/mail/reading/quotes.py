"""What somebody newly wrote in a mail, without what is quoted under, over or between it.

Lines are judged one after the other, in one pass and with bounded look-ahead: sentences and blocks above quotes
(:mod:`.quote_words`), lines with ``>``, signatures. When nothing would be left of a mail that had words, all stays.
"""

from __future__ import annotations

import re
from typing import Final

from . import quote_words as say
from .html_text import FORWARD_WORDS

#: A mail's text is judged as far as this; what is beyond is old conversation, or no conversation.
MAX_LINES: Final = 20_000
MAX_LINE: Final = 2_000
#: Sentences that end as attributions do are looked at so often; nobody's conversation has more.
MAX_ATTRIBUTIONS: Final = 2_000

_QUOTED: Final = re.compile(r"(?!>+ .*<<\s*\Z)[ \t\u3000]{0,3}(?:[>＞›»]|\|(?= |\Z)|&gt;)")
_RULE_LINE: Final = re.compile(r"[ \t]*(?:[_─━═―-]{5,}|={3,}|[*~]{8,})[ \t]*\Z")
#: The end of an attribution whose address a program broke off: ``<ada@x.example`` and below ``>:``.
_BROKEN_OFF: Final = re.compile(r">\s*(?:wrote)?\s*:\s*\Z")
#: How long a quoted line is at least whose last words a program broke off into a line without a mark.
_BROKEN_LENGTH: Final = 65
_SIGNATURE: Final = re.compile(r"(?:-- ?|— ?|__ ?)\Z")
#: Words, or a sign that stands for some.
_WORDS: Final = re.compile(r"[\w\u2600-\u27bf\U0001f000-\U0001faff]")
_REPLY_ABOVE: Final = re.compile(
    r"(?i)[\s#*=-]*(?:(?:please )?(?:reply|type your reply|write) above this line|bitte oberhalb dieser zeile|"
    r"répondez au-dessus de cette ligne|この(?:行|線)より上に(?:返信|ご記入)|この行の上に返信)"
)


def new_text(text: str, *, subject: str = "") -> str:
    """The new words of a mail's plain text.

    Args:
        text: with single line feeds.
        subject: tells a forwarded mail, which is not cut: what was forwarded is what the sender wants read.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        lines = lines[:MAX_LINES]
    kept = _Cutter(lines, forwarded=is_forward(text, subject)).cut()
    for candidate in (_without_signature(kept), kept):
        found = "\n".join(candidate).strip("\n").rstrip()
        if _WORDS.search(found):
            return _fewer_blanks(found)
    return _fewer_blanks(_unquoted(lines) or text.strip())


_FORWARD_SUBJECT: Final = re.compile(
    r"(?i)\s*(?:(?:re|aw|sv|答复|回复|返信)\s*[:：]\s*)*(?:fwd?|wg|tr|rv|enc|i|doorst|vs|vb|fs|pd|転送|转发|轉寄|전달|fw)\s*[:：]"
)


def is_forward(text: str, subject: str) -> bool:
    """Whether somebody passes a mail on: the subject says so and so does the text, or the text begins with it."""
    found = FORWARD_WORDS.search(text[:20_000])
    if found and not _WORDS.search(text[: found.start()]):
        return True
    return bool(_FORWARD_SUBJECT.match(subject[:200])) and (found is not None or _heads_block(text[:20_000]))


def _heads_block(text: str) -> bool:
    lines = text.split("\n")[:200]
    return any(say.field_of(line) == "from" and _block_length(lines, at) for at, line in enumerate(lines))


class _Cutter:
    """One pass over the lines of a mail."""

    def __init__(self, lines: list[str], *, forwarded: bool) -> None:
        self.lines = [line[:MAX_LINE] for line in lines]
        self.whole = lines
        self.forwarded = forwarded
        self.kept: list[str] = []
        self.looked = 0  #: sentences that might have been attributions

    def cut(self) -> list[str]:
        """The lines that are new."""
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if _REPLY_ABOVE.match(line):
                break
            if _QUOTED.match(line) or self._is_broken_off(at):
                at += 1
                continue
            if not self.forwarded and FORWARD_WORDS.match(line):
                self.forwarded = True  # who quotes says so above it; what stands below is passed on
            if not self.forwarded:
                if before := self._before_attribution(at):
                    self.kept.append(before)
                    at += 1
                    continue
                length = self._opening(at)
                if length and self._rest_is_quoted(at + length):
                    break
                if length:
                    at += length
                    continue
            self.kept.append(self.whole[at])
            at += 1
        return self.kept

    def _opening(self, at: int) -> int:
        """How many lines from ``at`` on introduce what is quoted; 0 when none does."""
        line = self.lines[at]
        if not line.strip():
            return 0
        if say.is_rule(line):
            return 1
        if _RULE_LINE.match(line):
            following = self._next_with_words(at + 1)
            length = _block_length(self.lines, following) if following - at <= 3 else 0
            return following + length - at if length else 0
        if length := _block_length(self.lines, at):
            return length
        return self._attribution(at)

    def _is_broken_off(self, at: int) -> bool:
        """Whether a line is the end of the long quoted one above it, which a program broke in two."""
        if not 0 < at < len(self.lines) - 1 or not self.lines[at][:1].islower():
            return False
        above, below = self.lines[at - 1], self.lines[at + 1]
        return len(above) >= _BROKEN_LENGTH and bool(_QUOTED.match(above)) and bool(_QUOTED.match(below))

    def _before_attribution(self, at: int) -> str:
        """What was answered on the line on which the attribution of the quoted lines below it stands."""
        before = say.split_behind(self.lines[at])
        following = self._next_with_words(at + 1) if before else len(self.lines)
        return before if following < len(self.lines) and _QUOTED.match(self.lines[following]) else ""

    def _attribution(self, at: int) -> int:
        joined = ""
        for length in range(1, say.MAX_ATTRIBUTION_LINES + 1):
            if at + length > len(self.lines):
                return 0
            line = self.lines[at + length - 1].strip()
            if (
                not line
                or len(joined) + len(line) > say.MAX_ATTRIBUTION
                or (length > 1 and _QUOTED.match(line) and not _BROKEN_OFF.match(line))
            ):
                return 0
            joined = f"{joined} {line}" if joined else line
            if not line.endswith((":", "：", ">", "wrote", "--")):
                if length == 1 and not _may_open(line):
                    return 0
                continue
            self.looked += 1
            if self.looked > MAX_ATTRIBUTIONS:
                return 0
            if say.is_attribution(joined):
                return length
            following = self._next_with_words(at + length)
            is_above = following < len(self.lines) and following - at - length <= 1
            if is_above and _QUOTED.match(self.lines[following]) and say.introduces(joined):
                return length
        return 0

    def _rest_is_quoted(self, at: int) -> bool:
        """Whether everything from ``at`` on is the original: it is, unless its lines are marked with ``>``."""
        following = self._next_with_words(at)
        if following >= len(self.lines):
            return True
        return not _QUOTED.match(self.lines[following])

    def _next_with_words(self, at: int) -> int:
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at


_MAY_OPEN: Final = re.compile(r"\d|@|^\s*(?:On|Am|Le|El|Il|Op|Em|Den|Dne|W|Dnia|At)\s")


def _may_open(line: str) -> bool:
    """Whether a sentence that goes on in the next line may be an attribution."""
    return _MAY_OPEN.search(line) is not None


def _block_length(lines: list[str], at: int) -> int:
    """How many lines a block of quoted header fields takes; 0 when it is none.

    Two fields at least, one of them the sender's and one its date, receiver or subject, with folded lines in between.
    """
    if at >= len(lines) or not say.field_of(lines[at]):
        return 0
    seen: set[str] = set()
    length = gap = 0
    timed = False
    for offset, line in enumerate(lines[at : at + 16]):
        meaning = say.field_of(line)
        timed = timed or (meaning == "sent" and say.is_sent_at(line))
        if meaning:
            seen.add(meaning)
            length, gap = offset + 1, 0
            continue
        gap += 1
        if gap > 1 or (not line.strip() and "subject" in seen):
            break
    # A customer's "From: Tokyo, To: Osaka, Date: tomorrow" has neither a subject nor an address.
    full = "from" in seen and len(seen) >= 3 and ("subject" in seen or timed or _has_address(lines, at))
    return length if full or ({"from", "sent"} <= seen and _has_address(lines, at)) else 0


def _has_address(lines: list[str], at: int) -> bool:
    return any("@" in line for line in lines[at : at + 6])


def _without_signature(lines: list[str]) -> list[str]:
    """Without what follows ``"-- "`` and without the line that a phone adds."""
    said = False
    for at, line in enumerate(lines):
        if said and _SIGNATURE.match(line):
            lines = lines[:at]
            break
        said = said or _WORDS.search(line) is not None
    end = len(lines)
    while end and not _WORDS.search(lines[end - 1]):
        end -= 1
    if end > 1 and say.DEVICE_LINE.match(lines[end - 1].strip()[:200]):
        return lines[: end - 1]
    return lines


def _unquoted(lines: list[str]) -> str:
    """The words of quoted lines, where a mail holds nothing else."""
    return "\n".join(re.sub(r"^[ \t]*(?:[>＞][ \t]?){1,50}", "", line) for line in lines).strip("\n").rstrip()


def _fewer_blanks(text: str) -> str:
    return re.sub(r"\n(?:[ \t]{0,200}\n){2,}", "\n\n", text)

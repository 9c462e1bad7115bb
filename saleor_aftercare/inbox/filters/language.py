"""The language of the search field: ``is:open tag:vip,"big order" -from:jade zipper "broken strap"``.

Reading never fails. What is no known operator is words to search for; what is known but makes no sense is left out
and told as a problem, with the place where it stands, so that the field can show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .operators import OPERATORS, QUOTES, BadValue, operator_of

#: Longer texts are cut.
MAX_LENGTH: Final = 500
#: Conditions and words beyond these are problems.
MAX_CONDITIONS: Final = 30
MAX_VALUES: Final = 20


class ProblemCode(StrEnum):
    """What is wrong with a piece of a search."""

    UNKNOWN_OPERATOR = "unknown_operator"  #: taken for words
    UNKNOWN_VALUE = "unknown_value"
    MISSING_VALUE = "missing_value"
    TOO_MUCH = "too_much"
    OPEN_QUOTE = "open_quote"  #: closed at the end of the text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood; ``start`` and ``end`` are its place in the text."""

    start: int
    end: int
    code: ProblemCode
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """``name:value``: one of ``values`` holds, or with ``negated`` none of them."""

    name: str
    values: tuple[str, ...]  #: in their common spelling
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        values = ",".join(_quoted_value(value) for value in self.values)
        return f"{'-' if self.negated else ''}{self.name}:{values}"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of messages; ``exact`` ones stand next to each other."""

    text: str
    exact: bool = False
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def positive(self) -> str:
        """The words themselves, in quotes when they stand next to each other."""
        return f'"{self.text}"' if self.exact else self.text

    def __str__(self) -> str:
        return f"-{self.positive}" if self.negated else self.positive


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says."""

    conditions: tuple[Condition, ...] = ()
    words: tuple[Words, ...] = ()
    problems: tuple[Problem, ...] = ()
    open_end: bool = False  #: the last word is perhaps not finished

    @property
    def text(self) -> str:
        """The same in its common spelling, which reads and spells the same again."""
        spelled = " ".join([*map(str, self.conditions), *map(str, self.words)])
        return spelled if self.open_end or not self.words or self.words[-1].exact else f"{spelled} "

    def search(self) -> str:
        """The words that a message must hold, as ``inbox.search`` reads them."""
        chosen = [one.positive for one in self.words if not one.negated]
        goes_on = self.open_end and not self.words[-1].negated
        return " ".join(chosen) + ("" if goes_on or not chosen else " ")


_QUOTES: Final = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "「": "」", "『": "』"}
_CLOSING: Final = frozenset(QUOTES)
_MINUS: Final = "-－"
_NAME: Final = re.compile(r"([^\W\d_][\w]{0,19})[:：]")
#: No database holds these; see ``core.texts.is_storable``.
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_COMMAS: Final = ",，、"


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.conditions: list[Condition] = []
        self.words: list[Words] = []
        self.problems: list[Problem] = []

    def problem(self, start: int, code: ProblemCode, end: int | None = None) -> None:
        stop = self.at if end is None else end
        self.problems.append(Problem(start, stop, code, self.text[start:stop]))

    def read(self) -> Reading:
        while self._skip_space():
            start = self.at
            if len(self.conditions) + len(self.words) >= MAX_CONDITIONS:
                self.at = len(self.text)
                self.problem(start, ProblemCode.TOO_MUCH)
                break
            negated = self.text[self.at] in _MINUS and self.at + 1 < len(self.text)
            if negated and not self.text[self.at + 1].isspace():
                self.at += 1
            else:
                negated = False
            self._piece(start, negated=negated)
        last = self.words[-1] if self.words else None
        open_end = last is not None and not last.exact and last.end == len(self.text)
        return Reading(tuple(self.conditions), tuple(self.words), tuple(self.problems), open_end)

    def _skip_space(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _piece(self, start: int, *, negated: bool) -> None:
        if self.text[self.at] in _QUOTES:
            quoted = " ".join(self._quoted().split())
            if quoted:
                self.words.append(Words(quoted, exact=True, negated=negated, start=start, end=self.at))
            return
        named = _NAME.match(self.text, self.at)
        operator = operator_of(named[1]) if named else None
        if operator is not None and named is not None:
            self.at = named.end()
            self._condition(operator, start, negated=negated)
            return
        body = self.at
        while self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] not in _CLOSING:
            self.at += 1
        word = self.text[body : self.at]
        if not word:  # a closing quote that closes nothing
            self.at += 1
            return
        if named is not None and not named[1].isdigit() and self.text[named.end() : named.end() + 1] not in {"", "/"}:
            self.problem(body, ProblemCode.UNKNOWN_OPERATOR, named.end())
        if re.fullmatch(r"[#＃]\d{1,15}", word):
            self.conditions.append(Condition("number", (str(int(word[1:])),), negated, start, self.at))
            return
        self.words.append(Words(word, negated=negated, start=start, end=self.at))

    def _quoted(self) -> str:
        start = self.at
        closing = _QUOTES[self.text[self.at]]
        self.at += 1
        end = self.text.find(closing, self.at)
        # Keyboards and copied texts mix the kinds of quotes.
        others = [found for one in _CLOSING if (found := self.text.find(one, self.at)) >= 0]
        end = end if end >= 0 else min(others, default=-1)
        if end < 0:
            inside, self.at = self.text[self.at :], len(self.text)
            self.problem(start, ProblemCode.OPEN_QUOTE)
        else:
            inside, self.at = self.text[self.at : end], end + 1
        return "".join(one for one in inside if one not in _CLOSING)

    def _values(self) -> Iterator[tuple[str, int]]:
        while self.at < len(self.text) and not self.text[self.at].isspace():
            start = self.at
            if self.text[self.at] in _QUOTES:
                yield " ".join(self._quoted().split()), start
            elif self.text[self.at] in _COMMAS:
                self.at += 1
            else:
                while self.at < len(self.text) and not (
                    self.text[self.at].isspace() or self.text[self.at] in _COMMAS or self.text[self.at] in _CLOSING
                ):
                    self.at += 1
                if self.at == start:  # a closing quote that closes nothing
                    self.at += 1
                else:
                    yield self.text[start : self.at], start

    def _condition(self, name: str, start: int, *, negated: bool) -> None:
        known: dict[str, None] = {}
        empty = True
        for raw, at in self._values():
            empty = False
            try:
                known[OPERATORS[name].read(raw)] = None
            except BadValue:
                self.problem(at, ProblemCode.UNKNOWN_VALUE if raw else ProblemCode.MISSING_VALUE)
        if empty:
            self.problem(start, ProblemCode.MISSING_VALUE)
        elif len(known) > MAX_VALUES:
            self.problem(start, ProblemCode.TOO_MUCH)
        elif known:
            self.conditions.append(Condition(name, tuple(known), negated, start, self.at))


def _quoted_value(value: str) -> str:
    plain = not any(one.isspace() or one in _COMMAS for one in value)
    return value if plain else f'"{value}"'


def read(text: str) -> Reading:
    """What a text in the language of the search field says."""
    return _Reader(_UNSTORABLE.sub(" ", text[:MAX_LENGTH])).read()


@dataclass(frozen=True, slots=True)
class Span:
    """The piece of a text that somebody is writing: a word, or with ``operator`` a value behind it."""

    written: str
    start: int
    end: int
    operator: str | None = None


_PIECE: Final = re.compile(r"[-－]?(?:([^\W\d_]\w{0,19})[:：])?")


def piece_at(text: str, caret: int) -> Span:
    """What stands before the caret, back to the last space that is not in quotes."""
    text = text[:MAX_LENGTH]
    caret = max(0, min(caret, len(text)))
    start, quoted, comma = 0, False, 0
    for at in range(caret):
        if text[at] in QUOTES:
            quoted = not quoted
        elif not quoted and text[at].isspace():
            start = at + 1
        elif not quoted and text[at] in _COMMAS:
            comma = at + 1
    found = _PIECE.match(text, start, caret)
    name = operator_of(found[1]) if found is not None and found[1] else None
    if found is None or name is None:
        begin = start + (text[start:caret][:1] in {"-", "－"})
        return Span(text[begin:caret].strip(QUOTES), begin, caret)
    begin = max(found.end(), comma)
    return Span(text[begin:caret].strip(QUOTES), begin, caret, name)

"""What somebody searches for, as terms that all have to be there; pure, and rendered for PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from .words import (
    MAX_WORD,
    bigrams,
    contracted,
    is_unspaced,
    normalise,
    parts_of,
    phone_token,
    phones_in,
    quoted,
    squeezed,
    stem,
    words_of,
)

#: More terms than this say nothing more.
MAX_TERMS: Final = 12
MAX_SEARCH: Final = 500
#: The longest phrase, in words or pairs of characters.
MAX_PHRASE: Final = 24

#: A lexeme and its distance from the one before it.
Step = tuple[str, int]
#: How a beginning of a word is searched for: the terms that may stand for it, as tsquery text.
Expand = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to be there: one of several spellings, each a row of lexemes."""

    any_of: tuple[tuple[Step, ...], ...]
    prefix: str = ""  #: or a word that begins so

    def render(self, expand: Expand) -> str:
        """As text of a tsquery."""
        spellings = ["".join(_steps(steps)) for steps in self.any_of]
        if self.prefix:
            spellings += [one for one in expand(self.prefix) if one not in spellings]
        return spellings[0] if len(spellings) == 1 else f"({' | '.join(spellings)})"


def _steps(steps: tuple[Step, ...]) -> Iterable[str]:
    for n, (lexeme, distance) in enumerate(steps):
        if n:
            yield f" <{distance}> "
        yield quoted(lexeme)


def whole_prefix(prefix: str) -> list[str]:
    """Every word that begins so, as PostgreSQL finds them by itself."""
    return [f"{quoted(prefix)}:*"]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Terms that a message must hold, all of them."""

    terms: tuple[Term, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.terms)

    def render(self, expand: Expand = whole_prefix) -> str:
        """As text of a tsquery; empty when there are no terms."""
        return " & ".join(term.render(expand) for term in self.terms)


def query(text: str) -> SearchQuery:
    """What ``text`` asks for: words, "phrases in quotes", and at the end the beginning of a word.

    The last word counts as a beginning unless a space or a quote follows it.
    """
    text = text[:MAX_SEARCH]
    terms: list[Term] = []
    # Odd pieces stood between quotes; a quote that nobody closed ends with the text.
    pieces = re.split('["“”„«»「」]', text)
    for n, piece in enumerate(pieces):
        if n % 2:
            terms += phrase(piece)
        else:
            terms += loose(piece, open_end=n == len(pieces) - 1)
    return SearchQuery(tuple(dict.fromkeys(terms))[:MAX_TERMS])


def loose(text: str, *, open_end: bool) -> list[Term]:
    """The words of a text, each by itself; with ``open_end`` the last may go on."""
    text = normalise(text)
    terms: list[Term] = []
    at = 0
    words = [found.span() for found in words_of(text)]
    for phone in phones_in(text):
        mark = phone_token(phone[0])
        # What begins or ends within a longer word (012345678/12/3) is no number of a telephone.
        is_whole = not any(start < edge < end for edge in phone.span() for start, end in words)
        if mark is not None and is_whole and phone[0][0] in "+(0":
            terms += _words(text[at : phone.start()])
            terms.append(Term((((mark, 0),),)))
            at = phone.end()
    rest = _words(text[at:])
    if open_end and rest and not text[-1:].isspace():
        rest[-1] = _going_on(rest[-1], [found[0] for found in words_of(text[at:])][-1])
    return terms + rest


def _words(text: str) -> list[Term]:
    return [_word(found[0]) for found in words_of(text)]


def _word(word: str) -> Term:
    if is_unspaced(word):
        return Term((tuple((pair, 1) for pair in bigrams(word)[:MAX_PHRASE]),))
    word = word.replace("’", "'")
    parts = parts_of(word)
    if "@" in word:
        return _one(word)
    if len(parts) > 1 and any(map(str.isdigit, word)):
        return _one(squeezed(word))
    if "'" in word:
        return _one(contracted(word))
    if len(parts) > 1:
        return Term((tuple((part[:MAX_WORD], 1) for part in parts[:MAX_PHRASE]),))
    if (mark := phone_token(word)) is not None and word.isdigit():
        return Term((((word[:MAX_WORD], 0),), ((mark, 0),)))
    return _one(stem(word))


def _one(word: str) -> Term:
    return Term((((word[:MAX_WORD], 0),),))


def _going_on(term: Term, word: str) -> Term:
    """The last word of a search, which may not be finished."""
    if is_unspaced(word):
        # A pair is found in every longer run as it is; one character also begins the pairs of the index.
        return Term(term.any_of, word) if len(word) == 1 else term
    begin = word if "@" in word else squeezed(word)
    return Term(term.any_of, begin[:MAX_WORD])


def phrase(text: str) -> list[Term]:
    """A text whose words stand next to each other, as written; nothing for a text without words."""
    steps: list[Step] = []
    distance = 0
    for found in words_of(normalise(text)):
        word = found[0]
        if found["unspaced"] is not None:
            pairs = bigrams(word)
            steps += [(pairs[0], distance), *((pair, 1) for pair in pairs[1:])]
            distance = 1 if len(word) == 1 else 2
        else:
            parts = [part[:MAX_WORD] for part in parts_of(word.replace("’", "'"))]
            steps += [(parts[0], distance), *((part, 1) for part in parts[1:])]
            distance = 1
    return [Term((tuple(steps[:MAX_PHRASE]),))] if steps else []

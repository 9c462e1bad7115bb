"""How common words are: what PostgreSQL's own statistics know of the index, so that no search reads too much of it.

A search for the beginning of a word reads every place of every word that begins so. For a rare beginning that is
quick and finds all; for a common one it would read millions of places, and the common words that begin so, which the
statistics name, find as much as anybody reads.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.db import connection

from .terms import SearchQuery, Term
from .words import is_unspaced, quoted

#: Statistics are read anew after so long.
KEPT_S: Final = 600.0
#: Reading so many places takes a few milliseconds.
MAX_PLACES_READ: Final = 15_000
#: Shorter beginnings begin too many words.
MIN_LETTERS: Final = 3
MIN_DIGITS: Final = 5
#: Common words that stand for a beginning.
MAX_WORDS: Final = 12

_STATISTICS = """
SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs
FROM pg_class c
LEFT JOIN pg_stats s ON s.schemaname = current_schema() AND s.tablename = c.relname AND s.attname = 'tokens'
WHERE c.oid = 'aftercare_searchentry'::regclass
"""


@dataclass(frozen=True)
class Vocabulary:
    """The most common words of the index, in the order of the alphabet, and in how many entries each stands."""

    words: tuple[str, ...] = ()
    counts: tuple[float, ...] = ()
    entries: float = 0.0  #: of the whole index

    @cached_property
    def by_word(self) -> dict[str, float]:
        """In how many entries each stands."""
        return dict(zip(self.words, self.counts, strict=True))

    def count(self, query: SearchQuery) -> float:
        """In how many entries the rarest term stands at most; nothing for what is not among the common words."""
        return min((self._count_of(term) for term in query.terms), default=0.0)

    def rarest(self, query: SearchQuery) -> SearchQuery:
        """The one of its terms that stands in the fewest entries, as a search of its own; of equals the first."""
        return SearchQuery((min(query.terms, key=self._count_of),))

    def _count_of(self, term: Term) -> float:
        known = self.by_word
        spelled = sum(min(known.get(word, 0.0) for word, _distance in steps) for steps in term.any_of)
        return spelled + sum(count for _word, count in self.beginning_with(term.prefix)) if term.prefix else spelled

    def beginning_with(self, prefix: str) -> list[tuple[str, float]]:
        """The common words that begin so."""
        found = []
        for n in range(bisect_left(self.words, prefix), len(self.words)):
            if not self.words[n].startswith(prefix):
                break
            found.append((self.words[n], self.counts[n]))
        return found

    def expand(self, prefix: str) -> list[str]:
        """What stands for a word that begins with ``prefix`` when the whole index is searched, as tsquery text."""
        common = self.beginning_with(prefix)
        if is_selective(prefix) and sum(count for _, count in common) <= MAX_PLACES_READ:
            return [f"{quoted(prefix)}:*"]
        common.sort(key=lambda one: -one[1])
        return [quoted(prefix), *(quoted(word) for word, _ in common[:MAX_WORDS] if word != prefix)]


def is_selective(prefix: str) -> bool:
    """Whether a beginning is long enough that only common words could make it common."""
    if is_unspaced(prefix):
        return True
    return len(prefix) >= (MIN_DIGITS if prefix.isdigit() else MIN_LETTERS)


@dataclass
class _Memory:
    """This process's copy of the statistics."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    read_at: float | None = None
    held: Vocabulary = field(default_factory=Vocabulary)


_memory = _Memory()


def vocabulary() -> Vocabulary:
    """The common words as of some minutes ago."""
    now = time.monotonic()
    with _memory.lock:
        if _memory.read_at is not None and now < _memory.read_at + KEPT_S:
            return _memory.held
        _memory.read_at = now
    _memory.held = read_statistics()
    return _memory.held


def read_statistics() -> Vocabulary:
    """What the last ANALYZE found; nothing before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_STATISTICS)
        rows, words, frequencies = cursor.fetchone()
    if not words:
        return Vocabulary()
    counted = sorted(zip(words, (float(one) * max(rows, 0) for one in frequencies), strict=False))
    return Vocabulary(tuple(word for word, _ in counted), tuple(count for _, count in counted), max(rows, 0.0))

"""Which ready-made texts answer a question: those that share its rarer words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)

#: Less than this share of a question's weight in common is chance.
LEAST: Final = 0.08


def rank(question: Collection[str], texts: Mapping[K, Sequence[str]], *, limit: int) -> list[K]:
    """The keys of the texts that fit best, best first, at most ``limit``; those that do not fit at all are left out.

    ``question`` and ``texts`` are words as the search makes them. A word weighs the more the fewer of the texts hold
    it (Robertson's and Spärck Jones's idf), a word that a text repeats weighs up to twice, and long texts do not win
    by their length (BM25 with b = 0.4). Ties are broken by the order of ``texts``.
    """
    counted = {key: Counter(words) for key, words in texts.items()}
    holding = Counter(word for words in counted.values() for word in words)
    total = len(counted)
    asked = set(question)
    weights = {word: math.log(1 + (total - holding[word] + 0.5) / (holding[word] + 0.5)) for word in asked}
    most = sum(weights[word] for word in asked if word in holding) or 1.0
    average = sum(words.total() for words in counted.values()) / total if total else 1.0
    scores: dict[K, float] = {}
    for key, words in counted.items():
        length = 0.6 + 0.4 * words.total() / average
        score = sum(weights[word] * words[word] * 2 / (words[word] + length) for word in asked if word in words)
        if score >= LEAST * most and score > 0:
            scores[key] = score
    order = {key: n for n, key in enumerate(texts)}
    return sorted(scores, key=lambda key: (-scores[key], order[key]))[:limit]

"""Sets of half-open intervals of whole numbers, as sorted lists of pairs that neither overlap nor touch."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]  #: start inclusive, end exclusive


def merged(spans: Iterable[Span]) -> list[Span]:
    """The union; empty spans vanish.

    >>> merged([(5, 9), (1, 3), (3, 4), (8, 12), (20, 20)])
    [(1, 4), (5, 12)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def without(spans: list[Span], holes: list[Span]) -> list[Span]:
    """The difference of two merged lists.

    >>> without([(1, 4), (5, 12)], [(0, 2), (6, 7), (11, 30)])
    [(2, 4), (5, 6), (7, 11)]
    """
    if not holes:
        return spans
    found: list[Span] = []
    first = 0
    for start, end in spans:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        at, begin = first, start
        while at < len(holes) and holes[at][0] < end:
            if begin < holes[at][0]:
                found.append((begin, holes[at][0]))
            begin = max(begin, holes[at][1])
            at += 1
        if begin < end:
            found.append((begin, end))
    return found

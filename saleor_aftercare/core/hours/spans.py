"""Sets of half-open intervals of whole numbers, as sorted lists of pairs that neither overlap nor touch."""

from __future__ import annotations

from bisect import bisect_right
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
    left, found, at = list(spans), [], 0
    for start, end in holes:
        reached = bisect_right(left, (start, start), at)
        if reached > at and left[reached - 1][1] > start:
            reached -= 1
        found += left[at:reached]
        at = reached
        while at < len(left) and left[at][0] < end:
            begin, stop = left[at]
            if begin < start:
                found.append((begin, start))
            if stop > end:
                left[at] = (end, stop)
                break
            at += 1
    return found + left[at:]

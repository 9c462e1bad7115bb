"""Finding messages, in a few milliseconds whatever is searched for and however many there are.

Newest first is what people want, and what a search engine that gathers all hits before it sorts them does worst: a
word that stands in every second message would be gathered half a million times for a page of fifty. So the newest
messages are looked at first, one by one; then, through the index, a stretch of numbers that grows eightfold each
time until enough is found. A common word is found at once, a rare one has few hits in the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from saleor_aftercare.core.models import Shop

from .entries import bucket_mark, bucket_of, shop_mark
from .terms import SearchQuery
from .vocabulary import vocabulary
from .words import quoted

#: The newest messages that are looked at one by one.
NEWEST: Final = 400
#: Hits, in messages, that a search gives at most.
MAX_HITS: Final = 400
#: Stretches of the index, in buckets; behind the last comes the whole.
STRETCHES: Final = (1, 8, 64)

_WALK = """
SELECT message_id, ticket_id FROM (
  SELECT message_id, ticket_id, tokens FROM aftercare_searchentry
  WHERE shop_id = %s ORDER BY message_id DESC LIMIT %s
) AS newest WHERE tokens @@ %s::tsquery
"""
# The sum keeps PostgreSQL from walking backwards through the primary key in the hope of an early hit.
_LOOK_UP = """
SELECT message_id, ticket_id FROM aftercare_searchentry WHERE tokens @@ %s::tsquery
ORDER BY message_id + 0 DESC LIMIT %s
"""
_TOP = "SELECT message_id FROM aftercare_searchentry WHERE shop_id = %s ORDER BY message_id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Hits:
    """Conversations that hold what was searched for, the one with the newest such message first."""

    tickets: tuple[int, ...]
    complete: bool  #: False: there are more, older ones


def find(shop: Shop, query: SearchQuery) -> Hits:
    """The conversations with the newest ``MAX_HITS`` messages that hold every term; none for an empty search."""
    if not query:
        return Hits((), complete=True)
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WALK, [shop.pk, NEWEST, query.render()])
        found.update(cursor.fetchall())
        # So many among the newest that the next stretch alone would be gathered for nothing.
        if len(found) * 2 >= NEWEST:
            return _hits(found, complete=False)
        cursor.execute(_TOP, [shop.pk])
        newest = cursor.fetchone()
        if newest is None:
            return Hits((), complete=True)
        words = query.render(vocabulary().expand)
        top = bucket_of(newest[0])
        for stretch in (*STRETCHES, None):
            complete = stretch is None or stretch > top
            cursor.execute(_LOOK_UP, [f"{_marks(shop.pk, top, None if complete else stretch)} & {words}", MAX_HITS + 1])
            found.update(cursor.fetchall())
            if complete or len(found) > MAX_HITS:
                break
    return _hits(found, complete=len(found) <= MAX_HITS)


def _marks(shop_id: int, top: int, stretch: int | None) -> str:
    if stretch is None:
        return quoted(shop_mark(shop_id))
    marks = (bucket_mark(shop_id, bucket) for bucket in range(top, top - stretch, -1))
    return f"({' | '.join(map(quoted, marks))})"


def _hits(found: dict[int, int], *, complete: bool) -> Hits:
    newest_first = (found[message] for message in sorted(found, reverse=True)[:MAX_HITS])
    return Hits(tuple(dict.fromkeys(newest_first)), complete)

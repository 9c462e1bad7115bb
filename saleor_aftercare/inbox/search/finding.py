"""Finding messages, in a few milliseconds whatever is searched for and however many there are.

Newest first is what people want, and what a search engine that gathers all hits before it sorts them does worst: a
word that stands in every second message would be gathered half a million times for a page of fifty. So it depends on
how common the rarest word is, which the statistics know. A rare one is looked up in the whole index. A more common one
is looked up among the newest messages, of which the index knows by the mark of their bucket. One that is everywhere
is looked for in the newest messages one by one. The last two may leave out older messages, and say so; ``thorough``
looks everywhere, which takes as long as it takes.

The words of a search may stand in different messages of a conversation. So the rarest of them is looked for, and of
the conversations that hold it those are kept that hold the others too, in whichever message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from saleor_aftercare.core.models import Shop

from .entries import bucket_mark, bucket_of, shop_mark
from .terms import SearchQuery
from .vocabulary import Vocabulary, is_selective, vocabulary
from .words import quoted

#: Up to so many entries a word is rare.
RARE: Final = 2_000
#: Up to so many of the rarest of several words the index is asked for all of them without marks of age: what stands
#: together often would have been met among the newest.
RARE_TOGETHER: Final = 25_000
#: Beyond so many it is everywhere.
EVERYWHERE: Final = 40_000
#: The newest messages that are looked at one by one.
WALK: Final = 3_000
#: The newest buckets that are looked up in the index.
STRETCH: Final = 6
#: With fewer hits than this among those that were walked, the stretch is looked up too.
TOO_FEW: Final = 10
#: Hits, in messages, that a search gives at most.
MAX_HITS: Final = 400
#: The same of one that is to be thorough.
MAX_THOROUGH_HITS: Final = 4_000
#: Messages with the rarest of several words whose conversations are looked through for the others.
CANDIDATES: Final = 150
#: As much of a long conversation is looked through, newest first.
MAX_LOOKED_THROUGH: Final = 200
#: From this share of all entries on, it costs less to look whose an entry is than to ask the index.
MAIN_SHARE: Final = 0.3

_WALK = """
SELECT message_id, ticket_id FROM (
  SELECT message_id, ticket_id, tokens FROM aftercare_searchentry
  WHERE shop_id = %s ORDER BY message_id DESC LIMIT %s
) AS newest WHERE tokens @@ %s::tsquery LIMIT %s
"""
# The sum keeps PostgreSQL from walking backwards through the primary key in the hope of an early hit.
_LOOK_UP = """
SELECT message_id, ticket_id FROM aftercare_searchentry WHERE tokens @@ %s::tsquery AND shop_id + 0 = %s
ORDER BY message_id + 0 DESC LIMIT %s
"""
# Row by row and from each conversation's own messages: nothing here can be turned into a walk through the index.
_HOLD = """
SELECT wanted.ticket FROM unnest(%s::bigint[]) AS wanted (ticket) CROSS JOIN LATERAL (
  SELECT {every} FROM (
    SELECT tokens FROM aftercare_searchentry WHERE ticket_id = wanted.ticket ORDER BY message_id DESC LIMIT %s
  ) AS entry
) AS held (all_of_it) WHERE held.all_of_it
"""
_TOP = "SELECT message_id FROM aftercare_searchentry WHERE shop_id = %s ORDER BY message_id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Hits:
    """Conversations that hold what was searched for, the one with the newest such message first."""

    tickets: tuple[int, ...]
    complete: bool  #: False: there are more, older ones


def find(shop: Shop, query: SearchQuery, *, thorough: bool = False) -> Hits:
    """The conversations with the newest messages that hold every term, bounded; none for an empty search."""
    if not query:
        return Hits((), complete=True)
    known = vocabulary()
    count = known.count(query)
    rarest = known.rarest(query) if len(query.terms) > 1 else query
    if thorough or count <= RARE:
        limit = MAX_THOROUGH_HITS if thorough else MAX_HITS
        return _everywhere(shop, query, rarest, known, limit, MAX_THOROUGH_HITS if thorough else CANDIDATES)
    found: dict[int, int] = {}
    if rarest is not query:
        found = _across(query, _walk(shop, rarest, CANDIDATES))
    elif count > EVERYWHERE:
        found = _walk(shop, query, MAX_HITS)
    if len(found) < TOO_FEW:
        where = _whole(shop, known) if rarest is not query and count <= RARE_TOGETHER else _newest(shop)
        found |= _look_up(shop, f"{where}{query.render(known.expand)}", MAX_HITS)
    return _hits(found, MAX_HITS, complete=False)


def _everywhere(
    shop: Shop, query: SearchQuery, rarest: SearchQuery, known: Vocabulary, limit: int, candidates: int
) -> Hits:
    """What the whole index holds, as far as the limits go."""
    whole = _whole(shop, known)
    found: dict[int, int] = {}
    complete = False
    if rarest is not query:
        some = _look_up(shop, f"{whole}{rarest.render(known.expand)}", candidates + 1)
        found, complete = _across(query, some), len(some) <= candidates
    if not complete:
        # Whatever holds them all in one message has come by itself where the rarest has few.
        together = _look_up(shop, f"{whole}{query.render(known.expand)}", limit + 1)
        complete = rarest is query and len(together) <= limit
        found |= together
    # In conversations that were looked through, every beginning was.
    unsure = rarest if complete else query
    if any(term.prefix and not is_selective(term.prefix) for term in unsure.terms):
        # Words that begin with a letter or two are looked for where somebody who goes on typing expects them.
        found |= _walk(shop, query, MAX_HITS)
    return _hits(found, limit, complete=complete and len(found) <= limit)


def tickets_holding(tickets: Iterable[int], query: SearchQuery) -> set[int]:
    """Those of some conversations that hold every term, in one message or in several."""
    every = " AND ".join(["bool_or(tokens @@ %s::tsquery)"] * len(query.terms))
    terms = [SearchQuery((term,)).render() for term in query.terms]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(every=every), [list(tickets), *terms, MAX_LOOKED_THROUGH])
        return {ticket for (ticket,) in cursor.fetchall()}


def _across(query: SearchQuery, candidates: dict[int, int]) -> dict[int, int]:
    """The candidates whose conversations hold every term."""
    held = tickets_holding(set(candidates.values()), query)
    return {message: ticket for message, ticket in candidates.items() if ticket in held}


def _walk(shop: Shop, query: SearchQuery, limit: int) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WALK, [shop.pk, WALK, query.render(), limit])
        return dict(cursor.fetchall())


def _look_up(shop: Shop, tsquery: str, limit: int) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [tsquery, shop.pk, limit])
        return dict(cursor.fetchall())


def _whole(shop: Shop, known: Vocabulary) -> str:
    """What restricts a search to a shop: its mark, unless the index holds hardly anything else."""
    mark = shop_mark(shop.pk)
    return "" if known.by_word.get(mark, 0.0) >= MAIN_SHARE * known.entries else f"{quoted(mark)} & "


def _newest(shop: Shop) -> str:
    """What restricts a search to a shop's newest messages."""
    with connection.cursor() as cursor:
        cursor.execute(_TOP, [shop.pk])
        newest = cursor.fetchone()
    top = bucket_of(newest[0]) if newest is not None else 0
    marks = (bucket_mark(shop.pk, bucket) for bucket in range(top, max(top - STRETCH, -1), -1))
    return f"({' | '.join(map(quoted, marks))}) & "


def _hits(found: dict[int, int], limit: int, *, complete: bool) -> Hits:
    newest_first = (found[message] for message in sorted(found, reverse=True)[:limit])
    return Hits(tuple(dict.fromkeys(newest_first)), complete)

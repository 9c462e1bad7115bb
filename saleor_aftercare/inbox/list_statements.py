"""What the lists of the inbox ask the database: orders by moment, and statements that are kept (``core.statements``).

The text of a page or of a count depends on its filter, its order and its columns, and only the shop, the person and
the moments vary: views are asked for all day, and Django writes each of them once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import statements
from saleor_aftercare.core.models import Shop

from .filters import Filter
from .filters.conditions import Asker
from .models import ACTIVE_STATES, Priority, Ticket

R = TypeVar("R")
#: What somebody sees who sees every conversation; see ``team.access``.
EVERYTHING: Final = Q()
#: Conversations among which a badge counts when no index answers its conditions.
MAX_COUNTED_AMONG: Final = 2_000
#: Statements kept per process: the views of its shops, in every order and length of page that somebody uses.
MAX_STATEMENTS: Final = 1_000


class TicketOrder(StrEnum):
    """What stands first."""

    NEWEST = "newest"  #: the newest message
    OLDEST = "oldest"
    BREACH = "breach"  #: whose target is missed next; those without one behind
    PRIORITY = "priority"  #: the most urgent, and among them the newest


class Segment(NamedTuple):
    """A part of an order in which rows are sorted by one moment, so that one index gives a page of it."""

    which: Q
    moment: str
    descending: bool


class Key(NamedTuple):
    """Where a row stands in its order: what the cursor of a page names."""

    segment: int
    moment: datetime
    pk: int


_NEWEST = Segment(Q(), "last_message_at", descending=True)
SEGMENTS: Final[Mapping[TicketOrder, tuple[Segment, ...]]] = {
    TicketOrder.NEWEST: (_NEWEST,),
    TicketOrder.OLDEST: (_NEWEST._replace(descending=False),),
    TicketOrder.BREACH: (
        Segment(Q(breach_at__isnull=False), "breach_at", descending=False),
        _NEWEST._replace(which=Q(breach_at__isnull=True)),
    ),
    TicketOrder.PRIORITY: tuple(_NEWEST._replace(which=Q(priority=one)) for one in sorted(Priority, reverse=True)),
}


def part_of(rows: QuerySet[Ticket, R], segment: Segment, behind: Key | None, limit: int) -> QuerySet[Ticket, R]:
    """The first rows of a segment, or those behind a key."""
    rows = rows.filter(segment.which)
    if behind is not None:
        rows = _behind(rows, segment, behind)
    sign = "-" if segment.descending else ""
    return rows.order_by(f"{sign}{segment.moment}", f"{sign}pk")[:limit]


def _behind(rows: QuerySet[Ticket, R], segment: Segment, key: Key) -> QuerySet[Ticket, R]:
    side, beyond = ("lte", "gte") if segment.descending else ("gte", "lte")
    rows = rows.filter(**{f"{segment.moment}__{side}": key.moment})
    return rows.exclude(**{segment.moment: key.moment, f"pk__{beyond}": key.pk})


# -- pages -----------------------------------------------------------------------------------------------------

#: Conditions of which nothing but shop, person and moment varies; others read settings, or words.
_FIXED: Final = frozenset(
    {"is", "state", "assignee", "team", "tag", "priority", "channel", "has", "language", "order", "number"}
)


class _Shape(NamedTuple):
    """All that the text of a page's statement depends on."""

    filter: Filter
    has_me: bool
    order: TicketOrder
    number: int  #: of the segment
    is_behind: bool
    columns: tuple[str, ...]
    limit: int


def rows_of_part(
    wanted: Filter,
    asker: Asker,
    order: TicketOrder,
    number: int,
    behind: Key | None,
    columns: tuple[str, ...],
    limit: int,
) -> list[tuple[Any, ...]] | None:
    """The first rows of a segment, or those behind a key, for who sees everything; None where no statement is kept."""
    if not _is_fixed(wanted):
        return None
    kept = _written_part(_Shape(wanted, asker.me is not None, order, number, behind is not None, columns, limit))
    if kept is None:
        return None
    return kept.rows(*_arguments(asker), *((behind.moment, behind.pk) if behind is not None else (None, None)))


@lru_cache(MAX_STATEMENTS)
def _written_part(shape: _Shape) -> statements.Written | None:
    def make(shop: int, me: int, at: datetime, moment: datetime, pk: int) -> QuerySet[Ticket, Any]:
        asker = _sample(shop, me, at, has_me=shape.has_me)
        rows = Ticket.objects.filter(shape.filter.conditions(asker), shop=asker.shop).values_list(*shape.columns)
        key = Key(shape.number, moment, pk) if shape.is_behind else None
        return part_of(rows, SEGMENTS[shape.order][shape.number], key, shape.limit)

    samples = statements.SHOP, statements.PERSON, statements.NOW, statements.MOMENT, statements.KEY
    return statements.written(make, *samples)


def _is_fixed(wanted: Filter) -> bool:
    return not wanted.reading.words and _FIXED.issuperset(one.name for one in wanted.reading.conditions)


def _arguments(asker: Asker) -> tuple[Any, ...]:
    return asker.shop.pk, asker.me.pk if asker.me is not None else None, asker.at


def _sample(shop: int, me: int, at: datetime, *, has_me: bool) -> Asker:
    return Asker(Shop(pk=shop), at, StaffMember(pk=me, shop_id=shop) if has_me else None)


# -- counts ----------------------------------------------------------------------------------------------------

#: Conditions that an index answers.
_INDEXED: Final = frozenset({"is", "state", "assignee", "team", "tag", "order", "number"})
_INDEXED_HAS: Final = frozenset({"return", "repair", "part", "withdrawal", "draft", "tag"})


def is_indexed(wanted: Filter) -> bool:
    """Whether all of its conditions are found by an index."""
    return all(
        (one.name in _INDEXED and "mentioned" not in one.values)
        or (one.name == "has" and _INDEXED_HAS.issuperset(one.values))
        for one in wanted.reading.conditions
    )


def keys_sql(
    wanted: Filter, asker: Asker, visible: Q, most: int, *, of_newest: bool = False
) -> tuple[str, Sequence[Any]]:
    """The statement of the keys of at most ``most`` conversations that meet the conditions, whatever the words.

    With ``of_newest`` only of the newest ``MAX_COUNTED_AMONG`` that may still need something.
    """
    if not visible and _is_fixed(wanted):
        kept = _written_keys(wanted, asker.me is not None, most, of_newest)
        if kept is not None:
            return kept.sql, kept.parameters(*_arguments(asker))
    return sql_of(_keys(wanted, asker, visible, most, of_newest=of_newest))


@lru_cache(MAX_STATEMENTS)
def _written_keys(wanted: Filter, has_me: bool, most: int, of_newest: bool) -> statements.Written | None:
    def make(shop: int, me: int, at: datetime) -> QuerySet[Ticket, Any]:
        return _keys(wanted, _sample(shop, me, at, has_me=has_me), EVERYTHING, most, of_newest=of_newest)

    return statements.written(make, statements.SHOP, statements.PERSON, statements.NOW)


def _keys(wanted: Filter, asker: Asker, visible: Q, most: int, *, of_newest: bool) -> QuerySet[Ticket, Any]:
    rows = Ticket.objects.filter(wanted.conditions(asker), visible, shop=asker.shop)
    if of_newest:
        rows = rows.filter(pk__in=_newest_active(asker.shop))
    return rows.order_by().values("pk")[:most]


def _newest_active(shop: Shop) -> QuerySet[Ticket, Any]:
    rows = Ticket.objects.filter(shop=shop, state__in=ACTIVE_STATES).order_by("-last_message_at", "-pk")
    return rows.values("pk")[:MAX_COUNTED_AMONG]


def sql_of(rows: QuerySet[Ticket, Any]) -> tuple[str, Sequence[Any]]:
    """The statement of a queryset."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # no row can meet the conditions
        return "SELECT 1 WHERE false", ()


def count_of(sql: str, values: Sequence[Any]) -> int:
    """How many rows a statement has; Django's own count takes longer to write its statement than to run it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", values)  # noqa: S608  Django made it
        return int(cursor.fetchone()[0])


# -- what stands beside rows -------------------------------------------------------------------------------------------

_CASES: Final = """SELECT ticket_id, kind, case_id FROM aftercare_ticketlink
    WHERE shop_id = %s AND ticket_id = ANY(%s) ORDER BY id"""


def cases_by_ticket(shop: Shop, tickets: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """The keys of the cases that conversations are about, by their kind, in the order in which they came."""
    found: dict[int, dict[str, list[int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [shop.pk, list(tickets)])
        for ticket, kind, case in cursor.fetchall():
            found.setdefault(ticket, {}).setdefault(kind, []).append(case)
    return found

"""The lists of the inbox: pages of conversations by key, in the order that somebody chose, and counts for badges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField

from saleor_aftercare.core.models import Shop

from .filters import Filter, parse
from .filters.conditions import Asker
from .models import ACTIVE_STATES, Priority, Ticket
from .search import query
from .search.finding import find
from .search.models import SearchEntry
from .search.vocabulary import vocabulary

R = TypeVar("R")
#: Counts stop here: "100 or more" is all that a badge can say.
COUNT_CAP: Final = 100
#: Where a search for a common word is narrowed by conditions, so many conversations that meet them are looked at too.
MAX_LOOKED_AT: Final = 500
#: Conversations among which a badge counts when no index answers its conditions.
MAX_COUNTED_AMONG: Final = 2_000
#: What somebody sees who sees every conversation; see ``team.access``.
EVERYTHING: Final = Q()


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
_SEGMENTS: Final[Mapping[TicketOrder, tuple[Segment, ...]]] = {
    TicketOrder.NEWEST: (_NEWEST,),
    TicketOrder.OLDEST: (_NEWEST._replace(descending=False),),
    TicketOrder.BREACH: (
        Segment(Q(breach_at__isnull=False), "breach_at", descending=False),
        _NEWEST._replace(which=Q(breach_at__isnull=True)),
    ),
    TicketOrder.PRIORITY: tuple(_NEWEST._replace(which=Q(priority=one)) for one in sorted(Priority, reverse=True)),
}


@lru_cache(2_000)
def read_filter(text: str) -> Filter:
    """A filter, read once: the views of a shop are asked for again and again."""
    return parse(text)


@dataclass(frozen=True)
class TicketList:
    """The conversations that meet a filter and that ``asker`` may see."""

    filter: Filter
    asker: Asker
    visible: Q = EVERYTHING
    order: TicketOrder = TicketOrder.NEWEST
    thorough: bool = False  #: words are searched for in all messages, however long that takes

    @property
    def segments(self) -> int:
        """Of how many parts its order is made; the first number of a key is below."""
        return len(_SEGMENTS[self.order])

    def rows(self) -> tuple[QuerySet[Ticket], bool]:
        """Them all, unordered; False when a search for something common leaves out older ones."""
        meets = self.filter.conditions(self.asker) & self.visible
        rows = Ticket.objects.filter(meets, shop=self.asker.shop)
        asked = query(self.filter.search)
        if not asked:
            # Words that hold nothing to search for, such as signs, are found nowhere.
            return (rows.none() if self.filter.search.strip() else rows), True
        hits = find(self.asker.shop, asked, thorough=self.thorough)
        keys = list(hits.tickets)
        if not hits.complete and (self.filter.reading.conditions or self.visible):
            newest = rows.order_by("-last_message_at", "-pk").values("pk")[:MAX_LOOKED_AT]
            held = RawSQL("tokens @@ %s::tsquery", [asked.render(vocabulary().expand)], output_field=BooleanField())
            entries = SearchEntry.objects.filter(held, ticket_id=OuterRef("pk"))
            keys += Ticket.objects.filter(Exists(entries), pk__in=newest).values_list("pk", flat=True)
        return rows.filter(pk__in=keys), hits.complete

    def page(self, *, limit: int, after: Key | None = None) -> list[tuple[Ticket, Key]]:
        """Up to ``limit`` + 1 conversations behind ``after``, each with its own key."""
        rows, _complete = self.rows()
        # Columns that no list shows; a moment costs more to read than all other columns of its row together.
        rows = rows.select_related("assignee").defer("state_since", "updated_at", "assignee__last_seen_at")
        return self._page(rows, lambda row, moment: (getattr(row, moment), row.pk), limit, after)

    def page_of_columns(
        self, columns: Sequence[str], *, limit: int, after: Key | None = None
    ) -> list[tuple[tuple[Any, ...], Key]]:
        """The same as rows of these columns (names as of ``values_list``), of which the first is the key."""
        rows, _complete = self.rows()
        wanted = list(columns)
        for one in _SEGMENTS[self.order]:
            if one.moment not in wanted:
                wanted.append(one.moment)
        place = {name: at for at, name in enumerate(wanted)}
        return self._page(rows.values_list(*wanted), lambda row, moment: (row[place[moment]], row[0]), limit, after)

    def _page(
        self,
        rows: QuerySet[Ticket, R],
        key_of: Callable[[R, str], tuple[datetime, int]],
        limit: int,
        after: Key | None,
    ) -> list[tuple[R, Key]]:
        found: list[tuple[R, Key]] = []
        segments = _SEGMENTS[self.order]
        for number in range(after.segment if after else 0, len(segments)):
            one = segments[number]
            part = rows.filter(one.which)
            if after is not None and after.segment == number:
                part = _behind(part, one, after)
            sign = "-" if one.descending else ""
            part = part.order_by(f"{sign}{one.moment}", f"{sign}pk")[: limit + 1 - len(found)]
            found += [(row, Key(number, *key_of(row, one.moment))) for row in part]
            if len(found) > limit:
                break
        return found

    def count(self, *, limit: int) -> int | None:
        """How many there are; None beyond ``limit``, and where a search leaves out older ones."""
        rows, complete = self.rows()
        found = _count(rows, limit + 1) if complete else limit + 1
        return found if found <= limit else None

    def keys(self, *, limit: int) -> list[int] | None:
        """The first ``limit`` of them, as keys, in their order; None where a search leaves out older ones."""
        rows, complete = self.rows()
        if not complete:
            return None
        keys: list[int] = []
        for one in _SEGMENTS[self.order]:
            sign = "-" if one.descending else ""
            part = rows.filter(one.which).order_by(f"{sign}{one.moment}", f"{sign}pk")
            keys += part.values_list("pk", flat=True)[: limit - len(keys)]
        return keys


def _count(rows: QuerySet[Ticket], most: int) -> int:
    """How many there are, at most ``most``; Django's own count takes longer to write its statement than to run it."""
    try:
        sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:  # no row can meet the conditions
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", values)  # noqa: S608  Django made it
        return int(cursor.fetchone()[0])


def _behind(rows: QuerySet[Ticket, R], segment: Segment, key: Key) -> QuerySet[Ticket, R]:
    side, beyond = ("lte", "gte") if segment.descending else ("gte", "lte")
    rows = rows.filter(**{f"{segment.moment}__{side}": key.moment})
    return rows.exclude(**{segment.moment: key.moment, f"pk__{beyond}": key.pk})


#: Conditions that an index answers.
_INDEXED: Final = frozenset({"is", "state", "assignee", "team", "tag", "order", "number"})
_INDEXED_HAS: Final = frozenset({"return", "repair", "part", "withdrawal", "draft", "tag"})


def _is_indexed(wanted: Filter) -> bool:
    return all(
        (one.name in _INDEXED and "mentioned" not in one.values)
        or (one.name == "has" and _INDEXED_HAS.issuperset(one.values))
        for one in wanted.reading.conditions
    )


def count_filters(filters: Mapping[str, str], asker: Asker, *, visible: Q = EVERYTHING) -> dict[str, int | None]:
    """How many conversations meet each filter, at most ``COUNT_CAP``, in one query that reads a bounded number of rows.

    None for a filter with words: what it finds is not counted. A filter whose conditions no index answers counts
    among the newest ``MAX_COUNTED_AMONG`` conversations that may still need something.
    """
    counts: dict[str, int | None] = dict.fromkeys(filters)
    names, parts, parameters = [], list[str](), list[Any]()
    for name, text in filters.items():
        wanted = read_filter(text)
        if wanted.reading.words:
            continue
        rows = Ticket.objects.filter(wanted.conditions(asker), visible, shop=asker.shop)
        if not _is_indexed(wanted):
            rows = rows.filter(pk__in=_newest_active(asker.shop))
        sql, values = rows.order_by().values("pk")[:COUNT_CAP].query.sql_with_params()
        names.append(name)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS v{len(parts)})")  # noqa: S608  Django made it
        parameters += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", parameters)
            counts.update(zip(names, map(int, cursor.fetchone()), strict=True))
    return counts


def _newest_active(shop: Shop) -> QuerySet[Ticket, Any]:
    rows = Ticket.objects.filter(shop=shop, state__in=ACTIVE_STATES).order_by("-last_message_at", "-pk")
    return rows.values("pk")[:MAX_COUNTED_AMONG]


class TicketView(StrEnum):
    """Lists that every shop has from the start; see ``VIEW_FILTERS``."""

    ASSIGNED_TO_ME = "assigned_to_me"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    MENTIONED = "mentioned"
    RETURNS = "returns"
    REPAIRS = "repairs"
    PARTS = "parts"
    EMAIL = "email"
    CHAT = "chat"
    PHONE = "phone"
    LINE = "line"
    SOLVED = "solved"
    SPAM = "spam"
    ALL = "all"


VIEW_FILTERS: Final[Mapping[TicketView, str]] = {
    TicketView.ASSIGNED_TO_ME: "is:open assignee:me",
    TicketView.UNASSIGNED: "is:open is:unassigned",
    TicketView.OVERDUE: "is:overdue",
    TicketView.NEW: "is:new",
    TicketView.OPEN: "is:open",
    TicketView.PENDING: "is:pending",
    TicketView.WAITING: "is:waiting",
    TicketView.SNOOZED: "is:snoozed",
    TicketView.MENTIONED: "is:open is:mentioned",
    TicketView.RETURNS: "is:open has:return",
    TicketView.REPAIRS: "is:open has:repair",
    TicketView.PARTS: "is:open has:part",
    TicketView.EMAIL: "is:open channel:email",
    TicketView.CHAT: "is:open channel:chat",
    TicketView.PHONE: "is:open channel:phone",
    TicketView.LINE: "is:open channel:line",
    TicketView.SOLVED: "is:solved",
    TicketView.SPAM: "is:spam",
    TicketView.ALL: "",
}
#: Numbers are of use where work waits; an archive's would only grow.
UNCOUNTED_VIEWS: Final = frozenset({TicketView.SOLVED, TicketView.ALL})


def view_list(view: TicketView, asker: Asker, *, search: str = "", visible: Q = EVERYTHING) -> TicketList:
    """The conversations of a view that also meet ``search``; what is late comes in the order of lateness."""
    order = TicketOrder.BREACH if view == TicketView.OVERDUE else TicketOrder.NEWEST
    return TicketList(read_filter(VIEW_FILTERS[view]).and_also(read_filter(search)), asker, visible, order)


def view_counts(asker: Asker, *, visible: Q = EVERYTHING) -> dict[TicketView, int]:
    """The badges of all counted views, in one query."""
    counted = {view.value: text for view, text in VIEW_FILTERS.items() if view not in UNCOUNTED_VIEWS}
    counts = count_filters(counted, asker, visible=visible)
    return {TicketView(view): count or 0 for view, count in counts.items()}

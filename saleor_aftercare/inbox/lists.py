"""The lists of the inbox: pages of conversations by key, in the order that somebody chose, and counts for badges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Q, QuerySet

from .filters import Filter, parse
from .filters.conditions import Asker
from .list_statements import (
    EVERYTHING,
    SEGMENTS,
    Key,
    TicketOrder,
    count_of,
    is_indexed,
    keys_sql,
    part_of,
    rows_of_part,
    sql_of,
)
from .models import Ticket
from .search import query
from .search.finding import find, tickets_holding

R = TypeVar("R")
#: Counts stop here: "100 or more" is all that a badge can say.
COUNT_CAP: Final = 100
#: Where a search for a common word is narrowed by conditions, so many conversations that meet them are looked at too.
MAX_LOOKED_AT: Final = 500


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
        return len(SEGMENTS[self.order])

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
            newest = rows.order_by("-last_message_at", "-pk").values_list("pk", flat=True)[:MAX_LOOKED_AT]
            keys += tickets_holding(newest, asked)
        return rows.filter(pk__in=keys), hits.complete

    def page(self, *, limit: int, after: Key | None = None) -> list[tuple[Ticket, Key]]:
        """Up to ``limit`` + 1 conversations behind ``after``, each with its own key."""
        rows, _complete = self.rows()
        # Columns that no list shows; a moment costs more to read than all other columns of its row together.
        rows = rows.select_related("assignee").defer("state_since", "updated_at", "assignee__last_seen_at")
        segments = SEGMENTS[self.order]
        return self._page(
            lambda number, behind: part_of(rows, segments[number], behind, limit + 1),
            lambda row, moment: (getattr(row, moment), row.pk),
            limit,
            after,
        )

    def page_of_columns(
        self, columns: Sequence[str], *, limit: int, after: Key | None = None
    ) -> list[tuple[tuple[Any, ...], Key]]:
        """The same as rows of these columns (names as of ``values_list``), of which the first is the key."""
        segments = SEGMENTS[self.order]
        wanted = list(columns)
        for one in segments:
            if one.moment not in wanted:
                wanted.append(one.moment)
        place = {name: at for at, name in enumerate(wanted)}
        rows = cache(lambda: self.rows()[0].values_list(*wanted))

        def part(number: int, behind: Key | None) -> Iterable[tuple[Any, ...]]:
            kept = None
            if not self.visible:
                kept = rows_of_part(self.filter, self.asker, self.order, number, behind, tuple(wanted), limit + 1)
            return part_of(rows(), segments[number], behind, limit + 1) if kept is None else kept

        return self._page(part, lambda row, moment: (row[place[moment]], row[0]), limit, after)

    def _page(
        self,
        part: Callable[[int, Key | None], Iterable[R]],
        key_of: Callable[[R, str], tuple[datetime, int]],
        limit: int,
        after: Key | None,
    ) -> list[tuple[R, Key]]:
        found: list[tuple[R, Key]] = []
        segments = SEGMENTS[self.order]
        for number in range(after.segment if after else 0, len(segments)):
            moment = segments[number].moment
            rows = part(number, after if after is not None and after.segment == number else None)
            found += [(row, Key(number, *key_of(row, moment))) for row in rows]
            if len(found) > limit:
                break
        return found[: limit + 1]

    def count(self, *, limit: int) -> int | None:
        """How many there are; None beyond ``limit``, and where a search leaves out older ones."""
        if self.filter.reading.words:
            rows, complete = self.rows()
            found = count_of(*sql_of(rows.order_by().values("pk")[: limit + 1])) if complete else limit + 1
        else:
            found = count_of(*keys_sql(self.filter, self.asker, self.visible, limit + 1))
        return found if found <= limit else None

    def keys(self, *, limit: int) -> list[int] | None:
        """The first ``limit`` of them, as keys, in their order; None where a search leaves out older ones."""
        rows, complete = self.rows()
        if not complete:
            return None
        keys: list[int] = []
        for one in SEGMENTS[self.order]:
            sign = "-" if one.descending else ""
            part = rows.filter(one.which).order_by(f"{sign}{one.moment}", f"{sign}pk")
            keys += part.values_list("pk", flat=True)[: limit - len(keys)]
        return keys


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
        sql, values = keys_sql(wanted, asker, visible, COUNT_CAP, of_newest=not is_indexed(wanted))
        names.append(name)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS v{len(parts)})")  # noqa: S608  Django made it
        parameters += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", parameters)
            counts.update(zip(names, map(int, cursor.fetchone()), strict=True))
    return counts


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

"""Relay connections over keyset pages: a cursor names the last row seen, never an offset."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import graphene
import orjson
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput

from .context import Context

#: Rows of a page when the caller does not say, and at most.
DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 100
#: Lists longer than this are not counted to their end.
MAX_COUNTED: Final = 10_000


class Edge(NamedTuple):
    """A row and where it stands: a cursor, or what one is made of when somebody asks for it."""

    node: Any
    place: str | tuple[Any, ...]

    @property
    def cursor(self) -> str:
        return self.place if isinstance(self.place, str) else encode_cursor(*self.place)


@dataclass(frozen=True)
class Page:
    """One page of a list; ``count`` is asked only when the caller selects ``totalCount``."""

    edges: Sequence[Edge]
    has_next_page: bool
    has_previous_page: bool
    count: Callable[[], int | None]

    @property
    def page_info(self) -> Page:
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        return self.edges[-1].cursor if self.edges else None


class PageInfo(graphene.ObjectType):
    """Where a page stands in its list."""

    has_next_page = graphene.Boolean(required=True, description="More follow `endCursor`.")
    has_previous_page = graphene.Boolean(required=True, description="Others stand before `startCursor`.")
    start_cursor = graphene.String(description="Cursor of the first row; null when the page is empty.")
    end_cursor = graphene.String(description="Cursor of the last row; null when the page is empty.")


def connection_of(node: Any, name: str) -> Any:
    """The types ``<name>CountableConnection`` and ``<name>CountableEdge`` for ``node`` (a type, or its path)."""
    edge = type(
        f"{name}CountableEdge",
        (graphene.ObjectType,),
        {
            "__doc__": f"A {name} in a page.",
            "node": graphene.Field(node, required=True, description="The row itself."),
            "cursor": graphene.String(required=True, description="Its place; for `after` or `before`."),
        },
    )
    return type(
        f"{name}CountableConnection",
        (graphene.ObjectType,),
        {
            "__doc__": f"A page of {name} rows.",
            "edges": graphene.List(graphene.NonNull(edge), required=True, description="The rows of this page."),
            "page_info": graphene.Field(PageInfo, required=True, description="Where this page stands."),
            "total_count": graphene.Int(
                description="How many rows the whole list has; null where counting would cost too much."
            ),
            "resolve_total_count": staticmethod(lambda root, _info: root.count()),
        },
    )


def capped_count(rows: QuerySet[Any]) -> int | None:
    """How many rows a list has; None beyond ``MAX_COUNTED``, for counting reads every one of them."""
    found = rows[: MAX_COUNTED + 1].count()
    return found if found <= MAX_COUNTED else None


def page_size(value: int | None, field: str = "first") -> int:
    """How many rows are asked for; raises InvalidInput unless 1…100."""
    if value is None:
        return DEFAULT_PAGE
    if not 1 <= value <= MAX_PAGE:
        raise InvalidInput(_("A page has 1 to %(limit)d rows.") % {"limit": MAX_PAGE}, field)
    return value


def encode_cursor(*values: Any) -> str:
    """An opaque cursor for the values that a list is sorted by."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type, field: str = "after") -> tuple[Any, ...]:
    """The values in a cursor, one per type (int, str or datetime); raises InvalidInput for anything else."""
    wrong = InvalidInput(_("This cursor is not one of ours."), field)
    if len(cursor) > 200:
        raise wrong
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise wrong from None
    if not isinstance(values, list) or len(values) != len(types):
        raise wrong
    return tuple(_read(value, kind, wrong) for value, kind in zip(values, types, strict=True))


def _read(value: Any, kind: type, wrong: InvalidInput) -> Any:
    if kind is datetime and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise wrong from None
        if moment.tzinfo is None:
            raise wrong
        return moment
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**63):
        raise wrong
    return value


def newest_first(ctx: Context, rows: QuerySet[Any], *, first: int | None, after: str | None, by: str = "") -> Page:
    """A page of ``rows``, newest first: by ``by`` (a moment) and then by primary key, or by primary key alone."""
    size = page_size(first)
    page = rows
    if after is not None and by:
        moment, pk = decode_cursor(after, datetime, int)
        page = page.filter(Q(**{f"{by}__lt": moment}) | Q(**{by: moment}, pk__lt=pk))
    elif after is not None:
        (pk,) = decode_cursor(after, int)
        page = page.filter(pk__lt=pk)
    order = ("-" + by, "-pk") if by else ("-pk",)
    found: list[Model] = list(page.order_by(*order)[: size + 1])
    shown = found[:size]
    ctx.meet(shown)
    return Page(
        edges=[Edge(row, encode_cursor(*([getattr(row, by)] if by else []), row.pk)) for row in shown],
        has_next_page=len(found) > size,
        has_previous_page=after is not None,
        count=lambda: capped_count(rows),
    )

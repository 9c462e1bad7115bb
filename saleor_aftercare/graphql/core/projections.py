"""Rows that go from columns to the answer without a model or a resolver in between.

A :class:`Projection` says for some fields of a GraphQL type which column holds them and what turns it into JSON. A
resolver that lists rows asks it for a :class:`Plan` of what was selected: the columns to read, and the rows as
answers. A :class:`PagePlan` does so for a whole connection, which is then :class:`Finished`. Where a selection holds a
field that the projection does not know, an argument or a directive, there is no plan, and the resolver does what it
always did. Plans are kept with their document: the Dashboard's few documents are worked out once per process.

Rows are finished by columns: what goes into the answer as it stands costs nothing per row but its place in it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final, NamedTuple, TypeAlias

import graphene
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from .context import Context
from .paging import Page
from .scalars import value_of

#: Turns a column's value, not None, into its JSON; made once per request.
Finish: TypeAlias = Callable[[Any], Any]


class Finished(NamedTuple):
    """An object that is its own answer already."""

    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A field that one column holds; ``finish`` makes for a request what turns the value into JSON, None as it is."""

    column: str
    finish: Callable[[Context], Finish] | None = None
    #: The answer where the column is null.
    default: Any = None


@dataclass(frozen=True, slots=True)
class Mixed:
    """A field that is made of several columns."""

    columns: tuple[str, ...]
    make: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Joined:
    """An object whose fields stand in the same row; null where ``column`` is."""

    column: str
    fields: Mapping[str, Cell | Mixed]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of objects by the row's key, brought for all rows at once.

    ``load(ctx, keys)`` gives per key a list of values; each field finishes such a value.
    """

    load: Callable[[Context, Sequence[int]], Mapping[int, Sequence[Any]]]
    fields: Mapping[str, Finish]


Part: TypeAlias = Cell | Mixed | Joined | Many


class _Selected(NamedTuple):
    """One field of a selection: the answer's name, what it is, and what is selected of it."""

    name: str
    part: Part
    inner: tuple[tuple[str, Any], ...]


_NONE: Final = object()


class Projection:
    """What of a GraphQL type can be answered from columns; ``key`` is the column of the row's key."""

    def __init__(self, fields: Mapping[str, Part], *, key: str = "pk") -> None:
        self.fields = fields
        self.key = key

    def page(self, info: graphene.ResolveInfo) -> PagePlan | None:
        """The plan for the connection that is being resolved; None where there can be none."""
        memory: dict[Any, Any] = info.context.memory
        node = info.field_nodes[0]
        # The document outlives its memory, so that the node's address stays its own.
        found = memory.get((self, id(node)), _NONE)
        if found is _NONE:
            found = memory[self, id(node)] = self._page(info)
        return found  # type: ignore[no-any-return]

    def _page(self, info: graphene.ResolveInfo) -> PagePlan | None:
        try:
            chosen = _chosen(info.field_nodes, info, {"edges", "pageInfo", "totalCount"})
            edges = [field for field in chosen.values() if _name(field) == "edges"]
            if len(edges) != 1:
                return None
            of_edge = _chosen(edges, info, _EDGE)
            nodes = [field for field in of_edge.values() if _name(field) == "node"]
            if len(nodes) != 1:
                return None
            rows = self._rows(nodes[0], info)
            parts = {name: (_name(field), _inside(field, info)) for name, field in chosen.items()}
        except _Unknown:
            return None
        return PagePlan(rows, parts)

    def _rows(self, node: FieldNode, info: graphene.ResolveInfo) -> Plan:
        selected = [self._select(field, info) for field in _fields(node.selection_set, info.fragments)]
        if not _distinct(selected):
            raise _Unknown
        return Plan(self.key, {one.name: one for one in selected}.values())

    def _select(self, field: FieldNode, info: graphene.ResolveInfo) -> _Selected:
        part = self.fields.get(_name(field))
        if part is None:
            raise _Unknown
        inner = []
        if isinstance(part, Joined | Many):
            known: Mapping[str, Any] = part.fields
            for one in _fields(field.selection_set, info.fragments):
                if _name(one) not in known:
                    raise _Unknown
                inner.append((_answer_name(one), known[_name(one)]))
        return _Selected(_answer_name(field), part, tuple(inner))


class Plan:
    """The columns of a selection, and how rows of them become answers."""

    def __init__(self, key: str, selected: Iterable[_Selected]) -> None:
        self._selected = tuple(selected)
        columns = [key]
        for one in self._selected:
            columns += _columns_of(one.part)
            if isinstance(one.part, Joined):
                columns += [column for _name, cell in one.inner for column in _columns_of(cell)]
        #: For ``values_list``; the key comes first.
        self.columns: tuple[str, ...] = tuple(dict.fromkeys(columns))
        self._at = {column: index for index, column in enumerate(self.columns)}

    def finish(self, ctx: Context, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The answers of rows of ``columns``."""
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        names = [one.name for one in self._selected]
        answers = zip(*(self._answers(ctx, one, columns) for one in self._selected), strict=True)
        return [dict(zip(names, row, strict=True)) for row in answers]

    def _answers(self, ctx: Context, one: _Selected, columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
        part = one.part
        if isinstance(part, Cell | Mixed):
            return self._cells(ctx, part, columns)
        if isinstance(part, Joined):
            return self._joined(ctx, part, one.inner, columns)
        found = part.load(ctx, columns[0])
        return [
            [{name: finish(value) for name, finish in one.inner} for value in found.get(key, ())] for key in columns[0]
        ]

    def _cells(self, ctx: Context, cell: Cell | Mixed, columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
        if isinstance(cell, Mixed):
            return list(map(cell.make, *(columns[self._at[name]] for name in cell.columns)))
        values, otherwise = columns[self._at[cell.column]], cell.default
        if cell.finish is not None:
            finish = cell.finish(ctx)
            return [otherwise if value is None else finish(value) for value in values]
        return values if otherwise is None else [otherwise if value is None else value for value in values]

    def _joined(
        self, ctx: Context, part: Joined, inner: Sequence[tuple[str, Any]], columns: Sequence[Sequence[Any]]
    ) -> Sequence[Any]:
        there = [key is not None for key in columns[self._at[part.column]]]
        if not any(there):
            return [None] * len(there)
        # The others have none of its columns.
        held = [list(compress(column, there)) for column in columns]
        names = [name for name, _cell in inner]
        answers = zip(*(self._cells(ctx, cell, held) for _name, cell in inner), strict=True)
        return [dict(zip(names, next(answers), strict=True)) if one else None for one in there]


#: What edges hold, by the attributes of ``paging.Edge``.
_EDGE: Final[Mapping[str, str]] = {"node": "node", "cursor": "cursor"}
#: What a connection says about its page, by the attributes of ``paging.Page``.
_PAGE_INFO: Final[Mapping[str, str]] = {
    "hasNextPage": "has_next_page",
    "hasPreviousPage": "has_previous_page",
    "startCursor": "start_cursor",
    "endCursor": "end_cursor",
}


class PagePlan:
    """The rows of a connection, and how they and what stands around them become its answer.

    ``parts`` says by the names of the answer which field stands there, and by the names inside which attribute of
    the page, or of its edges.
    """

    def __init__(self, rows: Plan, parts: Mapping[str, tuple[str, Mapping[str, str]]]) -> None:
        self.rows = rows
        self._parts = parts

    def finish(self, page: Page) -> Finished:
        """The answer of a page whose edges hold the rows' answers."""
        answer: dict[str, Any] = {}
        for name, (field, inside) in self._parts.items():
            if field == "edges":
                answer[name] = [{inner: getattr(edge, one) for inner, one in inside.items()} for edge in page.edges]
            elif field == "pageInfo":
                answer[name] = {inner: getattr(page, one) for inner, one in inside.items()}
            else:
                answer[name] = page.count()
        return Finished(answer)


class _Unknown(Exception):
    """Something that no plan can answer."""


def _fields(selections: SelectionSetNode | None, fragments: Mapping[str, Any]) -> Iterator[FieldNode]:
    """The fields of a selection and of the fragments that it spreads; every type here is an object of one kind."""
    for one in selections.selections if selections is not None else ():
        if one.directives:
            raise _Unknown
        if isinstance(one, FieldNode):
            if one.arguments:
                raise _Unknown
            yield one
        elif isinstance(one, FragmentSpreadNode):
            yield from _fields(fragments[one.name.value].selection_set, fragments)
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(one.selection_set, fragments)


def _chosen(nodes: Sequence[FieldNode], info: graphene.ResolveInfo, known: Container[str]) -> dict[str, FieldNode]:
    """What is selected of the only one of ``nodes``, by the answer's names; all of it is ``known``."""
    # Selected twice, each time with other fields: one answer could not serve both.
    if len(nodes) != 1:
        raise _Unknown
    chosen: dict[str, FieldNode] = {}
    for field in _fields(nodes[0].selection_set, info.fragments):
        if _name(field) not in known or (field.selection_set is not None and _answer_name(field) in chosen):
            raise _Unknown
        chosen[_answer_name(field)] = field
    return chosen


def _inside(field: FieldNode, info: graphene.ResolveInfo) -> dict[str, str]:
    """The attributes that answer what is selected of a part of a connection."""
    if field.selection_set is None:
        return {}
    known = _PAGE_INFO if _name(field) == "pageInfo" else _EDGE
    return {name: known[_name(one)] for name, one in _chosen([field], info, known).items()}


def _columns_of(part: Part) -> tuple[str, ...]:
    if isinstance(part, Mixed):
        return part.columns
    return () if isinstance(part, Many) else (part.column,)


def _name(field: FieldNode) -> str:
    return field.name.value


def _answer_name(field: FieldNode) -> str:
    return field.alias.value if field.alias is not None else field.name.value


def _distinct(selected: Sequence[_Selected]) -> bool:
    """Whether no name is asked for twice in two ways: merging selections is left to the book."""
    seen: dict[str, _Selected] = {}
    return all(seen.setdefault(one.name, one) == one for one in selected)


def named(enum: Any) -> Callable[[Context], Finish]:
    """Columns that hold values of ``enum`` (made by ``scalars.enum_from``) are answered with its names."""
    names = {value_of(member): member.name for member in enum._meta.enum}
    return lambda _ctx: names.__getitem__

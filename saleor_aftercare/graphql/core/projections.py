"""Rows that go from columns to the answer without a model or a resolver in between.

A :class:`Projection` says for some fields of a GraphQL type which column holds them and what turns it into JSON. A
resolver that lists rows asks it for a :class:`Plan` of what was selected: the columns to read, and the rows as
:class:`Finished` answers. Where a selection holds a field that the projection does not know, an argument or a
directive, there is no plan, and the resolver does what it always did. Plans are kept with their document: the
Dashboard's few documents are worked out once per process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

import graphene
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from .context import Context
from .scalars import value_of

#: Turns a column's value, not None, into its JSON; made once per request.
Finish: TypeAlias = Callable[[Any], Any]


class Finished(NamedTuple):
    """A row that is its own answer already."""

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

    def plan(self, info: graphene.ResolveInfo, *path: str) -> Plan | None:
        """The plan for what is selected at ``path`` under the field being resolved; None where there can be none."""
        memory: dict[Any, Any] = info.context.memory
        node = info.field_nodes[0]
        # The document outlives its memory, so that the node's address stays its own.
        found = memory.get((self, id(node)), _NONE)
        if found is _NONE:
            found = memory[self, id(node)] = self._plan(info, path)
        return found  # type: ignore[no-any-return]

    def _plan(self, info: graphene.ResolveInfo, path: Sequence[str]) -> Plan | None:
        try:
            nodes = info.field_nodes
            for name in path:
                # Selected twice, each time with other fields: one answer could not serve both.
                if len(nodes) != 1:
                    return None
                inside = _fields(nodes[0].selection_set, info.fragments)
                nodes = [field for field in inside if _name(field) == name]
            if len(nodes) != 1:
                return None
            selected = [self._select(field, info) for field in _fields(nodes[0].selection_set, info.fragments)]
        except _Unknown:
            return None
        return Plan(self.key, {one.name: one for one in selected}.values()) if _distinct(selected) else None

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

    def finish(self, ctx: Context, rows: Sequence[Sequence[Any]]) -> list[Finished]:
        """The answers of rows of ``columns``."""
        keys = [row[0] for row in rows]
        makers = [(one.name, self._maker(ctx, one, keys)) for one in self._selected]
        return [Finished({name: make(row) for name, make in makers}) for row in rows]

    def _maker(self, ctx: Context, one: _Selected, keys: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
        part = one.part
        if isinstance(part, Cell | Mixed):
            return self._cell(ctx, part)
        if isinstance(part, Joined):
            return self._joined(ctx, part, [(name, self._cell(ctx, cell)) for name, cell in one.inner])
        found = part.load(ctx, keys)
        inner = one.inner

        def many(row: Sequence[Any]) -> list[dict[str, Any]]:
            return [{name: finish(value) for name, finish in inner} for value in found.get(row[0], ())]

        return many

    def _cell(self, ctx: Context, cell: Cell | Mixed) -> Callable[[Sequence[Any]], Any]:
        if isinstance(cell, Mixed):
            places, make = [self._at[column] for column in cell.columns], cell.make
            return lambda row: make(*(row[place] for place in places))
        at = self._at[cell.column]
        if cell.finish is None:
            if cell.default is None:
                return lambda row: row[at]
            default = cell.default
            return lambda row: default if row[at] is None else row[at]
        finish, otherwise = cell.finish(ctx), cell.default
        return lambda row: otherwise if row[at] is None else finish(row[at])

    def _joined(
        self, ctx: Context, part: Joined, cells: Sequence[tuple[str, Callable[[Sequence[Any]], Any]]]
    ) -> Callable[[Sequence[Any]], Any]:
        at = self._at[part.column]
        return lambda row: None if row[at] is None else {name: make(row) for name, make in cells}


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


def moment(_ctx: Context) -> Finish:
    """Moments in ISO 8601."""
    return lambda value: value.isoformat()

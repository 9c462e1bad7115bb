"""Executing selections by a plan: what each field of a selection needs is worked out once, not once per row.

graphql-core looks up a field's definition, builds its ``info``, coerces its arguments and asks whether anything is
awaitable for every field of every row. Nothing of that differs between rows, and nothing here is asynchronous, so a
plan per selection holds it all; rows then cost little more than their resolvers. Semantics are graphql-core's: a test
runs every kind of answer and of error through both. ``info.path`` alone is not that of the row, and no resolver of
ours reads it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from graphene.types.resolver import dict_or_attr_resolver
from graphql import (
    ExecutionContext,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    located_error,
)
from graphql.execution.execute import get_field_def
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from .projections import Finished

Leaf = Callable[[Any], Any]
Branch = Callable[[Any, Path], Any]

#: Scalars of whose values those of exactly this type are their own JSON.
_AS_IT_IS = {"String": str, "ID": str, "Boolean": bool}


class Rare(NamedTuple):
    """What a field needs only when something is missing."""

    kind: Any  #: the field's type
    required: bool
    nodes: list[FieldNode]


class Step(NamedTuple):
    """One field of a selection."""

    name: str
    attribute: str | None  #: read from the row where no resolver is needed
    default: Any
    resolve: Callable[..., Any]
    arguments: dict[str, Any]
    info: GraphQLResolveInfo
    plain: type | None  #: values of exactly this type are their own JSON
    leaf: Leaf | None  #: finishes a scalar or enum
    branch: Branch  #: finishes anything else
    rare: Rare


class PlannedExecution(ExecutionContext):
    """An execution whose selections run by plan; pass it as ``execution_context_class``."""

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: dict[str, list[FieldNode]]
    ) -> dict[str, Any]:
        """Answer a selection on one row."""
        row: dict[str, Any] = {}
        is_dict = type(source_value) is dict
        parent = parent_type.name
        # Unpacked in the loop: this runs for every row.
        for name, attribute, default, resolve, arguments, info, plain, leaf, branch, step in self._plan(
            parent_type, fields
        ):
            try:
                if attribute is None:
                    value = resolve(source_value, info, **arguments)
                elif is_dict:
                    value = source_value.get(attribute, default)
                else:
                    value = getattr(source_value, attribute, default)
                if type(value) is plain:
                    row[name] = value
                elif value is None:
                    if step.required:
                        _refuse_null(info)
                    row[name] = None
                elif leaf is not None:
                    row[name] = leaf(value)
                else:
                    row[name] = branch(value, Path(path, name, parent))
            except Exception as error:  # noqa: BLE001  a field's failure is a part of the answer
                where = Path(path, name, parent)
                self.handle_field_error(located_error(error, step.nodes, where.as_list()), step.kind, where)
                row[name] = None
        return row

    def _plan(self, parent_type: GraphQLObjectType, fields: dict[str, list[FieldNode]]) -> list[Step]:
        plans: dict[int, tuple[Any, list[Step]]] = self.__dict__.setdefault("_plans", {})
        held = plans.get(id(fields))
        if held is None:
            steps = [self._step(parent_type, name, nodes) for name, nodes in fields.items()]
            # The key is an address: holding the fields keeps it theirs.
            held = plans[id(fields)] = fields, [step for step in steps if step is not None]
        return held[1]

    def _step(self, parent_type: GraphQLObjectType, name: str, nodes: list[FieldNode]) -> Step | None:
        definition: Any = get_field_def(self.schema, parent_type, nodes[0])
        if definition is None:
            return None
        info = self.build_resolve_info(definition, nodes, parent_type, Path(None, name, parent_type.name))
        resolve: Callable[..., Any] = definition.resolve or self.field_resolver
        attribute, default = _plain_attribute(resolve)
        try:
            arguments = get_argument_values(definition, nodes[0], self.variable_values)
        except GraphQLError as error:
            attribute, resolve, arguments = None, _raising(error), {}
        required = isinstance(definition.type, GraphQLNonNull)
        bare = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
        leaf, branch = self._finish(bare, nodes, info)
        plain = _AS_IT_IS.get(bare.name) if isinstance(bare, GraphQLScalarType) else None
        rare = Rare(definition.type, required, nodes)
        return Step(name, attribute, default, resolve, arguments, info, plain, leaf, branch, rare)

    def _finish(self, kind: Any, nodes: list[FieldNode], info: GraphQLResolveInfo) -> tuple[Leaf | None, Branch]:
        """What turns a value of a nullable type, not None, into its part of the answer."""
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(kind), _no_branch
        if isinstance(kind, GraphQLObjectType) and kind.is_type_of is None:
            return None, self._object(kind, nodes)
        if isinstance(kind, GraphQLList):
            return None, self._list(kind, nodes, info)

        def by_the_book(value: Any, path: Path) -> Any:
            return self.complete_value(kind, nodes, info, path, value)

        return None, by_the_book

    def _leaf(self, kind: GraphQLScalarType | GraphQLEnumType) -> Leaf:
        complete = functools.partial(self.complete_leaf_value, kind)
        if isinstance(kind, GraphQLEnumType):
            names = _names(kind)

            def enum(value: Any) -> Any:
                try:
                    return names[value]
                except (KeyError, TypeError):
                    return complete(value)

            return enum
        return complete

    def _object(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Branch:
        fields = self.collect_subfields(kind, nodes)
        execute = self.execute_fields

        def branch(value: Any, path: Path) -> Any:
            return value.answer if type(value) is Finished else execute(kind, value, path, fields)

        return branch

    def _list(self, kind: GraphQLList[Any], nodes: list[FieldNode], info: GraphQLResolveInfo) -> Branch:
        item_kind = kind.of_type
        required = isinstance(item_kind, GraphQLNonNull)
        leaf, branch = self._finish(item_kind.of_type if required else item_kind, nodes, info)

        def finish(items: Iterable[Any], path: Path) -> list[Any]:
            if isinstance(items, str | bytes | dict) or not isinstance(items, Iterable):
                where = f"{info.parent_type.name}.{info.field_name}"
                raise GraphQLError(f"Expected Iterable, but did not find one for field '{where}'.")
            answers: list[Any] = []
            for index, item in enumerate(items):
                try:
                    if item is None:
                        if required:
                            _refuse_null(info)
                        answers.append(None)
                    elif leaf is not None:
                        answers.append(leaf(item))
                    else:
                        answers.append(branch(item, path.add_key(index, None)))
                except Exception as error:  # noqa: BLE001  an item's failure is a part of the answer
                    where_ = path.add_key(index, None)
                    self.handle_field_error(located_error(error, nodes, where_.as_list()), item_kind, where_)
                    answers.append(None)
            return answers

        return finish


def _plain_attribute(resolve: Callable[..., Any]) -> tuple[str | None, Any]:
    """The attribute that graphene's default resolver reads, and what stands for a missing one."""
    if isinstance(resolve, functools.partial) and resolve.func is dict_or_attr_resolver and len(resolve.args) == 2:
        return resolve.args[0], resolve.args[1]
    return None, None


def _no_branch(_value: Any, _path: Path) -> Any:
    raise AssertionError("A leaf has no fields")  # pragma: no cover  every leaf is finished as one


def _raising(error: GraphQLError) -> Callable[..., Any]:
    def resolve(*_args: Any) -> Any:
        raise error

    return resolve


@functools.cache
def _names(kind: GraphQLEnumType) -> dict[Any, str]:
    """Names by value: columns hold the plain values, and enum members equal them."""
    names = {}
    for name, member in kind.values.items():
        value = getattr(member.value, "value", member.value)
        names[value] = names[member.value] = name
    return names


def _refuse_null(info: GraphQLResolveInfo) -> None:
    raise TypeError(f"Cannot return null for non-nullable field {info.parent_type.name}.{info.field_name}.")

"""How each field finds its value: a map of ``Type.field`` to functions, filled by the modules of this package."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType

Resolver = Callable[..., Any]

_FIELDS: dict[str, Resolver] = {}


def field(*paths: str) -> Callable[[Resolver], Resolver]:
    """Register a resolver for one or more ``Type.field``; arguments arrive in snake case."""

    def register(function: Resolver) -> Resolver:
        for path in paths:
            if path in _FIELDS:
                raise ValueError(f"{path} has two resolvers")
            _FIELDS[path] = function
        return function

    return register


@cache
def snake(name: str) -> str:
    """``streetAddress1`` → ``street_address_1``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", name).lower()


def snake_keys(value: Any) -> Any:
    """Input objects with snake case keys, all the way down."""
    if isinstance(value, dict):
        return {snake(key): snake_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [snake_keys(item) for item in value]
    return value


def attach(schema: GraphQLSchema) -> None:
    """Give ``schema`` its resolvers; a registered path that this version lacks is left out."""
    from . import (
        app_mutations,
        apps,
        catalogue,
        content,
        credit_mutations,
        events,
        notes,
        order_mutations,
        orders,
        payment_mutations,
        payments,
        people,
        shop,
    )

    del app_mutations, apps, catalogue, content, credit_mutations, events, notes, order_mutations
    del orders, payment_mutations, payments, people, shop
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _type_name
        elif isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, definition in kind.fields.items():
                path = f"{kind.name}.{name}"
                definition.resolve = _with_snake_arguments(_FIELDS[path]) if path in _FIELDS else _by_name(name)


def _with_snake_arguments(function: Resolver) -> Resolver:
    def resolve(source: Any, info: Any, **arguments: Any) -> Any:
        return function(source, info, **snake_keys(arguments))

    return resolve


def _by_name(name: str) -> Resolver:
    attribute = snake(name)

    def resolve(source: Any, _info: Any, **_arguments: Any) -> Any:
        if isinstance(source, dict):
            return source.get(name, source.get(attribute))
        return getattr(source, attribute)

    return resolve


def _type_name(value: Any, _info: Any, _kind: Any) -> str:
    name = value["__typename"] if isinstance(value, dict) else value.typename
    return str(name)

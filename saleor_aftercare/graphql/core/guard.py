"""The door of every query: what mutations check in their base class, queries check here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLSchema


def guard_queries(schema: GraphQLSchema) -> None:
    """Let every root query ask first whether the role of the asking person opens it (``graphql.roles``)."""
    assert schema.query_type is not None  # noqa: S101  a schema has queries
    for name, definition in schema.query_type.fields.items():
        if definition.resolve is None:
            raise TypeError(f"The query {name!r} has no resolver")
        definition.resolve = _guarded(name, definition.resolve)


def _guarded(name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
    def answer(root: Any, info: Any, **arguments: Any) -> Any:
        info.context.enter(name)
        return resolve(root, info, **arguments)

    return answer

"""The GraphQL schema the practice shop serves: a subset of the Saleor version it acts as.

``schema/*.graphql`` names what we serve; what only some versions have carries ``@since`` or ``@until`` and is left
out for the others. A test compares the result with Saleor's own schemas.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    GraphQLScalarType,
    GraphQLSchema,
    Node,
    StringValueNode,
    Visitor,
    build_ast_schema,
    parse,
    specified_directives,
    visit,
)

FOLDER = Path(__file__).with_name("schema")

#: Minor versions the shop can act as.
VERSIONS = ("3.22", "3.23", "3.24")


def minor(version: str) -> str:
    """``3.23`` of ``3.23.28``."""
    return ".".join(version.split(".")[:2])


@cache
def read_sdl() -> str:
    """The whole SDL with its version marks."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.graphql")))


@cache
def build_schema(version: str) -> GraphQLSchema:
    """The schema for a minor version such as ``3.23``, with resolvers."""
    from .resolvers import attach

    document = parse(read_sdl(), no_location=True)
    marked: DocumentNode = visit(document, _ForVersion(version))
    schema = build_ast_schema(marked)
    schema.directives = tuple(specified_directives)  # the marks are ours, not Saleor's
    for name, scalar in _SCALARS.items():
        served = schema.type_map[name]
        assert isinstance(served, GraphQLScalarType)  # noqa: S101 - our own file
        if "serialize" in scalar:
            served.serialize = scalar["serialize"]  # type: ignore[method-assign]
        if "parse" in scalar:
            served.parse_value = scalar["parse"]  # type: ignore[method-assign]
            served.parse_literal = _literal(scalar["parse"])  # type: ignore[method-assign]
    attach(schema)
    return schema


class _ForVersion(Visitor):
    """Drops what the version lacks."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self.version = _key(version)

    def enter(self, node: Node, *_: Any) -> Any:
        for mark in getattr(node, "directives", None) or ():
            argument = mark.arguments[0].value
            assert isinstance(argument, StringValueNode)  # noqa: S101 - our own file
            limit = _key(argument.value)
            if mark.name.value == "since" and self.version < limit:
                return REMOVE
            if mark.name.value == "until" and self.version > limit:
                return REMOVE
        return None


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _moment(value: datetime | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _day(value: date | datetime | str) -> str:
    if isinstance(value, str):
        return value
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _read_moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))


def _read_positive(value: Any) -> Decimal:
    amount = Decimal(str(value))
    if not amount.is_finite() or amount < 0:
        raise ValueError("Value cannot be lower than 0.")
    return amount


def _literal(read: Any) -> Any:
    def parse_literal(node: Any, _variables: Any = None) -> Any:
        return read(node.value)

    return parse_literal


_SCALARS: dict[str, dict[str, Any]] = {
    "DateTime": {"serialize": _moment, "parse": _read_moment},
    "Date": {"serialize": _day},
    "Decimal": {"serialize": float, "parse": lambda value: Decimal(str(value))},
    "PositiveDecimal": {"serialize": float, "parse": _read_positive},
    "UUID": {"serialize": str},
}

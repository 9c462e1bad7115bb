"""Scalars, enums and the two shapes that every domain uses: money and nodes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

import graphene
from django.core.files.uploadedfile import UploadedFile
from graphql import GraphQLError, Undefined
from graphql.language import FloatValueNode, IntValueNode, StringValueNode

from saleor_aftercare.core.money import Money


class DecimalType(graphene.Scalar):
    """An exact decimal number. Answers hold it as text ("12.50"); inputs may be text or a number."""

    class Meta:
        name = "Decimal"

    @staticmethod
    def serialize(value: Any) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    @staticmethod
    def parse_value(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise GraphQLError("Decimal must be a number, or text that holds one.")
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            raise GraphQLError("Decimal must be a number, or text that holds one.") from None
        if not number.is_finite() or number.adjusted() > 30 or number.adjusted() < -30:
            raise GraphQLError("Decimal is out of range.")
        return number

    @classmethod
    def parse_literal(cls, node: Any, _variables: Any = None) -> Any:
        if isinstance(node, StringValueNode | IntValueNode | FloatValueNode):
            return cls.parse_value(node.value)
        return Undefined


class DateTimeType(graphene.Scalar):
    """A moment in ISO 8601 with its offset: `2026-11-22T09:30:00+00:00`."""

    class Meta:
        name = "DateTime"

    @staticmethod
    def serialize(value: datetime) -> str:
        return value.isoformat()

    @staticmethod
    def parse_value(value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise GraphQLError("DateTime must be text such as 2026-11-22T09:30:00Z.") from None
        if moment.tzinfo is None:
            raise GraphQLError("DateTime needs its offset from UTC, such as Z or +09:00.")
        return moment.astimezone(UTC)

    @classmethod
    def parse_literal(cls, node: Any, _variables: Any = None) -> Any:
        return cls.parse_value(node.value) if isinstance(node, StringValueNode) else Undefined


class Upload(graphene.Scalar):
    """A file, sent as a GraphQL multipart request (`operations`, `map`, then the files)."""

    @staticmethod
    def serialize(_value: Any) -> Any:
        raise GraphQLError("Upload is for inputs only.")

    @staticmethod
    def parse_value(value: Any) -> UploadedFile[Any]:
        if not isinstance(value, UploadedFile):
            raise GraphQLError("Upload must be a file of a multipart request.")
        return value

    @staticmethod
    def parse_literal(_node: Any, _variables: Any = None) -> Any:
        raise GraphQLError("Upload must be a variable, filled by a multipart request.")


class Node(graphene.Interface):
    """Anything with a global id."""

    id = graphene.ID(required=True, description="Global id, opaque.")


class MoneyType(graphene.ObjectType):
    """An amount of money, tax included."""

    class Meta:
        name = "Money"

    amount = graphene.Field(DecimalType, required=True, description="In major units: 12.50 EUR, 1200 JPY.")
    currency = graphene.String(required=True, description="ISO 4217.")

    @staticmethod
    def resolve_amount(root: Money, _info: Any) -> str:
        return root.wire()


def enum_of(name: str, members: Mapping[str, str], description: str) -> Any:
    """A GraphQL enum of these names, each with its description; values equal names."""
    choices: Any = Enum(name, {member: member for member in members})  # type: ignore[misc]
    return _enum(choices, members, description)


def enum_from(choices: type[Enum], descriptions: Mapping[str, str], description: str, name: str = "") -> Any:
    """The GraphQL enum of a model's choices, each named member with its description; columns hold its values."""
    return _enum(choices, descriptions, description, name)


def _enum(choices: type[Enum], descriptions: Mapping[str, str], description: str, name: str = "") -> Any:
    missing = {member.name for member in choices} ^ set(descriptions)
    if missing:
        raise LookupError(f"{choices.__name__}: described and existing members differ in {sorted(missing)}")
    return graphene.Enum.from_enum(
        choices,
        name=name or choices.__name__,
        description=lambda member: description if member is None else descriptions[member.name],
    )


def value_of(member: Any) -> Any:
    """The plain value of an enum input (graphene hands out members), of each item of a list of them, or None."""
    if isinstance(member, list):
        return [value_of(one) for one in member]
    return member.value if isinstance(member, Enum) else member

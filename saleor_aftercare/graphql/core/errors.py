"""How errors are told: in a mutation as the payload's ``errors``, anywhere else as GraphQL errors with a code."""

from __future__ import annotations

import re
from typing import Any, Final

import graphene
import structlog
from django.utils.translation import gettext as _
from graphql import GraphQLError

from saleor_aftercare.core.errors import AftercareError, RateLimited

from .scalars import enum_of

log = structlog.get_logger(__name__)

AftercareErrorCode = enum_of(
    "AftercareErrorCode",
    {
        "INVALID": "The input cannot be used; `field` says which part of it.",
        "NOT_FOUND": "It does not exist, or is not yours to see.",
        "REFUSED": "The shop's rules say no; `message` says why, for the customer to read.",
        "CONFLICT": "It has changed meanwhile: read it again and decide anew.",
        "STALE_THREAD": "The conversation has newer messages than you have seen.",
        "RATE_LIMITED": "Too many tries; wait a while.",
        "PERMISSION_DENIED": "You are known, and may not do this.",
        "PROVIDER_ERROR": "A service outside (Saleor, a carrier) refused; trying again is useless.",
        "PROVIDER_UNAVAILABLE": "A service outside does not answer at the moment; try again later.",
    },
    "What kind of error it is.",
)

#: Codes of GraphQL errors that are no business of a payload.
UNAUTHENTICATED: Final = "UNAUTHENTICATED"
BAD_REQUEST: Final = "GRAPHQL_ERROR"
TOO_COMPLEX: Final = "TOO_COMPLEX"
INTERNAL: Final = "INTERNAL"

_WORD = re.compile(r"_([a-z0-9])")


class AftercareErrorType(graphene.ObjectType):
    """Why a mutation did not happen; nothing was changed then."""

    class Meta:
        name = "AftercareError"

    field = graphene.String(
        description="The input at fault, without `input.`: `serialNumber`, `lines.0.quantity`; null when none is."
    )
    message = graphene.String(required=True, description="A sentence for people, in the asking person's language.")
    code = graphene.Field(AftercareErrorCode, required=True, description="For programs; stable.")


def spell(field: str | None) -> str | None:
    """A field path in the API's spelling.

    >>> spell("lines.0.order_line_id"), spell(None)
    ('lines.0.orderLineId', None)
    """
    return None if field is None else _WORD.sub(lambda found: found[1].upper(), field)


def as_payload(error: AftercareError) -> AftercareErrorType:
    """The error as an item of a payload's ``errors``."""
    return AftercareErrorType(field=spell(error.field), message=error.message, code=error.code)


def as_graphql(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as an item of the answer's ``errors``; what is our bug is logged whole and told without detail."""
    original = error.original_error
    if isinstance(original, AftercareError):
        extensions: dict[str, Any] = {"code": original.code}
        if original.field:
            extensions["field"] = spell(original.field)
        if isinstance(original, RateLimited):
            extensions["retryAfter"] = original.retry_after_s
        return _item(original.message, extensions, error)
    if original is None or isinstance(original, GraphQLError):
        return _item(error.message, {"code": BAD_REQUEST, **(error.extensions or {})}, error)
    return _item(_("Internal error"), crash(original, request_id), error)


def crash(error: BaseException, request_id: str) -> dict[str, Any]:
    """Log our own failure with its traceback; returns what the caller may know of it."""
    log.error("graphql_crashed", exc_info=(type(error), error, error.__traceback__))
    return {"code": INTERNAL, "requestId": request_id}


def _item(message: str, extensions: dict[str, Any], error: GraphQLError) -> dict[str, Any]:
    item: dict[str, Any] = {"message": message, "extensions": extensions}
    if error.path:
        item["path"] = error.path
    if error.locations:
        item["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    return item

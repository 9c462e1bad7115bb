"""The practice shop's doors as plain functions: bytes in, bytes out; used in process and by the demo's server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    parse,
    validate,
)

from .access import Caller, identify
from .faults import How
from .schema import build_schema, minor
from .store import PracticeShop


@dataclass(frozen=True)
class Answer:
    """An HTTP response; ``fault`` says what the transport should do instead of delivering it."""

    status: int
    body: bytes
    content_type: str = "application/json"
    fault: How | None = None


def answer(shop: PracticeShop, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Serve one request to the API or the key set; ``headers`` in lower case."""
    if path == "/.well-known/jwks.json" and method == "GET":
        return Answer(200, json.dumps(shop.keys.jwks()).encode())
    if path != "/graphql/":
        return Answer(404, b"Not found", "text/plain")
    if method != "POST":
        return Answer(405, b"Method not allowed", "text/plain")
    fault = shop.faults.take(body.decode("utf-8", "replace"))
    if fault == "500":
        return Answer(500, b"<h1>Server Error (500)</h1>", "text/html")
    if fault == "timeout":
        return Answer(504, b"", "text/plain", fault)
    token = headers.get("authorization-bearer") or headers.get("authorization") or ""
    caller = Caller(shop) if fault == "token" else identify(shop, token)
    return Answer(*_graphql(caller, body), fault=fault)


def _graphql(caller: Caller, body: bytes) -> tuple[int, bytes]:
    try:
        request = json.loads(body)
        query, variables = request["query"], request.get("variables") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return 400, _dump({"errors": [_entry("Unable to parse query.")]})
    result = run(caller, query, variables, request.get("operationName"))
    # A document that does not parse or validate is a client's mistake: 400 without data.
    return (200 if result.data is not None or not _is_refused(result) else 400), _dump(_formatted(result))


def _is_refused(result: ExecutionResult) -> bool:
    return bool(result.errors) and all(error.path is None for error in result.errors or ())


def run(caller: Caller, query: str, variables: dict[str, Any], operation: str | None = None) -> ExecutionResult:
    """Parse, validate and execute a document as ``caller``."""
    version = minor(caller.shop.version)
    try:
        document = parse_cached(query)
    except GraphQLError as error:
        return ExecutionResult(data=None, errors=[error])
    errors = validate(build_schema(version), document)
    if errors:
        return ExecutionResult(data=None, errors=errors)
    with caller.shop.lock:
        return execute_sync(
            build_schema(version),
            document,
            context_value=caller,
            variable_values=variables,
            operation_name=operation,
        )


@lru_cache(maxsize=256)
def parse_cached(query: str) -> DocumentNode:
    """A parsed document; apps send the same few again and again."""
    return parse(query)


def is_subscription(document: DocumentNode) -> bool:
    """Whether the document is one subscription."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return len(operations) == 1 and operations[0].operation == OperationType.SUBSCRIPTION


def _entry(message: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"exception": {"code": "GraphQLError"}}}


def _formatted(result: ExecutionResult) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [{**_entry(error.message), **error.formatted} for error in result.errors]
    if result.data is not None or not _is_refused(result):
        answer["data"] = result.data
    return answer


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()

"""The door /graphql/: one operation per POST, from the token to the answer."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, cast

import orjson
import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from graphql import ExecutionResult, GraphQLError, execute

from saleor_aftercare.access.actions import authenticate
from saleor_aftercare.connection.auth import Guest, Principal
from saleor_aftercare.connection.shop import settings_of, shop_by_api_url
from saleor_aftercare.core import clock
from saleor_aftercare.core.bundle import build
from saleor_aftercare.core.errors import NotFound, Unauthenticated
from saleor_aftercare.core.models import Shop
from saleor_aftercare.graphql.schema import schema

from . import cors
from .context import Context
from .documents import DocumentError, Documents
from .errors import BAD_REQUEST, UNAUTHENTICATED, as_graphql, crash
from .executor import PlannedExecution
from .multipart import Operation, RequestError, read_operation

documents = Documents(schema.graphql_schema)

HINT = 'This is a GraphQL API: POST {"query": …} as application/json, with Authorization: Bearer <token>.'


# The token stands in a header that no foreign form can send, and no cookie is read: there is nothing to forge.
@csrf_exempt
def graphql_view(request: HttpRequest) -> HttpResponse:
    """Answer one GraphQL request; never with a page, and never with a bare 500."""
    if request.method == "OPTIONS":
        return cors.answer_preflight(request)
    if request.method != "POST":
        response = _respond({"errors": [{"message": HINT, "extensions": {"code": BAD_REQUEST}}]}, 405)
        response["Allow"] = cors.METHODS
        return response
    try:
        response, shop = _answer(request)
        cors.let_read(response, request, shop)
    except Exception as error:  # noqa: BLE001  # the edge: whatever failed is logged whole and told as JSON
        message = {"message": _("Internal error"), "extensions": crash(error, _request_id())}
        response = _respond({"errors": [message]}, 200)
    patch_vary_headers(response, ("Accept-Language", "Authorization", "Saleor-Api-Url"))
    return response


def _answer(request: HttpRequest) -> tuple[HttpResponse, Shop | None]:
    """The answer, and the shop that it is about where that is proved or claimed without a token."""
    try:
        principal = _principal(request)
    except Unauthenticated as error:
        return _unauthenticated(error), None
    shop = _named_shop(request) if principal is None else principal.shop
    with _language(request, shop, principal):
        try:
            operation = read_operation(request)
            prepared = documents.get(operation.query, operation.variables)
        except RequestError as error:
            item = {"message": error.message, "extensions": {"code": BAD_REQUEST}}
            return _respond({"errors": [item]}, error.status), shop
        except DocumentError as error:
            items = [as_graphql(one, _request_id()) for one in error.errors]
            return _respond({"errors": items}, 400), shop
        ctx = Context(request, tenant=shop, principal=principal, at=clock.now(), memory=prepared.memory)
        return _tell(_run(prepared.document, operation, ctx)), shop


def _run(document: Any, operation: Operation, ctx: Context) -> ExecutionResult:
    result = execute(
        schema.graphql_schema,
        document,
        context_value=ctx,
        variable_values=operation.variables,
        operation_name=operation.name,
        execution_context_class=PlannedExecution,
        is_awaitable=_never,
    )
    # With nothing awaitable the answer is there at once.
    return cast("ExecutionResult", result)


def _never(_value: Any) -> bool:
    return False


def _tell(result: ExecutionResult) -> HttpResponse:
    body: dict[str, Any] = {}
    status = 200
    if result.errors:
        body["errors"] = [as_graphql(error, _request_id()) for error in result.errors]
        if any(item["extensions"].get("code") == UNAUTHENTICATED for item in body["errors"]):
            status = 401
        elif result.data is None and not any(error.path for error in result.errors):
            status = 400
    if result.data is not None or status != 400:
        body["data"] = result.data
    response = _respond(body, status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _unauthenticated(error: Unauthenticated) -> HttpResponse:
    item = as_graphql(GraphQLError(error.message, original_error=error), _request_id())
    response = _respond({"errors": [item]}, 401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _respond(body: dict[str, Any], status: int) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    # Ages and due times on the screen follow the shop's clock, not the one of the person's machine.
    response["Aftercare-Now"] = clock.now().isoformat()
    # A page of the Dashboard that stays open for days learns from this that a newer one is to be had.
    if latest := build():
        response["Aftercare-Build"] = latest
    return response


def _principal(request: HttpRequest) -> Principal | None:
    """Who is asking; None without a token. Raises Unauthenticated for a token that does not hold."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(_("The Authorization header must be: Bearer <token>."))
    return authenticate(token.strip(), api_url=request.headers.get("Saleor-Api-Url") or None)


def _named_shop(request: HttpRequest) -> Shop | None:
    """The connected shop that somebody without a token asks about, or None."""
    try:
        return shop_by_api_url(request.headers.get("Saleor-Api-Url", ""))
    except NotFound:
        return None


def _language(request: HttpRequest, shop: Shop | None, principal: Principal | None) -> AbstractContextManager[None]:
    """Speak the asked-for language; unasked, the guest's own or the shop's."""
    if request.headers.get("Accept-Language") or shop is None:
        return translation.override(translation.get_language_from_request(request))
    wanted = principal.order.language if isinstance(principal, Guest) else settings_of(shop).default_language
    try:
        return translation.override(translation.get_supported_language_variant(wanted))
    except LookupError:
        return translation.override(settings_of(shop).default_language)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))

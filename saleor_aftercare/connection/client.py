"""Asking a shop's Saleor, with every way of failing told apart.

What matters about a failed mutation is whether Saleor may have done it: :class:`NotSent` says no,
:class:`MaybeDone` says nobody knows. Both are ProviderUnavailable, so a read is simply retried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import structlog
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.models import Shop

from .documents import Version, document

log = structlog.get_logger(__name__)

#: Saleor's own limits for slow answers are longer; a worker is not to hang on one shop.
TIMEOUT = httpx.Timeout(15.0, connect=4.0)
MAX_RESPONSE_BYTES = 20 * 1024 * 1024


class NotSent(ProviderUnavailable):
    """The request did not reach Saleor, or Saleor turned it away before doing anything."""


class MaybeDone(ProviderUnavailable):
    """The request left, and its answer was lost."""


class SaleorRejected(ProviderError):
    """Saleor understood and said no; ``saleor_code`` is its error code.

    ``inside_answer``: the field that was asked for is carried out, and something within its answer was refused.
    """

    def __init__(
        self, message: str, field: str | None = None, *, saleor_code: str = "", inside_answer: bool = False
    ) -> None:
        super().__init__(message, field)
        self.saleor_code = saleor_code
        self.inside_answer = inside_answer


class TokenRejected(SaleorRejected):
    """Saleor does not accept our token for this: revoked, uninstalled, deactivated, or without the permission."""


_http: httpx.Client | None = None


def http() -> httpx.Client:
    """The process's one HTTP client: connections are kept, redirects are never followed."""
    global _http  # noqa: PLW0603  one client per process is the point
    if _http is None:
        _http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, headers={"User-Agent": "SaleorAftercare"})
    return _http


@contextmanager
def using_transport(transport: httpx.BaseTransport) -> Iterator[None]:
    """Talk to Saleor through ``transport`` for a while: a practice shop in process, or a recorder."""
    global _http  # noqa: PLW0603
    before, _http = _http, httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False)
    try:
        yield
    finally:
        _http.close()
        _http = before


def call(shop: Shop, name: str, **variables: Any) -> dict[str, Any]:
    """Run operation ``name`` with the app's token; returns ``data``.

    Raises:
        NotSent, MaybeDone: Saleor cannot be reached, or its answer was lost.
        TokenRejected: see there.
        SaleorRejected: any other top-level error.
    """
    if not shop.connected:
        raise TokenRejected(_("The app is not installed in this shop's Saleor any more."))
    return call_anyway(shop, name, **variables)


def call_anyway(shop: Shop, name: str, **variables: Any) -> dict[str, Any]:
    """:func:`call`, also for a shop that is disconnected as far as we know: to find out whether it still is."""
    return call_url(shop.saleor_api_url, shop.app_token, name, shop.schema_version, variables)


def mutate(shop: Shop, name: str, **variables: Any) -> dict[str, Any]:
    """Run a mutation document of one field; returns its payload.

    Raises, beside what :func:`call` raises:
        SaleorRejected: the payload has ``errors``; the first one's code, field and message.
    """
    try:
        data = call(shop, name, **variables)
    except SaleorRejected as refusal:
        if refusal.inside_answer:
            raise MaybeDone(refusal.message) from refusal
        raise
    (payload,) = data.values()
    return _accepted(payload)


def mutate_together(shop: Shop, name: str, deciding: str, **variables: Any) -> dict[str, Any]:
    """Run a mutation document of several fields, which Saleor carries out in their order; returns all payloads.

    The ``errors`` of the field ``deciding`` alone say whether it was done; see :func:`mutate` for what is raised. A
    top-level error of another field may stand beside a deciding one that was carried out: MaybeDone.
    """
    try:
        data = call(shop, name, **variables)
    except TokenRejected:
        raise
    except SaleorRejected as refusal:
        if refusal.inside_answer:
            raise MaybeDone(refusal.message) from refusal
        raise
    _accepted(data.get(deciding))
    return data


def _accepted(payload: Any) -> dict[str, Any]:
    if payload is None:
        raise MaybeDone("Saleor answered a mutation with nothing.")
    for error in payload.get("errors") or ():
        raise SaleorRejected(
            f"Saleor: {error.get('message') or 'refused'}",
            error.get("field"),
            saleor_code=str(error.get("code") or ""),
        )
    return dict(payload)


def call_url(url: str, token: str, name: str, version: Version, variables: Mapping[str, Any]) -> dict[str, Any]:
    """:func:`call` for a Saleor that is not, or not yet, a tenant."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = {"query": document(name, version), "variables": dict(variables)}
    try:
        response = http().post(url, json=body, headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL) as error:
        raise NotSent(f"Saleor cannot be reached ({type(error).__name__}).") from error
    except httpx.HTTPError as error:
        raise MaybeDone(f"Saleor did not answer ({type(error).__name__}).") from error
    return _read(response)


def _read(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == 429:
        raise NotSent("Saleor is busy (429).", retry_after_s=_retry_after(response))
    if response.status_code >= 500:
        # 503 too: proxies say so when the connection broke after Saleor had got the request.
        raise MaybeDone(f"Saleor answered {response.status_code}.", retry_after_s=_retry_after(response))
    if response.status_code in {401, 403}:
        raise TokenRejected(f"Saleor answered {response.status_code}.", saleor_code="PermissionDenied")
    if len(response.content) > MAX_RESPONSE_BYTES:
        raise MaybeDone("Saleor's answer is too large.")
    try:
        answer = response.json()
    except ValueError as error:
        raise MaybeDone(f"Saleor answered {response.status_code} with something that is no JSON.") from error
    if not isinstance(answer, dict):
        raise MaybeDone("Saleor answered with something that is no GraphQL response.")
    if errors := answer.get("errors"):
        raise _refusal(errors)
    data = answer.get("data")
    if not isinstance(data, dict):
        raise MaybeDone("Saleor answered without data.")
    return data


#: Error classes that Saleor raises before it does anything.
_BEFORE_EXECUTION = {"GraphQLError", "GraphQLSyntaxError", "ValidationError", "QueryCostError"}
_TOKEN_ERRORS = {"PermissionDenied", "InvalidTokenError", "ExpiredSignatureError", "InvalidSignatureError"}


def _refusal(errors: Any) -> ProviderError:
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    extensions = first.get("extensions")
    exception = extensions.get("exception") if isinstance(extensions, dict) else None
    code = str(exception.get("code") or "") if isinstance(exception, dict) else ""
    message = f"Saleor: {str(first.get('message', 'error'))[:300]}"
    inside = len(first.get("path") or ()) > 1
    if code in _TOKEN_ERRORS:
        return TokenRejected(message, saleor_code=code, inside_answer=inside)
    if code in _BEFORE_EXECUTION:
        return SaleorRejected(message, saleor_code=code, inside_answer=inside)
    return MaybeDone(message)


def _retry_after(response: httpx.Response) -> int | None:
    value = response.headers.get("Retry-After", "")
    return min(int(value), 3600) if value.isdigit() else None


def fetch_json(url: str) -> Any:
    """A JSON document of a Saleor's origin (its JWKS); raises ProviderUnavailable or ProviderError."""
    try:
        response = http().get(url)
        response.raise_for_status()
        return response.json()
    except httpx.HTTPStatusError as error:
        raise ProviderUnavailable(f"Saleor answered {error.response.status_code}.") from error
    except httpx.HTTPError as error:
        raise NotSent(f"Saleor cannot be reached ({type(error).__name__}).") from error
    except ValueError as error:
        raise ProviderError("Saleor's answer is no JSON.") from error

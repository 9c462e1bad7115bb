"""What happens to every request: an id and one log line, a bound on its body, and strict headers on the answer."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from saleor_aftercare.core.headers import frame_ancestors
from saleor_aftercare.portal import errors as portal
from saleor_aftercare.service import metrics

View = Callable[[HttpRequest], HttpResponseBase]

log = structlog.get_logger("aftercare.request")

#: Doors that are asked every few seconds and say nothing about a customer.
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
STATIC: Final = "/static/"
GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")

#: `data:` and `blob:` images are previews of a customer's photos; `https:` images are the shop's product pictures.
#: A Saleor without https (on a developer's machine) is among those that may frame us, and shows its own.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
    " img-src 'self' data: blob: https:{pictures}; connect-src 'self'; frame-src 'self' blob:; base-uri 'none';"
    " form-action 'self'; frame-ancestors {ancestors}"
)


class RequestContext:
    """Give the request an id, count it, and log one line without address, query, person or token."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Take the proxy's id where it looks like one, so that both logs can be joined."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if GIVEN_ID.match(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        response["X-Request-Id"] = request_id
        if request.path not in QUIET:
            route = route_of(request)
            metrics.observe_request(request.method or "", route, response.status_code, seconds)
            if route == STATIC:
                return response
            log.info(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                duration_ms=round(seconds * 1000, 1),
            )
        return response


def route_of(request: HttpRequest) -> str:
    """Return the URL pattern, never the path: paths of signed links are secrets, and patterns are few."""
    match = request.resolver_match
    if match is not None:
        return "/" + match.route
    return STATIC if request.path.startswith(settings.STATIC_URL) else "unmatched"


class BodyLimit:
    """Refuse a body that is too large, or of unknown size, before any of it is read."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 413 or 411: a customer with a page, everybody else with JSON in the shape of the GraphQL API's."""
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return refuse(411, "LENGTH_REQUIRED", "Send the body with its Content-Length.")
        limit = self.limit(request)
        length = request.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > limit:
            if portal.wants_page(request):
                return portal.body_too_large(request)
            return refuse(413, "BODY_TOO_LARGE", f"The body may have {limit} bytes at most.")
        return self.get_response(request)

    @staticmethod
    def limit(request: HttpRequest) -> int:
        """Files come as multipart, and only to the doors where customers and staff attach them."""
        if request.path.startswith(tuple(settings.MAIL_PATHS)):
            return int(settings.MAX_UPLOAD_BYTES)
        is_form = (request.content_type or "") == "multipart/form-data"
        if is_form and request.path.startswith(tuple(settings.UPLOAD_PATHS)):
            return int(settings.MAX_UPLOAD_BYTES)
        return int(settings.MAX_BODY_BYTES)


def refuse(status: int, code: str, message: str) -> HttpResponse:
    """Return the error every client of ours can read."""
    error = {"message": message, "extensions": {"code": code}}
    return JsonResponse({"errors": [error]}, status=status)


class SecurityHeaders:
    """Write the Content-Security-Policy, and keep HTML out of every cache."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Frame nothing but what the view allowed; `frame-ancestors` replaces X-Frame-Options, which knows no list."""
        response = self.get_response(request)
        ancestors = frame_ancestors(response)
        pictures = "".join(f" {origin}" for origin in ancestors if origin.startswith("http://"))
        policy = POLICY.format(pictures=pictures, ancestors=" ".join(ancestors) or "'none'")
        response.setdefault("Content-Security-Policy", policy)
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "no-store")
        return response

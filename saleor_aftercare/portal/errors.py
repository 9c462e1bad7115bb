"""Pages for what went wrong: each says what happened and what to do next, and none needs the database."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from saleor_aftercare.core.errors import (
    AftercareError,
    Conflict,
    InvalidInput,
    NotFound,
    PermissionDenied,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    Unauthenticated,
)
from saleor_aftercare.portal.responses import secure

PREFIX: Final = "/portal/"
#: Django's words for more than ``DATA_UPLOAD_MAX_MEMORY_SIZE`` and ``DATA_UPLOAD_MAX_NUMBER_FILES`` allow.
TOO_MUCH: Final = (RequestDataTooBig, TooManyFilesSent)

STATUS: Final[dict[type[AftercareError], int]] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    PermissionDenied: 403,
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    RateLimited: 429,
    ProviderUnavailable: 503,
    ProviderError: 502,
}

#: Title and advice per HTTP status; the error's own sentence stands between them where it has one.
TEXTS: Final[dict[int, tuple[str | Promise, str | Promise]]] = {
    400: (
        _("We could not read this request"),
        _("Please go back, reload the page and try again."),
    ),
    401: (
        _("Please sign in"),
        _("Open the link in your e-mail again, or start from your order number."),
    ),
    403: (
        _("This is not possible"),
        _("Go back to look at your order, or write to us and we will help."),
    ),
    404: (
        _("We cannot find this page"),
        _("Check that the address is complete. Links in our e-mails can also be copied as a whole."),
    ),
    409: (
        _("Something changed meanwhile"),
        _("Go back, reload the page and look again before you decide."),
    ),
    413: (
        _("The files are too large together"),
        _("A photo may have 10 MB and all of them together 60 MB. Please go back and send fewer at once."),
    ),
    429: (
        _("That was too often"),
        _("For everybody's safety we limit tries. Nothing is lost; please come back later."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("We have been told about it. Please try again in a few minutes."),
    ),
    503: (
        _("The shop does not answer right now"),
        _("Please try again in a few minutes. Nothing has been sent twice."),
    ),
}


def status_of(error: AftercareError) -> int:
    """The HTTP status of one of our own errors."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def page_for(request: HttpRequest, error: AftercareError, *, shop_name: str = "", home: str = "") -> HttpResponse:
    """One of our own errors as a page."""
    response = error_page(request, status_of(error), message=error.message, shop_name=shop_name, home=home)
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(error.retry_after_s)
    return response


def error_page(
    request: HttpRequest, status: int, *, message: str = "", shop_name: str = "", home: str = ""
) -> HttpResponse:
    """The page for an HTTP status."""
    title, advice = TEXTS.get(status, TEXTS[503 if status > 500 else 400])
    context = {"title": title, "message": message, "advice": advice, "shop_name": shop_name, "home": home}
    return secure(render(request, "aftercare/portal/error.html", context, status=status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``: a body or header that Django refuses."""
    if request.path.startswith(PREFIX):
        return error_page(request, 413 if isinstance(exception, TOO_MUCH) else 400)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``."""
    if request.path.startswith(PREFIX):
        return error_page(request, 403)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``."""
    if request.path.startswith(PREFIX):
        return error_page(request, 404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``: our bug; it has been logged with its traceback before we come here."""
    if request.path.startswith(PREFIX):
        return error_page(request, 500)
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``: a form that came from elsewhere, or from a browser that keeps no cookies."""
    return error_page(
        request,
        403,
        message=str(_("This form was open for very long, or your browser keeps no cookies. Please reload the page.")),
    )


def wants_page(request: HttpRequest) -> bool:
    """Whether it is a person's browser, in the portal."""
    return request.path.startswith(PREFIX) and "text/html" in request.headers.get("Accept", "")


def body_too_large(request: HttpRequest) -> HttpResponse:
    """What a browser gets that sends more than the host lets in; asked before any other middleware has looked."""
    with translation.override(translation.get_language_from_request(request)):
        return error_page(request, 413)


def missing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """The last pattern of the portal: every other address."""
    return error_page(request, 404)

"""Coming in from the storefront, going out, and the language of the pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from saleor_aftercare.access import actions as access
from saleor_aftercare.connection import shop as shops
from saleor_aftercare.connection.auth import Customer
from saleor_aftercare.connection.orders import get_order
from saleor_aftercare.core import clock, links
from saleor_aftercare.core.errors import AftercareError, InvalidInput, Unauthenticated
from saleor_aftercare.portal import errors
from saleor_aftercare.portal.responses import COOKIE_PATH, redirect, secure, set_cookie
from saleor_aftercare.portal.visit import SESSION_COOKIE, Visit, origin_of, page, spoken_language

MAX_BODY: Final = 10_000


@dataclass(frozen=True)
class HandOver:
    """What a storefront asks for when it sends its customer to us."""

    order_id: str
    return_url: str
    language: str


@csrf_exempt
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Trade a storefront's proof of its customer for an address to send the customer to, good once, for 60 s.

    The storefront's server calls this with the customer's Saleor token as bearer; the token itself must never
    be in an address. Errors are JSON and name the field.
    """
    try:
        customer = customer_of(request)
        wish = read_hand_over(request)
        check_return_url(customer, wish.return_url)
        code = access.open_handover(
            customer,
            order_id=wish.order_id,
            return_url=wish.return_url,
            language=wish.language,
            at=clock.now(),
        )
        order = get_order(customer.shop, wish.order_id)
    except AftercareError as error:
        problem = {"field": error.field, "message": error.message, "code": error.code}
        return secure(JsonResponse({"errors": [problem]}, status=errors.status_of(error)))
    path = f"/portal/enter/{code}/"
    return secure(JsonResponse({"url": links.absolute(path, order=order.number)}))


def customer_of(request: HttpRequest) -> Customer:
    """The Saleor customer of the bearer token; raises Unauthenticated for staff, guests and strangers."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send the customer's Saleor token as “Authorization: Bearer …”.")
    principal = access.authenticate(token.strip(), api_url=request.headers.get("Saleor-Api-Url"))
    if not isinstance(principal, Customer):
        raise Unauthenticated("The token is not a customer's access token.")
    return principal


def read_hand_over(request: HttpRequest) -> HandOver:
    """Read JSON or a form; raises InvalidInput that names the field as it was sent."""
    data: dict[str, Any]
    if request.content_type == "application/json":
        if len(request.body) > MAX_BODY:
            raise InvalidInput(f"The body may have {MAX_BODY} bytes at most.")
        try:
            data = json.loads(request.body)
        except ValueError:
            raise InvalidInput("The body is not JSON.") from None
        if not isinstance(data, dict):
            raise InvalidInput("The body must be a JSON object.")
    else:
        data = request.POST.dict()
    for name in ("orderId", "returnUrl", "locale", "channel"):
        if not isinstance(data.get(name, ""), str):
            raise InvalidInput("Must be text.", name)
    for name, limit in (("orderId", 120), ("returnUrl", 1000)):
        if not data.get(name):
            raise InvalidInput("Is missing.", name)
        if len(data[name]) > limit or "\x00" in data[name]:
            raise InvalidInput(f"May have {limit} characters at most, and no null character.", name)
    return HandOver(data["orderId"], data["returnUrl"], spoken_language(data.get("locale", "")))


def check_return_url(customer: Customer, url: str) -> None:
    """Only a storefront that the shop has named may be the way back."""
    allowed = {origin.rstrip("/") for origin in shops.settings_of(customer.shop).allowed_origins}
    if origin_of(url) not in allowed:
        raise InvalidInput("Its origin is not one of the shop's allowed origins.", "returnUrl")


@require_GET
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Trade the single-use code for a session. It shows nothing: codes travel by redirect only, never by mail."""
    try:
        token, session = access.trade_handover(code, at=clock.now())
    except AftercareError:
        message = _("This link has been used or is too old. Please go back to the shop and try again.")
        return errors.error_page(request, 400, message=str(message))
    number = request.GET.get("order", "")[:30]
    kwargs = {"handle": session.shop.handle}
    url = reverse("portal:orders", kwargs=kwargs)
    if number and "/" not in number:
        url = reverse("portal:order", kwargs=kwargs | {"number": number})
    response = redirect(url)
    set_cookie(response, SESSION_COOKIE, token)
    return response


@page("POST")
def sign_out(visit: Visit) -> HttpResponse:
    """End the session here and on the server, and lead back to the shop where there is one."""
    if visit.session is not None:
        access.close_session(visit.session)
    response = visit.redirect(visit.url("start"), notice="signed_out")
    response.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Remember a choice of language until the browser closes, and go back to where the reader was."""
    next_url = request.POST.get("next", "")
    if not next_url.startswith(COOKIE_PATH) or not url_has_allowed_host_and_scheme(next_url, allowed_hosts=None):
        next_url = COOKIE_PATH
    response = redirect(next_url)
    language = spoken_language(request.POST.get("language", ""))
    if language:
        set_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response

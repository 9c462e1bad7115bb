"""A storefront's account page, with the one button that leads to Aftercare."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from saleor_aftercare.sandbox.aftercare import AftercareError
from saleor_aftercare.sandbox.current import current

from .look import CUSTOMER, LANGUAGE, language_of, show, signed_in, words


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The shop window, and whom to sign in as."""
    shop = current().shop
    channel = shop.channel("japan" if language_of(request) == "ja" else "europe")
    return show(
        request,
        "storefront.html",
        channel=channel,
        goods=[(p, next(v for v in shop.state.variants if v.product == p.id)) for p in shop.state.products],
        customers=[u for u in shop.state.users if not u.is_staff],
    )


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become a customer; the page follows the customer's language."""
    user = current().shop.user(email=request.POST.get("email", ""))
    if user is None or user.is_staff:
        return HttpResponseRedirect("/shop/")
    response: HttpResponse = HttpResponseRedirect("/shop/account/")
    response.set_cookie(CUSTOMER, user.id, samesite="Lax")
    response.set_cookie(LANGUAGE, "ja" if user.language_code == "JA" else "en", samesite="Lax")
    return response


@require_POST
def sign_out(_request: HttpRequest) -> HttpResponse:
    """Be nobody again."""
    response: HttpResponse = HttpResponseRedirect("/shop/")
    response.delete_cookie(CUSTOMER, samesite="Lax")
    return response


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The customer's orders, newest first."""
    customer = signed_in(request, CUSTOMER)
    if customer is None:
        return HttpResponseRedirect("/shop/")
    mine = [o for o in current().shop.state.orders if o.user == customer.id and o.status != "DRAFT"]
    return show(request, "account.html", orders=sorted(mine, key=lambda o: int(o.number), reverse=True))


@require_POST
def get_help(request: HttpRequest, order_id: str) -> HttpResponse:
    """Hand the customer over to Aftercare: token from server to server, then a redirect with a single-use code."""
    practice, customer = current(), signed_in(request, CUSTOMER)
    order = practice.shop.order(order_id)
    if customer is None or order is None or order.user != customer.id:
        return HttpResponseRedirect("/shop/")
    try:
        target = practice.aftercare.hand_over(
            customer,
            order,
            language=language_of(request),
            return_url=f"{practice.url}/shop/account/",
        )
    except AftercareError as error:
        text = words(request, "Aftercare could not take over: {reason}", reason=str(error))
        return HttpResponseRedirect(f"/shop/account/?{urlencode({'problem': text})}")
    response = HttpResponse(status=303)
    response["Location"] = target
    return response

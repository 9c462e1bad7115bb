"""A frame like the Saleor Dashboard's, for an app's unchanged pages: App Bridge, widgets, popups and deep links."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from saleor_aftercare.sandbox.current import current
from saleor_aftercare.sandbox.frames import DASHBOARD_VERSION, SANDBOX, app_path, frames, page_frame, page_path
from saleor_aftercare.sandbox.records import Order, User
from saleor_aftercare.sandbox.store import total_of
from saleor_aftercare.sandbox.tokens import app_user_token

from .look import STAFF, back, language_of, show, signed_in, theme_of, words


def _staff(request: HttpRequest) -> User:
    """Who is signed in; the owner when nobody chose."""
    return signed_in(request, STAFF) or next(u for u in current().shop.state.users if u.is_staff)


def _frame_page(request: HttpRequest, template: str, **values: Any) -> HttpResponse:
    """A page inside the frame, with the navigation and what scripts need to know."""
    shop, user = current().shop, _staff(request)
    pages = frames(shop, user, "NAVIGATION_ORDERS", theme=theme_of(request))
    navigation = [
        {"label": f.label, "url": page_path(f.app, f.extension), "app": f.app}
        for f in pages
        if f.extension is not None and f.kind == "page"
    ]
    popups = values.pop("popups", [])
    return show(
        request,
        f"dashboard/{template}",
        user=user,
        crew=[u for u in shop.state.users if u.is_staff],
        navigation=navigation,
        sees_orders="MANAGE_ORDERS" in user.permissions,
        sees_customers="MANAGE_USERS" in user.permissions or "MANAGE_ORDERS" in user.permissions,
        popups=popups,
        sandbox=SANDBOX,
        bridge={
            "locale": language_of(request),
            "saleorVersion": shop.version,
            "dashboardVersion": f"v{DASHBOARD_VERSION}",
            "leaving": words(request, "You are about to leave the Dashboard. Continue?"),
            "popups": [
                {
                    "identifier": f.extension.identifier if f.extension else "",
                    "app": f.app.id,
                    "label": f.label,
                    "src": f.src,
                    "tokenUrl": f.token_url,
                }
                for f in popups
            ],
        },
        **values,
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The Dashboard's home with its widgets."""
    user = _staff(request)
    apps = [current().aftercare.app, *current().aftercare.others]
    return _frame_page(
        request,
        "home.html",
        section="home",
        widgets=frames(current().shop, user, "HOMEPAGE_WIDGETS", theme=theme_of(request)),
        hidden=[
            (app, page_path(app, e))
            for app in apps
            if app is not None
            for e in app.extensions
            if e.target == "APP_PAGE" and not set(e.permissions) <= set(user.permissions)
        ],
    )


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, newest first."""
    if "MANAGE_ORDERS" not in _staff(request).permissions:
        return _frame_page(request, "denied.html", section="orders")
    found = [o for o in current().shop.state.orders if o.status != "DRAFT"]
    return _frame_page(
        request, "orders.html", section="orders", orders=sorted(found, key=lambda o: int(o.number), reverse=True)
    )


@require_safe
def order(request: HttpRequest, order_id: str) -> HttpResponse:
    """One order with the app's widgets and more-actions."""
    shop, user, theme = current().shop, _staff(request), theme_of(request)
    found = shop.order(order_id)
    if found is None:
        raise Http404
    if "MANAGE_ORDERS" not in user.permissions:
        return _frame_page(request, "denied.html", section="orders")
    more = frames(shop, user, "ORDER_DETAILS_MORE_ACTIONS", theme=theme, orderId=found.id)
    search = frames(shop, user, "SEARCH_ACTION", theme=theme, orderId=found.id)
    return _frame_page(
        request,
        "order.html",
        section="orders",
        order=found,
        lines=_lines(found),
        amounts=_amounts(found),
        customer=shop.user(found.user) if found.user else None,
        original=shop.order(found.original),
        widgets=frames(shop, user, "ORDER_DETAILS_WIDGETS", theme=theme, orderId=found.id),
        more_actions=more,
        search_actions=search,
        popups=[*more, *search],
    )


def _lines(found: Order) -> list[dict[str, Any]]:
    """Parcels with their lines, and what has not been sent."""
    by_id = {line.id: line for line in found.lines}
    cards = [
        {
            "status": parcel.status,
            "parcel": parcel,
            "lines": [(by_id[x.order_line], x.quantity) for x in parcel.lines],
        }
        for parcel in found.fulfillments
        if parcel.lines
    ]
    left = [
        (line, line.quantity - line.quantity_fulfilled)
        for line in found.lines
        if line.quantity > line.quantity_fulfilled
    ]
    if left:
        status = "CANCELED" if found.status == "CANCELED" else "UNFULFILLED"
        cards.insert(0, {"status": status, "parcel": None, "lines": left})
    return cards


def _amounts(found: Order) -> dict[str, Any]:
    return {
        "currency": current().shop.currency(found),
        "subtotal": sum(x.total for x in found.lines),
        "shipping": found.shipping_price,
        "total": total_of(found),
        "charged": sum(t.charged for t in found.transactions),
        "refunded": sum(t.refunded for t in found.transactions),
        "granted": sum(g.amount for g in found.granted_refunds),
    }


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """All customers."""
    found = [u for u in current().shop.state.users if not u.is_staff]
    if not {"MANAGE_USERS", "MANAGE_ORDERS"} & set(_staff(request).permissions):
        return _frame_page(request, "denied.html", section="customers")
    return _frame_page(request, "customers.html", section="customers", people=found)


@require_safe
def customer(request: HttpRequest, user_id: str) -> HttpResponse:
    """One customer with the app's widget."""
    shop = current().shop
    found = shop.user(user_id)
    if found is None or found.is_staff:
        raise Http404
    if not {"MANAGE_USERS", "MANAGE_ORDERS"} & set(_staff(request).permissions):
        return _frame_page(request, "denied.html", section="customers")
    theirs = [o for o in shop.state.orders if o.user == found.id and o.status != "DRAFT"]
    widgets = frames(shop, _staff(request), "CUSTOMER_DETAILS_WIDGETS", theme=theme_of(request), customerId=found.id)
    return _frame_page(
        request,
        "customer.html",
        section="customers",
        person=found,
        orders=sorted(theirs, key=lambda o: int(o.number), reverse=True),
        widgets=widgets,
    )


@require_safe
def app_page(request: HttpRequest, app_id: str, path: str = "") -> HttpResponse:
    """An app's own page; the rest of the address is the app's."""
    shop, query = current().shop, request.META.get("QUERY_STRING", "")
    app = shop.app(app_id)
    if app is None or app.is_deleted:
        current_app = current().aftercare.app
        if app is None or current_app is None or app.identifier != current_app.identifier:
            raise Http404
        # Every installation has a new id; addresses of an earlier one still lead somewhere.
        return HttpResponseRedirect(f"{app_path(current_app)}/{path}" + (f"?{query}" if query else ""))
    return _frame_page(
        request,
        "app.html",
        section=f"app:{app.id}",
        app=app,
        frame=page_frame(shop, app, path, query, theme_of(request)),
    )


@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """A token for the app, or for one of its extensions, in the name of whoever is signed in."""
    shop = current().shop
    app = shop.app(request.GET.get("app"))
    if app is None or app.is_deleted:
        return JsonResponse({"error": "gone"}, status=404)
    wanted = request.GET.get("extension")
    extension = next((e for e in app.extensions if e.id == wanted), None)
    response = JsonResponse({"token": app_user_token(shop, _staff(request), app, extension=extension)})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become somebody else of the staff."""
    user = current().shop.user(email=request.POST.get("email", ""))
    response: HttpResponse = HttpResponseRedirect(back(request, "/dashboard/"))
    if user is not None and user.is_staff:
        response.set_cookie(STAFF, user.id, samesite="Lax")
    return response

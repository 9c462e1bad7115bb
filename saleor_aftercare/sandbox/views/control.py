"""The control panel: what customers, the warehouse, the carrier, the bank and fate do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from saleor_aftercare.sandbox import fulfilling, ordering, paying
from saleor_aftercare.sandbox.aftercare import AftercareError
from saleor_aftercare.sandbox.current import current
from saleor_aftercare.sandbox.faults import How
from saleor_aftercare.sandbox.install import InstallError, set_active, uninstall
from saleor_aftercare.sandbox.records import Order
from saleor_aftercare.sandbox.store import ShopError

from .look import back, show, words

MOVES = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "3days": timedelta(days=3),
    "2weeks": timedelta(days=14),
    "month": timedelta(days=30),
}
FAULTS: tuple[How, ...] = ("500", "timeout", "token", "lost")
VERBS: dict[str, Callable[[HttpRequest], str]] = {}
#: Deliveries that the panel lists.
SHOWN = 40


def verb(name: str) -> Callable[[Callable[[HttpRequest], str]], Callable[[HttpRequest], str]]:
    """A button: does it, and gives the sentence to show."""

    def register(function: Callable[[HttpRequest], str]) -> Callable[[HttpRequest], str]:
        VERBS[name] = function
        return function

    return register


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """All buttons, and what they did."""
    practice = current()
    shop = practice.shop
    orders = sorted((o for o in shop.state.orders if o.status != "DRAFT"), key=lambda o: int(o.number), reverse=True)
    deliveries = sorted([*practice.hooks.done, *practice.hooks.waiting], key=lambda d: d.created_at, reverse=True)
    return show(
        request,
        "control.html",
        orders=orders,
        people=[u for u in shop.state.users if not u.is_staff],
        variants=[(v, shop.product(v.product)) for v in shop.state.variants],
        methods=shop.state.shipping_methods,
        vouchers=[code for v in shop.state.vouchers for code in v.codes],
        app=practice.aftercare.app,
        others=practice.aftercare.others,
        faults=shop.faults.waiting,
        fault_kinds=FAULTS,
        disorder=practice.hooks.disorder,
        deliveries=deliveries[:SHOWN],
        clock_moves=practice.clock_file is not None,
    )


@require_POST
def press(request: HttpRequest, name: str) -> HttpResponse:
    """Press a button, and go back with a sentence."""
    if name not in VERBS:
        raise Http404
    try:
        query = {"notice": VERBS[name](request)}
    except ShopError as error:
        query = {"problem": error.entry["message"]}
    except (InstallError, AftercareError) as error:
        query = {"problem": str(error)}
    return HttpResponseRedirect(f"{back(request, '/control/')}?{urlencode(query)}")


@csrf_exempt
@require_POST
def install(_request: HttpRequest) -> JsonResponse:
    """Install Aftercare if it is not there, and let the merchant set it up; a second time changes nothing."""
    practice = current()
    try:
        app = practice.aftercare.app or practice.installer.install(_manifest_url())
    except InstallError as error:
        return JsonResponse({"error": str(error)}, status=502)
    try:
        practice.aftercare.set_up()
        practice.post.set_up()
        practice.messenger.set_up()
        practice.telephone.set_up()
        practice.furnishing.set_up()
    except AftercareError as error:
        return JsonResponse({"app": app.id, "error": str(error)})
    return JsonResponse({"app": app.id})


def _manifest_url() -> str:
    return f"{current().aftercare.url}/saleor/manifest.json"


def _order(request: HttpRequest) -> Order:
    order = current().shop.order(request.POST.get("order"))
    if order is None:
        raise ShopError("NOT_FOUND", "There is no such order.")
    return order


def _parcel(request: HttpRequest, order: Order) -> Any:
    wanted = request.POST.get("parcel")
    parcel = next((f for f in order.fulfillments if f.id == wanted), None)
    if parcel is None:
        raise ShopError("NOT_FOUND", "There is no such parcel.")
    return parcel


@verb("place")
def _place(request: HttpRequest) -> str:
    shop = current().shop
    lines = [
        (sku, int(quantity))
        for sku, quantity in zip(request.POST.getlist("sku"), request.POST.getlist("quantity"), strict=False)
        if sku and quantity.isdigit() and int(quantity)
    ]
    if not lines:
        raise ShopError("REQUIRED", words(request, "Choose at least one product."))
    user = shop.user(email=request.POST.get("customer", ""))
    if user is None:
        raise ShopError("REQUIRED", words(request, "Choose a customer."))
    order = ordering.place_order(
        shop,
        user=user,
        channel=request.POST.get("channel") or user.channel,
        lines=lines,
        shipping_method=request.POST.get("shipping", ""),
        voucher_code=request.POST.get("voucher") or None,
    )
    if request.POST.get("pay") == "card":
        paying.pay_by_card(shop, order)
    return words(request, "Order {number} is placed.", number=order.number)


@verb("pay")
def _pay(request: HttpRequest) -> str:
    order = _order(request)
    paying.pay_by_card(current().shop, order)
    return words(request, "Order {number} is paid by card.", number=order.number)


@verb("bank")
def _bank(request: HttpRequest) -> str:
    order, shop = _order(request), current().shop
    owner = next(u for u in shop.state.users if u.is_staff)
    paying.mark_as_paid(shop, order, reference=f"BANK-{order.number}", by=owner.id)
    return words(request, "Order {number} is marked as paid by bank transfer.", number=order.number)


@verb("fulfil")
def _fulfil(request: HttpRequest) -> str:
    order, shop = _order(request), current().shop
    open_lines = [line for line in order.lines if line.quantity > line.quantity_fulfilled]
    part = request.POST.get("part") == "first"
    warehouse = shop.state.warehouses[1 if order.channel == "japan" else 0].id
    lines = [
        fulfilling.SentLine(line.id, 1 if part else line.quantity - line.quantity_fulfilled, warehouse)
        for line in (open_lines[:1] if part else open_lines)
    ]
    number = f"KK{shop.count('tracking') + 7_700_000}"
    fulfilling.fulfill(shop, order, lines, tracking_number=number)
    return words(
        request, "A parcel of order {number} left with number {tracking}.", number=order.number, tracking=number
    )


@verb("deliver")
def _deliver(request: HttpRequest) -> str:
    order = _order(request)
    parcel = _parcel(request, order)
    current().aftercare.report_delivery(parcel)
    return words(request, "The carrier reported parcel {tracking} as delivered.", tracking=parcel.tracking_number)


@verb("cancel")
def _cancel(request: HttpRequest) -> str:
    order = _order(request)
    ordering.cancel_order(current().shop, order)
    return words(request, "Order {number} is cancelled.", number=order.number)


@verb("cancel-parcel")
def _cancel_parcel(request: HttpRequest) -> str:
    order, shop = _order(request), current().shop
    parcel = _parcel(request, order)
    fulfilling.cancel_fulfillment(shop, order, parcel, warehouse=parcel.warehouse)
    return words(request, "A parcel of order {number} is cancelled.", number=order.number)


@verb("clock")
def _clock(request: HttpRequest) -> str:
    """Everybody's clock goes forward: the file holds the offset in seconds."""
    path = current().clock_file
    move = MOVES.get(request.POST.get("move", ""))
    if path is None or move is None:
        raise ShopError("INVALID", words(request, "This clock cannot be moved."))
    offset = int(path.read_text().strip() or 0) if path.exists() else 0
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".clock")
    with os.fdopen(handle, "w") as file:
        file.write(str(offset + int(move.total_seconds())))
    Path(partial).replace(path)
    return words(request, "The clock went forward.")


@verb("reinstall")
def _reinstall(request: HttpRequest) -> str:
    practice = current()
    app = practice.installer.install(_manifest_url())
    practice.aftercare.set_up()
    return words(request, "Aftercare is installed as {id}.", id=app.id)


@verb("uninstall")
def _uninstall(request: HttpRequest) -> str:
    practice = current()
    if practice.aftercare.app is not None:
        uninstall(practice.shop, practice.aftercare.app)
    return words(request, "Aftercare is uninstalled.")


@verb("switch")
def _switch(request: HttpRequest) -> str:
    app = current().aftercare.app
    if app is None:
        raise ShopError("NOT_FOUND", words(request, "Aftercare is not installed."))
    set_active(current().shop, app, active=not app.is_active)
    text = "Aftercare is switched on." if app.is_active else "Aftercare is switched off."
    return words(request, text)


@verb("break")
def _break(request: HttpRequest) -> str:
    faults, how = current().shop.faults, request.POST.get("how")
    times = request.POST.get("times", "")
    if how == "mend":
        faults.clear()
        return words(request, "Everything works again.")
    for kind in FAULTS:
        if kind == how:
            faults.add(kind, times=min(int(times), 1000) if times.isdigit() and int(times) else 1)
            return words(request, "The next calls to the practice shop will fail.")
    raise ShopError("INVALID", words(request, "There is no such button."))


@verb("disorder")
def _disorder(request: HttpRequest) -> str:
    disorder = current().hooks.disorder
    for name in ("shuffle", "duplicate", "broken_order", "deferred"):
        setattr(disorder, name, name in request.POST)
    disorder.lose = {x.strip().upper() for x in request.POST.get("lose", "").split(",") if x.strip()}
    return words(request, "Webhooks now behave like this.")

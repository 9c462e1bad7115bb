"""The guest's door: order number and e-mail, then the code from the e-mail."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from saleor_aftercare.access import actions as access
from saleor_aftercare.connection import shop as shops
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.portal.forms import PortalForm
from saleor_aftercare.portal.responses import redirect, secure, set_cookie
from saleor_aftercare.portal.visit import SESSION_COOKIE, Visit, own_path, page


class StartForm(PortalForm):
    """Which order, and whose."""

    order_number = forms.CharField(
        label=gettext_lazy("Order number"),
        help_text=gettext_lazy("You find it in your order confirmation, for example 1042."),
        max_length=30,
        error_messages={"required": gettext_lazy("Please enter your order number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The one you ordered with."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Please enter your e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address, such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_order_number(self) -> str:
        """``# 1042`` is 1042."""
        return str(self.cleaned_data["order_number"]).lstrip("#＃ ").strip()


class CodeForm(PortalForm):
    """The code from the e-mail."""

    code = forms.CharField(
        label=gettext_lazy("6-digit code"),
        max_length=20,
        error_messages={"required": gettext_lazy("Please enter the code from our e-mail.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )

    def clean_code(self) -> str:
        """Spaces and full-width digits are no reason to refuse."""
        text = "".join(str(self.cleaned_data["code"]).split()).replace("-", "")
        return "".join(str(int(c)) if c.isdecimal() else c for c in text)


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Lead to the only shop; with several there is nothing to choose from that a stranger should see."""
    handle = shops.only_handle()
    if handle:
        return redirect(f"/portal/{handle}/")
    response = render(request, "aftercare/portal/front.html")
    return secure(response)


@page("GET", "POST")
def start(visit: Visit) -> HttpResponse:
    """Ask for the order; the answer and its timing tell nobody whether it exists."""
    next_url = visit.request.GET.get("next", "")
    if not visit.is_post:
        if visit.is_gift and "other" not in visit.request.GET:
            return visit.redirect(visit.url("gift"))
        if visit.session is not None and "other" not in visit.request.GET:
            return visit.redirect(own_path(visit, next_url) if next_url else visit.url("orders"))
        form = StartForm(initial={"order_number": visit.request.GET.get("order", "")[:30]})
        return visit.render("start.html", form=form)
    form = StartForm(visit.request.POST)
    if not form.is_valid():
        return visit.render("start.html", form=form, status=422)
    try:
        challenge = access.request_guest_access(
            visit.shop,
            order_number=form.cleaned_data["order_number"],
            email=form.cleaned_data["email"],
            language=get_language() or "en",
            ip=client_ip(visit.request),
            at=visit.at,
        )
    except InvalidInput as error:
        form.blame(error, {"orderNumber": "order_number"})
        return visit.render("start.html", form=form, status=422)
    query = {"c": challenge} | ({"next": next_url} if next_url else {})
    return visit.redirect(f"{visit.url('code')}?{urlencode(query)}")


@page("GET", "POST")
def code(visit: Visit) -> HttpResponse:
    """Ask for the code; the right one opens a session for that order."""
    challenge = visit.request.GET.get("c", "")
    if not challenge or len(challenge) > 100:
        return visit.redirect(visit.url("start"))
    if not visit.is_post:
        return visit.render("code.html", form=CodeForm())
    form = CodeForm(visit.request.POST)
    if not form.is_valid():
        return visit.render("code.html", form=form, status=422)
    try:
        token, session = access.confirm_guest_access(
            visit.shop,
            challenge=challenge,
            code=form.cleaned_data["code"],
            ip=client_ip(visit.request),
            at=visit.at,
        )
    except InvalidInput as error:
        form.add_error("code", error.message)
        return visit.render("code.html", form=form, status=422)
    next_url = visit.request.GET.get("next", "")
    if next_url:
        target = own_path(visit, next_url)
    elif session.order is not None:
        target = visit.url("order", number=session.order.number)
    else:
        target = visit.url("orders")
    response = visit.redirect(target)
    set_cookie(response, SESSION_COOKIE, token)
    return response

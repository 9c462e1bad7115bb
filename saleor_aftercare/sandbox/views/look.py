"""Whose eyes a page is made for: language, theme, and who is signed in where. All of it in plain cookies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from saleor_aftercare.sandbox.current import current
from saleor_aftercare.sandbox.records import User
from saleor_aftercare.sandbox.template_tags import translate

CUSTOMER, STAFF = "practice_customer", "practice_staff"
LANGUAGE, THEME = "practice_language", "practice_theme"
#: Values that a page may set, by cookie.
CHOICES = {LANGUAGE: ("en", "ja"), THEME: ("light", "dark")}


def language_of(request: HttpRequest) -> str:
    """The chosen language, or the browser's when it is Japanese, or English."""
    chosen = request.COOKIES.get(LANGUAGE, "")
    if chosen in CHOICES[LANGUAGE]:
        return chosen
    return "ja" if request.headers.get("Accept-Language", "").lower().startswith("ja") else "en"


def theme_of(request: HttpRequest) -> str:
    """The Dashboard's theme."""
    return "dark" if request.COOKIES.get(THEME) == "dark" else "light"


def signed_in(request: HttpRequest, cookie: str) -> User | None:
    """The person of a cookie: a customer for CUSTOMER, staff for STAFF."""
    user = current().shop.user(request.COOKIES.get(cookie) or "-")
    return user if user is not None and user.is_staff == (cookie == STAFF) else None


def show(request: HttpRequest, template: str, *, status: int = 200, **values: Any) -> HttpResponse:
    """A page with what every page knows."""
    practice = current()
    context = {
        "language": language_of(request),
        "theme": theme_of(request),
        "practice": practice,
        "shop": practice.shop,
        "now": practice.shop.now(),
        "customer": signed_in(request, CUSTOMER),
        "staff": signed_in(request, STAFF),
        "notice": request.GET.get("notice", "")[:200],
        "problem": request.GET.get("problem", "")[:200],
    }
    response = render(request, f"sandbox/{template}", context | values, status=status)
    response["Cache-Control"] = "no-store"
    return response


def words(request: HttpRequest, text: str, **values: Any) -> str:
    """A text of words.py in the language of the page."""
    return translate(text, language_of(request), **values)


def back(request: HttpRequest, default: str) -> str:
    """Where a form said to go next, if that is here."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if safe and target.startswith("/") else default


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember a language or theme."""
    response: HttpResponse = HttpResponseRedirect(back(request, "/"))
    for cookie, choices in CHOICES.items():
        value = request.POST.get(cookie)
        if value in choices:
            response.set_cookie(cookie, value, samesite="Lax")
    return response

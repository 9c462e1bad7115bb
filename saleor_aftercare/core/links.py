"""Absolute addresses of our own pages, for mails and for staff; the portal serves them (a test holds them together)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.conf import settings

from . import tokens
from .models import Shop

#: How long a link to a paper prints it.
PAPER_LIFETIME: Final = timedelta(minutes=15)


def absolute(path: str, **query: str) -> str:
    """An address on our own origin."""
    tail = f"?{urlencode(query)}" if query else ""
    return f"{settings.PUBLIC_URL}{path}{tail}"


def portal_home(shop: Shop) -> str:
    """Where a guest starts."""
    return absolute(f"/portal/{shop.handle}/")


def policy(shop: Shop, *, anchor: str = "") -> str:
    """The shop's return policy in plain words, for everybody; ``anchor`` is one of its sections."""
    return absolute(f"/portal/{shop.handle}/policy/") + (f"#{anchor}" if anchor else "")


def order(shop: Shop, number: str) -> str:
    """An order's page, for whoever has a session that covers it."""
    return absolute(f"/portal/{shop.handle}/orders/{quote(number, safe='')}/")


def gift(shop: Shop, token: str) -> str:
    """Where the recipient of a gift asks for another size, or for store credit."""
    return absolute(f"/portal/{shop.handle}/gift/{token}/")


def return_status(shop: Shop, number: str, token: str) -> str:
    """A return's page; the token opens it for reading without a session."""
    return absolute(f"/portal/{shop.handle}/returns/{number}/", t=token)


def repair_status(shop: Shop, number: str, token: str) -> str:
    """A repair request's page."""
    return absolute(f"/portal/{shop.handle}/repairs/{number}/", t=token)


def spare_part_status(shop: Shop, number: str, token: str) -> str:
    """A spare-part request's page."""
    return absolute(f"/portal/{shop.handle}/parts/{number}/", t=token)


def followup_answer(shop: Shop, token: str, answer: str) -> str:
    """Where a button of the arrival check leads: the answer is chosen there and counts when sent (POST)."""
    return absolute(f"/portal/{shop.handle}/arrival/{token}/", answer=answer)


def survey_answer(shop: Shop, token: str, score: int) -> str:
    """Where an answer to "how was it?" leads: it is chosen there and counts when sent (POST)."""
    return absolute(f"/portal/{shop.handle}/survey/{token}/", score=str(score))


def unsubscribe(shop: Shop, token: str) -> str:
    """Where letters nobody asked for are stopped: GET asks, POST does it (RFC 8058: without cookies)."""
    return absolute(f"/portal/{shop.handle}/unsubscribe/{token}/")


def withdraw(shop: Shop, *, order: str = "", language: str = "") -> str:
    """The statutory withdrawal function (CRD art. 11a): for a storefront's footer, for guests too."""
    query = {"order": order, "lang": language}
    return absolute(f"/portal/{shop.handle}/withdraw/", **{name: value for name, value in query.items() if value})


def withdrawal_status(shop: Shop, number: str, token: str, *, language: str) -> str:
    """A declared withdrawal's page; the token opens it for reading without a session."""
    return absolute(f"/portal/{shop.handle}/withdrawals/{number}/", t=token, lang=language)


def paper(shop: Shop, kind: str, value: Any) -> str:
    """Where a paper of ``kind`` can be opened and printed for 15 minutes; ``value`` says which (JSON)."""
    return absolute(f"/papers/{kind}/{tokens.sign(f'paper.{kind}', [shop.handle, value])}/")


def handled_contacts(shop: Shop, month: str, *, language: str) -> str:
    """Where the handled contacts of a month (ISO 8601, its first day) can be fetched as CSV for 15 minutes."""
    return absolute(f"/exports/handled-contacts/{tokens.sign('export.handled', [shop.handle, month, language])}/")


def canned_replies(shop: Shop, member: int) -> str:
    """Where the canned replies that a member of staff (a key) may use can be fetched as CSV for 15 minutes."""
    return absolute(f"/exports/canned-replies/{tokens.sign('export.canned', [shop.handle, member])}/")

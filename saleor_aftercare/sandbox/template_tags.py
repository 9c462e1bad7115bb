"""What the practice shop's templates need: texts in two languages, money and dates, ids and pictures."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency
from django.template import Context, Library

from .current import current
from .records import Order, OrderLine, User
from .store import total_of
from .words import JAPANESE

register = Library()


def _language(context: Context) -> str:
    return str(context.get("language") or "en")


def translate(text: str, language: str, **values: Any) -> str:
    """``text`` in the language of the page; ``{name}`` takes a value."""
    found = JAPANESE[text] if language == "ja" else text
    return found.format(**values) if values else found


@register.simple_tag(takes_context=True)
def say(context: Context, text: str, **values: Any) -> str:
    """``{% say "Hello {name}" name=… %}``: every text must stand in words.py."""
    return translate(text, _language(context), **values)


@register.simple_tag(takes_context=True)
def money(context: Context, amount: Decimal, currency: str) -> str:
    """An amount as people of the page's language write it."""
    return str(format_currency(amount, currency, locale=_language(context)))


@register.simple_tag(takes_context=True)
def total(context: Context, order: Order) -> str:
    """What an order costs."""
    return money(context, total_of(order), current().shop.currency(order))


@register.simple_tag(takes_context=True)
def day(context: Context, moment: datetime) -> str:
    """A date in words."""
    return str(format_date(moment, "long", locale=_language(context)))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime) -> str:
    """Date and time (UTC)."""
    return str(format_datetime(value, "medium", locale=_language(context)))


@register.simple_tag(takes_context=True)
def ago(context: Context, value: datetime) -> str:
    """How long ago by the practice clock."""
    past = value - current().shop.now()
    return str(format_timedelta(past, add_direction=True, locale=_language(context)))


@register.filter
def person(user: User | None) -> str:
    """A person's name in the order of their language."""
    return user.full_name if user is not None else ""


@register.filter
def initials(user: User | None) -> str:
    """What stands in a round picture."""
    if user is None:
        return "?"
    if user.language_code == "JA":
        return user.last_name[:1]
    return f"{user.first_name[:1]}{user.last_name[:1]}"


@register.filter
def path_id(value: str) -> str:
    """A global id inside a path."""
    return quote(value, safe="")


@register.filter
def picture(line: OrderLine) -> str:
    """The drawing of what was ordered."""
    shop = current().shop
    variant = shop.variant(line.variant)
    product = shop.product(variant.product) if variant else None
    return f"/pictures/{product.slug}.png?size=160" if product else ""


@register.simple_tag(takes_context=True)
def line_name(context: Context, line: OrderLine) -> str:
    """Product and variant in the page's language."""
    shop = current().shop
    variant = shop.variant(line.variant)
    product = shop.product(variant.product) if variant else None
    if variant is None or product is None or context.get("language") != "ja":
        return f"{line.product_name} · {line.variant_name}"
    return f"{product.name_ja} · {variant.name_ja}"


@register.filter
def customer_of(order: Order) -> str:
    """Who ordered."""
    user = current().shop.user(order.user) if order.user else None
    if user is not None:
        return person(user)
    address = order.billing_address
    return f"{address.first_name} {address.last_name}" if address else order.user_email

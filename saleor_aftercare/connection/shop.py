"""Finding tenants and reading and saving what merchants decide about theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.core import tokens
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.statements import TEXT, Statement

from .models import ShopSettings

#: Few of the requests that name a shop go on to call its Saleor: the token stays encrypted until one does.
_CONNECTED = Statement(
    lambda api_url: Shop.objects.filter(saleor_api_url=api_url, disconnected_at=None).defer("app_token"), TEXT
)


def shop_by_api_url(api_url: str) -> Shop:
    """The connected shop of a Saleor API URL; raises NotFound."""
    for shop in _CONNECTED.objects(Shop, api_url):
        return shop
    raise NotFound("No such shop.")


def installed_shop(api_url: str) -> Shop:
    """The shop of a Saleor API URL that has the app, be it deactivated at the moment; raises NotFound."""
    shop = Shop.objects.exclude(app_token="").filter(saleor_api_url=api_url).first()
    if shop is None:
        raise NotFound("No such shop.")
    return shop


def shop_by_handle(handle: str) -> Shop:
    """The shop of a portal address, connected or not (open cases outlive an installation); raises NotFound."""
    shop = Shop.objects.select_related("settings").filter(handle=handle).first()
    if shop is None:
        raise NotFound("No such shop.")
    return shop


def only_handle() -> str | None:
    """The handle of the one connected shop; None when there are several, or none."""
    handles = list(Shop.objects.filter(disconnected_at=None).values_list("handle", flat=True)[:2])
    return handles[0] if len(handles) == 1 else None


def settings_of(shop: Shop) -> ShopSettings:
    """The shop's settings; the row is made at installation."""
    return ShopSettings.objects.get(shop=shop)


@contextmanager
def speaking_to_staff(shop: Shop) -> Iterator[None]:
    """Sentences inside are in the shop's language: what a job writes down is read by staff whom it does not know."""
    with translation.override(supported_language(settings_of(shop).default_language)):
        yield


def free_handle(api_url: str) -> str:
    """A handle for a new shop, from its host name, that no other shop has.

    >>> re.sub(r"[^a-z0-9]+", "-", "demo.saleor.cloud")
    'demo-saleor-cloud'
    """
    host = urlsplit(api_url).hostname or "shop"
    base = re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:50] or "shop"
    taken = set(Shop.objects.filter(handle__startswith=base).values_list("handle", flat=True))
    n, handle = 1, base
    while handle in taken:
        n += 1
        handle = f"{base}-{n}"
    return handle


@transaction.atomic
def update_settings(shop: Shop, *, version: int, changes: dict[str, Any], at: datetime) -> ShopSettings:
    """Save some of the settings; ``version`` is the one that the editor had read.

    Raises:
        InvalidInput: names the field, in the spelling of the column.
        Conflict: somebody else saved meanwhile.
    """
    settings = ShopSettings.objects.select_for_update().get(shop=shop)
    if settings.version != version:
        raise Conflict(_("Somebody else has saved these settings meanwhile; reload and try again."), "version")
    for name, value in changes.items():
        setattr(settings, name, _checked(name, value))
    settings.version += 1
    settings.save()
    return settings


def _checked(name: str, value: Any) -> Any:
    check = _CHECKS[name]
    try:
        return check(value)
    except InvalidInput as error:
        raise InvalidInput(error.message, f"{name}.{error.field}" if error.field else name) from None


def _text(limit: int) -> Any:
    def check(value: Any) -> str:
        text = " ".join(str(value).split())
        if len(text) > limit:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": limit})
        return text

    return check


def _email(value: Any) -> str:
    text = str(value).strip()
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise InvalidInput(_("Not an e-mail address.")) from None
    return text


def _url(value: Any) -> str:
    text = str(value).strip()
    parts = urlsplit(text)
    if text and (parts.scheme not in {"https", "http"} or not parts.hostname or len(text) > 500):
        raise InvalidInput(_("Not a web address."))
    return text


def _payment_link(value: Any) -> str:
    """The address of a page where an order is paid; it has to say which order."""
    text = _url(value)
    if text and "{order_id}" not in text and "{order_number}" not in text:
        raise InvalidInput(_("The address must contain {order_id} or {order_number}."))
    return str(text)


def _origin(value: Any) -> str:
    text = str(value).strip().rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}":
        raise InvalidInput(_("Not an origin such as https://shop.example."))
    return text


def _origins(value: Any) -> list[str]:
    origins = list(dict.fromkeys(_origin(one) for one in value))
    if len(origins) > 50:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": 50})
    return origins


def _number(low: int, high: int) -> Any:
    def check(value: Any) -> int:
        if not isinstance(value, int) or not low <= value <= high:
            raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": low, "high": high})
        return value

    return check


def _zone(value: Any) -> str:
    if value not in available_timezones():
        raise InvalidInput(_("Not a time zone."))
    return str(value)


def _language(value: Any) -> str:
    if value not in {"en", "ja"}:
        raise InvalidInput(_("Not a language of this app."))
    return str(value)


def _address(value: Any) -> dict[str, str]:
    return dict(PostalAddress.from_json(value).to_json())


def _by_language(check: Any) -> Any:
    """A JSON object with a value for some of our languages; an empty value takes the language out."""

    def checked(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise InvalidInput(_("Not a text by language."))
        found = {}
        for language, one in value.items():
            _language(language)
            try:
                kept = check(one)
            except InvalidInput as error:
                raise InvalidInput(error.message, ".".join(filter(None, (language, error.field)))) from None
            if kept:
                found[language] = kept
        return found

    return checked


def _words(limit: int) -> Any:
    """Text of several lines."""

    def check(value: Any) -> str:
        text = "\n".join(line.rstrip() for line in str(value).replace("\r\n", "\n").split("\n")).strip()
        if len(text) > limit or "\x00" in text:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": limit})
        return text

    return check


_LETTER: dict[str, Any] = {"subject": _text(160), "body": _words(6000), "signature": _words(300)}


def _letter(value: Any) -> dict[str, str]:
    """Subject, body and signature; nothing when all three are empty."""
    if not isinstance(value, Mapping) or set(value) - set(_LETTER):
        raise InvalidInput(_("Not a letter."))
    letter = {}
    for name, check in _LETTER.items():
        try:
            letter[name] = check(value.get(name, ""))
        except InvalidInput as error:
            raise InvalidInput(error.message, name) from None
    return letter if any(letter.values()) else {}


_CHECKS: dict[str, Any] = {
    "sender_name": _text(100),
    "sender_email": _email,
    "reply_to_email": _email,
    "dashboard_url": _url,
    "default_language": _language,
    "time_zone": _zone,
    "return_address": _address,
    "estimated_delivery_days": _number(0, 60),
    "arrival_check_enabled": bool,
    "arrival_check_days": _number(0, 60),
    "answer_within_hours": _number(1, 240),
    "reopen_days": _number(0, 365),
    "raw_mail_days": _number(0, 3650),
    "allowed_origins": _origins,
    "store_credit_enabled": bool,
    "store_credit_valid_days": _number(0, 3650),
    "store_credit_assigned": bool,
    "payment_link": _payment_link,
    "charge_sku": _text(255),
    "apology_letters": _by_language(_letter),
    "return_instructions": _by_language(_words(1000)),
}


def new_settings(shop: Shop, *, dashboard_url: str, company_address: Mapping[str, Any] | None) -> ShopSettings:
    """The first settings of a new shop; parcels come back to the company's address until a merchant says otherwise."""
    try:
        address = PostalAddress.from_saleor(company_address or {}).to_json()
    except InvalidInput:
        address = {}
    settings, _created = ShopSettings.objects.get_or_create(
        shop=shop,
        defaults={
            "dashboard_url": dashboard_url,
            "return_address": address,
            "carrier_secret": tokens.random_token("acc_"),
        },
    )
    return settings


def return_address_of(shop: Shop, settings: ShopSettings | None = None) -> PostalAddress:
    """Where parcels come back to; raises Refused, for staff to read, while it is not complete."""
    try:
        address = PostalAddress.from_json((settings or settings_of(shop)).return_address)
    except InvalidInput:
        address = None
    if address is None or address.missing():
        raise Refused(_("Please enter your return address in the settings first."), "returnAddress")
    return address

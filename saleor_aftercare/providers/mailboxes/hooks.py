"""What mail services tell us: mails that came, and what became of letters. Their signatures are anymail's to check."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from email.message import Message
from importlib import import_module
from typing import Any, Final

import requests
from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable, Unauthenticated
from saleor_aftercare.core.signatures import TOLERANCE
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.deliveries import Delivery
from saleor_aftercare.providers.senders.mail_services import MailService

from .base import Told

#: How a delivery that is not what the service's papers say fails inside anymail, which trusts them.
_UNREADABLE: Final = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError),
    *(AnymailError, ImproperlyConfigured),
)
#: Services that sign everything: without the key nothing of theirs is believed.
_MUST_SIGN: Final = frozenset({"mailersend", "mailgun", "mandrill", "postal"})
#: Services that are asked for the rest of a mail, and where.
_ASKED_BACK: Final = {
    "brevo": "https://api.brevo.com/v3/",
    "mailtrap": "https://mailtrap.io/api/",
    "resend": "https://api.resend.com/",
}


def heard(service: MailService, values: Mapping[str, str], delivery: Delivery, *, url: str) -> list[bytes]:
    """The raw mails of a delivery to the inbound door; each the same bytes whenever it is delivered again.

    Raises:
        Unauthenticated: its signature is wrong.
        CredentialsRejected: the account lacks what is needed to believe it; names the field.
        ProviderUnavailable: the service has to be asked for the rest and does not answer.
        ProviderError: nobody can read it.
    """
    view = _view(service, service.inbound, values, url=url, door="inbound")
    events = _events(service, view, values, delivery, secret=values.get("inbound_secret", ""))
    return [raw for event in events if (raw := _raw(service.slug, delivery, event))]


def told(service: MailService, values: Mapping[str, str], delivery: Delivery, *, url: str) -> list[Told]:
    """What a delivery to the tracking door says of our letters; raises as :func:`heard` does."""
    view = _view(service, service.tracking, values, url=url, door="tracking")
    events = _events(service, view, values, delivery, secret=values.get("signing_secret", ""))
    return [one for event in events if (one := _told(event)) is not None]


# -- anymail's views -------------------------------------------------------------------------------------------------


def _view(service: MailService, path: str, values: Mapping[str, str], *, url: str, door: str) -> Any:
    """The view with one shop's keys. Every setting is named: none may come from the deployment's own account."""
    module, _dot, name = path.partition(".")
    wanted = service.hears if door == "inbound" else service.tells
    if service.slug in _MUST_SIGN:
        for one in wanted:
            if not values.get(one.name):
                raise CredentialsRejected(_("This field is needed."), one.name)
    settings: dict[str, Any] = {one.name: values.get(one.name) or None for one in wanted}
    if service.slug == "amazon_ses":
        settings = service.settings(values)
        settings = {name: settings[name] for name in ("session_params", "client_params")}
    elif service.slug == "mailgun":
        settings["api_key"] = None
    elif service.slug == "mandrill":
        settings["webhook_url"] = url
    elif service.slug == "unisender_go":
        settings["api_key"] = values.get("api_key", "")
    elif service.slug == "resend":
        # Svix's own package is not needed for its signature, which is checked below.
        settings["inbound_secret" if door == "inbound" else "signing_secret"] = None
    if service.slug in _ASKED_BACK and door == "inbound":
        settings["api_url"] = _ASKED_BACK[service.slug]
    # The secret in the address takes the place of anymail's password: it was compared before.
    settings["webhook_secret"] = _ADDRESS
    return getattr(import_module(f"anymail.webhooks.{module}"), name)(**settings)


_ADDRESS: Final = "aftercare:address"
_AUTHORIZATION: Final = f"Basic {base64.b64encode(_ADDRESS.encode()).decode()}"


def _events(
    service: MailService, view: Any, values: Mapping[str, str], delivery: Delivery, *, secret: str
) -> list[Any]:
    if service.slug == "resend" and secret:
        _check_svix(secret, delivery)
    delivery.META["HTTP_AUTHORIZATION"] = _AUTHORIZATION
    try:
        view.run_validators(delivery)
        return list(view.parse_events(delivery))
    except AnymailWebhookValidationFailure as error:
        raise Unauthenticated(_("The signature does not fit; compare the signing key.")) from error
    except requests.RequestException as error:
        message = _("The mail service has not given us the whole mail (%(why)s).")
        raise ProviderUnavailable(message % {"why": type(error).__name__}) from error
    except _UNREADABLE as error:
        message = _("The mail service sent something that we cannot read (%(why)s).")
        raise ProviderError(message % {"why": type(error).__name__}) from error


def _check_svix(secret: str, delivery: Delivery) -> None:
    """Svix's signature, as Resend sends it: HMAC-SHA256 over id, time and body."""
    sent_at, named = delivery.headers.get("svix-timestamp", ""), delivery.headers.get("svix-signature", "")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise CredentialsRejected(_("This is no signing secret of the service."), "inbound_secret") from None
    signed = f"{delivery.headers.get('svix-id', '')}.{sent_at}.".encode() + delivery.body
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    fits = any(hmac.compare_digest(one.encode(), f"v1,{right}".encode()) for one in named.split())
    if not fits or not sent_at.isascii() or not sent_at.isdigit():
        raise Unauthenticated(_("The signature does not fit; compare the signing key."))
    if abs(clock.real_now().timestamp() - int(sent_at)) > TOLERANCE.total_seconds():
        raise Unauthenticated(_("The signature is older than five minutes."))


# -- mails ------------------------------------------------------------------------------------------------------------


def _raw(slug: str, delivery: Delivery, event: Any) -> bytes:
    """The mail byte for byte where the service gives it, else as anymail puts it together from its parts."""
    given: object = None
    match slug:
        case "mailgun":
            return delivery.fields.get("body-mime") or _put_together(event.message)
        case "sendgrid":
            return delivery.fields.get("email") or _put_together(event.message)
        case "postmark":
            given = event.esp_event.get("RawEmail")
        case "mandrill":
            given = event.esp_event["msg"].get("raw_msg")
        case "mailersend":
            given = event.esp_event["data"].get("raw")
        case _:
            given = None
    return given.encode("utf-8", "surrogatepass") if isinstance(given, str) else _put_together(event.message)


def _put_together(message: Message | None) -> bytes:
    """The message as bytes. Boundaries are drawn from what they part, not by chance: a delivery that comes again is
    then known for the same.
    """
    if message is None:
        return b""
    for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
        seed = f"{message.get('Message-ID', '')}|{message.get('Date', '')}|{message.get('From', '')}|{number}"
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{hashlib.sha256(seed.encode('utf-8', 'replace')).hexdigest()[:32]}")
    return message.as_bytes()


# -- letters ----------------------------------------------------------------------------------------------------------

_CODE: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_PERMANENT: Final = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})


def _told(event: Any) -> Told | None:
    """Only what somebody must know of: opened and clicked letters are the customer's own business."""
    reference = str(event.message_id or "").strip()
    if not reference:
        return None
    kind = event.event_type
    if kind == EventType.COMPLAINED:
        return Told(reference=reference, recipient=str(event.recipient or ""), event="complained")
    if kind not in {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}:
        return None
    words = f"{event.mta_response or ''} {event.description or ''}"
    code = found[1] if (found := _CODE.search(words)) else ""
    permanent = kind == EventType.BOUNCED and event.reject_reason in _PERMANENT and not code.startswith("4")
    return Told(
        reference=reference, recipient=str(event.recipient or ""), event="bounced", permanent=permanent, said=code
    )

"""Return labels of carriers with an API, through karrio (extra ``[carriers]``).

karrio cannot look a shipment up by our reference, and no carrier here promises to sell one reference only once. So
after a lost answer nothing is bought again by itself: the parcel waits for a person (``Capabilities``).
"""

from __future__ import annotations

import base64
import binascii
import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core import clock
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.money import quantum
from saleor_aftercare.providers.credentials import Credentials, CredentialsRejected
from saleor_aftercare.providers.documents import as_pdf
from saleor_aftercare.providers.labels.base import (
    Awaited,
    Box,
    Capabilities,
    Commodity,
    Cost,
    Duties,
    Label,
    LabelRequest,
    MaybeBought,
    News,
    TrackingNews,
    Unsupported,
)

from . import sdk as karrio_sdk
from .table import Carrier, credentials_of

_NEWS: Final = {
    "picked_up": News.HANDED_OVER,
    "in_transit": News.IN_TRANSIT,
    "ready_for_pickup": News.IN_TRANSIT,
    "delivery_delayed": News.IN_TRANSIT,
    "out_for_delivery": News.OUT_FOR_DELIVERY,
    "delivered": News.DELIVERED,
    "delivery_failed": News.FAILED_ATTEMPT,
    "return_to_sender": News.RETURNED_TO_SENDER,
}
#: DHL Express answers everything with 200 and says in words whom it does not know.
_WHO_ARE_YOU: Final = re.compile(
    r"site ?id|password|authenti|authoriz|unauthorised|credential|login failed", re.IGNORECASE
)


class KarrioLabels(Unsupported):
    """One carrier, with one shop's contract."""

    carrier: ClassVar[Carrier]

    def __init__(self, credentials: Mapping[str, str]) -> None:
        values = Credentials(values=credentials).check(credentials_of(self.carrier))
        if not karrio_sdk.installed(self.carrier.slug):
            raise ProviderError("This server lacks karrio: pip install 'saleor-aftercare[carriers]'")
        weight = values.get("default_weight_g", "")
        if weight and not re.fullmatch(r"[1-9][0-9]{0,5}", weight):
            raise CredentialsRejected(_("This must be a whole number of grams."), "default_weight_g")
        #: What the shop says of parcels with this carrier; the shop's usual weight where it says nothing.
        self._weight_g = int(weight or 0)
        self._service = values.get("service") or self.carrier.service
        self._duties = Duties(values.get("duties") or Duties.SHOP_ON_ARRIVAL)
        self._account = values.get("account_number", "")
        self._options = {
            **self.carrier.options,
            **{theirs: values[ours] for ours, theirs in self.carrier.credential_options.items() if values.get(ours)},
        }
        self._settings: dict[str, Any] = {name: values[name] for name in self.carrier.settings if values.get(name)}
        self._settings["test_mode"] = values.get("mode") == "test"

    @property
    def capabilities(self) -> Capabilities:
        """The carrier's, as far as the credentials go."""
        can = self.carrier.capabilities
        complete = all(self._settings.get(name) for name in self.carrier.tracks_with)
        return can if complete else replace(can, tracks=False)

    def verify(self) -> None:
        """Track a number that is nobody's: the carrier answers that, or that it does not know us.

        Without credentials for tracking a token must do.
        """
        if self.capabilities.tracks:
            self._track([self.carrier.sample_number])
        else:
            self._talk(lambda gateway: (gateway.proxy.authenticate(_Context()).deserialize(), ()))

    def buy(self, request: LabelRequest) -> Label | Awaited:
        """A return label; :class:`MaybeBought` whenever the purchase may have reached the carrier."""
        self._check(request)
        payload = self._payload(request)

        def talk(gateway: Any) -> Any:
            # karrio's own Shipment.create would refuse a customer in another country than the account's.
            asked = gateway.mapper.create_return_shipment_request(_model("ShipmentRequest", payload))
            answered = gateway.proxy.create_return_shipment(asked)
            return gateway.mapper.parse_return_shipment_response(answered)

        return self._label(self._talk(talk, buying=True))

    def void(self, provider_reference: str) -> None:
        """Cancel the shipment."""
        if not self.capabilities.voids:
            raise ProviderError(_("%(carrier)s takes no return labels back.") % {"carrier": self.carrier.name})

        def talk(gateway: Any) -> Any:
            wanted = _model("ShipmentCancelRequest", {"shipment_identifier": provider_reference})
            return gateway.mapper.parse_cancel_shipment_response(
                gateway.proxy.cancel_shipment(gateway.mapper.create_cancel_shipment_request(wanted))
            )

        confirmed = self._talk(talk)
        if not getattr(confirmed, "success", False):
            raise ProviderError(_("%(carrier)s did not take the label back.") % {"carrier": self.carrier.name})

    def track(self, tracking_numbers: Sequence[str]) -> Sequence[TrackingNews]:
        """What the carrier tells. Times that it gives without a zone are read as UTC; those in the future wait."""
        if not self.capabilities.tracks:
            message = _("%(carrier)s is not asked where parcels are: credentials for that are missing.")
            raise ProviderError(message % {"carrier": self.carrier.name})
        found = self._track(tracking_numbers)
        soon = clock.now() + timedelta(minutes=5)
        return [
            news
            for parcel in found or ()
            for event in parcel.events or ()
            if (news := _news(parcel.tracking_number, event)) is not None and news.at <= soon
        ]

    def _track(self, tracking_numbers: Sequence[str]) -> Any:
        def talk(gateway: Any) -> Any:
            wanted = _model("TrackingRequest", {"tracking_numbers": list(tracking_numbers)})
            return gateway.mapper.parse_tracking_response(
                gateway.proxy.get_tracking(gateway.mapper.create_tracking_request(wanted))
            )

        return self._talk(talk, empty_is_fine=True)

    def _talk(self, talk: Callable[[Any], Any], *, buying: bool = False, empty_is_fine: bool = False) -> Any:
        """Have a conversation; turn everything that can go wrong in it into one of our errors."""
        name = self.carrier.name
        with karrio_sdk.conversation() as (sdk, exchange):
            problem: Exception | None = None
            result, messages = None, []
            try:
                gateway = sdk.gateway[self.carrier.slug].create(dict(self._settings))
                result, messages = talk(gateway)
            except Exception as error:  # noqa: BLE001  karrio lets anything out; what left decides what it means
                problem = error
        said = _said(problem, messages or [])
        if result and not problem:
            return result
        if exchange.rejected or (_WHO_ARE_YOU.search(said) and not buying):
            raise CredentialsRejected(_("%(carrier)s does not accept the credentials.") % {"carrier": name})
        if exchange.busy:
            raise ProviderUnavailable(_("%(carrier)s is busy.") % {"carrier": name})
        if exchange.broken or isinstance(exchange.failure, Exception):
            if buying and exchange.left:
                raise MaybeBought(_("%(carrier)s did not answer.") % {"carrier": name})
            raise ProviderUnavailable(_("%(carrier)s cannot be reached.") % {"carrier": name})
        if problem is not None and buying and exchange.left:
            raise MaybeBought(_("%(carrier)s gave an answer that cannot be read.") % {"carrier": name})
        if empty_is_fine and problem is None:
            return result
        if said:
            raise ProviderError(_("%(carrier)s refused: %(reason)s") % {"carrier": name, "reason": said})
        raise ProviderError(_("%(carrier)s gave no label and no reason.") % {"carrier": name})

    def _check(self, request: LabelRequest) -> None:
        home, countries = self.carrier.home, {request.sender.country, request.recipient.country}
        if home and countries != {home}:
            where = {"carrier": self.carrier.name, "country": home}
            raise ProviderError(_("%(carrier)s takes returns inside %(country)s only.") % where)
        if request.crosses_border and not self.capabilities.customs:
            message = _("%(carrier)s takes no returns across a customs border here.")
            raise ProviderError(message % {"carrier": self.carrier.name})
        if request.crosses_border and not request.commodities:
            raise ProviderError(_("A parcel that crosses a customs border needs to say what is in it."))

    def _payload(self, request: LabelRequest) -> dict[str, Any]:
        weight_kg = (request.weight_g or self._weight_g or request.usual_weight_g) / 1000
        payload: dict[str, Any] = {
            "service": self._service,
            "shipper": _party(request.sender, email=request.sender_email),
            "recipient": _party(request.recipient),
            "return_address": _party(request.recipient),
            "parcels": [{"weight": weight_kg, "weight_unit": "KG", **_sides(request.box)}],
            "payment": {
                "paid_by": self.carrier.paid_by,
                **({"account_number": self._account} if self._account else {}),
            },
            "reference": request.return_number,
            "label_type": self.carrier.label_type,
            "is_return": True,
            "options": dict(self._options),
        }
        if request.crosses_border:
            payload["customs"] = self._customs(request)
            payload["options"]["declared_value"] = float(_value(request.commodities))
            payload["options"]["currency"] = request.commodities[0].currency
        return payload

    def _customs(self, request: LabelRequest) -> dict[str, Any]:
        """The declaration of returned goods: what, how much of it, from where, worth what, and who pays duties."""
        prepaid = self._duties == Duties.SENDER
        return {
            "content_type": "RETURN_MERCHANDISE",
            "content_description": "Returned goods",
            "incoterm": "DDP" if prepaid else "DDU",
            "invoice": request.return_number,
            "invoice_date": clock.now().date().isoformat(),
            "certify": True,
            "signer": request.sender.name or request.sender.company,
            "commercial_invoice": True,
            "duty": {
                "paid_by": "sender" if prepaid else "recipient",
                "currency": request.commodities[0].currency,
                "declared_value": float(_value(request.commodities)),
                **({"account_number": self._account} if self._account and prepaid else {}),
            },
            "commodities": [self._commodity(one, request.usual_weight_g) for one in request.commodities],
        }

    def _commodity(self, one: Commodity, usual_weight_g: int) -> dict[str, Any]:
        known = {"hs_code": one.hs_code, "origin_country": one.origin_country, "sku": one.sku}
        return {
            "title": one.name[:35],
            "description": one.name[:100],
            "quantity": one.quantity,
            "value_amount": float(one.value),
            "value_currency": one.currency,
            "weight": (one.weight_g or self._weight_g or usual_weight_g) / 1000,
            "weight_unit": "KG",
            **{key: value for key, value in known.items() if value},
        }

    def _label(self, details: Any) -> Label:
        """What was bought, as ours. A label that we cannot read was bought all the same."""
        docs = details.docs
        try:
            encoded = getattr(docs, "pdf_label", None) or docs.label
            pdf = as_pdf(base64.b64decode(encoded or "", validate=False))
            return Label(
                carrier=self.carrier.name,
                tracking_number=str(details.tracking_number or ""),
                tracking_url=str((details.meta or {}).get("carrier_tracking_link") or "")[:500],
                cost=_cost(details.selected_rate),
                pdf=pdf,
                provider_reference=str(details.shipment_identifier or ""),
                customs=_invoice(docs),
            )
        except (ProviderError, binascii.Error, AttributeError) as error:
            number = str(getattr(details, "tracking_number", "") or "")[:40]
            raise MaybeBought(f"{self.carrier.name} sold a label that cannot be read ({number})") from error


def adapter_of(carrier: Carrier) -> type[KarrioLabels]:
    """The adapter class of one carrier."""
    return type(
        f"{carrier.slug.title().replace('_', '')}Labels",
        (KarrioLabels,),
        {
            "__doc__": f"{carrier.name}, through karrio. {carrier.note}".strip(),
            "slug": carrier.slug,
            "carrier": carrier,
        },
    )


class _Context:
    """What karrio's authentication wants to know of a request that there is none of."""

    ctx: ClassVar[Mapping[str, Any]] = {}


def _model(name: str, values: Mapping[str, Any]) -> Any:
    models, lib = (importlib.import_module(module) for module in ("karrio.core.models", "karrio.lib"))
    return lib.to_object(getattr(models, name), dict(values))


def _sides(box: Box) -> dict[str, Any]:
    sides = {"length": box.length_cm, "width": box.width_cm, "height": box.height_cm}
    return {**{name: float(side) for name, side in sides.items()}, "dimension_unit": "CM"}


def _party(address: PostalAddress, *, email: str = "") -> dict[str, Any]:
    values = {
        "person_name": address.name or address.company,
        "company_name": address.company,
        "address_line1": address.street1 or address.street2,
        "address_line2": address.street2 if address.street1 else "",
        "city": address.city or address.city_area or address.country_area,
        "postal_code": address.postal_code,
        "state_code": address.country_area,
        "country_code": address.country,
        "phone_number": address.phone,
        "email": email,
    }
    return {name: value for name, value in values.items() if value}


def _value(commodities: Sequence[Commodity]) -> Decimal:
    return sum((one.value * one.quantity for one in commodities), Decimal(0))


def _cost(rate: Any) -> Cost | None:
    currency = str(getattr(rate, "currency", "") or "")
    charge = getattr(rate, "total_charge", None)
    if not charge or not re.fullmatch(r"[A-Z]{3}", currency):
        return None
    try:
        return Cost(Decimal(str(charge)).quantize(quantum(currency)), currency)
    except InvalidOperation:
        return None


def _invoice(docs: Any) -> bytes | None:
    encoded = getattr(docs, "invoice", None)
    try:
        return as_pdf(base64.b64decode(encoded)) if encoded else None
    except (ProviderError, binascii.Error):
        return None


def _news(number: str, event: Any) -> TrackingNews | None:
    at = _moment(event)
    if at is None:
        return None
    return TrackingNews(
        tracking_number=number,
        status=_NEWS.get(str(event.status or ""), News.INFO),
        at=at,
        description=" ".join(str(event.description or "").split())[:300],
        location=" ".join(str(event.location or "").split())[:200],
    )


def _moment(event: Any) -> datetime | None:
    for text, form in (
        (event.timestamp, ""),
        (f"{event.date} {event.time}", "%Y-%m-%d %H:%M %p"),
        (f"{event.date} {event.time}", "%Y-%m-%d %I:%M %p"),
        (f"{event.date} {event.time}", "%Y-%m-%d %H:%M"),
        (event.date, "%Y-%m-%d"),
    ):
        try:
            moment = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007  see below
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def _said(problem: Exception | None, messages: Sequence[Any]) -> str:
    """The carrier's own words, without what may be somebody's data: its first three messages, shortened."""
    found = list(getattr(problem, "messages", None) or messages)
    texts = [" ".join(str(getattr(one, "message", "") or "").split()) for one in found]
    codes = [str(getattr(one, "code", "") or "") for one in found]
    parts = [f"{text[:120]} ({code})" if code else text[:120] for text, code in zip(texts, codes, strict=True) if text]
    return "; ".join(parts[:3])

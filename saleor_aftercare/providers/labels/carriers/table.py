"""The carriers that we reach through karrio: what each wants to know, and what its returns can do there.

Read from karrio 2026.1.32's own mappers; ``docs/providers.md`` says what was tried how. Where karrio builds a "return"
out of an ordinary shipment from the customer to the shop, ``note`` says so: the shop's contract must allow that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_noop

from saleor_aftercare.providers.credentials import Credential
from saleor_aftercare.providers.labels.base import Capabilities

_TEST: Final = Credential(
    name="mode",
    label=gettext_noop("Mode"),
    choices=("live", "test"),
    required=False,
    help=gettext_noop("test: the carrier's sandbox"),
)
_WEIGHT: Final = Credential(
    name="default_weight_g",
    label=gettext_noop("Weight in grams where the goods' own is not known"),
    required=False,
    help=gettext_noop("The shop's usual parcel when empty"),
)
_DUTIES: Final = Credential(
    name="duties",
    label=gettext_noop("Who pays customs duties"),
    choices=("ddu", "ddp"),
    required=False,
    help=gettext_noop("ddu: on arrival"),
)


def _service(default: str) -> Credential:
    return Credential(name="service", label=gettext_noop("Service, as karrio calls it"), required=False, help=default)


def _text(name: str, label: str, *, required: bool = True) -> Credential:
    return Credential(name=name, label=label, required=required)


def _secret(name: str, label: str) -> Credential:
    return Credential(name=name, label=label, secret=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A carrier as karrio knows it.

    ``settings`` are the credentials that karrio's own settings take by the same name; ``options`` go with every
    shipment, ``credential_options`` maps credentials of ours to options of theirs. ``home``: the only country in which
    its returns work, "" for any. ``paid_by`` is karrio's word for the account that is billed.
    """

    slug: str
    name: str
    service: str
    credentials: tuple[Credential, ...]
    capabilities: Capabilities
    settings: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    credential_options: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    paid_by: str = "sender"
    label_type: str = "PDF"
    sample_number: str = "00000000000000"  #: well-formed and nobody's, to try the credentials with
    tracks_with: tuple[str, ...] = ()  #: credentials without which it sells labels and does not track
    note: str = ""


_CAN: Final = {"tracks": True, "weight_required": True}

CARRIERS: Final = (
    Carrier(
        slug="dhl_parcel_de",
        name="DHL Paket (DE)",
        service="dhl_parcel_de_paket",
        credentials=(
            _text("username", gettext_noop("User name of the business portal")),
            _secret("password", gettext_noop("Password of the business portal")),
            _text("client_id", gettext_noop("API key")),
            _secret("client_secret", gettext_noop("API secret")),
            _text("receiver_id", gettext_noop("Receiver ID of the return contract"), required=False),
        ),
        settings=("username", "password", "client_id", "client_secret"),
        credential_options={"receiver_id": "dhl_parcel_de_return_receiver_id"},
        capabilities=Capabilities(customs=True, **_CAN),
    ),
    Carrier(
        slug="dhl_express",
        name="DHL Express",
        service="dhl_express_worldwide",
        credentials=(
            _text("site_id", gettext_noop("Site ID")),
            _secret("password", gettext_noop("Password")),
            _text("account_number", gettext_noop("Import account number")),
        ),
        settings=("site_id", "password", "account_number"),
        capabilities=Capabilities(customs=True, **_CAN),
        paid_by="recipient",
        sample_number="1234567890",
        note="An ordinary shipment from the customer, billed to the shop's import account.",
    ),
    Carrier(
        slug="ups",
        name="UPS",
        service="ups_standard",
        credentials=(
            _text("client_id", gettext_noop("Client ID")),
            _secret("client_secret", gettext_noop("Client secret")),
            _text("account_number", gettext_noop("Account number")),
        ),
        settings=("client_id", "client_secret", "account_number"),
        options={"ups_return_service": "ups_print_return_label"},
        capabilities=Capabilities(voids=True, customs=True, **_CAN),
        sample_number="1Z999AA10123456784",
    ),
    Carrier(
        slug="fedex",
        name="FedEx",
        service="fedex_ground",
        credentials=(
            _text("api_key", gettext_noop("API key")),
            _secret("secret_key", gettext_noop("Secret key")),
            _text("account_number", gettext_noop("Account number")),
            _text("track_api_key", gettext_noop("API key of the tracking project"), required=False),
            Credential(
                name="track_secret_key",
                label=gettext_noop("Secret key of the tracking project"),
                secret=True,
                required=False,
            ),
        ),
        settings=("api_key", "secret_key", "account_number", "track_api_key", "track_secret_key"),
        tracks_with=("track_api_key", "track_secret_key"),
        capabilities=Capabilities(voids=True, customs=True, **_CAN),
        sample_number="123456789012",
    ),
    Carrier(
        slug="usps",
        name="USPS",
        service="usps_ground_advantage",
        credentials=(
            _text("client_id", gettext_noop("Consumer key")),
            _secret("client_secret", gettext_noop("Consumer secret")),
            _text("account_number", gettext_noop("Payment account (EPS)")),
            _text("CRID", gettext_noop("Customer registration ID")),
            _text("MID", gettext_noop("Mailer ID")),
            _text("manifest_MID", gettext_noop("Mailer ID of the manifest"), required=False),
        ),
        settings=("client_id", "client_secret", "account_number", "CRID", "MID", "manifest_MID"),
        capabilities=Capabilities(voids=True, **_CAN),
        home="US",
        sample_number="9400100000000000000000",
    ),
    Carrier(
        slug="canadapost",
        name="Canada Post",
        service="canadapost_regular_parcel",
        credentials=(
            _text("username", gettext_noop("API user name")),
            _secret("password", gettext_noop("API password")),
            _text("customer_number", gettext_noop("Customer number")),
            _text("contract_id", gettext_noop("Contract ID"), required=False),
        ),
        settings=("username", "password", "customer_number", "contract_id"),
        capabilities=Capabilities(**_CAN),
        home="CA",
        label_type="PDF_4x6",
        sample_number="0000000000000000",
    ),
    Carrier(
        slug="gls",
        name="GLS",
        service="gls_parcel",
        credentials=(
            _text("client_id", gettext_noop("Client ID")),
            _secret("client_secret", gettext_noop("Client secret")),
            _text("contact_id", gettext_noop("Contact ID")),
        ),
        settings=("client_id", "client_secret", "contact_id"),
        capabilities=Capabilities(**_CAN),
        sample_number="00000000000",
        note="An ordinary parcel from the customer to the shop on the shop's contract.",
    ),
)


def credentials_of(carrier: Carrier) -> tuple[Credential, ...]:
    """What settings ask for: the carrier's own, and what every one of them shares."""
    shared = (_service(carrier.service), _WEIGHT, _TEST)
    return (*carrier.credentials, *shared, *((_DUTIES,) if carrier.capabilities.customs else ()))

"""What Aftercare asks of whoever makes return labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final, Protocol, runtime_checkable
from urllib.parse import urlsplit

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, ProviderError

MAX_REFERENCE_LENGTH: Final = 64
LANGUAGES: Final = frozenset({"en", "ja"})


class Payer(StrEnum):
    """Who pays the carrier for bringing the parcel back."""

    CUSTOMER = "customer"  #: pays at the counter, or buys the postage
    MERCHANT = "merchant"  #: the label is paid for, or sent carriage forward (着払い)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """One parcel on its way back to a shop.

    ``reference`` is ours, unique per parcel and never used again: providers deduplicate on it.
    ``return_number`` is what people read on the sheet. ``weight_g`` is grams with packing, None where
    nobody knows. ``sender`` is the customer, ``recipient`` the shop's return address.

    Raises:
        InvalidInput: a reference or number that cannot be printed as a barcode, a weight that is not
            positive, an unknown language, or a return address that lacks something (``recipient.city``).
    """

    reference: str
    return_number: str
    sender: PostalAddress
    recipient: PostalAddress
    payer: Payer
    language: str = "en"
    weight_g: int | None = None

    def __post_init__(self) -> None:
        for field in ("reference", "return_number"):
            value = getattr(self, field)
            if not re.fullmatch(rf"[\x21-\x7e]{{1,{MAX_REFERENCE_LENGTH}}}", value):
                raise InvalidInput(
                    f"{field} must be 1 to {MAX_REFERENCE_LENGTH} visible ASCII characters without spaces", field
                )
        if self.language not in LANGUAGES:
            raise InvalidInput(f"language must be one of {', '.join(sorted(LANGUAGES))}", "language")
        if self.weight_g is not None and self.weight_g <= 0:
            raise InvalidInput("weight_g must be more than 0", "weight_g")
        if lacking := self.recipient.missing():
            raise InvalidInput(f"The return address has no {lacking[0]}", f"recipient.{lacking[0]}")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the provider charges for one label: major units, never negative, currency in ISO 4217."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0 or not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ProviderError("The label provider named a price that is not one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a provider sold us.

    ``pdf`` is the provider's own sheet, None when there is none and we print ours. ``tracking_number`` is ""
    where the parcel cannot be followed. ``expires_on`` is the last day, inclusive, on which the carrier takes
    it. ``cost`` is None where the provider names none (the customer pays, or it is billed later).

    Raises:
        ProviderError: the provider's answer is unusable: not a PDF, a link that is no web address, no carrier.
    """

    carrier: str
    tracking_number: str = ""
    tracking_url: str = ""
    cost: Cost | None = None
    pdf: bytes | None = None
    expires_on: date | None = None

    def __post_init__(self) -> None:
        if not self.carrier:
            raise ProviderError("The label provider named no carrier")
        if self.pdf is not None and not self.pdf.startswith(b"%PDF-"):
            raise ProviderError(f"{self.carrier} sent a label that is no PDF")
        if self.tracking_url:
            parts = urlsplit(self.tracking_url)
            if parts.scheme not in {"https", "http"} or not parts.hostname:
                raise ProviderError(f"{self.carrier} sent a tracking link that is no web address")


@runtime_checkable
class LabelProvider(Protocol):
    """Buys return labels for one shop, with that shop's credentials.

    Asking twice for one ``reference`` must return the same label, or be free: our job may die after the
    provider answered and before we stored it, and then runs again. An adapter whose provider cannot
    deduplicate has to look the reference up before it buys.

    An adapter turns every foreign failure into one of ours and puts neither credentials nor addresses into the
    message: ``ProviderUnavailable`` when a later try may help (no connection, timeout, 429, 5xx), ``ProviderError``
    when it may not (wrong credentials, an address that the carrier refuses). Nothing else may come out.
    """

    slug: ClassVar[str]

    def buy(self, request: LabelRequest) -> Label:
        """Buy, or find again, the label for ``request.reference``."""
        ...

"""What Aftercare asks of whoever makes return labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final, Protocol, runtime_checkable
from urllib.parse import urlsplit

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.providers.customs import crosses_border

MAX_REFERENCE_LENGTH: Final = 64
LANGUAGES: Final = frozenset({"en", "ja"})


class MaybeBought(ProviderUnavailable):
    """The purchase left, and its answer was lost: the label may exist, and may have been paid."""


class Payer(StrEnum):
    """Who pays the carrier for bringing the parcel back."""

    CUSTOMER = "customer"  #: pays at the counter, or buys the postage
    MERCHANT = "merchant"  #: the label is paid for, or sent carriage forward (着払い)


class Duties(StrEnum):
    """Who pays what customs ask when goods come home (Incoterms)."""

    SHOP_ON_ARRIVAL = "ddu"  #: unpaid by the sender; returned goods are usually relieved, the shop claims that
    SENDER = "ddp"  #: paid in advance on the account that the label is billed to


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """Units of one kind in the parcel, as customs want to know them.

    ``value`` is what the customer paid for one unit, in major units of ``currency``. ``hs_code`` and
    ``origin_country`` (ISO 3166-1 alpha-2) are "" where the shop has not noted them on the product.
    """

    name: str
    quantity: int
    value: Decimal
    currency: str
    weight_g: int | None = None
    sku: str = ""
    hs_code: str = ""
    origin_country: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """The outside of a parcel in whole centimetres; raises InvalidInput for a side that is not positive."""

    length_cm: int
    width_cm: int
    height_cm: int

    def __post_init__(self) -> None:
        if min(self.length_cm, self.width_cm, self.height_cm) <= 0:
            raise InvalidInput("Every side must be more than 0", "box")


#: What a parcel is taken for of which nobody knows anything.
SHOE_BOX: Final = Box(30, 22, 12)
USUAL_WEIGHT_G: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """One parcel on its way back to a shop.

    ``reference`` is ours, unique per parcel and never used again: providers deduplicate on it.
    ``return_number`` is what people read on the sheet. ``weight_g`` is grams with packing, None where
    nobody knows; ``usual_weight_g`` is what the shop's parcels weigh as a rule, for carriers that want a number.
    ``box`` is the parcel as measured, or as the shop's are as a rule. ``prefers_dropoff``: whoever sends it has no
    printer, and wants a code; a provider that can give both gives both. ``sender`` is the customer, ``recipient`` the
    shop's return address. ``commodities`` is what is in it; only a parcel that crosses a customs border needs them.
    ``position`` counts the parcels of one case from 1.

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
    usual_weight_g: int = USUAL_WEIGHT_G
    box: Box = SHOE_BOX
    prefers_dropoff: bool = False
    sender_email: str = ""
    order_number: str = ""
    position: int = 1
    commodities: tuple[Commodity, ...] = ()
    duties: Duties = Duties.SHOP_ON_ARRIVAL

    def __post_init__(self) -> None:
        for name in ("reference", "return_number"):
            value = getattr(self, name)
            if not re.fullmatch(rf"[\x21-\x7e]{{1,{MAX_REFERENCE_LENGTH}}}", value):
                raise InvalidInput(
                    f"{name} must be 1 to {MAX_REFERENCE_LENGTH} visible ASCII characters without spaces", name
                )
        if self.language not in LANGUAGES:
            raise InvalidInput(f"language must be one of {', '.join(sorted(LANGUAGES))}", "language")
        for name in ("weight_g", "usual_weight_g"):
            if (weight := getattr(self, name)) is not None and weight <= 0:
                raise InvalidInput(f"{name} must be more than 0", name)
        if lacking := self.recipient.missing():
            raise InvalidInput(f"The return address has no {lacking[0]}", f"recipient.{lacking[0]}")

    @property
    def crosses_border(self) -> bool:
        """Whether customs look at the parcel."""
        return crosses_border(self.sender, self.recipient)


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

    ``pdf`` is the provider's own sheet; without one we print ours, or nothing where ``dropoff_code`` takes its place:
    the content of a QR code that a counter scans. ``tracking_number`` is "" where the parcel cannot be followed.
    ``expires_on`` is the last day, inclusive, on which the carrier takes it. ``cost`` is None where the provider names
    none (the customer pays, or it is billed later). ``provider_reference`` is the provider's own id of it, to void it
    by. ``customs`` is a PDF to print and put on the parcel.

    Raises:
        ProviderError: the provider's answer is unusable: not a PDF, a link that is no web address, no carrier.
    """

    carrier: str
    tracking_number: str = ""
    tracking_url: str = ""
    cost: Cost | None = None
    pdf: bytes | None = None
    expires_on: date | None = None
    provider_reference: str = ""
    dropoff_code: str = ""
    customs: bytes | None = None

    def __post_init__(self) -> None:
        if not self.carrier or len(self.carrier) > 60:
            raise ProviderError("The label provider named no carrier, or one of more than 60 characters")
        for name, limit in (("tracking_number", 100), ("provider_reference", 200), ("dropoff_code", 300)):
            value = getattr(self, name)
            if len(value) > limit or any(ord(char) < 0x20 or ord(char) == 0x7F for char in value):
                raise ProviderError(f"{self.carrier} sent a {name} that is too long or not printable")
        for pdf in (self.pdf, self.customs):
            if pdf is not None and not pdf.startswith(b"%PDF-"):
                raise ProviderError(f"{self.carrier} sent a label that is no PDF")
        if self.tracking_url:
            parts = urlsplit(self.tracking_url)
            if parts.scheme not in {"https", "http"} or not parts.hostname or len(self.tracking_url) > 500:
                raise ProviderError(f"{self.carrier} sent a tracking link that is no web address")


class From(StrEnum):
    """Where a label that is awaited comes from."""

    STAFF = "staff"  #: somebody of the shop uploads it
    PROVIDER = "provider"  #: the provider calls back
    FILE = "file"  #: the numbers come back in a file from the carrier's program


@dataclass(frozen=True, slots=True)
class Awaited:
    """The request is taken, and there is no label yet; ``provider_reference`` as in :class:`Label`."""

    source: From
    provider_reference: str = ""


@dataclass(frozen=True, slots=True)
class Callback:
    """What a provider says later about a reference: a label, or in ``problem`` why there will be none."""

    reference: str
    label: Label | None
    problem: str


class News(StrEnum):
    """What a carrier says of a parcel, in our words."""

    INFO = "info"
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    FAILED_ATTEMPT = "failed_attempt"
    LOST = "lost"
    RETURNED_TO_SENDER = "returned_to_sender"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingNews:
    """One line of a parcel's tracking; ``at`` carries its time zone."""

    tracking_number: str
    status: News
    at: datetime
    description: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingList:
    """A file for a carrier's own program."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What a carrier's program made of one row of a shipping list."""

    reference: str
    tracking_number: str
    carrier: str
    tracking_url: str = ""
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do, beside selling a label.

    Either of the first two is what makes a lost answer harmless; a provider with neither leaves it to staff to look
    whether a label was bought.
    """

    deduplicates: bool = False  #: buying again for a reference gives the same label and costs nothing
    finds: bool = False  #: ``find`` looks a reference up
    voids: bool = False  #: an unused label can be given back
    tracks: bool = False  #: ``track`` answers; without it news come by webhook or by hand
    exports: bool = False  #: parcels go to the carrier's program by file: see :class:`ListProvider`
    uploads: bool = False  #: staff provide the label
    dropoff_codes: bool = False  #: gives a code that a counter scans beside the label to print
    customs: bool = False  #: parcels may cross a customs border, with a declaration
    several_parcels: bool = True  #: a case may have more than one
    weight_required: bool = False


@runtime_checkable
class LabelProvider(Protocol):
    """Buys return labels for one shop, with that shop's credentials.

    What a retry means. Our job may die after the provider answered and before we stored it, and runs again: it then
    calls ``find`` first where ``capabilities.finds``, calls ``buy`` at once where ``capabilities.deduplicates``, and
    does neither without a member of staff where the provider can do nothing of the kind.

    An adapter turns every foreign failure into one of ours and puts neither credentials nor addresses into the
    message. ``ProviderUnavailable``: nothing was bought and a later try may help (no connection, 429, 503 before the
    request was read). ``MaybeBought``: the answer was lost (timeout, broken connection, any other 5xx).
    ``CredentialsRejected``: the shop has to enter them anew. ``ProviderError``: a later try is useless (an address that
    the carrier refuses). Nothing else may come out. An adapter keeps no state between calls.
    """

    slug: ClassVar[str]

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do with these credentials."""
        ...

    def verify(self) -> None:
        """Ask the provider whether the credentials work, without buying anything; returns when they do."""
        ...

    def buy(self, request: LabelRequest) -> Label | Awaited:
        """Buy, or find again, the label for ``request.reference``."""
        ...

    def find(self, reference: str) -> Label | Awaited | None:
        """The label that was bought for ``reference``; None when none was. Safe at any time."""
        ...

    def void(self, provider_reference: str) -> None:
        """Give an unused label back. Voiding one that is void already succeeds."""
        ...

    def track(self, tracking_numbers: Sequence[str]) -> Sequence[TrackingNews]:
        """Everything known about these parcels, in any order, old news included; numbers not known are left out."""
        ...


@runtime_checkable
class ListProvider(LabelProvider, Protocol):
    """A carrier whose own program makes the labels from a file (``capabilities.exports``).

    Making the same file twice is free: the carrier's program deduplicates on the reference, or staff see the row.
    """

    def export(self, requests: Sequence[LabelRequest]) -> ShippingList:
        """The file for the carrier's program."""
        ...

    def read_back(self, data: bytes) -> Sequence[ReadBack]:
        """The numbers in the file that the program gives back; raises InvalidInput for a file of another kind."""
        ...


@runtime_checkable
class CallbackProvider(LabelProvider, Protocol):
    """A provider whose answer may come later, by a request to us."""

    def read_callback(self, header: str, body: bytes, *, at: datetime) -> Callback:
        """The request's meaning; raises Unauthenticated, or ProviderError for an unusable body."""
        ...


class Unsupported:
    """Base of adapters whose provider lacks most of it: what a capability does not promise raises ProviderError."""

    slug: ClassVar[str]

    def verify(self) -> None:
        """There is nothing to ask."""

    def find(self, reference: str) -> Label | Awaited | None:
        """Not offered."""
        raise ProviderError(f"{self.slug} cannot look labels up")

    def void(self, provider_reference: str) -> None:
        """Not offered."""
        raise ProviderError(f"{self.slug} takes no labels back")

    def track(self, tracking_numbers: Sequence[str]) -> Sequence[TrackingNews]:
        """Not offered."""
        raise ProviderError(f"{self.slug} does not track parcels")

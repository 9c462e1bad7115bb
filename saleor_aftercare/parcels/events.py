"""What happens to parcels. ``case`` and ``case_id`` say whose they are: "return" and its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class ParcelEvent(DomainEvent):
    """Base of what happens to a return parcel."""

    subject: ClassVar = "parcel"
    case: str
    case_id: int
    number: str  #: as printed: "RMA-1001", "RMA-1001-2" for the second parcel


@dataclass(frozen=True)
class ParcelReady(ParcelEvent):
    """The customer has what is needed to send it."""

    kind: ClassVar = "parcel.ready"


@dataclass(frozen=True)
class ParcelHandoverChosen(ParcelEvent):
    """Whoever sends it chose between the label and the code; the parcel says which."""

    kind: ClassVar = "parcel.handover_chosen"


@dataclass(frozen=True)
class ParcelFailed(ParcelEvent):
    """No label was made; staff choose another way."""

    kind: ClassVar = "parcel.failed"


@dataclass(frozen=True)
class ParcelNeedsStaff(ParcelEvent):
    """Nobody knows whether a label was bought; staff look with the provider."""

    kind: ClassVar = "parcel.needs_staff"


@dataclass(frozen=True)
class ParcelAwaitsLabel(ParcelEvent):
    """Staff are to upload the label."""

    kind: ClassVar = "parcel.awaits_label"


@dataclass(frozen=True)
class ParcelInTransit(ParcelEvent):
    """It was handed over."""

    kind: ClassVar = "parcel.in_transit"


@dataclass(frozen=True)
class ParcelArrived(ParcelEvent):
    """It is at the warehouse, unopened."""

    kind: ClassVar = "parcel.arrived"


@dataclass(frozen=True)
class ParcelLost(ParcelEvent):
    """The carrier does not have it any more."""

    kind: ClassVar = "parcel.lost"


@dataclass(frozen=True)
class ParcelReturned(ParcelEvent):
    """The carrier brought it back to the customer who sent it."""

    kind: ClassVar = "parcel.returned"


@dataclass(frozen=True)
class ParcelExpired(ParcelEvent):
    """The carrier does not take the label any more, and it was not used."""

    kind: ClassVar = "parcel.expired"


@dataclass(frozen=True)
class ParcelVoided(ParcelEvent):
    """It was given up before it was used."""

    kind: ClassVar = "parcel.voided"


@dataclass(frozen=True)
class ParcelVoidFailed(ParcelEvent):
    """The provider did not take the label back; it may be billed."""

    kind: ClassVar = "parcel.void_failed"


@dataclass(frozen=True)
class _OutboundEvent(DomainEvent):
    subject: ClassVar = "fulfillment"
    tracking_number: str


@dataclass(frozen=True)
class OutboundReturned(_OutboundEvent):
    """A carrier brings an outgoing parcel back to the shop: it could not be delivered."""

    kind: ClassVar = "fulfillment.returned_to_sender"


@dataclass(frozen=True)
class OutboundLost(_OutboundEvent):
    """A carrier says that an outgoing parcel is lost."""

    kind: ClassVar = "fulfillment.lost"


@dataclass(frozen=True)
class ProviderRejected(DomainEvent):
    """A provider does not accept the shop's credentials any more."""

    kind: ClassVar = "provider.rejected"
    subject: ClassVar = "provider_account"
    provider: str


@dataclass(frozen=True)
class ProviderVerified(DomainEvent):
    """A provider accepts the shop's credentials (again)."""

    kind: ClassVar = "provider.verified"
    subject: ClassVar = "provider_account"
    provider: str

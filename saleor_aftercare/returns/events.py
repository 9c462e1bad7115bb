"""What happens to returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _ReturnEvent(DomainEvent):
    subject: ClassVar = "return"


@dataclass(frozen=True)
class ReturnRequested(_ReturnEvent):
    """A customer, or staff for a customer, asked to send units back."""

    kind: ClassVar = "return.requested"
    by_staff: bool


@dataclass(frozen=True)
class ReturnApproved(_ReturnEvent):
    """We want the goods back, all of them or some."""

    kind: ClassVar = "return.approved"
    partial: bool = False


@dataclass(frozen=True)
class ReturnDeclined(_ReturnEvent):
    """Staff said no."""

    kind: ClassVar = "return.declined"


@dataclass(frozen=True)
class ReturnCanceled(_ReturnEvent):
    """The customer keeps the goods."""

    kind: ClassVar = "return.canceled"


@dataclass(frozen=True)
class ReturnReceived(_ReturnEvent):
    """The parcel was opened and its units counted."""

    kind: ClassVar = "return.received"
    parcel: int = 1  #: which of the return's parcels
    kept: bool = False  #: nothing arrived; the customer keeps the goods
    wrong: int = 0  #: units in whose place something else came
    rejected: int = 0
    missing: int = 0  #: units still to come
    late: str = ""  #: what had become of the return before: "expired", "canceled", "declined"


@dataclass(frozen=True)
class ReturnRecorded(_ReturnEvent):
    """Saleor shows the units as returned."""

    kind: ClassVar = "return.recorded"


@dataclass(frozen=True)
class ReturnNotRecorded(_ReturnEvent):
    """Saleor does not show the goods as returned, and will not by itself: its order is no longer what ours was."""

    kind: ClassVar = "return.not_recorded"


@dataclass(frozen=True)
class ReturnResolved(_ReturnEvent):
    """The customer has got what was due."""

    kind: ClassVar = "return.resolved"


@dataclass(frozen=True)
class ReturnQuestioned(_ReturnEvent):
    """Staff want to know more before they decide."""

    kind: ClassVar = "return.questioned"


@dataclass(frozen=True)
class ReturnAnswered(_ReturnEvent):
    """The customer answered the question."""

    kind: ClassVar = "return.answered"
    text: str
    photos: list[int]  #: StoredFile keys


@dataclass(frozen=True)
class ReturnPhotosAdded(_ReturnEvent):
    """Photos, or a few words, that came after the request."""

    kind: ClassVar = "return.photos_added"
    text: str
    photos: list[int]  #: StoredFile keys


@dataclass(frozen=True)
class ReturnExpired(_ReturnEvent):
    """No parcel came in time."""

    kind: ClassVar = "return.expired"


@dataclass(frozen=True)
class ReturnRenewed(_ReturnEvent):
    """It is open again."""

    kind: ClassVar = "return.renewed"


@dataclass(frozen=True)
class ReturnSent(_ReturnEvent):
    """The parcel was handed to a carrier."""

    kind: ClassVar = "return.sent"


@dataclass(frozen=True)
class ReturnArrived(_ReturnEvent):
    """The parcel is at the warehouse, unopened."""

    kind: ClassVar = "return.arrived"


@dataclass(frozen=True)
class ReturnCameBack(_ReturnEvent):
    """The carrier brought the goods back to the customer, and nothing else of them is on its way."""

    kind: ClassVar = "return.came_back"


@dataclass(frozen=True)
class ReturnLabelExpired(_ReturnEvent):
    """The last label that could be used cannot be any more, and nothing was sent."""

    kind: ClassVar = "return.label_expired"


@dataclass(frozen=True)
class ReturnLost(_ReturnEvent):
    """The carrier does not have the parcel any more."""

    kind: ClassVar = "return.lost"


@dataclass(frozen=True)
class ReturnKept(_ReturnEvent):
    """The customer keeps the goods, or they are lost, and is compensated all the same."""

    kind: ClassVar = "return.kept"
    lines: list[int]  #: ReturnLine keys


@dataclass(frozen=True)
class ReturnOverridden(_ReturnEvent):
    """Staff went beyond the rules."""

    kind: ClassVar = "return.overridden"
    reason: str


@dataclass(frozen=True)
class ReturnResolutionChanged(_ReturnEvent):
    """Something else is given for what comes back."""

    kind: ClassVar = "return.resolution_changed"
    line: int  #: ReturnLine key
    before: str
    after: str


@dataclass(frozen=True)
class ReturnHandedToRepair(_ReturnEvent):
    """Some of its lines are repaired instead of taken back."""

    kind: ClassVar = "return.handed_to_repair"
    lines: list[int]  #: ReturnLine keys


@dataclass(frozen=True)
class UnitsRejected(_ReturnEvent):
    """Received units are not accepted after all."""

    kind: ClassVar = "return.units_rejected"
    quantity: int


@dataclass(frozen=True)
class SendBackDecided(_ReturnEvent):
    """Rejected goods are kept for the customer until a day, and somebody pays their way back."""

    kind: ClassVar = "return.send_back_decided"
    payer: str
    stored_until: str  #: ISO date


@dataclass(frozen=True)
class SentBack(_ReturnEvent):
    """Rejected goods are on their way to the customer."""

    kind: ClassVar = "return.sent_back"


@dataclass(frozen=True)
class ReturnInspected(_ReturnEvent):
    """Units were judged, and it was decided where they go."""

    kind: ClassVar = "return.inspected"
    inspection: int
    quantity: int
    grade: str
    disposition: str


@dataclass(frozen=True)
class UnitsInRepair(_ReturnEvent):
    """Units that arrived are being repaired, for the customer or for the shop that keeps them."""

    kind: ClassVar = "return.units_in_repair"
    inspection: int
    quantity: int
    repair: str  #: its number


@dataclass(frozen=True)
class InspectionVoided(_ReturnEvent):
    """An inspection was wrong; its units wait for another."""

    kind: ClassVar = "return.inspection_voided"
    inspection: int
    quantity: int


@dataclass(frozen=True)
class UnitsRestocked(_ReturnEvent):
    """Saleor's stock has the units again."""

    kind: ClassVar = "return.units_restocked"
    inspection: int
    quantity: int
    warehouse: str  #: its name


@dataclass(frozen=True)
class RestockFailed(_ReturnEvent):
    """The units could not be booked into Saleor's stock."""

    kind: ClassVar = "return.restock_failed"
    inspection: int
    quantity: int


@dataclass(frozen=True)
class _StrayEvent(DomainEvent):
    subject: ClassVar = "stray_parcel"


@dataclass(frozen=True)
class StrayParcelFound(_StrayEvent):
    """A parcel arrived that belongs to no return that anybody could find."""

    kind: ClassVar = "stray_parcel.found"


@dataclass(frozen=True)
class StrayParcelMatched(_StrayEvent):
    """It belongs to a return."""

    kind: ClassVar = "stray_parcel.matched"
    return_id: int


@dataclass(frozen=True)
class StrayParcelClosed(_StrayEvent):
    """It was dealt with in another way."""

    kind: ClassVar = "stray_parcel.closed"


@dataclass(frozen=True)
class ReturnWithoutLabel(_ReturnEvent):
    """No label could be made for a return that stands all the same; staff read why."""

    kind: ClassVar = "return.without_label"
    reason: str

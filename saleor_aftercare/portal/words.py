"""States in a customer's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.compensation.models import RefundState, StoreCreditState
from saleor_aftercare.core.words import Words
from saleor_aftercare.parcels.models import ParcelState, TrackingStatus
from saleor_aftercare.parts.models import SparePartState
from saleor_aftercare.repairs.models import RepairState
from saleor_aftercare.replacements.models import ReplacementState
from saleor_aftercare.returns.models import ReturnState
from saleor_aftercare.withdrawals.models import WithdrawalState

__all__ = [
    "CREDIT_STATES",
    "PARCEL_STATES",
    "PART_STATES",
    "REFUND_STATES",
    "REPAIR_STATES",
    "REPLACEMENT_STATES",
    "RETURN_STATES",
    "TRACKING",
    "Label",
    "Words",
]


@dataclass(frozen=True)
class Label:
    """A word for a state, and its colour; the colour never says anything alone."""

    text: str | Promise
    tone: str  #: "ok", "wait", "info", "stop", "quiet"


RETURN_STATES: Final[dict[str, Label]] = {
    ReturnState.REQUESTED: Label(_("We are looking at it"), "wait"),
    ReturnState.APPROVED: Label(_("Approved: please send it"), "info"),
    ReturnState.MORE_INFO: Label(_("We have a question"), "wait"),
    ReturnState.EXPIRED: Label(_("Expired"), "quiet"),
    ReturnState.IN_TRANSIT: Label(_("On its way to us"), "info"),
    ReturnState.LOST: Label(_("Lost on the way"), "stop"),
    ReturnState.ARRIVED: Label(_("Arrived with us"), "info"),
    ReturnState.DECLINED: Label(_("Declined"), "stop"),
    ReturnState.RECEIVED: Label(_("Received"), "info"),
    ReturnState.RESOLVED: Label(_("Completed"), "ok"),
    ReturnState.CANCELED: Label(_("Cancelled"), "quiet"),
}
REPAIR_STATES: Final[dict[str, Label]] = {
    RepairState.REQUESTED: Label(_("We are looking at it"), "wait"),
    RepairState.ACCEPTED: Label(_("Accepted: please send it in"), "info"),
    RepairState.CHECKED_IN: Label(_("With us, being repaired"), "info"),
    RepairState.DECLINED: Label(_("Declined"), "stop"),
    RepairState.CANCELED: Label(_("Cancelled"), "quiet"),
}
PART_STATES: Final[dict[str, Label]] = {
    SparePartState.REQUESTED: Label(_("We are looking at it"), "wait"),
    SparePartState.ACCEPTED: Label(_("Accepted"), "ok"),
    SparePartState.DECLINED: Label(_("Declined"), "stop"),
    SparePartState.CANCELED: Label(_("Cancelled"), "quiet"),
}
WITHDRAWAL_STATES: Final[dict[str, Label]] = {
    WithdrawalState.UNMATCHED: Label(_("We are looking at it"), "wait"),
    WithdrawalState.OPEN: Label(_("In force"), "info"),
    WithdrawalState.SETTLED: Label(_("Completed"), "ok"),
    WithdrawalState.OUT_OF_SCOPE: Label(_("No right to withdraw"), "stop"),
}
#: The customer is told what matters to them; our own trouble with a refund is "under way" until it is solved.
REFUND_STATES: Final[dict[str, Label]] = {
    RefundState.PENDING: Label(_("Under way"), "wait"),
    RefundState.PROCESSING: Label(_("Under way"), "wait"),
    RefundState.AWAITING_PROVIDER: Label(_("Under way"), "wait"),
    RefundState.NEEDS_STAFF: Label(_("Under way"), "wait"),
    RefundState.SUCCEEDED: Label(_("Refunded"), "ok"),
    RefundState.FAILED: Label(_("Not possible this way"), "stop"),
}
CREDIT_STATES: Final[dict[str, Label]] = {
    StoreCreditState.PENDING: Label(_("Under way"), "wait"),
    StoreCreditState.ISSUING: Label(_("Under way"), "wait"),
    StoreCreditState.NEEDS_STAFF: Label(_("Under way"), "wait"),
    StoreCreditState.ISSUED: Label(_("Sent by e-mail"), "ok"),
    StoreCreditState.FAILED: Label(_("Not possible this way"), "stop"),
}
#: What the shop has to do before goods in exchange can leave is "being prepared" to the customer.
REPLACEMENT_STATES: Final[dict[str, Label]] = {
    ReplacementState.PLANNED: Label(_("Follows when your items are back"), "info"),
    ReplacementState.PENDING: Label(_("Being prepared"), "wait"),
    ReplacementState.CREATING: Label(_("Being prepared"), "wait"),
    ReplacementState.FAILED: Label(_("Being prepared"), "wait"),
    ReplacementState.NEEDS_STAFF: Label(_("Being prepared"), "wait"),
    ReplacementState.OUT_OF_STOCK: Label(_("Sold out: we write to you"), "stop"),
    ReplacementState.AWAITING_PAYMENT: Label(_("Waits for your payment"), "wait"),
    ReplacementState.PLACED: Label(_("Ordered for you"), "ok"),
    ReplacementState.SHIPPED: Label(_("On its way to you"), "ok"),
    ReplacementState.CANCELED: Label(_("Cancelled"), "quiet"),
}
PARCEL_STATES: Final[dict[str, Label]] = {
    ParcelState.WANTED: Label(_("Label is being made"), "wait"),
    ParcelState.AWAITING_NUMBER: Label(_("Label is being made"), "wait"),
    ParcelState.UNKNOWN: Label(_("Label is being made"), "wait"),
    ParcelState.FAILED: Label(_("We write to you about the label"), "wait"),
    ParcelState.READY: Label(_("Ready to be sent"), "info"),
    ParcelState.IN_TRANSIT: Label(_("On its way to us"), "info"),
    ParcelState.ARRIVED: Label(_("Arrived with us"), "ok"),
    ParcelState.LOST: Label(_("Lost on the way"), "stop"),
    ParcelState.RETURNED: Label(_("On its way back to you"), "wait"),
    ParcelState.VOID: Label(_("Cancelled"), "quiet"),
    ParcelState.EXPIRED: Label(_("Label has expired"), "quiet"),
}
TRACKING: Final[dict[str, str | Promise]] = {
    TrackingStatus.INFO: _("News of the parcel"),
    TrackingStatus.HANDED_OVER: _("Handed in"),
    TrackingStatus.IN_TRANSIT: _("On its way"),
    TrackingStatus.OUT_FOR_DELIVERY: _("Out for delivery"),
    TrackingStatus.DELIVERED: _("Delivered to us"),
    TrackingStatus.FAILED_ATTEMPT: _("Could not be delivered; the carrier tries again"),
    TrackingStatus.LOST: _("Lost on the way"),
    TrackingStatus.RETURNED_TO_SENDER: _("On its way back to you"),
}

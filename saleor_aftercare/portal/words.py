"""States in a customer's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.compensation.models import RefundState
from saleor_aftercare.core.words import Words
from saleor_aftercare.parts.models import SparePartState
from saleor_aftercare.repairs.models import RepairState
from saleor_aftercare.returns.models import ReturnState
__all__ = ["PART_STATES", "REFUND_STATES", "REPAIR_STATES", "RETURN_STATES", "Label", "Words"]


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
    ReturnState.ARRIVED: Label(_("Arrived"), "info"),
    ReturnState.DECLINED: Label(_("Declined"), "stop"),
    ReturnState.RECEIVED: Label(_("Received"), "info"),
    ReturnState.RESOLVED: Label(_("Completed"), "ok"),
    ReturnState.CANCELED: Label(_("Cancelled"), "quiet"),
}
REPAIR_STATES: Final[dict[str, Label]] = {
    RepairState.REQUESTED: Label(_("We are looking at it"), "wait"),
    RepairState.ACCEPTED: Label(_("Accepted: please send it in"), "info"),
    RepairState.DECLINED: Label(_("Declined"), "stop"),
    RepairState.CANCELED: Label(_("Cancelled"), "quiet"),
}
PART_STATES: Final[dict[str, Label]] = {
    SparePartState.REQUESTED: Label(_("We are looking at it"), "wait"),
    SparePartState.ACCEPTED: Label(_("Accepted"), "ok"),
    SparePartState.DECLINED: Label(_("Declined"), "stop"),
    SparePartState.CANCELED: Label(_("Cancelled"), "quiet"),
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

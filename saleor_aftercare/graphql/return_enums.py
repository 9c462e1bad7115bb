"""Returns: their states, where they come from, and the views of their lists, as enums."""

from __future__ import annotations

from saleor_aftercare.returns.listing import View
from saleor_aftercare.returns.models import Hitch, ReturnState

from .core.scalars import enum_from

ReturnStateEnum = enum_from(
    ReturnState,
    {
        "REQUESTED": "The customer asked; nobody has decided.",
        "MORE_INFO": "Staff asked something back; the customer's turn.",
        "EXPIRED": "No parcel came in time.",
        "IN_TRANSIT": "The parcel was handed to a carrier.",
        "LOST": "The carrier does not have the parcel any more.",
        "ARRIVED": "The parcel is at the warehouse, unopened.",
        "APPROVED": "The shop wants the goods; the label is ready or being made.",
        "DECLINED": "Staff said no, with the reason.",
        "RECEIVED": "Opened, counted and judged, or the customer keeps the goods: money can be put right.",
        "RESOLVED": "What was due is settled, handed over to a repair, or there was nothing to give.",
        "CANCELED": "The customer keeps the goods.",
    },
    "How far a return is.",
)
ReturnHitchEnum = enum_from(
    Hitch,
    {
        "CAME_BACK": "The carrier brought the parcel back to the customer.",
        "LABEL_EXPIRED": "The carrier does not take the label any more.",
    },
    "Why an approved return waits for a new label.",
    name="ReturnHitch",
)
ReturnViewEnum = enum_from(
    View,
    {
        "ALL": "Every return.",
        "TO_DECIDE": "Requested, or the question was answered: somebody has to decide.",
        "WAITING_FOR_CUSTOMER": "A question to the customer is open.",
        "WAITING_FOR_PARCEL": "Approved, on its way, or lost on it.",
        "HELD_UP": "With the customer, without a label that a carrier takes: it came back, or the label expired.",
        "TO_RECEIVE": "At the warehouse, unopened.",
        "TO_SETTLE": "Opened: the money can be put right.",
        "REFUND_OVERDUE": "The last day for the money has passed.",
        "EXPIRED": "No parcel came in time.",
        "CLOSED": "Resolved, declined or cancelled.",
    },
    "What is to be done with the returns of a list.",
    name="ReturnView",
)

"""The words of service levels."""

from __future__ import annotations

from saleor_aftercare.inbox.sla.policies import Standing, TargetKind
from saleor_aftercare.inbox.sla.targets import TargetState

from .core.scalars import enum_from

SlaTargetEnum = enum_from(
    TargetKind,
    {
        "FIRST_RESPONSE": "From the customer's first message to the first answer of a person.",
        "NEXT_RESPONSE": "From the first unanswered message after an answer to the next answer.",
        "RESOLUTION": "From the beginning until it is solved.",
    },
    "What can be promised.",
    "SlaTarget",
)
SlaTargetStateEnum = enum_from(
    TargetState,
    {
        "RUNNING": "The clock runs, and there is time left.",
        "PAUSED": "It is somebody else's turn.",
        "MET": "Done in time.",
        "BREACHED": "Late, whether done by now or not.",
        "NOT_APPLICABLE": "Nothing is promised, or nobody waits.",
    },
    "How a promise stands.",
    "SlaTargetState",
)
SlaStandingEnum = enum_from(
    Standing,
    {
        "OPEN": "The shop's turn.",
        "PENDING_CUSTOMER": "The customer's turn.",
        "PENDING_THIRD_PARTY": "Somebody else's turn.",
        "ON_HOLD": "Put off.",
        "SOLVED": "Done.",
        "CLOSED": "Done for good.",
        "SPAM": "Not a customer's message.",
        "MERGED": "Goes on in another conversation.",
    },
    "What the state of a conversation means to its clocks.",
    "SlaStanding",
)

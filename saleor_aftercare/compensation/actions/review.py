"""A settlement is as far as its parts are."""

from __future__ import annotations

from datetime import datetime

from saleor_aftercare.compensation.events import SettlementFailed, SettlementNeedsStaff, SettlementSettled
from saleor_aftercare.compensation.models import (
    Refund,
    RefundState,
    Settlement,
    SettlementState,
    StoreCredit,
    StoreCreditState,
)
from saleor_aftercare.core.events import publish

#: What a part in this state makes of its settlement; in any other it is under way.
_STATE_OF: dict[type, dict[str, SettlementState]] = {
    Refund: {
        RefundState.SUCCEEDED: SettlementState.DONE,
        RefundState.FAILED: SettlementState.FAILED,
        RefundState.NEEDS_STAFF: SettlementState.NEEDS_STAFF,
    },
    StoreCredit: {
        StoreCreditState.ISSUED: SettlementState.DONE,
        StoreCreditState.FAILED: SettlementState.FAILED,
        StoreCreditState.NEEDS_STAFF: SettlementState.NEEDS_STAFF,
    },
}
#: What the settlement is when one of its parts is; the first that applies. Work under way comes before bad news.
_WORST_FIRST = (SettlementState.RUNNING, SettlementState.NEEDS_STAFF, SettlementState.FAILED, SettlementState.DONE)
_EVENTS = {
    SettlementState.DONE: ("finish", SettlementSettled),
    SettlementState.FAILED: ("fail", SettlementFailed),
    SettlementState.NEEDS_STAFF: ("ask_staff", SettlementNeedsStaff),
}


def review(settlement_id: int | None, *, at: datetime) -> None:
    """Bring a settlement up to what its parts are, and tell. Must run in the transaction that changed a part.

    The row is locked: of two parts that end at once, the later one sees both.
    """
    if settlement_id is None:
        return
    settlement = Settlement.objects.select_for_update(of=("self",)).select_related("shop").get(pk=settlement_id)
    refunds = Refund.objects.filter(settlement=settlement, retry=None).values_list("state", flat=True)
    issued = StoreCredit.objects.filter(settlement=settlement).values_list("state", flat=True)
    states = {_STATE_OF[Refund].get(state, SettlementState.RUNNING) for state in refunds}
    states |= {_STATE_OF[StoreCredit].get(state, SettlementState.RUNNING) for state in issued}
    wanted = next((state for state in _WORST_FIRST if state in states), SettlementState.DONE)
    if settlement.state == wanted or settlement.state == SettlementState.DONE:
        return
    if wanted == SettlementState.RUNNING:
        settlement.move("resume", at=at)
        return
    if settlement.state in {SettlementState.FAILED, SettlementState.NEEDS_STAFF} and wanted != SettlementState.DONE:
        settlement.move("resume", at=at)
    action, event = _EVENTS[wanted]
    settlement.move(action, at=at, **({"finished_at": at} if wanted == SettlementState.DONE else {}))
    publish(event(settlement.pk, settlement.subject, settlement.subject_id), shop=settlement.shop, at=at)

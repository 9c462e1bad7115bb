"""Reminding staff of refunds that are due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from saleor_aftercare.core.jobs import schedule

from .models import Withdrawal
from .queries import zone_of

#: Days before the last one on which staff are reminded, and the day after it.
REMIND_BEFORE: Final = (5, 1, -1)
#: The hour of the shop's day at which somebody can do something about it.
HOUR: Final = time(8)


def plan_reminders(withdrawal: Withdrawal, *, at: datetime) -> None:
    """Schedule what is still ahead; of what has passed, the latest at once. Each looks again before it speaks."""
    due_on = withdrawal.refund_due_on
    if due_on is None:
        return
    moments = {days: _morning(withdrawal, due_on - timedelta(days=days)) for days in REMIND_BEFORE}
    passed = [days for days, moment in moments.items() if moment <= at]
    for days, moment in moments.items():
        if days not in passed[:-1]:
            schedule(
                "withdrawals.remind",
                key=f"withdrawal:{withdrawal.pk}:remind:{days}",
                shop=withdrawal.shop,
                due_at=max(moment, at),
                payload={"withdrawal": withdrawal.pk},
                again=days in passed,
            )


def _morning(withdrawal: Withdrawal, day: date) -> datetime:
    return datetime.combine(day, HOUR, tzinfo=zone_of(withdrawal.shop))

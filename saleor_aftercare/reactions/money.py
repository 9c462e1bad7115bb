"""Money: look when Saleor says that something moved."""

from __future__ import annotations

from saleor_aftercare.compensation.actions import look_again_soon
from saleor_aftercare.connection.events import (
    OrderMoneyChanged,
)
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event


@reacts_to(OrderMoneyChanged)
def look_whether_a_refund_came_through(event: Event) -> None:
    """Faster than waiting for the next look."""
    look_again_soon(event.subject_id, at=clock.now())

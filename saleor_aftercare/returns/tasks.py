"""Making labels."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job

from .labels import create_label
from .models import Return, ReturnState


@handles("returns.make_label")
def make_label(job: Job) -> None:
    """Make the label of an approved return, unless it is no longer wanted."""
    ret = Return.objects.select_related("shop", "order", "policy").get(pk=job.payload["return"])
    if ret.state == ReturnState.APPROVED:
        create_label(ret, at=clock.now())

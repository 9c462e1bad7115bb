"""Held answers leave when their time has come."""

from __future__ import annotations

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job

from .actions.replies import RELEASE, release


@handles(RELEASE)
def release_answer(job: Job) -> None:
    """Let one answer leave; see :func:`.actions.replies.release`."""
    if job.shop is None:
        raise LookupError("An answer belongs to a shop")
    with speaking_to_staff(job.shop):
        release(job.payload["message"], at=clock.now())

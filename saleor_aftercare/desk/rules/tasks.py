"""Jobs of rules: what time brings, and trials batch by batch."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job

from .engine import act_after_waiting
from .trials import look_at_some


@handles("desk.rule_waited")
def act_when_time_is_over(job: Job) -> None:
    """Let a rule act for which so many hours had to pass."""
    if job.shop is None:
        raise LookupError(f"{job} is no job of a shop")
    act_after_waiting(job.shop, rule_key=job.payload["rule"], event_pk=job.payload["event"], at=clock.now())


@handles("desk.rule_trial")
def look_at_a_batch(job: Job) -> None:
    """Try a rule on the next conversations; one that was looked at already is not looked at again."""
    look_at_some(job.payload["trial"], at=clock.now())

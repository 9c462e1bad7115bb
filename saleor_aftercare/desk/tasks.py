"""Jobs of the desk: months that close by themselves."""

from __future__ import annotations

from datetime import datetime

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job, Shop

from .handled import close_month, months_to_close
from .models import HandledContact


def close_all(*, at: datetime) -> int:
    """Every hour by beat: a job for each shop with a month whose time has come; returns how many."""
    shops = Shop.objects.filter(pk__in=HandledContact.objects.values("shop").distinct()).order_by("pk")
    due = [shop for shop in shops if months_to_close(shop, at=at)]
    for shop in due:
        schedule("handled.close", key="handled.close", shop=shop, due_at=at, again=True)
    return len(due)


@handles("handled.close")
def close_months(job: Job) -> None:
    """Close what is due; a month that somebody closes at this very moment is closed as well."""
    if job.shop is None:
        raise LookupError("Handled contacts belong to a shop")
    at = clock.now()
    for month in months_to_close(job.shop, at=at):
        try:
            close_month(job.shop, month=month, by=None, at=at, actor=SYSTEM)
        except Conflict:
            continue

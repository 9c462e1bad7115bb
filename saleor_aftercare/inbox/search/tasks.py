"""Messages that are older than the index get their entries in the background, newest first."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox.models import TicketMessage

from .entries import SAYS_SOMETHING, fill
from .models import SearchEntry

#: Messages of one job: some seconds of work.
STEP: Final = 5_000


@handles("search.fill")
def fill_index(job: Job) -> None:
    """Index the newest messages before ``payload["before"]`` that have no entry, and go on with a job of its own."""
    shop = job.shop
    if shop is None:
        return
    before = int(job.payload.get("before", 2**62))
    older = TicketMessage.objects.filter(shop=shop, pk__lt=before).order_by("-pk")
    keys = list(older.values_list("pk", flat=True)[:STEP])
    if not keys:
        return
    known = SearchEntry.objects.filter(message=OuterRef("pk"))
    last = keys[-1]
    with transaction.atomic():
        fill(older.filter(SAYS_SOMETHING, ~Exists(known), pk__in=keys))
        schedule("search.fill", key=f"search.fill:{last}", shop=shop, due_at=clock.now(), payload={"before": last})

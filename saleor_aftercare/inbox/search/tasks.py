"""Entries that are written in the background: of messages older than the index, and of what bears a renamed tag."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox.models import TicketMessage, TicketTag

from .entries import SAYS_SOMETHING, fill, refresh
from .models import SearchEntry

#: Messages of one job: some seconds of work.
STEP: Final = 5_000
#: Conversations of one job, for the same reason.
TICKETS: Final = 200


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


@handles("search.tag")
def find_by_name_of_tag(job: Job) -> None:
    """Write the entries of some conversations that bear a tag anew, and go on with a job of its own."""
    shop, tag = job.shop, job.payload["tag"]
    if shop is None:
        return
    after = int(job.payload.get("after", 0))
    bearers = TicketTag.objects.filter(ticket__shop=shop, tag=tag, ticket__gt=after).order_by("ticket")
    keys = list(bearers.values_list("ticket", flat=True)[:TICKETS])
    if not keys:
        return
    with transaction.atomic():
        refresh(keys)
        last = keys[-1]
        payload = {"tag": tag, "after": last}
        schedule(
            "search.tag", key=f"search.tag:{tag}:{last}", shop=shop, due_at=clock.now(), payload=payload, again=True
        )

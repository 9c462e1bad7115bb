"""Jobs of the deadlines: noticing what is near or missed, and working out anew what a change of promises means."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.inbox.models import ACTIVE_STATES, Ticket

from .actions import recompute_tickets
from .models import SlaClock
from .targets import TargetState

BATCH: Final = 200


def schedule_recompute(shop: Shop, *, at: datetime) -> None:
    """What is promised has changed: work out every running conversation anew, in the background."""
    schedule("sla.recompute", key="sla.recompute", shop=shop, due_at=at, payload={"after": 0}, again=True)


@handles("sla.recompute")
def recompute_running(job: Job) -> None:
    """Work out one batch of the running conversations, and leave the rest to the next job."""
    after = int(job.payload["after"])
    at = clock.now()
    shop = _shop(job)
    with transaction.atomic():
        rows = Ticket.objects.filter(shop=shop, state__in=ACTIVE_STATES, pk__gt=after)
        tickets = list(rows.select_for_update(of=("self",)).select_related("shop").order_by("pk")[:BATCH])
        recompute_tickets(tickets, shop=shop, at=at)
        if len(tickets) == BATCH:
            last = tickets[-1].pk
            run = job.payload.get("run", f"{job.pk}:{at.isoformat()}")
            schedule(
                "sla.recompute",
                key=f"sla.recompute:{run}:{last}",
                shop=shop,
                due_at=at,
                payload={"after": last, "run": run},
            )


def watch_all(*, at: datetime) -> int:
    """Every minute by beat: a job for each shop in which a deadline is near or missed; returns how many."""
    shops = set(_due(at).values_list("ticket__shop", flat=True).distinct())
    for shop in Shop.objects.filter(pk__in=shops).order_by("pk"):
        schedule("sla.watch", key="sla.watch", shop=shop, due_at=at, again=True)
    return len(shops)


@handles("sla.watch")
def notice_deadlines(job: Job) -> None:
    """Notice what is near or missed; each is told once, because its clock then says that it was noticed."""
    shop = _shop(job)
    while True:
        at = clock.now()
        with transaction.atomic():
            due = _due(at).filter(ticket__shop=shop).values_list("ticket_id", flat=True).distinct()[:BATCH]
            rows = Ticket.objects.filter(shop=shop, pk__in=list(due)).select_for_update(of=("self",))
            tickets = list(rows.select_related("shop").order_by("pk"))
            recompute_tickets(tickets, shop=shop, at=at)
        if len(tickets) < BATCH:
            return


def _due(at: datetime) -> QuerySet[SlaClock]:
    near = Q(warn_at__lte=at, warn_at__isnull=False, warned_at__isnull=True)
    return SlaClock.objects.filter(Q(due_at__lt=at) | near, state=TargetState.RUNNING.value)


def _shop(job: Job) -> Shop:
    if job.shop is None:
        raise LookupError("A job of the deadlines belongs to a shop")
    return job.shop

"""What the clock does with conversations: wake what was put off, close what is over, learn who wrote."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job

from . import actions
from .actions.people import give_persons
from .models import Ticket


@handles("inbox.wake")
def wake(job: Job) -> None:
    """A snooze is over, unless it was over before."""
    ticket = Ticket.objects.select_related("shop").get(pk=job.payload["ticket"])
    actions.wake_when_due(ticket, at=clock.now())


def close_solved() -> None:
    """Hourly by beat: one job per shop closes what was solved before its grace began."""
    now = clock.now()
    for settings in ShopSettings.objects.select_related("shop").only("shop", "reopen_days"):
        schedule("inbox.close_solved", key="inbox:close", shop=settings.shop, due_at=now, again=True)


_close_solved: Any = shared_task(name="aftercare.close_solved", ignore_result=True)(close_solved)


@handles("inbox.close_solved")
def close_solved_of_a_shop(job: Job) -> None:
    """A share of what is due; the rest by the same job again."""
    settings = ShopSettings.objects.select_related("shop").get(shop=job.shop_id)
    now = clock.now()
    if actions.close_solved(settings.shop, days=settings.reopen_days, at=now) == actions.CLOSED_AT_ONCE:
        schedule("inbox.close_solved", key="inbox:close", shop=settings.shop, due_at=now, again=True)


@handles("inbox.give_persons")
def give_persons_to_old_conversations(job: Job) -> None:
    """A batch of the conversations from before we knew persons, newest first; then the next one."""
    settings = ShopSettings.objects.select_related("shop").get(shop=job.shop_id)
    last = give_persons(settings.shop, before=job.payload.get("before"), at=clock.now())
    if last is not None:
        # A key of its own for every batch: a worker that dies after its work repeats it, and changes nothing.
        schedule(
            "inbox.give_persons",
            key=f"inbox:give_persons:{last}",
            shop=settings.shop,
            due_at=clock.now(),
            payload={"before": last},
        )

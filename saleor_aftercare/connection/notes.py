"""Telling the timeline of an order in Saleor what happened here: once, in a job, and never in anybody's way."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job

from .commands import carry_out, write_command
from .effects.notes import KIND
from .models import CommandState, Order, ShopCommand

MAX_NOTE: Final = 2000


def note_on_order(order: Order, *, text: str, reference: str, subject: tuple[str, int], at: datetime) -> Job:
    """Have ``text`` stand on the order's timeline in Saleor; once for each ``reference``.

    ``text`` names cases by number and nobody by name: whoever may see orders reads it. Saleor trims it, so do we.
    """
    return schedule(
        "connection.order_note",
        key=f"order-note:{reference}",
        shop=order.shop,
        due_at=at,
        payload={
            "order": order.pk,
            "text": text.strip()[:MAX_NOTE].rstrip(),
            "reference": f"note:{reference}",
            "subject": list(subject),
        },
    )


@handles("connection.order_note")
def write_note(job: Job) -> None:
    """Write one note, or find out whether it stands there already."""
    at = clock.now()
    order = Order.objects.select_related("shop").get(pk=job.payload["order"])
    reference = job.payload["reference"]
    command = ShopCommand.objects.filter(shop=order.shop, reference=reference).select_related("shop").first()
    if command is None:
        command = write_command(
            order.shop,
            kind=KIND,
            reference=reference,
            subject=(job.payload["subject"][0], job.payload["subject"][1]),
            order_id=order.saleor_id,
            request={"order": order.saleor_id, "input": {"message": job.payload["text"]}},
            at=at,
        )
    carry_out(command, at=at)
    if command.state == CommandState.FAILED:
        raise ProviderError(f"Saleor did not take a note for its order's timeline. {command.error}")

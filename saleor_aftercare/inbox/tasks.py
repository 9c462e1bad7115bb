"""Jobs of the inbox."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job

from .actions.acknowledging import acknowledge
from .intake import read_and_file
from .models import Ticket


@handles("channels.read")
def read_mail(job: Job) -> None:
    """Understand a mail that a channel took in; the channels themselves know nothing of conversations."""
    read_and_file(job.payload["inbound"], attempts=job.attempts)


@handles("inbox.acknowledge")
def acknowledge_mail(job: Job) -> None:
    """Tell whoever wrote first that it has arrived."""
    ticket = Ticket.objects.select_related("shop", "account").get(pk=job.payload["ticket"])
    acknowledge(ticket, references=job.payload["references"], at=clock.now())

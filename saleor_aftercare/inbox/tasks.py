"""Jobs of the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles, handles_together
from saleor_aftercare.core.models import Job

from .actions.acknowledging import acknowledge
from .intake import read_and_file, read_and_file_together
from .models import Ticket

#: Mails that are filed in one transaction: enough to share what each would cost alone, soon over for whoever waits.
TOGETHER: Final = 20


@handles_together("channels.read", at_most=TOGETHER)
def read_mails(jobs: Sequence[Job]) -> list[Job]:
    """Understand mails that a channel took in; the channels themselves know nothing of conversations."""
    if len(jobs) == 1:
        read_and_file(jobs[0].payload["inbound"], attempts=jobs[0].attempts)
        return []
    left = read_and_file_together([job.payload["inbound"] for job in jobs])
    return [job for job in jobs if job.payload["inbound"] in left]


@handles("inbox.acknowledge")
def acknowledge_mail(job: Job) -> None:
    """Tell whoever wrote first that it has arrived."""
    ticket = Ticket.objects.select_related("shop", "account").get(pk=job.payload["ticket"])
    acknowledge(ticket, references=job.payload["references"], at=clock.now())

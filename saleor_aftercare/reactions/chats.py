"""Chat: what a visitor who has left did not read follows them by mail."""

from __future__ import annotations

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.inbox import chatting
from saleor_aftercare.inbox.events import StaffAnswered
from saleor_aftercare.inbox.queries import get_ticket


@reacts_to(StaffAnswered)
def see_whether_a_visitor_reads_the_answer(event: Event) -> None:
    """Only conversations of the chat window have a session."""
    chatting.look_after(get_ticket(event.shop, pk=event.subject_id), at=event.at)


@handles(chatting.UNSHOWN)
def mail_what_a_visitor_did_not_read(job: Job) -> None:
    """Once they have left; while their page is open it is looked at again every minute."""
    if job.shop is None:
        raise LookupError("A chat without a shop")
    with speaking_to_staff(job.shop):
        again = chatting.mail_unshown(job.payload["session"], at=clock.now())
    if again is not None:
        jobs.schedule(job.kind, key=job.key, shop=job.shop, due_at=again, payload=job.payload, again=True)

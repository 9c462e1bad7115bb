"""Telephone: a call that ended stands in a conversation, and a promise to call back is reminded of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from saleor_aftercare.channels.calls import get_call
from saleor_aftercare.channels.events import CallBackPromised, CallEnded
from saleor_aftercare.channels.models import Call
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.inbox.actions.calls import file_call, remind_of_call
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.team.actions import notify
from saleor_aftercare.team.models import NoticeKind

REMIND = "calls.remind"


@reacts_to(CallEnded)
def file_a_call_that_ended(event: Event) -> None:
    """Where whoever answers the customer looks. A withheld number that nobody answered leads to nobody."""
    call = get_call(event.shop, event.subject_id)
    if call.outcome and (call.number or call.member_id):
        with speaking_to_staff(event.shop):
            file_call(call, at=max(event.at, call.started_at))


@reacts_to(CallBackPromised)
def remind_when_it_is_time_to_call(event: Event) -> None:
    """One reminder per promise: a changed one has a time, and so a key, of its own."""
    due_at = datetime.fromisoformat(event.data["due_at"])
    jobs.schedule(
        REMIND,
        key=f"call-back:{event.subject_id}:{event.data['due_at']}",
        shop=event.shop,
        due_at=due_at,
        payload={"call": event.subject_id, "due_at": event.data["due_at"]},
    )


@handles(REMIND)
def remind(job: Job) -> None:
    """Say so in the conversation and on the bell of whoever promised, unless the call was made or put off."""
    call = Call.objects.select_related("shop", "member").get(pk=job.payload["call"])
    promised = call.call_back_at and call.call_back_at.isoformat() == job.payload["due_at"]
    if not promised or call.called_back_at is not None:
        return
    with transaction.atomic():
        filed = TicketMessage.objects.filter(shop=call.shop, call=call).select_related("ticket__assignee").first()
        if filed is None:
            return
        remind_of_call(filed.ticket, source=f"call:{call.pk}:due:{job.payload['due_at']}", at=clock.now())
        _notify(call, filed.ticket, source=job.key, at=clock.now())


def _notify(call: Call, ticket: Ticket, *, source: str, at: datetime) -> None:
    members: list[StaffMember] = [one for one in (ticket.assignee, call.member) if one is not None]
    notify(
        call.shop,
        members=members[:1],
        kind=NoticeKind.CALL_BACK,
        subject="ticket",
        subject_id=ticket.pk,
        source=source,
        data={"number": ticket.number, "subject": ticket.subject},
        team_id=ticket.team_id,
        at=at,
    )

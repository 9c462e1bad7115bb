"""Deadlines that are near or missed: whoever can still do something about them is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.events import SlaBreached, SlaWarned
from saleor_aftercare.inbox.models import ACTIVE_STATES, Ticket
from saleor_aftercare.inbox.queries import get_ticket
from saleor_aftercare.team.actions import notify
from saleor_aftercare.team.models import NoticeKind

#: Of a team without a person in charge so many are told at most.
MAX_TOLD: Final = 50


@reacts_to(SlaWarned, SlaBreached)
def tell_of_a_deadline(event: Event) -> None:
    """Who takes care of the conversation, else everybody of its team; nobody once it is done."""
    ticket = get_ticket(event.shop, pk=event.subject_id)
    if ticket.state not in ACTIVE_STATES or ticket.breach_at is None:
        return
    notify(
        event.shop,
        members=_whom(ticket),
        kind=NoticeKind.BREACHED if event.kind == SlaBreached.kind else NoticeKind.DUE_SOON,
        subject="ticket",
        subject_id=ticket.pk,
        source=f"{event.kind}:{ticket.pk}:{event.data['target']}:{event.data['due_at']}",
        data={
            "number": ticket.number,
            "subject": ticket.subject,
            "target": event.data["target"],
            "due_at": event.data["due_at"],
        },
        at=event.at,
        team_id=ticket.team_id,
    )


def _whom(ticket: Ticket) -> Sequence[StaffMember]:
    if ticket.assignee_id is not None:
        return list(StaffMember.objects.filter(shop=ticket.shop_id, pk=ticket.assignee_id))
    if ticket.team_id is None:
        return []
    belonging = StaffMember.objects.filter(shop=ticket.shop_id, memberships__team=ticket.team_id)
    return list(belonging.order_by("pk")[:MAX_TOLD])

"""Questions to customers about how they were helped: asked some hours after a conversation was solved, told in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.inbox.actions import add_line
from saleor_aftercare.inbox.events import StaffAnswered, TicketMoved
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.inbox.queries import get_ticket
from saleor_aftercare.surveys import actions, queries
from saleor_aftercare.surveys.events import SurveyAnswered

_DONE: Final = frozenset({TicketState.SOLVED, TicketState.CLOSED})


@reacts_to(TicketMoved, StaffAnswered)
def ask_how_it_was(event: Event) -> None:
    """Some hours after a conversation was solved, by a button or together with an answer."""
    ticket = get_ticket(event.shop, pk=event.subject_id)
    if ticket.state != TicketState.SOLVED:
        return
    settings = queries.settings_of(event.shop)
    if settings.enabled:
        schedule(
            "surveys.ask_about_ticket",
            key=f"survey:ticket:{ticket.pk}:{ticket.state_since.isoformat()}",
            shop=event.shop,
            due_at=ticket.state_since + timedelta(hours=settings.delay_hours),
            payload={"ticket": ticket.pk, "since": ticket.state_since.isoformat()},
        )


@handles("surveys.ask_about_ticket")
def ask_about_ticket(job: Job) -> None:
    """Ask once, if it still makes sense: it stayed solved, and a person had answered somebody by mail's address."""
    ticket = Ticket.objects.select_related("shop").get(shop=job.shop_id, pk=job.payload["ticket"])
    helper = _who_helped(ticket)
    reopened = ticket.state == TicketState.SOLVED and ticket.state_since.isoformat() != job.payload["since"]
    if ticket.state not in _DONE or reopened or helper is None or not ticket.customer_email:
        return
    asked = actions.Asked(
        about="ticket",
        about_id=ticket.pk,
        number=ticket.number,
        title=ticket.subject,
        email=ticket.customer_email,
        name=ticket.customer_name,
        language=ticket.language,
        person_id=ticket.person_id,
        member_id=helper.staff_id,
        team_id=ticket.team_id,
        channel=ticket.channel,
    )
    actions.ask(ticket.shop, asked, at=clock.now())


@reacts_to(TicketMoved)
def forget_what_spam_was_asked(event: Event) -> None:
    """What turned out to be spam after all does not count."""
    if event.data["after"] == TicketState.SPAM:
        actions.void(event.shop, about="ticket", about_id=event.subject_id, reason="spam")


@reacts_to(SurveyAnswered)
def tell_the_answer_in_the_conversation(event: Event) -> None:
    """A line that wakes nobody: thanks and grades reopen nothing."""
    if event.data["about"] == "ticket":
        ticket = get_ticket(event.shop, pk=event.data["about_id"])
        data = {"score": event.data["score"], "comment": event.data["comment"]}
        kind = "survey.commented" if event.data["comment"] else event.kind
        add_line(ticket, event=kind, data=data, source=f"event:{event.pk}", at=event.at)


def _who_helped(ticket: Ticket) -> TicketMessage | None:
    """The last answer of a person: who brought it to its end."""
    rows = TicketMessage.objects.filter(ticket=ticket, kind=MessageKind.STAFF, is_automatic=False)
    return rows.order_by("-pk").first()

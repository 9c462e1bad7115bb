"""The team: rules look at what happens, conversations find their person, and whoever it concerns is told."""

from __future__ import annotations

from collections.abc import Iterable

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.desk.assignment import give_by_turn, give_to_somebody_else, hand_over_if_away
from saleor_aftercare.desk.rules.engine import act_on, read_ticket
from saleor_aftercare.inbox.actions.queues import set_team
from saleor_aftercare.inbox.events import (
    CustomerWrote,
    NoteWritten,
    SlaBreached,
    SlaWarned,
    StaffAnswered,
    TicketAssigned,
    TicketMoved,
    TicketOpened,
    TicketPrioritized,
    TicketTagged,
    TicketTeamChanged,
)
from saleor_aftercare.inbox.models import Ticket, TicketState
from saleor_aftercare.team.actions import notify
from saleor_aftercare.team.models import NoticeKind


@reacts_to(TicketOpened)
def find_a_place_for_the_conversation(event: Event) -> None:
    """The shop's rules first; then the queue of the account that it came by; then somebody in turn."""
    at = clock.now()
    act_on(event, at=at)
    ticket = _ticket_of(event)
    if ticket.team_id is None and ticket.account_id is not None and ticket.state != TicketState.SPAM:
        account = ChannelAccount.objects.select_related("team").get(pk=ticket.account_id)
        if account.team is not None and account.team.archived_at is None:
            ticket = set_team(ticket, account.team, at=at, staff=None)
    give_by_turn(ticket, at=at)


@reacts_to(TicketTeamChanged)
def find_somebody_of_the_new_team(event: Event) -> None:
    """Rules first; then somebody in turn, where nobody has it."""
    at = clock.now()
    act_on(event, at=at)
    give_by_turn(_ticket_of(event), at=at)


@reacts_to(CustomerWrote)
def bring_the_customers_words_to_somebody(event: Event) -> None:
    """Rules first; who is away hands over; whoever has the conversation then is told."""
    at = clock.now()
    act_on(event, at=at)
    ticket = _ticket_of(event)
    if ticket.state == TicketState.SPAM or ticket.assignee_id is None:
        return
    hand_over_if_away(ticket, at=at)
    ticket = read_ticket(event.shop, event.subject_id)
    if ticket.assignee is not None:
        _tell(event, ticket, NoticeKind.REPLIED, [ticket.assignee])


@reacts_to(StaffAnswered, NoteWritten, TicketMoved, TicketTagged, TicketPrioritized, SlaWarned)
def let_rules_look(event: Event) -> None:
    """What the shop wants to happen by itself."""
    act_on(event, at=clock.now())


@reacts_to(TicketAssigned)
def tell_whose_it_is_now(event: Event) -> None:
    """Rules look; whoever got it from somebody else is told."""
    act_on(event, at=clock.now())
    assignee, by = event.data["assignee"], event.data["by"]
    if assignee is not None and assignee != by:
        members = StaffMember.objects.filter(shop=event.shop, pk=assignee)
        _tell(event, read_ticket(event.shop, event.subject_id), NoticeKind.ASSIGNED, members)


@reacts_to(SlaBreached)
def see_to_a_missed_answer(event: Event) -> None:
    """Rules look; then somebody else gets the conversation, where its team wants that."""
    at = clock.now()
    act_on(event, at=at)
    if event.data["target"] != "resolution":
        give_to_somebody_else(read_ticket(event.shop, event.subject_id), at=at)


def _ticket_of(event: Event) -> Ticket:
    """The conversation as it is now, without what belongs to it: most events need no more."""
    ticket = Ticket.objects.get(shop=event.shop_id, pk=event.subject_id)
    ticket.shop = event.shop
    return ticket


def _tell(event: Event, ticket: Ticket, kind: NoticeKind, members: Iterable[StaffMember]) -> None:
    notify(
        event.shop,
        members=members,
        kind=kind,
        subject="ticket",
        subject_id=ticket.pk,
        source=f"event:{event.pk}",
        data={"number": ticket.number, "subject": ticket.subject, "by": event.actor_name},
        at=event.at,
        team_id=ticket.team_id,
    )

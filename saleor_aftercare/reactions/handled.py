"""What people answered is counted, and what turned out to be spam is not."""

from __future__ import annotations

from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.desk import handled
from saleor_aftercare.inbox.events import StaffAnswered, TicketMoved
from saleor_aftercare.inbox.models import TicketMessage, TicketState
from saleor_aftercare.inbox.queries import get_ticket


@reacts_to(StaffAnswered)
def count_handled_contacts(event: Event) -> None:
    """Once per contact, for who answered first."""
    answer = TicketMessage.objects.filter(shop=event.shop, pk=event.data["message"]).first()
    if answer is not None:
        handled.count(answer)


@reacts_to(TicketMoved)
def leave_spam_uncounted(event: Event) -> None:
    """As long as the month is open; what was no spam after all counts again."""
    if event.data["after"] == TicketState.SPAM:
        handled.void_conversation(get_ticket(event.shop, pk=event.subject_id), reason=handled.SPAM)
    elif event.data["before"] == TicketState.SPAM:
        handled.count_conversation_again(get_ticket(event.shop, pk=event.subject_id), reason=handled.SPAM)

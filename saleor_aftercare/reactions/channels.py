"""What channels tell about letters stands in the conversation that the letter belongs to."""

from __future__ import annotations

from saleor_aftercare.channels.events import LetterBounced, LetterComplained
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.actions import add_line, add_system_line
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.inbox.queries import get_ticket


@reacts_to(LetterBounced, LetterComplained)
def tell_that_a_letter_was_not_welcome(event: Event) -> None:
    """A letter that came back wakes the conversation: the customer waits for something that they do not have."""
    about, about_id = event.data["about"], event.data["about_id"]
    source = f"event:{event.pk}"
    if about == "ticket":
        ticket = get_ticket(event.shop, pk=about_id)
        urgent = event.kind == LetterBounced.kind and event.data["letter_kind"] != "inbox/received"
        add_line(ticket, event=event.kind, data=event.data, source=source, at=event.at, urgent=urgent)
    elif about in CaseKind.values:
        add_system_line(
            event.shop,
            CaseKind(about),
            about_id,
            event=event.kind,
            data=event.data,
            source=source,
            at=event.at,
            urgent=event.kind == LetterBounced.kind,
        )

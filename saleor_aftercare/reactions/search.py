"""What a conversation bears has changed: all of its messages are found by that from now on, and by nothing else."""

from __future__ import annotations

from saleor_aftercare.connection.events import FulfillmentDispatched
from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.events import (
    TicketDescribed,
    TicketMergeUndone,
    TicketsMerged,
    TicketSplit,
    TicketTagged,
)
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.inbox.search.entries import refresh

#: Conversations about one order that are written anew at once.
MAX_OF_ORDER = 50


@reacts_to(TicketTagged, TicketDescribed)
def find_it_by_what_it_bears(event: Event) -> None:
    """By its tags, its subject, its order and its customer."""
    refresh([event.subject_id])


@reacts_to(TicketsMerged, TicketSplit, TicketMergeUndone)
def find_messages_where_they_are(event: Event) -> None:
    """In the conversation that they belong to now."""
    refresh([event.subject_id, event.data["other"]])


@reacts_to(FulfillmentDispatched)
def find_it_by_the_parcels_number(event: Event) -> None:
    """Whoever asks about a parcel names its tracking number."""
    sent = Fulfillment.objects.filter(shop=event.shop, pk=event.subject_id).exclude(tracking_number="").first()
    if sent is not None:
        newest = Ticket.objects.filter(shop=event.shop, order=sent.order_id).order_by("-last_message_at", "-pk")
        refresh(newest.values_list("pk", flat=True)[:MAX_OF_ORDER])

"""Persons: everybody who orders is known, and conversations follow those who become one."""

from __future__ import annotations

from saleor_aftercare.connection.events import FulfillmentDispatched
from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.actions.people import follow_identities, show_person_anew
from saleor_aftercare.people.actions import person_of_order
from saleor_aftercare.people.events import PersonDescribed, PersonsMerged, PersonsParted
from saleor_aftercare.people.merging import gather_stragglers
from saleor_aftercare.people.models import Person, PersonMerge
from saleor_aftercare.people.queries import get_person


@reacts_to(FulfillmentDispatched)
def know_who_ordered(event: Event) -> None:
    """Whoever calls or writes about a parcel is found by their number, address or account."""
    fulfillment = Fulfillment.objects.select_related("order__shop").get(pk=event.subject_id, shop=event.shop)
    person_of_order(fulfillment.order, at=event.at)


@reacts_to(PersonsMerged)
def show_what_the_merged_person_wrote(event: Event) -> None:
    """With whatever came while they were being merged."""
    gather_stragglers(PersonMerge.objects.get(pk=event.data["merge"], shop=event.shop))
    show_person_anew(get_person(event.shop, event.subject_id), at=event.at)


@reacts_to(PersonsParted)
def give_back_what_the_parted_person_wrote(event: Event) -> None:
    """Conversations that they began while they were taken for one person are theirs, too."""
    merge = PersonMerge.objects.get(pk=event.data["merge"], shop=event.shop)
    kept, other = (Person.objects.get(pk=pk, shop=event.shop) for pk in (merge.kept_id, merge.dropped_id))
    follow_identities(kept, other, since=merge.at, at=event.at)
    for person in (kept, other):
        show_person_anew(person, at=event.at)


@reacts_to(PersonDescribed)
def show_what_staff_say_of_a_person(event: Event) -> None:
    """In every inbox that shows their conversations; who is a VIP may have been promised more."""
    show_person_anew(get_person(event.shop, event.subject_id), at=event.at)

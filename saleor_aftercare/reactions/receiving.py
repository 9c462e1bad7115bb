"""The warehouse: the customer hears what came later, and what was decided about it."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.events import SYSTEM, reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.parcels.actions import mark_arrived
from saleor_aftercare.parcels.models import ParcelState
from saleor_aftercare.parcels.queries import parcels_of_case
from saleor_aftercare.providers import registry
from saleor_aftercare.returns import letters
from saleor_aftercare.returns.events import ReturnReceived, SendBackDecided, UnitsRejected
from saleor_aftercare.returns.queries import get_return


@reacts_to(ReturnReceived)
def tell_of_a_further_parcel(event: Event) -> None:
    """The first parcel has its letter already; each further one gets its own."""
    if event.data.get("parcel", 1) > 1:
        ret = get_return(event.shop, event.subject_id)
        letters.write_received(ret, at=clock.now(), after=f"parcel-{event.data['parcel']}")


@reacts_to(ReturnReceived)
def note_that_its_parcel_was_opened(event: Event) -> None:
    """The only parcel of a return arrived, where nobody else tells it.

    Which of several it was is not known here; and a label that a carrier follows and has not seen yet may be unused,
    and given back.
    """
    waiting = {ParcelState.READY, ParcelState.IN_TRANSIT}
    parcels = [one for one in parcels_of_case(event.shop, "return", event.subject_id) if one.state in waiting]
    if len(parcels) != 1:
        return
    (parcel,) = parcels
    followed = registry.label_provider_kind(parcel.provider).capabilities.tracks
    if parcel.state == ParcelState.IN_TRANSIT or not followed:
        mark_arrived(parcel, at=clock.now(), actor=SYSTEM)


@reacts_to(UnitsRejected, SendBackDecided)
def tell_what_is_not_accepted(event: Event) -> None:
    """What is not accepted and why, who pays its way back, and until when it is kept (C1.20)."""
    ret = get_return(event.shop, event.subject_id)
    letters.write_received(ret, at=clock.now(), after=f"event-{event.pk}")

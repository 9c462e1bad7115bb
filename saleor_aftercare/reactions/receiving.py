"""The warehouse: the customer hears what came later, and what was decided about it."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.returns import letters
from saleor_aftercare.returns.events import ReturnReceived, SendBackDecided, UnitsRejected
from saleor_aftercare.returns.queries import get_return


@reacts_to(ReturnReceived)
def tell_of_a_further_parcel(event: Event) -> None:
    """The first parcel has its letter already; each further one gets its own."""
    if event.data.get("parcel", 1) > 1:
        ret = get_return(event.shop, event.subject_id)
        letters.write_received(ret, at=clock.now(), after=f"parcel-{event.data['parcel']}")


@reacts_to(UnitsRejected, SendBackDecided)
def tell_what_is_not_accepted(event: Event) -> None:
    """What is not accepted and why, who pays its way back, and until when it is kept (C1.20)."""
    ret = get_return(event.shop, event.subject_id)
    letters.write_received(ret, at=clock.now(), after=f"event-{event.pk}")

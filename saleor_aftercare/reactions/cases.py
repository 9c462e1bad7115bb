"""Repairs and spare parts: tell the customer."""

from __future__ import annotations

from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.parts import letters as part_letters
from saleor_aftercare.parts.events import (
    SparePartAccepted,
    SparePartDeclined,
    SparePartRequested,
)
from saleor_aftercare.parts.models import SparePartState
from saleor_aftercare.parts.queries import get_spare_part
from saleor_aftercare.repairs import letters as repair_letters
from saleor_aftercare.repairs.events import (
    RepairCheckedIn,
    RepairDeclined,
    RepairRequested,
    RepairSlipCreated,
)
from saleor_aftercare.repairs.models import RepairState
from saleor_aftercare.repairs.queries import get_repair


@reacts_to(RepairRequested)
def confirm_the_repair_request(event: Event) -> None:
    """We have it. One that was accepted at once, for a return had it approved, gets the slip instead."""
    repair = get_repair(event.shop, event.subject_id)
    if repair.state == RepairState.REQUESTED:
        repair_letters.write_requested(repair, at=clock.now())


@reacts_to(RepairSlipCreated)
def send_the_intake_slip(event: Event) -> None:
    """Send it in, with this."""
    repair = get_repair(event.shop, event.subject_id)
    if repair.state == RepairState.ACCEPTED:
        repair_letters.write_accepted(repair, at=clock.now())


@reacts_to(RepairCheckedIn)
def say_that_the_product_is_being_repaired(event: Event) -> None:
    """It is here. Of what the shop mends for itself nobody hears."""
    repair = get_repair(event.shop, event.subject_id)
    if repair.state == RepairState.CHECKED_IN and not repair.is_internal:
        repair_letters.write_checked_in(repair, at=clock.now())


@reacts_to(RepairDeclined)
def explain_why_no_repair(event: Event) -> None:
    """The reason, in the words of staff."""
    repair_letters.write_declined(get_repair(event.shop, event.subject_id), at=clock.now())


@reacts_to(SparePartRequested)
def confirm_the_part_request(event: Event) -> None:
    """We have it."""
    part_letters.write_requested(get_spare_part(event.shop, event.subject_id), at=clock.now())


@reacts_to(SparePartAccepted)
def say_that_the_part_comes(event: Event) -> None:
    """We found it."""
    part = get_spare_part(event.shop, event.subject_id)
    if part.state == SparePartState.ACCEPTED:
        part_letters.write_accepted(part, at=clock.now())


@reacts_to(SparePartDeclined)
def explain_why_no_part(event: Event) -> None:
    """The reason, in the words of staff."""
    part_letters.write_declined(get_spare_part(event.shop, event.subject_id), at=clock.now())

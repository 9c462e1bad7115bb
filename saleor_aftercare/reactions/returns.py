"""Returns: tell the customer, and go on to what comes next."""

from __future__ import annotations

from saleor_aftercare.compensation.events import RefundSettled
from saleor_aftercare.compensation.queries import get_refund
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.returns import letters as return_letters
from saleor_aftercare.returns.actions import resolve_return
from saleor_aftercare.returns.events import (
    ReturnCanceled,
    ReturnDeclined,
    ReturnLabelCreated,
    ReturnReceived,
    ReturnRequested,
)
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.queries import get_return


@reacts_to(ReturnRequested)
def confirm_the_request(event: Event) -> None:
    """A request that was approved at once gets the label letter instead."""
    ret = _return(event)
    if ret.state == ReturnState.REQUESTED:
        return_letters.write_requested(ret, at=clock.now())


@reacts_to(ReturnLabelCreated)
def send_the_label(event: Event) -> None:
    """Approved, and here is the label."""
    ret = _return(event)
    if ret.state == ReturnState.APPROVED:
        return_letters.write_approved(ret, at=clock.now())


@reacts_to(ReturnDeclined)
def explain_why_not(event: Event) -> None:
    """The reason, in the words of staff."""
    return_letters.write_declined(_return(event), at=clock.now())


@reacts_to(ReturnCanceled)
def confirm_the_cancellation(event: Event) -> None:
    """Nothing needs to be sent."""
    return_letters.write_canceled(_return(event), at=clock.now())


@reacts_to(ReturnReceived)
def say_that_it_arrived(event: Event) -> None:
    """The parcel was opened."""
    return_letters.write_received(_return(event), at=clock.now())


@reacts_to(RefundSettled)
def say_that_the_money_is_on_its_way(event: Event) -> None:
    """The money is given back; the return is settled with it."""
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        return_letters.write_refunded(ret, get_refund(event.shop, event.subject_id), at=clock.now())
        if ret.state == ReturnState.RECEIVED:
            resolve_return(ret, at=clock.now())


def _return(event: Event) -> Return:
    return get_return(event.shop, event.subject_id)

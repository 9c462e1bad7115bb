"""WHO REACTS TO WHAT: the automation of the product on one page.

Each reaction runs in a job of its own, after the event's transaction, and is idempotent. Domains do not know each
other; they meet here.
"""

from __future__ import annotations

from saleor_aftercare.compensation.actions import look_again_soon
from saleor_aftercare.compensation.events import RefundFailed, RefundNeedsStaff, RefundSettled, RefundStarted
from saleor_aftercare.compensation.queries import get_refund
from saleor_aftercare.connection.events import OrderMoneyChanged
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.inbox.actions import add_system_line, note_case_changed, open_case_ticket
from saleor_aftercare.inbox.models import CaseKind, TicketChannel
from saleor_aftercare.returns import letters as return_letters
from saleor_aftercare.returns.actions import resolve_return
from saleor_aftercare.returns.events import (
    ReturnApproved,
    ReturnCanceled,
    ReturnDeclined,
    ReturnLabelCreated,
    ReturnReceived,
    ReturnRecorded,
    ReturnRequested,
    ReturnResolved,
)
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.queries import get_return

# -- returns: tell the customer ----------------------------------------------------------------------------------


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


# -- money ---------------------------------------------------------------------------------------------------------


@reacts_to(OrderMoneyChanged)
def look_whether_a_refund_came_through(event: Event) -> None:
    """Faster than waiting for the next look."""
    look_again_soon(event.subject_id, at=clock.now())


# -- the inbox: every case has a ticket, and the ticket tells the case's story -----------------------------------


@reacts_to(ReturnRequested)
def open_a_ticket_for_the_return(event: Event) -> None:
    """Staff see it in the inbox, with what the customer wrote and the photos."""
    ret = _return(event)
    by_staff = event.data["by_staff"]
    open_case_ticket(
        ret.shop,
        case=CaseKind.RETURN,
        case_id=ret.pk,
        order=ret.order,
        subject=ret.number,
        customer_name=ret.order.customer_name,
        customer_email=ret.order.email,
        user_id=ret.order.user_id,
        language=ret.order.language,
        channel=TicketChannel.STAFF if by_staff else TicketChannel.PORTAL,
        body="" if by_staff else _what_the_customer_wrote(ret),
        attachments=[photo for line in ret.lines.all() for photo in line.photos.all()],
        source=f"return:{ret.pk}",
        at=event.at,
    )
    _tell(event, CaseKind.RETURN, event.subject_id)


@reacts_to(ReturnApproved, ReturnDeclined, ReturnCanceled, ReturnLabelCreated, ReturnReceived, ReturnRecorded, ReturnResolved)
def tell_the_returns_story(event: Event) -> None:
    """One line per step."""
    _tell(event, CaseKind.RETURN, event.subject_id)


@reacts_to(RefundStarted, RefundSettled, RefundFailed, RefundNeedsStaff)
def tell_the_refunds_story(event: Event) -> None:
    """In the ticket of the case that the money is for."""
    _tell(event, CaseKind(event.data["case"]), event.data["case_id"])


def _tell(event: Event, case: CaseKind, case_id: int) -> None:
    data = {**event.data, "by": event.actor_name if event.actor_kind == ActorKind.STAFF else ""}
    if case == CaseKind.RETURN:
        data["number"] = get_return(event.shop, case_id).number
    add_system_line(event.shop, case, case_id, event=event.kind, data=data, source=f"event:{event.pk}", at=event.at)
    note_case_changed(event.shop, case, case_id, at=event.at)


def _return(event: Event) -> Return:
    return get_return(event.shop, event.subject_id)


def _what_the_customer_wrote(ret: Return) -> str:
    notes = [ret.note, *(line.note for line in ret.lines.order_by("pk"))]
    return "\n\n".join(filter(None, notes))

"""WHO REACTS TO WHAT: the automation of the product on one page.

Each reaction runs in a job of its own, after the event's transaction, and is idempotent. Domains do not know each
other; they meet here.
"""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import look_again_soon
from saleor_aftercare.compensation.events import RefundFailed, RefundNeedsStaff, RefundSettled, RefundStarted
from saleor_aftercare.compensation.queries import get_refund
from saleor_aftercare.connection.events import (
    CustomerDeleted,
    FulfillmentDelivered,
    FulfillmentDispatched,
    OrderCanceled,
    OrderMoneyChanged,
)
from saleor_aftercare.connection.models import Fulfillment, Order
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import ActorKind, Event, Shop, StoredFile
from saleor_aftercare.followups.actions import cancel_arrival_checks, schedule_arrival_check
from saleor_aftercare.followups.events import FollowUpAnswered
from saleor_aftercare.followups.facts import knows
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer
from saleor_aftercare.inbox.actions import (
    MAX_BODY,
    add_line,
    add_system_line,
    message_about_case,
    note_case_changed,
    open_case_ticket,
)
from saleor_aftercare.inbox.models import CaseKind, TicketChannel
from saleor_aftercare.inbox.queries import get_ticket, open_ticket_exists
from saleor_aftercare.mail.events import MailFailed, MailLost
from saleor_aftercare.parts import letters as part_letters
from saleor_aftercare.parts.events import (
    SparePartAccepted,
    SparePartCanceled,
    SparePartDeclined,
    SparePartRequested,
)
from saleor_aftercare.parts.models import SparePartState
from saleor_aftercare.parts.queries import get_spare_part
from saleor_aftercare.repairs import letters as repair_letters
from saleor_aftercare.repairs.events import (
    RepairAccepted,
    RepairCanceled,
    RepairDeclined,
    RepairRequested,
    RepairSlipCreated,
)
from saleor_aftercare.repairs.models import RepairState
from saleor_aftercare.repairs.queries import get_repair
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
from saleor_aftercare.returns.queries import get_return, open_return_exists

# -- follow-ups: ask when it helps, never when it would hurt -------------------------------------------------------


@reacts_to(FulfillmentDispatched, FulfillmentDelivered)
def plan_the_arrival_check(event: Event) -> None:
    """Some days after delivery; moved when the delivery becomes known better."""
    parcel = Fulfillment.objects.get(shop=event.shop, pk=event.subject_id)
    schedule_arrival_check(parcel, at=clock.now())


@reacts_to(OrderCanceled)
def drop_the_questions_about_the_order(event: Event) -> None:
    """Nothing will arrive."""
    order = Order.objects.get(shop=event.shop, pk=event.subject_id)
    cancel_arrival_checks(order, reason="order_canceled", at=clock.now())


@reacts_to(CustomerDeleted)
def leave_deleted_customers_alone(event: Event) -> None:
    """Who closed the account is not asked anything any more."""
    for order in Order.objects.filter(shop=event.shop, user_id=event.data["user_id"]):
        cancel_arrival_checks(order, reason="customer_deleted", at=clock.now())


@reacts_to(FollowUpAnswered)
def open_a_ticket_when_something_is_wrong(event: Event) -> None:
    """With the customer's own words, or ours for a button pressed without any."""
    if event.data["answer"] != FollowUpAnswer.SOMETHING_WRONG:
        return
    asked = FollowUp.objects.select_related("order", "shop").get(shop=event.shop, pk=event.subject_id)
    order = asked.order
    with translation.override(supported_language(order.language)):
        subject = _("Something is wrong with order %(number)s") % {"number": order.number}
        words = event.data["comment"] or _("Something is wrong with my delivery.")
    open_case_ticket(
        event.shop,
        case=CaseKind.FOLLOW_UP,
        case_id=asked.pk,
        order=order,
        subject=subject,
        customer_name=order.customer_name,
        customer_email=order.email,
        user_id=order.user_id,
        language=order.language,
        channel=TicketChannel.FOLLOW_UP,
        body="",
        attachments=(),
        source="",
        at=event.at,
    )
    # A second answer with other words belongs to the same conversation, or to a new one when that is closed.
    message_about_case(
        order,
        case=CaseKind.FOLLOW_UP,
        case_id=asked.pk,
        body=words,
        channel=TicketChannel.FOLLOW_UP,
        attachments=list(StoredFile.objects.filter(shop=event.shop, pk__in=event.data["photos"]).order_by("pk")),
        source=f"event:{event.pk}",
        at=event.at,
    )


knows("return_open")(open_return_exists)
knows("ticket_open")(lambda order: open_ticket_exists(order.pk))


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


# -- repairs and spare parts ---------------------------------------------------------------------------------------


@reacts_to(RepairRequested)
def confirm_the_repair_request(event: Event) -> None:
    """We have it."""
    repair_letters.write_requested(get_repair(event.shop, event.subject_id), at=clock.now())


@reacts_to(RepairSlipCreated)
def send_the_intake_slip(event: Event) -> None:
    """Send it in, with this."""
    repair = get_repair(event.shop, event.subject_id)
    if repair.state == RepairState.ACCEPTED:
        repair_letters.write_accepted(repair, at=clock.now())


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
        channel=_channel(event),
        body="" if by_staff else _what_the_customer_wrote(ret),
        attachments=[photo for line in ret.lines.all() for photo in line.photos.all()],
        source=f"return:{ret.pk}",
        at=event.at,
    )
    _tell(event, CaseKind.RETURN, event.subject_id)


@reacts_to(RepairRequested)
def open_a_ticket_for_the_repair(event: Event) -> None:
    """With the description and the photos."""
    repair = get_repair(event.shop, event.subject_id)
    open_case_ticket(
        repair.shop,
        case=CaseKind.REPAIR,
        case_id=repair.pk,
        order=repair.order,
        subject=f"{repair.number} {repair.product_name}",
        customer_name=repair.customer_name,
        customer_email=repair.customer_email,
        user_id=repair.order.user_id if repair.order else "",
        language=repair.language,
        channel=_channel(event),
        body=repair.description,
        attachments=list(repair.photos.all()),
        source=f"repair:{repair.pk}",
        at=event.at,
    )
    _tell(event, CaseKind.REPAIR, event.subject_id)


@reacts_to(SparePartRequested)
def open_a_ticket_for_the_part(event: Event) -> None:
    """With the description and the photos."""
    part = get_spare_part(event.shop, event.subject_id)
    open_case_ticket(
        part.shop,
        case=CaseKind.SPARE_PART,
        case_id=part.pk,
        order=part.order,
        subject=f"{part.number} {part.product_name}",
        customer_name=part.customer_name,
        customer_email=part.customer_email,
        user_id=part.order.user_id if part.order else "",
        language=part.language,
        channel=_channel(event),
        body=part.part_description,
        attachments=list(part.photos.all()),
        source=f"spare_part:{part.pk}",
        at=event.at,
    )
    _tell(event, CaseKind.SPARE_PART, event.subject_id)


@reacts_to(RepairAccepted, RepairSlipCreated, RepairDeclined, RepairCanceled)
def tell_the_repairs_story(event: Event) -> None:
    """One line per step."""
    _tell(event, CaseKind.REPAIR, event.subject_id)


@reacts_to(SparePartAccepted, SparePartDeclined, SparePartCanceled)
def tell_the_parts_story(event: Event) -> None:
    """One line per step."""
    _tell(event, CaseKind.SPARE_PART, event.subject_id)


@reacts_to(
    ReturnApproved, ReturnDeclined, ReturnCanceled, ReturnLabelCreated, ReturnReceived, ReturnRecorded, ReturnResolved
)
def tell_the_returns_story(event: Event) -> None:
    """One line per step."""
    _tell(event, CaseKind.RETURN, event.subject_id)


@reacts_to(RefundStarted, RefundSettled, RefundFailed, RefundNeedsStaff)
def tell_the_refunds_story(event: Event) -> None:
    """In the ticket of the case that the money is for."""
    _tell(event, CaseKind(event.data["case"]), event.data["case_id"])


@reacts_to(MailFailed, MailLost)
def tell_that_a_letter_did_not_arrive(event: Event) -> None:
    """Where staff look: in the ticket that the letter belongs to."""
    about, about_id = event.data["about"], event.data["about_id"]
    if about in CaseKind.values:
        _tell(event, CaseKind(about), about_id)
    elif about == "ticket":
        ticket = get_ticket(event.shop, pk=about_id)
        add_line(ticket, event=event.kind, data=event.data, source=f"event:{event.pk}", at=event.at)


def _channel(event: Event) -> TicketChannel:
    return TicketChannel.STAFF if event.actor_kind == ActorKind.STAFF else TicketChannel.PORTAL


def _tell(event: Event, case: CaseKind, case_id: int) -> None:
    data = {**event.data, "by": event.actor_name if event.actor_kind == ActorKind.STAFF else ""}
    if case == CaseKind.RETURN:
        data["number"] = get_return(event.shop, case_id).number
    decided = event.actor_kind == ActorKind.STAFF and event.kind.endswith((".approved", ".accepted", ".declined"))
    line: dict[str, Any] = {"event": event.kind, "source": f"event:{event.pk}", "at": event.at, "decided": decided}
    told = add_system_line(event.shop, case, case_id, data=data, **line)
    if told is None and _open_the_ticket(event.shop, case, case_id):
        add_system_line(event.shop, case, case_id, data=data, **line)
    note_case_changed(event.shop, case, case_id, at=event.at)


def _open_the_ticket(shop: Shop, case: CaseKind, case_id: int) -> bool:
    """With several workers a step may be told before its case's ticket is open: open it first, told from its start.

    False for a case that opens no ticket by itself.
    """
    openers = {
        CaseKind.RETURN: (ReturnRequested.kind, open_a_ticket_for_the_return),
        CaseKind.REPAIR: (RepairRequested.kind, open_a_ticket_for_the_repair),
        CaseKind.SPARE_PART: (SparePartRequested.kind, open_a_ticket_for_the_part),
    }
    if case not in openers:
        return False
    kind, open_a_ticket = openers[case]
    requested = Event.objects.select_related("shop").filter(shop=shop, kind=kind, subject_id=case_id).first()
    if requested is None:
        return False
    open_a_ticket(requested)
    return True


def _return(event: Event) -> Return:
    return get_return(event.shop, event.subject_id)


def _what_the_customer_wrote(ret: Return) -> str:
    notes = [ret.note, *(line.note for line in ret.lines.order_by("pk"))]
    # The return itself keeps every word; a message holds no more than this.
    return "\n\n".join(filter(None, notes))[:MAX_BODY]

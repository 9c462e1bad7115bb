"""The inbox: every case has a ticket, and the ticket tells the case's story."""

from __future__ import annotations

from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.events import (
    RefundFailed,
    RefundNeedsStaff,
    RefundSettled,
    RefundStarted,
    StoreCreditFailed,
    StoreCreditIssued,
    StoreCreditNeedsStaff,
)
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import ActorKind, Event, Shop, StoredFile
from saleor_aftercare.inbox.actions import (
    MAX_BODY,
    add_line,
    add_system_line,
    note_case_changed,
    open_case_ticket,
    receive_message,
)
from saleor_aftercare.inbox.models import CaseKind, TicketChannel, TicketState
from saleor_aftercare.inbox.queries import get_ticket, ticket_of_case
from saleor_aftercare.mail.events import MailFailed, MailLost
from saleor_aftercare.parts.events import (
    SparePartAccepted,
    SparePartCanceled,
    SparePartDeclined,
    SparePartRequested,
)
from saleor_aftercare.parts.queries import get_spare_part
from saleor_aftercare.repairs.events import (
    RepairAccepted,
    RepairCanceled,
    RepairCheckedIn,
    RepairDeclined,
    RepairRequested,
    RepairSlipCreated,
    RepairTakenBack,
)
from saleor_aftercare.repairs.models import RepairFor
from saleor_aftercare.repairs.queries import get_repair
from saleor_aftercare.replacements.events import (
    ReplacementAwaitingPayment,
    ReplacementCanceled,
    ReplacementFailed,
    ReplacementNeedsStaff,
    ReplacementOutOfStock,
    ReplacementPlaced,
    ReplacementPlanned,
    ReplacementPriceChanged,
    ReplacementReturnOverdue,
    ReplacementShipped,
    UnfinishedExchangeFound,
)
from saleor_aftercare.returns.events import (
    ReturnAnswered,
    ReturnApproved,
    ReturnArrived,
    ReturnCameBack,
    ReturnCanceled,
    ReturnDeclined,
    ReturnExpired,
    ReturnHandedToRepair,
    ReturnKept,
    ReturnLabelExpired,
    ReturnLost,
    ReturnNotRecorded,
    ReturnOverridden,
    ReturnPhotosAdded,
    ReturnQuestioned,
    ReturnReceived,
    ReturnRecorded,
    ReturnRenewed,
    ReturnRequested,
    ReturnResolutionChanged,
    ReturnResolved,
    ReturnSent,
    ReturnWithoutLabel,
)
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.queries import get_return


@reacts_to(ReturnRequested)
def open_a_ticket_for_the_return(event: Event) -> None:
    """Staff see it in the inbox, with what the customer wrote and the photos."""
    ret = _return(event)
    by_staff = event.data["by_staff"]
    open_case_ticket(
        ret.shop,
        case=CaseKind.RETURN,
        case_id=ret.pk,
        # A gift's recipient has a conversation of their own: the payer reads the one about the order.
        order=None if ret.is_gift else ret.order,
        subject=ret.number,
        customer_name=ret.contact_name,
        customer_email=ret.contact_email,
        user_id="" if ret.is_gift else ret.order.user_id,
        language=ret.contact_language,
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
        # A gift's recipient has a conversation of their own: the payer reads the one about the order.
        order=repair.order if repair.for_whom == RepairFor.CUSTOMER else None,
        subject=f"{repair.number} {repair.product_name}",
        customer_name=repair.customer_name,
        customer_email=repair.customer_email,
        user_id=repair.order.user_id if repair.order and repair.for_whom == RepairFor.CUSTOMER else "",
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


@reacts_to(RepairAccepted, RepairSlipCreated, RepairCheckedIn, RepairTakenBack, RepairDeclined, RepairCanceled)
def tell_the_repairs_story(event: Event) -> None:
    """One line per step; the shop's own repairs have no conversation to tell it in."""
    _tell(event, CaseKind.REPAIR, event.subject_id)


@reacts_to(SparePartAccepted, SparePartDeclined, SparePartCanceled)
def tell_the_parts_story(event: Event) -> None:
    """One line per step."""
    _tell(event, CaseKind.SPARE_PART, event.subject_id)


@reacts_to(
    ReturnApproved,
    ReturnDeclined,
    ReturnQuestioned,
    ReturnCameBack,
    ReturnCanceled,
    ReturnExpired,
    ReturnRenewed,
    ReturnSent,
    ReturnArrived,
    ReturnLost,
    ReturnKept,
    ReturnLabelExpired,
    ReturnOverridden,
    ReturnResolutionChanged,
    ReturnHandedToRepair,
    ReturnWithoutLabel,
    ReturnReceived,
    ReturnRecorded,
    ReturnNotRecorded,
    ReturnResolved,
)
def tell_the_returns_story(event: Event) -> None:
    """One line per step."""
    _tell(event, CaseKind.RETURN, event.subject_id)


@reacts_to(ReturnAnswered, ReturnPhotosAdded)
def bring_what_the_customer_added(event: Event) -> None:
    """The customer's words and photos stand in the conversation; those that staff add need no telling."""
    ret = _return(event)
    _tell(event, CaseKind.RETURN, ret.pk)
    ticket = ticket_of_case(ret.shop, CaseKind.RETURN, ret.pk)
    if event.actor_kind == ActorKind.STAFF or ticket is None or ticket.state == TicketState.CLOSED:
        return
    with translation.override(supported_language(ret.contact_language)):
        words = event.data["text"] or _("Photos were added to return %(number)s.") % {"number": ret.number}
    receive_message(
        ticket,
        body=words[:MAX_BODY],
        author_name=ret.contact_name,
        author_email=ret.contact_email,
        attachments=list(StoredFile.objects.filter(shop=event.shop, pk__in=event.data["photos"]).order_by("pk")),
        source=f"event:{event.pk}:words",
        at=event.at,
    )


@reacts_to(
    RefundStarted,
    RefundSettled,
    RefundFailed,
    RefundNeedsStaff,
    StoreCreditIssued,
    StoreCreditFailed,
    StoreCreditNeedsStaff,
)
def tell_the_refunds_story(event: Event) -> None:
    """In the ticket that the money is for, or whose case it is for; what went wrong with a gift calls for a person."""
    if event.data["case"] != "ticket":
        _tell(event, CaseKind(event.data["case"]), event.data["case_id"])
        return
    ticket = get_ticket(event.shop, pk=event.data["case_id"])
    wrong = event.kind.endswith((".failed", ".needs_staff"))
    add_line(ticket, event=event.kind, data=event.data, source=f"event:{event.pk}", urgent=wrong, at=event.at)


#: After one of these a person has to act.
_REPLACEMENT_WAITS_FOR_A_PERSON: Final = frozenset(
    one.kind for one in (ReplacementOutOfStock, ReplacementFailed, ReplacementNeedsStaff, ReplacementReturnOverdue)
)


@reacts_to(
    ReplacementPlanned,
    ReplacementPlaced,
    ReplacementAwaitingPayment,
    ReplacementShipped,
    ReplacementPriceChanged,
    ReplacementCanceled,
    ReplacementOutOfStock,
    ReplacementFailed,
    ReplacementNeedsStaff,
    ReplacementReturnOverdue,
)
def tell_the_replacements_story(event: Event) -> None:
    """In the ticket of the case that the goods are for; it wakes when a person has to act."""
    _tell(
        event, CaseKind(event.data["case"]), event.data["case_id"], urgent=event.kind in _REPLACEMENT_WAITS_FOR_A_PERSON
    )


@reacts_to(UnfinishedExchangeFound)
def tell_of_an_exchange_that_was_left(event: Event) -> None:
    """In the ticket of the order's newest return, if it has one; Saleor's Dashboard shows it in any case."""
    newest = Return.objects.filter(shop=event.shop, order=event.subject_id).order_by("-pk").first()
    if newest is not None:
        _tell(event, CaseKind.RETURN, newest.pk, urgent=True)


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


def _tell(event: Event, case: CaseKind, case_id: int, *, urgent: bool = False) -> None:
    data = {**event.data, "by": event.actor_name if event.actor_kind == ActorKind.STAFF else ""}
    if case == CaseKind.RETURN:
        data["number"] = get_return(event.shop, case_id).number
    decided = event.actor_kind == ActorKind.STAFF and event.kind.endswith((".approved", ".accepted", ".declined"))
    line: dict[str, Any] = {
        "event": event.kind,
        "source": f"event:{event.pk}",
        "at": event.at,
        "decided": decided,
        "urgent": urgent,
    }
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

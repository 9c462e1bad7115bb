"""The page of a return: how far it is, its parcels, what was given for it; ``return_actions`` has the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saleor_aftercare.access import gifts
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import InvalidInput, NotFound, Refused
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.policies.models import Resolution, ReturnShippingPayer
from saleor_aftercare.policies.queries import reason_labels, return_address_for
from saleor_aftercare.portal import messages
from saleor_aftercare.portal.cases import Step, moments, progress
from saleor_aftercare.portal.forms import attachment
from saleor_aftercare.portal.orders import product_name
from saleor_aftercare.portal.return_parcels import ParcelRow, parcel_rows, wants_new_label
from saleor_aftercare.portal.settled import settled_of
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.words import REPAIR_STATES, RETURN_STATES, Label
from saleor_aftercare.repairs.letters import status_url
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.repairs.queries import repairs_by_number
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState

S = ReturnState

#: States in which the customer may have a parcel in hands, and those in which one is or was on its way.
TO_SEND: Final = (S.APPROVED, S.EXPIRED)
WITH_PARCELS: Final = (*TO_SEND, S.IN_TRANSIT, S.LOST, S.ARRIVED, S.RECEIVED, S.RESOLVED)
SETTLED: Final = (S.RECEIVED, S.RESOLVED)


@dataclass(frozen=True)
class LineRow:
    """A line on the page."""

    name: str
    picture: str
    quantity: int
    approved: int | None  #: when not all of it was
    reason: str
    wish: str
    note: str
    kept: bool
    missing: int
    rejected: int
    reject_reason: str
    photos: Sequence[Any]
    repair: RepairRow | None = None


@dataclass(frozen=True)
class RepairRow:
    """The repair that a line became."""

    number: str
    url: str
    label: Label


def find(visit: Visit, number: str) -> Return:
    """The return, for whoever has a session over it or the link from its mails; raises as ``cases.open_case``."""
    ret = by_link(visit, number) or own(visit, number)
    visit.speak(ret.contact_language)
    return ret


def by_link(visit: Visit, number: str) -> Return | None:
    """The return that the link's token opens for reading."""
    token = visit.request.GET.get("t", "")
    try:
        return queries.return_by_status_token(visit.shop, number, token) if token else None
    except (InvalidInput, NotFound):
        return None


def own(visit: Visit, number: str) -> Return:
    """The return, for whoever may act on it: its payer, or the recipient who asked; each knows their own only.

    Raises Unauthenticated or NotFound.
    """
    visit.require_session()
    ret = queries.find_return(visit.shop, number)
    if not may_act_on(visit, ret):
        raise NotFound(_("There is no such return."))
    return ret


def may_act_on(visit: Visit, ret: Return) -> bool:
    """Whether whoever is signed in may do something about this return."""
    session = visit.session
    if session is None:
        return False
    if ret.is_gift:
        return session.covers_gift(ret.order) and session.email == ret.gift_recipient_email
    return session.covers(ret.order)


@page("GET")
def status(visit: Visit, number: str) -> HttpResponse:
    """How far a return is; the link from the mail is enough to read it."""
    ret = find(visit, number)
    with_lines = ReturnLine.objects.select_related("order_line").prefetch_related("photos").order_by("pk")
    prefetch_related_objects([ret], Prefetch("lines", with_lines))
    may_act = may_act_on(visit, ret)
    lines = lines_of(visit, ret)
    parcels = parcel_rows(visit, ret) if ret.state in WITH_PARCELS else []
    settled = settled_of(visit, ret) if ret.state in SETTLED else None
    return visit.render(
        "return.html",
        case=ret,
        order=ret.order,
        may_act=may_act,
        sign_in=sign_in_url(visit, ret),
        label_of_state=RETURN_STATES[S(ret.state)],
        steps=steps_of(visit, ret),
        lines=lines,
        partial=any(line.approved is not None for line in lines),
        rejected=any(line.rejected for line in lines),
        parcels=parcels,
        has_label=any(parcel.a6 or parcel.a4 or parcel.code for parcel in parcels),
        by_code=any(parcel.code for parcel in parcels) and not any(parcel.a6 or parcel.a4 for parcel in parcels),
        settled=settled,
        can=choices_of(ret, parcels) if may_act else frozenset(),
        send_by=visit.words.day(ret.expires_on) if ret.expires_on else "",
        address=address_of(ret) if ret.state in TO_SEND else (),
        we_pay=ret.payer == ReturnShippingPayer.MERCHANT,
        hours=visit.settings.answer_within_hours,
        sendback=sendback_of(visit, ret),
        thread=thread_of(visit, ret, may_act=may_act),
        message_url=visit.url("return_message", number=ret.number),
    )


def thread_of(visit: Visit, ret: Return, *, may_act: bool) -> list[messages.Line]:
    """What was said; the payer sees all about the order, for a case may have outlived its own conversation."""
    if may_act and not ret.is_gift:
        return messages.thread_of_order(visit, ret.order)
    return messages.thread_of_case(visit, CaseKind.RETURN, ret.pk)


def sign_in_url(visit: Visit, ret: Return) -> str:
    """Where to prove that it is theirs."""
    here = visit.request.get_full_path()
    if not ret.is_gift:
        return visit.sign_in_url(back_to=here, order=ret.order.number)
    link = gifts.link_of(ret.order) if visit.session is None else None
    return visit.url("gift_door", token=gifts.token_of(link)) if link else visit.url("gift")


def steps_of(visit: Visit, ret: Return) -> list[Step]:
    """From the request to the end, with the day of each step."""
    at = moments(visit.shop, "return", ret.pk)
    approved, kept = at.get("return.approved"), at.get("return.kept")
    path: list[tuple[str, datetime | None]] = [(_("Requested"), ret.requested_at), (_("Approved"), approved)]
    if kept is not None and ret.sent_at is None and ret.received_at is not None:
        path.append((_("You keep the items"), kept))
    elif not (ret.state == S.RESOLVED and ret.received_at is None):
        path += [
            (_("On its way to us"), ret.sent_at or ret.arrived_at or ret.received_at),
            (_("Arrived with us"), ret.arrived_at or ret.received_at),
            (_("Checked"), ret.received_at),
        ]
    path.append((title_of_end(ret), at.get("return.resolved")))
    stops = {
        S.DECLINED: _("Declined"),
        S.CANCELED: _("Cancelled"),
        S.EXPIRED: _("Expired"),
        S.LOST: _("Lost on the way"),
    }
    if ret.state in stops:
        return progress(visit, path, stopped=(stops[S(ret.state)], ret.state_since))
    return progress(visit, path)


def title_of_end(ret: Return) -> str:
    """How it ends, where that is one thing for all of it."""
    wishes = {line.resolution for line in ret.lines.all()}
    if len(wishes) != 1:
        return _("Completed")
    return {
        Resolution.REFUND: _("Refunded"),
        Resolution.STORE_CREDIT: _("Store credit given"),
        Resolution.EXCHANGE: _("Exchanged"),
        Resolution.REPAIR: _("Handed over for repair"),
    }[Resolution(wishes.pop())]


def lines_of(visit: Visit, ret: Return) -> list[LineRow]:
    """Every line, and what became of it."""
    labels = reason_labels(visit.shop, get_language() or "en")
    lines = list(ret.lines.all())
    repairs = repairs_by_number(visit.shop, [line.repair_number for line in lines if line.repair_number])
    return [
        line_row(
            line,
            labels.get(line.reason, line.reason),
            is_open=ret.received_at is None,
            repair=repairs.get(line.repair_number),
        )
        for line in lines
    ]


def line_row(line: ReturnLine, reason: str, *, is_open: bool, repair: RepairRequest | None = None) -> LineRow:
    """One line."""
    approved = line.quantity if line.quantity_approved is None else line.quantity_approved
    wish = str(Resolution(line.resolution).label)
    missing = 0
    if not is_open and not line.kept and line.resolution != Resolution.REPAIR:
        missing = max(0, approved - line.unsent - (line.quantity_received or 0))
    return LineRow(
        name=product_name(line.order_line),
        picture=line.order_line.thumbnail_url,
        quantity=line.quantity,
        approved=approved if approved < line.quantity else None,
        reason=reason,
        wish=f"{wish}: {line.exchange_name}" if line.exchange_name else wish,
        note=line.note,
        kept=line.kept,
        missing=missing,
        rejected=line.quantity_rejected,
        reject_reason=line.reject_reason,
        photos=[attachment(photo) for photo in line.photos.all()],
        repair=RepairRow(repair.number, status_url(repair), REPAIR_STATES[repair.state]) if repair else None,
    )


def choices_of(ret: Return, parcels: Sequence[ParcelRow]) -> frozenset[str]:
    """What the customer may do now; the actions decide once more."""
    can: set[str] = set()
    if ret.state in {S.REQUESTED, S.MORE_INFO, S.APPROVED}:
        can.add("cancel")
    if ret.state == S.MORE_INFO:
        can.add("answer")
    if ret.state in TO_SEND:
        can.add("sent")
    if wants_new_label(ret, parcels):
        can.add("label")
    elif ret.state == S.APPROVED and parcels and not any(parcel.is_waiting for parcel in parcels):
        can.add("more_parcels")
    if ret.state == S.EXPIRED:
        can.add("renew")
    if ret.state not in {S.DECLINED, S.CANCELED, S.RESOLVED}:
        can.add("photos")
    return frozenset(can)


def address_of(ret: Return) -> tuple[str, ...]:
    """Where the parcel goes; nothing while the shop has not said."""
    try:
        address = return_address_for(ret.shop, ret.policy, country_of(ret.order))
    except Refused:
        return ()
    return address.lines(get_language() or "en", country=True)


def country_of(order: Order) -> str:
    """Where the goods are."""
    return str((order.shipping_address or order.billing_address or {}).get("country", ""))


def sendback_of(visit: Visit, ret: Return) -> dict[str, str]:
    """What becomes of goods that were not accepted (C1.20)."""
    return {
        "payer": ret.sendback_payer,
        "until": visit.words.day(ret.sendback_stored_until) if ret.sendback_stored_until else "",
        "sent": visit.words.day(ret.sendback_sent_at) if ret.sendback_sent_at else "",
        "tracking": ret.sendback_tracking,
    }

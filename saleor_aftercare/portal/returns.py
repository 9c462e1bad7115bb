"""The page of a return: how far it is, its label, its refund, and the way to stop it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.models import RefundState
from saleor_aftercare.core import files
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.portal import messages
from saleor_aftercare.portal.cases import Step, moments, open_case, own_case, progress, render_case
from saleor_aftercare.portal.forms import attachment
from saleor_aftercare.portal.orders import product_name
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.words import REFUND_STATES, RETURN_STATES
from saleor_aftercare.returns import actions, queries
from saleor_aftercare.returns.labels import SHIP_WITHIN
from saleor_aftercare.returns.models import Return, ReturnReason, ReturnState


@page("GET")
def status(visit: Visit, number: str) -> HttpResponse:
    """How far a return is; the link from the mail is enough to read it."""
    ret = open_case(visit, number, find=queries.find_return, by_token=queries.return_by_status_token)
    lines = [
        {
            "name": product_name(line.order_line),
            "picture": line.order_line.thumbnail_url,
            "quantity": line.quantity,
            "received": line.quantity_received,
            "reason": ReturnReason(line.reason).label,
            "note": line.note,
            "photos": [attachment(photo) for photo in line.photos.all()],
        }
        for line in ret.lines.select_related("order_line").prefetch_related("photos")
    ]
    return render_case(
        visit,
        "return.html",
        ret,
        kind=CaseKind.RETURN,
        page_name="return",
        label_of_state=RETURN_STATES[ReturnState(ret.state)],
        steps=steps_of(visit, ret),
        lines=lines,
        label=label_of(ret),
        send_by=visit.words.day(ret.state_since + SHIP_WITHIN),
        address=visit.return_address,
        refunds=refunds_of(visit, ret),
        who_pays=ret.policy.get_who_pays_display(),
        hours=visit.settings.answer_within_hours,
    )


def steps_of(visit: Visit, ret: Return) -> list[Step]:
    """From the request to the end."""
    at = moments(visit.shop, "return", ret.pk)
    path = [
        (_("Requested"), ret.requested_at),
        (_("Approved"), at.get("return.approved")),
        (_("Received by us"), at.get("return.received")),
        (_("Completed"), at.get("return.resolved")),
    ]
    if ret.state == ReturnState.DECLINED:
        return progress(visit, path, stopped=(_("Declined"), ret.state_since))
    if ret.state == ReturnState.CANCELED:
        return progress(visit, path, stopped=(_("Cancelled"), ret.state_since))
    return progress(visit, path)


def label_of(ret: Return) -> dict[str, str] | None:
    """The label's files, while the parcel may still be on its way to us."""
    label = getattr(ret, "label", None)
    if label is None or ret.state != ReturnState.APPROVED:
        return None
    return {
        "a6": files.signed_url(label.a6),
        "a4": files.signed_url(label.a4),
        "carrier": label.carrier if label.tracking_number else "",
        "tracking": label.tracking_number,
    }


def refunds_of(visit: Visit, ret: Return) -> list[dict[str, object]]:
    """What was given back for it, or is under way, newest first."""
    return [
        {"amount": visit.words.money(row.money), "label": REFUND_STATES[RefundState(row.state)]}
        for row in queries.refunds_of(ret)
    ]


@page("POST")
def cancel(visit: Visit, number: str) -> HttpResponse:
    """The customer keeps the goods; possible until they are with us."""
    ret, _order = own_case(visit, number, queries.find_return)
    if ret.state != ReturnState.CANCELED:
        actions.cancel_return(ret, at=visit.at, actor=CUSTOMER)
    return visit.redirect(visit.url("return_status", number=number), notice="return_canceled")


@page("GET", "POST")
def write(visit: Visit, number: str) -> HttpResponse:
    """Write to the shop about a return."""
    ret, order = own_case(visit, number, queries.find_return)
    return messages.write_about_case(
        visit,
        order,
        CaseKind.RETURN,
        ret.pk,
        about=_("Return %(number)s") % {"number": ret.number},
        back=visit.url("return_status", number=number),
    )

"""Asking for a repair, and the page that says how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.core import files
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal import messages, requests
from saleor_aftercare.portal.cases import Step, moments, open_case, own_case, progress, render_case
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.words import REPAIR_STATES
from saleor_aftercare.repairs import actions, queries
from saleor_aftercare.repairs.models import RepairRequest, RepairState


class RepairForm(requests.ProductForm):
    """What is broken."""

    description = forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        help_text=gettext_lazy("What happens, since when, and what you have tried already."),
        max_length=shared.MAX_TEXT,
        error_messages={"required": gettext_lazy("Please tell us what is wrong.")},
        widget=shared.text_area(5),
    )


@page("GET", "POST")
def ask(visit: Visit, number: str) -> HttpResponse:
    """Ask for a repair of something from an order."""
    order = visit.order(number)

    def send(form: requests.ProductForm, photos: Sequence[StoredFile]) -> str:
        repair = actions.request_repair(
            visit.shop,
            order=order,
            order_line=form.line,
            product_name=form.name,
            serial_number=form.cleaned_data["serial_number"],
            description=form.cleaned_data["description"],
            photos=tuple(photos),
            customer_name=order.customer_name,
            customer_email=visit.require_session().email,
            language=order.language,
            at=visit.at,
            actor=CUSTOMER,
        )
        return str(repair.number)

    return requests.ask(
        visit,
        order,
        kind="repair",
        form_class=RepairForm,
        send=send,
        status_page="repair_status",
        title=_("Ask for a repair"),
        lead=_("Tell us what is wrong. We look at it and write to you before you send anything."),
    )


@page("GET")
def status(visit: Visit, number: str) -> HttpResponse:
    """How far a repair request is; the link from the mail is enough to read it."""
    repair = open_case(visit, number, find=queries.find_customers_repair, by_token=queries.repair_by_status_token)
    slip = repair.intake_slip if repair.state == RepairState.ACCEPTED else None
    return render_case(
        visit,
        "repair.html",
        repair,
        kind=CaseKind.REPAIR,
        page_name="repair",
        label_of_state=REPAIR_STATES[RepairState(repair.state)],
        steps=steps_of(visit, repair),
        slip=files.signed_url(slip) if slip else "",
        address=visit.return_address,
        photos=[shared.attachment(photo) for photo in repair.photos.all()],
        hours=visit.settings.answer_within_hours,
    )


def steps_of(visit: Visit, repair: RepairRequest) -> list[Step]:
    """From the request to the workshop; what came with a return needed no acceptance of its own."""
    at = moments(visit.shop, "repair", repair.pk)
    path: list[tuple[str, datetime | None]] = [(_("Requested"), repair.requested_at)]
    if "repair.accepted" in at or repair.checked_in_at is None:
        path.append((_("Accepted"), at.get("repair.accepted")))
    path.append((_("Arrived with us"), repair.checked_in_at))
    if repair.state == RepairState.DECLINED:
        return progress(visit, path, stopped=(_("Declined"), repair.state_since))
    if repair.state == RepairState.CANCELED:
        return progress(visit, path, stopped=(_("Cancelled"), repair.state_since))
    return progress(visit, path)


@page("POST")
def cancel(visit: Visit, number: str) -> HttpResponse:
    """The customer thought better of it."""
    repair, _order = own_case(visit, number, queries.find_customers_repair)
    if repair.state != RepairState.CANCELED:
        actions.cancel_repair(repair, at=visit.at, actor=CUSTOMER)
    return visit.redirect(visit.url("repair_status", number=number), notice="repair_canceled")


@page("GET", "POST")
def write(visit: Visit, number: str) -> HttpResponse:
    """Write to the shop about a repair."""
    repair, order = own_case(visit, number, queries.find_customers_repair)
    return messages.write_about_case(
        visit,
        order,
        CaseKind.REPAIR,
        repair.pk,
        about=_("Repair %(number)s") % {"number": repair.number},
        back=visit.url("repair_status", number=number),
    )

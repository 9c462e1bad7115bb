"""Asking for a spare part, and the page that says how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parts import actions, queries
from saleor_aftercare.parts.models import SparePartRequest, SparePartState
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal import messages, requests
from saleor_aftercare.portal.cases import Step, moments, open_case, own_case, progress, render_case
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.words import PART_STATES


class PartForm(requests.ProductForm):
    """Which part."""

    part_description = forms.CharField(
        label=gettext_lazy("Which part do you need?"),
        help_text=gettext_lazy("Its name or number if you know it, where it sits, or what it looks like."),
        max_length=shared.MAX_TEXT,
        error_messages={"required": gettext_lazy("Please tell us which part you need.")},
        widget=shared.text_area(4),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many?"),
        min_value=1,
        max_value=99,
        initial=1,
        error_messages={"required": gettext_lazy("Please enter how many you need.")},
    )


@page("GET", "POST")
def ask(visit: Visit, number: str) -> HttpResponse:
    """Ask for a part for something from an order."""
    order = visit.order(number)

    def send(form: requests.ProductForm, photos: Sequence[StoredFile]) -> str:
        part = actions.request_spare_part(
            visit.shop,
            order=order,
            order_line=form.line,
            product_name=form.name,
            serial_number=form.cleaned_data["serial_number"],
            part_description=form.cleaned_data["part_description"],
            quantity=form.cleaned_data["quantity"],
            photos=tuple(photos),
            customer_name=order.customer_name,
            customer_email=visit.require_session().email,
            language=order.language,
            at=visit.at,
            actor=CUSTOMER,
        )
        return str(part.number)

    return requests.ask(
        visit,
        order,
        kind="spare_part",
        form_class=PartForm,
        send=send,
        status_page="part_status",
        title=_("Order a spare part"),
        lead=_("Describe the part as well as you can; a photo helps most. We look for the right one and write to you."),
    )


@page("GET")
def status(visit: Visit, number: str) -> HttpResponse:
    """How far a spare-part request is; the link from the mail is enough to read it."""
    part = open_case(visit, number, find=queries.find_spare_part, by_token=queries.spare_part_by_status_token)
    return render_case(
        visit,
        "part.html",
        part,
        kind=CaseKind.SPARE_PART,
        page_name="part",
        label_of_state=PART_STATES[SparePartState(part.state)],
        steps=steps_of(visit, part),
        photos=[shared.attachment(photo) for photo in part.photos.all()],
        hours=visit.settings.answer_within_hours,
    )


def steps_of(visit: Visit, part: SparePartRequest) -> list[Step]:
    """From the request to the decision."""
    at = moments(visit.shop, "spare_part", part.pk)
    path = [(_("Requested"), part.requested_at), (_("Accepted"), at.get("spare_part.accepted"))]
    if part.state == SparePartState.DECLINED:
        return progress(visit, path, stopped=(_("Declined"), part.state_since))
    if part.state == SparePartState.CANCELED:
        return progress(visit, path, stopped=(_("Cancelled"), part.state_since))
    return progress(visit, path)


@page("POST")
def cancel(visit: Visit, number: str) -> HttpResponse:
    """The customer thought better of it."""
    part, _order = own_case(visit, number, queries.find_spare_part)
    if part.state != SparePartState.CANCELED:
        actions.cancel_spare_part(part, at=visit.at, actor=CUSTOMER)
    return visit.redirect(visit.url("part_status", number=number), notice="spare_part_canceled")


@page("GET", "POST")
def write(visit: Visit, number: str) -> HttpResponse:
    """Write to the shop about a spare part."""
    part, order = own_case(visit, number, queries.find_spare_part)
    return messages.write_about_case(
        visit,
        order,
        CaseKind.SPARE_PART,
        part.pk,
        about=_("Spare part %(number)s") % {"number": part.number},
        back=visit.url("part_status", number=number),
    )

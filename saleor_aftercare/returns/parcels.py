"""The parcel in which a return comes: what is in it, where it goes, who pays."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.actions import add_parcel, replace_parcel, want_parcel
from saleor_aftercare.parcels.contents import Content
from saleor_aftercare.parcels.measures import UNMEASURED, Measures
from saleor_aftercare.parcels.models import OPEN_STATES, Parcel, ParcelState
from saleor_aftercare.parcels.queries import stranded_parcels, usable_parcels
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.queries import reason_labels, return_address_for

from .events import ReturnWithoutLabel
from .models import Return, ReturnState

#: A parcel in one of these states has left the customer.
MOVED = (ParcelState.IN_TRANSIT, ParcelState.ARRIVED, ParcelState.LOST)
#: States in which further labels make sense.
EXPECTING = (ReturnState.APPROVED, ReturnState.IN_TRANSIT, ReturnState.LOST)
SUBJECT = "return"


class _Terms(TypedDict):
    """What holds for every parcel of a return, as ``parcels.actions`` takes it."""

    shop: Shop
    payer: str
    send_by: date | None
    contents: list[Content]
    recipient: PostalAddress
    language: str
    handover: str


def parcel_moved(ret: Return) -> bool:
    """Whether a parcel of the return has left the customer, as far as anybody told us."""
    return _in_states(ret, *MOVED)


def contents_of(ret: Return) -> list[Content]:
    """What is expected in parcels of the return, with the reasons in the language of the sheet."""
    labels = reason_labels(ret.shop, supported_language(ret.contact_language))
    contents = []
    for line in ret.lines.select_related("order_line").order_by("pk"):
        approved = line.quantity if line.quantity_approved is None else line.quantity_approved
        units = approved - line.unsent
        if units > 0 and not line.kept and line.resolution != Resolution.REPAIR:
            name = " ".join(filter(None, (line.order_line.product_name, line.order_line.variant_name)))
            contents.append(
                Content(
                    name=name,
                    quantity=units,
                    reason=labels.get(line.reason, line.reason),
                    order_line=line.order_line_id,
                )
            )
    return contents


def first_parcel(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> Parcel | None:
    """The first parcel of an approved return, whose label a job gets; asked twice it is the same parcel.

    A declared withdrawal stands without any label too: where the shop's settings allow none it gets none, and staff
    read why. Raises Refused otherwise.
    """
    try:
        return want_parcel((SUBJECT, ret.pk), ret.number, ret.order, **_terms(ret), at=at, actor=actor)
    except Refused as error:
        if duties(ret.legal_basis).needs_approval:
            raise
        publish(ReturnWithoutLabel(ret.pk, reason=error.message), shop=ret.shop, at=at)
        return None


@transaction.atomic
def another_parcel(
    ret: Return, *, provider: str = "", measures: Measures = UNMEASURED, at: datetime, actor: Actor
) -> Parcel:
    """One more parcel, by ``provider`` (the shop's choice when not said), as large and heavy as somebody measured.

    Raises Conflict unless goods are expected, or Refused.
    """
    _check_expecting(ret)
    terms = _terms(ret)
    made = add_parcel(
        (SUBJECT, ret.pk), ret.number, ret.order, **terms, provider=provider, measures=measures, at=at, actor=actor
    )
    _go_on(ret)
    return made


@transaction.atomic
def replaced_parcel(
    ret: Return, parcel: Parcel, *, provider: str = "", measures: Measures = UNMEASURED, at: datetime, actor: Actor
) -> Parcel:
    """A new label for a parcel whose label expired, or that the carrier brought back; asked again, the same one.

    Raises Conflict unless goods are expected and the label is not of use, or Refused.
    """
    _check_expecting(ret)
    terms = _terms(ret)
    new = replace_parcel(
        parcel,
        recipient=terms["recipient"],
        send_by=terms["send_by"],
        provider=provider,
        measures=measures,
        at=at,
        actor=actor,
    )
    if not stranded_parcels(ret.shop, SUBJECT, ret.pk):
        _go_on(ret)
    return new


def new_labels(ret: Return, *, at: datetime, actor: Actor) -> list[Parcel]:
    """A new label for every parcel that wants one; where none does, there is nothing to do. Raises as above."""
    stranded = stranded_parcels(ret.shop, SUBJECT, ret.pk)
    return [replaced_parcel(ret, one, at=at, actor=actor) for one in stranded]


def renewed_parcel(ret: Return, *, at: datetime, actor: Actor) -> Parcel:
    """A parcel that can be sent: the one that still can, else a new one. Raises Refused."""
    usable = usable_parcels(ret.shop, SUBJECT, ret.pk) or new_labels(ret, at=at, actor=actor)
    return usable[0] if usable else another_parcel(ret, at=at, actor=actor)


def is_under_way(ret: Return) -> bool:
    """Whether some parcel of it is on its way to us, or here."""
    return _in_states(ret, ParcelState.IN_TRANSIT, ParcelState.ARRIVED)


def can_be_sent(ret: Return) -> bool:
    """Whether some parcel of it can be sent, or soon can, or is on its way to us."""
    return _in_states(ret, *OPEN_STATES, ParcelState.ARRIVED)


def _in_states(ret: Return, *states: ParcelState) -> bool:
    rows = Parcel.objects.filter(shop_id=ret.shop_id, subject=SUBJECT, subject_id=ret.pk)
    return rows.filter(state__in=states).exists()


def _check_expecting(ret: Return) -> None:
    if ret.state not in EXPECTING:
        raise Conflict(_("A label is made once the return is approved."))


def _go_on(ret: Return) -> None:
    """A label is of use again: nothing holds the return up."""
    Return.objects.filter(pk=ret.pk).exclude(hitch="").update(hitch="")
    ret.hitch = ""


def _terms(ret: Return) -> _Terms:
    order = ret.order
    country = str((order.shipping_address or order.billing_address or {}).get("country", ""))
    return _Terms(
        shop=ret.shop,
        payer=ret.payer,
        send_by=ret.expires_on,
        contents=contents_of(ret),
        recipient=return_address_for(ret.shop, ret.policy, country),
        language=ret.contact_language,
        handover=ret.handover,
    )

"""The parcel in which a return comes: what is in it, where it goes, who pays."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.actions import add_parcel, want_parcel
from saleor_aftercare.parcels.contents import Content
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.parcels.queries import usable_parcels
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.queries import reason_labels, return_address_for

from .events import ReturnWithoutLabel
from .models import Return, ReturnState

#: A parcel in one of these states has left the customer.
MOVED = (ParcelState.IN_TRANSIT, ParcelState.ARRIVED, ParcelState.LOST, ParcelState.RETURNED)
SUBJECT = "return"


class _Terms(TypedDict):
    """What holds for every parcel of a return, as ``parcels.actions`` takes it."""

    shop: Shop
    payer: str
    send_by: date | None
    contents: list[Content]
    recipient: PostalAddress
    language: str


def parcel_moved(ret: Return) -> bool:
    """Whether a parcel of the return has left the customer, as far as anybody told us."""
    return Parcel.objects.filter(shop_id=ret.shop_id, subject=SUBJECT, subject_id=ret.pk, state__in=MOVED).exists()


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


def another_parcel(ret: Return, *, provider: str = "", at: datetime, actor: Actor) -> Parcel:
    """One more parcel, or a new label for one that expired, by ``provider`` (the shop's choice when not said).

    Raises Conflict unless goods are expected, or Refused.
    """
    if ret.state not in {ReturnState.APPROVED, ReturnState.IN_TRANSIT}:
        raise Conflict(_("A label is made once the return is approved."))
    terms = _terms(ret)
    return add_parcel((SUBJECT, ret.pk), ret.number, ret.order, **terms, provider=provider, at=at, actor=actor)


def renewed_parcel(ret: Return, *, at: datetime, actor: Actor) -> Parcel:
    """A parcel that can be sent: the one that still can, else a new one. Raises Refused."""
    usable = usable_parcels(ret.shop, SUBJECT, ret.pk)
    return usable[0] if usable else another_parcel(ret, at=at, actor=actor)


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
    )

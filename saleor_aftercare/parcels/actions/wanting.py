"""Wanting a parcel: the first of a case, one more, or a second try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Shop
from saleor_aftercare.parcels.accounts import chosen_provider, usable_provider
from saleor_aftercare.parcels.contents import Content
from saleor_aftercare.parcels.making import want_label
from saleor_aftercare.parcels.measures import UNMEASURED, Measures
from saleor_aftercare.parcels.models import Handover, Parcel, ParcelState
from saleor_aftercare.parcels.queries import locked_parcel
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.labels.base import Payer

#: Labels that a customer may ask for by themselves, beside the first.
MAX_BY_CUSTOMER: Final = 3
MAX_PER_CASE: Final = 30


@transaction.atomic
def want_parcel(
    subject: tuple[str, int],
    case_number: str,
    order: Order,
    *,
    shop: Shop,
    payer: str,
    send_by: date | None,
    contents: Sequence[Content] = (),
    recipient: PostalAddress | None = None,
    position: int = 1,
    provider: str = "",
    measures: Measures = UNMEASURED,
    handover: str = Handover.LABEL,
    language: str = "",
    at: datetime,
    actor: Actor,
) -> Parcel:
    """A parcel of a case, whose label a job gets; asking twice for one ``position`` gives the same parcel.

    ``handover`` is a wish: the label is what there is where the provider gives no code.
    ``recipient``: the shop's return address when not said. ``language``: the order's when not said. ``provider``: when
    not said, the shop's choice where the shop pays the way back; a customer who pays gets a label of our own and buys
    the postage, for a carrier's label would be billed to the shop.

    Raises:
        Refused: the shop has no return address (field ``returnAddress``), or the provider lacks credentials.
        InvalidInput: there is no such provider.
    """
    kind, pk = subject
    known = Parcel.objects.filter(shop=shop, subject=kind, subject_id=pk, position=position).first()
    if known is not None:
        return known
    address = recipient or return_address_of(shop)
    if lacking := address.missing():
        raise Refused(_("The return address is not complete."), f"recipient.{lacking[0]}")
    parcel, created = Parcel.objects.get_or_create(
        shop=shop,
        subject=kind,
        subject_id=pk,
        position=position,
        defaults={
            "case_number": case_number,
            "order": order,
            "reference": _reference(shop, case_number, position),
            "provider": usable_provider(shop, provider) if provider else _usual_provider(shop, payer),
            "state": ParcelState.WANTED,
            "state_since": at,
            "payer": payer,
            "weight_g": measures.weight_g,
            "length_cm": measures.length_cm,
            "width_cm": measures.width_cm,
            "height_cm": measures.height_cm,
            "handover": handover,
            "recipient": address.to_json(),
            "contents": [one.to_json() for one in contents],
            "language": language,
            "wanted_by": actor.kind,
            "send_by": send_by,
            "created_at": at,
        },
    )
    if created:
        want_label(parcel, at=at)
    return parcel


def _usual_provider(shop: Shop, payer: str) -> str:
    return chosen_provider(shop) if payer == Payer.MERCHANT else registry.DEFAULT_LABEL_PROVIDER


def _reference(shop: Shop, case_number: str, position: int) -> str:
    base = f"{shop.handle[:40]}.{case_number}"
    return base if position == 1 else f"{base}.{position}"


@transaction.atomic
def add_parcel(
    subject: tuple[str, int],
    case_number: str,
    order: Order,
    *,
    shop: Shop,
    payer: str,
    send_by: date | None,
    contents: Sequence[Content] = (),
    recipient: PostalAddress | None = None,
    provider: str = "",
    measures: Measures = UNMEASURED,
    handover: str = Handover.LABEL,
    language: str = "",
    at: datetime,
    actor: Actor,
) -> Parcel:
    """One more parcel of a case, or a new label in place of one that expired or was given up.

    The order's row is locked while parcels are counted: two presses of the button make two parcels, never two of one
    position, and no more than allowed.

    Raises:
        Refused: the customer has asked often enough, or the case has 30 parcels; else as :func:`want_parcel`.
    """
    kind, pk = subject
    Order.objects.select_for_update().get(pk=order.pk)
    rows = Parcel.objects.filter(shop=shop, subject=kind, subject_id=pk)
    asked = rows.filter(wanted_by=ActorKind.CUSTOMER).count()
    if actor.kind == ActorKind.CUSTOMER and asked >= MAX_BY_CUSTOMER:
        raise Refused(_("You have several labels already. Please write to us if you need another one."))
    newest: int = rows.aggregate(newest=Max("position"))["newest"] or 0
    if newest >= MAX_PER_CASE:
        raise Refused(_("A case has at most %(limit)d parcels.") % {"limit": MAX_PER_CASE})
    return want_parcel(
        subject,
        case_number,
        order,
        shop=shop,
        payer=payer,
        send_by=send_by,
        contents=contents,
        recipient=recipient,
        position=newest + 1,
        provider=provider,
        measures=measures,
        handover=handover,
        language=language,
        at=at,
        actor=actor,
    )


@transaction.atomic
def retry_parcel(
    parcel: Parcel, *, provider: str = "", measures: Measures = UNMEASURED, at: datetime, actor: Actor
) -> Parcel:
    """Try again to get a label, with another provider where one is named, as large and heavy as somebody measured.

    For an UNKNOWN one staff have looked and say that none was bought; a provider that can be asked is asked again
    all the same.

    Raises Conflict unless it is FAILED or UNKNOWN; Refused or InvalidInput (field ``provider``) for the provider.
    """
    locked = locked_parcel(parcel)
    slug = usable_provider(locked.shop, provider or locked.provider)
    kind = registry.label_provider_kind(slug)
    keeps_mark = slug == locked.provider and locked.state == ParcelState.UNKNOWN and kind.capabilities.finds
    measured = {one.name: value for one in fields(measures) if (value := getattr(measures, one.name)) is not None}
    locked.move(
        "retry",
        at=at,
        **measured,
        provider=slug,
        error="",
        asked_at=locked.asked_at if keeps_mark else None,
        provider_reference=locked.provider_reference if slug == locked.provider else "",
    )
    want_label(locked, at=at)
    return locked

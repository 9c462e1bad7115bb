"""What people do with spare-part requests, one function per verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import Shop, StoredFile

from .events import SparePartAccepted, SparePartCanceled, SparePartDeclined, SparePartRequested
from .models import SparePartRequest
from .policy import SparePartForm, check_form, check_reason


@transaction.atomic
def request_spare_part(
    shop: Shop,
    *,
    order: Order | None,
    order_line: OrderLine | None,
    product_name: str,
    serial_number: str,
    part_description: str,
    quantity: int,
    photos: Sequence[StoredFile],
    customer_name: str,
    customer_email: str,
    language: str,
    at: datetime,
    actor: Actor,
) -> SparePartRequest:
    """Ask for a spare part.

    ``order`` and ``order_line`` are None for a product that was not bought here.

    Raises:
        InvalidInput: names the field: ``product_name``, ``serial_number``, ``part_description``,
            ``quantity``, ``customer_name``, ``customer_email``, ``photos``, ``order`` or ``order_line``.
    """
    _check_belongings(shop, order, order_line, photos)
    form = check_form(
        SparePartForm(
            product_name=product_name,
            serial_number=serial_number,
            part_description=part_description,
            quantity=quantity,
            customer_name=customer_name,
            customer_email=customer_email,
            photos=tuple(photos),
        )
    )
    part = SparePartRequest.objects.create(
        shop=shop,
        number=f"PRT-{next_number(shop, 'spare_part')}",
        order=order,
        order_line=order_line,
        customer_name=form.customer_name,
        customer_email=form.customer_email,
        language=language,
        product_name=form.product_name,
        serial_number=form.serial_number,
        part_description=form.part_description,
        quantity=form.quantity,
        state_since=at,
        requested_at=at,
    )
    part.photos.set(form.photos)
    publish(SparePartRequested(part.pk), shop=shop, at=at, actor=actor)
    return part


def _check_belongings(
    shop: Shop, order: Order | None, order_line: OrderLine | None, photos: Sequence[StoredFile]
) -> None:
    if order is not None and order.shop_id != shop.pk:
        raise InvalidInput(_("There is no such order."), "order")
    if order_line is not None and (order is None or order_line.order_id != order.pk):
        raise InvalidInput(_("This item is not part of the order."), "order_line")
    if any(photo.shop_id != shop.pk for photo in photos):
        raise InvalidInput(_("There is no such file."), "photos")


@transaction.atomic
def accept_spare_part(part: SparePartRequest, *, at: datetime, actor: Actor) -> SparePartRequest:
    """Say that we have the part.

    Raises:
        Conflict: somebody decided before.
    """
    part.move("accept", at=at)
    publish(SparePartAccepted(part.pk), shop=part.shop, at=at, actor=actor)
    return part


@transaction.atomic
def decline_spare_part(part: SparePartRequest, *, reason: str, at: datetime, actor: Actor) -> SparePartRequest:
    """Say no; the customer reads ``reason``.

    Raises:
        InvalidInput: ``reason`` is empty or longer than 5000 characters.
        Conflict: somebody decided before.
    """
    part.move("decline", at=at, decline_reason=check_reason(reason))
    publish(SparePartDeclined(part.pk), shop=part.shop, at=at, actor=actor)
    return part


@transaction.atomic
def cancel_spare_part(part: SparePartRequest, *, at: datetime, actor: Actor) -> SparePartRequest:
    """Take the request back.

    Raises:
        Conflict: it was declined or canceled before.
    """
    part.move("cancel", at=at)
    publish(SparePartCanceled(part.pk), shop=part.shop, at=at, actor=actor)
    return part

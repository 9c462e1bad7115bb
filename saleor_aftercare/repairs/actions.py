"""What people do with repair requests, one function per verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop, StoredFile

from .events import (
    RepairAccepted,
    RepairCanceled,
    RepairCheckedIn,
    RepairDeclined,
    RepairRequested,
    RepairTakenBack,
)
from .models import RepairRequest, RepairState
from .policy import MAX_DESCRIPTION, RepairForm, check_form, check_reason


@transaction.atomic
def request_repair(
    shop: Shop,
    *,
    order: Order | None,
    order_line: OrderLine | None,
    product_name: str,
    serial_number: str,
    description: str,
    photos: Sequence[StoredFile],
    customer_name: str,
    customer_email: str,
    language: str,
    at: datetime,
    actor: Actor,
) -> RepairRequest:
    """Ask for a repair.

    ``order`` and ``order_line`` are None for a product that was not bought here.

    Raises:
        InvalidInput: names the field: ``product_name``, ``serial_number``, ``description``,
            ``customer_name``, ``customer_email``, ``photos``, ``order`` or ``order_line``.
    """
    _check_belongings(shop, order, order_line, photos)
    form = check_form(
        RepairForm(
            product_name=product_name,
            serial_number=serial_number,
            description=description,
            customer_name=customer_name,
            customer_email=customer_email,
            photos=tuple(photos),
        )
    )
    repair = RepairRequest.objects.create(
        shop=shop,
        number=f"REP-{next_number(shop, 'repair')}",
        order=order,
        order_line=order_line,
        customer_name=form.customer_name,
        customer_email=form.customer_email,
        language=language,
        product_name=form.product_name,
        serial_number=form.serial_number,
        description=form.description,
        state_since=at,
        requested_at=at,
    )
    repair.photos.set(form.photos)
    publish(RepairRequested(repair.pk), shop=shop, at=at, actor=actor)
    return repair


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
def accept_repair(repair: RepairRequest, *, at: datetime, actor: Actor) -> RepairRequest:
    """Let the customer send the product in; the intake slip is made and mailed by a job.

    Raises:
        Refused: the shop has no return address to print on the slip.
        Conflict: somebody decided before.
    """
    return_address_of(repair.shop)
    repair.move("accept", at=at)
    publish(RepairAccepted(repair.pk), shop=repair.shop, at=at, actor=actor)
    schedule(
        "repairs.make_slip",
        key=f"repairs.make_slip:{repair.pk}",
        shop=repair.shop,
        due_at=at,
        payload={"repair": repair.pk},
    )
    return repair


@transaction.atomic
def decline_repair(repair: RepairRequest, *, reason: str, at: datetime, actor: Actor) -> RepairRequest:
    """Say no; the customer reads ``reason``.

    Raises:
        InvalidInput: ``reason`` is empty or longer than 5000 characters.
        Conflict: somebody decided before.
    """
    repair.move("decline", at=at, decline_reason=check_reason(reason))
    publish(RepairDeclined(repair.pk), shop=repair.shop, at=at, actor=actor)
    return repair


@transaction.atomic
def cancel_repair(repair: RepairRequest, *, at: datetime, actor: Actor) -> RepairRequest:
    """Take the request back.

    Raises:
        Conflict: it was declined or canceled before, or the product is here already.
    """
    repair.move("cancel", at=at)
    publish(RepairCanceled(repair.pk), shop=repair.shop, at=at, actor=actor)
    return repair


@transaction.atomic
def check_in_repair(
    repair: RepairRequest,
    *,
    findings: str = "",
    serial_numbers: Sequence[str] = (),
    photos: Sequence[StoredFile] = (),
    at: datetime,
    actor: Actor,
) -> RepairRequest:
    """The product is here. What the warehouse found, and its photos and serial numbers, are added to the case.

    Of several units some may come later: what is found of them is added, and nobody is told once more.

    Raises:
        InvalidInput: ``findings`` is longer than 5000 characters.
        Conflict: it was declined or canceled.
    """
    findings = texts.paragraphs(findings, "findings", limit=MAX_DESCRIPTION, required=False)
    locked = RepairRequest.objects.select_for_update(of=("self",)).select_related("shop").get(pk=repair.pk)
    if locked.state != RepairState.CHECKED_IN:
        locked.move("check_in", at=at, checked_in_at=at)
        publish(RepairCheckedIn(locked.pk), shop=locked.shop, at=at, actor=actor)
    known = [one for one in locked.serial_number.split(", ") if one]
    locked.serial_number = ", ".join(dict.fromkeys([*known, *serial_numbers]))
    locked.findings = "\n\n".join(filter(None, (locked.findings, findings)))
    locked.save(update_fields=["serial_number", "findings"])
    locked.photos.add(*photos)
    for name in ("state", "state_since", "checked_in_at", "serial_number", "findings"):
        setattr(repair, name, getattr(locked, name))
    return repair


@transaction.atomic
def take_back_repair(repair: RepairRequest, *, at: datetime, actor: Actor) -> RepairRequest:
    """The product is here, and is not repaired after all.

    Raises:
        Conflict: it is not here, or that was decided before.
    """
    repair.move("take_back", at=at)
    publish(RepairTakenBack(repair.pk), shop=repair.shop, at=at, actor=actor)
    return repair

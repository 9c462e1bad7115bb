"""Making labels, and recording in Saleor what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from saleor_aftercare.compensation.queries import read_money
from saleor_aftercare.connection import client
from saleor_aftercare.connection.commands import carry_out, write_command
from saleor_aftercare.connection.models import CommandState, FulfillmentLine, ShopCommand
from saleor_aftercare.connection.orders import remember_order
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, ProviderError
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job

from .events import ReturnRecorded
from .labels import create_label
from .models import Return, ReturnReason, ReturnState


@handles("returns.make_label")
def make_label(job: Job) -> None:
    """Make the label of an approved return, unless it is no longer wanted."""
    ret = Return.objects.select_related("shop", "order", "policy").get(pk=job.payload["return"])
    if ret.state == ReturnState.APPROVED:
        create_label(ret, at=clock.now())


@handles("returns.record")
def record(job: Job) -> None:
    """Let Saleor show the received units as returned, once, without any refund."""
    ret = Return.objects.select_related("shop", "order__shop").get(pk=job.payload["return"])
    if ret.recorded_at is not None:
        return
    at = clock.now()
    command = _command(ret, at=at)
    carry_out(command, at=at)
    if command.state == CommandState.FAILED:
        raise ProviderError(f"{ret.number} could not be recorded in Saleor. {command.error}")
    now_in_saleor = client.call(ret.shop, "order", id=ret.order.saleor_id)["order"]
    with transaction.atomic():
        # Our copy of the order and the mark change together: units are never counted twice, nor forgotten.
        remember_order(ret.shop, now_in_saleor, issued_at=at)
        if Return.objects.filter(pk=ret.pk, recorded_at=None).update(recorded_at=at) == 1:
            publish(ReturnRecorded(ret.pk), shop=ret.shop, at=at)


def _command(ret: Return, *, at: datetime) -> ShopCommand:
    reference = f"return:{ret.pk}:record"
    command = ShopCommand.objects.filter(shop=ret.shop, reference=reference).select_related("shop").first()
    if command is not None:
        return command
    return write_command(
        ret.shop,
        kind="record_return",
        reference=reference,
        subject=("return", ret.pk),
        order_id=ret.order.saleor_id,
        at=at,
        **_request(ret),
    )


def _request(ret: Return) -> dict[str, Any]:
    """The mutation's variables, and what reading back would look for.

    Saleor does not check that fulfilment lines belong to the order, so they are taken from our rows of it.
    """
    _ledger, answer = read_money(ret.order, at=clock.now())
    picked, units = [], {}
    with_reasons = ret.shop.schema_version >= (3, 23)
    for line in ret.lines.select_related("order_line"):
        want = line.quantity_received or 0
        if not want:
            continue
        units[line.order_line.saleor_id] = want
        for unit in (
            FulfillmentLine.objects.filter(order_line=line.order_line, quantity__gt=0, fulfillment__gone=False)
            .select_related("fulfillment")
            .order_by("fulfillment__number", "pk")
        ):
            if want and unit.fulfillment.in_customers_hands:
                taken = min(want, unit.quantity)
                want -= taken
                one = {"fulfillmentLineId": unit.saleor_id, "quantity": taken, "replace": False}
                if with_reasons:
                    one["reason"] = str(ReturnReason(line.reason).label)
                picked.append(one)
        if want:
            raise Conflict(
                f"{ret.number}: Saleor has {want} units fewer than arrived; they were returned or canceled there."
            )
    request: dict[str, Any] = {"fulfillmentLines": picked, "refund": False, "includeShippingCosts": False}
    if with_reasons:
        request["reason"] = ret.number
    return {
        "request": {"order": ret.order.saleor_id, "input": request},
        "trace": {"known": [f["id"] for f in answer["returned"] if f["status"] == "RETURNED"], "units": units},
    }

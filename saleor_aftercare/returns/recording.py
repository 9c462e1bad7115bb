"""Saleor shows as returned what we accepted, exactly once, however often and in however many parcels it came.

What counts is a balance per line: units accepted less units recorded. Each attempt is a command of its own with its
own reference, which stands as the reason on the returned fulfilment (Saleor 3.23+), and is booked on our side in the
transaction that renews our copy of the order. Rejected units are not recorded: they go home again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from saleor_aftercare.compensation.queries import read_money
from saleor_aftercare.connection import client
from saleor_aftercare.connection.commands import carry_out, write_command
from saleor_aftercare.connection.models import CommandState, FulfillmentLine, OrderLine, ShopCommand
from saleor_aftercare.connection.orders import remember_order
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, ProviderError, ProviderUnavailable
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job
from saleor_aftercare.policies.models import ReasonOption, Resolution
from saleor_aftercare.policies.queries import reason_labels

from .events import ReturnNotRecorded, ReturnRecorded
from .models import Return, ReturnLine
from .reception import accepted

KIND = "record_return"


@handles("returns.record")
def record(job: Job) -> None:
    """Let Saleor show the accepted units as returned, without any refund and without a change of stock."""
    ret = Return.objects.select_related("shop", "order__shop").get(pk=job.payload["return"])
    at = clock.now()
    try:
        _record(ret, at=at)
    except ProviderUnavailable:
        raise
    except (Conflict, ProviderError):
        # C1.16: somebody returned or canceled these units in the Dashboard meanwhile; a person has to compare.
        with transaction.atomic():
            publish(ReturnNotRecorded(ret.pk), shop=ret.shop, at=at)
        raise


def _record(ret: Return, *, at: datetime) -> None:
    last = _commands(ret).order_by("-pk").first()
    if last is not None and not last.response.get("booked") and last.state != CommandState.FAILED:
        carry_out(last, at=at)
        _book(ret, last, at=at)
    failed = last if last is not None and last.state == CommandState.FAILED else None
    while command := _next_command(ret, failed, at=at):
        carry_out(command, at=at)
        _book(ret, command, at=at)


def _commands(ret: Return) -> Any:
    return ShopCommand.objects.filter(shop=ret.shop, subject="return", subject_id=ret.pk, kind=KIND).select_related(
        "shop"
    )


def _book(ret: Return, command: ShopCommand, *, at: datetime) -> None:
    """Count the command's units as recorded, once, together with our new copy of the order."""
    if command.state == CommandState.FAILED:
        raise ProviderError(f"{ret.number} could not be recorded in Saleor. {command.error}")
    now_in_saleor = client.call(ret.shop, "order", id=ret.order.saleor_id)["order"]
    with transaction.atomic():
        locked = ShopCommand.objects.select_for_update().get(pk=command.pk)
        if locked.response.get("booked"):
            return
        # Our copy of the order and the count change together: units are never held twice, nor forgotten.
        remember_order(ret.shop, now_in_saleor, issued_at=at)
        for pk, units in locked.trace["lines"].items():
            ReturnLine.objects.filter(pk=pk, ret=ret).update(quantity_recorded=F("quantity_recorded") + units)
        locked.response = {**locked.response, "booked": True}
        locked.save(update_fields=["response"])
        publish(ReturnRecorded(ret.pk), shop=ret.shop, at=at)


def _next_command(ret: Return, failed: ShopCommand | None, *, at: datetime) -> ShopCommand | None:
    """The command for what is still to be recorded; None, and the return is marked, when nothing is."""
    due = _due(ret)
    if not due:
        Return.objects.filter(pk=ret.pk, recorded_at=None).update(recorded_at=at)
        return None
    used = _commands(ret).count()
    words = _request(ret, due, name=ret.number if not used else f"{ret.number}-{used + 1}", at=at)
    if failed is not None and _same(failed.request, words["request"]):
        raise ProviderError(f"{ret.number} could not be recorded in Saleor. {failed.error}")
    reference = f"return:{ret.pk}:record" + (f":{used + 1}" if used else "")
    return write_command(
        ret.shop,
        kind=KIND,
        reference=reference,
        subject=("return", ret.pk),
        order_id=ret.order.saleor_id,
        at=at,
        **words,
    )


def _same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether both ask for the same units; their names differ in any case."""
    return all(old["input"].get(part) == new["input"].get(part) for part in ("fulfillmentLines", "orderLines"))


def _due(ret: Return) -> dict[ReturnLine, int]:
    # What is repaired for the customer goes home again: for Saleor it never came back.
    ours = ReturnLine.objects.filter(ret=ret, kept=False).exclude(resolution=Resolution.REPAIR)
    lines = ours.select_related("order_line").order_by("pk")
    return {line: left for line in lines if (left := accepted(line) - line.quantity_recorded) > 0}


def _request(ret: Return, due: dict[ReturnLine, int], *, name: str, at: datetime) -> dict[str, Any]:
    """The mutation's variables, and what reading back would look for.

    Saleor deletes a fulfilment that was emptied (C1.15), and does not check that fulfilment lines belong to the
    order: they are taken from our rows of it, read anew just before.
    """
    _ledger, answer = read_money(ret.order, at=at)
    with_reasons = ret.shop.schema_version >= (3, 23)
    reasons = _Reasons(ret) if with_reasons else None
    shipped: list[dict[str, Any]] = []
    unshipped: list[dict[str, Any]] = []
    for line, units in due.items():
        words = reasons.of(line) if reasons else {}
        never = min(units, max(0, line.unsent - line.quantity_recorded), _waiting(line.order_line))
        if never:
            unshipped.append({"orderLineId": line.order_line.saleor_id, "quantity": never, "replace": False, **words})
        shipped += [{**one, "replace": False, **words} for one in _picked(ret, line.order_line, units - never)]
    request: dict[str, Any] = {"refund": False, "includeShippingCosts": False}
    request |= {"fulfillmentLines": shipped} if shipped else {}
    request |= {"orderLines": unshipped} if unshipped else {}
    if with_reasons:
        request["reason"] = name
    return {
        "request": {"order": ret.order.saleor_id, "input": request},
        "trace": {
            "known": [f["id"] for f in answer["returned"] if f["status"] == "RETURNED"],
            "units": {line.order_line.saleor_id: units for line, units in due.items()},
            "lines": {str(line.pk): units for line, units in due.items()},
        },
    }


def _waiting(line: OrderLine) -> int:
    """Units of an order line that are not in any parcel yet."""
    rows = FulfillmentLine.objects.filter(order_line=line).filter(
        Q(fulfillment__dispatched=True) | Q(fulfillment__status="WAITING_FOR_APPROVAL")
    )
    return max(0, line.quantity - sum(row.dispatched_quantity or row.quantity for row in rows))


def _picked(ret: Return, line: OrderLine, want: int) -> list[dict[str, Any]]:
    picked = []
    rows = FulfillmentLine.objects.filter(order_line=line, quantity__gt=0, fulfillment__gone=False)
    for unit in rows.select_related("fulfillment").order_by("fulfillment__number", "pk"):
        if want and unit.fulfillment.in_customers_hands:
            taken = min(want, unit.quantity)
            want -= taken
            picked.append({"fulfillmentLineId": unit.saleor_id, "quantity": taken})
    if want:
        raise Conflict(
            f"{ret.number}: Saleor has {want} units fewer than arrived; they were returned or canceled there."
        )
    return picked


class _Reasons:
    """What Saleor is told about why; its own list of reasons is named where the shop connected ours with it."""

    def __init__(self, ret: Return) -> None:
        rows = ReasonOption.objects.filter(shop=ret.shop).exclude(saleor_return_reference="")
        self.references = dict(rows.values_list("code", "saleor_return_reference"))
        self.labels = reason_labels(ret.shop, ret.shop.settings.default_language)

    def of(self, line: ReturnLine) -> dict[str, str]:
        """The fields of one line."""
        words = {"reason": self.labels.get(line.reason, line.reason)}
        if reference := self.references.get(line.reason):
            words["reasonReference"] = reference
        return words

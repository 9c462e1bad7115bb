"""Each kind of effect in Saleor on an order of the practice shop, for tests that break it halfway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine

from saleor_aftercare.connection.commands import carry_out, write_command
from saleor_aftercare.connection.models import ShopCommand
from saleor_aftercare.core import clock
from saleor_aftercare.sandbox import fulfill, grant_refund, pay_by_card, place_order
from tests.house import House
from tests.make import NOON

KINDS = ["record_return", "grant_refund", "request_refund", "manual_refund"]


@dataclass
class Deed:
    """One effect on one order of the practice shop, and how often Saleor has done it."""

    house: House
    placed: Any
    command: ShopCommand
    count: Callable[[], int]

    @property
    def state(self) -> str:
        return ShopCommand.objects.get(pk=self.command.pk).state

    def carry_out(self) -> ShopCommand:
        """As another worker would: from the row."""
        return carry_out(ShopCommand.objects.get(pk=self.command.pk), at=clock.now())

    def carry_out_later(self, minutes: int = 3) -> ShopCommand:
        with time_machine.travel(clock.real_now() + timedelta(minutes=minutes)):
            return self.carry_out()


def sold(house: House) -> Any:
    placed = place_order(
        house.saleor,
        user=next(user for user in house.saleor.state.users if not user.is_staff),
        lines=[("KETTLE-KAZE-BLK", 2)],
    )
    pay_by_card(house.saleor, placed)
    fulfill(house.saleor, placed)
    return placed


def make_deed(house: House, kind: str) -> Deed:
    """The command of ``kind``, written and not sent."""
    placed = sold(house)
    payment = placed.transactions[0]
    trace: dict[str, Any] = {}
    if kind == "record_return":
        parcel = placed.fulfillments[0]
        line = parcel.lines[0]
        given = {"fulfillmentLineId": line.id, "quantity": 1, "replace": False}
        request = {"order": placed.id, "input": {"fulfillmentLines": [given], "refund": False}}
        if house.shop.schema_version >= (3, 23):
            request["input"]["reason"] = "RMA-1001"
        trace = {"known": [parcel.id], "units": {line.order_line: 1}}

        def count() -> int:
            return sum(f.status == "RETURNED" and bool(f.lines) for f in placed.fulfillments)

    elif kind == "grant_refund":
        request = {"id": placed.id, "input": {"amount": "500", "reason": "RMA-1001/1", "transactionId": payment.id}}

        def count() -> int:
            return len(placed.granted_refunds)

    elif kind == "request_refund":
        granted = grant_refund(house.saleor, placed, amount=Decimal(500), reason="x", transaction_id=payment.id)
        request = {"grantedRefundId": granted.id}

        def count() -> int:
            return len(house.saleor.state.pending_refunds)

    else:
        money = {"amount": "500", "currency": house.saleor.currency(placed)}
        request = {
            "id": placed.id,
            "transaction": {"name": "Manual refund", "pspReference": "aftercare-1", "amountRefunded": money},
            "event": {"message": "RMA-1001"},
        }

        def count() -> int:
            return len(placed.transactions) - 1

    command = write_command(
        house.shop,
        kind=kind,
        reference=f"test:{kind}",
        subject=("test", 1),
        order_id=placed.id,
        request=request,
        at=NOON,
        trace=trace,
    )
    return Deed(house, placed, command, count)

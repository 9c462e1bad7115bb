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
from saleor_aftercare.sandbox.ordering import complete_draft, create_draft, set_shipping
from saleor_aftercare.sandbox.pricing import reprice
from tests.house import House
from tests.make import NOON

DRAFTS = ["create_draft", "choose_shipping", "discount_draft", "complete_draft", "delete_draft", "cancel_order"]
KINDS = ["record_return", "grant_refund", "request_refund", "manual_refund", *DRAFTS]


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


def make_draft_deed(house: House, kind: str) -> Deed:
    """One step of an order that we make: everything before it is done."""
    first = sold(house)
    reference, method = "aftercare:test:1", house.saleor.state.shipping_methods[1].id
    values: dict[str, Any] = {
        "channel_id": house.saleor.channel(first.channel).id,
        "user": first.user,
        "shipping_address": first.shipping_address,
        "lines": [{"variant_id": first.lines[0].variant, "quantity": 1, "price": Decimal(0)}],
    }

    def made() -> list[Any]:
        return [order for order in house.saleor.state.orders if order.external_reference == reference]

    counts: dict[str, Callable[[], int]] = {
        "create_draft": lambda: len(made()),
        "choose_shipping": lambda: sum(order.shipping_method == method for order in made()),
        "discount_draft": lambda: sum(len(order.discounts) for order in made()),
        "complete_draft": lambda: sum(order.status == "UNFULFILLED" for order in made()),
        "delete_draft": lambda: 1 - len(made()),
        "cancel_order": lambda: sum(order.status == "CANCELED" for order in made()),
    }
    if kind == "create_draft":
        address = {"streetAddress1": "1 Main St", "city": "Portland", "postalCode": "97205", "country": "US"}
        line = {"variantId": values["lines"][0]["variant_id"], "quantity": 1, "price": "0", "forceNewLine": True}
        request: dict[str, Any] = {
            "input": {
                "channelId": values["channel_id"],
                "externalReference": reference,
                "shippingAddress": address,
                "lines": [line],
            }
        }
    else:
        draft = create_draft(house.saleor, values | {"external_reference": reference})
        if kind != "choose_shipping":
            set_shipping(house.saleor, draft, method)
            reprice(house.saleor, draft)
        if kind == "cancel_order":
            complete_draft(house.saleor, draft)
        request = {"id": draft.id}
        if kind == "choose_shipping":
            request["input"] = {"shippingMethod": method}
        elif kind == "discount_draft":
            discount = {"valueType": "PERCENTAGE", "value": "100", "reason": "RMA-1001"}
            request = {"order": draft.id, "input": discount}
    command = write_command(
        house.shop,
        kind=kind,
        reference=f"test:{kind}",
        subject=("test", 1),
        order_id=first.id,
        request=request,
        at=NOON,
        trace={"reference": reference},
    )
    return Deed(house, first, command, counts[kind])


def make_deed(house: House, kind: str) -> Deed:
    """The command of ``kind``, written and not sent."""
    if kind in DRAFTS:
        return make_draft_deed(house, kind)
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

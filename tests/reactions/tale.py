"""What happens in a tale, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.compensation.models import Refund
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import CUSTOMER, Actor
from saleor_aftercare.core.models import ActorKind
from saleor_aftercare.inbox import queries
from saleor_aftercare.inbox.models import MessageKind, Ticket
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.models import Return, ReturnReason
from saleor_aftercare.returns.settlement import preview_settlement
from saleor_aftercare.sandbox import (
    settle_refunds,
)
from tests.house import House
from tests.make import make_file

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
EMAILS = {"en": "jade.guerrero@example.com", "ja": "hanako.yamada@example.com"}

both_languages = pytest.mark.parametrize("language", ["en", "ja"])
ARRIVED = {"en": "Has your order {order} arrived safely?", "ja": "ご注文 {order} は無事に届きましたか"}
REQUESTED = {"en": "We have received your return request {number}", "ja": "返品申請 {number} を受け付けました"}
APPROVED = {
    "en": "Your return {number} is approved: here is your label",
    "ja": "返品 {number} を承りました（返品ラベル添付）",
}


def sell(house: House, language: str = "en", quantity: int = 2) -> tuple[Any, Order]:
    """An order of a customer of that language, on its way; here and there."""
    placed = house.sell([(house.saleor.state.variants[0].sku, quantity)], email=EMAILS[language])
    return placed, house.order(placed)


def subjects(mailoutbox: list[Any]) -> list[str]:
    """The subjects of the letters since the last look."""
    found = [letter.subject for letter in mailoutbox]
    mailoutbox.clear()
    return found


def story(ticket: Ticket | None) -> list[str]:
    """The lines of a ticket that nobody wrote."""
    assert ticket is not None
    return [m.event for m in queries.messages_of(ticket) if m.kind == MessageKind.SYSTEM]


def said(ticket: Ticket) -> list[str]:
    return [m.body for m in queries.messages_of(ticket) if m.kind == MessageKind.CUSTOMER]


def ask_back(order: Order, *, actor: Actor = CUSTOMER, note: str = "One is broken.", **unit: Any) -> Return:
    units = [returns.UnitsAsked(order.lines.get(), 1, ReturnReason.DEFECTIVE, **unit)]
    return returns.request_return(order, units=units, note=note, at=clock.now(), actor=actor)


def pay_back(house: House, ret: Return, outcome: str = "success") -> Refund:
    seen = preview_settlement(ret, at=clock.now())
    settlement = returns.settle_return(
        ret, fingerprint=seen.fingerprint, key="press-1", note="", at=clock.now(), actor=MEI
    )
    house.settle()
    settle_refunds(house.saleor, outcome)
    house.settle()
    return Refund.objects.get(settlement=settlement)


def wish(house: House, order: Order, **values: Any) -> dict[str, Any]:
    return {
        "order": order,
        "order_line": order.lines.get(),
        "product_name": "Hand grinder",
        "serial_number": "SN-1",
        "photos": (make_file(house.shop, name="lid.jpg", content_type="image/jpeg"),),
        "customer_name": order.customer_name,
        "customer_email": order.email,
        "language": order.language,
        "at": clock.now(),
        "actor": CUSTOMER,
    } | values

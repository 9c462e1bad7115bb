"""Returns and money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from saleor_aftercare.compensation.models import Refund, RefundMethod, RefundState
from saleor_aftercare.connection.models import (
    Order,
    OrderLine,
)
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.policies.documents import store
from saleor_aftercare.policies.models import ReturnPolicy, ReturnShippingPayer
from saleor_aftercare.policies.rules import Policy, Rule
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnReason, ReturnState

from .base import DAY, NOON, serial
from .orders import make_order
from .shops import make_file


def make_policy(shop: Shop, *, rules: Sequence[Rule] | None = None, **values: Any) -> ReturnPolicy:
    """The next version of a shop's return rules: 30 days from delivery, the customer pays, staff decides.

    ``values`` are fields of ``rules.Policy``, or of its only rule while ``rules`` is None.
    """
    newest = ReturnPolicy.objects.filter(shop=shop).order_by("-version").first()
    of_rule = {name: values.pop(name) for name in {field.name for field in fields(Rule)} & values.keys()}
    version = values.pop("version", newest.version + 1 if newest else 1)
    at = values.pop("created_at", NOON - 90 * DAY)
    chosen = tuple(rules) if rules is not None else (Rule(**{"position": 0, **of_rule}),)
    return store(
        shop,
        Policy(rules=tuple(replace(rule, position=n) for n, rule in enumerate(chosen)), **values),
        version=version,
        at=at,
    )


def make_return(
    order: Order | None = None,
    *,
    state: ReturnState = ReturnState.REQUESTED,
    units: Mapping[OrderLine, int] | None = None,
    reason: ReturnReason = ReturnReason.DEFECTIVE,
    label: bool = False,
    token: str = "",
    **values: Any,
) -> Return:
    """A return of ``units``, one unit of the order's first line when not said, of an order delivered yesterday.

    Received and resolved returns have every unit received; ``label`` adds a printable label.
    """
    order = order or make_order(delivered=NOON - DAY)
    n = serial()
    policy = ReturnPolicy.objects.filter(shop=order.shop).order_by("-version").first()
    ret = Return.objects.create(
        **{
            "shop": order.shop,
            "number": f"RMA-{1000 + n}",
            "order": order,
            "policy": policy or make_policy(order.shop),
            "state": state,
            "state_since": NOON,
            "verdict": Verdict.ASK_STAFF,
            "decline_reason": "It was used." if state == ReturnState.DECLINED else "",
            "requested_at": NOON,
            "payer": ReturnShippingPayer.CUSTOMER,
        }
        | values
    )
    arrived = state in {ReturnState.RECEIVED, ReturnState.RESOLVED}
    for line, quantity in (units or {order.lines.all()[0]: 1}).items():
        ReturnLine.objects.create(
            ret=ret,
            order_line=line,
            quantity=quantity,
            quantity_received=quantity if arrived else None,
            reason=reason,
        )
    if label:
        make_return_label(ret)
    return ret


def make_return_label(ret: Return) -> Parcel:
    """The first parcel of a return, with a label of both paper sizes."""
    a6, a4 = (
        make_file(ret.shop, name=f"{ret.number}-{size}.pdf", data=f"%PDF-1.7 {size}".encode()) for size in ("a6", "a4")
    )
    return Parcel.objects.create(
        shop=ret.shop,
        subject="return",
        subject_id=ret.pk,
        case_number=ret.number,
        order=ret.order,
        reference=f"{ret.shop.handle}.{ret.number}",
        provider="printable",
        state=ParcelState.READY if ret.state == ReturnState.APPROVED else ParcelState.ARRIVED,
        state_since=NOON,
        carrier="printable",
        payer=ret.payer,
        a6=a6,
        a4=a4,
        created_at=NOON,
    )


def make_refund(ret: Return | None = None, *, state: RefundState = RefundState.PENDING, **values: Any) -> Refund:
    """Ten euros going back for a return."""
    ret = ret or make_return(state=ReturnState.RECEIVED)
    n = serial()
    return Refund.objects.create(
        **{
            "shop": ret.shop,
            "key": f"refund-{n}",
            "reference": f"{ret.number}/{n}",
            "order": ret.order,
            "subject": "return",
            "subject_id": ret.pk,
            "amount": Decimal("10.00"),
            "currency": ret.order.currency,
            "method": RefundMethod.PAYMENT_APP,
            "state": state,
            "state_since": NOON,
            "requested_by": "Mei Tanaka",
            "created_at": NOON,
            "settled_at": NOON if state == RefundState.SUCCEEDED else None,
        }
        | values
    )

"""Refunds over the API: who sees what of them. How they are started: ``test_settlements``."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.compensation.models import RefundState
from saleor_aftercare.connection.models import CommandState
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import ReturnState
from tests.graphql.api import as_customer, as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    make_command,
    make_event,
    make_order,
    make_refund,
    make_return,
)

pytestmark = pytest.mark.django_db


def delivered_order(**values: Any) -> Any:
    return make_order(shop_with_key(), delivered=NOON - DAY, **values)


SEEN = """query ($id: ID!) { return(id: $id) {
  refund { amount { amount } state failure steps { kind label state error } actions }
  settlementPreview { total { amount } }
  timeline { event text actor } statusUrl recordedInSaleor
} }"""


def test_customers_see_that_a_refund_is_under_way_and_none_of_its_insides():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)
    back = make_refund(ret, state=RefundState.NEEDS_STAFF, failure="SECRET")
    make_command(ret.shop, subject_id=back.pk, kind="request_refund", state=CommandState.UNKNOWN, error="SECRET")
    data = {"case": "return", "case_id": ret.pk, "amount": "10.00", "currency": "EUR"}
    for kind, subject, pk, about in (
        ("return.requested", "return", ret.pk, {}),
        ("return.approved", "return", ret.pk, {}),
        ("return.recorded", "return", ret.pk, {}),
        ("refund.started", "refund", back.pk, data),
        ("refund.needs_staff", "refund", back.pk, data | {"reason": "SECRET"}),
        ("return.approved", "return", ret.pk + 1, {}),
    ):
        make_event(
            ret.shop, kind=kind, subject=subject, subject_id=pk, data=about, actor_kind="staff", actor_name="Mei SECRET"
        )
    id = to_global_id("Return", ret.pk)  # noqa: A001

    customer = as_customer(ret.order).ask(SEEN, id=id)
    staff = as_staff(ret.shop).ask(SEEN.replace("settlementPreview { total { amount } }", ""), id=id).data["return"]

    seen = customer.data["return"]
    assert "SECRET" not in str(customer.body)
    assert seen["refund"] == {
        "amount": {"amount": "10.00"},
        "state": "NEEDS_STAFF",
        "failure": None,
        "steps": [],
        "actions": [],
    }
    assert seen["settlementPreview"] is None
    assert seen["timeline"] == [
        {"event": "return.requested", "text": "The return was requested.", "actor": None},
        {"event": "return.approved", "text": "The return was approved.", "actor": None},
        {"event": "refund.started", "text": "A refund of €10.00 is under way.", "actor": None},
    ]
    assert seen["statusUrl"].startswith(f"https://aftercare.test/portal/{ret.shop.handle}/returns/{ret.number}/?t=")
    assert staff["refund"]["steps"] == [
        {"kind": "request_refund", "label": "Ask the payment app to pay", "state": "UNKNOWN", "error": "SECRET"}
    ]
    assert staff["refund"]["actions"] == ["retry"]
    assert len(staff["timeline"]) == 5
    assert staff["timeline"][0]["actor"] == "Mei SECRET"


def test_staff_who_may_not_pay_are_offered_no_settlement():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)
    query = "query ($id: ID!) { return(id: $id) { actions } }"
    id = to_global_id("Return", ret.pk)  # noqa: A001

    without = as_staff(ret.shop, ("MANAGE_ORDERS",)).ask(query, id=id).data["return"]["actions"]
    assert "settle" not in without
    assert {*as_staff(ret.shop).ask(query, id=id).data["return"]["actions"]} == {*without, "settle"}

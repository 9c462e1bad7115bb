"""Money over the API: who starts a refund, of how much, and who sees what of it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from saleor_aftercare.compensation.models import Refund, RefundState
from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import CommandState
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import Return, ReturnState
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


# -- money -------------------------------------------------------------------------------------------------------------

REFUND = """mutation ($id: ID!, $input: ReturnRefundInput!) { returnRefund(id: $id, input: $input) {
  refund { amount { amount currency } method state steps { kind } actions failure settledAt } return { actions }
  errors { code field }
} }"""


class TokenVerify:
    """A Saleor that says whether staff are still signed in."""

    def __init__(self, user_id: str, *, valid: bool = True) -> None:
        self.valid = valid
        self.user_id = user_id
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert "tokenVerify" in json.loads(request.content)["query"]
        self.asked += 1
        user = {"id": self.user_id, "isActive": True}
        return httpx.Response(200, json={"data": {"tokenVerify": {"isValid": self.valid, "user": user, "errors": []}}})


def refund(ret: Return, *, valid: bool = True, **change: Any) -> tuple[Any, TokenVerify]:
    from tests.make import make_staff

    member = make_staff(ret.shop)
    saleor = TokenVerify(member.user_id, valid=valid)
    with client.using_transport(httpx.MockTransport(saleor)):
        answer = as_staff(ret.shop, member=member).ask(
            REFUND,
            id=to_global_id("Return", ret.pk),
            input={"amount": "10.00", "method": "MANUAL", "idempotencyKey": "press-1"} | change,
        )
    return answer, saleor


def test_a_refund_is_started_after_saleor_confirmed_the_person():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    answer, saleor = refund(ret)

    made = answer.payload("returnRefund")
    assert made["refund"] == {
        "amount": {"amount": "10.00", "currency": "EUR"},
        "method": "MANUAL",
        "state": "PENDING",
        "steps": [],
        "actions": [],
        "failure": None,
        "settledAt": None,
    }
    assert made["return"] == {"actions": []}
    assert saleor.asked == 1


def test_somebody_signed_out_meanwhile_gets_401_and_pays_nothing():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    answer, _saleor = refund(ret, valid=False)

    assert answer.status == 401
    assert answer.code == "UNAUTHENTICATED"
    assert not Refund.objects.exists()


def test_a_button_pressed_twice_pays_once():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    refund(ret)
    again, _saleor = refund(ret)

    assert again.payload("returnRefund")["refund"]
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount": "0"}, ("INVALID", "amount")),
        ({"amount": "-1"}, ("INVALID", "amount")),
        ({"amount": "1.001"}, ("INVALID", "amount")),
        ({"amount": "1e20"}, ("INVALID", "amount")),
        ({"amount": "29.91"}, ("REFUSED", "amount")),
        ({"idempotencyKey": ""}, ("INVALID", "idempotencyKey")),
        ({"idempotencyKey": "x" * 121}, ("INVALID", "idempotencyKey")),
        ({"note": "x" * 501}, ("INVALID", "note")),
    ],
)
def test_an_amount_that_is_not_due_is_named_and_nothing_is_paid(change: dict[str, Any], error: tuple[str, str]):
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    answer, _saleor = refund(ret, **change)

    assert answer.refusal("returnRefund") == error
    assert not Refund.objects.exists()


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "", "1,00", "0x1", True, [], {"a": 1}])
def test_what_is_no_number_never_reaches_the_money(amount: Any):
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    answer, _saleor = refund(ret, amount=amount)

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")
    assert not Refund.objects.exists()


def test_a_number_is_taken_as_exactly_as_text():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    answer, _saleor = refund(ret, amount=29.9)

    assert answer.payload("returnRefund")["refund"]["amount"]["amount"] == "29.90"


def test_goods_that_are_not_here_are_not_refunded():
    ret = make_return(delivered_order(), state=ReturnState.APPROVED)

    answer, _saleor = refund(ret)

    assert answer.refusal("returnRefund") == ("CONFLICT", None)


def test_a_saleor_that_does_not_answer_is_told_as_that():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)

    def fail(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("slow")

    with client.using_transport(httpx.MockTransport(fail)):
        answer = as_staff(ret.shop).ask(
            REFUND,
            id=to_global_id("Return", ret.pk),
            input={"amount": "10.00", "method": "MANUAL", "idempotencyKey": "k"},
        )

    code, _field = answer.refusal("returnRefund")
    assert code == "PROVIDER_UNAVAILABLE"
    assert not Refund.objects.exists()


SEEN = """query ($id: ID!) { return(id: $id) {
  refund { amount { amount } state failure steps { kind label state error } actions }
  refundPreview { suggested { amount } }
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
    staff = as_staff(ret.shop).ask(SEEN.replace("refundPreview { suggested { amount } }", ""), id=id).data["return"]

    seen = customer.data["return"]
    assert "SECRET" not in str(customer.body)
    assert seen["refund"] == {
        "amount": {"amount": "10.00"},
        "state": "NEEDS_STAFF",
        "failure": None,
        "steps": [],
        "actions": [],
    }
    assert seen["refundPreview"] is None
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


def test_staff_who_may_not_pay_are_offered_no_refund():
    ret = make_return(delivered_order(), state=ReturnState.RECEIVED)
    query = "query ($id: ID!) { return(id: $id) { actions } }"
    id = to_global_id("Return", ret.pk)  # noqa: A001

    assert as_staff(ret.shop, ("MANAGE_ORDERS",)).ask(query, id=id).data["return"] == {"actions": []}
    assert as_staff(ret.shop).ask(query, id=id).data["return"] == {"actions": ["refund"]}

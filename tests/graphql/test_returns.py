"""Returns and their money over the API, from the customer's request to the refund."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from saleor_aftercare.compensation.models import Refund, RefundState
from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import CommandState, Fulfillment
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import Return, ReturnState
from tests.graphql.api import Asker, as_customer, as_guest, as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    Line,
    make_command,
    make_event,
    make_file,
    make_order,
    make_policy,
    make_refund,
    make_return,
)

pytestmark = pytest.mark.django_db

CREATE = """mutation ($input: ReturnRequestCreateInput!) { returnRequestCreate(input: $input) {
  return { number state verdict policyMessages whoPaysReturnShipping actions note
           lines { quantity reason note amount { amount currency } } }
  errors { code field message }
} }"""


def asked(order: Any, **line: Any) -> dict[str, Any]:
    return {
        "orderId": order.saleor_id,
        "lines": [{"orderLineId": order.lines.get().saleor_id, "quantity": 1, "reason": "TOO_SMALL"} | line],
    }


def delivered_order(**values: Any) -> Any:
    return make_order(shop_with_key(), delivered=NOON - DAY, **values)


# -- asking ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [as_customer, as_guest, lambda order: as_staff(order.shop)])
def test_customers_guests_and_staff_ask_for_a_return(who: Any):
    order = delivered_order()
    asker: Asker = who(order)

    made = asker.ask(CREATE, input=asked(order, note="Too tight") | {"note": "Sorry"}).payload("returnRequestCreate")

    ret = Return.objects.get()
    staff = who not in (as_customer, as_guest)
    assert made["return"] == {
        "number": ret.number,
        "state": "REQUESTED",
        "verdict": "ASK_STAFF",
        "policyMessages": ["We look at every request before we approve it."],
        "whoPaysReturnShipping": "CUSTOMER",
        "actions": ["approve", "decline", "cancel"] if staff else ["cancel"],
        "note": "Sorry",
        "lines": [
            {
                "quantity": 1,
                "reason": "TOO_SMALL",
                "note": "Too tight",
                "amount": {"amount": "29.90", "currency": "EUR"},
            }
        ],
    }


def test_within_the_rules_a_return_is_approved_at_once():
    order = delivered_order()
    make_policy(order.shop, auto_approve=True)

    made = as_customer(order).ask(CREATE, input=asked(order)).payload("returnRequestCreate")

    assert (made["return"]["state"], made["return"]["verdict"]) == ("APPROVED", "ACCEPT")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"quantity": 0}, ("INVALID", "lines.0.quantity")),
        ({"quantity": -1}, ("INVALID", "lines.0.quantity")),
        ({"quantity": 3}, ("REFUSED", "lines.0.quantity")),
        ({"note": "x" * 5001}, ("INVALID", "lines.0.note")),
        ({"orderLineId": "x"}, ("NOT_FOUND", "lines.0.orderLineId")),
    ],
)
def test_what_is_wrong_with_a_request_is_named_and_nothing_is_made(change: dict[str, Any], error: tuple[str, str]):
    order = delivered_order()

    answer = as_customer(order).ask(CREATE, input=asked(order, **change))

    assert answer.refusal("returnRequestCreate") == error
    assert not Return.objects.exists()


def test_no_lines_and_lines_twice_are_named():
    order = delivered_order()
    customer = as_customer(order)
    twice = asked(order)
    twice["lines"] *= 2

    assert customer.ask(CREATE, input=asked(order) | {"lines": []}).refusal("returnRequestCreate") == (
        "INVALID",
        "lines",
    )
    assert customer.ask(CREATE, input=twice).refusal("returnRequestCreate") == ("INVALID", "lines")


def test_a_line_of_another_order_of_the_same_customer_is_not_found():
    order = delivered_order()
    other = make_order(order.shop, user_id=order.user_id, delivered=NOON - DAY)

    answer = as_customer(order).ask(CREATE, input=asked(order, orderLineId=other.lines.get().saleor_id))

    assert answer.refusal("returnRequestCreate") == ("NOT_FOUND", "lines.0.orderLineId")


def test_the_last_unit_is_given_once():
    order = delivered_order(lines=(Line(quantity=1, total=Decimal("10.00")),))
    customer = as_customer(order)
    customer.ask(CREATE, input=asked(order)).payload("returnRequestCreate")

    again = customer.ask(CREATE, input=asked(order))

    assert again.refusal("returnRequestCreate") == ("REFUSED", "lines.0")
    assert Return.objects.count() == 1


def test_what_may_come_back_is_told_line_by_line():
    order = delivered_order(
        lines=(Line(quantity=3, total=Decimal("10.00")), Line(sku="GIFT", is_gift_card=True, quantity=1))
    )
    make_policy(order.shop, auto_approve=True, window_days=30)

    lines = (
        as_customer(order)
        .ask(
            """query ($id: ID!) { order(id: $id) { lines {
          quantity returnableQuantity unitPrice { amount currency }
          eligibility { verdict reasons messages returnableUntil }
        } } }""",
            id=order.saleor_id,
        )
        .data["order"]["lines"]
    )

    assert lines == [
        {
            "quantity": 3,
            "returnableQuantity": 3,
            "unitPrice": {"amount": "3.33", "currency": "EUR"},
            "eligibility": {
                "verdict": "ACCEPT",
                "reasons": [],
                "messages": [],
                "returnableUntil": "2025-07-01T23:59:59+00:00",
            },
        },
        {
            "quantity": 1,
            "returnableQuantity": 0,
            "unitPrice": {"amount": "59.80", "currency": "EUR"},
            "eligibility": {
                "verdict": "REFUSE",
                "reasons": ["gift_card"],
                "messages": ["Gift cards cannot be returned."],
                "returnableUntil": "2025-07-01T23:59:59+00:00",
            },
        },
    ]


def test_the_last_day_ends_in_the_shops_time_zone():
    shop = shop_with_key(settings={"time_zone": "Asia/Tokyo"})
    order = make_order(shop, delivered=NOON - DAY)

    line = (
        as_customer(order)
        .ask("query ($id: ID!) { order(id: $id) { lines { eligibility { returnableUntil } } } }", id=order.saleor_id)
        .data["order"]["lines"][0]
    )

    assert line["eligibility"]["returnableUntil"] == "2025-07-01T14:59:59+00:00"


def test_yen_have_no_decimals():
    order = delivered_order(currency="JPY", lines=(Line(quantity=3, total=Decimal(1000)),), shipping=Decimal(500))

    seen = (
        as_customer(order)
        .ask(
            """query ($id: ID!) { order(id: $id) {
              total { amount } shippingPrice { amount } lines { unitPrice { amount } } } }""",
            id=order.saleor_id,
        )
        .data["order"]
    )

    assert seen == {
        "total": {"amount": "1500"},
        "shippingPrice": {"amount": "500"},
        "lines": [{"unitPrice": {"amount": "333"}}],
    }


# -- staff -------------------------------------------------------------------------------------------------------------


def test_staff_take_a_return_from_request_to_goods():
    ret = make_return(delivered_order())
    staff = as_staff(ret.shop)
    id = to_global_id("Return", ret.pk)  # noqa: A001

    approved = staff.ask(
        "mutation ($id: ID!) { returnApprove(id: $id) { return { state actions } errors { code } } }", id=id
    ).payload("returnApprove")
    labelled = staff.ask(
        """mutation ($id: ID!) { returnLabelCreate(id: $id) {
          label { number carrier trackingNumber a6Url a4Url createdAt } return { label { number } } errors { code }
        } }""",
        id=id,
    ).payload("returnLabelCreate")
    received = staff.ask(
        """mutation ($id: ID!) { returnReceive(id: $id) {
          return { state actions recordedInSaleor lines { quantityReceived } } errors { code }
        } }""",
        id=id,
    ).payload("returnReceive")

    assert approved["return"] == {"state": "APPROVED", "actions": ["receive", "decline", "cancel"]}
    assert labelled["label"]["number"] == labelled["return"]["label"]["number"] == ret.number
    assert labelled["label"]["a6Url"].startswith("https://aftercare.test/files/")
    assert labelled["label"]["trackingNumber"] is None
    assert received["return"] == {
        "state": "RECEIVED",
        "actions": ["refund"],
        "recordedInSaleor": False,
        "lines": [{"quantityReceived": 1}],
    }


def test_a_label_before_approval_is_a_conflict():
    ret = make_return(delivered_order())

    answer = as_staff(ret.shop).ask(
        "mutation ($id: ID!) { returnLabelCreate(id: $id) { errors { code field } } }",
        id=to_global_id("Return", ret.pk),
    )

    assert answer.refusal("returnLabelCreate") == ("CONFLICT", None)


def test_declining_needs_a_reason_and_tells_it_to_the_customer():
    ret = make_return(delivered_order())
    staff = as_staff(ret.shop)
    id = to_global_id("Return", ret.pk)  # noqa: A001
    query = """mutation ($id: ID!, $r: String!) { returnDecline(id: $id, reason: $r) {
      return { state declineReason } errors { code field } } }"""

    assert staff.ask(query, id=id, r=" ").refusal("returnDecline") == ("INVALID", "reason")
    staff.ask(query, id=id, r="It was worn.").payload("returnDecline")

    seen = as_customer(ret.order).ask("query ($id: ID!) { return(id: $id) { state declineReason actions } }", id=id)
    assert seen.data["return"] == {"state": "DECLINED", "declineReason": "It was worn.", "actions": []}


def test_the_slower_of_two_clerks_gets_a_conflict():
    ret = make_return(delivered_order(), state=ReturnState.DECLINED)

    answer = as_staff(ret.shop).ask(
        "mutation ($id: ID!) { returnApprove(id: $id) { return { id } errors { code field } } }",
        id=to_global_id("Return", ret.pk),
    )

    assert answer.refusal("returnApprove") == ("CONFLICT", None)
    assert answer.data["returnApprove"]["return"] is None


RECEIVE = """mutation ($id: ID!, $lines: [ReturnReceiveLineInput!]) { returnReceive(id: $id, lines: $lines) {
  return { lines { quantityReceived } } errors { code field } } }"""


def test_less_may_arrive_than_was_asked_back():
    order = delivered_order()
    ret = make_return(order, state=ReturnState.APPROVED, units={order.lines.get(): 2})
    line = to_global_id("ReturnLine", ret.lines.get().pk)

    made = as_staff(ret.shop).ask(RECEIVE, id=to_global_id("Return", ret.pk), lines=[{"id": line, "quantity": 1}])

    assert made.payload("returnReceive")["return"]["lines"] == [{"quantityReceived": 1}]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([("own", 3)], "lines"),
        ([("own", 0)], "lines"),
        ([("own", 1), ("own", 1)], "lines.1.id"),
        ([("other", 1)], "lines"),
        ([("bad", 1)], "lines.0.id"),
        ([], "lines"),
    ],
)
def test_what_cannot_have_arrived_is_named(lines: list[tuple[str, int]], field: str):
    ret = make_return(delivered_order(), state=ReturnState.APPROVED)
    other = make_return(delivered_order(), state=ReturnState.APPROVED)
    ids = {
        "own": to_global_id("ReturnLine", ret.lines.get().pk),
        "other": to_global_id("ReturnLine", other.lines.get().pk),
        "bad": to_global_id("Return", ret.pk),
    }

    answer = as_staff(ret.shop).ask(
        RECEIVE, id=to_global_id("Return", ret.pk), lines=[{"id": ids[one], "quantity": n} for one, n in lines]
    )

    assert answer.refusal("returnReceive") == ("INVALID", field)
    ret.refresh_from_db()
    assert ret.state == ReturnState.APPROVED


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


# -- finding -----------------------------------------------------------------------------------------------------------


def test_returns_are_found_by_number_state_and_search():
    ret = make_return(delivered_order())
    make_return(make_order(ret.shop), state=ReturnState.DECLINED)
    staff = as_staff(ret.shop)
    query = (
        """query ($s: [ReturnState!], $q: String) { returns(state: $s, search: $q) { edges { node { number } } } }"""
    )

    def found(**variables: Any) -> list[str]:
        edges = staff.ask(query, **variables).data["returns"]["edges"]
        return [edge["node"]["number"] for edge in edges]

    assert found(s=["REQUESTED", "APPROVED"]) == [ret.number]
    assert found(q=ret.number.lower()) == [ret.number]
    assert found(q=f"#{ret.order.number}") == [ret.number]
    assert found(q=ret.order.email.upper()) == [ret.number]
    assert found(s=[]) == []
    assert staff.ask("query ($n: String) { return(number: $n) { number } }", n=f" {ret.number.lower()} ").data
    assert staff.ask("{ return { number } }").code == "INVALID"


def test_returns_are_paged_by_key():
    shop = shop_with_key()
    order = make_order(shop, delivered=NOON - DAY)
    made = [make_return(order).number for _ in range(3)]
    query = """query ($a: String) { returns(first: 2, after: $a) {
      pageInfo { hasNextPage endCursor } edges { node { number } } } }"""
    staff = as_staff(shop)

    first = staff.ask(query).data["returns"]
    second = staff.ask(query, a=first["pageInfo"]["endCursor"]).data["returns"]

    assert [edge["node"]["number"] for edge in first["edges"] + second["edges"]] == made[::-1]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


def test_photos_of_a_line_are_there():
    ret = make_return(delivered_order())
    ret.lines.get().photos.add(make_file(ret.shop, name="a.jpg", content_type="image/jpeg"))

    (line,) = (
        as_customer(ret.order)
        .ask("query ($id: ID!) { return(id: $id) { lines { photos { name } orderLine { sku } } } }",
             id=to_global_id("Return", ret.pk))
        .data["return"]["lines"]
    )  # fmt: skip

    assert line == {"photos": [{"name": "a.jpg"}], "orderLine": {"sku": "GRINDER-1"}}


# -- parcels -----------------------------------------------------------------------------------------------------------

CONFIRM = """mutation ($id: ID!, $at: DateTime) { deliveryConfirm(fulfillmentId: $id, at: $at) {
  order { fulfillments { number deliveredAt deliveredSource deliveredConfidence lines { orderLineId quantity } } }
  errors { code field }
} }"""


def test_staff_note_that_a_parcel_arrived():
    order = make_order(shop_with_key())
    parcel = order.fulfillments.get()

    made = as_staff(order.shop).ask(CONFIRM, id=parcel.saleor_id, at="2025-06-01T18:00:00+09:00")

    assert made.payload("deliveryConfirm")["order"]["fulfillments"] == [
        {
            "number": 1,
            "deliveredAt": "2025-06-01T09:00:00+00:00",
            "deliveredSource": "STAFF",
            "deliveredConfidence": 85,
            "lines": [{"orderLineId": order.lines.get().saleor_id, "quantity": 2}],
        }
    ]


@pytest.mark.parametrize(
    ("at", "error"), [("2030-01-01T00:00:00Z", ("INVALID", "at")), ("2020-01-01T00:00:00Z", ("INVALID", "at"))]
)
def test_a_parcel_cannot_arrive_at_an_impossible_time(at: str, error: tuple[str, str]):
    order = make_order(shop_with_key())

    answer = as_staff(order.shop).ask(CONFIRM, id=order.fulfillments.get().saleor_id, at=at)

    assert answer.refusal("deliveryConfirm") == error
    assert Fulfillment.objects.get().delivered_at is None


@pytest.mark.parametrize("at", ["yesterday", "2025-06-01", "2025-06-01T12:00:00", 5, ""])
def test_a_moment_without_its_offset_is_refused(at: Any):
    order = make_order(shop_with_key())

    answer = as_staff(order.shop).ask(CONFIRM, id=order.fulfillments.get().saleor_id, at=at)

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")

"""What staff do with returns and parcels over the API."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.core import jobs
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import ReturnState
from tests.graphql.api import as_customer, as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    make_order,
    make_return,
)

pytestmark = pytest.mark.django_db


def delivered_order(**values: Any) -> Any:
    return make_order(shop_with_key(), delivered=NOON - DAY, **values)


# -- staff -------------------------------------------------------------------------------------------------------------


def test_staff_take_a_return_from_request_to_goods(unreachable_saleor: None):
    ret = make_return(delivered_order())
    staff = as_staff(ret.shop)
    id = to_global_id("Return", ret.pk)  # noqa: A001

    approved = staff.ask(
        "mutation ($id: ID!) { returnApprove(id: $id) { return { state actions } errors { code } } }", id=id
    ).payload("returnApprove")
    jobs.run_due()
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

    assert approved["return"]["state"] == "APPROVED"
    assert {"mark_sent", "receive", "keep_items", "cancel", "decline"} <= set(approved["return"]["actions"])
    assert labelled["label"]["number"] == labelled["return"]["label"]["number"] == ret.number
    assert labelled["label"]["a6Url"].startswith("https://aftercare.test/files/")
    assert labelled["label"]["trackingNumber"] is None
    assert received["return"] == {
        "state": "RECEIVED",
        "actions": ["close", "add_photos", "change_resolution", "settle"],
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


def test_the_slower_of_two_clerks_gets_a_conflict(unreachable_saleor: None):
    ret = make_return(delivered_order(), state=ReturnState.DECLINED)

    answer = as_staff(ret.shop).ask(
        "mutation ($id: ID!) { returnApprove(id: $id) { return { id } errors { code field } } }",
        id=to_global_id("Return", ret.pk),
    )

    assert answer.refusal("returnApprove") == ("CONFLICT", None)
    assert answer.data["returnApprove"]["return"] is None


RECEIVE = """mutation ($id: ID!, $lines: [ReturnLineReceivedInput!]) { returnReceive(id: $id, lines: $lines) {
  return { lines { quantityReceived } } errors { code field } } }"""


def test_less_may_arrive_than_was_asked_back():
    order = delivered_order()
    ret = make_return(order, state=ReturnState.APPROVED, units={order.lines.get(): 2})
    line = to_global_id("ReturnLine", ret.lines.get().pk)

    made = as_staff(ret.shop).ask(RECEIVE, id=to_global_id("Return", ret.pk), lines=[{"id": line, "received": 1}])

    assert made.payload("returnReceive")["return"]["lines"] == [{"quantityReceived": 1}]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([("own", 3)], "lines.0.received"),
        ([("own", 0)], "lines"),
        ([("own", 1), ("own", 1)], "lines.1.id"),
        ([("other", 1)], "lines.0.id"),
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
        RECEIVE, id=to_global_id("Return", ret.pk), lines=[{"id": ids[one], "received": n} for one, n in lines]
    )

    assert answer.refusal("returnReceive") == ("INVALID", field)
    ret.refresh_from_db()
    assert ret.state == ReturnState.APPROVED


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

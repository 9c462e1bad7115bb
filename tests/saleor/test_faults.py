"""What goes wrong while a return is open, against a running Saleor: two people, payment apps, other hands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .driver import GraphQL, Saleor, Till, wait_for
from .test_main_job import bought, with_return_address
from .test_settlements import PREVIEW, SETTLE, ended, received, settle

pytestmark = pytest.mark.saleor

CREATE = """mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){
  return{id number state lines{id}} errors{field message code}}}"""
APPROVE = "mutation($id:ID!){returnApprove(id:$id){return{state} errors{field message code}}}"
RECEIVE = "mutation($id:ID!){returnReceive(id:$id){return{state} errors{field message code}}}"
RETRY = "mutation($id:ID!){settlementRetry(id:$id){settlement{state} errors{field message code}}}"
CASE = "query($id:ID!){return(id:$id){number state recordedInSaleor settlements{id state}}}"
STORY = "query($id:ID!){return(id:$id){ticket{messages(first:50){edges{node{event}}}}}}"
REPORT = """mutation($t:ID!,$r:String!,$a:PositiveDecimal!){transactionEventReport(id:$t,type:REFUND_SUCCESS,
  pspReference:$r,amount:$a){alreadyProcessed errors{field message code}}}"""


def recorded(staff: GraphQL, ret: str) -> None:
    """Saleor shows the goods as returned, so nothing of the order moves any more."""
    wait_for("the record in Saleor", lambda: staff(CASE, id=ret)["return"]["recordedInSaleor"])


def paid_and_received(saleor: Saleor, staff: GraphQL, till: Till, *, email: str) -> tuple[dict[str, Any], str]:
    """An order paid by one card, all of it back at the warehouse."""
    with_return_address(staff)
    placed = saleor.place_order(quantity=2, email=email)
    till.charge(placed, placed["total"]["gross"]["amount"], "Visa")
    ret = received(saleor, staff, placed, 2, "REFUND")
    recorded(staff, ret)
    return placed, ret


def test_two_staff_settling_at_the_same_moment_give_the_money_once(
    saleor: Saleor,
    staff: GraphQL,
    till: Till,
) -> None:
    placed, ret = paid_and_received(saleor, staff, till, email="two.staff@example.com")
    seen = staff(PREVIEW, id=ret)["return"]["settlementPreview"]
    before = len(till.app.asked)

    def press(person: str) -> dict[str, Any]:
        values = {"id": ret, "f": seen["fingerprint"], "k": f"press-of-{person}-{ret}"}
        answer: dict[str, Any] = staff.post(json={"query": SETTLE, "variables": values}).json()
        return dict(answer["data"]["returnSettle"])

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(press, ("aki", "mei")))

    assert sorted([e["code"] for e in one["errors"]] for one in answers) == [[], ["CONFLICT"]]
    assert ended(staff, ret)["state"] == "DONE"
    assert len(staff(CASE, id=ret)["return"]["settlements"]) == 1
    assert len(till.app.asked) == before + 1
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == pytest.approx(placed["total"]["gross"]["amount"])


def test_a_payment_app_that_answers_days_later_keeps_the_case_open_until_it_does(
    saleor: Saleor,
    staff: GraphQL,
    till: Till,
) -> None:
    placed, ret = paid_and_received(saleor, staff, till, email="later@example.com")
    whole = placed["total"]["gross"]["amount"]
    till.app.answers_later = True
    try:
        before = len(till.app.asked)
        seen = settle(staff, ret)
        (asked,) = wait_for("the payment app to be asked", lambda: till.app.asked[before:])
        wait_for("the refund to be under way", lambda: saleor.order(placed["id"])["grantedRefunds"])
    finally:
        till.app.answers_later = False

    assert [one["state"] for one in staff(CASE, id=ret)["return"]["settlements"]] == ["RUNNING"]
    values = {"id": ret, "f": seen["fingerprint"], "k": f"once-more-{ret}"}
    again = staff.post(json={"query": SETTLE, "variables": values}).json()["data"]["returnSettle"]
    assert [error["code"] for error in again["errors"]] == ["CONFLICT"]

    transaction = saleor.order(placed["id"])["transactions"][0]["id"]
    till.saleor(REPORT, t=transaction, r=asked["answer"]["pspReference"], a=f"{whole:.2f}")

    assert ended(staff, ret)["state"] == "DONE"
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == pytest.approx(whole)
    assert len(saleor.order(placed["id"])["grantedRefunds"]) == 1


def test_units_returned_by_hand_in_saleor_after_the_approval_are_not_recorded_twice(
    saleor: Saleor,
    staff: GraphQL,
    till: Till,
) -> None:
    """C1.16: what the warehouse counts is more than Saleor still has to take back."""
    with_return_address(staff)
    placed = saleor.place_order(quantity=2, email="by.hand@example.com")
    till.charge(placed, placed["total"]["gross"]["amount"], "Visa")
    saleor.fulfill(placed)
    line = bought(saleor, staff, placed)["lines"][0]["id"]
    asked = {"orderId": placed["id"], "lines": [{"orderLineId": line, "quantity": 2, "reason": "changed_mind"}]}
    made = staff(CREATE, i=asked)["returnRequestCreate"]["return"]
    if made["state"] == "REQUESTED":
        staff(APPROVE, id=made["id"])
    shipped = saleor.staff("query($id:ID!){order(id:$id){fulfillments{lines{id}}}}", id=placed["id"])["order"]
    saleor.staff(
        "mutation($o:ID!,$i:OrderReturnProductsInput!){orderFulfillmentReturnProducts(order:$o,input:$i)"
        "{errors{field message code}}}",
        o=placed["id"],
        i={"fulfillmentLines": [{"fulfillmentLineId": shipped["fulfillments"][0]["lines"][0]["id"], "quantity": 1}]},
    )

    # The parcel is here, whatever Saleor says of it: what was counted is kept, and a person is told to compare.
    assert staff(RECEIVE, id=made["id"])["returnReceive"]["return"]["state"] == "RECEIVED"

    def told() -> bool:
        edges = staff(STORY, id=made["id"])["return"]["ticket"]["messages"]["edges"]
        return "return.not_recorded" in {edge["node"]["event"] for edge in edges}

    wait_for("staff to be told", told)
    assert staff(CASE, id=made["id"])["return"]["recordedInSaleor"] is False
    parcels = [f for f in saleor.order(placed["id"])["fulfillments"] if f["status"] == "RETURNED"]
    assert [(f["reason"], f["lines"][0]["quantity"]) for f in parcels] == [("", 1)]

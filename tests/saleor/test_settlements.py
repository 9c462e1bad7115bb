"""Money against a running Saleor: several payments, a payment app that says no, store credit, a gift card."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest

from .conftest import Service, text_of
from .driver import GraphQL, Saleor, Till, wait_for
from .test_main_job import CUSTOMER, bought, with_return_address

pytestmark = pytest.mark.saleor

SUM = "items{kind amount{amount}} refund{amount} credit{amount} bonus{amount}"
#: Whatever the shop's rules say, the shipping goes back too, so that all of an order's money does.
WHOLE = "options:{goodwillShipping:true}"
PREVIEW = f"""query($id:ID!){{return(id:$id){{settlementPreview({WHOLE}){{{SUM} fingerprint possible
  parts{{method means amount{{amount}}}} notices{{code blocks}}}}}}}}"""
SETTLE = f"""mutation($id:ID!,$f:String!,$k:String!){{returnSettle(id:$id,
  input:{{fingerprint:$f,idempotencyKey:$k,{WHOLE}}}){{settlement{{id state {SUM}}} errors{{field message code}}}}}}"""
STATE = f"""query($id:ID!){{return(id:$id){{number state settlements{{id state actions {SUM}
  refunds{{means state failure amount{{amount}}}} storeCredits{{id state code giftCardId amount{{amount}}}}}}}}}}"""


def received(saleor: Saleor, staff: GraphQL, placed: dict[str, Any], quantity: int, resolution: str) -> str:
    """All of a paid order came back; returns the return's id."""
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    line = {"orderLineId": order["lines"][0]["id"], "quantity": quantity, "reason": "changed_mind"}
    made = staff(
        "mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){return{id state} errors{field message}}}",
        i={"orderId": placed["id"], "lines": [{**line, "resolution": resolution}]},
    )["returnRequestCreate"]["return"]
    if made["state"] == "REQUESTED":
        staff("mutation($id:ID!){returnApprove(id:$id){return{state} errors{field message}}}", id=made["id"])
    staff("mutation($id:ID!){returnReceive(id:$id){return{state} errors{field message}}}", id=made["id"])
    return str(made["id"])


def settle(staff: GraphQL, ret: str, *, key: str = "") -> dict[str, Any]:
    """Look and press; returns the preview."""

    def ready() -> dict[str, Any] | None:
        """Goods in exchange are promised by a job."""
        seen: dict[str, Any] = staff(PREVIEW, id=ret)["return"]["settlementPreview"]
        waits = "exchange_not_promised" in {notice["code"] for notice in seen["notices"]}
        return None if waits else seen

    preview = wait_for("the goods in exchange to be promised", ready)
    assert preview["possible"], preview
    done = staff(SETTLE, id=ret, f=preview["fingerprint"], k=key or f"e2e-{uuid4()}")["returnSettle"]["settlement"]
    assert (done["items"], done["refund"]) == (preview["items"], preview["refund"])
    return preview


def ended(staff: GraphQL, ret: str) -> dict[str, Any]:
    """The newest settlement, once it is no longer under way."""

    def look() -> dict[str, Any] | None:
        newest = staff(STATE, id=ret)["return"]["settlements"][0]
        return newest if newest["state"] != "RUNNING" else None

    return wait_for("the settlement", look)


def test_an_order_paid_by_two_transactions_is_refunded_over_both(
    saleor: Saleor, service: Service, staff: GraphQL, till: Till
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=2, email="two.cards@example.com")
    whole = placed["total"]["gross"]["amount"]
    till.charge(placed, 20, "Voucher card")
    till.charge(placed, whole - 20, "Visa")
    ret = received(saleor, staff, placed, 2, "REFUND")

    preview = settle(staff, ret)

    assert [part["means"] for part in preview["parts"]] == ["Visa", "Voucher card"]
    settlement = ended(staff, ret)
    assert (settlement["state"], [r["state"] for r in settlement["refunds"]]) == ("DONE", ["SUCCEEDED"] * 2)
    after = saleor.order(placed["id"])
    assert after["totalRefunded"]["amount"] == pytest.approx(whole)
    assert [t["chargedAmount"]["amount"] for t in after["transactions"]] == [0, 0]
    assert {g["status"] for g in after["grantedRefunds"]} == {"SUCCESS"}
    wait_for("the end", lambda: staff(STATE, id=ret)["return"]["state"] == "RESOLVED")
    assert service.letter("two.cards@example.com", "refund")


def test_a_payment_app_that_says_no_after_the_grant_is_asked_again_for_its_part_alone(
    saleor: Saleor, staff: GraphQL, till: Till
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=2, email="refused@example.com")
    whole = placed["total"]["gross"]["amount"]
    till.charge(placed, 20, "Small")
    till.charge(placed, whole - 20, "Large")
    ret = received(saleor, staff, placed, 2, "REFUND")
    till.app.refuse_above = 20
    settle(staff, ret)

    settlement = ended(staff, ret)
    assert (settlement["state"], settlement["actions"]) == ("FAILED", ["retry"])
    assert {r["means"]: r["state"] for r in settlement["refunds"]} == {"Large": "FAILED", "Small": "SUCCEEDED"}
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == 20

    till.app.refuse_above = None
    staff("mutation($id:ID!){settlementRetry(id:$id){settlement{state} errors{field message}}}", id=settlement["id"])
    assert ended(staff, ret)["state"] == "DONE"
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == pytest.approx(whole)


def test_store_credit_is_a_gift_card_in_saleor_and_its_code_reaches_the_customer(
    saleor: Saleor, service: Service, staff: GraphQL, till: Till
) -> None:
    with_return_address(staff)
    user = saleor.staff("query($e:String){user(email:$e){id}}", e=CUSTOMER)["user"]["id"]
    placed = saleor.place_order(quantity=2, user=user)
    till.charge(placed, placed["total"]["gross"]["amount"], "Visa")
    ret = received(saleor, staff, placed, 2, "STORE_CREDIT")

    preview = settle(staff, ret)

    settlement = ended(staff, ret)
    (credit,) = settlement["storeCredits"]
    assert (settlement["state"], credit["state"]) == ("DONE", "ISSUED")
    assert credit["amount"] == preview["credit"]
    code = staff("mutation($id:ID!){storeCreditReveal(id:$id){code errors{message}}}", id=credit["id"])[
        "storeCreditReveal"
    ]["code"]
    card = saleor.staff(
        "query($id:ID!){giftCard(id:$id){code isActive currentBalance{amount} tags{name} app{name}}}",
        id=credit["giftCardId"],
    )["giftCard"]
    assert (card["code"], card["isActive"]) == (code, True)
    assert card["currentBalance"]["amount"] == pytest.approx(float(credit["amount"]["amount"]))
    assert "aftercare" in {tag["name"] for tag in card["tags"]}
    number = staff(STATE, id=ret)["return"]["number"]
    assert code in text_of(service.letter(CUSTOMER, f"store credit.*{number}|{number}.*store credit"))
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == 0

    def noted() -> bool:
        events = saleor.staff("query($id:ID!){order(id:$id){events{type message}}}", id=placed["id"])["order"]["events"]
        notes = [one["message"] for one in events if one["type"] == "NOTE_ADDED"]
        assert not any(code in note for note in notes)
        return any(code[-4:] in note for note in notes)

    wait_for("the note", noted)


def test_what_somebody_refunds_in_the_dashboard_makes_the_preview_stale(
    saleor: Saleor, staff: GraphQL, till: Till
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=1, email="stale@example.com")
    whole = placed["total"]["gross"]["amount"]
    till.charge(placed, whole, "Visa")
    ret = received(saleor, staff, placed, 1, "REFUND")
    seen = staff(PREVIEW, id=ret)["return"]["settlementPreview"]
    transaction = saleor.order(placed["id"])["transactions"][0]["id"]
    # An app stands in for somebody in the Dashboard: where reasons are configured, Saleor wants one from people.
    till.saleor(
        "mutation($t:ID!){transactionRequestAction(id:$t,actionType:REFUND,amount:5){errors{field message code}}}",
        t=transaction,
    )
    wait_for("the refund", lambda: saleor.order(placed["id"])["totalRefunded"]["amount"] == 5)
    time.sleep(1)

    answer = staff.post(json={"query": SETTLE, "variables": {"id": ret, "f": seen["fingerprint"], "k": "stale"}})

    (error,) = answer.json()["data"]["returnSettle"]["errors"]
    assert (error["code"], error["field"]) == ("CONFLICT", "fingerprint")
    now = settle(staff, ret)
    assert "refunded_elsewhere" in {notice["code"] for notice in now["notices"]}
    assert ended(staff, ret)["state"] == "DONE"
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == pytest.approx(whole)


def test_a_unit_that_came_in_exchange_is_refunded_with_the_payment_of_the_first_order(
    saleor: Saleor, service: Service, staff: GraphQL, till: Till
) -> None:
    """C1.10: the order of the exchange was free, and gives nothing back."""
    with_return_address(staff)
    placed = saleor.place_order(quantity=1, email="chain@example.com")
    whole = placed["total"]["gross"]["amount"]
    till.charge(placed, whole, "Visa")
    first = received(saleor, staff, placed, 1, "EXCHANGE")
    settle(staff, first)
    query = "query($id:ID!){return(id:$id){replacements{state failure orderId}}}"

    def ordered() -> dict[str, Any] | None:
        (one,) = staff(query, id=first)["return"]["replacements"]
        assert one["state"] not in {"FAILED", "NEEDS_STAFF", "OUT_OF_STOCK"}, one
        return one if one["state"] == "PLACED" else None

    new = saleor.order(wait_for("the exchange", ordered)["orderId"]) | {"warehouse": placed["warehouse"]}
    assert (new["total"]["gross"]["amount"], saleor.order(placed["id"])["totalRefunded"]["amount"]) == (0, 0)
    second = received(saleor, staff, new, 1, "REFUND")

    preview = settle(staff, second)

    value = placed["lines"][0]["totalPrice"]["gross"]["amount"]
    assert preview["items"][0]["kind"] == "EXCHANGED_GOODS"
    assert float(preview["items"][0]["amount"]["amount"]) == pytest.approx(value)
    assert [part["means"] for part in preview["parts"]] == ["Visa"]
    assert ended(staff, second)["state"] == "DONE"
    assert saleor.order(placed["id"])["totalRefunded"]["amount"] == pytest.approx(whole)
    assert saleor.order(new["id"])["totalRefunded"]["amount"] == 0
    number = staff(STATE, id=second)["return"]["number"]
    for order in (placed, new):

        def noted(order: dict[str, Any] = order) -> bool:
            asked = "query($id:ID!){order(id:$id){events{type message}}}"
            events = saleor.staff(asked, id=order["id"])["order"]["events"]
            return any(number in one["message"] for one in events if one["type"] == "NOTE_ADDED")

        wait_for("the note", noted)
    assert service.letter("chain@example.com", f"{number}.*refund|refund.*{number}")

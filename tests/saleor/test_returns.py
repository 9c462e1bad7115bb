"""The steps of a return against a running Saleor: eligibility, a question, a part, an order changed there, notes."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Service
from .driver import GraphQL, Saleor, wait_for
from .test_main_job import GUEST, as_guest, bought, with_return_address

pytestmark = pytest.mark.saleor

FORM = """query($id:ID!){returnEligibility(orderId:$id){policyVersion
  lines{orderLine{id} returnableQuantity resolutions eligibility{verdict}} reasons{code photosRequired}}}"""
CREATE = """mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){
  return{id number state legalBasis lines{id}} errors{field message code}}}"""
APPROVE = """mutation($id:ID!,$lines:[ReturnLineQuantityInput!]){returnApprove(id:$id,lines:$lines,
  reason:"One was used."){return{state expiresOn lines{quantityApproved}} warnings{code} errors{field message code}}}"""
EVENTS = "query($id:ID!){order(id:$id){events{type message app{name}}}}"


def notes(saleor: Saleor, order_id: str, number: str) -> list[str]:
    """What Aftercare wrote on the order's timeline about a return."""
    events = saleor.staff(EVENTS, id=order_id)["order"]["events"]
    return [one["message"] for one in events if one["type"] == "NOTE_ADDED" and number in one["message"]]


def test_a_return_with_a_question_approved_in_part_stands_on_saleors_own_timeline(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=3, email=GUEST)
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    bought(saleor, staff, placed)
    guest = as_guest(saleor, service, placed["number"])
    form = guest(FORM, id=placed["id"])["returnEligibility"]
    (line,) = form["lines"]
    assert (line["returnableQuantity"], "REFUND" in line["resolutions"]) == (3, True)

    asked: dict[str, Any] = {
        "orderId": placed["id"],
        "policyVersion": form["policyVersion"],
        "lines": [{"orderLineId": line["orderLine"]["id"], "quantity": 3, "reason": "changed_mind"}],
    }
    made = guest(CREATE, i=asked)["returnRequestCreate"]["return"]
    staff(
        'mutation($id:ID!){returnAsk(id:$id,question:"Were they used?"){return{state} errors{message}}}', id=made["id"]
    )
    service.letter(GUEST, f"question.*{made['number']}")
    guest(
        'mutation($id:ID!){returnAnswerQuestion(id:$id,text:"One of them."){return{state} errors{message}}}',
        id=made["id"],
    )
    part = staff(APPROVE, id=made["id"], lines=[{"id": made["lines"][0]["id"], "quantity": 2}])["returnApprove"]

    assert (part["return"]["state"], part["return"]["lines"], part["warnings"]) == (
        "APPROVED", [{"quantityApproved": 2}], [],
    )  # fmt: skip
    told = wait_for(
        "two notes", lambda: found if len(found := notes(saleor, placed["id"], made["number"])) >= 2 else None
    )
    assert told == [
        f"Return {made['number']}: The return was requested.",
        f"Return {made['number']}: The return was approved.",
    ]


def test_what_was_returned_in_saleors_dashboard_meanwhile_is_noticed_at_approval(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    """C1.16: the order changed in the Dashboard while our case is open."""
    with_return_address(staff)
    placed = saleor.place_order(quantity=2, email=GUEST)
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    lines = [{"orderLineId": order["lines"][0]["id"], "quantity": 2, "reason": "changed_mind"}]
    made = staff(CREATE, i={"orderId": placed["id"], "lines": lines})["returnRequestCreate"]["return"]
    shipped = saleor.staff("query($id:ID!){order(id:$id){fulfillments{lines{id}}}}", id=placed["id"])["order"]
    units = [{"fulfillmentLineId": shipped["fulfillments"][0]["lines"][0]["id"], "quantity": 1}]
    saleor.staff(
        """mutation($o:ID!,$i:OrderReturnProductsInput!){orderFulfillmentReturnProducts(order:$o,input:$i){
          errors{field message code}}}""",
        o=placed["id"],
        i={"fulfillmentLines": units},
    )

    refused = staff.post(json={"query": APPROVE, "variables": {"id": made["id"]}}).json()["data"]["returnApprove"]

    assert [(one["code"], one["field"]) for one in refused["errors"]] == [("CONFLICT", "lines")]
    assert "Only 1" in refused["errors"][0]["message"]

"""Settling returns over the API: who may, what is shown, and that exactly that is done."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.compensation.models import Settlement, StoreCredit
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Event
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.returns.models import Return
from saleor_aftercare.sandbox import settle_refunds
from tests.compensation.scenes import received
from tests.graphql.test_main_job import customer_of, staff_of
from tests.house import House

pytestmark = pytest.mark.django_db

PREVIEW = """query ($id: ID!, $o: SettlementOptionsInput) { return(id: $id) { actions settlementPreview(options: $o) {
  items { kind label amount { amount currency } units tax { amount } reason lineId } total { amount }
  refund { amount } credit { amount } possible fingerprint notices { code blocks } } } }"""
SETTLE = """mutation ($id: ID!, $i: ReturnSettleInput!) { returnSettle(id: $id, input: $i) {
  return { actions } settlement { id state refunds { means state } actions } errors { code field } } }"""


def asked(ret: Return) -> str:
    return to_global_id("Return", ret.pk)


def press(staff: Any, ret: Return, shown: str, **change: Any) -> Any:
    return staff.ask(SETTLE, id=asked(ret), i={"fingerprint": shown, "idempotencyKey": "press-1"} | change)


def seen(staff: Any, ret: Return, **options: Any) -> dict[str, Any]:
    preview: dict[str, Any] = staff.ask(PREVIEW, id=asked(ret), o=options).data["return"]["settlementPreview"]
    return preview


def test_what_is_shown_is_given_once_however_often_the_button_is_pressed(house: House):
    _placed, ret = received(house)
    staff = staff_of(house)
    shown = seen(staff, ret)

    first = press(staff, ret, shown["fingerprint"]).payload("returnSettle")
    again = press(staff, ret, shown["fingerprint"]).payload("returnSettle")

    assert first["settlement"]["id"] == again["settlement"]["id"]
    assert first["settlement"]["state"] == "RUNNING"
    assert "settle" not in first["return"]["actions"]
    assert [item["kind"] for item in shown["items"]] == ["GOODS"]
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"fingerprint": "of another sum"}, ("CONFLICT", "fingerprint")),
        ({"idempotencyKey": ""}, ("INVALID", "idempotencyKey")),
        ({"idempotencyKey": "x" * 101}, ("INVALID", "idempotencyKey")),
        ({"note": "x" * 501}, ("INVALID", "note")),
        ({"options": {"waiveFees": True}}, ("CONFLICT", "fingerprint")),
    ],
)
def test_what_is_not_as_shown_is_named_and_nothing_is_given(house: House, change: dict[str, Any], error: Any):
    _placed, ret = received(house)
    staff = staff_of(house)
    shown = seen(staff, ret)

    answer = press(staff, ret, shown["fingerprint"], **change)

    assert answer.refusal("returnSettle") == error
    assert not Settlement.objects.exists()


@pytest.mark.parametrize(
    ("cut", "error"),
    [
        ({"amount": "-1"}, "INVALID"),
        ({"amount": "0.5"}, "INVALID"),
        ({"reason": ""}, "INVALID"),
        ({"lineId": to_global_id("ReturnLine", 999_999)}, "INVALID"),
    ],
)
def test_a_deduction_that_makes_no_sense_is_named(house: House, cut: dict[str, Any], error: str):
    _placed, ret = received(house)
    ret.lines.update(legal_basis="voluntary")
    staff = staff_of(house)
    deduction = {"lineId": to_global_id("ReturnLine", ret.lines.get().pk), "amount": "100", "reason": "Worn"} | cut

    answer = press(staff, ret, "any", options={"deductions": [deduction]})

    assert answer.refusal("returnSettle")[0] == error
    assert not Settlement.objects.exists()


def test_a_deduction_is_kept_with_its_reason(house: House):
    _placed, ret = received(house)
    ret.lines.update(legal_basis="voluntary")
    staff = staff_of(house)
    line = to_global_id("ReturnLine", ret.lines.get().pk)
    options = {"deductions": [{"lineId": line, "amount": "100", "reason": "Worn outdoors"}]}
    shown = seen(staff, ret, **options)

    press(staff, ret, shown["fingerprint"], options=options).payload("returnSettle")

    kept = ret.lines.get()
    assert (kept.deduction, kept.deduction_reason) == (100, "Worn outdoors")
    assert [(i["kind"], i["reason"]) for i in shown["items"]][1] == ("DEDUCTION", "Worn outdoors")


def test_the_code_of_store_credit_is_masked_and_whoever_reveals_it_is_noted(house: House):
    placed, ret = received(house)
    ret.lines.update(resolution=Resolution.STORE_CREDIT)
    staff, customer = staff_of(house), customer_of(house, placed)
    press(staff, ret, seen(staff, ret)["fingerprint"]).payload("returnSettle")
    house.settle()
    credit = StoreCredit.objects.get()
    query = """query ($id: ID!) { return(id: $id) { settlements { decidedBy note storeCredits {
      id code state giftCardId actions } } timeline { event } } }"""

    for_staff = staff.ask(query, id=asked(ret)).data["return"]
    for_customer = customer.ask(query, id=asked(ret)).data["return"]
    reveal = "mutation ($id: ID!) { storeCreditReveal(id: $id) { code errors { code } } }"
    refused = customer.ask(reveal, id=to_global_id("StoreCredit", credit.pk))
    code = staff.ask(reveal, id=to_global_id("StoreCredit", credit.pk)).payload("storeCreditReveal")["code"]

    assert code == credit.code
    assert credit.code not in str(for_staff) + str(for_customer) + str(refused.body)
    assert for_staff["settlements"][0]["storeCredits"][0]["actions"] == ["reveal"]
    assert for_customer["settlements"][0]["storeCredits"][0] == {
        "id": to_global_id("StoreCredit", credit.pk),
        "code": credit.masked,
        "state": "ISSUED",
        "giftCardId": None,
        "actions": [],
    }
    assert for_customer["settlements"][0]["decidedBy"] is None
    assert Event.objects.get(kind="store_credit.revealed").actor_name


def test_customers_see_what_was_given_and_no_preview(house: House):
    placed, ret = received(house)
    staff, customer = staff_of(house), customer_of(house, placed)
    press(staff, ret, seen(staff, ret)["fingerprint"]).payload("returnSettle")
    house.settle()
    settle_refunds(house.saleor)

    answer = customer.ask(PREVIEW, id=asked(ret), o={}).data["return"]

    assert answer["settlementPreview"] is None
    assert "settle" not in answer["actions"]


def test_a_customer_is_told_what_a_return_would_give_before_asking_for_it(house: House):
    placed, _ret = received(house, quantity=3, back=1)
    customer = customer_of(house, placed)
    line = house.order(placed).lines.get().saleor_id
    query = """query ($i: ReturnRequestPreviewInput!) { returnRequestPreview(input: $i) {
      items { kind units lineId } refund { amount } credit { amount } bonus { amount } total { amount } } }"""

    answer = customer.ask(
        query, i={"orderId": placed.id, "lines": [{"orderLineId": line, "quantity": 1, "reason": "changed_mind"}]}
    ).data["returnRequestPreview"]

    assert [(item["kind"], item["units"], item["lineId"]) for item in answer["items"]] == [("GOODS", 1, None)]
    assert answer["total"] == answer["refund"]

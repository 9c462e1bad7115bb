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
from tests.compensation.scenes import come_to_rest, received
from tests.compensation.test_exchanged_units import KNIFE, back, exchanged, sold
from tests.compensation.test_not_sent_after_all import sold_out_after_all
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


# -- exchanges and imports -----------------------------------------------------------------------------------------

WHERE = """query ($id: ID!, $o: SettlementOptionsInput) { return(id: $id) { actions settlementPreview(options: $o) {
  items { kind amount { amount } orderNumber reason } parts { amount { amount } orderNumber means }
  crossesBorder exchangeCanceled possible fingerprint notices { code blocks } } } }"""


def where(staff: Any, ret: Return, **options: Any) -> dict[str, Any]:
    preview: dict[str, Any] = staff.ask(WHERE, id=asked(ret), o=options).data["return"]["settlementPreview"]
    return preview


def test_staff_see_with_which_order_goods_that_came_in_exchange_were_paid(house: House):
    """C1.10."""
    bought = sold(house)
    ret = back(house, exchanged(house, bought, KNIFE))
    staff = staff_of(house)

    shown = where(staff, ret)
    press(staff, ret, shown["fingerprint"]).payload("returnSettle")

    number = house.order(bought).number
    assert [(i["kind"], i["amount"]["amount"], i["orderNumber"] == number) for i in shown["items"]] == [
        ("EXCHANGED_GOODS", "139.00", True),
        ("EXCHANGE_DIFFERENCE", "20.00", False),
    ]
    assert [(p["amount"]["amount"], p["orderNumber"]) for p in shown["parts"]] == [("20.00", None), ("139.00", number)]


def test_staff_give_the_value_of_goods_that_are_not_sent_and_only_once(house: House):
    """C3: out_of_stock → refund, after the settlement."""
    ret = sold_out_after_all(house, sold(house))
    staff = staff_of(house)
    before = where(staff, ret)
    options = {"instead": "REFUND"}
    shown = where(staff, ret, **options)

    first = press(staff, ret, shown["fingerprint"], options=options).payload("returnSettle")
    again = press(staff, ret, shown["fingerprint"], options=options, idempotencyKey="press-2")
    come_to_rest(house)

    assert (before["exchangeCanceled"], before["possible"], shown["possible"]) == (True, False, True)
    assert before["notices"][0] == {"code": "exchange_canceled", "blocks": True}
    assert first["settlement"]["state"] == "RUNNING"
    assert again.refusal("returnSettle")[0] == "CONFLICT"
    assert "settle" not in staff.ask(WHERE, id=asked(ret), o={}).data["return"]["actions"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"instead": "REPAIR"}, "options.instead"),
        ({"importCharges": {"amount": "-1", "note": "x"}}, "options.importCharges.amount"),
        ({"importCharges": {"amount": "1.005", "note": "x"}}, "options.importCharges.amount"),
        ({"importCharges": {"amount": "1.00", "note": ""}}, "importCharges.note"),
    ],
)
def test_an_option_that_makes_no_sense_is_named(house: House, options: dict[str, Any], field: str):
    ret = back(house, sold(house))

    answer = press(staff_of(house), ret, "any", options=options)

    assert answer.refusal("returnSettle") == ("INVALID", field)


def test_import_charges_are_a_line_of_what_is_shown_and_given(house: House):
    """C1.17."""
    ret = back(house, sold(house, 2))
    staff = staff_of(house)
    options = {"importCharges": {"amount": "12.34", "note": "Import VAT"}}

    shown = where(staff, ret, **options)
    press(staff, ret, shown["fingerprint"], options=options).payload("returnSettle")

    assert shown["crossesBorder"]
    assert shown["items"][1] == {
        "kind": "IMPORT_CHARGES",
        "amount": {"amount": "12.34"},
        "orderNumber": None,
        "reason": "Import VAT",
    }
    assert str(Settlement.objects.get().refund) == "151.340"

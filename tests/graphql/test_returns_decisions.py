"""Deciding about returns over the API: in part, with a question, many at once; and what staff see beside them."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.policies.models import Exclusion, LegalBasis
from saleor_aftercare.policies.rules import Rule
from saleor_aftercare.returns.models import Return, ReturnState
from tests.graphql.api import as_customer, as_staff, shop_with_key
from tests.make import DAY, NOON, Line, make_order, make_policy, make_return

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unreachable_saleor")]


def requested(**values: Any) -> Return:
    return make_return(make_order(shop_with_key(), delivered=NOON - DAY), **values)


def key(ret: Return) -> str:
    return to_global_id("Return", ret.pk)


def test_a_form_is_told_what_it_has_to_ask():
    order = make_order(shop_with_key(), delivered=NOON - DAY, lines=(Line(), Line(sku="EARPLUGS")))
    sealed = Rule(position=0, skus=frozenset({"EARPLUGS"}), exclusion=Exclusion.HYGIENE)
    make_policy(order.shop, rules=[sealed, Rule(position=1)], evidence={"defective": 2}, auto_approve=True)

    form = (
        as_customer(order)
        .ask(
            """query ($id: ID!) { returnEligibility(orderId: $id) { policyVersion
          lines { returnableQuantity eligibility { verdict reasons } resolutions
                  faultyQuantity faultyEligibility { verdict } faultyResolutions whoPaysReturnShipping exchanges }
          reasons { code fault photosRequired suggests } } }""",
            id=order.saleor_id,
        )
        .data["returnEligibility"]
    )

    kettle, earplugs = form["lines"]
    assert form["policyVersion"] == 1
    assert kettle == {
        "returnableQuantity": 2,
        "eligibility": {"verdict": "ACCEPT", "reasons": []},
        "resolutions": ["REFUND"],
        "faultyQuantity": 2,
        "faultyEligibility": {"verdict": "ACCEPT"},
        "faultyResolutions": ["REFUND", "REPAIR", "EXCHANGE"],
        "whoPaysReturnShipping": "CUSTOMER",
        "exchanges": 0,
    }
    assert (earplugs["returnableQuantity"], earplugs["eligibility"]["reasons"]) == (0, ["hygiene"])
    assert (earplugs["faultyQuantity"], earplugs["faultyEligibility"]["verdict"]) == (2, "ASK_STAFF")
    codes = [one["code"] for one in form["reasons"]]
    assert "undeliverable" not in codes
    assert form["reasons"][codes.index("defective")] == {
        "code": "defective", "fault": "MERCHANT", "photosRequired": 2, "suggests": "REPAIR",
    }  # fmt: skip


def test_a_part_is_approved_and_saleors_silence_is_told():
    ret = requested(units=None)
    ret.lines.update(quantity=2)
    line = to_global_id("ReturnLine", ret.lines.get().pk)

    made = as_staff(ret.shop).ask(
        """mutation ($id: ID!, $l: [ReturnLineQuantityInput!]) { returnApprove(id: $id, lines: $l, reason: "Used.") {
          return { state declineReason lines { quantityApproved } } warnings { code } errors { code field } } }""",
        id=key(ret),
        l=[{"id": line, "quantity": 1}],
    )

    assert made.payload("returnApprove") == {
        "return": {"state": "APPROVED", "declineReason": "Used.", "lines": [{"quantityApproved": 1}]},
        "warnings": [{"code": "saleor_unreachable"}],
        "errors": [],
    }


def test_the_question_is_seen_and_answered_by_whose_return_it_is():
    ret = requested()
    ask = """mutation ($id: ID!) { returnAsk(id: $id, question: "Which lid?") { return { state } errors { code } } }"""
    answer = """mutation ($id: ID!) { returnAnswerQuestion(id: $id, text: "The red one") {
      return { state answer } errors { code field } } }"""
    customer = as_customer(ret.order)
    as_staff(ret.shop).ask(ask, id=key(ret)).payload("returnAsk")

    seen = customer.ask("query ($id: ID!) { return(id: $id) { question actions } }", id=key(ret)).data["return"]
    assert seen == {"question": "Which lid?", "actions": ["answer", "cancel", "add_photos"]}
    made = customer.ask(answer, id=key(ret)).payload("returnAnswerQuestion")
    assert made["return"] == {"state": "REQUESTED", "answer": "The red one"}
    assert customer.ask(answer, id=key(ret)).refusal("returnAnswerQuestion") == ("CONFLICT", None)


def test_many_are_decided_at_once_and_each_stands_for_itself():
    shop = shop_with_key()
    rets = [make_return(make_order(shop, delivered=NOON - DAY)) for _ in range(2)]
    done = make_return(make_order(shop), state=ReturnState.RESOLVED)
    ids = [*map(key, rets), key(done), to_global_id("Return", 999_999)]

    made = as_staff(shop).ask(
        """mutation ($ids: [ID!]!) { returnsBulkUpdate(ids: $ids, action: DECLINE, reason: "Sold as final.") {
          count results { id return { state } errors { code } } errors { code } } }""",
        ids=ids,
    )

    payload = made.payload("returnsBulkUpdate")
    assert payload["count"] == 2
    assert [(one["id"], [e["code"] for e in one["errors"]]) for one in payload["results"]] == [
        (ids[0], []), (ids[1], []), (ids[2], ["CONFLICT"]), (ids[3], ["NOT_FOUND"]),
    ]  # fmt: skip
    assert Return.objects.filter(state=ReturnState.DECLINED, decline_reason="Sold as final.").count() == 2


@pytest.mark.parametrize(
    ("ids", "action", "field"), [(0, "APPROVE", "ids"), (101, "APPROVE", "ids"), (1, "DECLINE", "reason")]
)
def test_a_bulk_that_cannot_be_meant_is_named(ids: int, action: str, field: str):
    shop = shop_with_key()

    answer = as_staff(shop).ask(
        f"""mutation ($ids: [ID!]!) {{ returnsBulkUpdate(ids: $ids, action: {action}) {{
          results {{ id }} errors {{ code field }} }} }}""",
        ids=[to_global_id("Return", n) for n in range(1, ids + 1)],
    )

    assert answer.refusal("returnsBulkUpdate") == ("INVALID", field)


def test_staff_alone_see_history_warnings_and_why_the_rules_were_left():
    ret = requested(override_reason="A loyal customer", overridden_by="Mei Tanaka", legal_basis=LegalBasis.GUARANTEE)
    query = """query ($id: ID!) { return(id: $id) { overrideReason overriddenBy warnings { code }
      signals { historyCounts person { days returns } } } }"""

    staff = as_staff(ret.shop).ask(query, id=key(ret)).data["return"]
    customer = as_customer(ret.order).ask(query, id=key(ret)).data["return"]

    assert (staff["overrideReason"], staff["overriddenBy"], staff["warnings"]) == ("A loyal customer", "Mei Tanaka", [])
    assert staff["signals"]["historyCounts"] is False
    assert [one["days"] for one in staff["signals"]["person"]] == [30, 180, 365]
    assert customer == {"overrideReason": None, "overriddenBy": None, "warnings": [], "signals": None}


def test_the_payer_of_a_gift_does_not_find_what_its_recipient_sends_back():
    """C1.19: gift recipient."""
    ret = requested(gift_recipient_email="friend@example.com", gift_recipient_name="A Friend")
    payer = as_customer(ret.order)

    listed = payer.ask("{ returns { edges { node { number } } } }").data["returns"]["edges"]
    seen = as_staff(ret.shop).ask("query ($id: ID!) { return(id: $id) { isGift giftRecipientName } }", id=key(ret))

    assert listed == []
    assert payer.ask("query ($id: ID!) { return(id: $id) { number } }", id=key(ret)).code == "NOT_FOUND"
    assert seen.data["return"] == {"isGift": True, "giftRecipientName": "A Friend"}


def test_lists_are_filtered_and_counted_by_view():
    shop = shop_with_key()
    open_one = make_return(make_order(shop))
    make_return(make_order(shop), state=ReturnState.RECEIVED)
    staff = as_staff(shop)

    found = staff.ask(
        '{ returns(filter: {view: TO_DECIDE, reason: ["defective"]}) { edges { node { number } } } }'
    ).data["returns"]["edges"]
    counts = staff.ask("{ returnViewCounts { view count } }").data["returnViewCounts"]

    assert [edge["node"]["number"] for edge in found] == [open_one.number]
    assert {one["view"]: one["count"] for one in counts if one["count"]} == {"TO_DECIDE": 1, "TO_SETTLE": 1}
    assert as_customer(open_one.order).ask("{ returnViewCounts { view } }").code == "PERMISSION_DENIED"

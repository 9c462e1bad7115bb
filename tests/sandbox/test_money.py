"""Prices, transactions and refunds, exact to the minor unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.sandbox import (
    AskedLine,
    PracticeShop,
    ShopError,
    create_transaction,
    grant_refund,
    mark_as_paid,
    pay_by_card,
    place_order,
    request_granted_refund,
    settle_refunds,
)
from saleor_aftercare.sandbox.records import Order

MONEY = """query($id: ID!) { order(id: $id) { chargeStatus paymentStatus isPaid
  total { gross { amount } } totalCharged { amount } totalRefunded { amount } totalRefundPending { amount }
  totalGrantedRefund { amount } totalRemainingGrant { amount } totalBalance { amount }
  grantedRefunds { status amount { amount } shippingCostsIncluded }
  transactions { actions createdBy { __typename } chargedAmount { amount } events { type } } } }"""


def bought(shop: PracticeShop, email: str, *lines: tuple[str, int], **options: str) -> Order:
    """An order by this customer."""
    return place_order(shop, user=shop.user(email=email), lines=lines, **options)


def test_an_order_voucher_is_spread_over_the_lines_to_the_last_yen(shop):
    order = bought(
        shop, "misaki.suzuki@example.com", ("CUPS-YUNOMI", 3), ("TEA-HOJICHA-80", 1), voucher_code="KETTLE15"
    )

    assert sum(line.total for line in order.lines) == 4980 * 3 + 980 - 2000
    assert [line.total for line in order.lines] == [Decimal(13064), Decimal(856)]
    # 13 064 is not divisible by three: the unit price is rounded, as in Saleor.
    assert order.lines[0].unit_price == Decimal(4355)


def test_ten_per_cent_off_is_rounded_to_the_cent(shop):
    order = bought(shop, "lukas.brandt@example.com", ("CUPS-YUNOMI", 3), voucher_code="WELCOME10")

    assert sum(line.total for line in order.lines) == Decimal("89.99")
    assert order.discounts[0].amount == Decimal("10.00")
    assert order.lines[0].unit_price == Decimal("30.00")


def test_free_shipping_takes_only_the_shipping(shop):
    order = bought(shop, "lukas.brandt@example.com", ("WHETSTONE", 1), voucher_code="SHIPFREE")

    assert (order.shipping_price, order.lines[0].total) == (Decimal("0.00"), Decimal("42.00"))


def test_tax_is_inside_the_price(shop, ask):
    order = bought(shop, "lukas.brandt@example.com", ("WHETSTONE", 1))

    price = ask(
        "query($id: ID!) { order(id: $id) { total { gross { amount } net { amount } tax { amount } } } }", id=order.id
    )["data"]["order"]["total"]

    assert price == {"gross": {"amount": 46.9}, "net": {"amount": 39.41}, "tax": {"amount": 7.49}}


def test_a_refund_through_the_payment_app_from_promise_to_bank(shop, ask):
    order = bought(shop, "jade.guerrero@example.com", ("KETTLE-NAMI", 2))
    paid = pay_by_card(shop, order)
    granted = grant_refund(shop, order, transaction_id=paid.id, lines=[AskedLine(order.lines[0].id, 1)], shipping=True)

    promised = ask(MONEY, id=order.id)["data"]["order"]
    assert promised["chargeStatus"] == "OVERCHARGED"
    assert promised["totalGrantedRefund"] == promised["totalRemainingGrant"] == {"amount": 74.9}
    assert promised["totalBalance"] == {"amount": 74.9}
    assert promised["grantedRefunds"] == [{"status": "NONE", "amount": {"amount": 74.9}, "shippingCostsIncluded": True}]

    request_granted_refund(shop, granted.id)
    with pytest.raises(ShopError) as twice:
        request_granted_refund(shop, granted.id)
    assert twice.value.entry["code"] == "REFUND_IS_PENDING"
    assert ask(MONEY, id=order.id)["data"]["order"]["grantedRefunds"][0]["status"] == "PENDING"

    settle_refunds(shop, "pending")
    assert ask(MONEY, id=order.id)["data"]["order"]["totalRefundPending"] == {"amount": 74.9}
    settle_refunds(shop)

    done = ask(MONEY, id=order.id)["data"]["order"]
    assert done["grantedRefunds"][0]["status"] == "SUCCESS"
    assert done["totalRefunded"] == {"amount": 74.9}
    assert done["totalCharged"] == {"amount": 69.0}
    assert done["chargeStatus"] == "FULL"
    assert done["totalRefundPending"] == done["totalRemainingGrant"] == {"amount": 0.0}
    with pytest.raises(ShopError) as again:
        request_granted_refund(shop, granted.id)
    assert again.value.entry["code"] == "REFUND_ALREADY_PROCESSED"


def test_a_refund_that_the_bank_refuses_leaves_the_charge(shop):
    order = bought(shop, "jade.guerrero@example.com", ("KETTLE-NAMI", 1))
    paid = pay_by_card(shop, order)
    granted = grant_refund(shop, order, transaction_id=paid.id, amount=Decimal(10))
    request_granted_refund(shop, granted.id)

    settle_refunds(shop, "failure")

    assert granted.status == "FAILURE"
    assert (paid.charged, paid.refunded, paid.refund_pending) == (Decimal("74.90"), 0, 0)
    request_granted_refund(shop, granted.id)
    settle_refunds(shop)
    assert (paid.charged, paid.refunded) == (Decimal("64.90"), Decimal(10))


def test_a_bank_transfer_cannot_be_refunded_through_saleor(shop, ask):
    order = bought(shop, "jade.guerrero@example.com", ("KETTLE-NAMI", 1))
    paid = mark_as_paid(shop, order, reference="BANK-1", by=shop.state.users[0].id)
    granted = grant_refund(shop, order, transaction_id=paid.id, amount=Decimal(4))

    with pytest.raises(ShopError) as refused:
        request_granted_refund(shop, granted.id)

    assert refused.value.entry["code"] == "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK"
    assert granted.status == "FAILURE"
    transaction = ask(MONEY, id=order.id)["data"]["order"]["transactions"][0]
    assert transaction["actions"] == ["REFUND"]
    assert transaction["createdBy"] == {"__typename": "User"}
    assert [e["type"] for e in transaction["events"]] == ["REFUND_FAILURE", "REFUND_REQUEST", "CHARGE_SUCCESS"]


def test_a_manual_refund_counts_as_refunded_but_not_as_less_charged(shop, ask):
    order = bought(shop, "jade.guerrero@example.com", ("KETTLE-NAMI", 1))
    mark_as_paid(shop, order)
    values = {"name": "Manual refund", "psp_reference": "aftercare-1", "amount_refunded": Decimal(5)}

    create_transaction(shop, order, values, event={"message": "RMA-7"})

    after = ask(MONEY, id=order.id)["data"]["order"]
    assert (after["totalRefunded"], after["totalCharged"]) == ({"amount": 5.0}, {"amount": 74.9})
    assert [e["type"] for e in after["transactions"][1]["events"]] == ["REFUND_SUCCESS", "INFO"]
    with pytest.raises(ShopError) as twice:
        create_transaction(shop, order, values)
    assert twice.value.entry["code"] == "UNIQUE"


def test_no_more_is_granted_than_was_ordered_or_charged(shop):
    order = bought(shop, "jade.guerrero@example.com", ("KETTLE-NAMI", 2))
    paid = pay_by_card(shop, order, Decimal(50))
    line = order.lines[0].id

    with pytest.raises(ShopError) as units:
        grant_refund(shop, order, transaction_id=paid.id, lines=[AskedLine(line, 3)])
    with pytest.raises(ShopError) as amount:
        grant_refund(shop, order, transaction_id=paid.id, amount=Decimal("50.01"))

    assert units.value.entry["lines"][0]["code"] == "QUANTITY_GREATER_THAN_AVAILABLE"
    assert amount.value.entry["code"] == "AMOUNT_GREATER_THAN_AVAILABLE"
    assert order.granted_refunds == []


def test_the_transaction_is_required_to_grant(shop, ask):
    answer = ask(
        "mutation($i: OrderGrantRefundCreateInput!) { orderGrantRefundCreate(id: 1, input: $i) { errors { code } } }",
        i={"amount": "5.00"},
    )

    assert "data" not in answer
    assert "transactionId" in answer["errors"][0]["message"]


def test_an_order_over_nothing_is_paid_from_the_start(shop, ask):
    order = bought(shop, "jade.guerrero@example.com", ("KETTLE-NAMI", 1))
    order.base_shipping_price = order.shipping_price = Decimal(0)
    order.lines[0].base_price = order.lines[0].total = Decimal(0)

    money = ask(MONEY, id=order.id)["data"]["order"]

    assert (money["isPaid"], money["chargeStatus"], money["paymentStatus"]) == (True, "NONE", "FULLY_CHARGED")

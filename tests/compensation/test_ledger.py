"""How much may still go back, from what Saleor says. Figures as measured on Saleor 3.23."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.compensation.ledger import Ledger, read_ledger
from saleor_aftercare.core.money import Money

OURS = "QXBwOjE="
CARD = "VHJhbnNhY3Rpb25JdGVtOjE="


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR").rounded()


def payment(charged: str, *, refunded: str = "0", pending: str = "0", **values: Any) -> dict[str, Any]:
    return {
        "id": CARD,
        "name": "Card",
        "pspReference": "x",
        "actions": ["REFUND"],
        "chargedAmount": {"amount": float(charged)},
        "chargePendingAmount": {"amount": 0.0},
        "refundedAmount": {"amount": float(refunded)},
        "refundPendingAmount": {"amount": float(pending)},
        "createdBy": {"__typename": "App", "id": "QXBwOjk=", "isActive": True},
        "events": [{"type": "CHARGE_SUCCESS"}],
    } | values


def grant(amount: str, status: str, **values: Any) -> dict[str, Any]:
    return {
        "id": f"grant-{amount}-{status}",
        "status": status,
        "reason": "RMA-1/1",
        "amount": {"amount": float(amount)},
        "transaction": {"id": CARD},
        "transactionEvents": [],
    } | values


def ledger(*payments: dict[str, Any], grants: tuple[dict[str, Any], ...] = (), currency: str = "EUR") -> Ledger:
    order = {
        "total": {"gross": {"currency": currency}},
        "transactions": list(payments),
        "grantedRefunds": list(grants),
    }
    return read_ledger(order, own_app_id=OURS)


def free(book: Ledger, others: str = "0") -> Money:
    return book.available(others=eur(others))


def test_all_that_was_charged_and_not_given_back_is_available():
    assert free(ledger(payment("166.19"))) == eur("166.19")
    assert free(ledger(payment("146.19", refunded="20"))) == eur("146.19")


def test_a_request_that_nobody_answered_counts_although_saleor_shows_it_nowhere_else():
    assert free(ledger(payment("166.19"), grants=(grant("20", "PENDING"),))) == eur("146.19")


def test_an_asynchronous_refund_is_not_taken_off_twice():
    book = ledger(payment("134.19", refunded="27", pending="5"), grants=(grant("5", "PENDING"),))

    assert free(book) == eur("134.19")


def test_a_grant_that_was_only_promised_or_failed_takes_nothing():
    book = ledger(payment("100"), grants=(grant("20", "NONE"), grant("30", "FAILURE")))

    assert free(book) == eur("100")


def test_a_manual_refund_reduces_what_is_left_although_no_payment_shows_it():
    by_hand = payment("0", refunded="30", id="manual", createdBy=None, events=[{"type": "REFUND_SUCCESS"}])

    book = ledger(payment("100"), by_hand)

    assert free(book) == eur("70")
    assert book.refunded() == eur("30")


def test_what_we_have_decided_counts_and_the_rest_is_never_negative():
    assert free(ledger(payment("100")), others="60") == eur("40")
    assert free(ledger(payment("100")), others="160") == eur("0")


def test_a_payment_marked_by_hand_or_made_by_ourselves_has_no_payment_app():
    for owner in (None, {"__typename": "User"}, {"__typename": "App", "id": OURS, "isActive": True}):
        assert ledger(payment("100", createdBy=owner)).payment_for(eur("1"), reserved={}) is None
    gone = {"__typename": "App", "id": "QXBwOjk=", "isActive": False}
    assert ledger(payment("100", createdBy=gone)).payment_for(eur("1"), reserved={}) is None


def test_the_payment_that_offers_refunds_and_has_enough_is_taken():
    silent = payment("90", id="silent", actions=[])
    small, large = payment("20", id="small"), payment("80", id="large")
    book = ledger(silent, small, large)

    assert book.payment_for(eur("15"), reserved={}).id == "large"
    assert book.payment_for(eur("85"), reserved={}).id == "silent"
    assert book.payment_for(eur("91"), reserved={}) is None
    assert book.payment_for(eur("15"), reserved={"large": eur("70")}).id == "small"


def test_what_is_in_flight_on_one_payment_does_not_block_another():
    book = ledger(payment("50"), payment("50", id="other"), grants=(grant("50", "PENDING"),))

    assert book.payment_for(eur("50"), reserved={}).id == "other"


def test_yen_arrive_as_floats_and_are_whole():
    book = ledger(payment("9240.0"), currency="JPY")

    assert book.available(others=Money.zero("JPY")) == Money(Decimal(9240), "JPY")


def test_what_the_payment_app_really_paid_is_known_beside_what_was_granted():
    events = [
        {"type": "REFUND_SUCCESS", "message": "", "amount": {"amount": 1.0}},
        {"type": "REFUND_FAILURE", "message": "card closed", "amount": {"amount": 4.0}},
    ]
    book = ledger(payment("100"), grants=(grant("4", "SUCCESS", transactionEvents=events),))

    found = book.grant("grant-4-SUCCESS")
    assert found is not None
    assert (found.amount, found.paid, found.message) == (eur("4"), eur("1"), "card closed")


@given(charged=st.integers(0, 10**6), pending=st.lists(st.integers(1, 10**5), max_size=5), ours=st.integers(0, 10**6))
def test_never_more_than_was_charged_and_is_free(charged, pending, ours):
    cents = Decimal("0.01")
    grants = tuple(grant(str(p * cents), "PENDING", id=str(n)) for n, p in enumerate(pending))
    book = ledger(payment(str(charged * cents)), grants=grants)

    available = book.available(others=Money(ours * cents, "EUR"))

    assert available.amount == max(Decimal(0), (charged - sum(pending) - ours) * cents)

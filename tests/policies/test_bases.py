"""What each legal basis obliges the seller to, and which one a line rests on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_aftercare.policies.bases import basis_for, duties
from saleor_aftercare.policies.models import Exclusion, Fault, LegalBasis, Resolution, ReturnShippingPayer
from saleor_aftercare.policies.rules import Rule, judge

from .promises import DELIVERED, facts, policy

B, R = LegalBasis, Resolution
#: fees, approval, refund days, outbound shipping, payer, deduction, history, same means
TABLE = {
    B.WITHDRAWAL: (False, False, 14, True, None, True, False, True),
    B.VOLUNTARY: (True, True, None, False, None, True, True, False),
    B.EXCHANGE: (True, True, None, False, None, True, True, False),
    B.GUARANTEE: (False, True, None, True, ReturnShippingPayer.MERCHANT, False, False, True),
    B.WARRANTY: (False, True, None, False, ReturnShippingPayer.MERCHANT, False, False, False),
    B.GOODWILL: (True, True, None, False, None, True, True, False),
}


@pytest.mark.parametrize("basis", B)
def test_the_table_of_duties_is_the_one_in_the_docs(basis):
    d = duties(basis)

    assert TABLE[basis] == (
        d.fees_allowed,
        d.needs_approval,
        d.refund_days,
        d.refunds_outbound_shipping,
        d.payer,
        d.deduction_allowed,
        d.history_counts,
        d.same_means,
    )
    assert d.words().endswith(".")


def test_a_withdrawal_costs_no_fee_needs_no_approval_and_is_paid_back_within_14_days():
    d = duties(B.WITHDRAWAL)

    assert (d.fees_allowed, d.needs_approval, d.refund_days, d.refunds_outbound_shipping) == (False, False, 14, True)


def test_the_guarantee_is_at_the_sellers_expense():
    d = duties("guarantee")

    assert (d.fees_allowed, d.payer, d.deduction_allowed) == (False, ReturnShippingPayer.MERCHANT, False)


def test_history_is_never_held_against_a_right():
    """C1.21: velocity signals never count against statutory rights."""
    assert not duties(B.WITHDRAWAL).history_counts
    assert not duties(B.GUARANTEE).history_counts


def basis(fault, resolution=R.REFUND, *, days=0, override=False, rule=None):
    found = judge(policy(rule or Rule(position=0)), facts(), today=DELIVERED + timedelta(days=days), reason_fault=fault)
    return basis_for(found, fault=fault, resolution=resolution, override=override)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda: basis(Fault.CUSTOMER), B.VOLUNTARY),
        (lambda: basis(Fault.CUSTOMER, R.STORE_CREDIT), B.VOLUNTARY),
        (lambda: basis(Fault.CUSTOMER, R.EXCHANGE), B.EXCHANGE),
        (lambda: basis(Fault.MERCHANT), B.GUARANTEE),
        (lambda: basis(Fault.CARRIER, R.EXCHANGE), B.GUARANTEE),
        (lambda: basis(Fault.MERCHANT, days=400, override=True), B.GUARANTEE),
        (lambda: basis(Fault.MERCHANT, days=4000), B.GOODWILL),
        (lambda: basis(Fault.CUSTOMER, days=31), B.GOODWILL),
        (lambda: basis(Fault.CUSTOMER, override=True), B.GOODWILL),
        (lambda: basis(Fault.CUSTOMER, rule=Rule(position=0, exclusion=Exclusion.FINAL_SALE)), B.GOODWILL),
    ],
)
def test_a_line_rests_on(found, expected):
    assert found() == expected


def test_what_is_no_basis_has_no_duties():
    with pytest.raises(ValueError, match="mercy"):
        duties("mercy")

"""Requests that nobody has to decide, and goods that need not be sent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.models import Event
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.policies.models import LegalBasis
from saleor_aftercare.returns.models import Return, ReturnState
from tests.make import DAY, NOON, make_order, make_policy, make_return
from tests.returns.test_requests import ask, delivered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("policy", "quantity", "reason", "reasons"),
    [
        ({}, 1, "changed_mind", []),
        ({"auto_approve_limit": {"EUR": Decimal("29.90")}}, 1, "changed_mind", []),
        ({"auto_approve_limit": {"EUR": Decimal("29.89")}}, 1, "changed_mind", ["value_above_limit"]),
        ({"auto_approve_limit": {"JPY": Decimal(1)}}, 2, "changed_mind", []),
        ({"auto_approve_reasons": frozenset({"too_small"})}, 1, "changed_mind", ["reason_needs_review"]),
        ({"auto_approve_reasons": frozenset({"too_small"})}, 1, "too_small", []),
        ({"auto_approve": False}, 1, "changed_mind", ["needs_review"]),
    ],
)
def test_every_condition_of_the_automation_must_hold(policy, quantity, reason, reasons):
    ret = ask(delivered({"auto_approve": True} | policy), quantity, reason=reason)

    assert (ret.verdict_reasons, ret.state) == (reasons, "approved" if not reasons else "requested")


def test_a_request_split_in_two_is_worth_as_much_as_before():
    """C1.18: on the collective value, or it is gamed by splitting requests."""
    order = delivered({"auto_approve": True, "auto_approve_limit": {"EUR": Decimal(30)}})

    assert ask(order).state == ReturnState.APPROVED
    assert ask(order).verdict_reasons == ["value_above_limit"]


def test_serial_returns_are_looked_at_and_rights_are_never_held_against_anybody():
    """C1.21: velocity counts for voluntary returns, neither against nor because of statutory rights."""
    order = delivered({"auto_approve": True, "auto_approve_max_returns": 1})
    same_person = {"user_id": order.user_id, "email": order.email}
    for basis, age in ((LegalBasis.VOLUNTARY, 10), (LegalBasis.VOLUNTARY, 179), (LegalBasis.VOLUNTARY, 181)):
        earlier = make_order(order.shop, delivered=NOON - DAY, **same_person)
        make_return(earlier, state=ReturnState.RESOLVED, legal_basis=basis, requested_at=NOON - age * DAY)

    assert ask(order).verdict_reasons == ["many_returns"]
    assert ask(order, reason="defective").state == ReturnState.APPROVED


def test_withdrawals_and_guarantee_claims_are_not_counted_as_history():
    order = delivered({"auto_approve": True, "auto_approve_max_returns": 0})
    for basis in (LegalBasis.WITHDRAWAL, LegalBasis.GUARANTEE):
        earlier = make_order(order.shop, user_id=order.user_id, delivered=NOON - DAY)
        make_return(earlier, state=ReturnState.RESOLVED, legal_basis=basis)

    assert ask(order).state == ReturnState.APPROVED


def test_a_declared_withdrawal_needs_no_reason_no_photo_and_nobodys_approval():
    order = delivered({"evidence": {"defective": 3}, "auto_approve_max_returns": 0})
    make_return(make_order(order.shop, user_id=order.user_id), state=ReturnState.RESOLVED)

    ret = ask(order, 2, reason="", legal_basis=LegalBasis.WITHDRAWAL, source="withdrawal")

    assert (ret.state, ret.legal_basis, ret.verdict) == (ReturnState.APPROVED, "withdrawal", "accept")
    assert (ret.refund_due_on, ret.expires_on) == ((NOON + 14 * DAY).date(), None)


def test_a_withdrawal_before_dispatch_waits_for_no_parcel():
    order = make_order(fulfilled=False)
    make_policy(order.shop)

    ret = ask(order, 2, reason="", unsent=2, legal_basis=LegalBasis.WITHDRAWAL)

    assert (ret.state, ret.lines.get().quantity_received) == (ReturnState.RECEIVED, 2)
    assert not Parcel.objects.exists()
    with pytest.raises(Refused) as refused:
        ask(order, 3, reason="", unsent=3, legal_basis=LegalBasis.WITHDRAWAL)
    assert refused.value.field == "lines.0.unsent"


# -- what need not be sent -------------------------------------------------------------------------------------------


def test_goods_of_little_value_stay_with_the_customer():
    order = delivered({"auto_approve": True, "keep_item_limit": {"EUR": Decimal(30)}})

    ret = ask(order)

    assert (ret.state, ret.lines.get().kept) == (ReturnState.RECEIVED, True)
    assert not Parcel.objects.exists()
    told = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["return.requested", "return.approved", "return.kept"]


def test_the_limit_for_keeping_holds_for_all_returns_of_the_order_together():
    """C1.18: keep-item threshold on the collective value excl. tax."""
    order = delivered({"auto_approve": True, "keep_item_limit": {"EUR": Decimal(30)}})
    order.lines.update(net=Decimal("50.00"))

    first, second = ask(order), ask(order)

    assert (first.state, second.state) == (ReturnState.RECEIVED, ReturnState.APPROVED)
    assert not second.lines.get().kept


def test_kept_units_cannot_be_asked_back_once_more():
    order = delivered({"auto_approve": True, "keep_item_limit": {"EUR": Decimal(100)}})
    ret = ask(order, 2)
    Return.objects.filter(pk=ret.pk).update(state=ReturnState.RESOLVED, recorded_at=NOON)

    with pytest.raises(Refused, match="on its way back"):
        ask(order)

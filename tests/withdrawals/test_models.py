"""The state machine of a declaration."""

import pytest

from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.withdrawals.models import WITHDRAWAL_WORKFLOW, Withdrawal, WithdrawalState
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import NOON, make_order, make_withdrawal

WHY = {"out_of_scope": {"out_of_scope_reason": "Bought for a business."}}


def changes(action: str, row: Withdrawal) -> dict:
    return {"order": make_order(row.shop)} if action == "match" else WHY.get(action, {})


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "action", "target"), legal_moves(WITHDRAWAL_WORKFLOW))
def test_every_legal_move(state, action, target):
    row = make_withdrawal(state=WithdrawalState(state))
    if action == "look_again":
        Withdrawal.objects.filter(pk=row.pk).update(order=None)
        row.refresh_from_db()

    row.move(action, at=NOON, **changes(action, row))

    assert Withdrawal.objects.get(pk=row.pk).state == target


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "action"), illegal_pairs(WITHDRAWAL_WORKFLOW))
def test_every_illegal_pair(state, action):
    row = make_withdrawal(state=WithdrawalState(state))

    with pytest.raises(Conflict):
        row.move(action, at=NOON)

    assert Withdrawal.objects.get(pk=row.pk).state == state


@pytest.mark.django_db
def test_of_two_clerks_one_wins():
    assert_one_winner(make_withdrawal, "out_of_scope", **WHY["out_of_scope"])


def test_every_state_can_be_reached():
    assert unreachable(WITHDRAWAL_WORKFLOW, first=WithdrawalState.UNMATCHED) == set()

"""What people do about replacements: promise, start, cancel; and the table of states."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.money import Money
from saleor_aftercare.replacements import actions, outcomes
from saleor_aftercare.replacements.models import REPLACEMENT_WORKFLOW, Replacement, ReplacementState
from saleor_aftercare.sandbox import mark_as_paid
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable

from .story import MEI, again, come_to_rest, draft_of, events, made_orders, plan, start

pytestmark = pytest.mark.django_db

R = ReplacementState


# -- promising -------------------------------------------------------------------------------------------------------


def test_the_same_key_promises_once(house):
    first = plan(house, key="one")

    assert plan(house, order=first.order, key="one", worth="1.00") == first
    assert Replacement.objects.count() == 1


def test_no_promise_has_the_reference_of_another_not_even_of_one_that_an_earlier_database_knew(house):
    first = plan(house)
    order = first.order
    Replacement.objects.all().delete()
    second = plan(house, order=order)

    base = f"aftercare:{house.shop.handle}:RMA-9001:"
    assert first.external_reference.startswith(base)
    assert second.external_reference.startswith(base)
    assert first.external_reference != second.external_reference


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quantity": 0}, "lines"),
        ({"quantity": 1001}, "lines"),
        ({"credit": "-1"}, "credit"),
        ({"credit": "1.005"}, "credit"),
        ({"key": ""}, "key"),
    ],
)
def test_nonsense_is_not_promised(house, values, field):
    with pytest.raises(InvalidInput) as refusal:
        plan(house, **values)

    assert refusal.value.field == field


def test_fewer_units_that_were_accepted_are_fewer_that_are_sent(house):
    row = plan(house, quantity=3, credit="417.00")
    Replacement.objects.filter(pk=row.pk).update(lines=[{**row.lines[0], "return_line": 77}])

    row = actions.start_replacement(
        again(row), at=clock.now(), quantities={77: 2}, credit=Money(Decimal("278.00"), "USD")
    )
    house.settle()

    assert [line.quantity for line in made_orders(house)[0].lines] == [2]
    assert again(row).due == 0


def test_nothing_that_was_accepted_is_nothing_that_is_sent(house):
    row = plan(house)

    row = actions.start_replacement(row, at=clock.now(), quantities={})

    assert row.state == R.CANCELED


# -- cancelling ------------------------------------------------------------------------------------------------------


def test_cancelled_before_anything_was_ordered_nothing_is_ordered(house):
    row = start(plan(house))
    actions.cancel_replacement(row, at=clock.now(), actor=MEI)
    house.settle()

    assert (again(row).state, made_orders(house)) == (R.CANCELED, [])


def test_cancelled_while_payment_is_due_the_order_is_cancelled_in_saleor(house):
    row = start(plan(house, worth="159.00"))
    house.settle()

    actions.cancel_replacement(again(row), at=clock.now(), actor=MEI)
    house.settle()

    assert (again(row).state, made_orders(house)[0].status) == (R.CANCELED, "CANCELED")


def test_cancelled_when_it_is_stuck_its_draft_is_deleted(house):
    row = plan(house)
    draft_of(house, row)
    outcomes.ask_staff(again(row), reason="x", at=clock.now())

    actions.cancel_replacement(again(row), at=clock.now(), actor=MEI)
    come_to_rest(house)

    assert (again(row).state, made_orders(house)) == (R.CANCELED, [])


def test_a_paid_order_is_not_cancelled_behind_the_payment(house):
    row = start(plan(house, worth="159.00"))
    house.settle()
    mark_as_paid(house.saleor, made_orders(house)[0])
    house.settle()

    with pytest.raises(Refused, match="refund it in Saleor"):
        actions.cancel_replacement(again(row), at=clock.now(), actor=MEI)


def test_paid_at_the_moment_of_cancelling_a_person_is_told(house):
    row = start(plan(house, worth="159.00"))
    house.settle()
    house.hooks.disorder.lose = {"ORDER_FULLY_PAID", "ORDER_UPDATED"}
    mark_as_paid(house.saleor, made_orders(house)[0])

    actions.cancel_replacement(again(row), at=clock.now(), actor=MEI)
    house.settle()

    assert made_orders(house)[0].status == "UNFULFILLED"
    assert events(row)[-1] == "replacement.needs_staff"


# -- the state machine -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(REPLACEMENT_WORKFLOW))
def test_each_legal_move(house, state, action, target):
    row = plan(house)
    Replacement.objects.filter(pk=row.pk).update(state=state, saleor_order_id="x")
    row = again(row)

    row.move(action, at=clock.now())

    assert again(row).state == target


def test_each_illegal_pair_is_a_conflict(house):
    row = plan(house)
    for state, action in illegal_pairs(REPLACEMENT_WORKFLOW):
        row.state = state
        with pytest.raises(Conflict):
            row.move(action, at=clock.now())


def test_of_two_who_cancel_one_wins(house):
    assert_one_winner(lambda: plan(house), "cancel")


def test_every_state_can_be_reached():
    assert unreachable(REPLACEMENT_WORKFLOW, first=R.PLANNED) == set()

"""Money going back through a Saleor that answers, loses answers, says no, or is away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation import actions
from saleor_aftercare.compensation.models import REFUND_WORKFLOW, Refund, RefundState
from saleor_aftercare.compensation.plan import RefundRoute
from saleor_aftercare.compensation.queries import steps_of
from saleor_aftercare.connection.models import ShopCommand
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.models import Job
from saleor_aftercare.core.money import Money
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import UnitsAsked, approve_return, receive_return, request_return, settle_return
from saleor_aftercare.returns.models import Return, ReturnReason, ReturnState
from saleor_aftercare.returns.settlement import SettlementPreview
from saleor_aftercare.sandbox import (
    grant_refund,
    request_granted_refund,
    settle_refunds,
)
from tests.compensation.scenes import MEI, come_to_rest, look, paid_back, press, received, the_job_of
from tests.crash import dies_at_statement
from tests.house import House
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import NOON, make_policy, make_refund

pytestmark = pytest.mark.django_db

# -- the way it should go --------------------------------------------------------------------------------------------


def test_the_payment_app_pays_back_what_is_due_and_the_return_is_settled(house):
    placed, ret = received(house)
    due = look(ret).parts.refunds[0].amount

    refund = press(ret)
    come_to_rest(house)

    refund.refresh_from_db()
    assert (refund.state, refund.money) == (RefundState.SUCCEEDED, due)
    assert paid_back(house, placed) == due.amount
    assert [(s.kind, s.state) for s in steps_of(refund)] == [("grant_refund", "sent"), ("request_refund", "sent")]
    assert queries.get_return(house.shop, ret.pk).state == ReturnState.RESOLVED


def test_the_same_press_twice_pays_once(house):
    placed, ret = received(house)

    first, second = press(ret), press(ret)
    come_to_rest(house)
    third = press(ret)

    assert first.pk == second.pk == third.pk
    assert paid_back(house, placed) == first.amount


def test_a_second_press_with_another_key_finds_the_first_under_way(house):
    _placed, ret = received(house)
    seen = look(ret).fingerprint
    press(ret)

    for fingerprint in (seen, look(ret).fingerprint):
        with pytest.raises(Conflict):
            settle_return(ret, fingerprint=fingerprint, key="press-2", note="", at=clock.now(), actor=MEI)

    assert Refund.objects.count() == 1


def test_a_key_of_another_return_is_not_taken(house):
    _placed, ret = received(house)
    _other, second = received(house)
    press(ret)

    with pytest.raises(InvalidInput) as wrong:
        press(second)

    assert wrong.value.field == "idempotencyKey"


def test_an_order_marked_as_paid_is_refunded_by_hand_and_saleor_is_told(house):
    placed, ret = received(house, paid="bank")
    assert [notice.code for notice in look(ret).notices] == ["no_payment_app"]

    refund = press(ret, route=RefundRoute.REMAINDER)
    come_to_rest(house)

    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    manual = [t for t in house.saleor.order(placed.id).transactions if t.name == "Manual refund"]
    assert [t.refunded for t in manual] == [refund.amount]
    assert look(ret).refunded == refund.money


def test_where_there_is_no_payment_app_nothing_is_sent_until_staff_choose_another_way(house):
    placed, ret = received(house, paid="bank")

    with pytest.raises(Refused, match="marked as paid by hand"):
        press(ret)

    assert not Refund.objects.exists()
    assert not ShopCommand.objects.filter(subject="refund").exists()
    assert paid_back(house, placed) == 0
    assert queries.get_return(house.shop, ret.pk).state == ReturnState.RECEIVED


def test_three_partial_returns_give_back_exactly_the_line_and_the_last_one_the_shipping(house):
    make_policy(house.shop, refund_original_shipping=True)
    placed = house.sell([(house.saleor.state.variants[0].sku, 3)])
    ours = house.order(placed)
    for n in range(3):
        line = ours.lines.get()
        ret = request_return(ours, units=[UnitsAsked(line, 1, ReturnReason.OTHER)], note="", at=clock.now(), actor=MEI)
        approve_return(ret, at=clock.now(), actor=MEI)
        receive_return(ret, lines=None, at=clock.now(), actor=MEI)
        house.settle()
        press(queries.get_return(house.shop, ret.pk), key=f"press-{n}")
        come_to_rest(house)

    assert paid_back(house, placed) == house.order(placed).total
    assert {r.state for r in Refund.objects.all()} == {RefundState.SUCCEEDED}


def test_no_money_before_the_goods(house):
    placed = house.sell([(house.saleor.state.variants[0].sku, 1)])
    ours = house.order(placed)
    ret = request_return(
        ours, units=[UnitsAsked(ours.lines.get(), 1, ReturnReason.OTHER)], note="", at=clock.now(), actor=MEI
    )

    with pytest.raises(Conflict):
        press(queries.get_return(house.shop, ret.pk))


def test_what_staff_gave_back_in_saleors_own_dashboard_is_noticed_before_and_after(house):
    """C1.16: refunded in the Dashboard while our case is open: at the preview, at the press, and by the job."""
    placed, ret = received(house, quantity=1, back=1)
    seen = look(ret)
    pressed = start(ret, seen)
    refund_in_the_dashboard(house, placed)

    come_to_rest(house)

    pressed.refresh_from_db()
    assert pressed.state == RefundState.FAILED
    assert "Only 0 JPY" in pressed.failure
    with pytest.raises(Conflict) as changed:
        settle_return(ret, fingerprint=seen.fingerprint, key="press-2", note="", at=clock.now(), actor=MEI)
    assert changed.value.field == "fingerprint"
    now = look(ret)
    assert now.breakdown.total == 0
    assert {notice.code for notice in now.notices} == {"refunded_elsewhere", "not_available"}
    assert paid_back(house, placed) == house.order(placed).total


def start(ret: Return, seen: SettlementPreview) -> Refund:
    settlement = settle_return(ret, fingerprint=seen.fingerprint, key="press-1", note="", at=clock.now(), actor=MEI)
    return settlement.refunds.get()


def refund_in_the_dashboard(house: House, placed: Any) -> None:
    """Staff refund the whole order where we have no say."""
    order = house.saleor.order(placed.id)
    granted = grant_refund(
        house.saleor, order, amount=house.order(placed).total, transaction_id=order.transactions[0].id
    )
    request_granted_refund(house.saleor, granted.id)
    settle_refunds(house.saleor)


# -- trouble -----------------------------------------------------------------------------------------------------


def test_a_payment_app_that_says_no_is_told_to_staff_who_may_try_again(house):
    placed, ret = received(house)
    refund = press(ret)
    house.settle()
    settle_refunds(house.saleor, "failure")
    come_to_rest(house)

    refund.refresh_from_db()
    assert refund.state == RefundState.FAILED
    assert refund.failure
    again = press(ret, key="press-2")
    come_to_rest(house)
    again.refresh_from_db()
    assert (again.state, paid_back(house, placed)) == (RefundState.SUCCEEDED, again.amount)


def test_a_bank_that_takes_its_time_is_waited_for(house):
    placed, ret = received(house)
    refund = press(ret)
    house.settle()
    settle_refunds(house.saleor, "pending")
    house.settle()
    refund.refresh_from_db()
    assert refund.state == RefundState.AWAITING_PROVIDER

    come_to_rest(house)

    refund.refresh_from_db()
    assert (refund.state, paid_back(house, placed)) == (RefundState.SUCCEEDED, refund.amount)


@pytest.mark.parametrize("operation", ["orderGrantRefundCreate", "transactionRequestRefundForGrantedRefund"])
@pytest.mark.parametrize("how", ["lost", "timeout", "500"])
def test_a_lost_answer_never_pays_twice(house, operation, how):
    placed, ret = received(house)
    house.saleor.faults.add(how, operation=operation)

    refund = press(ret)
    come_to_rest(house)

    refund.refresh_from_db()
    assert (refund.state, paid_back(house, placed)) == (RefundState.SUCCEEDED, refund.amount)
    order = house.saleor.order(placed.id)
    assert [g.amount for g in order.granted_refunds] == [refund.amount]


@pytest.mark.parametrize("how", ["lost", "timeout", "500"])
def test_a_lost_answer_never_notes_a_manual_refund_twice(house, how):
    placed, ret = received(house, paid="bank")
    house.saleor.faults.add(how, operation="transactionCreate")

    refund = press(ret, route=RefundRoute.MANUAL)
    come_to_rest(house)

    refund.refresh_from_db()
    assert (refund.state, paid_back(house, placed)) == (RefundState.SUCCEEDED, refund.amount)


@pytest.mark.parametrize("how", ["lost", "timeout", "500"])
def test_a_lost_answer_never_records_a_return_twice(house, how):
    house.saleor.faults.add(how, operation="orderFulfillmentReturnProducts")

    placed, ret = received(house)
    come_to_rest(house)

    assert queries.get_return(house.shop, ret.pk).recorded_at is not None
    back = [f for f in house.saleor.order(placed.id).fulfillments if f.status == "RETURNED"]
    assert [[line.quantity for line in f.lines] for f in back] == [[1]]


def test_a_token_that_is_rejected_in_the_middle_leaves_nothing_half_done(house):
    placed, ret = received(house)
    house.saleor.faults.add("token", operation="transactionRequestRefundForGrantedRefund")

    refund = press(ret)
    come_to_rest(house)

    refund.refresh_from_db()
    assert (refund.state, paid_back(house, placed)) == (RefundState.FAILED, Decimal(0))
    again = press(ret, key="press-2")
    come_to_rest(house)
    again.refresh_from_db()
    assert (again.state, paid_back(house, placed)) == (RefundState.SUCCEEDED, again.amount)


@pytest.mark.parametrize("method", ["payment_app", "manual"])
def test_a_worker_that_dies_between_any_two_steps_pays_once(house, method):
    placed, ret = received(house, quantity=1, back=1, paid="card" if method == "payment_app" else "bank")
    hundred = Money(Decimal(100), "JPY")
    n, died = 0, True
    while died:
        n += 1
        refund = actions.start_refund(
            ret.order,
            amount=hundred,
            method=method,
            key=f"press-{n}",
            subject=("return", ret.pk),
            label=ret.number,
            note="",
            at=clock.now(),
            actor=MEI,
        )

        job = the_job_of(refund)
        died = dies_at_statement(n, lambda job=job: jobs.run(job))
        come_to_rest(house)

        refund.refresh_from_db()
        assert (n, refund.state, paid_back(house, placed)) == (n, RefundState.SUCCEEDED, hundred.amount * n)
        assert len(house.saleor.order(placed.id).granted_refunds) == n * (method == "payment_app")
    assert n > 20


# -- the state machine ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(REFUND_WORKFLOW))
def test_every_legal_move(state, action, target):
    refund = make_refund(state=RefundState(state))

    refund.move(action, at=NOON, **({"settled_at": NOON} if action == "succeed" else {}))

    assert Refund.objects.get(pk=refund.pk).state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(REFUND_WORKFLOW))
def test_every_other_move_is_a_conflict(state, action):
    refund = make_refund(state=RefundState(state))

    with pytest.raises(Conflict):
        refund.move(action, at=NOON)

    assert Refund.objects.get(pk=refund.pk).state == state


def test_two_who_act_at_once_and_every_state_can_be_reached():
    assert_one_winner(make_refund, "start")
    assert not unreachable(REFUND_WORKFLOW, first=RefundState.PENDING)


def test_only_a_refund_that_waits_for_staff_can_be_retried():
    refund = make_refund(state=RefundState.SUCCEEDED)

    with pytest.raises(Conflict):
        actions.retry_refund(refund, at=NOON, actor=MEI)

    assert not Job.objects.filter(kind="compensation.refund").exists()

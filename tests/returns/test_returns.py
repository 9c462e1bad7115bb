"""A return from the form to the shelf."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.connection.models import FulfillmentLine, Order, ShopSettings
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import CUSTOMER, Actor
from saleor_aftercare.core.models import ActorKind, Event, Job
from saleor_aftercare.returns import actions, queries
from saleor_aftercare.returns.actions import UnitsAsked
from saleor_aftercare.returns.models import RETURN_WORKFLOW, Return, ReturnReason, ReturnState
from saleor_aftercare.returns.reception import LineReceived
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import DAY, NOON, Line, make_file, make_fulfillment, make_order, make_policy, make_return, make_shop

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def ask(order: Any, quantity: int = 1, **values: Any) -> Return:
    line = order.lines.all()[0]
    units = values.pop("units", [UnitsAsked(line, quantity, ReturnReason.DEFECTIVE)])
    return actions.request_return(order, units=units, **{"note": "", "at": NOON, "actor": CUSTOMER} | values)


def nothing_happened() -> bool:
    return not Return.objects.exists() and not Event.objects.exists()


# -- asking --------------------------------------------------------------------------------------------------------


def test_a_request_gets_a_number_of_its_shop_and_waits_for_staff():
    order, elsewhere = make_order(delivered=NOON - DAY), make_order(delivered=NOON - DAY)

    first, second, other = ask(order), ask(order), ask(elsewhere)

    assert (first.number, second.number, other.number) == ("RMA-1001", "RMA-1002", "RMA-1001")
    assert (first.state, first.verdict_reasons) == (ReturnState.REQUESTED, ["needs_review"])
    assert list(Event.objects.values_list("kind", flat=True)) == ["return.requested"] * 3


def test_a_shop_that_trusts_its_rules_approves_at_once_and_has_the_label_made():
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop, auto_approve=True)

    ret = ask(order)

    assert ret.state == ReturnState.APPROVED
    assert Job.objects.filter(kind="parcels.make_label").count() == 1


def test_without_a_return_address_nothing_is_approved_at_once():
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop, auto_approve=True)
    ShopSettings.objects.filter(shop=order.shop).update(return_address={})

    ret = ask(order)

    assert ret.state == ReturnState.REQUESTED
    with pytest.raises(Refused, match="return address"):
        actions.approve_return(ret, at=NOON, actor=MEI)


def test_the_policy_that_the_customer_saw_stays_on_the_case():
    order = make_order(delivered=NOON - DAY)
    seen = make_policy(order.shop, window_days=14)
    ret = ask(order)

    newest = make_policy(order.shop, window_days=7)

    assert Return.objects.get(pk=ret.pk).policy == seen
    assert queries.policy_of(order.shop) == newest


def test_never_more_than_was_shipped_and_is_not_on_its_way_back_already():
    order = make_order(lines=[Line(quantity=5, total=Decimal("50.00"))], delivered=NOON - DAY)
    ask(order, 3)

    with pytest.raises(Refused, match="Only 2") as refused:
        ask(order, 3)

    assert refused.value.field == "lines.0.quantity"
    assert ask(order, 2).number == "RMA-1002"
    with pytest.raises(Refused, match="on its way back"):
        ask(order, 1)


def test_only_what_was_shipped_counts():
    order = make_order(lines=[Line(quantity=5, total=Decimal("50.00"))], fulfilled=False)
    make_fulfillment(order, units={order.lines.get(): 2}, delivered=NOON - DAY)

    with pytest.raises(Refused, match="Only 2"):
        ask(order, 3)


@pytest.mark.parametrize("end", ["decline", "cancel"])
def test_units_of_a_return_that_came_to_nothing_may_be_asked_back_again(end):
    order = make_order(delivered=NOON - DAY)
    ret = ask(order, 2)

    if end == "decline":
        actions.decline_return(ret, reason="It was used.", at=NOON, actor=MEI)
    else:
        actions.cancel_return(ret, at=NOON, actor=CUSTOMER)

    assert ask(order, 2).state == ReturnState.REQUESTED


def test_units_that_were_not_in_the_parcel_may_be_asked_back_again():
    order = make_order(delivered=NOON - DAY)
    ret = ask(order, 2)
    actions.approve_return(ret, at=NOON, actor=MEI)
    actions.receive_return(ret, lines=[LineReceived(ret.lines.get(), 1)], at=NOON, actor=MEI)

    assert [e.returnable for e in queries.eligibility(order, at=NOON)] == [1]


def test_units_that_saleor_shows_as_returned_are_not_counted_twice():
    order = make_order(delivered=NOON - DAY)
    ret = ask(order, 1)
    FulfillmentLine.objects.filter(fulfillment__order=order).update(quantity=1)
    Return.objects.filter(pk=ret.pk).update(recorded_at=NOON)

    assert [e.returnable for e in queries.eligibility(order, at=NOON)] == [1]


@pytest.mark.parametrize(
    ("units", "field"),
    [
        ([], "lines"),
        ([(0, "defective")], "lines.0.quantity"),
        ([(-1, "defective")], "lines.0.quantity"),
        ([(1, "because")], "lines.0.reason"),
        ([(1, "defective"), (1, "defective")], "lines"),
    ],
)
def test_a_form_that_cannot_be_meant_names_its_field_and_changes_nothing(units, field):
    order = make_order(delivered=NOON - DAY)
    line = order.lines.get()

    with pytest.raises(InvalidInput) as wrong:
        ask(order, units=[UnitsAsked(line, quantity, reason) for quantity, reason in units])

    assert wrong.value.field == field
    assert nothing_happened()


def test_a_line_of_another_order_is_not_part_of_this_one():
    order, other = make_order(delivered=NOON - DAY), make_order(delivered=NOON - DAY)

    with pytest.raises(InvalidInput, match="not part of the order"):
        ask(order, units=[UnitsAsked(other.lines.get(), 1, ReturnReason.OTHER)])

    assert nothing_happened()


def test_seven_photos_are_too_many():
    order = make_order(delivered=NOON - DAY)
    photos = tuple(make_file(order.shop, name=f"{n}.jpg", content_type="image/jpeg") for n in range(7))

    with pytest.raises(InvalidInput) as wrong:
        ask(order, units=[UnitsAsked(order.lines.get(), 1, ReturnReason.OTHER, photos=photos)])

    assert wrong.value.field == "lines.0.photos"


def test_after_the_window_staff_are_asked_and_the_day_counts_in_the_shops_own_time_zone():
    order = make_order(delivered=NOON.replace(hour=23) - 31 * DAY)
    make_policy(order.shop, auto_approve=True)
    zone = ShopSettings.objects.filter(shop=order.shop)

    zone.update(time_zone="UTC")
    assert queries.eligibility(order, at=NOON)[0].reasons == ("window_passed",)
    zone.update(time_zone="Asia/Tokyo")  # there it was delivered a day later
    assert queries.eligibility(Order.objects.get(pk=order.pk), at=NOON)[0].reasons == ()


def test_eligibility_costs_the_same_queries_for_one_order_and_for_many(django_assert_num_queries):
    shop = make_shop()
    make_policy(shop)
    orders = [make_order(shop, lines=[Line(), Line(sku="LID-1")], delivered=NOON - DAY) for _ in range(4)]

    fresh = list(Order.objects.filter(shop=shop).select_related("shop__settings"))

    with django_assert_num_queries(6):
        queries.eligibilities(fresh[:1], at=NOON)
    with django_assert_num_queries(6):
        queries.eligibilities(fresh[1:], at=NOON)
    assert len(fresh) == len(orders)


# -- deciding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  ", "x" * 5001])
def test_declining_needs_a_reason_that_the_customer_can_read(reason):
    ret = make_return()

    with pytest.raises(InvalidInput) as wrong:
        actions.decline_return(ret, reason=reason, at=NOON, actor=MEI)

    assert wrong.value.field == "reason"
    assert Return.objects.get(pk=ret.pk).state == ReturnState.REQUESTED


def test_another_shops_return_does_not_exist():
    ret, elsewhere = make_return(), make_shop()

    for look in (
        lambda: queries.get_return(elsewhere, ret.pk),
        lambda: queries.find_return(elsewhere, ret.number),
        lambda: queries.return_by_status_token(elsewhere, ret.number, queries.status_token(ret)),
    ):
        with pytest.raises(NotFound):
            look()


def test_a_link_opens_its_own_return_only():
    ret, other = make_return(), make_return()

    with pytest.raises(NotFound):
        queries.return_by_status_token(ret.shop, ret.number, queries.status_token(other))
    with pytest.raises(InvalidInput):
        queries.return_by_status_token(ret.shop, ret.number, queries.status_token(ret) + "x")


# -- the state machine ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(RETURN_WORKFLOW))
def test_every_legal_move(state, action, target):
    ret = make_return(state=ReturnState(state))

    ret.move(action, at=NOON, **({"decline_reason": "No."} if action == "decline" else {}))

    assert Return.objects.get(pk=ret.pk).state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(RETURN_WORKFLOW))
def test_every_other_move_is_a_conflict(state, action):
    ret = make_return(state=ReturnState(state))

    with pytest.raises(Conflict):
        ret.move(action, at=NOON)

    assert Return.objects.get(pk=ret.pk).state == state


def test_two_who_decide_at_once_and_every_state_can_be_reached():
    assert_one_winner(make_return, "approve")
    assert not unreachable(RETURN_WORKFLOW, first=ReturnState.REQUESTED)


# -- two at once ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_requests_for_the_last_unit_cannot_both_win():
    """C1.1: two tabs, or staff and customer, request the same last unit."""
    order = make_order(lines=[Line(quantity=1, total=Decimal("10.00"))], delivered=NOON - timedelta(days=1))
    make_policy(order.shop)
    start, outcomes = threading.Barrier(4), []

    def press() -> None:
        try:
            start.wait(10)
            outcomes.append(ask(order, 1).number)
        except AftercareError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)

    assert sorted(outcomes) == ["REFUSED", "REFUSED", "REFUSED", "RMA-1001"]
    assert Return.objects.count() == 1

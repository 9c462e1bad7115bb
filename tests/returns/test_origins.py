"""Goods that came in place of others: what counts is what was bought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.replacements.models import Replacement, ReplacementState
from saleor_aftercare.returns import actions, queries
from saleor_aftercare.returns.actions import UnitsAsked
from saleor_aftercare.returns.models import ReturnState
from saleor_aftercare.returns.origins import origins_of
from tests.make import DAY, NOON, make_order, make_policy, make_return, serial

pytestmark = pytest.mark.django_db


def exchanged(order: Order, *, delivered: Any = NOON - DAY) -> Order:
    """The order that came in exchange for a unit of ``order``, which was returned."""
    ret = make_return(order, state=ReturnState.RESOLVED, recorded_at=NOON)
    n = serial()
    new = make_order(
        order.shop, delivered=delivered, external_reference=f"aftercare-{n}", email=order.email, user_id=order.user_id
    )
    Replacement.objects.create(
        shop=order.shop,
        key=f"rep-{n}",
        external_reference=f"aftercare-{n}",
        order=order,
        subject="return",
        subject_id=ret.pk,
        case_number=ret.number,
        lines=[
            {
                "variant_id": new.lines.get().variant_id,
                "quantity": 1,
                "return_line": ret.lines.get().pk,
                "list_price": "20.00",
            }
        ],
        currency=order.currency,
        credit=Decimal(0),
        due=Decimal(0),
        state=ReplacementState.SHIPPED,
        state_since=NOON,
        saleor_order_id=new.saleor_id,
        created_at=NOON,
    )
    return new


def test_the_window_of_a_replacement_runs_from_what_was_bought_however_often_it_was_exchanged():
    """C1.10: returned item is itself a replacement: chain to the original for window and count of exchanges."""
    bought = make_order(delivered=NOON - 20 * DAY)
    make_policy(bought.shop, window_days=30)
    second = exchanged(exchanged(bought))

    (line,) = queries.eligibility(Order.objects.get(pk=second.pk), at=NOON)

    assert (line.until, line.exchanges, line.returnable) == ((NOON + 10 * DAY).date(), 2, 2)
    origin = origins_of([second])[second.lines.get().pk]
    assert (origin.order_line, origin.exchanges) == (bought.lines.get(), 2)


def test_the_third_time_a_person_looks():
    bought = make_order(delivered=NOON - 20 * DAY)
    make_policy(bought.shop, auto_approve=True)

    def ask(order: Order) -> Any:
        unit = UnitsAsked(order.lines.get(), 1, "changed_mind")
        return actions.request_return(order, units=[unit], note="", at=NOON, actor=CUSTOMER)

    once = exchanged(bought)
    assert ask(once).state == ReturnState.APPROVED
    assert ask(exchanged(once)).verdict_reasons == ["exchanged_before"]


def test_orders_that_were_simply_bought_cost_no_question(django_assert_num_queries):
    order = make_order()

    with django_assert_num_queries(0):
        assert origins_of([order]) == {}


def test_a_replacement_of_another_shop_is_nobodys_origin():
    mine, theirs = make_order(), make_order(delivered=NOON - 300 * DAY)
    new = exchanged(theirs)
    order = make_order(mine.shop, external_reference="aftercare-x", saleor_id=new.saleor_id)

    assert origins_of([order]) == {}

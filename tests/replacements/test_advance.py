"""Goods sent in advance, exchanges begun elsewhere, and what may be had."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from saleor_aftercare.compensation.actions import settlements  # noqa: F401  the reaction listens to its events
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.models import Event
from saleor_aftercare.core.money import Money
from saleor_aftercare.replacements import actions, queries, watch
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState
from saleor_aftercare.returns.actions import mark_sent
from saleor_aftercare.returns.models import Return
from saleor_aftercare.sandbox import ReturnedLine, return_products

from .story import (
    BLACK,
    CREAM,
    JADE,
    KNIFE,
    LID,
    MEI,
    come_to_rest,
    letters,
    made_orders,
    promised,
    sell_out,
    told,
    total,
    variant,
)

pytestmark = pytest.mark.django_db

R = ReplacementState


# -- in advance ----------------------------------------------------------------------------------------------------


def in_advance(house, **case):
    ret, row = promised(house, advance_exchange=True, **JADE, **case)
    come_to_rest(house)
    row.refresh_from_db()
    return ret, row


def test_in_advance_the_order_is_made_with_the_approval(house):
    ret, row = in_advance(house)

    assert (row.state, row.back_by, len(made_orders(house))) == (R.PLACED, ret.advance_due_on or row.back_by, 1)
    assert row.back_by == Return.objects.get(pk=ret.pk).advance_due_on


def travel(house, row, days):
    """Let the day come ``days`` from the one that the old goods are due."""
    when = clock.real_now() + (row.back_by - clock.now().date()) + timedelta(days=days, hours=12)
    with time_machine.travel(when):
        house.settle()


def test_the_customer_is_reminded_once_and_staff_are_told_when_the_day_has_passed(house):
    """C3: the customer never returns in an advance exchange."""
    ret, row = in_advance(house)

    travel(house, row, -1)
    assert len(letters("send_back")) == 1
    travel(house, row, 2)
    travel(house, row, 3)

    row.refresh_from_db()
    assert len(letters("send_back")) == 1
    assert row.overdue_at is not None
    assert told(ret)[-1] == "replacement.return_overdue"


def test_what_is_on_its_way_is_not_asked_for(house):
    ret, row = in_advance(house)
    mark_sent(Return.objects.get(pk=ret.pk), at=clock.now(), actor=MEI)

    travel(house, row, 2)

    row.refresh_from_db()
    assert (letters("send_back"), row.overdue_at) == ([], None)


def test_goods_that_never_came_back_are_charged(house):
    """C3: "customer never returns": an order over what they are worth, which nobody ships. C1.11 likewise."""
    kind = next(t for t in house.saleor.state.product_types if t.slug == "spare-part")
    lid = variant(house, LID)
    kind.is_shipping_required, lid.track_inventory = False, False
    _ret, row = in_advance(house)
    travel(house, row, 2)
    row.refresh_from_db()

    line = queries.find_charge(row.order, LID, row.credit_money)
    charge = actions.charge_for(row, line=line, at=clock.now(), actor=MEI)
    come_to_rest(house)

    charge.refresh_from_db()
    order = made_orders(house)[-1]
    assert (charge.purpose, charge.state, total(order)) == (Purpose.CHARGE, R.AWAITING_PAYMENT, Decimal("139.00"))
    assert order.shipping_method is None
    assert actions.charge_for(row, line=line, at=clock.now(), actor=MEI) == charge
    assert len(letters("payment_due")) == 1


@pytest.mark.parametrize("sku", ["", "NO-SUCH-SKU", CREAM])
def test_a_charge_needs_a_product_that_nobody_ships_and_nobody_counts(house, sku):
    _ret, row = in_advance(house)

    with pytest.raises(InvalidInput) as refusal:
        queries.find_charge(row.order, sku, row.credit_money)

    assert refusal.value.field == "chargeSku"


def test_only_goods_sent_in_advance_can_be_charged(house):
    _ret, row = promised(house, **JADE)
    line = actions.ReplacementLine("V", 1, "Charge", Money(Decimal("1.00"), "USD"))

    with pytest.raises(Refused):
        actions.charge_for(row, line=line, at=clock.now(), actor=MEI)


# -- exchanges that somebody began in the Dashboard ------------------------------------------------------------------


def test_an_exchange_left_in_saleor_s_dashboard_is_found_and_told_once(house):
    """C3: Saleor's replace draft that was never completed."""
    placed = house.sell([(BLACK, 1)], email="jade.guerrero@example.com")
    parcel = placed.fulfillments[0]
    result = return_products(
        house.saleor,
        placed,
        [ReturnedLine(1, fulfillment_line=parcel.lines[0].id, replace=True)],
        reason="",
        refund=False,
    )
    house.settle()

    watch.watch_all(at=clock.now())
    house.settle()
    assert not Event.objects.filter(kind="exchange_draft.found").exists()

    with time_machine.travel(clock.real_now() + timedelta(hours=2)):
        for _round in range(2):
            watch.watch_all(at=clock.now())
            house.settle()

    (event,) = Event.objects.filter(kind="exchange_draft.found")
    assert event.data == {"draft_number": result.replacement.number, "draft_id": result.replacement.id}
    assert result.replacement.status == "DRAFT"


# -- what may be had ---------------------------------------------------------------------------------------------------


def test_the_options_are_the_product_s_variants_the_same_first_with_what_each_costs(house):
    placed = house.sell([(KNIFE, 1)], email="jade.guerrero@example.com")
    variant(house, "KNIFE-GYUTO-18").prices[placed.channel] = Decimal("149.00")
    line = house.order(placed).lines.get()

    options = queries.options_for(line)

    assert [(o.sku, o.same, o.due.wire(), o.rest.wire()) for o in options] == [
        (KNIFE, True, "0.00", "0.00"),
        ("KNIFE-GYUTO-18", False, "0.00", "10.00"),
    ]


def test_the_options_of_several_lines_are_one_request(house):
    placed = house.sell([(KNIFE, 1), (BLACK, 1)], email="jade.guerrero@example.com")
    ours = house.order(placed)
    lines = list(ours.lines.select_related("order__shop"))

    options = queries.options_for_lines(lines)

    assert {len(found) for found in options.values()} == {2}


def test_a_search_finds_other_products_but_no_gift_cards(house):
    placed = house.sell([(BLACK, 1)], email="jade.guerrero@example.com")
    line = house.order(placed).lines.get()

    assert [o.sku for o in queries.options_for(line, search="yunomi")] == ["CUPS-YUNOMI"]
    assert queries.options_for(line, search="gift card") == []


def test_goods_that_nobody_counts_are_always_there(house):
    placed = house.sell([(BLACK, 1)], email="jade.guerrero@example.com")
    variant(house, CREAM).track_inventory = False
    sell_out(house, CREAM)

    options = queries.options_for(house.order(placed).lines.get())

    assert {o.sku: o.available for o in options}[CREAM] is None


def test_another_shop_has_no_such_replacement(house):
    from saleor_aftercare.core.errors import NotFound
    from tests.make import make_shop

    _ret, row = promised(house, **JADE)

    with pytest.raises(NotFound):
        queries.get_replacement(make_shop(), row.pk)
    assert queries.current_exchange(make_shop(), "return", row.subject_id) is None
    assert Replacement.objects.count() == 1

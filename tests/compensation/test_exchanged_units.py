"""C1.10, money: the refund of goods that came in exchange themselves is paid from the orders that hold the money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation.models import Settlement, SettlementState
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import UnitsAsked, approve_return, receive_return, request_return, settle_return
from saleor_aftercare.returns.chains import chain_of
from saleor_aftercare.returns.models import Return, ReturnReason, ReturnState
from saleor_aftercare.returns.settlement import Options, SettlementPreview, preview_request, preview_settlement
from saleor_aftercare.sandbox import fulfill, grant_refund, pay_by_card, request_granted_refund, settle_refunds
from saleor_aftercare.sandbox.store import total_of
from tests.compensation.scenes import MEI, come_to_rest, paid_back
from tests.house import House
from tests.replacements.story import BLACK, CREAM, made_orders, variant

pytestmark = pytest.mark.django_db

KNIFE = "KNIFE-GYUTO-21"
D = Decimal


def back(
    house: House,
    order: Any,
    *,
    quantity: int = 1,
    wish: str = "",
    reason: str = ReturnReason.TOO_SMALL,
) -> Return:
    """Units of an order come back, for ``wish`` where that is said, and are here."""
    ours = house.order(order)
    unit = UnitsAsked(
        ours.lines.get(),
        quantity,
        reason,
        resolution=Resolution.EXCHANGE if wish else Resolution.REFUND,
        exchange_variant_id=variant(house, wish).id if wish else "",
        exchange_name=wish,
    )
    ret = request_return(ours, units=[unit], note="", at=clock.now(), actor=MEI, source="staff")
    approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)
    house.settle()
    return queries.get_return(house.shop, ret.pk)


def look(ret: Return, **options: Any) -> SettlementPreview:
    return preview_settlement(queries.get_return(ret.shop, ret.pk), at=clock.now(), options=Options(**options))


def settle(house: House, ret: Return, **options: Any) -> Settlement:
    """Staff look and press, and everything that follows is done."""
    seen = look(ret, **options)
    done = settle_return(
        ret,
        fingerprint=seen.fingerprint,
        key=f"press-{ret.pk}-{Settlement.objects.count()}",
        note="",
        at=clock.now(),
        actor=MEI,
        options=Options(**options),
    )
    come_to_rest(house)
    done.refresh_from_db()
    return done


def exchanged(house: House, order: Any, wish: str, *, quantity: int = 1) -> Any:
    """Units of an order were exchanged, any difference is paid, and the goods are with the customer."""
    settle(house, back(house, order, quantity=quantity, wish=wish))
    new = made_orders(house)[-1]
    if (due := total_of(new)) > 0:
        pay_by_card(house.saleor, new, due)
        house.settle()
    fulfill(house.saleor, new)
    house.settle()
    return new


def items(seen: SettlementPreview) -> list[tuple[str, Decimal, str]]:
    return [(item.kind.value, item.amount, item.order) for item in seen.breakdown.items]


def parts(house: House, seen: SettlementPreview) -> list[tuple[str, str]]:
    return [(seen.order_numbers.get(part.order or 0, "own"), part.amount.wire()) for part in seen.plan.parts]


def sold(house: House, quantity: int = 1, **order: Any) -> Any:
    return house.sell([(BLACK, quantity)], email="jade.guerrero@example.com", **order)


def test_nothing_is_settled_before_the_goods_in_exchange_were_promised(house: House):
    """Received at once, before the job that asks Saleor for price and stock: the goods would be forgotten."""
    ours = house.order(sold(house))
    wish = UnitsAsked(
        ours.lines.get(),
        1,
        ReturnReason.TOO_SMALL,
        resolution=Resolution.EXCHANGE,
        exchange_variant_id=variant(house, CREAM).id,
        exchange_name="Cream",
    )
    ret = request_return(ours, units=[wish], note="", at=clock.now(), actor=MEI, source="staff")
    approve_return(ret, at=clock.now(), actor=MEI)
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)

    early = look(ret)
    blocking = [notice.code for notice in early.notices if notice.blocks]
    with pytest.raises(Refused):
        settle(house, ret)
    house.settle()

    assert (early.possible, blocking) == (False, ["exchange_not_promised"])
    assert look(ret).possible
    settle(house, ret)
    assert len(made_orders(house)) == 1


def test_what_was_exchanged_for_nothing_is_refunded_with_the_payment_of_the_order_that_was_paid(house: House):
    bought = sold(house)
    new = exchanged(house, bought, CREAM)
    ret = back(house, new)

    seen = look(ret)
    settlement = settle(house, ret)

    assert items(seen) == [("exchanged_goods", D("139.00"), bought.number)]
    assert parts(house, seen) == [(bought.number, "139.00")]
    assert seen.possible
    assert (settlement.state, settlement.refund) == (SettlementState.DONE, D("139.00"))
    assert (paid_back(house, bought), paid_back(house, new)) == (D("139.00"), 0)
    assert queries.get_return(house.shop, ret.pk).state == ReturnState.RESOLVED


def test_with_the_last_of_the_goods_goes_the_shipping_that_was_paid_for_the_first(house: House):
    """C1.6 over an exchange, under the guarantee."""
    bought = sold(house)
    ret = back(house, exchanged(house, bought, CREAM), reason=ReturnReason.DEFECTIVE)

    seen = look(ret)
    settle(house, ret)

    shipping = house.order(bought).shipping
    assert [(kind, amount) for kind, amount, _order in items(seen)][1:] == [("shipping", shipping)]
    assert shipping > 0
    assert paid_back(house, bought) == D("139.00") + shipping
    letter = OutboundMessage.objects.get(kind="returns/refunded")
    assert (letter.to_email, letter.state) == ("jade.guerrero@example.com", "sent")
    assert f"1 × Kaze Gooseneck Kettle 1.2 L Cream (paid with order {bought.number})" in letter.text


def test_a_difference_that_was_paid_goes_back_where_it_was_paid(house: House):
    bought = sold(house)
    new = exchanged(house, bought, KNIFE)
    ret = back(house, new)

    seen = look(ret)
    settlement = settle(house, ret)

    assert items(seen) == [
        ("exchanged_goods", D("139.00"), bought.number),
        ("exchange_difference", D("20.00"), new.number),
    ]
    assert parts(house, seen) == [("own", "20.00"), (bought.number, "139.00")]
    assert settlement.state == SettlementState.DONE
    assert (paid_back(house, bought), paid_back(house, new)) == (D("139.00"), D("20.00"))
    for placed in (bought, new):
        notes = [event.message for event in house.saleor.order(placed.id).events]
        assert any(ret.number in text and "159.00" in text for text in notes)


def test_after_two_exchanges_each_order_gives_what_was_paid_with_it(house: House):
    bought = sold(house)
    once = exchanged(house, bought, KNIFE)
    twice = exchanged(house, once, BLACK)  # cheaper by 20.00, which were paid last and went back
    assert paid_back(house, once) == D("20.00")
    ret = back(house, twice)

    seen = look(ret)
    settle(house, ret)

    assert items(seen) == [("exchanged_goods", D("139.00"), bought.number)]
    assert [paid_back(house, one) for one in (bought, once, twice)] == [D("139.00"), D("20.00"), 0]


def test_three_units_of_five_yen_leave_the_remainder_to_the_last(house: House):
    """C1.5 over an exchange: nothing is lost and nothing is invented."""
    sku = next(v.sku for v in house.saleor.state.variants if v.prices.get("japan"))
    bought = house.sell([(sku, 3)])
    new = exchanged(house, bought, sku, quantity=3)
    paid = house.order(bought).lines.get().total

    amounts = [settle(house, back(house, new)).refund for _unit in range(3)]

    assert sum(amounts) == paid == paid_back(house, bought) + 0
    assert amounts[0] == amounts[1] <= amounts[2]


def test_a_unit_and_what_came_for_it_are_never_both_refunded(house: House):
    bought = sold(house, 2)
    new = exchanged(house, bought, CREAM)
    settle(house, back(house, new))
    ret = back(house, bought)

    seen = look(ret)
    settle(house, ret)

    assert seen.breakdown.refund == D("139.00")
    assert paid_back(house, bought) == D("278.00")
    again = house.order(bought).lines.get()
    with pytest.raises(Exception, match=r"."):
        request_return(
            house.order(bought),
            units=[UnitsAsked(again, 1, ReturnReason.DEFECTIVE)],
            note="",
            at=clock.now(),
            actor=MEI,
        )


def test_the_value_that_was_exchanged_is_kept_for_whoever_brings_back_what_came_for_it(house: House):
    """The other unit is refunded first: the money of the exchanged one stays for the exchanged one."""
    bought = sold(house, 2)
    new = exchanged(house, bought, CREAM)

    first = settle(house, back(house, bought))
    second = settle(house, back(house, new))

    assert (first.refund, second.refund) == (D("139.00"), D("139.00"))
    assert paid_back(house, bought) == D("278.00")


def test_store_credit_for_goods_that_came_in_exchange_is_one_card_and_uses_the_money_up(house: House):
    bought = sold(house)
    new = exchanged(house, bought, KNIFE)
    ret = back(house, new)
    ret.lines.update(resolution=Resolution.STORE_CREDIT)

    settlement = settle(house, ret)

    credit = settlement.store_credits.get()
    assert (settlement.refund, credit.amount - credit.bonus) == (0, D("159.00"))
    assert [(share.order.number, share.amount) for share in credit.shares.all()] == [(bought.number, D("139.00"))]
    seen = preview_settlement(queries.get_return(house.shop, ret.pk), at=clock.now())
    assert seen.available.amount == 0
    assert (paid_back(house, bought), paid_back(house, new)) == (0, 0)


def test_money_that_is_gone_from_the_first_order_is_not_given_again_and_staff_are_told_plainly(house: House):
    """C1.16 over an exchange."""
    bought = sold(house)
    new = exchanged(house, bought, CREAM)
    ret = back(house, new)
    before = look(ret)
    transaction = house.saleor.order(bought.id).transactions[0]
    granted = grant_refund(
        house.saleor, house.saleor.order(bought.id), amount=D("100.00"), transaction_id=transaction.id
    )
    request_granted_refund(house.saleor, granted.id)
    settle_refunds(house.saleor)
    house.settle()

    with pytest.raises(Conflict, match="changed"):
        settle_return(ret, fingerprint=before.fingerprint, key="old", note="", at=clock.now(), actor=MEI)
    seen = look(ret)

    told = {notice.code: notice.message for notice in seen.notices}
    assert f"Order {bought.number} holds 94.10 USD less" in told["original_not_refundable"]
    assert (seen.breakdown.refund, seen.available.wire()) == (D("44.90"), "44.90")
    assert settle(house, ret).refund == D("44.90")
    assert paid_back(house, bought) == D("144.90") == house.order(bought).total


def test_what_no_payment_app_can_give_back_may_become_store_credit(house: House):
    bought = sold(house)
    new = exchanged(house, bought, CREAM)
    ret = back(house, new)
    house.saleor.order(bought.id).transactions[0].created_by = None

    assert not look(ret).possible
    settlement = settle(house, ret, route="credit")

    assert (settlement.state, settlement.refund, settlement.credit) == (SettlementState.DONE, 0, D("139.00"))
    assert settlement.store_credits.get().shares.get().order.number == bought.number


def test_a_customer_sees_before_asking_what_an_exchanged_unit_is_worth(house: House):
    bought = sold(house)
    ours = house.order(exchanged(house, bought, KNIFE))

    seen = preview_request(ours, [UnitsAsked(ours.lines.get(), 1, ReturnReason.CHANGED_MIND)], at=clock.now())

    assert seen.breakdown.refund == D("159.00")


def test_an_order_that_was_simply_bought_asks_no_question(house: House, django_assert_num_queries: Any):
    ours = house.order(sold(house))

    with django_assert_num_queries(0):
        chain = chain_of(ours)

    assert (chain.orders, chain.came_in_exchange, chain.first) == ((ours,), False, ours)
    assert replace(chain) == chain


@pytest.mark.parametrize("key", ["a", "b"])
def test_the_same_key_again_is_the_same_settlement(house: House, key: str):
    ret = back(house, exchanged(house, sold(house), CREAM))
    seen = look(ret)
    given: dict[str, Any] = {"fingerprint": seen.fingerprint, "key": key, "note": "", "at": clock.now(), "actor": MEI}

    first, again = settle_return(ret, **given), settle_return(ret, **given)

    assert first.pk == again.pk

"""C3, out_of_stock → refund: goods that sell out after the settlement turn back into money or store credit, once."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.compensation.models import Settlement, SettlementState
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.replacements.actions import cancel_replacement
from saleor_aftercare.replacements.models import Replacement, ReplacementState
from saleor_aftercare.replacements.queries import current_exchange
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import can_settle, owed_instead, settle_return
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.settlement import Options
from tests.compensation.scenes import MEI, come_to_rest, paid_back
from tests.compensation.test_exchanged_units import back, exchanged, look, settle, sold
from tests.house import House
from tests.replacements.story import CREAM, sell_out

pytestmark = pytest.mark.django_db
D = Decimal


def sold_out_after_all(house: House, bought: Any, *, wish: str = CREAM) -> Return:
    """Settled as an exchange, sold out when it was ordered, and canceled by staff."""
    ret = back(house, bought, wish=wish)
    stock = {v.sku: dict(v.stock) for v in house.saleor.state.variants}
    sell_out(house, wish)
    settle(house, ret)
    row = current_exchange(house.shop, "return", ret.pk)
    assert row is not None
    assert row.state == ReplacementState.OUT_OF_STOCK
    cancel_replacement(row, at=clock.now(), actor=MEI)
    house.settle()
    for one in house.saleor.state.variants:
        one.stock = stock[one.sku]
    return queries.get_return(house.shop, ret.pk)


def test_the_value_of_goods_that_are_not_sent_goes_back_to_the_payment_and_the_customer_knows_why(house: House):
    bought = sold(house)
    ret = sold_out_after_all(house, bought)
    assert (ret.state, can_settle(ret)) == (ReturnState.RESOLVED, True)
    before = look(ret)

    settlement = settle(house, ret, instead=Resolution.REFUND)

    assert (before.exchange_canceled, before.possible) == (True, False)
    assert before.notices[0].code == "exchange_canceled"
    assert (settlement.state, settlement.refund, settlement.exchange) == (SettlementState.DONE, D("139.00"), 0)
    assert paid_back(house, bought) == D("139.00")
    assert ret.lines.get().resolution == Resolution.REFUND
    letter = OutboundMessage.objects.get(kind="returns/refunded")
    assert "we cannot send you Kaze Gooseneck Kettle 1.2 L Cream" in letter.text
    assert "$139.00" in letter.text


def test_it_is_given_once_whatever_is_pressed_afterwards(house: House):
    bought = sold(house)
    ret = sold_out_after_all(house, bought)
    seen = look(ret, instead=Resolution.REFUND)
    given: dict[str, Any] = {"note": "", "at": clock.now(), "actor": MEI, "options": Options(instead=Resolution.REFUND)}
    first = settle_return(ret, fingerprint=seen.fingerprint, key="once", **given)

    assert settle_return(ret, fingerprint=seen.fingerprint, key="once", **given).pk == first.pk
    with pytest.raises(Conflict):
        settle_return(ret, fingerprint=seen.fingerprint, key="twice", **given)
    come_to_rest(house)
    with pytest.raises(Conflict, match="only once"):
        settle_return(ret, fingerprint=look(ret).fingerprint, key="thrice", **given | {"options": Options()})

    assert paid_back(house, bought) == D("139.00")
    assert owed_instead([ret.pk]) == set()


def test_it_becomes_store_credit_where_staff_say_so_in_the_customers_language(house: House):
    bought = sold(house)
    ret = sold_out_after_all(house, bought)
    house.saleor.order(bought.id).language = "JA"

    settlement = settle(house, queries.get_return(house.shop, ret.pk), instead=Resolution.STORE_CREDIT)

    assert (settlement.refund, settlement.credit, settlement.bonus) == (0, D("139.00"), 0)
    assert paid_back(house, bought) == 0
    letter = OutboundMessage.objects.get(kind="returns/store_credit")
    assert "交換品" in letter.text
    assert look(ret).available.amount == house.order(bought).shipping


def test_goods_that_came_in_exchange_and_are_not_sent_again_go_back_to_the_first_payment(house: House):
    """C1.10 with C3."""
    bought = sold(house)
    once = exchanged(house, bought, CREAM)
    ret = sold_out_after_all(house, once)

    settlement = settle(house, ret, instead=Resolution.REFUND)

    assert settlement.refund == D("139.00")
    assert (paid_back(house, bought), paid_back(house, once)) == (D("139.00"), 0)


def test_what_was_given_for_goods_that_came_in_exchange_is_not_given_for_the_first_ones_as_well(house: House):
    """C1.10 with C3: whoever cancels the exchange afterwards finds that its value is given already."""
    bought = sold(house, 2)
    new = exchanged(house, bought, CREAM)
    settle(house, back(house, new))
    row = Replacement.objects.get()
    Replacement.objects.filter(pk=row.pk).update(state=ReplacementState.CANCELED)
    first = queries.get_return(house.shop, row.subject_id)

    seen = look(first, instead=Resolution.REFUND)

    assert can_settle(first)
    assert [(item.kind.value, item.amount) for item in seen.breakdown.items] == [
        ("goods", D("139.00")),
        ("already_given", D("-139.00")),
    ]
    assert (seen.breakdown.total, paid_back(house, bought)) == (0, D("139.00"))


def test_what_stands_in_exchange_is_not_given_as_money_as_well(house: House):
    ret = back(house, sold(house), wish=CREAM)

    with pytest.raises(Refused, match="Nothing was canceled"):
        settle(house, ret, instead=Resolution.REFUND)

    settle(house, ret)
    assert not can_settle(queries.get_return(house.shop, ret.pk))
    assert Replacement.objects.get().state == ReplacementState.PLACED


def test_canceled_before_the_settlement_staff_say_what_is_given_instead(house: House):
    bought = sold(house)
    ret = back(house, bought, wish=CREAM)
    row = current_exchange(house.shop, "return", ret.pk)
    assert row is not None
    cancel_replacement(row, at=clock.now(), actor=MEI)

    with pytest.raises(Refused, match="choose what is given instead"):
        settle(house, ret)
    settlement = settle(house, ret, instead=Resolution.REFUND)

    assert settlement.refund == D("139.00") == paid_back(house, bought)


@pytest.mark.django_db(transaction=True)
def test_of_two_staff_who_give_it_back_at_once_one_wins(house: House):
    bought = sold(house)
    ret = sold_out_after_all(house, bought)
    options = Options(instead=Resolution.REFUND)
    fingerprint = look(ret, instead=Resolution.REFUND).fingerprint
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press(key: str) -> None:
        together.wait(10)
        try:
            settle_return(ret, fingerprint=fingerprint, key=key, note="", at=clock.now(), actor=MEI, options=options)
            outcomes.append("settled")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    people = [threading.Thread(target=press, args=(f"press-{n}",)) for n in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)

    assert sorted(outcomes) == ["conflict", "settled"]
    come_to_rest(house)
    assert Settlement.objects.filter(refund__gt=0).count() == 1
    assert paid_back(house, bought) == D("139.00")

"""C1.8, mixed tender: what gift cards paid goes back to gift cards, in the order that the shop has stated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.compensation.models import SettlementState
from saleor_aftercare.core import clock
from saleor_aftercare.policies.models import TenderOrder
from saleor_aftercare.returns import queries
from saleor_aftercare.sandbox import pay_by_card, pay_by_gift_card, place_order
from saleor_aftercare.sandbox.records import GiftCard
from saleor_aftercare.sandbox.store import total_of
from tests.compensation.scenes import come_to_rest, look, paid_back
from tests.compensation.test_settlements import back, cards, settle
from tests.house import House

pytestmark = pytest.mark.django_db


def new_gift_card(house: House, balance: int) -> str:
    """A gift card that a customer has; returns its code."""
    card = GiftCard(
        id=house.saleor.new_id("GiftCard"),
        code="CUSTOMERCARD1",
        created=clock.now(),
        currency="JPY",
        initial=Decimal(balance),
        balance=Decimal(balance),
        is_active=True,
    )
    house.saleor.state.gift_cards.append(card)
    return card.code


@pytest.mark.parametrize("first", list(TenderOrder))
def test_mixed_tender_goes_back_to_card_and_gift_card_and_never_more_than_each_paid(house, first):
    """C1.8: a gift card redeemed as a promo code paid 1000 of the order; Saleor's total does not contain them."""
    code = new_gift_card(house, 1000)
    user = next(u for u in house.saleor.state.users if not u.is_staff)
    sku = house.saleor.state.variants[0].sku
    placed = place_order(house.saleor, user=user, lines=[(sku, 2)], gift_cards=[code])
    pay_by_card(house.saleor, placed)
    ret = back(house, placed, 2)
    type(ret.policy).objects.filter(pk=ret.policy_id).update(tender_order=first)
    ret = queries.get_return(house.shop, ret.pk)
    seen = look(ret)
    assert "gift_card" in {notice.code for notice in seen.notices}

    settlement = settle(ret)
    come_to_rest(house)

    settlement.refresh_from_db()
    ours = house.order(placed)
    assert (ours.gift_cards, settlement.credit, settlement.refund) == (1000, 1000, ours.total)
    assert [card.balance for card in cards(house)] == [1000]
    assert paid_back(house, placed) == ours.total


def test_a_gift_card_of_saleors_own_gateway_has_its_money_back_on_itself(house):
    """C1.8: its transaction belongs to nobody, and can be refunded all the same."""
    code = new_gift_card(house, 1000)
    user = next(u for u in house.saleor.state.users if not u.is_staff)
    sku = house.saleor.state.variants[0].sku
    placed = place_order(house.saleor, user=user, lines=[(sku, 2)])
    pay_by_gift_card(house.saleor, placed, code, Decimal(1000))
    pay_by_card(house.saleor, placed, total_of(placed) - 1000)
    ret = back(house, placed, 2)
    type(ret.policy).objects.filter(pk=ret.policy_id).update(tender_order=TenderOrder.GIFT_CARD_FIRST)

    settlement = settle(queries.get_return(house.shop, ret.pk))
    come_to_rest(house)

    settlement.refresh_from_db()
    assert settlement.refunds.earliest("pk").means.endswith("ARD1")
    assert next(c for c in house.saleor.state.gift_cards if c.code == code).balance == 1000
    assert settlement.state == SettlementState.DONE

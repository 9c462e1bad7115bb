"""Settlements: several payments, store credit, gift cards, nothing at all; and whatever goes wrong on the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation.actions import retry_settlement
from saleor_aftercare.compensation.models import (
    SETTLEMENT_WORKFLOW,
    STORE_CREDIT_WORKFLOW,
    RefundState,
    Settlement,
    SettlementState,
    StoreCredit,
    StoreCreditState,
)
from saleor_aftercare.compensation.plan import RefundRoute
from saleor_aftercare.connection.models import ShopCommand, ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, Refused
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import LegalBasis, ReasonOption, Resolution
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import UnitsAsked, approve_return, receive_return, request_return, settle_return
from saleor_aftercare.returns.models import Return, ReturnReason, ReturnState
from saleor_aftercare.returns.settlement import Options, preview_request, preview_settlement
from saleor_aftercare.sandbox import fulfill, pay_by_card, place_order, settle_refunds
from saleor_aftercare.sandbox.records import GiftCard
from saleor_aftercare.sandbox.store import total_of
from tests.compensation.scenes import MEI, come_to_rest, look, paid_back, received, the_job_of_credit
from tests.crash import dies_at_statement
from tests.house import House
from tests.machines import unreachable

pytestmark = pytest.mark.django_db


def settle(ret: Return, *, key: str = "press-1", options: Options | None = None) -> Settlement:
    """Staff look and press."""
    seen = preview_settlement(ret, at=clock.now(), options=options)
    return settle_return(
        ret, fingerprint=seen.fingerprint, key=key, note="", at=clock.now(), actor=MEI, options=options
    )


def paid_in_parts(house: House, *parts: int, quantity: int = 2, **order: Any) -> tuple[Any, Return]:
    """An order paid by several cards, all of it back."""
    user = next(u for u in house.saleor.state.users if not u.is_staff)
    sku = house.saleor.state.variants[0].sku
    placed = place_order(house.saleor, user=user, lines=[(sku, quantity)], **order)
    for share in parts:
        pay_by_card(house.saleor, placed, Decimal(share))
    pay_by_card(house.saleor, placed, total_of(placed) - sum(parts))
    return placed, back(house, placed, quantity)


def back(house: House, placed: Any, quantity: int, **values: Any) -> Return:
    """All of a paid order is sent, comes back, and is here."""
    fulfill(house.saleor, placed)
    house.settle()
    ours = house.order(placed)
    unit = UnitsAsked(ours.lines.get(), quantity, ReturnReason.CHANGED_MIND)
    ret = request_return(ours, units=[unit], note="", at=clock.now(), actor=MEI, **values)
    if ret.state == ReturnState.REQUESTED:
        approve_return(ret, at=clock.now(), actor=MEI)
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)
    type(ret.policy).objects.filter(pk=ret.policy_id).update(refund_original_shipping=True)
    house.settle()
    return queries.get_return(house.shop, ret.pk)


def wants(ret: Return, resolution: Resolution, **rule: Any) -> Return:
    """The customer wants this for everything, by a rule with these values."""
    ret.lines.update(resolution=resolution)
    if rule:
        ret.policy.rules.update(**rule)
    return queries.get_return(ret.shop, ret.pk)


def cards(house: House) -> list[GiftCard]:
    """The gift cards that we made in the practice shop."""
    return [card for card in house.saleor.state.gift_cards if card.app == house.shop.app_id]


# -- several payments ----------------------------------------------------------------------------------------------


def test_an_order_paid_by_two_cards_is_refunded_on_both_the_fullest_first(house):
    placed, ret = paid_in_parts(house, 1000)

    settlement = settle(ret)
    come_to_rest(house)

    settlement.refresh_from_db()
    small, large = house.saleor.order(placed.id).transactions
    assert [r.amount for r in settlement.refunds.order_by("pk")] == [large.refunded, Decimal(1000)]
    assert (small.refunded, small.charged, large.charged) == (1000, 0, 0)
    assert settlement.state == SettlementState.DONE
    assert queries.get_return(house.shop, ret.pk).state == ReturnState.RESOLVED
    letter = OutboundMessage.objects.get(kind="returns/refunded")
    assert settlement.money(settlement.refund).format("ja") in letter.subject + letter.text or letter.language != "ja"


def test_a_payment_app_failing_a_refund_after_granting_leaves_the_other_part_and_is_tried_again_alone(house):
    placed, ret = paid_in_parts(house, 1000)
    settlement = settle(ret)
    house.settle()
    first, second = house.saleor.state.pending_refunds
    house.saleor.state.pending_refunds = [first]
    settle_refunds(house.saleor)
    house.saleor.state.pending_refunds = [second]
    settle_refunds(house.saleor, "failure")
    come_to_rest(house)

    settlement.refresh_from_db()
    assert settlement.state == SettlementState.FAILED
    assert [r.state for r in settlement.refunds.order_by("pk")] == [RefundState.SUCCEEDED, RefundState.FAILED]
    assert queries.get_return(house.shop, ret.pk).state == ReturnState.RECEIVED
    assert not OutboundMessage.objects.filter(kind="returns/refunded").exists()

    retry_settlement(settlement, at=clock.now(), actor=MEI)
    come_to_rest(house)

    settlement.refresh_from_db()
    assert settlement.state == SettlementState.DONE
    assert paid_back(house, placed) == house.order(placed).total
    assert settlement.refunds.filter(retry=None, state=RefundState.SUCCEEDED).count() == 2
    with pytest.raises(Conflict):
        retry_settlement(settlement, at=clock.now(), actor=MEI)


def test_a_settlement_that_a_newer_one_replaced_is_not_tried_again(house):
    _placed, ret = received(house)
    old = settle(ret)
    house.settle()
    settle_refunds(house.saleor, "failure")
    come_to_rest(house)
    settle(ret, key="press-2")

    with pytest.raises(Conflict):
        retry_settlement(old, at=clock.now(), actor=MEI)


def test_the_shops_own_refund_reason_in_saleor_goes_with_the_grant(house):
    placed, ret = received(house)
    page = house.saleor.state.pages[0].id
    ReasonOption.objects.create(
        shop=house.shop, code=ret.lines.get().reason, saleor_refund_reference=page, labels={"en": "Broken"}
    )

    settle(ret)
    come_to_rest(house)

    request = ShopCommand.objects.get(kind="grant_refund").request
    assert request["input"]["reasonReference"] == page
    assert paid_back(house, placed) > 0


# -- store credit --------------------------------------------------------------------------------------------------


def test_store_credit_is_a_gift_card_with_its_bonus_and_its_code_goes_to_the_customer_alone(house):
    placed, ret = received(house)
    ret = wants(ret, Resolution.STORE_CREDIT, store_credit_bonus_percent=Decimal(5))
    ShopSettings.objects.filter(shop=house.shop).update(store_credit_valid_days=365)

    settlement = settle(ret)
    come_to_rest(house)

    settlement.refresh_from_db()
    (card,) = cards(house)
    credit = settlement.store_credits.get()
    value = look(ret).breakdown  # everything is given: nothing is due any more
    assert value.total == 0
    assert (credit.state, card.balance, card.code) == (StoreCreditState.ISSUED, settlement.credit, credit.code)
    assert settlement.bonus == (settlement.credit - settlement.bonus) * 5 // 100 + (
        1 if (settlement.credit - settlement.bonus) * 5 % 100 else 0
    )
    assert card.expiry_date is not None
    assert "aftercare" in card.tags
    assert paid_back(house, placed) == 0
    letter = OutboundMessage.objects.get(kind="returns/store_credit")
    assert (letter.to_email, credit.code in letter.words().text) == (ret.order.email, True)
    command = ShopCommand.objects.get(kind="create_gift_card")
    assert credit.code not in str(command.request)
    note = house.saleor.order(placed.id).events[-1].message
    notes = [event.message for event in house.saleor.order(placed.id).events]
    assert any(credit.masked in text for text in notes), note
    assert not any(credit.code in text for text in notes)


@pytest.mark.parametrize("how", ["lost", "timeout", "500"])
def test_a_lost_answer_never_makes_a_second_gift_card(house, how):
    """C1.3: gateway timeout, then success."""
    _placed, ret = received(house)
    house.saleor.faults.add(how, operation="giftCardCreate")

    settlement = settle(wants(ret, Resolution.STORE_CREDIT))
    come_to_rest(house)

    settlement.refresh_from_db()
    assert (settlement.state, len(cards(house))) == (SettlementState.DONE, 1)


def test_a_worker_that_dies_between_any_two_steps_makes_one_gift_card(house):
    n, died = 0, True
    while died:
        n += 1
        _placed, ret = received(house, quantity=1, back=1)
        settlement = settle(wants(ret, Resolution.STORE_CREDIT), key=f"press-{n}")

        died = dies_at_statement(n * 3, the_job_of_credit(settlement.store_credits.get()))
        come_to_rest(house)

        settlement.refresh_from_db()
        assert (n, settlement.state, len(cards(house))) == (n, SettlementState.DONE, n)
    assert n > 3


def test_without_the_permission_store_credit_is_not_offered_and_nothing_is_sent(house):
    _placed, ret = received(house)
    Shop.objects.filter(pk=house.shop.pk).update(permissions=["MANAGE_ORDERS", "HANDLE_PAYMENTS"])
    ret = wants(ret, Resolution.STORE_CREDIT)

    with pytest.raises(Refused, match="MANAGE_GIFT_CARD"):
        settle(ret)

    assert not StoreCredit.objects.exists()


def test_a_gifts_recipient_gets_credit_and_the_payer_neither_money_nor_a_letter(house):
    """C1.19: refund goes to nobody it should not."""
    placed, ret = received(house)
    Return.objects.filter(pk=ret.pk).update(gift_recipient_email="kai@example.com", gift_recipient_name="Kai")
    OutboundMessage.objects.all().delete()

    settlement = settle(queries.get_return(house.shop, ret.pk))
    come_to_rest(house)

    settlement.refresh_from_db()
    assert (settlement.refund, settlement.bonus) == (0, 0)
    assert paid_back(house, placed) == 0
    assert {m.to_email for m in OutboundMessage.objects.all()} == {"kai@example.com"}


# -- shipping, nothing, and before the goods -------------------------------------------------------------------------


def test_on_withdrawal_the_dearer_delivery_is_the_customers_own_affair(house):
    """C1.6: what the cheapest shipping method costs goes back."""
    methods = house.saleor.state.shipping_methods
    prices = {m.id: m.prices["japan"] for m in methods if "japan" in m.prices} or {
        m.id: next(iter(m.prices.values())) for m in methods
    }
    dear = max(prices, key=lambda one: prices[one])
    user = next(u for u in house.saleor.state.users if not u.is_staff)
    placed = place_order(house.saleor, user=user, lines=[(house.saleor.state.variants[0].sku, 1)], shipping_method=dear)
    pay_by_card(house.saleor, placed)
    ret = back(house, placed, 1)
    ret.lines.update(legal_basis=LegalBasis.WITHDRAWAL)
    cheapest = min(m.prices[placed.channel] for m in methods if placed.channel in m.prices)

    items = {item.kind: item.amount for item in look(queries.get_return(house.shop, ret.pk)).breakdown.items}

    assert house.order(placed).shipping > cheapest
    assert items.get("standard_shipping", Decimal(0)) == cheapest


def test_a_received_return_with_nothing_due_is_closed(house):
    _placed, ret = received(house)
    ret.lines.update(quantity_rejected=1, reject_reason="Another shop's product")
    ret = queries.get_return(house.shop, ret.pk)

    settlement = settle(ret)
    come_to_rest(house)

    assert (settlement.state, settlement.items) == (SettlementState.DONE, [])
    assert queries.get_return(house.shop, ret.pk).state == ReturnState.RESOLVED


def test_what_saleor_records_of_the_goods_meanwhile_does_not_make_a_preview_stale(house):
    placed = house.sell([(house.saleor.state.variants[0].sku, 2)])
    ours = house.order(placed)
    unit = UnitsAsked(ours.lines.get(), 2, ReturnReason.DEFECTIVE)
    ret = request_return(ours, units=[unit], note="", at=clock.now(), actor=MEI)
    approve_return(ret, at=clock.now(), actor=MEI)
    receive_return(ret, lines=None, at=clock.now(), actor=MEI)
    seen = look(queries.get_return(house.shop, ret.pk)).fingerprint
    house.settle()
    assert house.order(placed).status == "RETURNED"

    settle_return(ret, fingerprint=seen, key="press-1", note="", at=clock.now(), actor=MEI)
    come_to_rest(house)

    assert paid_back(house, placed) > 0


def test_a_withdrawal_may_be_paid_back_before_the_goods_are_here(house):
    placed = house.sell([(house.saleor.state.variants[0].sku, 1)])
    ours = house.order(placed)
    unit = UnitsAsked(ours.lines.get(), 1, "", legal_basis=LegalBasis.WITHDRAWAL)
    ret = request_return(ours, units=[unit], note="", at=clock.now(), actor=MEI, source="withdrawal")
    house.settle()

    settlement = settle(queries.get_return(house.shop, ret.pk))
    come_to_rest(house)

    settlement.refresh_from_db()
    assert settlement.state == SettlementState.DONE
    assert paid_back(house, placed) > 0


def test_what_is_forecast_is_what_is_then_settled(house):
    _placed, ret = received(house, quantity=3, back=1)
    ours = ret.order
    unit = UnitsAsked(ours.lines.get(), 1, ReturnReason.CHANGED_MIND)

    forecast = preview_request(ours, [unit], at=clock.now())

    assert [item.kind for item in forecast.breakdown.items] == ["goods"]
    assert forecast.breakdown.refund == look(ret).breakdown.refund


def test_a_manual_remainder_is_told_to_saleor(house):
    placed, ret = paid_in_parts(house, 1000)
    order = house.saleor.order(placed.id)
    order.transactions[0].created_by = None

    with pytest.raises(Refused, match="1000 JPY"):
        settle(ret)
    settlement = settle(ret, options=Options(route=RefundRoute.REMAINDER))
    come_to_rest(house)

    settlement.refresh_from_db()
    assert [(r.method, r.amount == 1000) for r in settlement.refunds.order_by("pk")] == [
        ("payment_app", False),
        ("manual", True),
    ]
    assert settlement.state == SettlementState.DONE


@pytest.mark.parametrize(
    ("workflow", "first"),
    [(SETTLEMENT_WORKFLOW, SettlementState.RUNNING), (STORE_CREDIT_WORKFLOW, StoreCreditState.PENDING)],
)
def test_every_state_can_be_reached(workflow, first):
    assert not unreachable(workflow, first=first)

"""Never more than was paid and not yet given back, in whatever order things happen."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.compensation.actions import retry_settlement
from saleor_aftercare.compensation.ledger import Ledger, Payment
from saleor_aftercare.compensation.models import Refund, Settlement, SettlementState, StoreCreditState
from saleor_aftercare.compensation.plan import RefundRoute, plan_refund
from saleor_aftercare.compensation.queries import taken_as_credit
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import AftercareError, Conflict
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Resolution, TenderOrder
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.actions import settle_return
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.settlement import preview_settlement
from saleor_aftercare.sandbox import ShopError, grant_refund, request_granted_refund, settle_refunds
from tests.compensation.scenes import MEI, come_to_rest, let_minutes_pass
from tests.compensation.test_exchanged_units import KNIFE, back, exchanged, sold
from tests.compensation.test_settlements import paid_in_parts
from tests.crash import dies_at_statement
from tests.house import House
from tests.replacements.story import CREAM

# -- the plan ------------------------------------------------------------------------------------------------------


def payment(key: str, left: int, **values: Any) -> Payment:
    """A card payment with that many yen left."""
    zero = Money.zero("JPY")
    return Payment(
        **{
            "id": key,
            "left": Money(Decimal(left), "JPY"),
            "refunded": zero,
            "pending": zero,
            "by_app": True,
            "says_refund": True,
            "manual": False,
            "means": key,
        }
        | values
    )


def yen(amount: int) -> Money:
    return Money(Decimal(amount), "JPY")


def parts_of(payments: list[Payment], amount: int, **values: Any) -> tuple[list[tuple[str, int]], int]:
    plan = plan_refund(
        Ledger("JPY", tuple(payments), ()),
        yen(amount),
        **{"reserved": {}, "tender_order": TenderOrder.CARD_FIRST, "route": RefundRoute.ORIGINAL} | values,
    )
    return [(part.transaction, int(part.amount.amount)) for part in plan.parts], int(plan.short.amount)


def test_the_fullest_payment_gives_first_and_as_few_as_possible_are_touched():
    cards = [payment("a", 300), payment("b", 1000), payment("c", 500)]

    assert parts_of(cards, 900) == ([("b", 900)], 0)
    assert parts_of(cards, 1600) == ([("b", 1000), ("c", 500), ("a", 100)], 0)


@pytest.mark.parametrize(
    ("order", "parts"),
    [
        (TenderOrder.CARD_FIRST, [("card", 500), ("gift", 100)]),
        (TenderOrder.GIFT_CARD_FIRST, [("gift", 400), ("card", 200)]),
    ],
)
def test_gift_cards_come_first_or_last_as_the_shop_has_stated(order: TenderOrder, parts: list[tuple[str, int]]):
    """C1.8: mixed tender."""
    paid = [payment("card", 500), payment("gift", 400, gift_card=True)]

    assert parts_of(paid, 600, tender_order=order) == (parts, 0)


def test_what_nobody_can_refund_is_short_unless_staff_pay_it_by_hand():
    paid = [payment("card", 300), payment("bank", 700, by_app=False)]

    assert parts_of(paid, 1000) == ([("card", 300)], 700)
    assert parts_of(paid, 1000, route=RefundRoute.REMAINDER) == ([("card", 300), ("", 700)], 0)
    assert parts_of(paid, 1000, route=RefundRoute.MANUAL) == ([("", 1000)], 0)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.booleans(), st.booleans(), st.integers(0, 200)), max_size=5),
    st.integers(0, 2500),
    st.sampled_from(list(TenderOrder)),
    st.sampled_from(list(RefundRoute)),
)
def test_no_payment_gives_more_than_it_has_left_and_nothing_is_lost(rows, amount, order, route):
    payments = [payment(str(n), left, by_app=able, gift_card=card) for n, (left, able, card, _held) in enumerate(rows)]
    reserved = {str(n): yen(held) for n, (_left, _able, _card, held) in enumerate(rows)}

    parts, short = parts_of(payments, amount, reserved=reserved, tender_order=order, route=route)

    free = {one.id: one.left.amount - reserved[one.id].amount for one in payments}
    assert all(0 < given <= free[key] for key, given in parts if key)
    assert sum(given for _key, given in parts) + short == amount
    assert len({key for key, _given in parts}) == len(parts)


# -- the whole house -----------------------------------------------------------------------------------------------


class Everybody:
    """Everybody who can do something about one return's money, and what they do when their turn comes."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.placed, ret = paid_in_parts(house, 700, 1500)
        self.pk = ret.pk
        self.paid = {t.id: t.charged for t in self.order.transactions}
        self.presses = 0

    @property
    def order(self) -> Any:
        return self.house.saleor.order(self.placed.id)

    @property
    def ret(self) -> Return:
        return queries.get_return(self.house.shop, self.pk)

    def act(self, what: str, much: int) -> None:
        """One turn; what cannot be done now is refused, and that is all."""
        try:
            getattr(self, what)(much)
        except (AftercareError, ShopError):
            return

    def settle(self, _much: int) -> None:
        seen = preview_settlement(self.ret, at=clock.now())
        self.presses += 1
        key = f"{self.pk}-{self.presses}"
        settle_return(self.ret, fingerprint=seen.fingerprint, key=key, note="", at=clock.now(), actor=MEI)

    def retry(self, _much: int) -> None:
        newest = Settlement.objects.filter(subject_id=self.pk).order_by("-pk").first()
        if newest is not None:
            retry_settlement(newest, at=clock.now(), actor=MEI)

    def want_credit(self, much: int) -> None:
        self.ret.lines.update(resolution=Resolution.STORE_CREDIT if much % 2 else Resolution.REFUND)

    def refund_in_the_dashboard(self, much: int) -> None:
        transaction = self.order.transactions[much % len(self.order.transactions)]
        granted = grant_refund(self.house.saleor, self.order, amount=Decimal(much), transaction_id=transaction.id)
        request_granted_refund(self.house.saleor, granted.id)

    def work(self, _much: int) -> None:
        self.house.settle()

    def die(self, much: int) -> None:
        for job in jobs.claim(1):
            dies_at_statement(1 + much % 25, lambda job=job: jobs.run(job))

    def lose_an_answer(self, much: int) -> None:
        names = ("orderGrantRefundCreate", "transactionRequestRefundForGrantedRefund", "giftCardCreate")
        self.house.saleor.faults.add(("lost", "500", "timeout")[much % 3], operation=names[much % len(names)])

    def pay(self, _much: int) -> None:
        settle_refunds(self.house.saleor)

    def refuse(self, _much: int) -> None:
        settle_refunds(self.house.saleor, "failure")

    def take_time(self, _much: int) -> None:
        settle_refunds(self.house.saleor, "pending")

    def wait(self, _much: int) -> None:
        let_minutes_pass()

    def check(self) -> None:
        """What holds at every moment."""
        for one in self.order.transactions:
            assert one.charged >= 0
            assert one.refunded + one.refund_pending <= self.paid[one.id]
        ours = Settlement.objects.filter(subject_id=self.pk)
        refunded = sum(r.amount for s in ours for r in s.refunds.filter(state="succeeded"))
        issued = sum(c.amount - c.bonus for s in ours for c in s.store_credits.filter(state=StoreCreditState.ISSUED))
        assert refunded + issued <= sum(self.paid.values())
        made = sum(card.initial for card in self.house.saleor.state.gift_cards if card.app == self.house.shop.app_id)
        assert made <= sum(self.paid.values())


TURNS = (
    "settle",
    "retry",
    "want_credit",
    "refund_in_the_dashboard",
    "work",
    "die",
    "lose_an_answer",
    "pay",
    "refuse",
    "take_time",
    "wait",
)


@pytest.mark.django_db
def test_under_any_interleaving_no_payment_gives_back_more_than_it_took(house: House):
    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        derandomize=True,
    )
    @given(st.lists(st.tuples(st.sampled_from(TURNS), st.integers(1, 4000)), min_size=4, max_size=10))
    def play(turns: list[tuple[str, int]]) -> None:
        everybody = Everybody(house)
        for what, much in [("settle", 1), *turns]:
            everybody.act(what, much)
            everybody.check()
        come_to_rest(house)
        everybody.check()
        running = Settlement.objects.filter(subject_id=everybody.pk, state=SettlementState.RUNNING)
        assert not running.exists()
        house.saleor.faults.clear()

    play()


class Family(Everybody):
    """The same about an order of two units of which one was exchanged for something dearer: both are back."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.placed = sold(house, 2)
        self.made = exchanged(house, self.placed, KNIFE)
        self.rets = [back(house, self.made).pk, back(house, self.placed).pk]
        self.paid = {t.id: t.charged for placed in (self.placed, self.made) for t in self.orders(placed).transactions}
        self.presses = 0
        self.pk = self.rets[0]

    def orders(self, placed: Any) -> Any:
        return self.house.saleor.order(placed.id)

    def act(self, what: str, much: int) -> None:
        # Whoever has the turn has one of the two returns before them.
        self.pk = self.rets[much % 2]
        super().act(what, much)

    def check(self) -> None:
        transactions = [t for placed in (self.placed, self.made) for t in self.orders(placed).transactions]
        for one in transactions:
            assert one.charged >= 0
            assert one.refunded + one.refund_pending <= self.paid[one.id]
        ours = Settlement.objects.filter(subject_id__in=self.rets)
        refunded = sum(r.amount for s in ours for r in s.refunds.filter(state="succeeded"))
        issued = sum(c.amount - c.bonus for s in ours for c in s.store_credits.filter(state=StoreCreditState.ISSUED))
        assert refunded + issued <= sum(self.paid.values())
        for order in (self.house.order(self.placed), self.house.order(self.made)):
            gone = sum(r.amount for r in Refund.objects.filter(order=order, state="succeeded"))
            assert gone + taken_as_credit(order).amount <= order.total


@pytest.mark.django_db
def test_over_an_exchange_no_order_gives_more_than_was_paid_with_it(house: House):
    """C1.10: the unit and what came for it have their money in the same order, and nobody gets it twice."""

    @settings(
        max_examples=4,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        derandomize=True,
    )
    @given(st.lists(st.tuples(st.sampled_from(TURNS), st.integers(1, 300)), min_size=4, max_size=9))
    def play(turns: list[tuple[str, int]]) -> None:
        family = Family(house)
        for what, much in [("settle", 1), ("settle", 2), *turns]:
            family.act(what, much)
            family.check()
        come_to_rest(house)
        family.check()
        assert not Settlement.objects.filter(subject_id__in=family.rets, state=SettlementState.RUNNING).exists()
        house.saleor.faults.clear()

    play()


@pytest.mark.django_db(transaction=True)
def test_of_two_staff_who_settle_a_unit_and_what_came_for_it_at_once_each_gets_its_own(house: House):
    bought = sold(house, 2)
    rets = [back(house, exchanged(house, bought, CREAM)), back(house, bought)]
    prints = [preview_settlement(ret, at=clock.now()).fingerprint for ret in rets]
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press(n: int) -> None:
        together.wait(10)
        try:
            settle_return(rets[n], fingerprint=prints[n], key=f"press-{n}", note="", at=clock.now(), actor=MEI)
            outcomes.append("settled")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    people = [threading.Thread(target=press, args=(n,)) for n in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)

    # Whoever comes second had seen the money of the first order before the other one took of it, or after.
    assert len(outcomes) == 2
    assert "settled" in outcomes
    come_to_rest(house)
    assert sum(t.refunded for t in house.saleor.order(bought.id).transactions) == 139 * outcomes.count("settled")


@pytest.mark.django_db(transaction=True)
def test_of_two_staff_who_resolve_at_once_one_wins_and_the_money_goes_once(house: House):
    placed, ret = paid_in_parts(house, 700)
    fingerprint = preview_settlement(ret, at=clock.now()).fingerprint
    outcomes: list[str] = []
    together = threading.Barrier(3)

    def press(key: str) -> None:
        together.wait(10)
        try:
            settle_return(ret, fingerprint=fingerprint, key=key, note="", at=clock.now(), actor=MEI)
            outcomes.append("settled")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    people = [threading.Thread(target=press, args=(f"press-{n}",)) for n in range(3)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)

    assert sorted(outcomes) == ["conflict", "conflict", "settled"]
    come_to_rest(house)
    assert Settlement.objects.get().state == SettlementState.DONE
    assert sum(t.refunded for t in house.saleor.order(placed.id).transactions) == house.order(placed).total

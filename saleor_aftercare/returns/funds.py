"""Which orders hold the money of a return, and how much of it each may still give.

Usually the return's own order does. For goods that came in exchange (C1.10) it is also every order of their chain, and
each gives no more than it has left, than was paid with it for these goods, and than is not promised to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from saleor_aftercare.compensation import queries as money
from saleor_aftercare.compensation.ledger import Ledger
from saleor_aftercare.compensation.models import (
    COUNTING_STATES,
    CREDIT_COUNTING_STATES,
    CreditShare,
    Refund,
    Settlement,
    StoreCredit,
)
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import TenderOrder
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState

from .breakdown import ZERO, Breakdown
from .chains import Chain, chains_of
from .models import Return


@dataclass(frozen=True, kw_only=True)
class Fund:
    """What one order holds for a return."""

    order: Order
    ledger: Ledger
    reserved: Mapping[str, Money]  #: per transaction, what we have decided and Saleor does not show yet
    money: Decimal  #: to the means of payment
    gift_cards: Decimal  #: of what gift cards paid beside them
    taken: Decimal  #: of both, given as credit, or held by goods in exchange
    entitled: Decimal | None = None  #: what of it was paid for these goods and is not given yet; None: see to ``taken``

    @property
    def free(self) -> Decimal:
        """What the order holds and nobody else was promised."""
        return max(self.money + self.gift_cards - self.taken, ZERO)

    @property
    def room(self) -> Decimal:
        """The most that it can give for these goods."""
        return self.free if self.entitled is None else max(min(self.free, self.entitled), ZERO)


@dataclass(frozen=True, kw_only=True)
class Funds:
    """All orders that hold money for a return, nearest first, and what was given for it."""

    rows: tuple[Fund, ...]
    given_refund: Decimal
    given_credit: Decimal
    given_exchange: Decimal  #: used up by goods in exchange that still stand
    #: What returns of goods that went out for this one have been given: the same value, which is not given twice.
    given_later: Decimal
    exchange: tuple[Replacement, ...]  #: what is sent in exchange for this return
    canceled: tuple[Replacement, ...]  #: what was promised for it, and is not sent after all

    @property
    def not_sent(self) -> str:
        """What was promised last and is not sent, for people; empty where something is sent, or nothing was."""
        return self.canceled[-1].goods if self.canceled and not self.exchange else ""

    @property
    def own(self) -> Fund:
        """The return's own order."""
        return self.rows[0]


@dataclass(frozen=True, kw_only=True)
class Given:
    """What of an order's money one return was given, or will be."""

    order: int
    ret: int
    amount: Decimal


def funds_of(ret: Return, chain: Chain, ledgers: Mapping[int, Ledger], *, entitled: Mapping[int, Decimal]) -> Funds:
    """Look at every order of the chain; ``entitled`` says by key what was paid with each for what comes back now.

    Rows only; ``ledgers`` is what Saleor said before, by the key of the order.
    """
    depths = {order.pk: n for n, order in enumerate(chain.orders)}
    rows = list(Replacement.objects.filter(order__in=chain.orders, purpose=Purpose.EXCHANGE).order_by("pk"))
    here = [one for one in rows if (one.subject, one.subject_id) == ("return", ret.pk)]
    live = [one for one in rows if one.state != ReplacementState.CANCELED]
    sent, gone = [one for one in here if one in live], [one for one in here if one not in live]
    later = _given_later(chain.orders, rows) if rows else []
    held = dict.fromkeys(depths, ZERO)
    for one in live:
        if one not in here and one not in chain.makers:
            for pk, amount in chain.funding(one, depth=depths[one.order_id]).items():
                held[pk] += max(amount - _sum(later, order=pk, made=[one]), ZERO)
    settlements = Settlement.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk)
    given_exchange = sum(settlements.values_list("exchange", flat=True), ZERO) if sent else ZERO
    used = _exchange_given(chain, sent, given_exchange)
    given = _given_to(ret, chain.orders) if chain.came_in_exchange else {}
    funds = []
    for order in chain.orders:
        pk, ours = order.pk, money.reserved(order, ledgers[order.pk])
        spent = used.get(pk, ZERO)
        due = entitled.get(pk, ZERO) - given.get(pk, ZERO) - spent - _sum(later, order=pk, made=gone)
        funds.append(
            Fund(
                order=order,
                ledger=ledgers[pk],
                reserved=ours.by_transaction,
                money=ledgers[pk].available(others=ours.total).amount,
                gift_cards=money.gift_cards_left(order).amount,
                taken=money.taken_as_credit(order).amount + held[pk] + spent - _sum(later, order=pk, made=sent),
                entitled=max(due, ZERO) if chain.came_in_exchange else None,
            )
        )
    cards = StoreCredit.objects.filter(
        shop_id=ret.shop_id, subject="return", subject_id=ret.pk, state__in=CREDIT_COUNTING_STATES
    )
    currency, by_choice = ret.order.currency, [one for one in cards if not one.restores]
    restored = money.value_of((one for one in cards if one.restores), currency).amount
    return Funds(
        rows=tuple(funds),
        given_refund=sum((one.amount for one in _refunds(ret)), ZERO) + restored,
        given_credit=money.value_of(by_choice, currency).amount,
        given_exchange=given_exchange,
        given_later=sum((_sum(later, order=pk, made=gone) for pk in depths), ZERO),
        exchange=tuple(sent),
        canceled=tuple(gone),
    )


def _refunds(ret: Return) -> Iterable[Refund]:
    return Refund.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk, state__in=COUNTING_STATES)


def _given_to(ret: Return, orders: Sequence[Order]) -> dict[int, Decimal]:
    """By the key of an order, what of its money this return was given."""
    given: dict[int, Decimal] = {}
    for one in given_from(orders):
        if one.ret == ret.pk:
            given[one.order] = given.get(one.order, ZERO) + one.amount
    return given


def given_from(orders: Sequence[Order]) -> list[Given]:
    """What of these orders' money returns were given, as refund or credit."""
    found = []
    refunds = Refund.objects.filter(order__in=orders, subject="return", state__in=COUNTING_STATES)
    for order, ret, amount in refunds.values_list("order_id", "subject_id", "amount"):
        found.append(Given(order=order, ret=ret, amount=amount))
    cards = StoreCredit.objects.filter(order__in=orders, subject="return", state__in=CREDIT_COUNTING_STATES)
    for credit in cards.prefetch_related("shares"):
        own = credit.amount - credit.bonus - sum((share.amount for share in credit.shares.all()), ZERO)
        found.append(Given(order=credit.order_id, ret=credit.subject_id, amount=own))
    shares = CreditShare.objects.filter(
        order__in=orders, credit__subject="return", credit__state__in=CREDIT_COUNTING_STATES
    )
    for order, ret, amount in shares.values_list("order_id", "credit__subject_id", "amount"):
        found.append(Given(order=order, ret=ret, amount=amount))
    return found


@dataclass(frozen=True, kw_only=True)
class _Later:
    """What a return of goods that went out in exchange was given of an earlier order's money."""

    order: int
    amount: Decimal
    makers: frozenset[int]  #: keys of the replacements by which those goods descend from the order


def _given_later(orders: Sequence[Order], rows: Iterable[Replacement]) -> list[_Later]:
    """What returns of goods that ``rows`` sent, or that came of them, were given of these orders' money."""
    given = given_from(orders)
    returns = Return.objects.filter(pk__in={one.ret for one in given})
    known = dict(returns.values_list("pk", "order_id"))
    elsewhere = Order.objects.filter(pk__in=set(known.values())).exclude(external_reference="").select_related("shop")
    chains = chains_of(list(elsewhere), given_up=True)
    wanted = {row.pk for row in rows}
    found = []
    for one in given:
        chain = chains.get(known.get(one.ret, 0))
        makers = frozenset(row.pk for row in chain.makers) & wanted if chain is not None else frozenset()
        if makers:
            found.append(_Later(order=one.order, amount=one.amount, makers=makers))
    return found


def _sum(later: Iterable[_Later], *, order: int, made: Sequence[Replacement]) -> Decimal:
    keys = {row.pk for row in made}
    return sum((one.amount for one in later if one.order == order and keys & one.makers), ZERO)


def _exchange_given(chain: Chain, live: Iterable[Replacement], given: Decimal) -> dict[int, Decimal]:
    """By the key of an order, what of it went into the goods that earlier settlements of this return gave."""
    used: dict[int, Decimal] = {}
    left = given
    for row in live:
        for pk, amount in chain.funding(row, depth=0).items():
            part = min(amount, left)
            left -= part
            used[pk] = used.get(pk, ZERO) + part
    return used


# -- what each gives -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What one order gives of a settlement."""

    fund: Fund
    refund: Decimal = ZERO
    gift_card: Decimal = ZERO
    credit: Decimal = ZERO  #: store credit by choice, without its bonus


def draw(breakdown: Breakdown, funds: Sequence[Fund], tender_order: TenderOrder) -> list[Draw]:
    """Spread a sum over the orders that hold its money: what was paid last goes back first.

    Goods in exchange take theirs first, of what was paid first. Of each order's part gift cards come first or last as
    the shop has stated. ``funds`` hold enough: the sum was capped by them.
    """
    if len(funds) == 1:
        credit = breakdown.credit - breakdown.bonus
        return [Draw(fund=funds[0], refund=breakdown.refund, gift_card=breakdown.gift_card, credit=credit)]
    rooms = {fund.order.pk: fund.room for fund in funds}
    _take(rooms, [fund.order.pk for fund in reversed(funds)], breakdown.exchange)
    nearest = [fund.order.pk for fund in funds]
    refunds = _take(rooms, nearest, breakdown.refund)
    by_choice = _take(rooms, nearest, breakdown.credit - breakdown.bonus)
    draws = []
    for fund in funds:
        amount = refunds[fund.order.pk]
        first = fund.gift_cards if tender_order == TenderOrder.GIFT_CARD_FIRST else max(amount - fund.money, ZERO)
        card = min(amount, first)
        draws.append(Draw(fund=fund, refund=amount - card, gift_card=card, credit=by_choice[fund.order.pk]))
    return draws


def as_drawn(breakdown: Breakdown, draws: Iterable[Draw]) -> Breakdown:
    """The sum with what the orders give as money, and as what gift cards had paid."""
    draws = list(draws)
    return replace(
        breakdown,
        refund=sum((one.refund for one in draws), ZERO),
        gift_card=sum((one.gift_card for one in draws), ZERO),
    )


def _take(rooms: dict[int, Decimal], order: Iterable[int], amount: Decimal) -> dict[int, Decimal]:
    taken = {}
    for pk in order:
        taken[pk] = min(rooms[pk], amount)
        rooms[pk] -= taken[pk]
        amount -= taken[pk]
    return taken

"""How the sum of a settlement comes about: pure arithmetic, dataclass in, dataclass out.

Every amount is in major units of one currency, tax included, a multiple of the currency's smallest unit. Rounding
is always in the customer's favour: what is kept back is rounded down, a bonus is rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from saleor_aftercare.core.money import quantum
from saleor_aftercare.policies.models import TenderOrder

ZERO = Decimal(0)


class Bucket(StrEnum):
    """What the value of some goods becomes."""

    REFUND = "refund"  #: money, by the means it was paid with
    CREDIT = "credit"  #: store credit, because the customer wants it
    EXCHANGE = "exchange"  #: other goods
    NOTHING = "nothing"  #: a repair: the customer gets the goods themselves back


class ItemKind(StrEnum):
    """What a line of the sum is; the names are part of the API."""

    GOODS = "goods"
    KEPT_GOODS = "kept_goods"
    EXCHANGED_GOODS = "exchanged_goods"
    EXCHANGE_DIFFERENCE = "exchange_difference"
    DEDUCTION = "deduction"
    RESTOCKING_FEE = "restocking_fee"
    SHIPPING = "shipping"
    STANDARD_SHIPPING = "standard_shipping"
    IMPORT_CHARGES = "import_charges"
    RETURN_FEE = "return_fee"
    ALREADY_GIVEN = "already_given"
    NOT_AVAILABLE = "not_available"
    BONUS = "bonus"


#: What was paid for goods, before any fee.
PAID_KINDS = frozenset({ItemKind.GOODS, ItemKind.KEPT_GOODS, ItemKind.EXCHANGED_GOODS, ItemKind.EXCHANGE_DIFFERENCE})

LABELS = {
    ItemKind.GOODS: _("Returned items, at the price paid"),
    ItemKind.KEPT_GOODS: _("Items that need not come back, at the price paid"),
    ItemKind.EXCHANGED_GOODS: _("Items that came in exchange, at the value they counted for"),
    ItemKind.EXCHANGE_DIFFERENCE: _("Difference that was paid for an exchange"),
    ItemKind.DEDUCTION: _("Deduction for lost value"),
    ItemKind.RESTOCKING_FEE: _("Restocking fee"),
    ItemKind.SHIPPING: _("Outbound shipping"),
    ItemKind.STANDARD_SHIPPING: _("Outbound shipping, as far as standard delivery would have cost"),
    ItemKind.IMPORT_CHARGES: _("Duties and charges on import"),
    ItemKind.RETURN_FEE: _("Return shipping"),
    ItemKind.ALREADY_GIVEN: _("Given already for this return"),
    ItemKind.NOT_AVAILABLE: _("Not covered by what the order still holds"),
    ItemKind.BONUS: _("Store credit bonus"),
}


@dataclass(frozen=True, kw_only=True)
class Goods:
    """Units of one order line for which something is due."""

    line: int  #: key of the return's line, or its position in a request
    name: str
    units: int
    amount: Decimal  #: what the customer paid for these units after every discount
    tax: Decimal | None  #: the part of it that is tax; None where Saleor has not told
    bucket: Bucket
    kept: bool = False  #: the customer keeps them: nothing travels, nothing was used up
    fees_allowed: bool = True
    deduction_allowed: bool = True
    restocking_percent: Decimal = ZERO
    return_fee: Decimal = ZERO  #: by the rule of this line; taken once for all of them
    bonus_percent: Decimal = ZERO
    deduction: Decimal = ZERO
    deduction_reason: str = ""
    #: Of units that came in exchange: the numbers of the orders they were paid with, with how much; what was bought
    #: first comes first. Together they are ``amount``; empty for what was simply bought.
    paid_with: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All else that the sum depends on."""

    currency: str
    shipping: Decimal = ZERO  #: outbound shipping that goes back with these goods
    standard_shipping: bool = False  #: of it, only what standard delivery would have cost
    import_charges: Decimal = ZERO  #: duties and the like that go back with these goods (C1.17)
    import_charges_note: str = ""
    waive_fees: bool = False
    given_refund: Decimal = ZERO  #: for this return so far, or under way
    given_credit: Decimal = ZERO  #: likewise, without bonuses
    given_exchange: Decimal = ZERO  #: likewise, by earlier settlements
    exchange_price: Decimal | None = None  #: what the goods in exchange cost; None: nothing is planned
    #: What may still be given on the order, by Saleor's own figures; None before anybody asked Saleor.
    money: Decimal | None = None  #: to the means of payment
    gift_cards: Decimal = ZERO  #: of what gift cards paid beside them
    taken_elsewhere: Decimal = ZERO  #: of both, given as credit or goods in other cases
    tender_order: TenderOrder = TenderOrder.CARD_FIRST


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the sum; negative for what is kept back."""

    kind: ItemKind
    amount: Decimal
    line: int | None = None
    name: str = ""  #: of the goods
    units: int | None = None
    tax: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""
    order: str = ""  #: number of the order that it was paid with, where that is another one

    @property
    def label(self) -> str:
        """What people read, in the present language."""
        return str(LABELS[self.kind])


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """The sum: the items add up to ``total``, and so do the four ways in which it is given."""

    currency: str
    items: tuple[Item, ...]
    refund: Decimal  #: to the means of payment
    gift_card: Decimal  #: what a gift card had paid, on a new gift card
    credit: Decimal  #: store credit by choice, bonus included
    bonus: Decimal  #: of the credit
    exchange: Decimal  #: used up by the goods in exchange
    difference: Decimal  #: what the customer pays on top for dearer goods; negative: what is left over of cheaper ones

    @property
    def total(self) -> Decimal:
        """Everything that is given."""
        return self.refund + self.gift_card + self.credit + self.exchange


def break_down(goods: Sequence[Goods], terms: Terms) -> Breakdown:
    """Work out what is due for ``goods``, item by item, and in which ways it is given.

    In this order: price paid, less deduction and restocking share per line; plus outbound shipping and import charges;
    less one return fee; less what was given already; capped by what the order still holds; plus the bonus on store
    credit. No step takes more than is there.
    """
    unit = quantum(terms.currency)
    items: list[Item] = []
    values = {one.line: _value(one, terms, items, unit) for one in goods}
    pots = {
        bucket: sum((values[one.line] for one in goods if one.bucket == bucket), ZERO)
        for bucket in (Bucket.REFUND, Bucket.CREDIT, Bucket.EXCHANGE)
    }
    _add_extras(goods, terms, pots, items)
    _take_return_fee(goods, terms, pots, items)
    difference = _use_exchange(terms, pots)
    _take_given(terms, pots, items)
    _cap(terms, pots, items)
    bonus = _bonus(goods, values, pots[Bucket.CREDIT], unit)
    if bonus:
        rates = {one.bonus_percent for one in goods if one.bucket == Bucket.CREDIT and one.bonus_percent}
        items.append(Item(kind=ItemKind.BONUS, amount=bonus, percent=rates.pop() if len(rates) == 1 else None))
    money, gift_card = _by_tender(terms, pots[Bucket.REFUND])
    return Breakdown(
        currency=terms.currency,
        items=tuple(items),
        refund=money,
        gift_card=gift_card,
        credit=pots[Bucket.CREDIT] + bonus,
        bonus=bonus,
        exchange=pots[Bucket.EXCHANGE],
        difference=difference,
    )


def _value(one: Goods, terms: Terms, items: list[Item], unit: Decimal) -> Decimal:
    """What a line is worth to its bucket."""
    if one.bucket == Bucket.NOTHING or not one.units:
        return ZERO
    kind = ItemKind.KEPT_GOODS if one.kept else ItemKind.GOODS
    if one.paid_with:
        items += _paid_over_exchanges(one)
    else:
        items.append(Item(kind=kind, amount=one.amount, line=one.line, name=one.name, units=one.units, tax=one.tax))
    left = one.amount
    if one.deduction_allowed and not one.kept and (taken := min(one.deduction, left)):
        items.append(Item(kind=ItemKind.DEDUCTION, amount=-taken, line=one.line, reason=one.deduction_reason))
        left -= taken
    if one.fees_allowed and not one.kept and not terms.waive_fees and one.bucket != Bucket.EXCHANGE:
        share = min(_down(one.amount * one.restocking_percent / 100, unit), left)
        if share:
            items.append(
                Item(kind=ItemKind.RESTOCKING_FEE, amount=-share, line=one.line, percent=one.restocking_percent)
            )
            left -= share
    return left


def _paid_over_exchanges(one: Goods) -> list[Item]:
    """C1.10: what was bought first counted for so much, and on top of it so much was paid for each exchange."""
    kinds = (ItemKind.EXCHANGED_GOODS, *[ItemKind.EXCHANGE_DIFFERENCE] * (len(one.paid_with) - 1))
    return [
        Item(kind=kind, amount=amount, line=one.line, name=one.name, units=units, order=number)
        for kind, units, (number, amount) in zip(
            kinds, (one.units, *[None] * (len(one.paid_with) - 1)), one.paid_with, strict=True
        )
    ]


def _add_extras(goods: Iterable[Goods], terms: Terms, pots: dict[Bucket, Decimal], items: list[Item]) -> None:
    """Outbound shipping and import charges that go back: as money, or as credit where all of it becomes that."""
    pot = Bucket.CREDIT if {one.bucket for one in goods} <= {Bucket.CREDIT} else Bucket.REFUND
    if terms.shipping:
        kind = ItemKind.STANDARD_SHIPPING if terms.standard_shipping else ItemKind.SHIPPING
        items.append(Item(kind=kind, amount=terms.shipping))
    if terms.import_charges:
        items.append(Item(kind=ItemKind.IMPORT_CHARGES, amount=terms.import_charges, reason=terms.import_charges_note))
    pots[pot] += terms.shipping + terms.import_charges


def _take_return_fee(goods: Iterable[Goods], terms: Terms, pots: dict[Bucket, Decimal], items: list[Item]) -> None:
    """Once per return, and only where every line that travels allows it: the parcel would have come anyway."""
    travelling = [one for one in goods if one.units and not one.kept]
    if terms.waive_fees or not travelling or not all(one.fees_allowed for one in travelling):
        return
    fee = max(one.return_fee for one in travelling)
    _take(ItemKind.RETURN_FEE, fee, (Bucket.REFUND, Bucket.CREDIT, Bucket.EXCHANGE), pots, items)


def _use_exchange(terms: Terms, pots: dict[Bucket, Decimal]) -> Decimal:
    """Let the goods in exchange use up their value; what cheaper ones leave over is refunded."""
    if terms.exchange_price is None:
        return ZERO
    value = pots[Bucket.EXCHANGE]
    used = min(value, terms.exchange_price)
    pots[Bucket.EXCHANGE] = used
    pots[Bucket.REFUND] += value - used
    return terms.exchange_price - value


def _take_given(terms: Terms, pots: dict[Bucket, Decimal], items: list[Item]) -> None:
    """Take off what was given before: where it was given, and beyond that where anything is left."""
    exchange = min(terms.given_exchange, pots[Bucket.EXCHANGE])
    pots[Bucket.EXCHANGE] -= exchange
    refund = min(terms.given_refund, pots[Bucket.REFUND])
    pots[Bucket.REFUND] -= refund
    credit = min(terms.given_credit, pots[Bucket.CREDIT])
    pots[Bucket.CREDIT] -= credit
    over = terms.given_refund - refund + terms.given_credit - credit
    more_credit = min(over, pots[Bucket.CREDIT])
    pots[Bucket.CREDIT] -= more_credit
    more_refund = min(over - more_credit, pots[Bucket.REFUND])
    pots[Bucket.REFUND] -= more_refund
    if taken := exchange + refund + credit + more_credit + more_refund:
        items.append(Item(kind=ItemKind.ALREADY_GIVEN, amount=-taken))


def _cap(terms: Terms, pots: dict[Bucket, Decimal], items: list[Item]) -> None:
    """Never more than was paid and not yet given back; goods in exchange come first, for they are promised."""
    if terms.money is None:
        return
    left = max(terms.money + terms.gift_cards - terms.taken_elsewhere - pots[Bucket.EXCHANGE], ZERO)
    wanted = pots[Bucket.REFUND] + pots[Bucket.CREDIT]
    _take(ItemKind.NOT_AVAILABLE, max(wanted - left, ZERO), (Bucket.REFUND, Bucket.CREDIT), pots, items)


def _take(
    kind: ItemKind, amount: Decimal, order: tuple[Bucket, ...], pots: dict[Bucket, Decimal], items: list[Item]
) -> None:
    left = amount
    for bucket in order:
        part = min(left, pots[bucket])
        pots[bucket] -= part
        left -= part
    if taken := amount - left:
        items.append(Item(kind=kind, amount=-taken))


def _bonus(goods: Iterable[Goods], values: dict[int, Decimal], credit: Decimal, unit: Decimal) -> Decimal:
    """Each line's percent of what it contributes to the credit that is really given."""
    lines = [one for one in goods if one.bucket == Bucket.CREDIT]
    worth = sum((values[one.line] for one in lines), ZERO)
    if not worth or not credit:
        return ZERO
    full = sum((values[one.line] * one.bonus_percent / 100 for one in lines), ZERO)
    return _up(full * min(credit / worth, Decimal(1)), unit)


def _by_tender(terms: Terms, refund: Decimal) -> tuple[Decimal, Decimal]:
    """The refund as money, and as what a gift card had paid, by the order that the shop has stated."""
    if terms.money is None or not terms.gift_cards:
        return refund, ZERO
    if terms.tender_order == TenderOrder.GIFT_CARD_FIRST:
        gift_card = min(refund, terms.gift_cards)
        return refund - gift_card, gift_card
    money = min(refund, terms.money)
    return money, refund - money


def _down(amount: Decimal, unit: Decimal) -> Decimal:
    return (amount / unit).to_integral_value(rounding=ROUND_DOWN) * unit


def _up(amount: Decimal, unit: Decimal) -> Decimal:
    return (amount / unit).to_integral_value(rounding=ROUND_UP) * unit

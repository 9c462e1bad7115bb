"""The rules of returns: pure decisions over what is known of an order line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.core.money import share_of_units, split

#: Machine codes of reasons, and what customers are told.
REASONS = {
    "order_canceled": gettext_noop("This order was cancelled."),
    "gift_card": gettext_noop("Gift cards cannot be returned."),
    "final_sale": gettext_noop("This item is excluded from returns."),
    "not_shipped": gettext_noop("This item has not been shipped yet."),
    "nothing_left": gettext_noop("Everything of this item has been returned already, or is on its way back."),
    "window_passed": gettext_noop("The return period has passed; we will look at your request in person."),
    "needs_review": gettext_noop("We look at every request before we approve it."),
}


def reason_text(code: str) -> str:
    """The reason in the present language; the code itself for one that this release does not know."""
    return _(REASONS[code]) if code in REASONS else code


@dataclass(frozen=True)
class ReturnRules:
    """The decisive part of a policy version."""

    window_days: int
    auto_approve: bool
    excluded_skus: frozenset[str] = frozenset()
    excluded_product_types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LineFacts:
    """What is known of one order line."""

    sku: str
    product_type: str
    is_gift_card: bool
    order_canceled: bool
    shipped: int  #: units that ever left the warehouse
    returnable: int  #: of these, units still with the customer and not asked back
    last_delivered: date | None  #: of the last parcel with units of this line, in the shop's time zone


def decide(rules: ReturnRules, facts: LineFacts, *, today: date) -> Decision:
    """Say whether units of a line may come back, and why not.

    The window counts whole days after the last delivery: with ``window_days=30`` a line delivered on the 1st may
    be returned until the 31st, inclusive. Afterwards staff decide. Before delivery the answer is yes.
    """
    for reason, applies in (
        ("order_canceled", facts.order_canceled),
        ("gift_card", facts.is_gift_card),
        ("final_sale", _excluded(rules, facts)),
        ("not_shipped", facts.shipped == 0),
        ("nothing_left", facts.returnable == 0),
    ):
        if applies:
            return Decision(Verdict.REFUSE, (reason,))
    until = returnable_until(rules, facts)
    if until is not None and today > until:
        return Decision(Verdict.ASK_STAFF, ("window_passed",))
    if not rules.auto_approve:
        return Decision(Verdict.ASK_STAFF, ("needs_review",))
    return Decision(Verdict.ACCEPT)


def returnable_until(rules: ReturnRules, facts: LineFacts) -> date | None:
    """The last day of the window, inclusive; None while nothing was delivered."""
    if facts.last_delivered is None:
        return None
    return facts.last_delivered + timedelta(days=rules.window_days)


def _excluded(rules: ReturnRules, facts: LineFacts) -> bool:
    return facts.sku in rules.excluded_skus or facts.product_type in rules.excluded_product_types


@dataclass(frozen=True)
class PricedLine:
    """An order line in money: ``total`` is what was paid for all ``quantity`` units, tax included."""

    key: int
    total: Decimal
    quantity: int


def line_totals(lines: Sequence[PricedLine], *, goods_total: Decimal, unit: Decimal) -> dict[int, Decimal]:
    """What each line really cost, adding up to ``goods_total`` (order total less shipping) exactly.

    Saleor usually spreads an order-wide voucher over the lines itself, and then nothing changes here. Where the
    lines add up to more than was paid, the difference is spread in proportion, largest remainder first.
    """
    added = sum((line.total for line in lines), Decimal(0))
    if added <= goods_total or not added:
        return {line.key: line.total for line in lines}
    parts = split(max(goods_total, Decimal(0)), [line.total for line in lines], unit)
    return {line.key: part for line, part in zip(lines, parts, strict=True)}


def units_amount(line: PricedLine, total: Decimal, *, taken: int, want: int, unit: Decimal) -> Decimal:
    """The price of ``want`` units after ``taken`` were given back; see ``core.money.share_of_units``."""
    return share_of_units(total, line.quantity, taken, want, unit)

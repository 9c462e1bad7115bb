"""What was given for a return, as its page shows it: the sum, refunds, store credit, the order in exchange.

The recipient of a gift sees no amount but that of their own store credit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from saleor_aftercare.compensation.models import Refund, RefundState, Settlement, StoreCredit, StoreCreditState
from saleor_aftercare.compensation.queries import settlements_of
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.portal.sums import Sum, SumRow, item_row
from saleor_aftercare.portal.visit import Visit
from saleor_aftercare.portal.words import CREDIT_STATES, REFUND_STATES, REPLACEMENT_STATES, Label
from saleor_aftercare.replacements.models import Replacement, ReplacementState
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.models import Return

#: Of a store credit's code, so many signs are shown: enough to find it among others, too few to use it.
SHOWN_SIGNS = 4


@dataclass(frozen=True)
class Given:
    """Money or store credit that was given, or is under way."""

    title: str
    amount: str
    label: Label
    detail: str = ""


@dataclass(frozen=True)
class InExchange:
    """An order in exchange."""

    goods: str
    number: str
    label: Label
    due: str
    payment_url: str


@dataclass(frozen=True)
class Settled:
    """All of it."""

    sums: Sequence[Sum]
    given: Sequence[Given]
    exchanges: Sequence[InExchange]

    def __bool__(self) -> bool:
        return bool(self.sums or self.given or self.exchanges)


def settled_of(visit: Visit, ret: Return) -> Settled:
    """What was given for a return."""
    settlements = settlements_of(visit.shop, "return", ret.pk)
    refunds = [] if ret.is_gift else queries.refunds_of(ret)
    issued = credits_of(ret, settlements)
    return Settled(
        sums=[] if ret.is_gift else [sum_of_settlement(visit, row) for row in reversed(settlements)],
        given=[*(refund_row(visit, row) for row in refunds), *(credit_row(visit, row) for row in issued)],
        exchanges=exchanges_of(visit, ret),
    )


def credits_of(ret: Return, settlements: Sequence[Settlement]) -> list[StoreCredit]:
    """Store credit that was given for a return, newest first; asked for only where there can be any."""
    if not any(row.credit for row in settlements) and not has_wish(ret, Resolution.STORE_CREDIT):
        return []
    rows = StoreCredit.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk)
    return list(rows.exclude(state=StoreCreditState.FAILED).order_by("-pk"))


def has_wish(ret: Return, wish: Resolution) -> bool:
    """Something of the return was to become that."""
    return any(line.resolution == wish for line in ret.lines.all())


def sum_of_settlement(visit: Visit, row: Settlement) -> Sum:
    """A settlement as it was decided."""

    def money(amount: Decimal) -> str:
        return visit.words.money(Money(amount, row.currency).rounded())

    totals = [
        SumRow(title, money(amount))
        for title, amount in (
            (_("Refund"), row.refund),
            (_("Store credit"), row.credit),
            (_("Exchange"), row.exchange),
        )
        if amount
    ]
    return Sum(rows=[item_row(visit, item, row.currency) for item in row.items], totals=totals)


def refund_row(visit: Visit, row: Refund) -> Given:
    """A refund."""
    return Given(_("Refund"), visit.words.money(row.money), REFUND_STATES[RefundState(row.state)])


def credit_row(visit: Visit, row: StoreCredit) -> Given:
    """Store credit, with as much of its code as tells it from others."""
    detail = ""
    if row.state == StoreCreditState.ISSUED:
        detail = _("Code ending in %(signs)s; you have the whole code by e-mail.") % {"signs": row.code[-SHOWN_SIGNS:]}
    return Given(_("Store credit"), visit.words.money(row.money), CREDIT_STATES[StoreCreditState(row.state)], detail)


def exchanges_of(visit: Visit, ret: Return) -> list[InExchange]:
    """The orders in exchange for a return, oldest first."""
    if not has_wish(ret, Resolution.EXCHANGE):
        return []
    rows = Replacement.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk).order_by("pk")
    return [exchange_row(visit, row, is_gift=ret.is_gift) for row in rows]


def exchange_row(visit: Visit, row: Replacement, *, is_gift: bool) -> InExchange:
    """An order in exchange, with the way to pay what is due."""
    due = row.state == ReplacementState.AWAITING_PAYMENT and row.due > 0 and not is_gift
    return InExchange(
        goods=", ".join(f"{line['quantity']} × {line['name']}" for line in row.lines),
        number=row.saleor_order_number,
        label=REPLACEMENT_STATES[ReplacementState(row.state)],
        due=visit.words.money(row.due_money) if due else "",
        payment_url=row.payment_url if due else "",
    )

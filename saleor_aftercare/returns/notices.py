"""What staff should know before a return is settled, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from saleor_aftercare.compensation.ledger import Ledger
from saleor_aftercare.compensation.models import Refund, RefundState
from saleor_aftercare.compensation.plan import Plan
from saleor_aftercare.compensation.queries import why_no_credit
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import LegalBasis, Resolution

from .breakdown import Breakdown, ItemKind
from .chains import Chain
from .funds import Funds
from .imports import ImportCharges
from .models import Return, ReturnLine
from .units import units_due


@dataclass(frozen=True)
class Notice:
    """A remark; one that ``blocks`` has to be dealt with first."""

    code: str
    message: str
    blocks: bool = False


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that there may be something to say about."""

    ret: Return
    lines: Sequence[ReturnLine]
    breakdown: Breakdown
    plan: Plan
    chain: Chain
    funds: Funds
    options: Choices

    @property
    def nothing_is_sent(self) -> bool:
        """C3: goods were promised in exchange, and nothing is sent after all."""
        wanted = any(line.resolution == Resolution.EXCHANGE for line in self.lines)
        return wanted and bool(self.funds.canceled) and not self.funds.exchange

    @property
    def nothing_is_promised(self) -> bool:
        """Goods are wanted in exchange, and nobody has been asked for them yet: the job that asks Saleor is to come."""
        wanted = any(line.resolution == Resolution.EXCHANGE and units_due(line) for line in self.lines)
        return wanted and not self.funds.exchange and not self.funds.canceled


class Choices(Protocol):
    """What staff decided: ``settlement.Options``."""

    @property
    def instead(self) -> Resolution | None: ...
    @property
    def import_charges(self) -> ImportCharges | None: ...


def notices_of(scene: Scene, *, crosses_border: bool) -> tuple[Notice, ...]:
    """What there is to say, what blocks first."""
    found = [
        *_about_the_exchange(scene),
        *_about_money(scene.ret, scene.breakdown, scene.plan, scene.funds),
        *_about_the_order(scene.ret, scene.lines, scene.funds.own.ledger),
        *_about_the_chain(scene),
        *_about_customs(scene, crosses_border=crosses_border),
    ]
    return tuple(sorted(found, key=lambda notice: not notice.blocks))


def _about_the_exchange(scene: Scene) -> list[Notice]:
    if scene.nothing_is_promised:
        text = _(
            "The goods in exchange are still being looked up in Saleor. Try again in a moment, or change the wish."
        )
        return [Notice("exchange_not_promised", text, blocks=True)]
    if not scene.nothing_is_sent:
        if scene.options.instead is None:
            return []
        return [Notice("exchange_stands", _("Nothing was canceled that something else could be given for."), True)]
    goods = scene.funds.not_sent
    if scene.options.instead is None:
        text = _("%(goods)s were to be sent in exchange and were canceled: choose what is given instead.")
        return [Notice("exchange_canceled", text % {"goods": goods}, blocks=True)]
    if still_open := [row for row in scene.funds.canceled if row.failure]:
        text = _("Look at the order of the exchange in Saleor first: %(why)s")
        return [Notice("exchange_open", text % {"why": still_open[-1].failure})]
    return []


def _about_money(ret: Return, breakdown: Breakdown, plan: Plan, funds: Funds) -> list[Notice]:
    found = []
    if plan.short:
        found.append(Notice("no_payment_app", _no_payment_app(plan.short, funds), blocks=True))
    if (breakdown.credit or breakdown.gift_card) and (why := why_no_credit(ret.shop)):
        found.append(Notice("no_store_credit", why, blocks=True))
    if breakdown.refund and "HANDLE_PAYMENTS" not in ret.shop.permissions:
        text = _("The app may not refund: give it the permission HANDLE_PAYMENTS in Saleor.")
        found.append(Notice("no_payments", text, blocks=True))
    if breakdown.gift_card:
        amount = _text(breakdown.gift_card, breakdown.currency)
        text = _("%(amount)s were paid with a gift card and go back on a new one.") % {"amount": amount}
        found.append(Notice("gift_card", text))
    if kept := sum(item.amount for item in breakdown.items if item.kind == ItemKind.NOT_AVAILABLE):
        amount = _text(-kept, breakdown.currency)
        text = _("%(amount)s of what is due cannot be given: the order does not hold that much any more.")
        found.append(Notice("not_available", text % {"amount": amount}))
    payments = [payment for fund in funds.rows for payment in fund.ledger.payments]
    if not any(one.left or one.refunded for one in payments) and not any(fund.order.gift_cards for fund in funds.rows):
        found.append(Notice("not_paid", _("Saleor shows no payment for this order.")))
    return found


def _no_payment_app(short: Money, funds: Funds) -> str:
    amount = f"{short.wire()} {short.currency}"
    if not any(payment.by_app for fund in funds.rows for payment in fund.ledger.payments):
        return _("No payment app can refund this order: it was marked as paid by hand. Pay %(amount)s another way.") % {
            "amount": amount
        }
    return _("The payment apps can give back %(amount)s less than is due. Pay the rest another way.") % {
        "amount": amount
    }


def _about_the_order(ret: Return, lines: Sequence[ReturnLine], ledger: Ledger) -> list[Notice]:
    order, found = ret.order, []
    if order.canceled:
        found.append(Notice("order_canceled", _("The order was canceled in Saleor.")))
    if any(line.quantity > line.order_line.quantity for line in lines):
        text = _("The order was edited in Saleor: it has fewer of these items than came back.")
        found.append(Notice("order_edited", text))
    ours = Refund.objects.filter(order=order, state=RefundState.SUCCEEDED).values_list("amount", flat=True)
    elsewhere = ledger.refunded().amount - sum(ours)
    if elsewhere > 0:
        amount = _text(elsewhere, order.currency)
        text = _("%(amount)s of this order were refunded in Saleor outside of returns.") % {"amount": amount}
        found.append(Notice("refunded_elsewhere", text))
    return found


def _about_the_chain(scene: Scene) -> list[Notice]:
    """C1.10: what came in exchange was paid with other orders, which may not hold that money any more."""
    if not scene.chain.came_in_exchange:
        return []
    orders = ", ".join(order.number for order in scene.chain.orders[1:])
    text = _("These goods came in exchange: what they counted for was paid with order %(orders)s and goes back there.")
    found = [Notice("came_in_exchange", text % {"orders": orders})]
    for fund in scene.funds.rows:
        lacking = (fund.entitled or Decimal(0)) - fund.room
        if lacking > 0:
            text = _(
                "Order %(number)s holds %(amount)s less than was paid with it for these goods: it was refunded in"
                " Saleor, or given otherwise. What it still holds can go back, as money or as store credit."
            )
            blanks = {"number": fund.order.number, "amount": _text(lacking, scene.breakdown.currency)}
            found.append(Notice("original_not_refundable", text % blanks))
    return found


def _about_customs(scene: Scene, *, crosses_border: bool) -> list[Notice]:
    """C1.17: who gives duties back, and how much of them the order can give."""
    kinds = {item.kind for item in scene.breakdown.items}
    if ItemKind.IMPORT_CHARGES in kinds:
        if ItemKind.NOT_AVAILABLE not in kinds or scene.options.import_charges is None:
            return []
        text = _(
            "The order does not hold as much as the goods and these charges come to. Enter less, and pay the rest"
            " another way."
        )
        return [Notice("import_charges_too_high", text, blocks=True)]
    if not crosses_border or not scene.breakdown.total:
        return []
    if any(line.legal_basis == LegalBasis.WITHDRAWAL for line in scene.lines):
        text = _(
            "The goods cross a customs border. On withdrawal the law gives back all that the customer paid to the shop,"
            " duties and import tax among it (Directive 2011/83/EU, art. 13(1)): enter what they paid to you, or what"
            " your carrier collected for you. What they paid to customs themselves they claim back there."
        )
        return [Notice("import_charges_owed", text)]
    text = _("The goods cross a customs border: duties that the customer paid may be given back with them.")
    return [Notice("import_charges_possible", text)]


def _text(amount: object, currency: str) -> str:
    return f"{Money.read(amount, currency).wire()} {currency}"

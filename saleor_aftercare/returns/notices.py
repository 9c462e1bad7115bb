"""What staff should know before a return is settled, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from saleor_aftercare.compensation.ledger import Ledger
from saleor_aftercare.compensation.models import Refund, RefundState
from saleor_aftercare.compensation.plan import Plan
from saleor_aftercare.compensation.queries import why_no_credit
from saleor_aftercare.core.money import Money
from saleor_aftercare.replacements.queries import unit_value

from .breakdown import Breakdown, ItemKind
from .models import Return, ReturnLine
from .origins import origins_of


@dataclass(frozen=True)
class Notice:
    """A remark; one that ``blocks`` has to be dealt with first."""

    code: str
    message: str
    blocks: bool = False


def notices_of(
    ret: Return, lines: Sequence[ReturnLine], breakdown: Breakdown, plan: Plan, ledger: Ledger
) -> tuple[Notice, ...]:
    """What there is to say, what blocks first."""
    found = [
        *_about_money(ret, breakdown, plan, ledger),
        *_about_the_order(ret, lines, ledger),
        *came_in_exchange(ret, lines),
    ]
    return tuple(sorted(found, key=lambda notice: not notice.blocks))


def _about_money(ret: Return, breakdown: Breakdown, plan: Plan, ledger: Ledger) -> list[Notice]:
    found = []
    if plan.short:
        found.append(Notice("no_payment_app", _no_payment_app(plan.short, ledger), blocks=True))
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
    if not any(payment.left or payment.refunded for payment in ledger.payments) and not ret.order.gift_cards:
        found.append(Notice("not_paid", _("Saleor shows no payment for this order.")))
    return found


def _no_payment_app(short: Money, ledger: Ledger) -> str:
    amount = f"{short.wire()} {short.currency}"
    if not any(payment.by_app for payment in ledger.payments):
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


def came_in_exchange(ret: Return, lines: Sequence[ReturnLine]) -> list[Notice]:
    """C1.10: what came in place of other goods was paid with them, so its money is to be found at their order."""
    origins, found = origins_of([ret.order]), []
    for line in lines:
        if origin := origins.get(line.order_line_id):
            text = _(
                "%(product)s came in exchange for goods of order %(number)s and counted for %(amount)s each."
                " That was paid there and is not in this sum; a refund of it is made at order %(number)s in Saleor."
            )
            blanks = {
                "product": line.order_line.product_name,
                "number": origin.order_line.order.number,
                "amount": _text(unit_value(line.order_line).amount, ret.order.currency),
            }
            found.append(Notice("came_in_exchange", text % blanks))
    return found


def _text(amount: object, currency: str) -> str:
    return f"{Money.read(amount, currency).wire()} {currency}"

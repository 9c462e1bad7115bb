"""Over which payments of an order an amount goes back. Pure: figures in, plan out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import TenderOrder

from .ledger import Ledger, Payment
from .models import RefundMethod


class RefundRoute(models.TextChoices):
    """How staff want the money to go back."""

    ORIGINAL = "original", _("To the means of payment that were used")
    REMAINDER = "remainder", _("The same, and what cannot go back that way by other means")
    MANUAL = "manual", _("By other means altogether, such as a bank transfer")
    CREDIT = "credit", _("To the means of payment, and what cannot go back that way as store credit")


@dataclass(frozen=True)
class PlannedPart:
    """One refund: through a payment app on one transaction, or by hand."""

    method: RefundMethod
    amount: Money
    transaction: str  #: Saleor global ID; empty for a manual one
    means: str  #: in people's words
    order: int | None = None  #: key of the order that holds the money, where that is not the settlement's own


@dataclass(frozen=True)
class Plan:
    """The parts of a refund, in the order of their tender; with ``short`` they add up to the amount."""

    parts: tuple[PlannedPart, ...]
    short: Money  #: what no payment app can give back, and staff did not say they would pay by hand


def plan_refund(
    ledger: Ledger,
    amount: Money,
    *,
    reserved: Mapping[str, Money],
    tender_order: TenderOrder,
    route: RefundRoute,
) -> Plan:
    """Split ``amount`` over the payments that a payment app can refund, never more than each has left.

    Gift cards first or last as the shop has stated; of the others those that offer refunds first, then the fullest,
    so that as few payments as possible are touched. ``reserved`` is what we have decided already per transaction
    and Saleor does not show yet. ``amount`` is at most what the order still holds: the caller has seen to that.
    """
    zero = Money.zero(ledger.currency)
    left = amount
    parts = []
    if route != RefundRoute.MANUAL:
        gift_cards_first = tender_order == TenderOrder.GIFT_CARD_FIRST

        def rank(payment: Payment) -> tuple[bool, bool, Money, str]:
            free = ledger.free(payment, reserved=reserved)
            return payment.gift_card != gift_cards_first, not payment.says_refund, zero - free, payment.id

        for payment in sorted(ledger.payments, key=rank):
            part = min(left, ledger.free(payment, reserved=reserved))
            if part:
                parts.append(PlannedPart(RefundMethod.PAYMENT_APP, part, payment.id, payment.means))
                left -= part
    if left and route in {RefundRoute.REMAINDER, RefundRoute.MANUAL}:
        parts.append(PlannedPart(RefundMethod.MANUAL, left, "", ""))
        left = zero
    return Plan(tuple(parts), left)

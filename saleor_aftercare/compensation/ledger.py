"""What Saleor has of an order's money, and how much of it may still go back. Pure arithmetic.

Measured on Saleor 3.23: ``chargedAmount`` of a transaction is what is left after refunds, and drops as soon as an
asynchronous refund has its provider's reference. Before that, only the granted refund's ``PENDING`` shows it. A
manual refund is a transaction of its own that was never charged, and reduces nothing else. A gift card redeemed as
a promo code leaves no transaction at all; one redeemed through Saleor's gift card gateway leaves one that nobody
owns, and that can be refunded all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from saleor_aftercare.core.money import Money


@dataclass(frozen=True)
class Payment:
    """A transaction of the order."""

    id: str
    left: Money  #: charged and not given back
    refunded: Money
    pending: Money  #: being given back, and already taken off ``left``
    by_app: bool  #: a payment app owns it, so that a refund can be requested
    says_refund: bool  #: offers REFUND among its actions; owners may leave that out and still do it
    manual: bool  #: never charged: a refund that somebody made by other means
    means: str = ""  #: in people's words: "Card", "Gift card …9TBZ"
    gift_card: bool = False  #: Saleor's own gift card gateway (3.23): refunds go back onto the card


@dataclass(frozen=True)
class Grant:
    """A granted refund of the order."""

    id: str
    status: str
    amount: Money
    transaction: str
    paid: Money  #: what the payment app said it gave back for it
    message: str  #: of the last failure


@dataclass(frozen=True)
class Ledger:
    """An order's money in Saleor at one moment."""

    currency: str
    payments: tuple[Payment, ...]
    grants: tuple[Grant, ...]

    def grant(self, grant_id: str) -> Grant | None:
        """The granted refund of that Saleor id."""
        return next((g for g in self.grants if g.id == grant_id), None)

    def refunded(self) -> Money:
        """All that was given back, by whomever."""
        return self._sum(p.refunded for p in self.payments)

    def in_flight(self, *, on: str | None = None) -> Money:
        """Requested from a payment app that has not answered, and so not yet taken off any ``left``.

        For a moment after the answer a grant is still PENDING while its event is there and the payment shows it.
        """
        zero = Money.zero(self.currency)
        requested = self._sum(
            max(g.amount - g.paid, zero) for g in self.grants if g.status == "PENDING" and on in {None, g.transaction}
        )
        reflected = self._sum(p.pending for p in self.payments if on in {None, p.id})
        return max(requested - reflected, Money.zero(self.currency))

    def grants_pending(self) -> bool:
        """Some refund awaits its payment app's answer, or is just being booked: the figures are not final."""
        return any(g.status == "PENDING" for g in self.grants) or any(p.pending for p in self.payments)

    def available(self, *, others: Money) -> Money:
        """The most that may still go back, never negative.

        ``others`` is what we have decided already and Saleor does not show yet.
        """
        left = self._sum(p.left for p in self.payments if not p.manual)
        by_hand = self._sum(p.refunded for p in self.payments if p.manual)
        return max(left - by_hand - self.in_flight() - others, Money.zero(self.currency))

    def payment(self, transaction: str) -> Payment | None:
        """The payment of that Saleor id."""
        return next((p for p in self.payments if p.id == transaction), None)

    def free(self, payment: Payment, *, reserved: Mapping[str, Money]) -> Money:
        """What a payment app can still give back on this payment, never negative.

        ``reserved`` is what we have decided already per transaction and Saleor does not show yet.
        """
        zero = Money.zero(self.currency)
        if not payment.by_app or payment.manual:
            return zero
        return max(payment.left - self.in_flight(on=payment.id) - reserved.get(payment.id, zero), zero)

    def payment_for(self, amount: Money, *, reserved: Mapping[str, Money]) -> Payment | None:
        """The payment that can give ``amount`` back by itself: one that offers refunds, then the fullest."""
        able = [p for p in self.payments if bool(amount) and amount <= self.free(p, reserved=reserved)]
        return max(able, key=lambda p: (p.says_refund, self.free(p, reserved=reserved).amount), default=None)

    def shown(self, grant_ids: AbstractSet[str]) -> set[str]:
        """Which of these grants Saleor's own figures contain already."""
        return {g.id for g in self.grants if g.id in grant_ids and g.status in {"PENDING", "SUCCESS"}}

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, Money.zero(self.currency))


def read_ledger(order: Mapping[str, Any], *, own_app_id: str) -> Ledger:
    """The ledger in an ``order-money`` answer. A transaction of our own app has no payment app behind it."""
    currency = order["total"]["gross"]["currency"]

    def money(value: Mapping[str, Any] | None) -> Money:
        return Money.read((value or {}).get("amount", 0), currency)

    payments = []
    for t in order["transactions"]:
        owner = t.get("createdBy") or {}
        charged = any(e["type"] in {"CHARGE_SUCCESS", "CHARGE_REQUEST"} for e in t["events"] or ())
        left, refunded = money(t["chargedAmount"]), money(t["refundedAmount"])
        means = t.get("paymentMethodDetails") or {}
        gift_card = not owner and means.get("__typename") == "GiftCardPaymentMethodDetails"
        payments.append(
            Payment(
                id=t["id"],
                left=left,
                refunded=refunded,
                pending=money(t["refundPendingAmount"]),
                by_app=gift_card
                or (
                    owner.get("__typename") == "App"
                    and owner.get("id") != own_app_id
                    and owner.get("isActive") is not False
                ),
                says_refund="REFUND" in (t["actions"] or ()),
                manual=bool(refunded) and not left and not charged,
                means=_means(t, means)[:200],
                gift_card=gift_card,
            )
        )
    grants = []
    for g in order["grantedRefunds"]:
        events = g["transactionEvents"] or ()
        failures = [e["message"] for e in events if e["type"] == "REFUND_FAILURE" and e["message"]]
        grants.append(
            Grant(
                id=g["id"],
                status=g["status"],
                amount=money(g["amount"]),
                transaction=(g.get("transaction") or {}).get("id") or "",
                paid=sum((money(e["amount"]) for e in events if e["type"] == "REFUND_SUCCESS"), Money.zero(currency)),
                message=str(failures[0])[:300] if failures else "",
            )
        )
    return Ledger(currency, tuple(payments), tuple(grants))


def _means(transaction: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """The means of payment as its owner names it; a gift card by its last characters."""
    if details.get("lastChars"):
        return f"{details.get('name') or 'Gift card'} …{details['lastChars']}"
    return str(transaction.get("name") or details.get("name") or "")

"""Settlements: one decision that becomes refunds and store credits, and is done when they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.events import SettlementStarted
from saleor_aftercare.compensation.models import (
    Refund,
    RefundState,
    Settlement,
    SettlementState,
    StoreCredit,
    StoreCreditState,
)
from saleor_aftercare.compensation.plan import PlannedPart
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.money import Money

from .credits import issue_store_credit, retry_credit
from .refunds import retry_refund, start_refund
from .review import review

MAX_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who is told the code of a store credit."""

    email: str
    name: str
    user_id: str = ""  #: Saleor global ID, where only this customer may use it


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a settlement is made of; amounts in the order's currency.

    Several orders may hold the money, of one currency: that of goods which came in exchange is where they were paid.
    """

    items: Sequence[dict[str, Any]]  #: the sum as it was shown, see ``Settlement.items``
    refunds: Sequence[PlannedPart]
    gift_cards: Mapping[int, Money]  #: what gift cards had paid, on new ones; by the key of the order they paid
    credit: Money  #: store credit by choice, bonus included
    credit_shares: Mapping[int, Money]  #: of it, without the bonus, what each order holds; by key
    bonus: Money
    exchange: Money
    recipient: Recipient
    credit_expires_on: date | None = None
    reason_reference: str = ""  #: Saleor Page ID of the shop's refund reasons
    instead_of: str = ""  #: goods that were promised in exchange and cannot be sent

    @property
    def gift_card(self) -> Money:
        """What goes back on new gift cards, all together."""
        return sum(self.gift_cards.values(), Money.zero(self.credit.currency))

    @property
    def total(self) -> Money:
        """Everything that leaves the shop, in whatever way."""
        return sum((part.amount for part in self.refunds), self.gift_card + self.credit + self.exchange)


@transaction.atomic
def start_settlement(
    order: Order,
    *,
    parts: Parts,
    key: str,
    subject: tuple[str, int],
    label: str,
    note: str,
    at: datetime,
    actor: Actor,
) -> Settlement:
    """Write down a settlement and queue its parts; one without any is done at once.

    The same ``key`` again returns the first one. ``label`` is the case's number. Whether the amounts are due, and still
    there to be given, is for the caller to judge; each part asks Saleor once more before it is sent.

    Raises InvalidInput for an unusable ``key`` or ``note``, or a key that was used for another case.
    """
    if not key or len(key) > 100:
        raise InvalidInput(_("Between 1 and %(limit)d characters.") % {"limit": 100}, "idempotencyKey")
    if len(note) > MAX_NOTE:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_NOTE}, "note")
    holders = lock_orders({order.pk, *_holders(parts)}, shop_id=order.shop_id)
    locked = holders[order.pk]
    if known := find_settlement(locked, key=key, subject=subject):
        return known
    refund = sum((part.amount for part in parts.refunds), Money.zero(locked.currency))
    settlement = Settlement.objects.create(
        shop=locked.shop,
        key=key,
        order=locked,
        subject=subject[0],
        subject_id=subject[1],
        state=SettlementState.RUNNING,
        state_since=at,
        currency=locked.currency,
        items=list(parts.items),
        refund=refund.amount,
        credit=(parts.credit + parts.gift_card).amount,
        bonus=parts.bonus.amount,
        exchange=parts.exchange.amount,
        instead_of=parts.instead_of[:500],
        note=note.strip(),
        decided_by=actor.name[:200],
        created_at=at,
    )
    publish(
        SettlementStarted(
            settlement.pk,
            *subject,
            refund=refund.wire(),
            credit=(parts.credit + parts.gift_card).wire(),
            exchange=parts.exchange.wire(),
            currency=locked.currency,
        ),
        shop=locked.shop,
        at=at,
        actor=actor,
    )
    for n, part in enumerate(parts.refunds, start=1):
        start_refund(
            holders[part.order or locked.pk],
            amount=part.amount,
            method=part.method,
            key=f"settlement:{settlement.pk}:{n}",
            subject=subject,
            label=label,
            note=note,
            transaction_id=part.transaction,
            means=part.means,
            reason_reference=parts.reason_reference,
            settlement=settlement,
            at=at,
            actor=actor,
        )
    to = {"to_email": parts.recipient.email, "to_name": parts.recipient.name, "assigned_to": parts.recipient.user_id}
    common: dict[str, Any] = {"subject": subject, "settlement": settlement, "at": at, "actor": actor, **to}
    for pk, amount in parts.gift_cards.items():
        own = "" if pk == locked.pk else f":{pk}"
        key_of_card = f"settlement:{settlement.pk}:gift-card{own}"
        zero = Money.zero(locked.currency)
        issue_store_credit(holders[pk], amount=amount, bonus=zero, key=key_of_card, restores=True, **common)
    if parts.credit:
        issue_store_credit(
            locked,
            amount=parts.credit,
            bonus=parts.bonus,
            key=f"settlement:{settlement.pk}:credit",
            expires_on=parts.credit_expires_on,
            shares=parts.credit_shares,
            **common,
        )
    review(settlement.pk, at=at)
    settlement.refresh_from_db()
    return settlement


def _holders(parts: Parts) -> set[int]:
    """The keys of the orders that a settlement takes money from."""
    return {*parts.gift_cards, *parts.credit_shares, *(part.order for part in parts.refunds if part.order)}


def lock_orders(pks: Iterable[int], *, shop_id: int) -> dict[int, Order]:
    """The shop's orders of these keys, locked, always in the same order; by key."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("shop").filter(shop_id=shop_id, pk__in=set(pks))
    return {row.pk: row for row in rows.order_by("pk")}


def find_settlement(order: Order, *, key: str, subject: tuple[str, int]) -> Settlement | None:
    """The settlement that this ``key`` started; raises InvalidInput when it was one of another case."""
    known = Settlement.objects.select_related("shop").filter(shop_id=order.shop_id, key=key).first()
    if known is not None and (known.subject, known.subject_id) != subject:
        raise InvalidInput(_("This key was used for something else."), "idempotencyKey")
    return known


@transaction.atomic
def retry_settlement(settlement: Settlement, *, at: datetime, actor: Actor) -> Settlement:
    """Try the parts again that failed or wait for staff; those that are given stay as they are.

    A refund that failed is tried by a new one, on the same payment if that still can, else on another that can give
    it all. Raises Conflict when there is nothing to try again, or a newer settlement has taken its place.
    """
    # The orders' locks stand before that of their settlement, as when one is started.
    paying = Refund.objects.filter(settlement=settlement).values_list("order_id", flat=True)
    lock_orders({settlement.order_id, *paying}, shop_id=settlement.shop_id)
    locked = Settlement.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=settlement.pk)
    newer = Settlement.objects.filter(
        shop_id=locked.shop_id, subject=locked.subject, subject_id=locked.subject_id, pk__gt=locked.pk
    )
    if locked.state not in {SettlementState.FAILED, SettlementState.NEEDS_STAFF} or newer.exists():
        raise Conflict(_("There is nothing to try again; reload and look again."))
    for refund in Refund.objects.select_related("shop", "order").filter(settlement=locked, retry=None):
        if refund.state == RefundState.NEEDS_STAFF:
            retry_refund(refund, at=at, actor=actor)
        elif refund.state == RefundState.FAILED:
            start_refund(
                refund.order,
                amount=refund.money,
                method=refund.method,
                key=f"retry:{refund.pk}",
                subject=(refund.subject, refund.subject_id),
                label=refund.reference.rpartition("/")[0],
                note=refund.note,
                transaction_id=refund.transaction_id,
                means=refund.means,
                reason_reference=refund.reason_reference,
                settlement=locked,
                retry_of=refund,
                at=at,
                actor=actor,
            )
    for credit in StoreCredit.objects.select_related("shop").filter(settlement=locked):
        if credit.state in {StoreCreditState.FAILED, StoreCreditState.NEEDS_STAFF}:
            retry_credit(credit, at=at, actor=actor)
    review(locked.pk, at=at)
    locked.refresh_from_db()
    return locked

"""Settlements: one decision that becomes refunds and store credits, and is done when they are."""

from __future__ import annotations

from collections.abc import Sequence
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
    """What a settlement is made of; amounts in the order's currency."""

    items: Sequence[dict[str, Any]]  #: the sum as it was shown, see ``Settlement.items``
    refunds: Sequence[PlannedPart]
    gift_card: Money  #: what a gift card had paid, on a new one
    credit: Money  #: store credit by choice, bonus included
    bonus: Money
    exchange: Money
    recipient: Recipient
    credit_expires_on: date | None = None
    reason_reference: str = ""  #: Saleor Page ID of the shop's refund reasons


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
    locked = Order.objects.select_for_update(of=("self",)).select_related("shop").get(pk=order.pk)
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
            locked,
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
    zero = Money.zero(locked.currency)
    for kind, amount, bonus in (("gift-card", parts.gift_card, zero), ("credit", parts.credit, parts.bonus)):
        if amount:
            issue_store_credit(
                locked,
                amount=amount,
                bonus=bonus,
                key=f"settlement:{settlement.pk}:{kind}",
                subject=subject,
                to_email=parts.recipient.email,
                to_name=parts.recipient.name,
                assigned_to=parts.recipient.user_id,
                expires_on=None if kind == "gift-card" else parts.credit_expires_on,
                restores=kind == "gift-card",
                settlement=settlement,
                at=at,
                actor=actor,
            )
    review(settlement.pk, at=at)
    settlement.refresh_from_db()
    return settlement


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
    # The order's lock stands before that of its settlements, as when one is started.
    Order.objects.select_for_update(of=("self",)).get(pk=settlement.order_id)
    locked = Settlement.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=settlement.pk)
    newer = Settlement.objects.filter(
        shop_id=locked.shop_id, subject=locked.subject, subject_id=locked.subject_id, pk__gt=locked.pk
    )
    if locked.state not in {SettlementState.FAILED, SettlementState.NEEDS_STAFF} or newer.exists():
        raise Conflict(_("There is nothing to try again; reload and look again."))
    for refund in Refund.objects.select_related("shop").filter(settlement=locked, retry=None):
        if refund.state == RefundState.NEEDS_STAFF:
            retry_refund(refund, at=at, actor=actor)
        elif refund.state == RefundState.FAILED:
            start_refund(
                locked.order,
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

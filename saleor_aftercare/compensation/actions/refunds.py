"""Refunds: deciding one, and what became of it. What is decided here is carried out by ``tasks``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.events import RefundFailed, RefundNeedsStaff, RefundSettled, RefundStarted
from saleor_aftercare.compensation.models import Refund, RefundMethod, RefundState, Settlement
from saleor_aftercare.connection.models import CommandState, Order, ShopCommand
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.jobs import reschedule, schedule
from saleor_aftercare.core.money import Money

from .review import review

MAX_NOTE = 500


@transaction.atomic
def start_refund(
    order: Order,
    *,
    amount: Money,
    method: str,
    key: str,
    subject: tuple[str, int],
    label: str,
    note: str,
    at: datetime,
    actor: Actor,
    transaction_id: str = "",
    means: str = "",
    reason_reference: str = "",
    settlement: Settlement | None = None,
    retry_of: Refund | None = None,
) -> Refund:
    """Decide one refund and queue it; the same ``key`` again returns the first one.

    ``label`` is the case's number; with a counter it becomes the reference in Saleor. Nothing is sent here, and
    what may be given back is judged by the job, against Saleor's figures of that moment. ``transaction_id`` is the
    payment that it is planned on; without one, the job chooses a payment that can give back all of it.
    ``reason_reference`` is a page of the shop's refund reasons in Saleor.

    Raises InvalidInput for an unusable ``amount``, ``method``, ``key`` or ``note``.
    """
    if amount.currency != order.currency or amount.amount <= 0 or amount.rounded() != amount:
        raise InvalidInput(_("The amount must be more than 0 %(currency)s.") % {"currency": order.currency}, "amount")
    if method not in RefundMethod.values:
        raise InvalidInput(_("Unknown way of refunding."), "method")
    if not key or len(key) > 120:
        raise InvalidInput(_("Between 1 and 120 characters."), "idempotencyKey")
    if len(note) > MAX_NOTE:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_NOTE}, "note")
    locked = Order.objects.select_for_update(of=("self",)).select_related("shop").get(pk=order.pk)
    known = Refund.objects.filter(shop=locked.shop, key=key).first()
    if known is not None:
        return known
    before = Refund.objects.filter(shop=locked.shop, subject=subject[0], subject_id=subject[1]).count()
    refund = Refund.objects.create(
        shop=locked.shop,
        key=key,
        reference=f"{label}/{before + 1}",
        order=locked,
        subject=subject[0],
        subject_id=subject[1],
        amount=amount.amount,
        currency=amount.currency,
        method=method,
        note=note.strip(),
        transaction_id=transaction_id,
        means=means[:200],
        reason_reference=reason_reference,
        settlement=settlement,
        retry_of=retry_of,
        state=RefundState.PENDING,
        state_since=at,
        requested_by=actor.name[:200],
        created_at=at,
    )
    publish(
        RefundStarted(refund.pk, *subject, amount.wire(), amount.currency, method=method),
        shop=locked.shop,
        at=at,
        actor=actor,
    )
    schedule(
        "compensation.refund", key=f"refund:{refund.pk}", shop=locked.shop, due_at=at, payload={"refund": refund.pk}
    )
    return refund


@transaction.atomic
def settle(refund: Refund, *, at: datetime) -> None:
    """The money is given back. Raises Conflict."""
    refund.move("succeed", at=at, settled_at=at, failure="")
    publish(RefundSettled(*_about(refund)), shop=refund.shop, at=at)
    review(refund.settlement_id, at=at)


@transaction.atomic
def fail(refund: Refund, *, reason: str, at: datetime) -> None:
    """Nothing was paid. Raises Conflict."""
    refund.move("fail", at=at, failure=reason[:500])
    publish(RefundFailed(*_about(refund), reason=reason[:500]), shop=refund.shop, at=at)
    review(refund.settlement_id, at=at)


@transaction.atomic
def ask_staff(refund: Refund, *, reason: str, at: datetime) -> None:
    """A person has to look. Raises Conflict."""
    refund.move("ask_staff", at=at, failure=reason[:500])
    publish(RefundNeedsStaff(*_about(refund), reason=reason[:500]), shop=refund.shop, at=at)
    review(refund.settlement_id, at=at)


def _about(refund: Refund) -> tuple[int, str, int, str, str]:
    return refund.pk, refund.subject, refund.subject_id, refund.money.wire(), refund.currency


@transaction.atomic
def retry_refund(refund: Refund, *, at: datetime, actor: Actor = SYSTEM) -> Refund:
    """Let a refund that waits for staff look at Saleor again and go on from what it finds there. Raises Conflict.

    Steps that Saleor has done are found by their reference and not repeated; a refused one may be sent again.
    """
    refund.move("retry", at=at, failure="")
    for command in ShopCommand.objects.filter(
        shop=refund.shop, subject="refund", subject_id=refund.pk, state=CommandState.FAILED
    ):
        command.move("retry", at=at, error="", error_code="")
    publish(RefundStarted(*_about(refund), method=refund.method), shop=refund.shop, at=at, actor=actor)
    schedule(
        "compensation.refund",
        key=f"refund:{refund.pk}",
        shop=refund.shop,
        due_at=at,
        payload={"refund": refund.pk},
        again=True,
    )
    review(refund.settlement_id, at=at)
    return refund


def look_again_soon(order_id: int, *, at: datetime) -> int:
    """Saleor says that an order's money changed: refunds that wait for a payment app look now. Returns how many."""
    waiting = Refund.objects.select_related("shop").filter(order_id=order_id, state=RefundState.AWAITING_PROVIDER)
    return sum(reschedule(refund.shop, f"refund-result:{refund.pk}", due_at=at) for refund in waiting)

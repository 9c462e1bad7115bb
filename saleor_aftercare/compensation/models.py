"""Money given back. Only this domain makes any move, and only through the shop's own Saleor."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.workflow import Stateful, Workflow


class RefundMethod(models.TextChoices):
    PAYMENT_APP = "payment_app"  #: granted and requested in Saleor; the payment app pays
    MANUAL = "manual"  #: the merchant paid by other means; Saleor is told so


class RefundState(models.TextChoices):
    PENDING = "pending"  #: decided; nothing sent yet
    PROCESSING = "processing"  #: Saleor is being told, step by step
    AWAITING_PROVIDER = "awaiting_provider"  #: the payment app has not answered yet
    SUCCEEDED = "succeeded"  #: the money is given back, says Saleor
    FAILED = "failed"  #: refused, and nothing was paid
    NEEDS_STAFF = "needs_staff"  #: we cannot tell by ourselves; a person looks at Saleor


S = RefundState
REFUND_WORKFLOW = Workflow(
    {
        (S.PENDING, "start"): S.PROCESSING,
        (S.PENDING, "fail"): S.FAILED,
        (S.PROCESSING, "hand_over"): S.AWAITING_PROVIDER,
        (S.PROCESSING, "succeed"): S.SUCCEEDED,
        (S.PROCESSING, "fail"): S.FAILED,
        (S.PROCESSING, "ask_staff"): S.NEEDS_STAFF,
        (S.AWAITING_PROVIDER, "succeed"): S.SUCCEEDED,
        (S.AWAITING_PROVIDER, "fail"): S.FAILED,
        (S.AWAITING_PROVIDER, "ask_staff"): S.NEEDS_STAFF,
        (S.NEEDS_STAFF, "succeed"): S.SUCCEEDED,
        (S.NEEDS_STAFF, "fail"): S.FAILED,
        (S.NEEDS_STAFF, "retry"): S.PROCESSING,
    }
)

#: States in which the amount is, or may yet be, given back: it counts against the cap.
COUNTING_STATES = (S.PENDING, S.PROCESSING, S.AWAITING_PROVIDER, S.NEEDS_STAFF, S.SUCCEEDED)
#: States in which we still work, or wait.
OPEN_STATES = (S.PENDING, S.PROCESSING, S.AWAITING_PROVIDER, S.NEEDS_STAFF)


class Refund(Stateful, ShopOwned):
    """One amount going back for one reason; unique by ``key``, so that a button pressed twice pays once."""

    workflow: ClassVar = REFUND_WORKFLOW

    key = models.CharField(max_length=120)  #: the caller's idempotency key
    reference = models.CharField(max_length=60)  #: in Saleor, for people and for reading back: "RMA-1001/1"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    order_id: int
    subject = models.CharField(max_length=30)  #: what it is for: "return"
    subject_id = models.BigIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=12, choices=RefundMethod.choices)
    note = models.CharField(max_length=500, blank=True)
    transaction_id = models.CharField(max_length=120, blank=True)  #: Saleor global ID, chosen before sending
    state = models.CharField(max_length=20, choices=RefundState.choices, default=S.PENDING)
    failure = models.CharField(max_length=500, blank=True)
    requested_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="refund_key"),
            models.UniqueConstraint(fields=["shop", "reference"], name="refund_reference"),
            models.CheckConstraint(condition=models.Q(state__in=RefundState.values), name="refund_state"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount"),
            models.CheckConstraint(
                condition=~models.Q(state=S.SUCCEEDED) | models.Q(settled_at__isnull=False),
                name="refund_succeeded_is_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "subject", "subject_id"], name="refund_subject"),
            models.Index(fields=["order"], name="refund_order"),
        ]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency).rounded()

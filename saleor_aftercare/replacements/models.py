"""Replacement orders: what is to be sent, and how far its order in Saleor is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.workflow import Stateful, Workflow


class ReplacementState(models.TextChoices):
    PLANNED = "planned"  #: promised; its order is made when the goods are back
    PENDING = "pending"  #: to be made now
    CREATING = "creating"  #: Saleor is being told, step by step
    OUT_OF_STOCK = "out_of_stock"  #: sold out meanwhile: offer something else, or the money
    AWAITING_PAYMENT = "awaiting_payment"  #: ordered; the customer owes the difference
    PLACED = "placed"  #: ordered and paid; the shop ships it
    SHIPPED = "shipped"
    FAILED = "failed"  #: Saleor refused
    NEEDS_STAFF = "needs_staff"  #: an unfinished draft, or an answer that was lost: a person looks
    CANCELED = "canceled"


R = ReplacementState
REPLACEMENT_WORKFLOW = Workflow(
    {
        (R.PLANNED, "start"): R.PENDING,
        (R.PLANNED, "cancel"): R.CANCELED,
        (R.PLANNED, "run_out"): R.OUT_OF_STOCK,
        (R.PENDING, "create"): R.CREATING,
        (R.PENDING, "cancel"): R.CANCELED,
        (R.PENDING, "run_out"): R.OUT_OF_STOCK,
        (R.PENDING, "fail"): R.FAILED,
        (R.CREATING, "place"): R.PLACED,
        (R.CREATING, "await_payment"): R.AWAITING_PAYMENT,
        (R.CREATING, "run_out"): R.OUT_OF_STOCK,
        (R.CREATING, "fail"): R.FAILED,
        (R.CREATING, "ask_staff"): R.NEEDS_STAFF,
        (R.AWAITING_PAYMENT, "pay"): R.PLACED,
        (R.AWAITING_PAYMENT, "cancel"): R.CANCELED,
        (R.PLACED, "ship"): R.SHIPPED,
        (R.PLACED, "cancel"): R.CANCELED,
        (R.OUT_OF_STOCK, "reoffer"): R.PLANNED,
        (R.OUT_OF_STOCK, "cancel"): R.CANCELED,
        (R.FAILED, "retry"): R.PENDING,
        (R.FAILED, "cancel"): R.CANCELED,
        (R.NEEDS_STAFF, "retry"): R.PENDING,
        (R.NEEDS_STAFF, "cancel"): R.CANCELED,
    }
)

#: States in which somebody still expects the goods.
OPEN_STATES = (R.PLANNED, R.PENDING, R.CREATING, R.OUT_OF_STOCK, R.AWAITING_PAYMENT, R.NEEDS_STAFF, R.FAILED)


class Replacement(Stateful, ShopOwned):
    """Goods that go out in place of others, as an order of their own in Saleor."""

    workflow: ClassVar = REPLACEMENT_WORKFLOW

    key = models.CharField(max_length=120)  #: the caller's idempotency key
    external_reference = models.CharField(max_length=120)  #: unique in Saleor: what makes a second order impossible
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="replacements")  #: the original
    order_id: int
    subject = models.CharField(max_length=30)  #: "return"
    subject_id = models.BigIntegerField()
    case_number = models.CharField(max_length=20)  #: "RMA-1001"
    #: [{"variant_id", "name", "sku", "quantity", "list_price", "price", "return_line": pk | null}]; per unit, gross
    lines = models.JSONField(default=list)
    currency = models.CharField(max_length=3)
    credit = models.DecimalField(max_digits=14, decimal_places=3)  #: what the returned goods are worth here
    due = models.DecimalField(max_digits=14, decimal_places=3)  #: what the customer pays on top; zero: free
    shipping_method_id = models.CharField(max_length=60, blank=True)
    advance = models.BooleanField(default=False)  #: sent before the old goods are back
    state = models.CharField(max_length=16, choices=ReplacementState.choices, default=R.PLANNED)
    saleor_order_id = models.CharField(max_length=120, blank=True)
    saleor_order_number = models.CharField(max_length=30, blank=True)
    payment_url = models.CharField(max_length=1000, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="replacement_key"),
            models.UniqueConstraint(fields=["shop", "external_reference"], name="replacement_external_reference"),
            models.CheckConstraint(condition=models.Q(state__in=ReplacementState.values), name="replacement_state"),
            models.CheckConstraint(condition=models.Q(credit__gte=0, due__gte=0), name="replacement_amounts"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["placed", "shipped", "awaiting_payment"])
                | ~models.Q(saleor_order_id=""),
                name="replacement_ordered_has_order",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "subject", "subject_id"], name="replacement_subject"),
            models.Index(
                fields=["shop", "saleor_order_id"], name="replacement_order", condition=~models.Q(saleor_order_id="")
            ),
        ]

    @property
    def due_money(self) -> Money:
        """What the customer pays on top."""
        return Money(self.due, self.currency).rounded()

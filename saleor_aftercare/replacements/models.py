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
        (R.PLANNED, "reoffer"): R.PLANNED,
        (R.PENDING, "create"): R.CREATING,
        (R.PENDING, "cancel"): R.CANCELED,
        (R.PENDING, "run_out"): R.OUT_OF_STOCK,
        (R.PENDING, "fail"): R.FAILED,
        (R.PENDING, "ask_staff"): R.NEEDS_STAFF,
        (R.CREATING, "place"): R.PLACED,
        (R.CREATING, "await_payment"): R.AWAITING_PAYMENT,
        (R.CREATING, "call_off"): R.CANCELED,
        (R.CREATING, "run_out"): R.OUT_OF_STOCK,
        (R.CREATING, "fail"): R.FAILED,
        (R.CREATING, "ask_staff"): R.NEEDS_STAFF,
        (R.AWAITING_PAYMENT, "pay"): R.PLACED,
        (R.AWAITING_PAYMENT, "ship"): R.SHIPPED,
        (R.AWAITING_PAYMENT, "cancel"): R.CANCELED,
        (R.PLACED, "ship"): R.SHIPPED,
        (R.PLACED, "cancel"): R.CANCELED,
        (R.OUT_OF_STOCK, "reoffer"): R.PLANNED,
        (R.OUT_OF_STOCK, "cancel"): R.CANCELED,
        (R.FAILED, "retry"): R.PENDING,
        (R.FAILED, "reoffer"): R.PLANNED,
        (R.FAILED, "cancel"): R.CANCELED,
        (R.NEEDS_STAFF, "retry"): R.PENDING,
        (R.NEEDS_STAFF, "cancel"): R.CANCELED,
    }
)

#: States in which somebody still expects the goods.
OPEN_STATES = (R.PLANNED, R.PENDING, R.CREATING, R.OUT_OF_STOCK, R.AWAITING_PAYMENT, R.NEEDS_STAFF, R.FAILED)


class Purpose(models.TextChoices):
    EXCHANGE = "exchange"  #: goods in place of others
    CHARGE = "charge"  #: money for goods that never came back


class Replacement(Stateful, ShopOwned):
    """Goods that go out in place of others, as an order of their own in Saleor.

    What was promised is pinned in ``lines``: what the shop asks for the goods later changes nothing for the customer.
    """

    workflow: ClassVar = REPLACEMENT_WORKFLOW

    key = models.CharField(max_length=120)  #: the caller's idempotency key
    external_reference = models.CharField(max_length=120)  #: unique in Saleor: what makes a second order impossible
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="replacements")  #: the original
    order_id: int
    subject = models.CharField(max_length=30)  #: "return"
    subject_id = models.BigIntegerField()
    case_number = models.CharField(max_length=20)  #: "RMA-1001"
    #: Whom Saleor writes to about its order, when that is not the order's customer: the recipient of a gift.
    recipient_email = models.CharField(max_length=254, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.EXCHANGE)
    #: Which order in Saleor this is: another one is only made when the one before is gone from there.
    attempt = models.PositiveSmallIntegerField(default=1)
    #: [{"variant_id", "product_id", "name", "sku", "quantity", "return_line": ReturnLine pk | null,
    #:   "list_price": what a unit counts for, "asked": what the shop asked for it then,
    #:   "units": [[what the customer pays for a unit, how many units cost that], …]}]
    #: All prices per unit, tax included, strings in major units.
    lines = models.JSONField(default=list)
    currency = models.CharField(max_length=3)
    credit = models.DecimalField(max_digits=14, decimal_places=3)  #: what the returned goods are worth here
    due = models.DecimalField(max_digits=14, decimal_places=3)  #: what the customer pays on top; zero: free
    rest = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: of the credit, for refund or credit
    #: What Saleor asks now, where that is not what was promised: [{"variant_id", "name", "promised", "now"}]
    changes = models.JSONField(default=list)
    shipping_method_id = models.CharField(max_length=60, blank=True)
    advance = models.BooleanField(default=False)  #: sent before the old goods are back
    back_by = models.DateField(null=True)  #: the last day, inclusive, for the old goods to be on their way
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)  #: staff were told that they are not
    state = models.CharField(max_length=16, choices=ReplacementState.choices, default=R.PLANNED)
    saleor_order_id = models.CharField(max_length=120, blank=True)
    saleor_order_number = models.CharField(max_length=30, blank=True)
    payment_url = models.CharField(max_length=1000, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  #: its order was asked for; null while it is only promised
    placed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="replacement_key"),
            models.UniqueConstraint(fields=["shop", "external_reference"], name="replacement_external_reference"),
            models.CheckConstraint(condition=models.Q(state__in=ReplacementState.values), name="replacement_state"),
            models.CheckConstraint(
                condition=models.Q(credit__gte=0, due__gte=0, rest__gte=0), name="replacement_amounts"
            ),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="replacement_purpose"),
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
            models.Index(
                fields=["state_since"],
                name="replacement_open",
                condition=models.Q(state__in=["pending", "creating", "awaiting_payment", "placed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} replacement {self.pk}"

    @property
    def goods(self) -> str:
        """What is sent, for people: "Kettle Cream ×2, Cup"."""
        return ", ".join(
            line["name"] + (f" ×{line['quantity']}" if line["quantity"] > 1 else "") for line in self.lines
        )[:500]

    @property
    def due_money(self) -> Money:
        """What the customer pays on top."""
        return Money(self.due, self.currency).rounded()

    @property
    def rest_money(self) -> Money:
        """What of the credit the goods do not use up."""
        return Money(self.rest, self.currency).rounded()

    @property
    def credit_money(self) -> Money:
        """What the returned goods are worth here."""
        return Money(self.credit, self.currency).rounded()

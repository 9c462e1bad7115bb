"""Repair requests: something broke, and the customer asks us to mend it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow


class RepairState(models.TextChoices):
    REQUESTED = "requested"  #: the customer asked; nobody has decided
    ACCEPTED = "accepted"  #: send it in; the intake slip is ready
    DECLINED = "declined"  #: staff said no, with the reason
    CANCELED = "canceled"  #: the customer thought better of it


S = RepairState
REPAIR_WORKFLOW = Workflow(
    {
        (S.REQUESTED, "accept"): S.ACCEPTED,
        (S.REQUESTED, "decline"): S.DECLINED,
        (S.REQUESTED, "cancel"): S.CANCELED,
        (S.ACCEPTED, "cancel"): S.CANCELED,
    }
)


class RepairRequest(Stateful, ShopOwned):
    """One product to be repaired; bought here (an order) or anywhere (a name and a serial number)."""

    workflow: ClassVar = REPAIR_WORKFLOW

    number = models.CharField(max_length=20)  #: "REP-1001"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="repairs", null=True)
    order_id: int | None
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    customer_name = models.CharField(max_length=300, blank=True)
    customer_email = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    product_name = models.CharField(max_length=400)
    serial_number = models.CharField(max_length=100, blank=True)
    description = models.TextField()
    photos = models.ManyToManyField(StoredFile, related_name="+")
    state = models.CharField(max_length=10, choices=RepairState.choices, default=S.REQUESTED)
    decline_reason = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    intake_slip = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="repair_number"),
            models.CheckConstraint(condition=models.Q(state__in=RepairState.values), name="repair_state"),
            models.CheckConstraint(
                condition=~models.Q(state=S.DECLINED) | ~models.Q(decline_reason=""),
                name="repair_declined_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="repair_newest"),
            models.Index(fields=["shop", "state", "-id"], name="repair_by_state"),
            models.Index(fields=["shop", "customer_email", "-id"], name="repair_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number

"""Spare-part requests: the customer needs a part, not the whole product."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow


class SparePartState(models.TextChoices):
    REQUESTED = "requested"  #: the customer asked; nobody has decided
    ACCEPTED = "accepted"  #: the part was identified and will be sent or offered
    DECLINED = "declined"  #: staff said no, with the reason
    CANCELED = "canceled"  #: the customer thought better of it


S = SparePartState
SPARE_PART_WORKFLOW = Workflow(
    {
        (S.REQUESTED, "accept"): S.ACCEPTED,
        (S.REQUESTED, "decline"): S.DECLINED,
        (S.REQUESTED, "cancel"): S.CANCELED,
        (S.ACCEPTED, "cancel"): S.CANCELED,
    }
)


class SparePartRequest(Stateful, ShopOwned):
    """A part for one product, described in the customer's words."""

    workflow: ClassVar = SPARE_PART_WORKFLOW

    number = models.CharField(max_length=20)  #: "PRT-1001"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="part_requests", null=True)
    order_id: int | None
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    customer_name = models.CharField(max_length=300, blank=True)
    customer_email = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    product_name = models.CharField(max_length=400)
    serial_number = models.CharField(max_length=100, blank=True)
    part_description = models.TextField()
    quantity = models.PositiveIntegerField(default=1)
    photos = models.ManyToManyField(StoredFile, related_name="+")
    state = models.CharField(max_length=10, choices=SparePartState.choices, default=S.REQUESTED)
    decline_reason = models.TextField(blank=True)
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="part_number"),
            models.CheckConstraint(condition=models.Q(state__in=SparePartState.values), name="part_state"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="part_quantity"),
            models.CheckConstraint(
                condition=~models.Q(state=S.DECLINED) | ~models.Q(decline_reason=""),
                name="part_declined_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="part_newest"),
            models.Index(fields=["shop", "state", "-id"], name="part_by_state"),
            models.Index(fields=["shop", "customer_email", "-id"], name="part_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number

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
    CHECKED_IN = "checked_in"  #: the product is here, to be repaired
    DECLINED = "declined"  #: staff said no, with the reason
    CANCELED = "canceled"  #: the customer thought better of it


S = RepairState
REPAIR_WORKFLOW = Workflow(
    {
        (S.REQUESTED, "accept"): S.ACCEPTED,
        (S.REQUESTED, "decline"): S.DECLINED,
        (S.REQUESTED, "cancel"): S.CANCELED,
        (S.ACCEPTED, "cancel"): S.CANCELED,
        (S.REQUESTED, "check_in"): S.CHECKED_IN,
        (S.ACCEPTED, "check_in"): S.CHECKED_IN,
        (S.CHECKED_IN, "take_back"): S.CANCELED,
    }
)


class RepairFor(models.TextChoices):
    """Whose product it is, and so who hears of the repair."""

    CUSTOMER = "customer"  #: who bought it, or asked
    RECIPIENT = "recipient"  #: of a gift, of which the order's payer is told nothing
    SHOP = "shop"  #: the shop took it back and refurbishes it: nobody outside hears of it


class RepairRequest(Stateful, ShopOwned):
    """A product to be repaired; bought here (an order) or anywhere (a name and a serial number)."""

    workflow: ClassVar = REPAIR_WORKFLOW

    number = models.CharField(max_length=20)  #: "REP-1001"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="repairs", null=True)
    order_id: int | None
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    customer_name = models.CharField(max_length=300, blank=True)
    customer_email = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    product_name = models.CharField(max_length=400)
    serial_number = models.CharField(max_length=2200, blank=True)  #: of several units all that are known, by commas
    quantity = models.PositiveIntegerField(default=1)  #: units
    for_whom = models.CharField(max_length=10, choices=RepairFor.choices, default=RepairFor.CUSTOMER)
    return_number = models.CharField(max_length=20, blank=True)  #: "RMA-1001", of the return that handed it over
    #: What was handed over, so that it happens once: "return-line:12", "inspection:34".
    handover_key = models.CharField(max_length=40, blank=True)
    description = models.TextField()
    photos = models.ManyToManyField(StoredFile, related_name="+")
    state = models.CharField(max_length=10, choices=RepairState.choices, default=S.REQUESTED)
    decline_reason = models.TextField(blank=True)
    findings = models.TextField(blank=True)  #: of the warehouse, for staff
    requested_at = models.DateTimeField()
    checked_in_at = models.DateTimeField(null=True)  #: the product has been here since then
    intake_slip = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="repair_number"),
            models.CheckConstraint(condition=models.Q(state__in=RepairState.values), name="repair_state"),
            models.CheckConstraint(
                condition=~models.Q(state=S.DECLINED) | ~models.Q(decline_reason=""),
                name="repair_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=S.CHECKED_IN) | models.Q(checked_in_at__isnull=False),
                name="repair_checked_in_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(for_whom=RepairFor.SHOP) | models.Q(customer_email=""),
                name="repair_of_the_shop_writes_to_nobody",
            ),
            models.UniqueConstraint(
                fields=["shop", "handover_key"], name="repair_handover", condition=~models.Q(handover_key="")
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="repair_newest"),
            models.Index(fields=["shop", "state", "-id"], name="repair_by_state"),
            models.Index(fields=["shop", "customer_email", "-id"], name="repair_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_internal(self) -> bool:
        """The shop's own unit: no letter, no conversation, no page."""
        return self.for_whom == RepairFor.SHOP

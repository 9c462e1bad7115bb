"""Goods at the warehouse: what was counted, what was found about it, where it went, and what nobody expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow

from .models import Return, ReturnLine

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Reception(ShopOwned):
    """One parcel of a return, opened and counted. A return that comes in several parcels has several."""

    ret = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="receptions")
    ret_id: int
    position = models.PositiveSmallIntegerField()  #: in the return, from 1
    key = models.CharField(max_length=80)  #: made by the sender, so that a repeated request counts once
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)  #: for staff
    photos = models.ManyToManyField(StoredFile, related_name="+")

    lines: RelatedManager[ReceptionLine]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="reception_key"),
            models.UniqueConstraint(fields=["ret", "position"], name="reception_position"),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="reception_newest")]


class ReceptionLine(models.Model):
    """What of one line was in the parcel."""

    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(ReturnLine, on_delete=models.CASCADE, related_name="received_in")
    line_id: int
    received = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)  #: something else was in place of these
    rejected = models.PositiveIntegerField(default=0)  #: of the received ones
    reject_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reception", "line"], name="receptionline_once"),
            models.CheckConstraint(
                condition=models.Q(rejected__lte=models.F("received")), name="receptionline_rejected_arrived"
            ),
        ]


class Grade(models.TextChoices):
    A = "A", _("As new")
    B = "B", _("Opened, like new")
    C = "C", _("Visible wear")
    D = "D", _("Damaged")


class Disposition(models.TextChoices):
    RESTOCK = "restock", _("Back to stock")
    OUTLET = "outlet", _("Outlet")
    REPAIR = "repair", _("Repair")
    SCRAP = "scrap", _("Scrap")
    VENDOR = "vendor", _("Back to the vendor")
    QUARANTINE = "quarantine", _("Quarantine")


class Booking(models.TextChoices):
    """How far units are on their way into Saleor's stock."""

    NONE = "none"  #: they do not go there
    DUE = "due"  #: a job will book them
    BOOKED = "booked"  #: Saleor's stock has them
    FAILED = "failed"  #: Saleor refused; somebody has to look
    BY_HAND = "by_hand"  #: the app may not write stock; somebody has to book them in Saleor


class Inspection(ShopOwned):
    """What was found about some received units of a line, and where they went."""

    line = models.ForeignKey(ReturnLine, on_delete=models.CASCADE, related_name="inspections")
    line_id: int
    key = models.CharField(max_length=80)  #: made by the sender, so that a repeated request counts once
    quantity = models.PositiveIntegerField()
    grade = models.CharField(max_length=1, choices=Grade.choices)
    disposition = models.CharField(max_length=10, choices=Disposition.choices)
    warehouse_id = models.CharField(max_length=120, blank=True)  #: Saleor global ID, for what goes to a stock
    warehouse_name = models.CharField(max_length=250, blank=True)  #: as it was called then
    note = models.TextField(blank=True)
    serial_numbers = ArrayField(models.CharField(max_length=100), default=list)  #: of the units, as far as known
    repair_number = models.CharField(max_length=20, blank=True)  #: "REP-1001", of the repair that has the units
    photos = models.ManyToManyField(StoredFile, related_name="+")
    inspected_by = models.CharField(max_length=200, blank=True)
    inspected_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)  #: found to be wrong; another one stands for the units
    booking = models.CharField(max_length=10, choices=Booking.choices, default=Booking.NONE)
    booking_error = models.CharField(max_length=500, blank=True)
    restocked_at = models.DateTimeField(null=True)  #: Saleor's stock has them

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="inspection_key"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="inspection_quantity"),
            models.CheckConstraint(condition=models.Q(booking__in=Booking.values), name="inspection_booking"),
            models.CheckConstraint(
                condition=~models.Q(disposition="restock") | ~models.Q(warehouse_id=""),
                name="inspection_restock_names_a_warehouse",
            ),
            models.CheckConstraint(
                condition=models.Q(booking="booked", restocked_at__isnull=False)
                | ~models.Q(booking="booked") & models.Q(restocked_at__isnull=True),
                name="inspection_booked_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="inspection_newest"),
            models.Index(
                fields=["shop", "-id"],
                name="inspection_to_book",
                condition=models.Q(booking__in=["due", "failed", "by_hand"]),
            ),
        ]


class StrayState(models.TextChoices):
    OPEN = "open"  #: nobody knows yet whose it is
    MATCHED = "matched"  #: it belongs to a return
    CLOSED = "closed"  #: dealt with otherwise


STRAY_WORKFLOW = Workflow(
    {
        (StrayState.OPEN, "match"): StrayState.MATCHED,
        (StrayState.OPEN, "close"): StrayState.CLOSED,
    }
)


class StrayParcel(Stateful, ShopOwned):
    """A parcel that arrived without a return that anybody could find."""

    workflow: ClassVar = STRAY_WORKFLOW

    number = models.CharField(max_length=20)  #: "STR-1001"
    key = models.CharField(max_length=80)  #: made by the sender, so that a repeated request counts once
    state = models.CharField(max_length=10, choices=StrayState.choices, default=StrayState.OPEN)
    found_at = models.DateTimeField()
    code = models.CharField(max_length=120, blank=True)  #: what was scanned
    sender = models.CharField(max_length=300, blank=True)
    contents = models.TextField(blank=True)
    resolution = models.TextField(blank=True)  #: how it was closed
    photos = models.ManyToManyField(StoredFile, related_name="+")
    ret = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="stray_parcels", null=True)
    ret_id: int | None
    found_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="strayparcel_number"),
            models.UniqueConstraint(fields=["shop", "key"], name="strayparcel_key"),
            models.CheckConstraint(condition=models.Q(state__in=StrayState.values), name="strayparcel_state"),
            models.CheckConstraint(
                condition=~models.Q(state="matched") | models.Q(ret__isnull=False), name="strayparcel_matched_to"
            ),
        ]
        indexes = [models.Index(fields=["shop", "state", "-id"], name="strayparcel_by_state")]

    def __str__(self) -> str:
        return self.number

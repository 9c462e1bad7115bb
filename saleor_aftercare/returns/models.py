"""Returns: rows, states, what may follow what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ReturnShippingPayer(models.TextChoices):
    """Who pays the way back."""

    CUSTOMER = "customer", _("You pay the return shipping.")
    MERCHANT = "merchant", _("We pay the return shipping.")


class ReturnPolicy(ShopOwned):
    """The rules of one shop from ``created_at`` until a newer version; never changed: cases stay explainable."""

    version = models.PositiveIntegerField()
    window_days = models.PositiveSmallIntegerField(default=30)  #: whole days after delivery, inclusive
    who_pays = models.CharField(
        max_length=10, choices=ReturnShippingPayer.choices, default=ReturnShippingPayer.CUSTOMER
    )
    auto_approve = models.BooleanField(default=False)
    excluded_skus = ArrayField(models.CharField(max_length=255), default=list)
    excluded_product_types = ArrayField(models.CharField(max_length=200), default=list)
    refund_original_shipping = models.BooleanField(default=True)  #: when the whole order comes back
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "version"], name="returnpolicy_version")]


class ReturnState(models.TextChoices):
    REQUESTED = "requested"  #: the customer asked; nobody has decided
    APPROVED = "approved"  #: we want the goods; a label is on its way
    DECLINED = "declined"  #: staff said no, with the reason
    RECEIVED = "received"  #: the goods are here
    RESOLVED = "resolved"  #: the refund is settled, or there was nothing to give back
    CANCELED = "canceled"  #: the customer thought better of it before the goods arrived


S = ReturnState
RETURN_WORKFLOW = Workflow(
    {
        (S.REQUESTED, "approve"): S.APPROVED,
        (S.REQUESTED, "decline"): S.DECLINED,
        (S.REQUESTED, "cancel"): S.CANCELED,
        (S.APPROVED, "receive"): S.RECEIVED,
        (S.APPROVED, "decline"): S.DECLINED,
        (S.APPROVED, "cancel"): S.CANCELED,
        (S.RECEIVED, "resolve"): S.RESOLVED,
    }
)

#: States in which units are, or may come, on their way back.
OPEN_STATES = (S.REQUESTED, S.APPROVED, S.RECEIVED)


class ReturnReason(models.TextChoices):
    """Why a customer sends something back."""

    DEFECTIVE = "defective", _("It is defective")
    WRONG_ITEM = "wrong_item", _("I received the wrong item")
    NOT_AS_DESCRIBED = "not_as_described", _("It is not as described")
    TOO_SMALL = "too_small", _("It is too small")
    TOO_LARGE = "too_large", _("It is too large")
    DAMAGED_IN_TRANSIT = "damaged_in_transit", _("It arrived damaged")
    CHANGED_MIND = "changed_mind", _("I changed my mind")
    OTHER = "other", _("Another reason")


class Return(Stateful, ShopOwned):
    """Goods from one order on their way back, from request to resolution."""

    workflow: ClassVar = RETURN_WORKFLOW

    number = models.CharField(max_length=20)  #: "RMA-1001"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    order_id: int
    policy = models.ForeignKey(ReturnPolicy, on_delete=models.PROTECT)  #: the version the customer saw
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=S.REQUESTED)
    verdict = models.CharField(max_length=10)  #: what the rules said: core.decision.Verdict
    verdict_reasons = ArrayField(models.CharField(max_length=40), default=list)
    note = models.TextField(blank=True)
    decline_reason = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)  #: Saleor shows the units as returned

    lines: RelatedManager[ReturnLine]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="return_number"),
            models.CheckConstraint(condition=models.Q(state__in=ReturnState.values), name="return_state"),
            models.CheckConstraint(
                condition=~models.Q(state=S.DECLINED) | ~models.Q(decline_reason=""),
                name="return_declined_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="return_newest"),
            models.Index(fields=["shop", "state", "-id"], name="return_by_state"),
            models.Index(
                fields=["order"],
                name="return_open_of_order",
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Units of one order line in a return."""

    ret = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    ret_id: int
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    order_line_id: int
    quantity = models.PositiveIntegerField()
    quantity_received = models.PositiveIntegerField(null=True)  #: null until the parcel was opened
    reason = models.CharField(max_length=20, choices=ReturnReason.choices)
    note = models.TextField(blank=True)
    photos = models.ManyToManyField(StoredFile, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ret", "order_line"], name="returnline_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="returnline_quantity"),
            models.CheckConstraint(
                condition=models.Q(quantity_received__isnull=True)
                | models.Q(quantity_received__lte=models.F("quantity")),
                name="returnline_received_at_most_asked",
            ),
        ]


class ReturnLabel(models.Model):
    """The one label of a return, as printable files."""

    ret = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="label")
    carrier = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=100, blank=True)
    a6 = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    a4 = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

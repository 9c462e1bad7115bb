"""Returns: rows, states, what may follow what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow
from saleor_aftercare.parcels.models import Handover
from saleor_aftercare.policies.models import LegalBasis, Resolution, ReturnPolicy, ReturnShippingPayer

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ReturnState(models.TextChoices):
    REQUESTED = "requested"  #: the customer asked; nobody has decided
    MORE_INFO = "more_info"  #: staff asked something back; the customer's turn
    APPROVED = "approved"  #: we want the goods; a label is on its way
    DECLINED = "declined"  #: staff said no, with the reason
    CANCELED = "canceled"  #: the customer thought better of it before the goods were sent
    EXPIRED = "expired"  #: no parcel came in time
    IN_TRANSIT = "in_transit"  #: the parcel was handed to a carrier
    LOST = "lost"  #: the carrier does not have it any more
    ARRIVED = "arrived"  #: the parcel is at the warehouse, unopened
    RECEIVED = "received"  #: opened, counted and judged, or the customer keeps the goods: money can be put right
    RESOLVED = "resolved"  #: what was due is settled, handed over to a repair, or there was nothing to give


S = ReturnState
RETURN_WORKFLOW = Workflow(
    {
        (S.REQUESTED, "approve"): S.APPROVED,
        (S.REQUESTED, "decline"): S.DECLINED,
        (S.REQUESTED, "ask"): S.MORE_INFO,
        (S.REQUESTED, "cancel"): S.CANCELED,
        (S.MORE_INFO, "answer"): S.REQUESTED,
        (S.MORE_INFO, "approve"): S.APPROVED,
        (S.MORE_INFO, "decline"): S.DECLINED,
        (S.MORE_INFO, "cancel"): S.CANCELED,
        (S.APPROVED, "ship"): S.IN_TRANSIT,
        (S.APPROVED, "arrive"): S.ARRIVED,
        (S.APPROVED, "receive"): S.RECEIVED,
        (S.APPROVED, "keep"): S.RECEIVED,
        (S.APPROVED, "decline"): S.DECLINED,
        (S.APPROVED, "cancel"): S.CANCELED,
        (S.APPROVED, "expire"): S.EXPIRED,
        (S.APPROVED, "hand_over"): S.RESOLVED,
        (S.IN_TRANSIT, "arrive"): S.ARRIVED,
        (S.IN_TRANSIT, "receive"): S.RECEIVED,
        (S.IN_TRANSIT, "lose"): S.LOST,
        (S.IN_TRANSIT, "come_back"): S.APPROVED,
        (S.LOST, "arrive"): S.ARRIVED,
        (S.LOST, "receive"): S.RECEIVED,
        (S.LOST, "keep"): S.RECEIVED,
        (S.LOST, "come_back"): S.APPROVED,
        (S.ARRIVED, "receive"): S.RECEIVED,
        (S.EXPIRED, "renew"): S.APPROVED,
        (S.EXPIRED, "arrive"): S.ARRIVED,
        (S.EXPIRED, "receive"): S.RECEIVED,
        (S.CANCELED, "renew"): S.APPROVED,
        (S.CANCELED, "arrive"): S.ARRIVED,
        (S.CANCELED, "receive"): S.RECEIVED,
        (S.DECLINED, "renew"): S.REQUESTED,
        (S.DECLINED, "receive"): S.RECEIVED,
        (S.RECEIVED, "resolve"): S.RESOLVED,
    }
)

#: States in which somebody still waits for something. Expired returns are among them, for a late parcel may come.
OPEN_STATES = (
    S.REQUESTED,
    S.MORE_INFO,
    S.APPROVED,
    S.EXPIRED,
    S.IN_TRANSIT,
    S.LOST,
    S.ARRIVED,
    S.RECEIVED,
)
#: States in which the units of a return are free to be asked back in another one.
GIVEN_UP_STATES = (S.DECLINED, S.CANCELED, S.EXPIRED)


class Hitch(models.TextChoices):
    """Why an approved return cannot go on by itself: the goods are with the customer, and the label is not of use."""

    CAME_BACK = "came_back"  #: the carrier brought the parcel back to the customer
    LABEL_EXPIRED = "label_expired"  #: the carrier does not take the label any more


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
    source = models.CharField(max_length=12, default="portal")  #: "portal", "api", "staff", "withdrawal", "warehouse"
    #: What the case rests on as a whole; its lines may rest on others.
    legal_basis = models.CharField(max_length=10, choices=LegalBasis.choices, default=LegalBasis.VOLUNTARY)
    payer = models.CharField(max_length=10, choices=ReturnShippingPayer.choices, blank=True)  #: of the way back
    question = models.TextField(blank=True)  #: what staff want to know (MORE_INFO)
    answer = models.TextField(blank=True)  #: the customer's newest answer to it
    override_reason = models.CharField(max_length=500, blank=True)  #: why staff went beyond the rules
    overridden_by = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True)  #: the last day, inclusive, to send the parcel
    #: Why it does not go on; every move ends it.
    hitch = models.CharField(max_length=16, choices=Hitch.choices, blank=True)
    handover = models.CharField(max_length=10, choices=Handover.choices, default=Handover.LABEL)  #: as asked for
    sent_at = models.DateTimeField(null=True)  #: the parcel was handed over, says carrier, customer or staff
    arrived_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    refund_due_on = models.DateField(null=True)  #: the last day, inclusive, that the law leaves us
    advance_exchange = models.BooleanField(default=False)  #: the replacement is sent before the old unit is back
    advance_due_on = models.DateField(null=True)  #: the old unit has to be on its way by then
    #: Duties and other charges on import that are given back with the goods, with why; as staff entered them (C1.17).
    import_charges = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    import_charges_note = models.CharField(max_length=500, blank=True)
    closing_note = models.CharField(max_length=500, blank=True)  #: why it was closed without giving anything
    #: Digest of the delivery address, to find other returns from there; says nothing by itself.
    address_key = models.CharField(max_length=64, blank=True)
    #: A gift: the recipient asked. Sees no prices, and no money goes to them.
    gift_recipient_email = models.CharField(max_length=254, blank=True)
    gift_recipient_name = models.CharField(max_length=200, blank=True)
    gift_recipient_language = models.CharField(max_length=10, blank=True)
    #: Goods that we do not accept after they arrived go back.
    uninspected = models.PositiveIntegerField(default=0)  #: units that arrived, are accepted, and nobody has judged
    sendback_payer = models.CharField(max_length=10, choices=ReturnShippingPayer.choices, blank=True)
    sendback_stored_until = models.DateField(null=True)
    sendback_tracking = models.CharField(max_length=100, blank=True)
    sendback_sent_at = models.DateTimeField(null=True)

    lines: RelatedManager[ReturnLine]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="return_number"),
            models.CheckConstraint(condition=models.Q(state__in=ReturnState.values), name="return_state"),
            models.CheckConstraint(
                condition=models.Q(import_charges__gte=0)
                & (models.Q(import_charges=0) | ~models.Q(import_charges_note="")),
                name="return_import_charges_have_a_note",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=S.DECLINED) | ~models.Q(decline_reason=""),
                name="return_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(hitch="") | models.Q(hitch__in=Hitch.values, state=S.APPROVED),
                name="return_hitch_is_of_an_approved_one",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="return_newest"),
            models.Index(fields=["shop", "state", "-id"], name="return_by_state"),
            models.Index(fields=["shop", "legal_basis", "-id"], name="return_by_basis"),
            models.Index(
                fields=["shop", "gift_recipient_email"],
                name="return_by_recipient",
                condition=~models.Q(gift_recipient_email=""),
            ),
            models.Index(
                fields=["shop", "address_key", "-requested_at"],
                name="return_by_address",
                condition=~models.Q(address_key=""),
            ),
            models.Index(
                fields=["shop", "refund_due_on", "-id"],
                name="return_refund_due",
                condition=models.Q(refund_due_on__isnull=False)
                & ~models.Q(state__in=[S.RESOLVED.value, S.DECLINED.value, S.CANCELED.value]),
            ),
            models.Index(fields=["shop", "-id"], name="return_held_up", condition=~models.Q(hitch="")),
            models.Index(fields=["shop", "-id"], name="return_to_inspect", condition=models.Q(uninspected__gt=0)),
            models.Index(
                fields=["order"],
                name="return_open_of_order",
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def move(self, action: str, *, at: datetime, **changes: Any) -> None:
        """As every move; whatever held the return up is over, unless ``changes`` names a new ``hitch``."""
        super().move(action, at=at, **{"hitch": "", **changes})

    @property
    def is_gift(self) -> bool:
        """Asked for by the recipient of a gift, of whom the payer learns nothing, and who learns no price."""
        return self.gift_recipient_email != ""

    @property
    def contact_email(self) -> str:
        """Whom we write to about it."""
        return self.gift_recipient_email or self.order.email

    @property
    def contact_name(self) -> str:
        """Whom we write to about it, by name."""
        return self.gift_recipient_name if self.is_gift else self.order.customer_name

    @property
    def contact_language(self) -> str:
        """The language in which we write to them."""
        return self.gift_recipient_language or self.order.language


class ReturnLine(models.Model):
    """Units of one order line in a return."""

    ret = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    ret_id: int
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    order_line_id: int
    quantity = models.PositiveIntegerField()
    unsent = models.PositiveIntegerField(default=0)  #: of these, units that never left the warehouse (withdrawal)
    quantity_approved = models.PositiveIntegerField(null=True)  #: null until decided; less than asked in part
    quantity_received = models.PositiveIntegerField(null=True)  #: null until the parcel was opened
    quantity_wrong = models.PositiveIntegerField(default=0)  #: something else came in place of these
    quantity_rejected = models.PositiveIntegerField(default=0)  #: of the received ones, not accepted
    quantity_recorded = models.PositiveIntegerField(default=0)  #: that Saleor shows as returned by our doing
    reject_reason = models.TextField(blank=True)  #: for the customer
    kept = models.BooleanField(default=False)  #: the customer keeps the goods and is compensated all the same
    legal_basis = models.CharField(max_length=10, choices=LegalBasis.choices, default=LegalBasis.VOLUNTARY)
    answers = models.JSONField(default=dict)  #: to the reason's questions: {"question code": "option code or text"}
    resolution = models.CharField(max_length=12, choices=Resolution.choices, default=Resolution.REFUND)
    exchange_variant_id = models.CharField(max_length=60, blank=True)  #: Saleor global ID; empty: the same again
    exchange_name = models.CharField(max_length=400, blank=True)  #: as the customer saw it
    deduction = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: for diminished value, with a reason
    deduction_reason = models.CharField(max_length=500, blank=True)
    rule_position = models.PositiveSmallIntegerField(null=True)  #: of the policy's rule that judged it
    repair_number = models.CharField(max_length=20, blank=True)  #: "REP-1001", once a repair took it over
    reason = models.CharField(max_length=40)  #: a ReasonOption's code
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
            models.CheckConstraint(
                condition=models.Q(quantity_approved__isnull=True)
                | models.Q(quantity_approved__lte=models.F("quantity")),
                name="returnline_approved_at_most_asked",
            ),
            models.CheckConstraint(condition=models.Q(unsent__lte=models.F("quantity")), name="returnline_unsent"),
        ]

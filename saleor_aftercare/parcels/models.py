"""Return parcels and what was heard of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from saleor_aftercare.connection.models import Fulfillment, Order
from saleor_aftercare.core.crypto import EncryptedTextField
from saleor_aftercare.core.models import ActorKind, ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ParcelState(models.TextChoices):
    WANTED = "wanted"  #: a label is to be bought or made
    AWAITING_NUMBER = "awaiting_number"  #: told to the carrier's program by file, or to be uploaded by staff
    UNKNOWN = "unknown"  #: asked of the provider, and the answer was lost: perhaps paid; looked up before anything else
    FAILED = "failed"  #: the provider said no; staff choose another way
    READY = "ready"  #: the customer has what is needed to send it
    IN_TRANSIT = "in_transit"
    ARRIVED = "arrived"
    LOST = "lost"
    RETURNED = "returned"  #: the carrier brought it back to its sender
    VOID = "void"  #: given up before it was used
    EXPIRED = "expired"  #: the carrier does not take the label any more


class Handover(models.TextChoices):
    """How whoever sends it hands it in."""

    LABEL = "label"  #: with the printed label on it
    DROPOFF = "dropoff"  #: showing a code, where the counter prints the label


P = ParcelState
PARCEL_WORKFLOW = Workflow(
    {
        (P.WANTED, "make"): P.READY,
        (P.WANTED, "export"): P.AWAITING_NUMBER,
        (P.WANTED, "lose_answer"): P.UNKNOWN,
        (P.WANTED, "fail"): P.FAILED,
        (P.WANTED, "void"): P.VOID,
        (P.WANTED, "ship"): P.IN_TRANSIT,
        (P.WANTED, "arrive"): P.ARRIVED,
        (P.UNKNOWN, "make"): P.READY,
        (P.UNKNOWN, "export"): P.AWAITING_NUMBER,
        (P.UNKNOWN, "retry"): P.WANTED,
        (P.UNKNOWN, "fail"): P.FAILED,
        (P.UNKNOWN, "void"): P.VOID,
        (P.UNKNOWN, "ship"): P.IN_TRANSIT,
        (P.UNKNOWN, "arrive"): P.ARRIVED,
        (P.FAILED, "retry"): P.WANTED,
        (P.FAILED, "void"): P.VOID,
        (P.FAILED, "ship"): P.IN_TRANSIT,
        (P.FAILED, "arrive"): P.ARRIVED,
        (P.AWAITING_NUMBER, "make"): P.READY,
        (P.AWAITING_NUMBER, "fail"): P.FAILED,
        (P.AWAITING_NUMBER, "void"): P.VOID,
        (P.AWAITING_NUMBER, "ship"): P.IN_TRANSIT,
        (P.AWAITING_NUMBER, "arrive"): P.ARRIVED,
        (P.READY, "ship"): P.IN_TRANSIT,
        (P.READY, "arrive"): P.ARRIVED,
        (P.READY, "void"): P.VOID,
        (P.READY, "expire"): P.EXPIRED,
        (P.EXPIRED, "ship"): P.IN_TRANSIT,
        (P.EXPIRED, "arrive"): P.ARRIVED,
        (P.EXPIRED, "void"): P.VOID,
        (P.VOID, "ship"): P.IN_TRANSIT,
        (P.VOID, "arrive"): P.ARRIVED,
        (P.IN_TRANSIT, "arrive"): P.ARRIVED,
        (P.IN_TRANSIT, "lose"): P.LOST,
        (P.IN_TRANSIT, "give_back"): P.RETURNED,
        (P.LOST, "ship"): P.IN_TRANSIT,
        (P.LOST, "give_back"): P.RETURNED,
        (P.LOST, "arrive"): P.ARRIVED,
        (P.RETURNED, "ship"): P.IN_TRANSIT,
        (P.RETURNED, "lose"): P.LOST,
        (P.RETURNED, "arrive"): P.ARRIVED,
    }
)

#: States in which the customer can, or soon will be able to, send the parcel, and those in which it is under way.
OPEN_STATES = (P.WANTED, P.AWAITING_NUMBER, P.UNKNOWN, P.FAILED, P.READY, P.IN_TRANSIT)
#: States before the parcel was handed over, in which it can be given up.
UNSENT_STATES = (P.WANTED, P.AWAITING_NUMBER, P.UNKNOWN, P.FAILED, P.READY)
#: States in which it is with whoever sends it, and the label is not of use any more.
REPLACEABLE_STATES = (P.EXPIRED, P.RETURNED)
#: States in which the parcel is somewhere between the customer and the shop.
UNDER_WAY_STATES = (P.IN_TRANSIT, P.LOST, P.RETURNED)


class Parcel(Stateful, ShopOwned):
    """One parcel of a case on its way back, with its label."""

    workflow: ClassVar = PARCEL_WORKFLOW

    subject = models.CharField(max_length=30)  #: what it belongs to: "return"
    subject_id = models.BigIntegerField()
    case_number = models.CharField(max_length=20)  #: "RMA-1001", as printed
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels", null=True)
    position = models.PositiveSmallIntegerField(default=1)  #: in the case, from 1
    reference = models.CharField(max_length=64)  #: ours, towards the provider; never used twice
    provider = models.CharField(max_length=40)
    provider_reference = models.CharField(max_length=200, blank=True)  #: the provider's own id, to void or look up
    state = models.CharField(max_length=16, choices=ParcelState.choices, default=P.WANTED)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    dropoff_code = models.CharField(max_length=300, blank=True)  #: content of a QR code that a shop counter scans
    payer = models.CharField(max_length=10)  #: policies.models.ReturnShippingPayer
    cost = models.DecimalField(max_digits=14, decimal_places=3, null=True)  #: of the label, to the shop
    cost_currency = models.CharField(max_length=3, blank=True)
    weight_g = models.PositiveIntegerField(null=True)  #: with packing, as staff weighed it
    length_cm = models.PositiveSmallIntegerField(null=True)  #: all three as staff measured them, or none
    width_cm = models.PositiveSmallIntegerField(null=True)
    height_cm = models.PositiveSmallIntegerField(null=True)
    handover = models.CharField(max_length=10, choices=Handover.choices, default=Handover.LABEL)
    #: The parcel whose label it replaces: one that expired, or that the carrier brought back. Never replaced twice.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replacement", null=True)
    recipient = models.JSONField(default=dict)  #: where it goes: core.address.PostalAddress.to_json()
    #: What is in it: [{"name", "quantity", "reason", "line": OrderLine key}], in the words of the sheet.
    contents = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True)  #: of the person who sends it; empty: the order's
    wanted_by = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.SYSTEM)
    expires_on = models.DateField(null=True)  #: the last day, inclusive, on which the carrier takes it
    send_by = models.DateField(null=True)  #: the customer's own deadline
    a6 = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)  #: 100 × 150 mm
    a4 = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    slip = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)  #: goes into it
    customs = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    dropoff_image = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    error = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)  #: the provider was, or was about to be, asked for the label
    void_wanted_at = models.DateTimeField(null=True)  #: the provider is to take the label back
    polled_at = models.DateTimeField(null=True)
    poll_at = models.DateTimeField(null=True)  #: when to ask the provider where it is; null: not
    created_at = models.DateTimeField()

    events: RelatedManager[TrackingEvent]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "reference"], name="parcel_reference"),
            models.UniqueConstraint(fields=["shop", "subject", "subject_id", "position"], name="parcel_position"),
            models.CheckConstraint(condition=models.Q(state__in=ParcelState.values), name="parcel_state"),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | ~models.Q(cost_currency=""), name="parcel_cost_has_currency"
            ),
            models.CheckConstraint(condition=models.Q(handover__in=Handover.values), name="parcel_handover"),
            models.CheckConstraint(
                condition=models.Q(length_cm=None, width_cm=None, height_cm=None)
                | models.Q(length_cm__gte=1, width_cm__gte=1, height_cm__gte=1),
                name="parcel_measured_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "tracking_number"], name="parcel_tracking", condition=~models.Q(tracking_number="")
            ),
            models.Index(
                fields=["shop", "provider", "id"], name="parcel_to_export", condition=models.Q(state="wanted")
            ),
            models.Index(
                fields=["shop", "provider", "poll_at"], name="parcel_to_poll", condition=models.Q(poll_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"parcel {self.position} of {self.case_number}"


class ProviderAccount(ShopOwned):
    """A shop's credentials with one label provider, and how they are doing."""

    provider = models.CharField(max_length=40)
    credentials = EncryptedTextField(blank=True)  #: JSON, by the names that the provider asks for
    tracks_outbound = models.BooleanField(default=False)  #: asked about the parcels that go to customers, too
    version = models.PositiveIntegerField(default=1)  #: raised by every save of the credentials
    verified_at = models.DateTimeField(null=True)  #: the provider accepted them
    rejected_at = models.DateTimeField(null=True)  #: the provider did not, since
    error = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "provider"], name="provideraccount_once")]

    def __str__(self) -> str:
        return f"{self.provider} of {self.shop_id}"


class TrackingStatus(models.TextChoices):
    INFO = "info"  #: told, and nothing follows from it
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    FAILED_ATTEMPT = "failed_attempt"
    LOST = "lost"
    RETURNED_TO_SENDER = "returned_to_sender"


class TrackingEvent(ShopOwned):
    """Something heard about a parcel, inbound or outbound; each is taken once."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="events", null=True)
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.CASCADE, related_name="tracking_events", null=True)
    key = models.CharField(max_length=120)  #: digest of what was told, unique in the shop
    status = models.CharField(max_length=20, choices=TrackingStatus.choices)
    description = models.CharField(max_length=300, blank=True)
    location = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=20)  #: provider slug, "webhook", "staff", "customer"
    at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="trackingevent_key"),
            models.CheckConstraint(condition=models.Q(status__in=TrackingStatus.values), name="trackingevent_status"),
            models.CheckConstraint(
                condition=models.Q(parcel__isnull=False) | models.Q(fulfillment__isnull=False),
                name="trackingevent_is_about_something",
            ),
        ]
        ordering = ["at", "pk"]


class CarrierFile(ShopOwned):
    """A shipping list for a carrier's own program, and the parcels in it."""

    provider = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    parcels = models.ManyToManyField(Parcel, related_name="carrier_files")
    made_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_back_at = models.DateTimeField(null=True)  #: the tracking numbers came back

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="carrierfile_newest")]

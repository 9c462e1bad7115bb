"""What we know of a shop's Saleor: deliveries, commands, orders, people and their way in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from saleor_aftercare.core.crypto import EncryptedTextField
from saleor_aftercare.core.models import Shop, ShopOwned
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.workflow import Stateful, Workflow

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ShopSettings(models.Model):
    """What a merchant decides about the shop as a whole; one row per shop, edited in the Dashboard."""

    shop = models.OneToOneField(Shop, on_delete=models.PROTECT, related_name="settings")
    version = models.PositiveIntegerField(default=1)  #: raised by every save, so that two editors notice
    sender_name = models.CharField(max_length=100, blank=True)
    sender_email = models.EmailField(blank=True)  #: empty: the service's default sender
    reply_to_email = models.EmailField(blank=True)
    dashboard_url = models.URLField(max_length=500, blank=True)
    default_language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    return_address = models.JSONField(default=dict)  #: core.address.PostalAddress.to_json()
    estimated_delivery_days = models.PositiveSmallIntegerField(default=4)
    arrival_check_enabled = models.BooleanField(default=True)
    arrival_check_days = models.PositiveSmallIntegerField(default=3)  #: after delivery
    answer_within_hours = models.PositiveSmallIntegerField(default=24)
    #: A message to a conversation that was solved no longer ago than this reopens it; later ones open a linked one.
    reopen_days = models.PositiveSmallIntegerField(default=14)
    raw_mail_days = models.PositiveSmallIntegerField(default=365)  #: mails are kept as they came; 0: for ever
    allowed_origins = ArrayField(models.CharField(max_length=300), default=list)  #: storefronts: CORS, return URLs
    store_credit_enabled = models.BooleanField(default=True)  #: offered where Saleor lets us make gift cards
    store_credit_valid_days = models.PositiveSmallIntegerField(null=True)  #: null: it does not expire
    store_credit_assigned = models.BooleanField(default=False)  #: only the customer's own account may use it (3.23+)
    #: The storefront's page where an order is paid, with {order_id} or {order_number}; empty: staff see to it.
    payment_link = models.CharField(max_length=500, blank=True)
    charge_sku = models.CharField(max_length=255, blank=True)  #: of a product for charges that nobody ships
    #: By language: {"en": {"subject", "body", "signature"}}; a language that is missing has the product's own words.
    apology_letters = models.JSONField(default=dict)
    return_instructions = models.JSONField(default=dict)  #: by language: what the shop asks of whoever sends goods back
    label_provider = models.CharField(max_length=40, default="printable")
    #: What a return parcel is taken for where nobody measured it and the goods' own weight is not known: a shoe box.
    parcel_length_cm = models.PositiveSmallIntegerField(default=30)
    parcel_width_cm = models.PositiveSmallIntegerField(default=22)
    parcel_height_cm = models.PositiveSmallIntegerField(default=12)
    parcel_weight_g = models.PositiveIntegerField(default=1000)
    default_warehouse_id = models.CharField(max_length=120, blank=True)  #: Saleor global ID: where returned goods go
    default_warehouse_name = models.CharField(max_length=250, blank=True)  #: as it was called when chosen
    carrier_secret = EncryptedTextField(blank=True)  #: bearer of delivery events from carriers

    def __str__(self) -> str:
        return f"settings of {self.shop_id}"


class WebhookState(models.TextChoices):
    RECEIVED = "received"  #: stored and answered; a job will look at it
    APPLIED = "applied"
    IGNORED = "ignored"  #: nothing in it concerns us
    FAILED = "failed"  #: could not be applied; the reconcile job repairs what it was about


class InboundWebhook(ShopOwned):
    """A delivery from Saleor, byte for byte; one row per body however often it is sent."""

    digest = models.CharField(max_length=64)  #: SHA-256 of the body, hex
    kind = models.CharField(max_length=80)  #: __typename of the event, "OrderUpdated"
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WebhookState.choices, default=WebhookState.RECEIVED)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "digest"], name="webhook_digest"),
            models.CheckConstraint(condition=models.Q(state__in=WebhookState.values), name="webhook_state"),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="webhook_failed", condition=models.Q(state="failed")),
            models.Index(fields=["received_at"], name="webhook_age"),
        ]


class CommandState(models.TextChoices):
    PENDING = "pending"  #: not sent yet; safe to send
    SENDING = "sending"  #: a request is, or was, under way
    SENT = "sent"  #: Saleor did it, and we know
    FAILED = "failed"  #: refused by Saleor, or given up before it was sent; nothing happened there
    UNKNOWN = "unknown"  #: sent, and the answer was lost; Saleor must be read before anything else


_C = CommandState
COMMAND_WORKFLOW = Workflow(
    {
        (_C.PENDING, "send"): _C.SENDING,
        (_C.PENDING, "drop"): _C.FAILED,
        (_C.SENDING, "confirm"): _C.SENT,
        (_C.SENDING, "reject"): _C.FAILED,
        (_C.SENDING, "postpone"): _C.PENDING,
        (_C.SENDING, "lose"): _C.UNKNOWN,
        (_C.UNKNOWN, "confirm"): _C.SENT,
        (_C.UNKNOWN, "disprove"): _C.PENDING,
        (_C.FAILED, "retry"): _C.PENDING,
    }
)


class ShopCommand(Stateful, ShopOwned):
    """One effect in Saleor, and what became of it. Unique by ``reference``, which Saleor is read back by."""

    workflow: ClassVar = COMMAND_WORKFLOW

    kind = models.CharField(max_length=40)  #: "grant_refund"
    reference = models.CharField(max_length=100)
    subject = models.CharField(max_length=30)  #: what of ours wants it: "refund", "return"
    subject_id = models.BigIntegerField()
    order_id = models.CharField(max_length=120)  #: Saleor global ID
    request = models.JSONField(default=dict)  #: variables, written before sending
    secret = EncryptedTextField(blank=True)  #: the part of the request that nobody may read in the database
    trace = models.JSONField(default=dict)  #: what reading back compares with, beside the request
    response = models.JSONField(default=dict)  #: what we keep of the answer
    error = models.CharField(max_length=500, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=CommandState.choices, default=CommandState.PENDING)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "reference"], name="command_reference"),
            models.CheckConstraint(condition=models.Q(state__in=CommandState.values), name="command_state"),
        ]
        indexes = [
            models.Index(fields=["shop", "subject", "subject_id", "id"], name="command_subject"),
            models.Index(
                fields=["state_since"], name="command_open", condition=models.Q(state__in=["sending", "unknown"])
            ),
        ]


class Order(ShopOwned):
    """An order as Saleor last told us; written by ``orders.remember_order`` alone."""

    saleor_id = models.CharField(max_length=120)  #: global ID; a capability in Saleor, never shown in public addresses
    number = models.CharField(max_length=30)
    status = models.CharField(max_length=40)
    user_id = models.CharField(max_length=60, blank=True)  #: Saleor global ID of the customer, empty for guests
    email = models.CharField(max_length=254)  #: lower case
    customer_name = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10)
    channel = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)  #: gross
    shipping = models.DecimalField(max_digits=14, decimal_places=3)  #: gross
    shipping_method = models.CharField(max_length=200, blank=True)
    shipping_address = models.JSONField(default=dict)
    billing_address = models.JSONField(default=dict)
    gift_cards = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: paid with gift cards
    channel_id = models.CharField(max_length=60, blank=True)  #: Saleor global ID
    external_reference = models.CharField(max_length=200, blank=True)  #: ours, for orders that we made
    #: Discounts on the order as a whole: [{"kind": "VOUCHER" | "ORDER_PROMOTION" | …, "name"}]
    discounts = models.JSONField(default=list)
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField()  #: Saleor's own time of the state we hold; older news is ignored
    issued_at = models.DateTimeField()  #: of the news it came in; decides between equal ``updated_at``

    lines: RelatedManager[OrderLine]
    fulfillments: RelatedManager[Fulfillment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "saleor_id"], name="order_saleor_id")]
        indexes = [
            models.Index(fields=["shop", "number"], name="order_number"),
            models.Index(fields=["shop", "email", "-placed_at"], name="order_email"),
            models.Index(fields=["shop", "user_id", "-placed_at"], name="order_user"),
        ]

    def __str__(self) -> str:
        return f"order {self.number}"

    @property
    def canceled(self) -> bool:
        """Nothing of it will be, or was, bought."""
        return self.status in {"CANCELED", "EXPIRED"}

    def money(self, amount: Decimal) -> Money:
        """``amount`` in the order's currency."""
        return Money(amount, self.currency).rounded()


class OrderLine(models.Model):
    """A line of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    order_id: int
    saleor_id = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    product_id = models.CharField(max_length=60, blank=True)
    variant_id = models.CharField(max_length=60, blank=True)
    product_type = models.CharField(max_length=200, blank=True)
    product_name = models.CharField(max_length=400)
    variant_name = models.CharField(max_length=400, blank=True)
    sku = models.CharField(max_length=255, blank=True)
    thumbnail_url = models.CharField(max_length=1000, blank=True)
    quantity = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=3)  #: gross, after every discount, for all units
    net = models.DecimalField(max_digits=14, decimal_places=3, null=True)  #: the same without tax; null: not told yet
    collections = ArrayField(models.CharField(max_length=255), default=list)  #: slugs, of the product
    metadata = models.JSONField(default=dict)  #: of the product, public
    weight_g = models.PositiveIntegerField(null=True)  #: of one unit
    is_gift_card = models.BooleanField(default=False)
    is_shipping_required = models.BooleanField(default=True)
    is_gift = models.BooleanField(default=False)  #: given for free by a promotion on the rest of the order

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "saleor_id"], name="orderline_saleor_id")]
        indexes = [models.Index(fields=["sku"], name="orderline_sku", condition=~models.Q(sku=""))]
        ordering = ["position"]


class DeliverySource(models.TextChoices):
    """Who says that a parcel arrived; Saleor does not know."""

    CARRIER = "carrier"
    CUSTOMER = "customer"
    STAFF = "staff"
    ESTIMATE = "estimate"


#: How far each source is to be believed, in percent; a better one replaces a worse one, never the reverse.
CONFIDENCE = {
    DeliverySource.CARRIER: 95,
    DeliverySource.STAFF: 85,
    DeliverySource.CUSTOMER: 80,
    DeliverySource.ESTIMATE: 30,
}


class Fulfillment(ShopOwned):
    """A parcel. Kept when Saleor deletes it, which it does once everything in it was returned."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fulfillments")
    order_id: int
    saleor_id = models.CharField(max_length=120)
    number = models.PositiveIntegerField()  #: in the order, from 1
    status = models.CharField(max_length=40)
    tracking_number = models.CharField(max_length=255, blank=True)
    shipped_at = models.DateTimeField()
    dispatched = models.BooleanField(default=False)  #: was FULFILLED at least once
    gone = models.BooleanField(default=False)  #: no longer in Saleor
    delivered_at = models.DateTimeField(null=True)
    delivered_source = models.CharField(max_length=10, choices=DeliverySource.choices, blank=True)
    delivered_confidence = models.PositiveSmallIntegerField(null=True)  #: percent

    lines: RelatedManager[FulfillmentLine]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "saleor_id"], name="fulfillment_saleor_id"),
            models.CheckConstraint(
                condition=models.Q(delivered_at__isnull=True, delivered_source="", delivered_confidence__isnull=True)
                | models.Q(delivered_at__isnull=False, delivered_confidence__isnull=False)
                & ~models.Q(delivered_source=""),
                name="fulfillment_delivery_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "tracking_number"], name="fulfillment_tracking", condition=~models.Q(tracking_number="")
            )
        ]
        ordering = ["number"]

    @property
    def in_customers_hands(self) -> bool:
        """Units in it can be asked back: Saleor would accept them in a return."""
        return not self.gone and self.status in {"FULFILLED", "REFUNDED", "WAITING_FOR_APPROVAL"}


class FulfillmentLine(models.Model):
    """Units of an order line in a parcel."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="fulfillment_lines")
    order_line_id: int
    saleor_id = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField()  #: there now; Saleor moves returned units out
    dispatched_quantity = models.PositiveIntegerField()  #: the most that ever was

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fulfillment", "saleor_id"], name="fulfillmentline_saleor_id")]


class StaffMember(ShopOwned):
    """Somebody of the shop's staff whom we have met, by a verified token."""

    user_id = models.CharField(max_length=60)  #: Saleor global ID
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    last_seen_at = models.DateTimeField()
    groups = ArrayField(models.CharField(max_length=150), default=list)  #: Saleor's permission groups, as last told
    groups_at = models.DateTimeField(null=True)  #: when; null: Saleor never told

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "user_id"], name="staffmember_user")]

    @property
    def display_name(self) -> str:
        """The name, or the part of the address before the @."""
        return self.shown_name(self.name, self.email)

    @staticmethod
    def shown_name(name: str, email: str) -> str:
        """What stands for somebody of that name and address."""
        return name or email.partition("@")[0]

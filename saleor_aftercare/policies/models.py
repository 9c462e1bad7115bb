"""The promises of a shop, each version kept for ever: a past decision stays explainable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.core.models import ShopOwned

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class LegalBasis(models.TextChoices):
    """Why goods may come back. Each has deadlines, fees and duties of its own: see ``policies.bases``."""

    WITHDRAWAL = "withdrawal", _("Statutory withdrawal")
    VOLUNTARY = "voluntary", _("Voluntary return")
    EXCHANGE = "exchange", _("Exchange")
    GUARANTEE = "guarantee", _("Legal guarantee")
    WARRANTY = "warranty", _("Commercial warranty")
    GOODWILL = "goodwill", _("Goodwill")


class Resolution(models.TextChoices):
    """What the customer gets for what comes back."""

    REFUND = "refund", _("Refund to the original means of payment")
    STORE_CREDIT = "store_credit", _("Store credit")
    EXCHANGE = "exchange", _("Exchange")
    REPAIR = "repair", _("Repair")


class ReturnShippingPayer(models.TextChoices):
    """Who pays the way back."""

    CUSTOMER = "customer", _("You pay the return shipping.")
    MERCHANT = "merchant", _("We pay the return shipping.")


class WindowStart(models.TextChoices):
    """What the return window is counted from."""

    DELIVERED = "delivered", _("from delivery")
    DISPATCHED = "dispatched", _("from dispatch")
    ORDERED = "ordered", _("from the order")


class AfterWindow(models.TextChoices):
    """What becomes of a request after the window, where no right of the customer is at stake."""

    ASK_STAFF = "ask_staff", _("Staff look at it")
    REFUSE = "refuse", _("It is refused")


class Exclusion(models.TextChoices):
    """Why goods are excluded; all but FINAL_SALE are exceptions to the right of withdrawal too (CRD art. 16)."""

    NONE = "", _("Not excluded")
    FINAL_SALE = "final_sale", _("Final sale")
    HYGIENE = "hygiene", _("Sealed goods that cannot be returned for reasons of hygiene once opened")
    CUSTOM_MADE = "custom_made", _("Made to the customer's specifications")
    PERISHABLE = "perishable", _("Perishable goods")
    DIGITAL = "digital", _("Digital content that was already supplied")
    SEALED_MEDIA = "sealed_media", _("Sealed recordings or software that was opened")


class Preset(models.TextChoices):
    """The defaults that a set of rules grew from."""

    EU = "eu", _("European Union")
    JAPAN = "japan", _("Japan")
    US = "us", _("United States")
    CUSTOM = "custom", _("Own rules")


class TenderOrder(models.TextChoices):
    """Which money goes back first when an order was paid with a gift card and something else."""

    GIFT_CARD_FIRST = "gift_card_first", _("Gift card first")
    CARD_FIRST = "card_first", _("Other means of payment first")


class ReturnPolicy(ShopOwned):
    """The rules of one shop from ``created_at`` until a newer version; never changed.

    What is the same for the whole shop stands here; what depends on the goods stands in ``rules``. Amounts by
    currency are JSON objects of strings in major units, such as ``{"EUR": "50.00"}``; a currency that is not named
    has no such limit or fee.
    """

    version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, blank=True)
    preset = models.CharField(max_length=10, choices=Preset.choices, default=Preset.CUSTOM)
    refund_original_shipping = models.BooleanField(default=True)  #: when the whole order comes back
    auto_approve = models.BooleanField(default=False)
    auto_approve_limit = models.JSONField(default=dict)  #: by currency: collective value of the order's returns
    auto_approve_reasons = ArrayField(models.CharField(max_length=40), default=list)  #: empty: every reason
    auto_approve_max_returns = models.PositiveSmallIntegerField(null=True)  #: by the person in 180 days; null: any
    keep_item_limit = models.JSONField(default=dict)  #: by currency, excl. tax, on the order's collective value
    evidence = models.JSONField(default=dict)  #: photos that a reason needs: {"defective": 1}
    return_addresses = models.JSONField(default=list)  #: [{"countries": ["US"], "address": {…}}], first match
    ship_within_days = models.PositiveSmallIntegerField(default=14)  #: after approval; then the return expires
    advance_exchange_days = models.PositiveSmallIntegerField(default=14)  #: to send the old unit back
    tender_order = models.CharField(max_length=16, choices=TenderOrder.choices, default=TenderOrder.CARD_FIRST)
    withdrawal_enabled = models.BooleanField(default=True)
    withdrawal_countries = ArrayField(models.CharField(max_length=2), default=list)  #: of the delivery address
    withdrawal_days = models.PositiveSmallIntegerField(default=14)  #: never less where the law gives 14
    statement = models.JSONField(default=dict)  #: the merchant's own words on the policy page, by language

    rules: RelatedManager[ReturnRule]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "version"], name="returnpolicy_version")]

    def __str__(self) -> str:
        return f"return policy {self.version} of {self.shop_id}"


class ReturnRule(models.Model):
    """What holds for some goods; of a policy's rules the first that matches a line decides, by ``position``.

    A condition that is empty matches everything; conditions of one rule must all match, values of one condition
    are alternatives. The last rule of a policy has no conditions.
    """

    policy = models.ForeignKey(ReturnPolicy, on_delete=models.CASCADE, related_name="rules")
    policy_id: int
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)

    channels = ArrayField(models.CharField(max_length=100), default=list)  #: slugs
    countries = ArrayField(models.CharField(max_length=2), default=list)  #: of the delivery address
    product_types = ArrayField(models.CharField(max_length=200), default=list)  #: names
    collections = ArrayField(models.CharField(max_length=255), default=list)  #: slugs
    products = ArrayField(models.CharField(max_length=60), default=list)  #: Saleor global IDs
    skus = ArrayField(models.CharField(max_length=255), default=list)
    metadata = models.JSONField(default=dict)  #: of the product; all keys must have these values
    digital = models.BooleanField(default=False)  #: only what needs no shipping

    exclusion = models.CharField(max_length=12, choices=Exclusion.choices, blank=True)
    window_days = models.PositiveSmallIntegerField(default=30)
    window_from = models.CharField(max_length=10, choices=WindowStart.choices, default=WindowStart.DELIVERED)
    grace_days = models.PositiveSmallIntegerField(default=0)  #: silently accepted after the last day
    after_window = models.CharField(max_length=10, choices=AfterWindow.choices, default=AfterWindow.ASK_STAFF)
    who_pays = models.CharField(
        max_length=10, choices=ReturnShippingPayer.choices, default=ReturnShippingPayer.CUSTOMER
    )
    return_fee = models.JSONField(default=dict)  #: by currency: for a label that we pay, once per return
    restocking_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)  #: of the goods' price
    resolutions = ArrayField(models.CharField(max_length=12), default=list)  #: of Resolution, as offered, in order
    store_credit_bonus_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="returnrule_position"),
            models.CheckConstraint(condition=models.Q(exclusion__in=Exclusion.values), name="returnrule_exclusion"),
            models.CheckConstraint(
                condition=models.Q(after_window__in=AfterWindow.values), name="returnrule_after_window"
            ),
        ]
        ordering = ["position"]


class Fault(models.TextChoices):
    """Whose doing a reason is; decides who pays, and which legal basis applies."""

    MERCHANT = "merchant"  #: defective, wrong, not as described: the legal guarantee
    CARRIER = "carrier"  #: damaged or lost on the way: the seller's risk towards a consumer (CRD art. 20)
    CUSTOMER = "customer"  #: does not fit, changed mind


class ReasonOption(ShopOwned):
    """A reason that customers may choose. Codes never go away: old cases name them."""

    code = models.CharField(max_length=40)  #: slug, unique in the shop
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    staff_only = models.BooleanField(default=False)
    labels = models.JSONField(default=dict)  #: by language; empty for built-in ones, whose words are translated
    fault = models.CharField(max_length=10, choices=Fault.choices, default=Fault.CUSTOMER)
    #: [{"code", "labels": {lang: text}, "kind": "choice" | "text", "required": bool, "options": [{"code", "labels"}]}]
    questions = models.JSONField(default=list)
    suggests = models.CharField(max_length=12, blank=True)  #: a Resolution offered before a refund: repair, exchange
    saleor_return_reference = models.CharField(max_length=60, blank=True)  #: Page ID of the shop's return reasons
    saleor_refund_reference = models.CharField(max_length=60, blank=True)  #: Page ID of the shop's refund reasons

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "code"], name="reasonoption_code"),
            models.CheckConstraint(condition=models.Q(fault__in=Fault.values), name="reasonoption_fault"),
        ]
        ordering = ["position", "pk"]

"""Money given back. Only this domain makes any move, and only through the shop's own Saleor."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.crypto import EncryptedTextField
from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.workflow import Stateful, Workflow

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RefundMethod(models.TextChoices):
    PAYMENT_APP = "payment_app"  #: granted and requested in Saleor; the payment app pays
    MANUAL = "manual"  #: the merchant paid by other means; Saleor is told so


class RefundState(models.TextChoices):
    PENDING = "pending"  #: decided; nothing sent yet
    PROCESSING = "processing"  #: Saleor is being told, step by step
    AWAITING_PROVIDER = "awaiting_provider"  #: the payment app has not answered yet
    SUCCEEDED = "succeeded"  #: the money is given back, says Saleor
    FAILED = "failed"  #: refused, and nothing was paid
    NEEDS_STAFF = "needs_staff"  #: we cannot tell by ourselves; a person looks at Saleor


S = RefundState
REFUND_WORKFLOW = Workflow(
    {
        (S.PENDING, "start"): S.PROCESSING,
        (S.PENDING, "fail"): S.FAILED,
        (S.PROCESSING, "hand_over"): S.AWAITING_PROVIDER,
        (S.PROCESSING, "succeed"): S.SUCCEEDED,
        (S.PROCESSING, "fail"): S.FAILED,
        (S.PROCESSING, "ask_staff"): S.NEEDS_STAFF,
        (S.AWAITING_PROVIDER, "succeed"): S.SUCCEEDED,
        (S.AWAITING_PROVIDER, "fail"): S.FAILED,
        (S.AWAITING_PROVIDER, "ask_staff"): S.NEEDS_STAFF,
        (S.NEEDS_STAFF, "succeed"): S.SUCCEEDED,
        (S.NEEDS_STAFF, "fail"): S.FAILED,
        (S.NEEDS_STAFF, "retry"): S.PROCESSING,
    }
)

#: States in which the amount is, or may yet be, given back: it counts against the cap.
COUNTING_STATES = (S.PENDING, S.PROCESSING, S.AWAITING_PROVIDER, S.NEEDS_STAFF, S.SUCCEEDED)
#: States in which we still work, or wait.
OPEN_STATES = (S.PENDING, S.PROCESSING, S.AWAITING_PROVIDER, S.NEEDS_STAFF)


class SettlementState(models.TextChoices):
    RUNNING = "running"  #: its parts are under way
    DONE = "done"  #: every part is settled
    FAILED = "failed"  #: a part failed; the rest may have been given
    NEEDS_STAFF = "needs_staff"


_T = SettlementState
SETTLEMENT_WORKFLOW = Workflow(
    {
        (_T.RUNNING, "finish"): _T.DONE,
        (_T.RUNNING, "fail"): _T.FAILED,
        (_T.RUNNING, "ask_staff"): _T.NEEDS_STAFF,
        (_T.FAILED, "resume"): _T.RUNNING,
        (_T.NEEDS_STAFF, "resume"): _T.RUNNING,
        (_T.FAILED, "finish"): _T.DONE,
        (_T.NEEDS_STAFF, "finish"): _T.DONE,
    }
)


class Settlement(Stateful, ShopOwned):
    """One decision to put things right: the itemised sum that was shown, and was then carried out."""

    workflow: ClassVar = SETTLEMENT_WORKFLOW

    key = models.CharField(max_length=120)  #: the caller's idempotency key
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="settlements")
    order_id: int
    subject = models.CharField(max_length=30)  #: "return"
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=SettlementState.choices, default=_T.RUNNING)
    currency = models.CharField(max_length=3)
    #: The sum, line by line: [{"kind", "label", "amount", "line": ReturnLine pk | null}]; negative for what is kept.
    items = models.JSONField(default=list)
    refund = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: to the means of payment
    credit = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: as store credit, bonus included
    bonus = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: of the credit, a present
    exchange = models.DecimalField(max_digits=14, decimal_places=3, default=0)  #: used up by a replacement
    #: Goods that were promised in exchange and could not be sent: this gives their value. "Kettle Cream, Cup"
    instead_of = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    refunds: RelatedManager[Refund]
    store_credits: RelatedManager[StoreCredit]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="settlement_key"),
            models.CheckConstraint(condition=models.Q(state__in=SettlementState.values), name="settlement_state"),
            models.CheckConstraint(
                condition=models.Q(refund__gte=0, credit__gte=0, exchange__gte=0), name="settlement_amounts"
            ),
            models.CheckConstraint(
                condition=models.Q(bonus__gte=0, bonus__lte=models.F("credit")), name="settlement_bonus_is_credit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=_T.DONE) | models.Q(finished_at__isnull=False),
                name="settlement_done_is_finished",
            ),
        ]
        indexes = [models.Index(fields=["shop", "subject", "subject_id"], name="settlement_subject")]

    def money(self, amount: Decimal) -> Money:
        """``amount`` in the settlement's currency."""
        return Money(amount, self.currency).rounded()


class StoreCreditState(models.TextChoices):
    PENDING = "pending"
    ISSUING = "issuing"  #: Saleor is being told
    ISSUED = "issued"
    FAILED = "failed"
    NEEDS_STAFF = "needs_staff"


_I = StoreCreditState
STORE_CREDIT_WORKFLOW = Workflow(
    {
        (_I.PENDING, "start"): _I.ISSUING,
        (_I.PENDING, "fail"): _I.FAILED,
        (_I.ISSUING, "succeed"): _I.ISSUED,
        (_I.ISSUING, "fail"): _I.FAILED,
        (_I.ISSUING, "ask_staff"): _I.NEEDS_STAFF,
        (_I.FAILED, "retry"): _I.PENDING,
        (_I.NEEDS_STAFF, "retry"): _I.PENDING,
        (_I.NEEDS_STAFF, "succeed"): _I.ISSUED,
    }
)


#: States in which the credit is, or may yet be, the customer's.
CREDIT_COUNTING_STATES = (_I.PENDING, _I.ISSUING, _I.ISSUED, _I.NEEDS_STAFF)


class StoreCredit(Stateful, ShopOwned):
    """A gift card of the shop's Saleor, issued to a customer in place of money."""

    workflow: ClassVar = STORE_CREDIT_WORKFLOW

    key = models.CharField(max_length=120)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="store_credits")
    order_id: int
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="store_credits", null=True)
    subject = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=3)  #: bonus included
    bonus = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    currency = models.CharField(max_length=3)
    #: Chosen by us before anything is sent: a second card of this code is impossible in Saleor.
    code = EncryptedTextField()
    gift_card_id = models.CharField(max_length=60, blank=True)
    #: What a gift card had paid of the order, given back on a card of its own; no bonus, and not the customer's choice.
    restores = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)  #: the last day, inclusive; null: it does not expire
    to_email = models.CharField(max_length=254, blank=True)  #: who is told the code
    to_name = models.CharField(max_length=300, blank=True)
    assigned_to = models.CharField(max_length=60, blank=True)  #: Saleor global ID of the only customer who may use it
    state = models.CharField(max_length=12, choices=StoreCreditState.choices, default=_I.PENDING)
    failure = models.CharField(max_length=500, blank=True)
    requested_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    shares: RelatedManager[CreditShare]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="storecredit_key"),
            models.CheckConstraint(condition=models.Q(state__in=StoreCreditState.values), name="storecredit_state"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, bonus__gte=0, bonus__lte=models.F("amount")),
                name="storecredit_amounts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=_I.ISSUED) | (~models.Q(gift_card_id="") & models.Q(issued_at__isnull=False)),
                name="storecredit_issued_has_card",
            ),
        ]
        indexes = [models.Index(fields=["shop", "subject", "subject_id"], name="storecredit_subject")]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency).rounded()

    @property
    def bonus_money(self) -> Money:
        """The part of the amount that is a present."""
        return Money(self.bonus, self.currency).rounded()

    @property
    def masked(self) -> str:
        """The code as it may be shown to anybody: its last four characters."""
        return f"•••• {self.code[-4:]}"


class CreditShare(models.Model):
    """The part of a store credit whose value was paid with another order than its own.

    Goods that came in exchange were paid with those that they replaced: that order holds the money, and gives it once.
    """

    credit = models.ForeignKey(StoreCredit, on_delete=models.CASCADE, related_name="shares")
    credit_id: int
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="credit_shares")
    order_id: int
    amount = models.DecimalField(max_digits=14, decimal_places=3)  #: in the credit's currency, without its bonus

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credit", "order"], name="creditshare_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="creditshare_amount"),
        ]


class Refund(Stateful, ShopOwned):
    """One amount going back for one reason; unique by ``key``, so that a button pressed twice pays once."""

    workflow: ClassVar = REFUND_WORKFLOW

    key = models.CharField(max_length=120)  #: the caller's idempotency key
    reference = models.CharField(max_length=60)  #: in Saleor, for people and for reading back: "RMA-1001/1"
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    order_id: int
    subject = models.CharField(max_length=30)  #: what it is for: "return"
    subject_id = models.BigIntegerField()
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="refunds", null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=12, choices=RefundMethod.choices)
    note = models.CharField(max_length=500, blank=True)
    #: The failed try that this one stands in for; that one does not count in their settlement any more.
    retry_of = models.OneToOneField("self", on_delete=models.PROTECT, related_name="retry", null=True)
    transaction_id = models.CharField(max_length=120, blank=True)  #: Saleor global ID, chosen before sending
    means = models.CharField(max_length=200, blank=True)  #: the payment in people's words, "Card", "Gift card …9TBZ"
    reason_reference = models.CharField(max_length=60, blank=True)  #: Saleor Page ID of the shop's refund reasons
    state = models.CharField(max_length=20, choices=RefundState.choices, default=S.PENDING)
    failure = models.CharField(max_length=500, blank=True)
    requested_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="refund_key"),
            models.UniqueConstraint(fields=["shop", "reference"], name="refund_reference"),
            models.CheckConstraint(condition=models.Q(state__in=RefundState.values), name="refund_state"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount"),
            models.CheckConstraint(
                condition=~models.Q(state=S.SUCCEEDED) | models.Q(settled_at__isnull=False),
                name="refund_succeeded_is_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "subject", "subject_id"], name="refund_subject"),
            models.Index(fields=["order"], name="refund_order"),
        ]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency).rounded()

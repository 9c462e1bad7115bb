"""Declarations of withdrawal: what was declared, when, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.returns.models import Return

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class WithdrawalState(models.TextChoices):
    UNMATCHED = "unmatched"  #: declared for a contract that we could not find; staff look
    OPEN = "open"  #: in force; goods come back, money is due
    SETTLED = "settled"  #: everything was given back
    OUT_OF_SCOPE = "out_of_scope"  #: there was no such right here, says staff, with the reason


W = WithdrawalState
WITHDRAWAL_WORKFLOW = Workflow(
    {
        (W.UNMATCHED, "match"): W.OPEN,
        (W.UNMATCHED, "out_of_scope"): W.OUT_OF_SCOPE,
        (W.OPEN, "settle"): W.SETTLED,
        (W.OPEN, "out_of_scope"): W.OUT_OF_SCOPE,
        (W.OUT_OF_SCOPE, "reopen"): W.OPEN,
        (W.OUT_OF_SCOPE, "look_again"): W.UNMATCHED,
    }
)


class Flag(models.TextChoices):
    """What staff should know of a declaration. None of it touches the acknowledgement, which has gone out."""

    LATE = "late"  #: the period had ended, counted from a confirmed delivery
    PERHAPS_LATE = "perhaps_late"  #: it had ended if the parcel arrived when we think; nobody has confirmed that
    ORDER_CANCELED = "order_canceled"  #: nothing was bought, or nothing of it is left
    NO_RIGHT = "no_right"  #: the policy knows no right to withdraw for the country of delivery
    GOODS_IN_WORDS = "goods_in_words"  #: some goods were named in words; staff say which lines they are
    REPEATED = "repeated"  #: another declaration covers the same contract
    NOTHING_LEFT = "nothing_left"  #: every unit has come back, or is on its way back, already
    ALL_EXCEPTED = "all_excepted"  #: every line is an exception (CRD art. 16)
    RETURN_FAILED = "return_failed"  #: the return could not be made; ``problem`` says why


#: With one of these no return is made without a person: what it would be for is not certain.
HELD_BACK = frozenset(
    {
        Flag.LATE,
        Flag.ORDER_CANCELED,
        Flag.NO_RIGHT,
        Flag.GOODS_IN_WORDS,
        Flag.REPEATED,
        Flag.NOTHING_LEFT,
        Flag.ALL_EXCEPTED,
    }
)


class Withdrawal(Stateful, ShopOwned):
    """A consumer's statement that they withdraw (directive 2011/83/EU, art. 9, 11 and 11a)."""

    workflow: ClassVar = WITHDRAWAL_WORKFLOW

    number = models.CharField(max_length=20)  #: "WD-1001"
    key = models.CharField(max_length=60)  #: of the form: sent twice counts once
    state = models.CharField(max_length=14, choices=WithdrawalState.choices)
    # What was declared, word for word; never changed.
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)  #: where the acknowledgement goes
    contract = models.CharField(max_length=100)  #: the order number as it was written
    statement = models.TextField()  #: the whole text of the statement, in the declarer's language
    goods = models.TextField(blank=True)  #: in the declarer's own words, when not the whole contract
    whole_contract = models.BooleanField(default=True)
    language = models.CharField(max_length=10)
    declared_at = models.DateTimeField()  #: the moment of the confirmation: what counts in law
    acknowledged_at = models.DateTimeField(null=True)  #: the acknowledgement was written, in the same transaction
    source = models.CharField(max_length=10, default="portal")  #: "portal", "api"
    # What we made of it.
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="withdrawals", null=True)
    order_id: int | None
    policy = models.ForeignKey(ReturnPolicy, on_delete=models.PROTECT, null=True)
    ret = models.OneToOneField(Return, on_delete=models.PROTECT, related_name="withdrawal", null=True)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, related_name="repetitions", null=True)
    flags = ArrayField(models.CharField(max_length=20, choices=Flag.choices), default=list)
    problem = models.CharField(max_length=500, blank=True)  #: why no return could be made, for staff
    #: Lines that the declaration covers and that are exceptions: [{"line": OrderLine pk, "exclusion": Exclusion}]
    exceptions = models.JSONField(default=list)
    looked_up_at = models.DateTimeField(null=True)  #: the order was looked for, found or not
    period_ends_on = models.DateField(null=True)  #: the last day to declare; null while nothing arrived
    period_estimated = models.BooleanField(default=False)  #: counted from a delivery that nobody has confirmed
    send_back_by = models.DateField(null=True)  #: 14 days after the declaration
    refund_due_on = models.DateField(null=True)  #: 14 days after the declaration
    sent_proof_at = models.DateTimeField(null=True)  #: the customer proved that the goods are on their way
    proof_tracking = models.CharField(max_length=100, blank=True)
    proofs = models.ManyToManyField(StoredFile, related_name="+")
    out_of_scope_reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=200, blank=True)

    lines: RelatedManager[WithdrawalLine]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="withdrawal_number"),
            models.UniqueConstraint(fields=["shop", "key"], name="withdrawal_key"),
            models.CheckConstraint(condition=models.Q(state__in=WithdrawalState.values), name="withdrawal_state"),
            models.CheckConstraint(
                condition=~models.Q(state=W.OUT_OF_SCOPE) | ~models.Q(out_of_scope_reason=""),
                name="withdrawal_out_of_scope_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[W.UNMATCHED, W.OUT_OF_SCOPE]) | models.Q(order__isnull=False),
                name="withdrawal_in_force_has_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=W.UNMATCHED) | models.Q(order__isnull=True),
                name="withdrawal_unmatched_has_none",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="withdrawal_newest"),
            models.Index(fields=["shop", "refund_due_on"], name="withdrawal_due", condition=models.Q(state="open")),
            models.Index(fields=["shop", "state", "-id"], name="withdrawal_by_state"),
        ]

    def __str__(self) -> str:
        return self.number


class WithdrawalLine(models.Model):
    """Units of one order line that a declaration names, chosen by the customer or assigned by staff."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.CASCADE, related_name="lines")
    withdrawal_id: int
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="withdrawal_lines")
    order_line_id: int
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["withdrawal", "order_line"], name="withdrawalline_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="withdrawalline_quantity"),
        ]
        ordering = ["pk"]

"""Declarations of withdrawal: what was declared, when, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.core.workflow import Stateful, Workflow
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.returns.models import Return


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
    acknowledged_at = models.DateTimeField(null=True)
    # What we made of it.
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="withdrawals", null=True)
    order_id: int | None
    policy = models.ForeignKey(ReturnPolicy, on_delete=models.PROTECT, null=True)
    ret = models.OneToOneField(Return, on_delete=models.PROTECT, related_name="withdrawal", null=True)
    period_ends_on = models.DateField(null=True)  #: the last day to declare; null while nothing arrived
    send_back_by = models.DateField(null=True)  #: 14 days after the declaration
    refund_due_on = models.DateField(null=True)  #: 14 days after the declaration
    sent_proof_at = models.DateTimeField(null=True)  #: the customer proved that the goods are on their way
    out_of_scope_reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=200, blank=True)

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
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="withdrawal_newest"),
            models.Index(fields=["shop", "refund_due_on"], name="withdrawal_due", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.number

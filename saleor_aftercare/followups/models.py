"""Follow-ups: what we ask or tell a customer unasked, at the right time and once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import Fulfillment, Order
from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.core.workflow import Stateful, Workflow


class FollowUpState(models.TextChoices):
    SCHEDULED = "scheduled"  #: to be sent when due, if it still makes sense then
    SENT = "sent"  #: handed to the mail room
    ANSWERED = "answered"  #: the customer pressed a button
    SKIPPED = "skipped"  #: it would have hurt or made no sense; see ``skip_reason``


S = FollowUpState
FOLLOW_UP_WORKFLOW = Workflow(
    {
        (S.SCHEDULED, "send"): S.SENT,
        (S.SCHEDULED, "skip"): S.SKIPPED,
        (S.SENT, "answer"): S.ANSWERED,
        (S.ANSWERED, "answer"): S.ANSWERED,
    }
)


class FollowUpAnswer(models.TextChoices):
    ALL_WELL = "all_well"
    SOMETHING_WRONG = "something_wrong"


class FollowUp(Stateful, ShopOwned):
    """One question to one customer about one parcel."""

    workflow: ClassVar = FOLLOW_UP_WORKFLOW

    kind = models.CharField(max_length=30, default="arrival_check")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="followups")
    order_id: int
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="followups")
    fulfillment_id: int
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FollowUpState.choices, default=S.SCHEDULED)
    skip_reason = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=20, choices=FollowUpAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "fulfillment"], name="followup_once"),
            models.CheckConstraint(condition=models.Q(state__in=FollowUpState.values), name="followup_state"),
            models.CheckConstraint(
                condition=~models.Q(state=S.ANSWERED) | ~models.Q(answer=""), name="followup_answered_has_answer"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=S.SKIPPED) | ~models.Q(skip_reason=""), name="followup_skipped_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["order"], name="followup_order")]

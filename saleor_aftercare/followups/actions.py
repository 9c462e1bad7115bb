"""What happens to follow-ups, one function per verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Fulfillment, Order, ShopSettings
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import CUSTOMER, publish
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.models import Event, StoredFile

from .events import FollowUpAnswered
from .models import FollowUp, FollowUpAnswer, FollowUpState
from .policy import arrival_check_due, is_too_old

MAX_COMMENT = 5000


@transaction.atomic
def schedule_arrival_check(fulfillment: Fulfillment, *, at: datetime) -> FollowUp | None:
    """Plan the question about one parcel, or move it when its arrival is known better; any number of times.

    Counts from the delivery, or from the estimate of it while there is nothing better. Returns None, and writes
    nothing, while arrival checks are switched off or when the right time to ask is long past; a question that was
    sent or dropped already stays as it is.
    """
    # The parcel's row is the lock: two events about it plan one after the other.
    fulfillment = Fulfillment.objects.select_for_update(of=("self",)).select_related("shop").get(pk=fulfillment.pk)
    settings = ShopSettings.objects.get(shop=fulfillment.shop)
    due_at = arrival_check_due(
        delivered_at=fulfillment.delivered_at
        or fulfillment.shipped_at + timedelta(days=settings.estimated_delivery_days),
        days=settings.arrival_check_days,
        zone=ZoneInfo(settings.time_zone),
    )
    followup = FollowUp.objects.filter(shop=fulfillment.shop, kind="arrival_check", fulfillment=fulfillment).first()
    if followup is None:
        if not settings.arrival_check_enabled or is_too_old(due_at, at=at):
            return None
        followup = FollowUp.objects.create(
            shop=fulfillment.shop,
            order_id=fulfillment.order_id,
            fulfillment=fulfillment,
            due_at=due_at,
            state_since=at,
        )
        plan(followup, due_at=due_at, at=at)
    elif followup.state == FollowUpState.SCHEDULED and followup.due_at != due_at:
        plan(followup, due_at=due_at, at=at)
    return followup


@transaction.atomic
def plan(followup: FollowUp, *, due_at: datetime, at: datetime) -> None:
    """Set the moment of asking. Jobs of earlier plans stay: each looks at ``due_at`` and finds that it is too early."""
    FollowUp.objects.filter(pk=followup.pk, state=FollowUpState.SCHEDULED).update(due_at=due_at)
    followup.due_at = due_at
    jobs.schedule(
        "followups.send",
        key=f"followup:{followup.pk}:{due_at.isoformat()}:{at.isoformat()}",
        shop=followup.shop,
        due_at=due_at,
        payload={"followup": followup.pk},
    )


@transaction.atomic
def cancel_arrival_checks(order: Order, *, reason: str, at: datetime) -> int:
    """Drop the questions about an order that are not sent yet; returns how many. ``reason`` is the policy's code."""
    waiting = FollowUp.objects.select_for_update().filter(order=order, state=FollowUpState.SCHEDULED)
    dropped = list(waiting)
    for followup in dropped:
        followup.move("skip", at=at, skip_reason=reason)
    return len(dropped)


@transaction.atomic
def answer(
    followup: FollowUp,
    *,
    answer: FollowUpAnswer,
    comment: str,
    at: datetime,
    photos: Sequence[StoredFile] = (),
) -> FollowUp:
    """Take the customer's answer; the last one counts, and the same one again changes nothing.

    Raises:
        InvalidInput: an unknown ``answer``, a ``comment`` of more than 5000 characters, or too many ``photos``.
        Conflict: the question was never sent.
    """
    if answer not in FollowUpAnswer.values:
        raise InvalidInput(_("Please choose an answer."), "answer")
    if len(comment) > MAX_COMMENT:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_COMMENT}, "comment")
    if len(photos) > MAX_FILES or any(photo.shop_id != followup.shop_id for photo in photos):
        raise InvalidInput(_("At most %(limit)d photos.") % {"limit": MAX_FILES}, "photos")
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=followup.pk)
    words = comment.strip()
    event = FollowUpAnswered(row.pk, answer=str(answer), comment=words, photos=tuple(photo.pk for photo in photos))
    if row.state == FollowUpState.ANSWERED and _said_already(row, event):
        return row
    row.move("answer", at=at, answer=answer, answered_at=at)
    publish(event, shop=row.shop, at=at, actor=CUSTOMER)
    return row


def _said_already(followup: FollowUp, event: FollowUpAnswered) -> bool:
    """Whether the same was the last answer: a button pressed twice, or a page sent again."""
    last = (
        Event.objects.filter(shop=followup.shop, subject=event.subject, subject_id=followup.pk, kind=event.kind)
        .order_by("-pk")
        .first()
    )
    said = {"answer": event.answer, "comment": event.comment, "photos": list(event.photos)}
    return last is not None and last.data == said

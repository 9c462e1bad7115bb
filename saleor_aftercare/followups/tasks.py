"""Asking, at the right moment and only if it still makes sense."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock, links
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose

from .actions import plan
from .facts import gather
from .models import FollowUp, FollowUpAnswer, FollowUpState
from .policy import decide, waking_hour
from .queries import answer_token


@handles("followups.send")
def send_followup(job: Job) -> None:
    """Send one follow-up, once; everything it depends on is looked up again now.

    The move and the letter are one transaction: there is no letter without the move, and the move is made once.
    """
    followup = FollowUp.objects.select_related("shop", "order", "fulfillment").get(pk=job.payload["followup"])
    at = clock.now()
    if followup.state != FollowUpState.SCHEDULED or followup.due_at > at:
        return
    decision = decide(gather(followup), at=at)
    if decision.verdict == Verdict.REFUSE:
        followup.move("skip", at=at, skip_reason=decision.reasons[0])
        return
    later = waking_hour(at, ZoneInfo(ShopSettings.objects.get(shop=followup.shop).time_zone))
    if later > at:
        plan(followup, due_at=later, at=at)
        return
    with transaction.atomic():
        followup.move("send", at=at)
        letters.write(
            shop=followup.shop,
            kind="followups/arrival_check",
            key=f"followup:{followup.pk}",
            to_email=followup.order.email,
            to_name=followup.order.customer_name,
            language=followup.order.language,
            context=_context(followup),
            subject=("followup", followup.pk),
            purpose=Purpose.SERVICE,
            at=at,
        )


def _context(followup: FollowUp) -> dict[str, Any]:
    token = answer_token(followup)
    units = followup.fulfillment.lines.select_related("order_line").order_by("order_line__position", "pk")
    return {
        "order_number": followup.order.number,
        "items": [
            {
                "name": " ".join(filter(None, (unit.order_line.product_name, unit.order_line.variant_name))),
                "quantity": unit.quantity,
            }
            for unit in units
            if unit.quantity
        ],
        "url_all_well": links.followup_answer(followup.shop, token, FollowUpAnswer.ALL_WELL),
        "url_something_wrong": links.followup_answer(followup.shop, token, FollowUpAnswer.SOMETHING_WRONG),
    }

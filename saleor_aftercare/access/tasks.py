"""Looking up what a guest claimed, and mailing the code."""

from __future__ import annotations

from django.db import transaction

from saleor_aftercare.connection.orders import look_up_order
from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose

from .actions import CODE_LIFETIME, issue_code
from .models import GuestChallenge


@handles("access.send_code")
def send_code(job: Job) -> None:
    """Mail the code of a challenge if its order exists; once, for a second run finds the code issued."""
    challenge = GuestChallenge.objects.select_related("shop", "gift__order").get(pk=job.payload["challenge"])
    at = clock.now()
    if challenge.code_digest or challenge.expires_at <= at:
        return
    gift = challenge.gift
    if gift is not None:
        order = gift.order if gift.revoked_at is None else None
    else:
        order = look_up_order(challenge.shop, number=challenge.order_number, email=challenge.email, at=at)
    if order is None:
        return
    with transaction.atomic():
        code = issue_code(challenge, order)
        letters.write(
            shop=challenge.shop,
            kind="access/guest_code",
            key=f"guest-code:{challenge.pk}",
            to_email=challenge.email,
            to_name=challenge.name if gift else order.customer_name,
            language=challenge.language or order.language,
            context={
                "code": code,
                "order_number": order.number,
                "minutes": int(CODE_LIFETIME.total_seconds() // 60),
            },
            subject=None,
            repeat_if_lost=True,
            purpose=Purpose.TRANSACTIONAL,
            at=at,
        )

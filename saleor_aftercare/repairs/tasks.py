"""The intake slip of an accepted repair: made once, kept as a file."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core import clock
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.files import store
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Job
from saleor_aftercare.printing.intake_slip import IntakeSlip, render_intake_slip

from .events import RepairSlipCreated
from .models import RepairRequest, RepairState


@handles("repairs.make_slip")
def make_slip(job: Job) -> None:
    """Make the slip of an accepted repair, unless it is there or no longer wanted."""
    repair = RepairRequest.objects.select_related("shop", "order").get(pk=job.payload["repair"])
    if repair.state != RepairState.ACCEPTED or repair.intake_slip_id is not None:
        return
    at = clock.now()
    pdf = render_intake_slip(slip_of(repair, at=at))
    with transaction.atomic():
        # The state may have changed while we drew: a canceled repair gets no slip, and nobody gets two.
        locked = RepairRequest.objects.select_for_update().get(pk=repair.pk)
        if locked.state != RepairState.ACCEPTED or locked.intake_slip_id is not None:
            return
        locked.intake_slip = store(
            repair.shop, name=f"{repair.number}.pdf", content_type="application/pdf", data=pdf, at=at
        )
        locked.save(update_fields=["intake_slip"])
        publish(RepairSlipCreated(repair.pk), shop=repair.shop, at=at)


def slip_of(repair: RepairRequest, *, at: datetime) -> IntakeSlip:
    """What is printed; raises Refused while the shop has no return address."""
    settings = ShopSettings.objects.get(shop=repair.shop)
    recipient = return_address_of(repair.shop)
    return IntakeSlip(
        number=repair.number,
        sender=_sender(repair, recipient),
        recipient=recipient,
        product_name=repair.product_name,
        serial_number=repair.serial_number,
        description=repair.description,
        issued_on=at.astimezone(ZoneInfo(settings.time_zone)).date(),
        language=supported_language(repair.language, default=settings.default_language),
        shop_name=settings.sender_name or repair.shop.name,
        order_number=repair.order.number if repair.order else "",
    )


def _sender(repair: RepairRequest, recipient: PostalAddress) -> PostalAddress:
    """Where the order went to; of a product bought elsewhere we know only whose it is."""
    known = (repair.order.shipping_address or repair.order.billing_address) if repair.order else {}
    if known:
        return PostalAddress.from_json(known)
    return PostalAddress(name=repair.customer_name or repair.customer_email, country=recipient.country)

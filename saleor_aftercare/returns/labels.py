"""The label of a return: bought or printed once, kept as two files."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.files import store
from saleor_aftercare.core.languages import Language, supported_language
from saleor_aftercare.policies.models import ReturnShippingPayer
from saleor_aftercare.printing.return_label import PaperSize, ReturnLabelSheet, SheetLine, render_return_label
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.labels.base import Label, LabelRequest, Payer

from .events import ReturnLabelCreated
from .models import Return, ReturnLabel, ReturnReason, ReturnState

#: How long after approval a parcel should be on its way.
SHIP_WITHIN = timedelta(days=14)


def create_label(ret: Return, *, at: datetime, actor: Actor = SYSTEM) -> ReturnLabel:
    """The label of an approved return; asking twice gives the same label.

    Three guards, cheapest first: the row we may already have, the reference that the provider deduplicates on,
    and the one-to-one constraint.

    Raises:
        Conflict: the return is not approved.
        Refused: the shop has no return address.
        ProviderError, ProviderUnavailable: the label provider failed.
    """
    if label := ReturnLabel.objects.filter(ret=ret).select_related("a6", "a4").first():
        return label
    if ret.state != ReturnState.APPROVED:
        raise Conflict(_("A label is made once the return is approved."))
    settings = ShopSettings.objects.get(shop=ret.shop)
    recipient = return_address_of(ret.shop)
    sender = PostalAddress.from_json(ret.order.shipping_address or ret.order.billing_address)
    language = supported_language(ret.order.language, default=settings.default_language)
    credentials = json.loads(settings.label_credentials or "{}")
    bought = registry.label_provider(settings.label_provider, credentials).buy(
        LabelRequest(
            reference=f"{ret.shop.handle[:40]}.{ret.number}",
            return_number=ret.number,
            sender=sender,
            recipient=recipient,
            payer=Payer(ret.policy.who_pays),
            language=language,
        )
    )
    a6, a4 = _sheets(ret, bought, sender, recipient, settings, language, at)
    with transaction.atomic():
        # The state may have changed while the provider was asked: a canceled return gets no label.
        locked = Return.objects.select_for_update().get(pk=ret.pk)
        if label := ReturnLabel.objects.filter(ret=locked).first():
            return label
        if locked.state != ReturnState.APPROVED:
            raise Conflict(_("The return is no longer approved."))
        label = ReturnLabel.objects.create(
            ret=locked,
            carrier=bought.carrier,
            tracking_number=bought.tracking_number,
            a6=store(ret.shop, name=f"{ret.number}-label.pdf", content_type="application/pdf", data=a6, at=at),
            a4=store(ret.shop, name=f"{ret.number}-label-A4.pdf", content_type="application/pdf", data=a4, at=at),
        )
        publish(ReturnLabelCreated(ret.pk), shop=ret.shop, at=at, actor=actor)
    return label


def _sheets(
    ret: Return,
    bought: Label,
    sender: PostalAddress,
    recipient: PostalAddress,
    settings: ShopSettings,
    language: Language,
    at: datetime,
) -> tuple[bytes, bytes]:
    if bought.pdf is not None:
        return bought.pdf, bought.pdf
    zone = ZoneInfo(settings.time_zone)
    with translation.override(language):
        sheet = ReturnLabelSheet(
            number=ret.number,
            sender=sender,
            recipient=recipient,
            order_number=ret.order.number,
            issued_on=at.astimezone(zone).date(),
            language=language,
            units=tuple(
                SheetLine(
                    " ".join(filter(None, (line.order_line.product_name, line.order_line.variant_name))),
                    line.quantity,
                    str(ReturnReason(line.reason).label),
                )
                for line in ret.lines.select_related("order_line").order_by("pk")
            ),
            instructions="",
            who_pays=str(ReturnShippingPayer(ret.policy.who_pays).label),
            ship_by=(ret.state_since + SHIP_WITHIN).astimezone(zone).date(),
            shop_name=settings.sender_name or ret.shop.name,
        )
        return render_return_label(sheet, size=PaperSize.A6), render_return_label(sheet, size=PaperSize.A4)

"""Gifts: a link with which whoever was given the goods may ask for an exchange or store credit.

An order number together with a postcode can be guessed, so neither opens anything: the recipient needs the link,
and proves an address of their own by a code (``actions.request_gift_access``). They never see a price, and the
payer is told nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import Shop

from .models import CustomerSession, GiftLink


def link_of(order: Order) -> GiftLink | None:
    """The order's open link."""
    return GiftLink.objects.filter(order=order, revoked_at=None).first()


def share(order: Order, *, at: datetime) -> GiftLink:
    """The order's open link, made now if there is none; two who share at once share the same one."""
    if (known := link_of(order)) is not None:
        return known
    try:
        with transaction.atomic():
            return GiftLink.objects.create(shop_id=order.shop_id, order=order, created_at=at)
    except IntegrityError:
        return GiftLink.objects.get(order=order, revoked_at=None)


@transaction.atomic
def revoke(order: Order, *, at: datetime) -> None:
    """Close the order's link and sign out who came in by it; returns that were asked for stay."""
    for link in GiftLink.objects.select_for_update().filter(order=order, revoked_at=None):
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        CustomerSession.objects.filter(gift=link).delete()


def token_of(link: GiftLink) -> str:
    """What stands in the link's address."""
    return tokens.sign("gift", link.pk)


def find_link(shop: Shop, token: str) -> GiftLink:
    """The open link of a token; raises NotFound when it is forged, closed or another shop's."""
    try:
        pk = tokens.unsign("gift", token, max_age=None)
    except InvalidInput:
        pk = None
    link = (
        GiftLink.objects.select_related("shop", "order").filter(shop=shop, pk=pk, revoked_at=None).first()
        if isinstance(pk, int)
        else None
    )
    if link is None:
        raise NotFound(_("This gift link is not open any more. Please ask whoever gave you the present."))
    return link

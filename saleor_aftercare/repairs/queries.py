"""Reading repair requests."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import RepairFor, RepairRequest


def get_repair(shop: Shop, pk: int) -> RepairRequest:
    """A request of this shop; raises NotFound."""
    return _one(RepairRequest.objects.filter(shop=shop, pk=pk))


def find_repair(shop: Shop, number: str) -> RepairRequest:
    """A request of this shop by the number that people read; raises NotFound."""
    return _one(RepairRequest.objects.filter(shop=shop, number=number.strip().upper()))


def find_customers_repair(shop: Shop, number: str) -> RepairRequest:
    """As :func:`find_repair`, for who bought the product: what is mended for others does not exist for them."""
    return _one(RepairRequest.objects.filter(shop=shop, number=number.strip().upper(), for_whom=RepairFor.CUSTOMER))


def repairs_by_number(shop: Shop, numbers: Collection[str]) -> dict[str, RepairRequest]:
    """Those of these repairs that somebody outside the shop knows of, by number. One query; none for no numbers."""
    if not numbers:
        return {}
    rows = RepairRequest.objects.filter(shop=shop, number__in=numbers).exclude(for_whom=RepairFor.SHOP)
    return {row.number: row for row in rows.select_related("shop")}


def status_token(request: RepairRequest) -> str:
    """The token of the link in the mails: opens the status page for reading."""
    return tokens.sign("repair-status", request.pk)


def repair_by_status_token(shop: Shop, number: str, token: str) -> RepairRequest:
    """The request that a mailed link opens; raises InvalidInput for a forged link, NotFound for another request's."""
    pk = tokens.unsign("repair-status", token, max_age=None)
    return _one(RepairRequest.objects.filter(shop=shop, number=number, pk=pk))


def repairs_of_order(order: Order) -> list[RepairRequest]:
    """All requests about an order, newest first, with their photos."""
    return list(with_photos(RepairRequest.objects.filter(order=order).order_by("-pk")))


def with_photos(rows: QuerySet[RepairRequest]) -> QuerySet[RepairRequest]:
    """Requests with what every screen shows of them."""
    return rows.select_related("shop", "order", "order_line", "intake_slip").prefetch_related("photos")


def _one(rows: QuerySet[RepairRequest]) -> RepairRequest:
    request = rows.select_related("shop", "order", "order_line", "intake_slip").first()
    if request is None:
        raise NotFound(_("There is no such repair request."))
    return request

"""Reading spare-part requests."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import SparePartRequest


def get_spare_part(shop: Shop, pk: int) -> SparePartRequest:
    """A request of this shop; raises NotFound."""
    return _one(SparePartRequest.objects.filter(shop=shop, pk=pk))


def find_spare_part(shop: Shop, number: str) -> SparePartRequest:
    """A request of this shop by the number that people read; raises NotFound."""
    return _one(SparePartRequest.objects.filter(shop=shop, number=number.strip().upper()))


def status_token(request: SparePartRequest) -> str:
    """The token of the link in the mails: opens the status page for reading."""
    return tokens.sign("spare-part-status", request.pk)


def spare_part_by_status_token(shop: Shop, number: str, token: str) -> SparePartRequest:
    """The request that a mailed link opens; raises InvalidInput for a forged link, NotFound for another request's."""
    pk = tokens.unsign("spare-part-status", token, max_age=None)
    return _one(SparePartRequest.objects.filter(shop=shop, number=number, pk=pk))


def spare_parts_of_order(order: Order) -> list[SparePartRequest]:
    """All requests about an order, newest first, with their photos."""
    return list(with_photos(SparePartRequest.objects.filter(order=order).order_by("-pk")))


def with_photos(rows: QuerySet[SparePartRequest]) -> QuerySet[SparePartRequest]:
    """Requests with what every screen shows of them."""
    return rows.select_related("shop", "order", "order_line").prefetch_related("photos")


def _one(rows: QuerySet[SparePartRequest]) -> SparePartRequest:
    request = rows.select_related("shop", "order", "order_line").first()
    if request is None:
        raise NotFound(_("There is no such spare-part request."))
    return request

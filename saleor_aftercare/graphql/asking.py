"""Who asks for a repair or a spare part, and for which product: the same questions for both."""

from __future__ import annotations

from typing import Any, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Customer, Guest
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput

from .core.context import Context
from .orders import find_line, find_order


class Product(TypedDict):
    """The product and its owner, as the actions of both domains take them."""

    order: Order | None
    order_line: OrderLine | None
    product_name: str
    customer_name: str
    customer_email: str
    language: str


def about_product(ctx: Context, given: Any) -> Product:
    """The product and its owner from ``orderId``, ``orderLineId`` and ``productName``.

    A guest who names no order means the one that the code opened. A customer may ask about a product that was
    not bought here; staff cannot, for nothing says then whom to answer.

    Raises:
        NotFound: the order or the line is not there for the asking person.
        InvalidInput: ``orderId`` or ``productName`` is missing.
    """
    person = ctx.reader()
    if isinstance(person, Guest) and not given.order_id:
        order: Order | None = person.order
    else:
        order = find_order(ctx, given.order_id, field="orderId") if given.order_id else None
    line = None
    if given.order_line_id:
        if order is None:
            raise InvalidInput(_("Say which order this line is of."), "orderId")
        line = find_line(order, given.order_line_id, field="orderLineId")
    name = (given.product_name or "").strip()
    if not name and line is not None:
        name = f"{line.product_name} {line.variant_name}".strip()
    if order is not None:
        return Product(
            order=order,
            order_line=line,
            product_name=name,
            customer_name=order.customer_name,
            customer_email=order.email,
            language=order.language,
        )
    if not isinstance(person, Customer):
        raise InvalidInput(_("Say which order this is about."), "orderId")
    return Product(
        order=None,
        order_line=None,
        product_name=name,
        customer_name="",
        customer_email=person.email,
        language=translation.get_language() or "en",
    )

"""Orders by the number that people use, for staff."""

from __future__ import annotations

from django.utils.translation import gettext as _

from saleor_aftercare.connection import orders
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import NotFound, ProviderUnavailable
from saleor_aftercare.core.texts import is_storable

from .core.context import MANAGE_ORDERS, Context
from .orders import count_question


def find_order_by_number(ctx: Context, number: str, *, field: str = "orderNumber") -> Order:
    """For staff: the order of the number that people use, asking Saleor when it is new to us.

    Raises NotFound, or ProviderUnavailable with a sentence for them when Saleor has to be asked and does not answer.
    """
    shop = ctx.staff(MANAGE_ORDERS).shop
    order = orders.order_by_number(shop, number.strip().lstrip("#")) if is_storable(number) else None
    if order is None:
        count_question(ctx)
        try:
            order = orders.find_or_fetch_by_number(shop, number, at=ctx.at)
        except NotFound as missing:
            raise NotFound(missing.message, field) from None
        except ProviderUnavailable as silence:
            raise ProviderUnavailable(
                _("We do not know this order yet, and Saleor does not answer at the moment. Try again in a minute."),
                field,
                retry_after_s=silence.retry_after_s,
            ) from silence
    ctx.meet([order])
    return order

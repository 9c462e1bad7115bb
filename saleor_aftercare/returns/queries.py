"""Reads about returns; every one takes the shop, or a row of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from saleor_aftercare.compensation import queries as compensation
from saleor_aftercare.compensation.models import Refund
from saleor_aftercare.compensation.queries import RefundPreview
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money, quantum
from saleor_aftercare.policies.queries import policy_of

from .eligibility import LineEligibility, eligibilities, eligibility
from .models import Return, ReturnLine, ReturnState
from .pricing import PricedLine, line_totals, units_amount

__all__ = [
    "LineEligibility",
    "amounts",
    "amounts_of",
    "eligibilities",
    "eligibility",
    "find_return",
    "get_return",
    "goods_due",
    "open_return_exists",
    "policy_of",
    "refund_preview",
    "refunds_of",
    "return_by_status_token",
    "returns_of_order",
    "returns_page",
    "shipping_due",
    "status_token",
    "total_refunded",
    "with_lines",
]


def get_return(shop: Shop, pk: int) -> Return:
    """A return of this shop; raises NotFound."""
    return _one(Return.objects.filter(shop=shop, pk=pk))


def find_return(shop: Shop, number: str) -> Return:
    """A return of this shop by the number that people read; raises NotFound."""
    return _one(Return.objects.filter(shop=shop, number=number.strip().upper()))


def status_token(ret: Return) -> str:
    """The token of the link in the mails: opens the status page for reading."""
    return tokens.sign("return-status", ret.pk)


def return_by_status_token(shop: Shop, number: str, token: str) -> Return:
    """The return that a mailed link opens; raises InvalidInput for a forged link, NotFound for another return's."""
    pk = tokens.unsign("return-status", token, max_age=None)
    return _one(Return.objects.filter(shop=shop, number=number, pk=pk))


def _one(rows: QuerySet[Return]) -> Return:
    ret = rows.select_related("shop", "order", "policy", "label").first()
    if ret is None:
        raise NotFound(_("There is no such return."))
    return ret


def with_lines(rows: QuerySet[Return]) -> QuerySet[Return]:
    """Returns with what every screen shows of them: order, label, lines, photos, products."""
    lines = ReturnLine.objects.select_related("order_line").prefetch_related("photos").order_by("pk")
    return rows.select_related("shop", "order", "policy", "label").prefetch_related(Prefetch("lines", lines))


def returns_of_order(order: Order) -> list[Return]:
    """All returns of an order, newest first, with their lines."""
    return list(with_lines(Return.objects.filter(order=order).order_by("-pk")))


def returns_page(
    shop: Shop, *, states: Iterable[str] | None = None, search: str = "", before: int | None = None, limit: int = 50
) -> list[Return]:
    """Up to ``limit`` + 1 returns, newest first, older than key ``before``; ``search`` is a number or an e-mail."""
    rows = Return.objects.filter(shop=shop)
    if states is not None:
        rows = rows.filter(state__in=list(states))
    if search := search.strip():
        rows = rows.filter(
            Q(number=search.upper()) | Q(order__number=search.lstrip("#")) | Q(order__email=search.lower())
        )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(with_lines(rows.order_by("-pk"))[: limit + 1])


def open_return_exists(order: Order) -> bool:
    """Whether something of the order is, or may come, on its way back."""
    return Return.objects.filter(
        order=order, state__in=[ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED]
    ).exists()


# -- money ---------------------------------------------------------------------------------------------------------


def amounts(ret: Return) -> dict[int, Money]:
    """What the customer paid for the units of each line of a return, by ``ReturnLine.pk``.

    Units that arrived, once counted; those asked for before. Earlier returns of the same line come first, so that
    the last unit carries the rounding remainder exactly once.
    """
    return amounts_of([ret])[ret.pk]


def amounts_of(rets: Sequence[Return]) -> dict[int, dict[int, Money]]:
    """:func:`amounts` of several returns, by ``Return.pk``; one query besides their lines and their orders' lines."""
    before = _units_before(rets)
    return {ret.pk: _amounts(ret, before[ret.pk]) for ret in rets}


def _amounts(ret: Return, earlier: Mapping[int, int]) -> dict[int, Money]:
    order = ret.order
    lines = list(order.lines.all())
    unit = quantum(order.currency)
    priced = {line.pk: PricedLine(line.pk, line.total, line.quantity) for line in lines}
    totals = line_totals(list(priced.values()), goods_total=order.total - order.shipping, unit=unit)
    result = {}
    for row in ret.lines.all():
        line = priced[row.order_line_id]
        want = row.quantity if row.quantity_received is None else row.quantity_received
        taken = min(earlier.get(line.key, 0), line.quantity)
        amount = units_amount(line, totals[line.key], taken=taken, want=min(want, line.quantity - taken), unit=unit)
        result[row.pk] = order.money(amount)
    return result


def _units_before(rets: Sequence[Return]) -> dict[int, dict[int, int]]:
    """Per return, the units of each order line in earlier returns of its order that were not given up."""
    rows = ReturnLine.objects.filter(ret__order_id__in={ret.order_id for ret in rets}).exclude(
        ret__state__in=[ReturnState.DECLINED, ReturnState.CANCELED]
    )
    before: dict[int, dict[int, int]] = {ret.pk: {} for ret in rets}
    for pk, order, line, asked, received in rows.values_list(
        "ret_id", "ret__order_id", "order_line_id", "quantity", "quantity_received"
    ):
        for ret in rets:
            if ret.order_id == order and pk < ret.pk:
                units = before[ret.pk]
                units[line] = units.get(line, 0) + (asked if received is None else received)
    return before


def shipping_due(ret: Return) -> Money:
    """Outbound shipping that goes back: all of it when this return completes the whole order, else nothing."""
    order = ret.order
    if not ret.policy.refund_original_shipping:
        return Money.zero(order.currency)
    bought = sum(line.quantity for line in order.lines.all())
    here = sum(r.quantity if r.quantity_received is None else r.quantity_received for r in ret.lines.all())
    whole = sum(_units_before([ret])[ret.pk].values()) + here >= bought
    return order.money(order.shipping) if whole else Money.zero(order.currency)


def goods_due(ret: Return) -> Money:
    """The price of all units of the return."""
    return sum(amounts(ret).values(), Money.zero(ret.order.currency))


def refunds_of(ret: Return) -> list[Refund]:
    """The refunds of a return, newest first."""
    return list(Refund.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk).order_by("-pk"))


def refund_preview(ret: Return, *, at: datetime) -> RefundPreview:
    """What a refund of this return would be, against what Saleor has of the order's money now.

    Raises what ``connection.client.call`` raises.
    """
    return compensation.preview(
        ret.order, goods=goods_due(ret), shipping=shipping_due(ret), subject=("return", ret.pk), at=at
    )


def total_refunded(ret: Return) -> Decimal:
    """What was given back, or is under way, for this return."""
    rows = compensation.counting(ret.order).filter(subject="return", subject_id=ret.pk)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)

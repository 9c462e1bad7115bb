"""Reads about returns; every one takes the shop, or a row of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.models import Refund
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.queries import policy_of

from .due import amounts_of
from .eligibility import LineEligibility, eligibilities, eligibility
from .models import Return, ReturnLine, ReturnState

__all__ = [
    "LineEligibility",
    "amounts",
    "amounts_of",
    "eligibilities",
    "eligibility",
    "find_return",
    "get_return",
    "gift_returns",
    "open_return_exists",
    "policy_of",
    "refunds_of",
    "return_by_status_token",
    "returns_of_order",
    "returns_page",
    "status_token",
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
    ret = rows.select_related("shop", "order", "policy").first()
    if ret is None:
        raise NotFound(_("There is no such return."))
    return ret


def with_lines(rows: QuerySet[Return]) -> QuerySet[Return]:
    """Returns with what every screen shows of them: order, label, lines, photos, products."""
    lines = ReturnLine.objects.select_related("order_line").prefetch_related("photos").order_by("pk")
    return rows.select_related("shop", "order", "policy").prefetch_related(Prefetch("lines", lines))


def returns_of_order(order: Order) -> list[Return]:
    """All returns of an order, newest first, with their lines."""
    return list(with_lines(Return.objects.filter(order=order).order_by("-pk")))


def gift_returns(order: Order, email: str) -> list[Return]:
    """What the recipient of a gift with this address asked for, newest first; nobody else's."""
    rows = Return.objects.filter(order=order, gift_recipient_email=email).exclude(gift_recipient_email="")
    return list(rows.order_by("-pk"))


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
    """What the customer paid for the units of each line of a return, by ``ReturnLine.pk``; see ``due.amounts_of``."""
    return amounts_of([ret])[ret.pk]


def refunds_of(ret: Return) -> list[Refund]:
    """The refunds of a return, newest first."""
    return list(Refund.objects.filter(shop_id=ret.shop_id, subject="return", subject_id=ret.pk).order_by("-pk"))

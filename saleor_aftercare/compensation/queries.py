"""Reads about money given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import CommandState, Order, ShopCommand
from saleor_aftercare.connection.orders import remember_order
from saleor_aftercare.core.errors import NotFound, ProviderUnavailable
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money, quantum

from .ledger import Ledger, read_ledger
from .models import COUNTING_STATES, OPEN_STATES, Refund, RefundMethod


@dataclass(frozen=True)
class MethodOption:
    """A way of giving money back, and why it can or cannot be taken."""

    method: RefundMethod
    possible: bool
    explanation: str


@dataclass(frozen=True)
class RefundPreview:
    """What a refund would be; computed the way it is then executed."""

    items: Money
    shipping: Money
    already_refunded: Money  #: on the whole order, by whomever
    available: Money  #: the most that may still go back on the order
    suggested: Money
    methods: tuple[MethodOption, ...]


def get_refund(shop: Shop, pk: int) -> Refund:
    """A refund of this shop; raises NotFound."""
    refund = Refund.objects.select_related("shop", "order").filter(shop=shop, pk=pk).first()
    if refund is None:
        raise NotFound(_("There is no such refund."))
    return refund


def counting(order: Order) -> QuerySet[Refund]:
    """The order's refunds whose amount is, or may yet be, given back."""
    return Refund.objects.filter(order=order, state__in=COUNTING_STATES)


def steps_of(refund: Refund) -> list[ShopCommand]:
    """What was sent to Saleor for a refund, in order."""
    return list(
        ShopCommand.objects.filter(shop_id=refund.shop_id, subject="refund", subject_id=refund.pk).order_by("pk")
    )


def read_money(order: Order, *, at: datetime) -> tuple[Ledger, Mapping[str, Any]]:
    """The order's money as Saleor has it now, refreshing our copy of the order on the way; and the raw answer."""
    answer = client.call(order.shop, "order-money", id=order.saleor_id).get("order")
    if answer is None:
        raise ProviderUnavailable(_("Saleor does not show this order at the moment."))
    remember_order(order.shop, answer, issued_at=at)
    return read_ledger(answer, own_app_id=order.shop.app_id), answer


@dataclass(frozen=True)
class Reserved:
    """What we have decided and Saleor does not show yet."""

    total: Money
    by_transaction: Mapping[str, Money]


def reserved(order: Order, ledger: Ledger, *, before: int | None = None) -> Reserved:
    """Our open refunds of the order that Saleor's figures do not contain; those older than key ``before`` only."""
    rows = Refund.objects.filter(order=order, state__in=OPEN_STATES)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows_by_pk = {row.pk: row for row in rows}
    sent = ShopCommand.objects.filter(
        shop_id=order.shop_id, subject="refund", subject_id__in=rows_by_pk, state=CommandState.SENT
    )
    shown = set()
    for command in sent:
        grant, transaction = command.response.get("granted_refund"), command.response.get("transaction")
        if (grant and ledger.shown({grant})) or (transaction and any(p.id == transaction for p in ledger.payments)):
            shown.add(command.subject_id)
    total, by_transaction = Money.zero(order.currency), dict[str, Money]()
    for pk, row in rows_by_pk.items():
        if pk not in shown:
            total += row.money
            if row.transaction_id:
                so_far = by_transaction.get(row.transaction_id, Money.zero(order.currency))
                by_transaction[row.transaction_id] = so_far + row.money
    return Reserved(total, by_transaction)


def preview(order: Order, *, goods: Money, shipping: Money, subject: tuple[str, int], at: datetime) -> RefundPreview:
    """What giving back ``goods`` and ``shipping`` would be, now.

    ``subject`` is the case; what it was refunded already is taken off the suggestion.
    Raises what ``connection.client.call`` raises.
    """
    ledger, _answer = read_money(order, at=at)
    ours = reserved(order, ledger)
    available = ledger.available(others=ours.total)
    done = sum(
        (r.money for r in counting(order).filter(subject=subject[0], subject_id=subject[1])), Money.zero(order.currency)
    )
    zero = Money.zero(order.currency)
    suggested = max(min(goods + shipping - done, available), zero)
    wanted = suggested or Money(quantum(order.currency), order.currency)
    payment = ledger.payment_for(wanted, reserved=ours.by_transaction)
    return RefundPreview(
        items=goods,
        shipping=shipping,
        already_refunded=ledger.refunded(),
        available=available,
        suggested=suggested,
        methods=(
            MethodOption(
                RefundMethod.PAYMENT_APP, payment is not None and bool(available), _explain(ledger, payment is not None)
            ),
            MethodOption(
                RefundMethod.MANUAL,
                bool(available),
                _("You pay by other means, such as a bank transfer; Saleor is told that you did."),
            ),
        ),
    )


def _explain(ledger: Ledger, possible: bool) -> str:
    if possible:
        return _("The payment app gives the money back to the means of payment that was used.")
    if not any(p.by_app for p in ledger.payments):
        return _("No payment app can refund this order: it was marked as paid by hand.")
    return _("No single payment of this order has that much left.")

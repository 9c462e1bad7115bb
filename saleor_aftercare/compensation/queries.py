"""Reads about money given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import CommandState, Order, ShopCommand
from saleor_aftercare.connection.orders import remember_order
from saleor_aftercare.core.errors import NotFound, ProviderUnavailable
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money

from .ledger import Ledger, read_ledger
from .models import (
    COUNTING_STATES,
    CREDIT_COUNTING_STATES,
    OPEN_STATES,
    CreditShare,
    Refund,
    Settlement,
    StoreCredit,
)

#: What an app needs to make gift cards.
MANAGE_GIFT_CARD = "MANAGE_GIFT_CARD"


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


# -- store credit --------------------------------------------------------------------------------------------------


def may_issue_credit(shop: Shop) -> bool:
    """Whether store credit can be offered: the shop wants it, and Saleor lets us make gift cards."""
    return not why_no_credit(shop)


def why_no_credit(shop: Shop) -> str:
    """Why store credit cannot be offered, for staff; empty when it can."""
    if MANAGE_GIFT_CARD not in shop.permissions:
        return _("The app may not make gift cards: give it the permission MANAGE_GIFT_CARD in Saleor.")
    if not shop.settings.store_credit_enabled:
        return _("Store credit is switched off in the settings.")
    return ""


def credits_of(order: Order) -> QuerySet[StoreCredit]:
    """The order's store credits that are, or may yet be, the customer's."""
    return StoreCredit.objects.filter(order=order, state__in=CREDIT_COUNTING_STATES)


def value_of(rows: Iterable[StoreCredit], currency: str) -> Money:
    """What credits took of an order's value: their amounts without the bonus."""
    return sum((row.money - row.bonus_money for row in rows), Money.zero(currency))


def taken_as_credit(order: Order, *, older_than: int | None = None, before: datetime | None = None) -> Money:
    """Of what was paid with ``order``, that part which became store credit, in whatever case, without bonuses.

    With ``older_than`` only credits older than that key; with ``before`` only those from before that moment.
    """
    own = credits_of(order).filter(restores=False)
    shares = CreditShare.objects.filter(order=order, credit__state__in=CREDIT_COUNTING_STATES)
    if older_than is not None:
        own, shares = own.filter(pk__lt=older_than), shares.filter(credit__lt=older_than)
    if before is not None:
        own, shares = own.filter(created_at__lt=before), shares.filter(credit__created_at__lt=before)
    elsewhere = CreditShare.objects.filter(credit__in=own).exclude(order=order).aggregate(sum=Sum("amount"))["sum"]
    here = shares.exclude(credit__order=order).aggregate(sum=Sum("amount"))["sum"]
    total = value_of(own, order.currency).amount - (elsewhere or 0) + (here or 0)
    return order.money(total)


def shares_of(credit: StoreCredit) -> list[tuple[Order, Money]]:
    """Which orders hold the value of a credit, and how much of it each; its bonus comes from none."""
    foreign = [
        (share.order, Money(share.amount, credit.currency).rounded())
        for share in credit.shares.select_related("order__shop").order_by("pk")
    ]
    own = credit.money - credit.bonus_money - sum((amount for _order, amount in foreign), Money.zero(credit.currency))
    return [(credit.order, own), *foreign] if own or not foreign else foreign


def gift_cards_left(order: Order, *, without: int | None = None) -> Money:
    """Of what gift cards paid, redeemed as promo codes, that part which was not given back; never negative."""
    restored = [row for row in credits_of(order).filter(restores=True) if row.pk != without]
    given = value_of(restored, order.currency)
    return max(order.money(order.gift_cards) - given, Money.zero(order.currency))


def left_for_credit(credit: StoreCredit, order: Order, ledger: Ledger) -> Money:
    """The most that ``order`` can add to a credit, bonus apart: what was paid, less all that was given otherwise."""
    gift_cards = gift_cards_left(order, without=credit.pk)
    if credit.restores:
        return gift_cards
    ours = reserved(order, ledger)
    left = ledger.available(others=ours.total) + gift_cards - taken_as_credit(order, older_than=credit.pk)
    return max(left, Money.zero(credit.currency))


def left_for_refund(refund: Refund, ledger: Ledger, ours: Reserved) -> Money:
    """The most that a refund may be: Saleor's figures, less what was given as credit in its place before."""
    return left_of(refund.order, ledger, ours, before=refund.created_at)


def left_of(order: Order, ledger: Ledger, ours: Reserved, *, before: datetime | None = None) -> Money:
    """The most that an order can still give back as money; ``before`` leaves out credit of later on."""
    available = ledger.available(others=ours.total)
    worth = available + gift_cards_left(order) - taken_as_credit(order, before=before)
    return max(min(available, worth), Money.zero(order.currency))


# -- settlements ---------------------------------------------------------------------------------------------------


def get_settlement(shop: Shop, pk: int) -> Settlement:
    """A settlement of this shop; raises NotFound."""
    settlement = Settlement.objects.select_related("shop", "order").filter(shop=shop, pk=pk).first()
    if settlement is None:
        raise NotFound(_("There is no such settlement."))
    return settlement


def get_store_credit(shop: Shop, pk: int) -> StoreCredit:
    """A store credit of this shop; raises NotFound."""
    credit = StoreCredit.objects.select_related("shop", "order").filter(shop=shop, pk=pk).first()
    if credit is None:
        raise NotFound(_("There is no such store credit."))
    return credit


def settlements_of(shop: Shop, subject: str, subject_id: int) -> list[Settlement]:
    """The settlements of a case, newest first."""
    return list(Settlement.objects.filter(shop=shop, subject=subject, subject_id=subject_id).order_by("-pk"))


def orders_of(settlement: Settlement) -> list[Order]:
    """The orders that a settlement concerns: its own first, then others that gave some of the money."""
    paid = Refund.objects.filter(settlement=settlement).values_list("order_id", flat=True)
    cards = StoreCredit.objects.filter(settlement=settlement).values_list("order_id", flat=True)
    shares = CreditShare.objects.filter(credit__settlement=settlement).values_list("order_id", flat=True)
    others = ({*paid, *cards, *shares}) - {settlement.order_id}
    rows = Order.objects.select_related("shop").filter(shop_id=settlement.shop_id, pk__in=others).order_by("pk")
    return [settlement.order, *rows]

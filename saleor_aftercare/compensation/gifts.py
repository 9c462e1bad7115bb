"""What a shop gives on an order although nothing comes back: store credit as a present, or a part of the price.

``look_at_gift`` asks Saleor where it must; ``work_out`` does the rest from our rows and Saleor's answer, so that
``actions.give`` can do it once more under the order's lock. Both have the fingerprint of all that was shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import orjson
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import TenderOrder
from saleor_aftercare.policies.queries import policy_of

from . import queries
from .actions.settlements import Parts, Recipient
from .ledger import Ledger
from .models import COUNTING_STATES, CREDIT_COUNTING_STATES, Refund, Settlement, StoreCredit
from .plan import PlannedPart, RefundRoute, plan_refund

HANDLE_PAYMENTS = "HANDLE_PAYMENTS"


class GiftKind(StrEnum):
    """In which way something is given."""

    CREDIT = "credit"  #: a gift card; the order keeps what was paid for it
    REFUND = "refund"  #: part of what was paid, the way it was paid


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What somebody wants to give, and for what of ours: ``("ticket", 7)``."""

    kind: GiftKind
    amount: Money
    subject: tuple[str, int]
    recipient: Recipient


@dataclass(frozen=True, kw_only=True)
class GiftPlan:
    """What giving it would be, now."""

    parts: Parts
    before: Money  #: given for the same subject before, in the order's currency
    problem: str  #: why it cannot be given; empty when it can
    fingerprint: str


def look_at_gift(order: Order, gift: Gift, *, apart_from: str = "", at: datetime) -> GiftPlan:
    """What it would be by Saleor's figures of this moment; see :func:`work_out`. Raises what reading Saleor raises."""
    return work_out(order, gift, read_state(order, gift, at=at), apart_from=apart_from, at=at)


def read_state(order: Order, gift: Gift, *, at: datetime) -> Ledger | None:
    """The order's money in Saleor; None where nothing of it is given."""
    return queries.read_money(order, at=at)[0] if gift.kind == GiftKind.REFUND else None


def work_out(order: Order, gift: Gift, ledger: Ledger | None, *, apart_from: str = "", at: datetime) -> GiftPlan:
    """The plan of a gift. Nothing is changed.

    What was given for the same subject before is part of what was shown: two people who give at once do not both.
    Settlements whose key begins with ``apart_from`` are left out of that: other steps of the same press of a button.
    """
    parts, problem = _refund(order, gift, ledger) if ledger is not None else _credit(order, gift, at=at)
    if not gift.amount:
        problem = _("There is nothing to give.")
    others = _others(order.shop_id, gift.subject, apart_from)
    shown = [
        [order.pk, gift.kind, gift.amount.wire(), gift.amount.currency, gift.recipient.email, problem],
        [[one.method, one.amount.wire(), one.transaction] for one in parts.refunds],
        list(others.order_by("pk").values_list("pk", flat=True)),
    ]
    return GiftPlan(
        parts=parts,
        before=given_before(order.shop_id, gift.subject, order.currency, apart_from=apart_from),
        problem=problem,
        fingerprint=hashlib.sha256(orjson.dumps(shown)).hexdigest(),
    )


def given_before(shop: int, subject: tuple[str, int], currency: str, *, apart_from: str = "") -> Money:
    """What was given for a subject, or is under way, in one currency; ``shop`` is a key, ``apart_from`` as above."""
    others = _others(shop, subject, apart_from).filter(currency=currency)
    refunds = Refund.objects.filter(settlement__in=others, state__in=COUNTING_STATES)
    cards = StoreCredit.objects.filter(settlement__in=others, state__in=CREDIT_COUNTING_STATES)
    sums = [rows.aggregate(sum=Sum("amount"))["sum"] for rows in (refunds, cards)]
    return Money(sum(filter(None, sums), Decimal(0)), currency).rounded()


def _others(shop: int, subject: tuple[str, int], apart_from: str) -> QuerySet[Settlement]:
    rows = Settlement.objects.filter(shop=shop, subject=subject[0], subject_id=subject[1])
    return rows.exclude(key__startswith=apart_from) if apart_from else rows


def _credit(order: Order, gift: Gift, *, at: datetime) -> tuple[Parts, str]:
    settings = settings_of(order.shop)
    days = settings.store_credit_valid_days
    today = at.astimezone(ZoneInfo(settings.time_zone)).date()
    problem = queries.why_no_credit(order.shop)
    if not problem and not gift.recipient.email:
        problem = _("There is no e-mail address that the code could go to.")
    parts = _parts(order, gift, (), expires_on=today + timedelta(days=days) if days else None)
    return parts, problem


def _refund(order: Order, gift: Gift, ledger: Ledger) -> tuple[Parts, str]:
    ours = queries.reserved(order, ledger)
    plan = plan_refund(
        ledger,
        gift.amount,
        reserved=ours.by_transaction,
        tender_order=TenderOrder(policy_of(order.shop).tender_order),
        route=RefundRoute.ORIGINAL,
    )
    left = queries.left_of(order, ledger, ours)
    problem = ""
    if HANDLE_PAYMENTS not in order.shop.permissions:
        problem = _("The app may not refund: give it the permission HANDLE_PAYMENTS in Saleor.")
    elif left < gift.amount:
        problem = _("Only %(amount)s can still be refunded.") % {"amount": f"{left.wire()} {left.currency}"}
    elif plan.short:
        problem = _("No payment app can give back that much; pay it another way.")
    return _parts(order, gift, plan.parts), problem


def _parts(order: Order, gift: Gift, refunds: tuple[PlannedPart, ...], *, expires_on: date | None = None) -> Parts:
    """Credit is all bonus: a present that takes nothing of what the order holds."""
    nothing = Money.zero(order.currency)
    credit = gift.amount if gift.kind == GiftKind.CREDIT else nothing
    return Parts(
        items=(),
        refunds=refunds,
        gift_cards={},
        credit=credit,
        credit_shares={},
        bonus=credit,
        exchange=nothing,
        recipient=gift.recipient,
        credit_expires_on=expires_on,
    )

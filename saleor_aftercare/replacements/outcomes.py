"""What became of a replacement's order; called by ``tasks``, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.events import publish

from . import actions
from .events import (
    ReplacementAwaitingPayment,
    ReplacementCanceled,
    ReplacementFailed,
    ReplacementNeedsStaff,
    ReplacementOutOfStock,
    ReplacementPlaced,
    ReplacementPriceChanged,
    ReplacementShipped,
)
from .models import Replacement


def _about(row: Replacement) -> tuple[int, str, int]:
    return row.pk, row.subject, row.subject_id


@transaction.atomic
def place(row: Replacement, *, at: datetime, **found: Any) -> None:
    """The order stands in Saleor, paid or for nothing. Raises Conflict."""
    row.move("pay" if row.state == "awaiting_payment" else "place", at=at, placed_at=at, failure="", **found)
    publish(ReplacementPlaced(*_about(row), order_number=row.saleor_order_number), shop=row.shop, at=at)


@transaction.atomic
def await_payment(row: Replacement, *, at: datetime, order_id: str, order_number: str) -> None:
    """The order stands in Saleor, and the customer owes the difference. Raises Conflict."""
    settings = ShopSettings.objects.get(shop=row.shop)
    row.move(
        "await_payment",
        at=at,
        failure="",
        saleor_order_id=order_id,
        saleor_order_number=order_number,
        payment_url=actions.payment_url(settings, order_id=order_id, order_number=order_number),
    )
    publish(
        ReplacementAwaitingPayment(
            *_about(row), order_number=order_number, due=row.due_money.wire(), currency=row.currency
        ),
        shop=row.shop,
        at=at,
    )


@transaction.atomic
def ship(row: Replacement, *, at: datetime) -> None:
    """The parcel left. Raises Conflict."""
    row.move("ship", at=at)
    publish(ReplacementShipped(*_about(row), order_number=row.saleor_order_number), shop=row.shop, at=at)


@transaction.atomic
def run_out(row: Replacement, *, at: datetime) -> None:
    """Sold out. Raises Conflict."""
    row.move("run_out", at=at, saleor_order_id="", saleor_order_number="")
    publish(ReplacementOutOfStock(*_about(row), goods=row.goods), shop=row.shop, at=at)


@transaction.atomic
def fail(row: Replacement, *, reason: str, at: datetime) -> None:
    """Saleor refused, and no order came of it. Raises Conflict."""
    row.move("fail", at=at, failure=reason[:500])
    publish(ReplacementFailed(*_about(row), reason=reason[:500]), shop=row.shop, at=at)


@transaction.atomic
def ask_staff(row: Replacement, *, reason: str, at: datetime) -> None:
    """A person has to look. Raises Conflict."""
    row.move("ask_staff", at=at, failure=reason[:500])
    publish(ReplacementNeedsStaff(*_about(row), reason=reason[:500]), shop=row.shop, at=at)


@transaction.atomic
def call_off(row: Replacement, *, at: datetime) -> None:
    """Staff canceled the order in Saleor. Raises Conflict."""
    row.move("call_off" if row.state == "creating" else "cancel", at=at)
    publish(ReplacementCanceled(*_about(row)), shop=row.shop, at=at)


@transaction.atomic
def warn(row: Replacement, *, reason: str, at: datetime) -> None:
    """A canceled replacement left something in Saleor that a person has to see to."""
    Replacement.objects.filter(pk=row.pk).update(failure=reason[:500])
    row.failure = reason[:500]
    publish(ReplacementNeedsStaff(*_about(row), reason=reason[:500]), shop=row.shop, at=at)


@transaction.atomic
def note_prices(row: Replacement, changes: list[dict[str, str]], *, at: datetime) -> None:
    """Tell staff that the shop asks something else now; once for the same change."""
    if changes == row.changes:
        return
    Replacement.objects.filter(pk=row.pk).update(changes=changes)
    row.changes = changes
    for change in changes:
        publish(
            ReplacementPriceChanged(
                *_about(row),
                goods=change["name"],
                promised=change["promised"],
                now=change["now"],
                currency=row.currency,
            ),
            shop=row.shop,
            at=at,
        )

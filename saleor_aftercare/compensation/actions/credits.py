"""Store credit: deciding it, and what became of it. The gift card itself is made by ``tasks``."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.events import (
    StoreCreditFailed,
    StoreCreditIssued,
    StoreCreditNeedsStaff,
    StoreCreditRevealed,
)
from saleor_aftercare.compensation.models import CreditShare, Settlement, StoreCredit, StoreCreditState
from saleor_aftercare.connection.models import CommandState, Order, ShopCommand
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.money import Money

from .review import review

#: Letters and digits that nobody takes for each other; Saleor takes 8 to 16 characters and tells case apart.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 16  #: about 79 bits


def new_code() -> str:
    """A code that nobody can guess, and that is free in every shop."""
    return "".join(secrets.choice(_ALPHABET) for _position in range(CODE_LENGTH))


@transaction.atomic
def issue_store_credit(
    order: Order,
    *,
    amount: Money,
    bonus: Money,
    key: str,
    subject: tuple[str, int],
    to_email: str,
    to_name: str,
    assigned_to: str = "",
    expires_on: date | None = None,
    restores: bool = False,
    settlement: Settlement | None = None,
    shares: Mapping[int, Money] | None = None,
    at: datetime,
    actor: Actor = SYSTEM,
) -> StoreCredit:
    """Decide a store credit and queue its gift card; the same ``key`` again returns the first one.

    ``amount`` includes ``bonus``. ``restores`` is for what a gift card had paid of the order. ``shares`` says, by the
    key of other orders, what of it was paid there. Raises InvalidInput.
    """
    if amount.currency != order.currency or amount.amount <= 0 or amount.rounded() != amount:
        raise InvalidInput(_("The amount must be more than 0 %(currency)s.") % {"currency": order.currency}, "amount")
    known = StoreCredit.objects.filter(shop=order.shop, key=key).first()
    if known is not None:
        return known
    credit = StoreCredit.objects.create(
        shop=order.shop,
        key=key,
        order=order,
        settlement=settlement,
        subject=subject[0],
        subject_id=subject[1],
        amount=amount.amount,
        bonus=bonus.amount,
        currency=amount.currency,
        code=new_code(),
        restores=restores,
        expires_on=expires_on,
        to_email=to_email,
        to_name=to_name[:300],
        assigned_to=assigned_to,
        state=StoreCreditState.PENDING,
        state_since=at,
        requested_by=actor.name[:200],
        created_at=at,
    )
    CreditShare.objects.bulk_create(
        CreditShare(credit=credit, order_id=other, amount=share.amount)
        for other, share in (shares or {}).items()
        if share and other != order.pk
    )
    _schedule(credit, at=at)
    return credit


@transaction.atomic
def note_issued(credit: StoreCredit, *, gift_card_id: str, at: datetime) -> None:
    """The gift card is there. Raises Conflict."""
    credit.move("succeed", at=at, gift_card_id=gift_card_id, issued_at=at, failure="")
    publish(StoreCreditIssued(*_about(credit)), shop=credit.shop, at=at)
    review(credit.settlement_id, at=at)


@transaction.atomic
def fail_credit(credit: StoreCredit, *, reason: str, at: datetime) -> None:
    """No card was made. Raises Conflict."""
    credit.move("fail", at=at, failure=reason[:500])
    publish(StoreCreditFailed(*_about(credit), reason=reason[:500]), shop=credit.shop, at=at)
    review(credit.settlement_id, at=at)


@transaction.atomic
def ask_staff_about_credit(credit: StoreCredit, *, reason: str, at: datetime) -> None:
    """A person has to look. Raises Conflict."""
    credit.move("ask_staff", at=at, failure=reason[:500])
    publish(StoreCreditNeedsStaff(*_about(credit), reason=reason[:500]), shop=credit.shop, at=at)
    review(credit.settlement_id, at=at)


@transaction.atomic
def retry_credit(credit: StoreCredit, *, at: datetime, actor: Actor = SYSTEM) -> StoreCredit:
    """Try again to make the gift card of a credit that failed or waits for staff. Raises Conflict.

    A card that Saleor has made after all is found by its code, and no second one is made.
    """
    del actor  # the settlement's own event says who
    credit.move("retry", at=at, failure="")
    for command in ShopCommand.objects.filter(
        shop=credit.shop, subject="store_credit", subject_id=credit.pk, state=CommandState.FAILED
    ):
        command.move("retry", at=at, error="", error_code="")
    _schedule(credit, at=at)
    review(credit.settlement_id, at=at)
    return credit


@transaction.atomic
def reveal_code(credit: StoreCredit, *, at: datetime, actor: Actor) -> str:
    """The whole code, and a note of who looked at it. Raises Conflict while there is no card."""
    if credit.state != StoreCreditState.ISSUED:
        raise Conflict(_("The gift card does not exist yet."))
    publish(StoreCreditRevealed(*_about(credit)), shop=credit.shop, at=at, actor=actor)
    return str(credit.code)


def _schedule(credit: StoreCredit, *, at: datetime) -> None:
    schedule(
        "compensation.store_credit",
        key=f"store-credit:{credit.pk}",
        shop=credit.shop,
        due_at=at,
        payload={"credit": credit.pk},
        again=True,
    )


def _about(credit: StoreCredit) -> tuple[int, str, int, str, str]:
    return credit.pk, credit.subject, credit.subject_id, credit.money.wire(), credit.currency

"""Steps of macros that give money although nothing comes back: store credit, and a part of the price.

An amount is one of a currency, ``("10.00", "EUR")``, or a share of what the order cost, ``("10", "%")``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import Recipient
from saleor_aftercare.compensation.actions.gifts import give
from saleor_aftercare.compensation.gifts import Gift, GiftKind, given_before, look_at_gift
from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import Ticket

SHARE: Final = "%"


@dataclass(frozen=True)
class MoneyStep:
    """One way of giving."""

    kind: GiftKind
    title: Callable[[], str]


GIFTS: Final[Mapping[str, MoneyStep]] = {
    "give_credit": MoneyStep(GiftKind.CREDIT, lambda: _("Give store credit")),
    "give_refund": MoneyStep(GiftKind.REFUND, lambda: _("Refund a part of the price")),
}


@dataclass(frozen=True)
class SeenGift:
    """What giving it would be."""

    summary: str
    amount: Money
    before: Money  #: given for the conversation before
    problem: str
    fingerprint: str


def checked_amount(values: Sequence[str], place: str) -> tuple[str, str]:
    """An amount of a step in one spelling; raises InvalidInput(place)."""
    amount, unit = (unicodedata.normalize("NFKC", one).strip() for one in values)
    if unit == SHARE:
        return f"{_share(amount, place):f}", SHARE
    money = Money.of(amount, unit.upper(), field=place)
    if not money:
        raise InvalidInput(_("The amount must be more than 0 %(currency)s.") % {"currency": money.currency}, place)
    return money.wire(), money.currency


def _share(text: str, place: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        raise InvalidInput(_("Not a number."), place) from None
    if not share.is_finite() or not 0 < share <= 100 or share != share.quantize(Decimal("0.01")):
        raise InvalidInput(_("A share is more than 0 and at most 100 percent, with two decimals at most."), place)
    return share.quantize(Decimal("0.01")).normalize()


def gift_of(do: str, values: Sequence[str], ticket: Ticket) -> Gift:
    """What a step gives in a conversation. Raises InvalidInput("values") where it does not fit its order.

    The code of store credit goes to the address of the order, so that nobody of the staff chooses where it goes.
    """
    order = _order_of(ticket)
    amount, unit = values
    if unit == SHARE:
        money = Money(order.total * Decimal(amount) / 100, order.currency).rounded()
    elif unit != order.currency:
        raise InvalidInput(
            _("The order is in %(order)s, and this step gives %(step)s.") % {"order": order.currency, "step": unit},
            "values",
        )
    else:
        money = Money.of(amount, unit, field="values")
    recipient = Recipient(
        email=order.email or ticket.customer_email,
        name=order.customer_name or ticket.customer_name,
        user_id=order.user_id if settings_of(ticket.shop).store_credit_assigned else "",
    )
    return Gift(kind=GIFTS[do].kind, amount=money, subject=("ticket", ticket.pk), recipient=recipient)


def look(do: str, values: Sequence[str], ticket: Ticket, *, at: datetime) -> SeenGift:
    """What a step would give now; refunds by Saleor's figures of this moment. Raises as :func:`gift_of`, and Saleor."""
    order, gift = _order_of(ticket), gift_of(do, values, ticket)
    plan = look_at_gift(order, gift, at=at)
    blanks = {
        "amount": f"{gift.amount.wire()} {gift.amount.currency}",
        "email": gift.recipient.email,
        "number": order.number,
    }
    words = {
        GiftKind.CREDIT: _("Give %(amount)s of store credit; the code goes to %(email)s"),
        GiftKind.REFUND: _("Refund %(amount)s of order %(number)s; nothing has to come back"),
    }
    return SeenGift(words[gift.kind] % blanks, gift.amount, plan.before, plan.problem, plan.fingerprint)


def given_so_far(ticket: Ticket, currency: str, *, apart_from: str) -> Money:
    """What was given for a conversation by steps like these, but by the run whose keys begin with ``apart_from``."""
    return given_before(ticket.shop_id, ("ticket", ticket.pk), currency, apart_from=apart_from)


def carry_out(
    do: str,
    values: Sequence[str],
    ticket: Ticket,
    *,
    fingerprint: str,
    key: str,
    at: datetime,
    actor: Actor,
) -> None:
    """Give what was shown. Raises as ``compensation.actions.gifts.give``.

    The keys of one run are alike up to their last hyphen.
    """
    give(
        _order_of(ticket),
        gift_of(do, values, ticket),
        fingerprint=fingerprint,
        key=key,
        label=str(ticket.number),
        apart_from=key.removesuffix(key.rpartition("-")[2]),
        at=at,
        actor=actor,
    )


def _order_of(ticket: Ticket) -> Order:
    order = ticket.order
    if order is None:
        raise InvalidInput(_("This conversation is about no order; link one first."), "id")
    order.shop = ticket.shop
    return order

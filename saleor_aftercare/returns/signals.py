"""How often somebody sends goods back: shown to staff, and to the rules only where the law leaves them the choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, NullIf
from django.utils.crypto import salted_hmac

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import LegalBasis

from .models import GIVEN_UP_STATES, Return, ReturnLine, ReturnState

WINDOWS: Final = (30, 180, 365)
#: Bases on which a return may be held against the next one. Using a right never is.
COUNTING_BASES: Final = tuple(basis for basis in LegalBasis if duties(basis).history_counts)

_AMOUNT: Final[Any] = DecimalField(max_digits=20, decimal_places=6)


@dataclass(frozen=True)
class Velocity:
    """Returns of a person, or from an address, within so many days."""

    days: int
    returns: int
    statutory: int  #: of these, on bases that are the customer's right
    orders: int  #: that the person placed; 0 for an address
    value: Money  #: of the goods in the returns, in the currency of the case
    bought: Money  #: what the person bought, likewise

    @property
    def share_percent(self) -> int | None:
        """How much of what was bought came back, by value; None when nothing was bought."""
        return int(self.value.amount * 100 / self.bought.amount) if self.bought.amount else None


@dataclass(frozen=True)
class Signals:
    """What is known of earlier returns; for people to weigh, with the case in front of them."""

    person: tuple[Velocity, ...]
    address: tuple[Velocity, ...]
    people_at_address: int  #: different customers with returns from the address within a year
    wrong_items: int  #: units in whose place something else came, within a year
    missing_units: int  #: units that were announced and not in the parcel, within a year
    rejected_units: int  #: units that were not accepted after they arrived, within a year


def address_key_of(order: Order) -> str:
    """A digest of where an order went, the name left out; "" for an order without an address.

    Upper and lower case, spaces and punctuation do not make another place.
    """
    address = order.shipping_address or order.billing_address or {}
    parts = [str(address.get(name, "")) for name in ("street1", "street2", "postal_code", "city", "country")]
    plain = ["".join(char for char in part.casefold() if char.isalnum()) for part in parts]
    if not any(plain[:3]):
        return ""
    return salted_hmac(f"aftercare.address.{order.shop_id}", "|".join(plain), algorithm="sha256").hexdigest()


def signals_of(ret: Return, *, at: datetime) -> Signals:
    """What staff should know of the person and the place behind a return, itself left out; four queries."""
    currency = ret.order.currency
    others = Return.objects.filter(shop_id=ret.shop_id).exclude(pk=ret.pk)
    mine, place = others.filter(_person(ret)), others.filter(address_key=ret.address_key)
    return Signals(
        person=_velocity(mine, currency, at=at, orders=_orders_of(ret)),
        address=_velocity(place, currency, at=at) if ret.address_key else (),
        **_history(mine, place if ret.address_key else None, at=at),
    )


def voluntary_returns_before(ret: Return, *, days: int, at: datetime) -> int:
    """Earlier returns of the person within so many days that rest on nobody's right."""
    rows = Return.objects.filter(_person(ret), shop_id=ret.shop_id, requested_at__gt=at - timedelta(days=days))
    return rows.filter(legal_basis__in=COUNTING_BASES).exclude(pk=ret.pk).exclude(state__in=GIVEN_UP_STATES).count()


def _person(ret: Return) -> Q:
    if ret.gift_recipient_email:
        return Q(gift_recipient_email=ret.gift_recipient_email)
    orders = Order.objects.filter(_customer(ret.order), shop_id=ret.shop_id)
    return Q(order__in=orders, gift_recipient_email="")


def _customer(order: Order) -> Q:
    who = Q(email=order.email) if order.email else Q(pk=order.pk)
    return who | Q(user_id=order.user_id) if order.user_id else who


def _orders_of(ret: Return) -> QuerySet[Order] | None:
    if ret.gift_recipient_email:
        return None
    return Order.objects.filter(_customer(ret.order), shop_id=ret.shop_id).exclude(status__in=["CANCELED", "EXPIRED"])


def _velocity(
    rows: QuerySet[Return], currency: str, *, at: datetime, orders: QuerySet[Order] | None = None
) -> tuple[Velocity, ...]:
    units = Coalesce(F("lines__quantity_approved"), F("lines__quantity"))
    worth = ExpressionWrapper(
        F("lines__order_line__total") * units / NullIf(F("lines__order_line__quantity"), 0), output_field=_AMOUNT
    )
    wanted: dict[str, Any] = {}
    for days in WINDOWS:
        recent = Q(requested_at__gt=at - timedelta(days=days))
        wanted[f"returns_{days}"] = Count("pk", filter=recent, distinct=True)
        wanted[f"statutory_{days}"] = Count("pk", filter=recent & ~Q(legal_basis__in=COUNTING_BASES), distinct=True)
        wanted[f"value_{days}"] = Sum(worth, filter=recent & Q(order__currency=currency))
    year = rows.filter(requested_at__gt=at - timedelta(days=max(WINDOWS))).exclude(state=ReturnState.CANCELED)
    found = year.aggregate(**wanted)
    bought: dict[str, Any] = {}
    if orders is not None:
        sums: dict[str, Any] = {}
        for days in WINDOWS:
            recent = Q(placed_at__gt=at - timedelta(days=days))
            sums[f"orders_{days}"] = Count("pk", filter=recent)
            sums[f"bought_{days}"] = Sum(F("total") - F("shipping"), filter=recent & Q(currency=currency))
        bought = orders.filter(placed_at__gt=at - timedelta(days=max(WINDOWS))).aggregate(**sums)
    return tuple(
        Velocity(
            days=days,
            returns=found[f"returns_{days}"],
            statutory=found[f"statutory_{days}"],
            orders=bought.get(f"orders_{days}") or 0,
            value=Money(found[f"value_{days}"] or Decimal(0), currency).rounded(),
            bought=Money(bought.get(f"bought_{days}") or Decimal(0), currency).rounded(),
        )
        for days in WINDOWS
    )


def _history(mine: QuerySet[Return], place: QuerySet[Return] | None, *, at: datetime) -> dict[str, int]:
    since = at - timedelta(days=max(WINDOWS))
    lines = ReturnLine.objects.filter(ret__in=mine.filter(requested_at__gt=since))
    approved = Coalesce(F("quantity_approved"), F("quantity")) - F("unsent")
    counted = lines.filter(quantity_received__isnull=False, kept=False)
    found = counted.aggregate(
        wrong=Sum("quantity_wrong"),
        missing=Sum(approved - F("quantity_received") - F("quantity_wrong")),
        rejected=Sum("quantity_rejected"),
    )
    people = 0
    if place is not None:
        people = place.filter(requested_at__gt=since).aggregate(n=Count("order__email", distinct=True))["n"]
    return {
        "wrong_items": found["wrong"] or 0,
        "missing_units": max(0, found["missing"] or 0),
        "rejected_units": found["rejected"] or 0,
        "people_at_address": people,
    }

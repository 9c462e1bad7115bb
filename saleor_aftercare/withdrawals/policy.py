"""The period to withdraw, and what of an order it covers: pure decisions, no database, clock or network.

Everything counts in whole days of the shop's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from saleor_aftercare.policies.law import REFUND_DAYS, SEND_BACK_DAYS, last_day
from saleor_aftercare.policies.models import Exclusion

from .models import Flag

#: Exceptions that hold whatever the consumer did: CRD art. 16(c) and (d).
_ALWAYS = frozenset({Exclusion.CUSTOM_MADE, Exclusion.PERISHABLE})
#: Exceptions that begin when a seal is broken (art. 16(e) and (i)), which nobody knows before the goods are back.
_ONCE_OPENED = frozenset({Exclusion.HYGIENE, Exclusion.SEALED_MEDIA})


@dataclass(frozen=True, kw_only=True)
class ParcelFacts:
    """A parcel that left, and what is known of its arrival."""

    dispatched_on: date
    delivered_on: date | None
    estimated: bool  #: nobody has confirmed ``delivered_on``
    goods: bool  #: something in it has to be carried; False: digital content only


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """What the period of an order follows from."""

    days: int | None  #: of the period; None: the policy knows no right to withdraw for the place of delivery
    canceled: bool
    unsent_goods: bool  #: goods that have to be carried are still to be sent
    parcels: tuple[ParcelFacts, ...]
    country: str = ""  #: of delivery, whose public holidays count; "" where nobody knows


class PeriodState(StrEnum):
    """Whether somebody may withdraw on a day."""

    NO_RIGHT = "no_right"
    CANCELED = "canceled"
    NOT_BEGUN = "not_begun"  #: may withdraw; nothing, or not everything, has arrived
    RUNNING = "running"
    PERHAPS_OVER = "perhaps_over"  #: over if it arrived when we think; nobody has confirmed that
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Period:
    """The period of an order on one day, and what it was counted from."""

    state: PeriodState
    ends_on: date | None = None  #: the last day, inclusive
    counted_from: date | None = None  #: the last parcel's arrival
    estimated: bool = False

    @property
    def may_declare(self) -> bool:
        """The function is offered for it. A statement is taken and acknowledged in every state all the same."""
        return self.state in {PeriodState.NOT_BEGUN, PeriodState.RUNNING, PeriodState.PERHAPS_OVER}

    @property
    def flag(self) -> Flag | None:
        """What staff are told of it."""
        return {
            PeriodState.NO_RIGHT: Flag.NO_RIGHT,
            PeriodState.CANCELED: Flag.ORDER_CANCELED,
            PeriodState.PERHAPS_OVER: Flag.PERHAPS_LATE,
            PeriodState.OVER: Flag.LATE,
        }.get(self.state)


def judge_period(facts: OrderFacts, *, today: date) -> Period:
    """The period of an order as it stands on ``today``.

    It ends so many days after the last goods arrived (CRD art. 9(2)(b)); the day of arrival itself does not count,
    and a last day on a weekend or a public holiday moves to the next working day (``law.last_day``). Before that there
    is no deadline. Digital content never holds it up: it counts, from its supply, only where nothing had to be carried.
    An arrival that was only estimated closes nothing by itself.
    """
    if facts.canceled:
        return Period(state=PeriodState.CANCELED)
    if facts.days is None:
        return Period(state=PeriodState.NO_RIGHT)
    carried = [parcel for parcel in facts.parcels if parcel.goods]
    if facts.unsent_goods or any(parcel.delivered_on is None for parcel in carried) or not facts.parcels:
        return Period(state=PeriodState.NOT_BEGUN)
    if carried:
        arrivals = [(parcel.delivered_on or parcel.dispatched_on, parcel.estimated) for parcel in carried]
    else:
        arrivals = [(parcel.dispatched_on, False) for parcel in facts.parcels]
    last = max(day for day, _estimated in arrivals)
    # One confirmed parcel says nothing of the others: as long as any arrival is a guess, so is the last one.
    estimated = any(estimated for _day, estimated in arrivals)
    ends_on = last_day(last, facts.days, country=facts.country)
    state = PeriodState.RUNNING
    if today > ends_on:
        state = PeriodState.PERHAPS_OVER if estimated else PeriodState.OVER
    return Period(state=state, ends_on=ends_on, counted_from=last, estimated=estimated)


def refund_due(declared: date) -> date:
    """The last day for the money; our own duty is not stretched by weekends and holidays."""
    return declared + timedelta(days=REFUND_DAYS)


def send_back_due(declared: date, *, country: str) -> date:
    """The last day for the consumer in ``country`` to send the goods off; "" for a country that nobody knows."""
    return last_day(declared, SEND_BACK_DAYS, country=country)


class Coverage(StrEnum):
    """What a declaration does to one order line."""

    COVERED = "covered"
    CONDITIONAL = "conditional"  #: covered as long as a seal is unbroken, or a gift card unused
    EXCEPTED = "excepted"  #: no right to withdraw (CRD art. 16)


def coverage(exclusion: Exclusion | str, *, supplied: bool, is_gift_card: bool = False) -> Coverage:
    """Whether the merchant's exclusion of a line is an exception to the right to withdraw.

    Digital content is one only once it was supplied (art. 16(m)); "final sale" is the shop's own word and never one.
    """
    if exclusion in _ALWAYS or (exclusion == Exclusion.DIGITAL and supplied):
        return Coverage.EXCEPTED
    if exclusion in _ONCE_OPENED or is_gift_card:
        return Coverage.CONDITIONAL
    return Coverage.COVERED


class Duty(StrEnum):
    """How the refund stands."""

    NONE = "none"  #: nothing is due (any more)
    WITHHELD = "withheld"  #: may wait for the goods or the proof of sending, whichever is first (art. 13(3))
    RUNNING = "running"
    OVERDUE = "overdue"


def refund_duty(*, due_on: date | None, goods_out: bool, today: date) -> Duty:
    """How pressing a refund is; ``goods_out``: sent goods are neither back nor proved to be on their way."""
    if due_on is None:
        return Duty.NONE
    if goods_out:
        return Duty.WITHHELD
    return Duty.OVERDUE if today > due_on else Duty.RUNNING


def flags_of(period: Period, *, in_words: bool, repeated: bool, left: int, covered: int) -> list[Flag]:
    """What staff should know of a matched declaration, in the order of weight.

    ``left`` is how many of the declared units have neither come back nor been asked back, ``covered`` how many of
    those are no exception.
    """
    found: Iterable[Flag | None] = (
        period.flag,
        Flag.REPEATED if repeated and not left else None,
        Flag.GOODS_IN_WORDS if in_words else None,
        Flag.NOTHING_LEFT if not in_words and not left and not repeated else None,
        Flag.ALL_EXCEPTED if not in_words and left and not covered else None,
    )
    return [flag for flag in found if flag is not None]

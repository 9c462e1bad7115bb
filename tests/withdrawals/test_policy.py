"""The period to withdraw, and what it covers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.policies.models import Exclusion
from saleor_aftercare.withdrawals.models import Flag
from saleor_aftercare.withdrawals.policy import (
    Coverage,
    Duty,
    OrderFacts,
    ParcelFacts,
    Period,
    PeriodState,
    coverage,
    flags_of,
    judge_period,
    refund_due,
    refund_duty,
    send_back_due,
)

MONDAY = date(2026, 11, 2)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def parcel(delivered: date | None, *, estimated: bool = False, goods: bool = True, sent: date = MONDAY) -> ParcelFacts:
    return ParcelFacts(dispatched_on=sent, delivered_on=delivered, estimated=estimated, goods=goods)


def order(*parcels: ParcelFacts, days: int | None = 14, canceled: bool = False, unsent: bool = False) -> OrderFacts:
    return OrderFacts(days=days, canceled=canceled, unsent_goods=unsent, parcels=parcels)


def test_the_period_counts_from_the_day_after_the_arrival():
    period = judge_period(order(parcel(MONDAY)), today=MONDAY)

    assert period == Period(state=PeriodState.RUNNING, ends_on=date(2026, 11, 16), counted_from=MONDAY)


def test_the_last_day_still_counts_and_the_next_does_not():
    last = date(2026, 11, 16)

    assert judge_period(order(parcel(MONDAY)), today=last).state == PeriodState.RUNNING
    assert judge_period(order(parcel(MONDAY)), today=last + timedelta(days=1)).state == PeriodState.OVER


def test_before_delivery_it_is_open_and_has_no_deadline():
    """C2: before delivery: open, no deadline."""
    for facts in (order(), order(parcel(None)), order(parcel(MONDAY), unsent=True)):
        period = judge_period(facts, today=MONDAY + timedelta(days=400))

        assert (period.state, period.ends_on, period.may_declare) == (PeriodState.NOT_BEGUN, None, True)


def test_a_split_shipment_counts_from_its_last_parcel():
    """C2 and C1.13: the window runs from the last parcel."""
    facts = order(parcel(MONDAY), parcel(MONDAY + timedelta(days=9)), parcel(MONDAY + timedelta(days=3)))

    assert judge_period(facts, today=MONDAY).counted_from == MONDAY + timedelta(days=9)


def test_digital_lines_count_from_fulfilment_and_never_stall_the_rest():
    """C2: digital lines: count from fulfilment, must not stall."""
    late_download = parcel(None, goods=False, sent=MONDAY + timedelta(days=60))

    assert judge_period(order(parcel(MONDAY), late_download), today=MONDAY).ends_on == date(2026, 11, 16)
    assert judge_period(order(late_download), today=MONDAY).counted_from == MONDAY + timedelta(days=60)


def test_a_canceled_order_is_closed():
    """C2: canceled order: closed."""
    period = judge_period(order(parcel(MONDAY), canceled=True), today=MONDAY)

    assert (period.state, period.may_declare, period.flag) == (PeriodState.CANCELED, False, Flag.ORDER_CANCELED)


def test_without_the_right_in_the_country_there_is_none():
    """C2: Japan and others: no statutory right, and it is said plainly."""
    period = judge_period(order(parcel(MONDAY), days=None), today=MONDAY)

    assert (period.state, period.may_declare, period.flag) == (PeriodState.NO_RIGHT, False, Flag.NO_RIGHT)


def test_an_estimated_arrival_closes_nothing_by_itself():
    """C2 (mageme#10): in doubt for the consumer, and staff see that it is an estimate."""
    period = judge_period(order(parcel(MONDAY, estimated=True)), today=MONDAY + timedelta(days=90))

    assert (period.state, period.estimated, period.may_declare) == (PeriodState.PERHAPS_OVER, True, True)
    assert period.flag == Flag.PERHAPS_LATE


def test_one_confirmed_parcel_says_nothing_of_the_others():
    facts = order(parcel(MONDAY, estimated=True), parcel(MONDAY + timedelta(days=1)))

    assert judge_period(facts, today=MONDAY + timedelta(days=90)).state == PeriodState.PERHAPS_OVER


@pytest.mark.parametrize(
    ("country", "arrived", "ends_on"),
    [
        ("DE", date(2026, 12, 11), date(2026, 12, 28)),  # Christmas Day, the day after, a Sunday
        ("SE", date(2026, 12, 23), date(2027, 1, 7)),  # Epiphany is a holiday in all of Sweden
        ("DE", date(2026, 12, 23), date(2027, 1, 6)),  # in Germany it is one of three states only
        ("", date(2026, 12, 11), date(2026, 12, 25)),  # nobody knows where: weekends only
    ],
)
def test_a_last_day_on_a_public_holiday_of_the_consumers_country_moves_to_the_next_working_day(
    country, arrived, ends_on
):
    facts = replace(order(parcel(arrived)), country=country)

    assert judge_period(facts, today=ends_on).ends_on == ends_on
    assert judge_period(facts, today=ends_on).state == PeriodState.RUNNING
    assert judge_period(facts, today=ends_on + timedelta(days=1)).state == PeriodState.OVER


@given(st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=6), DAYS)
def test_more_parcels_never_shorten_the_period(arrivals, today):
    parcels = [parcel(day, estimated=estimated) for day, estimated in arrivals]

    fewer, all_of_them = (judge_period(order(*some), today=today) for some in (parcels[:1], parcels))

    assert all_of_them.ends_on >= fewer.ends_on
    assert all_of_them.may_declare or not fewer.may_declare


def test_our_own_deadline_is_not_stretched_by_a_weekend_but_the_consumers_is():
    saturday_in_two_weeks = date(2026, 11, 7)

    assert refund_due(saturday_in_two_weeks) == date(2026, 11, 21)
    assert send_back_due(saturday_in_two_weeks, country="DE") == date(2026, 11, 23)
    assert send_back_due(date(2026, 12, 11), country="DE") == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("exclusion", "supplied", "expected"),
    [
        (Exclusion.NONE, True, Coverage.COVERED),
        (Exclusion.FINAL_SALE, True, Coverage.COVERED),
        (Exclusion.CUSTOM_MADE, False, Coverage.EXCEPTED),
        (Exclusion.PERISHABLE, False, Coverage.EXCEPTED),
        (Exclusion.DIGITAL, True, Coverage.EXCEPTED),
        (Exclusion.DIGITAL, False, Coverage.COVERED),
        (Exclusion.HYGIENE, True, Coverage.CONDITIONAL),
        (Exclusion.SEALED_MEDIA, True, Coverage.CONDITIONAL),
    ],
)
def test_only_the_exceptions_of_the_law_count(exclusion, supplied, expected):
    """C1.22 and CRD art. 16: per line; the shop's own "final sale" takes nothing from the right."""
    assert coverage(exclusion, supplied=supplied) == expected


def test_a_gift_card_is_covered_as_long_as_it_is_unused():
    assert coverage("", supplied=True, is_gift_card=True) == Coverage.CONDITIONAL


def test_the_refund_may_wait_for_the_goods_and_no_longer():
    due = date(2026, 11, 16)

    assert refund_duty(due_on=due, goods_out=True, today=due + timedelta(days=30)) == Duty.WITHHELD
    assert refund_duty(due_on=due, goods_out=False, today=due) == Duty.RUNNING
    assert refund_duty(due_on=due, goods_out=False, today=due + timedelta(days=1)) == Duty.OVERDUE
    assert refund_duty(due_on=None, goods_out=False, today=due) == Duty.NONE


@pytest.mark.parametrize(
    ("period", "facts", "flags"),
    [
        (PeriodState.RUNNING, {"left": 2, "covered": 2}, []),
        (PeriodState.OVER, {"left": 2, "covered": 2}, [Flag.LATE]),
        (PeriodState.RUNNING, {"left": 2, "covered": 2, "in_words": True}, [Flag.GOODS_IN_WORDS]),
        (PeriodState.RUNNING, {"left": 0, "covered": 0, "repeated": True}, [Flag.REPEATED]),
        (PeriodState.RUNNING, {"left": 1, "covered": 1, "repeated": True}, []),
        (PeriodState.RUNNING, {"left": 0, "covered": 0}, [Flag.NOTHING_LEFT]),
        (PeriodState.RUNNING, {"left": 2, "covered": 0}, [Flag.ALL_EXCEPTED]),
        (PeriodState.CANCELED, {"left": 0, "covered": 0}, [Flag.ORDER_CANCELED, Flag.NOTHING_LEFT]),
    ],
)
def test_what_staff_are_told(period, facts, flags):
    facts = {"in_words": False, "repeated": False} | facts

    assert flags_of(Period(state=period), **facts) == flags

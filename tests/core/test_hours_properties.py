"""Arithmetic on working time: what holds for every calendar, and equality with looking at the wall each minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.hours import (
    BusinessCalendar,
    Closure,
    HolidayRule,
    Hours,
    NoWorkingTime,
    Opening,
)
from tests.core import hours_oracle as oracle

#: Moments around which something odd happens, by zone.
ODD_MOMENTS = {
    "Europe/Berlin": [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)],
    "America/New_York": [datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)],
    "Asia/Tokyo": [datetime(2026, 5, 3, 15, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)],
    "Australia/Lord_Howe": [datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)],
    "Pacific/Apia": [datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2012, 3, 31, 14, tzinfo=UTC)],
    "America/Sao_Paulo": [datetime(2018, 11, 4, 3, tzinfo=UTC), datetime(2018, 2, 18, 2, tzinfo=UTC)],
    "Asia/Kathmandu": [datetime(2026, 12, 31, 18, 15, tzinfo=UTC)],
    "Africa/Casablanca": [datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)],
}
SUBDIVISIONS = [("DE", ""), ("DE", "BY"), ("US", ""), ("JP", ""), ("AU", "NSW"), ("WS", "")]

hours = st.builds(
    lambda start, length: Hours(start, start + length),
    st.integers(0, 1439),
    st.one_of(st.integers(1, 1440), st.sampled_from([30, 60, 240, 480, 1440])),
)
weeks = st.lists(st.lists(hours, max_size=3).map(tuple), min_size=7, max_size=7).map(tuple)


@st.composite
def situations(draw) -> tuple[BusinessCalendar, datetime]:
    """A calendar, and a full minute near something odd."""
    zone = draw(st.sampled_from(sorted(ODD_MOMENTS)))
    near = draw(st.sampled_from(ODD_MOMENTS[zone]))
    today = near.astimezone(ZoneInfo(zone)).date()
    days = st.integers(-3, 4).map(lambda n: today + timedelta(days=n))
    closures = st.builds(
        lambda first, extra, part: Closure(first=first, last=first + timedelta(days=extra), hours=part),
        days,
        st.integers(0, 2),
        st.none() | hours,
    )
    openings = st.builds(lambda day, part: Opening(day=day, hours=part), days, hours)
    place = draw(st.none() | st.sampled_from(SUBDIVISIONS))
    week = draw(weeks)
    extra = draw(st.lists(openings, max_size=2))
    assume(any(week) or extra)
    calendar = BusinessCalendar(
        time_zone=zone,
        weekly=week,
        holidays=None if place is None else HolidayRule(country=place[0], subdivision=place[1]),
        closures=tuple(draw(st.lists(closures, max_size=2))),
        openings=tuple(extra),
    )
    return calendar, near + timedelta(minutes=draw(st.integers(-2 * 1440, 2 * 1440)))


spans = st.timedeltas(timedelta(0), timedelta(days=400))
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(hours=400))
NIGHTS = BusinessCalendar(time_zone="Europe/Berlin", weekly=((Hours(22 * 60, 26 * 60 + 30),),) * 7)


@settings(max_examples=30, deadline=None)
@given(situations(), st.integers(0, 3 * 1440))
@example((NIGHTS, datetime(2026, 10, 24, 12, tzinfo=UTC)), 1440)
@example((NIGHTS, datetime(2026, 3, 28, 12, tzinfo=UTC)), 1440)
def test_working_time_is_what_the_wall_says_minute_by_minute(situation, minutes):
    calendar, start = situation
    end = start + timedelta(minutes=minutes)

    assert calendar.working_time(start, end) == timedelta(minutes=oracle.working_minutes(calendar, start, end))


@settings(max_examples=25, deadline=None)
@given(situations(), st.integers(0, 600))
@example((NIGHTS, datetime(2026, 10, 24, 21, tzinfo=UTC)), 270)
def test_a_deadline_is_the_first_minute_by_which_the_wall_has_shown_enough(situation, minutes):
    calendar, start = situation
    expected = oracle.after_minutes(calendar, start, minutes, give_up=timedelta(days=4))
    assume(expected is not None)

    assert calendar.after_working(start, timedelta(minutes=minutes)) == expected


@settings(max_examples=50, deadline=None)
@given(situations(), amounts)
def test_the_working_time_up_to_a_deadline_is_exactly_what_was_given(situation, amount):
    calendar, start = situation
    try:
        due = calendar.after_working(start, amount)
    except NoWorkingTime:
        assert calendar.working_time(start, start + timedelta(days=9 * 365)) < amount
        return

    assert calendar.working_time(start, due) == amount
    assert calendar.working_time(start, due.astimezone(UTC) - timedelta(microseconds=1)) < amount


@settings(max_examples=50, deadline=None)
@given(situations(), spans, spans)
def test_working_time_adds_up(situation, one, other):
    calendar, start = situation
    middle, end = start + one, start + one + other

    together = calendar.working_time(start, middle) + calendar.working_time(middle, end)

    assert calendar.working_time(start, end) == together
    assert timedelta(0) <= calendar.working_time(start, middle) <= one


@settings(max_examples=50, deadline=None)
@given(situations(), amounts, amounts)
def test_working_on_from_a_deadline_is_working_in_one_go(situation, one, other):
    calendar, start = situation
    try:
        in_one_go = calendar.after_working(start, one + other)
    except NoWorkingTime:
        return

    assert calendar.after_working(calendar.after_working(start, one), other) == in_one_go


@settings(max_examples=50, deadline=None)
@given(situations(), spans, amounts, amounts)
def test_later_starts_and_larger_amounts_are_never_due_earlier(situation, later, one, other):
    calendar, start = situation
    try:
        longest = calendar.after_working(start + later, max(one, other))
    except NoWorkingTime:
        return

    assert calendar.after_working(start, max(one, other)) <= longest
    assert calendar.after_working(start, min(one, other)) <= calendar.after_working(start, max(one, other))


@settings(max_examples=50, deadline=None)
@given(situations(), spans)
def test_intervals_are_the_working_time_in_order_and_apart(situation, span):
    calendar, start = situation

    found = calendar.intervals(start, start + span)

    assert sum((one.length for one in found), timedelta(0)) == calendar.working_time(start, start + span)
    assert all(one.start < one.end for one in found)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert all(start <= one.start and one.end <= start + span for one in found)


@settings(max_examples=50, deadline=None)
@given(situations())
def test_the_next_working_instant_is_open_and_nothing_before_it_is(situation):
    calendar, at = situation
    try:
        opened = calendar.next_working(at)
    except NoWorkingTime:
        return

    assert calendar.is_working(opened)
    assert not calendar.working_time(at, opened)
    assert (opened == at) is calendar.is_working(at)


@pytest.mark.parametrize("year", [1971, 2011, 2026, 2100, 2188])
def test_a_calendar_round_the_clock_is_the_clock(year):
    calendar = BusinessCalendar(time_zone="Europe/Berlin", weekly=((Hours(0, 1440),),) * 7)
    start = datetime(year, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC)

    assert calendar.working_time(start, start + timedelta(days=700)) == timedelta(days=700)
    assert calendar.after_working(start, timedelta(days=700)) == start + timedelta(days=700)
    assert len(calendar.intervals(start, start + timedelta(days=700))) == 1
    assert calendar.days_off(date(year, 1, 1), date(year, 12, 31)) == []

"""Periods of law: whole days, and the working day that a last day moves to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.calendars import is_working_day
from saleor_aftercare.policies.law import EEA_COUNTRIES, last_day

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 11, 6), date(2026, 11, 20)),  # Friday to Friday
        (date(2026, 11, 7), date(2026, 11, 23)),  # Saturday: to the Monday after (Regulation 1182/71, art. 3(4))
        (date(2026, 11, 8), date(2026, 11, 23)),  # Sunday
        (date(2026, 3, 20), date(2026, 4, 7)),  # Good Friday, a weekend, Easter Monday
        (date(2026, 9, 19), date(2026, 10, 5)),  # 3 October is a Saturday as well
    ],
)
def test_a_last_day_moves_to_the_next_working_day(start, end):
    assert last_day(start, 14, country="DE") == end


@given(DAYS, st.integers(14, 60), st.sampled_from(["", *sorted(EEA_COUNTRIES)]))
def test_nobody_ever_has_less_than_the_days_that_the_law_gives(start, days, country):
    end = last_day(start, days, country=country)

    assert start + timedelta(days=days) <= end <= start + timedelta(days=days + 7)
    assert is_working_day(end, country=country)
    assert last_day(start, days, country="") <= end


@given(DAYS, st.integers(14, 60), st.sampled_from(sorted(EEA_COUNTRIES)))
def test_what_arrives_later_may_be_withdrawn_from_no_shorter(start, days, country):
    assert last_day(start, days, country=country) <= last_day(start + timedelta(days=1), days, country=country)


@pytest.mark.parametrize("country", sorted(EEA_COUNTRIES))
def test_the_holidays_of_every_country_with_the_right_of_withdrawal_are_known(country):
    assert not is_working_day(date(2029, 12, 25), country=country)  # a Tuesday
    assert is_working_day(date(2029, 12, 18), country=country)

"""Working days: weekends, and public holidays of a whole country."""

from __future__ import annotations

from datetime import date

import pytest

from saleor_aftercare.core.calendars import is_working_day, public_holidays


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("DE", date(2026, 11, 20), True),  # a Friday
        ("DE", date(2026, 11, 21), False),  # a Saturday
        ("DE", date(2026, 11, 22), False),  # a Sunday
        ("DE", date(2026, 5, 14), False),  # Ascension Day
        ("DE", date(2026, 1, 6), True),  # Epiphany: a holiday in some states only
        ("JP", date(2026, 9, 22), False),  # between two holidays: one by law (国民の祝日に関する法律 art. 3(3))
        ("JP", date(2026, 5, 6), False),  # in place of Constitution Day on a Sunday (art. 3(2))
        ("GB", date(2027, 12, 28), False),  # in place of Boxing Day on a Sunday
        ("US", date(2026, 11, 26), False),  # Thanksgiving
        ("", date(2026, 12, 25), True),
        ("ZZ", date(2026, 12, 25), True),
    ],
)
def test_a_working_day_is_no_weekend_and_no_public_holiday_of_the_country(country, day, works):
    assert is_working_day(day, country=country) is works


def test_a_country_that_nobody_knows_has_no_holidays():
    assert public_holidays("ZZ", 2026) == frozenset()

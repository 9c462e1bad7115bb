"""Public holidays by name, of a country and of its subdivisions."""

from __future__ import annotations

from datetime import date

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.holidays import holidays_of


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "name"),
    [
        ("DE", "", date(2026, 12, 25), "Christmas Day"),
        ("DE", "BY", date(2026, 1, 6), "Epiphany"),
        ("DE", "", date(2026, 1, 6), None),
        ("JP", "", date(2026, 5, 6), "Substitute Holiday"),
        ("US", "", date(2021, 12, 31), "New Year's Day (observed)"),  # by the law of the next year's holiday
        ("DE", "", date(2101, 12, 25), None),
    ],
)
def test_a_holiday_bears_its_english_name_where_it_is_one(country, subdivision, day, name):
    assert holidays_of(country, subdivision, day.year).get(day) == name


def test_a_country_or_subdivision_that_nobody_knows_is_named_with_what_there_is():
    with pytest.raises(InvalidInput, match='"ZZ" is no country') as unknown:
        holidays_of("ZZ", "", 2026)
    with pytest.raises(InvalidInput, match=r'"XX" is no subdivision of DE .* BB, BE, BW, BY') as elsewhere:
        holidays_of("DE", "XX", 2026)

    assert (unknown.value.field, elsewhere.value.field) == ("country", "subdivision")


def test_nobody_can_change_what_is_remembered():
    with pytest.raises(TypeError):
        holidays_of("DE", "", 2026)[date(2026, 2, 2)] = "Groundhog Day"

"""A calendar as JSON: every mistake is told with its path."""

from __future__ import annotations

from datetime import date

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.hours import Closure, Hours, Opening, read_calendar
from saleor_aftercare.core.reading import Place

MORNING = {"start": "09:00", "end": "12:00"}
GOOD = {"time_zone": "Europe/Berlin", "hours": {"mon": [MORNING]}}


def test_a_calendar_is_read_with_everything_it_may_hold():
    calendar = read_calendar(
        Place(
            {
                "time_zone": "Europe/Berlin",
                "hours": {
                    "mon": [MORNING, {"start": "22:00", "end": "02:00"}],
                    "sun": [{"start": "00:00", "end": "24:00"}],
                },
                "holidays": {"country": "de", "subdivision": "DE-BY", "except": ["2026-01-06", "12-26", "Good Friday"]},
                "closures": [
                    {"date": "2026-12-24", "start": "12:00", "end": "24:00"},
                    {"from": "2026-12-28", "to": "2026-12-30", "name": "Stocktaking"},
                ],
                "openings": [{"date": "2026-12-26", **MORNING}],
            },
            "calendar",
        )
    )

    assert calendar.weekly == ((Hours(540, 720), Hours(1320, 1560)), (), (), (), (), (), (Hours(0, 1440),))
    assert (calendar.holidays.country, calendar.holidays.subdivision) == ("DE", "BY")
    assert calendar.holidays.except_dates == {date(2026, 1, 6)}
    assert calendar.holidays.except_days == {(12, 26)}
    assert calendar.holidays.except_names == {"good friday"}
    assert calendar.closures == (
        Closure(first=date(2026, 12, 24), last=date(2026, 12, 24), hours=Hours(720, 1440)),
        Closure(first=date(2026, 12, 28), last=date(2026, 12, 30), name="Stocktaking"),
    )
    assert calendar.openings == (Opening(day=date(2026, 12, 26), hours=Hours(540, 720)),)


def test_a_calendar_round_the_clock_needs_no_hours():
    calendar = read_calendar(Place({"time_zone": "UTC", "always_open": True}, "calendar"))

    assert calendar.weekly == ((Hours(0, 1440),),) * 7


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"hours": {"mon": [MORNING, {"start": "13:00", "end": "25:00"}]}}, "hours.mon[1].end", "is not a time of day"),
        ({"hours": {"mon": [{"start": "9:00", "end": "12:00"}]}}, "hours.mon[0].start", '"9:00" is not a time of day'),
        ({"hours": {"mon": [{"start": "09:60", "end": "12:00"}]}}, "hours.mon[0].start", "is not a time of day"),
        ({"hours": {"mon": [{"start": "24:00", "end": "12:00"}]}}, "hours.mon[0].start", "can only end hours"),
        ({"hours": {"mon": [{"start": "09:00", "end": "09:00"}]}}, "hours.mon[0].end", "is the same as start"),
        ({"hours": {"mon": [{"start": "09:00"}]}}, "hours.mon[0].end", "is missing"),
        ({"hours": {"mon": [{"start": 9, "end": "12:00"}]}}, "hours.mon[0].start", "9 is not a time of day"),
        ({"hours": {"mon": MORNING}}, "hours.mon", "must be a list, not an object"),
        ({"hours": {"monday": []}}, "hours.monday", "is unknown; known here: mon, tue"),
        ({"hours": {}}, "hours", "no day has working hours"),
        ({"hours": {"mon": []}}, "hours", "no day has working hours"),
        ({"hours": None}, "hours", "no day has working hours"),
        ({"always_open": True}, "always_open", "cannot stand beside hours"),
        ({"always_open": "yes"}, "always_open", "must be true or false, not a text"),
        ({"time_zone": "Berlin"}, "time_zone", '"Berlin" is no IANA time zone'),
        ({"time_zone": None}, "time_zone", "is missing"),
        ({"timezone": "UTC"}, "timezone", "is unknown"),
        ({"holidays": "DE"}, "holidays", "must be an object, not a text"),
        ({"holidays": {"country": "ZZ"}}, "holidays.country", '"ZZ" is no country'),
        ({"holidays": {"country": "DE", "subdivision": "ZZ"}}, "holidays.subdivision", '"ZZ" is no subdivision of DE'),
        ({"holidays": {"country": "DE", "except": ["2026-02-30"]}}, "holidays.except[0]", "does not exist"),
        ({"holidays": {"country": "DE", "except": ["02-30"]}}, "holidays.except[0]", "is no day of a year"),
        ({"holidays": {"country": "DE", "except": ["24.12."]}}, "holidays.except[0]", "is not a date"),
        ({"closures": [{}]}, "closures[0]", 'must have either "date"'),
        ({"closures": [{"date": "2026-01-01", "from": "2026-01-01"}]}, "closures[0]", 'must have either "date"'),
        ({"closures": [{"from": "2026-01-01"}]}, "closures[0]", 'must have both "from" and "to"'),
        ({"closures": [{"date": "2026-01-01", "to": "2026-01-02"}]}, "closures[0]", 'must have both "from" and "to"'),
        ({"closures": [{"from": "2026-01-02", "to": "2026-01-01"}]}, "closures[0].to", "2026-01-01 is before"),
        ({"closures": [{"date": "2026-01-01", "start": "12:00"}]}, "closures[0]", 'must have both "start" and "end"'),
        ({"closures": [{"date": "1926-01-01"}]}, "closures[0].date", "is outside the years 1971 to 2199"),
        ({"openings": [{"date": "2026-01-01"}]}, "openings[0].start", "is missing"),
        (
            {"openings": [{"date": "2026-01-01", "start": "09:00", "end": "x"}]},
            "openings[0].end",
            "is not a time of day",
        ),
    ],
)
def test_a_mistake_is_told_with_its_path(change, path, message):
    with pytest.raises(InvalidInput) as refused:
        read_calendar(Place(GOOD | change, "calendar"))

    assert refused.value.field == f"calendar.{path}"
    assert message in refused.value.message

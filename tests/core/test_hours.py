"""Business calendars: one row for each trap that others fell into, with exact values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.hours import (
    BusinessCalendar,
    Closure,
    HolidayRule,
    Hours,
    NoWorkingTime,
    Opening,
    find_oddities,
    read_calendar,
    weekly,
)
from saleor_aftercare.core.reading import Place

NINE, NOON, ONE, FIVE = 9 * 60, 12 * 60, 13 * 60, 17 * 60
OFFICE = [(NINE, NOON), (ONE, FIVE)]
HOUR = timedelta(hours=1)


def calendar(*days, zone="Europe/Berlin", **more) -> BusinessCalendar:
    """Weekly hours from Monday on; days left out are closed."""
    return BusinessCalendar(time_zone=zone, weekly=weekly([*days, *[[]] * (7 - len(days))]), **more)


def office(**more) -> BusinessCalendar:
    """Monday to Friday, nine to five, closed at noon."""
    return calendar(*[OFFICE] * 5, **more)


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-20 10:00", 1, "2026-11-20 11:00"),
        ("2026-11-20 11:30", 1, "2026-11-20 13:30"),  # chatwoot#14009, frappe#2212: lunch does not count
        ("2026-11-20 12:30", 1, "2026-11-20 14:00"),  # asked at lunch
        ("2026-11-20 16:00", 2, "2026-11-23 10:00"),  # over the weekend
        ("2026-11-20 18:00", 2, "2026-11-23 11:00"),  # after closing
        ("2026-11-22 03:00", 7, "2026-11-23 17:00"),  # a whole day ends at closing time, not next morning
        ("2026-11-20 09:00", 3, "2026-11-20 12:00"),  # ends when lunch begins, not when it is over
        ("2026-11-21 10:00", 0, "2026-11-21 10:00"),  # nothing to be done is done at once, even on a Saturday
        ("2026-11-20 10:00", 70, "2026-12-04 10:00"),  # two weeks
    ],
)
def test_working_hours_pass_only_while_somebody_works(start, hours, due):
    found = office().after_working(at(start), hours * HOUR)

    assert found == at(due)
    assert office().working_time(at(start), found) == hours * HOUR


def test_seconds_and_microseconds_are_kept():
    asked = at("2026-11-20 16:59:59.250001")

    assert office().after_working(asked, timedelta(seconds=1)) == at("2026-11-23 09:00:00.250001")


def test_a_week_of_monday_and_thursday_goes_on_next_week():
    """osTicket#6739."""
    few = calendar(OFFICE, [], [], OFFICE)

    assert few.after_working(at("2026-11-19 16:00"), 2 * HOUR) == at("2026-11-23 10:00")
    assert few.after_working(at("2026-11-20 10:00"), 7 * HOUR) == at("2026-11-23 17:00")
    assert few.after_working(at("2026-11-20 10:00"), 8 * HOUR) == at("2026-11-26 10:00")


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    nights = calendar([], [], [], [], [(22 * 60, 2 * 60)])  # Fridays 22:00 to 02:00

    assert nights.after_working(at("2026-11-20 23:00"), 2 * HOUR) == at("2026-11-21 01:00")
    assert nights.after_working(at("2026-11-20 23:00"), 4 * HOUR) == at("2026-11-27 23:00")
    assert not nights.is_working(at("2026-11-20 01:00"))  # Thursday's night, not Friday's
    assert nights.intervals(at("2026-11-20 00:00"), at("2026-11-22 00:00"))[0].length == 4 * HOUR


def test_a_shift_over_the_turn_of_the_year_is_one_interval():
    nights = calendar(*[[(22 * 60, 2 * 60)]] * 7, zone="Pacific/Kiritimati")  # fourteen hours before UTC
    eve = at("2026-12-31 20:00", "Pacific/Kiritimati")

    assert [one.length for one in nights.intervals(eve, eve + 12 * HOUR)] == [4 * HOUR]
    assert nights.after_working(eve, 3 * HOUR) == at("2027-01-01 01:00", "Pacific/Kiritimati")


def test_holidays_of_the_country_and_its_subdivision_are_not_worked():
    bavaria = office(holidays=HolidayRule(country="DE", subdivision="BY"))
    germany = office(holidays=HolidayRule(country="DE"))
    friday = at("2027-01-05 16:00")  # Epiphany follows

    assert bavaria.after_working(friday, 2 * HOUR) == at("2027-01-07 10:00")
    assert germany.after_working(friday, 2 * HOUR) == at("2027-01-06 10:00")


@pytest.mark.parametrize(
    "exception",
    [
        {"except_dates": frozenset({date(2026, 5, 14)})},
        {"except_days": frozenset({(5, 14)})},
        {"except_names": frozenset({"ascension day"})},
    ],
)
def test_a_holiday_that_the_shop_does_not_take_is_worked(exception):
    """zammad#390."""
    taken = office(holidays=HolidayRule(country="DE"))
    not_taken = office(holidays=HolidayRule(country="DE", **exception))

    assert taken.working_time(at("2026-05-14 00:00"), at("2026-05-15 00:00")) == timedelta(0)
    assert not_taken.working_time(at("2026-05-14 00:00"), at("2026-05-15 00:00")) == 7 * HOUR
    assert not_taken.working_time(at("2026-05-25 00:00"), at("2026-05-26 00:00")) == timedelta(0)


def test_japanese_holidays_in_a_row_are_all_closed():
    tokyo = calendar(*[OFFICE] * 5, zone="Asia/Tokyo", holidays=HolidayRule(country="JP"))

    assert tokyo.after_working(at("2026-05-01 16:00", "Asia/Tokyo"), 2 * HOUR) == at("2026-05-07 10:00", "Asia/Tokyo")
    assert [name for _day, name in tokyo.days_off(date(2026, 5, 1), date(2026, 5, 10))] == [
        "Constitution Day",
        "Greenery Day",
        "Children's Day",
        "Substitute Holiday",
    ]


def test_a_holiday_ends_a_night_shift_at_midnight_and_drops_its_own():
    nights = calendar(*[[(22 * 60, 2 * 60)]] * 7, holidays=HolidayRule(country="DE"))
    span = at("2026-12-24 12:00"), at("2026-12-28 12:00")  # the 25th and the 26th are holidays

    assert [(one.start, one.end) for one in nights.intervals(*span)] == [
        (at("2026-12-24 22:00"), at("2026-12-25 00:00")),
        (at("2026-12-27 00:00"), at("2026-12-27 02:00")),
        (at("2026-12-27 22:00"), at("2026-12-28 02:00")),
    ]


def test_closures_take_whole_days_or_a_part_of_them():
    closed = office(
        closures=(
            Closure(first=date(2026, 11, 23), last=date(2026, 11, 24), name="Stocktaking"),
            Closure(first=date(2026, 11, 25), last=date(2026, 11, 25), hours=Hours(NINE, 14 * 60)),
        )
    )

    assert closed.after_working(at("2026-11-20 16:00"), 2 * HOUR) == at("2026-11-25 15:00")
    assert closed.days_off(date(2026, 11, 1), date(2026, 11, 23)) == [(date(2026, 11, 23), "Stocktaking")]


def test_an_extra_opening_wins_over_a_holiday_and_a_closure():
    advent = office(
        holidays=HolidayRule(country="DE"),
        closures=(Closure(first=date(2026, 12, 25), last=date(2026, 12, 26)),),
        openings=(Opening(day=date(2026, 12, 26), hours=Hours(NINE, NOON)),),
    )

    assert advent.after_working(at("2026-12-24 16:00"), 2 * HOUR) == at("2026-12-26 10:00")


def test_hours_that_overlap_count_once_and_are_told():
    double = calendar([(NINE, ONE), (NOON, FIVE)])

    assert double.working_time(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 8 * HOUR
    assert find_oddities(double, first_year=2026, last_year=2026) == [
        "hours.mon: intervals overlap; the common part counts once"
    ]


def test_exceptions_from_holidays_that_are_none_are_told():
    slips = office(
        holidays=HolidayRule(
            country="DE",
            except_dates=frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2030, 1, 2)}),
            except_days=frozenset({(12, 24)}),
            except_names=frozenset({"ascension dey"}),
        )
    )

    assert find_oddities(slips, first_year=2026, last_year=2027) == [
        'holidays.except: "ascension dey" is no holiday there from 2026 to 2027',
        "holidays.except: 2026-12-24 is no holiday there from 2026 to 2027",
        "holidays.except: 12-24 is no holiday there from 2026 to 2027",
    ]


def test_a_calendar_without_any_hours_is_refused():
    with pytest.raises(InvalidInput, match="no day has working hours") as refused:
        calendar()

    assert refused.value.field == "hours"


def test_a_calendar_that_is_closed_for_good_ends_the_search():
    summer = BusinessCalendar(
        time_zone="Europe/Berlin", weekly=((),) * 7, openings=(Opening(day=date(2026, 7, 1), hours=Hours(NINE, NOON)),)
    )
    asleep = office(closures=(Closure(first=date(2026, 1, 1), last=date(2199, 12, 31)),))

    assert summer.after_working(at("2026-01-01 00:00"), 3 * HOUR) == at("2026-07-01 12:00")
    with pytest.raises(NoWorkingTime, match="fewer than 1 working hours in the 10 years after 2026-07-01T12:00:00"):
        summer.after_working(at("2026-07-01 12:00"), HOUR)
    with pytest.raises(NoWorkingTime, match="no working time in the 10 years after"):
        asleep.next_working(at("2026-07-01 12:00"))


def test_times_without_a_zone_and_an_end_before_the_start_are_mistakes_of_the_caller():
    with pytest.raises(ValueError, match="has no time zone"):
        office().after_working(datetime(2026, 1, 1, 9), HOUR)  # noqa: DTZ001
    with pytest.raises(ValueError, match="is before"):
        office().working_time(at("2026-01-02 09:00"), at("2026-01-01 09:00"))
    with pytest.raises(ValueError, match="negative"):
        office().after_working(at("2026-01-02 09:00"), -HOUR)


@pytest.mark.parametrize("name", ["Europe", "Europe/Nowhere", "../etc/passwd", "localtime", "", "+01:00", "Europe/"])
def test_what_is_no_time_zone_is_refused(name):
    with pytest.raises(InvalidInput, match="is no IANA time zone") as refused:
        calendar(OFFICE, zone=name)

    assert refused.value.field == "time_zone"


# Change of the clocks. One rule: it is working time whenever the wall shows a time within the hours.

ROUND = [(0, 24 * 60)]


@pytest.mark.parametrize(
    ("zone", "day", "hours", "length"),
    [
        ("Europe/Berlin", "2026-03-29", 23, "spring: 02:00 to 03:00 is skipped"),
        ("Europe/Berlin", "2026-10-25", 25, "autumn: 02:00 to 03:00 comes twice"),
        ("America/New_York", "2026-03-08", 23, ""),
        ("America/New_York", "2026-11-01", 25, ""),
        ("Asia/Tokyo", "2026-03-29", 24, "no change"),
        ("Australia/Lord_Howe", "2026-10-04", 23.5, "half an hour"),
        ("Australia/Lord_Howe", "2026-04-05", 24.5, ""),
        ("Pacific/Apia", "2011-12-29", 24, ""),
        ("Pacific/Apia", "2011-12-31", 24, "the day after the one that never was"),
        ("America/Sao_Paulo", "2018-11-04", 23, "midnight itself is skipped"),
    ],
)
def test_a_day_round_the_clock_lasts_as_long_as_it_really_does(zone, day, hours, length):
    one_day = calendar(*[ROUND] * 7, zone=zone)
    midnight = at(f"{day} 00:00", zone)
    next_midnight = at(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00", zone)

    assert one_day.working_time(midnight, next_midnight) == hours * HOUR, length


@pytest.mark.parametrize(
    ("zone", "day", "start", "end", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", "00:00", "06:00", 5),  # the gap lies within
        ("Europe/Berlin", "2026-10-25", "00:00", "06:00", 7),
        ("Europe/Berlin", "2026-03-29", "02:30", "06:00", 3),  # begins in the gap: opens at 03:00
        ("Europe/Berlin", "2026-03-29", "00:00", "02:30", 2),  # ends in the gap: closes at 02:00
        ("Europe/Berlin", "2026-03-29", "02:00", "03:00", 0),  # never shown
        ("Europe/Berlin", "2026-10-25", "02:00", "03:00", 2),  # shown twice
        ("Europe/Berlin", "2026-10-25", "02:30", "06:00", 4),
        ("America/New_York", "2026-03-08", "01:00", "04:00", 2),
        ("America/New_York", "2026-11-01", "01:00", "04:00", 4),
        ("Asia/Tokyo", "2026-03-29", "01:00", "04:00", 3),
        ("Australia/Lord_Howe", "2026-10-04", "01:00", "04:00", 2.5),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "04:00", 1.5),
        ("Australia/Lord_Howe", "2026-04-05", "01:00", "04:00", 3.5),
        ("Pacific/Apia", "2011-12-30", "00:00", "24:00", 0),  # Friday never came
        ("Pacific/Apia", "2011-12-29", "22:00", "03:00", 2),  # its night ended with Thursday
    ],
)
def test_hours_near_a_change_of_the_clocks_are_those_that_the_wall_shows(zone, day, start, end, hours):
    weekday = date.fromisoformat(day).strftime("%a").lower()
    one_day = read_calendar(Place({"time_zone": zone, "hours": {weekday: [{"start": start, "end": end}]}}, "calendar"))
    noon = at(f"{day} 12:00", zone)

    assert one_day.working_time(noon - 36 * HOUR, noon + 36 * HOUR) == hours * HOUR


def test_a_deadline_across_the_change_is_real_time():
    nights = calendar(*[[(22 * 60, 6 * 60)]] * 7)

    assert nights.after_working(at("2026-03-28 23:00"), 4 * HOUR) == at("2026-03-29 04:00")
    assert nights.after_working(at("2026-10-24 23:00"), 4 * HOUR) == datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_a_skipped_friday_is_no_working_day():
    """Pacific/Apia went from Thursday, 29 December 2011 to Saturday, 31 December."""
    apia = calendar(*[OFFICE] * 5, zone="Pacific/Apia")

    due = apia.after_working(at("2011-12-29 16:00", "Pacific/Apia"), 2 * HOUR)

    assert due == at("2012-01-02 10:00", "Pacific/Apia")


def test_equal_calendars_are_equal_whatever_they_have_worked_out():
    one, other = office(), office()

    one.after_working(at("2026-11-20 10:00"), HOUR)

    assert one == other
    assert hash(one) == hash(other)

"""A business calendar as a JSON object: read and checked. The format is told in docs/sla-explain.md."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from saleor_aftercare.core.reading import Place

from .calendar import (
    DAY_MINUTES,
    FIRST_YEAR,
    LAST_YEAR,
    WEEKDAYS,
    BusinessCalendar,
    Closure,
    HolidayRule,
    Hours,
    Opening,
)

MAX_INTERVALS: Final = 24  #: of a day
MAX_DAYS: Final = 1000  #: closures, openings, exceptions

_TIME: Final = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
_MONTH_DAY: Final = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_DATE_LIKE: Final = re.compile(r"[\d\-/.]+", re.ASCII)
_A_LEAP_YEAR: Final = 2000


def read_calendar(place: Place) -> BusinessCalendar:
    """The calendar that stands here; raises InvalidInput naming the path of what is wrong."""
    given = place.fields(
        required=("time_zone",), optional=("name", "hours", "always_open", "holidays", "closures", "openings")
    )
    if "name" in given:
        given["name"].text()
    always = "always_open" in given and given["always_open"].flag()
    if always and "hours" in given:
        given["always_open"].fail("cannot stand beside hours; give one of them")
    time_zone = given["time_zone"].text()
    closures = given["closures"].items(most=MAX_DAYS) if "closures" in given else []
    openings = given["openings"].items(most=MAX_DAYS) if "openings" in given else []
    named = given | {"hours": place.under("hours")}
    with place.here(named):
        return BusinessCalendar(
            time_zone=time_zone,
            weekly=((Hours(0, DAY_MINUTES),),) * len(WEEKDAYS) if always else _weekly(named["hours"]),
            holidays=_holidays(given["holidays"]) if "holidays" in given else None,
            closures=tuple(_closure(one) for one in closures),
            openings=tuple(_opening(one) for one in openings),
        )


def _weekly(place: Place) -> tuple[tuple[Hours, ...], ...]:
    if place.value is None:
        return ((),) * len(WEEKDAYS)
    days = place.fields(optional=WEEKDAYS)
    return tuple(
        tuple(_hours(one) for one in days[name].items(most=MAX_INTERVALS)) if name in days else () for name in WEEKDAYS
    )


def _hours(place: Place) -> Hours:
    given = place.fields(required=("start", "end"))
    return _between(given["start"], given["end"])


def _between(start: Place, end: Place) -> Hours:
    """An end before its start lies in the next day."""
    first, last = _minute(start), _minute(end)
    if first == DAY_MINUTES:
        start.fail('"24:00" can only end hours')
    if first == last:
        end.fail('is the same as start; a whole day is "00:00" to "24:00"')
    return Hours(first, last if last > first else last + DAY_MINUTES)


def _minute(place: Place) -> int:
    found = place.matching(_TIME, 'a time of day from "00:00" to "24:00"')
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        place.fail(f'"{place.value}" is not a time of day from "00:00" to "24:00"')
    return hour * 60 + minute


def _holidays(place: Place) -> HolidayRule:
    given = place.fields(required=("country",), optional=("subdivision", "except"))
    dates: set[date] = set()
    days: set[tuple[int, int]] = set()
    names: set[str] = set()
    for one in given["except"].items(most=MAX_DAYS) if "except" in given else []:
        text = one.text()
        if month_day := _MONTH_DAY.fullmatch(text):
            days.add(_month_day(one, int(month_day[1]), int(month_day[2])))
        elif _DATE_LIKE.fullmatch(text):
            dates.add(_day(one))
        else:
            names.add(text.lower())
    country = given["country"].text(most=2).upper()
    subdivision = given["subdivision"].text(most=60) if "subdivision" in given else ""
    with place.here(given):
        return HolidayRule(
            country=country,
            subdivision=subdivision.removeprefix(f"{country}-"),
            except_dates=frozenset(dates),
            except_days=frozenset(days),
            except_names=frozenset(names),
        )


def _month_day(place: Place, month: int, day: int) -> tuple[int, int]:
    try:
        date(_A_LEAP_YEAR, month, day)
    except ValueError:
        place.fail(f'"{place.value}" is no day of a year')
    return month, day


def _day(place: Place) -> date:
    day = place.date()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        place.fail(f"{day} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _closure(place: Place) -> Closure:
    given = place.fields(optional=("date", "from", "to", "start", "end", "name"))
    if ("date" in given) == ("from" in given):
        place.fail('must have either "date" (one day) or "from" and "to" (both included)')
    if ("from" in given) != ("to" in given):
        place.fail('must have both "from" and "to", or "date"')
    if ("start" in given) != ("end" in given):
        place.fail('must have both "start" and "end" (a part of the day), or neither (the whole day)')
    hours = _between(given["start"], given["end"]) if "start" in given else None
    first = _day(given["date" if "date" in given else "from"])
    last = _day(given["to"]) if "to" in given else first
    name = given["name"].text() if "name" in given else ""
    with place.here(given):
        return Closure(first=first, last=last, hours=hours, name=name)


def _opening(place: Place) -> Opening:
    given = place.fields(required=("date", "start", "end"), optional=("name",))
    return Opening(
        day=_day(given["date"]),
        hours=_between(given["start"], given["end"]),
        name=given["name"].text() if "name" in given else "",
    )

"""Working time by looking at the clock on the wall once a minute: slow, and too simple to be wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from saleor_aftercare.core.holidays import holidays_of
from saleor_aftercare.core.hours import BusinessCalendar, Hours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """Does the wall show a time within the hours?"""
    wall = at.astimezone(ZoneInfo(calendar.time_zone)).replace(tzinfo=None)
    today, minute = wall.date(), wall.hour * 60 + wall.minute

    def within(hours: Hours, day: date) -> bool:
        return hours.start <= minute + (1440 if day == today - DAY else 0) < hours.end

    days = (today, today - DAY)
    if any(opening.day == day and within(opening.hours, day) for opening in calendar.openings for day in days):
        return True
    if calendar.holidays is not None and today in dict(calendar.holidays.days_in(today.year)):
        assert today in holidays_of(calendar.holidays.country, calendar.holidays.subdivision, today.year)
        return False
    for closure in calendar.closures:
        if closure.hours is None and closure.first <= today <= closure.last:
            return False
        if closure.hours is not None and any(
            closure.first <= day <= closure.last and within(closure.hours, day) for day in days
        ):
            return False
    return any(within(hours, day) for day in days for hours in calendar.weekly[day.weekday()])


def working_minutes(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """Minutes in [start, end), both at full minutes."""
    at, found = start.astimezone(UTC), 0
    while at < end:
        found += is_open(calendar, at)
        at += MINUTE
    return found


def after_minutes(calendar: BusinessCalendar, start: datetime, minutes: int, *, give_up: timedelta) -> datetime | None:
    """The instant by which so many minutes were worked; None when not before ``give_up`` has passed."""
    at, last = start.astimezone(UTC), start + give_up
    while minutes:
        if at >= last:
            return None
        minutes -= is_open(calendar, at)
        at += MINUTE
    return at

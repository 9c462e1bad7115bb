"""What is allowed in a calendar and yet is probably a slip."""

from __future__ import annotations

from itertools import pairwise

from saleor_aftercare.core.holidays import holidays_of

from .calendar import WEEKDAYS, BusinessCalendar, HolidayRule


def find_oddities(calendar: BusinessCalendar, *, first_year: int, last_year: int) -> list[str]:
    """A sentence for each, beginning with the field: hours that overlap, exceptions that except nothing.

    Holidays are looked up from ``first_year`` to ``last_year``, both included.
    """
    found = [
        f"hours.{name}: intervals overlap; the common part counts once"
        for name, hours in zip(WEEKDAYS, calendar.weekly, strict=True)
        if any(later.start < earlier.end for earlier, later in pairwise(sorted(hours)))
    ]
    if calendar.holidays is not None:
        idle = _idle_exceptions(calendar.holidays, first_year, last_year)
        span = f"{first_year} to {last_year}"
        found += [f"holidays.except: {one} is no holiday there from {span}" for one in idle]
    return found


def _idle_exceptions(rule: HolidayRule, first_year: int, last_year: int) -> list[str]:
    years = range(first_year, last_year + 1)
    days = {day: names for year in years for day, names in holidays_of(rule.country, rule.subdivision, year).items()}
    names = {name.strip().lower() for together in days.values() for name in together.split(";")}
    idle = [f'"{name}"' for name in sorted(rule.except_names - names)]
    idle += [str(day) for day in sorted(rule.except_dates - days.keys()) if day.year in years]
    month_days = {(day.month, day.day) for day in days}
    return idle + [f"{month:02}-{day:02}" for month, day in sorted(rule.except_days - month_days)]

"""Working time: calendars with weekly hours, holidays, closures and openings, and exact arithmetic on them."""

from .calendar import (
    CALENDAR_TIME,
    FIRST_YEAR,
    HORIZON_YEARS,
    LAST_YEAR,
    BusinessCalendar,
    Closure,
    HolidayRule,
    Hours,
    NoWorkingTime,
    Opening,
    WorkingInterval,
    weekly,
)
from .documents import read_calendar
from .oddities import find_oddities

__all__ = [
    "CALENDAR_TIME",
    "FIRST_YEAR",
    "HORIZON_YEARS",
    "LAST_YEAR",
    "BusinessCalendar",
    "Closure",
    "HolidayRule",
    "Hours",
    "NoWorkingTime",
    "Opening",
    "WorkingInterval",
    "find_oddities",
    "read_calendar",
    "weekly",
]

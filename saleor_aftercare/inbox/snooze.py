"""When a conversation that is put off may come back: the usual moments, on the shop's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

#: When a working day begins, for everything that is put off to another day.
MORNING: Final = time(9)
#: Nothing is put off to an hour later than this one of the same day.
EVENING: Final = time(18)
LATER_TODAY: Final = timedelta(hours=3)
#: Nothing is put off for longer.
LONGEST: Final = timedelta(days=366)


class SnoozePreset(StrEnum):
    LATER_TODAY = "later_today"  #: in three hours, at the next full hour; not when that is in the evening
    TOMORROW = "tomorrow"  #: in the morning
    MONDAY = "monday"  #: the coming one, in the morning
    NEXT_WEEK = "next_week"  #: in seven days, in the morning


@dataclass(frozen=True)
class Moment:
    """A preset and what it means now."""

    preset: SnoozePreset
    at: datetime


def presets(now: datetime, zone: ZoneInfo) -> list[Moment]:
    """What may be chosen at ``now``, soonest first; of two that mean the same moment the first.

    >>> tokyo = ZoneInfo("Asia/Tokyo")
    >>> sunday = datetime(2026, 11, 22, 10, 20, tzinfo=tokyo)
    >>> [(one.preset.value, one.at.astimezone(tokyo).strftime("%a %d %H:%M")) for one in presets(sunday, tokyo)]
    [('later_today', 'Sun 22 14:00'), ('tomorrow', 'Mon 23 09:00'), ('next_week', 'Sun 29 09:00')]
    """
    local = now.astimezone(zone)
    today = local.date()
    found = [
        Moment(SnoozePreset.TOMORROW, on_the_clock(today + timedelta(days=1), MORNING, zone)),
        Moment(SnoozePreset.MONDAY, on_the_clock(today + timedelta(days=7 - today.weekday()), MORNING, zone)),
        Moment(SnoozePreset.NEXT_WEEK, on_the_clock(today + timedelta(days=7), MORNING, zone)),
    ]
    # Counted in UTC, where an hour is an hour, also in the night in which the clocks change.
    later = (now.astimezone(UTC) + LATER_TODAY + timedelta(hours=1, microseconds=-1)).astimezone(zone)
    later = later.replace(minute=0, second=0, microsecond=0)
    if later.date() == today and later.time() <= EVENING:
        found.insert(0, Moment(SnoozePreset.LATER_TODAY, later.astimezone(UTC)))
    # Of two that mean the same moment the first stays: it is put in last.
    distinct = {one.at: one for one in reversed(found)}
    return [distinct[at] for at in sorted(distinct)]


def on_the_clock(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The moment at which a clock in ``zone`` shows this, in UTC; where it never does, the first one after."""
    return datetime.combine(day, hour, zone).astimezone(UTC)

"""Business calendars, and exact arithmetic on working time.

One rule decides everything: **it is working time whenever the clock on the wall of the calendar's zone shows a time
within its hours.** An hour that the clock skips in spring is not worked, one that it shows twice in autumn is worked
twice; hours that begin inside a gap begin when the clock has jumped over it.

What is open is (weekly hours − holidays − closures) + openings: an opening wins over a holiday and over a closure.
Holidays and closures of whole days last from midnight to midnight, so they also end a night shift that runs into them.

Intervals contain their start and not their end. Working time is exact to the microsecond. Answers are in UTC, because
Python compares two times of one zone by what the wall shows and not by what comes first; ``BusinessCalendar.tz`` is for
showing them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate
from operator import sub
from typing import Final

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.holidays import check_place, holidays_of

from .spans import Span, merged, without
from .zones import DAY, offsets_in, year_start, zone

DAY_MINUTES: Final = 24 * 60
#: How far ahead working time is looked for.
HORIZON_YEARS: Final = 10
FIRST_YEAR: Final = 1971
LAST_YEAR: Final = 2199
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = _EPOCH.date().toordinal()
_SECOND: Final = 1_000_000
_WEEK: Final = len(WEEKDAYS) * DAY
_MICROSECOND: Final = timedelta(microseconds=1)


class NoWorkingTime(InvalidInput):
    """``calendar`` is closed for as long as anybody looks ahead."""

    def __init__(self, message: str, calendar: BusinessCalendar) -> None:
        super().__init__(message)
        self.calendar = calendar


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Minutes from a day's midnight, end excluded; beyond 1440 the end lies in the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY_MINUTES:
            raise InvalidInput(f"{self.start} is no minute of a day", "start")
        if not self.start < self.end <= self.start + DAY_MINUTES:
            raise InvalidInput("Hours last from a minute to a whole day", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRule:
    """The public holidays on which nobody works, without those in the exceptions.

    An exception is a date, a (month, day) of every year, or a holiday's English name in lower case.
    """

    country: str
    subdivision: str = ""
    except_dates: frozenset[date] = frozenset()
    except_days: frozenset[tuple[int, int]] = frozenset()
    except_names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        check_place(self.country, self.subdivision)

    def days_in(self, year: int) -> Iterator[tuple[date, str]]:
        """Days off of a year, with their names; a day with two names is worked only when both are excepted."""
        for day, names in holidays_of(self.country, self.subdivision, year).items():
            if day in self.except_dates or (day.month, day.day) in self.except_days:
                continue
            if not self.except_names.issuperset(name.strip().lower() for name in names.split(";")):
                yield day, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Closed on all days from ``first`` to ``last``, both included; with ``hours``, only during them on each day."""

    first: date
    last: date
    hours: Hours | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput(f"{self.last} is before {self.first}", "to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Open on a day beyond its weekly hours, whatever holiday or closure it is."""

    day: date
    hours: Hours
    name: str = ""


@dataclass(frozen=True, slots=True)
class WorkingInterval:
    """From ``start`` to ``end``, end excluded, in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class _Year:
    """The working time of one UTC year, in microseconds: where each interval starts and ends, and the sums so far."""

    starts: list[int]
    ends: list[int]
    sums: list[int]  #: up to the end of each interval

    @property
    def total(self) -> int:
        return self.sums[-1] if self.sums else 0

    def worked_until(self, at: int) -> int:
        """Working time from the year's beginning to ``at``."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.sums[index] - max(0, self.ends[index] - at)


@dataclass(frozen=True, kw_only=True)
class BusinessCalendar:
    """When people work: weekly hours from Monday to Sunday in a time zone, and what differs from them."""

    time_zone: str
    weekly: tuple[tuple[Hours, ...], ...]
    holidays: HolidayRule | None = None
    closures: tuple[Closure, ...] = ()
    openings: tuple[Opening, ...] = ()
    #: Years worked out so far; a function of the fields above, so it takes no part in comparisons.
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone(self.time_zone)
        if len(self.weekly) != len(WEEKDAYS):
            raise InvalidInput("A week has seven days", "hours")
        if not any(self.weekly) and not self.openings:
            raise InvalidInput("no day has working hours, so no deadline can ever be reached", "hours")

    @property
    def tz(self) -> tzinfo:
        """The zone as datetimes want it."""
        return zone(self.time_zone)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The working time in [start, end); of aware datetimes, ``end`` not before ``start``."""
        begin, stop = _instant(start), _instant(end)
        if stop < begin:
            raise ValueError(f"{end} is before {start}")
        first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
        worked = self._year(last).worked_until(stop) - self._year(first).worked_until(begin)
        return timedelta(microseconds=worked + sum(self._year(year).total for year in range(first, last)))

    def after_working(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which ``amount`` has been worked since ``start``, in UTC.

        What ends exactly at closing time is due at closing time, not when the next day opens; nothing to be worked is
        due at ``start``, even while closed. For every answer ``working_time(start, answer) == amount``.

        Raises NoWorkingTime when so much is not worked within HORIZON_YEARS.
        """
        if amount < timedelta(0):
            raise ValueError("The amount of working time is negative")
        begin = _instant(start)
        if not amount:
            return start.astimezone(UTC)
        first = start.astimezone(UTC).year
        wanted = amount // _MICROSECOND + self._year(first).worked_until(begin)
        for year in range(first, min(first + HORIZON_YEARS, LAST_YEAR) + 1):
            table = self._year(year)
            if wanted <= table.total:
                index = bisect_left(table.sums, wanted)
                return _at(table.ends[index] - (table.sums[index] - wanted))
            wanted -= table.total
        raise NoWorkingTime(f"{_too_few(amount)} in the {HORIZON_YEARS} years after {start.isoformat()}", self)

    def next_working(self, at: datetime) -> datetime:
        """``at`` when somebody works then, else the next opening, in UTC; raises as ``after_working`` does."""
        return self.after_working(at, _MICROSECOND) - _MICROSECOND

    def is_working(self, at: datetime) -> bool:
        """Does somebody work at this instant?"""
        return bool(self.working_time(at, at.astimezone(UTC) + _MICROSECOND))

    def intervals(self, start: datetime, end: datetime) -> list[WorkingInterval]:
        """The working intervals within [start, end), cut at both, in order; neighbours without a break are one."""
        begin, stop = _instant(start), _instant(end)
        found: list[Span] = []
        for year in range(start.astimezone(UTC).year, end.astimezone(UTC).year + 1):
            table = self._year(year)
            index = max(0, bisect_right(table.starts, begin) - 1)
            while index < len(table.starts) and table.starts[index] < stop:
                found.append((max(begin, table.starts[index]), min(stop, table.ends[index])))
                index += 1
        return [WorkingInterval(_at(one), _at(other)) for one, other in merged(found)]

    def days_off(self, first: date, last: date) -> list[tuple[date, str]]:
        """Holidays and closures of whole days from ``first`` to ``last``, both included, with their names."""
        found = {day: [name] for year in range(first.year, last.year + 1) for day, name in self._holidays(year)}
        for closure in self.closures:
            if closure.hours is None:
                begin, end = max(first, closure.first), min(last, closure.last)
                for number in range(begin.toordinal(), end.toordinal() + 1):
                    found.setdefault(date.fromordinal(number), []).append(closure.name)
        return sorted((day, "; ".join(filter(None, names))) for day, names in found.items() if first <= day <= last)

    def _holidays(self, year: int) -> Iterator[tuple[date, str]]:
        return iter(()) if self.holidays is None else self.holidays.days_in(year)

    def _year(self, year: int) -> _Year:
        table = self._years.get(year)
        if table is None:
            table = self._years[year] = self._work_out(year)
        return table

    def _work_out(self, year: int) -> _Year:
        # Times on the wall as seconds since the epoch of the wall, with a margin of days: zones differ by up to
        # fourteen hours from UTC, and a night shift reaches into the next day.
        first, last = date(year, 1, 1).toordinal() - 2, date(year + 1, 1, 1).toordinal()
        shut = [
            _whole_day(day.toordinal()) for near in (year - 1, year, year + 1) for day, _name in self._holidays(near)
        ]
        for closure in self.closures:
            days = range(max(first - 1, closure.first.toordinal()), min(last, closure.last.toordinal()) + 1)
            shut += [_whole_day(day) if closure.hours is None else _span(day, closure.hours) for day in days]
        wall = without(self._weeks(first, last), merged(shut))
        if self.openings:
            wall = merged([*wall, *(_span(opening.day.toordinal(), opening.hours) for opening in self.openings)])
        return _table(wall, self.time_zone, year)

    def _weeks(self, first: int, last: int) -> list[Span]:
        """The weekly hours on the wall for at least the days from ``first`` to ``last``."""
        week = merged(
            (start + around, end + around)
            for number, hours in enumerate(self.weekly)
            for start, end in (_span(_EPOCH_DAY + number, one) for one in hours)
            for around in (0, -_WEEK)  # the last night of a week reaches into the next
        )
        week = [(max(0, start), min(_WEEK, end)) for start, end in week if end > 0]
        monday = first - (first - 1) % len(WEEKDAYS)
        begins = [(day - _EPOCH_DAY) * DAY for day in range(monday, last + 1, len(WEEKDAYS))]
        spans = [(begin + start, begin + end) for begin in begins for start, end in week]
        return merged(spans) if week and week[0][0] == 0 and week[-1][1] == _WEEK else spans


def _table(wall: list[Span], time_zone: str, year: int) -> _Year:
    """The spans on the wall as instants of a UTC year."""
    real: list[Span] = []
    for part in offsets_in(time_zone, year):
        low, high = part.start + part.offset, part.end + part.offset
        first = max(0, bisect_right(wall, (low, low)) - 1)
        inside = wall[first : bisect_left(wall, (high, high))]
        cut = [(max(low, start), min(high, end)) for start, end in (*inside[:1], *inside[-1:])]
        inside[:1], inside[-1:] = cut[:1], cut[1:]
        shifted = [(start - part.offset, end - part.offset) for start, end in inside]
        if shifted and shifted[0][0] >= shifted[0][1]:
            del shifted[0]  # it had ended before this part began
        if real and shifted and real[-1][1] == shifted[0][0]:
            shifted[0] = (real.pop()[0], shifted[0][1])
        real += shifted
    starts = [start * _SECOND for start, _end in real]
    ends = [end * _SECOND for _start, end in real]
    return _Year(starts, ends, list(accumulate(map(sub, ends, starts))))


def _span(day: int, hours: Hours) -> Span:
    midnight = (day - _EPOCH_DAY) * DAY
    return midnight + hours.start * 60, midnight + hours.end * 60


def _whole_day(day: int) -> Span:
    midnight = (day - _EPOCH_DAY) * DAY
    return midnight, midnight + DAY


def _instant(at: datetime) -> int:
    """Microseconds since the epoch; refuses what has no zone or lies outside the years that calendars know."""
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone")
    microseconds = (at - _EPOCH) // _MICROSECOND
    if not year_start(FIRST_YEAR) <= microseconds // _SECOND < year_start(LAST_YEAR + 1):
        raise InvalidInput(f"{at.isoformat()} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return microseconds


def _at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _too_few(amount: timedelta) -> str:
    hours = amount / timedelta(hours=1)
    return f"fewer than {hours:g} working hours" if amount >= timedelta(minutes=1) else "no working time"


def weekly(days: Sequence[Sequence[tuple[int, int]]]) -> tuple[tuple[Hours, ...], ...]:
    """Weekly hours from minutes of each day, Monday first; an end at or before its start lies in the next day."""
    return tuple(
        tuple(Hours(start, end if end > start else end + DAY_MINUTES) for start, end in hours) for hours in days
    )


_ROUND_THE_CLOCK: Final = tuple((Hours(0, DAY_MINUTES),) for _day in WEEKDAYS)
#: Time as the clock runs, without any hours: what a target in plain hours is counted in.
CALENDAR_TIME: Final = BusinessCalendar(time_zone="UTC", weekly=_ROUND_THE_CLOCK)

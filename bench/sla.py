"""A deadline two years away, and a whole ticket, beside what nobody can go below.

The floor of a deadline is one bisection in a table that holds the answer already, with the two conversions between
datetimes and microseconds that any answer needs. For information: going day by day, as help desks do it; the first
deadline in a calendar that nobody has asked before; and the report of a ticket with a hundred events.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench._report import Result, report, side_by_side
from saleor_aftercare.core.holidays import holidays_of
from saleor_aftercare.core.hours import BusinessCalendar, HolidayRule, weekly
from saleor_aftercare.inbox.sla.events import EventKind, TicketEvent
from saleor_aftercare.inbox.sla.history import Rules
from saleor_aftercare.inbox.sla.policies import Facts, Policy, Target
from saleor_aftercare.inbox.sla.targets import evaluate

ROUNDS = 200
#: Answers per round: a single one is shorter than a clock's tick.
REPEAT = 50
ZONE = ZoneInfo("Europe/Berlin")
HOURS = [(540, 720), (780, 1020)]
WEEK = weekly([HOURS] * 5 + [[]] * 2)
PLACE = HolidayRule(country="DE", subdivision="BY")
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
#: Seven hours a day on about 250 days a year.
TWO_YEARS = timedelta(hours=3530)
BOUND_MS = 1.0


def calendar() -> BusinessCalendar:
    """One that has worked nothing out yet."""
    return BusinessCalendar(time_zone="Europe/Berlin", weekly=WEEK, holidays=PLACE)


def day_by_day(start: datetime, amount: timedelta) -> datetime:
    """The deadline as a loop over days finds it."""
    day, left = start.astimezone(ZONE).date(), amount
    while True:
        if day not in holidays_of("DE", "BY", day.year):
            for hours in WEEK[day.weekday()]:
                midnight = datetime.combine(day, time(), tzinfo=ZONE)
                begin = (midnight + timedelta(minutes=hours.start)).astimezone(UTC)
                end = (midnight + timedelta(minutes=hours.end)).astimezone(UTC)
                begin = max(begin, start)
                if end > begin:
                    if end - begin >= left:
                        return begin + left
                    left -= end - begin
        day = date.fromordinal(day.toordinal() + 1)


def long_ticket() -> list[TicketEvent]:
    """A hundred events in a year: messages, answers, waits, notes."""
    kinds = [
        EventKind.CUSTOMER_MESSAGE,
        EventKind.STAFF_REPLY,
        EventKind.PENDING_CUSTOMER,
        EventKind.INTERNAL_NOTE,
        EventKind.BOT_REPLY,
    ]
    later = [TicketEvent(kind=kinds[n % 5], at=START + timedelta(hours=80 * n)) for n in range(1, 100)]
    return [TicketEvent(kind=EventKind.CREATED, at=START), *later]


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    known = calendar()
    table = sorted({timedelta(hours=7 * n) // timedelta(microseconds=1) for n in range(2000)})
    epoch, microsecond = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
    target = Target(minutes=960, warn_before_minutes=60)
    rules = Rules(
        policies=[Policy(name="all", first_response=target, next_response=target, resolution=target)], calendar=known
    )
    events, now = long_ticket(), START + timedelta(days=340)
    expected = day_by_day(START, TWO_YEARS)
    if known.after_working(START, TWO_YEARS) != expected:
        raise ValueError("Both ways must find the same deadline")

    def floor(turn: int) -> None:
        for n in range(REPEAT):
            at = (START + timedelta(seconds=turn * REPEAT + n) - epoch) // microsecond
            index = bisect_left(table, TWO_YEARS // microsecond)
            _ = epoch + timedelta(microseconds=at + table[index])

    def ours(turn: int) -> None:
        for n in range(REPEAT):
            known.after_working(START + timedelta(seconds=turn * REPEAT + n), TWO_YEARS)

    median = side_by_side(
        {
            "floor": floor,
            "ours": ours,
            "cold": lambda turn: calendar().after_working(START + timedelta(seconds=turn), TWO_YEARS),
            "days": lambda turn: day_by_day(START + timedelta(seconds=turn), TWO_YEARS),
            "ticket": lambda turn: evaluate(events, facts=Facts(), rules=rules, now=now + timedelta(seconds=turn)),
        },
        rounds=ROUNDS,
    )
    ours_ms, floor_ms = median["ours"] / REPEAT, median["floor"] / REPEAT
    away = f"{(expected - START).days} days away"
    return report(
        (
            Result(
                name="a deadline two years away",
                figure=ours_ms,
                floor=BOUND_MS,
                unit="CPU ms",
                target=1.0,
                floor_name="bound",
                note=away,
            ),
            Result(
                name="a deadline two years away",
                figure=ours_ms * 1000,
                floor=floor_ms * 1000,
                unit="CPU µs",
                target=None,
                floor_name="one bisection and the conversions",
            ),
            Result(
                name="the first deadline in a calendar, two years away",
                figure=median["cold"],
                floor=median["days"],
                unit="CPU ms",
                target=None,
                floor_name="day by day",
            ),
            Result(
                name="every target of a ticket with 100 events",
                figure=median["ticket"],
                floor=ours_ms,
                unit="CPU ms",
                target=None,
                floor_name="one deadline",
            ),
        )
    )


if __name__ == "__main__":
    run()

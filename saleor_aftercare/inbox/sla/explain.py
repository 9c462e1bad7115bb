"""`aftercare sla explain`: a document in, the deadlines and everything they follow from out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.hours import CALENDAR_TIME, NoWorkingTime, find_oddities
from saleor_aftercare.core.reading import parse

from .documents import VERSION, Question, read_question
from .policies import Measure
from .targets import Counted, Report, TargetReport, evaluate

Json = dict[str, Any]

#: Days off are listed for this long at most.
_DAYS_OFF: Final = timedelta(days=366)


def explain(raw: bytes, *, now: datetime) -> Json:
    """The answer to a document as JSON values; ``now`` is for one that gives none.

    Raises InvalidInput whose ``field`` is the path of what is wrong.
    """
    question = read_question(parse(raw), now=now)
    try:
        report = evaluate(question.events, facts=question.facts, rules=question.rules, now=question.now)
    except NoWorkingTime as error:
        named = [name for name, calendar in question.rules.calendars.items() if calendar is error.calendar]
        raise InvalidInput(f"has {error.message}", f"calendars.{named[0]}" if named else "calendar") from None
    return answer(question, report)


def answer(question: Question, report: Report) -> Json:
    """What follows from a question, as JSON values."""
    regime = report.regime
    zone = regime.calendar.tz if regime.calendar is not None else UTC
    return {
        "version": VERSION,
        "now": _time(question.now, zone),
        "time_zone": regime.calendar.time_zone if regime.calendar is not None else "UTC",
        "ticket_state": report.history.standing.value,
        "policy": {
            "name": regime.choice.policy.name,
            "why": regime.choice.why,
            "passed_over": [{"name": name, "why": why} for name, why in regime.choice.passed_over],
            "calendar": regime.calendar_name,
        },
        "policy_changes": [
            {
                "at": _time(one.start, zone),
                "policy": one.choice.policy.name,
                "calendar": one.calendar_name,
                "why": one.choice.why,
            }
            for one in report.history.regimes
        ],
        "targets": {one.kind.value: _target(one, zone) for one in report.targets},
        "earlier_next_responses": [_target(one, zone) for one in report.earlier_next_responses],
        "next_breach": _breach(report.next_breach, zone),
        "overdue": [_breach(one, zone) for one in report.overdue],
        "days_off": _days_off(report, zone),
        "warnings": [*_oddities(question, report), *report.history.warnings],
    }


def _target(report: TargetReport, zone: tzinfo) -> Json:
    target = report.target
    working = target is not None and target.measure is Measure.WORKING
    return {
        "state": report.state.value,
        "why": report.why,
        "working_minutes": target.minutes if target and working else None,
        "calendar_minutes": target.minutes if target and not working else None,
        "started_at": _time(report.started_at, zone),
        "due_at": _time(report.due_at, zone),
        "warn_at": _time(report.warn_at, zone),
        "stopped_at": _time(report.stopped_at, zone),
        "elapsed_seconds": _seconds(report.elapsed) if target else None,
        "remaining_seconds": _seconds(report.remaining),
        "paused_intervals": [
            {"start": _time(one.start, zone), "end": _time(one.end, zone), "state": one.standing.value}
            for one in report.pauses
        ],
        "elapsed_intervals": _intervals(report.counted(), zone),
        "deadline_intervals": _intervals(report.counted_until_due(), zone),
    }


def _intervals(counted: Sequence[Counted], zone: tzinfo) -> list[Json]:
    """Each in the zone of the calendar that counted it; plain time in ``zone``."""
    found: list[Json] = []
    for one in counted:
        shown = zone if one.calendar is CALENDAR_TIME else one.calendar.tz
        start, end = _time(one.interval.start, shown), _time(one.interval.end, shown)
        found.append({"start": start, "end": end, "seconds": _seconds(one.interval.length)})
    return found


def _breach(report: TargetReport | None, zone: tzinfo) -> Json | None:
    return None if report is None else {"target": report.kind.value, "due_at": _time(report.due_at, zone)}


def _days_off(report: Report, zone: tzinfo) -> list[Json]:
    return [{"date": day.isoformat(), "name": name} for day, name in days_off(report, zone)]


def days_off(report: Report, zone: tzinfo) -> list[tuple[date, str]]:
    """Holidays and closures between the ticket's creation and its last deadline."""
    calendar = report.regime.calendar
    if calendar is None:
        return []
    start = report.history.resolution.start
    ends = [one.due_at for one in report.targets if one.due_at is not None and one.target is not None]
    end = min(max([report.now, *ends]), start + _DAYS_OFF)
    first: date = start.astimezone(zone).date()
    return calendar.days_off(first, end.astimezone(zone).date())


def _oddities(question: Question, report: Report) -> list[str]:
    calendars = {"calendar": question.rules.calendar} | {
        f"calendars.{name}": calendar for name, calendar in question.rules.calendars.items()
    }
    first, last = report.history.resolution.start.year, report.now.year
    return [
        f"{path}.{oddity}"
        for path, calendar in calendars.items()
        if calendar is not None
        for oddity in find_oddities(calendar, first_year=first, last_year=last + 1)
    ]


def _time(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else length // timedelta(seconds=1)

"""Deadlines, worked out anew from a ticket's whole log every time.

* A clock runs while the ticket is open. It stands still in the pending states that its target names, and while the
  ticket is solved, closed, spam or merged.
* Working time is counted in the calendar that held at the time, so a change of calendar keeps what has been used up.
* The target that holds now (for a stopped clock: that held when it stopped) decides about the whole time, so a change
  of priority or policy keeps used and paused time and moves the deadline.
* ``due_at`` is the earliest instant by which the target's time has passed; an answer at that very instant is in time.
  It never lies in a pause: what is used up when a pause begins is due when it ends.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from saleor_aftercare.core.hours import CALENDAR_TIME, BusinessCalendar, NoWorkingTime, WorkingInterval

from .events import TicketEvent
from .history import History, Regime, Rules, Run, Stay, tell
from .policies import DONE, PENDING, VOID, Facts, Measure, Standing, Target, TargetKind

_ZERO = timedelta(0)


class TargetState(StrEnum):
    RUNNING = "running"  #: the clock runs, and there is time left
    PAUSED = "paused"  #: it is somebody else's turn
    MET = "met"  #: done in time
    BREACHED = "breached"  #: late, whether done by now or not
    NOT_APPLICABLE = "not_applicable"  #: nothing is promised, or nobody waits


@dataclass(frozen=True, slots=True)
class Pause:
    """From ``start`` until ``end`` (None: until further notice) the clock stood still, and why."""

    start: datetime
    end: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Counted:
    """Time that was counted, and the calendar that says so."""

    interval: WorkingInterval
    calendar: BusinessCalendar


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which nothing changed; ``paused`` says why the clock stood still."""

    start: datetime
    end: datetime
    calendar: BusinessCalendar
    paused: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReport:
    """One target of one ticket. Times are None where they do not apply; ``remaining`` is zero when overdue.

    ``due_at`` of a paused clock is known only when its pause ends by itself.
    """

    kind: TargetKind
    state: TargetState
    why: str
    target: Target | None = None
    started_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    elapsed: timedelta = _ZERO
    remaining: timedelta | None = None
    pauses: tuple[Pause, ...] = ()
    stretches: tuple[_Stretch, ...] = ()
    onward: _Stretch | None = None  #: empty: from where on, and in which calendar, the clock would go on

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something about it."""
        return self.stopped_at is None and self.state is not TargetState.NOT_APPLICABLE

    def counted(self) -> list[Counted]:
        """The intervals that make up ``elapsed``."""
        return _counted(self.stretches)

    def counted_until_due(self) -> list[Counted]:
        """The intervals from the start to ``due_at``: together they last as long as the target; empty without it."""
        if self.due_at is None:
            return []
        parts = [replace(part, end=min(part.end, self.due_at)) for part in self.stretches if part.start < self.due_at]
        if self.onward is not None and self.onward.start < self.due_at:
            parts.append(replace(self.onward, end=self.due_at))
        return _counted(parts)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is owed to the customer of one ticket, and by when."""

    now: datetime
    history: History
    first_response: TargetReport
    next_response: TargetReport
    resolution: TargetReport
    earlier_next_responses: tuple[TargetReport, ...] = ()

    @property
    def regime(self) -> Regime:
        return self.history.regimes[-1]

    @property
    def targets(self) -> tuple[TargetReport, ...]:
        return (self.first_response, self.next_response, self.resolution)

    @property
    def next_breach(self) -> TargetReport | None:
        """The open target that will be missed next if nobody does anything; None when there is none to come."""
        coming = [one for one in self.targets if one.is_open and one.state is not TargetState.BREACHED and one.due_at]
        return min(coming, key=_due, default=None)

    @property
    def overdue(self) -> tuple[TargetReport, ...]:
        """Open targets that were missed, the oldest first."""
        late = [one for one in self.targets if one.is_open and one.state is TargetState.BREACHED]
        return tuple(sorted(late, key=_due))


def evaluate(events: Sequence[TicketEvent], *, facts: Facts, rules: Rules, now: datetime) -> Report:
    """Every deadline of a ticket as it stands at ``now``.

    Raises InvalidInput for a log that cannot be told, NoWorkingTime for a calendar that never reaches a deadline.
    """
    now = now.astimezone(UTC)
    history = tell(events, facts=facts, rules=rules, now=now)
    nexts = [_report(run, history) for run in history.next_responses]
    return Report(
        now=now,
        history=history,
        first_response=_first(history),
        next_response=nexts[-1] if nexts else _idle(TargetKind.NEXT_RESPONSE, history),
        resolution=_report(history.resolution, history),
        earlier_next_responses=tuple(nexts[:-1]),
    )


def _first(history: History) -> TargetReport:
    if history.first_response is None:
        return _idle(TargetKind.FIRST_RESPONSE, history)
    return _report(history.first_response, history)


def _idle(kind: TargetKind, history: History) -> TargetReport:
    if kind is TargetKind.FIRST_RESPONSE:
        why = "the shop spoke first" if history.answered else "the customer has not written"
    else:
        why = "no message has come since the last answer" if history.answered else "there is no first answer yet"
    return TargetReport(kind=kind, state=TargetState.NOT_APPLICABLE, why=why)


def _report(run: Run, history: History) -> TargetReport:
    end = run.stop or run.dropped or history.now
    regime = run.under or history.regimes[-1]
    target = regime.choice.policy.target(run.kind)
    if target is None:
        why = f"the policy {regime.choice.policy.name} promises none"
        return TargetReport(
            kind=run.kind, state=TargetState.NOT_APPLICABLE, why=why, started_at=run.start, stopped_at=run.stop
        )
    stretches = tuple(_stretches(run, history, target, regime, end))
    elapsed = sum((_worked(part) for part in stretches), _ZERO)
    last = history.stays[-1]
    resting = None if run.stop else Standing.SOLVED if run.dropped else _rest(last.standing, target)
    onward = _onward(run, resting, last.until, end, _clock(target, regime.calendar, regime.calendar))
    try:
        due_at = _reach(stretches, target.length, onward)
    except NoWorkingTime:
        if run.stop is None:
            raise
        due_at = None  # it was done before a deadline that would never have come
    state, why = _verdict(run, resting, due_at, history)
    stopped_at = run.stop or run.dropped or (history.still_since if resting in DONE | VOID else None)
    warn_at = None
    if stopped_at is None and target.warn_before_minutes is not None:
        warn_at = _reach(stretches, target.length - timedelta(minutes=target.warn_before_minutes), onward)
    return TargetReport(
        kind=run.kind,
        state=state,
        why=why,
        target=target,
        started_at=run.start,
        due_at=due_at,
        warn_at=warn_at,
        stopped_at=stopped_at,
        elapsed=elapsed,
        remaining=None if stopped_at else max(_ZERO, target.length - elapsed),
        pauses=tuple(_pauses(stretches, open_end=resting is not None)),
        stretches=stretches,
        onward=onward,
    )


def _stretches(run: Run, history: History, target: Target, last: Regime, end: datetime) -> Iterator[_Stretch]:
    """The time from a clock's start to its end, cut wherever the calendar or the ticket's standing changed."""
    regimes, stays, start = history.regimes, history.stays, run.start
    while start < end:
        regime_at, stay_at = bisect_right(regimes, start, key=_since) - 1, bisect_right(stays, start, key=_since) - 1
        following: list[Regime | Stay] = [*regimes[regime_at + 1 : regime_at + 2], *stays[stay_at + 1 : stay_at + 2]]
        stop = min([end, *map(_since, following)])
        regime = regimes[regime_at]
        then = regime.choice.policy.target(run.kind) or target
        calendar = _clock(target, regime.calendar, last.calendar)
        yield _Stretch(start, stop, calendar, _rest(stays[stay_at].standing, then))
        start = stop


def _since(one: Regime | Stay) -> datetime:
    return one.start


def _rest(standing: Standing, target: Target) -> Standing | None:
    """Why a clock stands still; None when it runs."""
    return standing if standing in DONE | VOID or standing in target.pause_on else None


def _clock(target: Target, then: BusinessCalendar | None, now: BusinessCalendar | None) -> BusinessCalendar:
    """The calendar that counts: the one of the time, or where there was none, the one that holds now."""
    if target.measure is Measure.CALENDAR:
        return CALENDAR_TIME
    calendar = then or now
    if calendar is None:
        raise ValueError("A target in working time needs a calendar")
    return calendar


def _onward(
    run: Run, resting: Standing | None, until: datetime | None, end: datetime, calendar: BusinessCalendar
) -> _Stretch | None:
    """From when on the clock would go on if nothing else happened; None when nobody knows."""
    if resting is None or run.stop:
        return _Stretch(end, end, calendar, None)
    if resting in PENDING and until is not None:
        return _Stretch(until, until, calendar, None)
    return None


def _worked(part: _Stretch) -> timedelta:
    return _ZERO if part.paused else part.calendar.working_time(part.start, part.end)


def _reach(stretches: Sequence[_Stretch], amount: timedelta, onward: _Stretch | None) -> datetime | None:
    """The earliest instant by which ``amount`` has passed and the clock runs; None when nobody knows."""
    left = amount
    reached: datetime | None = None
    for part in stretches:
        if part.paused:
            reached = None  # used up when the pause began: due when it ends
            continue
        if reached is not None:
            return reached
        if not left:
            return part.start
        worked = _worked(part)
        if worked >= left:
            reached = part.calendar.after_working(part.start, left)
            if reached < part.end:
                return reached
        left = max(_ZERO, left - worked)
    if reached is not None:
        return reached
    return None if onward is None else onward.calendar.after_working(onward.start, left)


def _verdict(run: Run, resting: Standing | None, due_at: datetime | None, history: History) -> tuple[TargetState, str]:
    if run.stop is not None:
        by = "solved" if run.kind is TargetKind.RESOLUTION else "answered by a person"
        in_time = due_at is None or run.stop <= due_at
        return (TargetState.MET, f"{by} in time") if in_time else (TargetState.BREACHED, f"{by} too late")
    if resting in VOID:
        return TargetState.NOT_APPLICABLE, f"the ticket is {resting}"
    if resting in DONE:  # the clock rests, so a deadline that is known had passed before
        if due_at is not None:
            return TargetState.BREACHED, f"{resting} without an answer, and too late"
        return TargetState.NOT_APPLICABLE, f"{resting} without an answer"
    if due_at is not None and due_at < history.now:
        return TargetState.BREACHED, "time has run out"
    if resting is not None:
        return TargetState.PAUSED, f"the ticket is {resting}"
    return TargetState.RUNNING, "the customer waits" if run.kind is not TargetKind.RESOLUTION else "not solved yet"


def _pauses(stretches: Sequence[_Stretch], *, open_end: bool) -> Iterator[Pause]:
    held: Pause | None = None
    for part in stretches:
        if part.paused is None:
            if held is not None:
                yield held
            held = None
        elif held is not None and held.standing is part.paused:
            held = Pause(held.start, part.end, part.paused)
        else:
            if held is not None:
                yield held
            held = Pause(part.start, part.end, part.paused)
    if held is not None:
        yield Pause(held.start, None if open_end else held.end, held.standing)


def _counted(parts: Sequence[_Stretch]) -> list[Counted]:
    found: list[Counted] = []
    for part in parts:
        if part.paused:
            continue
        for one in part.calendar.intervals(part.start, part.end):
            last = found[-1] if found else None
            if last is not None and last.interval.end == one.start and last.calendar is part.calendar:
                found[-1] = Counted(WorkingInterval(last.interval.start, one.end), part.calendar)
            else:
                found.append(Counted(one, part.calendar))
    return found


def _due(report: TargetReport) -> datetime:
    assert report.due_at is not None, "asked of reports with a deadline only"  # noqa: S101
    return report.due_at

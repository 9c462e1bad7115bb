"""A ticket's log, told as stretches of time: where it stood, what was promised, and whom it kept waiting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.hours import BusinessCalendar

from .events import STANDINGS, Author, EventKind, Log, TicketEvent, put_in_order
from .policies import DONE, PENDING, VOID, Choice, Facts, Policy, Standing, TargetKind, choose, default_policy

K = EventKind


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that a shop promises: its policies in their order, and its calendars by name.

    ``calendar`` is the shop's own, None where nothing is promised in working time.
    """

    policies: Sequence[Policy] = ()
    default: Policy = field(default_factory=default_policy)
    calendar: BusinessCalendar | None = None
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)

    def policy_named(self, name: str) -> Policy:
        """Raises InvalidInput for a name that no policy bears."""
        for policy in (*self.policies, self.default):
            if policy.name == name:
                return policy
        raise InvalidInput(f'There is no policy "{name}"', "policy")

    def calendar_named(self, name: str | None) -> BusinessCalendar | None:
        """The calendar of this name, the shop's own for None; raises InvalidInput for a name that none bears."""
        if name is None:
            return self.calendar
        if name not in self.calendars:
            raise InvalidInput(f'There is no calendar "{name}"', "calendar")
        return self.calendars[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """From ``start`` on, until the next: the policy that decides, and the calendar in which time is counted."""

    start: datetime
    choice: Choice
    calendar: BusinessCalendar | None
    calendar_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """From ``start`` on, until the next: where the ticket stood; a pause may end by itself ``until`` then."""

    start: datetime
    standing: Standing
    until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Run:
    """A clock from ``start``; it stopped at ``stop`` (None: it has not), under the regime ``under``.

    ``dropped``: the ticket was solved then without an answer, and what came later is another question.
    """

    kind: TargetKind
    start: datetime
    stop: datetime | None = None
    under: Regime | None = None
    dropped: datetime | None = None


@dataclass(slots=True, kw_only=True)
class History:
    """Stretches of time in order; the last of each lasts until now."""

    now: datetime
    regimes: list[Regime] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    first_response: Run | None = None
    next_responses: list[Run] = field(default_factory=list)
    resolution: Run
    answered: bool = False  #: a person has answered
    warnings: list[str] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        return self.stays[-1].standing

    @property
    def still_since(self) -> datetime:
        """Since when the ticket is done, or void, counting what came without a break before."""
        group = DONE if self.standing in DONE else VOID
        since = self.stays[-1].start
        for stay in reversed(self.stays):
            if stay.standing not in group:
                break
            since = stay.start
        return since


def tell(events: Sequence[TicketEvent], *, facts: Facts, rules: Rules, now: datetime) -> History:
    """The history of a ticket whose ``facts`` held when it was created.

    Raises InvalidInput for a log without creation, or an event that names an unknown policy or calendar.
    """
    log = put_in_order(events, now=now)
    return _Teller(log, facts, rules, now).tell()


class _Teller:
    """Goes through a log once."""

    def __init__(self, log: Log, facts: Facts, rules: Rules, now: datetime) -> None:
        self.events = log.events
        self.facts = facts
        self.rules = rules
        self.pinned: str | None = None  #: the policy that an event named
        self.other_calendar: str | None = None  #: the calendar that an event named
        self.solved_at: datetime | None = None
        created = log.events[0].at
        self.history = History(
            now=now, resolution=Run(kind=TargetKind.RESOLUTION, start=created), warnings=list(log.warnings)
        )

    def tell(self) -> History:
        history = self.history
        created = self.events[0]
        self._stand(Standing.OPEN, at=created.at)
        self._decide(at=created.at)
        if created.by is Author.CUSTOMER:
            self._customer_waits(created.at)
        for event in self.events[1:]:
            self._wake(event.at)
            self._hear(event)
        self._wake(history.now)
        return history

    def _hear(self, event: TicketEvent) -> None:
        if event.kind in STANDINGS:
            self._move(STANDINGS[event.kind], at=event.at, until=event.until)
        elif event.kind is K.CUSTOMER_MESSAGE:
            self._customer_wrote(event.at)
        elif event.kind is K.STAFF_REPLY:
            self._answer(event.at)
        elif event.kind is K.POLICY_CHANGED:
            self.pinned = event.policy
        elif event.kind is K.CALENDAR_CHANGED:
            self.other_calendar = event.calendar
        if event.changes:
            self.facts = replace(self.facts, **dict(event.changes))
        self._decide(at=event.at)

    def _decide(self, *, at: datetime) -> None:
        """Note the policy and the calendar that hold from here on, if they are others than before."""
        if self.pinned is None:
            choice = choose(self.rules.policies, self.facts, default=self.rules.default)
        else:
            choice = Choice(policy=self.rules.policy_named(self.pinned), why="set on the ticket by policy_changed")
        name = self.other_calendar if self.other_calendar is not None else choice.policy.calendar
        regime = Regime(start=at, choice=choice, calendar=self.rules.calendar_named(name), calendar_name=name)
        held = self.history.regimes[-1] if self.history.regimes else None
        if held is None or replace(held, start=at) != regime:
            self.history.regimes.append(regime)

    def _stand(self, standing: Standing, *, at: datetime, until: datetime | None = None) -> None:
        self.history.stays.append(Stay(start=at, standing=standing, until=until))

    def _wake(self, at: datetime) -> None:
        """A snooze that was over by then has ended."""
        stay = self.history.stays[-1]
        if stay.until is not None and stay.until <= at:
            self._stand(Standing.OPEN, at=max(stay.start, stay.until))

    def _move(self, standing: Standing, *, at: datetime, until: datetime | None) -> None:
        resolution, before = self.history.resolution, self.history.standing
        if standing in DONE and before not in DONE:
            resolution.stop, resolution.under = at, self.history.regimes[-1]
            self.solved_at = at
        elif standing not in DONE | VOID:
            resolution.stop = resolution.under = None
        if standing is not before or until is not None or standing in PENDING:
            self._stand(standing, at=at, until=until if standing in PENDING else None)

    def _customer_wrote(self, at: datetime) -> None:
        history, standing = self.history, self.history.standing
        if standing in VOID:
            return
        if standing is Standing.CLOSED or (standing is Standing.SOLVED and self._grace_is_over(at)):
            history.warnings.append(
                f"the customer's message of {at.isoformat()} came when the ticket was {standing} for good;"
                " it belongs to a new ticket"
            )
            return
        if standing is Standing.SOLVED and history.next_responses and history.next_responses[-1].stop is None:
            history.next_responses[-1].dropped = self.solved_at
            history.next_responses[-1].under = history.resolution.under
        if standing is not Standing.OPEN:
            self._move(Standing.OPEN, at=at, until=None)
        self._customer_waits(at)

    def _grace_is_over(self, at: datetime) -> bool:
        minutes = self.history.regimes[-1].choice.policy.reopen_grace_minutes
        return minutes is not None and self.solved_at is not None and at > self.solved_at + timedelta(minutes=minutes)

    def _customer_waits(self, at: datetime) -> None:
        """Start the clock of an answer, unless one is running already."""
        history = self.history
        if not history.answered:
            if history.first_response is None:
                history.first_response = Run(kind=TargetKind.FIRST_RESPONSE, start=at)
        elif not history.next_responses or not _is_running(history.next_responses[-1]):
            history.next_responses.append(Run(kind=TargetKind.NEXT_RESPONSE, start=at))

    def _answer(self, at: datetime) -> None:
        history = self.history
        history.answered = True
        waiting = [history.first_response, *history.next_responses[-1:]]
        for run in waiting:
            if run is not None and _is_running(run):
                run.stop, run.under = at, history.regimes[-1]


def _is_running(run: Run) -> bool:
    return run.stop is None and run.dropped is None

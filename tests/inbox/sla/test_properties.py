"""What holds for every log and every policy; and equality with living through the ticket minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import example, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.hours import BusinessCalendar, HolidayRule, weekly
from saleor_aftercare.inbox.sla.events import STANDINGS, EventKind, TicketEvent
from saleor_aftercare.inbox.sla.history import Rules
from saleor_aftercare.inbox.sla.policies import (
    DONE,
    PENDING,
    VOID,
    Conditions,
    Facts,
    Measure,
    Policy,
    Standing,
    Target,
    TargetKind,
)
from saleor_aftercare.inbox.sla.targets import Report, TargetReport, TargetState, evaluate
from tests.core import hours_oracle

K = EventKind
MINUTE = timedelta(minutes=1)
#: The clocks in Berlin go back on that Sunday night.
CREATED = datetime(2026, 10, 23, 13, 0, tzinfo=UTC)
CALENDAR = BusinessCalendar(
    time_zone="Europe/Berlin",
    weekly=weekly([[(540, 720), (780, 1020)]] * 5 + [[(1320, 270)], []]),
    holidays=HolidayRule(country="DE", subdivision="BY"),
)
SPOKEN = [K.CUSTOMER_MESSAGE, K.STAFF_REPLY, K.BOT_REPLY, K.INTERNAL_NOTE, K.CUSTOMER_AUTO_REPLY]
STATES = [K.OPEN, K.PENDING_CUSTOMER, K.PENDING_THIRD_PARTY, K.ON_HOLD, K.SOLVED, K.REOPENED]

minutes = st.integers(0, 4 * 1440)
targets = st.none() | st.builds(
    Target,
    minutes=st.integers(1, 3000),
    measure=st.sampled_from(Measure),
    pause_on=st.frozensets(st.sampled_from(sorted(PENDING))),
)


def policies(name: str, **more):
    return st.builds(
        Policy, name=st.just(name), first_response=targets, next_response=targets, resolution=targets, **more
    )


rules_of_shops = st.builds(
    lambda urgent, usual: Rules(policies=[urgent, usual], calendar=CALENDAR),
    policies("urgent", when=st.just(Conditions(priority=frozenset({"high"})))),
    policies("usual"),
)


@st.composite
def logs(draw, *, kinds: tuple[EventKind, ...] = (*SPOKEN, *STATES)) -> list[TicketEvent]:
    """A creation, and events at different minutes after it, in order."""
    times = sorted(draw(st.sets(st.integers(1, 3 * 1440), max_size=8)))
    found = [TicketEvent(kind=K.CREATED, at=CREATED)]
    for time in times:
        at = CREATED + time * MINUTE
        if draw(st.integers(0, 5)) == 0:
            change = (("priority", draw(st.sampled_from(["high", "normal"]))),)
            found.append(TicketEvent(kind=K.PRIORITY_CHANGED, at=at, changes=change))
            continue
        kind = draw(st.sampled_from(kinds))
        until = None
        if kind is K.ON_HOLD and draw(st.booleans()):
            until = at + draw(st.integers(1, 1440)) * MINUTE
        found.append(TicketEvent(kind=kind, at=at, until=until))
    return found


def told(events, rules, now: int | datetime) -> Report:
    at = CREATED + now * MINUTE if isinstance(now, int) else now
    return evaluate(events, facts=Facts(), rules=rules, now=at)


def figures(report: Report) -> list[TargetReport]:
    return [*report.targets, *report.earlier_next_responses]


@settings(max_examples=60, deadline=None)
@given(logs(), rules_of_shops, minutes, st.randoms(use_true_random=False))
def test_order_repetition_and_notation_of_the_events_make_no_difference(events, rules, now, random):
    mixed = [replace(one, at=one.at.astimezone(timezone(timedelta(hours=random.randint(-12, 14))))) for one in events]
    mixed += random.sample(mixed, k=len(mixed) // 2)
    random.shuffle(mixed)

    assert figures(told(mixed, rules, now)) == figures(told(events, rules, now))


@settings(max_examples=60, deadline=None)
@given(logs(), rules_of_shops, minutes, st.lists(st.integers(0, 4000), max_size=5))
def test_notes_and_machines_change_nothing(events, rules, now, times):
    quiet = [K.INTERNAL_NOTE, K.BOT_REPLY, K.CUSTOMER_AUTO_REPLY, K.ASSIGNED]
    noise = [TicketEvent(kind=quiet[n % 4], at=CREATED + time * MINUTE) for n, time in enumerate(times)]

    busy, calm = told([*events, *noise], rules, now), told(events, rules, now)

    def plain(one: TargetReport):  # a snooze that ends may be cut at another moment
        return replace(one, stretches=(), onward=None)

    assert [plain(one) for one in figures(busy)] == [plain(one) for one in figures(calm)]


@settings(max_examples=60, deadline=None)
@given(logs(), rules_of_shops, minutes)
def test_what_is_told_of_a_target_fits_together(events, rules, now):
    report = told(events, rules, now)

    for one in figures(report):
        if one.target is None:
            assert one.state is TargetState.NOT_APPLICABLE
            continue
        assert timedelta(0) <= one.elapsed <= report.now - one.started_at
        assert sum((part.interval.length for part in one.counted()), timedelta(0)) == one.elapsed
        if one.due_at is not None:
            until_due = sum((part.interval.length for part in one.counted_until_due()), timedelta(0))
            assert until_due == one.target.length
            assert one.due_at > one.started_at
        if one.stopped_at is None:
            assert one.remaining == max(timedelta(0), one.target.length - one.elapsed)
        if one.state is TargetState.RUNNING:
            assert one.due_at >= report.now
        if one.state is TargetState.BREACHED:
            assert one.due_at < (one.stopped_at or report.now)
        if one.state is TargetState.MET:
            assert one.stopped_at <= one.due_at
        assert all(
            one.started_at <= pause.start and pause.start < (pause.end or pause.start + MINUTE) for pause in one.pauses
        )


@settings(max_examples=60, deadline=None)
@given(logs(), rules_of_shops, minutes, minutes)
def test_a_deadline_does_not_move_while_nothing_happens(events, rules, one, other):
    last = max((event.until or event.at for event in events), default=CREATED)
    earlier, later = sorted((one, other))

    before = told(events, rules, last + earlier * MINUTE)
    after = told(events, rules, last + later * MINUTE)

    for old, new in zip(before.targets, after.targets, strict=True):
        assert (old.due_at, old.started_at, old.stopped_at) == (new.due_at, new.started_at, new.stopped_at)
        assert old.elapsed <= new.elapsed
        if old.state is TargetState.BREACHED:
            assert new.state is TargetState.BREACHED


# The oracle: one clock, moved forward minute by minute.


def lived(events: list[TicketEvent], target: Target, kind: TargetKind, until: datetime) -> int:
    """How many minutes a clock has used up by then."""
    standing, wakes, answered = Standing.OPEN, None, False
    todo, at, used = list(events), CREATED, 0
    while at < until:
        if wakes is not None and wakes <= at:
            standing, wakes = Standing.OPEN, None
        while todo and todo[0].at <= at:
            event = todo.pop(0)
            if event.kind in STANDINGS:
                standing, wakes = STANDINGS[event.kind], event.until
            elif event.kind is K.CUSTOMER_MESSAGE:
                standing, wakes = Standing.OPEN, None
            answered = answered or event.kind is K.STAFF_REPLY
        stopped = kind is TargetKind.FIRST_RESPONSE and answered
        still = standing in DONE | VOID or standing in target.pause_on
        if not stopped and not still:
            used += target.measure is Measure.CALENDAR or hours_oracle.is_open(CALENDAR, at)
        at += MINUTE
    return used


@settings(max_examples=40, deadline=None)
@given(
    logs(),
    st.builds(
        Target,
        minutes=st.integers(1, 1500),
        measure=st.sampled_from(Measure),
        pause_on=st.frozensets(st.sampled_from(sorted(PENDING))),
    ),
    st.sampled_from([TargetKind.FIRST_RESPONSE, TargetKind.RESOLUTION]),
    st.integers(1, 5 * 1440),
)
@example([TicketEvent(kind=K.CREATED, at=CREATED)], Target(minutes=840), TargetKind.RESOLUTION, 5 * 1440)
def test_a_clock_is_what_one_gets_by_living_through_it(events, target, kind, now):
    at = CREATED + now * MINUTE
    rules = Rules(policies=[Policy(name="one", **{kind.value: target})], calendar=CALENDAR)

    found = getattr(told(events, rules, at), kind.value)

    events = [one for one in events if one.at <= at]
    used = lived(events, target, kind, at)
    assert found.elapsed == used * MINUTE
    if found.due_at is not None and found.due_at <= (found.stopped_at or at):
        assert lived(events, target, kind, found.due_at) == target.minutes
        waited = any(pause.end == found.due_at for pause in found.pauses)
        assert waited or lived(events, target, kind, found.due_at - MINUTE) == target.minutes - 1
    elif used >= target.minutes:  # used up when the clock was stopped
        assert found.stopped_at is not None or found.pauses[-1].end is None or found.due_at == at

"""What `aftercare sla explain` reads, checked. The format is told in docs/sla-explain.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from saleor_aftercare.core.hours import FIRST_YEAR, HORIZON_YEARS, LAST_YEAR, BusinessCalendar, read_calendar
from saleor_aftercare.core.reading import Place

from .events import Author, EventKind, TicketEvent
from .history import Rules
from .policies import (
    DEFAULT_ANSWER_HOURS,
    MAX_MINUTES,
    PENDING,
    Conditions,
    Facts,
    Measure,
    Policy,
    Standing,
    Target,
    TargetKind,
    default_policy,
)

VERSION: Final = 1
MAX_EVENTS: Final = 10_000
MAX_POLICIES: Final = 100
MAX_CALENDARS: Final = 100
MAX_ANSWER_HOURS: Final = 240

_TEXT_FACTS: Final = ("channel", "priority", "language", "team", "customer")
_CONDITIONS: Final = (*_TEXT_FACTS, "tags", "tags_all")
#: Fields of events beyond at, type and id; "?" is for those that may be left out.
_EVENT_FIELDS: Final[Mapping[EventKind, tuple[str, ...]]] = {
    EventKind.CREATED: ("by?",),
    EventKind.PENDING_CUSTOMER: ("until?",),
    EventKind.PENDING_THIRD_PARTY: ("until?",),
    EventKind.ON_HOLD: ("until?",),
    EventKind.PRIORITY_CHANGED: ("priority",),
    EventKind.TAGS_CHANGED: ("tags",),
    EventKind.CHANNEL_CHANGED: ("channel",),
    EventKind.LANGUAGE_CHANGED: ("language",),
    EventKind.CUSTOMER_CHANGED: ("customer?", "vip?"),
    EventKind.TEAM_CHANGED: ("team?",),
    EventKind.ASSIGNED: ("assignee?", "team?"),
    EventKind.POLICY_CHANGED: ("policy?",),
    EventKind.CALENDAR_CHANGED: ("calendar?",),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A ticket and what was promised: everything that a deadline follows from."""

    now: datetime
    rules: Rules
    facts: Facts
    events: tuple[TicketEvent, ...]


def read_question(place: Place, *, now: datetime) -> Question:
    """The document that stands here; ``now`` is for one that gives none. Raises InvalidInput naming the path."""
    given = place.fields(
        required=("events",),
        optional=(*("version", "now", "calendar", "calendars", "policy", "policies", "answer_within_hours", "ticket"),),
    )
    if "version" in given:
        given["version"].whole(VERSION, VERSION)
    rules = _rules(given)
    names = [policy.name for policy in (*rules.policies, rules.default)]
    events = given["events"].items(least=1, most=MAX_EVENTS)
    return Question(
        now=_moment(given["now"]) if "now" in given else now,
        rules=rules,
        facts=_facts(given["ticket"]) if "ticket" in given else Facts(),
        events=tuple(_event(one, policies=names, calendars=rules.calendars) for one in events),
    )


def _rules(given: Mapping[str, Place]) -> Rules:
    if "policy" in given and "policies" in given:
        given["policy"].fail("cannot stand beside policies; give one of them")
    calendar = read_calendar(given["calendar"]) if "calendar" in given else None
    calendars: dict[str, BusinessCalendar] = {}
    if "calendars" in given:
        entries = given["calendars"].entries()
        if len(entries) > MAX_CALENDARS:
            given["calendars"].fail(f"has {len(entries)} entries; at most {MAX_CALENDARS} are allowed")
        calendars = {Place(name, one.path).text(): read_calendar(one) for name, one in entries.items()}
    places = [given["policy"]] if "policy" in given else []
    if "policies" in given:
        places = given["policies"].items(most=MAX_POLICIES)
    hours = DEFAULT_ANSWER_HOURS
    if "answer_within_hours" in given:
        hours = given["answer_within_hours"].whole(1, MAX_ANSWER_HOURS)
    default = default_policy(hours)
    policies: list[Policy] = []
    for place in places:
        policy = read_policy(place, calendars=calendars, has_own_calendar=calendar is not None)
        if any(policy.name == other.name for other in (*policies, default)):
            place.under("name").fail(f'"{policy.name}" is the name of another policy')
        policies.append(policy)
    return Rules(policies=policies, default=default, calendar=calendar, calendars=calendars)


def read_policy(place: Place, *, calendars: Collection[str], has_own_calendar: bool) -> Policy:
    """The policy that stands here; raises InvalidInput naming the path."""
    given = place.fields(required=("targets",), optional=("name", "when", "calendar", "reopen_grace_minutes"))
    targets = given["targets"].fields(optional=tuple(TargetKind))
    read = {kind: _target(one) for kind, one in targets.items()}
    calendar = given["calendar"].one_of(calendars) if "calendar" in given else None
    for kind, target in read.items():
        if target.measure is Measure.WORKING and calendar is None and not has_own_calendar:
            targets[kind].under("working_minutes").fail("needs a calendar, and the document has none")
    return Policy(
        name=given["name"].text() if "name" in given else place.path.rpartition(".")[2],
        when=_conditions(given["when"]) if "when" in given else Conditions(),
        calendar=calendar,
        reopen_grace_minutes=(
            given["reopen_grace_minutes"].whole(0, MAX_MINUTES) if "reopen_grace_minutes" in given else None
        ),
        **read,
    )


def _target(place: Place) -> Target:
    given = place.fields(optional=("working_minutes", "calendar_minutes", "warn_before_minutes", "pause_on"))
    if ("working_minutes" in given) == ("calendar_minutes" in given):
        place.fail("must have either working_minutes or calendar_minutes")
    name, measure = ("working_minutes", Measure.WORKING)
    if "calendar_minutes" in given:
        name, measure = ("calendar_minutes", Measure.CALENDAR)
    minutes = given[name].whole(1, MAX_MINUTES)
    pause_on = PENDING
    if "pause_on" in given:
        pause_on = frozenset(_pause(one) for one in given["pause_on"].items(most=len(PENDING)))
    warn = given["warn_before_minutes"].whole(1, MAX_MINUTES) if "warn_before_minutes" in given else None
    with place.here(given | {"minutes": given[name]}):
        return Target(minutes=minutes, measure=measure, warn_before_minutes=warn, pause_on=pause_on)


def _pause(place: Place) -> Standing:
    standing = place.choice(Standing)
    if standing not in PENDING:
        place.fail(f"must be one of: {', '.join(sorted(PENDING))}")
    return standing


def _conditions(place: Place) -> Conditions:
    given = place.fields(optional=(*_CONDITIONS, "vip"))
    lists = {name: given[name].texts() for name in _CONDITIONS if name in given}
    for name, values in lists.items():
        if not values:
            given[name].fail("must not be empty; leave it out when it is no condition")
    return Conditions(vip=given["vip"].flag() if "vip" in given else None, **lists)


def _facts(place: Place) -> Facts:
    given = place.fields(optional=(*_TEXT_FACTS, "tags", "vip", "number"))
    if "number" in given and not isinstance(given["number"].value, int):
        given["number"].text()
    return Facts(**dict(_changes(given)))


def _changes(given: Mapping[str, Place]) -> list[tuple[str, Any]]:
    changes: list[tuple[str, Any]] = [(name, given[name].text()) for name in _TEXT_FACTS if name in given]
    if "tags" in given:
        changes.append(("tags", given["tags"].texts()))
    if "vip" in given:
        changes.append(("vip", given["vip"].flag()))
    return changes


def _event(place: Place, *, policies: Collection[str], calendars: Collection[str]) -> TicketEvent:
    if (named := place.entries().get("type")) is None:
        place.under("type").fail("is missing")
    kind = named.choice(EventKind)
    own = _EVENT_FIELDS.get(kind, ())
    needed = [name for name in own if not name.endswith("?")]
    given = place.fields(required=("at", "type", *needed), optional=("id", *(name.rstrip("?") for name in own)))
    at = _moment(given["at"])
    until = _moment(given["until"]) if "until" in given else None
    if until is not None and until <= at:
        given["until"].fail("must be after at")
    if "assignee" in given:
        given["assignee"].text()
    changes = _changes(given)
    if kind is EventKind.TEAM_CHANGED and "team" not in given:
        changes.append(("team", ""))
    return TicketEvent(
        kind=kind,
        at=at,
        id=given["id"].text() if "id" in given else "",
        by=given["by"].choice(Author) if "by" in given else Author.CUSTOMER,
        until=until,
        changes=tuple(changes),
        policy=given["policy"].one_of(policies) if "policy" in given else None,
        calendar=given["calendar"].one_of(calendars) if "calendar" in given else None,
    )


def _moment(place: Place) -> datetime:
    at = place.instant()
    if not FIRST_YEAR < at.year <= LAST_YEAR - HORIZON_YEARS:
        place.fail(f"{at.year} is outside the years {FIRST_YEAR + 1} to {LAST_YEAR - HORIZON_YEARS}")
    return at

"""Logs as people would tell them: ``"Mon 09:00 created"``, one a line, in a week of November 2026."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from saleor_aftercare.core.hours import BusinessCalendar, weekly
from saleor_aftercare.inbox.sla.events import Author, EventKind, TicketEvent
from saleor_aftercare.inbox.sla.history import Rules
from saleor_aftercare.inbox.sla.policies import Facts, Policy, Target
from saleor_aftercare.inbox.sla.targets import Report, evaluate

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 16, tzinfo=BERLIN)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOUR = timedelta(hours=1)

#: Monday to Friday, 09:00 to 17:00, without a break.
OFFICE = BusinessCalendar(time_zone="Europe/Berlin", weekly=weekly([[(540, 1020)]] * 5 + [[]] * 2))
NIGHTS = BusinessCalendar(time_zone="Europe/Berlin", weekly=weekly([[(1320, 360)]] * 7))


def at(text: str) -> datetime:
    """``Tue 14:30`` of the first week, ``Tue+1 14:30`` of the next."""
    day, _space, time = text.partition(" ")
    name, _plus, week = day.partition("+")
    hour, minute = time.split(":")
    moment = MONDAY + timedelta(days=DAYS.index(name) + 7 * int(week or 0))
    return moment.replace(hour=int(hour), minute=int(minute))


def event(line: str, **more: Any) -> TicketEvent:
    """``Mon 09:00 priority_changed priority=high``; ``until`` takes a moment written ``Tue_09:00``."""
    day, time, kind, *fields = line.split()
    given = dict(field.split("=") for field in fields)
    own: dict[str, Any] = {name: given.pop(name) for name in ("policy", "calendar", "id") if name in given}
    if "until" in given:
        own["until"] = at(given.pop("until").replace("_", " "))
    if "by" in given:
        own["by"] = Author(given.pop("by"))
    if "tags" in given:
        given["tags"] = frozenset(given["tags"].split(","))
    return TicketEvent(kind=EventKind(kind), at=at(f"{day} {time}"), changes=tuple(given.items()), **(own | more))


def log(text: str) -> list[TicketEvent]:
    """One event a line."""
    return [event(line) for line in text.strip().splitlines()]


def policy(name: str = "all", **more: Any) -> Policy:
    """A policy; targets in working hours may be given as numbers."""
    for kind in ("first_response", "next_response", "resolution"):
        if isinstance(more.get(kind), int | float):
            more[kind] = Target(minutes=round(more[kind] * 60))
    return Policy(name=name, **more)


def report(text: str, *policies: Policy, now: str, calendar: BusinessCalendar | None = OFFICE, **more: Any) -> Report:
    """The report at ``now`` on a log by these policies in the office's calendar."""
    facts = Facts(**more.pop("facts", {}))
    rules = Rules(policies=policies, calendar=calendar, **more)
    return evaluate(log(text), facts=facts, rules=rules, now=at(now))

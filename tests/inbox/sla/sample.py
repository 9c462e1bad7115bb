"""A small document as `aftercare sla explain` takes it, and how to change it."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from saleor_aftercare.inbox.sla.explain import explain

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
OFFICE = [{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}]

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "now": "2026-11-20T16:30:00+01:00",
    "calendar": {
        "time_zone": "Europe/Berlin",
        "hours": {"mon": OFFICE, "tue": OFFICE, "wed": OFFICE, "thu": OFFICE, "fri": OFFICE},
        "holidays": {"country": "DE", "subdivision": "BE"},
        "closures": [{"date": "2026-11-23", "start": "09:00", "end": "10:00", "name": "Team meeting"}],
    },
    "policies": [
        {
            "name": "urgent",
            "when": {"priority": "high"},
            "targets": {"first_response": {"working_minutes": 60}, "resolution": {"calendar_minutes": 1440}},
        },
        {
            "name": "mail",
            "when": {"channel": ["email"]},
            "targets": {
                "first_response": {"working_minutes": 240, "warn_before_minutes": 30},
                "next_response": {"working_minutes": 120, "pause_on": []},
                "resolution": {"working_minutes": 960, "pause_on": ["pending_customer", "on_hold"]},
            },
        },
    ],
    "ticket": {"channel": "email", "priority": "normal", "language": "de", "tags": ["damage"], "vip": False},
    "events": [
        {"at": "2026-11-20T16:00:00+01:00", "type": "created"},
        {"at": "2026-11-20T16:00:05+01:00", "type": "bot_reply"},
    ],
}


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The document with another value at a path; ``...`` takes it out."""
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def answer(document: Any) -> dict[str, Any]:
    """What is explained about a document."""
    return explain(json.dumps(document).encode(), now=NOW)

"""`aftercare sla explain`: what it answers, and how it refuses."""

from __future__ import annotations

import json

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox.sla.explain import explain

from .sample import DOCUMENT, NOW, answer, changed


def test_a_deadline_is_told_with_the_intervals_it_is_made_of():
    found = answer(DOCUMENT)

    assert found["time_zone"] == "Europe/Berlin"
    assert found["now"] == "2026-11-20T16:30:00+01:00"
    assert found["targets"]["first_response"] == {
        "state": "running",
        "why": "the customer waits",
        "working_minutes": 240,
        "calendar_minutes": None,
        "started_at": "2026-11-20T16:00:00+01:00",
        "due_at": "2026-11-23T14:00:00+01:00",
        "warn_at": "2026-11-23T13:30:00+01:00",
        "stopped_at": None,
        "elapsed_seconds": 1800,
        "remaining_seconds": 12600,
        "paused_intervals": [],
        "elapsed_intervals": [
            {"start": "2026-11-20T16:00:00+01:00", "end": "2026-11-20T16:30:00+01:00", "seconds": 1800}
        ],
        "deadline_intervals": [
            {"start": "2026-11-20T16:00:00+01:00", "end": "2026-11-20T17:00:00+01:00", "seconds": 3600},
            {"start": "2026-11-23T10:00:00+01:00", "end": "2026-11-23T12:00:00+01:00", "seconds": 7200},
            {"start": "2026-11-23T13:00:00+01:00", "end": "2026-11-23T14:00:00+01:00", "seconds": 3600},
        ],
    }
    assert found["next_breach"] == {"target": "first_response", "due_at": "2026-11-23T14:00:00+01:00"}
    assert found["overdue"] == []
    assert found["ticket_state"] == "open"
    assert found["warnings"] == []


def test_the_policy_is_told_with_the_reason_and_those_passed_over():
    assert answer(DOCUMENT)["policy"] == {
        "name": "mail",
        "why": "the first whose conditions hold: channel is email",
        "passed_over": [{"name": "urgent", "why": "priority is normal, wanted high"}],
        "calendar": None,
    }


def test_a_change_of_policy_is_told_with_its_time():
    event = {"at": "2026-11-20T16:20:00+01:00", "type": "priority_changed", "priority": "high"}

    found = answer(changed(("events",), [*DOCUMENT["events"], event]))

    assert [(one["at"], one["policy"]) for one in found["policy_changes"]] == [
        ("2026-11-20T16:00:00+01:00", "mail"),
        ("2026-11-20T16:20:00+01:00", "urgent"),
    ]
    assert found["targets"]["first_response"]["due_at"] == "2026-11-20T17:00:00+01:00"
    assert found["targets"]["resolution"]["due_at"] == "2026-11-21T16:00:00+01:00"


def test_a_document_of_events_alone_gets_the_default_answer_within_a_day():
    found = answer({"events": [{"at": "2026-11-20T10:00:00Z", "type": "created"}]})

    assert found["now"] == "2026-11-20T15:30:00+00:00"
    assert found["policy"]["why"] == "there are no policies, so the default does"
    assert found["targets"]["first_response"]["due_at"] == "2026-11-21T10:00:00+00:00"
    assert found["targets"]["first_response"]["calendar_minutes"] == 1440


def test_the_hours_of_the_default_can_be_given():
    found = answer({"answer_within_hours": 8, "events": [{"at": "2026-11-20T10:00:00Z", "type": "created"}]})

    assert found["targets"]["first_response"]["due_at"] == "2026-11-20T18:00:00+00:00"


def test_one_policy_alone_needs_no_name_and_no_list():
    document = changed(("policies",), ...)
    document["policy"] = {"targets": {"first_response": {"working_minutes": 30}}}

    found = answer(document)

    assert (found["policy"]["name"], found["policy"]["why"]) == (
        "policy",
        "the first whose conditions hold: it has no conditions",
    )
    assert found["targets"]["first_response"]["due_at"] == "2026-11-20T16:30:00+01:00"


def test_days_off_on_the_way_are_told_by_name():
    events = [{"at": "2026-12-23T16:30:00+01:00", "type": "created"}]
    document = changed(("events",), events) | {"now": "2026-12-23T17:00:00+01:00"}
    document["calendar"]["closures"] = [{"from": "2026-12-24", "to": "2026-12-27", "name": "Winter"}]

    found = answer(document)

    assert found["targets"]["first_response"]["due_at"] == "2026-12-28T13:30:00+01:00"
    assert found["days_off"] == [
        {"date": "2026-12-24", "name": "Winter"},
        {"date": "2026-12-25", "name": "Christmas Day; Winter"},
        {"date": "2026-12-26", "name": "Second Day of Christmas; Winter"},
        {"date": "2026-12-27", "name": "Winter"},
    ]


def test_intervals_are_told_in_the_zone_of_the_calendar_that_counted_them():
    document = changed(("calendars",), {"tokyo": {"time_zone": "Asia/Tokyo", "always_open": True}})
    document["events"].append({"at": "2026-11-20T16:10:00+01:00", "type": "calendar_changed", "calendar": "tokyo"})

    found = answer(document)["targets"]["first_response"]

    assert [(one["start"], one["end"]) for one in found["elapsed_intervals"]] == [
        ("2026-11-20T16:00:00+01:00", "2026-11-20T16:10:00+01:00"),
        ("2026-11-21T00:10:00+09:00", "2026-11-21T00:30:00+09:00"),
    ]
    assert found["due_at"] == "2026-11-21T04:00:00+09:00"


def test_slips_in_a_calendar_and_odd_events_are_warnings():
    document = changed(("calendar", "holidays", "except"), ["12-24"])
    document["events"].append({"at": "2026-11-20T16:31:00+01:00", "type": "staff_reply"})

    assert answer(document)["warnings"] == [
        "calendar.holidays.except: 12-24 is no holiday there from 2026 to 2027",
        "events[2] (staff_reply) lies after now and was left out",
    ]


def test_the_answer_is_json_and_the_same_every_time():
    first, second = answer(DOCUMENT), answer(DOCUMENT)

    assert json.loads(json.dumps(first)) == first == second


@pytest.mark.parametrize(
    ("path", "value", "where", "message"),
    [
        (("calendar", "hours", "mon", 1, "end"), "25:00", "calendar.hours.mon[1].end", "is not a time of day"),
        (("calendar", "time_zone"), "Berlin", "calendar.time_zone", '"Berlin" is no IANA time zone'),
        (("calendar", "hours"), {}, "calendar.hours", "no day has working hours"),
        (("calendars",), {"x": {}}, "calendars.x.time_zone", "is missing"),
        (("calendars",), {"": {}}, 'calendars.""', "must not be empty"),
        (("version",), 2, "version", "must be 1 to 1"),
        (("version",), "1", "version", "must be a whole number"),
        (("now",), "2026-11-20T16:30:00", "now", "has no offset from UTC"),
        (("now",), "0001-01-01T00:00:00Z", "now", "is outside the years"),
        (("policy",), {}, "policy", "cannot stand beside policies"),
        (("policies", 1, "name"), "urgent", "policies[1].name", "is the name of another policy"),
        (("policies", 0, "name"), "default", "policies[0].name", "is the name of another policy"),
        (("policies", 0, "targets"), ..., "policies[0].targets", "is missing"),
        (("policies", 0, "when", "colour"), "red", "policies[0].when.colour", "is unknown"),
        (("policies", 0, "when", "priority"), [], "policies[0].when.priority", "must not be empty"),
        (("policies", 0, "when", "priority"), [1], "policies[0].when.priority[0]", "must be a text"),
        (("policies", 0, "calendar"), "nights", "policies[0].calendar", '"nights" is not given; there are: none'),
        (("policies", 0, "targets", "update"), {}, "policies[0].targets.update", "is unknown; known here: first_resp"),
        (
            ("policies", 0, "targets", "first_response"),
            {},
            "policies[0].targets.first_response",
            "must have either working_minutes or calendar_minutes",
        ),
        (
            ("policies", 0, "targets", "first_response", "calendar_minutes"),
            5,
            "policies[0].targets.first_response",
            "must have either",
        ),
        (
            ("policies", 0, "targets", "first_response", "working_minutes"),
            -5,
            "policies[0].targets.first_response.working_minutes",
            "must be 1 to 527040",
        ),
        (
            ("policies", 1, "targets", "first_response", "warn_before_minutes"),
            240,
            "policies[1].targets.first_response.warn_before_minutes",
            "less than the target itself",
        ),
        (
            ("policies", 1, "targets", "resolution", "pause_on"),
            ["solved"],
            "policies[1].targets.resolution.pause_on[0]",
            "must be one of: on_hold, pending_customer, pending_third_party",
        ),
        (("calendar",), ..., "policies[0].targets.first_response.working_minutes", "needs a calendar"),
        (("answer_within_hours",), 0, "answer_within_hours", "must be 1 to 240"),
        (("ticket", "vip"), "yes", "ticket.vip", "must be true or false"),
        (("ticket", "mood"), "bad", "ticket.mood", "is unknown"),
        (("events",), ..., "events", "is missing"),
        (("events",), [], "events", "has 0 entries"),
        (("events",), {}, "events", "must be a list"),
        (("events", 0), 5, "events[0]", "must be an object, not a number"),
        (("events", 0), [], "events[0]", "must be an object, not a list"),
        (("events", 0, "type"), ..., "events[0].type", "is missing"),
        (("events", 0, "type"), "opened", "events[0].type", '"opened" is none of: created, customer_message'),
        (("events", 0, "type"), [], "events[0].type", "[] is none of"),
        (("events", 0, "at"), ..., "events[0].at", "is missing"),
        (("events", 0, "at"), 1795000000, "events[0].at", "is not a time in ISO 8601"),
        (("events", 0, "by"), "robot", "events[0].by", '"robot" is none of: customer, staff, bot'),
        (("events", 1, "until"), "2026-11-21T16:00:00Z", "events[1].until", "is unknown; known here: at, type, id"),
        (
            ("events", 1),
            {"at": "2026-11-20T16:00:00Z", "type": "on_hold", "until": "2026-11-20T15:00:00Z"},
            "events[1].until",
            "must be after at",
        ),
        (("events", 1), {"at": "2026-11-20T16:00:00Z", "type": "priority_changed"}, "events[1].priority", "is missing"),
        (
            ("events", 1),
            {"at": "2026-11-20T16:00:00Z", "type": "policy_changed", "policy": "gold"},
            "events[1].policy",
            '"gold" is not given; there are: ',
        ),
        (("events", 0, "type"), "solved", "events", "there is no created event up to now"),
        (("calender",), {}, "calender", "is unknown; known here: events, version, now"),
    ],
)
def test_a_mistake_is_one_line_that_begins_with_its_path(path, value, where, message):
    with pytest.raises(InvalidInput) as refused:
        answer(changed(path, value))

    assert refused.value.field == where
    assert message in refused.value.message
    assert len(refused.value.message.splitlines()) == 1


def test_a_calendar_that_never_reaches_the_deadline_is_named():
    once = {"time_zone": "UTC", "openings": [{"date": "2026-01-05", "start": "09:00", "end": "10:00"}]}
    document = changed(("calendars",), {"once": once})
    document["policies"][1]["calendar"] = "once"

    with pytest.raises(InvalidInput, match="has fewer than 4 working hours in the 10 years after") as refused:
        answer(document)

    assert refused.value.field == "calendars.once"


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'"x"', b"{}", b'{"events": null}', b"\x00", b"{" * 100_000])
def test_whatever_is_given_is_answered_or_refused(raw):
    with pytest.raises(InvalidInput) as refused:
        explain(raw, now=NOW)

    assert refused.value.field
    assert len(refused.value.message.splitlines()) == 1


def paths_in(value, path=()):
    """Every place of a document."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths_in(child, (*path, key))


@pytest.mark.parametrize("junk", [None, 10**30, True, "\ud800", [[]], {"a\nb": 1}], ids=repr)
def test_whatever_stands_anywhere_is_answered_or_refused_in_one_line(junk):
    refusals: list[str] = []
    for path in list(paths_in(DOCUMENT))[1:]:
        try:
            json.dumps(answer(changed(path, junk)))
        except InvalidInput as refused:
            refusals.append(f"{refused.field}: {refused.message}")

    assert refusals
    assert [line for line in refusals if len(line.encode().splitlines()) != 1] == []
